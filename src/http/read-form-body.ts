import { KildeError } from '../domain/errors.ts';
import type { SentFile } from '../domain/capture/file-rules.ts';
import type { FormFields } from '../domain/capture/reserved-fields.ts';
import { parseJson } from '../domain/parse-json.ts';
import { targetOfField } from '../domain/people/field-names.ts';
import { cutText } from '../domain/text-values.ts';
import { decodeBytes, findDecoder } from '../domain/decode-bytes.ts';
import { readQuery } from '../domain/read-query.ts';
import { bodyTooLarge, openBody } from './read-body.ts';
import type { LargeBody } from './read-body.ts';

/**
 * Largest form in bytes that is read whole, and most fields that are kept. A form is text: a file is noted by name and size. A
 * larger form is read in pieces and cut: a bound never refuses a lead.
 */
export const maxFormBytes = 256 * 1024;
export const maxFormFields = 300;
const maxFieldNameLength = 200;

/**
 * The fields of a form sent as `application/x-www-form-urlencoded`, `multipart/form-data` or JSON. Order is kept; a
 * name sent several times has an array. `type` is its content type. `files` gets the files, where they are to be stored.
 * @throws KildeError `unsupported_media_type`, `payload_too_large`, `bad_request`, saying what is wrong.
 */
export async function readFormBody({
  request,
  type: sentType,
  files = null,
}: {
  request: Request;
  type: string;
  files?: SentFile[] | null;
}): Promise<{ fields: FormFields; isJson: boolean }> {
  const kind = /^[^;]*/.exec(sentType.toLowerCase())![0].trim();
  const readWhole = readers.get(kind);
  if (!readWhole) {
    throw new KildeError(
      'unsupported_media_type',
      'Send the form as application/x-www-form-urlencoded, multipart/form-data or application/json.',
    );
  }
  const body = await openBody({ request, maxBytes: maxFormBytes });
  const isJson = kind === 'application/json';
  const read =
    body instanceof Uint8Array
      ? readWhole({ bytes: body, type: sentType, files })
      : readLarge({ body, kind, type: sentType, files });
  const { entries, notes } = await read;
  return { fields: collect(entries, notes), isJson };
}

type Entries = Iterable<[string, string]>;
type ReadEntries = { entries: Entries; notes: string[] };
type Files = SentFile[] | null;

/** What reads a form that is in memory, by its content type. Bytes that are not UTF-8 refuse no lead. */
const readers = new Map<string, (body: { bytes: Uint8Array; type: string; files: Files }) => Promise<ReadEntries>>([
  ['application/x-www-form-urlencoded', async (body) => unwrap(readUrlencoded(body))],
  ['multipart/form-data', readMultipart],
  [
    'application/json',
    async ({ bytes, type }) => ({
      entries: await readJson(decodeBytes(bytes, charsetOf(type)).replace(/^\ufeff/, '')),
      notes: [],
    }),
  ],
]);

/** The decoder of the charset that a content type names. */
function charsetOf(type: string): TextDecoder | null {
  return findDecoder(/;\s*charset="?([^";\s]+)/i.exec(type)?.[1]);
}

/** The field in which a browser writes the charset it sends a form in. */
const charsetField = '_charset_';

function readUrlencoded({ bytes, type }: { bytes: Uint8Array; type: string }): Entries {
  const read = (decoder: TextDecoder | null) => readQuery(decodeBytes(bytes, decoder), decoder);
  const pairs = read(charsetOf(type));
  const named = findDecoder(pairs.find(([name]) => name === charsetField)?.[1]);
  return (named ? read(named) : pairs).filter(([name]) => name !== charsetField);
}

/** A form too large to be read whole: the module that reads it is loaded when one comes. */
async function readLarge({
  body,
  kind,
  type,
  files,
}: {
  body: LargeBody;
  kind: string;
  type: string;
  files: Files;
}): Promise<ReadEntries> {
  const large = await import('./read-large-form.ts');
  if (kind === 'application/json') {
    const text = await large.readLargeJson({ body, decoder: charsetOf(type) }).catch((error: unknown) => {
      throw error instanceof RangeError ? bodyTooLarge(large.maxJsonBytes) : error;
    });
    return large.cutEntries([...(await readJson(text))]);
  }
  if (kind === 'multipart/form-data') return large.readLargeMultipart({ type, body, decoder: charsetOf(type), files });
  return large.readLargeUrlencoded({ body, decoder: charsetOf(type) });
}

/** Fields by name. What does not fit is cut or left out, and noted in the field `_notes`. */
function collect(entries: Entries, notes: string[]): FormFields {
  const fields = new Map<string, string | string[]>();
  let [count, leftOut] = [0, 0];
  const add = (name: string, value: string): void => {
    const before = fields.get(name);
    fields.set(name, before === undefined ? value : [before, value].flat());
  };
  for (const [sent, value] of entries) {
    if (sent === '') continue;
    count += 1;
    const name = cutText(sent, maxFieldNameLength);
    if (name !== sent) notes.push(`A field's name was cut to ${maxFieldNameLength} characters.`);
    // Who sent the form is read wherever it stands in it.
    if (count > maxFormFields && (count > 10 * maxFormFields || targetOfField(name) === null)) leftOut += 1;
    else add(name, value);
  }
  if (leftOut > 0) notes.push(`${leftOut} fields beyond the first ${maxFormFields} were left out.`);
  for (const note of notes.slice(0, maxNotes)) add('_notes', note);
  // fromEntries defines own properties, so a field called `__proto__` is only a field.
  return Object.fromEntries(fields);
}

const maxNotes = 20;

async function readMultipart({
  bytes,
  type,
  files,
}: {
  bytes: Uint8Array;
  type: string;
  files: Files;
}): Promise<ReadEntries> {
  let form: FormData;
  try {
    form = await new Response(bytes as BodyInit, { headers: { 'content-type': type } }).formData();
  } catch {
    const { readLargeMultipart } = await import('./read-large-form.ts');
    const reader = new ReadableStream<Uint8Array>({ start: (ended) => ended.close() }).getReader();
    const read = await readLargeMultipart({ type, body: { start: [bytes], reader }, decoder: charsetOf(type), files });
    if (read.entries.length === 0) throw unreadable('The body is not multipart/form-data as its content type says.');
    return read;
  }
  const decoder = findDecoder(form.get(charsetField) as string | null) ?? charsetOf(type);
  const entries = [...form.entries()].map(([field, value]): [string, string] => {
    if (typeof value === 'string') return [field, value];
    const { name, size, type: declaredType } = value;
    if (name === '' && size === 0) return [field, ''];
    const note = `${name} (${size} bytes, not kept)`;
    files?.push({ field, name, declaredType, size, bytes: value, note });
    return [field, note];
  });
  const isBroken = decoder !== null || entries.some((entry) => entry.join('').includes('\ufffd'));
  const read = isBroken
    ? await (await import('./read-large-form.ts')).rereadMultipart({ bytes, type, decoder, files })
    : entries;
  return unwrap(read.filter(([name]) => name !== charsetField));
}

/** Fields in which a form tool puts its answers as JSON. */
const jsonFields = new Set([
  'rawrequest',
  'payload',
  'data',
  'json',
  'body',
  'formdata',
  'form_data',
  'fields',
  'answers',
]);

/** Answers that a form tool wraps: each question with its answer, or all of them as JSON in one field. */
async function unwrap(sent: Entries): Promise<ReadEntries> {
  const entries = [...sent];
  const isJson = ([name, value]: [string, string]): boolean =>
    /^\s*[[{]/.test(value) && jsonFields.has(name.toLowerCase());
  const hasAnswers = entries.some(([name]) => name.endsWith('[value]'));
  if (!hasAnswers && !entries.some(isJson)) return { entries, notes: [] };
  const { flattenAnswers, flattenBrackets } = await import('../domain/capture/flatten-answers.ts');
  if (hasAnswers) return { entries: flattenBrackets(entries, targetOfField), notes: [] };
  const flat = entries.flatMap((entry) => {
    const value = isJson(entry) ? tryJson(entry[1]) : undefined;
    return value === undefined ? [entry] : flattenAnswers({ [entry[0]]: value }, targetOfField);
  });
  return { entries: flat, notes: [] };
}

function tryJson(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

async function readJson(text: string): Promise<Entries> {
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (error) {
    throw unreadable(`The body cannot be read: ${(error as Error).message}.`);
  }
  const isForm = Array.isArray(value) ? value.some(isObject) : isObject(value);
  if (!isForm) throw unreadable('The body is not a JSON object of fields.');
  const entries: Array<[string, string]> = [];
  for (const [name, one] of Object.entries(value as object)) {
    for (const item of Array.isArray(one) ? (one as unknown[]) : [one as unknown]) {
      if (item === null || item === undefined) continue;
      // Answers within answers: what reads them is loaded when they come.
      if (typeof item === 'object')
        return (await import('../domain/capture/flatten-answers.ts')).flattenAnswers(value, targetOfField);
      entries.push([name, `${item as string | number | boolean}`]);
    }
  }
  return entries;
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;

function unreadable(message: string): KildeError {
  return new KildeError('bad_request', message, [{ location: 'body', message }]);
}
