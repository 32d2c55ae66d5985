import type { Database } from '../db/client.ts';
import type { EventType } from '../db/schema/events.ts';
import { KildeError } from '../domain/errors.ts';
import { readCompany } from './manage-companies.ts';
import { readDeal } from './read-deals.ts';
import { readPerson } from './read-people.ts';
import { findSubmission } from './read-submissions.ts';

/** `detail`: JSON of what the record does not show (db/program/outbox.ts). */
type EventSubject = { type: EventType; subjectId: string; personId: number | null; detail: string | null };

/**
 * What a webhook is sent of an event: the record as the API shows it now. One that has gone since, or whose person was
 * erased, is told of by its id alone.
 */
export async function readEventData(
  { db }: { db: Database },
  { type, subjectId, detail }: EventSubject,
): Promise<unknown> {
  try {
    switch (type) {
      case 'person.created':
      case 'person.statusChanged':
        return await readPerson({ db }, { id: Number(subjectId) });
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
    }
  } catch (error) {
    if (error instanceof KildeError && error.code === 'not_found') return { id: subjectId, deleted: true };
    throw error;
  }
}
