import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { bases, quantities } from '../../domain/reports/measures.ts';
import { keysOfRow, ownKeys, ownPlaces, pointArm, quantitiesIn } from './arms.ts';
import type { Arm } from './arms.ts';
import { pointOf, quantityOf, rowSets } from './bases.ts';
import type { RowSet } from './bases.ts';
import { journeyRows, journeyTouches } from './journeys.ts';
import type { OriginTables } from './origins.ts';
import { hasPath } from './plan.ts';
import type { Column, Plan } from './plan.ts';
import { totalSets } from './totals.ts';

/** The channel of each origin, after corrections. */
const channels = sql`step(id, k) AS MATERIALIZED (SELECT origin.id, coalesce(v.alias_of, v.id)
  FROM origin JOIN origin_value v ON v.id = origin.channel_id)`;

/**
 * The steps of each journey of `touches` in order, as `path(cid, path)`: the key that `steps` (`id`, `k`) gives each origin,
 * joined by commas. Direct is left out unless it is all there is; repeats stay.
 */
export function pathTable({ name, touches, steps }: { name: SQL; touches: SQL; steps: SQL }): SQL {
  const joined = (of: SQL) => sql`group_concat(${of}, ',' ORDER BY j.at, j.tid)`;
  return sql`${name} AS MATERIALIZED (SELECT j.cid AS cid, coalesce(${joined(sql`CASE WHEN j.direct = 0 THEN step.k END`)}, ${joined(
    sql`step.k`,
  )}) AS path FROM ${touches} j LEFT JOIN ${steps} AS step ON step.id = j.origin GROUP BY j.cid)`;
}

/** The arms of reports by path, under the models that are one point. */
export function pathArms(plan: Plan, origins: OriginTables): { parts: SQL[]; arms: Arm[] } {
  const parts: SQL[] = [];
  const arms: Arm[] = [];
  for (const basis of bases) {
    if (!hasPath(plan, basis)) continue;
    for (const model of plan.models.point) {
      const columns = plan.columns.filter((one) => quantities[one.quantity].basis === basis && one.model === model);
      if (columns.length === 0) continue;
      const wanted = quantitiesIn(columns);
      const total = totalSets(plan, { basis, model, wanted });
      for (const set of total?.kept ?? []) arms.push(pointArm({ plan, origins, set, model, columns }));
      for (const set of total?.raw ?? rowSets(plan, basis)) {
        const name = `p${arms.length}`;
        const built = pathArm({ plan, origins, set, columns, point: pointOf(basis, model), name });
        parts.push(...built.parts);
        arms.push(built.arm);
      }
    }
  }
  return { parts: parts.length > 0 ? [channels, ...parts] : [], arms };
}

function pathArm({
  plan,
  origins,
  set,
  columns,
  point,
  name,
}: {
  plan: Plan;
  origins: OriginTables;
  set: RowSet;
  columns: Column[];
  point: ReturnType<typeof pointOf>;
  name: string;
}): { parts: SQL[]; arm: Arm } {
  const own = ownKeys(plan, set.basis);
  const told = columns.filter(({ quantity }) => set.quantities[quantity] !== undefined);
  const rows = sql.raw(`${name}_row`);
  const path = sql.raw(`${name}_path`);
  const place = plan.dimensions.indexOf('path');
  const needsOrigin = origins.origin || origins.landing;
  const parts = [
    journeyRows({
      plan,
      set,
      name: rows,
      joins: [
        ...own.joins,
        ...(needsOrigin ? point.joins : []),
        ...(origins.landing ? (point.landingJoins ?? []) : []),
      ],
      more: [
        ...(origins.origin ? [sql`${point.origin} AS origin`] : []),
        ...(origins.landing ? [sql`${point.landing} AS landing`] : []),
        ...own.plain,
        ...told.map(({ name: as, quantity }) => sql`${quantityOf(set, quantity)} AS ${sql.raw(as)}`),
      ],
      conditions: own.conditions,
    }),
    ...journeyTouches({ plan, rows, name }),
    pathTable({ name: path, touches: sql.raw(name), steps: sql`step` }),
  ];
  const places = ownPlaces(plan).filter((one) => one.place !== place);
  const groups = [
    ...(origins.origin ? [sql`r.origin`] : []),
    ...(origins.landing ? [sql`r.landing`] : []),
    ...places.map((one) => sql.raw(`r.k${one.place}`)),
    sql`w.path`,
    sql`r.b`,
    sql`r.p`,
  ];
  const select = sql`SELECT ${sql.join(
    [
      ...(origins.origin ? [sql`r.origin AS origin`] : []),
      ...(origins.landing ? [sql`r.landing AS landing`] : []),
      ...keysOfRow(places),
      sql`w.path AS ${sql.raw(`k${place}`)}`,
      sql`r.b AS b, r.p AS p`,
      ...told.map(({ name: as }) => sql.raw(`coalesce(sum(r.${as}), 0) AS ${as}`)),
    ],
    sql`, `,
  )} FROM ${rows} r JOIN ${path} w ON w.cid = r.cid GROUP BY ${sql.join(groups, sql`, `)}`;
  return { parts, arm: { basis: set.basis, select, columns: told } };
}
