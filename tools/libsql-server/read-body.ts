import type { IncomingMessage } from 'node:http';

/** Reads a request body as UTF-8; a body longer than `maxBytes` is read to its end and thrown away. */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<string | 'too-large' | 'aborted'> {
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
      if (size > maxBytes) done('too-large');
      else done(chunks.length === 1 && chunks[0] ? chunks[0].toString() : Buffer.concat(chunks).toString());
    });
    request.on('error', () => done('aborted'));
    request.on('close', () => done('aborted'));
  });
}
