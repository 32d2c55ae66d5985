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
  origin?: SQL;
  keys: Partial<Record<DimensionName, SQL>>;
  quantities: Partial<Record<Quantity, SQL>>;
};

/** In the order of the triggers in drizzle/0011, which write them. */
const via = ['form', 'api', 'import', 'chat', 'phone', 'event', 'manual'] as const;
const viaOfKey = sql.raw(
  `CASE total.key & 15 ${via.map((name, code) => `WHEN ${code} THEN '${name}'`).join(' ')} ELSE 'other' END`,
);

const leads = { leads: sql`total.n`, leadsWithDeal: sql`total.m`, leadsWon: sql`total.won` };

const byOrigin = (kind: number, model: PointModel): Total => ({
  kind,
  basis: 'lead',
  model,
  has: (name) => isOriginColumn(name) || name === 'createdVia',
  origin: sql`total.key >> 4`,
  keys: { createdVia: viaOfKey },
  quantities: leads,
});

const byKey = (kind: number, basis: Basis, name: DimensionName, quantities: Total['quantities']): Total => ({
  kind,
  basis,
  has: (one) => one === name,
  keys: { [name]: sql`nullif(total.key, 0)` },
  quantities,
});

/** What is kept, by the numbers that the triggers of drizzle/0011 know it by. The first that has all that is asked for is read. */
const totalKinds: readonly Total[] = [
  byKey(3, 'lead', 'leadStatus', leads),
  byKey(4, 'lead', 'form', leads),
  byOrigin(1, 'firstTouch'),
  byOrigin(2, 'leadCreation'),
  // The origin in force at the form that created a person is its lead creation.
  byOrigin(2, 'conversion'),
  byKey(5, 'submission', 'form', { submissions: sql`total.n`, conversions: sql`total.m` }),
];

/**
 * The rows of a basis as whole months that are kept added up, and what lies before and after them in each bucket as rows of
 * their own; null where what is asked for is not kept, or nothing asked for is a whole month.
 */
export function totalSets(
  plan: Plan,
  { basis, model, wanted, rows }: { basis: Basis; model: PointModel; wanted: ReadonlySet<Quantity>; rows: RowSet[] },
): RowSet[] | null {
  const { where, asOf, filter } = plan.query;
  if (where !== null || asOf !== null) return null;
  const names = [...(inRows(plan, basis) ? plan.dimensions : []), ...(Object.keys(filter) as DimensionName[])];
  const total = totalKinds.find(
    (one) => one.basis === basis && (one.model === undefined || one.model === model) && names.every(one.has),
  );
  if (!total || ![...wanted].every((quantity) => total.quantities[quantity] !== undefined)) return null;
  const { months, edges } = partMonths(plan);
  if (months.length === 0) return null;
  const told = Object.fromEntries([...wanted].map((quantity) => [quantity, total.quantities[quantity]!]));
  const kept: RowSet = {
    basis,
    sign: 1,
    from: sql`${listed(months)} AS b CROSS JOIN report_total AS total`,
    conditions: [sql`total.kind = ${total.kind} AND total.month >= b.lo AND total.month < b.hi AND total.n <> 0`],
    end: sql`NULL`,
    quantities: told,
    kept: { origin: total.origin ?? sql`NULL`, keys: total.keys },
  };
  if (edges.length === 0) return [kept];
  // The rows themselves, in the edges alone: their sets are of one table each, by its own time.
  const table = basis === 'lead' ? sql`person` : sql`submission`;
  const at = basis === 'lead' ? sql`person.created_at` : sql`submission.at`;
  const [set] = rows;
  const isWhole = basis === 'submission' ? [sql`submission.person_id IS NOT NULL`] : [];
  const hasDeal = {
    leads: sql`1`,
    leadsWithDeal: sql`(person.deal_state > 0)`,
    leadsWon: sql`(person.deal_state = 2)`,
  };
  return [
    kept,
    {
      ...set!,
      from: sql`${listed(edges)} AS b CROSS JOIN ${table}`,
      conditions: [sql`${at} >= b.lo AND ${at} < b.hi`, ...isWhole],
      quantities: basis === 'lead' ? hasDeal : set!.quantities,
    },
  ];
}

type Part = [bucket: number, previous: 0 | 1, lo: number, hi: number];

/** Each bucket as the months (`YYYYMM`, UTC) that are whole in it, and the times before and after these. `hi` is not in. */
function partMonths({ time: { current, previous } }: Plan): { months: Part[]; edges: Part[] } {
  const months: Part[] = [];
  const edges: Part[] = [];
  const part = ({ from, to }: Bucket, bucket: number, isPrevious: 0 | 1) => {
    const first = startOfMonth(from - 1, 1);
    const last = startOfMonth(to, 0);
    // All time has no first month.
    const lo = from <= 0 ? -Infinity : first;
    if (lo >= last) {
      if (to > from) edges.push([bucket, isPrevious, from, to]);
      return;
    }
    months.push([bucket, isPrevious, from <= 0 ? 0 : monthOf(first), monthOf(last)]);
    if (from > 0 && from < first) edges.push([bucket, isPrevious, from, first]);
    if (last < to) edges.push([bucket, isPrevious, last, to]);
  };
  current.forEach((bucket, n) => part(bucket, n, 0));
  previous?.forEach((bucket, n) => part(bucket, n, 1));
  return { months, edges };
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
  sql`(SELECT value ->> 0 AS n, value ->> 1 AS previous, value ->> 2 AS lo, value ->> 3 AS hi FROM json_each(${JSON.stringify(parts)}))`;
