import { storeVisitStatements } from '../db/queries/store-visits.ts';
import type { VisitRow } from '../db/queries/store-visits.ts';
import { toArrival } from '../domain/attribution/visit-batch.ts';
import type { VisitBatch } from '../domain/attribution/visit-batch.ts';
import { dayInZone } from '../domain/time-zone.ts';
import { findSite } from './capture-settings.ts';
import type { Settings } from './capture-settings.ts';
import { readSettings } from './change-settings.ts';
import { prepareTouches } from './prepare-touches.ts';
import type { StoredOrigin, StoredValue } from './prepare-touches.ts';
import type { ServiceContext } from './service-context.ts';

/** Settings change seldom: preparing anew this often in a row means something else is wrong. */
const maxTries = 4;

/**
 * Adds visits to the counts of their days, in the default site's time zone, by the origins that touches of these values
 * have. One round trip for all batches; one that is counted already adds nothing.
 */
export async function countVisits(context: ServiceContext, { batches }: { batches: VisitBatch[] }): Promise<void> {
  if (batches.length === 0) return;
  for (let tries = 0; tries < maxTries; tries += 1) {
    const prepared = prepareVisits({ batches, settings: await readSettings(context) });
    const results = await context.db.$client.batch(storeVisitStatements({ ...prepared, at: context.clock() }), 'write');
    if (results.at(-1)!.rows[0]!['version_holds']) return;
    context.settings.invalidate();
  }
  throw new Error('The settings keep changing.');
}

function prepareVisits({ batches, settings }: { batches: VisitBatch[]; settings: Settings }) {
  const values = new Map<string, StoredValue>();
  const origins = new Map<string, StoredOrigin>();
  const rows = new Map<string, VisitRow>();
  const distinct = new Map(batches.map((batch) => [batch.id, batch]));
  for (const { id: batch, visits } of distinct.values()) {
    for (const visit of visits) {
      const [count, siteKey] = visit;
      const arrival = toArrival(visit);
      const site = findSite(settings, { key: siteKey });
      const prepared = prepareTouches({ arrivals: [arrival], siteId: site.id, rules: settings.originRules(site) });
      for (const value of prepared.values) {
        const name = `${value.field}\n${value.canonical}`;
        // The first spelling seen is what is shown.
        if (!values.has(name)) values.set(name, value);
      }
      const { key } = prepared.origins[0]!;
      origins.set(key, prepared.origins[0]!);
      const day = dayInZone(arrival.at, settings.defaultSite.timeZone);
      const { landingPage } = arrival;
      const place = JSON.stringify([batch, day, key, landingPage]);
      const known = rows.get(place);
      if (known) known.visits += count;
      else rows.set(place, { batch, day, key, landingPage, visits: count });
    }
  }
  return {
    rows: [...rows.values()],
    batches: [...distinct.keys()],
    values: [...values.values()],
    origins: [...origins.values()],
    version: settings.version,
  };
}
