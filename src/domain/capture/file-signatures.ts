import { toHex } from '../sha256-hex.ts';

/** How files of a kind begin, in hex; `.` stands for any digit. Sources: PRONOM (nationalarchives.gov.uk/PRONOM), the formats' own texts. */
const ole = 'd0cf11e0a1b11ae1';
const zip = '504b0304|504b0506|504b0708';
const rtf = '7b5c727466';
/** A document of Office is a ZIP archive, or an OLE container where it has a password. */
const office = `${zip}|${ole}`;
/** `ftyp` with a brand of HEIF or HEVC. */
const heif = '.{8}66747970(?:68656963|68656978|68657663|68657678|6865696d|68656973|6d696631|6d736631)';
/** Text has no byte 0, unless it is UTF-16 with its mark. */
const text = 'fffe|feff|(?:(?!00)..)*$';

/** By the type that a file is stored under. */
const beginnings: Readonly<Record<string, string>> = {
  // Some bytes may stand before it: ISO 32000-1, annex H, 3.4.1.
  'application/pdf': '(?:..)*255044462d',
  // Word saves RTF under the name .doc.
  'application/msword': `${ole}|${rtf}`,
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': office,
  'application/vnd.ms-excel': ole,
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': office,
  'application/vnd.ms-powerpoint': ole,
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': office,
  'application/vnd.oasis.opendocument.text': zip,
  'application/vnd.oasis.opendocument.spreadsheet': zip,
  'application/vnd.oasis.opendocument.presentation': zip,
  'application/rtf': rtf,
  'text/plain': text,
  'text/csv': text,
  'image/jpeg': 'ffd8ff',
  'image/png': '89504e470d0a1a0a',
  'image/gif': '47494638(?:37|39)61',
  'image/webp': '52494646.{8}57454250',
  'image/heic': heif,
  'image/heif': heif,
  'image/tiff': '49492a00|4d4d002a|49492b00|4d4d002b',
  'application/zip': zip,
};

/** As far as a beginning is looked for. */
const bytesRead = 1_024;

/** Whether a file begins as files of its type do. */
export function beginsAs(type: string, bytes: Uint8Array): boolean {
  const beginning = Object.hasOwn(beginnings, type) ? beginnings[type] : undefined;
  return beginning !== undefined && new RegExp(`^(?:${beginning})`).test(toHex(bytes.subarray(0, bytesRead)));
}
