/** A script, a request or a form as a policy judges it. `nonce` is that of the element. */
export type Loaded = { url: URL; nonce?: string | null };

type Directive = 'script-src' | 'connect-src' | 'form-action';

/** The directives that stand in for one that a policy leaves out. `form-action` has none. Source: CSP Level 3, 6.8.3. */
const instead: Record<Directive, readonly string[]> = {
  'script-src': ['script-src-elem', 'script-src', 'default-src'],
  'connect-src': ['connect-src', 'default-src'],
  'form-action': ['form-action'],
};

/**
 * The directive by which a page's policies forbid something, or null where all of them allow it. It knows hosts, schemes, wildcards, ports,
 * paths and nonces. A script allowed by its hash alone counts as forbidden, since the hash is of another script.
 * @param policies the headers and meta elements; a header may hold several with commas between them.
 */
export function findForbidding(
  policies: readonly string[],
  { directive, loaded, page }: { directive: Directive; loaded: Loaded; page: URL },
): string | null {
  for (const policy of policies.flatMap((one) => one.split(','))) {
    const directives = readPolicy(policy);
    const name = instead[directive].find((one) => directives.has(one));
    if (name === undefined) continue;
    const sources = directives.get(name)!;
    if (!isAllowed(sources, { loaded, page })) return `${name} ${sources.join(' ')}`.trim();
  }
  return null;
}

function readPolicy(policy: string): Map<string, string[]> {
  const directives = new Map<string, string[]>();
  for (const part of policy.split(';')) {
    const [name, ...sources] = part.trim().split(/\s+/);
    // The first of a name holds: CSP Level 3, 2.2.1.
    if (name && !directives.has(name.toLowerCase())) directives.set(name.toLowerCase(), sources);
  }
  return directives;
}

function isAllowed(sources: readonly string[], { loaded, page }: { loaded: Loaded; page: URL }): boolean {
  const { nonce } = loaded;
  if (nonce && sources.includes(`'nonce-${nonce}'`)) return true;
  // Then hosts count for nothing.
  if (sources.some((one) => one.toLowerCase() === "'strict-dynamic'")) return false;
  return sources.some((source) => matches(source, { url: loaded.url, page }));
}

const hostSource = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(\*|(?:\*\.)?[a-z0-9.-]+)(?::(\d+|\*))?(\/.*)?$/i;

function matches(source: string, { url, page }: { url: URL; page: URL }): boolean {
  const text = source.toLowerCase();
  if (text === "'self'") return url.origin === page.origin;
  if (text.startsWith("'")) return false;
  if (/^[a-z][a-z0-9+.-]*:$/.test(text))
    return url.protocol === text || (text === 'http:' && url.protocol === 'https:');
  const [, scheme, host, port, path] = hostSource.exec(source) ?? [];
  if (host === undefined) return false;
  const wanted = `${(scheme ?? page.protocol.slice(0, -1)).toLowerCase()}:`;
  if (url.protocol !== wanted && !(wanted === 'http:' && url.protocol === 'https:')) return false;
  const name = host.toLowerCase();
  const isHost = name === '*' || (name.startsWith('*.') ? url.hostname.endsWith(name.slice(1)) : url.hostname === name);
  if (!isHost || (port !== undefined && port !== '*' && port !== portOf(url))) return false;
  if (port === undefined && url.port !== '' && name !== '*') return false;
  if (path === undefined || path === '/') return true;
  return path.endsWith('/') ? url.pathname.startsWith(path) : url.pathname === path;
}

const portOf = ({ port, protocol }: URL): string => port || (protocol === 'https:' ? '443' : '80');
