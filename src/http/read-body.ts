import { KildeError } from '../domain/errors.ts';

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
  const tooLarge = () => new KildeError('payload_too_large', `The body is larger than ${maxBytes} bytes.`);
  const told = Number(request.headers.get('content-length') ?? 0);
  if (told > maxBytes) throw tooLarge();
  // HTTP lets no body be longer than it said: read at once, it is read faster.
  if (told > 0) {
    const whole = new Uint8Array(await request.arrayBuffer());
    if (whole.length > maxBytes) throw tooLarge();
    return whole;
  }
  if (!request.body) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = (request.body as ReadableStream<Uint8Array>).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > maxBytes) {
      await reader.cancel();
      throw tooLarge();
    }
    chunks.push(value);
  }
  if (chunks.length === 1) return chunks[0]!;
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

/** The body as text. @throws KildeError `payload_too_large`, or `bad_request` where it is not UTF-8. */
export async function readBodyText({ request, maxBytes }: { request: Request; maxBytes: number }): Promise<string> {
  return decodeUtf8(await readBodyBytes({ request, maxBytes }));
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new KildeError('bad_request', 'The body is not valid UTF-8.', [{ location: 'body', message: 'not UTF-8' }]);
  }
}
