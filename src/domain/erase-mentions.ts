/** What stands where an erased address stood: of the top-level domain that never is (RFC 2606). */
export const erasedAddress = 'erased@erased.invalid';

/**
 * Finds and replaces e-mail addresses in text from outside, however they are spelt: in any case, as part of JSON, of a
 * form's encoding or of an address on the web. A longer address that ends or begins the same is another one.
 */
export class Mentions {
  #pattern: RegExp;

  constructor(emails: readonly string[]) {
    const spellings = emails.flatMap((email) => [
      email,
      JSON.stringify(email).slice(1, -1),
      encodeURIComponent(email),
      email.replace('@', '%40'),
      email.replaceAll('+', '%2B').replace('@', '%40'),
    ]);
    const any = [...new Set(spellings)]
      .map((text) => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`))
      .join('|');
    // A letter before may be the end of an escape: `%3Dkari@firma.no`, `\nkari@firma.no`.
    this.#pattern = new RegExp(
      String.raw`(?:(?<![\p{L}\p{N}._+-])|(?<=%[\da-f]{2}|\\[nrtbf]|\\u[\da-f]{4}))(?:${any})(?![\p{L}\p{N}-]|\.[\p{L}\p{N}])`,
      'giu',
    );
  }

  areIn(text: string): boolean {
    this.#pattern.lastIndex = 0;
    return this.#pattern.test(text);
  }

  replace(text: string): string {
    return text.replaceAll(this.#pattern, erasedAddress);
  }
}
