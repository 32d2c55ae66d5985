import type { Site } from './capture-settings.ts';

type PhoneSite = Pick<Site, 'country' | 'timeZone'>;

/** A telephone number in E.164, or null where the text is none. */
export type ReadPhone = (text: string | null | undefined, site: PhoneSite) => string | null;

/** Text with fewer digits is no number: nothing is loaded for it. */
const mayBePhone = /\d(?:\D*\d){4}/;

/** What `readPhone` does, for many numbers without waiting for each. */
export async function loadReadPhone(): Promise<ReadPhone> {
  const { countryOfTimeZone, normalizePhone } = await import('../domain/identity/phone-numbers.ts');
  return (text, { country, timeZone }) =>
    text == null || !mayBePhone.test(text)
      ? null
      : normalizePhone({ text, country: country ?? countryOfTimeZone(timeZone) });
}

/**
 * A telephone number in E.164, or null where the text is none. Without a country code it is of the site's country, else of that of the
 * site's time zone. The library is loaded when an isolate first sees a number.
 */
export async function readPhone(text: string | null | undefined, site: PhoneSite): Promise<string | null> {
  if (text == null || !mayBePhone.test(text)) return null;
  return (await loadReadPhone())(text, site);
}
