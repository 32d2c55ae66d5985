import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { DimensionName } from '../../domain/reports/dimensions.ts';
import type { Basis, Median, medians, quantities, Quantity } from '../../domain/reports/measures.ts';
import type { Bucket } from '../../domain/reports/facts.ts';
import type { PointModel } from '../../domain/reports/models.ts';
import { qualifiedStatuses } from '../fragments/qualified-statuses.ts';
import type { Key, Table } from './keys.ts';
import { converted, dayOf, target } from './money.ts';
import type { OriginTable } from './origins.ts';
import type { Plan } from './plan.ts';

/**
 * Rows of a basis in the periods asked for. Most bases are one such set. What is open at the end of each part of a
 * period is two where there are several parts: what came, and what went, to be added up from the first part on.
 */
export type RowSet = {
  basis: Basis;
  from: SQL;
  conditions: SQL[];
  sign: 1 | -1;
  /** The end of the journey that led to a row. */
  end: SQL;
  quantities: Partial<Record<Quantity, SQL>>;
  /** Of stored totals: what their key has instead of rows, and whether each key is there once. */
  stored?: { origin: SQL; origins: OriginTable; keys: Partial<Record<DimensionName, Key>>; isOnce: boolean };
};

/** Where the point of a model stands in the rows of a basis. */
export type Point = {
  origin: SQL;
  landing: SQL;
  joins: readonly Table[];
  /** Joins that the landing page alone needs. */
  landingJoins?: readonly Table[];
};

const joinsOf: Record<Basis, Partial<Record<Table, SQL>>> = {
  visit: {},
  cost: {},
  newValue: {},
  lead: {
    company: sql`LEFT JOIN company ON company.id = person.company_id`,
    creation: sql`LEFT JOIN submission AS creation ON creation.id = person.creation_id`,
  },
  submission: {
    person: sql`LEFT JOIN person ON person.id = submission.person_id`,
    company: sql`LEFT JOIN company ON company.id = submission.company_id`,
    creation: sql`LEFT JOIN submission AS creation ON creation.id = person.creation_id`,
  },
  dealRegistered: dealJoins(),
  dealClosed: dealJoins(),
  dealOpen: dealJoins(),
};

function dealJoins(): Partial<Record<Table, SQL>> {
  return {
    person: sql`LEFT JOIN person ON person.id = deal.person_id`,
    company: sql`LEFT JOIN company ON company.id = deal.company_id`,
    creation: sql`LEFT JOIN submission AS creation ON creation.id = person.creation_id`,
    // Only a deal without a person is credited by its company's source.
    source_company: sql`LEFT JOIN company AS source_company
      ON source_company.id = CASE WHEN deal.person_id IS NULL THEN deal.company_id END`,
  };
}

const joinOrder: readonly Table[] = ['person', 'company', 'creation', 'source_company'];

/** The joins of some tables to a basis, each once, in the order they need each other. */
export function joinTables(basis: Basis, tables: Iterable<Table>): SQL {
  const wanted = new Set(tables);
  return sql.join(
    joinOrder.flatMap((table) => (wanted.has(table) && joinsOf[basis][table] ? [joinsOf[basis][table]] : [])),
    sql` `,
  );
}

export function pointOf(basis: Basis, model: PointModel): Point {
  switch (basis) {
    case 'visit':
      return { origin: sql`visit_day.origin_id`, landing: sql`visit_day.landing_page_id`, joins: [] };
    case 'cost':
      return { origin: sql`cost.origin_id`, landing: sql`NULL`, joins: [] };
    case 'newValue':
      return { origin: sql`NULL`, landing: sql`NULL`, joins: [] };
    case 'submission':
      if (model === 'conversion') {
        return { origin: sql`submission.origin_id`, landing: sql`submission.landing_page_id`, joins: [] };
      }
      return pointOfPerson(model);
    case 'lead':
      return pointOfPerson(model);
    case 'dealRegistered':
    case 'dealClosed':
    case 'dealOpen': {
      const column = pointColumns[model];
      return {
        origin: sql.raw(`deal.${column}_origin_id`),
        landing: sql.raw(`coalesce(person.${column}_landing_page_id, source_company.${column}_landing_page_id)`),
        joins: [],
        landingJoins: ['person', 'source_company'],
      };
    }
  }
}

/** The origin in force at the form that created a person is its lead creation. */
const pointColumns = { firstTouch: 'first_touch', leadCreation: 'lead_creation', conversion: 'lead_creation' } as const;

function pointOfPerson(model: PointModel): Point {
  const column = pointColumns[model];
  return {
    origin: sql.raw(`person.${column}_origin_id`),
    landing: sql.raw(`person.${column}_landing_page_id`),
    joins: ['person'],
  };
}

/** When the person of a row was first touched, for the bases that medians are of. */
export const firstTouchAt: Record<(typeof medians)[Median]['basis'], SQL> = {
  lead: sql`person.first_touch_at`,
  dealRegistered: sql`coalesce(person.first_touch_at, source_company.first_touch_at)`,
  dealClosed: sql`coalesce(person.first_touch_at, source_company.first_touch_at)`,
};

/**
 * A number of a row set.
 * @throws Error where the set has no such number: a report would be wrong without a word.
 */
export function quantityOf({ basis, quantities: numbers }: RowSet, quantity: Quantity): SQL {
  const number = numbers[quantity];
  if (!number) throw new Error(`Rows of ${basis} have no ${quantity}.`);
  return number;
}

/** The whole of a period that is one bucket. */
function onlyBucket({ time: { current } }: Plan): Bucket {
  const [bucket] = current;
  if (!bucket) throw new Error('A report has no period.');
  return bucket;
}

/** Rows of a table whose time lies in a bucket: the bucket's number is `b.n`. */
function within(plan: Plan, table: SQL, at: SQL): Pick<RowSet, 'from' | 'conditions'> {
  if (plan.bucketed) {
    return { from: sql`buckets AS b CROSS JOIN ${table}`, conditions: [sql`${at} >= b.lo AND ${at} < b.hi`] };
  }
  const { from, to } = onlyBucket(plan);
  // All time needs no lower bound.
  return { from: table, conditions: [...(from > 0 ? [sql`${at} >= ${from}`] : []), sql`${at} < ${to}`] };
}

function withinDays(plan: Plan, table: SQL, day: SQL): Pick<RowSet, 'from' | 'conditions'> {
  if (plan.bucketed) {
    return { from: sql`buckets AS b CROSS JOIN ${table}`, conditions: [sql`${day} >= b.lo_day AND ${day} < b.hi_day`] };
  }
  const { fromDay, toDay } = onlyBucket(plan);
  return { from: table, conditions: [sql`${day} >= ${fromDay} AND ${day} < ${toDay}`] };
}

/** An open deal's amount times its probability, in whole minor units: a half goes up. Whole numbers throughout, so nothing is lost. */
export const weightedMinor = sql`((deal.amount_minor * deal.probability + 50) / 100)`;

const money = (end: SQL, minor: SQL = sql`deal.amount_minor`): SQL =>
  converted({ minor, currency: sql`deal.currency`, day: dayOf(end) });

/** The row sets that a basis is counted in. */
export function rowSets(plan: Plan, basis: Basis): RowSet[] {
  return setsOf(plan, basis).map((set) => ({ ...set, conditions: [...set.conditions, ...belongs(plan, basis)] }));
}

/** The rows that are not rolled up yet; all rows, where `holds` is false. */
export function pendingSets(plan: Plan, basis: Basis, holds: SQL): RowSet[] {
  const [name, table] = basis === 'lead' ? ['lead', 'person'] : ['deal', 'deal'];
  return setsOf(plan, basis).map((set) => ({
    ...set,
    from: sql`(SELECT id FROM ${sql.raw(`pending_${name}`)} UNION SELECT t.id FROM report_state CROSS JOIN ${sql.raw(table)} t WHERE NOT (${holds})) AS q CROSS JOIN ${set.from}`,
    conditions: [sql.raw(`${table}.id = q.id`), ...set.conditions],
  }));
}

/** Deals that are rolled up but have another currency than the totals: their amounts are converted. None where `holds` is false. */
export function foreignSets(plan: Plan, basis: Basis, holds: SQL): RowSet[] {
  return setsOf(plan, basis).flatMap(({ quantities: { revenue, pipeline }, ...set }) => {
    if (!revenue && !pipeline) return [];
    const isRolledUp = sql`EXISTS (SELECT 1 FROM deal_fact f WHERE f.deal_id = deal.id)`;
    return [
      {
        ...set,
        from: sql`deal_currencies AS fc CROSS JOIN ${set.from}`,
        conditions: [
          sql`fc.code <> ${target} AND deal.currency = fc.code AND ${isRolledUp} AND ${holds}`,
          ...set.conditions,
        ],
        quantities: revenue ? { revenue } : { pipeline: pipeline! },
      },
    ];
  });
}

/** The quantities of a basis. A set of its rows gives each of them, or the report does not compile. */
type QuantityOf<B extends Basis> = {
  [Q in Quantity]: (typeof quantities)[Q]['basis'] extends B ? Q : never;
}[Quantity];
type BasisRows<B extends Basis> = Pick<RowSet, 'from' | 'conditions' | 'end'> & {
  quantities: Record<QuantityOf<B>, SQL>;
  sign?: 1 | -1;
};

/** Each row counts as one. */
const one = sql`1`;

/** What each basis counts: rows of which table, in the period asked for, and each number of a row. */
const basisRows: { [B in Basis]: (plan: Plan) => Array<BasisRows<B>> } = {
  visit: (plan) => [
    {
      ...withinDays(plan, sql`visit_day`, sql`visit_day.day`),
      end: sql`NULL`,
      quantities: { visits: sql`visit_day.visits` },
    },
  ],
  cost: (plan) => [
    {
      ...withinDays(plan, sql`cost`, sql`cost.day`),
      end: sql`NULL`,
      quantities: {
        cost: converted({ minor: sql`cost.amount_minor`, currency: sql`cost.currency`, day: sql`cost.day` }),
        claimedConversions: sql`coalesce(cost.claimed_conversions, 0)`,
        claimedValue: sql`CASE WHEN cost.claimed_value_minor IS NULL THEN 0 ELSE ${converted({
          minor: sql`cost.claimed_value_minor`,
          currency: sql`cost.currency`,
          day: sql`cost.day`,
        })} END`,
        impressions: sql`coalesce(cost.impressions, 0)`,
        clicks: sql`coalesce(cost.clicks, 0)`,
      },
    },
  ],
  newValue: (plan) => {
    const { from, conditions } = within(plan, sql`origin_value`, sql`origin_value.first_seen_at`);
    return [
      {
        from,
        // Channels are ours, and landing pages the site's own: no spellings of anybody's.
        conditions: [...conditions, sql`origin_value.field NOT IN ('channel', 'landingPage')`],
        end: sql`NULL`,
        quantities: { newValues: one },
      },
    ];
  },
  lead: (plan) => [leadRows(plan)],
  submission: (plan) => {
    const { from, conditions } = within(plan, sql`submission`, sql`submission.at`);
    return [
      {
        from,
        conditions,
        end: sql`submission.at`,
        quantities: {
          submissions: one,
          // Only a person who existed before can convert.
          conversions: sql`(submission.created_person = 0 AND submission.person_id IS NOT NULL)`,
        },
      },
    ];
  },
  dealRegistered: (plan) => [
    {
      ...within(plan, sql`deal`, sql`deal.registered_at`),
      end: sql`deal.registered_at`,
      quantities: { deals: one },
    },
  ],
  dealClosed: (plan) => [
    {
      ...within(plan, sql`deal`, sql`deal.closed_at`),
      end: sql`deal.closed_at`,
      quantities: {
        wonDeals: sql`(deal.status = 'won')`,
        lostDeals: sql`(deal.status = 'lost')`,
        revenue: sql`CASE deal.status WHEN 'won' THEN ${money(sql`deal.closed_at`)} ELSE 0 END`,
      },
    },
  ],
  dealOpen: openRows,
};

function setsOf(plan: Plan, basis: Basis): RowSet[] {
  return basisRows[basis](plan).map((rows) => ({ basis, sign: 1, ...rows }));
}

/** Whether a deal counts that a lead has got so far, and one that it has won. */
export const dealSoFar = ({ query: { asOf } }: Plan): SQL =>
  asOf === null ? sql`1` : sql`deal.registered_at <= ${asOf}`;
export const wonSoFar = ({ query: { asOf } }: Plan): SQL =>
  asOf === null ? sql`deal.status = 'won'` : sql`deal.status = 'won' AND deal.closed_at <= ${asOf}`;

function leadRows(plan: Plan): BasisRows<'lead'> {
  const hasDeal = (such: SQL) => sql`EXISTS (SELECT 1 FROM deal WHERE deal.person_id = person.id AND ${such})`;
  // The state that is stored with a person is that of today.
  const isToday = plan.query.asOf === null;
  return {
    ...within(plan, sql`person`, sql`person.created_at`),
    end: sql`person.created_at`,
    quantities: {
      leads: sql`1`,
      leadsWithDeal: isToday ? sql`(person.deal_state > 0)` : hasDeal(dealSoFar(plan)),
      leadsQualified: sql`(person.lead_status_id IN ${qualifiedStatuses} OR ${isToday ? sql`person.deal_state > 0` : hasDeal(dealSoFar(plan))})`,
      leadsWon: isToday ? sql`(person.deal_state = 2)` : hasDeal(wonSoFar(plan)),
    },
  };
}

/** Where a part of a period ends, of which a later moment is not known yet. */
export function endOf({ query: { asOf } }: Plan, to: number): number {
  return asOf === null ? to : Math.min(to, asOf + 1);
}

const signed = (sign: 1 | -1, value: SQL): SQL => (sign === 1 ? value : sql`-(${value})`);

function openRows(plan: Plan): Array<BasisRows<'dealOpen'>> {
  const numbers = (sign: 1 | -1) => ({
    openDeals: sql.raw(String(sign)),
    pipeline: signed(sign, money(sql`deal.registered_at`)),
    weightedPipeline: signed(sign, money(sql`deal.registered_at`, weightedMinor)),
  });
  const end = sql`deal.registered_at`;
  if (!plan.bucketed) {
    const to = endOf(plan, onlyBucket(plan).to);
    const conditions = [sql`deal.registered_at < ${to} AND (deal.closed_at IS NULL OR deal.closed_at >= ${to})`];
    return [{ from: sql`deal`, conditions, end, quantities: numbers(1) }];
  }
  return ([1, -1] as const).map((sign) => {
    const at = sign === 1 ? sql`deal.registered_at` : sql`deal.closed_at`;
    return {
      from: sql`buckets AS b CROSS JOIN deal`,
      conditions: [
        sql`${at} >= b.lo_open AND ${at} < b.hi`,
        ...(plan.query.asOf === null ? [] : [sql`${at} <= ${plan.query.asOf}`]),
      ],
      sign,
      end,
      quantities: numbers(sign),
    };
  });
}

/** Whether a row belongs to the people or companies asked for. */
function belongs({ where, query: { entity } }: Plan, basis: Basis): SQL[] {
  if (where === null) return [];
  if (basis === 'lead') return entity === 'person' ? [where] : [sql`person.company_id IN chosen`];
  const table = basis === 'submission' ? 'submission' : 'deal';
  return [sql`${sql.raw(`${table}.${entity}_id`)} IN chosen`];
}

/** The people or companies asked for, by id. */
export function chosen({ where, query: { entity } }: Plan): SQL[] {
  if (where === null) return [];
  return [sql`chosen(id) AS MATERIALIZED (SELECT id FROM ${sql.raw(entity)} WHERE ${where})`];
}
