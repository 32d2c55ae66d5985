import type { CaptureSettings, Site } from '../capture-settings.ts';

type PhoneSite = Pick<Site, 'country' | 'timeZone'>;
type Context = { settings: Pick<CaptureSettings, 'phoneNumbers'> };

/** A telephone number in E.164, or null where the text is none. */
export type ReadPhone = (text: string | null | undefined, site: PhoneSite) => string | null;

/** Text with fewer digits is no number: nothing is loaded for it. */
const mayBePhone = /\d(?:\D*\d){4}/;

/** What `readPhone` does, for many numbers without waiting for each. @throws where the numbering plans cannot be read. */
export async function loadReadPhone({ settings }: Context): Promise<ReadPhone> {
  const numbers = await settings.phoneNumbers();
  return (text, { country, timeZone }) =>
    text == null || !mayBePhone.test(text)
      ? null
      : numbers.normalize({ text, country: country ?? numbers.countryOfTimeZone(timeZone) });
}

/**
 * A telephone number in E.164, or null where the text is none. Without a country code it is of the site's country, else of that of the
 * site's time zone. Where the numbering plans cannot be read the number stays as it was sent: a form is never lost for it.
 */
export async function readPhone(
  context: Context,
  { text, site }: { text: string | null | undefined; site: PhoneSite },
): Promise<string | null> {
  if (text == null || !mayBePhone.test(text)) return null;
  try {
    return (await loadReadPhone(context))(text, site);
  } catch {
    console.error('the numbering plans could not be read');
    return null;
  }
}
