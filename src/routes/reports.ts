import type { Context } from 'hono';
import * as z from 'zod';
import type { ReportAnswer } from '../domain/reports/assemble-report.ts';
import type { Api } from '../http/operation.ts';
import { reportAnswer, reportQuery } from '../http/report-schema.ts';
import { reportCsv } from '../services/export-report.ts';
import { exportTypes } from '../services/export-segment.ts';
import { runReport } from '../services/run-report.ts';

const queryBody = reportQuery.extend({
  format: z.enum(['json', 'csv']).optional(),
  /** Of the heads of a CSV file. */
  language: z.enum(['en', 'no']).default('en'),
});

/** The report engine. */
export function addReportRoutes(api: Api): void {
  api.define(
    {
      method: 'post',
      path: '/reports/query',
      summary: 'Runs a report: measures by dimensions, attribution, period and comparison; JSON or CSV',
      scope: 'read',
      body: queryBody,
      response: reportAnswer,
    },
    async ({ c, deps, body: { format = acceptedFormat(c), language, ...query } }) => {
      const answer = await runReport(deps, query);
      return format === 'json' ? answer : csvResponse(c, { answer, language, name: 'report' });
    },
  );
}

/** A report as a file. */
export function csvResponse(
  c: Context,
  { answer, language, name }: { answer: ReportAnswer; language: 'en' | 'no'; name: string },
): Response {
  return c.body(reportCsv(answer, language), 200, {
    'content-type': exportTypes.csv,
    'content-disposition': `attachment; filename="${name.replaceAll(/[^a-z0-9-]/gi, '')}.csv"`,
    'cache-control': 'no-store',
  });
}

/** What the Accept header asks for, where nothing else names a format. */
export function acceptedFormat(c: Context): 'json' | 'csv' {
  return /\btext\/csv\b/i.test(c.req.header('accept') ?? '') ? 'csv' : 'json';
}
