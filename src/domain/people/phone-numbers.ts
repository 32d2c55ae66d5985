import { getCountries, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/core';
import type { CountryCode, MetadataJson } from 'libphonenumber-js/core';

/** Where the numbering plans of all countries stand among the Worker's assets. */
export const phoneMetadataAsset = '/phone-metadata.json';

/** Asked first: each costs half a millisecond. */
const likelyCountries: readonly CountryCode[] = [
  'NO',
  'SE',
  'DK',
  'FI',
  'DE',
  'GB',
  'NL',
  'FR',
  'ES',
  'IT',
  'PL',
  'US',
];

/** Reads telephone numbers by the numbering plans of all countries. */
export class PhoneNumbers {
  #metadata: MetadataJson;
  /** Bounded by the number of time zones. */
  #countryByZone = new Map<string, CountryCode | null>();

  constructor(metadata: MetadataJson) {
    this.#metadata = metadata;
  }

  /**
   * A telephone number in E.164, `+4791234567`, with its extension as RFC 3966 has it: `+4722334455;ext=12`. The numbering plan of its
   * country must have it: two strangers who both type `12345678` are not one person.
   * @param country ISO 3166, for a number without a country code; null where it is not known.
   * @returns null where the text is no telephone number.
   */
  normalize({ text, country }: { text: string; country: string | null }): string | null {
    const defaultCountry =
      country !== null && isSupportedCountry(country as CountryCode, this.#metadata)
        ? (country as CountryCode)
        : undefined;
    const parsed = parsePhoneNumberFromString(text, defaultCountry ? { defaultCountry } : {}, this.#metadata);
    if (!parsed?.isValid()) return null;
    return parsed.ext ? `${parsed.number};ext=${parsed.ext}` : parsed.number;
  }

  /** The country that a time zone is of: `NO` of Europe/Oslo. Null where it is of none. */
  countryOfTimeZone(timeZone: string): string | null {
    const known = this.#countryByZone.get(timeZone);
    if (known !== undefined) return known;
    const countries = [...likelyCountries, ...getCountries(this.#metadata)];
    const found = countries.find((country) => zonesOf(country).includes(timeZone)) ?? null;
    this.#countryByZone.set(timeZone, found);
    return found;
  }
}

type WithZones = Intl.Locale & { getTimeZones?(): string[] | undefined };

function zonesOf(country: CountryCode): string[] {
  const locale = new Intl.Locale(`und-${country}`) as WithZones;
  return locale.getTimeZones?.() ?? [];
}
