import type { Database } from '../db/client.ts';
import { countQuarantine, selectQuarantinePage, toQuarantineView } from '../db/queries/read-quarantine.ts';
import type { QuarantineCursor, QuarantineStatus, QuarantineView } from '../db/queries/read-quarantine.ts';
import { readPage } from './read-page.ts';
import type { Page, PageRequest } from './read-page.ts';

/** Submissions held back, or let through since, newest first. */
export async function listQuarantine(
  { db }: { db: Database },
  { page, status, after }: { page: PageRequest; status: QuarantineStatus; after: QuarantineCursor | null },
): Promise<Page<QuarantineView>> {
  return readPage({
    db,
    page,
    rows: selectQuarantinePage(db, { status, after, limit: page.limit }),
    count: countQuarantine(db, status),
    cursorOf: ({ at, id }) => [at, id],
    toItem: toQuarantineView,
  });
}
