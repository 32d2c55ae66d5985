import type { Database } from '../db/client.ts';
import { defineStatement } from '../db/statement.ts';
import { notFound } from '../domain/errors.ts';

/** The person and all who were merged into them: merges of a removed person name that person. */
const merged = `(WITH RECURSIVE was (id) AS (SELECT :id UNION
  SELECT m.removed_person_id FROM person_merge m JOIN was ON m.person_id = was.id WHERE m.undone_at IS NULL)
  SELECT id FROM was)`;

const steps = [
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
  defineStatement(`DELETE FROM person_merge WHERE person_id IN ${merged} OR removed_person_id = :id`),
  defineStatement(`UPDATE deal SET person_id = NULL WHERE person_id = :id`),
  defineStatement(`UPDATE company SET source_person_id = NULL WHERE source_person_id = :id`),
  defineStatement(`DELETE FROM person WHERE id = :id`),
];

/**
 * Deletes a person with everything that hangs on them. A form's daily totals, deals and the company's source stay:
 * they name nobody.
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
