/**
 * Hosts are stored and compared in ASCII (`xn--…`), and shown as their owner writes them (`blåbær.no`). Where letters of a name could be
 * taken for others it stays in ASCII, as browsers do: https://chromium.googlesource.com/chromium/src/+/main/docs/idn.md
 */

/** RFC 3492, 5. */
const [base, tMin, tMax, skew, damp] = [36, 1, 26, 38, 700] as const;

/** What a label without its `xn--` stands for; null where it stands for nothing. */
function decodePunycode(label: string): string | null {
  const end = Math.max(0, label.lastIndexOf('-'));
  const points = Array.from(label.slice(0, end), (letter) => letter.codePointAt(0)!);
  let [code, index, bias] = [128, 0, 72];
  for (let place = end === 0 ? 0 : end + 1; place < label.length;) {
    const before = index;
    for (let weight = 1, k = base; ; k += base) {
      const digit = parseInt(label[place++] ?? '', 36);
      if (Number.isNaN(digit)) return null;
      // Letters are 0 to 25 and digits 26 to 35, the other way round than in `parseInt`.
      const value = digit < 10 ? digit + 26 : digit - 10;
      index += value * weight;
      const threshold = Math.min(tMax, Math.max(tMin, k - bias));
      if (value < threshold) break;
      weight *= base - threshold;
    }
    const count = points.length + 1;
    let delta = Math.floor((index - before) / (before === 0 ? damp : 2));
    delta += Math.floor(delta / count);
    bias = 0;
    for (; delta > ((base - tMin) * tMax) / 2; bias += base) delta = Math.floor(delta / (base - tMin));
    bias += Math.floor(((base - tMin + 1) * delta) / (delta + skew));
    code += Math.floor(index / count);
    index %= count;
    if (code > 0x10_ff_ff) return null;
    points.splice(index, 0, code);
    index += 1;
  }
  return String.fromCodePoint(...points);
}

/** Latin letters are ASCII with a mark, or one of these; `ı` is taken for `i`. */
const latin = /^[a-z0-9ßæøœðþđłħŋə-]+$/;
/** A label is of one script. CJK letters do not stand beside Latin ones, where some are taken for a slash. */
const otherScripts = [
  /^[\p{sc=Cyrillic}0-9-]+$/u,
  /^[\p{sc=Greek}0-9-]+$/u,
  /^[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}ー0-9-]+$/u,
  /^[\p{sc=Hangul}\p{sc=Han}0-9-]+$/u,
  /^[\p{sc=Arabic}0-9-]+$/u,
  /^[\p{sc=Hebrew}0-9-]+$/u,
  /^[\p{sc=Thai}0-9-]+$/u,
  /^[\p{sc=Devanagari}0-9-]+$/u,
];
/** Cyrillic and Greek letters that look like Latin ones: a label of these alone looks like another name. */
const latinLookAlikes = /^[аысԁеһіјӏорԛѕԝхуъьҽпгѵѡαικνορτυχωγη0-9-]+$/u;

function isReadable(label: string): boolean {
  if (latin.test(label.normalize('NFD').replaceAll(/[\u0300-\u036f]/g, ''))) return true;
  return otherScripts.some((script) => script.test(label)) && !latinLookAlikes.test(label);
}

function showLabel(label: string): string {
  if (!label.startsWith('xn--')) return label;
  const shown = decodePunycode(label.slice(4));
  if (shown === null || !isReadable(shown)) return label;
  // What another label stands for is written as that one.
  return URL.parse(`http://${shown}.no`)?.hostname === `${label}.no` ? shown : label;
}

const hosts = /(?<![\w-])(?:[a-z0-9-]+\.)+[a-z0-9-]+(?![\w@-])/g;

/** A text with the hosts in it (alone, of addresses, of e-mail addresses) as people write them. */
export function showHosts(text: string): string {
  return text.includes('xn--')
    ? text.replaceAll(hosts, (host) => (host.includes('xn--') ? host.split('.').map(showLabel).join('.') : host))
    : text;
}

/** Members of answers that are read by people and may hold a host. The rest is for programs, or was sent so. */
const shownMembers = new Set([
  'email',
  'domain',
  'companyDomain',
  'name',
  'title',
  'subtitle',
  'source',
  'referrerDomain',
  'landingPage',
  'page',
]);
const asSent = new Set(['raw', 'fields', 'query', 'where']);

/** An answer, or a part of it under that name, with hosts as people write them. */
export function showHostsIn(value: unknown, name = ''): unknown {
  if (typeof value === 'string')
    return shownMembers.has(name.slice(name.lastIndexOf('.') + 1)) ? showHosts(value) : value;
  if (typeof value !== 'object' || value === null || asSent.has(name)) return value;
  if (Array.isArray(value)) return value.map((one) => showHostsIn(one, name));
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, showHostsIn(one, key)]));
}

/** An answer as JSON. */
export function toShownJson(value: unknown): string {
  const text = JSON.stringify(value);
  return text.includes('xn--') ? JSON.stringify(showHostsIn(value)) : text;
}

const shownHost = /^([a-z]+:\/\/|[^@/]*@)?([\p{L}\p{M}\p{N}-]+(?:\.[\p{L}\p{M}\p{N}-]+)+)([:/?#].*)?$/su;

/** A host, an address or an e-mail address that somebody looks for, with its host as it is stored. Other text stays. */
export function toStoredHost(text: string): string {
  const [, before = '', host, after = ''] = shownHost.exec(text) ?? [];
  // oxlint-disable-next-line no-control-regex
  if (host === undefined || !/[^\u0000-\u007f]/.test(host)) return text;
  return before + (URL.parse(`http://${host}`)?.hostname ?? host) + after;
}
