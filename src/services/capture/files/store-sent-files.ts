import { beginsAs } from '../../../domain/capture/file-signatures.ts';
import { nameOfFile, sortFiles } from '../../../domain/capture/file-rules.ts';
import type { KeptFile, SentFile } from '../../../domain/capture/file-rules.ts';
import type { InboundSubmission } from '../../../domain/capture/lead.ts';
import { toHex } from '../../../domain/sha256-hex.ts';
import { inTime } from '../../in-time.ts';
import type { FileStore, OpenFileStore } from './file-store.ts';

/** How long a visitor waits for the store. */
const patienceMs = 10_000;

type Context = { files: OpenFileStore; abortAfter: (milliseconds: number) => AbortSignal };

/**
 * Stores the files of a submission, and names them in it. A file that is refused, or that the store does not take, is noted among the
 * answers with the reason: no lead is lost for a file.
 */
export async function storeSentFiles(
  { files: open, abortAfter }: Context,
  { inbound, sent }: { inbound: InboundSubmission; sent: readonly SentFile[] },
): Promise<InboundSubmission> {
  if (open === null) return inbound;
  const notes = new Map<string, string[]>();
  const note = ({ note: before, field }: SentFile, after: string): void => {
    const place = JSON.stringify([field, before]);
    notes.set(place, [...(notes.get(place) ?? []), after]);
  };
  const kept: KeptFile[] = [];
  const store = await open();
  await Promise.all(
    sortFiles(sent).map(async ({ file, type, refusal }) => {
      const name = nameOfFile(file.name);
      const size = `${file.size} bytes`;
      if (refusal !== null) return note(file, `${name} (${size}, not kept: ${refusal})`);
      const bytes = await bytesOf(file);
      if (!beginsAs(type, bytes)) return note(file, `${name} (${size}, not kept: the content is not ${type})`);
      const one = { id: crypto.randomUUID(), field: file.field, name, type, size: bytes.length };
      try {
        const sha256 = await inTime(putFile(store, { id: one.id, bytes }), abortAfter(patienceMs));
        kept.push({ ...one, sha256 });
        note(file, `${name} (${size})`);
      } catch (error) {
        console.error(`a file was not stored: ${error instanceof Error ? error.name : 'unknown'}`);
        note(file, `${name} (${size}, not kept: the file store does not answer)`);
      }
    }),
  );
  return { ...inbound, fields: withNotes(inbound.fields, notes), ...(kept.length > 0 ? { files: kept } : {}) };
}

async function putFile(
  store: FileStore,
  { id, bytes }: { id: string; bytes: Uint8Array<ArrayBuffer> },
): Promise<string> {
  const sha256 = toHex(await crypto.subtle.digest('SHA-256', bytes));
  await store.put({ id, bytes, sha256 });
  return sha256;
}

async function bytesOf({ bytes }: SentFile): Promise<Uint8Array<ArrayBuffer>> {
  const blob = bytes instanceof Blob ? bytes : new Blob((bytes ?? []) as BlobPart[]);
  return new Uint8Array(await blob.arrayBuffer());
}

/** The answers with what became of each file in the place of what was noted when it was read. */
function withNotes(fields: InboundSubmission['fields'], notes: Map<string, string[]>): InboundSubmission['fields'] {
  const noteOf = (field: string, text: string): string => notes.get(JSON.stringify([field, text]))?.shift() ?? text;
  return Object.fromEntries(
    Object.entries(fields).map(([field, value]) => [
      field,
      Array.isArray(value) ? value.map((text) => noteOf(field, text)) : noteOf(field, value),
    ]),
  );
}
