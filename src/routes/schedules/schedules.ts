import * as z from 'zod';
import type { ReportAnswer } from '../../domain/reports/assemble-report.ts';
import { notFound } from '../../domain/errors.ts';
import { answerList } from '../../http/answer-list.ts';
import { runAtOnce } from '../../http/background.ts';
import { parseId } from '../../http/ids.ts';
import type { Deps } from '../../http/deps.ts';
import { answerJson } from '../../http/operation.ts';
import type { Api } from '../../http/operation.ts';
import { pageOf } from '../../http/paging.ts';
import { reportAnswer, reportFormats } from '../../http/report-schema.ts';
import { newSecrets, shownTarget, target } from '../../http/target-schema.ts';
import { idShape, namedShape, nameText, timeShape, timeZoneName } from '../../http/shapes.ts';
import { sendDeliveryNow, sendRunNow } from '../../services/schedules/send-now.ts';
import {
  createSchedule,
  deleteSchedule,
  deliveryList,
  listDeliveries,
  listRuns,
  listSchedules,
  readRun,
  readSchedule,
  retryDelivery,
  runList,
  scheduleList,
  showDelivery,
  showSchedule,
  updateSchedule,
} from '../../services/schedules/manage-schedules.ts';
import { reportMail } from '../../services/deliveries/render-mail.ts';
import { reportParameters } from '../../http/report-schema.ts';
import { runScheduledReport } from '../../services/schedules/run-scheduled-report.ts';
import { runScheduleNow } from '../../services/schedules/run-schedules.ts';
import { csvResponse } from '../reports/reports.ts';

const maxTargets = 10;

const newSchedule = z.strictObject({
  name: nameText,
  reportId: z.string().max(100).describe('Id of a report'),
  parameters: reportParameters
    // They are stored as a query string has them.
    .transform((given): Record<string, string> =>
      Object.fromEntries(Object.entries(given).map(([name, value]) => [name, String(value)])),
    )
    .optional()
    .describe('As of GET /reports/{id}'),
  cron: z.string().max(100).describe('Five parts: "0 8 * * 1" is Mondays at 8'),
  timeZone: timeZoneName.optional(),
  language: z.enum(['en', 'no']).optional(),
  targets: z.array(target).max(maxTargets),
  enabled: z.boolean().optional(),
});

const scheduleShape = z.object({
  id: idShape,
  name: z.string(),
  report: z.object({ id: idShape, name: z.object({ en: z.string(), no: z.string() }) }),
  parameters: z.record(z.string(), z.string()),
  cron: z.string(),
  timeZone: z.string(),
  language: z.enum(['en', 'no']),
  targets: z.array(target),
  enabled: z.boolean(),
  nextAt: timeShape.nullable(),
  createdAt: timeShape,
  updatedAt: timeShape,
});

/** The secrets of new webhooks, shown in this answer only. */
const storedShape = scheduleShape.extend({ secrets: newSecrets });

const status = z.enum(['pending', 'delivered', 'dead']);

const deliveryShape = z.object({
  id: idShape,
  run: z.object({ id: idShape }).nullable(),
  submission: z.object({ id: idShape }).nullable(),
  target: shownTarget,
  status,
  attempts: z.number().int(),
  dueAt: timeShape,
  nextAt: timeShape.nullable(),
  lastError: z.string().nullable(),
  finishedAt: timeShape.nullable(),
});

const runShape = z.object({
  id: idShape,
  schedule: namedShape,
  dueAt: timeShape,
  trigger: z.enum(['cron', 'manual']),
  status: z.enum(['running', 'done', 'failed']),
  finishedAt: timeShape.nullable(),
  error: z.string().nullable(),
  deliveries: z.array(deliveryShape),
});

const scheduleId = (params: Record<string, string>) => parseId(params['id'], 'schedule');

/** What a schedule would send now. */
async function showMail(deps: Deps, id: number) {
  const { name, language } = await readSchedule(deps, { id });
  const answer = await runScheduledReport(deps, { id });
  const dueAt = new Date(deps.clock()).toISOString();
  const { subject, html, text } = reportMail({ answer, name, language, dueAt });
  return { subject, html, text, report: answer };
}

/** Reports that are run by themselves, what they found, and how it was sent. */
export function addScheduleRoutes(api: Api): void {
  api.define(
    {
      method: 'get',
      path: '/schedules',
      summary: 'Lists schedules',
      scope: 'read',
      list: scheduleList,
      response: pageOf(scheduleShape),
    },
    async ({ c, deps, actor, query }) => answerList(c, listSchedules(deps, { query, viewer: actor })),
  );

  api.define(
    {
      method: 'post',
      path: '/schedules',
      summary: 'Adds a schedule',
      scope: 'write',
      body: newSchedule,
      response: storedShape,
      status: 201,
    },
    async ({ deps, actor, body: { parameters = {}, language = 'en', enabled = true, ...body } }) =>
      createSchedule(deps, { fields: { ...body, parameters, language, enabled }, viewer: actor }),
  );

  api.define(
    { method: 'get', path: '/schedules/:id', summary: 'Shows a schedule', scope: 'read', response: scheduleShape },
    async ({ deps, actor, params }) => showSchedule(deps, { id: scheduleId(params), viewer: actor }),
  );

  api.define(
    {
      method: 'patch',
      path: '/schedules/:id',
      summary: 'Changes a schedule',
      scope: 'write',
      body: newSchedule.partial(),
      response: storedShape,
    },
    async ({ deps, actor, params, body }) =>
      updateSchedule(deps, { id: scheduleId(params), changes: body, viewer: actor }),
  );

  api.define(
    { method: 'delete', path: '/schedules/:id', summary: 'Deletes a schedule with its runs', scope: 'write' },
    async ({ deps, params }) => deleteSchedule(deps, scheduleId(params)),
  );

  api.define(
    {
      method: 'get',
      path: '/schedules/:id/runs',
      summary: 'Lists runs of a schedule',
      scope: 'read',
      list: runList,
      response: pageOf(runShape),
    },
    async ({ c, deps, actor, params, query }) =>
      answerList(c, listRuns(deps, { id: scheduleId(params), query, viewer: actor })),
  );

  api.define(
    {
      method: 'post',
      path: '/schedules/:id/run',
      summary: 'Runs a schedule now',
      scope: 'write',
      body: z.strictObject({ dryRun: z.boolean().default(false) }),
      emptyBody: true,
      response: z.union([
        z.object({ id: idShape }),
        z.object({ subject: z.string(), html: z.string(), text: z.string(), report: reportAnswer }),
      ]),
      status: 201,
      madeAt: '/runs',
    },
    async ({ c, deps, params, body: { dryRun } }) => {
      if (dryRun) {
        c.header('cache-control', 'no-store');
        return answerJson(c, await showMail(deps, scheduleId(params)));
      }
      const run = await runScheduleNow(deps, { id: scheduleId(params) });
      await runAtOnce({ c, deps, work: sendRunNow(deps, { runId: run.id }) });
      return run;
    },
  );

  api.define(
    {
      method: 'get',
      path: '/runs/:id',
      summary: 'Shows the report of a run',
      scope: 'read',
      query: z.strictObject({ format: z.enum(['json', 'csv']).default('json'), heads: reportFormats.shape.heads }),
      response: runShape.extend({ name: z.string(), language: z.enum(['en', 'no']), report: reportAnswer.nullable() }),
    },
    async ({ c, deps, actor, params, query }) => {
      const run = await readRun(deps, { id: params['id']!, viewer: actor });
      if (query.format === 'json') return run;
      if (!run.report) throw notFound('report of this run');
      const { language, report } = run;
      return csvResponse(c, { answer: report as ReportAnswer, heads: query.heads, language, name: `run-${run.id}` });
    },
  );

  api.define(
    {
      method: 'get',
      path: '/deliveries',
      summary: 'Lists deliveries',
      scope: 'read',
      list: deliveryList,
      response: pageOf(deliveryShape),
    },
    async ({ c, deps, actor, query }) => answerList(c, listDeliveries(deps, { query, viewer: actor })),
  );

  api.define(
    { method: 'get', path: '/deliveries/:id', summary: 'Shows a delivery', scope: 'read', response: deliveryShape },
    async ({ deps, actor, params }) => showDelivery(deps, { id: parseId(params['id'], 'delivery'), viewer: actor }),
  );

  api.define(
    {
      method: 'post',
      path: '/deliveries/:id/retry',
      summary: 'Tries a delivery again',
      scope: 'write',
      response: deliveryShape,
    },
    async ({ c, deps, actor, params }) => {
      const id = parseId(params['id'], 'delivery');
      await retryDelivery(deps, { id });
      await runAtOnce({ c, deps, work: sendDeliveryNow(deps, { id }) });
      return showDelivery(deps, { id, viewer: actor });
    },
  );
}
