import * as z from 'zod';
import { newWebhookSecret, sendSigned } from '../send-signed.ts';
import { defineTarget, shownAddress } from './define-target.ts';
import type { ShapeParts } from './define-target.ts';

const shape = ({ address }: ShapeParts) => z.strictObject({ kind: z.literal('webhook'), url: address });

type WebhookMessage = { type: string; at: number; data: unknown };

type WebhookTarget = z.output<ReturnType<typeof shape>> & { secret: string };

/** The whole report, or the submission, as JSON, signed as Standard Webhooks are. */
export const webhook = defineTarget({
  shape,
  addressOf: ({ url }) => url,
  recipientsOf: () => [],
  show: ({ kind, url }: WebhookTarget, viewer) => ({ kind, url: shownAddress(url, viewer) }),
  store: (given, known) => known.find(({ url }) => url === given.url) ?? { ...given, secret: newWebhookSecret() },
  secretOf: ({ secret }) => secret,
  prepareReport: ({ runId, schedule, name, dueAt, report }): WebhookMessage => ({
    type: 'report.run',
    at: Date.parse(dueAt),
    data: { run: { id: runId }, schedule, name, dueAt, report },
  }),
  prepareNotification: ({ isWaiting, submission }) => ({
    type: isWaiting ? 'submission.waiting' : 'submission.received',
    at: Date.parse(submission.at),
    data: submission,
  }),
  send: async (context, { target: { url, secret }, id, message }) =>
    sendSigned(context, { url, secrets: [secret], id: `dlv_${id}`, ...message }),
});
