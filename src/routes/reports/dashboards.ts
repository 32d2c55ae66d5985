import * as z from 'zod';
import { maxTileHeight, maxTiles, maxTileWidth, tileDisplays } from '../../domain/reports/dashboard-tiles.ts';
import { visibilities } from '../../domain/segments/selections.ts';
import { answerList } from '../../http/answer-list.ts';
import { refuseStale } from '../../http/etag.ts';
import type { Api } from '../../http/operation.ts';
import { pageOf } from '../../http/paging.ts';
import { toProblem } from '../../http/problem.ts';
import { inQuery, reportAnswer, reportParameters, reportQuery } from '../../http/report-schema.ts';
import { idShape, idText, line, namedShape, nameText, timeShape } from '../../http/shapes.ts';
import { answerDashboard } from '../../services/reports/dashboards/answer-dashboard.ts';
import {
  copyDashboard,
  createDashboard,
  dashboardList,
  deleteDashboard,
  listDashboards,
  readDashboard,
  updateDashboard,
} from '../../services/reports/dashboards/manage-dashboards.ts';

/** A tile may be sent as GET shows it: `report` only names what `reportId` is. */
const tileInput = z
  .strictObject({
    title: line(200).nullable().optional().describe('In place of the name of the report'),
    reportId: z.string().max(100).optional().describe('A preset or a saved report'),
    query: reportQuery.optional().describe('A report, without reportId'),
    width: z.number().int().min(1).max(maxTileWidth).default(1),
    height: z.number().int().min(1).max(maxTileHeight).default(1),
    display: z.enum(tileDisplays).default('table'),
    report: z
      .looseObject({ id: z.string().max(100) })
      .nullable()
      .optional()
      .describe('Read-only: use reportId'),
  })
  .superRefine(({ report, reportId }, context) => {
    if (!report || report.id === reportId) return;
    const message = "'report' is a reference and cannot be changed here: use reportId.";
    context.addIssue({ code: 'custom', path: ['report'], message });
  })
  .transform(({ title, report: _report, ...tile }) => ({ ...tile, ...(title == null ? {} : { title }) }));

const newDashboard = z.strictObject({
  name: nameText,
  description: z
    .string()
    .trim()
    .max(2_000, 'must be at most 2000 characters')
    .transform((text) => (text === '' ? null : text))
    .nullable()
    .optional(),
  ownerId: idText.nullable().optional(),
  visibility: z.enum(visibilities).optional(),
  isDefault: z.boolean().optional().describe('Whether it is the default'),
  tiles: z.array(tileInput).max(maxTiles, `must hold at most ${maxTiles} tiles`).describe('In order'),
});

const label = z.object({ en: z.string(), no: z.string() });

const dashboardShape = z.object({
  id: idShape,
  name: z.string(),
  description: z.string().nullable(),
  owner: namedShape.nullable(),
  visibility: z.enum(visibilities).describe('private: its maker and administrators'),
  isDefault: z.boolean(),
  builtIn: z.boolean().describe('Whether it comes with Kilde, unchangeable'),
  tiles: z.array(
    z.object({
      title: z.string().nullable(),
      reportId: z.string().optional(),
      report: z.object({ id: idShape, name: label }).nullable().describe('Null: a query, or deleted'),
      query: z.looseObject({}).optional(),
      width: z.number().int(),
      height: z.number().int(),
      display: z.enum(tileDisplays),
    }),
  ),
  createdAt: timeShape.nullable(),
  updatedAt: timeShape.nullable(),
});

const answerParameters = reportParameters.pick({
  from: true,
  to: true,
  period: true,
  site: true,
  timeZone: true,
  compare: true,
  attribution: true,
  currency: true,
});

const answersShape = z.object({
  tiles: z
    .array(
      z.object({
        answer: reportAnswer.nullable(),
        error: z.looseObject({ code: z.string(), detail: z.string() }).nullable().describe('Why there is no answer'),
      }),
    )
    .describe('In the order of the tiles'),
});

const dashboardId = (params: Record<string, string>): string => params['id']!;

/** Dashboards: named sets of tiles, each a report. */
export function addDashboardRoutes(api: Api): void {
  api.define(
    {
      method: 'get',
      path: '/dashboards',
      summary: 'Lists dashboards',
      scope: 'read',
      list: dashboardList,
      response: pageOf(dashboardShape),
    },
    async ({ c, deps, actor, query }) => answerList(c, listDashboards({ ...deps, viewer: actor }, query)),
  );

  api.define(
    {
      method: 'post',
      path: '/dashboards',
      summary: 'Makes a dashboard',
      scope: 'write',
      audit: true,
      body: newDashboard,
      response: dashboardShape,
      status: 201,
    },
    async ({ deps, actor, body }) => createDashboard({ ...deps, viewer: actor }, body),
  );

  api.define(
    {
      method: 'get',
      path: '/dashboards/:id',
      summary: 'Shows a dashboard, or the "default"',
      scope: 'read',
      response: dashboardShape,
    },
    async ({ deps, actor, params }) => readDashboard({ ...deps, viewer: actor }, dashboardId(params)),
  );

  api.define(
    {
      method: 'patch',
      path: '/dashboards/:id',
      summary: 'Changes a dashboard',
      scope: 'write',
      audit: true,
      body: newDashboard.partial(),
      response: dashboardShape,
    },
    async ({ c, deps, actor, params, body }) =>
      updateDashboard(
        { ...deps, viewer: actor },
        { id: dashboardId(params), changes: body, refuseStale: async (current) => refuseStale(c, current) },
      ),
  );

  api.define(
    { method: 'delete', path: '/dashboards/:id', summary: 'Deletes a dashboard', scope: 'write' },
    async ({ deps, actor, params }) => deleteDashboard({ ...deps, viewer: actor }, dashboardId(params)),
  );

  api.define(
    {
      method: 'post',
      path: '/dashboards/:id/copy',
      summary: 'Copies a dashboard',
      scope: 'write',
      audit: true,
      body: z.strictObject({ name: nameText.optional(), visibility: z.enum(visibilities).optional() }),
      response: dashboardShape,
      status: 201,
      madeAt: '/dashboards',
    },
    async ({ deps, actor, params, body }) =>
      copyDashboard({ ...deps, viewer: actor }, { id: dashboardId(params), ...body }),
  );

  api.define(
    {
      method: 'get',
      path: '/dashboards/:id/answers',
      summary: 'Runs the tiles of a dashboard',
      scope: 'read',
      query: answerParameters,
      response: answersShape,
    },
    async ({ deps, actor, params, query }) => {
      const results = await answerDashboard({ ...deps, viewer: actor }, { id: dashboardId(params), parameters: query });
      const tiles = await Promise.all(
        results.map(async (result) => {
          if ('answer' in result) return { answer: result.answer, error: null };
          const error = await inQuery(async () => {
            throw result.error;
          }).catch((located: unknown) => located);
          return { answer: null, error: toProblem(error) };
        }),
      );
      return { tiles };
    },
  );
}
