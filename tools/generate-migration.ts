import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { tablesWithoutRowid } from '../src/db/schema/totals.ts';
import { readMigrations } from './migrations.ts';
import { columnsAfter, programChange, programText, readProgramAfter } from './program-migration.ts';

/**
 * `npm run db:generate -- --name add_x`: one migration for what has changed in src/db/schema (drizzle-kit) and in
 * src/db/program. Where nothing has changed, no migration is written.
 */
const { values } = parseArgs({ options: { name: { type: 'string' } } });
if (!values.name || !/^[a-z0-9_]+$/.test(values.name)) {
  console.error('--name is missing or wrong: give the migration a name of small letters, digits and underscores.');
  process.exit(1);
}
const name = values.name;
const folder = join(import.meta.dirname, '..', 'drizzle');
const separator = '\n--> statement-breakpoint\n';

const generate = (...more: string[]) =>
  execFileSync('drizzle-kit', ['generate', '--name', name, ...more], { stdio: ['ignore', 'inherit', 'inherit'] });
const statementsOf = (migrations: Awaited<ReturnType<typeof readMigrations>>) =>
  migrations.flatMap(({ statements }) => statements);

/** A CREATE TABLE of a table that has no row id of its own says so. */
const withoutRowid = (statement: string): string =>
  tablesWithoutRowid.some((table) => new RegExp(`^CREATE TABLE \`(__new_)?${table}\``).test(statement))
    ? statement.replace(/\);$/, ') WITHOUT ROWID;')
    : statement;

/**
 * A rebuilt table that never gives a number twice goes on from the highest that it gave, also where that row is gone: an erased person
 * has it below zero.
 */
function withSequence(statement: string, all: readonly string[]): string[] {
  const table = /^DROP TABLE `(\w+)`;$/.exec(statement)?.[1];
  const rebuilt = all.find((one) => one.startsWith(`CREATE TABLE \`__new_${table}\``));
  if (!rebuilt?.includes('AUTOINCREMENT')) return [statement];
  return [
    `DELETE FROM sqlite_sequence WHERE name = '__new_${table}';`,
    `INSERT INTO sqlite_sequence (name, seq) SELECT '__new_${table}', seq FROM sqlite_sequence WHERE name = '${table}';`,
    statement,
  ];
}

/** drizzle-kit copies a rebuilt table with columns that it only gets now: those are left to their defaults. */
function withOldColumns(statement: string, columnsOf: (table: string) => string[]): string {
  const parts = /^(INSERT INTO `__new_\w+`)\((.+)\) SELECT (.+) FROM `(\w+)`;$/.exec(statement);
  if (!parts) return statement;
  const [, insert, , , table] = parts;
  const known = columnsOf(table!);
  const copied = parts[2]!.split(', ').filter((column) => known.includes(column.replaceAll('"', '')));
  return `${insert}(${copied.join(', ')}) SELECT ${copied.join(', ')} FROM \`${table}\`;`;
}

const earlier = await readMigrations();
const stored = readProgramAfter(statementsOf(earlier));
const columnsOf = columnsAfter(statementsOf(earlier));
generate();
let added = (await readMigrations()).slice(earlier.length);
const tables = added
  .flatMap(({ statements }) => statements)
  .map(withoutRowid)
  .map((statement) => withOldColumns(statement, columnsOf))
  .flatMap((statement, _place, all) => withSequence(statement, all));
const rebuildsTables = tables.some((statement) => /\bDROP (TABLE|COLUMN)\b|\bRENAME\b/i.test(statement));
const { before, after } = programChange({ stored, rebuildsTables });

const isRewritten = tables.some((one) => one.endsWith(' WITHOUT ROWID;') || one.includes('`__new_'));
if (before.length + after.length > 0 || isRewritten) {
  if (added.length === 0) {
    generate('--custom');
    added = (await readMigrations()).slice(earlier.length);
  }
  const file = join(folder, `${added.at(-1)!.tag}.sql`);
  await writeFile(file, `${[...before, ...tables, ...after].join(separator)}\n`);
  // What a migration leaves must be the program: a trigger that a rebuilt table lost would be missing.
  const left = programChange({ stored: readProgramAfter(statementsOf(await readMigrations())) });
  if (left.before.length + left.after.length > 0) throw new Error(`${file} does not lead to the program.`);
}
await writeFile(join(folder, 'program.sql'), programText());
const written = added.map(({ tag }) => tag);
console.log(written.length > 0 ? `Wrote ${written.join(', ')}. Read it before you commit it.` : 'Nothing has changed.');
