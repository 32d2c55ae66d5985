import { findAddresses, mayHoldAddress } from './find-addresses.ts';

/** What stands where an erased address stood: of the top-level domain that never is (RFC 2606). */
export const erasedAddress = 'erased@erased.invalid';

const maxRounds = 4;

/** Finds and replaces some e-mail addresses in text from outside, in every spelling that `findAddresses` reads. */
export class Mentions {
  #emails: Set<string>;

  /** @param emails normalised. */
  constructor(emails: readonly string[]) {
    this.#emails = new Set(emails.flatMap((email) => [email, email.normalize('NFKC')]));
  }

  /** @param text plain, or JSON as a column holds it. */
  areIn(text: string): boolean {
    return textsIn(readColumn(text)).some((part) => this.#rangesIn(part).length > 0);
  }

  /** @param text plain, or JSON as a column holds it: then JSON again. */
  replace(text: string): string {
    const value = readColumn(text);
    return typeof value === 'string' ? this.#replaceIn(value) : JSON.stringify(this.replaceWithin(value));
  }

  /** In every text of plain data and in every name of its members. In its JSON `\nina@…` would be taken for nina@…. */
  replaceWithin(value: unknown): unknown {
    if (typeof value === 'string') return this.#replaceIn(value);
    if (Array.isArray(value)) return value.map((one) => this.replaceWithin(one));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => [this.#replaceIn(name), this.replaceWithin(one)]),
    );
  }

  #replaceIn(text: string): string {
    let result = text;
    // One address may be spelt across another: what is left after the first round is found by the next.
    for (let round = 0; round < maxRounds && this.#rangesIn(result).length > 0; round += 1)
      result = this.#replaceOnce(result);
    return result;
  }

  #replaceOnce(text: string): string {
    let result = '';
    let place = 0;
    for (const { start, end } of this.#rangesIn(text)) {
      // Of readings that overlap, the first and longest.
      if (start < place) continue;
      result += text.slice(place, start) + erasedAddress;
      place = end;
    }
    return result + text.slice(place);
  }

  #rangesIn(text: string): Array<{ start: number; end: number }> {
    if (!mayHoldAddress(text)) return [];
    return findAddresses(text)
      .filter(({ email }) => this.#emails.has(email))
      .toSorted((a, b) => a.start - b.start || b.end - a.end);
  }
}

/** All texts in plain data, and all names of its members. */
export function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  const names = Array.isArray(value) ? [] : Object.keys(value);
  return [...names, ...Object.values(value).flatMap(textsIn)];
}

/** What a column of text holds: an object or a list where it is JSON, else the text. */
function readColumn(text: string): unknown {
  if (!/^[[{]/.test(text)) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
