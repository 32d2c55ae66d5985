import { getDomain, getHostname } from 'tldts';

// Private suffixes count: `foo.github.io` and `shop.myshopify.com` belong to different owners.
const suffixRules = { allowPrivateDomains: true };

/**
 * The part of a host name that one owner registered, by the public suffix list: `www.firma.co.uk` → `firma.co.uk`.
 *
 * Takes a host, a URL or an e-mail address. Always answers in lower-case ASCII (`xn--…`), whichever spelling came in,
 * so that two spellings of one domain compare equal. Null for an IP address, a bare suffix, a single label such as
 * `localhost`, and whatever is no host name. An unlisted top-level domain counts as a suffix of its own.
 */
export function registrableDomain(hostOrUrl: string): string | null {
  const host = asciiHost(hostOrUrl);
  return host === null ? null : getDomain(host, suffixRules);
}

/** Whether two hosts (or URLs) belong to one owner. Hosts with no registrable domain (`localhost`, an IP) must be equal. */
export function isSameSite(hostA: string, hostB: string): boolean {
  const a = asciiHost(hostA);
  const b = asciiHost(hostB);
  if (a === null || b === null) return false;
  return a === b || (getDomain(a, suffixRules) ?? a) === (getDomain(b, suffixRules) ?? b);
}

function asciiHost(hostOrUrl: string): string | null {
  const host = getHostname(hostOrUrl);
  // The list's own checks demand nothing of a name with an empty label; tldts would skip it.
  if (host === null || host.startsWith('.')) return null;
  if (isAscii(host)) return host;
  return URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : null;
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}
