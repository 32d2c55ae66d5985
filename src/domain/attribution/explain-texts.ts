import type { ChannelRule } from './channel-rule.ts';
import type { LookedAt, OriginRule, PassedOver, PassedOverReason, Reasons, EvidenceUse } from './explain.ts';

export const explainLanguages = ['en', 'no'] as const;
export type ExplainLanguage = (typeof explainLanguages)[number];

type Words = Record<ExplainLanguage, string>;

const put = (text: string, values: Record<string, string>): string =>
  text.replace(/\{(\w+)\}/g, (_all, name: string) => values[name] ?? '');

const passedOverTexts: Record<PassedOverReason, Words> = {
  placeholder: {
    en: '{name} says “{value}”, which a tool writes when it has nothing. It is no value.',
    no: '{name} er «{value}», som verktøy skriver når de ikke har noe. Det er ingen verdi.',
  },
  utmWins: {
    en: '{value} was not used, because utm values in the address come first.',
    no: '{value} ble ikke brukt, fordi utm-verdier i adressen går først.',
  },
  conflictsWithUtm: {
    en: 'The click id {name} was not used, because it belongs to another source than the utm values.',
    no: 'Klikk-ID-en {name} ble ikke brukt, fordi den hører til en annen kilde enn utm-verdiene.',
  },
  clickIdWins: {
    en: 'The referrer {value} was not used, because the click id in the address comes first.',
    no: 'Henvisningen fra {value} ble ikke brukt, fordi klikk-ID-en i adressen går først.',
  },
  otherClickIdWins: {
    en: 'The click id {name} is stored, but another one decides: the one of the referrer, else the last in the address.',
    no: 'Klikk-ID-en {name} er lagret, men en annen avgjør: den som hører til henvisningen, ellers den siste i adressen.',
  },
  staleClickId: {
    en: 'The click id {name} is old: the link was copied, and the visitor came from elsewhere.',
    no: 'Klikk-ID-en {name} er gammel: lenken er kopiert, og den besøkende kom fra et annet sted.',
  },
  unknownClickId: {
    en: 'The click id {name} is of no known ad platform.',
    no: 'Klikk-ID-en {name} hører ikke til noen kjent annonseplattform.',
  },
  ignoredReferrer: {
    en: '{value} is a payment, login or consent provider, or on the ignore list of the site. It brought nobody.',
    no: '{value} er en tjeneste for betaling, innlogging eller samtykke, eller står på nettstedets ignorer-liste. Den brakte ingen hit.',
  },
  ownSite: {
    en: '{value} is a page of the site itself: the visitor was there already.',
    no: '{value} er en side på nettstedet selv: den besøkende var der allerede.',
  },
  unreadableReferrer: {
    en: 'The referrer “{value}” is not an address of a page or an app.',
    no: 'Henvisningen «{value}» er ikke adressen til en side eller en app.',
  },
  parentNotInherited: {
    en: '{value} is a known source, but the host that the visitor came from is not. It does not inherit the category.',
    no: '{value} er en kjent kilde, men verten som den besøkende kom fra er ikke det. Den arver ikke kategorien.',
  },
  sameClick: {
    en: 'The page {value} shows part of the same click as an earlier arrival. It is no arrival of its own.',
    no: 'Siden {value} viser en del av samme klikk som en tidligere ankomst. Den er ingen egen ankomst.',
  },
};

const originTexts: Record<OriginRule, Words> = {
  utm: {
    en: 'The utm values in the address say where the visitor came from.',
    no: 'Utm-verdiene i adressen forteller hvor den besøkende kom fra.',
  },
  clickId: {
    en: 'The click id {source} says which ad platform the visitor came from.',
    no: 'Klikk-ID-en {source} forteller hvilken annonseplattform den besøkende kom fra.',
  },
  referrer: {
    en: 'The referrer says where the visitor came from.',
    no: 'Henvisningen forteller hvor den besøkende kom fra.',
  },
  campaignOnly: {
    en: 'The address has a campaign, but nothing says where the visitor came from. It never replaces a known origin.',
    no: 'Adressen har en kampanje, men ingenting forteller hvor den besøkende kom fra. Den erstatter aldri et kjent opphav.',
  },
  direct: { en: 'Nothing says where the visitor came from.', no: 'Ingenting forteller hvor den besøkende kom fra.' },
  sameClick: {
    en: 'The page shows part of the click of an earlier arrival, so that arrival counts, whole.',
    no: 'Siden viser en del av klikket til en tidligere ankomst, så den ankomsten gjelder, hel.',
  },
};

const filledTexts: Record<'source' | 'medium', Words> = {
  source: { en: ' The source was missing: {by} gave it.', no: ' Kilden manglet: {by} ga den.' },
  medium: { en: ' The medium was missing: {by} gave it.', no: ' Mediet manglet: {by} ga det.' },
};

const useTexts: Record<EvidenceUse, Words> = {
  source: { en: '{name} gave the source.', no: '{name} ga kilden.' },
  medium: { en: '{name} gave the medium.', no: '{name} ga mediet.' },
  sourceAndMedium: { en: '{name} gave source and medium.', no: '{name} ga kilde og medium.' },
  kept: { en: '{name} is stored with the touch.', no: '{name} er lagret med berøringen.' },
  passedOver: { en: '{name} was passed over.', no: '{name} ble ikke brukt.' },
};

/** What each row of the default table asks for, by its channel. */
const channelTexts: Record<string, Words> = {
  Direct: { en: 'nothing is known', no: 'ingenting er kjent' },
  'Cross-network': { en: 'the campaign contains cross-network', no: 'kampanjen inneholder cross-network' },
  'Paid Shopping': {
    en: 'a shopping source or a shop campaign, and a paid medium',
    no: 'en handelskilde eller butikkampanje, og et betalt medium',
  },
  'Paid Search': { en: 'a search engine and a paid medium', no: 'en søkemotor og et betalt medium' },
  'Paid Social': { en: 'a social network and a paid medium', no: 'et sosialt nettverk og et betalt medium' },
  'Paid Video': { en: 'a video site and a paid medium', no: 'et videonettsted og et betalt medium' },
  Display: {
    en: 'the medium is display, banner, expandable, interstitial or cpm, or the ad stood in a display frame',
    no: 'mediet er display, banner, expandable, interstitial eller cpm, eller annonsen sto i en displayramme',
  },
  'Paid AI': {
    en: "an AI assistant and a paid medium, or an AI assistant's ad click id",
    no: 'en KI-assistent og et betalt medium, eller klikk-ID-en til en annonse hos en KI-assistent',
  },
  'Paid Other': { en: 'a paid medium', no: 'et betalt medium' },
  'AI Assistant': { en: 'an AI assistant', no: 'en KI-assistent' },
  'Organic Shopping': { en: 'a shopping source or a shop campaign', no: 'en handelskilde eller butikkampanje' },
  'Organic Social': {
    en: 'a social network, or a medium such as social',
    no: 'et sosialt nettverk, eller et medium som social',
  },
  'Organic Video': {
    en: 'a video site, or a medium that contains video',
    no: 'et videonettsted, eller et medium som inneholder video',
  },
  Email: {
    en: 'webmail, or source or medium is email, e-mail, e_mail, e mail or newsletter',
    no: 'webmail, eller kilde eller medium er email, e-mail, e_mail, e mail eller newsletter',
  },
  'Organic Search': { en: 'a search engine, or the medium organic', no: 'en søkemotor, eller mediet organic' },
  Referral: { en: 'the medium is referral, app or link', no: 'mediet er referral, app eller link' },
  Affiliates: { en: 'the medium is affiliate', no: 'mediet er affiliate' },
  Audio: { en: 'the medium is audio', no: 'mediet er audio' },
  SMS: { en: 'source or medium is sms', no: 'kilde eller medium er sms' },
  'Mobile Push Notifications': {
    en: 'the medium ends with push or contains mobile or notification, or the source is firebase',
    no: 'mediet slutter på push eller inneholder mobile eller notification, eller kilden er firebase',
  },
  Unassigned: { en: 'no other rule holds', no: 'ingen annen regel gjelder' },
};

const channelFrame: Record<'site' | 'default', Words> = {
  site: { en: '{channel} by rule {row} of the site: {when}.', no: '{channel} etter nettstedets regel {row}: {when}.' },
  default: {
    en: '{channel} by rule {row} of the default table: {when}.',
    no: '{channel} etter regel {row} i standardtabellen: {when}.',
  },
};

const operators: Record<string, string> = {
  equals: 'er',
  oneOf: 'er en av',
  startsWith: 'begynner med',
  endsWith: 'slutter på',
  contains: 'inneholder',
};

const fieldNames: Record<string, string> = {
  source: 'kilde',
  medium: 'medium',
  campaign: 'kampanje',
  referrerDomain: 'henvisende domene',
  clickId: 'klikk-ID',
};

export function passedOverText({ name, value, reason }: PassedOver, language: ExplainLanguage): string {
  return put(passedOverTexts[reason][language], { name, value });
}

export function evidenceText({ name, use }: LookedAt, language: ExplainLanguage): string {
  return put(useTexts[use][language], { name });
}

export function originText({ rule, source, medium }: Reasons['origin'], language: ExplainLanguage): string {
  const text = put(originTexts[rule][language], { source: source ?? '' });
  if (rule !== 'utm') return text;
  const filled = (what: 'source' | 'medium', by: string | null): string =>
    by === null || by === 'utm' ? '' : put(filledTexts[what][language], { by });
  return text + filled('source', source) + filled('medium', medium);
}

/** What the rule that gave a channel asks for. */
export function channelWhen(
  { channel, rule, siteRules }: { channel: string; rule: Reasons['channel']; siteRules: readonly ChannelRule[] },
  language: ExplainLanguage,
): string {
  if (rule.from === 'default') return channelTexts[channel]?.[language] ?? '';
  const conditions = Object.entries(siteRules[rule.row - 1]?.when ?? {});
  return conditions
    .flatMap(([field, wanted]) => {
      if (!wanted) return [];
      const values = [wanted.value].flat().join(', ');
      const isNorwegian = language === 'no';
      return [`${isNorwegian ? fieldNames[field] : field} ${isNorwegian ? operators[wanted.op] : wanted.op} ${values}`];
    })
    .join(language === 'no' ? ' og ' : ' and ');
}

export function channelText(
  { channel, rule, when }: { channel: string; rule: Reasons['channel']; when: string },
  language: ExplainLanguage,
): string {
  return put(channelFrame[rule.from][language], { channel, row: String(rule.row), when });
}
