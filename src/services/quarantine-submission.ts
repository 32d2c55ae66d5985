import { eq } from 'drizzle-orm';
import { quarantine } from '../db/schema/forms.ts';
import { defineStatement } from '../db/statement.ts';
import { conflict, notFound } from '../domain/errors.ts';
import type { InboundSubmission } from '../domain/lead.ts';
import { submitForm } from './submit-form.ts';
import type { IntakeContext } from './submit-form.ts';

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

/** Holds a suspect submission back: it creates nobody and counts nowhere. @returns the id it is stored under. */
export async function quarantineSubmission(
  { db }: Pick<IntakeContext, 'db'>,
  { inbound, formId, reasons }: { inbound: InboundSubmission; formId: number; reasons: string[] },
): Promise<{ id: string }> {
  const args = {
    id: inbound.id,
    formId,
    at: inbound.at,
    reasons: JSON.stringify(reasons),
    payload: JSON.stringify(inbound),
    idempotencyKey: inbound.idempotencyKey,
  };
  const results = await db.$client.batch([insertQuarantined(args), findStored(args)], 'write');
  return { id: results[1]!.rows[0]!['id'] as string };
}

/**
 * Lets a held submission through, as of the time it was sent.
 * @throws KildeError `not_found`; `conflict` where it was released before; what `submitForm` throws.
 */
export async function releaseSubmission(context: IntakeContext, { id }: { id: string }): Promise<{ id: string }> {
  const [held] = await context.db.select().from(quarantine).where(eq(quarantine.id, id));
  if (!held) throw notFound('quarantined submission');
  if (held.status !== 'held') throw conflict('It has been released already.');
  const inbound = { ...(held.payload as InboundSubmission), contentHash: null };
  return submitForm(context, { inbound, release: true });
}
