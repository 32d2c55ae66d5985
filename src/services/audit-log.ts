import { and, count, desc, gte, lt, sql } from 'drizzle-orm';
import * as z from 'zod';
import type { Database } from '../db/client.ts';
import { auditEntry } from '../db/schema/privacy.ts';
import { decodeCursor } from '../domain/cursor.ts';
import { toIso } from '../domain/iso-time.ts';
import { readPage } from './read-page.ts';
import { readPeriod } from './read-period.ts';
import type { GivenPeriod } from './read-period.ts';
import type { ServiceContext } from './service-context.ts';
import type { Page, PageRequest } from './read-page.ts';

export type AuditAnswer = {
  id: string;
  at: string;
  /** Null: the administrator's key. The name is the one the key had. */
  key: { id: string; name: string } | null;
  operation: string;
  target: Record<string, string>;
  status: number;
};

type Context = { db: Database; clock: () => number };

/** Notes what somebody did, after it was done. */
export async function writeAuditEntry(
  { db, clock }: Context,
  {
    actor: { id, name },
    ...entry
  }: {
    actor: { id: number | null; name: string | null };
    operation: string;
    target: Record<string, string>;
    status: number;
  },
): Promise<void> {
  await db.insert(auditEntry).values({ ...entry, at: clock(), keyId: id, keyName: name });
}

/** What was done in a period, the latest first. */
export async function listAuditEntries(
  { db, settings }: Pick<ServiceContext, 'db' | 'settings'>,
  { page, ...period }: { page: PageRequest } & GivenPeriod,
): Promise<Page<AuditAnswer>> {
  const { from, to } = await readPeriod({ settings }, period);
  const after = decodeCursor(page.cursor, z.tuple([z.number(), z.number()]));
  const inTime = and(
    from === undefined ? undefined : gte(auditEntry.at, from),
    to === undefined ? undefined : lt(auditEntry.at, to),
  );
  return readPage({
    db,
    page,
    rows: db
      .select()
      .from(auditEntry)
      .where(and(inTime, after ? sql`(${auditEntry.at}, ${auditEntry.id}) < (${after[0]}, ${after[1]})` : undefined))
      .orderBy(desc(auditEntry.at), desc(auditEntry.id))
      .limit(page.limit + 1),
    count: db.select({ count: count() }).from(auditEntry).where(inTime),
    cursorOf: ({ at, id }) => [at, id],
    toItem: ({ id, at, keyId, keyName, operation, target, status }) => ({
      id: String(id),
      at: toIso(at),
      key: keyId === null ? null : { id: String(keyId), name: keyName ?? '' },
      operation,
      target,
      status,
    }),
  });
}
