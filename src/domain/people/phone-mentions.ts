/** What stands where an erased telephone number stood. */
const erasedNumber = '(erased)';

/** Digits of a number that tell it apart, however its country is written. */
const tellingDigits = 8;

/** The last digits of numbers in E.164, by which text is searched. */
export const tellingPart = (phone: string): string =>
  phone.replace(/;.*/, '').replaceAll(/\D/g, '').slice(-tellingDigits);

/** Finds and replaces some telephone numbers in text, written with or without a country code, spaces, dots, dashes and brackets. */
export class PhoneMentions {
  #pattern: RegExp | null;

  /** @param phones in E.164. */
  constructor(phones: readonly string[]) {
    const between = String.raw`[\s().\-/\u00a0]*`;
    const ways = phones.map((phone) => {
      const digits = phone.replace(/;.*/, '').replaceAll(/\D/g, '');
      const telling = tellingPart(phone);
      const before = digits.slice(0, -telling.length);
      const spelt = (text: string): string => text.split('').join(between);
      return before === '' ? spelt(telling) : `(?:(?:\\+|00)?${between}${spelt(before)}${between})?${spelt(telling)}`;
    });
    this.#pattern = ways.length === 0 ? null : new RegExp(`(?<!\\d)(?:${ways.join('|')})(?!\\d)`, 'gu');
  }

  areIn(text: string): boolean {
    return this.#pattern !== null && text.search(this.#pattern) >= 0;
  }

  replace(text: string): string {
    return this.#pattern === null ? text : text.replaceAll(this.#pattern, erasedNumber);
  }
}
