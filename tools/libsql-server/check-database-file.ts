import { closeSync, openSync, readSync, statSync } from 'node:fs';

/** A file that must not be served: it is damaged, or no database. The message names it and says what to do. */
export class DatabaseFileError extends Error {}

const magic = 'SQLite format 3\0';
const headerBytes = 100;
const walHeaderBytes = 32;
const frameHeaderBytes = 24;
const restoreIt = 'Restore it from a backup: npm run restore -- <folder of the backup>.';

/**
 * Compares a database's length with what its header says, before anything opens it: a file that lost its end would be served
 * until somebody asks for what is missing. Reads some bytes of each frame of the write-ahead log and nothing else.
 * https://www.sqlite.org/fileformat2.html, 1.3 and 4.1.
 * @throws DatabaseFileError
 */
export function checkDatabaseFile(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  // An empty file is a new database.
  if (!found || found.size === 0) return;
  if (!found.isFile()) throw new DatabaseFileError(`${path} is not a file: the database must be one.`);
  const header = readBytes(path, { at: 0, length: headerBytes });
  if (header.length < headerBytes || header.toString('latin1', 0, 16) !== magic) {
    throw new DatabaseFileError(`${path} is not a database (it does not begin as an SQLite file does). ${restoreIt}`);
  }
  const pageSize = readPageSize(header);
  const existing = Math.floor(found.size / pageSize);
  const wal = readWal(`${path}-wal`, pageSize);
  // The count in the header is valid where the version that wrote it was the last to change the file.
  const counted = header.readUInt32BE(24) === header.readUInt32BE(92) ? header.readUInt32BE(28) : existing;
  const needed = wal.pageCount ?? counted;
  for (let page = existing + 1; page <= needed; page += 1) {
    if (wal.pages.has(page)) continue;
    throw new DatabaseFileError(
      `${path} is damaged: it has ${existing} whole pages of ${pageSize} bytes, and needs ${needed}. ${restoreIt}`,
    );
  }
}

function readPageSize(header: Buffer): number {
  const size = header.readUInt16BE(16);
  return size === 1 ? 65_536 : Math.max(size, 512);
}

/** The pages that the log holds and how many the database has after its last transaction; undefined where it holds none. */
function readWal(path: string, pageSize: number): { pages: Set<number>; pageCount: number | undefined } {
  const pages = new Set<number>();
  let pageCount: number | undefined;
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size < walHeaderBytes) return { pages, pageCount };
  const file = openSync(path, 'r');
  try {
    const head = Buffer.alloc(walHeaderBytes);
    readSync(file, head, 0, walHeaderBytes, 0);
    const frame = Buffer.alloc(frameHeaderBytes);
    for (let at = walHeaderBytes; at + frameHeaderBytes + pageSize <= size; at += frameHeaderBytes + pageSize) {
      readSync(file, frame, 0, frameHeaderBytes, at);
      // A frame of an earlier round of the log has another salt: the log ends before it.
      if (frame.compare(head, 16, 24, 8, 16) !== 0) break;
      pages.add(frame.readUInt32BE(0));
      const pagesAfterCommit = frame.readUInt32BE(4);
      if (pagesAfterCommit > 0) pageCount = pagesAfterCommit;
    }
  } finally {
    closeSync(file);
  }
  return { pages, pageCount };
}

function readBytes(path: string, { at, length }: { at: number; length: number }): Buffer {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(length);
    return bytes.subarray(0, readSync(file, bytes, 0, length, at));
  } finally {
    closeSync(file);
  }
}
