import { sql } from 'drizzle-orm';
import { dayInZone } from '../../domain/time-zone.ts';
import type { Database } from '../client.ts';

/** The first day that has anything to report; null where there is nothing. Each part reads the first entry of an index. */
export async function readFirstDay(db: Database, timeZone: string): Promise<string | null> {
  const { at, day } = await db.get<{ at: number | null; day: string | null }>(sql`SELECT
    (SELECT min(at) FROM (SELECT min(created_at) AS at FROM person UNION ALL SELECT min(at) FROM submission
      UNION ALL SELECT min(registered_at) FROM deal UNION ALL SELECT min(first_seen_at) FROM origin_value)) AS at,
    (SELECT min(day) FROM (SELECT min(day) AS day FROM visit_day UNION ALL SELECT min(day) FROM cost)) AS day`);
  const days = [...(at === null ? [] : [dayInZone(at, timeZone)]), ...(day === null ? [] : [day])];
  return days.toSorted()[0] ?? null;
}
