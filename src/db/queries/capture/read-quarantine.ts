import { and, desc, eq } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { KeptFile } from '../../../domain/capture/file-rules.ts';
import { toIso } from '../../../domain/iso-time.ts';
import type { InboundSubmission } from '../../../domain/capture/lead.ts';
import type { Database } from '../../client.ts';
import type { RecordsOfPage } from '../../lists/place-in-list.ts';
import { filesColumn } from './read-files.ts';
import { form, quarantine, submission } from '../../schema/forms.ts';

/** A submission held back, as the API shows it. Once released, what it said stands in the submission. */
export type QuarantineView = {
  id: string;
  form: { id: string; name: string };
  at: string;
  /** Why it was suspect. */
  reasons: string[];
  status: 'held' | 'released';
  fields: Record<string, string | string[]>;
  page: string | null;
  /** Files that are stored. */
  files: KeptFile[];
};

/** `spam`: suspect. `approval`: of a person who is not known, by a form that wants an approval. */
export type QuarantineKind = (typeof quarantine.$inferSelect)['kind'];

const columns = {
  id: quarantine.id,
  formKey: form.key,
  formName: form.name,
  at: quarantine.at,
  reasons: quarantine.reasons,
  status: quarantine.status,
  payload: quarantine.payload,
  fields: submission.fields,
  page: submission.page,
  files: filesColumn('quarantine.id'),
};

/** @param more further columns. */
export function selectQuarantine<More extends Partial<RecordsOfPage['position']>>(
  db: Database,
  more: More = {} as More,
) {
  return db
    .select({ ...columns, ...more })
    .from(quarantine)
    .innerJoin(form, eq(form.id, quarantine.formId))
    .leftJoin(submission, eq(submission.id, quarantine.id));
}

/** The newest first. */
export function selectQuarantined(db: Database, where: SQL | undefined) {
  return selectQuarantine(db).where(where).orderBy(desc(quarantine.at), desc(quarantine.id));
}

type QuarantineRow = Awaited<ReturnType<typeof selectQuarantined>>[number];

/** Some of what is quarantined. */
export function selectHeld(db: Database, where: SQL) {
  return selectQuarantined(db, and(eq(quarantine.status, 'held'), where));
}

export function toQuarantineView(row: QuarantineRow): QuarantineView {
  const inbound = row.payload as InboundSubmission | null;
  return {
    id: row.id,
    form: { id: row.formKey, name: row.formName },
    at: toIso(row.at),
    reasons: row.reasons,
    status: row.status,
    fields: inbound?.fields ?? row.fields ?? {},
    page: inbound?.page ?? row.page,
    files: row.files,
  };
}
