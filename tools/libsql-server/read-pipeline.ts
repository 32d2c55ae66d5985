import { malformed, readValue } from './values.ts';
import type { NativeValue } from './values.ts';
import { ProtocolError } from './errors.ts';

/** The SQL of a request: its text, or the number under which the stream has stored it. */
export type SqlSource = { sql: string | undefined; sqlId: number | undefined };

export type Stmt = SqlSource & {
  args: NativeValue[];
  namedArgs: Map<string, NativeValue>;
  wantRows: boolean;
};

export type BatchCondition =
  | { type: 'ok' | 'error'; step: number }
  | { type: 'not'; cond: BatchCondition }
  | { type: 'and' | 'or'; conds: BatchCondition[] }
  | { type: 'is_autocommit' };

export type BatchStep = { condition: BatchCondition | undefined; stmt: Stmt };

export type StreamRequest =
  | { type: 'close' | 'get_autocommit' }
  | { type: 'execute'; stmt: Stmt }
  | { type: 'batch'; steps: BatchStep[] }
  | ({ type: 'sequence' } & SqlSource)
  | ({ type: 'describe' } & SqlSource)
  | { type: 'store_sql'; sqlId: number; sql: string }
  | { type: 'close_sql'; sqlId: number };

export type Pipeline = { baton: string | undefined; requests: StreamRequest[] };

type Fields = Record<string, unknown>;

/**
 * Reads the JSON body of `POST /v2/pipeline` whole, so that a malformed part fails before anything has run.
 * Shapes: https://github.com/tursodatabase/libsql/blob/main/docs/HTTP_V2_SPEC.md
 * @throws ProtocolError
 */
export function readPipeline(body: string): Pipeline {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch (error) {
    throw malformed(error instanceof Error ? error.message : 'not JSON');
  }
  const fields = readObject(json);
  return { baton: readOptionalString(fields['baton']), requests: readArray(fields['requests']).map(readRequest) };
}

function readRequest(value: unknown): StreamRequest {
  const fields = readObject(value);
  switch (fields['type']) {
    case 'close':
    case 'get_autocommit':
      return { type: fields['type'] };
    case 'execute':
      return { type: 'execute', stmt: readStmt(fields['stmt']) };
    case 'batch':
      return { type: 'batch', steps: readArray(readObject(fields['batch'])['steps']).map(readStep) };
    case 'sequence':
      return { type: 'sequence', ...readSqlSource(fields) };
    case 'describe':
      return { type: 'describe', ...readSqlSource(fields) };
    case 'store_sql':
      return { type: 'store_sql', sqlId: readInt(fields['sql_id']), sql: readString(fields['sql']) };
    case 'close_sql':
      return { type: 'close_sql', sqlId: readInt(fields['sql_id']) };
    default:
      throw malformed('unknown type of request');
  }
}

function readStmt(value: unknown): Stmt {
  const fields = readObject(value);
  const namedArgs = new Map<string, NativeValue>();
  for (const item of readOptionalArray(fields['named_args'])) {
    const named = readObject(item);
    namedArgs.set(readString(named['name']), readValue(named['value']));
  }
  return {
    ...readSqlSource(fields),
    args: readOptionalArray(fields['args']).map(readValue),
    namedArgs,
    wantRows: fields['want_rows'] !== false,
  };
}

function readStep(value: unknown, index: number): BatchStep {
  const fields = readObject(value);
  const condition = fields['condition'] ?? undefined;
  return {
    condition: condition === undefined ? undefined : readCondition(condition, index),
    stmt: readStmt(fields['stmt']),
  };
}

function readCondition(value: unknown, before: number): BatchCondition {
  const fields = readObject(value);
  switch (fields['type']) {
    case 'ok':
    case 'error': {
      const step = readInt(fields['step']);
      if (step < 0 || step >= before) throw new ProtocolError('Invalid reference to step in a batch condition');
      return { type: fields['type'], step };
    }
    case 'not':
      return { type: 'not', cond: readCondition(fields['cond'], before) };
    case 'and':
    case 'or':
      return {
        type: fields['type'],
        conds: readArray(fields['conds']).map((cond) => readCondition(cond, before)),
      };
    case 'is_autocommit':
      return { type: 'is_autocommit' };
    default:
      throw malformed('unknown type of condition');
  }
}

function readSqlSource(fields: Fields): SqlSource {
  const sqlId = fields['sql_id'] ?? undefined;
  return { sql: readOptionalString(fields['sql']), sqlId: sqlId === undefined ? undefined : readInt(sqlId) };
}

function readObject(value: unknown): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed('expected an object');
  return value as Fields;
}

function readArray(value: unknown): unknown[] {
  if (!Array.isArray(value)) throw malformed('expected an array');
  return value;
}

function readOptionalArray(value: unknown): unknown[] {
  return value === undefined || value === null ? [] : readArray(value);
}

function readString(value: unknown): string {
  if (typeof value !== 'string' || !value.isWellFormed()) throw malformed('expected a string');
  return value;
}

function readOptionalString(value: unknown): string | undefined {
  return value === undefined || value === null ? undefined : readString(value);
}

function readInt(value: unknown): number {
  if (typeof value !== 'number' || !Number.isInteger(value)) throw malformed('expected an integer');
  return value;
}
