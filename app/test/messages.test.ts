import { expect, it } from 'vitest';
import en from '../messages/en.json' with { type: 'json' };
import nb from '../messages/nb.json' with { type: 'json' };

type Message = string | Array<{ match: Record<string, string> }>;

/** A number before a word in the plural: "1 leads" must have a form of its own. */
const counts =
  /\{(?:count|numerator)\} (?:people|companies|leads|deals|sources?s|rows|visits|submissions|days|selections|cards|members|more (?:people|sources))\b/;
/** Sums of several kinds, and what is never said of one. */
const never = new Set([
  'fact_can_be_chance',
  'say_leads_of_chance',
  'table_split',
  'why_split',
  'why_split_rate',
  'note_folded_field',
]);

function isAlwaysPlural(message: Message): boolean {
  if (typeof message === 'string') return counts.test(message);
  const forms = Object.entries(message[0]?.match ?? {});
  return forms.some(([, text]) => counts.test(text)) && !forms.some(([form]) => /=(?:1|one)$/.test(form));
}

it('has a form for one wherever a number stands before a word in the plural, in both languages', () => {
  const missing = Object.entries(en as Record<string, Message>)
    .filter(([key, message]) => !never.has(key) && isAlwaysPlural(message))
    .map(([key]) => key);
  expect(missing).toEqual([]);
  for (const [key, message] of Object.entries(en as Record<string, Message>)) {
    expect([key, typeof (nb as Record<string, Message>)[key]]).toEqual([key, typeof message]);
  }
});
