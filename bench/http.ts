import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { formatTable, median } from './table.ts';

/** One variant of one path: which server, what is sent. */
type Variant = {
  name: string;
  server: 'empty' | 'insert' | 'kilde';
  send: (n: number) => { path: string; body?: string };
};
type Measured = { perSecond: number; cpuMs: number; p50: number; p99: number; errors: number };
export type HttpResult = {
  name: string;
  of: string;
  ratio: number[];
  cpu: number[];
  measured: Record<string, Measured[]>;
};

const page = (n: number) => `https://firma.no/?utm_source=s${n % 50}&utm_medium=cpc&utm_campaign=c${n % 20}`;
const touch = (n: number) => ({ path: `/t?site=default&u=${encodeURIComponent(page(n))}` });
const form = (n: number) => ({
  path: '/f/demo',
  body: JSON.stringify({ email: `p${n}@firma${n % 1_000}.no`, name: 'Kari Nordmann', _page: page(n) }),
});

/** Each against the least that could be in its place. */
const pairs: Array<{ name: string; own: Variant; base: Variant }> = [
  {
    name: 'touch / empty Hono handler',
    own: { name: 'touch', server: 'kilde', send: touch },
    base: { name: 'empty handler', server: 'empty', send: touch },
  },
  {
    name: 'submission / bare insert',
    own: { name: 'submission', server: 'kilde', send: form },
    base: { name: 'bare insert', server: 'insert', send: form },
  },
];

/**
 * Throughput and processor time of touch and submission against what they are measured by, in the same workerd on the same
 * machine. Each run is a fresh process, the order turns round each time, and what counts is the ratio within a round.
 */
export async function benchHttp({ rounds, seconds, clients }: { rounds: number; seconds: number; clients: number }) {
  const results: HttpResult[] = [];
  for (const { name, own, base } of pairs) {
    const measured: Record<string, Measured[]> = { [own.name]: [], [base.name]: [] };
    for (let round = 0; round < rounds; round += 1) {
      for (const variant of round % 2 === 0 ? [own, base] : [base, own]) {
        measured[variant.name]!.push(await measure({ variant, seconds, clients }));
      }
    }
    const pairsOf = (value: (one: Measured) => number) =>
      measured[own.name]!.map((one, n) => value(one) / value(measured[base.name]![n]!));
    results.push({
      name,
      of: base.name,
      ratio: pairsOf((one) => one.perSecond),
      cpu: pairsOf((one) => one.cpuMs),
      measured,
    });
  }
  return results;
}

async function measure({
  variant,
  seconds,
  clients,
}: {
  variant: Variant;
  seconds: number;
  clients: number;
}): Promise<Measured> {
  const child = spawn(process.execPath, ['bench/variants/serve.ts', variant.server], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [url] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  let n = 0;
  const run = async (milliseconds: number) => {
    const end = performance.now() + milliseconds;
    const times: number[] = [];
    let errors = 0;
    await Promise.all(
      Array.from({ length: clients }, async () => {
        while (performance.now() < end) {
          n += 1;
          const began = performance.now();
          if ((await ask({ url, agent, ...variant.send(n) })) >= 300) errors += 1;
          times.push(performance.now() - began);
        }
      }),
    );
    return { times, errors };
  };
  // What is loaded when first asked for, and what is compiled when it is hot, is not what is measured.
  await run(2_000);
  const before = await processorMs(child.pid!);
  const began = performance.now();
  const { times, errors } = await run(seconds * 1_000);
  const elapsed = performance.now() - began;
  const cpu = (await processorMs(child.pid!)) - before;
  agent.destroy();
  child.stdin.end();
  await once(child, 'exit');
  times.sort((a, b) => a - b);
  return {
    perSecond: (times.length / elapsed) * 1_000,
    cpuMs: cpu / times.length,
    p50: times[times.length >> 1]!,
    p99: times[Math.floor(times.length * 0.99)]!,
    errors,
  };
}

function ask({ url, agent, path, body }: { url: string; agent: Agent; path: string; body?: string }): Promise<number> {
  return new Promise((resolve, reject) => {
    const options = {
      agent,
      method: body === undefined ? 'GET' : 'POST',
      headers: { 'content-type': 'application/json' },
    };
    const sent = request(new URL(path, url), options, (answer) => {
      answer.resume();
      answer.once('end', () => resolve(answer.statusCode!));
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

/** Processor time of a process and those it started, in milliseconds; the kernel counts in hundredths of a second. */
async function processorMs(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const own = stat === '' ? 0 : (Number(fields[11]) + Number(fields[12])) * 10;
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  const below = await Promise.all(
    children
      .trim()
      .split(' ')
      .filter(Boolean)
      .map(async (id) => processorMs(Number(id))),
  );
  return own + below.reduce((sum, one) => sum + one, 0);
}

export function showHttp(results: readonly HttpResult[]): string {
  const spread = (values: readonly number[]) => `${Math.min(...values).toFixed(2)}–${Math.max(...values).toFixed(2)}`;
  const rows = results.flatMap(({ name, of, ratio, cpu, measured }) =>
    Object.entries(measured).map(([variant, all]) => {
      const isOwn = variant !== of;
      return [
        variant,
        median(all.map((one) => one.perSecond)).toFixed(0),
        median(all.map((one) => one.cpuMs)).toFixed(3),
        median(all.map((one) => one.p50)).toFixed(1),
        median(all.map((one) => one.p99)).toFixed(1),
        String(all.reduce((sum, one) => sum + one.errors, 0)),
        isOwn ? `${median(ratio).toFixed(2)} (${spread(ratio)})` : '',
        isOwn ? `${median(cpu).toFixed(2)} (${spread(cpu)})` : '',
        isOwn ? name : '',
      ];
    }),
  );
  return formatTable([
    ['', 'per second', 'cpu ms each', 'p50 ms', 'p99 ms', 'errors', 'ratio of throughput', 'ratio of cpu', ''],
    ...rows,
  ]);
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '5' },
      clients: { type: 'string', default: '16' },
    },
  });
  const { rounds, seconds, clients } = values;
  console.log(
    showHttp(await benchHttp({ rounds: Number(rounds), seconds: Number(seconds), clients: Number(clients) })),
  );
}
