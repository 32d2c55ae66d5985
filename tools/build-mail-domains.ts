/**
 * Writes assets/mail-domains.json from two packages and tools/mail-facts.ts.
 * Run after one of the packages is upgraded: `node tools/build-mail-domains.ts`. A test fails while the file is out of date.
 */
import { writeFile } from 'node:fs/promises';
import disposable from 'disposable-email-domains-js/dist/dict/disposable_email_blocklist.json' with { type: 'json' };
import providers from 'email-providers/all.json' with { type: 'json' };
import { parse } from 'tldts';
import { isMailBrand } from '../src/domain/hosts/mail-brands.ts';
import { mailDomainsAsset } from '../src/domain/hosts/mail-domains.ts';
import type { PackedMailDomains } from '../src/domain/hosts/mail-domains.ts';
import { packDomains } from '../src/domain/hosts/packed-domains.ts';
import { missingProviders, notProviders } from './mail-facts.ts';

const target = new URL(`../assets${mailDomainsAsset}`, import.meta.url);

/** The text of the file, from what is installed. */
export function renderMailDomainLists(): string {
  const added = words(Object.values(missingProviders).join(' '));
  const excluded = words(notProviders);
  // A name added by hand is a provider whatever the throw-away list says of it.
  const throwAway = new Set(disposable.map(ascii).filter((name) => isRegistered(name) && !added.has(name)));
  const listed = providers
    .map(ascii)
    .filter((name) => isRegistered(name) && !excluded.has(name) && !isInstitution(name));
  const all = new Set([...listed, ...added]);
  const free = [...all].filter(
    (name) =>
      added.has(name) || !parents(name).some((parent) => throwAway.has(parent) || (parent !== name && all.has(parent))),
  );
  const packed: PackedMailDomains = {
    free: packDomains(free.filter((name) => !isMailBrand(name))),
    disposable: packDomains(throwAway),
  };
  return `${JSON.stringify(packed, null, 2)}\n`;
}

function words(text: string): Set<string> {
  return new Set(text.split(/\s+/u).filter(Boolean));
}

/** One name of either list has an address in front of it, some are not ASCII. */
function ascii(entry: string): string {
  return new URL(`http://${entry.slice(entry.indexOf('@') + 1)}`).hostname;
}

/** Subdomains count with their parent, so a public suffix (`com.ar`, `pp.ua`) on a list would take everybody below it along. */
function isRegistered(name: string): boolean {
  return parse(name, { allowPrivateDomains: true }).domain !== null;
}

/** A student's address says where they study, which is an organisation like another. */
function isInstitution(name: string): boolean {
  return name
    .split('.')
    .slice(-2)
    .some((part) => ['edu', 'ac', 'gov', 'mil'].includes(part));
}

function parents(name: string): string[] {
  const labels = name.split('.');
  return labels.slice(0, -1).map((_, index) => labels.slice(index).join('.'));
}

if (import.meta.main) await writeFile(target, renderMailDomainLists());
