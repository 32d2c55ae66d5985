import * as z from 'zod';
import { conflict } from '../../domain/errors.ts';
import { findPreset } from '../../domain/reports/presets.ts';
import { answerList } from '../../http/answer-list.ts';
import { jsonWithETag } from '../../http/etag.ts';
import { parseId } from '../../http/ids.ts';
import type { Api } from '../../http/operation.ts';
import { pageOf } from '../../http/paging.ts';
import {
  checkReportQuery,
  inQuery,
  reportAnswer,
  reportFormats,
  reportParameters,
  reportQuery,
} from '../../http/report-schema.ts';
import { idShape, nameText, timeShape } from '../../http/shapes.ts';
import { deleteSavedReport, saveReport, updateSavedReport } from '../../services/reports/manage-saved-reports.ts';
import {
  listReportDefinitions,
  readReportDefinition,
  reportList,
} from '../../services/reports/read-report-definition.ts';
import { withParameters } from '../../services/reports/report-parameters.ts';
import { runReport } from '../../services/reports/run-report.ts';
import { acceptedFormat, csvResponse } from './reports.ts';

const label = z.object({ en: z.string(), no: z.string() });

const definitionShape = z.object({
  id: idShape,
  kind: z.enum(['preset', 'saved']),
  name: label,
  description: label.nullable(),
  query: z.looseObject({}),
  createdAt: timeShape.nullable(),
  updatedAt: timeShape.nullable(),
});

/** A text, or both languages alike, as GET shows the name of a saved report. */
const reportName = z.union([
  nameText,
  z
    .strictObject({ en: nameText, no: nameText })
    .refine(({ en, no }) => en === no, 'must be one text: a saved report has one name in all languages')
    .transform(({ en }) => en),
]);

/** What GET /reports/{id}/definition says besides can be sent back to save another one. */
const shown = {
  id: z.string().max(100).optional().describe('Read-only'),
  kind: z.enum(['preset', 'saved']).optional().describe('Read-only'),
  description: label.nullable().optional().describe('Read-only'),
  createdAt: z.string().max(40).nullable().optional().describe('Read-only'),
  updatedAt: z.string().max(40).nullable().optional().describe('Read-only'),
};

const given = z.strictObject({ name: reportName, query: reportQuery });
const newReport = given.extend(shown);

const runParameters = reportParameters
  .extend(reportFormats.shape)
  .extend({ key: z.string().max(200).optional().describe('Key to this report alone') });

/** Presets and saved reports, each by one address. */
export function addSavedReportRoutes(api: Api): void {
  api.define(
    {
      method: 'get',
      path: '/reports',
      summary: 'Lists presets and saved reports',
      scope: 'read',
      list: reportList,
      response: pageOf(definitionShape),
    },
    async ({ c, deps, query }) => {
      const answer = await answerList(c, listReportDefinitions(deps, query));
      return answer instanceof Response ? answer : jsonWithETag(c, answer);
    },
  );

  api.define(
    {
      method: 'post',
      path: '/reports',
      summary: 'Saves a report',
      scope: 'write',
      body: newReport,
      response: definitionShape,
      status: 201,
    },
    async ({ deps, body: { name, query } }) => saveReport(deps, { name, query }),
  );

  api.define(
    {
      method: 'get',
      path: '/reports/:id',
      summary: 'Runs a preset or saved report',
      scope: 'read',
      query: runParameters,
      byLink: true,
      response: reportAnswer,
    },
    async ({ c, deps, actor, params, query: { format = acceptedFormat(c), heads, language, key: _key, ...rest } }) => {
      const definition = await readReportDefinition(deps, params['id']!);
      const answer = await inQuery(async () =>
        runReport(
          { ...deps, ...(actor.isLink ? {} : { viewer: actor }) },
          checkReportQuery(withParameters(definition.query, rest)),
        ),
      );
      if (format === 'json') return jsonWithETag(c, answer, { ignored: ['generatedAt'] });
      return csvResponse(c, { answer, heads, language, name: definition.id });
    },
  );

  api.define(
    {
      method: 'get',
      path: '/reports/:id/definition',
      summary: 'Shows the definition of a report',
      scope: 'read',
      response: definitionShape,
    },
    async ({ c, deps, params }) => jsonWithETag(c, await readReportDefinition(deps, params['id']!)),
  );

  api.define(
    {
      method: 'patch',
      path: '/reports/:id',
      summary: 'Changes a saved report',
      scope: 'write',
      body: given.partial(),
      shownAt: '/reports/:id/definition',
      response: definitionShape,
    },
    async ({ deps, params, body }) => updateSavedReport(deps, { id: savedId(params['id']), changes: body }),
  );

  api.define(
    { method: 'delete', path: '/reports/:id', summary: 'Deletes an unused report', scope: 'write' },
    async ({ deps, params }) => deleteSavedReport(deps, savedId(params['id'])),
  );
}

/** @throws KildeError `conflict` of a preset, `not_found`. */
function savedId(id: string | undefined): number {
  if (findPreset(id ?? ''))
    throw conflict('A preset cannot be changed. Save its query as a report of your own: POST /api/v1/reports.');
  return parseId(id, 'saved report');
}
