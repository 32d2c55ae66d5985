import type { AnySQLiteColumn } from 'drizzle-orm/sqlite-core';
import { originFields } from '../../domain/attribution/origin-fields.ts';
import type { Declared, OriginField } from '../../domain/attribution/origin-fields.ts';
import type { origin } from '../schema/origins.ts';

type CamelCase<Text extends string> = Text extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : Text;
/** What the column of a field is called in the schema: `sourceId`. */
type ColumnKey<Field extends OriginField> = CamelCase<Declared[Field]['column']>;

export function columnKey<Field extends OriginField>(field: Field): ColumnKey<Field> {
  const { column } = originFields[field];
  return column.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase()) as ColumnKey<Field>;
}

/** The column of a field, of `origin` under any name. */
export function columnOf(table: typeof origin, field: OriginField): AnySQLiteColumn {
  return table[columnKey(field)];
}
