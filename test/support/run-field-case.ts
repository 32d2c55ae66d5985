import { appendArrival } from '../../src/domain/attribution/journey.ts';
import { combineMarks, firstTouch, originInForce } from '../../src/domain/attribution/points.ts';
import { readEvidence, readNavigation } from '../../src/domain/attribution/read-evidence.ts';
import { collectParameters } from '../../src/domain/attribution/read-parameters.ts';
import { defaultRules, resolveTouch } from '../../src/domain/attribution/resolve-origin.ts';
import type { Journey, Touch } from '../../src/domain/attribution/types.ts';
import type { FieldCase, WantedTouch } from './field-cases.ts';

const hour = 60 * 60_000;
const start = Date.UTC(2026, 8, 1, 10);
const rules = defaultRules([]);

/** The address of a page of a case. */
export function pageUrlOf(page: string): string {
  return `https://firma.no${page.startsWith('/') ? '' : '/'}${page}`;
}

/** What the rules alone make of a case, without the server: the origin in force, the first touch, and the time of each arrival. */
export function runFieldCase({ arrivals, form }: FieldCase): { inForce: Touch; first: Touch; times: number[] } {
  const times = arrivals.map((_, index) => start + index * hour);
  let journey: Journey = [];
  for (const [index, { page, referrer = null }] of arrivals.entries()) {
    const { evidence, isInternal } = readNavigation({ pageUrl: pageUrlOf(page), referrer });
    journey = appendArrival(journey, { ...evidence, at: times[index]! }, { isInternal });
  }
  const page = readEvidence({ pageUrl: pageUrlOf(form?.page ?? '/skjema'), referrer: null });
  const hidden = form?.fields ? collectParameters(Object.entries(form.fields)) : null;
  const at = start + arrivals.length * hour;
  const inForce = originInForce({ page: combineMarks({ hidden, page }), journey, at, lookBackDays: 90 });
  return {
    inForce: resolveTouch(inForce, rules),
    first: resolveTouch(firstTouch({ journey, inForce }), rules),
    times,
  };
}

/** What of a touch is not as it has to be, as text. Empty where all is. */
export function differencesOf(touch: Partial<Record<keyof WantedTouch, unknown>>, want: WantedTouch): string[] {
  return (Object.keys(want) as (keyof WantedTouch)[]).flatMap((field) => {
    const [is, has] = [JSON.stringify(touch[field]), JSON.stringify(want[field])];
    return is === has ? [] : [`${field} is ${is}, not ${has}`];
  });
}

/** One line that names a case. */
export function describeFieldCase({ kind, arrivals, form }: FieldCase): string {
  const came = arrivals
    .map(({ page, referrer }) => `${page || '/'}${referrer ? ` from ${referrer}` : ''}`)
    .join(', then ');
  return `${kind}: ${came}${form ? `; form ${JSON.stringify(form)}` : ''}`;
}
