import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { apiNames } from '../../domain/attribution/origin-field-names.ts';
import { groupFields } from '../../domain/attribution/origin-fields.ts';
import type { DimensionName } from '../../domain/reports/dimensions.ts';
import type { Basis, Quantity } from '../../domain/reports/measures.ts';
import type { PointModel } from '../../domain/reports/models.ts';
import { qualifiedStatuses } from '../fragments/qualified-statuses.ts';
import { currencyCode } from '../fragments/codes.ts';
import { splitPeriods } from '../../domain/reports/split-periods.ts';
import type { Level, Range } from '../../domain/reports/split-periods.ts';
import { dealTotalKinds, leadTotalKinds, submissionTotalKind } from '../fragments/total-kinds.ts';
import type { DealTotalKind, TotalKind } from '../fragments/total-kinds.ts';
import { createdVia } from '../../domain/capture/created-via.ts';
import { foldedInSql } from '../segments/stored.ts';
import { foreignSets, pendingSets } from './bases.ts';
import type { RowSet } from './bases.ts';
import { isOriginColumn, originColumns, siteOf } from './keys.ts';
import type { Key } from './keys.ts';
import type { OriginTable } from './origins.ts';
import { isOfAll, namesIn, namesOf } from './plan.ts';
import type { Plan } from './plan.ts';

/** A stored total (schema/totals.ts), and what its key says. */
type Total = {
  basis: Basis;
  /** The model whose points it is stored by, where its key has an origin. */
  model?: PointModel;
  /** What can be grouped by and filtered. */
  has: readonly DimensionName[];
  /** The kinds that are added, and taken away. */
  parts: Part[];
  /** The levels that are stored: all of them, unless they are named. */
  levels?: readonly Level[];
  /** Its number in `origins`. */
  origin?: SQL;
  origins?: OriginTable;
  keys?: Partial<Record<DimensionName, Key>>;
  quantities: Partial<Record<Quantity, SQL>>;
};
/** A kind, and the key and the numbers `m` and `won` of one row, as the views `lead_part` and `deal_part` have them. */
type Part = { kind: number; of: keyof typeof factRows; key: string; sign?: 1 | -1; m?: string; won?: string };

const closedIn = 'deal.closed_at >= p.lo AND deal.closed_at < p.hi';
const registeredIn = 'deal.registered_at >= p.lo AND deal.registered_at < p.hi';
const rowsOf = (leads: string, deals: string) => {
  const deal = `deal CROSS JOIN ${deals} f WHERE f.deal_id = deal.id AND`;
  return {
    lead: `person CROSS JOIN ${leads} f WHERE f.person_id = person.id AND person.created_at >= p.lo AND person.created_at < p.hi`,
    registered: `${deal} ${registeredIn}`,
    closed: `${deal} ${closedIn}`,
    gone: `${deal} (${closedIn} OR ${registeredIn}) AND max(f.registered_at, f.closed_at) >= p.lo AND max(f.registered_at, f.closed_at) < p.hi`,
  };
};
/** Rows of a part of a day, by the moment they count at: their facts, and where there are none the rows themselves. */
export const factRows = {
  ...rowsOf('lead_fact', 'deal_fact'),
  submission: `submission f LEFT JOIN origin ON origin.id = f.origin_id WHERE f.at >= p.lo AND f.at < p.hi`,
};
/** The same as the touches that led to them, with the credit of each. */
export const shareRows = rowsOf('lead_share', 'deal_share');

const keyed = (text: string): Key => ({ key: sql.raw(text), joins: [] });
const viaOf = (code: string): Key =>
  keyed(`CASE ${code} & 15 ${createdVia.map((via, n) => `WHEN ${n} THEN '${via}'`).join(' ')} END`);
/** Keys that have one value of their rows' origins. */
const byValue = { origin: sql`b.key & 16777215`, origins: 'origin_value' } as const;
const pathOf = (id: string) => ({ path: keyed(`(SELECT path FROM report_path WHERE id = ${id})`) });
const pathIdOf = (path: string, of: 'lead' | 'deal', id: string) =>
  `(SELECT ${path} FROM ${of}_settled WHERE ${id} = f.${id})`;
const said = sql.raw('(SELECT text FROM saying WHERE id = b.key >> 24)');
const ofOrigin = Object.keys(originColumns) as DimensionName[];
/** The dimensions that an `origin_group` has. */
export const ofGroup: readonly DimensionName[] = apiNames(groupFields);
/** Whether groups have all that a report asks of origins. */
export const fitsGroups = (plan: Plan): boolean =>
  namesOf(plan).every((name) => !isOriginColumn(name) || ofGroup.includes(name));

const lead = (
  { kind, key, levels: stored }: TotalKind,
  has: Total['has'],
  rest: Omit<Total, 'basis' | 'parts' | 'quantities' | 'has'>,
): Total => ({
  basis: 'lead',
  parts: [{ kind, of: 'lead', key, m: '(f.deal_state > 0)', won: '(f.deal_state = 2)' }],
  levels: stored,
  quantities: { leads: sql`b.total`, leadsWithDeal: sql`b.m`, leadsWon: sql`b.won` },
  has,
  ...rest,
});

/** Totals by lead status know which leads are qualified: all with such a status, and of the others those with a deal. */
const withQualified = (total: Total): Total => ({
  ...total,
  quantities: { ...total.quantities, leadsQualified: sql`iif(b.key IN ${qualifiedStatuses}, b.total, b.m)` },
});

/** Amounts of other currencies than the report's have to be converted, each by its day: they are read one by one. */
export const isHome = (key: string): SQL =>
  sql`${sql.raw(key)} & 32767 = (SELECT ${currencyCode(sql`currency`)} FROM rc)`;
const home = sql`iif(${isHome('b.key')}, b.m, 0)`;
const amountOf: Record<DealTotalKind['amount'], string> = {
  all: 'f.amount_minor',
  won: 'f.is_won * f.amount_minor',
  none: '0',
};
/** What a deal adds to a total of its kind. */
const dealPart = ({ kind, moment, key, amount }: DealTotalKind, sign: 1 | -1 = 1): Part => ({
  kind,
  of: moment,
  key,
  sign,
  m: amountOf[amount],
  won: amount === 'won' ? 'f.is_won' : '0',
});
const closed = { wonDeals: sql`b.won`, lostDeals: sql`(b.total - b.won)`, revenue: home };

/** Totals by the origins, or by the groups of origins, of one point. */
type ByPoint = { model: 'leadCreation' | 'firstTouch'; origins: 'origin' | 'origin_group' };
const restBy = ({ model, origins }: ByPoint) => ({
  model,
  origins,
  has: origins === 'origin' ? ofOrigin : ofGroup,
});
/** The site of a lead is that of its lead creation: groups of origins have none. */
const siteBy = ({ model, origins }: ByPoint, origin: SQL): { has: DimensionName[]; keys: NonNullable<Total['keys']> } =>
  model === 'leadCreation' && origins === 'origin'
    ? { has: ['site'], keys: { site: siteOf(origin) } }
    : { has: [], keys: {} };
const nameOf = ({ model, origins }: ByPoint) =>
  `${model === 'firstTouch' ? 'First' : 'Lead'}${origins === 'origin' ? 'Origin' : 'Group'}` as const;
const leadKinds: Record<ReturnType<typeof nameOf>, TotalKind> = {
  FirstOrigin: leadTotalKinds.firstOrigin,
  LeadOrigin: leadTotalKinds.leadOrigin,
  FirstGroup: leadTotalKinds.firstGroup,
  LeadGroup: leadTotalKinds.leadGroup,
};

function leadsBy(point: ByPoint): Total {
  const { has, ...rest } = restBy(point);
  const site = siteBy(point, sql`b.key >> 4`);
  return lead(leadKinds[nameOf(point)], [...has, 'createdVia', ...site.has], {
    ...rest,
    origin: sql`b.key >> 4`,
    keys: { createdVia: viaOf('b.key'), ...site.keys },
  });
}

function dealsBy(point: ByPoint): Total[] {
  const name = nameOf(point);
  const came = dealTotalKinds[`registeredBy${name}`];
  const closedKind = dealTotalKinds[`closedBy${name}`];
  const origin = sql`nullif(b.key >> 15, 0)`;
  const { has, ...by } = restBy(point);
  const site = siteBy(point, origin);
  const rest = { ...by, has: [...has, ...site.has], keys: site.keys, levels: came.levels, origin };
  return [
    { basis: 'dealRegistered', parts: [dealPart(came)], quantities: { deals: sql`b.total` }, ...rest },
    { basis: 'dealClosed', parts: [dealPart(closedKind)], quantities: closed, ...rest },
    {
      basis: 'dealOpen',
      parts: [dealPart(came), dealPart(dealTotalKinds[`goneBy${name}`], -1)],
      quantities: { openDeals: sql`b.total`, pipeline: home },
      ...rest,
    },
  ];
}

const pointsBy = (origins: ByPoint['origins']): ByPoint[] => [
  { model: 'leadCreation', origins },
  { model: 'firstTouch', origins },
];

/** The stored totals, those of fewer keys before those of more. The first that has all that is asked for is read. */
const totals: readonly Total[] = [
  withQualified(lead(leadTotalKinds.status, ['leadStatus'], { keys: { leadStatus: keyed('nullif(b.key, 0)') } })),
  ...pointsBy('origin_group').map(leadsBy),
  lead(leadTotalKinds.formAndChannel, ['form', 'channel'], {
    model: 'leadCreation',
    ...byValue,
    keys: { form: keyed('nullif(b.key >> 24, 0)') },
  }),
  lead(leadTotalKinds.formViaAndSource, ['form', 'createdVia', 'source'], {
    model: 'leadCreation',
    ...byValue,
    keys: { form: keyed('nullif(b.key >> 28, 0)'), createdVia: viaOf('(b.key >> 24)') },
  }),
  ...pointsBy('origin').map(leadsBy),
  lead(leadTotalKinds.sayingAndChannel, ['selfReported', 'channel'], {
    model: 'firstTouch',
    ...byValue,
    keys: { selfReported: { key: foldedInSql(said), text: said, joins: [] } },
  }),
  lead({ ...leadTotalKinds.path, key: pathIdOf('path_id', 'lead', 'person_id') }, ['path'], { keys: pathOf('b.key') }),
  {
    basis: 'submission',
    model: 'conversion',
    has: ['form', 'channel'],
    parts: [
      {
        kind: submissionTotalKind,
        of: 'submission',
        key: 'coalesce(f.form_id, 0) * 16777216 + coalesce(origin.channel_id, 0)',
        m: '(f.created_person = 0 AND f.person_id IS NOT NULL)',
      },
    ],
    ...byValue,
    levels: ['month', 'day'],
    keys: { form: keyed('nullif(b.key >> 24, 0)') },
    quantities: { submissions: sql`b.total`, conversions: sql`b.m` },
  },
  ...[...pointsBy('origin_group'), ...pointsBy('origin')].flatMap(dealsBy),
  {
    basis: 'dealRegistered',
    has: ['path'],
    parts: [dealPart({ ...dealTotalKinds.registeredByPath, key: pathIdOf('registered_path_id', 'deal', 'deal_id') })],
    keys: pathOf('b.key'),
    quantities: { deals: sql`b.total` },
  },
  {
    basis: 'dealClosed',
    has: ['path'],
    parts: [
      dealPart({
        ...dealTotalKinds.closedByPath,
        key: `${pathIdOf('closed_path_id', 'deal', 'deal_id')} * 32768 + f.currency`,
      }),
    ],
    keys: pathOf('b.key >> 15'),
    quantities: closed,
  },
];

/** Row sets that replace a full scan of the basis: `stored` totals are added as they are; `raw` rows are read one by one. */
export type TotalSets = { stored: RowSet[]; raw: RowSet[] };

/**
 * The rows of a basis as totals of whole months and days, the facts that a bucket has beside them, or has not although its days
 * do, and the rows that are not rolled up yet; null where what is asked for is not stored. `byPath` are totals of the paths of
 * channels that led to the rows, each once: every origin has a channel, so no touch is missing.
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
  if (!isOfAll(plan)) return null;
  const asked = namesIn(plan, basis);
  if (byPath && asked.some((name) => name !== 'channel')) return null;
  const names: DimensionName[] = byPath ? ['path'] : asked;
  const isByPath = names.includes('path');
  // Paths are stored for people's own journeys alone.
  if (isByPath && plan.query.level !== 'person') return null;
  const total = totals.find((one) => fits(one, { plan, basis, model, names, wanted }));
  if (!total) return null;
  // Paths are stored for one look-back window: for another, all rows are read as if none was rolled up.
  const holds = isByPath ? holdsLookBack(plan) : sql`1`;
  return {
    stored: [storedSet(plan, total, holds)],
    raw: isEager(basis) ? [] : unstoredSets(plan, { basis, wanted, holds }),
  };
}

/** Totals of submissions are added up as they arrive: none waits for roll-up. */
const isEager = (basis: Basis): boolean => basis === 'submission';

/** Whether a stored total has all that is asked for. */
function fits(
  total: Total,
  asked: {
    plan: Plan;
    basis: Basis;
    model: PointModel;
    names: readonly DimensionName[];
    wanted: ReadonlySet<Quantity>;
  },
): boolean {
  const { plan, basis, model, names, wanted } = asked;
  if (total.basis !== basis) return false;
  if (!names.every((name) => total.has.includes(name))) return false;
  // A measure that no total stores is read from rows, before and after roll-up alike.
  if (![...wanted].every((quantity) => total.quantities[quantity] !== undefined)) return false;
  if (total.origins === 'origin_group' && !fitsGroups(plan)) return false;
  // The origin in force at the form that created a person is its lead creation.
  const point = basis === 'lead' && model === 'conversion' ? 'leadCreation' : model;
  return total.model === undefined || total.model === point || !names.some(isOriginColumn);
}

/** A stored total over the periods of a report: whole months and days, and the facts that a bucket has beside them, or lacks. */
function storedSet(plan: Plan, total: Total, holds: SQL): RowSet {
  const { basis } = total;
  const { spans, edges } = splitPeriods(plan, {
    isOpen: basis === 'dealOpen',
    ...(total.levels ? { stored: total.levels } : {}),
  });
  const selects = total.parts.flatMap(({ kind, of, key, sign = 1, m = '0', won = '0' }) => {
    const row = sql.raw(sign === 1 ? 'p.sign' : '-p.sign');
    return [
      sql`SELECT p.n AS n, p.previous AS previous, t.key AS key, ${row} * t.n AS total, ${row} * t.m AS m, ${row} * t.won AS won
        FROM ${totalsIn('span', isEager(basis) ? 'report_total' : 'settled_total', kind)} AND ${holds}`,
      ...(edges.length === 0
        ? []
        : [
            sql`SELECT p.n, p.previous, ${sql.raw(key)}, ${row}, ${row} * ${sql.raw(m)}, ${row} * ${sql.raw(won)}
              FROM edge p CROSS JOIN ${sql.raw(factRows[of])} AND ${holds}`,
          ]),
    ];
  });
  // A key that is an origin's is looked up as fast as it is added to others; what other keys mean is looked up once.
  const isOnce = total.origins === undefined || total.origins === 'origin_value';
  const keys = plan.bucketed ? sql`n, previous, key` : sql`key`;
  const rows = sql.join(selects, sql` UNION ALL `);
  const added = sql`SELECT ${keys}, sum(total) AS total, sum(m) AS m, sum(won) AS won FROM (${rows}) GROUP BY ${keys}`;
  return {
    basis,
    sign: 1,
    from: sql`(WITH ${listed('span', spans)}, ${listed('edge', edges)} ${isOnce ? added : rows}) AS b`,
    conditions: isOnce ? [sql`(b.total <> 0 OR b.m <> 0)`] : [],
    end: sql`NULL`,
    quantities: total.quantities,
    stored: { origin: total.origin ?? sql`NULL`, origins: total.origins ?? 'origin', keys: total.keys ?? {}, isOnce },
  };
}

/** What has to be read row by row beside totals. */
export function unstoredSets(
  plan: Plan,
  { basis, wanted, holds }: { basis: Basis; wanted: ReadonlySet<Quantity>; holds: SQL },
): RowSet[] {
  // Without money, there is no currency to convert to.
  const isMoney = wanted.has('revenue') || wanted.has('pipeline');
  return [...pendingSets(plan, basis, holds), ...(isMoney ? foreignSets(plan, basis, holds) : [])];
}

/** Whether rows are rolled up with the look-back window that a report asks for. */
export const holdsLookBack = ({ query: { lookBackDays } }: Plan): SQL =>
  sql`(SELECT look_back_days FROM report_state) = ${lookBackDays}`;

/** The rows `t` of a table of totals, of one kind, that lie in ranges `p`. */
export const totalsIn = (ranges: string, table: string, kind: number): SQL =>
  sql`${sql.raw(`${ranges} p CROSS JOIN ${table} t`)} WHERE t.kind = ${kind} + p.kind_offset AND t.month >= p.lo AND t.month < p.hi`;

/** As a table that is read from JSON once, and not again for each row it is joined to. */
export const listed = (name: string, parts: Range[]): SQL =>
  sql`${sql.raw(name)}(n, previous, lo, hi, kind_offset, sign) AS MATERIALIZED (SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5
    FROM json_each(${JSON.stringify(parts)}))`;
