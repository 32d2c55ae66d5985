import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { DimensionName } from '../../domain/reports/dimensions.ts';
import { bases, quantities } from '../../domain/reports/measures.ts';
import type { Basis, Quantity } from '../../domain/reports/measures.ts';
import type { PointModel } from '../../domain/reports/models.ts';
import { joinTables, pointOf, quantityOf, rowSets } from './bases.ts';
import type { RowSet } from './bases.ts';
import { filterOn, hasShown, isOriginColumn, keyOf } from './keys.ts';
import type { Table } from './keys.ts';
import type { OriginTable, OriginTables } from './origins.ts';
import { hasPath, inRows } from './plan.ts';
import { totalSets } from './totals.ts';
import type { Column, Plan } from './plan.ts';

/**
 * A selection of rows with `origin`, `landing`, the keys that are no origin's (`k<place>`, and `t<place>` where what is
 * shown is something else), bucket `b`, `p` (1 in the compared period) and some of the plan's columns, by name.
 */
export type Arm = {
  basis: Basis;
  select: SQL;
  columns: Column[];
  /** Whether rows are those of totals, not put together yet: `total` and `m` add up to nothing where there is none. */
  isLoose?: boolean;
  /** Where origins are looked up, if not each by itself. */
  origins?: OriginTable;
};

/** Places of the dimensions whose key is kept beside the origin. */
export function ownPlaces(plan: Plan): Array<{ name: DimensionName; place: number }> {
  return plan.dimensions.flatMap((name, place) =>
    isOriginColumn(name) || name === 'landingPage' ? [] : [{ name, place }],
  );
}

/** The keys that rows were given by `ownKeys`, where they are grouped later, of rows `r`. */
export function keysOfRow(places: ReturnType<typeof ownPlaces>): SQL[] {
  return places.flatMap(({ name, place }) => [
    sql.raw(`r.k${place} AS k${place}`),
    ...(hasShown(name) ? [sql.raw(`min(r.t${place}) AS t${place}`)] : []),
  ]);
}

export const bucketColumns = ({ bucketed }: Plan): SQL =>
  bucketed ? sql`b.n AS b, b.previous AS p` : sql`0 AS b, 0 AS p`;

/**
 * What rows of a basis are grouped by beside their origin (`plain`: before they are grouped), what is joined for it, and
 * what the filter asks of them.
 */
export function ownKeys(plan: Plan, basis: Basis, kept?: RowSet['kept']) {
  const find = (name: DimensionName): ReturnType<typeof keyOf> => {
    return kept?.keys[name] ?? keyOf(name, basis);
  };
  const joins: Table[] = [];
  const columns: SQL[] = [];
  const plain: SQL[] = [];
  const groups: SQL[] = [];
  // In the totals alone, rows have no keys.
  for (const { name, place } of inRows(plan, basis) ? ownPlaces(plan) : []) {
    const key = find(name);
    if (!key) continue;
    joins.push(...key.joins);
    const named = sql`${key.key} AS ${sql.raw(`k${place}`)}`;
    columns.push(named);
    plain.push(named);
    groups.push(sql.raw(`k${place}`));
    if (!key.shown) continue;
    columns.push(sql`min(${key.shown}) AS ${sql.raw(`t${place}`)}`);
    plain.push(sql`${key.shown} AS ${sql.raw(`t${place}`)}`);
  }
  const conditions: SQL[] = [];
  for (const [name, values] of Object.entries(plan.query.filter)) {
    const key = find(name as DimensionName);
    if (!key) continue;
    joins.push(...key.joins);
    conditions.push(filterOn(name as DimensionName, key.key, values));
  }
  return { joins, columns, plain, groups, conditions };
}

/** The arms of points: visits and costs by their own origin, the rest by the models that are one point. */
export function pointArms(plan: Plan, origins: OriginTables): Arm[] {
  const arms: Arm[] = [];
  for (const basis of bases) {
    if (hasPath(plan, basis)) continue;
    for (const model of [null, ...plan.models.point]) {
      const columns = plan.columns.filter((one) => quantities[one.quantity].basis === basis && one.model === model);
      if (columns.length === 0) continue;
      const wanted = quantitiesIn(columns);
      const point = model ?? 'leadCreation';
      const total = totalSets(plan, { basis, model: point, wanted });
      for (const set of total ? [...total.kept, ...total.raw] : rowSets(plan, basis)) {
        arms.push(pointArm({ plan, origins, set, model: point, columns }));
      }
    }
  }
  return arms;
}

export function quantitiesIn(columns: readonly Column[]): Set<Quantity> {
  return new Set(columns.map(({ quantity }) => quantity));
}

export function pointArm({
  plan,
  origins,
  set,
  model,
  columns,
}: {
  plan: Plan;
  origins: OriginTables;
  set: RowSet;
  model: PointModel;
  columns: readonly Column[];
}): Arm {
  const { basis } = set;
  const keys = ownKeys(plan, basis, set.kept);
  const point = set.kept ? { origin: set.kept.origin, landing: sql`NULL`, joins: [] } : pointOf(basis, model);
  const needsOrigin = origins.origin || origins.landing;
  const told = columns.filter(({ quantity }) => set.quantities[quantity] !== undefined);
  const isKept = set.kept !== undefined;
  const isLoose = set.kept?.isOnce === false;
  const groups = isKept
    ? []
    : [
        ...(origins.origin ? [sql`origin`] : []),
        ...(origins.landing ? [sql`landing`] : []),
        ...keys.groups,
        ...(plan.bucketed ? [sql`b.n`, sql`b.previous`] : []),
      ];
  const select = sql`SELECT ${sql.join(
    [
      ...(origins.origin ? [sql`${point.origin} AS origin`] : []),
      ...(origins.landing ? [sql`${point.landing} AS landing`] : []),
      ...(isKept ? keys.plain : keys.columns),
      ...(isLoose ? [sql`b.total AS total, b.m AS m`] : []),
      bucketColumns(plan),
      ...told.map(({ name, quantity }) => {
        const number = quantityOf(set, quantity);
        return sql`${isKept ? number : sumOf(number)} AS ${sql.raw(name)}`;
      }),
    ],
    sql`, `,
  )} FROM ${set.from} ${joinTables(basis, [
    ...keys.joins,
    ...(needsOrigin ? point.joins : []),
    ...(origins.landing ? (point.landingJoins ?? []) : []),
  ])}
    WHERE ${sql.join([sql`1`, ...set.conditions, ...keys.conditions], sql` AND `)}
    ${groups.length > 0 ? sql`GROUP BY ${sql.join(groups, sql`, `)}` : sql``}`;
  return { basis, select, columns: told, isLoose, ...(set.kept ? { origins: set.kept.origins } : {}) };
}

const sumOf = (one: SQL): SQL => sql`coalesce(sum(${one}), 0)`;

/** An arm as rows of `facts`: keys after corrections, whether it stands in rows, and every column of the plan. */
export function factsOf(
  plan: Plan,
  origins: OriginTables,
  { basis, select, columns, isLoose = false, origins: table }: Arm,
): SQL {
  const shown = inRows(plan, basis);
  const labels = plan.dimensions.flatMap((name, place) =>
    hasShown(name) ? [sql.raw(`${shown ? `${isLoose ? 'min' : ''}(x.t${place})` : 'NULL'} AS t${place}`)] : [],
  );
  const names = new Set(columns.map(({ name }) => name));
  const told = (name: string) => (names.has(name) ? `${isLoose ? 'sum' : ''}(x.${name})` : '0');
  const groups = [
    ...plan.dimensions.map((_, place) => sql.raw(`d${place}`)),
    ...(plan.bucketed ? [sql`x.b`, sql`x.p`] : []),
  ];
  const grouped = groups.length > 0 ? sql`GROUP BY ${sql.join(groups, sql`, `)}` : sql``;
  return sql`SELECT ${sql.join(
    [
      ...keysIn(plan, origins, shown),
      ...labels,
      sql.raw(`${shown ? 1 : 0} AS s`),
      sql`x.b AS b`,
      sql`x.p AS p`,
      ...plan.columns.map(({ name }) => sql.raw(`${told(name)} AS ${name}`)),
    ],
    sql`, `,
  )} FROM (${select}) AS x ${origins.join(table)} ${origins.kept}
    ${isLoose ? sql`${grouped} HAVING sum(x.total) <> 0 OR sum(x.m) <> 0` : sql``}`;
}

/** The keys of rows `x` after corrections, as `d<place>`; null where they are not told by them. */
export function keysIn(plan: Plan, { keys }: OriginTables, shown: boolean): SQL[] {
  return plan.dimensions.map((_, place) => {
    const key = shown ? (keys[place] ?? sql.raw(`x.k${place}`)) : sql`NULL`;
    return sql`${key} AS ${sql.raw(`d${place}`)}`;
  });
}
