import * as z from 'zod';
import { newWebhookSecret, sendSigned } from '../../send-signed.ts';
import { defineTarget, shownAddress } from './define-target.ts';
import type { ShapeParts } from './define-target.ts';

const shape = ({ address }: ShapeParts) => z.strictObject({ kind: z.literal('webhook'), url: address });

type WebhookTarget = z.output<ReturnType<typeof shape>> & { secret: string };

/** The whole report as JSON, signed as Standard Webhooks are. */
export const webhook = defineTarget({
  shape,
  addressOf: ({ url }) => url,
  recipientsOf: () => [],
  show: ({ kind, url }: WebhookTarget, viewer) => ({ kind, url: shownAddress(url, viewer) }),
  store: (given, known) => known.find(({ url }) => url === given.url) ?? { ...given, secret: newWebhookSecret() },
  secretOf: ({ secret }) => secret,
  prepareReport: ({ runId, scheduleId, name, dueAt, report }) => ({
    type: 'report.run',
    at: Date.parse(dueAt),
    data: { runId, scheduleId, name, dueAt, report },
  }),
  // Those who want submissions as JSON listen to the event `submission.received`.
  prepareNotification: null,
  send: async (context, { target: { url, secret }, id, message }) =>
    sendSigned(context, { url, secrets: [secret], id: `dlv_${id}`, ...message }),
});
