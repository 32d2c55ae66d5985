import type { SQL } from 'drizzle-orm';
import { isDatabaseUnavailable } from '../../../db/is-unavailable.ts';
import { readStatements } from '../../../db/reports/read-report-facts.ts';
import { tooMuchForDatabase } from '../../../db/too-much-for-database.ts';
import type { Row } from '../../../db/packed-rows.ts';
import { KildeError } from '../../../domain/errors.ts';
import type { ReportAnswer } from '../../../domain/reports/assemble-report.ts';
import type { ReportInput } from '../../../domain/reports/parse-report.ts';
import type { SelectionContext } from '../../segments/read-definitions.ts';
import { withParameters } from '../report-parameters.ts';
import type { ReportParameters } from '../report-parameters.ts';
import { prepareReport } from '../run-report.ts';
import type { PreparedReport } from '../run-report.ts';
import { findDashboard } from './manage-dashboards.ts';
import { readNamedReports } from './tiles.ts';

/** What a tile shows, or why it shows nothing. */
export type TileResult = { answer: ReportAnswer } | { error: unknown };

type Prepared = { report: PreparedReport } | { error: unknown };

/**
 * Runs every tile of a dashboard. The dashboard is one round trip, its saved reports are one where it has any, and all tiles together
 * are one: two for a dashboard of presets. Criteria that name selections cost a tile one more, all at the same time.
 * A tile that cannot be answered has its own error. Where the database refuses one, all are asked singly.
 * @throws KildeError `not_found`.
 */
export async function answerDashboard(
  context: SelectionContext,
  { id, parameters }: { id: string; parameters: ReportParameters },
): Promise<TileResult[]> {
  const { db } = context;
  const { tiles } = await findDashboard(context, id);
  const reports = await readNamedReports(db, tiles);
  const prepared = await Promise.all(
    tiles.map(async ({ reportId, query }): Promise<Prepared> => {
      const asked = query ?? reports.get(reportId ?? '')?.query;
      if (!asked) return { error: new KildeError('not_found', 'The report of this tile was deleted.') };
      try {
        return { report: await prepareReport(context, withParameters(asked as ReportInput, parameters)) };
      } catch (error) {
        if (isDatabaseUnavailable(error)) throw error;
        return { error };
      }
    }),
  );
  const rows = await readTogether(context, prepared);
  return Promise.all(prepared.map(async (one, index) => finishTile(context, { prepared: one, rows: rows?.[index] })));
}

/** The rows of each tile's statements, in one round trip; null where the database refuses one of them. */
async function readTogether({ db }: SelectionContext, prepared: readonly Prepared[]): Promise<Row[][][] | null> {
  const statements = prepared.map((one): readonly SQL[] => ('report' in one ? one.report.statements : []));
  try {
    const results = await readStatements(db, statements.flat());
    let from = 0;
    return statements.map(({ length }) => results.slice(from, (from += length)));
  } catch (error) {
    if (isDatabaseUnavailable(error)) throw error;
    return null;
  }
}

async function finishTile(
  { db }: SelectionContext,
  { prepared, rows }: { prepared: Prepared; rows: Row[][] | undefined },
): Promise<TileResult> {
  if ('error' in prepared) return prepared;
  const { statements, finish } = prepared.report;
  try {
    return { answer: finish(rows ?? (await readStatements(db, statements))) };
  } catch (error) {
    if (isDatabaseUnavailable(error)) throw error;
    return { error: tooMuchForDatabase(error) ?? error };
  }
}
