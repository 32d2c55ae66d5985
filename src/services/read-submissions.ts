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
import { readPeriod } from './read-period.ts';
import type { GivenPeriod } from './read-period.ts';
import type { Page, PageRequest } from './read-page.ts';
import type { SegmentContext } from './run-segment.ts';
import { compileFilters } from './simple-filters.ts';
import type { FieldParameters } from './simple-filters.ts';

type Context = { db: Database };

export { submittedVia } from '../db/schema/people.ts';

/** Accepted submissions, newest first. `fields` filters by any field of a submission. */
export async function listSubmissions(
  context: SegmentContext,
  {
    page,
    filter: { from, to, ...filter },
    fields = {},
    after,
  }: {
    page: PageRequest;
    filter: Omit<SubmissionFilter, 'from' | 'to'> & GivenPeriod;
    fields?: FieldParameters;
    after: SubmissionCursor | null;
  },
): Promise<Page<SubmissionView>> {
  const { db } = context;
  const period = await readPeriod(context, { from, to });
  const found = {
    ...filter,
    ...period,
    where: await compileFilters(context, { entity: 'submission', parameters: fields }),
  };
  return readPage({
    db,
    page,
    rows: selectSubmissionsPage(db, { filter: found, after, limit: page.limit }),
    count: countSubmissions(db, found),
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
