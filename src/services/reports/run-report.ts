import type { SQL } from 'drizzle-orm';
import * as z from 'zod';
import type { Row } from '../../db/packed-rows.ts';
import { checkWanted, wantedOf } from '../../db/segments/check-values.ts';
import type { Viewer } from '../../db/segments/check-values.ts';
import { wantedOfFilter } from '../../db/reports/filter-values.ts';
import { readFirstDay } from '../../db/reports/first-day.ts';
import { prepareReportFacts, readStatements } from '../../db/reports/read-report-facts.ts';
import { findField } from '../../db/segments/fields.ts';
import { beyond, bounds, refuseBeyond } from '../../domain/bounds.ts';
import { decodeCursor, encodeCursor } from '../../domain/lists/cursor.ts';
import { invalidInput } from '../../domain/errors.ts';
import { assembleReport } from '../../domain/reports/assemble-report.ts';
import type { ReportAnswer } from '../../domain/reports/assemble-report.ts';
import { flattenReport } from '../../domain/reports/flat-report.ts';
import type { FlatReport } from '../../domain/reports/flat-report.ts';
import { measures } from '../../domain/reports/measures.ts';
import type { Measure } from '../../domain/reports/measures.ts';
import { parseReport } from '../../domain/reports/parse-report.ts';
import type { ReportInput } from '../../domain/reports/parse-report.ts';
import { hasSeries, maxReportRows } from '../../domain/reports/query.ts';
import type { ReportQuery } from '../../domain/reports/query.ts';
import { needsFirstDay, readReportTime } from '../../domain/reports/report-time.ts';
import type { ReadTime } from '../../domain/reports/report-time.ts';
import { unknownName } from '../../domain/unknown-name.ts';
import type { Site } from '../capture-settings.ts';
import { readSettings } from '../change-settings.ts';
import { readSelectionCompiler } from '../segments/read-definitions.ts';
import type { ServiceContext } from '../service-context.ts';

/** `viewer`: who asks, where selections may be named that not everybody sees; none where the report runs by itself. */
type Context = Pick<ServiceContext, 'db' | 'clock' | 'settings'> & { viewer?: Viewer | undefined };

/** Reads and checks a report, without running it. @throws KildeError `invalid_input`. */
export async function checkReport(context: Context, input: ReportInput): Promise<ReportQuery> {
  const { query } = await readReport(context, input);
  return query;
}

type ReadReport = { query: ReportQuery; time: ReadTime; now: number };

/** Reads a report and its time. @throws KildeError `invalid_input`, `too_expensive`. */
export async function readReport(context: Context, input: ReportInput, { offset = 0 } = {}): Promise<ReadReport> {
  const { defaultSite, sites } = await readSettings(context);
  const now = context.clock();
  const named = readSites(input.filter, sites);
  const site = named?.length === 1 ? (named[0] ?? defaultSite) : defaultSite;
  const query = { ...parseReport(input, { findField, now, site }), offset };
  if (named) query.filter.site = named.map((one) => one?.key ?? null);
  const firstDay = needsFirstDay(query) ? await readFirstDay(context.db, query.timeZone) : null;
  const time = readReportTime({ query, now, ...(firstDay === null ? {} : { firstDay }) });
  const parts = hasSeries(query) ? time.current.length : 1;
  const numbers = numbersOfLine(query) * parts;
  // The totals are a line too.
  refuseBeyond('reportNumbers', { value: numbers * 2, location: 'body' });
  const fitting = Math.floor(bounds.reportNumbers.most / numbers) - 1;
  if (input.limit != null && input.limit > fitting) {
    throw beyond('reportNumbers', { value: numbers * (input.limit + 1), location: 'body.limit' });
  }
  const most = Math.min(fitting, Math.max(1, Math.floor(maxReportRows / parts)));
  if (query.limit <= most) return { query, time, now };
  if (input.limit == null) return { query: { ...query, limit: most }, time, now };
  throw invalidInput([
    { location: 'body.limit', message: `must be at most ${most}: an answer has at most ${maxReportRows} rows` },
  ]);
}

/**
 * The sites that a filter names, by id or by name in any case; null where it names none.
 * @throws KildeError `invalid_input` of one that there is not.
 */
function readSites(filter: ReportInput['filter'], sites: readonly Site[]): Array<Site | null> | null {
  const given = filter?.['site'];
  if (given === undefined) return null;
  return (Array.isArray(given) ? given : [given]).map((name) => {
    if (typeof name !== 'string') return null;
    const found =
      sites.find(({ key }) => key === name) ??
      sites.find((one) => one.name.toLowerCase() === name.trim().toLowerCase());
    if (found) return found;
    const known = sites.map(({ key }) => key);
    throw invalidInput([unknownName({ location: 'body.filter.site', what: 'site', name, known, owner: 'Sites are' })]);
  });
}

/** Numbers of one row of the answer. */
function numbersOfLine({ measures: names, models, compare }: ReportQuery): number {
  const own = names.reduce((sum, name) => sum + numbersOfKind[measures[name].kind], 0);
  // What was, and how far it has changed.
  return own * models.length * (compare ? 3 : 1);
}

const numbersOfKind: Record<Measure['kind'], number> = { quantity: 2, median: 1, ratio: 4, share: 7, rate: 7 };

/**
 * Runs a report, in one round trip; a selection named in its criteria costs one more.
 * @throws KildeError `invalid_input`, naming the place: `body.measures[1]`, `where.all[0].field`; `too_expensive`.
 */
export async function runReport(context: Context, input: ReportInput): Promise<ReportAnswer> {
  return runRead(context, await readReport(context, input));
}

/** A report that is read and compiled: its statements, and what makes its answer of their rows. */
export type PreparedReport = {
  statements: readonly SQL[];
  /** @throws KildeError `invalid_input` of values that criteria name, `too_expensive`. */
  finish: (results: readonly Row[][]) => ReportAnswer;
};

/** Prepares a report for a batch with others; only a selection named in its criteria is read. @throws KildeError as `runReport` does. */
export async function prepareReport(context: Context, input: ReportInput): Promise<PreparedReport> {
  return prepareRead(context, await readReport(context, input));
}

async function runRead(context: Context, read: ReadReport): Promise<ReportAnswer> {
  const { statements, finish } = await prepareRead(context, read);
  return finish(await readStatements(context.db, statements));
}

async function prepareRead(context: Context, { query, time, now }: ReadReport): Promise<PreparedReport> {
  const { where, entity } = query;
  const compileSelection = where ? await readSelectionCompiler(context, { where, entity }) : undefined;
  const wanted = [...(where ? wantedOf(where, { entity }) : []), ...wantedOfFilter(query.filter)];
  const check = checkWanted(wanted, context.viewer);
  const { statements, readFacts } = prepareReportFacts({ query, time, now, compileSelection, check });
  return {
    statements,
    finish: (results) => {
      const facts = readFacts(results);
      if (facts.invalid.length > 0) throw invalidInput(facts.invalid);
      return assembleReport({ facts, query, time, now });
    },
  };
}

const flatCursor = z.tuple([z.number().int().min(0)]);

/**
 * A page of a report's groups as rows of plain values. It reads the report again for each page.
 * @throws KildeError as `runReport` does; `invalid_input` of a cursor that is none.
 */
export async function runFlatReport(
  context: Context,
  { input, cursor }: { input: ReportInput; cursor?: string | undefined },
): Promise<FlatReport & { nextCursor: string | null }> {
  const [offset] = decodeCursor(cursor, flatCursor) ?? [0];
  const read = await readReport(context, input, { offset });
  const answer = await runRead(context, read);
  return {
    ...flattenReport(answer),
    nextCursor: answer.moreGroups > 0 ? encodeCursor([offset + read.query.limit]) : null,
  };
}
