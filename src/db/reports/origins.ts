import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { filterOn, isOriginColumn, originColumns } from './keys.ts';
import { namesOf } from './plan.ts';
import type { Plan } from './plan.ts';

/**
 * Where the origins of rows are looked up: `origin_group` has no term, content, id or click id; `origin_value` is the one value that
 * is asked of them, which rows name themselves.
 */
export type OriginTable = 'origin' | 'origin_group' | 'origin_value';

/**
 * What the report needs of origins and landing pages. They are looked up by their ids, row by row: a table of all of them
 * would be indexed again for each branch that is joined to it.
 */
export type OriginTables = {
  /** Whether rows need their origin, their landing page. */
  origin: boolean;
  landing: boolean;
  /** The key that a dimension has there, after corrections; null is unknown. */
  keys: Array<SQL | undefined>;
  /** Joins the keys' values to origins `o`. */
  values: SQL;
  /** Joins to rows `x` that have `origin` and `landing`. */
  join: (table?: OriginTable) => SQL;
  /** The WHERE clause of the filter on origins; empty without one. */
  condition: SQL;
};

export function originTables(plan: Plan): OriginTables {
  const { filter } = plan.query;
  const names = [...new Set(namesOf(plan))].filter(isOriginColumn);
  const landing = plan.dimensions.includes('landingPage') || filter.landingPage !== undefined;
  const table = (name: string) =>
    sql.raw(name === 'landingPage' ? 'lp' : `v${names.indexOf(name as keyof typeof originColumns)}`);
  const key = (name: string) => sql`coalesce(${table(name)}.alias_of, ${table(name)}.id)`;
  const isHere = (name: keyof typeof filter) => isOriginColumn(name) || name === 'landingPage';
  const valuesAt = (idOf: (name: keyof typeof originColumns) => string) =>
    sql.join(
      names.map((name) => sql` LEFT JOIN origin_value ${table(name)} ON ${table(name)}.id = ${sql.raw(idOf(name))}`),
    );
  const values = valuesAt((name) => `o.${originColumns[name]}`);
  const conditions = Object.entries(filter).flatMap(([name, wanted]) =>
    isHere(name as keyof typeof filter) ? [filterOn(name as keyof typeof filter, key(name), wanted)] : [],
  );
  return {
    origin: names.length > 0,
    landing,
    keys: plan.dimensions.map((name) => (isHere(name) ? key(name) : undefined)),
    values,
    join: (from = 'origin') =>
      sql.join([
        ...(names.length === 0
          ? []
          : from === 'origin_value'
            ? [valuesAt(() => 'x.origin')]
            : [sql.raw(` LEFT JOIN ${from} o ON o.id = x.origin`), values]),
        ...(landing ? [sql` LEFT JOIN origin_value lp ON lp.id = x.landing`] : []),
      ]),
    condition: conditions.length > 0 ? sql`WHERE ${sql.join(conditions, sql` AND `)}` : sql``,
  };
}
