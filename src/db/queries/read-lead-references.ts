import { inArray } from 'drizzle-orm';
import type { Database } from '../client.ts';
import { leadStatus, owner } from '../schema/people.ts';

/** What leads from elsewhere may refer to. */
export type LeadReferences = {
  /** Those of the owners asked for that exist. */
  ownerIds: Set<number>;
  /** Every lead status, in their order. */
  leadStatuses: Array<{ id: number; name: string; archivedAt: number | null }>;
};

/** One round trip. */
export async function readLeadReferences(db: Database, { ownerIds }: { ownerIds: number[] }): Promise<LeadReferences> {
  const [owners, statuses] = await db.batch([
    db.select({ id: owner.id }).from(owner).where(inArray(owner.id, ownerIds)),
    db
      .select({ id: leadStatus.id, name: leadStatus.name, archivedAt: leadStatus.archivedAt })
      .from(leadStatus)
      .orderBy(leadStatus.position, leadStatus.id),
  ]);
  return {
    ownerIds: new Set(owners.map(({ id }) => id)),
    leadStatuses: statuses,
  };
}
