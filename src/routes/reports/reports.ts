import type { Context } from 'hono';
import { KildeError } from '../../domain/errors.ts';
import type { ReportAnswer } from '../../domain/reports/assemble-report.ts';
import { flattenReport } from '../../domain/reports/flat-report.ts';
import { maxReportRows } from '../../domain/reports/query.ts';
import { jsonWithETag } from '../../http/etag.ts';
import type { Api } from '../../http/operation.ts';
import {
  checkReportQuery,
  flatReportAnswer,
  flatReportParameters,
  inQuery,
  reportAnswer,
  reportFormats,
  reportQuery,
  rowsAnswer,
  rowsBody,
} from '../../http/report-schema.ts';
import { flatReportCsv, reportCsv } from '../../services/reports/export-report.ts';
import { exportTypes } from '../../services/export-pages.ts';
import { readReportRows } from '../../services/reports/read-report-rows.ts';
import { readQueryParameters } from '../../services/reports/report-parameters.ts';
import { runFlatReport, runReport } from '../../services/reports/run-report.ts';

/** The report engine. */
export function addReportRoutes(api: Api): void {
  api.define(
    {
      method: 'post',
      path: '/reports/query',
      summary: 'Runs a report',
      scope: 'read',
      body: reportQuery.extend(reportFormats.shape),
      response: reportAnswer,
    },
    async ({ c, deps, actor, body: { format = acceptedFormat(c), heads, language, ...query } }) => {
      const answer = await runReport({ ...deps, viewer: actor }, query);
      return format === 'json' ? answer : csvResponse(c, { answer, heads, language, name: 'report' });
    },
  );

  api.define(
    {
      method: 'get',
      path: '/reports/query',
      summary: 'Runs a report as flat rows',
      scope: 'read',
      query: flatReportParameters,
      response: flatReportAnswer,
    },
    async ({ c, deps, actor, query: { format = acceptedFormat(c), cursor, limit, ...parameters } }) => {
      const { columns, rows, nextCursor } = await inQuery(async () => {
        const query = checkReportQuery(readQueryParameters(parameters));
        return runFlatReport(
          { ...deps, viewer: actor },
          { input: { ...query, ...(limit === undefined ? {} : { limit }) }, cursor },
        );
      });
      if (format === 'json') return jsonWithETag(c, { rows, nextCursor });
      if (nextCursor !== null) {
        if (limit === undefined) throw tooManyRows(rows.length);
        const next = new URL(c.req.url);
        next.searchParams.set('cursor', nextCursor);
        c.header('link', `<${next.pathname}${next.search}>; rel="next"`);
      }
      return fileResponse(c, { csv: flatReportCsv({ columns, rows }), name: 'report' });
    },
  );

  api.define(
    {
      method: 'post',
      path: '/reports/rows',
      summary: 'Lists the records behind a number',
      scope: 'read',
      body: rowsBody,
      response: rowsAnswer,
    },
    async ({ deps, actor, body }) => readReportRows({ ...deps, viewer: actor }, body),
  );
}

/** A file that is less than the whole is asked for in parts. */
function tooManyRows(rows: number): KildeError {
  const message = `The report has more than ${rows} rows. Ask for parts by limit (at most ${maxReportRows}) and cursor; the Link header names the next.`;
  return new KildeError('too_expensive', message, [{ location: 'query.limit', message }]);
}

export type CsvHeads = 'names' | 'labels';

/** A report as a file: by field names for programs, or by labels for people. */
export function csvResponse(
  c: Context,
  { answer, heads, language, name }: { answer: ReportAnswer; heads: CsvHeads; language: 'en' | 'no'; name: string },
): Response {
  return fileResponse(c, {
    csv: heads === 'labels' ? reportCsv(answer, language) : flatReportCsv(flattenReport(answer)),
    name,
  });
}

function fileResponse(c: Context, { csv, name }: { csv: string; name: string }): Response {
  return c.body(csv, 200, {
    'content-type': exportTypes.csv,
    'content-disposition': `attachment; filename="${name.replaceAll(/[^a-z0-9-]/gi, '')}.csv"`,
    'cache-control': 'no-store',
  });
}

/** What the Accept header asks for, where nothing else names a format. */
export function acceptedFormat(c: Context): 'json' | 'csv' {
  return /\btext\/csv\b/i.test(c.req.header('accept') ?? '') ? 'csv' : 'json';
}
