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

  areIn(text: string): boolean {
    return this.#rangesIn(text).length > 0;
  }

  replace(text: string): string {
    let result = text;
    // One address may be spelt across another: what is left after the first round is found by the next.
    for (let round = 0; round < maxRounds && this.areIn(result); round += 1) result = this.#replaceOnce(result);
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
