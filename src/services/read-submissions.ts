import type { Database } from '../db/client.ts';
import {
  countSubmissions,
  readSubmissionById,
  selectSubmissionsPage,
  toSubmissionView,
} from '../db/queries/read-submissions.ts';
import type {
  SubmissionCursor,
  SubmissionFilter,
  SubmissionView,
  SubmissionWithJourney,
} from '../db/queries/read-submissions.ts';
import { notFound } from '../domain/errors.ts';
import { readPage } from './read-page.ts';
import type { Page, PageRequest } from './read-page.ts';

type Context = { db: Database };

/** Accepted submissions, newest first. */
export async function listSubmissions(
  { db }: Context,
  { page, filter, after }: { page: PageRequest; filter: SubmissionFilter; after: SubmissionCursor | null },
): Promise<Page<SubmissionView>> {
  return readPage({
    db,
    page,
    rows: selectSubmissionsPage(db, { filter, after, limit: page.limit }),
    count: countSubmissions(db, filter),
    cursorOf: ({ at, id }) => [at, id],
    toItem: toSubmissionView,
  });
}

/** One submission with its whole journey. @throws KildeError `not_found`. */
export async function findSubmission({ db }: Context, { id }: { id: string }): Promise<SubmissionWithJourney> {
  const found = await readSubmissionById(db, id);
  if (!found) throw notFound('submission');
  return found;
}
