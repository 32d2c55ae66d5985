/** What an ad platform's click identifier tells about where an arrival came from. */
export type ClickIdPlatform = {
  /** The URL parameter as the platform spells it; it is matched without case. */
  name: string;
  source: string;
  /** A paid medium only where the platform sets the identifier on clicks on ads and on nothing else. */
  medium: string;
  /** Other canonical spellings of the same source in `utm_source`. */
  alsoKnownAs: readonly string[];
  /** A referrer of another source outranks the identifier: the link was copied and shared there. */
  yieldsToReferrer: boolean;
};

/** Longest click identifier kept, in UTF-16 units. A cut identifier is useless to the platform, so the bound is generous. */
export const maxClickIdLength = 512;

const google = ['google ads', 'google-ads', 'google_ads', 'googleads', 'adwords', 'google.com', 'youtube'];
const bing = ['bing ads', 'bing-ads', 'bing_ads', 'bingads', 'microsoft', 'microsoft ads', 'bing.com'];
const meta = ['fb', 'ig', 'meta', 'instagram', 'facebook.com', 'instagram.com', 'messenger', 'threads', 'whatsapp'];
const twitter = ['x', 'twitter.com', 'x.com', 't.co'];

/**
 * Every click identifier that is read. Where a URL carries several, the first here is kept.
 *
 * - gclid, gbraid, wbraid: Google Ads auto-tagging.
 * - dclid: Campaign Manager 360 and Display & Video 360, so display.
 * - msclkid: Microsoft Advertising auto-tagging.
 * - li_fat_id, ttclid, twclid, rdt_cid, epik, ScCid, qclid: taken as added to clicks on ads alone, for the platform's
 *   conversion API; so the click was paid. Published descriptions agree; a site that knows better sets a channel rule.
 * - yclid: Yandex Direct auto-tagging.
 * - fbclid, igshid: Meta adds them to any outbound or shared link, so they do not say that the click was paid.
 */
export const clickIdPlatforms: readonly ClickIdPlatform[] = [
  { name: 'gclid', source: 'google', medium: 'cpc', alsoKnownAs: google, yieldsToReferrer: true },
  { name: 'gbraid', source: 'google', medium: 'cpc', alsoKnownAs: google, yieldsToReferrer: true },
  { name: 'wbraid', source: 'google', medium: 'cpc', alsoKnownAs: google, yieldsToReferrer: true },
  { name: 'dclid', source: 'google', medium: 'display', alsoKnownAs: google, yieldsToReferrer: false },
  { name: 'msclkid', source: 'bing', medium: 'cpc', alsoKnownAs: bing, yieldsToReferrer: false },
  { name: 'fbclid', source: 'facebook', medium: 'social', alsoKnownAs: meta, yieldsToReferrer: false },
  {
    name: 'li_fat_id',
    source: 'linkedin',
    medium: 'paid-social',
    alsoKnownAs: ['linkedin.com'],
    yieldsToReferrer: false,
  },
  { name: 'ttclid', source: 'tiktok', medium: 'paid-social', alsoKnownAs: ['tiktok.com'], yieldsToReferrer: false },
  { name: 'twclid', source: 'twitter', medium: 'paid-social', alsoKnownAs: twitter, yieldsToReferrer: false },
  { name: 'rdt_cid', source: 'reddit', medium: 'paid-social', alsoKnownAs: ['reddit.com'], yieldsToReferrer: false },
  { name: 'epik', source: 'pinterest', medium: 'paid-social', alsoKnownAs: ['pinterest.com'], yieldsToReferrer: false },
  { name: 'ScCid', source: 'snapchat', medium: 'paid-social', alsoKnownAs: ['snapchat.com'], yieldsToReferrer: false },
  { name: 'qclid', source: 'quora', medium: 'paid-social', alsoKnownAs: ['quora.com'], yieldsToReferrer: false },
  { name: 'yclid', source: 'yandex', medium: 'cpc', alsoKnownAs: ['yandex.ru', 'yandex.com'], yieldsToReferrer: false },
  { name: 'igshid', source: 'instagram', medium: 'social', alsoKnownAs: meta, yieldsToReferrer: false },
];

const indexByParameter = new Map(clickIdPlatforms.map(({ name }, index) => [name.toLowerCase(), index]));

/** Place in `clickIdPlatforms` of a URL parameter written in lower case. */
export function clickIdIndex(lowerCaseParameter: string): number | undefined {
  return indexByParameter.get(lowerCaseParameter);
}

/** The platform of a click identifier by its name, or null for one from elsewhere (an import). */
export function clickIdPlatform(name: string): ClickIdPlatform | null {
  return clickIdPlatforms[indexByParameter.get(name.toLowerCase()) ?? -1] ?? null;
}
