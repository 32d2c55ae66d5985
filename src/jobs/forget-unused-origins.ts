import type { Database } from '../db/client.ts';
import { groupFields, originFields, sentFields } from '../domain/attribution/origin-fields.ts';
import type { OriginField } from '../domain/attribution/origin-fields.ts';
import { defineStatement } from '../db/statement.ts';

const dayMs = 24 * 60 * 60 * 1_000;
/** Once a day, in this hour (UTC): each minute asks one part in sixty of the origins, the last one the values. */
const hour = 3;
const lastMinute = 59;

/** What rows name that were marked as spam and can come back (db/queries/capture/spam-clusters.ts). */
const namedBySpam = (
  name: 'origin_id' | 'landing_page_id',
): string => `SELECT e.value FROM spam_record r, json_each(r.row_json) e
      WHERE r.kind IN ('person', 'company', 'submission', 'touch') AND e.key LIKE '%${name}' AND e.value IS NOT NULL`;

/** Origins to which no record points. What is new may still get its record, so the values have to be a day old. */
const forgetOrigins = defineStatement(`DELETE FROM origin WHERE id IN (SELECT o.id FROM origin o
  WHERE o.id % 60 = :minute
    AND NOT EXISTS (SELECT 1 FROM visit_day WHERE origin_id = o.id)
    AND NOT EXISTS (SELECT 1 FROM touch WHERE origin_id = o.id)
    AND NOT EXISTS (SELECT 1 FROM person WHERE first_touch_origin_id = o.id)
    AND NOT EXISTS (SELECT 1 FROM person WHERE lead_creation_origin_id = o.id)
    AND NOT EXISTS (SELECT 1 FROM submission WHERE origin_id = o.id)
    AND NOT EXISTS (SELECT 1 FROM company WHERE first_touch_origin_id = o.id)
    AND NOT EXISTS (SELECT 1 FROM company WHERE lead_creation_origin_id = o.id)
    AND o.id NOT IN (SELECT first_touch_origin_id FROM deal WHERE first_touch_origin_id IS NOT NULL)
    AND o.id NOT IN (SELECT lead_creation_origin_id FROM deal WHERE lead_creation_origin_id IS NOT NULL)
    AND o.id NOT IN (SELECT origin_id FROM cost)
    AND o.id NOT IN (${namedBySpam('origin_id')})
  LIMIT 5000)`);

const exceptUsed = (table: string, fields: readonly OriginField[]) =>
  fields.map((field) => `EXCEPT SELECT ${originFields[field].column} FROM ${table}`).join(' ');

/** One reading of each table that points at values; those of corrections stay, and channels, which are few. */
const forgetValues = defineStatement(`DELETE FROM origin_value WHERE id IN (
  SELECT id FROM origin_value WHERE field <> 'channel' AND first_seen_at < :before AND alias_of IS NULL
    AND (field, canonical) NOT IN (SELECT field, to_canonical FROM alias)
  ${exceptUsed('origin', sentFields)} ${exceptUsed('origin_group', groupFields)} EXCEPT SELECT alias_of FROM origin_value
  EXCEPT SELECT value FROM origin, json_each(origin.evidence)
  EXCEPT SELECT value FROM reclassified_origin r, json_each(r."before")
  EXCEPT SELECT landing_page_id FROM visit_day EXCEPT SELECT landing_page_id FROM touch
  EXCEPT SELECT landing_page_id FROM submission EXCEPT SELECT first_touch_landing_page_id FROM person
  EXCEPT SELECT lead_creation_landing_page_id FROM person EXCEPT SELECT first_touch_landing_page_id FROM company
  EXCEPT SELECT lead_creation_landing_page_id FROM company
  EXCEPT ${namedBySpam('landing_page_id')}
  LIMIT 20000)`);

const isOfGroup = groupFields
  .map((field) => originFields[field].column)
  .map((name) => `o.${name} = g.${name}`)
  .join(' AND ');

/** Groups of origins that have none left; leads and deals point at those of their own origins. */
const forgetGroups = defineStatement(`DELETE FROM origin_group WHERE id IN (SELECT g.id FROM origin_group g
  WHERE g.id < (SELECT max(id) FROM origin_group) AND NOT EXISTS (SELECT 1 FROM origin o WHERE ${isOfGroup}) LIMIT 20000)`);

const forgetDays = defineStatement(
  `DELETE FROM new_value_day WHERE day < strftime('%Y-%m-%d', :days / 1000, 'unixepoch')`,
);

/** Deletes origins and values that nothing points at any more: visits brought them, and were deleted since, or people were. */
export async function forgetUnusedOrigins({ db, now }: { db: Database; now: number }): Promise<void> {
  const time = new Date(now);
  const minute = time.getUTCMinutes();
  if (time.getUTCHours() !== hour) return;
  const args = { minute, before: now - dayMs, days: now - 90 * dayMs };
  const last = minute === lastMinute ? [forgetGroups(args), forgetValues(args), forgetDays(args)] : [];
  await db.$client.batch([forgetOrigins(args), ...last], 'write');
}
