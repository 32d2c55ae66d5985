import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { DimensionName } from '../../domain/reports/dimensions.ts';
import type { Bucket } from '../../domain/reports/facts.ts';
import type { Basis, Quantity } from '../../domain/reports/measures.ts';
import type { PointModel } from '../../domain/reports/models.ts';
import { createdVia } from '../schema/people.ts';
import { foldedInSql } from '../segments/stored.ts';
import { foreignSets, pendingSets } from './bases.ts';
import type { RowSet } from './bases.ts';
import { isOriginColumn, originColumns } from './keys.ts';
import type { Key } from './keys.ts';
import { currencyCode } from './money.ts';
import { inRows } from './plan.ts';
import type { Plan } from './plan.ts';

/** What is kept added up (schema/totals.ts), and what its key says. */
type Total = {
  basis: Basis;
  /** Where it tells of an origin: by the points of this model alone. */
  model?: PointModel;
  /** What can be grouped by and filtered. */
  has: readonly DimensionName[];
  /** The kinds that are added, and taken away. */
  parts: Part[];
  origin?: SQL;
  keys?: Partial<Record<DimensionName, Key>>;
  quantities: Partial<Record<Quantity, SQL>>;
};
/** A kind, and the key and the numbers `m` and `won` of one row, as the views in drizzle/0014 have them. */
type Part = { kind: number; of: keyof typeof factRows; key: string; sign?: -1; m?: string; won?: string };

const closedIn = 'deal.closed_at >= p.lo AND deal.closed_at < p.hi';
const registeredIn = 'deal.registered_at >= p.lo AND deal.registered_at < p.hi';
const dealFacts = 'deal CROSS JOIN deal_fact f WHERE f.deal_id = deal.id AND';
/** Rows at the edges of months, by the moment they count at: their facts, and where none are kept they themselves. */
export const factRows = {
  lead: 'person CROSS JOIN lead_fact f WHERE f.person_id = person.id AND person.created_at >= p.lo AND person.created_at < p.hi',
  submission: `submission f LEFT JOIN origin ON origin.id = f.origin_id WHERE f.at >= p.lo AND f.at < p.hi AND +f.person_id IS NOT NULL`,
  registered: `${dealFacts} ${registeredIn}`,
  closed: `${dealFacts} ${closedIn}`,
  gone: `${dealFacts} (${closedIn} OR ${registeredIn}) AND max(f.registered_at, f.closed_at) >= p.lo AND max(f.registered_at, f.closed_at) < p.hi`,
} as const;

const keyed = (text: string): Key => ({ key: sql.raw(text), joins: [] });
const viaOf = (code: string): Key => keyed(`'${JSON.stringify(createdVia)}' ->> (${code} & 15)`);
/** Any origin of a channel or a source stands for all of them. */
const originBy = (column: string): SQL => sql.raw(`(SELECT min(id) FROM origin WHERE ${column} = b.key & 16777215)`);
const pathOf = (id: string) => ({ path: keyed(`(SELECT path FROM report_path WHERE id = ${id})`) });
const said = sql.raw('(SELECT text FROM saying WHERE id = b.key >> 24)');
const ofOrigin = Object.keys(originColumns) as DimensionName[];

const lead = (kind: number, key: string, has: Total['has'], rest: Pick<Total, 'model' | 'origin' | 'keys'>): Total => ({
  basis: 'lead',
  parts: [{ kind, of: 'lead', key, m: '(f.deal_state > 0)', won: '(f.deal_state = 2)' }],
  quantities: { leads: sql`b.total`, leadsWithDeal: sql`b.m`, leadsWon: sql`b.won` },
  has,
  ...rest,
});

/** Amounts of other currencies than the report's have to be converted, each by its day: they are read one by one. */
const home = sql`CASE WHEN b.key & 32767 = (SELECT ${currencyCode(sql`currency`)} FROM rc) THEN b.m ELSE 0 END`;
const ofClosed = { of: 'closed', m: 'f.is_won * f.amount_minor', won: 'f.is_won' } as const;
const closed = { wonDeals: sql`b.won`, lostDeals: sql`(b.total - b.won)`, revenue: home };

function dealsBy(model: PointModel, column: string, first: 0 | 1): Total[] {
  const key = `f.${column} * 32768 + f.currency`;
  const came: Part = { kind: 20 + first, of: 'registered', key, m: 'f.amount_minor' };
  const gone: Part = { ...came, kind: 28 + first, of: 'gone', sign: -1 };
  const rest = { model, has: ofOrigin, origin: sql`nullif(b.key >> 15, 0)` };
  return [
    { basis: 'dealRegistered', parts: [came], quantities: { deals: sql`b.total` }, ...rest },
    { basis: 'dealClosed', parts: [{ kind: 24 + first, key, ...ofClosed }], quantities: closed, ...rest },
    { basis: 'dealOpen', parts: [came, gone], quantities: { openDeals: sql`b.total`, pipeline: home }, ...rest },
  ];
}

/** What is kept, that of fewer keys before that of more. The first that has all that is asked for is read. */
const totals: readonly Total[] = [
  lead(3, 'f.status_id', ['leadStatus'], { keys: { leadStatus: keyed('nullif(b.key, 0)') } }),
  lead(4, 'f.form_id * 16777216 + f.lead_channel_id', ['form', 'channel'], {
    model: 'leadCreation',
    origin: originBy('channel_id'),
    keys: { form: keyed('nullif(b.key >> 24, 0)') },
  }),
  lead(6, '(f.form_id * 16 + f.via) * 16777216 + f.lead_source_id', ['form', 'createdVia', 'source'], {
    model: 'leadCreation',
    origin: originBy('source_id'),
    keys: { form: keyed('nullif(b.key >> 28, 0)'), createdVia: viaOf('(b.key >> 24)') },
  }),
  lead(1, 'f.first_origin_id * 16 + f.via', [...ofOrigin, 'createdVia'], {
    model: 'firstTouch',
    origin: sql`b.key >> 4`,
    keys: { createdVia: viaOf('b.key') },
  }),
  lead(2, 'f.lead_origin_id * 16 + f.via', [...ofOrigin, 'createdVia'], {
    model: 'leadCreation',
    origin: sql`b.key >> 4`,
    keys: { createdVia: viaOf('b.key') },
  }),
  lead(7, 'f.saying_id * 16777216 + f.first_channel_id', ['selfReported', 'channel'], {
    model: 'firstTouch',
    origin: originBy('channel_id'),
    keys: { selfReported: { key: foldedInSql(said), shown: said, joins: [] } },
  }),
  lead(8, 'f.path_id', ['path'], { keys: pathOf('b.key') }),
  {
    basis: 'submission',
    model: 'conversion',
    has: ['form', 'channel'],
    parts: [
      {
        kind: 5,
        of: 'submission',
        key: 'f.form_id * 16777216 + coalesce(origin.channel_id, 0)',
        m: '(f.created_person = 0)',
      },
    ],
    origin: originBy('channel_id'),
    keys: { form: keyed('b.key >> 24') },
    quantities: { submissions: sql`b.total`, conversions: sql`b.m` },
  },
  ...dealsBy('leadCreation', 'lead_origin_id', 0),
  ...dealsBy('firstTouch', 'first_origin_id', 1),
  {
    basis: 'dealRegistered',
    has: ['path'],
    parts: [{ kind: 22, of: 'registered', key: 'f.registered_path_id' }],
    keys: pathOf('b.key'),
    quantities: { deals: sql`b.total` },
  },
  {
    basis: 'dealClosed',
    has: ['path'],
    parts: [{ kind: 26, key: 'f.closed_path_id * 32768 + f.currency', ...ofClosed }],
    keys: pathOf('b.key >> 15'),
    quantities: closed,
  },
];

/** Rows to be read instead of all of a basis: `kept` as they are, of the `raw` each that there is. */
export type TotalSets = { kept: RowSet[]; raw: RowSet[] };

/**
 * The rows of a basis as totals of whole months, the facts that a bucket has beside them, or has not although its months
 * do, and the rows that are not settled yet; null where what is asked for is not kept. `byPath` are totals of the paths of
 * channels that led to the rows, each once, from which credit is shared: every origin has a channel, so no touch is missing.
 */
export function totalSets(
  plan: Plan,
  {
    basis,
    model = 'leadCreation',
    wanted,
    byPath = false,
  }: { basis: Basis; model?: PointModel; wanted: ReadonlySet<Quantity>; byPath?: boolean },
): TotalSets | null {
  const { where, asOf, filter, level, lookBackDays } = plan.query;
  if (where !== null || asOf !== null) return null;
  const asked = [...(inRows(plan, basis) ? plan.dimensions : []), ...(Object.keys(filter) as DimensionName[])];
  if (byPath && asked.some((name) => name !== 'channel')) return null;
  const names: DimensionName[] = byPath ? ['path'] : asked;
  // The origin in force at the form that created a person is its lead creation.
  const point = basis === 'lead' && model === 'conversion' ? 'leadCreation' : model;
  const total = totals.find(
    (one) =>
      one.basis === basis &&
      names.every((name) => one.has.includes(name)) &&
      (one.model === undefined || one.model === point || !names.some(isOriginColumn)),
  );
  const isByPath = names.includes('path');
  if (!total || (isByPath && level !== 'person')) return null;
  const isEager = basis === 'submission';
  const { spans, edges } = partsOf(plan, { isOpen: basis === 'dealOpen', sizes: isEager ? [1] : [12, 3, 1] });
  // Paths are kept by one look-back window: where it is another, all are read as if none was settled.
  const holds = isByPath ? sql`(SELECT look_back_days FROM report_state) = ${lookBackDays}` : sql`1`;
  const selects = total.parts.flatMap(({ kind, of, key, sign = 1, m = '0', won = '0' }) => {
    const by = (column: string) => sql.raw(sign === 1 ? column : `-${column}`);
    const row = sql.raw(sign === 1 ? 'p.sign' : '-p.sign');
    return [
      sql`SELECT p.n AS n, p.previous AS previous, t.key AS key, ${by('t.n')} AS total, ${by('t.m')} AS m, ${by('t.won')} AS won
        FROM span p CROSS JOIN ${sql.raw(isEager ? 'report_total' : 'settled_total')} t
        WHERE t.kind = ${kind} + p.sign AND t.month >= p.lo AND t.month < p.hi AND ${holds}`,
      ...(edges.length === 0
        ? []
        : [
            sql`SELECT p.n, p.previous, ${sql.raw(key)}, ${row}, ${row} * ${sql.raw(m)}, ${row} * ${sql.raw(won)}
              FROM edge p CROSS JOIN ${sql.raw(factRows[of])} AND ${holds}`,
          ]),
    ];
  });
  // A key that is an origin's is looked up as fast as it is put together with others; what other keys say is looked up once.
  const isOnce = !ofOrigin.every((name) => total.has.includes(name));
  const rows = sql.join(selects, sql` UNION ALL `);
  const kept: RowSet = {
    basis,
    sign: 1,
    from: sql`(WITH ${listed('span', spans)}, ${listed('edge', edges)} ${
      isOnce
        ? sql`SELECT n, previous, key, sum(total) AS total, sum(m) AS m, sum(won) AS won FROM (${rows}) GROUP BY n, previous, key`
        : rows
    }) AS b`,
    conditions: isOnce ? [sql`(b.total <> 0 OR b.m <> 0)`] : [],
    end: sql`NULL`,
    quantities: Object.fromEntries([...wanted].map((quantity) => [quantity, total.quantities[quantity]!])),
    kept: { origin: total.origin ?? sql`NULL`, keys: total.keys ?? {} },
  };
  return {
    kept: [kept],
    // Without money, there is no currency to convert to.
    raw: isEager
      ? []
      : [
          ...pendingSets(plan, basis, holds),
          ...((['revenue', 'pipeline'] as const).some((one) => wanted.has(one)) ? foreignSets(plan, basis, holds) : []),
        ],
  };
}

/** Of a bucket, months from `lo` to `hi` (`YYYYMM`; `sign` is what their kind has more than that of months), or milliseconds, which `sign` adds or takes away. */
export type Range = [bucket: number, previous: 0 | 1, lo: number, hi: number, sign: number];

/**
 * Each bucket as years, quarters and months of UTC from the boundary nearest to its begin to the one nearest to its end,
 * and the rest. What is open is counted from the first there is. Beyond now there is next to nothing: a period that reaches
 * it goes on to the end of the year, and all time is one total.
 */
export function partsOf(
  { time: { current, previous }, now }: Plan,
  { isOpen = false, sizes = [12, 3, 1] }: { isOpen?: boolean; sizes?: number[] } = {},
): { spans: Range[]; edges: Range[] } {
  const spans: Range[] = [];
  const edges: Range[] = [];
  const part = ({ from: begin, to }: Bucket, bucket: number, isPrevious: 0 | 1) => {
    const from = isOpen && bucket === 0 ? 0 : Math.max(0, begin);
    const edge = (lo: number, hi: number, sign: 1 | -1) => {
      if (lo < hi) edges.push([bucket, isPrevious, lo, hi, sign]);
    };
    const span = (lo: number, hi: number, sign: number) => spans.push([bucket, isPrevious, lo, hi, sign]);
    const month = monthOf(to);
    const isNearer = Math.min(startOf(month + 1), Math.max(to, now)) - to <= to - startOf(month);
    const reachesNow = isNearer && startOf(month + 1) > now;
    if (from === 0 && reachesNow && sizes.length > 1) {
      span(0, 1, 300);
      return edge(to, 9e15, -1);
    }
    const first = from === 0 ? 0 : nearestMonth(from);
    const last = reachesNow ? month + 12 - (month % 12) : month + (isNearer ? 1 : 0);
    if (first >= last || startOf(first) > to) return edge(from, to, 1);
    for (let at = first; at < last;) {
      const size = sizes.find((one) => at % one === 0 && at + one <= last)!;
      // From the year 0 on, all at once.
      const next = at === 0 ? last - (last % size) : at + size;
      span(named(at), named(next), { 12: 200, 3: 100, 1: 0 }[size]!);
      at = next;
    }
    if (from > 0) {
      edge(from, startOf(first), 1);
      edge(startOf(first), from, -1);
    }
    edge(startOf(last), to, 1);
    edge(to, startOf(last), -1);
  };
  current.forEach((bucket, n) => part(bucket, n, 0));
  previous?.forEach((bucket, n) => part(bucket, n, 1));
  return { spans, edges };
}

/** Months are counted from the year 0. */
function monthOf(at: number): number {
  const date = new Date(at);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}
const startOf = (month: number): number => Date.UTC(Math.floor(month / 12), month % 12, 1);
const named = (month: number): number => Math.floor(month / 12) * 100 + (month % 12) + 1;

function nearestMonth(at: number): number {
  const month = monthOf(at);
  return at - startOf(month) <= startOf(month + 1) - at ? month : month + 1;
}

/** As a table that is read from JSON once, and not again for each row it is joined to. */
export const listed = (name: string, parts: Range[]): SQL =>
  sql`${sql.raw(name)}(n, previous, lo, hi, sign) AS MATERIALIZED (SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4
    FROM json_each(${JSON.stringify(parts)}))`;
