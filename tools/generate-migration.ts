import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { tablesWithoutRowid } from '../src/db/schema/totals.ts';
import { readMigrations } from './migrations.ts';
import { programChange, programText, readProgramAfter } from './program-migration.ts';

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

const earlier = await readMigrations();
const stored = readProgramAfter(statementsOf(earlier));
generate();
let added = (await readMigrations()).slice(earlier.length);
const tables = added.flatMap(({ statements }) => statements).map(withoutRowid);
const rebuildsTables = tables.some((statement) => /\bDROP (TABLE|COLUMN)\b|\bRENAME\b/i.test(statement));
const { before, after } = programChange({ stored, rebuildsTables });

const isRewritten = tables.some((statement) => statement.endsWith(' WITHOUT ROWID;'));
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
