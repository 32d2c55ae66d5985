import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { delivery } from '../../db/schema/schedules.ts';
import { reportSource } from './deliver-reports.ts';
import type { TargetContext } from '../deliveries/targets/define-target.ts';
import { clearReceivers } from '../deliveries/clear-receivers.ts';
import { deliverDue } from '../deliveries/deliver-due.ts';

/** Sends the deliveries of a run at once, also to receivers that are left alone after failing. */
export async function sendRunNow(context: TargetContext, { runId }: { runId: string }): Promise<void> {
  await sendNow(context, sql`${delivery.runId} = ${runId}`);
}

/** The same of one delivery. */
export async function sendDeliveryNow(context: TargetContext, { id }: { id: number }): Promise<void> {
  await sendNow(context, sql`${delivery.id} = ${id}`);
}

async function sendNow(context: TargetContext, which: SQL): Promise<void> {
  const rows = await context.db.selectDistinct({ address: delivery.address }).from(delivery).where(which);
  const only = rows.map(({ address }) => address!);
  if (only.length === 0) return;
  await clearReceivers(context, only);
  await deliverDue(context, { sources: [reportSource(context)], only });
}
