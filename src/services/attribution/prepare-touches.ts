import type { SentField } from '../../domain/attribution/origin-fields.ts';
import { keyFields, sentFields, utmFields } from '../../domain/attribution/origin-lists.ts';
import { recordOf } from '../../domain/record-of.ts';
import { packPairs } from '../../domain/attribution/packed-utm.ts';
import { resolveOrigin } from '../../domain/attribution/resolve-origin.ts';
import { rulesVersion } from '../../domain/attribution/rules-version.ts';
import type { AttributionRules } from '../../domain/attribution/resolve-origin.ts';
import type { Arrival, ClickId, Origin, Utm } from '../../domain/attribution/types.ts';
import { canonicalize } from '../../domain/text-values.ts';

/** An origin in the form it is stored: canonical values, and the key that it is found by. */
export type StoredOrigin = Record<SentField, string | null> & {
  key: string;
  siteId: number;
  channel: string;
  clickIdName: string | null;
  rulesVersion: number;
};

export type StoredTouch = {
  at: number;
  key: string;
  landingPage: string | null;
  clickIdName: string | null;
  clickIdValue: string | null;
  /** All of the arrival; null where `clickIdName` is all there is. */
  clickIds: ClickId[] | null;
  /** Spellings that differ from the canonical value. */
  raw: Record<string, string> | null;
};

export type StoredValue = { field: string; canonical: string; label: string };

/** Distinct values, origins and touches of some arrivals, ready for the statements that intern them. */
export type PreparedTouches = {
  values: StoredValue[];
  origins: StoredOrigin[];
  touches: StoredTouch[];
  /** The touch of one of the arrivals given. */
  touchOf(arrival: Arrival): StoredTouch;
};

/** Resolves arrivals by the site's rules. Order is kept. */
export function prepareTouches({
  arrivals,
  siteId,
  rules,
}: {
  arrivals: Arrival[];
  siteId: number;
  rules: AttributionRules;
}): PreparedTouches {
  const values = new Map<string, StoredValue>();
  const origins = new Map<string, StoredOrigin>();
  const byArrival = new Map<Arrival, StoredTouch>();

  function intern(field: string, label: string | null, canonical: string | null): void {
    if (label === null || canonical === null) return;
    const key = `${field}\n${canonical}`;
    if (!values.has(key)) values.set(key, { field, canonical, label });
  }

  for (const arrival of arrivals) {
    const { origin, clickId } = resolveOrigin(arrival, rules);
    const stored = toStoredOrigin({ origin, siteId, clickIdName: clickId?.name ?? null });
    for (const field of sentFields) intern(field, origin[field], stored[field]);
    intern('channel', stored.channel, stored.channel);
    intern('landingPage', arrival.landingPage, arrival.landingPage);
    if (!origins.has(stored.key)) origins.set(stored.key, stored);
    byArrival.set(arrival, {
      at: arrival.at,
      key: stored.key,
      landingPage: arrival.landingPage,
      clickIdName: clickId?.name ?? null,
      clickIdValue: clickId?.value ?? null,
      clickIds: arrival.clickIds.length > 1 ? arrival.clickIds : null,
      raw: rawSpellings({ sent: arrival.utm, origin, stored }),
    });
  }
  return {
    values: [...values.values()],
    origins: [...origins.values()],
    touches: [...byArrival.values()],
    touchOf: (arrival) => byArrival.get(arrival)!,
  };
}

function toStoredOrigin({
  origin,
  siteId,
  clickIdName,
}: {
  origin: Origin;
  siteId: number;
  clickIdName: string | null;
}): StoredOrigin {
  const canonical = recordOf(sentFields, (field) => {
    const value = origin[field];
    return value === null ? null : canonicalize(value);
  });
  return withKey({ ...canonical, siteId, channel: origin.channel, clickIdName });
}

/** An origin with the key it is found by. */
export function withKey(origin: Omit<StoredOrigin, 'key' | 'rulesVersion'>): StoredOrigin {
  const values = keyFields.map((field) => origin[field]);
  return {
    ...origin,
    rulesVersion,
    key: JSON.stringify([origin.siteId, ...values, origin.clickIdName, ...packPairs(origin)]),
  };
}

/** Spellings as they were sent, placeholder texts too. */
function rawSpellings({
  sent,
  origin,
  stored,
}: {
  sent: Utm;
  origin: Origin;
  stored: StoredOrigin;
}): Record<string, string> | null {
  const raw: Record<string, string> = {};
  for (const field of utmFields) {
    const spelt = sent[field] ?? origin[field];
    if (spelt !== null && spelt !== stored[field]) raw[field] = spelt;
  }
  return Object.keys(raw).length > 0 ? raw : null;
}
