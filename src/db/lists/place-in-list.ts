import { sql } from 'drizzle-orm';
import type { SQL, SQLWrapper } from 'drizzle-orm';
import type { Position } from '../../domain/lists/position.ts';
import type { FieldType } from '../../domain/segments/fields.ts';

/** Where a record stands in its list, among the columns of a statement or the members of its row. */
export type Positioned<Value> = { placeInList: Value };

/** What a statement that reads the whole records of a page needs: which, in which order, and where each stands in it. */
export type RecordsOfPage = { where: SQL; orderBy: SQL[]; position: Positioned<SQL<Position>> };

/** The place of a record: its id and the values that it is sorted by. */
export function placeInList(
  key: SQLWrapper,
  sorted: ReadonlyArray<{ type: FieldType; value: SQLWrapper }>,
): Positioned<SQL<Position>> {
  const values = sorted.map(({ type, value }) =>
    // JSON of SQLite's has 15 digits of a fraction; its quoted text has them all.
    type === 'number' ? sql`CASE WHEN ${value} IS NOT NULL THEN quote(${value}) END` : value,
  );
  const read = (text: string): Position => {
    const [id, ...rest] = JSON.parse(text.replaceAll('\0', String.raw`\u0000`)) as Array<string | number | null>;
    return {
      id: id!,
      values: rest.map((value, n) => (sorted[n]!.type === 'number' && value !== null ? Number(value) : value)),
    };
  };
  return { placeInList: sql<Position>`json_array(${sql.join([key, ...values], sql`, `)})`.mapWith(read) };
}
