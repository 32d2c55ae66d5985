import { and, eq } from 'drizzle-orm';
import type { Database } from '../../client.ts';
import { recordChange } from '../../schema/record-changes.ts';

/** Deletes the history of a record that is deleted. */
export function forgetHistory(db: Database, { entity, id }: { entity: 'company' | 'deal'; id: number }) {
  return db.delete(recordChange).where(and(eq(recordChange.entity, entity), eq(recordChange.recordId, id)));
}
