import { and, eq, sql } from 'drizzle-orm';
import type { Database } from '../../../db/client.ts';
import type { QuarantineKind } from '../../../db/queries/capture/read-quarantine.ts';
import { quarantine } from '../../../db/schema/forms.ts';
import { delivery } from '../../../db/schema/schedules.ts';
import { conflict, notFound } from '../../../domain/errors.ts';

/**
 * Deletes a submission that was quarantined (`spam`) or waits for approval, with the notifications of it that wait.
 * @throws KildeError `not_found`; `conflict` where it was released or approved: it is a submission then.
 */
export async function discardSubmission(
  { db }: { db: Database },
  { id, kind }: { id: string; kind: QuarantineKind },
): Promise<void> {
  const isThis = and(eq(quarantine.id, id), eq(quarantine.kind, kind));
  const [deleted, left] = await db.batch([
    db
      .delete(quarantine)
      .where(and(isThis, eq(quarantine.status, 'held')))
      .returning({ id: quarantine.id }),
    db.select({ id: quarantine.id }).from(quarantine).where(isThis),
    db
      .delete(delivery)
      .where(and(eq(delivery.submissionId, id), sql`NOT EXISTS (SELECT 1 FROM submission WHERE id = ${id})`)),
  ]);
  if (deleted.length > 0) return;
  if (left.length > 0) throw conflict(`The submission was ${kind === 'spam' ? 'released' : 'approved'} already.`);
  throw notFound(kind === 'spam' ? 'quarantined submission' : 'submission that waits for approval');
}
