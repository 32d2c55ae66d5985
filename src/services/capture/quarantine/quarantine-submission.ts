import { defineStatement } from '../../../db/statement.ts';
import type { InboundSubmission } from '../../../domain/capture/lead.ts';
import { storedKey } from '../idempotency-key.ts';
import type { Sender } from '../prepare-lead.ts';
import { isUsedByOther, usedKey } from '../submit-form.ts';
import type { IntakeContext } from '../submit-form.ts';

const insertQuarantined = defineStatement(`
  INSERT INTO quarantine (id, form_id, at, reasons, payload, idempotency_key)
  SELECT :id, :formId, :at, :reasons, :payload, :idempotencyKey
  WHERE NOT EXISTS (SELECT 1 FROM submission WHERE form_id = :formId AND idempotency_key = :idempotencyKey)
  ON CONFLICT DO NOTHING`);

const findStored = defineStatement(`
  SELECT coalesce(
    (SELECT id FROM quarantine WHERE id = :id),
    (SELECT id FROM quarantine WHERE form_id = :formId AND idempotency_key = :idempotencyKey),
    (SELECT id FROM submission WHERE form_id = :formId AND idempotency_key = :idempotencyKey)) AS id`);

/**
 * Quarantines a suspect submission: it creates nobody and counts nowhere.
 * @param acknowledged the sender was told that it is stored: a key used for another submission is no reason to refuse it.
 * @returns the id it is stored under: the earlier one where it was sent twice.
 * @throws KildeError `conflict` where the header's key was used for another submission.
 */
export async function quarantineSubmission(
  context: Pick<IntakeContext, 'db'>,
  {
    inbound,
    sender,
    reasons,
    acknowledged = false,
  }: { inbound: InboundSubmission; sender: Sender; reasons: string[]; acknowledged?: boolean },
): Promise<{ id: string }> {
  for (const withContent of [false, true]) {
    const args = {
      id: inbound.id,
      formId: sender.form.id,
      at: inbound.at,
      reasons: JSON.stringify(reasons),
      payload: JSON.stringify(inbound),
      idempotencyKey: await storedKey({ inbound, sender }, { withContent }),
    };
    const results = await context.db.$client.batch([insertQuarantined(args), findStored(args)], 'write');
    const id = results[1]!.rows[0]!['id'] as string;
    if (id === inbound.id || !(await isUsedByOther(context, { inbound, sender, withContent }))) return { id };
    if (!acknowledged) break;
  }
  throw usedKey();
}
