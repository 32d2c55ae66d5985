import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { readExact } from '../../../domain/exact.ts';
import type { Exact } from '../../../domain/exact.ts';
import type { InputError } from '../../../domain/errors.ts';
import type { CellRows } from '../../../domain/reports/cells.ts';
import type { DimensionValue, ReportTime } from '../../../domain/reports/facts.ts';
import type { ReportModel } from '../../../domain/reports/models.ts';
import type { ReportQuery } from '../../../domain/reports/query.ts';
import type { Database } from '../../client.ts';
import type { Row } from '../../packed-rows.ts';
import type { CheckedValue, ValueCheck } from '../../segments/check-values.ts';
import { compileCriteria } from '../../segments/compile.ts';
import type { CompileSelection } from '../../segments/compile.ts';
import { reportCurrency } from '../money.ts';
import { planReport } from '../plan.ts';
import { selectCellRows } from './select-rows.ts';
import type { RowsPage } from './select-rows.ts';

/** A row behind a number: `at` is a moment, or a day of visits and costs. */
export type CellRow = {
  id: number | string;
  at: number | string;
  /** What the group got of the row, of one; null where a row is wholly of one group, or all paths are credited together. */
  credit: number | null;
  /** Minor units of the report's currency. */
  money: Exact | null;
  /** What the group's credit is shared by, where all paths are credited together. */
  weight: number | null;
  hit: boolean | null;
  days: number | null;
};

export type CellRowsAnswer = {
  /** One more than the limit where there are more. */
  rows: CellRow[];
  all: {
    rows: number;
    visits: number;
    credit: number | null;
    money: Exact | null;
    weight: number;
    hits: number | null;
  };
  currency: string | null;
  invalid: InputError[];
};

const dayMs = 86_400_000;

/** Reads the rows behind one number of a report, and the sums of all of them, in one round trip. */
export async function readCellRows(
  db: Database,
  {
    query,
    time,
    now,
    cell,
    model,
    group,
    page,
    compileSelection,
    check,
  }: {
    /** Of the group's dimensions, and one model. */
    query: ReportQuery;
    /** One part of time alone. */
    time: ReportTime;
    now: number;
    cell: CellRows;
    model: ReportModel;
    group: DimensionValue[];
    page: RowsPage;
    compileSelection?: CompileSelection | undefined;
    check: ValueCheck | null;
  },
): Promise<CellRowsAnswer> {
  const { where: criteria, entity, timeZone } = query;
  const where =
    criteria &&
    compileCriteria(criteria, {
      withErased: true,
      entity,
      now: { at: now, timeZone },
      ...(compileSelection ? { compileSelection } : {}),
    });
  const plan = planReport({ query, time, now, where });
  const { statement, unpack } = selectCellRows({ plan, cell, model, group }, page);
  const none = sql`SELECT 1 WHERE 0`;
  const currency: SQL =
    cell.money === null ? none : sql`WITH ${reportCurrency(query.currency)} SELECT currency FROM rc`;
  const [found, currencies, unknown] = await db.batch([
    db.all<Row>(statement),
    db.all<Row>(currency),
    db.all<Row>(check ? check.statement : none),
  ]);
  const read = unpack(found);
  const all = read.find(({ kind }) => kind === 'all')!;
  return {
    rows: read.filter(({ kind }) => kind === 'row').map(toCellRow),
    all: {
      rows: Number(all['id']),
      visits: Number(all['visits'] ?? 0),
      credit: numberOf(all['credit']),
      money: moneyOf(all['money']),
      weight: Number(all['weight'] ?? 0),
      hits: numberOf(all['hit']),
    },
    currency: (currencies[0]?.['currency'] as string | null | undefined) ?? null,
    invalid: check ? check.errorsOf(unknown as CheckedValue[]) : [],
  };
}

function toCellRow(row: Row): CellRow {
  const days = numberOf(row['days']);
  return {
    id: row['id']!,
    at: row['at']!,
    credit: numberOf(row['credit']),
    money: moneyOf(row['money']),
    weight: numberOf(row['weight']),
    hit: row['hit'] === null || row['hit'] === undefined ? null : Boolean(row['hit']),
    days: days === null ? null : days / dayMs,
  };
}

const numberOf = (value: Row[string] | undefined): number | null => (value == null ? null : Number(value));
const moneyOf = (value: Row[string] | undefined): Exact | null => (value == null ? null : readExact(String(value)));
