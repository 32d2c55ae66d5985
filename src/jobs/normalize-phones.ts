import { defineStatement } from '../db/statement.ts';
import { changesBy, notNoted } from '../db/changes-by.ts';
import type { Database } from '../db/client.ts';
import type { CaptureSettings } from '../services/capture-settings.ts';
import { readSettings } from '../services/change-settings.ts';
import { loadReadPhone } from '../services/people/read-phone.ts';

/** People of whom one run reads the numbers: by ids, so that those without one cost no more. */
const idsAtOnce = 5_000;

const readPlace = defineStatement(
  `SELECT coalesce(phones_before, (SELECT max(id) + 1 FROM person), 0) AS before, phones_before IS NULL AS begins FROM settings WHERE id = 1`,
);

const readNumbers =
  defineStatement(`SELECT p.id, p.phone, f.site_id FROM person p LEFT JOIN form f ON f.id = p.created_form_id
  WHERE p.id >= :from AND p.id < :before AND p.id > 0 AND p.phone IS NOT NULL`);

const storeNumbers = defineStatement(`UPDATE person SET phone = n.value ->> 'to' FROM json_each(:numbers) n
  WHERE person.id = n.value ->> 'id' AND person.phone = n.value ->> 'from'`);

const storePlace = defineStatement(`UPDATE settings SET phones_before = :from WHERE id = 1`);

/**
 * Writes the telephone numbers of people from before this version as E.164, the newest people first: by them somebody is recognised who
 * sends no e-mail address. Once it is done, a run reads one row.
 */
export async function normalizePhones({ db, settings }: { db: Database; settings: CaptureSettings }): Promise<void> {
  const place = (await db.$client.execute(readPlace({}))).rows[0];
  const before = Number(place?.['before'] ?? 0);
  if (before === 0 && !place?.['begins']) return;
  const from = Math.max(0, before - idsAtOnce);
  const { rows } = await db.$client.execute(readNumbers({ from, before }));
  const { sites, defaultSite } = await readSettings({ settings });
  const toE164 = await loadReadPhone({ settings });
  const numbers = rows.flatMap((row) => {
    const site = sites.find(({ id }) => id === row['site_id']) ?? defaultSite;
    const written = row['phone'] as string;
    const to = toE164(written, site);
    return to === null || to === written ? [] : [{ id: row['id'], from: written, to }];
  });
  // The same number, written otherwise, is no change that a history has.
  await changesBy(db, notNoted).$client.batch(
    [storeNumbers({ numbers: JSON.stringify(numbers) }), storePlace({ from })],
    'write',
  );
}
