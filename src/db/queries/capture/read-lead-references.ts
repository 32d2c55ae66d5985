import { inArray, sql } from 'drizzle-orm';
import type { Database } from '../../client.ts';
import { leadStatus, owner } from '../../schema/people.ts';

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

/** A person with a status, as one text. */
export const statusOf = ({ email, statusId }: { email: string; statusId: number | null }): string =>
  `${email} ${statusId}`;

/** Of some addresses, those that people have, each with the person's status (`statusOf`). One round trip. */
export async function readStatusHolders(db: Database, emails: string[]): Promise<Set<string>> {
  const list = sql`SELECT value FROM json_each(${JSON.stringify(emails)})`;
  const rows = await db.all<{ email: string; statusId: number | null }>(sql`
    SELECT email, lead_status_id AS statusId FROM person WHERE email IN (${list})
    UNION ALL
    SELECT e.email, p.lead_status_id FROM person_email e JOIN person p ON p.id = e.person_id WHERE e.email IN (${list})`);
  return new Set(rows.map(statusOf));
}
