import type { IncomingMessage } from 'node:http';

export type ReadBody = { outcome: 'read'; text: string } | { outcome: 'too-large' } | { outcome: 'aborted' };

/** Reads a request body as UTF-8; a body longer than `maxBytes` is read to its end and thrown away. */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<ReadBody> {
  return new Promise((done) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maxBytes) chunks.push(chunk);
      else chunks.length = 0;
    });
    // The answer waits for the end: a client that still writes would see a reset instead of the 413.
    request.on('end', () => {
      if (size > maxBytes) return done({ outcome: 'too-large' });
      const [only] = chunks;
      const bytes = only && chunks.length === 1 ? only : Buffer.concat(chunks);
      done({ outcome: 'read', text: bytes.toString() });
    });
    request.on('error', () => done({ outcome: 'aborted' }));
    request.on('close', () => done({ outcome: 'aborted' }));
  });
}
