import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { BatchItem } from 'drizzle-orm/batch';
import { apiNameOf } from '../../domain/attribution/origin-field-names.ts';
import { refuseBeyond } from '../../domain/bounds.ts';
import { addExact, readExact, writeExact } from '../../domain/exact.ts';
import type { Exact } from '../../domain/exact.ts';
import { dimensions } from '../../domain/reports/dimensions.ts';
import type { DimensionName } from '../../domain/reports/dimensions.ts';
import type {
  DimensionValue,
  Fact,
  Numbers,
  ReportFacts,
  ReportTime,
  FoldedValues,
  Unconverted,
} from '../../domain/reports/facts.ts';
import { quantities, quantitiesOf } from '../../domain/reports/measures.ts';
import type { Quantity } from '../../domain/reports/measures.ts';
import type { ReportModel } from '../../domain/reports/models.ts';
import type { ReportQuery } from '../../domain/reports/query.ts';
import type { Database } from '../client.ts';
import type { Row } from '../packed-rows.ts';
import { compileCriteria } from '../segments/compile.ts';
import type { CompileSelection } from '../segments/compile.ts';
import type { ValueCheck } from '../segments/check-values.ts';
import type { InputError } from '../../domain/errors.ts';
import { endOf } from './bases.ts';
import { dayOf, isUnconverted, reportCurrency, target } from './money.ts';
import { creditPathRows, pathSetQueries, refuseCostlyPaths, selectKeys } from './path-sets.ts';
import type { PathRow } from './path-sets.ts';
import { planReport } from './plan.ts';
import type { Plan } from './plan.ts';
import { selectReport } from './select-report.ts';

/**
 * Runs a report in one round trip.
 * @throws KildeError `too_expensive` where Markov or Shapley are asked of too many groups, paths or values.
 */
export async function readReportFacts(
  db: Database,
  {
    query,
    time,
    now,
    compileSelection,
    check = null,
  }: {
    query: ReportQuery;
    time: ReportTime;
    now: number;
    compileSelection?: CompileSelection | undefined;
    /** Of the values that criteria name. */
    check?: ValueCheck | null;
  },
): Promise<ReportFacts & { invalid: InputError[] }> {
  const where =
    query.where === null
      ? null
      : compileCriteria(query.where, {
          withErased: true,
          entity: query.entity,
          now: { at: now, timeZone: query.timeZone },
          ...(compileSelection ? { compileSelection } : {}),
        });
  const plan = planReport({ query, time, now, where });
  const asksMoney = query.measures.some((name) => quantitiesOf(name).some((one) => 'money' in quantities[one]));
  const asksNewValues = query.measures.includes('newValues');
  const pathSets = pathSetQueries(plan);
  const report = selectReport(plan);
  const statements: SQL[] = [
    report.statement,
    ...(asksMoney ? [selectMoney(plan)] : []),
    ...(asksNewValues ? [selectFolded(plan)] : []),
    ...pathSets.map(({ statement }) => statement),
    ...(pathSets.length > 0 && plan.dimensions.length > 0 ? [selectKeys(plan)] : []),
    ...(check ? [check.statement] : []),
  ];
  const results = await runAll(db, statements);
  const invalid = check ? check.errorsOf(results.pop() as Array<{ list: string; value: string }>) : [];
  const rows = report.unpack(results.shift() ?? []);
  const money = asksMoney ? readMoney(results.shift() ?? []) : { currency: null, unconverted: [] };
  const folded = asksNewValues ? readFolded(results.shift() ?? []) : [];
  const facts = readFacts(plan, rows);
  const read = { facts, groups: groupCount(rows) };
  if (pathSets.length > 0) refuseBeyond('reportGroups', { value: read.groups, location: 'body.dimensions' });
  const keys = pathSets.length > 0 && plan.dimensions.length > 0 ? (results.at(-1) ?? []) : [];
  const pathRows = pathSets.map((one, n) => ({ ...one, rows: results[n] as PathRow[] }));
  refuseCostlyPaths(plan, pathRows);
  const credits = pathRows.flatMap(({ wanted, rows: paths }) => creditPathRows(plan, paths, wanted));
  const credited =
    pathSets.length === 0
      ? read
      : withPathCredits({ plan, read, rows, keys, credits, wanted: pathSets.flatMap((one) => one.wanted) });
  const from = query.offset ?? 0;
  const isShown = (group: number) => group >= from && group < from + query.limit;
  return {
    facts: credited.facts.filter(({ group }) => group === null || isShown(group)),
    moreGroups: Math.max(0, credited.groups - from - query.limit),
    ...money,
    folded,
    invalid,
  };
}

async function runAll(db: Database, statements: SQL[]): Promise<Row[][]> {
  const [first, ...rest] = statements.map((one) => db.all<Row>(one));
  if (rest.length === 0) return [await first!];
  return (await db.batch([first!, ...rest] as [BatchItem<'sqlite'>, ...Array<BatchItem<'sqlite'>>])) as Row[][];
}

const groupCount = (rows: readonly Row[]): number => Number(rows.find(({ kind }) => kind === 'count')?.['place'] ?? 0);

/** Facts of groups and totals. What is open is added up from the first part of a period on, so each part is told. */
function readFacts(plan: Plan, rows: readonly Row[]): Fact[] {
  const facts: Fact[] = [];
  const totals = new Map<string, Fact>();
  for (const row of rows) {
    if (row['kind'] === 'count') continue;
    const isGroup = row['kind'] === 'group';
    const [bucket, previous] = [Number(row['b'] ?? 0), row['p'] === 1];
    const key = `${bucket} ${previous}`;
    let fact = isGroup ? undefined : totals.get(key);
    if (!fact) {
      fact = {
        group: isGroup ? Number(row['place']) - 1 : null,
        dimensions: isGroup ? plan.dimensions.map((name, n) => readLabel(name, row[`l${n}`] ?? null)) : [],
        bucket,
        previous,
        numbers: {},
      };
      facts.push(fact);
      if (!isGroup) totals.set(key, fact);
    }
    readNumbers(plan, row, fact.numbers);
  }
  return plan.bucketed ? withRunningSums(plan, facts) : facts;
}

function readNumbers({ columns, medians, query }: Plan, row: Row, numbers: Numbers): void {
  const put = (model: ReportModel, name: keyof NonNullable<Numbers[ReportModel]>, value: Exact | null) => {
    (numbers[model] ??= {})[name] = value;
  };
  if (row['kind'] !== 'median') {
    for (const { name, quantity, model, unit } of columns) {
      const amount = unit === 'minor' ? readExact(String(row[name] ?? 0)) : Number(row[name] ?? 0);
      for (const one of model === null ? query.models : [model]) put(one, quantity, amount);
    }
  }
  for (const { name, median, model } of medians) {
    const value = row[name] ?? null;
    if (row['kind'] === 'group' || value !== null) put(model, median, value === null ? null : Number(value));
  }
}

function readLabel(name: DimensionName, label: Row[string]): DimensionValue {
  if (label === null) return dimensions[name].kind === 'path' ? [] : null;
  if (dimensions[name].kind === 'record' || dimensions[name].kind === 'path') {
    return JSON.parse(String(label)) as DimensionValue;
  }
  return String(label);
}

/** Stocks are read as what came and went in each part of a period; here they become what there is at its end. */
function withRunningSums({ columns, time, query }: Plan, facts: Fact[]): Fact[] {
  const stocks = columns.filter(({ quantity }) => quantities[quantity].basis === 'dealOpen');
  if (stocks.length === 0) return facts;
  const lines = new Map<string, Map<number, Fact>>();
  for (const fact of facts) {
    if (fact.bucket < 0) continue;
    const key = `${fact.group} ${fact.previous}`;
    const line = lines.get(key) ?? new Map<number, Fact>();
    lines.set(key, line.set(fact.bucket, fact));
  }
  const added: Fact[] = [];
  for (const line of lines.values()) {
    const [some] = line.values();
    const { group, dimensions: values, previous } = some!;
    const sums = new Map<string, Exact>();
    const parts = (previous ? time.previous : time.current) ?? [];
    for (const bucket of parts.keys()) {
      let fact = line.get(bucket);
      if (!fact) {
        fact = { group, dimensions: values, bucket, previous, numbers: {} };
        added.push(fact);
      }
      for (const { name, quantity, model } of stocks) {
        for (const one of model === null ? query.models : [model]) {
          const numbers = (fact.numbers[one] ??= {});
          const sum = addExact(sums.get(`${name} ${one}`) ?? 0, numbers[quantity] ?? 0);
          sums.set(`${name} ${one}`, sum);
          numbers[quantity] = sum;
        }
      }
    }
  }
  return [...facts, ...added];
}

/** The report's currency, and what had to be left out for want of a rate. */
function selectMoney(plan: Plan): SQL {
  const { time, query } = plan;
  const asked = new Set<Quantity>(query.measures.flatMap(quantitiesOf));
  const from = Math.min(...time.current.map((one) => one.from));
  const to = Math.max(...time.current.map((one) => one.to));
  const sets: SQL[] = [];
  const add = (table: 'deal' | 'cost', day: SQL, condition: SQL) => {
    const currency = sql.raw(`${table}.currency`);
    // Of deals, those alone that may have to be converted: most are of the report's own currency.
    const from = table === 'deal' ? sql`deal_currencies AS fc CROSS JOIN deal` : sql.raw(table);
    const isForeign = table === 'deal' ? sql`fc.code <> ${target} AND deal.currency = fc.code AND ` : sql``;
    sets.push(sql`SELECT ${currency} AS currency, amount_minor AS minor FROM ${from}
      WHERE ${isForeign}${condition} AND ${isUnconverted({ minor: sql`amount_minor`, currency, day })}`);
  };
  if (asked.has('revenue')) {
    add('deal', dayOf(sql`deal.closed_at`), sql`status = 'won' AND closed_at >= ${from} AND closed_at < ${to}`);
  }
  if (asked.has('pipeline')) {
    add(
      'deal',
      dayOf(sql`deal.registered_at`),
      sql`registered_at < ${endOf(plan, to)} AND (closed_at IS NULL OR closed_at >= ${endOf(plan, to)})`,
    );
  }
  if (asked.has('cost')) {
    add(
      'cost',
      sql`cost.day`,
      sql`day >= ${time.current[0]?.fromDay ?? ''} AND day < ${time.current.at(-1)?.toDay ?? ''}`,
    );
  }
  return sql`WITH ${reportCurrency(query.currency)}, missing(currency, minor) AS (${sql.join(sets, sql` UNION ALL `)})
    SELECT (SELECT currency FROM rc) AS currency, NULL AS missing, 0 AS amounts, 0 AS minor
    UNION ALL SELECT NULL, currency, count(*), CAST(sum(minor) AS text) FROM missing GROUP BY currency`;
}

function readMoney(rows: readonly Row[]): { currency: string | null; unconverted: Unconverted[] } {
  return {
    currency: (rows[0]?.['currency'] as string | null | undefined) ?? null,
    unconverted: rows.slice(1).map((row) => ({
      currency: String(row['missing']),
      amounts: Number(row['amounts']),
      minor: writeExact(readExact(String(row['minor']))),
    })),
  };
}

/** What visits of the period's days brought that was new and, beyond the bound of a site and day, was counted as "other". */
function selectFolded({ time }: Plan): SQL {
  const [from, to] = [time.current[0]?.fromDay ?? '', time.current.at(-1)?.toDay ?? ''];
  return sql`SELECT field, sum(folded) AS visits FROM new_value_day
    WHERE day >= ${from} AND day < ${to} AND folded > 0 GROUP BY field ORDER BY field`;
}

function readFolded(rows: readonly Row[]): FoldedValues[] {
  return rows.map(({ field, visits }) => ({ field: apiNameOf(String(field)), visits: Number(visits) }));
}

/** Adds what Markov and Shapley credit, to groups that are there by other models and to new ones. */
function withPathCredits({
  plan,
  read,
  rows,
  keys,
  credits,
  wanted,
}: {
  plan: Plan;
  read: { facts: Fact[]; groups: number };
  rows: readonly Row[];
  keys: readonly Row[];
  credits: ReturnType<typeof creditPathRows>;
  wanted: readonly Quantity[];
}): { facts: Fact[]; groups: number } {
  const { query, dimensions: names } = plan;
  const labels = new Map(
    keys.map((row) => [String(row['key']), names.map((name, n) => readLabel(name, row[`l${n}`] ?? null))]),
  );
  const groups = new Map<string, { group: number; dimensions: DimensionValue[] }>();
  for (const row of rows) {
    if (row['kind'] !== 'group') continue;
    const key = names.length === 0 ? '0' : names.map((_, n) => row[`d${n}`] ?? 0).join('.');
    groups.set(key, {
      group: Number(row['place']) - 1,
      dimensions: names.map((name, n) => readLabel(name, row[`l${n}`] ?? null)),
    });
  }
  const [first] = query.measures.flatMap(quantitiesOf);
  const unseen = new Map<string, Exact>();
  for (const { key, p, quantity, amount } of credits) {
    if (amount === 0 || groups.has(key)) continue;
    unseen.set(key, addExact(unseen.get(key) ?? 0, p === 0 && quantity === first ? amount : 0));
  }
  const added = [...unseen.keys()].toSorted(
    (a, b) => Number(unseen.get(b) ?? 0) - Number(unseen.get(a) ?? 0) || (a < b ? -1 : 1),
  );
  for (const key of added) {
    groups.set(key, { group: groups.size, dimensions: labels.get(key) ?? names.map(() => null) });
  }
  const facts = [...read.facts];
  const known = new Map(
    facts.filter(({ bucket }) => bucket === 0).map((fact) => [`${fact.group} ${fact.previous}`, fact]),
  );
  const find = (group: number | null, values: DimensionValue[], previous: boolean): Fact => {
    let fact = known.get(`${group} ${previous}`);
    if (!fact) {
      fact = { group, dimensions: values, bucket: 0, previous, numbers: {} };
      known.set(`${group} ${previous}`, fact);
      facts.push(fact);
    }
    return fact;
  };
  // Where there is no path at all, none is what can be told.
  for (const previous of plan.time.previous ? [false, true] : [false]) {
    for (const model of plan.models.pathSet) {
      const numbers = (find(null, [], previous).numbers[model] ??= {});
      for (const quantity of wanted) numbers[quantity] ??= 0;
    }
  }
  for (const { model, quantity, p, key, amount } of credits) {
    const group = groups.get(key);
    for (const fact of [...(group ? [find(group.group, group.dimensions, p === 1)] : []), find(null, [], p === 1)]) {
      const numbers = (fact.numbers[model] ??= {});
      numbers[quantity] = addExact(numbers[quantity] ?? 0, amount);
    }
  }
  return { facts, groups: Math.max(read.groups, groups.size) };
}
