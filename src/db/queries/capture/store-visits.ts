import type { InStatement } from '@libsql/client/http';
import { defineStatement } from '../../statement.ts';
import { originId, valueId } from '../../fragments/intern-origins.ts';
import { insertOriginsWhere, insertValuesWhere, versionHolds } from '../attribution/intern-origins.ts';

/** What is stored of a site's visits of a day: `exempt` where it is what visits beyond the bound are counted as. */
type OfDay = { siteId: number; day: string; exempt?: true };
/** Visits of one batch, day, origin (by its key) and landing page. */
export type VisitRow = OfDay & { batch: string; key: string; landingPage: string | null; visits: number };
export type VisitValue = OfDay & { field: string; canonical: string; label: string };
export type VisitOrigin = OfDay & { key: string };
/** Visits of which a field was counted as "other". */
export type FoldedVisits = { siteId: number; day: string; field: string; count: number };

/** Whether this attempt counts the batches: they were not counted before, and it found room for what is new. */
const claimed = `EXISTS (SELECT 1 FROM json_each(:batches) b JOIN visit_batch c ON c.id = b.value WHERE c.attempt = :attempt)`;

/** What is new, by site, day and field. Values and combinations that stand for the rest are none. */
const fresh = `
  SELECT of_site, of_day, of_field, count(*) AS added FROM (
    SELECT v.value ->> 'siteId' AS of_site, v.value ->> 'day' AS of_day, v.value ->> 'field' AS of_field FROM json_each(:values) v
    WHERE v.value ->> 'exempt' IS NULL AND v.value ->> 'field' <> 'channel'
      AND NOT EXISTS (SELECT 1 FROM origin_value WHERE field = v.value ->> 'field' AND canonical = v.value ->> 'canonical')
    UNION ALL
    SELECT o.value ->> 'siteId', o.value ->> 'day', 'origin' FROM json_each(:origins) o
    WHERE o.value ->> 'exempt' IS NULL AND NOT EXISTS (SELECT 1 FROM origin WHERE key = o.value ->> 'key')
    UNION ALL
    SELECT r.value ->> 'siteId', r.value ->> 'day', 'visit' FROM json_each(:rows) r
    WHERE r.value ->> 'exempt' IS NULL AND NOT EXISTS (SELECT 1 FROM visit_day d WHERE d.day = r.value ->> 'day'
      AND d.origin_id = ${originId("r.value ->> 'key'")}
      AND d.landing_page_id = ${valueId('landingPage', "r.value ->> 'landingPage'")}))
  GROUP BY 1, 2, 3`;

const claimBatches = defineStatement(`
  INSERT INTO visit_batch (id, counted_at, attempt)
  SELECT b.value, :at, :attempt FROM json_each(:batches) b
  WHERE ${versionHolds} AND NOT EXISTS (${fresh} HAVING count(*) > :limit - coalesce((SELECT d.added FROM new_value_day d
    WHERE d.site_id = of_site AND d.day = of_day AND d.field = of_field), 0))
  ON CONFLICT DO NOTHING`);

const countFresh = defineStatement(`
  INSERT INTO new_value_day (site_id, day, field, added, folded)
  SELECT of_site, of_day, of_field, added, 0 FROM (${fresh}) WHERE ${claimed}
  ON CONFLICT DO UPDATE SET added = added + excluded.added`);

const countFolded = defineStatement(`
  INSERT INTO new_value_day (site_id, day, field, added, folded)
  SELECT f.value ->> 'siteId', f.value ->> 'day', f.value ->> 'field', 0, f.value ->> 'count' FROM json_each(:folded) f WHERE ${claimed}
  ON CONFLICT DO UPDATE SET folded = folded + excluded.folded`);

const insertValues = insertValuesWhere(claimed);
const insertOrigins = insertOriginsWhere(claimed);

const addVisits = defineStatement(`
  INSERT INTO visit_day (day, origin_id, landing_page_id, visits)
  SELECT v.value ->> 'day', ${originId("v.value ->> 'key'")}, ${valueId('landingPage', "v.value ->> 'landingPage'")},
    v.value ->> 'visits'
  FROM json_each(:rows) v
  WHERE (SELECT attempt FROM visit_batch WHERE id = v.value ->> 'batch') = :attempt
  ON CONFLICT DO UPDATE SET visits = visits + excluded.visits`);

const readOutcome = defineStatement(`SELECT ${versionHolds} AS version_holds,
  NOT EXISTS (SELECT 1 FROM json_each(:batches) b WHERE NOT EXISTS (SELECT 1 FROM visit_batch WHERE id = b.value)) AS counted`);

/** New things of one kind (values of one field, origins, rows) that the visits of one site and day may add. */
export const newPerSiteAndDay = 2_000;

export type PreparedVisits = {
  rows: VisitRow[];
  batches: string[];
  values: VisitValue[];
  origins: VisitOrigin[];
  folded: FoldedVisits[];
};

const toNamed = ({ rows, batches, values, origins, folded }: PreparedVisits) => ({
  rows: JSON.stringify(rows),
  batches: JSON.stringify(batches),
  values: JSON.stringify(values),
  origins: JSON.stringify(origins),
  folded: JSON.stringify(folded),
});

/**
 * The statements that count visits, in one transaction: a batch that has been counted adds nothing. The last result says whether
 * the settings' version holds, and whether all batches are counted: where the version holds and they are not, they bring more that
 * is new than their site may add that day.
 */
export function storeVisitStatements({
  prepared,
  ...rest
}: {
  prepared: PreparedVisits;
  version: number;
  at: number;
  attempt: string;
}): InStatement[] {
  const named = { ...toNamed(prepared), ...rest, limit: newPerSiteAndDay };
  return [claimBatches, countFresh, countFolded, insertValues, insertOrigins, addVisits, readOutcome].map((make) =>
    make(named),
  );
}

const readKnown = [
  defineStatement(`SELECT v.value ->> 'field' AS field, v.value ->> 'canonical' AS name FROM json_each(:values) v
    WHERE EXISTS (SELECT 1 FROM origin_value WHERE field = v.value ->> 'field' AND canonical = v.value ->> 'canonical')`),
  defineStatement(`SELECT 'origin' AS field, o.value ->> 'key' AS name FROM json_each(:origins) o
    WHERE EXISTS (SELECT 1 FROM origin WHERE key = o.value ->> 'key')`),
  defineStatement(`SELECT 'visit' AS field, json_array(r.value ->> 'day', r.value ->> 'key', r.value ->> 'landingPage') AS name
    FROM json_each(:rows) r WHERE EXISTS (SELECT 1 FROM visit_day d WHERE d.day = r.value ->> 'day'
      AND d.origin_id = ${originId("r.value ->> 'key'")}
      AND d.landing_page_id = ${valueId('landingPage', "r.value ->> 'landingPage'")})`),
];
const readAdded = defineStatement(`SELECT site_id, day, field, added FROM new_value_day
  WHERE (site_id, day) IN (SELECT r.value ->> 'siteId', r.value ->> 'day' FROM json_each(:rows) r)`);

/** What of some visits is known already, and how much their sites' days have added: the last result. */
export function readKnownStatements(prepared: PreparedVisits): InStatement[] {
  const named = toNamed(prepared);
  return [...readKnown.map((make) => make(named)), readAdded(named)];
}
