import { count, eq, sql } from 'drizzle-orm';
import { savedReport } from '../../db/schema/saved-reports.ts';
import { schedule } from '../../db/schema/schedules.ts';
import { conflict, notFound } from '../../domain/errors.ts';
import type { ReportInput } from '../../domain/reports/parse-report.ts';
import { toDefinition } from './read-report-definition.ts';
import type { ReportDefinition } from './read-report-definition.ts';
import { checkReport } from './run-report.ts';
import type { ServiceContext } from '../service-context.ts';

/** So that the list of reports is one page. */
const maxSavedReports = 1_000;

/** Keeps a report as it was sent, once it is known that it can be run. @throws KildeError `invalid_input`, `conflict`. */
export async function saveReport(
  context: ServiceContext,
  { name, query }: { name: string; query: ReportInput },
): Promise<ReportDefinition> {
  await checkReport(context, query);
  const now = context.clock();
  const [[row]] = await context.db.batch([
    context.db
      .insert(savedReport)
      .select(
        sql`SELECT NULL, ${name}, ${JSON.stringify(query)}, ${now}, ${now} WHERE (SELECT count(*) FROM saved_report) < ${maxSavedReports}`,
      )
      .returning(),
    context.db.select({ count: count() }).from(savedReport),
  ]);
  if (!row) throw conflict(`There are ${maxSavedReports} saved reports already: delete some first.`);
  return toDefinition(row);
}

/** @throws KildeError `not_found`, `invalid_input`. */
export async function updateSavedReport(
  context: ServiceContext,
  { id, changes }: { id: number; changes: { name?: string | undefined; query?: ReportInput | undefined } },
): Promise<ReportDefinition> {
  if (changes.query) await checkReport(context, changes.query);
  const { name, query } = changes;
  const [row] = await context.db
    .update(savedReport)
    .set({
      ...(name === undefined ? {} : { name }),
      ...(query === undefined ? {} : { query }),
      updatedAt: context.clock(),
    })
    .where(eq(savedReport.id, id))
    .returning();
  if (!row) throw notFound('saved report');
  return toDefinition(row);
}

/** @throws KildeError `not_found`; `conflict` where a schedule runs it. */
export async function deleteSavedReport({ db }: ServiceContext, id: number): Promise<void> {
  const isFree = sql`NOT EXISTS (SELECT 1 FROM ${schedule} s WHERE s.report_id = ${String(id)})`;
  const [deleted, left] = await db.batch([
    db
      .delete(savedReport)
      .where(sql`${savedReport.id} = ${id} AND ${isFree}`)
      .returning({ id: savedReport.id }),
    db.select({ id: savedReport.id }).from(savedReport).where(eq(savedReport.id, id)),
  ]);
  if (deleted.length > 0) return;
  throw left.length > 0
    ? conflict('A schedule runs this report: change or delete it first.')
    : notFound('saved report');
}
