import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { CellRows } from '../../../domain/reports/cells.ts';
import type { Basis } from '../../../domain/reports/measures.ts';
import { journeyModels, pointModels } from '../../../domain/reports/models.ts';
import type { JourneyModel, ReportModel } from '../../../domain/reports/models.ts';
import type { DimensionValue } from '../../../domain/reports/facts.ts';
import { ageInHalfLives, creditUnits, halved, partBetween, sharesOf } from '../../fragments/credit-shares.ts';
import { packRows } from '../../packed-rows.ts';
import type { PackedRows } from '../../packed-rows.ts';
import { originKeys, ownKeys, pointJoins } from '../branches.ts';
import { firstTouchAt, joinTables, pointOf, quantityOf, rowSets } from '../bases.ts';
import type { RowSet } from '../bases.ts';
import { directOrigins, journeyRows, journeyTouches } from '../journeys.ts';
import { isOriginColumn, keyOf } from '../keys.ts';
import type { Table } from '../keys.ts';
import { originTables } from '../origins.ts';
import type { OriginTables } from '../origins.ts';
import { pathTable } from '../paths.ts';
import type { Plan } from '../plan.ts';
import { sharedTables } from '../select-report.ts';
import { isGroup } from './group-conditions.ts';

/** The rows that one number of a report is made of. `plan` has the group's dimensions, one model and one part of time. */
export type RowsPlan = {
  plan: Plan;
  cell: CellRows;
  model: ReportModel;
  /** The value of each of the plan's dimensions. */
  group: DimensionValue[];
};

export type RowsPage = { after: { at: number | string; id: number | string } | null; limit: number };

const ids: Record<Basis, { id: SQL; at: SQL }> = {
  visit: { id: sql`visit_day.rowid`, at: sql`visit_day.day` },
  cost: { id: sql`cost.id`, at: sql`cost.day` },
  newValue: { id: sql`origin_value.id`, at: sql`origin_value.first_seen_at` },
  lead: { id: sql`person.id`, at: sql`person.created_at` },
  submission: { id: sql`submission.id`, at: sql`submission.at` },
  dealRegistered: { id: sql`deal.id`, at: sql`deal.registered_at` },
  dealClosed: { id: sql`deal.id`, at: sql`deal.closed_at` },
  dealOpen: { id: sql`deal.id`, at: sql`deal.registered_at` },
};

/**
 * A page of the rows, the newest first, and what all of them are together, as one statement. Rows have `id`, `at`, `credit` (in parts
 * of one), `money` (minor units of the report's currency), `weight`, `hit` and `days`; the one of kind `all` has their sums, and in
 * `id` how many there are. One more row than the limit is answered.
 */
export function selectCellRows(rows: RowsPlan, { after, limit }: RowsPage): PackedRows {
  const { plan, cell } = rows;
  const origins = originTables(plan);
  const { parts, found } = foundRows(rows, origins);
  const beyond = after ? sql`WHERE (at, id) < (${after.at}, ${after.id})` : sql``;
  return packRows({
    cells: [
      { name: 'kind' },
      { name: 'id' },
      { name: 'at' },
      { name: 'credit', as: 'number' },
      { name: 'money', as: 'whole' },
      { name: 'weight', as: 'number' },
      { name: 'hit' },
      { name: 'days', as: 'number' },
      { name: 'visits' },
    ],
    tables: sql`WITH ${sql.join(
      [...sharedTables(plan, { money: cell.money !== null }), ...parts, sql`found AS MATERIALIZED (${found})`],
      sql`, `,
    )}`,
    rows: sql`SELECT * FROM (SELECT 'row' AS kind, id, at, credit, money, weight, hit, days, visits FROM found ${beyond}
        ORDER BY at DESC, id DESC LIMIT ${limit + 1})
      UNION ALL SELECT 'all', count(*), NULL, sum(credit), sum(money), sum(weight), sum(hit), NULL, sum(visits) FROM found`,
  });
}

function foundRows(rows: RowsPlan, origins: OriginTables): { parts: SQL[]; found: SQL } {
  const { plan, cell, model } = rows;
  const [set, ...more] = rowSets(plan, cell.basis);
  if (!set || more.length > 0) throw new Error(`Rows of ${cell.basis} are not one set.`);
  const isOwn = cell.basis === 'visit' || cell.basis === 'cost' || cell.basis === 'newValue';
  const point = pointModels.find((one) => one === model) ?? (isOwn ? 'leadCreation' : undefined);
  if (plan.dimensions.includes('path')) return pathRows(rows, { set, origins, point: point! });
  if (point) return { parts: [], found: pointRows(rows, { set, origins, point }) };
  const journey = journeyModels.find((one) => one === model);
  if (journey) return journeyModelRows(rows, { set, origins, model: journey });
  return pathSetRows(rows, { set, origins });
}

type Source = { set: RowSet; origins: OriginTables };
type Point = (typeof pointModels)[number];

/** What is read of each row, whatever credits it: `id`, `at`, `n` (counts at all), `money`, `hit`, `days`, `visits`, and own keys `k<n>`. */
function rowColumns({ plan, cell }: RowsPlan, set: RowSet): { columns: SQL[]; joins: Table[]; conditions: SQL[] } {
  const own = ownKeys(plan, set.basis);
  const { id, at } = ids[set.basis];
  const isCounted = sql.join(
    cell.members.map((name) => sql`coalesce(${quantityOf(set, name)}, 0) <> 0`),
    sql` OR `,
  );
  const days = cell.median && sql`(${set.end} - ${firstTouchAt[cell.basis as keyof typeof firstTouchAt]})`;
  const money = cell.money && quantityOf(set, cell.money);
  const keys = plan.dimensions.flatMap((name, place) => {
    const key = isOriginColumn(name) || name === 'landingPage' ? null : keyOf(name, set.basis);
    return key ? [{ place, ...key }] : [];
  });
  return {
    columns: [
      sql`${id} AS id, ${at} AS at`,
      sql`${money ?? sql`NULL`} AS money`,
      sql`${cell.numerator ? sql`(${quantityOf(set, cell.numerator)} <> 0)` : sql`NULL`} AS hit`,
      sql`${days ?? sql`NULL`} AS days`,
      sql`${set.basis === 'visit' ? sql`visit_day.visits` : sql`NULL`} AS visits`,
      ...keys.map(({ key, place }) => sql`${key} AS ${sql.raw(`k${place}`)}`),
    ],
    joins: [
      ...own.joins,
      ...keys.flatMap(({ joins }) => joins),
      ...(days ? (['person', 'source_company'] as const) : []),
    ],
    conditions: [
      ...own.conditions,
      sql`(${isCounted})`,
      ...(money ? [sql`${money} IS NOT NULL`] : []),
      ...(days ? [sql`${days} IS NOT NULL`] : []),
    ],
  };
}

/** Whether rows `y`, with the keys `g<n>`, are of the group. */
function inGroup({ plan, group }: RowsPlan): SQL {
  const conditions = plan.dimensions.map((name, place) => isGroup(name, sql.raw(`y.g${place}`), group[place] ?? null));
  return conditions.length > 0 ? sql`(${sql.join(conditions, sql` AND `)})` : sql`1`;
}

/** The keys of rows `x` after corrections, as `g<n>`: those of their origin, else their own. */
const groupKeys = ({ plan }: RowsPlan, { keys }: OriginTables): SQL[] =>
  plan.dimensions.map((_, place) => sql`${keys[place] ?? sql.raw(`x.k${place}`)} AS ${sql.raw(`g${place}`)}`);

const rowNames = sql`y.id AS id, y.at AS at`;

function pointRows(rows: RowsPlan, { set, origins, point }: Source & { point: Point }): SQL {
  const { cell } = rows;
  const at = pointOf(set.basis, point);
  const { columns, joins: own, conditions } = rowColumns(rows, set);
  const isRow = sql.join([...set.conditions, ...conditions], sql` AND `);
  const tables = joinTables(set.basis, [...own, ...pointJoins(origins, at)]);
  const x = sql`SELECT ${sql.join([...columns, ...originKeys(origins, at).columns], sql`, `)}
    FROM ${set.from} ${tables} WHERE ${isRow}`;
  const y = sql`SELECT ${sql.join([sql`x.*`, ...groupKeys(rows, origins)], sql`, `)}
    FROM (${x}) AS x ${origins.join()} ${origins.condition}`;
  return wholeRows(rows, { y, condition: cell.isShare ? null : inGroup(rows) });
}

/** Rows that are wholly of one group. Of a share all are answered, and those of the group are its numerator. */
function wholeRows(rows: RowsPlan, { y, condition }: { y: SQL; condition: SQL | null }): SQL {
  const hit = rows.cell.isShare ? inGroup(rows) : sql`y.hit`;
  return sql`SELECT ${rowNames}, NULL AS credit, y.money AS money, NULL AS weight, ${hit} AS hit, y.days AS days, y.visits AS visits
    FROM (${y}) AS y WHERE ${condition ?? sql`1`}`;
}

/** Rows by the path that led to them, under a model that is one point. */
function pathRows(rows: RowsPlan, { set, origins, point }: Source & { point: Point }): { parts: SQL[]; found: SQL } {
  const { plan, cell } = rows;
  const at = pointOf(set.basis, point);
  const { columns, joins: own, conditions } = rowColumns(rows, set);
  const name = sql.raw('cell_row');
  const place = plan.dimensions.indexOf('path');
  const y = sql`SELECT ${sql.join([sql`x.*`, ...groupKeys(rows, origins)], sql`, `)}
    FROM (SELECT r.*, w.path AS ${sql.raw(`k${place}`)} FROM ${name} r JOIN cell_path w ON w.cid = r.cid) AS x
    ${origins.join()} ${origins.condition}`;
  return {
    parts: [
      directOrigins,
      sql`cell_step(id, key) AS MATERIALIZED (SELECT origin.id, coalesce(v.alias_of, v.id)
        FROM origin JOIN origin_value v ON v.id = origin.channel_id)`,
      journeyRows({
        plan,
        set,
        name,
        joins: [...own, ...pointJoins(origins, at)],
        more: [...columns, ...originKeys(origins, at).columns],
        conditions,
      }),
      ...journeyTouches({ plan, rows: name, name: 'cell' }),
      pathTable({ name: sql.raw('cell_path'), touches: sql.raw('cell'), steps: sql.raw('cell_step') }),
    ],
    found: wholeRows(rows, { y, condition: cell.isShare ? null : inGroup(rows) }),
  };
}

/** The tables of rows and the touches that led to them; direct is left out unless it is all there is. */
function touchedRows(rows: RowsPlan, { set }: Source): SQL[] {
  const { columns, joins, conditions } = rowColumns(rows, set);
  const name = sql.raw('cell_row');
  return [
    directOrigins,
    journeyRows({ plan: rows.plan, set, name, joins, more: columns, conditions }),
    ...journeyTouches({ plan: rows.plan, rows: name, name: 'cell' }),
    sql`cell_numbered AS (SELECT *, row_number() OVER (PARTITION BY cid ORDER BY at, tid) AS n,
      count(*) OVER (PARTITION BY cid) AS c, max(at) OVER (PARTITION BY cid) AS last_at
      FROM (SELECT *, min(direct) OVER (PARTITION BY cid) AS only_direct FROM cell) WHERE direct = only_direct)`,
  ];
}

/** The touches `t` that the filter keeps, with the row each led to and its keys, as rows `y`. */
function keptTouches(rows: RowsPlan, { origins, touches }: { origins: OriginTables; touches: SQL }): SQL {
  return sql`SELECT ${sql.join([sql`x.*`, ...groupKeys(rows, origins)], sql`, `)}
    FROM (SELECT r.*, ${touches} JOIN cell_row r ON r.cid = t.cid) AS x ${origins.join()} ${origins.condition}`;
}

function journeyModelRows(
  rows: RowsPlan,
  { model, ...source }: Source & { model: JourneyModel },
): { parts: SQL[]; found: SQL } {
  const { plan, cell } = rows;
  const { upTo, before } = sharesOf[model];
  const shared =
    model === 'timeDecay'
      ? sql`cell_shared AS (SELECT *, lag(decayed, 1, 0.0) OVER (PARTITION BY cid ORDER BY n) AS decayed_before FROM
          (SELECT *, CASE WHEN n = c THEN 1.0 ELSE round(${sql.raw(String(creditUnits))} * (sum(weight) OVER (PARTITION BY cid ORDER BY n)
              / sum(weight) OVER (PARTITION BY cid))) / ${sql.raw(`${creditUnits}.0`)} END AS decayed
            FROM (SELECT *, ${halved(ageInHalfLives(plan.query.halfLifeDays))} AS weight FROM cell_numbered)))`
      : sql`cell_shared AS (SELECT * FROM cell_numbered)`;
  const part = (amount: SQL): SQL => sql`(${partBetween({ amount, upTo, before })})`;
  const touches = sql`t.origin AS origin, t.landing AS landing, ${part(sql.raw(String(creditUnits)))} AS units, t.n AS n, t.c AS c
    ${model === 'timeDecay' ? sql`, t.decayed AS decayed, t.decayed_before AS decayed_before` : sql``} FROM cell_shared t`;
  const y = keptTouches(rows, { origins: source.origins, touches });
  const isIn = inGroup(rows);
  const of = (amount: SQL): SQL => (cell.isShare ? sql`iif(${isIn}, ${amount}, 0)` : amount);
  const hit = cell.isShare ? sql`max(${isIn})` : sql`min(y.hit)`;
  const units = sql`sum(${of(sql`y.units`)})`;
  const money = cell.money ? sql`sum(${of(part(sql`y.money`))})` : sql`NULL`;
  const sums = sql`${units} AS units, ${money} AS money, ${hit} AS hit, sum(y.units) AS all_units`;
  return {
    parts: [...touchedRows(rows, source), shared],
    found: sql`SELECT id, at, units / ${sql.raw(`${creditUnits}.0`)} AS credit, money, NULL AS weight, hit, NULL AS days, NULL AS visits
      FROM (SELECT ${rowNames}, ${sums} FROM (${y}) AS y WHERE ${cell.isShare ? sql`1` : isIn} GROUP BY y.cid)
      WHERE all_units <> 0`,
  };
}

/**
 * Rows whose path has the group, of Markov and Shapley. These credit all paths together; `weight` is one over the number of different
 * values of the path, by which what the group got is shared among its rows.
 */
function pathSetRows(rows: RowsPlan, source: Source): { parts: SQL[]; found: SQL } {
  const { cell } = rows;
  const touches = sql`t.origin AS origin, t.landing AS landing FROM cell_numbered t`;
  const y = keptTouches(rows, { origins: source.origins, touches });
  const keys = rows.plan.dimensions.map((_, place) => sql`coalesce(y.${sql.raw(`g${place}`)}, 0)`);
  const key = keys.length > 0 ? sql.join(keys, sql` || '.' || `) : sql`0`;
  const weight = sql`${cell.money ? sql`min(y.money)` : sql`1.0`} / count(DISTINCT ${key})`;
  const isIn = sql`max(${inGroup(rows)})`;
  return {
    parts: touchedRows(rows, source),
    found: sql`SELECT id, at, NULL AS credit, NULL AS money, iif(is_in, weight, 0) AS weight, ${cell.isShare ? sql`is_in` : sql`hit`} AS hit,
      NULL AS days, NULL AS visits
      FROM (SELECT ${rowNames}, 1.0 * ${weight} AS weight, min(y.hit) AS hit, ${isIn} AS is_in FROM (${y}) AS y GROUP BY y.cid)
      WHERE ${cell.isShare ? sql`1` : sql`is_in`}`,
  };
}
