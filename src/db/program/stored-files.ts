import { sql } from 'drizzle-orm';
import { quarantine, submission } from '../schema/forms.ts';
import { removedFile, storedFile } from '../schema/stored-files.ts';
import { defineTrigger } from './objects.ts';
import type { ProgramObject } from './objects.ts';
import { columnsOf, insertSelect, oldRow } from './render-sql.ts';

const was = oldRow(storedFile);
const wasQuarantined = oldRow(quarantine);
const own = columnsOf(storedFile);
const submissions = columnsOf(submission);

/** Whatever deletes the row of a file, or the quarantined submission that it came with, has its bytes deleted too. */
export const storedFiles: ProgramObject[] = [
  defineTrigger({
    name: 'stored_file_deleted',
    comment: 'The job removeFiles deletes the bytes.',
    event: 'AFTER DELETE',
    on: storedFile,
    statements: [insertSelect(removedFile, { id: was.id })],
  }),
  defineTrigger({
    name: 'stored_file_quarantine_deleted',
    comment: 'A submission that was released keeps its files when its row in quarantine is deleted.',
    event: 'AFTER DELETE',
    on: quarantine,
    statements: [
      sql`DELETE FROM ${storedFile} WHERE ${own.submissionId} = ${wasQuarantined.id} AND NOT EXISTS (SELECT 1 FROM ${submission} WHERE ${submissions.id} = ${wasQuarantined.id})`,
    ],
  }),
];
