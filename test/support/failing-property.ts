import * as fc from 'fast-check';
import { inject, TestRunner } from 'vitest';

/**
 * How a failing property is printed: on at most 40 lines, with the question, the first disagreement and the command that replays it. The
 * test's meta data carry the replay, which `replay-reporter.ts` writes into a file. CONTRIBUTING.md describes its use.
 */

/** What a replay file holds: the seed and path of generated inputs, or a world of rows and the question asked of it. */
export type Replay = {
  file: string;
  test: string;
} & (
  | { kind: 'inputs'; seed: number; path: string; inputs: string }
  | { kind: 'world'; world: unknown; question: unknown }
);

declare module 'vitest' {
  interface ProvidedContext {
    /** What the inputs of properties are drawn from: the same each time, unless another is asked for by `SEED`. */
    seed: number;
    /** The file that `REPLAY` names. */
    replay: Replay | null;
  }
  interface TaskMeta {
    replay?: Replay;
  }
}

const maxLines = 40;
const maxLineLength = 240;

/** A failure that is described already. */
export class PropertyFailure extends Error {}

/** The path of a test's replay file. */
export function replayPath({ file, test }: Pick<Replay, 'file' | 'test'>): string {
  const name = `${file.replace(/^.*\/|\.test\.ts$/g, '')} ${test}`;
  return `.kilde/replays/${name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 100)}.json`;
}

/** The inputs or the world to try instead of generated ones, where this test is being replayed. */
export function givenReplay(): Replay | null {
  const replay = inject('replay');
  return replay !== null && replay.test === currentTest().test ? replay : null;
}

function currentTest(): Pick<Replay, 'file' | 'test'> {
  const test = TestRunner.getCurrentTest();
  return { file: test?.file.name ?? 'unknown', test: test?.fullTestName ?? 'unknown' };
}

type Failure = { title: string; question: string; error: unknown; rows?: string[]; replay: Replay };

/** The error of a failing property; the replay is noted for the reporter. */
function failureOf({ replay, ...failure }: Failure): PropertyFailure {
  const test = TestRunner.getCurrentTest();
  // What is being replayed has its file.
  if (test && inject('replay') === null) test.meta.replay = replay;
  const described = new PropertyFailure(describeFailure({ replay, ...failure }));
  // The stack begins in the test.
  Error.captureStackTrace(described, replay.kind === 'world' ? explainDisagreement : reportRun);
  return described;
}

/** The text of a failure, within `maxLines`: rows give way first, then the question, then the disagreement. */
export function describeFailure({ title, question, error, rows = [], replay }: Failure): string {
  const head = [title, `replay: REPLAY=${replayPath(replay)} npx vitest run ${replay.file}`];
  const asked = cut(['question:', ...indent(question.split('\n'))], 14);
  const disagreement = cut(['first disagreement:', ...indent(disagreementOf(error))], 14);
  const left = maxLines - head.length - asked.length - disagreement.length;
  const data = rows.length === 0 ? [] : cut(['rows:', ...indent(rows)], left);
  return [...head, ...asked, ...disagreement, ...data].map(shorten).join('\n');
}

const indent = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);
const shorten = (line: string): string => (line.length > maxLineLength ? `${line.slice(0, maxLineLength - 1)}…` : line);

function cut(lines: string[], most: number): string[] {
  if (lines.length <= most) return lines;
  return [...lines.slice(0, most - 1), `  … ${lines.length - most + 1} more lines: see the replay file`];
}

/** What an error says; of a comparison that failed, the first lines that differ. */
function disagreementOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [String(error)];
  const { actual, expected } = error as { actual?: unknown; expected?: unknown };
  const lines = error.message.split('\n').filter((line) => line.trim() !== '');
  if (error.cause instanceof Error) lines.push(...error.cause.message.split('\n').slice(0, 3));
  if (actual === undefined && expected === undefined) return lines;
  const [found, wanted] = [textOf(actual), textOf(expected)];
  const first = found.findIndex((line, index) => line !== wanted[index]);
  const from = Math.max(0, first === -1 ? found.length : first);
  const around = (all: string[], sign: string) => all.slice(from, from + 3).map((line) => `${sign} ${line}`);
  return [
    ...lines.slice(0, 3),
    ...found.slice(Math.max(0, from - 2), from).map((line) => `  ${line}`),
    ...around(wanted, '- expected'),
    ...around(found, '+ found   '),
  ];
}

const textOf = (value: unknown): string[] => (JSON.stringify(value, null, 1) ?? String(value)).split('\n');

/** Reports the result of every `fc.assert`. @throws PropertyFailure */
export function reportRun(run: fc.RunDetails<unknown>): void {
  if (!run.failed) return;
  if (run.errorInstance instanceof PropertyFailure) throw run.errorInstance;
  const test = currentTest();
  const { seed, counterexamplePath, numRuns, numShrinks } = run;
  if (run.counterexample === null) throw new PropertyFailure(fc.defaultReportMessage(run) ?? 'No inputs were tried.');
  const inputs = fc.stringify(run.counterexample);
  throw failureOf({
    title: `The property fails for input ${numRuns} of seed ${seed}, shrunk ${numShrinks} times.`,
    question: inputs.length < maxLineLength ? inputs : inputs.replaceAll(/,(?=[[{])/g, ',\n'),
    error: run.errorInstance,
    replay: { ...test, kind: 'inputs', seed, path: counterexamplePath ?? '', inputs },
  });
}

export type WorldQuestion<World, Question> = {
  world: World;
  question: Question;
  /** The members of a world that are lists of rows; those that others refer to come first. */
  tables: ReadonlyArray<keyof World & string>;
  load(world: World): Promise<void>;
  /** @throws where the product and the second implementation disagree. */
  ask(world: World, question: Question): Promise<unknown>;
};

/** What a disagreement about a world says: with as few rows as still show it. */
export async function explainDisagreement<World extends object, Question>(
  { world, question, tables, load, ask }: WorldQuestion<World, Question>,
  error: unknown,
): Promise<PropertyFailure> {
  let attempts = 0;
  let last = error;
  /** Whether a world shows it too. One that cannot be stored does not. */
  const disagrees = async (candidate: World): Promise<boolean> => {
    attempts += 1;
    try {
      await load(candidate);
    } catch {
      return false;
    }
    return ask(candidate, question).then(
      () => false,
      (again: unknown) => {
        // A fault of another kind is another fault, such as of a second implementation that misses a row.
        if ((again as Error).name !== (error as Error).name) return false;
        last = again;
        return true;
      },
    );
  };
  const isRepeated = await disagrees(world);
  const small = isRepeated
    ? await shrinkRows({ world, tables, disagrees, hasTime: () => attempts < maxAttempts })
    : world;
  const count = (of: World) => tables.reduce((sum, table) => sum + rowsOf(of, table).length, 0);
  const shrinking = isRepeated
    ? `${count(small)} of ${count(world)} rows still show it, after ${attempts} attempts`
    : 'asked again, they agree';
  return failureOf({
    title: `The two implementations disagree: ${shrinking}.`,
    question: Object.entries(withoutNulls(question as Record<string, unknown>))
      .map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
      .join('\n'),
    error: last,
    rows: tables.flatMap((table) => rowsOf(small, table).map((row) => `${table} ${JSON.stringify(withoutNulls(row))}`)),
    replay: { ...currentTest(), kind: 'world', world: small, question },
  });
}

const maxAttempts = 400;

type RowList = Array<Record<string, unknown>>;
const rowsOf = <World>(world: World, table: keyof World & string): RowList => world[table] as RowList;
const withoutNulls = (row: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));

/** Leaves out rows, many at once and then one by one, for as long as the rest still disagrees. */
export async function shrinkRows<World extends object>({
  world,
  tables,
  disagrees,
  hasTime,
}: Pick<WorldQuestion<World, never>, 'world' | 'tables'> & {
  disagrees(candidate: World): Promise<boolean>;
  hasTime(): boolean;
}): Promise<World> {
  let smallest = world;
  let size: number;
  const sizeOf = (of: World) => tables.reduce((sum, table) => sum + rowsOf(of, table).length, 0);
  do {
    size = sizeOf(smallest);
    // What refers to other rows goes first.
    for (const table of tables.toReversed()) {
      for (let part = rowsOf(smallest, table).length; part >= 1; part = Math.floor(part / 2)) {
        for (let from = 0; from < rowsOf(smallest, table).length && hasTime();) {
          const rows = rowsOf(smallest, table);
          const candidate = { ...smallest, [table]: [...rows.slice(0, from), ...rows.slice(from + part)] };
          if (await disagrees(candidate)) smallest = candidate;
          else from += part;
        }
      }
    }
  } while (sizeOf(smallest) < size && hasTime());
  // The words of the disagreement are those of the rows that are left.
  await disagrees(smallest);
  return smallest;
}

/**
 * Asks questions of generated worlds, on the first disagreement with as few rows as show it. A replay asks its own question of its own
 * world alone.
 */
export async function checkWorlds<World extends object, Question>({
  cases,
  numRuns,
  ...rest
}: Omit<WorldQuestion<World, Question>, 'world' | 'question'> & {
  cases: fc.Arbitrary<{ world: World; questions: Question[] }>;
  numRuns: number;
}): Promise<void> {
  const replay = givenReplay();
  if (replay?.kind === 'world') {
    await rest.load(replay.world as World);
    await rest.ask(replay.world as World, replay.question as Question);
    return;
  }
  await fc.assert(
    fc.asyncProperty(cases, async ({ world, questions }) => {
      await rest.load(world);
      for (const question of questions) {
        try {
          await rest.ask(world, question);
        } catch (error) {
          throw await explainDisagreement({ world, question, ...rest }, error);
        }
      }
    }),
    { numRuns, endOnFailure: true },
  );
}
