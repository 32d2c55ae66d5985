import type { DatabaseFile } from './database-file.ts';
import type { BatchStep, Pipeline, Stmt } from './read-pipeline.ts';
import type { ReaderConnection } from './reader-connection.ts';
import type { ResponseBudget } from './run-statement.ts';
import { runSteps } from './run-steps.ts';
import { isStorable } from './stored-sql.ts';
import type { SqlStatement } from './split-sql.ts';

/** Requests that only read, as `client.execute` and `client.batch` send them: the latter stores its texts first. */
export type Reads = { key: string; storedTexts: number } & (
  | { type: 'execute'; stmt: Stmt; sql: SqlStatement }
  | { type: 'batch'; steps: BatchStep[]; sqls: SqlStatement[] }
);

type FindSql = Pick<DatabaseFile, 'findSql'>;

/**
 * The requests of a pipeline that only reads and needs no stream afterwards; null for every other. That it cannot write is certain only
 * where it runs: on a connection that refuses to.
 */
export function readReads({ findSql }: FindSql, { baton, requests }: Pipeline): Reads | null {
  if (baton !== undefined || requests.at(-1)?.type !== 'close') return null;
  const texts = new Map<number, string>();
  for (const request of requests.slice(0, -2)) {
    // What a stream would refuse to store is left to a stream, which says so.
    if (request.type !== 'store_sql' || texts.has(request.sqlId) || !isStorable(request.sql, texts.size)) return null;
    texts.set(request.sqlId, request.sql);
  }
  const find = ({ sql, sqlId }: Stmt): SqlStatement | null => {
    if (sql !== undefined && sqlId !== undefined) return null;
    const text = sqlId === undefined ? sql : texts.get(sqlId);
    return text === undefined ? null : findSql(text);
  };
  const request = requests.at(-2);
  const storedTexts = texts.size;
  if (request?.type === 'execute') {
    const sql = find(request.stmt);
    return sql && isRead(sql) ? { type: 'execute', key: sql.text, storedTexts, stmt: request.stmt, sql } : null;
  }
  if (request?.type !== 'batch') return null;
  const { steps } = request;
  const sqls = steps.map(({ stmt }) => find(stmt)).filter((sql) => sql !== null);
  if (sqls.length < steps.length || !sqls.some(isRead)) return null;
  if (!sqls.every((sql) => isRead(sql) || isControl(sql))) return null;
  const key = sqls
    .filter(isRead)
    .map(({ text }) => text)
    .join(';\n');
  return { type: 'batch', key, storedTexts, steps, sqls };
}

/** A read was ended from outside, between two of its statements or within one. */
export class ReadStopped extends Error {}

/**
 * Runs reads on a connection, a batch in one state of the database, and gives their Hrana answer as JSON.
 * @param limit Characters of JSON that the rows may take.
 * @throws StatementError, WriteRefused, ReadStopped
 */
export async function runReads(
  connection: ReaderConnection,
  { reads, limit, isStopped }: { reads: Reads; limit: number; isStopped: () => boolean },
): Promise<string> {
  const budget = { remaining: limit };
  if (reads.type === 'execute') {
    return `"type":"execute","result":${await connection.run(reads.sql, { ...reads.stmt, budget })}`;
  }
  const runner = {
    isInTransaction: () => connection.isInTransaction(),
    run: async (index: number, stmt: Stmt) => {
      if (isStopped()) throw new ReadStopped();
      return endWhereStopped(runStep(connection, { sql: reads.sqls[index]!, stmt, budget }), isStopped);
    },
  };
  return `"type":"batch","result":${await runSteps(reads.steps, runner)}`;
}

type Step = { sql: SqlStatement; stmt: Stmt; budget: ResponseBudget };

async function runStep(connection: ReaderConnection, { sql, stmt, budget }: Step): Promise<string> {
  return isRead(sql) ? connection.run(sql, { ...stmt, budget }) : connection.runControl(sql);
}

/** A step that was ended from outside ends its whole batch. */
async function endWhereStopped(step: Promise<string>, isStopped: () => boolean): Promise<string> {
  try {
    return await step;
  } catch (error) {
    if (isStopped()) throw new ReadStopped();
    throw error;
  }
}

function isRead({ verb, isExplain }: SqlStatement): boolean {
  return !isExplain && (verb === 'select' || verb === 'values');
}

/** The ends of a transaction that takes no lock. */
function isControl({ verb, isReadonly }: SqlStatement): boolean {
  return isReadonly && (verb === 'begin' || verb === 'commit' || verb === 'end' || verb === 'rollback');
}
