import './thread-count.ts';
import Database from 'libsql';
import { StatementError, isCompileError } from './errors.ts';
import { splitSql } from './split-sql.ts';
import type { SqlStatement } from './split-sql.ts';
import type { NativeValue } from './values.ts';

/** The parts of the library's statement that are used here; its own types miss some. */
export type NativeStatement = {
  reader: boolean;
  run(values: NativeValue[]): { changes: number; lastInsertRowid: number };
  get(values: NativeValue[]): unknown;
  iterate(values: NativeValue[]): Iterator<NativeValue[], undefined>;
  columns(): { name: string; type: string | null }[];
  raw(toggle: boolean): unknown;
  safeIntegers(toggle: boolean): unknown;
};

/** A statement kept by its SQL text. `native` and `columns` are made at its first run under a schema. */
export type CachedStatement = {
  sql: SqlStatement;
  native: { statement: NativeStatement; schemaGeneration: number } | undefined;
  columns: { json: string; schemaGeneration: number } | undefined;
};

/** Counts schema changes of one file, across its connections in this process. */
export type SchemaClock = { generation: number };

export type Connection = {
  schema: SchemaClock;
  /** Set when the connection was altered by its stream and must not be used by another. */
  isAltered: boolean;
  /** A transaction has changed the schema; its end may take the change back. */
  hasPendingSchemaChange: boolean;
  /** @throws StatementError for none or several statements. */
  findStatement(sql: string): CachedStatement;
  /** Compiles at the first call, and again after a change of the schema. @throws the library's SqliteError. */
  prepare(statement: CachedStatement): NativeStatement;
  isInTransaction(): boolean;
  /** Counts of the statement that just ended; for those the library does not report. */
  readCounts(): { changes: number; lastInsertRowid: bigint };
  /** Notices a schema changed by another process. Only outside a transaction: it reads, and would start a snapshot. */
  noteOutsideSchemaChange(): void;
  /** Takes the write lock. @throws the library's SqliteError, where it is taken among others. */
  begin(): void;
  commit(): void;
  /** Ends an open transaction; false if the connection is no longer usable. */
  rollback(): boolean;
  /** Writes the WAL into the file and empties it; false where somebody writes, or reads an older state. */
  checkpoint(): boolean;
  close(): void;
};

const cachedStatements = 256;
// A report of many measures is some 20,000 characters, and takes as long to compile as a small one to answer. Longer texts are
// one-off scripts and bulk inserts; keeping them would only hold memory.
const cachedSqlLength = 40_000;

/**
 * Opens one connection to a database file, WAL, `synchronous=FULL`: a commit is in the file system before it returns.
 * What is deleted is overwritten, so that an erased person is not left in free pages.
 * SQLite's own waiting is only for opening: from then on a busy lock is an error at once, see lock-queue.ts.
 */
export function openConnection({ path, schema }: { path: string; schema: SchemaClock }): Connection {
  const database = new Database(path);
  database.exec('PRAGMA busy_timeout = 2000');
  database.exec('PRAGMA journal_mode = WAL');
  database.exec(
    `PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY;
     PRAGMA cache_size = -65536; PRAGMA mmap_size = 1073741824;
     PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 67108864; PRAGMA busy_timeout = 0`,
  );

  const statements = new Map<string, CachedStatement>();
  const schemaVersion = prepareNative('PRAGMA schema_version');
  const counts = prepareNative('SELECT changes(), last_insert_rowid()');
  let lastSchemaVersion = readSchemaVersion();
  let loadedGeneration = schema.generation;
  let isOpen = true;

  function prepareNative(sql: string): NativeStatement {
    const native = database.prepare(sql) as unknown as NativeStatement;
    native.safeIntegers(true);
    if (native.reader) native.raw(true);
    return native;
  }

  function readSchemaVersion(): bigint {
    return (schemaVersion.get([]) as [bigint])[0];
  }

  /**
   * Lets SQLite see that the schema has changed. It looks when a statement runs, not when one is compiled: without this a connection
   * would compile against tables as they were, and answer that they have other columns.
   */
  function loadSchema(): void {
    database.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get([]);
    loadedGeneration = schema.generation;
  }

  function compile(sql: string): NativeStatement {
    if (loadedGeneration !== schema.generation) loadSchema();
    try {
      return prepareNative(sql);
    } catch (error) {
      // Another process may have changed the schema since this connection last looked.
      if (!isCompileError(error)) throw error;
      loadSchema();
      return prepareNative(sql);
    }
  }

  return {
    schema,
    isAltered: false,
    hasPendingSchemaChange: false,
    findStatement(sql) {
      const known = statements.get(sql);
      if (known) {
        statements.delete(sql);
        statements.set(sql, known);
        return known;
      }
      const statement: CachedStatement = { sql: splitSingle(sql), native: undefined, columns: undefined };
      if (sql.length <= cachedSqlLength) {
        statements.set(sql, statement);
        if (statements.size > cachedStatements) {
          const [oldest] = statements.keys();
          if (oldest !== undefined) statements.delete(oldest);
        }
      }
      return statement;
    },
    prepare(statement) {
      if (statement.native?.schemaGeneration !== schema.generation) {
        statement.native = { statement: compile(statement.sql.text), schemaGeneration: schema.generation };
      }
      return statement.native.statement;
    },
    isInTransaction: () => database.inTransaction,
    readCounts() {
      const [changes, lastInsertRowid] = counts.get([]) as [bigint, bigint];
      return { changes: Number(changes), lastInsertRowid };
    },
    noteOutsideSchemaChange() {
      const version = readSchemaVersion();
      if (version !== lastSchemaVersion) {
        lastSchemaVersion = version;
        schema.generation += 1;
      }
    },
    // Not as kept statements: one that finds the lock taken would go on reading what was there then.
    begin: () => void database.exec('BEGIN IMMEDIATE'),
    commit: () => void database.exec('COMMIT'),
    rollback() {
      try {
        if (database.inTransaction) database.exec('ROLLBACK');
        return !database.inTransaction;
      } catch {
        return false;
      }
    },
    checkpoint() {
      const [row] = database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').all() as Array<{ busy: number }>;
      return row?.busy === 0;
    },
    close() {
      // The library aborts the process when a closed database is asked for its state, so never close twice.
      if (!isOpen) return;
      isOpen = false;
      statements.clear();
      database.close();
    },
  };
}

/** @throws StatementError for none or several statements. */
export function splitSingle(sql: string): SqlStatement {
  // The library cannot take a NUL inside SQL, SQLite would stop reading there.
  if (sql.includes('\0')) {
    throw new StatementError('SQL string could not be parsed: unrecognized token: "\\0"', 'SQL_PARSE_ERROR');
  }
  const [statement, second] = splitSql(sql);
  if (!statement) throw new StatementError('SQL string does not contain any statement', 'SQL_NO_STATEMENT');
  if (second) throw new StatementError('SQL string contains more than one statement', 'SQL_MANY_STATEMENTS');
  return statement;
}
