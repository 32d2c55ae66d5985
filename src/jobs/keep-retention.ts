import { defineStatement } from '../db/statement.ts';
import type { Retention } from '../domain/settings/retention.ts';
import { undoableSince } from '../domain/undo-terms.ts';
import { confirmWithinMs } from '../services/capture/forms/consent-token.ts';
import { erasePeople } from '../services/people/erase-people.ts';
import { rememberErasedMs } from '../services/people/erased-addresses.ts';
import type { ErasureContext } from '../services/people/erased-addresses.ts';
import { readGeneralSettings } from '../services/settings/manage-settings.ts';

const dayMs = 24 * 60 * 60 * 1_000;

/** What goes by its own age, a thousand rows at a time, oldest first. Schedules' runs take their deliveries along. */
const byAge: Record<Exclude<keyof Retention, 'people'>, ReturnType<typeof defineStatement>> = {
  quarantine: defineStatement(`DELETE FROM quarantine WHERE id IN
    (SELECT id FROM quarantine WHERE status IN ('held', 'released') AND at < :before ORDER BY status, at LIMIT 1000)`),
  deadLetters: defineStatement(`DELETE FROM dead_letter WHERE id IN
    (SELECT id FROM dead_letter WHERE at < :before ORDER BY at LIMIT 1000)`),
  reportRuns: defineStatement(`DELETE FROM report_run WHERE id IN
    (SELECT id FROM report_run WHERE finished_at < :before LIMIT 1000)`),
  // By whole days, and so by the start of the day.
  visits: defineStatement(`DELETE FROM visit_day WHERE (day, origin_id, landing_page_id) IN
    (SELECT day, origin_id, landing_page_id FROM visit_day WHERE day < strftime('%Y-%m-%d', :before / 1000, 'unixepoch')
     ORDER BY day LIMIT 1000)`),
  history: defineStatement(`DELETE FROM record_change WHERE id IN
    (SELECT id FROM record_change WHERE at < :before ORDER BY at LIMIT 1000)`),
  auditLog: defineStatement(`DELETE FROM audit_entry WHERE id IN
    (SELECT id FROM audit_entry WHERE at < :before ORDER BY at LIMIT 1000)`),
};

const forgetErasures = defineStatement(`DELETE FROM erasure WHERE erased_at < :before`);

const forgetConsentRequests = defineStatement(`DELETE FROM consent_request WHERE id IN
  (SELECT id FROM consent_request WHERE at < :before ORDER BY at LIMIT 1000)`);

/** What was marked as spam is gone for good once that cannot be undone any more. */
const forgetSpam = [
  defineStatement(`DELETE FROM stored_file WHERE submission_id IN (SELECT r.record_id FROM spam_record r
    JOIN spam_cluster c ON c.id = r.cluster_id WHERE r.kind = 'submission' AND c.at < :before)`),
  defineStatement(`DELETE FROM record_change WHERE (entity, record_id) IN (SELECT r.kind, CAST(r.record_id AS integer) FROM spam_record r
    JOIN spam_cluster c ON c.id = r.cluster_id WHERE r.kind IN ('person', 'company') AND c.at < :before)`),
  defineStatement(`DELETE FROM spam_record WHERE cluster_id IN (SELECT id FROM spam_cluster WHERE at < :before)`),
];

/** Once a day, in this hour (UTC), each minute asks one part in sixty of the people. */
const hourOfPeople = 2;
const peopleAtOnce = 100;

/**
 * People with whom nothing has been for so long: no touch, form, deal or change, and no deal that is open. One part in
 * sixty of those old enough is asked.
 */
const findInactive =
  defineStatement(`SELECT id FROM person WHERE created_at < :before AND id > 0 AND id % 60 = :part AND updated_at < :before
    AND NOT EXISTS (SELECT 1 FROM touch WHERE touch.person_id = person.id AND touch.at >= :before)
    AND NOT EXISTS (SELECT 1 FROM submission WHERE submission.person_id = person.id AND submission.at >= :before)
    AND NOT EXISTS (SELECT 1 FROM deal WHERE deal.person_id = person.id
      AND (deal.status = 'open' OR deal.registered_at >= :before OR deal.closed_at >= :before OR deal.updated_at >= :before))
  ORDER BY created_at LIMIT ${peopleAtOnce}`);

/** Submissions that identify nobody: their answers and click ids are deleted, the rest of the row stays. */
const emptyNobody = [
  defineStatement(`DELETE FROM stored_file WHERE submission_id IN
    (SELECT id FROM submission WHERE person_id IS NULL AND at < :before AND fields <> '{}' LIMIT 1000)`),
  defineStatement(`UPDATE touch SET click_id_value = NULL, click_ids = NULL, raw = NULL
    WHERE id IN (SELECT id FROM touch WHERE person_id = 0 AND at < :before AND (click_id_value IS NOT NULL OR raw IS NOT NULL) LIMIT 1000)`),
  defineStatement(`UPDATE submission SET fields = '{}', page = NULL, self_reported = NULL, idempotency_key = NULL, content_hash = NULL
    WHERE id IN (SELECT id FROM submission WHERE person_id IS NULL AND at < :before AND fields <> '{}' LIMIT 1000)`),
];

/** Deletes what is older than the settings let it be kept; people are erased as one who asks for it is. */
export async function keepRetention({
  db,
  config,
  clock,
  now,
}: ErasureContext & { clock: () => number; now: number }): Promise<void> {
  const { retention } = await readGeneralSettings({ db });
  const before = (days: number) => now - days * dayMs;
  const statements = Object.entries(byAge).flatMap(([name, forget]) => {
    const days = retention[name as keyof typeof byAge];
    return days === null ? [] : [forget({ before: before(days) })];
  });
  await db.$client.batch(
    [
      ...statements,
      forgetErasures({ before: now - rememberErasedMs }),
      forgetConsentRequests({ before: now - confirmWithinMs }),
      ...forgetSpam.map((forget) => forget({ before: undoableSince('spamCluster', now) })),
    ],
    'write',
  );

  const time = new Date(now);
  if (retention.people === null || time.getUTCHours() !== hourOfPeople) return;
  const { rows } = await db.$client.execute(
    findInactive({ before: before(retention.people), part: time.getUTCMinutes() }),
  );
  await db.$client.batch(
    emptyNobody.map((empty) => empty({ before: before(retention.people!) })),
    'write',
  );
  const ids = rows.map(({ id }) => Number(id));
  if (ids.length > 0) await erasePeople({ db, config, clock }, { ids });
}
