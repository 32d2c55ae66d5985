import { findReportReceivers } from '../../db/queries/deliveries/receivers.ts';
import { claimDeliveries, finishDeliveries, giveUpDeliveries } from '../../db/queries/schedules/report-runs.ts';
import type { StoredTarget } from '../../db/schema/schedules.ts';
import type { SendResult } from '../../domain/deliveries/send-result.ts';
import { isDatabaseUnavailable } from '../../db/is-unavailable.ts';
import { KildeError } from '../../domain/errors.ts';
import type { DeliverySource } from '../deliveries/deliver-due.ts';
import type { TargetContext } from '../deliveries/targets/define-target.ts';
import { declarationOf, isLinkMail, isSenderMail, readTarget } from '../deliveries/targets/targets.ts';
import type { DeliveryTarget } from '../deliveries/targets/targets.ts';
import { readRun } from './manage-schedules.ts';
import { readNotification } from '../deliveries/read-notification.ts';
import type { ReportAnswer } from '../../domain/reports/assemble-report.ts';

type ClaimedReport = {
  id: number;
  attempts: number;
  lastError: string | null;
  runId: string | null;
  submissionId: string | null;
  target: StoredTarget;
};

/**
 * Runs and notifications. What fails waits longer each time; what has failed too often is set aside as dead, with the reason.
 */
export function reportSource(context: TargetContext): DeliverySource {
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

async function attempt(context: TargetContext, one: ClaimedReport): Promise<SendResult> {
  try {
    const { target, submissionId } = one;
    if (isSenderMail(target) && submissionId !== null) {
      // Few installations send such mails: what makes them is loaded when there is one.
      const { sendSenderMail } = await import('../capture/forms/send-sender-mail.ts');
      return await sendSenderMail(context, { mail: target, submissionId });
    }
    if (isLinkMail(target)) {
      const { sendLinkMail } = await import('../users/send-link-mail.ts');
      return await sendLinkMail(context, target);
    }
    return await sendTo(context, { ...one, target: readTarget(target) });
  } catch (error) {
    if (isDatabaseUnavailable(error)) return { ok: false, error: 'The database did not answer.', fault: 'message' };
    const isGone = error instanceof KildeError && error.code === 'not_found';
    const text = isGone ? 'The run or submission to be sent was deleted.' : 'Something went wrong.';
    return { ok: false, error: text, fault: 'message', isFinal: isGone };
  }
}

async function sendTo(
  context: TargetContext,
  { id, target, runId, submissionId }: ClaimedReport & { target: DeliveryTarget },
): Promise<SendResult> {
  const { sendReport, sendNotification } = declarationOf(target);
  if (runId !== null) {
    const { report, name, language, dueAt, schedule } = await readRun(context, { id: runId });
    const run = { runId, schedule, name, language, dueAt, report: report as ReportAnswer };
    return sendReport(context, { target, id, run });
  }
  if (submissionId === null) return { ok: false, error: 'There is nothing to send.', fault: 'message', isFinal: true };
  return sendNotification(context, { target, id, notification: await readNotification(context, { submissionId }) });
}
