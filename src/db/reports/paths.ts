import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { bases } from '../../domain/reports/measures.ts';
import { pointOf, quantityOf, rowSets } from './bases.ts';
import type { Point, RowSet } from './bases.ts';
import {
  columnsIn,
  columnsOf,
  keysOfRows,
  originKeys,
  ownKeys,
  ownPlaces,
  pointJoins,
  quantitiesIn,
  selectBranch,
  storedBranch,
  sumAs,
} from './branches.ts';
import type { Branch } from './branches.ts';
import { journeyRows, journeyTouches } from './journeys.ts';
import type { OriginTables } from './origins.ts';
import { hasPath } from './plan.ts';
import type { Column, Plan } from './plan.ts';
import { totalSets } from './totals.ts';

/** The channel of each origin, after corrections. */
const channels = sql`step(id, key) AS MATERIALIZED (SELECT origin.id, coalesce(v.alias_of, v.id)
  FROM origin JOIN origin_value v ON v.id = origin.channel_id)`;

/**
 * The steps of each journey of `touches` in order, as `name(cid, path)`: the key that `steps` (`id`, `key`) gives each origin,
 * joined by commas. Direct is left out unless it is all there is; repeats stay.
 */
export function pathTable({ name, touches, steps }: { name: SQL; touches: SQL; steps: SQL }): SQL {
  const joined = (of: SQL) => sql`group_concat(${of}, ',' ORDER BY j.at, j.tid)`;
  return sql`${name} AS MATERIALIZED (SELECT j.cid AS cid, coalesce(${joined(sql`CASE WHEN j.direct = 0 THEN step.key END`)}, ${joined(
    sql`step.key`,
  )}) AS path FROM ${touches} j LEFT JOIN ${steps} AS step ON step.id = j.origin GROUP BY j.cid)`;
}

/** The branches of reports by path, under the models that are one point. `tables` are what they select from. */
export function pathBranches(plan: Plan, origins: OriginTables): { tables: SQL[]; branches: Branch[] } {
  const tables: SQL[] = [];
  const branches: Branch[] = [];
  for (const basis of bases) {
    if (!hasPath(plan, basis)) continue;
    for (const model of plan.models.point) {
      const columns = columnsOf(plan, basis, [model]);
      if (columns.length === 0) continue;
      const total = totalSets(plan, { basis, model, wanted: quantitiesIn(columns) });
      for (const set of total?.stored ?? []) branches.push(storedBranch({ plan, origins, set, columns }));
      for (const set of total?.raw ?? rowSets(plan, basis)) {
        const name = `path${branches.length}`;
        const built = pathBranch({ plan, origins, set, columns, point: pointOf(basis, model), name });
        tables.push(...built.tables);
        branches.push(built.branch);
      }
    }
  }
  return { tables: tables.length > 0 ? [channels, ...tables] : [], branches };
}

function pathBranch({
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
  point: Point;
  name: string;
}): { tables: SQL[]; branch: Branch } {
  const own = ownKeys(plan, set.basis);
  const found = columnsIn(set, columns);
  const rows = sql.raw(`${name}_rows`);
  const paths = sql.raw(`${name}_paths`);
  const tables = [
    journeyRows({
      plan,
      set,
      name: rows,
      joins: [...own.joins, ...pointJoins(origins, point)],
      more: [
        ...originKeys(origins, point).columns,
        ...own.plain,
        ...found.map(({ name: as, quantity }) => sql`${quantityOf(set, quantity)} AS ${sql.raw(as)}`),
      ],
      conditions: own.conditions,
    }),
    ...journeyTouches({ plan, rows, name }),
    pathTable({ name: paths, touches: sql.raw(name), steps: sql`step` }),
  ];
  const place = plan.dimensions.indexOf('path');
  const { keys, bucket } = keysOfRows(ownPlaces(plan).filter((one) => one.place !== place));
  const select = selectBranch({
    keys: [
      originKeys(origins, { origin: sql`r.origin`, landing: sql`r.landing` }),
      keys,
      { columns: [sql`w.path AS ${sql.raw(`key${place}`)}`], groups: [sql`w.path`] },
      bucket,
    ],
    numbers: found.map(({ name: as }) => sumAs(sql.raw(`r.${as}`), as)),
    from: sql`${rows} r JOIN ${paths} w ON w.cid = r.cid`,
  });
  return { tables, branch: { basis: set.basis, select, columns: found } };
}
