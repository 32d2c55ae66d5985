import { eq } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { selectHeld, toQuarantineView } from '../../db/queries/capture/read-quarantine.ts';
import type { QuarantineView } from '../../db/queries/capture/read-quarantine.ts';
import type { SubmissionWithJourney } from '../../db/queries/capture/read-submissions.ts';
import { readSubmissionById } from '../../db/queries/capture/read-submissions.ts';
import { showHosts } from '../../domain/hosts/shown-hosts.ts';
import { form, quarantine } from '../../db/schema/forms.ts';
import { notFound } from '../../domain/errors.ts';

/** What a form's notification says: the answers, and where the lead came from. */
export type Notification = {
  formName: string;
  language: 'en' | 'no';
  isNewLead: boolean;
  /** The submission waits for approval: nobody was created, and it counts nowhere. */
  isWaiting: boolean;
  lines: Array<[name: string, value: string]>;
  /** The record as the API shows it. */
  submission: SubmissionWithJourney | QuarantineView;
};

const words = {
  en: {
    source: 'Source',
    lead: 'Lead',
    new: 'new',
    known: 'known',
    time: 'Time',
    waiting: 'waits for approval',
    direct: 'Direct',
    newLead: 'new lead',
    newSubmission: 'new submission',
  },
  no: {
    source: 'Kilde',
    lead: 'Lead',
    new: 'ny',
    known: 'kjent',
    time: 'Tid',
    waiting: 'venter på godkjenning',
    direct: 'Direkte',
    newLead: 'nytt lead',
    newSubmission: 'ny innsending',
  },
} as const;

/** The notification's subject, as one line of text that still has to be cut where it is used. */
export function notificationTitle({ formName, language, isNewLead, isWaiting }: Notification): string {
  const text = words[language];
  return `${formName}: ${isWaiting ? text.waiting : isNewLead ? text.newLead : text.newSubmission}`;
}

/** @throws KildeError `not_found`. */
export async function readNotification(
  { db }: { db: Database },
  { submissionId }: { submissionId: string },
): Promise<Notification> {
  const stored = await readSubmissionById(db, submissionId);
  const submission = stored ?? (await readWaiting(db, submissionId));
  const [row] = await db
    .select({ language: form.language })
    .from(form)
    .where(eq(form.key, submission.form?.id ?? ''));
  const language = row?.language ?? 'en';
  const text = words[language];
  const origin = [stored?.touch?.channel, stored?.touch?.source, stored?.touch?.medium, stored?.touch?.campaign];
  return {
    formName: submission.form?.name ?? '',
    language,
    isNewLead: stored?.createdPerson ?? false,
    isWaiting: !stored,
    submission,
    lines: [
      ...Object.entries(submission.fields).map(([name, value]): [string, string] => [name, [value].flat().join(', ')]),
      ['—', ''],
      ...(stored
        ? ([
            [text.source, showHosts(origin.filter((one) => one != null).join(' / ')) || text.direct],
            [text.lead, stored.createdPerson ? text.new : text.known],
          ] satisfies Array<[string, string]>)
        : ([[text.lead, text.waiting]] satisfies Array<[string, string]>)),
      [text.time, submission.at],
    ],
  };
}

async function readWaiting(db: Database, id: string): Promise<QuarantineView> {
  const [row] = await selectHeld(db, eq(quarantine.id, id));
  if (!row) throw notFound('submission');
  return toQuarantineView(row);
}
