import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { build } from 'esbuild';
import type { Metafile, Plugin } from 'esbuild';
import { buildApp } from './build-app.ts';
import { buildReference } from './build-reference.ts';

const entryPoint = 'src/worker.ts';

/** Leaves out modules that come along and that nothing here calls: each export is a function that gives one. */
function without(name: string, filter: RegExp): Plugin {
  return {
    name,
    setup(building) {
      building.onLoad({ filter }, async ({ path }) => {
        const names = Object.keys((await import(path)) as Record<string, unknown>);
        return { contents: `const none = () => none;\nexport { ${names.map((one) => `none as ${one}`).join(', ')} };` };
      });
    },
  };
}

/** Every schema of zod carries along what makes JSON Schema of it, methods that are made at once: openapi.json is made here. */
const withoutJsonSchema = without(
  'without-json-schema',
  /\/zod\/v4\/core\/(json-schema-processors|to-json-schema)\.js$/,
);

/** Another encoding of what libSQL's client says as JSON, for servers of a version that it does not ask for. */
const withoutProtobuf = without(
  'without-protobuf',
  /\/hrana-client\/lib-esm\/(?:\w+\/protobuf_\w+|encoding\/protobuf\/\w+)\.js$/,
);

/** Drizzle's second way to ask, by relations of tables: nothing here declares any. */
const withoutRelations = without(
  'without-relations',
  /\/drizzle-orm\/(relations|sqlite-core\/query-builders\/query)\.js$/,
);

/** Zod's own sentences: `http/input-sentences.ts` has one for each of its issues. */
const withoutSentences = without('without-sentences', /\/zod\/v4\/locales\/en\.js$/);

/** Drizzle asks of every chunk whether it is an enum of Postgres, and brings Postgres's columns along for that. */
const withoutPostgres: Plugin = {
  name: 'without-postgres',
  setup(building) {
    building.onLoad({ filter: /\/drizzle-orm\/pg-core\/columns\/enum\.js$/ }, () => ({
      contents: 'export const isPgEnum = () => false;',
    }));
  },
};

/** What the platform does itself: libSQL's client and what signs webhooks each bring base64 of their own. */
const platformBase64: Plugin = {
  name: 'platform-base64',
  setup(building) {
    building.onLoad({ filter: /\/js-base64\/[^/]*\.m?js$/ }, () => ({
      contents: `export const Base64 = {
        fromUint8Array: (bytes) => bytes.toBase64(),
        toUint8Array: (text) => Uint8Array.fromBase64(text),
      };`,
    }));
    building.onLoad({ filter: /\/@stablelib\/base64\/.*\.js$/ }, () => ({
      contents: `export const encode = (bytes) => bytes.toBase64();
        export const decode = (text) => Uint8Array.fromBase64(text);`,
    }));
  },
};

/** A library's text with a part of it exchanged. @throws where it is not there: the library does it in another way now. */
function mend(text: string, from: string | RegExp, to: string): string {
  const mended = text.replaceAll(from, to);
  if (mended === text) throw new Error(`libSQL's client has no ${from} any more: tools/build.ts has to look for it.`);
  return mended;
}

/**
 * libSQL's client defines two properties on each row for each value: for an answer of 1,000 rows that takes as long as all else a
 * report costs the Worker. Here a row is given its values by name; by place they are read where they came from.
 */
export const rowsByName: Plugin = {
  name: 'rows-by-name',
  setup(building) {
    building.onLoad({ filter: /\/hrana-client\/lib-esm\/result\.js$/ }, async ({ path }) => {
      const contents = mend(
        await readFile(path, 'utf8'),
        'function rowFromProto(colNames, values, intMode) {',
        `const inOrder = Symbol();
        class Row {
          constructor(values) { this[inOrder] = values; }
          get length() { return this[inOrder].length; }
        }
        for (let place = 0; place < 100; place += 1) {
          Object.defineProperty(Row.prototype, place, { get() { return this[inOrder][place]; } });
        }
        function rowFromProto(names, sent, intMode) {
          if (sent.length > 100) return rowOfMany(names, sent, intMode);
          const values = sent.map((value) => valueFromProto(value, intMode));
          const row = new Row(values);
          names.forEach((name, place) => {
            if (name === undefined || Object.hasOwn(row, name)) return;
            // Names that the prototype has: an unnamed \`SELECT 1\` is called 1. What is read by place stays so.
            if (!(name in row)) row[name] = values[place];
            else if (name !== 'length' && !(Number(name) < values.length)) {
              Object.defineProperty(row, name, { value: values[place], enumerable: true });
            }
          });
          return row;
        }
        function rowOfMany(colNames, values, intMode) {`,
      );
      return { contents };
    });
  },
};

/**
 * For each question libSQL's client makes an error that nobody sees, with its stack, and an address, headers and a request of the
 * platform's, of which `fetch` makes one itself: a tenth of what a form costs the Worker.
 */
const leanRequests: Plugin = {
  name: 'lean-requests',
  setup(building) {
    building.onLoad({ filter: /\/hrana-client\/lib-esm\/http\/stream\.js$/ }, async ({ path }) => {
      const mends: Array<[from: string | RegExp, to: string]> = [
        ['new ClientError("Stream was gracefully closed")', 'gracefullyClosed'],
        [/new URL\((endpoint\.\w+), this\.#baseUrl\)/g, 'addressOf($1, this.#baseUrl)'],
        ['const headers = new Headers();', 'const headers = {};'],
        [/headers\.set\(([^,]+), (.+)\);/g, 'headers[$1] = $2;'],
        [/return new Request\(url\.toString\(\), (.+)\);/g, 'return [url, $1];'],
        ['promise = fetch(request);', 'promise = fetch(...request);'],
      ];
      const contents = mends.reduce((text, [from, to]) => mend(text, from, to), await readFile(path, 'utf8'));
      return {
        contents: `${contents}
          const gracefullyClosed = new ClientError("Stream was gracefully closed");
          let last = {};
          function addressOf(path, base) {
            if (last.path !== path || last.base !== base) last = { path, base, href: new URL(path, base).href };
            return last.href;
          }`,
      };
    });
  },
};

/** SQL is laid out for reading; the Worker carries it, and its isolates parse it, without the indentation. */
const withoutIndentation: Plugin = {
  name: 'without-indentation',
  setup(building) {
    building.onLoad({ filter: /\/src\/db\/.*\.ts$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replaceAll(/\n[ \t]+/g, '\n'),
      loader: 'ts',
    }));
  },
};

/** A text in quotes of either kind, or several joined over lines. */
const quoted = String.raw`(?:'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|\`[^\`$\\]*\`)`;
const describing = new RegExp(String.raw`\s*\.describe\(\s*${quoted},?\s*\)`, 'g');
const summary = new RegExp(String.raw`(\bsummary:\s*)${quoted}`, 'g');

/** What openapi.json says of operations and their members is written when that is built: the Worker carries none of it. */
const withoutWords: Plugin = {
  name: 'without-words',
  setup(building) {
    building.onLoad({ filter: /\/src\/(?:routes|http)\/.*\.ts$/, namespace: 'file' }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replaceAll(describing, '').replaceAll(summary, "$1''"),
      loader: 'ts',
    }));
  },
};

/** Lists made of the record of origin fields: worked out here, so that the edge carries the lists alone. */
const workedOutLists: Plugin = {
  name: 'worked-out-lists',
  setup(building) {
    building.onLoad({ filter: /\/domain\/attribution\/origin-lists\.ts$/ }, async ({ path }) => {
      const exported = Object.entries((await import(path)) as Record<string, unknown>);
      return { contents: exported.map(([name, data]) => `export const ${name} = ${JSON.stringify(data)};`).join('\n') };
    });
  },
};

/**
 * One chunk of all that an isolate starts with. esbuild makes a chunk of each set of modules that the same entries reach: dozens of small
 * ones, which compress worse and are loaded one by one. Here every lazily loaded module imports the Worker's entry as well.
 */
const oneStartChunk: Plugin = {
  name: 'one-start-chunk',
  setup(building) {
    const root = process.cwd();
    building.onResolve({ filter: /^\./ }, ({ kind, path, resolveDir }) =>
      kind === 'dynamic-import'
        ? { path: `./${relative(root, resolve(resolveDir, path))}`, namespace: 'lazy' }
        : undefined,
    );
    building.onLoad({ filter: /^/, namespace: 'lazy' }, ({ path }) => ({
      contents: `import './${entryPoint}'; export * from ${JSON.stringify(path)};`,
      resolveDir: root,
    }));
  },
};

/**
 * Builds the Worker into dist/: `worker.js` and one chunk with what the edge needs to start, and chunks that are loaded when
 * first asked for. `isForReading`: not minified, with source maps and each line where it is in the source, for an inspector.
 * @returns what went into which of them.
 */
export async function buildWorker({
  outdir = 'dist',
  isForReading = false,
}: { outdir?: string; isForReading?: boolean } = {}): Promise<Metafile> {
  const { metafile, outputFiles } = await build({
    entryPoints: { worker: entryPoint },
    outdir,
    bundle: true,
    splitting: true,
    minify: !isForReading,
    sourcemap: isForReading ? 'inline' : false,
    keepNames: false,
    format: 'esm',
    target: 'es2024',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['workerd', 'worker', 'browser', 'import'],
    external: ['cloudflare:*', 'node:*'],
    plugins: [
      withoutJsonSchema,
      withoutProtobuf,
      withoutPostgres,
      withoutRelations,
      withoutSentences,
      platformBase64,
      rowsByName,
      leanRequests,
      ...(isForReading ? [] : [withoutIndentation, withoutWords]),
      oneStartChunk,
      workedOutLists,
    ],
    metafile: true,
    logLevel: 'warning',
    write: false,
  });
  // Only now: a build that fails leaves the one before.
  await rm(outdir, { recursive: true, force: true });
  await mkdir(outdir, { recursive: true });
  for (const { path, contents } of outputFiles) await writeFile(path, contents);
  return metafile;
}

if (import.meta.main) await Promise.all([buildWorker(), buildReference(), buildApp()]);
