import type { Database } from '../db/client.ts';
import { and, eq } from 'drizzle-orm';
import { quarantine } from '../db/schema/forms.ts';
import { notFound } from '../domain/errors.ts';
import {
  countQuarantine,
  selectQuarantined,
  selectQuarantinePage,
  toQuarantineView,
} from '../db/queries/read-quarantine.ts';
import type {
  QuarantineCursor,
  QuarantineKind,
  QuarantineStatus,
  QuarantineView,
} from '../db/queries/read-quarantine.ts';
import { readPage } from './read-page.ts';
import type { Page, PageRequest } from './read-page.ts';

/** @throws KildeError `not_found`. */
export async function readQuarantined(
  { db }: { db: Database },
  { id, kind }: { id: string; kind: QuarantineKind },
): Promise<QuarantineView> {
  const [row] = await selectQuarantined(db, and(eq(quarantine.id, id), eq(quarantine.kind, kind)));
  if (!row) throw notFound('quarantined submission');
  return toQuarantineView(row);
}

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
