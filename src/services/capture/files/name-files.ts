import type { Database } from '../../../db/client.ts';
import { defineStatement } from '../../../db/statement.ts';
import type { InboundSubmission } from '../../../domain/capture/lead.ts';

const insertFiles = defineStatement(`INSERT INTO stored_file (id, submission_id, field, name, type, size, sha256, at)
  SELECT f.value ->> 'id', :submissionId, f.value ->> 'field', f.value ->> 'name', f.value ->> 'type', f.value ->> 'size',
    f.value ->> 'sha256', :at
  FROM json_each(:files) f WHERE true ON CONFLICT DO NOTHING`);

/**
 * Stores which files a submission has, before the submission itself: files are never there without a row for long, and a submission
 * never without its files. Where the submission is not stored after all, the job removeFiles deletes them.
 */
export async function nameFiles(
  { db, clock }: { db: Database; clock: () => number },
  { id, files = [] }: Pick<InboundSubmission, 'id' | 'files'>,
): Promise<void> {
  if (files.length === 0) return;
  await db.$client.execute(insertFiles({ submissionId: id, files: JSON.stringify(files), at: clock() }));
}

const removeFiles = defineStatement(`INSERT INTO removed_file (id) SELECT f.value ->> 'id' FROM json_each(:files) f
  WHERE NOT EXISTS (SELECT 1 FROM stored_file WHERE id = f.value ->> 'id') ON CONFLICT DO NOTHING`);

/** Has the bytes deleted of files that came with a submission which is not going to be stored. */
export async function dropFiles(
  { db }: { db: Database },
  { files = [] }: Pick<InboundSubmission, 'files'>,
): Promise<void> {
  if (files.length > 0) await db.$client.execute(removeFiles({ files: JSON.stringify(files) }));
}
