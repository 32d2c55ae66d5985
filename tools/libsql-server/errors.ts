/**
 * The request breaks the protocol: the whole HTTP request fails with status 400 and its stream is closed.
 * Messages are sqld's (libsql-server/src/hrana/mod.rs). With a `code` the body is JSON, else plain text.
 */
export class ProtocolError extends Error {
  readonly code: string | undefined;

  constructor(message: string, code?: string) {
    super(message);
    this.code = code;
  }
}

/** One statement or request failed: reported inside a 200 answer as `{ message, code }`; the stream lives on. */
export class StatementError extends Error {
  readonly code: string;

  constructor(message: string, code: string) {
    super(message);
    this.code = code;
  }
}

/** A reader was given a statement that writes, which it refuses: nothing has run. */
export class WriteRefused extends Error {}

// sqld reports the base code of an SQLite error, never the extended one, and calls SQLITE_ERROR "unknown".
const baseCodes: Record<number, string> = {
  1: 'SQLITE_UNKNOWN',
  2: 'SQLITE_INTERNAL',
  3: 'SQLITE_PERM',
  4: 'SQLITE_ABORT',
  5: 'SQLITE_BUSY',
  6: 'SQLITE_LOCKED',
  7: 'SQLITE_NOMEM',
  8: 'SQLITE_READONLY',
  9: 'SQLITE_INTERRUPT',
  10: 'SQLITE_IOERR',
  11: 'SQLITE_CORRUPT',
  12: 'SQLITE_NOTFOUND',
  13: 'SQLITE_FULL',
  14: 'SQLITE_CANTOPEN',
  15: 'SQLITE_PROTOCOL',
  17: 'SQLITE_SCHEMA',
  18: 'SQLITE_TOOBIG',
  19: 'SQLITE_CONSTRAINT',
  20: 'SQLITE_MISMATCH',
  21: 'SQLITE_MISUSE',
  22: 'SQLITE_NOLFS',
  23: 'SQLITE_AUTH',
  25: 'SQLITE_RANGE',
  26: 'SQLITE_NOTADB',
};

const sqliteReadonly = 8;
const sqliteBusy = 5;
const sqliteBusySnapshot = 517;

const syntaxMessage = /syntax error$|^unrecognized token|^incomplete input$/;

// The errors for which SQLite knows where in the text they are; sqld names the place.
const placedMessage =
  /^(?:no such column: |no such function: |ambiguous column name: |wrong number of arguments to function |misuse of (?:aggregate|window function)[: ])"?([^\s"()]+)/;

/** True where waiting and running the same statement again can succeed: another connection holds the write lock. */
export function isLockBusy(error: unknown): boolean {
  const rawCode = readRawCode(error);
  // A stale snapshot stays stale until its transaction ends, however long one waits.
  return rawCode !== undefined && (rawCode & 0xff) === sqliteBusy && rawCode !== sqliteBusySnapshot;
}

/** True where a connection that may only read was asked to write. */
export function isReadonlyError(error: unknown): boolean {
  const rawCode = readRawCode(error);
  return rawCode !== undefined && (rawCode & 0xff) === sqliteReadonly;
}

/** True where compiling failed in a way that a schema that is out of date can cause. */
export function isCompileError(error: unknown): boolean {
  return readRawCode(error) === 1;
}

/**
 * Turns an error of the embedded library into what sqld answers (libsql-server/src/hrana/stmt.rs).
 * Errors that are not the library's come back as they are.
 */
export function describeSqliteError(error: unknown, sql: string): unknown {
  const rawCode = readRawCode(error);
  if (rawCode === undefined || !(error instanceof Error)) return error;
  const { message } = error;
  if (rawCode === 1 && syntaxMessage.test(message)) {
    return new StatementError(`SQL string could not be parsed: ${message}`, 'SQL_PARSE_ERROR');
  }
  const placed = rawCode === 1 ? placedMessage.exec(message) : null;
  if (placed) {
    const offset = Math.max(0, sql.indexOf(placed[1] ?? ''));
    return new StatementError(`SQL input error: ${message} (at offset ${offset})`, 'SQL_INPUT_ERROR');
  }
  return new StatementError(`SQLite error: ${message}`, baseCodes[rawCode & 0xff] ?? 'SQLITE_UNKNOWN');
}

function readRawCode(error: unknown): number | undefined {
  if (error instanceof Error && 'rawCode' in error && typeof error.rawCode === 'number') {
    return error.rawCode;
  }
  return undefined;
}
