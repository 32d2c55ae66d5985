import type { Database } from '../db/client.ts';
import { findSubmission } from './read-submissions.ts';

/** What a form's notification says: the answers, and where the lead came from. */
export type Notification = { formName: string; isNewLead: boolean; lines: Array<[name: string, value: string]> };

/** @throws KildeError `not_found`. */
export async function readNotification(
  { db }: { db: Database },
  { submissionId }: { submissionId: string },
): Promise<Notification> {
  const { form, fields, touch, at, createdPerson } = await findSubmission({ db }, { id: submissionId });
  const origin = [touch?.channel, touch?.source, touch?.medium, touch?.campaign].filter((one) => one != null);
  return {
    formName: form?.name ?? '',
    isNewLead: createdPerson,
    lines: [
      ...Object.entries(fields).map(([name, value]): [string, string] => [name, [value].flat().join(', ')]),
      ['—', ''],
      ['Source', origin.join(' / ') || 'Direct'],
      ['Lead', createdPerson ? 'new' : 'known'],
      ['Time', at],
    ],
  };
}
