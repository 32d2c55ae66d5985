import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { createClient } from '@libsql/client/http';
import type { Metafile } from 'esbuild';
import { bundleVariant } from './bundle-variant.ts';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { tracker } from '../src/generated/tracker.ts';
import { buildWorker } from '../tools/build.ts';
import { startLibsqlServer } from '../tools/libsql-server/start-libsql-server.ts';
import { migrate } from '../tools/migrations.ts';
import { formatSpread, formatTable, median } from './table.ts';

/** Bytes after gzip: product.md, section 4. */
export const budgets = { worker: 420 * 1024, script: 1024 };

type Part = {
  name: string;
  bytes: number;
  gzip: number;
  /** Loaded before the first request, once a form has been sent, or only when something else is asked for. */
  loaded: 'at start' | 'by a form' | 'later';
  /** The heaviest of what it holds, with its share. */
  holds: string;
};
/** Milliseconds: a fresh workerd until it listens, its first answer to a form, and a later one. */
type Start = { listens: number; first: number; later: number };
export type StartUpResult = {
  parts: Part[];
  script: number;
  starts: Record<'kilde' | 'bare insert', Start[]>;
};

/** How large the Worker is, part by part, and how long a form takes that meets no running isolate. */
export async function benchStartUp({ rounds }: { rounds: number }): Promise<StartUpResult> {
  const directory = await mkdtemp(join(tmpdir(), 'kilde-start-'));
  const outdir = join(directory, 'worker');
  const metafile = await buildWorker({ outdir });
  await mkdir(join(directory, 'data'));
  const server = await startLibsqlServer({ path: join(directory, 'data', 'kilde.db') });
  try {
    await migrate({ url: server.url });
    const client = createClient({ url: server.url });
    await client.execute("INSERT INTO form (key, name, site_id, created_at) VALUES ('demo', 'Demo', 1, 0)");
    await client.execute('CREATE TABLE lead (id text PRIMARY KEY, email text, name text, page text, at integer)');
    client.close();
    const names = (await readdir(outdir)).filter((name) => name.endsWith('.js'));
    const sources = await Promise.all(names.map(async (name) => readFile(join(outdir, name), 'utf8')));
    const modules = names.map((name, n) => ({ path: name, contents: sources[n]! }));
    const own = (given: Module[], entry: string) => [
      ...given.filter(({ path }) => path === entry),
      ...given.filter(({ path }) => path !== entry),
    ];
    const bare = [{ path: 'insert.js', contents: await bundleVariant('insert') }];
    const starts: StartUpResult['starts'] = { kilde: [], 'bare insert': [] };
    for (let round = 0; round < rounds; round += 1) {
      const turns = [
        async () => starts.kilde.push(await timeStart(own(modules, 'worker.js'), server.url)),
        async () => starts['bare insert'].push(await timeStart(bare, server.url)),
      ];
      for (const turn of round % 2 === 0 ? turns : turns.toReversed()) await turn();
    }
    const loaded = await loadedByForm(modules, server.url);
    return {
      parts: partsOf({ metafile, modules, loaded }),
      script: gzipSync(tracker, { level: 9 }).length,
      starts,
    };
  } finally {
    await server.close();
    await rm(directory, { recursive: true, force: true });
  }
}

type Module = { path: string; contents: string };

function startWorker(modules: readonly Module[], databaseUrl: string): Miniflare {
  return new Miniflare(
    convertV4MiniflareOptions({
      name: 'kilde',
      modules: modules.map((one) => ({ type: 'ESModule', ...one })),
      compatibilityDate: '2026-10-20',
      telemetry: { enabled: false },
      serviceBindings: { ASSETS: { disk: { path: resolve('assets') } } },
      queueProducers: { VISITS: 'kilde-visits' },
      bindings: { LIBSQL_URL: databaseUrl, JOURNEY_KEYS: Buffer.alloc(32, 'k').toString('base64url'), KILDE_DEMO: '1' },
    }),
  );
}

let people = 0;
async function sendForm(url: URL): Promise<void> {
  people += 1;
  const response = await fetch(new URL('/f/demo', url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      email: `p${people}@firma${people}.no`,
      name: 'Kari Nordmann',
      _page: 'https://firma.no/?utm_source=a&utm_medium=cpc',
    }),
  });
  if (response.status !== 201) throw new Error(`A form was answered ${response.status}: ${await response.text()}`);
  await response.arrayBuffer();
}

async function timeStart(modules: readonly Module[], databaseUrl: string): Promise<Start> {
  const times = [performance.now()];
  const miniflare = startWorker(modules, databaseUrl);
  try {
    const url = await miniflare.ready;
    times.push(performance.now());
    for (let n = 0; n < 2; n += 1) {
      await sendForm(url);
      times.push(performance.now());
    }
  } finally {
    await miniflare.dispose();
  }
  const [began, listening, first, later] = times as [number, number, number, number];
  return { listens: listening - began, first: first - listening, later: later - first };
}

/** Which modules have been evaluated once a form has been answered: each tells of itself, and one more answers for all. */
async function loadedByForm(modules: readonly Module[], databaseUrl: string): Promise<ReadonlySet<string>> {
  const telling = modules.map(({ path, contents }) => ({
    path,
    contents: `${contents}\n(globalThis.loadedParts ??= []).push(${JSON.stringify(path)});`,
  }));
  const entry = {
    path: 'telling.js',
    contents: `import worker from './worker.js';
      export default { ...worker, fetch: (request, env, context) => new URL(request.url).pathname === '/loaded'
        ? Response.json(globalThis.loadedParts) : worker.fetch(request, env, context) };`,
  };
  const miniflare = startWorker([entry, ...telling], databaseUrl);
  try {
    const url = await miniflare.ready;
    await sendForm(url);
    return new Set(await (await fetch(new URL('/loaded', url))).json<string[]>());
  } finally {
    await miniflare.dispose();
  }
}

function partsOf({
  metafile,
  modules,
  loaded,
}: {
  metafile: Metafile;
  modules: readonly Module[];
  loaded: ReadonlySet<string>;
}): Part[] {
  const outputs = new Map(Object.entries(metafile.outputs).map(([path, output]) => [basename(path), output]));
  const atStart = new Set<string>();
  const reach = (name: string): void => {
    if (atStart.has(name)) return;
    atStart.add(name);
    for (const { path, kind } of outputs.get(name)?.imports ?? [])
      if (kind === 'import-statement') reach(basename(path));
  };
  reach('worker.js');
  return modules
    .map(({ path: name, contents }): Part => {
      const bytes = Buffer.byteLength(contents);
      const inputs = Object.entries(outputs.get(name)?.inputs ?? {});
      const byPackage = new Map<string, number>();
      for (const [path, { bytesInOutput }] of inputs) {
        const of = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? path.split('/').slice(0, 2).join('/');
        byPackage.set(of, (byPackage.get(of) ?? 0) + bytesInOutput);
      }
      const holds = [...byPackage]
        .toSorted((a, b) => b[1] - a[1])
        .slice(0, 4)
        .map(([of, size]) => `${of} ${Math.round((size / bytes) * 100)} %`);
      return {
        name,
        bytes,
        gzip: gzipSync(contents, { level: 9 }).length,
        loaded: atStart.has(name) ? 'at start' : loaded.has(name) ? 'by a form' : 'later',
        holds: holds.join(', '),
      };
    })
    .toSorted((a, b) => b.gzip - a.gzip);
}

export const workerSize = ({ parts }: StartUpResult): number => parts.reduce((sum, one) => sum + one.gzip, 0);
export const startSize = ({ parts }: StartUpResult): number =>
  parts.filter((one) => one.loaded === 'at start').reduce((sum, one) => sum + one.gzip, 0);

export function showStartUp({ parts, starts }: StartUpResult): string {
  const bundle = formatTable([
    ['part of the Worker', 'bytes', 'gzip', 'loaded', 'holds most'],
    ...parts.map((one) => [one.name, String(one.bytes), String(one.gzip), one.loaded, one.holds]),
  ]);
  const base = starts['bare insert'];
  const rows = Object.entries(starts).map(([name, all]) => {
    const of = (key: keyof Start) => median(all.map((one) => one[key])).toFixed(1);
    const whole = all.map((one, round) => (one.listens + one.first) / (base[round]!.listens + base[round]!.first));
    const isolate = all.map((one) => one.first - one.later);
    return [name, of('listens'), of('first'), of('later'), formatSpread(isolate, 1), formatSpread(whole)];
  });
  return `${bundle}\n\n${formatTable([
    [
      'form that starts an isolate',
      'workerd listens, ms',
      'first answer',
      'a later one',
      'first beyond later',
      '× bare, until answered',
    ],
    ...rows,
  ])}`;
}
