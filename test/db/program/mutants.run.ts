import { appendFileSync, readdirSync } from 'node:fs';
import { expect, inject, it } from 'vitest';
import { program } from '../../../src/db/program/program.ts';
import { programMutants } from '../../../tools/program-mutants.ts';
import type { Mutant } from '../../../tools/program-mutants.ts';
import { collectProgramTests, openProgramDatabase, runProgramTest } from '../../support/program-database.ts';
import type { ProgramDatabase, ProgramTest } from '../../support/program-database.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Which mutants to try, and the file to which the result of each is added. */
    mutants: { only: string; from: number; results: string };
  }
}

// Started by tools/mutate-program.ts alone: its name keeps it out of every project.

/** Drops the program: it is created for each mutant, all in its own order. */
function dropProgram(database: ProgramDatabase['database']): void {
  const statements = program.toReversed().map(({ kind, name }) => `DROP ${kind} IF EXISTS ${name}`);
  database.exec(`BEGIN; ${statements.join('; ')}; COMMIT`);
}

/** Creates the program, with a mutant in place of its object, for as long as `run` takes. */
function withProgram<T>(database: ProgramDatabase['database'], mutant: Mutant | null, run: () => T): T {
  try {
    database.exec('BEGIN');
    for (const { name, text } of program) database.exec(name === mutant?.object ? mutant.text : text);
    // Committed, since a rollback in the transaction of a change of the schema reads the whole schema again.
    database.exec('COMMIT');
    return run();
  } finally {
    if (database.inTransaction) database.exec('ROLLBACK');
    else dropProgram(database);
  }
}

/** The tests with the quickest first. */
function sortByTime(database: ProgramDatabase['database'], tests: ProgramTest[]): ProgramTest[] {
  const timed = tests.map((one) => {
    const start = performance.now();
    runProgramTest(database, one);
    return { one, took: performance.now() - start };
  });
  return timed.toSorted((a, b) => a.took - b.took).map(({ one }) => one);
}

/** The first test that fails, or null. One that fails moves to the front: what fails for one mutant often fails for the next. */
function findFailing(database: ProgramDatabase['database'], tests: ProgramTest[]): string | null {
  for (const [place, one] of tests.entries()) {
    try {
      runProgramTest(database, one);
    } catch {
      tests.splice(place, 1);
      tests.unshift(one);
      return one.name;
    }
  }
  return null;
}

it('tries every mutant', async () => {
  const { only, from, results } = inject('mutants');
  const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.test.ts'));
  const tests = await collectProgramTests(() => Promise.all(files.map((file) => import(`./${file}`))));
  expect(tests.length).toBeGreaterThan(0);
  const database = await openProgramDatabase();
  dropProgram(database);
  // Fails where a test fails without any mutant.
  const ordered = withProgram(database, null, () => sortByTime(database, tests));

  for (const mutant of programMutants({ only }).slice(from)) {
    const { object, change } = mutant;
    const start = performance.now();
    let killedBy: string | null;
    try {
      killedBy = withProgram(database, mutant, () => findFailing(database, ordered));
    } catch (error) {
      killedBy = `It cannot be created: ${String(error)}`;
    }
    appendFileSync(
      results,
      `${JSON.stringify({ object, change, killedBy, milliseconds: Math.round(performance.now() - start) })}\n`,
    );
  }
}, 0);
