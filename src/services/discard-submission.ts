import { and, eq } from 'drizzle-orm';
import type { Database } from '../db/client.ts';
import { quarantine } from '../db/schema/forms.ts';
import { conflict, notFound } from '../domain/errors.ts';

/**
 * Throws away a submission that was held back.
 * @throws KildeError `not_found`; `conflict` where it was released: it is a submission then.
 */
export async function discardSubmission({ db }: { db: Database }, { id }: { id: string }): Promise<void> {
  const [deleted, left] = await db.batch([
    db
      .delete(quarantine)
      .where(and(eq(quarantine.id, id), eq(quarantine.status, 'held')))
      .returning({ id: quarantine.id }),
    db.select({ id: quarantine.id }).from(quarantine).where(eq(quarantine.id, id)),
  ]);
  if (deleted.length > 0) return;
  throw left.length > 0 ? conflict('It has been released already.') : notFound('quarantined submission');
}
