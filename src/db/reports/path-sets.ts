import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { creditPaths } from '../../domain/reports/models/credit-paths.ts';
import { indexPaths } from '../../domain/reports/models/indexed-paths.ts';
import { maxMarkovChannels } from '../../domain/reports/models/markov.ts';
import { invalidInput } from '../../domain/errors.ts';
import { quantities, quantitiesOf } from '../../domain/reports/measures.ts';
import type { Basis, Quantity } from '../../domain/reports/measures.ts';
import type { PathSetModel } from '../../domain/reports/models.ts';
import { ownKeys } from './arms.ts';
import { dealSoFar, rowSets, wonSoFar } from './bases.ts';
import { directOrigins, journeyRows, journeyTouches } from './journeys.ts';
import { labelOf } from './keys.ts';
import { originTables } from './origins.ts';
import type { OriginTables } from './origins.ts';
import { pathTable } from './paths.ts';
import { canTell } from './plan.ts';
import type { Plan } from './plan.ts';
import { sharedTables } from './select-report.ts';

/** What Markov and Shapley can credit: conversions, by the deals they are. */
const creditable = ['deals', 'wonDeals', 'revenue'] as const satisfies Quantity[];
type Creditable = (typeof creditable)[number];

/** Paths of one basis: how many deals went along each, what they are worth, and how many leads that came to none. */
export type PathRow = { path: string; p: number; conversions: number; value: number; nonConversions: number };

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

function selectPaths(plan: Plan, basis: 'dealRegistered' | 'dealClosed', wanted: readonly Creditable[]): SQL {
  const origins = originTables(plan);
  const isWon = basis === 'dealClosed';
  const [deals] = rowSets(plan, basis);
  const [leads] = rowSets(plan, 'lead');
  const [ofDeals, ofLeads] = [ownKeys(plan, basis), ownKeys(plan, 'lead')];
  const value = wanted.includes('revenue') ? deals!.quantities.revenue! : sql`0`;
  const none = sql.raw(`'${Array(Math.max(1, plan.dimensions.length)).fill(unknownKey).join('.')}'`);
  const converted = sql.raw('won_row');
  const lost = sql.raw('lost_row');
  return sql`WITH ${sql.join(
    [
      ...sharedTables(plan, { money: wanted.includes('revenue') }),
      directOrigins,
      sql`step(id, k) AS MATERIALIZED (SELECT o.id, ${keyText(plan, origins)} FROM origin o ${origins.values})`,
      journeyRows({
        plan,
        set: deals!,
        name: converted,
        joins: ofDeals.joins,
        more: [sql`${value} AS value`],
        conditions: [...ofDeals.conditions, ...(isWon ? [sql`deal.status = 'won'`] : [])],
      }),
      ...journeyTouches({ plan, rows: converted, name: 'won' }),
      pathTable({ name: sql.raw('won_path'), touches: sql.raw('won'), steps: sql`step` }),
      journeyRows({
        plan,
        set: leads!,
        name: lost,
        joins: ofLeads.joins,
        more: [sql`0 AS value`],
        conditions: [
          ...ofLeads.conditions,
          sql`NOT EXISTS (SELECT 1 FROM deal WHERE deal.person_id = person.id AND ${isWon ? wonSoFar(plan) : dealSoFar(plan)})`,
        ],
      }),
      ...journeyTouches({ plan, rows: lost, name: 'lost' }),
      pathTable({ name: sql.raw('lost_path'), touches: sql.raw('lost'), steps: sql`step` }),
    ],
    sql`, `,
  )} SELECT coalesce(path, ${none}) AS path, p, sum(conversions) AS conversions, sum(value) AS value, sum(non) AS "nonConversions" FROM (
      SELECT w.path, r.p, 1 AS conversions, coalesce(r.value, 0) AS value, 0 AS non FROM ${converted} r JOIN won_path w ON w.cid = r.cid
      UNION ALL SELECT w.path, r.p, 0, 0, 1 FROM ${lost} r JOIN lost_path w ON w.cid = r.cid)
    GROUP BY 1, p`;
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

export type PathCredit = { model: PathSetModel; quantity: Creditable; p: number; key: string; amount: number };

/** @throws KildeError `invalid_input` where Markov is asked of more values than are solved at once. */
export function creditPathRows(plan: Plan, rows: readonly PathRow[], wanted: readonly Creditable[]): PathCredit[] {
  return [0, 1].flatMap((p) => {
    const paths = indexPaths(
      rows.filter((row) => row.p === p).map(({ path, ...row }) => ({ ...row, touches: path.split(',') })),
    );
    return plan.models.pathSet.flatMap((model) => {
      if (model === 'markov' && paths.channels.length > maxMarkovChannels) {
        throw invalidInput([
          {
            location: 'body.attribution',
            message: `Markov takes at most ${maxMarkovChannels} different values; here are ${paths.channels.length}.`,
          },
        ]);
      }
      const credit = creditPaths({ paths, model, halfLifeDays: plan.query.halfLifeDays });
      return wanted.flatMap((quantity) => {
        const amounts = quantity === 'revenue' ? wholeParts(credit.value) : [...credit.conversions];
        return paths.channels.map((key, n) => ({ model, quantity, p, key, amount: amounts[n]! }));
      });
    });
  });
}

/** Amounts in whole minor units that add up to what the exact ones do: each is what the sum up to it rounds to, less that before. */
function wholeParts(amounts: Float64Array): number[] {
  let sum = 0;
  let given = 0;
  return Array.from(amounts, (amount) => {
    sum += amount;
    const part = Math.round(sum) - given;
    given += part;
    return part;
  });
}
