import * as z from 'zod';
import { conflict, KildeError } from '../domain/errors.ts';
import { comparePeriods, maxReportRows } from '../domain/reports/query.ts';
import { grains } from '../domain/reports/dimensions.ts';
import { findPreset } from '../domain/reports/presets.ts';
import { parseId } from '../http/ids.ts';
import { parseInput } from '../http/parse-input.ts';
import type { Api } from '../http/operation.ts';
import { pageOf } from '../http/paging.ts';
import { reportAnswer, reportQuery } from '../http/report-schema.ts';
import { idShape, nameText, timeShape, timeZoneName } from '../http/shapes.ts';
import { deleteSavedReport, saveReport, updateSavedReport } from '../services/manage-saved-reports.ts';
import { listReportDefinitions, readReportDefinition } from '../services/read-report-definition.ts';
import { withParameters } from '../services/report-parameters.ts';
import { runReport } from '../services/run-report.ts';
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

const given = z.strictObject({ name: nameText, query: reportQuery });

/** What a report by its id is run with besides. */
const parameters = z.strictObject({
  from: z.string().max(30).optional().describe('First day'),
  to: z.string().max(30).optional().describe('Last day, included'),
  form: z.string().max(255).optional().describe('Id of a form: only what it brought'),
  timeZone: timeZoneName.optional(),
  compare: z.enum(comparePeriods).optional(),
  grain: z.enum(grains).optional(),
  attribution: z.string().max(200).optional().describe('A model, or several separated by commas'),
  level: z.enum(['person', 'account']).optional(),
  currency: z.string().max(3).optional(),
  asOf: z.string().max(40).optional(),
  limit: z.coerce.number().int().min(1).max(maxReportRows).optional(),
  filter: z.string().max(20_000).optional().describe('JSON, as in POST /reports/query'),
  where: z.string().max(20_000).optional().describe('JSON, as in POST /reports/query'),
  format: z.enum(['json', 'csv']).optional(),
  language: z.enum(['en', 'no']).default('en'),
});

/** Presets and saved reports, each by one address. */
export function addSavedReportRoutes(api: Api): void {
  api.define(
    {
      method: 'get',
      path: '/reports',
      summary: 'Lists the presets and the saved reports',
      scope: 'read',
      response: pageOf(definitionShape),
    },
    async ({ deps }) => ({ items: await listReportDefinitions(deps), nextCursor: null }),
  );

  api.define(
    {
      method: 'post',
      path: '/reports',
      summary: 'Saves a report; a period that moves with today still does',
      scope: 'write',
      body: given,
      response: definitionShape,
      status: 201,
    },
    async ({ deps, body }) => saveReport(deps, body),
  );

  api.define(
    {
      method: 'get',
      path: '/reports/:id',
      summary: 'Runs a preset or a saved report; JSON or CSV',
      scope: 'read',
      query: parameters,
      response: reportAnswer,
    },
    async ({ c, deps, params, query: { format = acceptedFormat(c), language, ...rest } }) => {
      const definition = await readReportDefinition(deps, params['id']!);
      const answer = await inQuery(async () => runReport(deps, checked(withParameters(definition.query, rest))));
      return format === 'json' ? answer : csvResponse(c, { answer, language, name: definition.id });
    },
  );

  api.define(
    {
      method: 'patch',
      path: '/reports/:id',
      summary: 'Changes a saved report',
      scope: 'write',
      body: given.partial(),
      response: definitionShape,
    },
    async ({ deps, params, body }) => updateSavedReport(deps, { id: savedId(params['id']), changes: body }),
  );

  api.define(
    { method: 'delete', path: '/reports/:id', summary: 'Deletes a saved report that no schedule runs', scope: 'write' },
    async ({ deps, params }) => deleteSavedReport(deps, savedId(params['id'])),
  );
}

/** @throws KildeError `conflict` of a preset, `not_found`. */
function savedId(id: string | undefined): number {
  if (findPreset(id ?? '')) throw conflict('A preset cannot be changed: save its query under a name of your own.');
  return parseId(id, 'saved report');
}

/** What stood as JSON in the query string is held to the same shapes as a body. */
function checked(query: unknown) {
  return parseInput({ schema: reportQuery, value: query, root: 'body' }) as z.output<typeof reportQuery>;
}

/** What is wrong stands in the query string here, not in a body. */
async function inQuery<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof KildeError) || error.errors.length === 0) throw error;
    throw new KildeError(
      error.code,
      error.message.replaceAll('body.', 'query.'),
      error.errors.map((one) => ({ ...one, location: one.location.replace(/^body\.(period\.)?/, 'query.') })),
    );
  }
}
