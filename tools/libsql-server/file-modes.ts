import { chmodSync, closeSync, openSync, statSync } from 'node:fs';

/** A database, its write-ahead log and the index of that. */
const suffixes = ['', '-wal', '-shm'];

/**
 * Lets the owner alone read and write a database's files, also where an earlier version left them open to others. A missing database
 * is made empty: SQLite gives its other files the mode of the first.
 */
export function closeToOthers(path: string): void {
  if (!statSync(path, { throwIfNoEntry: false })) closeSync(openSync(path, 'a', 0o600));
  for (const suffix of suffixes) restrictMode(`${path}${suffix}`, 0o600);
}

/** Takes from a file or folder what others may do with it; nothing where it is missing or somebody else's. */
export function restrictMode(path: string, mode: number): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found || (found.mode & 0o777 & ~mode) === 0) return;
  try {
    chmodSync(path, found.mode & mode);
  } catch {
    // It belongs to another user, who decides.
  }
}
