/** What an ad platform's click identifier tells about where an arrival came from. */
export type ClickIdPlatform = {
  /** The URL parameter as the platform spells it; it is matched without case. */
  name: string;
  source: string;
  /** A paid medium only where the platform sets the identifier on clicks on ads and on nothing else. */
  medium: string;
  /** Other canonical spellings of the same source in `utm_source`, and other names of its referrers. */
  alsoKnownAs: readonly string[];
  /** A referrer of another source outranks the identifier: the link was copied and shared there. */
  yieldsToReferrer: boolean;
  /** Names no single click: it decides only where no other identifier of the same source stands beside it. */
  isWeak: boolean;
};

/** Longest click identifier kept, in UTF-16 units. A cut identifier is useless to the platform, so the bound is generous. */
export const maxClickIdLength = 512;

/** Most click identifiers kept of one arrival: the last ones of its URL. */
export const maxClickIds = 8;

const names: Record<string, string> = {
  google: 'google ads,google-ads,google_ads,googleads,adwords,google.com,youtube,youtube.com',
  bing: 'bing ads,bing-ads,bing_ads,bingads,microsoft,microsoft ads,bing.com',
  facebook: 'fb,ig,meta,instagram,facebook.com,instagram.com,messenger,threads,whatsapp',
  instagram: 'ig,fb,meta,facebook,instagram.com,facebook.com,messenger,threads,whatsapp',
  twitter: 'x,twitter.com,x.com,t.co',
  yandex: 'yandex.ru,yandex.com',
  chatgpt: 'chatgpt.com,openai,openai.com,chat.openai.com',
};

/**
 * Every click identifier that is read: name, source, medium, and `yields` or `weak`.
 *
 * - gclid, gbraid, wbraid: Google Ads auto-tagging. gad_source, gad_campaignid: stand beside them, and stay where browsers take
 *   those away.
 * - dclid: Campaign Manager 360 and Display & Video 360, so display.
 * - msclkid: Microsoft Advertising auto-tagging.
 * - li_fat_id, ttclid, twclid, rdt_cid, epik, ScCid, qclid: taken as added to clicks on ads alone, for the platform's
 *   conversion API; so the click was paid. Published descriptions agree; a site that knows better sets a channel rule.
 * - yclid: Yandex Direct auto-tagging.
 * - dicbo, ob_click_id: Outbrain; tblci: Taboola. Paid recommendations on publishers' pages, which are their referrers.
 * - oppref: ads in ChatGPT.
 * - fbclid, igshid, igsh: Meta adds them to any outbound or shared link, so they do not say that the click was paid.
 */
export const clickIdPlatforms: readonly ClickIdPlatform[] = [
  'gclid google cpc yields',
  'gbraid google cpc yields',
  'wbraid google cpc yields',
  'gad_source google cpc yields weak',
  'gad_campaignid google cpc yields weak',
  'dclid google display',
  'msclkid bing cpc',
  'fbclid facebook social yields',
  'li_fat_id linkedin paid-social',
  'ttclid tiktok paid-social',
  'twclid twitter paid-social',
  'rdt_cid reddit paid-social',
  'epik pinterest paid-social',
  'ScCid snapchat paid-social',
  'qclid quora paid-social',
  'yclid yandex cpc',
  'igshid instagram social yields',
  'igsh instagram social yields',
  'dicbo outbrain cpc',
  'ob_click_id outbrain cpc',
  'tblci taboola cpc',
  'oppref chatgpt cpc',
].map((row) => {
  const [name = '', source = '', medium = '', ...flags] = row.split(' ');
  const alsoKnownAs = (names[source] ?? `${source}.com`).split(',');
  return {
    name,
    source,
    medium,
    alsoKnownAs,
    yieldsToReferrer: flags.includes('yields'),
    isWeak: flags.includes('weak'),
  };
});

const byParameter = new Map(clickIdPlatforms.map((platform) => [platform.name.toLowerCase(), platform]));

/** Is this parameter, written in lower case, a click identifier? */
export function isClickIdName(lowerCaseParameter: string): boolean {
  return byParameter.has(lowerCaseParameter);
}

/** The platform of a click identifier by its name, or null for one from elsewhere (an import). */
export function clickIdPlatform(name: string): ClickIdPlatform | null {
  return byParameter.get(name.toLowerCase()) ?? null;
}

/** Is this canonical source the platform's own? */
export function isOfPlatform({ source, alsoKnownAs }: ClickIdPlatform, canonicalSource: string): boolean {
  return canonicalSource === source || alsoKnownAs.includes(canonicalSource);
}
