import { sql } from 'drizzle-orm';
import { splitPeriods } from '../../domain/reports/split-periods.ts';
import type { Range } from '../../domain/reports/split-periods.ts';
import type { SQL } from 'drizzle-orm';
import type { Bucket } from '../../domain/reports/facts.ts';
import { medians } from '../../domain/reports/measures.ts';
import type { Median } from '../../domain/reports/measures.ts';
import { dayMs } from '../fragments/credit-shares.ts';
import { dealTotalKinds, leadTotalKinds } from '../fragments/total-kinds.ts';
import { bucketOf, keysIn, originKeys, ownKeys } from './branches.ts';
import { firstTouchAt, joinTables, pointOf, rowSets } from './bases.ts';
import { filterOn } from './keys.ts';
import type { OriginTables } from './origins.ts';
import { hasPath, inRows, isOfAll, namesOf, partColumns } from './plan.ts';
import type { MedianColumn, Plan } from './plan.ts';
import { factRows, listed, totalsIn } from './totals.ts';

export type MedianTables = {
  names: string[];
  parts: SQL[];
  /** Joins each median to the groups `n`. */
  join: SQL;
  /** The medians of all rows, as rows of kind `median`; `bucket` is -1 for the whole period where it has parts. */
  totals: Array<(none: { noLabels: SQL[]; noColumns: SQL[] }) => SQL>;
};

/** Medians of groups: they cannot be added up, so they are found from the rows themselves. */
export function medianTables(plan: Plan, origins: OriginTables): MedianTables {
  const names = plan.medians.map(({ name }) => name);
  const keys = plan.dimensions.map((_, n) => sql.raw(`key${n}`));
  const middle = (column: MedianColumn, by: SQL[]) =>
    isStored(plan, column) ? middleOnScale(column, by) : middleOf({ from: `${column.name}_values`, by });
  return {
    names,
    parts: plan.medians.flatMap((column) => [
      ...(isStored(plan, column) ? scaleOf(plan, column) : [valuesOf(plan, origins, column)]),
      sql`${sql.raw(column.name)} AS MATERIALIZED (${middle(column, [...keys, sql`bucket`, sql`previous`])})`,
    ]),
    join: sql.join(
      plan.medians.map(({ name, median }) => {
        const table = sql.raw(name);
        // Medians are not grouped by path: many paths lead to one value.
        const isGrouped = inRows(plan, medians[median].basis) && !hasPath(plan, medians[median].basis);
        const same = plan.dimensions.map((_, place) => sql.raw(`${name}.key${place} IS n.key${place}`));
        return sql`LEFT JOIN ${table} ON ${sql.join(
          [
            isGrouped ? sql`1` : sql`0`,
            ...same,
            sql.raw(`${name}.bucket = n.bucket AND ${name}.previous = n.previous`),
          ],
          sql` AND `,
        )}`;
      }),
      sql` `,
    ),
    totals: plan.medians.flatMap((column, n) =>
      (plan.query.time ? [true, false] : [false]).map(
        (whole) =>
          ({ noLabels, noColumns }: { noLabels: SQL[]; noColumns: SQL[] }) => {
            const values = names.map((_, other) => (other === n ? sql`v` : sql`NULL`));
            const by = whole ? [sql`previous`] : [sql`bucket`, sql`previous`];
            return sql`SELECT ${sql.join(
              [
                sql`'median', NULL`,
                ...noLabels,
                ...partColumns(plan, whole ? '-1' : 'bucket', 'previous'),
                ...noColumns,
                ...values,
              ],
              sql`, `,
            )} FROM (${middle(column, by)})`;
          },
      ),
    ),
  };
}

/** Every value of a median with its group. */
function valuesOf(plan: Plan, origins: OriginTables, { name, median, model }: MedianColumn): SQL {
  const { basis } = medians[median];
  const [set] = rowSets(plan, basis);
  if (!set) throw new Error(`A ${basis} has no rows.`);
  const shown = inRows(plan, basis) && !hasPath(plan, basis);
  const own = ownKeys(plan, basis);
  const point = pointOf(basis, model);
  const from = firstTouchAt[basis];
  const rows = sql`SELECT ${sql.join(
    [...originKeys(origins, point).columns, ...own.plain, ...bucketOf(plan).columns, sql`(${set.end} - ${from}) AS v`],
    sql`, `,
  )} FROM ${set.from} ${joinTables(basis, [...own.joins, ...point.joins, ...(point.landingJoins ?? [])])} WHERE ${sql.join(
    [
      ...set.conditions,
      ...own.conditions,
      sql`${from} IS NOT NULL`,
      ...(median === 'daysToWin' ? [sql`deal.status = 'won'`] : []),
    ],
    sql` AND `,
  )}`;
  return sql`${sql.raw(`${name}_values`)} AS MATERIALIZED (SELECT ${sql.join(
    [...keysIn(plan, origins, shown), sql`x.bucket AS bucket, x.previous AS previous, x.v AS v`],
    sql`, `,
  )} FROM (${rows}) AS x ${origins.join()} ${origins.condition})`;
}

/** The middle value of each group, or the mean of the two in the middle, in days. */
function middleOf({ from, by }: { from: string; by: SQL[] }): SQL {
  const group = sql.join(by, sql`, `);
  return sql`SELECT ${group}, avg(v) / ${sql.raw(`${dayMs}.0`)} AS v FROM
    (SELECT *, row_number() OVER (PARTITION BY ${group} ORDER BY v) AS turn, count(*) OVER (PARTITION BY ${group}) AS many FROM ${sql.raw(from)})
    WHERE turn IN ((many + 1) / 2, (many + 2) / 2) GROUP BY ${group}`;
}

/** Where intervals are stored by bins (fragments/interval-bin.ts), by the channel of first touch. */
const scales = {
  daysToLead: {
    kind: leadTotalKinds.daysToLead.kind,
    row: 'lead',
    at: 'created_at',
    value: 'to_lead',
    bin: 'bin',
    now: 'lead',
    id: 'person_id',
  },
  daysToDeal: {
    kind: dealTotalKinds.daysToDeal.kind,
    row: 'registered',
    at: 'registered_at',
    value: 'to_deal',
    bin: 'deal_bin',
    now: 'deal',
    id: 'deal_id',
  },
  daysToWin: {
    kind: dealTotalKinds.daysToWin.kind,
    row: 'closed',
    at: 'closed_at',
    value: 'to_win',
    bin: 'win_bin',
    now: 'deal',
    id: 'deal_id',
  },
} as const satisfies Record<Median, { row: keyof typeof factRows } & Record<string, unknown>>;

function isStored(plan: Plan, { model }: MedianColumn): boolean {
  return isOfAll(plan) && model === 'firstTouch' && namesOf(plan).every((name) => name === 'channel');
}

/** All buckets of a period as one. */
function wholeOf(list: readonly Bucket[]): Array<Pick<Bucket, 'from' | 'to'>> {
  const [first, last] = [list[0], list.at(-1)];
  return first && last ? [{ from: first.from, to: last.to }] : [];
}

/**
 * The values of a median, counted by the bins of a scale (`_bins`): stored totals, rows beside whole months, and rows that are
 * not rolled up yet (`_pending`). `_channels` are those of the filter, `_times` the times of buckets, of all of them in bucket -1.
 */
function scaleOf(plan: Plan, { name, median }: MedianColumn): SQL[] {
  const { kind, row, at, value, bin, now, id } = scales[median];
  const { channel } = plan.query.filter;
  const part = (what: string) => sql.raw(`${name}_${what}`);
  const { spans, edges } = splitPeriods(plan);
  const times = [plan.time.current, plan.time.previous ?? []].flatMap((list, previous) =>
    [...list, ...wholeOf(list)].map(({ from, to }, n): Range => [
      n === list.length ? -1 : n,
      previous as 0 | 1,
      from > 0 ? from : -9e15,
      to,
      0,
      1,
    ]),
  );
  return [
    sql`${part('channels')}(id, key0) AS MATERIALIZED (SELECT * FROM (SELECT id, coalesce(alias_of, id) AS k FROM origin_value WHERE field = 'channel'
      UNION ALL SELECT 0, NULL) WHERE ${channel ? filterOn('channel', sql`k`, channel) : sql`1`})`,
    listed(`${name}_spans`, spans),
    listed(`${name}_edges`, edges),
    listed(`${name}_times`, times),
    sql`${part('pending')} AS MATERIALIZED (SELECT t.n AS bucket, t.previous AS previous, c.key0 AS key0, f.bin AS bin, f.v AS v FROM (SELECT first_channel_id,
        ${sql.raw(`${at} AS at, ${bin} AS bin, ${value} AS v FROM pending_${now} q CROSS JOIN ${now}_now f WHERE f.${id} = q.id AND ${bin} IS NOT NULL`)}) f
      JOIN ${part('channels')} c ON c.id = f.first_channel_id JOIN ${part('times')} t ON f.at >= t.lo AND f.at < t.hi)`,
    sql`${part('bins')} AS MATERIALIZED (SELECT x.bucket AS bucket, x.previous AS previous, c.key0 AS key0, x.bin AS bin, x.n AS n FROM (
        SELECT p.n AS bucket, p.previous AS previous, t.key / 8192 AS channel, t.key % 8192 - 4096 AS bin, p.sign * t.n AS n
          FROM ${totalsIn(`${name}_spans`, 'settled_total', kind)}
        UNION ALL SELECT p.n, p.previous, f.first_channel_id, ${sql.raw(`f.${bin}`)}, p.sign
          FROM ${part('edges')} p CROSS JOIN ${sql.raw(`${factRows[row]} AND f.${bin} IS NOT NULL`)}) x JOIN ${part('channels')} c ON c.id = x.channel
      UNION ALL SELECT bucket, previous, key0, bin, 1 FROM ${part('pending')} WHERE bucket >= 0)`,
  ];
}

/**
 * The same as `middleOf`, read from the parts of the scale that hold the middle alone (`w`); where that is nothing, it need
 * not be read. They are looked for within the doublings that hold it (`o`), so that few have to be put in order.
 */
function middleOnScale({ name, median }: MedianColumn, by: SQL[]): SQL {
  const { at, value, bin, now } = scales[median];
  const part = (what: string) => sql.raw(`${name}_${what}`);
  const group = sql.join(by, sql`, `);
  const groupOf = (table: string) =>
    sql.join(
      by.map((one) => sql`${sql.raw(table)}.${one}`),
      sql`, `,
    );
  const bucket = by.length === 1 ? sql`-1` : sql`w.bucket`;
  const same = (table: string, of = 'w') => sql.raw(by.length > 2 ? `${table}.key0 IS ${of}.key0` : '1');
  const holds = sql`upto >= lower AND upto - n < upper`;
  return sql`WITH o AS MATERIALIZED (SELECT *, upto - n AS before FROM (SELECT *, (many + 1) / 2 AS lower, (many + 2) / 2 AS upper FROM (
      SELECT *, sum(n) OVER (PARTITION BY ${group} ORDER BY part) AS upto, sum(n) OVER (PARTITION BY ${group}) AS many
      FROM (SELECT ${group}, bin >> 6 AS part, sum(n) AS n FROM ${part('bins')} GROUP BY ${group}, part))) WHERE ${holds}),
    w AS MATERIALIZED (SELECT ${group}, bin, n, lower - upto + n AS lower, upper - upto + n AS upper FROM (
      SELECT *, before + sum(n) OVER (PARTITION BY ${group}, part ORDER BY bin) AS upto
      FROM (SELECT ${groupOf('o')}, part, before, lower, upper, h.bin AS bin, sum(h.n) AS n FROM ${part('bins')} h CROSS JOIN o
        ON h.bin >> 6 = part AND h.previous = o.previous AND ${by.length === 1 ? sql`1` : sql`h.bucket = o.bucket`} AND ${same('h', 'o')} GROUP BY ${groupOf('o')}, h.bin)) WHERE ${holds})
    SELECT ${group}, avg(v) / ${sql.raw(`${dayMs}.0`)} AS v FROM (
      SELECT *, row_number() OVER (PARTITION BY ${group}, bin ORDER BY v) AS turn FROM (
        SELECT w.*, ${sql.raw(`f.${value} AS v FROM w CROSS JOIN ${name}_times t CROSS JOIN ${now}_fact f WHERE f.${bin} = w.bin AND f.${at} >= t.lo AND f.${at} < t.hi`)}
          AND f.first_channel_id IN (SELECT id FROM ${part('channels')} c WHERE ${same('c')}) AND t.n = ${bucket} AND t.previous = w.previous AND w.bin <> 0
        UNION ALL SELECT w.*, x.v FROM w JOIN ${part('pending')} x ON x.bin = w.bin AND x.bucket = ${bucket} AND x.previous = w.previous AND ${same('x')} AND w.bin <> 0)
      UNION ALL SELECT w.*, 0, value FROM w JOIN json_each(json_array(lower, upper)) WHERE bin = 0 AND value > 0 AND value <= n)
    WHERE turn IN (lower, upper) GROUP BY ${group}`;
}
