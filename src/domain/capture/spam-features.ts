/** What submissions of one sort of spam have in common. */
export const spamFeatures = ['sender', 'domain', 'text'] as const;
export type SpamFeature = (typeof spamFeatures)[number];

/** A shorter text, such as "Call me", is what honest people write too. */
const fewestLetters = 20;

/** The longest answer of a form: what somebody wrote. Null where it is too short to tell one text from another. */
export function messageOf(fields: Record<string, string | string[]>): string | null {
  const texts = Object.values(fields).flat();
  const longest = texts.reduce((found, one) => (one.length > found.length ? one : found), '');
  return normalizeMessage(longest).replaceAll(' ', '').length < fewestLetters ? null : longest;
}

/** A text as it is compared: without case, links, addresses, numbers and punctuation. */
export function normalizeMessage(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/\b(?:https?:\/\/|www\.)\S+/gu, ' ')
    .replaceAll(/\S+@\S+/gu, ' ')
    .replaceAll(/[^\p{L}]+/gu, ' ')
    .trim();
}

/** The longest words of a text that stand in every spelling of it, for a search before the comparison: at most four, in small letters. */
export function searchedWords(text: string): string[] {
  const words = normalizeMessage(text)
    .split(' ')
    .filter((word) => /^[a-z]{4,}$/.test(word));
  return [...new Set(words)].toSorted((a, b) => b.length - a.length).slice(0, 4);
}
