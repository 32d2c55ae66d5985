import type { Database } from '../../../db/client.ts';
import { intakeStatementWhere, readIntakeOutcome } from '../../../db/queries/capture/store-intake.ts';
import type { Intake, IntakeOutcome } from '../../../db/queries/capture/store-intake.ts';
import { defineStatement } from '../../../db/statement.ts';
import type { InboundSubmission } from '../../../domain/capture/lead.ts';

/** As `foundPerson` in db/program/intake.ts has it: by address, else by the telephone number of exactly one person. */
const isKnown = `(EXISTS (SELECT 1 FROM person_email WHERE email = :email) OR EXISTS (SELECT 1 FROM person WHERE email = :email)
  OR (SELECT count(*) = 1 AND (:email IS NULL OR max(email) IS NULL)
    FROM (SELECT email FROM person WHERE phone = :phoneKey LIMIT 2)))`;

/** A submission of the same content that waits already: a second click. */
const sameWaiting = `quarantine WHERE :contentHash IS NOT NULL AND status = 'held' AND kind = 'approval' AND at > :contentSince
  AND form_id = :formId AND payload ->> '$.contentHash' = :contentHash`;

/** The conditions are those of the gate of `intake` (db/program/intake.ts), and that the person is not known. */
const keepWaiting = defineStatement(`
  INSERT INTO quarantine (id, kind, form_id, at, reasons, payload, idempotency_key)
  SELECT :id, 'approval', :formId, :at, '["unknownPerson"]', :payload, :idempotencyKey
  WHERE NOT ${isKnown}
    AND (SELECT version FROM settings WHERE id = 1) = :version
    AND NOT EXISTS (SELECT 1 FROM submission WHERE id = :id)
    AND NOT EXISTS (SELECT 1 FROM submission WHERE form_id = :formId AND idempotency_key = :idempotencyKey)
    AND NOT EXISTS (SELECT 1 FROM submission WHERE content_hash = :contentHash AND at > :contentSince)
    AND NOT EXISTS (SELECT 1 FROM ${sameWaiting})
    AND (:closesAfter IS NULL OR coalesce((SELECT sum(submissions) FROM form_day WHERE form_id = :formId), 0) < :closesAfter)
  ON CONFLICT DO NOTHING`);

const findWaiting = defineStatement(`
  SELECT coalesce((SELECT id FROM quarantine WHERE id = :id), (SELECT id FROM ${sameWaiting} LIMIT 1)) AS id`);

/**
 * Stores a submission where its person is known; otherwise it waits for approval, creates nobody and counts nowhere. One transaction and
 * one round trip.
 */
export async function storeForApproval(
  { db }: { db: Database },
  { intake, inbound }: { intake: Intake; inbound: InboundSubmission },
): Promise<IntakeOutcome> {
  const { id, version, formId, at, email, phoneKey, idempotencyKey, contentHash, contentSince, closesAfter } = intake;
  const shared = { id, formId, contentHash, contentSince };
  const isFree = `NOT EXISTS (SELECT 1 FROM quarantine WHERE id = :id) AND NOT EXISTS (SELECT 1 FROM ${sameWaiting})`;
  const [, stored, waiting] = await db.$client.batch(
    [
      keepWaiting({
        ...shared,
        at,
        email,
        phoneKey,
        version,
        idempotencyKey,
        closesAfter,
        payload: JSON.stringify(inbound),
      }),
      // Where it neither waits nor has a person, the gate says why nothing was stored.
      intakeStatementWhere(intake, `${isKnown} OR (${isFree})`),
      findWaiting(shared),
    ],
    'write',
  );
  const row = stored!.rows[0];
  if (row) return readIntakeOutcome({ row, intake });
  return { state: 'waiting', submissionId: waiting!.rows[0]!['id'] as string };
}
