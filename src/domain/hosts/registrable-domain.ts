import { getEmptyResult, parseImpl } from 'tldts-core';
import { findSuffix } from './public-suffixes.ts';
import type { Suffix } from './public-suffixes.ts';

/** As much of a host as is asked for: tldts's own steps. */
const steps = { hostname: 0, domain: 3 } as unknown as Record<'hostname' | 'domain', Parameters<typeof parseImpl>[1]>;

const lookUp: Parameters<typeof parseImpl>[2] = (host, _options, out) => {
  const { suffix, kind } = findSuffix(host);
  out.publicSuffix = suffix;
  out.isIcann = kind === 'icann';
  out.isPrivate = kind === 'private';
};

const parse = (text: string, step: Parameters<typeof parseImpl>[1]) =>
  parseImpl(text, step, lookUp, { allowPrivateDomains: true }, getEmptyResult());

/** The registrable domain of a host in ASCII, and what kind of suffix it is under; private suffixes count. */
export function domainUnderSuffix(host: string): { domain: string | null; kind: Suffix['kind'] } {
  const { domain, isIcann, isPrivate } = parse(host, steps.domain);
  return { domain, kind: isIcann ? 'icann' : isPrivate ? 'private' : null };
}

/**
 * The part of a host name that one owner registered, by the public suffix list: `www.firma.co.uk` → `firma.co.uk`.
 *
 * Takes a host, a URL or an e-mail address. Always answers in lower-case ASCII (`xn--…`), whichever spelling came in,
 * so that two spellings of one domain compare equal. Null for an IP address, a bare suffix, a single label such as
 * `localhost`, and whatever is no host name. An unlisted top-level domain counts as a suffix of its own.
 */
export function registrableDomain(hostOrUrl: string): string | null {
  const host = asciiHost(hostOrUrl);
  return host === null ? null : domainUnderSuffix(host).domain;
}

/** Whether two hosts (or URLs) belong to one owner. Hosts with no registrable domain (`localhost`, an IP) must be equal. */
export function isSameSite(hostA: string, hostB: string): boolean {
  const a = asciiHost(hostA);
  const b = asciiHost(hostB);
  if (a === null || b === null) return false;
  return a === b || (domainUnderSuffix(a).domain ?? a) === (domainUnderSuffix(b).domain ?? b);
}

function asciiHost(hostOrUrl: string): string | null {
  const host = parse(hostOrUrl, steps.hostname).hostname;
  // The list's own checks demand nothing of a name with an empty label; tldts would skip it.
  if (host === null || host.startsWith('.')) return null;
  if (isAscii(host)) return host;
  return URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : null;
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}
