import type { CachedStatement, Connection } from './connection.ts';
import type { DatabaseFile } from './database-file.ts';
import { describeSqliteError } from './errors.ts';
import type { Pipeline, Stmt } from './read-pipeline.ts';
import { runStatement } from './run-statement.ts';

/** A change that is all its pipeline asks for. */
export type LoneChange = { stmt: Stmt; sql: string };

/** What a statement has come to: its Hrana `StmtResult` as JSON, or the error it ends in. */
export type Outcome = { result: string } | { error: unknown };

export type CommitTogether = {
  /**
   * Runs a change with those that came at the same moment. Null where it has to run on its own: it came alone, or the transaction
   * came to nothing; then nothing of it has been done.
   */
  run(change: LoneChange): Promise<Outcome | null>;
};

/** How many are committed at once: all others wait as long as those take. */
const mostTogether = 64;

/** The pipeline's change, where it is one statement on a stream of its own, as `client.execute` sends it. */
export function readLoneChange({ baton, requests }: Pipeline): LoneChange | null {
  const [first, second] = requests;
  if (baton !== undefined || requests.length !== 2 || first?.type !== 'execute' || second?.type !== 'close')
    return null;
  const { sql, sqlId } = first.stmt;
  // Another kind of change, as one behind WITH, runs on its own, which is right for every statement.
  if (sql === undefined || sqlId !== undefined || !/^\s*(?:INSERT|UPDATE|DELETE)\b/i.test(sql)) return null;
  return { stmt: first.stmt, sql };
}

/**
 * Lets changes that wait at the same time share a transaction, and with it the sync that a commit waits for and the pages that each
 * would write anew. Each is answered once all are durable, and an error of one undoes what that one has done, as it would alone.
 * @param limit Characters of JSON the rows of one may take.
 */
export function createCommitTogether({ file, limit }: { file: DatabaseFile; limit: number }): CommitTogether {
  type Waiting = { change: LoneChange; settle: (outcome: Outcome | null) => void };
  let waiting: Waiting[] = [];

  function runAll(): void {
    const all = waiting;
    waiting = [];
    for (let from = 0; from < all.length; from += mostTogether) {
      const some = all.slice(from, from + mostTogether);
      const outcomes = some.length > 1 ? runTogether(some.map(({ change }) => change)) : null;
      for (const [place, { settle }] of some.entries()) settle(outcomes?.[place] ?? null);
    }
  }

  function runTogether(changes: LoneChange[]): Outcome[] | null {
    let connection: Connection | undefined;
    try {
      connection = file.acquire();
      connection.begin();
      const outcomes: Outcome[] = [];
      for (const change of changes) {
        outcomes.push(runOne(connection, change));
        // Some errors, a full disk among them, end the transaction and what the others did in it.
        if (!connection.isInTransaction()) return null;
      }
      connection.commit();
      return outcomes;
    } catch {
      // No connection opens, the lock is taken, a constraint that is checked at the end does not hold: each tries for itself, and hears of it.
      return null;
    } finally {
      if (connection) file.release(connection);
    }
  }

  function runOne(connection: Connection, { stmt, sql }: LoneChange): Outcome {
    let statement: CachedStatement | undefined;
    try {
      statement = connection.findStatement(sql);
      return { result: runStatement(connection, statement, { ...stmt, budget: { remaining: limit } }) };
    } catch (error) {
      return { error: describeSqliteError(error, statement?.sql.text ?? sql) };
    }
  }

  return {
    async run(change) {
      return new Promise((settle) => {
        // After all that has arrived by now is read.
        if (waiting.length === 0) setImmediate(runAll);
        waiting.push({ change, settle });
      });
    },
  };
}
