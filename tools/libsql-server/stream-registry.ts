import { randomBytes } from 'node:crypto';
import type { Clock } from './clock.ts';
import type { Connection } from './connection.ts';
import type { DatabaseFile } from './database-file.ts';
import { ProtocolError } from './errors.ts';

/** One Hrana stream: a connection of its own and the SQL texts stored with `store_sql`. */
export type Stream = { connection: Connection | undefined; sqls: Map<number, string>; id: string | undefined };

export type StreamRegistry = {
  /** A new stream without a baton, or the one the baton stands for. @throws ProtocolError */
  acquire(baton: string | undefined): Stream;
  /** Puts the stream aside until its next request and gives the baton for it; null once it is closed. */
  release(stream: Stream): string | null;
  /** Rolls back and closes. */
  discard(stream: Stream): void;
  /** Closes the streams that wait for a request. */
  closeIdle(): void;
};

// sqld remembers expired streams for five minutes to give a better message; here the number is what bounds them.
const rememberedExpired = 1000;

/** Streams of one database file. A stream without a request for `timeoutMs` is rolled back and closed. */
export function createStreamRegistry({
  file,
  clock,
  timeoutMs,
}: {
  file: DatabaseFile;
  clock: Clock;
  timeoutMs: number;
}): StreamRegistry {
  const waiting = new Map<string, { stream: Stream; baton: string; cancelExpiry: () => void }>();
  const acquired = new Set<string>();
  const expired = new Set<string>();

  function discard(stream: Stream): void {
    if (stream.id !== undefined) acquired.delete(stream.id);
    const { connection } = stream;
    stream.connection = undefined;
    if (connection) file.release(connection);
  }

  function expire(id: string): void {
    const entry = waiting.get(id);
    if (!entry) return;
    waiting.delete(id);
    expired.add(id);
    if (expired.size > rememberedExpired) {
      const [oldest] = expired;
      if (oldest !== undefined) expired.delete(oldest);
    }
    discard(entry.stream);
  }

  return {
    acquire(baton) {
      if (baton === undefined) return { connection: file.acquire(), sqls: new Map(), id: undefined };
      const id = baton.slice(0, baton.indexOf('.'));
      const entry = waiting.get(id);
      if (!entry) {
        if (expired.has(id)) throw new ProtocolError('The stream has expired due to inactivity', 'STREAM_EXPIRED');
        if (acquired.has(id)) throw new ProtocolError('Received a baton that has already been used');
        throw new ProtocolError('Received an invalid baton');
      }
      if (entry.baton !== baton) throw new ProtocolError('Received a baton that has already been used');
      waiting.delete(id);
      acquired.add(id);
      entry.cancelExpiry();
      return entry.stream;
    },
    release(stream) {
      if (!stream.connection) {
        if (stream.id !== undefined) acquired.delete(stream.id);
        return null;
      }
      const id = stream.id ?? randomBytes(16).toString('base64url');
      const baton = `${id}.${randomBytes(16).toString('base64url')}`;
      stream.id = id;
      acquired.delete(id);
      waiting.set(id, { stream, baton, cancelExpiry: clock.startTimer(() => expire(id), timeoutMs) });
      // Its transaction may have ended with this request.
      if (!stream.connection.isInTransaction()) file.lockQueue.notifyReleased();
      return baton;
    },
    discard,
    closeIdle() {
      for (const { stream, cancelExpiry } of waiting.values()) {
        cancelExpiry();
        discard(stream);
      }
      waiting.clear();
    },
  };
}
