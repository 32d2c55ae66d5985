import { make } from 'multipasta';
import { maxFilesBytes } from '../domain/capture/file-rules.ts';
import type { SentFile } from '../domain/capture/file-rules.ts';
import { decodeBytes } from '../domain/decode-bytes.ts';
import { readQuery } from '../domain/read-query.ts';
import { joinBytes } from './read-body.ts';
import type { LargeBody } from './read-body.ts';

type Decoder = TextDecoder | null;

/** Read no further than this: what has been read until then is the form. */
const maxStreamBytes = 100 * 1024 * 1024;
/** JSON cannot be read in parts. */
export const maxJsonBytes = 4 * 1024 * 1024;
/** Of one answer, and of all together; a short answer is always kept whole. */
const maxValueBytes = 64 * 1024;
const maxKeptBytes = 256 * 1024;
const shortBytes = 1_024;
const maxParts = 2_000;

export type ReadEntries = { entries: Array<[name: string, value: string]>; notes: string[] };

/** A form's text that is kept of it, in bytes; grows by what is kept. */
type Kept = { bytes: number };

/** The fields of a multipart body, part by part: a file is noted by its name and size, and `files` gets it where it is to be stored. */
export async function readLargeMultipart({
  type,
  body,
  decoder,
  files,
}: {
  type: string;
  body: LargeBody;
  decoder: Decoder;
  files: SentFile[] | null;
}): Promise<ReadEntries> {
  const held = { bytes: 0 };
  const result: ReadEntries = { entries: [], notes: [] };
  const kept: Kept = { bytes: 0 };
  let open: (() => void) | null = null;
  let isBroken = false;
  const parser = make({
    headers: { 'content-type': type },
    maxParts,
    isFile: () => true,
    onField: () => {},
    onFile: ({ name, filename, contentType }) => {
      const value = new CutValue(filename === undefined ? kept : null, decoder);
      const file = filename === undefined || files === null ? null : new HeldFile(held);
      const close = (): void => {
        open = null;
        if (filename === undefined) return addValue({ result, name, value });
        const note = fileNote({ name: filename, size: value.sent });
        result.entries.push([name, note]);
        if (!file || note === '') return;
        files!.push({
          field: name,
          name: filename,
          declaredType: contentType,
          size: value.sent,
          bytes: file.pieces,
          note,
        });
      };
      open = close;
      return (chunk) => {
        if (chunk === null) return close();
        value.add(chunk);
        file?.add(chunk);
      };
    },
    onError: () => (isBroken = true),
    onDone: () => {},
  });
  try {
    await readAll({ body, notes: result.notes, add: (chunk) => parser.write(chunk) });
    parser.end();
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    isBroken = true;
  }
  // A part whose end did not come is still an answer.
  (open as (() => void) | null)?.();
  if (isBroken) result.notes.push('The body is not whole multipart/form-data: what could be read of it is kept.');
  return result;
}

/** The fields of an urlencoded body, pair by pair. */
export async function readLargeUrlencoded({
  body,
  decoder,
}: {
  body: LargeBody;
  decoder: Decoder;
}): Promise<ReadEntries> {
  const result: ReadEntries = { entries: [], notes: [] };
  const kept: Kept = { bytes: 0 };
  let pair = new CutValue(kept, decoder);
  const flush = (): void => {
    const text = pair.isCut ? pair.text().replace(/%[0-9a-f]?$/iu, '') : pair.text();
    for (const [name, value] of readQuery(text, decoder)) {
      result.entries.push([name, value]);
      if (pair.isCut) result.notes.push(cutNote({ name, sent: pair.sent }));
    }
    pair = new CutValue(kept, decoder);
  };
  const ampersand = 38;
  await readAll({
    body,
    notes: result.notes,
    add: (chunk) => {
      let from = 0;
      for (let at = chunk.indexOf(ampersand); at !== -1; at = chunk.indexOf(ampersand, from)) {
        pair.add(chunk.subarray(from, at));
        flush();
        from = at + 1;
      }
      pair.add(chunk.subarray(from));
    },
  });
  flush();
  return result;
}

/** A JSON body as text. @throws RangeError where it is longer than `maxJsonBytes`. */
export async function readLargeJson({ body, decoder }: { body: LargeBody; decoder: Decoder }): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  await readAll({
    body,
    notes: [],
    add: (chunk) => {
      length += chunk.length;
      if (length > maxJsonBytes) throw new RangeError();
      chunks.push(chunk);
    },
  });
  return decodeBytes(joinBytes(chunks), decoder).replace(/^\ufeff/, '');
}

/** Cuts answers so that a form's text stays within its bounds. */
export function cutEntries(entries: Array<[name: string, value: string]>): ReadEntries {
  const result: ReadEntries = { entries: [], notes: [] };
  const kept: Kept = { bytes: 0 };
  for (const [name, text] of entries) {
    const value = new CutValue(kept);
    value.add(new TextEncoder().encode(text));
    addValue({ result, name, value });
  }
  return result;
}

/** What is kept of a file: what it was called and how large it was. An input without a file is no answer. */
function fileNote({ name, size }: { name: string; size: number }): string {
  return name === '' && size === 0 ? '' : `${cutName(name, 255)} (${size} bytes, not kept)`;
}

const cutName = (name: string, length: number): string => name.slice(0, length).toWellFormed();

function cutNote({ name, sent }: { name: string; sent: number }): string {
  return `The answer to ${cutName(name, 60)} was cut: ${sent} bytes were sent.`;
}

function addValue({ result, name, value }: { result: ReadEntries; name: string; value: CutValue }): void {
  result.entries.push([name, value.text()]);
  if (value.isCut) result.notes.push(cutNote({ name, sent: value.sent }));
}

/** A file that comes in pieces: held until the files of the form are more than are stored. */
class HeldFile {
  pieces: Uint8Array[] | null = [];
  #held: { bytes: number };

  constructor(held: { bytes: number }) {
    this.#held = held;
  }

  add(chunk: Uint8Array): void {
    if (!this.pieces) return;
    this.#held.bytes += chunk.length;
    if (this.#held.bytes <= maxFilesBytes) this.pieces.push(chunk.slice());
    else {
      this.#held.bytes -= this.pieces.reduce((sum, { length }) => sum + length, chunk.length);
      this.pieces = null;
    }
  }
}

/** The start of a value that comes in pieces, and how long the whole was. */
class CutValue {
  sent = 0;
  #kept: Kept | null;
  #decoder: Decoder;
  #pieces: Uint8Array[] = [];
  #length = 0;

  /** @param kept null keeps nothing. */
  constructor(kept: Kept | null, decoder: Decoder = null) {
    this.#kept = kept;
    this.#decoder = decoder;
  }

  get isCut(): boolean {
    return this.#length < this.sent;
  }

  add(chunk: Uint8Array): void {
    this.sent += chunk.length;
    if (!this.#kept) return;
    const room = Math.min(
      maxValueBytes - this.#length,
      Math.max(maxKeptBytes - this.#kept.bytes, shortBytes - this.#length),
    );
    if (room <= 0) return;
    const piece = chunk.subarray(0, room);
    this.#pieces.push(piece.slice());
    this.#length += piece.length;
    this.#kept.bytes += piece.length;
  }

  text(): string {
    return decodeBytes(joinBytes(this.#pieces), this.#decoder, { isCut: this.isCut });
  }
}

async function readAll({
  body: { start, reader },
  notes,
  add,
}: {
  body: LargeBody;
  notes: string[];
  add: (chunk: Uint8Array) => void;
}): Promise<void> {
  let length = 0;
  for (const chunk of start) {
    length += chunk.length;
    add(chunk);
  }
  while (length <= maxStreamBytes) {
    const { done, value } = await reader.read();
    if (done) return;
    length += value.length;
    add(value);
  }
  notes.push(`The body was read as far as ${maxStreamBytes} bytes.`);
  await reader.cancel();
}

/**
 * A multipart body whose text is not UTF-8: its fields, and of each file its name and size. Each byte goes through the platform's
 * reader as a character of its own, and the values are decoded afterwards.
 */
export async function rereadMultipart({
  bytes,
  type,
  decoder,
  files,
}: {
  bytes: Uint8Array;
  type: string;
  decoder: Decoder;
  files: SentFile[] | null;
}): Promise<Array<[name: string, value: string]>> {
  const form = await new Response(byteText(bytes), { headers: { 'content-type': type } }).formData();
  const decode = (text: string): string =>
    decodeBytes(
      Uint8Array.from(text, (one) => one.charCodeAt(0)),
      decoder,
    );
  const sizeOf = async (file: File): Promise<number> => (await file.text()).length;
  const read: Array<[string, string]> = [];
  let place = 0;
  for (const [sent, value] of form.entries()) {
    const field = decode(sent);
    if (typeof value === 'string') read.push([field, decode(value)]);
    else {
      const name = decode(value.name);
      const note = fileNote({ name, size: await sizeOf(value) });
      read.push([field, note]);
      // They come in the order in which they were read first.
      const file = note === '' ? undefined : files?.[place++];
      if (file) Object.assign(file, { field, name, note });
    }
  }
  return read;
}

function byteText(bytes: Uint8Array): string {
  let text = '';
  for (let from = 0; from < bytes.length; from += 8_192)
    text += String.fromCharCode(...bytes.subarray(from, from + 8_192));
  return text;
}
