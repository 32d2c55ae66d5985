const hostPattern = /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*$/;

/**
 * A host name as it is compared: lower case, IDNA in ASCII, no dot at the end. Null where the text is anything else: an
 * address with scheme, port or path, a wildcard, nothing.
 *
 * @example normalizeHost('Blåbær.NO') // 'xn--blbr-roah.no'
 */
export function normalizeHost(text: string): string | null {
  const trimmed = text.trim();
  if (trimmed === '' || /[\s/\\:@?#%*[\]]/.test(trimmed)) return null;
  const host = URL.parse(`http://${trimmed}`)?.hostname.replace(/\.$/, '') ?? '';
  return hostPattern.test(host) ? host : null;
}

/** As `normalizeHost`, and takes an origin such as `https://example.com` for its host. */
export function normalizeOriginHost(text: string): string | null {
  const url = /^https?:\/\//i.test(text.trim()) ? URL.parse(text.trim()) : null;
  if (!url) return normalizeHost(text);
  const isBare =
    url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '' && url.password === '';
  return isBare ? normalizeHost(url.hostname) : null;
}
