import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { DimensionName } from '../../domain/reports/dimensions.ts';
import type { Bucket } from '../../domain/reports/facts.ts';
import type { Basis, Quantity } from '../../domain/reports/measures.ts';
import type { PointModel } from '../../domain/reports/models.ts';
import type { RowSet } from './bases.ts';
import { isOriginColumn } from './keys.ts';
import { inRows } from './plan.ts';
import type { Plan } from './plan.ts';

/** Rows of `report_total` (schema/totals.ts), and what their key says. */
type Total = {
  kind: number;
  basis: Basis;
  /** Of leads by origin: the point that credit goes to. */
  model?: PointModel;
  /** What can be grouped by and filtered. */
  has: (name: DimensionName) => boolean;
  /** The key of one row, as the triggers make it. */
  rowKey: SQL;
  origin?: SQL;
  keys: Partial<Record<DimensionName, SQL>>;
  quantities: Partial<Record<Quantity, SQL>>;
};

/** In the order of the triggers in drizzle/0011, which write them. */
const via = ['form', 'api', 'import', 'chat', 'phone', 'event', 'manual'] as const;
const viaOfKey = sql.raw(
  `CASE b.key & 15 ${via.map((name, code) => `WHEN ${code} THEN '${name}'`).join(' ')} ELSE 'other' END`,
);
const viaOfRow = `CASE person.created_via ${via.map((name, code) => `WHEN '${name}' THEN ${code}`).join(' ')} ELSE 7 END`;

const leads = { leads: sql`b.total`, leadsWithDeal: sql`b.m`, leadsWon: sql`b.won` };

const byOrigin = (kind: number, model: PointModel, column: string): Total => ({
  kind,
  basis: 'lead',
  model,
  has: (name) => isOriginColumn(name) || name === 'createdVia',
  rowKey: sql.raw(`person.${column} * 16 + ${viaOfRow}`),
  origin: sql`b.key >> 4`,
  keys: { createdVia: viaOfKey },
  quantities: leads,
});

const byKey = (total: Pick<Total, 'kind' | 'basis' | 'quantities'>, name: DimensionName, column: string): Total => ({
  ...total,
  has: (one) => one === name,
  rowKey: sql.raw(`coalesce(${column}, 0)`),
  keys: { [name]: sql`nullif(b.key, 0)` },
});

/** What is kept, by the numbers that the triggers of drizzle/0011 know it by. The first that has all that is asked for is read. */
const totalKinds: readonly Total[] = [
  byKey({ kind: 3, basis: 'lead', quantities: leads }, 'leadStatus', 'person.lead_status_id'),
  byKey({ kind: 4, basis: 'lead', quantities: leads }, 'form', 'person.created_form_id'),
  byOrigin(1, 'firstTouch', 'first_touch_origin_id'),
  byOrigin(2, 'leadCreation', 'lead_creation_origin_id'),
  // The origin in force at the form that created a person is its lead creation.
  byOrigin(2, 'conversion', 'lead_creation_origin_id'),
  byKey(
    { kind: 5, basis: 'submission', quantities: { submissions: sql`b.total`, conversions: sql`b.m` } },
    'form',
    'submission.form_id',
  ),
];

/**
 * The rows of a basis as whole months that are kept added up, and the rows that a bucket has beside them, or has not although
 * its months do; null where what is asked for is not kept, or no month is whole enough.
 */
export function totalSet(
  plan: Plan,
  { basis, model, wanted }: { basis: Basis; model: PointModel; wanted: ReadonlySet<Quantity> },
): RowSet | null {
  const { where, asOf, filter } = plan.query;
  if (where !== null || asOf !== null) return null;
  const names = [...(inRows(plan, basis) ? plan.dimensions : []), ...(Object.keys(filter) as DimensionName[])];
  const total = totalKinds.find(
    (one) => one.basis === basis && (one.model === undefined || one.model === model) && names.every(one.has),
  );
  if (!total || ![...wanted].every((quantity) => total.quantities[quantity] !== undefined)) return null;
  const { months, edges } = partMonths(plan);
  if (months.length === 0) return null;
  const kept = sql`SELECT p.n AS n, p.previous AS previous, t.key AS key, t.n AS total, t.m AS m, t.won AS won
    FROM ${listed(months)} p CROSS JOIN report_total t WHERE t.kind = ${total.kind} AND t.month >= p.lo AND t.month < p.hi`;
  const row =
    basis === 'lead'
      ? sql`p.sign, p.sign * (person.deal_state > 0), p.sign * (person.deal_state = 2)
          FROM ${listed(edges)} p CROSS JOIN person WHERE person.created_at >= p.lo AND person.created_at < p.hi`
      : sql`p.sign, p.sign * (submission.created_person = 0), 0
          FROM ${listed(edges)} p CROSS JOIN submission WHERE submission.at >= p.lo AND submission.at < p.hi
            AND +submission.person_id IS NOT NULL`;
  const all = edges.length === 0 ? kept : sql`${kept} UNION ALL SELECT p.n, p.previous, ${total.rowKey}, ${row}`;
  return {
    basis,
    sign: 1,
    // What a month has, and its part in the bucket has not, is nothing, and no group.
    from: edges.some(([, , , , sign]) => sign < 0)
      ? sql`(SELECT n, previous, key, sum(total) AS total, sum(m) AS m, sum(won) AS won FROM (${all}) GROUP BY n, previous, key) AS b`
      : sql`(${all}) AS b`,
    conditions: [sql`b.total <> 0`],
    end: sql`NULL`,
    quantities: Object.fromEntries([...wanted].map((quantity) => [quantity, total.quantities[quantity]!])),
    kept: { origin: total.origin ?? sql`NULL`, keys: total.keys },
  };
}

/** Months are from `lo`, as `YYYYMM`, up to `hi`; edges are milliseconds, and are taken away where `sign` is -1. */
type Part = [bucket: number, previous: 0 | 1, lo: number, hi: number, sign: 1 | -1];

/** Each bucket as months of UTC from the boundary nearest to its begin to the one nearest to its end, and the rest; all time, up to the month it ends in. */
function partMonths({ time: { current, previous } }: Plan): { months: Part[]; edges: Part[] } {
  const months: Part[] = [];
  const edges: Part[] = [];
  const part = ({ from, to }: Bucket, bucket: number, isPrevious: 0 | 1) => {
    // All time has no first month.
    const first = from <= 0 ? 0 : nearestMonth(from);
    // Of many months, each group would be added up twice for what is taken away.
    const last = from <= 0 ? startOfMonth(to, 0) : nearestMonth(to);
    if (from > 0 && first >= last) {
      if (to > from) edges.push([bucket, isPrevious, from, to, 1]);
      return;
    }
    months.push([bucket, isPrevious, from <= 0 ? 0 : monthOf(first), monthOf(last), 1]);
    if (from > 0 && from < first) edges.push([bucket, isPrevious, from, first, 1]);
    if (from > 0 && first < from) edges.push([bucket, isPrevious, first, from, -1]);
    if (last < to) edges.push([bucket, isPrevious, last, to, 1]);
    if (to < last) edges.push([bucket, isPrevious, to, last, -1]);
  };
  current.forEach((bucket, n) => part(bucket, n, 0));
  previous?.forEach((bucket, n) => part(bucket, n, 1));
  return { months, edges };
}

function nearestMonth(at: number): number {
  const before = startOfMonth(at, 0);
  const after = startOfMonth(at, 1);
  return at - before <= after - at ? before : after;
}

function startOfMonth(at: number, after: 0 | 1): number {
  const date = new Date(at);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + after, 1);
}

function monthOf(at: number): number {
  const date = new Date(at);
  return date.getUTCFullYear() * 100 + date.getUTCMonth() + 1;
}

const listed = (parts: Part[]): SQL =>
  sql`(SELECT value ->> 0 AS n, value ->> 1 AS previous, value ->> 2 AS lo, value ->> 3 AS hi, value ->> 4 AS sign FROM json_each(${JSON.stringify(parts)}))`;
