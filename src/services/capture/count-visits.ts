import { readKnownStatements, storeVisitStatements } from '../../db/queries/capture/store-visits.ts';
import type {
  FoldedVisits,
  PreparedVisits,
  VisitOrigin,
  VisitRow,
  VisitValue,
} from '../../db/queries/capture/store-visits.ts';
import { sentFields } from '../../domain/attribution/origin-lists.ts';
import type { PlacedVisit } from '../attribution/reclassification/fold-visits.ts';
import { toArrival } from '../../domain/attribution/visit-batch.ts';
import type { VisitBatch } from '../../domain/attribution/visit-batch.ts';
import { dayInZone } from '../../domain/time-zone.ts';
import { findSite } from '../capture-settings.ts';
import type { Settings } from '../capture-settings.ts';
import { readSettings } from '../change-settings.ts';
import { prepareTouches } from '../attribution/prepare-touches.ts';
import type { StoredOrigin } from '../attribution/prepare-touches.ts';
import type { ErasureContext } from '../people/erased-addresses.ts';
import type { ServiceContext } from '../service-context.ts';

/** Settings change seldom: preparing anew this often in a row means something else is wrong. */
const maxTries = 6;

/** What visits are counted under beyond the bound; `fold-visits.ts`, which is seldom loaded, says when. */
const rest = 'other';

type VisitContext = ServiceContext & ErasureContext;

/**
 * Adds visits to the counts of their days, in the default site's time zone, by the origins that touches of these values
 * have. One round trip for all batches, two more where they bring more that is new than a site may add in a day; one that is counted
 * already adds nothing.
 */
export async function countVisits(context: VisitContext, given: { batches: VisitBatch[] }): Promise<void> {
  if (given.batches.length === 0) return;
  const batches = await withoutErasedAddresses(context, given.batches);
  let isOver = false;
  for (let tries = 0; tries < maxTries; tries += 1) {
    const settings = await readSettings(context);
    const placed = placeVisits({ batches, settings });
    const prepared = prepareVisits(isOver ? await foldKnown(context, placed) : placed);
    const results = await context.db.$client.batch(
      storeVisitStatements({
        prepared,
        version: settings.version,
        at: context.clock(),
        attempt: crypto.randomUUID(),
      }),
      'write',
    );
    const outcome = results.at(-1)!.rows[0]!;
    if (outcome['counted']) return;
    if (outcome['version_holds']) isOver = true;
    else context.settings.invalidate();
  }
  throw new Error('The settings or the known values kept changing while visits were counted.');
}

/** Visits with what their sites' days have no room for counted as "other". */
async function foldKnown({ db }: VisitContext, placed: PlacedVisit[]): Promise<PlacedVisit[]> {
  const { dayOf, foldVisits, nameOf } = await import('../attribution/reclassification/fold-visits.ts');
  const results = await db.$client.batch(readKnownStatements(prepareVisits(placed)), 'read');
  const added = results.pop()!.rows.map((row) => {
    const site = { siteId: Number(row['site_id']), day: row['day'] as string };
    return [dayOf(site, row['field'] as string), Number(row['added'])] as const;
  });
  const names = results.flatMap(({ rows }) => rows.map((row) => nameOf(row['field'] as string, row['name'] as string)));
  return foldVisits(placed, { names: new Set(names), added: new Map(added) });
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
  const { withoutErased } = await import('../people/erased-addresses.ts');
  const concerned = batches.map(({ visits }) => visits.filter(holdsSign));
  const { data, erased } = await withoutErased(context, { data: concerned, at: 0 });
  if (erased.length === 0) return batches;
  return batches.map((batch, place) => ({
    ...batch,
    visits: [...batch.visits.filter((visit) => !holdsSign(visit)), ...data[place]!],
  }));
}

function placeVisits({ batches, settings }: { batches: VisitBatch[]; settings: Settings }): PlacedVisit[] {
  const distinct = new Map(batches.map((batch) => [batch.id, batch]));
  return [...distinct.values()].flatMap(({ id: batch, visits }) =>
    visits.map((visit) => {
      const [count, siteKey] = visit;
      const arrival = toArrival(visit);
      const site = findSite(settings, { key: siteKey });
      const prepared = prepareTouches({ arrivals: [arrival], siteId: site.id, rules: settings.originRules(site) });
      return {
        batch,
        siteId: site.id,
        day: dayInZone(arrival.at, settings.defaultSite.timeZone),
        count,
        origin: prepared.origins[0]!,
        landingPage: arrival.landingPage,
        labels: prepared.values,
        folded: [],
      };
    }),
  );
}

function prepareVisits(placed: readonly PlacedVisit[]): PreparedVisits {
  const values = new Map<string, VisitValue>();
  const origins = new Map<string, StoredOrigin & VisitOrigin>();
  const rows = new Map<string, VisitRow>();
  const folded = new Map<string, FoldedVisits>();
  for (const { batch, siteId, day, count, origin, landingPage, labels, folded: fields } of placed) {
    const ofDay = { siteId, day };
    const isRest = fields.length > 0;
    const add = (field: string, canonical: string | null): void => {
      if (canonical === null) return;
      const name = `${field}\n${canonical}`;
      const label = labels.find((one) => one.field === field && one.canonical === canonical)?.label ?? canonical;
      // The first spelling seen is what is shown.
      if (!values.has(name))
        values.set(name, { ...ofDay, field, canonical, label, ...(canonical === rest && { exempt: true }) });
    };
    for (const field of sentFields) add(field, origin[field]);
    add('channel', origin.channel);
    add('landingPage', landingPage);
    const exempt = isRest && origin.source === rest && origin.medium === null && { exempt: true as const };
    if (!origins.has(origin.key)) origins.set(origin.key, { ...origin, ...ofDay, ...exempt });
    const place = JSON.stringify([batch, day, origin.key, landingPage]);
    const known = rows.get(place);
    if (known) known.visits += count;
    else {
      rows.set(place, {
        ...ofDay,
        batch,
        key: origin.key,
        landingPage,
        visits: count,
        ...(landingPage === rest && exempt),
      });
    }
    for (const field of new Set(fields)) {
      const name = JSON.stringify([siteId, day, field]);
      const sum = folded.get(name) ?? { siteId, day, field, count: 0 };
      folded.set(name, { ...sum, count: sum.count + count });
    }
  }
  return {
    rows: [...rows.values()],
    batches: [...new Set(placed.map(({ batch }) => batch))],
    values: [...values.values()],
    origins: [...origins.values()],
    folded: [...folded.values()],
  };
}
