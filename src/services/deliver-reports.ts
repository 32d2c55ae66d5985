import type { Database } from '../db/client.ts';
import { findReportReceivers } from '../db/queries/receivers.ts';
import { claimDeliveries, finishDeliveries, giveUpDeliveries } from '../db/queries/report-runs.ts';
import type { DeliveryTarget } from '../db/schema/schedules.ts';
import type { SendResult } from '../domain/deliveries/send-result.ts';
import { isDatabaseUnavailable } from '../db/is-unavailable.ts';
import { KildeError } from '../domain/errors.ts';
import type { DeliverySource } from './deliveries/deliver-due.ts';
import { inTime } from './in-time.ts';
import { readRun } from './manage-schedules.ts';
import { notificationOf } from './notification-of.ts';
import type { ReportAnswer } from '../domain/reports/assemble-report.ts';
import { chatMessage, reportMail } from './render-report.ts';
import type { Mail, SendMail } from './send-mail.ts';
import { postJson, sendSigned } from './send-signed.ts';
import type { SendContext } from './send-signed.ts';

export type DeliverReportsContext = SendContext & { db: Database; sendMail: SendMail | null };

const mailTimeoutMs = 15_000;

type ClaimedReport = {
  id: number;
  attempts: number;
  lastError: string | null;
  runId: string | null;
  submissionId: string | null;
  target: DeliveryTarget;
};

/**
 * Runs and notifications. What fails waits longer each time; what has failed too often is set aside as dead, with the reason.
 */
export function reportSource(context: DeliverReportsContext): DeliverySource {
  return {
    find: findReportReceivers,
    async claim(input) {
      const { rows } = await context.db.$client.execute(claimDeliveries(input));
      return rows.map((row) => {
        const claimed = { ...row, target: JSON.parse(row['target'] as string) } as unknown as ClaimedReport;
        const { id, attempts, lastError } = claimed;
        return { id, attempts, lastError, send: async () => attempt(context, claimed) };
      });
    },
    finish: finishDeliveries,
    giveUp: giveUpDeliveries,
    onGone: null,
  };
}

async function attempt(context: DeliverReportsContext, one: ClaimedReport): Promise<SendResult> {
  try {
    return one.runId === null ? await sendNotification(context, one) : await sendRun(context, one, one.runId);
  } catch (error) {
    if (isDatabaseUnavailable(error)) return { ok: false, error: 'The database did not answer.', fault: 'message' };
    const isGone = error instanceof KildeError && error.code === 'not_found';
    const text = isGone ? 'The run or submission to be sent was deleted.' : 'Something went wrong.';
    return { ok: false, error: text, fault: 'message', isFinal: isGone };
  }
}

async function sendRun(
  context: DeliverReportsContext,
  { id, target }: ClaimedReport,
  runId: string,
): Promise<SendResult> {
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
  { target, submissionId }: ClaimedReport,
): Promise<SendResult> {
  if (target.kind !== 'email' || submissionId === null)
    return { ok: false, error: 'There is nothing to send.', fault: 'message', isFinal: true };
  return sendMail(context, { to: target.to, ...(await notificationOf(context, { submissionId })) });
}

async function sendMail({ sendMail: send, abortAfter }: DeliverReportsContext, mail: Mail): Promise<SendResult> {
  if (!send) {
    const error = 'No mail can be sent: the EMAIL binding or KILDE_MAIL_FROM is missing.';
    return { ok: false, error, fault: 'message' };
  }
  try {
    await inTime(send(mail), abortAfter(mailTimeoutMs));
    return { ok: true };
  } catch (error) {
    const { code, name } = error as { code?: unknown; name?: unknown };
    if (name === 'TimeoutError') {
      const text = `The mail service did not answer within ${mailTimeoutMs / 1000} s.`;
      return { ok: false, error: text, fault: 'silent' };
    }
    const kind = [code, name].find((one) => typeof one === 'string') ?? 'unknown';
    // One bad recipient says nothing of the others.
    return { ok: false, error: `The mail was not accepted (${kind.slice(0, 60)}).`, fault: 'message' };
  }
}
