import * as z from 'zod';
import { hasPoint, isOf, canTell } from '../../db/reports/plan.ts';
import { readReportFacts } from '../../db/reports/read-report-facts.ts';
import { readCellRows } from '../../db/reports/rows/read-cell-rows.ts';
import type { CellRow } from '../../db/reports/rows/read-cell-rows.ts';
import { readRecords, rowEntities } from '../../db/reports/rows/read-records.ts';
import { checkValues } from '../../db/segments/check-values.ts';
import type { Viewer } from '../../db/segments/check-values.ts';
import { decodeCursor, encodeCursor } from '../../domain/lists/cursor.ts';
import { invalidInput } from '../../domain/errors.ts';
import { addExact } from '../../domain/exact.ts';
import type { Exact } from '../../domain/exact.ts';
import { toIso } from '../../domain/iso-time.ts';
import { fromMinor } from '../../domain/money.ts';
import type { MoneyValue } from '../../domain/reports/assemble-report.ts';
import { readGroup } from '../../domain/reports/cell-group.ts';
import type { CellGroup, GivenGroup } from '../../domain/reports/cell-group.ts';
import { cellRowsOf } from '../../domain/reports/cells.ts';
import type { CellRows } from '../../domain/reports/cells.ts';
import type { Bucket, ReportTime } from '../../domain/reports/facts.ts';
import { measureNames, measures } from '../../domain/reports/measures.ts';
import type { MeasureName, Quantity } from '../../domain/reports/measures.ts';
import { pathSetModels, pointModels } from '../../domain/reports/models.ts';
import type { ReportModel } from '../../domain/reports/models.ts';
import type { ReportInput } from '../../domain/reports/parse-report.ts';
import type { ReportQuery } from '../../domain/reports/query.ts';
import { readSelectionCompiler } from '../segments/read-definitions.ts';
import { readReport } from './run-report.ts';
import type { ServiceContext } from '../service-context.ts';

export type RowsRequest = {
  query: ReportInput;
  group: GivenGroup;
  measure: string;
  /** One of the report's models; the first where unset. */
  model?: string | undefined;
  /** Of the period compared with. */
  previous: boolean;
  limit: number;
  cursor?: string | null | undefined;
};

export type RowsAnswer = {
  entity: (typeof rowEntities)[keyof typeof rowEntities];
  items: Array<Record<string, unknown>>;
  nextCursor: string | null;
  /** Rows; visits, which are counted by day and origin. */
  count: number;
  /** The credit of all rows, under models that share it. */
  credit?: number;
  /** The money of all rows, of measures of money. */
  credited?: MoneyValue;
  /** How many rows are in the numerator, of rates. */
  inNumerator?: number;
};

type Context = Pick<ServiceContext, 'db' | 'clock' | 'settings'> & { viewer?: Viewer | undefined };
type Read = { query: ReportQuery; time: ReportTime; now: number; cell: CellRows; group: CellGroup; model: ReportModel };

const rowsCursor = z.tuple([z.union([z.number(), z.string().max(100)]), z.union([z.number(), z.string().max(100)])]);

/**
 * The rows behind one number of a report: the people, submissions, deals, costs or visits that it counts, the newest first.
 * @throws KildeError `invalid_input` where the report has no such number, and as `runReport` does.
 */
export async function readReportRows(context: Context, request: RowsRequest): Promise<RowsAnswer> {
  const { limit } = request;
  const position = decodeCursor(request.cursor, rowsCursor, 'body.cursor');
  const read = await readCell(context, request);
  const { query, cell, group, model } = read;
  const { where, entity } = query;
  const compileSelection = where ? await readSelectionCompiler(context, { where, entity }) : undefined;
  const check = where ? checkValues(where, { entity, viewer: context.viewer }) : null;
  const [found, whole] = await Promise.all([
    readCellRows(context.db, {
      ...read,
      query: { ...query, dimensions: group.names },
      group: group.values,
      page: { after: position && { at: position[0], id: position[1] }, limit },
      compileSelection,
      check,
    }),
    isPathSet(model) ? readPathCredit(context, { ...read, compileSelection }) : null,
  ]);
  if (found.invalid.length > 0) throw invalidInput(found.invalid);

  const rows = found.rows.slice(0, limit);
  const records = await readRecords(context.db, { basis: cell.basis, ids: rows.map(({ id }) => id) });
  const share = (row: CellRow) => shareOf(row, { whole, weight: found.all.weight });
  const toMoney = (minor: Exact | null): MoneyValue => ({
    amount: minor === null ? null : fromMinor({ minor, currency: found.currency ?? '' }),
    currency: found.currency,
  });
  const isShared = !pointModels.some((one) => one === model) && cell.basis in sharedBases;
  const hasNumerator = cell.isShare || cell.numerator !== null;
  const last = rows.at(-1);
  const total = whole ?? { credit: found.all.credit ?? 0, money: found.all.money };
  return {
    entity: rowEntities[cell.basis],
    items: rows.map((row) => ({
      ...(records.get(row.id) ?? { id: null, erased: true, ...momentOf(row) }),
      ...(isShared ? { credit: share(row).credit } : {}),
      ...(cell.money ? { credited: toMoney(share(row).money) } : {}),
      ...(hasNumerator || isRate(request.measure) ? { inNumerator: row.hit } : {}),
      ...(cell.median ? { days: row.days } : {}),
    })),
    nextCursor: found.rows.length > limit && last ? encodeCursor([last.at, last.id]) : null,
    count: cell.basis === 'visit' ? found.all.visits : found.all.rows,
    ...(isShared ? { credit: total.credit } : {}),
    ...(cell.money ? { credited: toMoney(total.money ?? 0) } : {}),
    ...(hasNumerator ? { inNumerator: found.all.hits ?? 0 } : {}),
  };
}

/** Bases whose rows have a journey that can share their credit. */
const sharedBases = { lead: true, submission: true, dealRegistered: true, dealClosed: true, dealOpen: true };

const isRate = (measure: string): boolean => measures[measure as MeasureName].kind === 'rate';

const isPathSet = (model: ReportModel): boolean => pathSetModels.some((one) => one === model);

const momentOf = ({ at }: CellRow) => (typeof at === 'number' ? { at: toIso(at) } : { day: at });

type Credit = { credit: number; money: Exact | null };

/** What a row has of the group's credit: where all paths are credited together, its part by weight. */
function shareOf(row: CellRow, { whole, weight }: { whole: Credit | null; weight: number }): Credit {
  if (!whole) return { credit: row.credit ?? 1, money: row.money };
  const part = weight > 0 ? (row.weight ?? 0) / weight : 0;
  return { credit: whole.credit * part, money: Math.round(Number(whole.money ?? 0) * part) };
}

/** Reads what is asked for, and whether there is such a number. */
async function readCell(
  context: Context,
  { query: input, group: given, measure, model, previous }: RowsRequest,
): Promise<Read> {
  if (!measureNames.some((name) => name === measure)) {
    throw invalidInput([
      {
        location: 'body.measure',
        message: `Unknown measure "${measure.slice(0, 100)}". Measures are ${measureNames.join(', ')}.`,
      },
    ]);
  }
  const asked = Array.isArray(input.attribution) ? input.attribution[0] : input.attribution;
  const read = await readReport(context, {
    ...input,
    measures: [measure],
    attribution: model ?? asked ?? 'leadCreation',
    sort: null,
    limit: null,
    compare: previous ? (input.compare ?? 'previousPeriod') : null,
  });
  const { query } = read;
  const cell = cellRowsOf(measure as MeasureName);
  const group = readGroup(given, query);
  const [credited] = query.models;
  refuseUntold({ query, cell, group, model: credited!, measure });
  const part = partOf({ time: read.time, group, previous });
  return {
    ...read,
    query: { ...query, time: null, compare: null },
    time: { current: [part], previous: null },
    cell,
    group,
    model: credited!,
  };
}

/** The part of the period that the group is of, or the whole period. */
function partOf({ time, group, previous }: { time: ReportTime; group: CellGroup; previous: boolean }): Bucket {
  const parts = (previous ? time.previous : time.current) ?? [];
  const [first, last] = [parts[0]!, parts.at(-1)!];
  if (group.part === null) return { ...first, toDay: last.toDay, to: last.to };
  const place = time.current.findIndex(({ key }) => key === group.part);
  const part = parts[place];
  if (part) return part;
  throw invalidInput([{ location: 'body.group', message: `The period has no part "${group.part.slice(0, 100)}".` }]);
}

/** @throws KildeError `invalid_input` where the report has no such number. */
function refuseUntold({
  query,
  cell,
  group,
  model,
  measure,
}: Pick<Read, 'query' | 'cell' | 'group' | 'model'> & { measure: string }): void {
  const refuse = (location: string, message: string) => {
    throw invalidInput([{ location, message }]);
  };
  if (!canTell(cell.basis, query))
    refuse('body.measure', `${measure} has no value under this filter or these criteria.`);
  const beyond = query.dimensions.find((name) => !isOf(name, cell.basis) && group.names.includes(name));
  if (beyond) refuse(`body.group.${beyond}`, `${measure} has no value by ${beyond}: ask for it without.`);
  const isOwn = !(cell.basis in sharedBases);
  const isPoint = pointModels.find((one) => one === model);
  const isCredited = isOwn || (isPoint ? hasPoint(cell.basis, isPoint) : cell.median === null);
  const isInPaths = cell.members.every((name) => name === 'deals' || name === 'wonDeals') && cell.money !== 'pipeline';
  if (!isCredited || (isPathSet(model) && !isOwn && !isInPaths))
    refuse('body.model', `${measure} is not credited by ${model}.`);
  if (isPathSet(model) && !isOwn && group.names.length > 0 && group.names.length < query.dimensions.length) {
    refuse('body.group', `${model} credits all paths together: name all dimensions, or none.`);
  }
}

/** What the group got under a model that credits all paths together: the report's own number. */
async function readPathCredit(
  { db }: Context,
  {
    query,
    time,
    now,
    cell,
    group,
    model,
    compileSelection,
  }: Read & { compileSelection: Awaited<ReturnType<typeof readSelectionCompiler>> | undefined },
): Promise<Credit | null> {
  if (!(cell.basis in sharedBases)) return null;
  const { facts } = await readReportFacts(db, {
    query: { ...query, measures: [...cell.members, ...(cell.money ? [cell.money] : [])] as MeasureName[], limit: 1e9 },
    time,
    now,
    compileSelection,
  });
  const isTotal = group.names.length === 0;
  const shown = (value: unknown) =>
    JSON.stringify(typeof value === 'object' && value !== null && 'id' in value ? value.id : value);
  const wanted = query.dimensions.map((name) => shown(group.values[group.names.indexOf(name)] ?? null));
  const own = facts.filter(({ group: place, dimensions }) =>
    isTotal ? place === null : place !== null && dimensions.every((value, n) => shown(value) === wanted[n]),
  );
  const sum = (quantity: Quantity): Exact =>
    own.reduce<Exact>((total, { numbers }) => addExact(total, numbers[model]?.[quantity] ?? 0), 0);
  return {
    credit: Number(cell.members.map(sum).reduce(addExact, 0)),
    money: cell.money === null ? null : sum(cell.money),
  };
}
