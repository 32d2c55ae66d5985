import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { BatchItem } from 'drizzle-orm/batch';
import type { Database } from '../db/client.ts';
import { membersOf } from '../db/segments/compile-selection.ts';
import { tables } from '../db/segments/stored.ts';
import type { SelectionEntity } from '../domain/segments/selections.ts';
import type { CaptureSettings } from '../services/capture-settings.ts';
import { readSelectionNow, selectDefinitions, toDefinitions } from '../services/segments/read-definitions.ts';

/** So that one run stays short; the next, a minute later, goes on with those that have waited longest. */
const selectionsAtOnce = 20;
/** Members that enter or leave in one comparison and get an event each. Of more there is one event with their number. */
const eventsAtOnce = 1_000;

type Context = { db: Database; settings: CaptureSettings; clock: () => number; now: number };

/** Whether a webhook or a stream listens to a type of event. */
const isWanted = (
  type: string,
): SQL => sql`(EXISTS (SELECT 1 FROM webhook w, json_each(w.events) e WHERE w.enabled = 1 AND e.value = ${type})
  OR EXISTS (SELECT 1 FROM event_stream WHERE type = ${type}))`;

/**
 * Compares the members of each dynamic and combined selection with those it had before, and stores who entered and who left as events.
 * Only while a webhook or a stream listens to one of the two: the first comparison only notes the members, and once nobody listens what
 * was noted is deleted.
 */
export async function compareSelections(context: Context): Promise<void> {
  const { db, now } = context;
  const [next] = await db.all<{ ids: string; wanted: number; watched: number }>(sql`SELECT
    ${isWanted('selection.entered')} OR ${isWanted('selection.left')} AS wanted,
    EXISTS (SELECT 1 FROM selection_watch) AS watched,
    (SELECT json_group_array(id) FROM (SELECT s.id FROM selection s LEFT JOIN selection_watch w ON w.selection_id = s.id
      WHERE s.kind <> 'static' ORDER BY coalesce(w.compared_at, 0), s.id LIMIT ${selectionsAtOnce})) AS ids`);
  if (!next!.wanted) {
    if (next!.watched)
      await db.batch([db.run(sql`DELETE FROM selection_seen`), db.run(sql`DELETE FROM selection_watch`)]);
    return;
  }
  const ids = JSON.parse(next!.ids) as number[];
  const definitions = toDefinitions(await selectDefinitions(db, { ids }));
  const at = { ...(await readSelectionNow(context)), at: now };
  for (const id of ids) {
    const definition = definitions.get(id);
    if (!definition) continue;
    const condition = membersOf(definition, { definitions, now: at });
    const steps = compare({ id, entity: definition.entity, condition, now }).map((step) => db.run(step));
    await db.batch(steps as unknown as [BatchItem<'sqlite'>, ...Array<BatchItem<'sqlite'>>]);
  }
}

/** One transaction: what changed, its events, and the members as they are now. */
function compare({
  id,
  entity,
  condition,
  now,
}: {
  id: number;
  entity: SelectionEntity;
  condition: SQL;
  now: number;
}): SQL[] {
  const table = tables[entity];
  const members = sql`SELECT ${table.id} FROM ${table} WHERE ${condition}`;
  const exists = sql`EXISTS (SELECT 1 FROM selection WHERE id = ${id})`;
  const isWatched = sql`EXISTS (SELECT 1 FROM selection_watch WHERE selection_id = ${id})`;
  const personId = entity === 'person' ? sql`c.member_id` : sql`NULL`;
  const changed = (entered: 0 | 1) =>
    sql`(SELECT count(*) FROM selection_change WHERE selection_id = ${id} AND entered = ${entered})`;
  const each = (entered: 0 | 1, type: string) => sql`INSERT INTO event (type, person_id, subject_id, at, detail)
    SELECT ${type}, ${personId}, c.member_id, ${now}, json_object('selectionId', ${id}) FROM selection_change c
    WHERE c.selection_id = ${id} AND c.entered = ${entered} AND ${isWatched} AND ${isWanted(type)} AND ${changed(entered)} <= ${eventsAtOnce}
    ORDER BY c.member_id`;
  const many = (entered: 0 | 1, type: string) => sql`INSERT INTO event (type, person_id, subject_id, at, detail)
    SELECT ${type}, NULL, ${id}, ${now}, json_object('selectionId', ${id}, 'count', ${changed(entered)})
    WHERE ${isWatched} AND ${isWanted(type)} AND ${changed(entered)} > ${eventsAtOnce}`;
  return [
    sql`DELETE FROM selection_change WHERE selection_id = ${id}`,
    sql`INSERT INTO selection_change (selection_id, member_id, entered)
      SELECT ${id}, m.id, 1 FROM (${members}) m
      WHERE NOT EXISTS (SELECT 1 FROM selection_seen s WHERE s.selection_id = ${id} AND s.member_id = m.id) AND ${exists}`,
    sql`INSERT INTO selection_change (selection_id, member_id, entered)
      SELECT ${id}, s.member_id, 0 FROM selection_seen s WHERE s.selection_id = ${id} AND s.member_id NOT IN (${members})`,
    each(0, 'selection.left'),
    many(0, 'selection.left'),
    each(1, 'selection.entered'),
    many(1, 'selection.entered'),
    sql`DELETE FROM selection_seen WHERE selection_id = ${id}
      AND member_id IN (SELECT member_id FROM selection_change WHERE selection_id = ${id} AND entered = 0)`,
    sql`INSERT INTO selection_seen (selection_id, member_id)
      SELECT ${id}, member_id FROM selection_change WHERE selection_id = ${id} AND entered = 1`,
    sql`DELETE FROM selection_change WHERE selection_id = ${id}`,
    sql`INSERT INTO selection_watch (selection_id, compared_at) SELECT ${id}, ${now} WHERE ${exists}
      ON CONFLICT DO UPDATE SET compared_at = excluded.compared_at`,
  ];
}
