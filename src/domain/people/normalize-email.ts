/** Why a text is no e-mail address. */
export type EmailProblem = 'empty' | 'tooLong' | 'badCharacter' | 'noAt' | 'badLocalPart' | 'badDomain';

export type NormalizedEmail = { ok: true; email: string; domain: string } | { ok: false; reason: EmailProblem };

/** RFC 5321, 4.5.3.1: octets. The whole address by its erratum 1690. */
const limits = { localOctets: 64, addressOctets: 254, label: 63 };

// Nothing an address can need lies beyond this; it keeps the work bounded for whatever is posted.
const maxRawLength = 2000;

// Invisible marks that come along when an address is pasted from a page or a mail program.
const pasted = /[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/gu;
const controlOrSpace = /[\p{Cc}\p{Cf}\p{Z}]/u;

// RFC 5322 `atext` and dots, and beyond ASCII whatever is not white space or control (RFC 6531).
const localCharacters = /^[a-z0-9!#$%&'*+/=?^_`{|}~.\u0080-\u{10ffff}-]+$/u;
const label = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/u;

/** What most addresses look like, and are left as. Where the whole is no longer than a part may be, no part is too long. */
const plain = /^[a-z0-9]+(?:[._+-][a-z0-9]+)*@(?:[a-z0-9]+(?:-+[a-z0-9]+)*\.)+[a-z]+$/;
const plainLength = Math.min(limits.localOctets, limits.label);

/**
 * The one spelling of an address by which a person is known: trimmed, NFC, lower case, the domain in ASCII (`xn--…`).
 * `Kari <mailto:Kari@Firma.no>` gives `kari@firma.no`. Idempotent, never throws.
 *
 * Plus tags and Gmail's dots stay. What they mean is the receiving server's secret: elsewhere `a.b@` and `ab@`, or
 * `sales+no@` and `sales@`, are different people, and two persons merged by mistake is worse than one seen twice.
 * Quoted local parts and address literals (`a@[10.0.0.1]`) are refused: no form visitor has one.
 */
export function normalizeEmail(raw: string): NormalizedEmail {
  if (raw.length <= plainLength && plain.test(raw))
    return { ok: true, email: raw, domain: raw.slice(raw.indexOf('@') + 1) };
  if (raw.length > maxRawLength) return refuse('tooLong');
  const text = bareAddress(raw.replace(pasted, '').trim());
  if (text === '') return refuse('empty');
  if (!text.isWellFormed() || controlOrSpace.test(text)) return refuse('badCharacter');

  const address = text.toLowerCase().normalize('NFC');
  const at = address.lastIndexOf('@');
  if (at === -1) return refuse('noAt');
  const local = address.slice(0, at);
  if (!isLocalPart(local)) return refuse('badLocalPart');
  const domain = asciiDomain(address.slice(at + 1));
  if (domain === null) return refuse('badDomain');
  if (octets(local) > limits.localOctets || octets(local) + 1 + domain.length > limits.addressOctets)
    return refuse('tooLong');
  return { ok: true, email: `${local}@${domain}`, domain };
}

function refuse(reason: EmailProblem): NormalizedEmail {
  return { ok: false, reason };
}

/** Takes the address out of `Name <address>` and drops `mailto:` with its query. */
function bareAddress(text: string): string {
  const inner = text.endsWith('>') ? text.slice(text.lastIndexOf('<') + 1, -1).trim() : text;
  if (inner.slice(0, 7).toLowerCase() !== 'mailto:') return inner;
  const query = inner.indexOf('?');
  return inner.slice(7, query === -1 ? undefined : query).trim();
}

function isLocalPart(local: string): boolean {
  return localCharacters.test(local) && !local.startsWith('.') && !local.endsWith('.') && !local.includes('..');
}

function asciiDomain(domain: string): string | null {
  const ascii = /^[a-z0-9.-]*$/u.test(domain) ? domain : idnaToAscii(domain);
  if (ascii === null) return null;
  const labels = ascii.split('.');
  const isHostName = labels.length > 1 && labels.every((part) => part.length <= limits.label && label.test(part));
  return isHostName && !/^\d+$/u.test(labels.at(-1) ?? '') ? ascii : null;
}

/** IDNA by the URL parser, which node and workerd share. Only letters reach it: a `/` or `:` would be read as URL syntax. */
function idnaToAscii(domain: string): string | null {
  if (/[!-,/:-`{-~]/u.test(domain)) return null;
  const url = `http://${domain}`;
  return URL.canParse(url) ? new URL(url).hostname : null;
}

function octets(text: string): number {
  return new TextEncoder().encode(text).length;
}
