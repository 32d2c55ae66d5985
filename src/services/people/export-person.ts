import { and, asc, desc, eq, sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { selectDeals, toDealView } from '../../db/queries/deals/read-deals.ts';
import type { DealView } from '../../db/queries/deals/read-deals.ts';
import { mergesOfPerson, selectMerges, toMergeView } from '../../db/queries/people/merge-people.ts';
import type { MergeView } from '../../db/queries/people/merge-people.ts';
import { selectJourney, toJourney } from '../../db/queries/attribution/read-journey.ts';
import type { JourneyTouch } from '../../db/queries/attribution/read-journey.ts';
import { selectPeople, toPersonView } from '../../db/queries/people/read-people.ts';
import type { PersonView } from '../../db/queries/people/read-people.ts';
import { selectSubmissionsWithJourney, toSubmissionWithJourney } from '../../db/queries/capture/read-submissions.ts';
import type { SubmissionWithJourney } from '../../db/queries/capture/read-submissions.ts';
import { bulkUpdate, bulkUpdateRow } from '../../db/schema/bulk-updates.ts';
import { deadLetter } from '../../db/schema/dead-letters.ts';
import { deal } from '../../db/schema/deals.ts';
import { event, eventDelivery, webhook } from '../../db/schema/events.ts';
import type { EventType } from '../../db/schema/events.ts';
import { consentRequest, quarantine, submission } from '../../db/schema/forms.ts';
import { company, person, personEmail, personMerge, selection, selectionMember } from '../../db/schema/people.ts';
import { auditEntry } from '../../db/schema/privacy.ts';
import { recordChange } from '../../db/schema/record-changes.ts';
import { delivery } from '../../db/schema/schedules.ts';
import type { DeliveryStatus } from '../../db/schema/schedules.ts';
import { maskAddress } from '../../domain/deliveries/mask-address.ts';
import { Mentions } from '../../domain/people/erase-mentions.ts';
import { notFound } from '../../domain/errors.ts';
import { toIso } from '../../domain/iso-time.ts';
import { PhoneMentions } from '../../domain/people/phone-mentions.ts';
import { recipientsOf } from '../deliveries/targets/targets.ts';
import { readMentionCandidates, readPhoneCandidates } from '../../db/queries/people/mentions.ts';
import { selectHeld, toQuarantineView } from '../../db/queries/capture/read-quarantine.ts';
import type { QuarantineView } from '../../db/queries/capture/read-quarantine.ts';

/** Everything held about one person. */
export type PersonExport = {
  exportedAt: string;
  person: PersonView & { updatedAt: string };
  /** Further addresses, left by merges. */
  emails: string[];
  journey: JourneyTouch[];
  submissions: SubmissionWithJourney[];
  deals: DealView[];
  /** Companies that keep the points of this person's form as their source. */
  sourceOf: Array<{ id: string; name: string }>;
  selections: Array<{ id: string; name: string; createdAt: string }>;
  /** Old and new values that bulk updates have kept: of lists, as ids. */
  bulkUpdates: Array<{ at: string; field: string; before: unknown; after: string | null }>;
  /** What changed of the person and of their deals. */
  history: Array<{ at: string; of: 'person' | 'company' | 'deal'; field: string; before: unknown; after: unknown }>;
  merges: Array<MergeView & { kept: Record<string, unknown>; removed: Record<string, unknown> }>;
  /** Consents that the person has not confirmed yet. */
  consentRequests: Array<{ purpose: string; text: string | null; at: string }>;
  /** Submissions held back that carry one of the person's addresses. */
  quarantine: QuarantineView[];
  /** Submissions that could not be stored and carry one of them. */
  deadLetters: Array<{ at: string; reason: string; payload: unknown }>;
  /**
   * What was sent to others: by webhooks, and by the notifications of forms. Of a webhook's address the host alone: the rest may be
   * a secret, and the file is for the person.
   */
  told: Array<{ type: EventType; at: string; webhook: string; url: string; status: DeliveryStatus }>;
  notified: Array<{ submissionId: string; to: string[]; status: DeliveryStatus }>;
  /** What was done to the person's record or taken out of it; by whom is the administrators' to know. */
  auditLog: Array<{ at: string; operation: string }>;
};

/** At least two round trips: what is not stored yet is found as `erasePeople` finds it. @throws KildeError `not_found`. */
export async function exportPerson(
  { db, clock }: { db: Database; clock: () => number },
  { id }: { id: number },
): Promise<PersonExport> {
  const [
    people,
    emails,
    journey,
    submissions,
    deals,
    sourceOf,
    selections,
    merges,
    bulk,
    told,
    notified,
    requests,
    audit,
    changes,
  ] = await db.batch([
    selectPeople(db, eq(person.id, id)),
    db.select({ email: personEmail.email }).from(personEmail).where(eq(personEmail.personId, id)),
    selectJourney(db, id),
    selectSubmissionsWithJourney(db, eq(submission.personId, id)),
    selectDeals(db, eq(deal.personId, id)),
    db.select({ id: company.id, name: company.name }).from(company).where(eq(company.sourcePersonId, id)),
    db
      .select({ id: selection.id, name: selection.name, createdAt: selectionMember.addedAt })
      .from(selectionMember)
      .innerJoin(selection, eq(selection.id, selectionMember.selectionId))
      .where(sql`${eq(selectionMember.memberId, id)} AND ${eq(selection.entity, 'person')}`)
      .orderBy(asc(selection.id)),
    selectMerges(db).where(mergesOfPerson(id)).orderBy(desc(personMerge.id)),
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
    db
      .select({
        type: event.type,
        at: event.at,
        webhook: webhook.name,
        url: webhook.url,
        status: eventDelivery.status,
      })
      .from(event)
      .innerJoin(eventDelivery, eq(eventDelivery.eventId, event.id))
      .innerJoin(webhook, eq(webhook.id, eventDelivery.webhookId))
      .where(eq(event.personId, id))
      .orderBy(asc(event.id)),
    db
      .select({ submissionId: submission.id, target: delivery.target, status: delivery.status })
      .from(submission)
      .innerJoin(delivery, eq(delivery.submissionId, submission.id))
      .where(eq(submission.personId, id)),
    db
      .select({ purpose: consentRequest.purpose, text: consentRequest.text, at: consentRequest.at })
      .from(submission)
      .innerJoin(consentRequest, eq(consentRequest.submissionId, submission.id))
      .where(eq(submission.personId, id)),
    db
      .select()
      .from(auditEntry)
      .where(
        and(sql`${auditEntry.operation} LIKE '% /people/:id%'`, sql`${auditEntry.target} ->> 'id' = ${String(id)}`),
      )
      .orderBy(asc(auditEntry.id)),
    db
      .select()
      .from(recordChange)
      .where(
        sql`(${recordChange.entity} = 'person' AND ${recordChange.recordId} IN ${allOf(id)})
          OR (${recordChange.entity} = 'deal' AND ${recordChange.recordId} IN (SELECT d.id FROM deal d WHERE d.person_id = ${id}))`,
      )
      .orderBy(asc(recordChange.id)),
  ]);
  const [row] = people;
  if (!row) throw notFound('person');
  const addresses = [...(row.email === null ? [] : [row.email]), ...emails.map(({ email }) => email)];
  const phones = row.phone?.startsWith('+') ? [row.phone] : [];
  const { held, dead } = await readUnstored({ db }, { emails: addresses, phones });
  return {
    exportedAt: toIso(clock()),
    person: { ...toPersonView(row), updatedAt: toIso(row.updatedAt) },
    emails: emails.map(({ email }) => email),
    journey: toJourney(journey),
    submissions: submissions.map(toSubmissionWithJourney),
    deals: deals.map(toDealView),
    sourceOf: sourceOf.map(({ id, name }) => ({ id: String(id), name })),
    selections: selections.map(({ id, name, createdAt }) => ({ id: String(id), name, createdAt: toIso(createdAt) })),
    bulkUpdates: bulk.map(({ at, change, before, after }) => ({
      at: toIso(at),
      field: change.field,
      // The value's own column comes first.
      before: Object.values(JSON.parse(before) as Record<string, unknown>)[0],
      after,
    })),
    history: changes.map(({ at, entity, field, before, after }) => ({
      at: toIso(at),
      of: entity,
      field,
      before,
      after,
    })),
    merges: merges.map((merge) => ({ ...toMergeView(merge), kept: merge.kept, removed: merge.removed })),
    consentRequests: requests.map((request) => ({ ...request, at: toIso(request.at) })),
    quarantine: held.map(toQuarantineView),
    deadLetters: dead.map(({ at, reason, payload }) => ({ at: toIso(at), reason, payload })),
    told: told.map((one) => ({ ...one, at: toIso(one.at), url: maskAddress(one.url) })),
    notified: notified.map(({ target, ...one }) => ({ ...one, to: recipientsOf(target) })),
    auditLog: audit.map(({ at, operation }) => ({ at: toIso(at), operation })),
  };
}

/** A person, and those who were merged into them. */
const allOf = (id: number) => sql`(WITH RECURSIVE was (id) AS (SELECT ${id} UNION
  SELECT m.removed_person_id FROM person_merge m JOIN was ON m.person_id = was.id WHERE m.undone_at IS NULL) SELECT id FROM was)`;

const unstored = [
  { table: 'quarantine', columns: ['payload'] },
  { table: 'dead_letter', columns: ['payload'] },
];

/** What is quarantined or could not be stored, and holds one of these addresses or telephone numbers in any spelling. */
async function readUnstored({ db }: { db: Database }, { emails, phones }: { emails: string[]; phones: string[] }) {
  const found: [number[], number[]] = [[], []];
  const searches = [
    { mentions: new Mentions(emails), candidates: readMentionCandidates({ db }, { tables: unstored, emails }) },
    { mentions: new PhoneMentions(phones), candidates: readPhoneCandidates({ db }, { tables: unstored, phones }) },
  ];
  for (const { mentions, candidates } of searches) {
    for await (const { place, rows } of candidates) {
      const hits = rows.filter(({ payload }) => typeof payload === 'string' && mentions.areIn(payload));
      found[place as 0 | 1].push(...hits.map(({ id }) => Number(id)));
    }
  }
  if (found.flat().length === 0) return { held: [], dead: [] };
  const isFound = (rowIds: number[]) => sql`rowid IN (SELECT value FROM json_each(${JSON.stringify(rowIds)}))`;
  const [held, dead] = await db.batch([
    selectHeld(db, sql`${quarantine}.${isFound(found[0])}`),
    db.select().from(deadLetter).where(isFound(found[1])),
  ]);
  return { held, dead };
}
