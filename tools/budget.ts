import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { tracker } from '../src/generated/tracker.ts';

/** What may not be outgrown, in bytes after gzip: product.md, section 4. */
const budgets = { worker: 420 * 1024, start: 92 * 1024, script: 1024 };

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
const worker = parts.reduce((sum, part) => sum + part.gzip, 0);
const start = parts.filter((part) => atStart.has(part.name)).reduce((sum, part) => sum + part.gzip, 0);
const script = gzipSync(tracker, { level: 9 }).length;
console.log(`Worker  ${worker} of ${budgets.worker} bytes gzip`);
console.log(`Start   ${start} of ${budgets.start} bytes gzip`);
console.log(`Script  ${script} of ${budgets.script} bytes gzip`);
if (worker > budgets.worker || start > budgets.start || script > budgets.script) {
  console.error('Over budget.');
  process.exit(1);
}
