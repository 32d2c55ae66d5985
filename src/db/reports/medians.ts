import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { medians } from '../../domain/reports/measures.ts';
import { bucketColumns, ownKeys } from './arms.ts';
import { firstTouchAt, joinTables, pointOf, rowSets } from './bases.ts';
import { isOriginColumn } from './keys.ts';
import type { OriginTables } from './origins.ts';
import { counts, hasPath, inRows } from './plan.ts';
import type { MedianColumn, Plan } from './plan.ts';

const dayMs = 86_400_000;

export type MedianTables = {
  names: string[];
  parts: SQL[];
  /** Joins each median to the groups `n`. */
  join: SQL;
  /** The medians of all rows, as rows of kind `median`; `b` is -1 for the whole period where it has parts. */
  totals: Array<(none: { noLabels: SQL[]; noColumns: SQL[] }) => SQL>;
};

/** Medians of groups: they cannot be added up, so they are found from the rows themselves. */
export function medianTables(plan: Plan, origins: OriginTables): MedianTables {
  const names = plan.medians.map(({ name }) => name);
  const keys = plan.dimensions.map((_, n) => sql.raw(`d${n}`));
  return {
    names,
    parts: plan.medians.flatMap((column) => [
      valuesOf(plan, origins, column),
      sql`${sql.raw(column.name)} AS MATERIALIZED (${middleOf({ from: `${column.name}_x`, by: [...keys, sql`b`, sql`p`] })})`,
    ]),
    join: sql.join(
      plan.medians.map(({ name, median }) => {
        const table = sql.raw(name);
        // A path is no value's own: medians are not told by it.
        const isTold = inRows(plan, medians[median].basis) && !hasPath(plan, medians[median].basis);
        const same = plan.dimensions.map((_, place) => sql.raw(`${name}.d${place} IS n.d${place}`));
        return sql`LEFT JOIN ${table} ON ${sql.join(
          [isTold ? sql`1` : sql`0`, ...same, sql.raw(`${name}.b = n.b AND ${name}.p = n.p`)],
          sql` AND `,
        )}`;
      }),
      sql` `,
    ),
    totals: plan.medians.flatMap(({ name }, n) =>
      (plan.query.time ? [true, false] : [false]).map(
        (whole) =>
          ({ noLabels, noColumns }: { noLabels: SQL[]; noColumns: SQL[] }) => {
            const values = names.map((_, other) => (other === n ? sql`v` : sql`NULL`));
            const by = whole ? [sql`p`] : [sql`b`, sql`p`];
            return sql`SELECT ${sql.join(
              [sql`'median', NULL`, ...noLabels, whole ? sql`-1, p` : sql`b, p`, ...noColumns, ...values],
              sql`, `,
            )} FROM (${middleOf({ from: `${name}_x`, by })})`;
          },
      ),
    ),
  };
}

/** Every value of a median with its group. */
function valuesOf(plan: Plan, origins: OriginTables, { name, median, model }: MedianColumn): SQL {
  const { basis } = medians[median];
  const shown = inRows(plan, basis) && !hasPath(plan, basis);
  const own = ownKeys(plan, basis);
  const point = pointOf(basis, model);
  const from = firstTouchAt[basis]!;
  const [set] = rowSets(plan, basis, new Set([counts[median]]));
  const rows = sql`SELECT ${sql.join(
    [
      ...(origins.origin ? [sql`${point.origin} AS origin`] : []),
      ...(origins.landing ? [sql`${point.landing} AS landing`] : []),
      ...own.plain,
      bucketColumns(plan),
      sql`(${set!.end} - ${from}) AS v`,
    ],
    sql`, `,
  )} FROM ${set!.from} ${joinTables(basis, [...own.joins, ...point.joins, ...(point.landingJoins ?? [])])} WHERE ${sql.join(
    [
      ...set!.conditions,
      ...own.conditions,
      sql`${from} IS NOT NULL`,
      ...(median === 'daysToWin' ? [sql`deal.status = 'won'`] : []),
    ],
    sql` AND `,
  )}`;
  const keys = plan.dimensions.map((dimension, place) => {
    const key = sql.raw(`d${place}`);
    if (!shown) return sql`NULL AS ${key}`;
    if (isOriginColumn(dimension)) return sql`${sql.raw(`o.k${place}`)} AS ${key}`;
    if (dimension === 'landingPage') return sql`lp.k AS ${key}`;
    return sql`${sql.raw(`x.k${place}`)} AS ${key}`;
  });
  return sql`${sql.raw(`${name}_x`)} AS MATERIALIZED (SELECT ${sql.join(
    [...keys, sql`x.b AS b, x.p AS p, x.v AS v`],
    sql`, `,
  )} FROM (${rows}) AS x ${origins.join} ${origins.kept})`;
}

/** The middle value of each group, or the mean of the two in the middle, in days. */
function middleOf({ from, by }: { from: string; by: SQL[] }): SQL {
  const group = sql.join(by, sql`, `);
  return sql`SELECT ${group}, avg(v) / ${sql.raw(`${dayMs}.0`)} AS v FROM
    (SELECT *, row_number() OVER (PARTITION BY ${group} ORDER BY v) AS turn, count(*) OVER (PARTITION BY ${group}) AS many FROM ${sql.raw(from)})
    WHERE turn IN ((many + 1) / 2, (many + 2) / 2) GROUP BY ${group}`;
}
