import type { Database } from '../db/client.ts';
import { claimDeliveries, finishDeliveries } from '../db/queries/report-runs.ts';
import type { DeliveryTarget } from '../db/schema/schedules.ts';
import { leaseMs, retryDelay } from '../domain/deliveries/retry-delays.ts';
import { isDatabaseUnavailable } from '../db/is-unavailable.ts';
import { KildeError } from '../domain/errors.ts';
import { readRun } from './manage-schedules.ts';
import { notificationOf } from './notification-of.ts';
import type { ReportAnswer } from '../domain/reports/assemble-report.ts';
import { chatMessage, reportMail } from './render-report.ts';
import type { Mail, SendMail } from './send-mail.ts';
import { postJson, sendSigned } from './send-signed.ts';
import type { SendContext, SendResult } from './send-signed.ts';

export type DeliverReportsContext = SendContext & { db: Database; sendMail: SendMail | null };

const atOnce = 20;
const maxRounds = 20;

type Claimed = {
  id: number;
  runId: string | null;
  submissionId: string | null;
  target: DeliveryTarget;
  attempts: number;
};

/**
 * Sends what is due of runs and notifications. What fails waits longer each time; what has failed too often is set aside as
 * dead, with the reason.
 */
export async function deliverReports(context: DeliverReportsContext): Promise<void> {
  const { db, clock } = context;
  for (let round = 0; round < maxRounds; round += 1) {
    const now = clock();
    const { rows } = await db.$client.execute(claimDeliveries({ now, lease: now + leaseMs, limit: atOnce }));
    if (rows.length === 0) return;
    const claimed = rows.map((row) => ({ ...row, target: JSON.parse(row['target'] as string) as DeliveryTarget }));
    const results = await Promise.all(claimed.map(async (one) => endOf(context, one as unknown as Claimed)));
    await db.$client.execute(finishDeliveries({ now: clock(), results: JSON.stringify(results) }));
  }
}

async function endOf(context: DeliverReportsContext, one: Claimed) {
  const result = await attempt(context, one);
  if (result.ok) return { id: one.id, status: 'delivered', error: null };
  const delay = result.gone ? null : retryDelay(one.attempts);
  return delay === null
    ? { id: one.id, status: 'dead', error: result.error }
    : { id: one.id, status: 'pending', nextAt: context.clock() + delay, error: result.error };
}

async function attempt(context: DeliverReportsContext, one: Claimed): Promise<SendResult> {
  try {
    return one.runId === null ? await sendNotification(context, one) : await sendRun(context, one, one.runId);
  } catch (error) {
    if (isDatabaseUnavailable(error)) return { ok: false, error: 'The database did not answer.', gone: false };
    const isGone = error instanceof KildeError && error.code === 'not_found';
    return { ok: false, error: isGone ? 'What was to be sent has gone.' : 'Something went wrong.', gone: isGone };
  }
}

async function sendRun(context: DeliverReportsContext, { id, target }: Claimed, runId: string): Promise<SendResult> {
  const { report, name, language, dueAt, scheduleId } = await readRun(context, { id: runId });
  const answer = report as ReportAnswer;
  switch (target.kind) {
    case 'email':
      return sendMail(context, { to: target.to, ...reportMail({ answer, name, language, dueAt }) });
    case 'webhook':
      return sendSigned(context, {
        url: target.url,
        secrets: [target.secret],
        id: `dlv_${id}`,
        type: 'report.run',
        at: Date.parse(dueAt),
        data: { runId, scheduleId, name, dueAt, report: answer },
      });
    case 'chat':
      return postJson(context, {
        url: target.url,
        body: JSON.stringify(chatMessage({ answer, name, language, format: target.format })),
      });
  }
}

async function sendNotification(
  context: DeliverReportsContext,
  { target, submissionId }: Claimed,
): Promise<SendResult> {
  if (target.kind !== 'email' || submissionId === null)
    return { ok: false, error: 'There is nothing to send.', gone: true };
  return sendMail(context, { to: target.to, ...(await notificationOf(context, { submissionId })) });
}

async function sendMail({ sendMail: send }: DeliverReportsContext, mail: Mail): Promise<SendResult> {
  if (!send) {
    return { ok: false, error: 'No mail can be sent: the EMAIL binding or KILDE_MAIL_FROM is missing.', gone: false };
  }
  try {
    await send(mail);
    return { ok: true };
  } catch (error) {
    const { code, name } = error as { code?: unknown; name?: unknown };
    const told = [code, name].find((one) => typeof one === 'string') ?? 'unknown';
    return { ok: false, error: `The mail was not taken (${told.slice(0, 60)}).`, gone: false };
  }
}
