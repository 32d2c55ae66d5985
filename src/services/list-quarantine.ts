import type { Database } from '../db/client.ts';
import { countQuarantine, selectQuarantinePage, toQuarantineView } from '../db/queries/read-quarantine.ts';
import type {
  QuarantineCursor,
  QuarantineKind,
  QuarantineStatus,
  QuarantineView,
} from '../db/queries/read-quarantine.ts';
import { readPage } from './read-page.ts';
import type { Page, PageRequest } from './read-page.ts';

/** Submissions that are quarantined or wait for approval, or were released or approved since, newest first. */
export async function listQuarantine(
  { db }: { db: Database },
  {
    page,
    kind,
    status,
    after,
  }: { page: PageRequest; kind: QuarantineKind; status: QuarantineStatus; after: QuarantineCursor | null },
): Promise<Page<QuarantineView>> {
  return readPage({
    db,
    page,
    rows: selectQuarantinePage(db, { kind, status, after, limit: page.limit }),
    count: countQuarantine(db, { kind, status }),
    cursorOf: ({ at, id }) => [at, id],
    toItem: toQuarantineView,
  });
}
