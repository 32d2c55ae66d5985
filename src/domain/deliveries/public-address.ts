/**
 * What keeps an address from being sent to, or null where nothing does: it must be HTTPS, and lead to no private network. Host
 * names are judged by their form alone; what they resolve to is the platform's to refuse, and the local start's
 * (`PUBLIC`, tools/serve.ts). Source: OWASP, Server-Side Request Forgery Prevention; IANA special-purpose address registries.
 */
export function addressProblem(text: string, { allowPrivate = false } = {}): string | null {
  if (!URL.canParse(text)) return 'must be an address such as https://example.com/hook';
  const { protocol, hostname, username, password } = new URL(text);
  if (username !== '' || password !== '') return 'must not hold a user name or password';
  if (allowPrivate && protocol === 'http:') return null;
  if (protocol !== 'https:') return 'must start with https://';
  if (allowPrivate) return null;
  return isPrivateHost(hostname) ? 'must not lead to a private network' : null;
}

const privateNames =
  /(^|\.)(localhost|local|localdomain|internal|intranet|lan|home|corp|private|arpa|onion|invalid|test)\.?$/;

/** Whether a host, as `URL` writes it, is a private name or address. */
export function isPrivateHost(hostname: string): boolean {
  const host = hostname.toLowerCase();
  if (host.startsWith('[')) return isPrivateIpv6(host.slice(1, -1));
  // URL writes every form of an IPv4 address (octal, hexadecimal, one number) as four decimals.
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(host)) return isPrivateIpv4(host);
  return !host.replace(/\.$/, '').includes('.') || privateNames.test(host);
}

export function isPrivateIpv4(address: string): boolean {
  const [a, b, c] = address.split('.').map(Number) as [number, number, number, number];
  return (
    a === 0 ||
    a === 10 ||
    a === 127 ||
    (a === 100 && b >= 64 && b <= 127) ||
    (a === 169 && b === 254) ||
    (a === 172 && b >= 16 && b <= 31) ||
    (a === 192 && b === 0 && (c === 0 || c === 2)) ||
    (a === 192 && b === 88 && c === 99) ||
    (a === 192 && b === 168) ||
    (a === 198 && (b === 18 || b === 19)) ||
    (a === 198 && b === 51 && c === 100) ||
    (a === 203 && b === 0 && c === 113) ||
    a >= 224
  );
}

/** An IPv6 address without brackets: all but global unicast is private, and so is what carries an IPv4 address. */
export function isPrivateIpv6(address: string): boolean {
  const [, last] = /(?:^|:)(\d+\.\d+\.\d+\.\d+)$/.exec(address) ?? [];
  if (last !== undefined) return true;
  const first = Number.parseInt(address.split(':')[0] || '0', 16);
  const second = Number.parseInt(address.split(':')[1] || '0', 16);
  if (first < 0x2000 || first > 0x3fff) return true;
  // 6to4, Teredo and documentation.
  return first === 0x2002 || (first === 0x2001 && (second < 0x200 || second === 0xdb8)) || first === 0x3fff;
}
