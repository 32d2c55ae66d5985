import type { ReportAnswer } from '../../domain/reports/assemble-report.ts';
import { readSchedule } from './manage-schedules.ts';
import { readReportDefinition } from '../reports/read-report-definition.ts';
import { withParameters } from '../reports/report-parameters.ts';
import { runReport } from '../reports/run-report.ts';
import type { ServiceContext } from '../service-context.ts';

/** The answer of a schedule's report, as of the context's clock. @throws KildeError `not_found`, `invalid_input`. */
export async function runScheduledReport(context: ServiceContext, { id }: { id: number }): Promise<ReportAnswer> {
  const { reportId, parameters, timeZone } = await readSchedule(context, { id });
  const { query } = await readReportDefinition(context, reportId);
  return runReport(context, withParameters({ timeZone, ...query }, parameters));
}
