import { KildeError } from '../domain/errors.ts';

/** What a statement may come to that the database refuses, by what its error's code or message holds. */
const refusals: ReadonlyArray<[RegExp, string]> = [
  [
    /RESPONSE_TOO_LARGE|SQLITE_TOOBIG|string or blob too big/,
    'The answer is larger than the database gives at once, some 10 MB. Ask for a smaller limit, fewer columns, dimensions or models, or a shorter period.',
  ],
  [
    /SQLITE_INTERRUPT/,
    'The query took longer than one may. Ask for a shorter period, fewer conditions or fewer counted relations.',
  ],
  [
    /integer overflow|Received integer (which is too large|which cannot be safely)/,
    'A sum is past what can be added up exactly: 2^63 minor units of money. Ask for a shorter period or fewer records.',
  ],
  [
    /parser stack overflow|Expression tree is too large|too many (terms|SQL variables|columns|FROM)|at most 64 tables/,
    'The statement would be larger than the database reads. Ask for fewer conditions, measures, models or dimensions.',
  ],
];

/** What to answer where the database refused a statement by its size or its time; null where an error is something else. */
export function tooMuchForDatabase(error: unknown): KildeError | null {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth += 1) {
    if (!cause.name.startsWith('Libsql') && !(cause instanceof RangeError)) continue;
    const text = `${String((cause as { code?: unknown }).code)} ${cause.message}`;
    const found = refusals.find(([pattern]) => pattern.test(text));
    if (!found) continue;
    const [seconds] = /\d+(?:\.\d+)? seconds/.exec(cause.message) ?? [];
    return new KildeError('too_expensive', seconds ? found[1].replace('than one may', `than ${seconds}`) : found[1]);
  }
  return null;
}
