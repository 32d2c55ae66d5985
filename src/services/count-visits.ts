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
import type { ErasureContext } from './erased-addresses.ts';
import type { ServiceContext } from './service-context.ts';

/** Settings change seldom: preparing anew this often in a row means something else is wrong. */
const maxTries = 4;

type VisitContext = ServiceContext & ErasureContext;

/**
 * Adds visits to the counts of their days, in the default site's time zone, by the origins that touches of these values
 * have. One round trip for all batches; one that is counted already adds nothing.
 */
export async function countVisits(context: VisitContext, given: { batches: VisitBatch[] }): Promise<void> {
  if (given.batches.length === 0) return;
  const batches = await withoutErasedAddresses(context, given.batches);
  for (let tries = 0; tries < maxTries; tries += 1) {
    const prepared = prepareVisits({ batches, settings: await readSettings(context) });
    const results = await context.db.$client.batch(storeVisitStatements({ ...prepared, at: context.clock() }), 'write');
    if (results.at(-1)!.rows[0]!['version_holds']) return;
    context.settings.invalidate();
  }
  throw new Error('The settings keep changing.');
}

/** A sign of which one stands in every spelling of an address. */
const addressSign = /[@＠﹫%=\\&]/;

/**
 * Visits name nobody, so an erased address is taken out of them whenever they were: a page's address may still hold it in an old mail.
 * Asks the database only where there is an address.
 */
async function withoutErasedAddresses(context: VisitContext, batches: VisitBatch[]): Promise<VisitBatch[]> {
  const holdsSign = ([, site, , ...values]: VisitBatch['visits'][number]) =>
    addressSign.test(site) || values.some((value) => value !== null && addressSign.test(value));
  if (!batches.some(({ visits }) => visits.some(holdsSign))) return batches;
  // Seldom needed, and much of it: no part of what an isolate starts with.
  const { withoutErased } = await import('./erased-addresses.ts');
  const concerned = batches.map(({ visits }) => visits.filter(holdsSign));
  const { data, erased } = await withoutErased(context, { data: concerned, at: 0 });
  if (erased.length === 0) return batches;
  return batches.map((batch, place) => ({
    ...batch,
    visits: [...batch.visits.filter((visit) => !holdsSign(visit)), ...data[place]!],
  }));
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
