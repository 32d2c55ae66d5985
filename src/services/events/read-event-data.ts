import { eq } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { toMergeView } from '../../db/queries/people/merge-people.ts';
import type { EventType } from '../../db/schema/events.ts';
import { personMerge, selection } from '../../db/schema/people.ts';
import { KildeError, notFound } from '../../domain/errors.ts';
import type { SelectionEntity } from '../../domain/segments/selections.ts';
import { readCompany } from '../people/manage-companies.ts';
import { readDeal } from '../deals/read-deals.ts';
import { readPerson } from '../people/read-people.ts';
import { findSubmission } from '../capture/read-submissions.ts';

/** `detail`: JSON of what the record does not show (db/program/outbox.ts). */
export type EventSubject = { type: EventType; subjectId: string; personId: number | null; detail: string | null };

/**
 * What a webhook or a stream is sent of an event: the record as the API shows it now. One that has gone since, or whose person was
 * erased, is told of by its id alone.
 */
export async function readEventData({ db }: { db: Database }, event: EventSubject): Promise<unknown> {
  const { type, subjectId, detail } = event;
  try {
    switch (type) {
      case 'person.created':
      case 'person.updated':
      case 'person.statusChanged':
        return await readPerson({ db }, { id: Number(subjectId) });
      case 'person.merged':
        return await readMerge({ db }, { id: Number(subjectId) });
      case 'person.erased':
        return { id: subjectId, deleted: true };
      case 'company.created':
        return await readCompany({ db }, { id: Number(subjectId) });
      case 'submission.received':
        return await findSubmission({ db }, { id: subjectId });
      case 'deal.registered':
      case 'deal.won':
      case 'deal.lost':
      case 'deal.reopened':
        return await readDeal({ db }, { id: Number(subjectId) });
      case 'deal.stageChanged':
        return {
          ...(await readDeal({ db }, { id: Number(subjectId) })),
          ...(JSON.parse(detail ?? '{}') as { from?: unknown; to?: unknown }),
        };
      case 'selection.entered':
      case 'selection.left':
        return await readMembership({ db }, event);
    }
  } catch (error) {
    if (error instanceof KildeError && error.code === 'not_found') return { id: subjectId, deleted: true };
    throw error;
  }
}

async function readMerge({ db }: { db: Database }, { id }: { id: number }): Promise<unknown> {
  const [row] = await db.select().from(personMerge).where(eq(personMerge.id, id));
  if (!row) throw notFound('merge');
  return { merge: toMergeView(row), person: await readPerson({ db }, { id: row.personId }) };
}

/** One member with its selection, under the name of its kind, or how many there were at once. */
async function readMembership({ db }: { db: Database }, { subjectId, detail }: EventSubject): Promise<unknown> {
  const { selectionId, count } = JSON.parse(detail ?? '{}') as { selectionId?: number; count?: number };
  const [row] = await db
    .select({ id: selection.id, name: selection.name, entity: selection.entity })
    .from(selection)
    .where(eq(selection.id, selectionId ?? 0));
  if (!row) throw notFound('selection');
  const about = { selection: { id: String(row.id), name: row.name } };
  return count === undefined
    ? { ...about, [row.entity]: await readMember({ db }, { ...row, subjectId }) }
    : { ...about, count };
}

async function readMember(
  { db }: { db: Database },
  { entity, subjectId }: { entity: SelectionEntity; subjectId: string },
): Promise<unknown> {
  switch (entity) {
    case 'person':
      return readPerson({ db }, { id: Number(subjectId) });
    case 'company':
      return readCompany({ db }, { id: Number(subjectId) });
    case 'deal':
      return readDeal({ db }, { id: Number(subjectId) });
    case 'submission':
      return findSubmission({ db }, { id: subjectId });
  }
}
