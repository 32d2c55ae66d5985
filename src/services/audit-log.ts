import { getTableColumns } from 'drizzle-orm';
import { auditLogList } from '../db/lists/settings-lists.ts';
import type { Database } from '../db/client.ts';
import { auditEntry } from '../db/schema/privacy.ts';
import type { ListQuery } from '../domain/lists/list-info.ts';
import { toIso } from '../domain/iso-time.ts';
import { prepareList } from './lists/prepare-list.ts';
import type { ListContext, PreparedList } from './lists/prepare-list.ts';

export { auditLogList };

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

/** What was done, the latest first. */
export function listAuditEntries(context: ListContext, query: ListQuery): PreparedList<AuditAnswer> {
  return prepareList(context, {
    list: auditLogList,
    query,
    records: ({ where, orderBy, position }) =>
      context.db
        .select({ ...getTableColumns(auditEntry), ...position })
        .from(auditEntry)
        .where(where)
        .orderBy(...orderBy),
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
