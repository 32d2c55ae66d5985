import type { Held } from './queries.ts';

/** Submissions that are alike: held for the same reasons, and with the same words or the same sender's domain. */
export type Group = { key: string; items: Held[]; sender: string | null; text: string | null };

export function senderOf({ fields }: Pick<Held, 'fields'>): string | null {
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === 'string' && /mail|e-?post/i.test(name) && value.includes('@')) return value.trim();
  }
  const any = Object.values(fields).find((value) => typeof value === 'string' && /^\S+@\S+\.\S+$/.test(value.trim()));
  return typeof any === 'string' ? any.trim() : null;
}

/** The longest answer: what the sender wanted to say. */
export function textOf({ fields }: Pick<Held, 'fields'>): string | null {
  const texts = Object.values(fields).filter(
    (value): value is string => typeof value === 'string' && value.includes(' '),
  );
  return texts.toSorted((a, b) => b.length - a.length)[0] ?? null;
}

/** Words alone: numbers, links and case differ from one to the next. */
function wordsOf(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/https?:\S+|\S+@\S+|[^\p{L}\s]/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

const leastWords = 20;

export function groupAlike(items: readonly Held[]): Group[] {
  const groups = new Map<string, Group>();
  for (const held of items) {
    const [sender, text] = [senderOf(held), textOf(held)];
    const words = text === null ? '' : wordsOf(text);
    const key = words.length >= leastWords ? words : `${held.reasons.toSorted().join()} ${sender ?? held.id}`;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { key, items: [held], sender, text });
    else known.items.push(held);
  }
  return [...groups.values()].toSorted(
    (a, b) => b.items.length - a.items.length || (a.items[0]!.at < b.items[0]!.at ? 1 : -1),
  );
}
