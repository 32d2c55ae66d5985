import { domainUnderSuffix } from '../identity/registrable-domain.ts';

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
};

/** Where the table stands among the Worker's assets. */
export const sourcesAsset = '/sources.json';

/** Suffixes under which `name.*` is the same source; names one a line; hosts as `readGroup` has them. */
export type PackedSources = {
  countrySuffixes: string;
  categories: Record<SourceCategory, { names: string; hosts: string }>;
};

// The one table of the isolate: constant data, too large to be part of the code.
let packed: PackedSources | undefined;
let tables: Tables | undefined;

/** Gives the table to all that ask for sources: before the first event of an isolate is handled. */
export function useSources(given: PackedSources): void {
  packed ??= given;
}

/** The source a host belongs to, or null. `google.com.evil.io` and `notgoogle.com` belong to none. Lower case, no `www.`. */
export function findSourceByHost(host: string): KnownSource | null {
  const { exact, below, families, suffixes } = (tables ??= readTables());
  const found = exact.get(host);
  if (found) return found;
  for (let dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1)) {
    const covering = below.get(host.slice(dot + 1));
    if (covering) return covering;
    const family = suffixes.has(host.slice(dot + 1)) ? families.get(host.slice(0, dot)) : undefined;
    if (family) return family;
  }
  // A company's or an access provider's own mail in the browser: no list has them all.
  return host.startsWith('webmail.') ? { category: 'email', name: host } : null;
}

/** The category of a source as written in `utm_source`: a name (`google`) or a host (`www.google.no`). Takes a canonical value. */
export function categoryOfSource(canonicalSource: string): SourceCategory | null {
  const { names } = (tables ??= readTables());
  const byName = names.get(canonicalSource);
  if (byName) return byName;
  if (!canonicalSource.includes('.')) return null;
  const host = canonicalSource.startsWith('www.') ? canonicalSource.slice(4) : canonicalSource;
  return findSourceByHost(host)?.category ?? null;
}

/** The registrable domain of a referrer's host. An app's package name, and a host under no public suffix, are their own. */
export function referrerDomainOf(host: string): string {
  const { apps } = (tables ??= readTables());
  const { domain, kind } = domainUnderSuffix(host);
  return domain !== null && kind !== null && !apps.has(host) ? domain : host;
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
 * country, `@` marks an app.
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
    if (pattern.startsWith('*.')) read.below.set(host, source);
  }
}
