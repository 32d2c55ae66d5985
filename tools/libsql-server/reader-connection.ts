import PromiseDatabase from 'libsql/promise';
import { StatementError, WriteRefused, describeSqliteError, isCompileError, isReadonlyError } from './errors.ts';
import { bindArguments, writeResult, writeRow } from './run-statement.ts';
import type { RunOptions } from './run-statement.ts';
import type { SqlStatement } from './split-sql.ts';
import type { NativeValue } from './values.ts';

/** The parts of the library's asynchronous statement that are used here; its own types miss some. */
type NativeStatement = {
  reader: boolean;
  get(values: NativeValue[]): unknown;
  iterate(values: NativeValue[]): Promise<Iterator<NativeValue[], undefined>>;
  columns(): { name: string; type: string | null }[];
  raw(toggle: boolean): unknown;
  safeIntegers(toggle: boolean): unknown;
};

type NativeDatabase = {
  inTransaction: boolean;
  prepare(sql: string): Promise<NativeStatement>;
  exec(sql: string): Promise<void>;
  interrupt(): void;
  close(): void;
};

/** A compiled read: what runs, and the columns of the statement as it was sent. */
type CompiledRead = { native: NativeStatement; columns: string };

/** A connection that cannot write. Its statements run on the library's threads; one at a time. */
export type ReaderConnection = {
  /**
   * Runs one read to its end and gives its Hrana `StmtResult` as JSON text.
   * @throws StatementError, WriteRefused
   */
  run(sql: SqlStatement, options: RunOptions): Promise<string>;
  /** Runs BEGIN, COMMIT or ROLLBACK. @throws StatementError */
  runControl(sql: SqlStatement): Promise<string>;
  isInTransaction(): boolean;
  /** Ends what runs now with SQLITE_INTERRUPT; nothing where nothing runs. */
  interrupt(): void;
  /** Ends an open transaction. Between two requests alone. */
  rest(): Promise<void>;
  /** Lets go of the file. */
  close(): Promise<void>;
};

const cachedReads = 256;
const cachedSqlLength = 40_000;
/** How many of the library's objects are kept before they are let go of. */
const keptObjects = 2000;

/**
 * Opens a connection that refuses every write, whatever the text of a statement looks like.
 *
 * For a thread of its own: the library's statements and rows wait for what runs on their connection when they are freed, and the thread
 * that frees them waits with them, unable to end it. So none is left to the garbage collector: all are kept, and let go of at rest.
 */
export async function openReaderConnection({
  path,
  collectGarbage,
}: {
  path: string;
  /** Frees what nothing refers to, at once. */
  collectGarbage: () => void;
}): Promise<ReaderConnection> {
  const database = new PromiseDatabase(path, {}) as unknown as NativeDatabase;
  await database.exec(
    `PRAGMA busy_timeout = 2000; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -65536; PRAGMA mmap_size = 1073741824;
     PRAGMA query_only = ON`,
  );
  const reads = new Map<string, CompiledRead>();
  const schemaVersion = await database.prepare('PRAGMA schema_version');
  let lastSchemaVersion = readSchemaVersion();
  let kept: unknown[] = [];

  async function prepare(sql: string): Promise<NativeStatement> {
    const statement = await database.prepare(sql);
    kept.push(statement);
    return statement;
  }

  function readSchemaVersion(): unknown {
    return Object.values(schemaVersion.get([]) as Record<string, unknown>)[0];
  }

  /** Forgets what was compiled for tables as they were. Outside a transaction alone: it reads, and would start a snapshot. */
  async function noteSchemaChange(): Promise<void> {
    if (database.inTransaction) return;
    const version = readSchemaVersion();
    if (version === lastSchemaVersion) return;
    lastSchemaVersion = version;
    kept.push(...reads.values());
    reads.clear();
    // SQLite looks whether the schema has changed when a statement runs, not when one is compiled.
    (await prepare('SELECT 1 FROM sqlite_schema LIMIT 1')).get([]);
  }

  /** As it was sent, for its columns: SQLite's errors about it, and names of columns that come twice, are those of the original. */
  async function describe(text: string): Promise<string> {
    const original = await prepare(text);
    if (!original.reader) throw new WriteRefused();
    return JSON.stringify(original.columns().map(({ name, type }) => ({ name, decltype: type })));
  }

  async function compile(text: string): Promise<CompiledRead> {
    const columns = await describe(text);
    // Only the first step of a statement leaves the main thread. In this form the first step finds all rows, in their order.
    const inOneStep = `WITH "kilde rows" AS MATERIALIZED (${text}\n) SELECT * FROM "kilde rows"`;
    // A statement that compiles alone and not in there is none that only reads.
    const native = await prepare(inOneStep).catch((error: unknown) => {
      throw isCompileError(error) ? new WriteRefused() : error;
    });
    native.safeIntegers(true);
    native.raw(true);
    return { native, columns };
  }

  async function findRead({ text }: SqlStatement): Promise<CompiledRead> {
    const known = reads.get(text);
    if (known) {
      reads.delete(text);
      reads.set(text, known);
      return known;
    }
    const read = await compile(text);
    if (text.length <= cachedSqlLength) {
      reads.set(text, read);
      if (reads.size > cachedReads) {
        const [oldest] = reads.keys();
        kept.push(reads.get(oldest ?? ''));
        reads.delete(oldest ?? '');
      }
    }
    return read;
  }

  async function readRows(
    read: CompiledRead,
    values: NativeValue[],
    { wantRows, budget }: RunOptions,
  ): Promise<string> {
    const rows = await read.native.iterate(values);
    kept.push(rows);
    let json = '';
    for (let next = rows.next(); next.done !== true; next = rows.next()) {
      if (!wantRows || budget.remaining < 0) continue;
      const row = writeRow(next.value);
      json = json === '' ? row : `${json},${row}`;
      budget.remaining -= row.length;
      // The rest ends at its next step; a statement left half-way would hold its snapshot.
      if (budget.remaining < 0) database.interrupt();
    }
    return json;
  }

  return {
    async run(sql, options) {
      const startedAt = performance.now();
      const values = bindArguments(sql, options);
      try {
        await noteSchemaChange();
        const read = await findRead(sql);
        const rows = await readRows(read, values, options);
        if (options.budget.remaining < 0) throw new StatementError('Response is too large', 'RESPONSE_TOO_LARGE');
        // The schema may have changed between compiling and running: SQLite has then compiled it again, with other columns.
        const isSame = database.inTransaction || readSchemaVersion() === lastSchemaVersion;
        const columns = isSame ? read.columns : await describe(sql.text);
        return writeResult({ columns, rows, startedAt });
      } catch (error) {
        if (options.budget.remaining < 0) throw new StatementError('Response is too large', 'RESPONSE_TOO_LARGE');
        if (error instanceof WriteRefused || isReadonlyError(error)) throw new WriteRefused();
        throw describeSqliteError(error, sql.text);
      }
    },
    async runControl(sql) {
      const startedAt = performance.now();
      try {
        await noteSchemaChange();
        await database.exec(sql.text);
        return writeResult({ columns: '[]', rows: '', startedAt });
      } catch (error) {
        throw describeSqliteError(error, sql.text);
      }
    },
    isInTransaction: () => database.inTransaction,
    interrupt: () => database.interrupt(),
    async rest() {
      if (database.inTransaction) await database.exec('ROLLBACK');
      if (kept.length > keptObjects) await letGo();
    },
    async close() {
      kept.push(schemaVersion);
      reads.clear();
      database.close();
      await letGo();
    },
  };

  async function letGo(): Promise<void> {
    kept = [...reads.values()];
    collectGarbage();
    // What was collected is freed after this turn of the loop.
    for (let turns = 0; turns < 3; turns += 1) await new Promise((resolve) => setImmediate(resolve));
  }
}
