import { sql } from 'drizzle-orm';
import type { Database } from '../../../db/client.ts';

export type QuarantineCounts = {
  count: number;
  /** A submission is counted under each of its reasons. */
  byReason: Array<{ reason: string; count: number }>;
  byForm: Array<{ form: { id: string; name: string }; count: number }>;
};

/** How many submissions are held in quarantine, in all, by reason and by form, the most first. One round trip. */
export async function countQuarantine({ db }: { db: Database }): Promise<QuarantineCounts> {
  const rows = await db.all<{ kind: 'all' | 'reason' | 'form'; id: string; name: string; count: number }>(sql`
    WITH held AS MATERIALIZED (SELECT form_id, reasons FROM quarantine WHERE status = 'held' AND +kind = 'spam')
    SELECT 'all' AS kind, '' AS id, '' AS name, count(*) AS count FROM held
    UNION ALL SELECT * FROM (SELECT 'reason', r.value, '', count(*) FROM held, json_each(held.reasons) r
      GROUP BY r.value ORDER BY 4 DESC, 2)
    UNION ALL SELECT * FROM (SELECT 'form', f.key, f.name, h.n FROM (SELECT form_id, count(*) AS n FROM held GROUP BY form_id) h
      JOIN form f ON f.id = h.form_id ORDER BY 4 DESC, 2)`);
  const of = (kind: string) => rows.filter((row) => row.kind === kind);
  return {
    count: of('all')[0]!.count,
    byReason: of('reason').map(({ id, count }) => ({ reason: id, count })),
    byForm: of('form').map(({ id, name, count }) => ({ form: { id, name }, count })),
  };
}
