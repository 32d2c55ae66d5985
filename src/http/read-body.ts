import { KildeError } from '../domain/errors.ts';

/** A body that is larger than was asked for: what has been read of it, and the reader of the rest. */
export type LargeBody = { start: Uint8Array[]; reader: ReadableStreamDefaultReader<Uint8Array> };

/** The body's bytes where there are no more than `maxBytes`. Of a larger body, what it takes to read on. */
export async function openBody({
  request,
  maxBytes,
}: {
  request: Request;
  maxBytes: number;
}): Promise<Uint8Array | LargeBody> {
  const stated = Number(request.headers.get('content-length') ?? 0);
  if (!request.body) return new Uint8Array();
  // HTTP lets no body be longer than it said: read at once, it is read faster.
  if (stated > 0 && stated <= maxBytes) return new Uint8Array(await request.arrayBuffer());
  const start: Uint8Array[] = [];
  const reader = (request.body as ReadableStream<Uint8Array>).getReader();
  if (stated > maxBytes) return { start, reader };
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return joinBytes(start);
    length += value.length;
    start.push(value);
    if (length > maxBytes) return { start, reader };
  }
}

/**
 * The body's bytes, read no further than `maxBytes`.
 * @throws KildeError `payload_too_large`.
 */
export async function readBodyBytes({
  request,
  maxBytes,
}: {
  request: Request;
  maxBytes: number;
}): Promise<Uint8Array> {
  const body = await openBody({ request, maxBytes });
  if (body instanceof Uint8Array && body.length <= maxBytes) return body;
  if (!(body instanceof Uint8Array)) await body.reader.cancel();
  throw bodyTooLarge(maxBytes);
}

export function joinBytes(chunks: Uint8Array[]): Uint8Array {
  if (chunks.length === 1) return chunks[0]!;
  const bytes = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

export const bodyTooLarge = (maxBytes: number): KildeError =>
  new KildeError('payload_too_large', `The body is larger than ${maxBytes} bytes.`);

/** The body as text. @throws KildeError `payload_too_large`, or `bad_request` where it is not UTF-8. */
export async function readBodyText({ request, maxBytes }: { request: Request; maxBytes: number }): Promise<string> {
  return decodeUtf8(await readBodyBytes({ request, maxBytes }));
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw notUtf8();
  }
}

const notUtf8 = (): KildeError =>
  new KildeError('bad_request', 'The body is not valid UTF-8.', [{ location: 'body', message: 'not UTF-8' }]);
