import { statSync } from 'node:fs';
import type { Clock } from './clock.ts';
import { openConnection } from './connection.ts';
import type { Connection, SchemaClock } from './connection.ts';
import { checkDatabaseFile } from './check-database-file.ts';
import { closeToOthers } from './file-modes.ts';
import { createLockQueue } from './lock-queue.ts';
import type { LockQueue } from './lock-queue.ts';
import type { ReadTask, ReaderPool } from './reader-pool.ts';
import { createSqlCache } from './sql-cache.ts';
import type { SqlStatement } from './split-sql.ts';

/** One database file: its connections, the queue for its write lock, and the readers beside them. */
export type DatabaseFile = {
  lockQueue: LockQueue;
  /** Runs requests that only read, beside the writer. See `ReaderPool.read`. */
  read(task: Omit<ReadTask, 'path'>): Promise<string>;
  /** What a text says, where it is one statement. */
  findSql(sql: string): SqlStatement | null;
  /** An idle connection, or a new one; always outside a transaction. */
  acquire(): Connection;
  /** Rolls back what is open, lets the next writer try, and keeps the connection if it is as good as new. */
  release(connection: Connection): void;
  /**
   * Writes the WAL into the file and empties it, so that what was deleted is in neither. Where readers are in the way they are let end
   * first; where a transaction is, the next call does it.
   */
  checkpoint(): Promise<void>;
  /** Does the same where the WAL has grown long: readers that overlap would let it grow without end. */
  checkpointWhenLong(): Promise<void>;
  /** Writes the WAL into the file and closes every idle connection. */
  close(): Promise<void>;
};

const idleConnections = 8;
/** Four times what SQLite's own checkpoints let it grow to. */
const longWalBytes = 64 * 1024 * 1024;

/**
 * Opens the file, creating it where it is missing. Nobody else on the machine may read it: it holds personal data.
 * @throws DatabaseFileError where the file is damaged or no database, the library's SqliteError where it cannot be opened.
 */
export function openDatabaseFile({
  path,
  clock,
  readers,
}: {
  path: string;
  clock: Clock;
  readers: ReaderPool;
}): DatabaseFile {
  checkDatabaseFile(path);
  closeToOthers(path);
  const schema: SchemaClock = { generation: 0 };
  const lockQueue = createLockQueue({ clock });
  // Last in, first out, so that one warm page cache serves most requests.
  const idle: Connection[] = [openConnection({ path, schema })];
  let isClosed = false;
  let isPausing = false;

  function tryCheckpoint(): boolean {
    const [connection] = idle;
    try {
      return connection?.checkpoint() ?? true;
    } catch {
      // Busy.
      return false;
    }
  }

  async function checkpoint(): Promise<void> {
    if (isClosed || isPausing || tryCheckpoint()) return;
    isPausing = true;
    await readers.pause(() => void tryCheckpoint());
    isPausing = false;
  }

  return {
    lockQueue,
    read: (task) => readers.read({ ...task, path }),
    findSql: createSqlCache(),
    acquire() {
      const connection = idle.pop() ?? openConnection({ path, schema });
      connection.noteOutsideSchemaChange();
      return connection;
    },
    release(connection) {
      const isUsable = connection.rollback();
      if (connection.hasPendingSchemaChange) {
        connection.hasPendingSchemaChange = false;
        schema.generation += 1;
      }
      if (isUsable && !isClosed && !connection.isAltered && idle.length < idleConnections) idle.push(connection);
      else connection.close();
      lockQueue.notifyReleased();
    },
    checkpoint,
    async checkpointWhenLong() {
      const size = statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
      if (size > longWalBytes) await checkpoint();
    },
    async close() {
      isClosed = true;
      await readers.closeFile(path);
      if (idle.length === 0) idle.push(openConnection({ path, schema }));
      try {
        idle[0]?.checkpoint();
      } catch (error) {
        // What is committed is safe in the WAL; the other files still have to be closed.
        console.error(error);
      }
      for (const connection of idle) connection.close();
      idle.length = 0;
    },
  };
}
