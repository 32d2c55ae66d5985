import { getTableColumns } from 'drizzle-orm';
import { auditLogList } from '../../db/lists/settings-lists.ts';
import type { Database } from '../../db/client.ts';
import { auditEntry } from '../../db/schema/privacy.ts';
import type { ListQuery } from '../../domain/lists/list-info.ts';
import { toIso } from '../../domain/iso-time.ts';
import { authorColumns, namedOrNull } from '../author.ts';
import type { Author } from '../author.ts';
import { prepareList } from '../lists/prepare-list.ts';
import type { ListContext, PreparedList } from '../lists/prepare-list.ts';

export { auditLogList };

export type AuditAnswer = {
  id: string;
  at: string;
  /** The API key; null: the administrator's, or a user. The name is the one the key had. */
  key: { id: string; name: string } | null;
  /** The user, with the name they had; null: a key. */
  by: { id: string; name: string } | null;
  operation: string;
  target: Record<string, string>;
  status: number;
};

type Context = { db: Database; clock: () => number };

/** Notes what somebody did, after it was done. */
export async function writeAuditEntry(
  { db, clock }: Context,
  {
    actor,
    ...entry
  }: {
    actor: Author;
    operation: string;
    target: Record<string, string>;
    status: number;
  },
): Promise<void> {
  await db.insert(auditEntry).values({ ...entry, at: clock(), ...authorColumns(actor) });
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
    toItem: ({ id, at, keyId, keyName, userId, userName, operation, target, status }) => ({
      id: String(id),
      at: toIso(at),
      key: namedOrNull(keyId, keyName),
      by: namedOrNull(userId, userName),
      operation,
      target,
      status,
    }),
  });
}
