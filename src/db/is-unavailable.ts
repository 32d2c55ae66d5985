const unavailableCodes = new Set([
  'SERVER_ERROR',
  'HRANA_CLOSED_ERROR',
  'HRANA_PROTO_ERROR',
  'STREAM_EXPIRED',
  'SQLITE_BUSY',
  // The disk is full or fails, or the file cannot be written.
  'SQLITE_FULL',
  'SQLITE_IOERR',
  'SQLITE_CANTOPEN',
  'SQLITE_READONLY',
  'SQLITE_CORRUPT',
  'SQLITE_NOTADB',
  'SQLITE_NOMEM',
  'UNKNOWN',
]);

/**
 * Whether an error means that the database was not reached or could not answer, so that trying again may help: by the
 * codes of @libsql/client, anywhere in the chain of causes (Drizzle wraps what the client throws).
 */
export function isDatabaseUnavailable(error: unknown): boolean {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth += 1) {
    if (cause instanceof DatabaseUnreachable) return true;
    const { code } = cause as { code?: unknown };
    if (cause.name.startsWith('Libsql') && typeof code === 'string' && unavailableCodes.has(code)) return true;
  }
  return false;
}

/** The request to the database came to nothing: refused, reset, timed out. */
export class DatabaseUnreachable extends Error {
  constructor(cause: unknown) {
    super('The database was not reached.', { cause });
    this.name = 'DatabaseUnreachable';
  }
}
