/**
 * Real inputs from the field, and what each has to give: facts that no rule is made of. Every kind of fault has its cases here; the
 * HTTP test and `npm run conformance` run them all.
 */

/** The kinds, by the letters that the collection of cases gave them. */
export type FieldKind =
  | 'A'
  | 'B'
  | 'C'
  | 'D'
  | 'E'
  | 'E2'
  | 'E3'
  | 'E4'
  | 'E5'
  | 'F'
  | 'G2'
  | 'N'
  | 'O'
  | 'T'
  | 'U'
  | 'Y';

/** An address below `https://firma.no`, or the query of its front page, and a referrer. */
export type FieldArrival = { page: string; referrer?: string };

/** What a touch has to be; what is not named may be anything. */
export type WantedTouch = {
  channel?: string;
  source?: string | null;
  medium?: string | null;
  campaign?: string | null;
  term?: string | null;
  content?: string | null;
  clickId?: { name: string; value: string } | null;
  clickIds?: { name: string; value: string }[];
  referrerDomain?: string | null;
  landingPage?: string | null;
};

export type FieldCase = {
  kind: FieldKind;
  /** Arrivals, an hour apart. */
  arrivals: FieldArrival[];
  /** The form, an hour later: its fields, its page. Where it is missing, a plain form on the page `/skjema`. */
  form?: { fields?: Record<string, string>; page?: string };
  /** The origin in force at the form. */
  want: WantedTouch;
  firstTouch?: WantedTouch;
  /** The arrival, counted from 0, whose time the origin in force has; undefined where any will do. */
  wantTimeOf?: number;
};

const linkedin: FieldArrival = {
  page: '?utm_source=linkedin&utm_medium=paid-social&utm_campaign=c1',
  referrer: 'https://www.linkedin.com/',
};
const isLinkedin: WantedTouch = { channel: 'Paid Social', source: 'linkedin', medium: 'paid-social', campaign: 'c1' };
const brand: FieldArrival = {
  page: '/landing?utm_source=google&utm_medium=cpc&utm_campaign=brand&utm_term=k&gclid=G2',
  referrer: 'https://www.google.com/',
};
const isBrand: WantedTouch = {
  channel: 'Paid Search',
  source: 'google',
  medium: 'cpc',
  campaign: 'brand',
  term: 'k',
  clickId: { name: 'gclid', value: 'G2' },
  landingPage: 'https://firma.no/landing',
};

/** One arrival and what it has to be. */
function arrivesAs(kind: FieldKind, page: string, referrer: string | null, want: WantedTouch): FieldCase {
  return { kind, arrivals: [{ page, ...(referrer !== null && { referrer }) }], want };
}

/** After the LinkedIn ad, the form with these fields: the origin in force stays LinkedIn. */
function staysLinkedin(kind: FieldKind, fields: Record<string, string>): FieldCase {
  return { kind, arrivals: [linkedin], form: { fields }, want: { ...isLinkedin, clickId: null }, wantTimeOf: 0 };
}

const directCases: FieldCase[] = [
  staysLinkedin('A', { utm_source: '(direct)', utm_medium: '(none)' }),
  {
    kind: 'A',
    arrivals: [{ page: '?utm_source=(direct)&utm_medium=(none)' }, linkedin],
    want: isLinkedin,
    firstTouch: isLinkedin,
  },
  { kind: 'A', arrivals: [linkedin, { page: '/kontakt?utm_campaign=meny' }], want: isLinkedin, wantTimeOf: 0 },
  {
    kind: 'A',
    arrivals: [linkedin, { page: '/kontakt?utm_content=banner', referrer: 'https://firma.no/' }],
    want: isLinkedin,
    wantTimeOf: 0,
  },
  { kind: 'A', arrivals: [linkedin], form: { page: '/kontakt?utm_campaign=meny' }, want: isLinkedin, wantTimeOf: 0 },
  {
    kind: 'A',
    arrivals: [{ page: '?utm_campaign=summer' }, linkedin],
    want: isLinkedin,
    firstTouch: isLinkedin,
  },
  staysLinkedin('A', { utm_source: 'direct' }),
  staysLinkedin('A', { utm_source: 'Direct', utm_medium: 'direct' }),
  staysLinkedin('A', { utm_source: 'Direct traffic', utm_medium: '(none)' }),
  arrivesAs('A', '?utm_campaign=summer', null, { channel: 'Unassigned', source: null, campaign: 'summer' }),
  arrivesAs('A', '?utm_content=banner', null, { channel: 'Unassigned', source: null, content: 'banner' }),
  arrivesAs('A', '?utm_campaign=cross-network', null, { channel: 'Cross-network', campaign: 'cross-network' }),
  arrivesAs('A', '?utm_source=(direct)&utm_medium=(none)', null, { channel: 'Direct', source: null, medium: null }),
  arrivesAs('A', '?utm_source=direct&utm_medium=none', null, { channel: 'Direct', source: null, medium: null }),
  arrivesAs('A', '', null, { channel: 'Direct', source: null, medium: null, campaign: null }),
];

const placeholderCases: FieldCase[] = [
  staysLinkedin('B', { utm_source: 'null', utm_medium: 'null' }),
  staysLinkedin('B', { gclid: 'undefined' }),
  staysLinkedin('B', { utm_source: 'undefined', utm_medium: 'undefined' }),
  staysLinkedin('B', { utm_source: '{{utm_source}}', utm_medium: '${medium}', fbclid: '{fbclid}' }),
  staysLinkedin('B', { utm_source: '[object Object]', utm_campaign: '%%CAMPAIGN%%', msclkid: 'NaN' }),
  staysLinkedin('B', { utm_source: '[CF7_GET key="utm_source"]', utm_medium: '%{utm_medium}', gclid: '[gclid]' }),
  staysLinkedin('B', { utm_source: '$utm_source', utm_medium: '@@utm_medium@@', gclid: '$gclid' }),
  { kind: 'B', arrivals: [linkedin, { page: '?utm_source=None&utm_medium=nil' }], want: isLinkedin, wantTimeOf: 0 },
  { kind: 'B', arrivals: [linkedin, { page: '?gclid=%7Bgclid%7D' }], want: isLinkedin, wantTimeOf: 0 },
  arrivesAs('B', '?utm_source=google&utm_medium=cpc&utm_campaign=%7Bcampaignid%7D', null, {
    channel: 'Paid Search',
    campaign: null,
  }),
  arrivesAs('B', '?utm_source=<utm_source>&gclid=undefined', 'https://www.bing.com/', {
    channel: 'Organic Search',
    source: 'bing',
    clickId: null,
    clickIds: [],
  }),
];

const sameClickCases: FieldCase[] = [
  { kind: 'C', arrivals: [brand], form: { fields: { gclid: 'G2' } }, want: isBrand, wantTimeOf: 0 },
  { kind: 'C', arrivals: [brand], form: { page: '/kontakt?gclid=G2' }, want: isBrand, wantTimeOf: 0 },
  { kind: 'C', arrivals: [brand], form: { fields: { utm_source: 'google' } }, want: isBrand, wantTimeOf: 0 },
  {
    kind: 'C',
    arrivals: [brand, { page: '/kontakt?gclid=G2', referrer: 'https://firma.no/landing' }],
    form: { page: '/kontakt?gclid=G2' },
    want: isBrand,
    wantTimeOf: 0,
  },
  {
    kind: 'C',
    arrivals: [linkedin, { page: '?utm_source=facebook&utm_medium=social', referrer: 'https://l.facebook.com/' }],
    form: { fields: { utm_source: 'LinkedIn', utm_campaign: 'c1' } },
    want: isLinkedin,
    wantTimeOf: 0,
  },
  {
    kind: 'C',
    arrivals: [brand],
    form: { fields: { gclid: 'G3' } },
    want: { campaign: null, clickId: { name: 'gclid', value: 'G3' } },
  },
  {
    kind: 'C',
    arrivals: [brand],
    form: { fields: { utm_source: 'google', utm_campaign: 'other' } },
    want: { source: 'google', campaign: 'other', clickId: null },
  },
];

const filledFieldCases: FieldCase[] = [
  // Scripts fill hidden fields with what they read from a referrer or a click identifier.
  {
    kind: 'C',
    arrivals: [{ page: '/l?gclid=G7', referrer: 'https://www.google.com/' }],
    form: { fields: { utm_source: 'google', utm_medium: 'cpc' } },
    want: { channel: 'Paid Search', clickId: { name: 'gclid', value: 'G7' }, landingPage: 'https://firma.no/l' },
    wantTimeOf: 0,
  },
  {
    kind: 'C',
    arrivals: [{ page: '/l', referrer: 'https://www.google.com/' }],
    form: { fields: { utm_source: 'Google', utm_medium: 'organic' } },
    want: { channel: 'Organic Search', referrerDomain: 'google.com', landingPage: 'https://firma.no/l' },
    wantTimeOf: 0,
  },
  {
    kind: 'C',
    arrivals: [{ page: '/l', referrer: 'https://www.google.com/' }],
    form: { fields: { utm_source: 'google', utm_medium: 'cpc' } },
    want: { channel: 'Paid Search', medium: 'cpc', landingPage: 'https://firma.no/skjema' },
  },
];

const severalIdCases: FieldCase[] = [
  arrivesAs('D', '?gclid=old&fbclid=new', null, { source: 'facebook', clickId: { name: 'fbclid', value: 'new' } }),
  arrivesAs('D', '?gclid=old&fbclid=new', 'https://l.facebook.com/', {
    source: 'facebook',
    clickId: { name: 'fbclid', value: 'new' },
    clickIds: [
      { name: 'gclid', value: 'old' },
      { name: 'fbclid', value: 'new' },
    ],
  }),
  arrivesAs('D', '?gclid=x&msclkid=y', 'https://www.bing.com/', {
    channel: 'Paid Search',
    source: 'bing',
    medium: 'cpc',
    clickId: { name: 'msclkid', value: 'y' },
  }),
  arrivesAs('D', '?fbclid=old&ttclid=new', 'https://www.tiktok.com/', {
    channel: 'Paid Social',
    source: 'tiktok',
    medium: 'paid-social',
    clickId: { name: 'ttclid', value: 'new' },
  }),
  arrivesAs('D', '?msclkid=new&gclid=old', 'https://www.bing.com/', {
    source: 'bing',
    clickId: { name: 'msclkid', value: 'new' },
  }),
  arrivesAs('D', '?fbclid=old', 'https://www.linkedin.com/', { channel: 'Organic Social', source: 'linkedin' }),
  arrivesAs('D', '?fbclid=old', 'https://www.google.no/', { channel: 'Organic Search', source: 'google' }),
];

const mediumCases: FieldCase[] = [
  arrivesAs('E2', '?utm_medium=cpc', 'https://www.youtube.com/', { channel: 'Paid Video', source: 'youtube' }),
  arrivesAs('E2', '?utm_medium=cpc', 'https://www.google.no/', { channel: 'Paid Search', source: 'google' }),
  arrivesAs('E2', '?utm_medium=social', 'https://m.facebook.com/', { channel: 'Organic Social', source: 'facebook' }),
  arrivesAs('E2', '?utm_medium=cpc', 'https://www.nrk.no/', { channel: 'Paid Other', source: null }),
  arrivesAs('E3', '?gclid=x', 'https://www.youtube.com/', { channel: 'Paid Video', source: 'youtube', medium: 'cpc' }),
  arrivesAs('E3', '?gclid=x', 'https://0f1e2d.safeframe.googlesyndication.com/', { channel: 'Display' }),
  arrivesAs('E3', '?gclid=x', 'https://googleads.g.doubleclick.net/', { channel: 'Display' }),
  arrivesAs('E3', '?gbraid=x', 'https://m.youtube.com/', { channel: 'Paid Video', source: 'youtube', medium: 'cpc' }),
  arrivesAs('E3', '?wbraid=x', 'https://tpc.googlesyndication.com/', { channel: 'Display' }),
  arrivesAs('E3', '?gclid=x', 'android-app://com.google.android.youtube/', {
    channel: 'Paid Video',
    source: 'youtube',
  }),
  arrivesAs('E3', '?gclid=x', 'https://syndicatedsearch.goog/', { channel: 'Paid Search', source: 'google' }),
  arrivesAs('E3', '?gclid=x', 'https://www.google.com/', { channel: 'Paid Search', source: 'google', medium: 'cpc' }),
];

const namedCases: FieldCase[] = [
  ...['facebook_paid', 'paid-facebook', 'linkedin_sponsored', 'FacebookAdvertising', 'fb-cpc'].map((source) =>
    arrivesAs('E4', `?utm_source=${source}`, null, { channel: 'Paid Social' }),
  ),
  ...['google_cpc', 'bing-ppc'].map((source) =>
    arrivesAs('E4', `?utm_source=${source}`, null, { channel: 'Paid Search' }),
  ),
  ...['le-chat', 'bing_chat', 'microsoft-copilot', 'google-gemini', 'perplexity_ai', 'chatgpt-search', 'meta-ai'].map(
    (source) => arrivesAs('U', `?utm_source=${source}`, null, { channel: 'AI Assistant' }),
  ),
  ...['google-maps', 'brave_search'].map((source) =>
    arrivesAs('U', `?utm_source=${source}`, null, { channel: 'Organic Search' }),
  ),
  arrivesAs('E', '', 'https://l.wl.co/', { channel: 'Organic Social', source: 'whatsapp' }),
  ...['connect.xfinity.com', 'epost.kunde.no', 'sposti.elisa.fi', 'sogo.kunde.de', 'mailo.com', 'freemail.hu'].map(
    (host) => arrivesAs('G2', '', `https://${host}/`, { channel: 'Email' }),
  ),
  ...['ssl.ditonlinebetalingssystem.dk', 'bancontact.girogate.be', 'checkout.square.site'].map((host): FieldCase => ({
    kind: 'T',
    arrivals: [linkedin, { page: '/takk', referrer: `https://${host}/` }],
    want: isLinkedin,
    wantTimeOf: 0,
  })),
];

const otherIdCases: FieldCase[] = [
  arrivesAs('E5', '?gad_source=1', null, { channel: 'Paid Search', source: 'google', medium: 'cpc' }),
  arrivesAs('E5', '?gad_campaignid=123', null, { channel: 'Paid Search', source: 'google', medium: 'cpc' }),
  arrivesAs('E5', '?gad_source=1&utm_medium=pmax&utm_source=google', null, {
    channel: 'Paid Search',
    source: 'google',
    medium: 'pmax',
  }),
  arrivesAs('E5', '?gclid=a&gad_source=1', null, { channel: 'Paid Search', clickId: { name: 'gclid', value: 'a' } }),
  arrivesAs('E5', '?gad_source=1&fbclid=x', 'https://l.facebook.com/', {
    channel: 'Organic Social',
    source: 'facebook',
  }),
  arrivesAs('E5', '?igsh=x', null, {
    channel: 'Organic Social',
    source: 'instagram',
    clickId: { name: 'igsh', value: 'x' },
  }),
  arrivesAs('E5', '?dicbo=v2-x', 'https://www.nrk.no/', { channel: 'Paid Other', source: 'outbrain', medium: 'cpc' }),
  arrivesAs('E5', '?ob_click_id=x', null, { channel: 'Paid Other', source: 'outbrain', medium: 'cpc' }),
  arrivesAs('E5', '?tblci=x', 'https://www.vg.no/', { channel: 'Paid Other', source: 'taboola', medium: 'cpc' }),
  arrivesAs('E5', '?oppref=x', 'https://chatgpt.com/', { channel: 'Paid AI', source: 'chatgpt' }),
  arrivesAs('E5', '?utm_source=chatgpt.com&oppref=x', null, { channel: 'Paid AI', source: 'chatgpt.com' }),
];

const appCases: FieldCase[] = [
  arrivesAs('F', '', 'android-app://com.google.android.apps.docs/', {
    channel: 'Referral',
    source: 'com.google.android.apps.docs',
    referrerDomain: 'com.google.android.apps.docs',
  }),
  arrivesAs('F', '', 'android-app://com.android.chrome', {
    channel: 'Referral',
    source: 'com.android.chrome',
    referrerDomain: 'com.android.chrome',
  }),
  arrivesAs('F', '', 'android-app://com.google.android.gm/', { channel: 'Email', source: 'gmail' }),
  arrivesAs('F', '', 'android-app://com.amazon.mShop.android.shopping/', {
    channel: 'Organic Shopping',
    source: 'amazon',
  }),
  arrivesAs('F', '', 'android-app://ch.protonmail.android/', { channel: 'Email', source: 'proton mail' }),
  arrivesAs('F', '', 'android-app://com.viber.voip/', { channel: 'Organic Social', source: 'viber' }),
  arrivesAs('F', '', 'android-app://com.firma.no/', { channel: 'Referral', source: 'com.firma.no' }),
];

const separatorCases: FieldCase[] = [
  arrivesAs('O', '?a=1?utm_source=twitter&utm_medium=social', null, { source: 'twitter', medium: 'social' }),
  arrivesAs('O', '?utm_source=facebook?fbclid=abc', null, {
    source: 'facebook',
    clickId: { name: 'fbclid', value: 'abc' },
  }),
  arrivesAs('O', '?utm_source=facebook%3Ffbclid%3Dabc', null, {
    source: 'facebook',
    clickId: { name: 'fbclid', value: 'abc' },
  }),
  arrivesAs('O', '?utm_source=a&amp;utm_medium=referral&amp;utm_campaign=c', null, {
    source: 'a',
    medium: 'referral',
    campaign: 'c',
  }),
  arrivesAs('O', '?utm_source=a&amp%3Butm_medium=referral&amp%3Butm_campaign=c', null, {
    source: 'a',
    medium: 'referral',
    campaign: 'c',
  }),
  arrivesAs('O', '?utm_source=a&amp;amp;utm_medium=email?gclid=G', null, {
    source: 'a',
    medium: 'email',
    clickIds: [{ name: 'gclid', value: 'G' }],
  }),
  ...[
    '?utm_source=x;utm_medium=email',
    '?utm_source=x&#038;utm_medium=email',
    '?utm_source%3Dx%26utm_medium%3Demail',
    '?%3Futm_source=x&utm_medium=email',
    '?utm_source=x&utm_medium=email?_hsenc=p2A',
    '?utm_source=x&utm_medium=email?mc_cid=a&mc_eid=b',
    '/side&utm_source=x&utm_medium=email',
    '/side&utm_source=x&utm_medium=email?fbclid=Iw',
    '/side%3Futm_source%3Dx%26utm_medium%3Demail',
  ].map((page) => arrivesAs('O', page, null, { source: 'x', medium: 'email' })),
  arrivesAs('O', '/a&b;c', null, { channel: 'Direct' }),
  arrivesAs('O', '?utm_source=what?&utm_medium=email', null, { source: 'what?', medium: 'email' }),
];

const byteCases: FieldCase[] = [
  arrivesAs('N', '?utm_source=a&utm_campaign=v%E5r', null, { campaign: 'vår' }),
  arrivesAs('N', '?utm_source=a&utm_campaign=v%C3%A5r', null, { campaign: 'vår' }),
  arrivesAs('N', '?utm_source=a&utm_campaign=100%25+%F8l+%80', null, { campaign: '100% øl €' }),
];

export const fieldCases: readonly FieldCase[] = [
  ...directCases,
  ...placeholderCases,
  ...sameClickCases,
  ...filledFieldCases,
  ...severalIdCases,
  ...mediumCases,
  ...namedCases,
  ...otherIdCases,
  ...appCases,
  ...separatorCases,
  ...byteCases,
];
