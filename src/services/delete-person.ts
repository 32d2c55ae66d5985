import type { Database } from '../db/client.ts';
import { defineStatement } from '../db/statement.ts';
import { notFound } from '../domain/errors.ts';

/** The person and all who were merged into them: merges of a removed person name that person. */
const merged = `(WITH RECURSIVE was (id) AS (SELECT :id UNION
  SELECT m.removed_person_id FROM person_merge m JOIN was ON m.person_id = was.id WHERE m.undone_at IS NULL)
  SELECT id FROM was)`;

/** Every address known to be the person's. Gone once `person_email` is: what asks for it comes before. */
const addresses = `(SELECT email FROM person WHERE id = :id UNION SELECT email FROM person_email WHERE person_id = :id)`;

/** Whether a text that came in from outside has one of the addresses in it, however it is spelt. */
const mentions = (column: string) =>
  `EXISTS (SELECT 1 FROM ${addresses} known WHERE instr(lower(${column}), known.email) > 0)`;

const steps = [
  // What was held back or could not be stored has nobody yet: it is found by its address.
  defineStatement(`DELETE FROM quarantine WHERE ${mentions('payload')}`),
  defineStatement(`DELETE FROM dead_letter WHERE ${mentions('payload')}`),
  defineStatement(`DELETE FROM delivery WHERE submission_id IN (SELECT id FROM submission WHERE person_id = :id)`),
  defineStatement(`UPDATE event_delivery SET last_error = NULL WHERE person_id IN ${merged}`),
  // Of a bulk update that changed this person alone, its value and its criteria are the person's.
  defineStatement(`UPDATE bulk_update SET criteria = NULL,
    change = json_object('field', change ->> 'field', 'clear', json('true'))
    WHERE id IN (SELECT bulk_update_id FROM bulk_update_row WHERE entity = 'person' AND record_id IN ${merged})
      AND NOT EXISTS (SELECT 1 FROM bulk_update_row other WHERE other.bulk_update_id = bulk_update.id
        AND NOT (other.entity = 'person' AND other.record_id IN ${merged}))`),
  defineStatement(`UPDATE bulk_update SET criteria = NULL WHERE ${mentions('criteria')}`),
  // That somebody left stays: it names nobody.
  defineStatement(`INSERT INTO selection_leave (selection_id, added_at, removed_at)
    SELECT m.selection_id, m.added_at, :now FROM selection_member m JOIN selection s ON s.id = m.selection_id
    WHERE m.member_id = :id AND s.entity = 'person'`),
  defineStatement(`DELETE FROM bulk_update_row WHERE entity = 'person' AND record_id IN ${merged}`),
  defineStatement(`DELETE FROM selection_member WHERE member_id = :id
    AND EXISTS (SELECT 1 FROM selection s WHERE s.id = selection_id AND s.entity = 'person')`),
  defineStatement(`DELETE FROM consent WHERE person_id = :id`),
  defineStatement(`DELETE FROM submission WHERE person_id = :id`),
  defineStatement(`DELETE FROM touch WHERE person_id = :id`),
  defineStatement(`DELETE FROM person_email WHERE person_id = :id`),
  defineStatement(`DELETE FROM person_merge WHERE person_id IN ${merged} OR removed_person_id IN ${merged}`),
  defineStatement(`UPDATE deal SET person_id = NULL, name = NULL, name_fold = NULL WHERE person_id = :id`),
  defineStatement(`UPDATE company SET source_person_id = NULL WHERE source_person_id = :id`),
  defineStatement(`DELETE FROM person WHERE id = :id`),
];

/**
 * Deletes a person with everything that hangs on them, or names their address. A form's daily totals, a deal's amount and
 * dates, and the company with its source stay: they name nobody.
 * @throws KildeError `not_found`.
 */
export async function deletePerson(
  { db, clock }: { db: Database; clock: () => number },
  { id }: { id: number },
): Promise<void> {
  const results = await db.$client.batch(
    steps.map((step) => step({ id, now: clock() })),
    'write',
  );
  if (results.at(-1)!.rowsAffected === 0) throw notFound('person');
}
