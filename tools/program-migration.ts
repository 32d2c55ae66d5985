import Database from 'libsql';
import { program } from '../src/db/program/program.ts';
import type { ProgramObject } from '../src/db/program/objects.ts';

/** What a database holds of the program: the CREATE statement of each view and trigger. */
export type StoredProgram = Array<{ kind: 'view' | 'trigger'; name: string; text: string }>;

/** Text as it is compared: SQLite keeps a statement's line breaks, which mean nothing. */
export const withoutLayout = (text: string): string => text.replace(/\s+/g, ' ').replaceAll('( ', '(').trim();

/** Runs statements on an empty database in memory, and reads the views and triggers that they leave. */
export function readProgramAfter(statements: readonly string[]): StoredProgram {
  const database = new Database(':memory:');
  try {
    for (const statement of statements) if (statement !== '') database.exec(statement);
    return database
      .prepare(
        "SELECT type AS kind, name, sql AS text FROM sqlite_master WHERE type IN ('view', 'trigger') ORDER BY rowid",
      )
      .all() as StoredProgram;
  } finally {
    database.close();
  }
}

/** The columns that tables have after some statements. */
export function columnsAfter(statements: readonly string[]): (table: string) => string[] {
  const database = new Database(':memory:');
  for (const statement of statements) if (statement !== '') database.exec(statement);
  return (table) =>
    (database.prepare(`SELECT name FROM pragma_table_info('${table}')`).all() as Array<{ name: string }>).map(
      ({ name }) => name,
    );
}

const mentions = (text: string, name: string): boolean => new RegExp(`\\b${name}\\b`).test(text);

/** The names given, and those of all that mention one of them. */
function withDependents(objects: StoredProgram, names: ReadonlySet<string>): Set<string> {
  const found = new Set(names);
  for (let size = -1; size !== found.size;) {
    size = found.size;
    for (const { name, text } of objects) {
      if (!found.has(name) && [...found].some((other) => mentions(text, other))) found.add(name);
    }
  }
  return found;
}

/**
 * The statements that bring the program of a database up to `wanted`: what has changed, and what reads it, is dropped and created
 * again, in order. `before` goes ahead of a change of tables, `after` follows it.
 * @param rebuildsTables whether a table is rebuilt, which drops its triggers and fails while a view reads it: then the whole
 *   program is dropped first.
 */
export function programChange({
  stored,
  wanted = program,
  rebuildsTables = false,
}: {
  stored: StoredProgram;
  wanted?: readonly ProgramObject[];
  rebuildsTables?: boolean;
}): { before: string[]; after: string[] } {
  const now = new Map(stored.map((object) => [object.name, object]));
  const names = new Set(wanted.map(({ name }) => name));
  const isSame = ({ name, text }: ProgramObject) =>
    now.has(name) && withoutLayout(now.get(name)!.text) === withoutLayout(text);
  const changed = new Set([
    ...wanted.filter((object) => !isSame(object)).map(({ name }) => name),
    ...stored.filter(({ name }) => !names.has(name)).map(({ name }) => name),
  ]);
  const dropped = rebuildsTables
    ? new Set([...now.keys(), ...names])
    : withDependents([...stored, ...wanted.map(({ kind, name, text }) => ({ kind, name, text }))], changed);
  return {
    before: stored
      .toReversed()
      .filter(({ name }) => dropped.has(name))
      .map(({ kind, name }) => `DROP ${kind.toUpperCase()} IF EXISTS ${name};`),
    after: wanted.filter(({ name }) => dropped.has(name)).map((object) => createStatement(object)),
  };
}

/** A CREATE statement below its comment. */
export const createStatement = ({ comment, text }: ProgramObject): string =>
  `${comment === '' ? '' : `${asComment(comment)}\n`}${text};`;

/** A comment in lines of at most 120 characters. */
function asComment(text: string): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    if (lines.at(-1)!.length + word.length > 116) lines.push('');
    lines.push(`${lines.pop()} ${word}`);
  }
  return lines.map((line) => `--${line}`).join('\n');
}

/** drizzle/program.sql: the current text of every view and trigger. */
export const programText = (): string =>
  [
    '-- Every view and trigger of the database, as it is now. Written by `npm run db:generate` from src/db/program; not run.',
    ...program.map((object) => createStatement(object)),
  ].join('\n\n') + '\n';
