import { and, eq } from 'drizzle-orm';
import type { Database } from '../../../db/client.ts';
import { storedFile } from '../../../db/schema/stored-files.ts';
import { notFound } from '../../../domain/errors.ts';
import type { OpenFileStore } from './file-store.ts';

/** A file of a submission. @throws KildeError `not_found`, also where its bytes are gone. */
export async function readFile(
  { db, files }: { db: Database; files: OpenFileStore },
  { id, submissionId }: { id: string; submissionId: string },
): Promise<{ name: string; type: string; body: ReadableStream }> {
  const [row] = await db
    .select({ name: storedFile.name, type: storedFile.type })
    .from(storedFile)
    .where(and(eq(storedFile.id, id), eq(storedFile.submissionId, submissionId)));
  const body = row && files ? await (await files()).get(id) : null;
  if (!row || !body) throw notFound('file');
  return { ...row, body };
}
