import { asc, eq, sql } from 'drizzle-orm';
import type { Database } from '../db/client.ts';
import { selectMerges, toMergeView } from '../db/queries/merge-people.ts';
import type { MergeView } from '../db/queries/merge-people.ts';
import { selectJourney, toJourney } from '../db/queries/read-journey.ts';
import type { JourneyTouch } from '../db/queries/read-journey.ts';
import { selectPeople, toPersonView } from '../db/queries/read-people.ts';
import type { PersonView } from '../db/queries/read-people.ts';
import { selectSubmissionsWithJourney, toSubmissionWithJourney } from '../db/queries/read-submissions.ts';
import type { SubmissionWithJourney } from '../db/queries/read-submissions.ts';
import { bulkUpdate, bulkUpdateRow } from '../db/schema/bulk-updates.ts';
import { deal } from '../db/schema/deals.ts';
import type { DealStatus } from '../db/schema/deals.ts';
import { submission } from '../db/schema/forms.ts';
import { person, personEmail, selection, selectionMember } from '../db/schema/people.ts';
import { notFound } from '../domain/errors.ts';
import { toIso, toIsoOrNull } from '../domain/iso-time.ts';
import { selectHeldByAddress, toQuarantineView } from '../db/queries/read-quarantine.ts';
import type { QuarantineView } from '../db/queries/read-quarantine.ts';

/** Everything held about one person. */
export type PersonExport = {
  exportedAt: string;
  person: PersonView;
  /** Further addresses, left by merges. */
  emails: string[];
  journey: JourneyTouch[];
  submissions: SubmissionWithJourney[];
  deals: Array<{
    externalId: string;
    name: string | null;
    status: DealStatus;
    amountMinor: number;
    currency: string;
    registeredAt: string;
    closedAt: string | null;
  }>;
  selections: Array<{ id: string; name: string; addedAt: string }>;
  /** Old and new values that bulk updates have kept: of lists, as ids. */
  bulkUpdates: Array<{ at: string; field: string; before: unknown; after: string | null }>;
  merges: Array<MergeView & { kept: Record<string, unknown>; removed: Record<string, unknown> }>;
  /** Submissions held back that carry one of the person's addresses. */
  quarantine: QuarantineView[];
};

/** One round trip. @throws KildeError `not_found`. */
export async function exportPerson(
  { db, clock }: { db: Database; clock: () => number },
  { id }: { id: number },
): Promise<PersonExport> {
  const [people, emails, journey, submissions, deals, selections, merges, held, bulk] = await db.batch([
    selectPeople(db, eq(person.id, id)),
    db.select({ email: personEmail.email }).from(personEmail).where(eq(personEmail.personId, id)),
    selectJourney(db, id),
    selectSubmissionsWithJourney(db, eq(submission.personId, id)),
    db.select().from(deal).where(eq(deal.personId, id)).orderBy(asc(deal.registeredAt), asc(deal.id)),
    db
      .select({ id: selection.id, name: selection.name, addedAt: selectionMember.addedAt })
      .from(selectionMember)
      .innerJoin(selection, eq(selection.id, selectionMember.selectionId))
      .where(sql`${eq(selectionMember.memberId, id)} AND ${eq(selection.entity, 'person')}`)
      .orderBy(asc(selection.id)),
    selectMerges(db, id),
    selectHeldByAddress(
      db,
      sql`(SELECT email FROM person WHERE id = ${id} UNION ALL SELECT email FROM person_email WHERE person_id = ${id})`,
    ),
    db
      .select({
        at: bulkUpdate.at,
        change: bulkUpdate.change,
        before: bulkUpdateRow.before,
        after: bulkUpdateRow.after,
      })
      .from(bulkUpdateRow)
      .innerJoin(bulkUpdate, eq(bulkUpdate.id, bulkUpdateRow.bulkUpdateId))
      .where(sql`${eq(bulkUpdateRow.entity, 'person')} AND ${eq(bulkUpdateRow.recordId, id)}`)
      .orderBy(asc(bulkUpdate.at), asc(bulkUpdate.id)),
  ]);
  const [row] = people;
  if (!row) throw notFound('person');
  return {
    exportedAt: toIso(clock()),
    person: toPersonView(row),
    emails: emails.map(({ email }) => email),
    journey: toJourney(journey),
    submissions: submissions.map(toSubmissionWithJourney),
    deals: deals.map(({ externalId, name, status, amountMinor, currency, registeredAt, closedAt }) => ({
      externalId,
      name,
      status,
      amountMinor,
      currency,
      registeredAt: toIso(registeredAt),
      closedAt: toIsoOrNull(closedAt),
    })),
    selections: selections.map(({ id, name, addedAt }) => ({ id: String(id), name, addedAt: toIso(addedAt) })),
    bulkUpdates: bulk.map(({ at, change, before, after }) => ({
      at: toIso(at),
      field: change.field,
      // The value's own column comes first.
      before: Object.values(JSON.parse(before) as Record<string, unknown>)[0],
      after,
    })),
    merges: merges.map((merge) => ({ ...toMergeView(merge), kept: merge.kept, removed: merge.removed })),
    quarantine: held.map(toQuarantineView),
  };
}
