import { Column, getTableName, Name, Param, SQL, StringChunk, Table, aliasedTable, sql } from 'drizzle-orm';
import type { SQLChunk } from 'drizzle-orm';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';

/**
 * Writes an expression as the text of a view or a trigger: values become literals, names stay without quotes, and a column
 * is qualified by its row's name only (`rowOf`, `newRow`, `oldRow`), or not at all (`columnsOf`).
 * @throws Error for a value that has no literal, such as an object.
 */
export function renderSql(chunk: SQLChunk): string {
  if (chunk === undefined) return '';
  if (chunk instanceof StringChunk) return chunk.value.join('');
  if (chunk instanceof SQL) return chunk.queryChunks.map(renderSql).join('');
  if (chunk instanceof Name) return chunk.value;
  if (chunk instanceof Column) {
    const row = getTableName(chunk.table);
    return row === '' ? chunk.name : `${row}.${chunk.name}`;
  }
  if (chunk instanceof Table) return getTableName(chunk);
  if (chunk instanceof Param) return renderLiteral(chunk.value);
  return renderLiteral(chunk);
}

function renderLiteral(value: unknown): string {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`;
  if (value === null) return 'NULL';
  throw new Error(`A ${typeof value} cannot stand in the text of a view or a trigger.`);
}

/** The columns of a table under the name that a FROM clause gives its row. */
export const rowOf = <T extends SQLiteTable>(table: T, name: string): T => aliasedTable(table, name);
/** The columns of a table without a qualifier, for statements that read one table. */
export const columnsOf = <T extends SQLiteTable>(table: T): T => rowOf(table, '');
/** The row that a trigger reacts to, as it is afterwards and as it was before. */
export const newRow = <T extends SQLiteTable>(table: T): T => rowOf(table, 'NEW');
export const oldRow = <T extends SQLiteTable>(table: T): T => rowOf(table, 'OLD');

export const list = (parts: readonly SQLChunk[]): SQL => sql.join([...parts], sql`, `);
export const all = (conditions: readonly SQL[]): SQL => sql.join([...conditions], sql` AND `);
export const any = (conditions: readonly SQL[]): SQL => sql.join([...conditions], sql` OR `);

/** A value for each column, by the names that the schema gives them. */
type ColumnValues<T extends SQLiteTable> = { [Name in keyof T['_']['columns']]?: SQLChunk };

const pairsOf = <T extends SQLiteTable>(table: T, values: ColumnValues<T>): Array<[string, SQLChunk]> =>
  Object.entries(values).map(([name, value]) => {
    const column = (table as unknown as Record<string, Column>)[name]!;
    return [column.name, value];
  });

/** `INSERT INTO table (columns) SELECT values`, each column beside its value. What follows the SELECT list is the caller's. */
export function insertSelect<T extends SQLiteTable>(table: T, values: ColumnValues<T>, rest: SQL = sql``): SQL {
  const pairs = pairsOf(table, values);
  return sql`INSERT INTO ${table} (${sql.raw(pairs.map(([name]) => name).join(', '))})
  SELECT ${list(pairs.map(([, value]) => value))}${rest}`;
}

/** `column = value, …` for UPDATE … SET and ON CONFLICT DO UPDATE SET. */
export const assignments = <T extends SQLiteTable>(table: T, values: ColumnValues<T>): SQL =>
  list(pairsOf(table, values).map(([name, value]) => sql`${sql.raw(name)} = ${value}`));
