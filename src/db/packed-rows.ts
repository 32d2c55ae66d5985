import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';

type Scalar = string | number | null;

/** A row as the database gives it, by the names of its cells. */
export type Row = Record<string, Scalar>;

/**
 * A column of rows that are packed. `number`: it may be real, of which JSON of SQLite's has 15 digits, so it goes as text that is read
 * as the same. `whole`: it may be past 2^53, so it stays text. `json`: text that is JSON stays text.
 */
export type Cell = { name: string; as?: 'number' | 'whole' | 'json' };

/** SQLite's functions take 127 arguments at most, and may be built to take fewer. */
const mostArguments = 100;

const packed = ({ name, as }: Cell): string => {
  if (as === 'number') return `CASE WHEN ${name} IS NOT NULL THEN quote(${name}) END`;
  return as === undefined ? name : `${name} || ''`;
};

/** A statement that answers one row with one text, `packed`, and what makes the rows in it of that answer. */
export type PackedRows = { statement: SQL; unpack: (answer: readonly Row[]) => Row[] };

/**
 * Makes one text of all rows that `rows` selects: a JSON array of arrays. One by one, a thousand rows take the database's host and the
 * Worker several times as long. `order` is as after ORDER BY, without it rows come in any; `tables` stand before, as WITH.
 */
export function packRows({
  cells,
  rows,
  order = null,
  tables = sql``,
}: {
  cells: readonly Cell[];
  rows: SQL;
  order?: SQL | null;
  tables?: SQL;
}): PackedRows {
  const parts: string[] = [];
  for (let from = 0; from < cells.length; from += mostArguments) {
    const some = cells.slice(from, from + mostArguments);
    parts.push(`json_array(${some.map(packed).join(', ')})`);
  }
  const row = sql.raw(`json_array(${parts.join(', ')})`);
  return {
    statement: sql`${tables} SELECT json_group_array(${row}${order ? sql` ORDER BY ${order}` : sql``}) AS packed FROM (${rows})`,
    unpack: (answer) => unpack(cells, String(answer[0]!['packed'])),
  };
}

function unpack(cells: readonly Cell[], text: string): Row[] {
  // The endpoint on one machine keeps a NUL in text behind a mark, and gives it back as it is: JSON has it escaped.
  const json = text.includes('\0') ? text.replaceAll('\0', String.raw`\u0000`) : text;
  return (JSON.parse(json) as Scalar[][][]).map((parts) => {
    const values = parts.length === 1 ? parts[0]! : parts.flat();
    const row: Row = {};
    for (const [n, { name, as }] of cells.entries()) {
      const value = values[n]!;
      row[name] = as === 'number' && value !== null ? Number(value) : value;
    }
    return row;
  });
}
