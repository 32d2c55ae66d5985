import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { bases } from '../../domain/reports/measures.ts';
import type { Basis, Quantity } from '../../domain/reports/measures.ts';
import type { JourneyModel } from '../../domain/reports/models.ts';
import { ageInHalfLives, creditUnits, dayMs, halved, partBetween, sharesOf } from '../fragments/credit-shares.ts';
import { isDirectOrigin } from '../fragments/direct-origin.ts';
import { origin } from '../schema/origins.ts';
import { joinTables, quantityOf, rowSets } from './bases.ts';
import type { RowSet } from './bases.ts';
import {
  bucketOf,
  columnsIn,
  columnsOf,
  keysOfRows,
  originKeys,
  ownKeys,
  ownPlaces,
  quantitiesIn,
  selectBranch,
} from './branches.ts';
import type { Branch } from './branches.ts';
import { creditSets } from './credit.ts';
import type { Table } from './keys.ts';
import type { OriginTables } from './origins.ts';
import { inRows } from './plan.ts';
import type { Column, Plan } from './plan.ts';

/** Origins that do not say where the visitor came from: direct, and a campaign alone. */
export const directOrigins = sql`direct(id) AS MATERIALIZED (SELECT ${origin.id} FROM ${origin} WHERE ${isDirectOrigin(origin)})`;

/** Bases whose rows have a person, or a company, and thereby a journey. */
const hasJourney: ReadonlySet<Basis> = new Set(['lead', 'submission', 'dealRegistered', 'dealClosed', 'dealOpen']);

/**
 * The rows of a set, each with what its journey is found by: `cid`, `person_id`, `company_id`, `end_at`. `more` are
 * further columns.
 */
export function journeyRows({
  plan,
  set,
  name,
  joins,
  more,
  conditions = [],
}: {
  plan: Plan;
  set: RowSet;
  name: SQL;
  joins: Table[];
  more: SQL[];
  conditions?: SQL[];
}): SQL {
  const table = set.basis === 'submission' ? 'submission' : 'deal';
  const ids =
    set.basis === 'lead'
      ? sql`person.id AS person_id, person.company_id AS company_id`
      : sql.raw(`${table}.person_id AS person_id, ${table}.company_id AS company_id`);
  return sql`${name} AS MATERIALIZED (SELECT row_number() OVER () AS cid, ${ids}, ${set.end} AS end_at, ${sql.join(
    [...bucketOf(plan).columns, ...more],
    sql`, `,
  )} FROM ${set.from} ${joinTables(set.basis, joins)} WHERE ${sql.join([...set.conditions, ...conditions], sql` AND `)})`;
}

/**
 * The touches that led to the rows of `rows`, with `cid`, `origin`, `landing`, `at`, `tid` (order within the same moment)
 * and `direct`: of the person, or of everybody at the company; of a deal without a person, its company's source. A row
 * that nothing led to has one touch of no origin.
 */
export function journeyTouches({ plan, rows, name }: { plan: Plan; rows: SQL; name: string }): SQL[] {
  const { level, lookBackDays } = plan.query;
  const lookBack = lookBackDays * dayMs;
  // The last millisecond of the look-back window counts.
  const inTime = (at: SQL) => sql`${at} <= r.end_at AND ${at} >= r.end_at - ${lookBack}`;
  const touch = sql`touch.origin_id AS origin, touch.landing_page_id AS landing, touch.at AS at, touch.id AS tid`;
  const ofPerson = sql`SELECT r.cid AS cid, ${touch} FROM ${rows} r CROSS JOIN touch
    WHERE touch.person_id = r.person_id AND ${inTime(sql`touch.at`)}`;
  const ofCompany = sql`SELECT r.cid AS cid, ${touch} FROM ${rows} r CROSS JOIN person AS member CROSS JOIN touch
    WHERE r.company_id IS NOT NULL AND member.company_id = r.company_id AND touch.person_id = member.id AND ${inTime(sql`touch.at`)}`;
  const touched = level === 'person' ? ofPerson : sql`${ofCompany} UNION ALL ${ofPerson} AND r.company_id IS NULL`;
  const found = sql.raw(`${name}_touched`);
  const sources = sql.raw(`${name}_sources`);
  const both = sql.raw(`${name}_found`);
  const sourcePoint = (point: 'first_touch' | 'lead_creation') =>
    sql`${sql.raw(`SELECT id, ${point}_origin_id AS origin, ${point}_landing_page_id AS landing, ${point}_at AS at
      FROM company WHERE ${point}_origin_id IS NOT NULL AND id IN (SELECT company_id FROM `)}${rows} WHERE person_id IS NULL)`;
  return [
    sql`${found} AS MATERIALIZED (${touched})`,
    // Where both points are one touch, UNION leaves one.
    sql`${sources} AS (${sourcePoint('first_touch')} UNION ${sourcePoint('lead_creation')})`,
    sql`${both} AS MATERIALIZED (SELECT cid, origin, landing, at, tid FROM ${found}
      UNION ALL SELECT r.cid, s.origin, s.landing, s.at, 0 FROM ${rows} r JOIN ${sources} s ON s.id = r.company_id
        WHERE r.person_id IS NULL AND ${inTime(sql`s.at`)} AND r.cid NOT IN (SELECT cid FROM ${found}))`,
    sql`${sql.raw(name)} AS MATERIALIZED (SELECT *, origin IN direct AS direct FROM ${both}
      UNION ALL SELECT r.cid, NULL, NULL, r.end_at, 0, 0 FROM ${rows} r WHERE r.cid NOT IN (SELECT cid FROM ${both}))`,
  ];
}

/** The branches of the models that share a journey's credit: the journeys are read once for all of them. */
export function journeyBranches(plan: Plan, origins: OriginTables): { tables: SQL[]; branches: Branch[] } {
  const tables: SQL[] = [];
  const branches: Branch[] = [];
  for (const basis of bases) {
    const columns = columnsOf(plan, basis, plan.models.journey);
    if (columns.length === 0 || !hasJourney.has(basis)) continue;
    const stored = creditSets(plan, { basis, columns, origins });
    if (stored) branches.push(stored.branch);
    for (const set of stored?.raw ?? rowSets(plan, basis)) {
      const name = `journey${branches.length}`;
      const built = journeyBranch({ plan, origins, set, columns, name });
      tables.push(...built.tables);
      branches.push(built.branch);
    }
  }
  return { tables, branches };
}

/** A number of each row, before it is shared. */
const wholeOf = (quantity: Quantity): SQL => sql.raw(`whole_${quantity}`);

function journeyBranch({
  plan,
  origins,
  set,
  columns,
  name,
}: {
  plan: Plan;
  origins: OriginTables;
  set: RowSet;
  columns: Column[];
  name: string;
}): { tables: SQL[]; branch: Branch } {
  const own = ownKeys(plan, set.basis);
  const found = columnsIn(set, columns);
  const rows = sql.raw(`${name}_rows`);
  const tables = [
    journeyRows({
      plan,
      set,
      name: rows,
      joins: own.joins,
      more: [...own.plain, ...[...quantitiesIn(found)].map((one) => sql`${quantityOf(set, one)} AS ${wholeOf(one)}`)],
      conditions: own.conditions,
    }),
    ...journeyTouches({ plan, rows, name }),
    ...sharedTouches({ plan, name, decays: found.some(({ model }) => model === 'timeDecay') }),
  ];
  const { keys, bucket } = keysOfRows(inRows(plan, set.basis) ? ownPlaces(plan) : []);
  const select = selectBranch({
    keys: [originKeys(origins, { origin: sql`s.origin`, landing: sql`s.landing` }), keys, bucket],
    numbers: found.map((column) => creditOf(column, sql`r.${wholeOf(column.quantity)}`)),
    from: sql`${sql.raw(`${name}_shared`)} s JOIN ${rows} r ON r.cid = s.cid`,
  });
  return { tables, branch: { basis: set.basis, select, columns: found } };
}

/**
 * The touches of `journeyTouches` that get credit, as `<name>_shared`: each with its place `n` of `c` in the journey and, for time
 * decay, its part of the credit up to it and before it. Direct is left out before weighting, unless it is all there is.
 */
function sharedTouches({ plan, name, decays }: { plan: Plan; name: string; decays: boolean }): SQL[] {
  const numbered = sql.raw(`${name}_numbered`);
  const shared = sql.raw(`${name}_shared`);
  return [
    sql`${numbered} AS (SELECT *, row_number() OVER (PARTITION BY cid ORDER BY at, tid) AS n,
      count(*) OVER (PARTITION BY cid) AS c, max(at) OVER (PARTITION BY cid) AS last_at
      FROM (SELECT *, min(direct) OVER (PARTITION BY cid) AS only_direct FROM ${sql.raw(name)}) WHERE direct = only_direct)`,
    decays
      ? sql`${shared} AS (SELECT *, lag(decayed, 1, 0.0) OVER (PARTITION BY cid ORDER BY n) AS decayed_before FROM
          (SELECT *, CASE WHEN n = c THEN 1.0 ELSE round(${sql.raw(String(creditUnits))} * (sum(weight) OVER (PARTITION BY cid ORDER BY n)
              / sum(weight) OVER (PARTITION BY cid))) / ${sql.raw(`${creditUnits}.0`)} END AS decayed
            FROM (SELECT *, ${halved(ageInHalfLives(plan.query.halfLifeDays))} AS weight FROM ${numbered})))`
      : sql`${shared} AS (SELECT * FROM ${numbered})`,
  ];
}

/** What the touches of a group get of a number, each its part. */
function creditOf({ name, model, unit }: Column, number: SQL): SQL {
  const { upTo, before } = sharesOf[model as JourneyModel];
  const whole = unit === 'minor' ? number : sql.raw(String(creditUnits));
  const part = sql`(${partBetween({ amount: whole, upTo, before })})`;
  return sql`coalesce(sum(${unit === 'minor' ? part : sql`${part} * ${number}`}), 0) AS ${sql.raw(name)}`;
}
