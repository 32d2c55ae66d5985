/** A text after some encodings were undone, and which part of the original each of its UTF-16 units came from. */
export type DecodedText = { text: string; starts: Uint32Array; ends: Uint32Array };

type Decoder = { pattern: RegExp; decode: (match: string) => string };

/** One character of UTF-8 whose bytes are each written as a sign and two hex digits; a byte that is no UTF-8 is read as Latin-1. */
const byteEscapes = (sign: string): Decoder => ({
  pattern: new RegExp(
    [
      '$[0-7][0-9a-f]',
      '$[cd][0-9a-f]$[89ab][0-9a-f]',
      '$e[0-9a-f](?:$[89ab][0-9a-f]){2}',
      '$f[0-7](?:$[89ab][0-9a-f]){3}',
      '$[89a-f][0-9a-f]',
    ]
      .join('|')
      .replaceAll('$', sign),
    'gi',
  ),
  decode: (match) => {
    const bytes = match
      .split(new RegExp(`${sign}(?=[0-9a-f]{2})`, 'i'))
      .slice(1)
      .map((hex) => Number.parseInt(hex, 16));
    if (bytes.length === 1) return String.fromCharCode(bytes[0]!);
    return new TextDecoder().decode(new Uint8Array(bytes));
  },
});

/** Names of HTML's Latin-1 letters, from U+00C0 on, in order. Source: https://html.spec.whatwg.org/entities.json */
const latinNames =
  `Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve
  Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil
  egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml
  yacute thorn yuml`.split(/\s+/);
const named = new Map([
  ...Object.entries({
    amp: '&',
    lt: '<',
    gt: '>',
    quot: '"',
    apos: "'",
    nbsp: ' ',
    commat: '@',
    plus: '+',
    period: '.',
  }),
  ...Object.entries({ lowbar: '_', hyphen: '-', dash: '-', num: '#', equals: '=', sol: '/' }),
  ...latinNames.map((name, index) => [name, String.fromCharCode(0xc0 + index)] as const),
]);

function decodeEntity(match: string): string {
  const body = match.replace(/^&(?:amp;)*/, '').replace(/;$/, '');
  if (!body.startsWith('#')) return named.get(body) ?? match;
  const isHex = /^#x/i.test(body);
  const code = Number.parseInt(body.slice(isHex ? 2 : 1), isHex ? 16 : 10);
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : match;
}

const shortEscapes: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

function decodeBackslash(match: string): string {
  const body = match.replace(/^(?:\\+|%)/, '');
  if (body.length > 1) {
    const code = Number.parseInt(body.replace(/^[ux]\{?/i, ''), 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : match;
  }
  return shortEscapes[body] ?? body;
}

/** How text is encoded on its way through pages, forms, JSON and mail. Each is undone by itself: what one reads as an escape may be plain to another. */
const decoders: Decoder[] = [
  byteEscapes('%'),
  // Encoded again and again by whoever passed it on: `%252540`.
  byteEscapes('%(?:25)+'),
  {
    pattern: /\\+(?:u[0-9a-f]{4}|u\{[0-9a-f]{1,6}\}|x[0-9a-f]{2}|["'/bfnrt])|%u[0-9a-f]{4}/gi,
    decode: decodeBackslash,
  },
  { pattern: /&(?:amp;)*(?:#x[0-9a-f]{1,8};?|#\d{1,8};?|[a-z]{2,6};)/gi, decode: decodeEntity },
  {
    pattern: new RegExp(String.raw`=\r?\n|${byteEscapes('=').pattern.source}`, 'gi'),
    decode: (match) => (/[\r\n]/.test(match) ? '' : byteEscapes('=').decode(match)),
  },
];

/** Deeper than text is encoded in practice: percent-encoded thrice, in JSON, in HTML. */
const maxDepth = 5;
/** Bounds the work for a text made to be read in many ways. */
const maxReadings = 40;

/** A text as it stands, and as it reads after any of the encodings were undone, several times and one in another. */
export function decodeText(text: string): DecodedText[] {
  const length = text.length;
  const plain = {
    text,
    starts: Uint32Array.from({ length }, (_, index) => index),
    ends: Uint32Array.from({ length }, (_, index) => index + 1),
  };
  const readings: DecodedText[] = [plain];
  const seen = new Set([text]);
  let latest = readings;
  for (let depth = 0; depth < maxDepth && latest.length > 0; depth += 1) {
    const next: DecodedText[] = [];
    for (const reading of latest) {
      for (const decoder of decoders) {
        if (readings.length + next.length >= maxReadings) break;
        const decoded = applyDecoder(reading, decoder);
        if (decoded === null || seen.has(decoded.text)) continue;
        seen.add(decoded.text);
        next.push(decoded);
      }
    }
    readings.push(...next);
    latest = next;
  }
  return readings;
}

/** Null where nothing is encoded so. */
function applyDecoder(reading: DecodedText, { pattern, decode }: Decoder): DecodedText | null {
  const matches = [...reading.text.matchAll(pattern)];
  if (matches.length === 0) return null;
  const parts: string[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  let place = 0;
  const copy = (to: number): void => {
    parts.push(reading.text.slice(place, to));
    for (; place < to; place += 1) {
      starts.push(reading.starts[place]!);
      ends.push(reading.ends[place]!);
    }
  };
  for (const match of matches) {
    copy(match.index);
    const after = match.index + match[0].length;
    const decoded = decode(match[0]);
    parts.push(decoded);
    for (let unit = 0; unit < decoded.length; unit += 1) {
      starts.push(reading.starts[match.index]!);
      ends.push(reading.ends[after - 1]!);
    }
    place = after;
  }
  copy(reading.text.length);
  return { text: parts.join(''), starts: Uint32Array.from(starts), ends: Uint32Array.from(ends) };
}
