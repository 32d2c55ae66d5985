import { fork } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startVitest } from 'vitest/node';
import { programMutants } from './program-mutants.ts';

/**
 * `npm run mutate:program`: tries every small change of the views and triggers (tools/program-mutants.ts) in a database in memory,
 * and demands that a test of test/db/program fails. Survivors that make no difference are listed with their reason in
 * docs/program-mutants.md. Fails where a survivor is not listed, or where a listed change is killed or no longer exists.
 *
 * --only intake,outbox  the objects whose names contain one of these
 * --from 400            leaves out the first 400 mutants
 */
const { values } = parseArgs({
  options: { only: { type: 'string' }, from: { type: 'string' }, child: { type: 'boolean' } },
});
const only = values.only ?? '';
const from = Number(values.from ?? 0);
const root = join(import.meta.dirname, '..');
const results = join(root, '.kilde', 'program-mutants.jsonl');
const listFile = join(root, 'docs', 'program-mutants.md');
/** A mutant that takes longer reads without end, such as a recursion that never stops. */
const patienceMs = 60_000;
const tickMs = 10_000;

type Result = { object: string; change: string; killedBy: string | null };

/** What test/db/program/mutants.run.ts has written since the tool was started. */
const readResults = (): Result[] =>
  existsSync(results)
    ? readFileSync(results, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Result)
    : [];

/** Runs the mutants in this process. @returns whether the tests succeed without a mutant. */
async function runMutants(): Promise<boolean> {
  const vitest = await startVitest('test', [], {
    config: false,
    root,
    watch: false,
    pool: 'threads',
    include: ['test/db/program/mutants.run.ts'],
    provide: { mutants: { only, from, results } },
  });
  const succeeded = vitest.state.getCountOfFailedTests() === 0 && vitest.state.getFiles().length > 0;
  await vitest.close();
  return succeeded;
}

/**
 * Runs the mutants from `first` on in a process of its own, which is ended where one mutant takes too long.
 * @returns whether all were tried.
 */
async function runInChild(first: number): Promise<boolean> {
  const child = fork(import.meta.filename, ['--child', '--only', only, '--from', String(first)], { stdio: 'ignore' });
  const ended = new Promise<number | null>((resolve) => {
    child.once('exit', resolve);
  });
  let tried = readResults().length;
  let ticks = 0;
  const watch = setInterval(() => {
    const { length } = readResults();
    ticks = length > tried ? 0 : ticks + 1;
    tried = length;
    console.log(`${from + length} of ${total}`);
    if (ticks * tickMs >= patienceMs) child.kill('SIGKILL');
  }, tickMs);
  const code = await ended;
  clearInterval(watch);
  if (code === 1) {
    console.error('The tests fail without any mutant. Mend them first: vitest run --project program');
    process.exit(1);
  }
  return code === 0;
}

if (values.child) process.exit((await runMutants()) ? 0 : 1);

const mutants = programMutants({ only });
const total = mutants.length;
mkdirSync(join(root, '.kilde'), { recursive: true });
rmSync(results, { force: true });
while (from + readResults().length < total) {
  if (await runInChild(from + readResults().length)) break;
  // Where the process ended of itself, the mutant it was at has no result either.
  const mutant = mutants[from + readResults().length];
  if (!mutant) break;
  const { object, change } = mutant;
  appendFileSync(results, `${JSON.stringify({ object, change, killedBy: 'It does not end.' })}\n`);
}

/** The lines `- object: change — reason` of the list. A reason is required. */
function readExplained(): Map<string, string> {
  const lines = readFileSync(listFile, 'utf8').matchAll(/^- (\w+: .*`(?: \(\d+\))?) — (.+)$/gm);
  return new Map([...lines].map(([, change, reason]) => [change!, reason!]));
}

/** A mutant's name in the list. Markdown takes a space off both ends of code, and so does the formatter. */
const nameOf = ({ object, change }: Pick<Result, 'object' | 'change'>): string =>
  `${object}: ${change.replace(/` (.*) `/, '`$1`')}`;

const explained = readExplained();
const table = new Map<string, { tried: number; killed: number; explained: number; unexplained: number }>();
const unexplained: string[] = [];
const stale: string[] = [];
for (const { object, change, killedBy } of readResults()) {
  const name = nameOf({ object, change });
  const row = table.get(object) ?? { tried: 0, killed: 0, explained: 0, unexplained: 0 };
  table.set(object, row);
  row.tried += 1;
  if (killedBy !== null) {
    row.killed += 1;
    if (explained.has(name)) stale.push(name);
  } else if (explained.has(name)) {
    row.explained += 1;
  } else {
    row.unexplained += 1;
    unexplained.push(name);
  }
}
const rows = [...table.values()];
const sum = (of: (row: (typeof rows)[number]) => number) => rows.reduce((total, row) => total + of(row), 0);
table.set('all', {
  tried: sum((row) => row.tried),
  killed: sum((row) => row.killed),
  explained: sum((row) => row.explained),
  unexplained: sum((row) => row.unexplained),
});
console.table(Object.fromEntries(table));

const existing = new Set(programMutants().map(nameOf));
const gone = [...explained.keys()].filter((name) => !existing.has(name));
const print = (title: string, names: string[]) => {
  if (names.length > 0) console.error(`\n${title}\n${names.map((name) => `- ${name}`).join('\n')}`);
};
print('These changes break no test. Write one, or explain them in docs/program-mutants.md:', unexplained);
print('These changes are listed in docs/program-mutants.md, but a test fails with them. Remove them:', stale);
print('These changes are listed in docs/program-mutants.md, but no longer exist. Remove them:', gone);
process.exit(unexplained.length + stale.length + gone.length > 0 ? 1 : 0);
