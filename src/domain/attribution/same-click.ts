import type { UtmField } from './origin-fields.ts';
import { utmFields } from './origin-lists.ts';
import { meaningOf } from './placeholders.ts';
import type { Arrival, ClickId, Evidence, Utm } from './types.ts';
import { canonicalize } from '../text-values.ts';

/** The same utm and click identifiers, as written. */
export function isSameMark(a: Evidence, b: Evidence): boolean {
  for (const field in a.utm) if (a.utm[field as keyof Utm] !== b.utm[field as keyof Utm]) return false;
  return a.clickIds.length === b.clickIds.length && a.clickIds.every((one, index) => isSameId(one, b.clickIds[index]));
}

/**
 * The arrival that a page shows again: one that has the page's click identifier, else the newest that has every value which the page
 * shows. Null where the page shows nothing, where none has it, and where the visitor came from elsewhere this time.
 */
export function findSameClick(arrivals: readonly Arrival[], page: Evidence): Arrival | null {
  const shown = meaningOf(page.utm);
  const values = fieldsOf(shown);
  if (values.length === 0 && page.clickIds.length === 0) return null;
  let found: Arrival | null = null;
  for (const arrival of arrivals) {
    if (page.referrerHost !== null && page.referrerHost !== arrival.referrerHost) continue;
    const meant = meaningOf(arrival.utm);
    const agrees = values.every((field) => isSameValue(shown[field], meant[field]));
    const hasId = page.clickIds.some((one) => arrival.clickIds.some((other) => isSameId(one, other)));
    const isSame = page.clickIds.length === 0 ? agrees : hasId && (agrees || !contradicts(shown.source, meant.source));
    // A page of the site that repeats the click identifier may have become an arrival of its own, poorer than the first.
    if (isSame && (found === null || page.clickIds.length === 0 || wealthOf(arrival) >= wealthOf(found)))
      found = arrival;
  }
  return found;
}

/** Does this arrival show less of a click than an earlier one did? Then it is the same click, seen on another page. */
export function isPartOf(part: Evidence, whole: Evidence): boolean {
  return (
    (part.referrerHost === null || part.referrerHost === whole.referrerHost) &&
    part.clickIds.every((one) => whole.clickIds.some((other) => isSameId(one, other))) &&
    agreesWith(part.utm, whole.utm)
  );
}

/** Has the second set every value of the first? */
export function agreesWith(part: Utm, whole: Utm): boolean {
  const shown = meaningOf(part);
  const meant = meaningOf(whole);
  return fieldsOf(shown).every((field) => isSameValue(shown[field], meant[field]));
}

function fieldsOf(utm: Utm): UtmField[] {
  return utmFields.filter((field) => utm[field] !== null);
}

/** Utm or a click identifier: what an address carries. */
export function hasMark({ utm, clickIds }: Pick<Evidence, 'utm' | 'clickIds'>): boolean {
  return clickIds.length > 0 || fieldsOf(meaningOf(utm)).length > 0;
}

function wealthOf({ utm, clickIds }: Evidence): number {
  return fieldsOf(meaningOf(utm)).length + clickIds.length;
}

function isSameValue(a: string | null, b: string | null): boolean {
  return a === b || (a !== null && b !== null && canonicalize(a) === canonicalize(b));
}

function contradicts(a: string | null, b: string | null): boolean {
  return a !== null && b !== null && !isSameValue(a, b);
}

export function isSameId(a: ClickId, b: ClickId | undefined): boolean {
  return a.name === b?.name && a.value === b.value;
}
