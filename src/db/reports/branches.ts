import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { DimensionName } from '../../domain/reports/dimensions.ts';
import { bases, quantities } from '../../domain/reports/measures.ts';
import type { Basis, Quantity } from '../../domain/reports/measures.ts';
import type { PointModel, ReportModel } from '../../domain/reports/models.ts';
import { joinTables, pointOf, quantityOf, rowSets } from './bases.ts';
import type { Point, RowSet } from './bases.ts';
import { filterOnKey, hasText, isOriginColumn, keyOf } from './keys.ts';
import type { Table } from './keys.ts';
import type { OriginTable, OriginTables } from './origins.ts';
import { hasPath, inRows } from './plan.ts';
import { totalSets } from './totals.ts';
import type { Column, Plan } from './plan.ts';

/**
 * One branch of the UNION that a report is made of: a selection with `origin`, `landing`, the keys that are not of the origin
 * (`key<place>`, and `text<place>` where what is shown differs from the key), `bucket`, `previous` (1 in the compared period) and
 * some of the plan's columns, by name.
 */
export type Branch = {
  basis: Basis;
  select: SQL;
  columns: Column[];
  /** Whether several rows of one key add up: their `total` and `m` add up to zero where nothing is left. */
  isPartial?: boolean;
  /** The table in which origins are looked up; `origin` where unset. */
  origins?: OriginTable;
};

/** The columns of a basis under some models; those that no model concerns have the model null. */
export function columnsOf(plan: Plan, basis: Basis, models: ReadonlyArray<ReportModel | null>): Column[] {
  return plan.columns.filter(({ quantity, model }) => quantities[quantity].basis === basis && models.includes(model));
}

/** Those of some columns that a set of rows has. */
export function columnsIn(set: RowSet, columns: readonly Column[]): Column[] {
  return columns.filter(({ quantity }) => set.quantities[quantity] !== undefined);
}

export function quantitiesIn(columns: readonly Column[]): Set<Quantity> {
  return new Set(columns.map(({ quantity }) => quantity));
}

/** Places of the dimensions whose key stands in rows, beside the origin. */
export function ownPlaces(plan: Plan): Array<{ name: DimensionName; place: number }> {
  return plan.dimensions.flatMap((name, place) =>
    isOriginColumn(name) || name === 'landingPage' ? [] : [{ name, place }],
  );
}

/** Columns to select, and the expressions to group by for them. */
export type Keys = { columns: SQL[]; groups: SQL[] };

/** The part of the period that rows lie in. */
export function bucketOf({ bucketed }: Plan): Keys {
  return bucketed
    ? { columns: [sql`b.n AS bucket, b.previous AS previous`], groups: [sql`b.n`, sql`b.previous`] }
    : { columns: [sql`0 AS bucket, 0 AS previous`], groups: [] };
}

/** The keys and the bucket of rows `r` that `journeyRows` selected with `ownKeys`. */
export function keysOfRows(places: ReturnType<typeof ownPlaces>): Record<'keys' | 'bucket', Keys> {
  return {
    keys: {
      columns: places.flatMap(({ name, place }) => [
        sql.raw(`r.key${place} AS key${place}`),
        ...(hasText(name) ? [sql.raw(`min(r.text${place}) AS text${place}`)] : []),
      ]),
      groups: places.map(({ place }) => sql.raw(`r.key${place}`)),
    },
    bucket: {
      columns: [sql`r.bucket AS bucket`, sql`r.previous AS previous`],
      groups: [sql`r.bucket`, sql`r.previous`],
    },
  };
}

/**
 * What rows of a basis are grouped by beside their origin (`plain`: the columns without grouping), the tables to join for it, and
 * the conditions of the filter.
 */
export function ownKeys(plan: Plan, basis: Basis, stored?: RowSet['stored']) {
  const find = (name: DimensionName): ReturnType<typeof keyOf> => stored?.keys[name] ?? keyOf(name, basis);
  const joins: Table[] = [];
  const columns: SQL[] = [];
  const plain: SQL[] = [];
  const groups: SQL[] = [];
  // A basis that stands in the totals alone has no keys.
  for (const { name, place } of inRows(plan, basis) ? ownPlaces(plan) : []) {
    const found = find(name);
    if (!found) continue;
    joins.push(...found.joins);
    const key = sql`${found.key} AS ${sql.raw(`key${place}`)}`;
    columns.push(key);
    plain.push(key);
    groups.push(sql.raw(`key${place}`));
    if (!found.text) continue;
    columns.push(sql`min(${found.text}) AS ${sql.raw(`text${place}`)}`);
    plain.push(sql`${found.text} AS ${sql.raw(`text${place}`)}`);
  }
  const conditions: SQL[] = [];
  for (const [name, values] of Object.entries(plan.query.filter)) {
    const found = find(name as DimensionName);
    if (!found) continue;
    joins.push(...found.joins);
    conditions.push(filterOnKey(name as DimensionName, found, values));
  }
  return { joins, columns, plain, groups, conditions };
}

/** The origin and landing page of rows as columns, where the report needs them. */
export function originKeys(origins: OriginTables, { origin, landing }: Pick<Point, 'origin' | 'landing'>): Keys {
  const named: Array<[SQL, string]> = [
    ...(origins.origin ? [[origin, 'origin'] as [SQL, string]] : []),
    ...(origins.landing ? [[landing, 'landing'] as [SQL, string]] : []),
  ];
  return { columns: named.map(([key, as]) => sql`${key} AS ${sql.raw(as)}`), groups: named.map(([key]) => key) };
}

/** The tables that a point needs, for what the report needs of it. */
export function pointJoins(origins: OriginTables, point: Point): Table[] {
  return [
    ...(origins.origin || origins.landing ? point.joins : []),
    ...(origins.landing ? (point.landingJoins ?? []) : []),
  ];
}

/** The selection of a branch: keys and sums of `from`, a table with its joins and conditions. Ungrouped, each row stands alone. */
export function selectBranch({
  keys,
  numbers,
  from,
  isGrouped = true,
}: {
  keys: readonly Keys[];
  numbers: readonly SQL[];
  from: SQL;
  isGrouped?: boolean;
}): SQL {
  const columns = [...keys.flatMap((one) => one.columns), ...numbers];
  const groups = isGrouped ? keys.flatMap((one) => one.groups) : [];
  return sql`SELECT ${sql.join(columns, sql`, `)} FROM ${from}
    ${groups.length > 0 ? sql`GROUP BY ${sql.join(groups, sql`, `)}` : sql``}`;
}

/** A number summed over the rows of a group. */
export const sumAs = (number: SQL, name: string): SQL => sql`coalesce(sum(${number}), 0) AS ${sql.raw(name)}`;

/** The branches of points: visits and costs by their own origin, the rest by the models that are one point. */
export function pointBranches(plan: Plan, origins: OriginTables): Branch[] {
  const branches: Branch[] = [];
  for (const basis of bases) {
    if (hasPath(plan, basis)) continue;
    for (const model of [null, ...plan.models.point]) {
      const columns = columnsOf(plan, basis, [model]);
      if (columns.length === 0) continue;
      const point = model ?? 'leadCreation';
      const total = totalSets(plan, { basis, model: point, wanted: quantitiesIn(columns) });
      for (const set of total?.stored ?? []) branches.push(storedBranch({ plan, origins, set, columns }));
      for (const set of total?.raw ?? rowSets(plan, basis)) {
        branches.push(rowBranch({ plan, origins, set, model: point, columns }));
      }
    }
  }
  return branches;
}

type BranchInput = { plan: Plan; origins: OriginTables; set: RowSet; columns: readonly Column[] };

/** Rows that are counted one by one, by the point of a model. */
function rowBranch({ plan, origins, set, model, columns }: BranchInput & { model: PointModel }): Branch {
  const { basis } = set;
  const own = ownKeys(plan, basis);
  const point = pointOf(basis, model);
  const found = columnsIn(set, columns);
  const select = selectBranch({
    keys: [originKeys(origins, point), own, bucketOf(plan)],
    numbers: found.map(({ name, quantity }) => sumAs(quantityOf(set, quantity), name)),
    from: sql`${set.from} ${joinTables(basis, [...own.joins, ...pointJoins(origins, point)])}
      WHERE ${sql.join([sql`1`, ...set.conditions, ...own.conditions], sql` AND `)}`,
  });
  return { basis, select, columns: found };
}

/** Stored totals as they are: their key has the origin and what else they are grouped by. */
export function storedBranch({ plan, origins, set, columns }: BranchInput): Branch {
  const { basis, stored } = set;
  if (!stored) throw new Error(`A set of ${basis} is not stored.`);
  const own = ownKeys(plan, basis, stored);
  const found = columnsIn(set, columns);
  const isPartial = !stored.isOnce;
  const select = selectBranch({
    keys: [
      originKeys(origins, { origin: stored.origin, landing: sql`NULL` }),
      { columns: own.plain, groups: [] },
      { columns: isPartial ? [sql`b.total AS total, b.m AS m`] : [], groups: [] },
      bucketOf(plan),
    ],
    numbers: found.map(({ name, quantity }) => sql`${quantityOf(set, quantity)} AS ${sql.raw(name)}`),
    from: sql`${set.from} ${joinTables(basis, own.joins)}
      WHERE ${sql.join([sql`1`, ...set.conditions, ...own.conditions], sql` AND `)}`,
    isGrouped: false,
  });
  return { basis, select, columns: found, isPartial, origins: stored.origins };
}

/** A branch as rows of `facts`: keys after corrections, whether it stands in rows, and every column of the plan. */
export function factsOf(
  plan: Plan,
  origins: OriginTables,
  { basis, select, columns, isPartial = false, origins: table }: Branch,
): SQL {
  const isShown = inRows(plan, basis);
  const texts = plan.dimensions.flatMap((name, place) =>
    hasText(name) ? [sql.raw(`${isShown ? `${isPartial ? 'min' : ''}(x.text${place})` : 'NULL'} AS text${place}`)] : [],
  );
  const names = new Set(columns.map(({ name }) => name));
  const numberOf = (name: string) => (names.has(name) ? `${isPartial ? 'sum' : ''}(x.${name})` : '0');
  const groups = [
    ...plan.dimensions.map((_, place) => sql.raw(`key${place}`)),
    ...(plan.bucketed ? [sql`x.bucket`, sql`x.previous`] : []),
  ];
  const grouped = groups.length > 0 ? sql`GROUP BY ${sql.join(groups, sql`, `)}` : sql``;
  return sql`SELECT ${sql.join(
    [
      ...keysIn(plan, origins, isShown),
      ...texts,
      sql.raw(`${isShown ? 1 : 0} AS is_shown`),
      sql`x.bucket AS bucket`,
      sql`x.previous AS previous`,
      ...plan.columns.map(({ name }) => sql.raw(`${numberOf(name)} AS ${name}`)),
    ],
    sql`, `,
  )} FROM (${select}) AS x ${origins.join(table)} ${origins.condition}
    ${isPartial ? sql`${grouped} HAVING sum(x.total) <> 0 OR sum(x.m) <> 0` : sql``}`;
}

/** The keys of rows `x` after corrections, as `key<place>`; null where rows are not grouped by them. */
export function keysIn(plan: Plan, { keys }: OriginTables, isShown: boolean): SQL[] {
  return plan.dimensions.map((_, place) => {
    const key = isShown ? (keys[place] ?? sql.raw(`x.key${place}`)) : sql`NULL`;
    return sql`${key} AS ${sql.raw(`key${place}`)}`;
  });
}
