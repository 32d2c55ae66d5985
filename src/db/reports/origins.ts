import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { filterOn, isOriginColumn, originColumns } from './keys.ts';
import type { Plan } from './plan.ts';

/**
 * What the report needs of origins, as two tables of the statement: `o` gives each origin that the filter keeps its
 * values after corrections (`k<place of the dimension>`), `lp` each landing page. Null is unknown.
 */
export type OriginTables = {
  parts: SQL[];
  /** Whether rows need their origin, their landing page. */
  origin: boolean;
  landing: boolean;
  /** Joins to rows that have `origin` and `landing`, and what of them is kept. */
  join: SQL;
  kept: SQL;
};

const counted = (table: SQL): SQL => sql`coalesce(${table}.alias_of, ${table}.id)`;

export function originTables(plan: Plan): OriginTables {
  const { filter } = plan.query;
  const shown = plan.dimensions.flatMap((name, place) => (isOriginColumn(name) ? [{ name, place }] : []));
  const filtered = Object.entries(filter).flatMap(([name, values]) =>
    isOriginColumn(name as keyof typeof filter) ? [{ name: name as keyof typeof originColumns, values }] : [],
  );
  const landing = plan.dimensions.includes('landingPage') || filter.landingPage !== undefined;
  const origin = shown.length + filtered.length > 0;
  const parts: SQL[] = [];
  const joins: SQL[] = [];
  const kept: SQL[] = [];

  if (origin) {
    const names = [...new Set([...shown, ...filtered].map(({ name }) => name))];
    const table = (name: keyof typeof originColumns) => sql.raw(`v${names.indexOf(name)}`);
    const key = (name: keyof typeof originColumns) => counted(table(name));
    const columns = shown.map(({ name, place }) => sql`, ${key(name)} AS ${sql.raw(`k${place}`)}`);
    const conditions = filtered.map(({ name, values }) => filterOn(name, key(name), values));
    parts.push(sql`o AS MATERIALIZED (SELECT origin.id AS id${sql.join(columns)} FROM origin
      ${sql.join(
        names.map(
          (name) =>
            sql`LEFT JOIN origin_value ${table(name)} ON ${table(name)}.id = ${sql.raw(`origin.${originColumns[name]}`)}`,
        ),
        sql` `,
      )} WHERE ${conditions.length > 0 ? sql.join(conditions, sql` AND `) : sql`1`})`);
    joins.push(sql`LEFT JOIN o ON o.id = x.origin`);
    // What has no origin at all is kept where the filter asks for the unknown.
    if (filtered.every(({ values }) => values.includes(null))) {
      if (filtered.length > 0) kept.push(sql`(o.id IS NOT NULL OR x.origin IS NULL)`);
    } else kept.push(sql`o.id IS NOT NULL`);
  }
  if (landing) {
    parts.push(
      sql`lp(id, k) AS MATERIALIZED (SELECT v.id, ${counted(sql`v`)} FROM origin_value v WHERE v.field = 'landingPage')`,
    );
    joins.push(sql`LEFT JOIN lp ON lp.id = x.landing`);
    if (filter.landingPage) kept.push(filterOn('landingPage', sql`lp.k`, filter.landingPage));
  }
  return {
    parts,
    origin,
    landing,
    join: sql.join(joins, sql` `),
    kept: kept.length > 0 ? sql`WHERE ${sql.join(kept, sql` AND `)}` : sql``,
  };
}
