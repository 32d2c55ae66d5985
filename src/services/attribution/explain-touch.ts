import { originFields, sentFields, utmFields } from '../../domain/attribution/origin-fields.ts';
import { appScheme } from '../../domain/attribution/read-evidence.ts';
import { storedEvidence } from '../../domain/attribution/reread-origin.ts';
import { canonicalize } from '../../domain/text-values.ts';
import type { ExplainLanguage } from '../../domain/attribution/explain-texts.ts';
import { recordOf } from '../../domain/record-of.ts';
import type { ListedTouch } from '../../db/queries/attribution/read-touch-list.ts';
import { explainArrival } from './explain-arrival.ts';
import type { ArrivalExplanation } from './explain-arrival.ts';
import { readTouch } from './read-touches.ts';
import type { ServiceContext } from '../service-context.ts';

/** Stands for the page of a touch that was stored without one. */
const noPage = 'https://page.invalid/';

/**
 * Why a stored touch gets its origin and channel by today's rules, from what is stored of it: the query of the page and the path of the
 * referrer are not.
 * @throws KildeError `not_found`.
 */
export async function explainTouch(
  context: ServiceContext,
  { id, language }: { id: number; language: ExplainLanguage },
): Promise<ArrivalExplanation> {
  const touch = await readTouch(context, { id });
  const { origin, ...explained } = await explainArrival(context, { ...addressesOf(touch), language });
  return { ...explained, origin: { ...origin, landingPage: touch.landingPage } };
}

/** The addresses that a touch would be read from again. */
function addressesOf(touch: ListedTouch): { u: string; r: string } {
  const valueOf = (field: (typeof sentFields)[number]): string | null => {
    const { name } = originFields[field];
    const value = (touch.raw as Record<string, string | null>)[name] ?? touch[name];
    return value === null ? null : canonicalize(value);
  };
  const clickIdName = touch.clickId?.name ?? null;
  const { utm, referrerHost } = storedEvidence({ ...recordOf(sentFields, valueOf), clickIdName });
  const page = new URL(touch.landingPage ?? noPage);
  for (const field of utmFields) {
    const raw = (touch.raw as Record<string, string | null>)[originFields[field].name] ?? null;
    if (utm[field] !== null && raw !== null) page.searchParams.append(originFields[field].parameter, raw);
  }
  for (const { name, value } of touch.clickIds) page.searchParams.append(name, value);
  const isApp = referrerHost?.startsWith(appScheme) ?? false;
  return { u: page.href, r: referrerHost === null ? '' : isApp ? `${referrerHost}/` : `https://${referrerHost}/` };
}
