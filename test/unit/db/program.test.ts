import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { program } from '../../../src/db/program/program.ts';
import { readMigrations } from '../../../tools/migrations.ts';
import { programChange, programText, readProgramAfter, withoutLayout } from '../../../tools/program-migration.ts';

/** What to do when one of these fails: change src/db/program, never a view or trigger by hand, and run `npm run db:generate`. */
const statements = (await readMigrations()).flatMap((migration) => migration.statements);

it('leads from an empty database to the program of src/db/program', () => {
  const stored = readProgramAfter(statements);
  expect(stored.map(({ name }) => name).toSorted()).toEqual(program.map(({ name }) => name).toSorted());
  for (const { name, text } of program) {
    expect(withoutLayout(stored.find((object) => object.name === name)!.text)).toBe(withoutLayout(text));
  }
});

it('has the current text of every view and trigger in drizzle/program.sql', () => {
  expect(readFileSync('drizzle/program.sql', 'utf8')).toBe(programText());
});

it('writes nothing where nothing has changed', () => {
  expect(programChange({ stored: readProgramAfter(statements) })).toEqual({ before: [], after: [] });
});

it('drops and creates what has changed and what reads it, in order', () => {
  const stored = readProgramAfter(statements);
  const wanted = program.map((object) =>
    object.name === 'lead_share' ? { ...object, text: `${object.text} WHERE 1` } : object,
  );
  const { before, after } = programChange({ stored, wanted });
  const dropped = before.map((statement) => statement.match(/(\w+);$/)![1]!);
  expect(dropped).toContain('lead_share');
  expect(dropped).toContain('lead_credit');
  expect(dropped).not.toContain('intake');
  expect(new Set(after.map((statement) => statement.match(/CREATE \w+ (\w+)/)![1]))).toEqual(new Set(dropped));
  // Run after the migrations, the change leads to what is wanted.
  const left = readProgramAfter([...statements, ...before, ...after]);
  expect(programChange({ stored: left, wanted })).toEqual({ before: [], after: [] });
});

it('drops the whole program where a table is rebuilt', () => {
  const { before, after } = programChange({ stored: readProgramAfter(statements), rebuildsTables: true });
  expect(before).toHaveLength(program.length);
  expect(after).toHaveLength(program.length);
});
