import { domainUnderSuffix } from '../hosts/registrable-domain.ts';

export const sourceCategories = ['search', 'social', 'shopping', 'video', 'email', 'ai'] as const;
export type SourceCategory = (typeof sourceCategories)[number];

/** A source the table knows. `name` is what it is called in an origin: `google`, `linkedin`, `chatgpt`. */
export type KnownSource = { category: SourceCategory; name: string };

type Tables = {
  names: Map<string, SourceCategory>;
  exact: Map<string, KnownSource>;
  /** By domain: the entry covers every host below it. */
  below: Map<string, KnownSource>;
  /** By what stands before a country's suffix: `google`, `images.google`. */
  families: Map<string, KnownSource>;
  suffixes: Set<string>;
  /** Package names of Android apps, which look like hosts. */
  apps: Set<string>;
  /** Hosts that take money, log in or ask for consent; each covers what is below it. `name.*` stands for the name in every country. */
  intermediaries: Set<string>;
};

/** Where the table stands among the Worker's assets. */
export const sourcesAsset = '/sources.json';

/** Suffixes under which `name.*` is the same source; names one a line; hosts as `readGroup` has them. */
export type PackedSources = {
  countrySuffixes: string;
  categories: Record<SourceCategory, { names: string; hosts: string }>;
  intermediaries: string;
};

// The one table of the isolate: constant data, too large to be part of the code.
let packed: PackedSources | undefined;
let tables: Tables | undefined;

/** Gives the table to all that ask for sources: before the first event of an isolate is handled. */
export function useSources(given: PackedSources): void {
  packed ??= given;
}

/**
 * The source a host belongs to, or null. A host that is not listed belongs to none, whatever its parent is: `docs.google.com` is no search
 * engine, `google.com.evil.io` and `notgoogle.com` are none either. Lower case, no `www.`.
 */
export function findSourceByHost(host: string): KnownSource | null {
  const { exact, below, families, suffixes } = (tables ??= readTables());
  const found = exact.get(host);
  if (found) return found;
  for (let dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1)) {
    const parent = host.slice(dot + 1);
    const covering = below.get(parent);
    if (covering) return covering.category !== 'email' && isDesk(host) ? null : covering;
    const family = suffixes.has(parent) ? families.get(host.slice(0, dot)) : undefined;
    if (family) return family;
  }
  // A company's or an access provider's own mail in the browser: no list has them all.
  return isWebmail(host) ? { category: 'email', name: host } : null;
}

const desk =
  /^(?:help|support|docs?|developers?|dev|blog|status|careers|jobs|about|press|investors?|platform|console|learn|academy)\./;

/** Is this host help, manuals and the like of a network? A link there stands in no feed and no answer. */
export function isDesk(host: string): boolean {
  return desk.test(host);
}

// Mail in the browser by what its host is called, in the languages around. Behind the first label the host has an owner's domain at least.
const webmail =
  /(?:^|\.)(?:[a-z\d-]*mail(?:er|s|box|center|business|pro)?\d*(?:-[a-z\d]+)?|messagerie[a-z\d-]*|roundcube|rainloop|squirrelmail|horde|sogo|zimbra|owa|e-?post|s(?:ahko)?posti|3c(?:-[a-z]+)?|poczta|correo(?:web)?|webpost)\.(?=[^.]+\.[^.])/;
const dereferrer = /^deref-/;

function isWebmail(host: string): boolean {
  if (dereferrer.test(host)) return true;
  const label = webmail.exec(host);
  if (!label) return false;
  // `dailymail.co.uk` is a domain, not a mailbox.
  const start = label[0].startsWith('.') ? label.index + 1 : label.index;
  const owner = domainUnderSuffix(host).domain;
  return owner !== null && start < host.length - owner.length;
}

/** The source an Android app is, by its package name, or null. Lower case. */
export function findSourceByApp(packageName: string): KnownSource | null {
  const { apps, exact } = (tables ??= readTables());
  return apps.has(packageName) ? (exact.get(packageName) ?? null) : null;
}

/** Does the table know a host below this domain? Then the domain alone does not say whose referrer it was. */
export function hasKnownHostBelow(domain: string): boolean {
  const { exact } = (tables ??= readTables());
  return exact.keys().some((host) => host.endsWith(`.${domain}`));
}

/** What a name in `utm_source` means: its category, and whether it names ads. */
export type NamedSource = { category: SourceCategory; isAd: boolean };

/**
 * The source written in `utm_source`: a name (`google`), a host (`www.google.no`), or either with ads named (`google_ads`, `fb-ads`,
 * `ads-google`). Null for one that is not known. Takes a canonical value.
 */
export function readNamedSource(canonicalSource: string): NamedSource | null {
  const category = plainCategory(canonicalSource);
  if (category !== null) return { category, isAd: false };
  for (const platform of platformsOfAds(canonicalSource)) {
    const advertised = plainCategory(platform);
    if (advertised !== null) return { category: advertised, isAd: true };
  }
  return null;
}

/** The category of a source as written in `utm_source`. Takes a canonical value. */
export function categoryOfSource(canonicalSource: string): SourceCategory | null {
  return readNamedSource(canonicalSource)?.category ?? null;
}

function plainCategory(canonicalSource: string): SourceCategory | null {
  const { names } = (tables ??= readTables());
  // `google-maps` and `bing_chat` are names of two words.
  const byName = names.get(canonicalSource) ?? names.get(canonicalSource.replace(/[_-]+/g, ' '));
  if (byName) return byName;
  if (!canonicalSource.includes('.')) return null;
  const host = canonicalSource.startsWith('www.') ? canonicalSource.slice(4) : canonicalSource;
  return findSourceByHost(host)?.category ?? null;
}

/** Names that platforms have only where ads are spoken of. */
const adNames: Record<string, string> = {
  g: 'google',
  goog: 'google',
  ms: 'bing',
  msft: 'bing',
  microsoft: 'bing',
  li: 'linkedin',
  tt: 'tiktok',
  tw: 'twitter',
  pin: 'pinterest',
  snap: 'snapchat',
  rd: 'reddit',
};

const adWord = '(?:ads?|adwords|advertising|paid|sponsored|cpc|ppc)';
const before = new RegExp(`^${adWord}[\\s_.+|/:-]+(.+)$`);
const after = new RegExp(`^(.+?)[\\s_.+|/:-]+${adWord}$`);
const joinedAfter = /^(?:(.+?)(?:ads|adwords|advertising)|(..+)ad)$/;
const joinedBefore = /^ads(.{4,})$/;
const separator = /[\s_.+|/:-]+/;

/**
 * The platforms that `google_ads`, `fbads`, `ads-google` or `facebook_feed_ad` may mean, the likeliest first. `leads` and `uploads` mean
 * none: `le` and `uplo` are no platforms.
 */
function platformsOfAds(canonicalSource: string): string[] {
  if (canonicalSource === 'adwords') return ['google'];
  const separated = (after.exec(canonicalSource) ?? before.exec(canonicalSource))?.[1];
  const joined = joinedAfter.exec(canonicalSource) ?? joinedBefore.exec(canonicalSource);
  const names = separated === undefined ? [joined?.[1] ?? joined?.[2]] : [separated, separated.split(separator)[0]];
  return names.flatMap((name) => (name ? [Object.hasOwn(adNames, name) ? adNames[name]! : name] : []));
}

/** The registrable domain of a referrer's host. An app's package name, and a host under no public suffix, are their own. */
export function referrerDomainOf(host: string): string {
  const { apps } = (tables ??= readTables());
  const { domain, kind } = domainUnderSuffix(host);
  return domain !== null && kind !== null && !apps.has(host) ? domain : host;
}

/**
 * What a referral from an unknown host is called: its domain, as the reader of a report knows it. Where the domain itself is a known source,
 * the host, since `docs.google.com` is not Google's search.
 */
export function nameUnknownHost(host: string): string {
  const domain = referrerDomainOf(host);
  return plainCategory(domain) === null ? domain : host;
}

// Called so, a host takes money, logs in or asks for consent, whoever owns it.
const intermediaryLabel =
  /^(?:[a-z\d]+-)?(?:acs\d*|3-?ds(?:ecure|s)?\d*|checkout|pay|payments?|securepay(?:ments?)?|paypage|hpp|ideal|login|log-in|signin|sso|oauth2?|auth|idp|wayf|shibboleth|consent|cmp|captcha)(?:-[a-z\d]+)?\./;

/**
 * Whether a host sends a visitor back in the middle of a visit: payment, login, consent, translation. It brought nobody. By list, and by
 * its first label where no list names it otherwise.
 */
export function isIntermediary(host: string): boolean {
  const { intermediaries, suffixes, exact } = (tables ??= readTables());
  for (let start = 0; start >= 0 && start < host.length; start = host.indexOf('.', start) + 1 || -1) {
    if (intermediaries.has(host.slice(start))) return true;
  }
  const country = host.indexOf('.', host.indexOf('.') + 1);
  if (country > 0 && suffixes.has(host.slice(country + 1)) && intermediaries.has(`${host.slice(0, country)}.*`))
    return true;
  if (!intermediaryLabel.test(host) || exact.has(host)) return false;
  return domainUnderSuffix(host).domain !== host;
}

function readTables(): Tables {
  if (!packed) throw new Error('The table of sources has not been read.');
  const read: Tables = {
    names: new Map(),
    exact: new Map(),
    below: new Map(),
    families: new Map(),
    suffixes: new Set(packed.countrySuffixes.split(' ')),
    apps: new Set(),
    intermediaries: new Set(packed.intermediaries.split(' ')),
  };
  for (const category of sourceCategories) {
    const { names, hosts } = packed.categories[category];
    for (const name of names.split('\n')) if (name) read.names.set(name, category);
    for (const group of hosts.split('\n')) readGroup(read, category, group);
  }
  return read;
}

/**
 * One line: `name>host host …`; without a name each host is its own. `*.host` covers what is below it, `name.*` the name in every
 * country, `@` marks an app. A mailbox covers what is below it in any case.
 */
function readGroup(read: Tables, category: SourceCategory, group: string): void {
  const [name = '', hosts = ''] = group.split('>');
  for (const pattern of hosts.split(' ')) {
    if (!pattern) continue;
    if (pattern.endsWith('.*')) {
      read.families.set(pattern.slice(0, -2), { category, name });
      continue;
    }
    const host = pattern.replace(/^(?:\*\.|@)/, '');
    if (pattern.startsWith('@')) read.apps.add(host);
    const source = { category, name: name || host };
    read.exact.set(host, source);
    const isMailbox = category === 'email' && host.indexOf('.') !== host.lastIndexOf('.');
    if (pattern.startsWith('*.') || isMailbox) read.below.set(host, source);
  }
}
