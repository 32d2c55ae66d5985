import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { addExact, readExact, subtractExact } from '../../domain/exact.ts';
import type { Exact } from '../../domain/exact.ts';
import { creditPaths } from '../../domain/reports/models/credit-paths.ts';
import { indexPaths } from '../../domain/reports/models/indexed-paths.ts';
import { bounds, refuseBeyond } from '../../domain/bounds.ts';
import { quantities, quantitiesOf } from '../../domain/reports/measures.ts';
import type { Basis, Quantity } from '../../domain/reports/measures.ts';
import type { PathSetModel } from '../../domain/reports/models.ts';
import { dealSoFar, quantityOf, rowSets, wonSoFar } from './bases.ts';
import type { RowSet } from './bases.ts';
import { ownKeys } from './branches.ts';
import { directOrigins, journeyRows, journeyTouches } from './journeys.ts';
import { labelOf } from './keys.ts';
import { originTables } from './origins.ts';
import type { OriginTables } from './origins.ts';
import { pathTable } from './paths.ts';
import { canTell } from './plan.ts';
import type { Plan } from './plan.ts';
import { sharedTables } from './select-report.ts';
import { totalSets } from './totals.ts';

/** What Markov and Shapley can credit: conversions, by the deals they are. */
const creditable = ['deals', 'wonDeals', 'revenue'] as const satisfies Quantity[];
type Creditable = (typeof creditable)[number];

/** Paths of one basis: how many deals went along each, what they are worth, and how many leads that came to none. */
export type PathRow = { path: string; previous: number; conversions: number; value: string; nonConversions: number };

export type PathSetQuery = { basis: Basis; wanted: Creditable[]; statement: SQL };

/** One statement for each basis that is asked for. */
export function pathSetQueries(plan: Plan): PathSetQuery[] {
  if (plan.models.pathSet.length === 0) return [];
  const asked = new Set<Quantity>(plan.query.measures.flatMap(quantitiesOf));
  return (['dealRegistered', 'dealClosed'] as const).flatMap((basis) => {
    const wanted = creditable.filter((one) => quantities[one].basis === basis && asked.has(one));
    return wanted.length === 0 || !canTell(basis, plan.query)
      ? []
      : [{ basis, wanted, statement: selectPaths(plan, basis, wanted) }];
  });
}

/** A dimension's key of no origin. */
const unknownKey = '0';
const keyText = (plan: Plan, origins: OriginTables): SQL =>
  plan.dimensions.length === 0
    ? sql.raw(`'${unknownKey}'`)
    : sql.join(
        origins.keys.map((key) => sql`coalesce(${key}, 0)`),
        sql` || '.' || `,
      );

/** A set of rows, and what each row counts as: deals that converted, what they are worth, and leads that came to none. */
type CountedSet = Record<'conversions' | 'value' | 'nonConversions', SQL> & { set: RowSet };
/** Rows whose paths are not stored are found by their touches. */
type CountedRows = CountedSet & { conditions: SQL[] };

type PathBasis = 'dealRegistered' | 'dealClosed';

/** The stored totals by path of a basis, and the rows beside them. */
function countedSets(
  plan: Plan,
  basis: PathBasis,
  wanted: readonly Creditable[],
): { stored: CountedSet[]; raw: CountedRows[] } {
  const isWon = basis === 'dealClosed';
  const converts = isWon ? 'wonDeals' : 'deals';
  const comesTo = isWon ? 'leadsWon' : 'leadsWithDeal';
  const zero = sql`0`;
  const ofDeals = (set: RowSet): CountedSet => ({
    set,
    conversions: set.quantities[converts] ?? zero,
    value: (wanted.includes('revenue') && set.quantities.revenue) || zero,
    nonConversions: zero,
  });
  const ofLeads = (set: RowSet, nonConversions: SQL): CountedSet => ({
    set,
    conversions: zero,
    value: zero,
    nonConversions,
  });
  const deals = totalSets(plan, { basis, wanted: new Set([converts, ...wanted]), byPath: true });
  const leads = totalSets(plan, { basis: 'lead', wanted: new Set(['leads', comesTo]), byPath: true });
  const isSuch = isWon ? wonSoFar(plan) : dealSoFar(plan);
  return {
    stored: [
      ...(deals?.stored ?? []).map(ofDeals),
      ...(leads?.stored ?? []).map((set) =>
        ofLeads(set, sql`${quantityOf(set, 'leads')} - ${quantityOf(set, comesTo)}`),
      ),
    ],
    raw: [
      ...(deals?.raw ?? rowSets(plan, basis)).map((set) => ({
        ...ofDeals(set),
        conditions: isWon ? [sql`deal.status = 'won'`] : [],
      })),
      ...(leads?.raw ?? rowSets(plan, 'lead')).map((set) => ({
        ...ofLeads(set, sql`1`),
        conditions: [sql`NOT EXISTS (SELECT 1 FROM deal WHERE deal.person_id = person.id AND ${isSuch})`],
      })),
    ],
  };
}

/** The rows of a set as `<name>_rows`, and the path that led to each as `<name>_paths`. */
function pathTables(
  plan: Plan,
  { set, conversions, value, nonConversions, conditions }: CountedRows,
  name: string,
): SQL[] {
  const own = ownKeys(plan, set.basis);
  const rows = sql.raw(`${name}_rows`);
  return [
    journeyRows({
      plan,
      set,
      name: rows,
      joins: own.joins,
      more: [sql`${conversions} AS conversions, ${value} AS value, ${nonConversions} AS non_conversions`],
      conditions: [...own.conditions, ...conditions],
    }),
    ...journeyTouches({ plan, rows, name }),
    pathTable({ name: sql.raw(`${name}_paths`), touches: sql.raw(name), steps: sql`step` }),
  ];
}

function selectPaths(plan: Plan, basis: PathBasis, wanted: readonly Creditable[]): SQL {
  const origins = originTables(plan);
  const { stored, raw } = countedSets(plan, basis, wanted);
  const named = raw.map((counted, n) => ({ counted, name: `set${n}` }));
  const selects = [
    ...named.map(({ name }) =>
      sql.raw(`SELECT path, previous, conversions, coalesce(value, 0) AS value, non_conversions
        FROM ${name}_rows r JOIN ${name}_paths w ON w.cid = r.cid`),
    ),
    // Without dimensions there is but one step that a path can have.
    ...stored.map(
      ({ set, conversions, value, nonConversions }) =>
        sql`SELECT ${plan.dimensions.length > 0 ? pathKeyOf(set) : sql`NULL`}, ${sql.raw(plan.bucketed ? 'b.previous' : '0')},
          ${conversions}, ${value}, ${nonConversions} FROM ${set.from} WHERE ${sql.join(set.conditions, sql` AND `)}`,
    ),
  ];
  const tables = [
    ...sharedTables(plan, { money: wanted.includes('revenue') }),
    directOrigins,
    sql`step(id, key) AS MATERIALIZED (SELECT o.id, ${keyText(plan, origins)} FROM origin o ${origins.values})`,
    ...named.flatMap(({ counted, name }) => pathTables(plan, counted, name)),
  ];
  const noPath = sql.raw(`'${Array(Math.max(1, plan.dimensions.length)).fill(unknownKey).join('.')}'`);
  return sql`WITH ${sql.join(tables, sql`, `)} SELECT coalesce(path, ${noPath}) AS path, previous, sum(conversions) AS conversions,
      CAST(sum(value) AS text) AS value, sum(non_conversions) AS "nonConversions"
    FROM (${sql.join(selects, sql` UNION ALL `)}) GROUP BY 1, 2
    HAVING sum(conversions) <> 0 OR sum(value) <> 0 OR sum(non_conversions) <> 0 LIMIT ${bounds.reportPaths.most + 1}`;
}

/** The labels of all keys that a path can have: rows with `key` and `label<n>`. */
export function selectKeys(plan: Plan): SQL {
  const origins = originTables(plan);
  const labels = plan.dimensions.map(
    (name, n) => sql`${labelOf(name, sql.raw(`key${n}`), sql`NULL`)} AS ${sql.raw(`label${n}`)}`,
  );
  return sql`SELECT ${sql.join([sql`key`, ...labels], sql`, `)}
    FROM (SELECT DISTINCT ${keyText(plan, origins)} AS key, ${sql.join(
      origins.keys.map((key, n) => sql`${key} AS ${sql.raw(`key${n}`)}`),
      sql`, `,
    )} FROM origin o ${origins.values})`;
}

export type PathCredit = { model: PathSetModel; quantity: Creditable; previous: number; key: string; amount: Exact };

/**
 * Refuses paths that take too long to credit, all runs of a report together: of each basis and period.
 * @throws KildeError `too_expensive`.
 */
export function refuseCostlyPaths({ models }: Plan, sets: ReadonlyArray<{ rows: readonly PathRow[] }>): void {
  const location = 'body.attribution';
  let [touches, steps] = [0, 0];
  for (const { rows } of sets) {
    refuseBeyond('reportPaths', { value: rows.length, location });
    for (const previous of [0, 1]) {
      const keys = new Set<string>();
      for (const { path } of rows.filter((row) => row.previous === previous)) {
        for (const key of path.split(',')) {
          touches += 1;
          keys.add(key);
        }
      }
      if (models.pathSet.includes('markov')) steps += keys.size ** 3;
    }
  }
  refuseBeyond('pathTouches', { value: touches, location });
  refuseBeyond('markovSteps', { value: steps, location });
}

/** The path that rows of totals are stored by. */
function pathKeyOf({ basis, stored }: RowSet): SQL {
  const key = stored?.keys.path?.key;
  if (!key) throw new Error(`Totals of ${basis} are not stored by path.`);
  return key;
}

export function creditPathRows(plan: Plan, rows: readonly PathRow[], wanted: readonly Creditable[]): PathCredit[] {
  return [0, 1].flatMap((previous) => {
    const ofPeriod = rows.filter((row) => row.previous === previous);
    const worth = ofPeriod.map(({ value }) => readExact(value));
    const total = worth.reduce(addExact, 0);
    const paths = indexPaths(
      ofPeriod.map(({ path, ...row }, n) => ({ ...row, value: Number(worth[n]), touches: path.split(',') })),
    );
    return plan.models.pathSet.flatMap((model) => {
      const credit = creditPaths({ paths, model, halfLifeDays: plan.query.halfLifeDays });
      return wanted.flatMap((quantity) => {
        const amounts = quantity === 'revenue' ? wholeParts(credit.value, total) : [...credit.conversions];
        return paths.channels.map((key, n) => ({ model, quantity, previous, key, amount: amounts[n] ?? 0 }));
      });
    });
  });
}

/**
 * Amounts in whole minor units that add up to the total: each is what the sum up to it rounds to, less that before, and
 * the last that has any gets the rest. Where none has any, nothing is credited.
 */
function wholeParts(amounts: Float64Array, total: Exact): Exact[] {
  const last = amounts.findLastIndex((amount) => amount !== 0);
  let sum = 0;
  let given: Exact = 0;
  return Array.from(amounts, (amount, n) => {
    sum += amount;
    if (n > last) return 0;
    const upTo: Exact = n === last ? total : addExact(0, Math.round(sum));
    const part = subtractExact(upTo, given);
    given = upTo;
    return part;
  });
}
