import { sentFields } from '../../../domain/attribution/origin-lists.ts';
import { recordOf } from '../../../domain/record-of.ts';
import { newPerSiteAndDay } from '../../../db/queries/capture/store-visits.ts';
import { withKey } from '../prepare-touches.ts';
import type { StoredOrigin, StoredValue } from '../prepare-touches.ts';

/** Visits of one batch with the origin they are counted by. */
export type PlacedVisit = {
  batch: string;
  siteId: number;
  day: string;
  count: number;
  origin: StoredOrigin;
  landingPage: string | null;
  /** As they are shown, by field and canonical value. */
  labels: StoredValue[];
  /** Fields that are counted as "other". */
  folded: string[];
};

/** What visits are counted under beyond the bound of what a site and day may add. */
export const other = 'other';

/** What is known in the database, and how much each site's day has added. */
export type KnownVisits = { names: Set<string>; added: Map<string, number> };

export const nameOf = (field: string, name: string): string => `${field}\n${name}`;
export const dayOf = (site: { siteId: number; day: string }, field: string): string =>
  JSON.stringify([site.siteId, site.day, field]);

/**
 * Visits with what is new beyond the bound replaced by "other": a value, else the whole origin, else the landing page too. The channel
 * stays, so that no more than a few dozen origins stand for the rest.
 */
export function foldVisits(visits: readonly PlacedVisit[], { names, added }: KnownVisits): PlacedVisit[] {
  const known = new Set(names);
  const counts = new Map(added);
  return visits.map((visit) => {
    const folded: string[] = [];
    /** Whether it is known, or there was room for it; then it is known from now on. */
    const admit = (field: string, name: string): boolean => {
      const key = nameOf(field, name);
      if (known.has(key)) return true;
      const day = dayOf(visit, field);
      const count = counts.get(day) ?? 0;
      if (count >= newPerSiteAndDay) {
        folded.push(field);
        return false;
      }
      counts.set(day, count + 1);
      known.add(key);
      return true;
    };
    let origin = foldValues(visit.origin, admit);
    if (!isAllOther(origin) && !admit('origin', origin.key)) origin = allOther(origin);
    let landingPage = visit.landingPage;
    if (landingPage !== null && !admit('landingPage', landingPage)) landingPage = other;
    const place = JSON.stringify([visit.day, origin.key, landingPage]);
    const isRest = isAllOther(origin) && landingPage === other;
    if (!isRest && !admit('visit', place)) [origin, landingPage] = [allOther(origin), other];
    return { ...visit, origin, landingPage, folded };
  });
}

function foldValues(origin: StoredOrigin, admit: (field: string, name: string) => boolean): StoredOrigin {
  const values = { ...origin };
  for (const field of sentFields) {
    const value = origin[field];
    if (value !== null && !admit(field, value)) values[field] = other;
  }
  return withKey(values);
}

function allOther({ siteId, channel }: StoredOrigin): StoredOrigin {
  const none = recordOf(sentFields, () => null);
  return withKey({ ...none, source: other, siteId, channel, clickIdName: null });
}

export const isAllOther = (origin: StoredOrigin): boolean => origin.key === allOther(origin).key;
