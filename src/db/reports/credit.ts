import { sql } from 'drizzle-orm';
import { splitPeriods } from '../../domain/reports/split-periods.ts';
import type { SQL } from 'drizzle-orm';
import type { Basis, Quantity } from '../../domain/reports/measures.ts';
import type { JourneyModel } from '../../domain/reports/models.ts';
import { defaultHalfLifeDays } from '../../domain/reports/models/time-decay.ts';
import { originKeys, quantitiesIn } from './branches.ts';
import type { Branch } from './branches.ts';
import type { RowSet } from './bases.ts';
import type { OriginTables } from './origins.ts';
import { isOfAll, namesIn } from './plan.ts';
import type { Column, Plan } from './plan.ts';
import { fitsGroups, holdsLookBack, isHome, listed, ofGroup, shareRows, unstoredSets, totalsIn } from './totals.ts';

/** The bases of which credit is stored (schema/totals.ts): the kind of the totals, and the rows that are read beside them. */
const stored = {
  lead: { kind: 1, rows: shareRows.lead },
  dealRegistered: { kind: 2, rows: `${shareRows.registered} AND f.kind = 2` },
  dealClosed: { kind: 3, rows: `${shareRows.closed} AND f.kind = 3` },
} as const satisfies Partial<Record<Basis, unknown>>;

const columnOf: Record<JourneyModel, string> = {
  lastTouch: 'last_touch',
  linear: 'linear',
  positionBased: 'position_based',
  timeDecay: 'time_decay',
};

type CreditNumber = (column: string, key: string) => SQL;
/** A number by the columns that are stored for a model (`_m`, `_won`); an amount is that of the report's own currency. */
const numberOf: Partial<Record<Quantity, CreditNumber>> = {
  leads: (n) => sql.raw(n),
  leadsWithDeal: (n) => sql.raw(`${n}_m`),
  leadsWon: (n) => sql.raw(`${n}_won`),
  deals: (n) => sql.raw(n),
  wonDeals: (n) => sql.raw(`${n}_won`),
  lostDeals: (n) => sql.raw(`(${n} - ${n}_won)`),
  revenue: (n, key) => sql`iif(${isHome(key)}, ${sql.raw(`${n}_m`)}, 0)`,
};

/**
 * The credit of a basis as it is stored by groups of origins, and the rows beside it that are read one by one; null where what is
 * asked for is not stored: another half-life, a dimension that groups lack, a filter on people, another moment, or companies.
 */
export function creditSets(
  plan: Plan,
  { basis, columns, origins }: { basis: Basis; columns: Column[]; origins: OriginTables },
): { branch: Branch; raw: RowSet[] } | null {
  const { level, halfLifeDays } = plan.query;
  if (!isOfAll(plan) || level !== 'person' || !(basis in stored)) return null;
  if (!fitsGroups(plan) || !namesIn(plan, basis).every((name) => ofGroup.includes(name))) return null;
  const numbers = columns.flatMap((column) => {
    const number = numberOf[column.quantity];
    return number ? [{ ...column, number }] : [];
  });
  // A measure of which no credit is stored is read from journeys, before and after roll-up alike.
  if (numbers.length < columns.length) return null;
  const decays = columns.some(({ model }) => model === 'timeDecay');
  if (decays && halfLifeDays !== defaultHalfLifeDays) return null;
  const { kind, rows } = stored[basis as keyof typeof stored];
  const { spans, edges } = splitPeriods(plan);
  const holds = holdsLookBack(plan);
  const group = basis === 'lead' ? 'key' : 'key >> 15';
  const select = (table: string): SQL =>
    sql.join(
      [
        // Other branches may be grouped by landing page: stored credit has none.
        ...originKeys(origins, { origin: sql.raw(`nullif(${table}.${group}, 0)`), landing: sql`NULL` }).columns,
        // Every touch has some credit under this model, until it is reverted.
        sql.raw(`p.n AS bucket, p.previous AS previous, p.sign * ${table}.linear AS total, 0 AS m`),
        ...numbers.map(({ name, model, number: numberOfStored }) => {
          const number = numberOfStored(`${table}.${columnOf[model as JourneyModel]}`, `${table}.key`);
          return sql`p.sign * ${number} AS ${sql.raw(name)}`;
        }),
      ],
      sql`, `,
    );
  return {
    branch: {
      basis,
      columns,
      isPartial: true,
      origins: 'origin_group',
      select: sql`WITH ${listed('span', spans)}, ${listed('edge', edges)}
        SELECT ${select('t')} FROM ${totalsIn('span', 'credit_total', kind)} AND ${holds}
        ${edges.length === 0 ? sql`` : sql`UNION ALL SELECT ${select('f')} FROM edge p CROSS JOIN ${sql.raw(rows)} AND ${holds}`}`,
    },
    raw: unstoredSets(plan, { basis, wanted: quantitiesIn(columns), holds }),
  };
}
