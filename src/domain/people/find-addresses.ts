import { decodeText } from './decode-text.ts';
import { normalizeEmail } from './normalize-email.ts';

/** An e-mail address in a text: as a person is known by it, and where in the text its spelling stands. */
export type FoundAddress = { email: string; start: number; end: number };

const atSign = /[@＠﹫]/g;
/** What a local part may hold; `normalizeEmail` decides. */
const localUnit = /[^\s<>()[\]\\,;:"@＠﹫\p{Cc}]/u;
/** What joins a local part to what stands before it: a longer address that ends the same is another one. */
const joined = /[\p{L}\p{N}\p{M}\p{Cf}._+-]/u;
const domainUnit = /[\p{L}\p{N}\p{M}\p{Cf}\p{So}\p{Cs}.\-。．｡]/u;
const trailing = /[.\-。．｡]+$/u;
/** What follows an address without a space in a language that has none, or as a sign: letters of other scripts, emoji. */
const otherScript = /(?<=[a-z0-9])(?=[\p{So}\p{Cs}\p{L}])(?!\p{Script=Latin})/iu;
/** A place where a word may begin without a space. */
const wordBreak = /[\u200b\ufeff]$|(?!\p{Script=Latin})\p{L}(?=[a-z0-9])/iu;

const maxLocal = 400;
const maxDomain = 600;
/** Readings of one local part that begin later, after a sign such as `/` or `=`. */
const maxStarts = 24;
/** Readings of one domain that end earlier. */
const maxEnds = 4;

/**
 * All e-mail addresses in a text from outside, however they are spelt: in any case, composed or not, with the domain in Unicode or
 * ASCII, and encoded for an address on the web, a form, JSON, HTML or mail, several times too. Of a text that reads as an address
 * from several places on (`/for/kari@firma.no`), all of them: only the caller knows which one is an address.
 */
export function findAddresses(text: string): FoundAddress[] {
  const found: FoundAddress[] = [];
  for (const { text: reading, starts, ends } of decodeText(text)) {
    for (const { index: at } of reading.matchAll(atSign)) {
      const locals = localsBefore(reading, at);
      for (const domain of domainsAfter(reading, at)) {
        const end = ends[at + domain.length]!;
        for (const { from, local } of locals) {
          for (const email of addressesOf(`${local}@${domain}`)) found.push({ email, start: starts[from]!, end });
        }
      }
    }
  }
  return found;
}

/** Whether a text may hold an address at all: cheap, and never false where one is found. */
export function mayHoldAddress(text: string): boolean {
  return /[@＠﹫]|40|64|commat|[%=](?:2[56]|3|5c|ef[%=]b)|[\\%]u|\\x|&(?:amp;)*#/i.test(text);
}

/** What may be the domain, the longest first: the next sentence may follow it without a space. */
function domainsAfter(text: string, at: number): string[] {
  let end = at + 1;
  while (end < text.length && end - at < maxDomain && domainUnit.test(text[end]!)) end += 1;
  const domains: string[] = [];
  let domain: string | null = text.slice(at + 1, end).replace(trailing, '');
  while (domain !== null && domain !== '' && domains.length < maxEnds) {
    domains.push(domain);
    domain = withoutNextWord(domain);
  }
  return domains;
}

/** Null where the end of a domain can be nothing else. */
function withoutNextWord(domain: string): string | null {
  const [, before, label] = /^(.+)[.。．｡](.*)$/su.exec(domain) ?? [];
  if (before === undefined || label === undefined) return null;
  const script = otherScript.exec(domain)?.index;
  if (script !== undefined) return domain.slice(0, script);
  // No top-level domain has a hyphen, but for `xn--`: `firma.no-tlf`.
  const hyphen = label.indexOf('-');
  if (hyphen > 0 && !/^xn--/i.test(label)) return domain.slice(0, domain.length - label.length + hyphen);
  // `firma.no.Hilsen`, `firma.no.22334455`.
  const isNextWord = /^\d+$/.test(label) || (/^\p{Lu}\p{Ll}/u.test(label) && /\p{Ll}$/u.test(before));
  return isNextWord ? before.replace(trailing, '') : null;
}

/** What may be the local part, the longest first; `+` may have become a space. */
function localsBefore(text: string, at: number): Array<{ from: number; local: string }> {
  const first = runStart(text, at);
  const locals: Array<{ from: number; local: string }> = [];
  for (let from = first; from < at; from += 1) {
    if (from > first && joined.test(text[from - 1]!) && !wordBreak.test(text.slice(from - 1, from + 1))) continue;
    locals.push({ from, local: text.slice(from, at) });
  }
  if (first < at && text[first - 1] === ' ') {
    const from = runStart(text, first - 1);
    if (from < first - 1) locals.push({ from, local: `${text.slice(from, first - 1)}+${text.slice(first, at)}` });
  }
  return locals.slice(-maxStarts);
}

function runStart(text: string, end: number): number {
  let start = end;
  while (start > 0 && end - start < maxLocal && localUnit.test(text[start - 1]!)) start -= 1;
  return start;
}

function addressesOf(spelling: string): string[] {
  // Origins are compared in NFKC, in which more letters are one.
  const emails = [spelling, spelling.normalize('NFKC')].flatMap((one) => {
    const address = normalizeEmail(one);
    return address.ok ? [address.email] : [];
  });
  return [...new Set(emails)];
}
