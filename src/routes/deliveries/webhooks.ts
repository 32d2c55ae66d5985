import * as z from 'zod';
import { answerList } from '../../http/answer-list.ts';
import { parseId } from '../../http/ids.ts';
import type { Api } from '../../http/operation.ts';
import { pageOf } from '../../http/paging.ts';
import { distinct, idShape, moment, nameText, timeShape, webAddress } from '../../http/shapes.ts';
import {
  createWebhook,
  deleteWebhook,
  eventDeliveryList,
  eventTypes,
  listEventDeliveries,
  listWebhooks,
  readWebhook,
  renewSecret,
  replayEvents,
  testWebhook,
  updateWebhook,
  webhookList,
} from '../../services/deliveries/manage-webhooks.ts';

const eventType = z.enum(eventTypes);

const newWebhook = z.strictObject({
  name: nameText,
  url: webAddress,
  events: distinct(eventType, eventTypes.length).refine((given) => given.length > 0, 'must hold at least one event'),
  enabled: z.boolean().optional(),
});

const webhookShape = z.object({
  id: idShape,
  name: z.string(),
  url: z.string(),
  events: z.array(eventType),
  enabled: z.boolean(),
  disabledReason: z.string().nullable(),
  createdAt: timeShape,
});

const status = z.enum(['pending', 'delivered', 'dead']);

const deliveryShape = z.object({
  id: idShape,
  eventId: z.string(),
  type: eventType,
  subjectId: idShape,
  personId: idShape.nullable(),
  at: timeShape,
  status,
  attempts: z.number().int(),
  dueAt: timeShape,
  nextAt: timeShape.nullable(),
  lastError: z.string().nullable(),
  finishedAt: timeShape.nullable(),
});

const maxReplayed = 1_000;

const replayBody = z.union([
  z.strictObject({ from: moment.describe('Events from here on') }),
  z.strictObject({
    eventIds: z
      .array(z.string().regex(/^evt_[1-9]\d{0,14}$/, 'must be an event id such as evt_12'))
      .min(1)
      .max(maxReplayed)
      .transform((ids) => ids.map((one) => Number(one.slice(4)))),
  }),
]);

/** Events out: addresses that are told what happens, signed as Standard Webhooks are. */
export function addWebhookRoutes(api: Api): void {
  api.define(
    {
      method: 'get',
      path: '/webhooks',
      summary: 'Lists webhooks',
      scope: 'admin',
      list: webhookList,
      response: pageOf(webhookShape),
    },
    async ({ c, deps, query }) => answerList(c, listWebhooks(deps, query)),
  );

  api.define(
    {
      method: 'post',
      path: '/webhooks',
      summary: 'Adds a webhook; shows its secret once',
      scope: 'admin',
      body: newWebhook,
      response: webhookShape.extend({ secret: z.string() }),
      status: 201,
    },
    async ({ deps, body }) => createWebhook(deps, body),
  );

  api.define(
    {
      method: 'get',
      path: '/webhooks/:id',
      summary: 'Shows a webhook',
      scope: 'admin',
      response: webhookShape,
    },
    async ({ deps, params }) => readWebhook(deps, parseId(params['id'], 'webhook')),
  );

  api.define(
    {
      method: 'patch',
      path: '/webhooks/:id',
      summary: 'Changes a webhook',
      scope: 'admin',
      body: newWebhook.partial(),
      response: webhookShape,
    },
    async ({ deps, params, body }) => updateWebhook(deps, { id: parseId(params['id'], 'webhook'), changes: body }),
  );

  api.define(
    { method: 'delete', path: '/webhooks/:id', summary: 'Deletes a webhook', scope: 'admin' },
    async ({ deps, params }) => deleteWebhook(deps, parseId(params['id'], 'webhook')),
  );

  api.define(
    {
      method: 'post',
      path: '/webhooks/:id/secret',
      summary: 'Renews the secret of a webhook',
      scope: 'admin',
      response: z.object({ secret: z.string(), formerUntil: timeShape }),
    },
    async ({ deps, params }) => renewSecret(deps, parseId(params['id'], 'webhook')),
  );

  api.define(
    {
      method: 'post',
      path: '/webhooks/:id/test',
      summary: 'Sends a test message',
      scope: 'admin',
      response: z.object({ delivered: z.boolean(), error: z.string().nullable() }),
    },
    async ({ deps, params }) => testWebhook(deps, { id: parseId(params['id'], 'webhook'), messageId: deps.newId() }),
  );

  api.define(
    {
      method: 'get',
      path: '/webhooks/:id/deliveries',
      summary: 'Lists deliveries of a webhook',
      scope: 'admin',
      list: eventDeliveryList,
      response: pageOf(deliveryShape),
    },
    async ({ c, deps, params, query }) =>
      answerList(c, listEventDeliveries(deps, { id: parseId(params['id'], 'webhook'), query })),
  );

  api.define(
    {
      method: 'post',
      path: '/webhooks/:id/replay',
      summary: 'Sends events again',
      scope: 'admin',
      body: replayBody,
      response: z.object({ count: z.number().int() }),
    },
    async ({ deps, params, body }) => replayEvents(deps, { id: parseId(params['id'], 'webhook'), ...body }),
  );
}
