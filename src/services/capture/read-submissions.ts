import type { Database } from '../../db/client.ts';
import {
  readSubmissionById,
  selectSubmissionsOfPage,
  toSubmissionView,
} from '../../db/queries/capture/read-submissions.ts';
import type { SubmissionView, SubmissionWithJourney } from '../../db/queries/capture/read-submissions.ts';
import { notFound } from '../../domain/errors.ts';
import type { ListQuery } from '../../domain/lists/list-info.ts';
import type { ListContext, PreparedList } from '../lists/prepare-list.ts';
import { listOfEntity, prepareSegmentList } from '../segments/prepare-segment-list.ts';
import type { ListWithin } from '../segments/prepare-segment-list.ts';

type Context = { db: Database };

export { submittedVia } from '../../db/schema/people.ts';

export const submissionList = listOfEntity('submission', 'submissions');

/** Accepted submissions, newest first. */
export function listSubmissions(
  context: ListContext,
  query: ListQuery,
  within: ListWithin = {},
): PreparedList<SubmissionView> {
  return prepareSegmentList(context, {
    entity: 'submission',
    list: submissionList,
    query,
    ...within,
    records: (page) => selectSubmissionsOfPage(context.db, page),
    toItem: toSubmissionView,
  });
}

/** One submission with its whole journey. @throws KildeError `not_found`. */
export async function findSubmission({ db }: Context, { id }: { id: string }): Promise<SubmissionWithJourney> {
  const found = await readSubmissionById(db, id);
  if (!found) throw notFound('submission');
  return found;
}
