import { readLoneChange } from './commit-together.ts';
import type { CommitTogether, Outcome } from './commit-together.ts';
import type { CachedStatement, Connection } from './connection.ts';
import type { DatabaseFile } from './database-file.ts';
import { ProtocolError, StatementError, WriteRefused, describeSqliteError, isLockBusy } from './errors.ts';
import type { BatchStep, Pipeline, SqlSource, StreamRequest } from './read-pipeline.ts';
import { describeColumns, runStatement } from './run-statement.ts';
import type { ResponseBudget, RunOptions } from './run-statement.ts';
import { ReadAborted } from './reader-pool.ts';
import { readReads } from './run-reads.ts';
import type { Reads } from './run-reads.ts';
import { runSteps, writeError } from './run-steps.ts';
import { splitSql } from './split-sql.ts';
import { maxStoredSqlBytes, maxStoredSqls } from './stored-sql.ts';
import type { Stream, StreamRegistry } from './stream-registry.ts';

export type PipelineLimits = {
  /** How long a statement waits for the write lock before it fails with SQLITE_BUSY. */
  busyTimeoutMs: number;
  /** Characters of JSON that the rows of one request may take. */
  maxResponseSize: number;
};

export type PipelineContext = {
  file: DatabaseFile;
  streams: StreamRegistry;
  together: CommitTogether;
  limits: PipelineLimits;
};

/** Raised inside a pipeline whose caller has gone; nobody reads an answer. */
export class PipelineAborted extends Error {}

/** Lets the HTTP side end a pipeline that waits for the lock. */
export type AbortHandle = { isAborted: boolean; onAbort: (() => void) | undefined };

/**
 * Runs the requests of one pipeline in order on its stream and gives the JSON of the answer.
 *
 * A pipeline that only reads runs on a reader, beside the others. Any other only ever awaits the write lock, and where it is one change,
 * those that came with it; where it need not wait it runs in one go, and nothing comes between.
 * @throws ProtocolError, after which the stream is closed and rolled back.
 */
export async function runPipeline(
  context: PipelineContext,
  { pipeline, abort }: { pipeline: Pipeline; abort: AbortHandle },
): Promise<string> {
  const { streams } = context;
  const change = readLoneChange(pipeline);
  const outcome = change && (await context.together.run(change));
  if (outcome) return writePipeline(null, [answerOutcome(outcome), closed]);
  const reads = readReads(context.file, pipeline);
  const found = reads && (await readBeside(context, { reads, abort }));
  if (found) return writePipeline(null, [...Array<string>(reads.storedTexts).fill(stored), found, closed]);
  const stream = streams.acquire(pipeline.baton);
  try {
    const results: string[] = [];
    for (const request of pipeline.requests) {
      const pending = runRequest({ ...context, stream, abort }, request);
      results.push(typeof pending === 'string' ? pending : await pending);
    }
    return writePipeline(streams.release(stream), results);
  } catch (error) {
    streams.discard(stream);
    throw error;
  }
}

/** The answer of a request that only reads; null where the writer has to run it after all. */
async function readBeside(
  { file, limits }: PipelineContext,
  { reads, abort }: { reads: Reads; abort: AbortHandle },
): Promise<string | null> {
  try {
    return succeed(await file.read({ reads, abort, limit: limits.maxResponseSize }));
  } catch (error) {
    if (error instanceof WriteRefused) return null;
    if (error instanceof ReadAborted) throw new PipelineAborted();
    return fail(error);
  }
}

function writePipeline(baton: string | null, results: string[]): string {
  return `{"baton":${JSON.stringify(baton)},"base_url":null,"results":[${results.join(',')}]}`;
}

const stored = '{"type":"ok","response":{"type":"store_sql"}}';
const closed = '{"type":"ok","response":{"type":"close"}}';

function answerOutcome(outcome: Outcome): string {
  return 'result' in outcome ? succeed(`"type":"execute","result":${outcome.result}`) : fail(outcome.error);
}

type RequestContext = PipelineContext & { stream: Stream; abort: AbortHandle };

function runRequest(context: RequestContext, request: StreamRequest): string | Promise<string> {
  const { stream } = context;
  switch (request.type) {
    case 'execute':
    case 'batch':
    case 'sequence':
      return runStatements(context, request);
    case 'describe':
      return answer(() => describe(context, request));
    case 'get_autocommit':
      return answer(() => `"type":"get_autocommit","is_autocommit":${!readConnection(stream).isInTransaction()}`);
    case 'store_sql':
      return answer(() => storeSql(stream, request));
    case 'close_sql':
      stream.sqls.delete(request.sqlId);
      return '{"type":"ok","response":{"type":"close_sql"}}';
    case 'close':
      context.streams.discard(stream);
      return closed;
  }
}

async function runStatements(
  context: RequestContext,
  request: Extract<StreamRequest, { type: 'execute' | 'batch' | 'sequence' }>,
): Promise<string> {
  try {
    if (request.type === 'batch') return succeed(`"type":"batch","result":${await runBatch(context, request.steps)}`);
    if (request.type === 'sequence') {
      await runSequence(context, request);
      return succeed('"type":"sequence"');
    }
    const { stmt } = request;
    const statement = readConnection(context.stream).findStatement(readSql(context.stream, stmt));
    const pending = runWithLock(context, statement, { ...stmt, budget: startBudget(context) });
    return succeed(`"type":"execute","result":${typeof pending === 'string' ? pending : await pending}`);
  } catch (error) {
    return fail(error);
  }
}

async function runBatch(context: RequestContext, steps: BatchStep[]): Promise<string> {
  const connection = readConnection(context.stream);
  const budget = startBudget(context);
  // Before the first step runs, as in sqld: a step that is no single statement fails the batch.
  const statements = steps.map(({ stmt }) => connection.findStatement(readSql(context.stream, stmt)));
  return runSteps(steps, {
    isInTransaction: () => connection.isInTransaction(),
    run: (index, stmt) => runWithLock(context, statements[index]!, { ...stmt, budget }),
  });
}

async function runSequence(context: RequestContext, source: SqlSource): Promise<void> {
  const options = { args: [], namedArgs: new Map(), wantRows: false, budget: startBudget(context) };
  for (const sql of splitSql(readSql(context.stream, source))) {
    // Not from the cache: a script's statements seldom come twice.
    const pending = runWithLock(context, { sql, native: undefined, columns: undefined }, options);
    if (typeof pending !== 'string') await pending;
  }
}

function runWithLock(
  context: RequestContext,
  statement: CachedStatement,
  options: RunOptions,
): string | Promise<string> {
  try {
    return runStatement(readConnection(context.stream), statement, options);
  } catch (error) {
    if (isLockBusy(error)) return retryWithLock(context, statement, { options, busy: error });
    throw describeSqliteError(error, statement.sql.text);
  }
}

// A statement that found the lock taken has done nothing yet, so running it again is safe.
async function retryWithLock(
  { file, stream, abort, limits }: RequestContext,
  statement: CachedStatement,
  { options, busy }: { options: RunOptions; busy: unknown },
): Promise<string> {
  const ticket = file.lockQueue.enter(limits.busyTimeoutMs);
  abort.onAbort = ticket.abort;
  try {
    for (;;) {
      const turn = abort.isAborted ? 'aborted' : await ticket.waitForTurn();
      if (turn === 'aborted') throw new PipelineAborted();
      if (turn === 'timeout') throw busy;
      try {
        return runStatement(readConnection(stream), statement, options);
      } catch (error) {
        if (!isLockBusy(error)) throw error;
      }
    }
  } catch (error) {
    throw describeSqliteError(error, statement.sql.text);
  } finally {
    abort.onAbort = undefined;
    ticket.leave();
  }
}

function describe({ stream }: RequestContext, source: SqlSource): string {
  const connection = readConnection(stream);
  const statement = connection.findStatement(readSql(stream, source));
  const { sql } = statement;
  let columns;
  try {
    columns = describeColumns(connection, statement, connection.prepare(statement));
  } catch (error) {
    throw describeSqliteError(error, sql.text);
  }
  const params = JSON.stringify(sql.parameters.map((name) => ({ name })));
  return (
    `"type":"describe","result":{"params":${params},"cols":${columns},` +
    `"is_explain":${sql.isExplain},"is_readonly":${sql.isReadonly}}`
  );
}

function storeSql(stream: Stream, { sqlId, sql }: { sqlId: number; sql: string }): string {
  if (stream.sqls.has(sqlId)) throw new ProtocolError(`SQL text ${sqlId} already exists`);
  if (stream.sqls.size >= maxStoredSqls) {
    const message = `The server already stores ${stream.sqls.size} SQL texts, it cannot store more`;
    throw new StatementError(message, 'SQL_STORE_TOO_MANY');
  }
  const size = Buffer.byteLength(sql);
  if (size > maxStoredSqlBytes) {
    const message = `The statement is too large to be stored: ${size} B/5.0 KB`;
    throw new StatementError(message, 'SQL_STORE_TOO_LARGE');
  }
  stream.sqls.set(sqlId, sql);
  return '"type":"store_sql"';
}

function readSql(stream: Stream, { sql, sqlId }: SqlSource): string {
  if (sql !== undefined && sqlId !== undefined) {
    throw new ProtocolError('Either `sql` or `sql_id` are required, but not both');
  }
  if (sql !== undefined) return sql;
  if (sqlId === undefined) throw new ProtocolError('Either `sql` or `sql_id` are required');
  const stored = stream.sqls.get(sqlId);
  if (stored === undefined) throw new ProtocolError(`SQL text ${sqlId} not found`);
  return stored;
}

function readConnection(stream: Stream): Connection {
  if (!stream.connection) throw new ProtocolError('Stream for this baton was closed');
  return stream.connection;
}

function startBudget({ limits }: PipelineContext): ResponseBudget {
  return { remaining: limits.maxResponseSize };
}

function answer(run: () => string): string {
  try {
    return succeed(run());
  } catch (error) {
    return fail(error);
  }
}

function succeed(response: string): string {
  return `{"type":"ok","response":{${response}}}`;
}

function fail(error: unknown): string {
  if (error instanceof StatementError) return `{"type":"error","error":${writeError(error)}}`;
  throw error;
}
