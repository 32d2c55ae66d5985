import type { JourneyTouch } from './queries.ts';

export type SentValue = { name: string; sent: string; shown: string };

const fields = [
  ['source', 'utm_source'],
  ['medium', 'utm_medium'],
  ['campaign', 'utm_campaign'],
  ['term', 'utm_term'],
  ['content', 'utm_content'],
  ['utmId', 'utm_id'],
] as const;

/** The values of an arrival that are shown otherwise than they were sent: another spelling of the same value, or a correction. */
export function correctedValues(touch: Pick<JourneyTouch, 'raw' | (typeof fields)[number][0]>): SentValue[] {
  return fields.flatMap(([field, name]) => {
    const [sent, shown] = [touch.raw[field], touch[field]];
    return sent === null || shown === null || sent === shown ? [] : [{ name, sent, shown }];
  });
}

/** The origin's two words as they were sent; null where they are shown so. */
export function sentAs(touch: Pick<JourneyTouch, 'raw' | (typeof fields)[number][0]>): string | null {
  const isOther = correctedValues(touch).some(({ name }) => name === 'utm_source' || name === 'utm_medium');
  return isOther ? [touch.raw.source, touch.raw.medium].filter((text) => text !== null).join(' / ') : null;
}
