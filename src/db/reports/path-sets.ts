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
import { ownKeys } from './arms.ts';
import { dealSoFar, quantityOf, rowSets, wonSoFar } from './bases.ts';
import type { RowSet } from './bases.ts';
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
export type PathRow = { path: string; p: number; conversions: number; value: string; nonConversions: number };

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

/** Rows of one set: what each counts as, and where paths are not kept, which they are. */
type Counted = Record<'conversions' | 'value' | 'non', SQL> & { set: RowSet; conditions: SQL[] };

function selectPaths(plan: Plan, basis: 'dealRegistered' | 'dealClosed', wanted: readonly Creditable[]): SQL {
  const origins = originTables(plan);
  const isWon = basis === 'dealClosed';
  const converts = isWon ? 'wonDeals' : 'deals';
  const comesTo = isWon ? 'leadsWon' : 'leadsWithDeal';
  const none = sql.raw(`'${Array(Math.max(1, plan.dimensions.length)).fill(unknownKey).join('.')}'`);
  const zero = sql`0`;
  const ofDeals = ({ quantities: { revenue, [converts]: count } }: RowSet) => ({
    conversions: count ?? zero,
    value: (wanted.includes('revenue') && revenue) || zero,
    non: zero,
  });
  const deals = totalSets(plan, { basis, wanted: new Set([converts, ...wanted]), byPath: true });
  const leads = totalSets(plan, { basis: 'lead', wanted: new Set(['leads', comesTo]), byPath: true });
  const raw: Counted[] = [
    ...(deals?.raw ?? rowSets(plan, basis)).map((set) => ({
      set,
      ...ofDeals(set),
      conditions: isWon ? [sql`deal.status = 'won'`] : [],
    })),
    ...(leads?.raw ?? rowSets(plan, 'lead')).map((set) => ({
      set,
      conversions: zero,
      value: zero,
      non: sql`1`,
      conditions: [
        sql`NOT EXISTS (SELECT 1 FROM deal WHERE deal.person_id = person.id AND ${isWon ? wonSoFar(plan) : dealSoFar(plan)})`,
      ],
    })),
  ];
  const kept = [
    ...(deals?.kept ?? []).map((set) => ({ set, ...ofDeals(set) })),
    ...(leads?.kept ?? []).map((set) => ({
      set,
      conversions: zero,
      value: zero,
      non: sql`${quantityOf(set, 'leads')} - ${quantityOf(set, comesTo)}`,
    })),
  ];
  const parts = raw.flatMap(({ set, conversions, value, non, conditions }, n) => {
    const own = ownKeys(plan, set.basis);
    const rows = sql.raw(`r${n}`);
    return [
      journeyRows({
        plan,
        set,
        name: rows,
        joins: own.joins,
        more: [sql`${conversions} AS conversions, ${value} AS value, ${non} AS non`],
        conditions: [...own.conditions, ...conditions],
      }),
      ...journeyTouches({ plan, rows, name: `t${n}` }),
      pathTable({ name: sql.raw(`w${n}`), touches: sql.raw(`t${n}`), steps: sql`step` }),
    ];
  });
  const selects = [
    ...raw.map((_, n) =>
      sql.raw(
        `SELECT path, p, conversions, coalesce(value, 0) AS value, non FROM r${n} r JOIN w${n} w ON w.cid = r.cid`,
      ),
    ),
    // Without dimensions there is but one step that a path can have.
    ...kept.map(
      ({ set, conversions, value, non }) =>
        sql`SELECT ${plan.dimensions.length > 0 ? pathKeyOf(set) : sql`NULL`}, ${sql.raw(plan.bucketed ? 'b.previous' : '0')}, ${conversions}, ${value}, ${non}
          FROM ${set.from} WHERE ${sql.join(set.conditions, sql` AND `)}`,
    ),
  ];
  return sql`WITH ${sql.join(
    [
      ...sharedTables(plan, { money: wanted.includes('revenue') }),
      directOrigins,
      sql`step(id, k) AS MATERIALIZED (SELECT o.id, ${keyText(plan, origins)} FROM origin o ${origins.values})`,
      ...parts,
    ],
    sql`, `,
  )} SELECT coalesce(path, ${none}) AS path, p, sum(conversions) AS conversions, CAST(sum(value) AS text) AS value, sum(non) AS "nonConversions"
    FROM (${sql.join(selects, sql` UNION ALL `)}) GROUP BY 1, 2 HAVING sum(conversions) <> 0 OR sum(value) <> 0 OR sum(non) <> 0 LIMIT ${bounds.reportPaths.most + 1}`;
}

/** The labels of all keys that a path can have: rows with `key` and `l<n>`. */
export function selectKeys(plan: Plan): SQL {
  const origins = originTables(plan);
  const labels = plan.dimensions.map(
    (name, n) => sql`${labelOf(name, sql.raw(`k${n}`), sql`NULL`)} AS ${sql.raw(`l${n}`)}`,
  );
  return sql`SELECT ${sql.join([sql`key`, ...labels], sql`, `)}
    FROM (SELECT DISTINCT ${keyText(plan, origins)} AS key, ${sql.join(
      origins.keys.map((key, n) => sql`${key} AS ${sql.raw(`k${n}`)}`),
      sql`, `,
    )} FROM origin o ${origins.values})`;
}

export type PathCredit = { model: PathSetModel; quantity: Creditable; p: number; key: string; amount: Exact };

/**
 * Refuses paths that take too long to credit, all runs of a report together: of each basis and period.
 * @throws KildeError `too_expensive`.
 */
export function refuseCostlyPaths({ models }: Plan, sets: ReadonlyArray<{ rows: readonly PathRow[] }>): void {
  const location = 'body.attribution';
  let [touches, steps] = [0, 0];
  for (const { rows } of sets) {
    refuseBeyond('reportPaths', { value: rows.length, location });
    for (const p of [0, 1]) {
      const keys = new Set<string>();
      for (const { path } of rows.filter((row) => row.p === p)) {
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
function pathKeyOf({ basis, kept }: RowSet): SQL {
  const key = kept?.keys.path?.key;
  if (!key) throw new Error(`Totals of ${basis} are not stored by path.`);
  return key;
}

export function creditPathRows(plan: Plan, rows: readonly PathRow[], wanted: readonly Creditable[]): PathCredit[] {
  return [0, 1].flatMap((p) => {
    const ofPeriod = rows.filter((row) => row.p === p);
    const worth = ofPeriod.map(({ value }) => readExact(value));
    const total = worth.reduce(addExact, 0);
    const paths = indexPaths(
      ofPeriod.map(({ path, ...row }, n) => ({ ...row, value: Number(worth[n]), touches: path.split(',') })),
    );
    return plan.models.pathSet.flatMap((model) => {
      const credit = creditPaths({ paths, model, halfLifeDays: plan.query.halfLifeDays });
      return wanted.flatMap((quantity) => {
        const amounts = quantity === 'revenue' ? wholeParts(credit.value, total) : [...credit.conversions];
        return paths.channels.map((key, n) => ({ model, quantity, p, key, amount: amounts[n] ?? 0 }));
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
