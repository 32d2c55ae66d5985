import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { DimensionName } from '../../domain/reports/dimensions.ts';
import { measures, quantities } from '../../domain/reports/measures.ts';
import type { Basis, Measure, Quantity } from '../../domain/reports/measures.ts';
import { packRows } from '../packed-rows.ts';
import type { Cell, PackedRows } from '../packed-rows.ts';
import { factsOf, pointBranches } from './branches.ts';
import { chosen } from './bases.ts';
import { directOrigins, journeyBranches } from './journeys.ts';
import { hasText, labelOf, orderOf } from './keys.ts';
import { medianTables } from './medians.ts';
import type { MedianTables } from './medians.ts';
import { reportCurrency } from './money.ts';
import { originTables } from './origins.ts';
import { pathBranches } from './paths.ts';
import { creditUnits } from '../fragments/credit-shares.ts';
import { partColumns } from './plan.ts';
import type { Column, Plan } from './plan.ts';
import { hasSeries } from '../../domain/reports/query.ts';

/**
 * The periods asked for, as a table of the statement, with what the report's bases ask of them. `lo_open` is `lo`, but open below in
 * the first part of a period.
 */
export function buckets({ time, bucketed, columns }: Plan): SQL[] {
  if (!bucketed) return [];
  const asks = (...of: Basis[]) => columns.some(({ quantity }) => of.includes(quantities[quantity].basis));
  const [hasDays, isOpen] = [asks('visit', 'cost'), asks('dealOpen')];
  const names = ['n', 'previous', 'lo', 'hi', ...(hasDays ? ['lo_day', 'hi_day'] : []), ...(isOpen ? ['lo_open'] : [])];
  const rows = [time.current, time.previous ?? []].flatMap((list, previous) =>
    list.map(({ from, to, fromDay, toDay }, n) => [
      n,
      previous,
      from,
      to,
      ...(hasDays ? [fromDay, toDay] : []),
      ...(isOpen ? [n === 0 ? -9e15 : from] : []),
    ]),
  );
  const values = names.map((_, n) => `value ->> ${n}`).join(', ');
  return [
    sql`${sql.raw(`buckets(${names.join(', ')}) AS MATERIALIZED (SELECT ${values}`)} FROM json_each(${JSON.stringify(rows)}))`,
  ];
}

const isMoney = (quantity: Quantity): boolean => 'money' in quantities[quantity];
export const hasMoney = (plan: Plan): boolean => plan.columns.some(({ quantity }) => isMoney(quantity));

/** Tables of the statement that any part of a report may ask for. */
export function sharedTables(plan: Plan, { money = hasMoney(plan) } = {}): SQL[] {
  return [...buckets(plan), ...(money ? [reportCurrency(plan.query.currency)] : []), ...chosen(plan)];
}

/**
 * The report as one statement. The rows of all branches are facts; facts are grouped by what is shown (`grouped`), groups are put in order
 * (`ranked`, `numbered`), and the first of them, the totals and the number of groups are answered. Rows have `kind` (`group`, `total`,
 * `median`), `place` (of the group, from 1), labels `label<n>`, `bucket` and `previous` where there are several parts of a period, the plan's columns
 * and medians; one row of kind `count` has the number of groups as its place.
 */
export function selectReport(plan: Plan): PackedRows {
  const origins = originTables(plan);
  const journeys = journeyBranches(plan, origins);
  const paths = pathBranches(plan, origins);
  const branches = [...pointBranches(plan, origins), ...journeys.branches, ...paths.branches];
  const medians = medianTables(plan, origins);
  const tables = sql`WITH ${sql.join(
    [
      ...sharedTables(plan),
      ...(journeys.tables.length + paths.tables.length > 0 ? [directOrigins] : []),
      ...journeys.tables,
      ...paths.tables,
      sql`facts AS (${sql.join([...emptyFacts(plan), ...branches.map((branch) => factsOf(plan, origins, branch))], sql` UNION ALL `)})`,
      ...groupTables(plan),
      ...medians.parts,
    ],
    sql`, `,
  )}`;
  return packRows({ cells: answeredCells(plan, medians), rows: answeredRows(plan, medians), tables });
}

const keyNames = (plan: Plan): string[] => plan.dimensions.map((_, place) => `key${place}`);
const keysOf = (plan: Plan): SQL[] => keyNames(plan).map((name) => sql.raw(name));
/** Groups are known by their keys where credit by paths is added to them. */
const answeredKeys = (plan: Plan): SQL[] => (plan.models.pathSet.length > 0 ? keysOf(plan) : []);
/** The parts of time that groups have: one part alone is nothing to group by. */
const bucketKeys = ({ bucketed }: Plan): SQL[] => (bucketed ? [sql`bucket`, sql`previous`] : []);

/**
 * Facts of nothing: one so that there is a row without any (without dimensions it stands as the one group), and one for each value of a
 * list whose values are all shown.
 */
function emptyFacts(plan: Plan): SQL[] {
  const fact = ({ key, isShown }: { key: string; isShown: boolean }): SQL =>
    sql.join(
      [
        ...keysOf(plan).map((name) => sql`${sql.raw(key)} AS ${name}`),
        ...plan.dimensions.flatMap((name, place) => (hasText(name) ? [sql.raw(`NULL AS text${place}`)] : [])),
        sql`${sql.raw(isShown ? '1' : '0')} AS is_shown, 0 AS bucket, 0 AS previous`,
        ...plan.columns.map(({ name }) => sql.raw(`0 AS ${name}`)),
      ],
      sql`, `,
    );
  const none = sql`SELECT ${fact({ key: 'NULL', isShown: plan.dimensions.length === 0 })}`;
  if (!plan.query.showEmpty) return [none];
  const list = sql.raw(plan.dimensions[0] === 'category' ? 'category' : 'lead_status');
  return [none, sql`SELECT ${fact({ key: 'id', isShown: true })} FROM ${list} WHERE archived_at IS NULL`];
}

/** Facts grouped, and the groups that are shown put in order. */
function groupTables(plan: Plan): SQL[] {
  const keys = keysOf(plan);
  const texts = plan.dimensions.flatMap((name, place) =>
    hasText(name) ? [sql.raw(`min(text${place}) AS text${place}`)] : [],
  );
  const sums = plan.columns.map(({ name }) => sql.raw(`sum(${name}) AS ${name}`));
  const part = plan.bucketed ? sql`bucket, previous` : sql`0 AS bucket, 0 AS previous`;
  // A part of time that is a dimension is grouped by as the other dimensions are.
  const groupNames = [...keyNames(plan), ...(isGroupedByTime(plan) ? ['bucket'] : [])];
  const order = sortKeys(plan, sql.raw(groupNames.length > 0 ? `PARTITION BY ${groupNames.join(', ')}` : ''));
  // Groups with equal sort values are put in order by their keys, but for those that they are sorted by already.
  const sorted = new Set(order.map(({ key }) => key));
  const rest = groupNames.filter((name) => !sorted.has(name)).map((name) => sql.raw(`${name} NULLS LAST`));
  const ranks = order.map(({ direction }, n) => sql.raw(`rank${n} ${direction} NULLS LAST`));
  // Groups whose first dimension is unknown stand last; where parts of time come first, last in each part.
  const ofTime = isGroupedByTime(plan) && order[0]?.key === 'bucket' ? 1 : 0;
  const unknown = plan.dimensions.length > 0 ? [sql`key0 IS NULL`] : [];
  const turns = [...ranks.slice(0, ofTime), ...unknown, ...ranks.slice(ofTime), ...rest];
  // Of several parts of time, the rows of a group stand in one place.
  const place = sql.raw(isOneRow(plan) ? 'row_number()' : 'dense_rank()');
  return [
    sql`grouped AS MATERIALIZED (SELECT ${sql.join([...keys, ...texts, sql`is_shown`, part, ...sums], sql`, `)} FROM facts
        GROUP BY ${sql.join([...keys, sql`is_shown`, ...bucketKeys(plan)], sql`, `)})`,
    sql`ranked AS (SELECT *${sql.join(order.map(({ value }, n) => sql`, ${value} AS ${sql.raw(`rank${n}`)}`))}
        FROM grouped WHERE is_shown = 1)`,
    sql`numbered AS MATERIALIZED (SELECT *, ${place} OVER (ORDER BY ${sql.join([...turns, sql`1`], sql`, `)}) AS place FROM ranked)`,
  ];
}

/** The columns of the answer, as they are read. */
function answeredCells(plan: Plan, medians: MedianTables): Cell[] {
  return [
    { name: 'kind' },
    { name: 'place' },
    ...plan.dimensions.map((_, place) => ({ name: `label${place}`, as: 'json' as const })),
    ...answeredKeys(plan).map((_, place) => ({ name: `key${place}` })),
    ...(partColumns(plan, 'bucket', 'previous').length > 0 ? [{ name: 'bucket' }, { name: 'previous' }] : []),
    ...plan.columns.map(({ name, unit }): Cell =>
      unit === 'credit' ? { name, as: 'number' } : unit === 'minor' ? { name, as: 'whole' } : { name },
    ),
    ...medians.names.map((name) => ({ name, as: 'number' as const })),
  ];
}

/** The first groups, the totals of all groups, the number of groups, and the medians of all rows. */
function answeredRows(plan: Plan, medians: MedianTables): SQL {
  const keys = answeredKeys(plan);
  const label = (name: DimensionName, place: number) =>
    sql`${labelOf(name, sql.raw(`n.key${place}`), sql`min(${sql.raw(`n.text${place}`)}) OVER (PARTITION BY n.place)`)} AS ${sql.raw(`label${place}`)}`;
  const noLabels = [...plan.dimensions, ...keys].map(() => sql`NULL`);
  const noColumns = plan.columns.map(() => sql`NULL`);
  const noMedians = medians.names.map(() => sql`NULL`);
  const byPart = bucketKeys(plan);
  const groups = [
    sql`'group' AS kind, n.place AS place`,
    ...plan.dimensions.map(label),
    ...keys.map((key) => sql`n.${key} AS ${key}`),
    ...partColumns(plan, 'n.bucket', 'n.previous'),
    ...plan.columns.map((column) => answered(column, `n.${column.name}`)),
    ...medians.names.map((name) => sql.raw(`${name}.v AS ${name}`)),
  ];
  const totals = [
    sql`'total', NULL`,
    ...noLabels,
    ...partColumns(plan, 'bucket', 'previous'),
    ...plan.columns.map((column) => answered(column, `sum(${column.name})`)),
    ...noMedians,
  ];
  const count = [sql`'count', max(place)`, ...noLabels, ...partColumns(plan, '0', '0'), ...noColumns, ...noMedians];
  const upTo = sql`n.place <= ${plan.offset + plan.limit}`;
  const shown = plan.offset === 0 ? upTo : sql`n.place > ${plan.offset} AND ${upTo}`;
  return sql`SELECT ${sql.join(groups, sql`, `)} FROM numbered n ${medians.join} WHERE ${shown}
    UNION ALL SELECT ${sql.join(totals, sql`, `)} FROM grouped ${byPart.length > 0 ? sql`GROUP BY ${sql.join(byPart, sql`, `)}` : sql``}
    UNION ALL SELECT ${sql.join(count, sql`, `)} FROM numbered
    ${sql.join(medians.totals.map((total) => sql` UNION ALL ${total({ noLabels, noColumns })}`))}`;
}

/** Credit leaves the database as what it is parts of: the parts of nine million leads are more than JavaScript counts. */
const answered = ({ name, unit }: Column, value: string): SQL =>
  sql.raw(`${value}${unit === 'credit' ? ` / ${creditUnits}.0` : ''} AS ${name}`);

/** `key` is the column of groups that the value is, where it is no more than one. */
type SortKey = { value: SQL; direction: 'asc' | 'desc'; key?: string };

/** Whether a part of time is a dimension. */
const isGroupedByTime = ({ query }: Plan): boolean => query.time !== null && !hasSeries(query);

/** Whether each group is one row. */
const isOneRow = (plan: Plan): boolean => !plan.bucketed || (isGroupedByTime(plan) && plan.time.previous === null);

/** What the groups are put in order by: over the period itself, not the compared one, and under the first model. */
function sortKeys(plan: Plan, partition: SQL): SortKey[] {
  const total = (quantity: Quantity): SQL => {
    const found = plan.columns.filter((one) => one.quantity === quantity);
    const first = found.find(({ model }) => model === null || model === plan.query.models[0]) ?? found[0];
    if (!first) return sql`NULL`;
    // A group of one bucket is one row.
    return plan.bucketed
      ? sql`sum(CASE WHEN previous = 0 THEN ${sql.raw(first.name)} END) OVER (${partition})`
      : sql.raw(first.name);
  };
  const valueOf = (measure: Measure): SQL | null => {
    switch (measure.kind) {
      case 'quantity':
      case 'share':
        return total(measure.of);
      case 'rate':
        return sql`1.0 * ${total(measure.numerator)} / nullif(${sql.join(measure.denominator.map(total), sql` + `)}, 0)`;
      case 'ratio':
        return sql`1.0 * ${total(measure.numerator)} / nullif(${total(measure.denominator)}, 0)`;
      case 'median':
        return null;
    }
  };
  return plan.query.sort.flatMap(({ field, direction }) => {
    if (field === plan.query.time?.unit) {
      if (isGroupedByTime(plan)) return [{ value: sql`bucket`, direction, key: 'bucket' }];
      return [{ value: sql`max(bucket) OVER (${partition})`, direction }];
    }
    const place = (plan.dimensions as string[]).indexOf(field);
    if (place !== -1) {
      const key = sql.raw(`key${place}`);
      const value = orderOf(field as DimensionName, key);
      return [{ value, direction, ...(value === key && { key: `key${place}` }) }];
    }
    const measure: Measure | undefined = field in measures ? measures[field as keyof typeof measures] : undefined;
    const value = measure && valueOf(measure);
    return value ? [{ value, direction }] : [];
  });
}
