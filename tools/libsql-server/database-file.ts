import type { Clock } from './clock.ts';
import { openConnection } from './connection.ts';
import type { Connection, SchemaClock } from './connection.ts';
import { createLockQueue } from './lock-queue.ts';
import type { LockQueue } from './lock-queue.ts';

/** One database file: its connections and the queue for its write lock. */
export type DatabaseFile = {
  lockQueue: LockQueue;
  /** An idle connection, or a new one; always outside a transaction. */
  acquire(): Connection;
  /** Rolls back what is open, lets the next writer try, and keeps the connection if it is as good as new. */
  release(connection: Connection): void;
  /**
   * Writes the WAL into the file and empties it, so that what was deleted is in neither. Nothing where another writes or reads an
   * older state: the next call does it.
   */
  checkpoint(): void;
  /** Writes the WAL into the file and closes every idle connection. */
  close(): void;
};

const idleConnections = 8;

/**
 * Opens the file, creating it where it is missing.
 * @throws the library's SqliteError where it cannot be opened or is no database.
 */
export function openDatabaseFile({ path, clock }: { path: string; clock: Clock }): DatabaseFile {
  const schema: SchemaClock = { generation: 0 };
  const lockQueue = createLockQueue({ clock });
  // Last in, first out, so that one warm page cache serves most requests.
  const idle: Connection[] = [openConnection({ path, schema })];
  let isClosed = false;

  return {
    lockQueue,
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
    checkpoint() {
      const [connection] = idle;
      try {
        connection?.checkpoint();
      } catch {
        // Busy.
      }
    },
    close() {
      isClosed = true;
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
