import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { BatchItem } from 'drizzle-orm/batch';
import { apiNameOf } from '../../domain/attribution/origin-field-names.ts';
import type { InputError } from '../../domain/errors.ts';
import { readExact } from '../../domain/exact.ts';
import type { Fact, FoldedValues, Numbers, ReportFacts, ReportTime } from '../../domain/reports/facts.ts';
import { quantities, quantitiesOf } from '../../domain/reports/measures.ts';
import type { ReportQuery } from '../../domain/reports/query.ts';
import type { Database } from '../client.ts';
import type { Row } from '../packed-rows.ts';
import { compileCriteria } from '../segments/compile.ts';
import type { CompileSelection } from '../segments/compile.ts';
import type { CheckedValue, ValueCheck } from '../segments/check-values.ts';
import { withPathCredits } from './path-credits.ts';
import { pathSetQueries, selectKeys } from './path-sets.ts';
import type { PathRow } from './path-sets.ts';
import { planReport } from './plan.ts';
import type { Plan } from './plan.ts';
import { readLabels } from './read-labels.ts';
import { readMoney, selectMoney } from './report-money.ts';
import { withRunningSums } from './running-sums.ts';
import { selectReport } from './select-report.ts';

type ReportQuestion = {
  query: ReportQuery;
  time: ReportTime;
  now: number;
  compileSelection?: CompileSelection | undefined;
  /** A check of the values that criteria name. */
  check?: ValueCheck | null;
};
type ReadFacts = ReportFacts & { invalid: InputError[] };

/** The statements of a report, and what makes its facts of their rows: many reports can be sent in one batch. */
type PreparedFacts = {
  statements: readonly SQL[];
  /** @throws KildeError `too_expensive` where Markov or Shapley are asked of too many groups, paths or values. */
  readFacts: (results: readonly Row[][]) => ReadFacts;
};

/** Prepares a report, without asking the database. */
export function prepareReportFacts(question: ReportQuestion): PreparedFacts {
  const { query, check } = question;
  const plan = planOf(question);
  const pathSets = pathSetQueries(plan);
  const report = selectReport(plan);
  const asked = [
    report.statement,
    asksMoney(query) ? selectMoney(plan) : null,
    query.measures.includes('newValues') ? selectFolded(plan) : null,
    pathSets.length > 0 && plan.dimensions.length > 0 ? selectKeys(plan) : null,
    check?.statement ?? null,
    ...pathSets.map(({ statement }) => statement),
  ];
  const finish = ([
    answered = [],
    money = [],
    folded = [],
    keys = [],
    wrongValues = [],
    ...paths
  ]: Row[][]): ReadFacts => {
    const rows = report.unpack(answered);
    const read = { facts: toFacts(plan, rows), groups: groupCount(rows) };
    const sets = pathSets.map((set, n) => ({ ...set, rows: paths[n] as PathRow[] }));
    const credited = sets.length === 0 ? read : withPathCredits(plan, { read, rows, keys, sets });
    const from = query.offset ?? 0;
    const isShown = (group: number) => group >= from && group < from + query.limit;
    return {
      facts: credited.facts.filter(({ group }) => group === null || isShown(group)),
      moreGroups: Math.max(0, credited.groups - from - query.limit),
      ...readMoney(money),
      folded: readFolded(folded),
      invalid: check?.errorsOf(wrongValues as CheckedValue[]) ?? [],
    };
  };
  return {
    statements: asked.flatMap((one) => one ?? []),
    readFacts: (results) => {
      let n = 0;
      return finish(asked.map((one) => (one ? (results[n++] ?? []) : [])));
    },
  };
}

function planOf({ query, time, now, compileSelection }: ReportQuestion): Plan {
  const context = {
    withErased: true,
    entity: query.entity,
    now: { at: now, timeZone: query.timeZone },
    ...(compileSelection ? { compileSelection } : {}),
  };
  return planReport({ query, time, now, where: query.where === null ? null : compileCriteria(query.where, context) });
}

function asksMoney({ measures }: ReportQuery): boolean {
  return measures.some((name) => quantitiesOf(name).some((quantity) => 'money' in quantities[quantity]));
}

/** Reads the facts of a report in one round trip. @throws KildeError as `readFacts` does. */
export async function readReportFacts(db: Database, question: ReportQuestion): Promise<ReadFacts> {
  const { statements, readFacts } = prepareReportFacts(question);
  return readFacts(await readStatements(db, statements));
}

/** Runs statements in one round trip. */
export async function readStatements(db: Database, statements: readonly SQL[]): Promise<Row[][]> {
  const [first, ...rest] = statements.map((one) => db.all<Row>(one));
  if (!first) return [];
  if (rest.length === 0) return [await first];
  return (await db.batch([first, ...rest] as [BatchItem<'sqlite'>, ...Array<BatchItem<'sqlite'>>])) as Row[][];
}

const groupCount = (rows: readonly Row[]): number => Number(rows.find(({ kind }) => kind === 'count')?.['place'] ?? 0);

/** Facts of groups and totals. Medians of all rows come as rows of their own and are added to the totals' facts. */
function toFacts(plan: Plan, rows: readonly Row[]): Fact[] {
  const facts: Fact[] = [];
  const totals = new Map<string, Fact>();
  for (const row of rows) {
    if (row['kind'] === 'count') continue;
    const isGroup = row['kind'] === 'group';
    const [bucket, previous] = [Number(row['bucket'] ?? 0), row['previous'] === 1];
    const key = `${bucket} ${previous}`;
    let fact = isGroup ? undefined : totals.get(key);
    if (!fact) {
      fact = {
        group: isGroup ? Number(row['place']) - 1 : null,
        dimensions: isGroup ? readLabels(plan.dimensions, row) : [],
        bucket,
        previous,
        numbers: {},
      };
      facts.push(fact);
      if (!isGroup) totals.set(key, fact);
    }
    if (row['kind'] !== 'median') readQuantities(plan, row, fact.numbers);
    readMedians(plan, row, fact.numbers);
  }
  return plan.bucketed ? withRunningSums(plan, facts) : facts;
}

function readQuantities({ columns, query }: Plan, row: Row, numbers: Numbers): void {
  for (const { name, quantity, model, unit } of columns) {
    const amount = unit === 'minor' ? readExact(String(row[name] ?? 0)) : Number(row[name] ?? 0);
    for (const one of model === null ? query.models : [model]) (numbers[one] ??= {})[quantity] = amount;
  }
}

function readMedians({ medians }: Plan, row: Row, numbers: Numbers): void {
  for (const { name, median, model } of medians) {
    const value = row[name] ?? null;
    if (row['kind'] !== 'group' && value === null) continue;
    (numbers[model] ??= {})[median] = value === null ? null : Number(value);
  }
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
