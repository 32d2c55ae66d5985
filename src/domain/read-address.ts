/** What `URL` says of an address; in `search`, some may stand as it was written that `URL` would escape. */
export type Address = { protocol: string; hostname: string; origin: string; pathname: string; search: string };

const octet = String.raw`(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)`;
// Labels in lower case, the last one no number, none in Punycode; or an IPv4 address.
const host = String.raw`(?:(?!xn--)[a-z\d][a-z\d-]*\.)*(?!xn--)[a-z][a-z\d-]*|${octet}(?:\.${octet}){3}`;
const port = String.raw`:(?!(?:80|443)\b)(?:[1-9]\d{0,3}|[1-5]\d{4})`;
// No segment that begins with a dot, escaped or not: it may name a folder above.
const pathname = String.raw`(?:\/(?!\.|%2[eE])[\w\-.~!$&'()*+,;=:@%]*)*`;

/** An address that `URL` would write just so, but for its query and what follows. */
const plainAddress = new RegExp(String.raw`^((https?:)\/\/(${host})(?:${port})?)(${pathname})(\?[!"$-~]*)?(?:#|$)`);

/**
 * What `URL` says of an address, null where it reads none. Most addresses are plain and read without one: on the way of a touch,
 * an object of the platform's costs more than all that is done with it.
 *
 * @example readAddress('https://firma.no/pris?utm_source=x')?.pathname // '/pris'
 */
export function readAddress(text: string): Address | null {
  const parts = plainAddress.exec(text);
  if (parts) {
    const [, origin, protocol, hostname, path, search] = parts as unknown as string[];
    return {
      protocol: protocol!,
      hostname: hostname!,
      origin: origin!,
      pathname: path === '' ? '/' : path!,
      search: search ?? '',
    };
  }
  const url = URL.parse(text);
  if (url === null) return null;
  const { protocol, hostname, origin, pathname, search } = url;
  return { protocol, hostname, origin, pathname, search };
}
