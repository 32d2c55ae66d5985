import { sql } from 'drizzle-orm';
import type { BatchItem } from 'drizzle-orm/batch';
import type { Database } from '../db/client.ts';
import { selection } from '../db/schema/people.ts';
import { selectionDay } from '../db/schema/selections.ts';
import { site } from '../db/schema/settings.ts';
import { membersOf } from '../db/segments/compile-selection.ts';
import { countSegment } from '../db/segments/select.ts';
import { addUnits } from '../domain/segments/days.ts';
import { startOfDay } from '../domain/start-of-day.ts';
import { dayInZone } from '../domain/time-zone.ts';
import { selectDefinitions, toDefinitions } from '../services/segments/read-definitions.ts';

/** So that one run stays short; the next, a minute later, goes on. */
const selectionsAtOnce = 20;

/**
 * Counts the members of each dynamic and combined selection once a day has ended in the default site's time zone: the
 * first run after midnight stands for the day before. A day on which nothing ran stays unknown.
 */
export async function countSelections({ db, now }: { db: Database; now: number }): Promise<void> {
  const [zone] = await db
    .select({ timeZone: site.timeZone })
    .from(site)
    .where(sql`${site.isDefault}`)
    .limit(1);
  const timeZone = zone?.timeZone ?? 'UTC';
  const today = dayInZone(now, timeZone);
  const day = addUnits(today, { unit: 'day', count: -1 });
  const uncounted = await db.all<{ id: number }>(sql`SELECT s.id FROM ${selection} s
    WHERE s.kind <> 'static' AND s.created_at < ${startOfDay(today, timeZone)}
      AND NOT EXISTS (SELECT 1 FROM ${selectionDay} d WHERE d.selection_id = s.id AND d.day = ${day})
    ORDER BY s.id LIMIT ${selectionsAtOnce}`);
  if (uncounted.length === 0) return;
  const ids = uncounted.map(({ id }) => id);
  const definitions = toDefinitions(await selectDefinitions(db, { ids }));
  const counts = ids.flatMap((id) => {
    const definition = definitions.get(id);
    if (!definition) return [];
    const condition = membersOf(definition, { definitions, now: { at: now, timeZone } });
    const counted = countSegment({ entity: definition.entity, condition });
    return [
      db.run(sql`INSERT INTO ${selectionDay} (selection_id, day, members)
        SELECT ${id}, ${day}, (${counted}) WHERE EXISTS (SELECT 1 FROM selection s WHERE s.id = ${id}) ON CONFLICT DO NOTHING`),
    ];
  });
  if (counts.length > 0) await db.batch(counts as unknown as [BatchItem<'sqlite'>, ...Array<BatchItem<'sqlite'>>]);
}
