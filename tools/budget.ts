import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { tracker } from '../src/generated/tracker.ts';

/** What may not be outgrown, in bytes after gzip. */
const budgets = { worker: 420 * 1024, start: 92 * 1024, script: 1024 };

/** Of the web app: what Overview loads, and what a later screen loads beside that. */
const appBudgets = { firstView: 230 * 1024, styles: 20 * 1024, later: 60 * 1024 };
const firstScreen = 'src/features/overview/overview-page.tsx';

const directory = 'dist';
const names = (await readdir(directory)).filter((name) => name.endsWith('.js'));
const parts = await Promise.all(
  names.map(async (name) => {
    const content = await readFile(join(directory, name));
    return { name, content: content.toString('utf8'), gzip: gzipSync(content, { level: 9 }).length };
  }),
);

/** The modules that are loaded before the first request: those reached from the entry by static imports. */
function startingFrom(entry: string): Set<string> {
  const reached = new Set<string>();
  const visit = (name: string): void => {
    const part = parts.find((one) => one.name === name);
    if (!part || reached.has(name)) return;
    reached.add(name);
    for (const match of part.content.matchAll(/(?:from|import)\s*"\.\/([^"]+)"/g)) visit(match[1]!);
  };
  visit(entry);
  return reached;
}

const atStart = startingFrom('worker.js');
for (const { name, gzip } of parts.toSorted((a, b) => b.gzip - a.gzip)) {
  console.log(`${String(gzip).padStart(8)}  ${name}${atStart.has(name) ? '  (at start)' : ''}`);
}
const app = await measureApp();
const worker = parts.reduce((sum, part) => sum + part.gzip, 0);
const start = parts.filter((part) => atStart.has(part.name)).reduce((sum, part) => sum + part.gzip, 0);
const script = gzipSync(tracker, { level: 9 }).length;
console.log(`Worker  ${worker} of ${budgets.worker} bytes gzip`);
console.log(`Start   ${start} of ${budgets.start} bytes gzip`);
console.log(`Script  ${script} of ${budgets.script} bytes gzip`);
console.log(`App     ${app.firstView} of ${appBudgets.firstView} bytes of scripts gzip in the first view`);
console.log(`App     ${app.styles} of ${appBudgets.styles} bytes of styles gzip`);
for (const { name, gzip } of app.later) {
  console.log(`App     ${String(gzip).padStart(6)} of ${appBudgets.later} bytes gzip more for ${name}`);
}
const isAppOver =
  app.firstView > appBudgets.firstView ||
  app.styles > appBudgets.styles ||
  app.later.some(({ gzip }) => gzip > appBudgets.later);
if (isAppOver || worker > budgets.worker || start > budgets.start || script > budgets.script) {
  console.error('Over budget.');
  process.exit(1);
}

type Chunk = { file: string; imports?: string[]; dynamicImports?: string[]; css?: string[]; isDynamicEntry?: boolean };

/** Sizes of the built app, by the manifest that Vite writes. */
async function measureApp(): Promise<{
  firstView: number;
  styles: number;
  later: Array<{ name: string; gzip: number }>;
}> {
  const folder = join('assets', 'app');
  const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as Record<string, Chunk>;
  const reached = (names: string[], seen = new Set<string>()): Set<string> => {
    for (const name of names) {
      if (seen.has(name)) continue;
      seen.add(name);
      reached(manifest[name]?.imports ?? [], seen);
    }
    return seen;
  };
  const sizeOf = async (files: string[]): Promise<number> => {
    const sizes = await Promise.all(files.map(async (file) => (await stat(join(folder, `${file}.gz`))).size));
    return sizes.reduce((sum, size) => sum + size, 0);
  };
  const scriptsOf = (names: Iterable<string>): string[] => [...names].map((name) => manifest[name]!.file);
  const first = reached(['index.html', firstScreen]);
  const screens = Object.keys(manifest).filter((name) => manifest[name]!.isDynamicEntry && name !== firstScreen);
  const later = await Promise.all(
    screens.map(async (name) => {
      const more = [...reached([name])].filter((one) => !first.has(one));
      return { name, gzip: await sizeOf(scriptsOf(more)) };
    }),
  );
  const styles = new Set([...first].flatMap((name) => manifest[name]!.css ?? []));
  return { firstView: await sizeOf(scriptsOf(first)), styles: await sizeOf([...styles]), later };
}
