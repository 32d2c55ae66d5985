import type { CachedStatement, Connection, NativeStatement } from './connection.ts';
import { StatementError } from './errors.ts';
import type { SqlStatement } from './split-sql.ts';
import { writeValue } from './values.ts';
import type { NativeValue } from './values.ts';

export type StatementArgs = { args: NativeValue[]; namedArgs: Map<string, NativeValue> };

/** How many characters of JSON the rows of one request may still take; shared by the steps of a batch. */
export type ResponseBudget = { remaining: number };

export type RunOptions = StatementArgs & { wantRows: boolean; budget: ResponseBudget };

/**
 * Runs one statement to its end and gives its Hrana `StmtResult` as JSON text.
 *
 * Never leaves a statement half-way: an unfinished one would hold its read snapshot on a pooled connection.
 * @throws StatementError for arguments that do not fit, the library's SqliteError for everything SQLite refuses.
 */
export function runStatement(
  connection: Connection,
  statement: CachedStatement,
  { args, namedArgs, wantRows, budget }: RunOptions,
): string {
  const startedAt = performance.now();
  const { sql } = statement;
  const native = connection.prepare(statement);
  const values = bindArguments(sql, { args, namedArgs });
  if (sql.changesConnection) connection.isAltered = true;

  let rows = '';
  let changes = 0;
  let lastInsertRowid: bigint | undefined;
  if (native.reader) {
    rows = readRows(native, values, { wantRows, budget, isReadonly: sql.isReadonly });
    // The library leaves an EXPLAIN unfinished, and with it its tables locked; `get` resets a statement.
    if (sql.isExplain) native.get(values);
    if (sql.isChange) {
      const counts = connection.readCounts();
      changes = counts.changes;
      if (sql.isInsert) lastInsertRowid = counts.lastInsertRowid;
    }
  } else {
    const result = native.run(values);
    if (sql.isChange) changes = result.changes;
    if (sql.isInsert) lastInsertRowid = readRowid(connection, result.lastInsertRowid);
  }
  noteSchemaChange(connection, sql.isSchemaChange);

  return writeResult({
    columns: describeColumns(connection, statement, native),
    rows,
    changes,
    lastInsertRowid,
    startedAt,
  });
}

/** A Hrana `StmtResult` as JSON text; columns and rows are JSON already. */
export function writeResult({
  columns,
  rows,
  changes = 0,
  lastInsertRowid,
  startedAt,
}: {
  columns: string;
  rows: string;
  changes?: number;
  lastInsertRowid?: bigint | undefined;
  startedAt: number;
}): string {
  const rowid = lastInsertRowid === undefined ? 'null' : `"${lastInsertRowid}"`;
  const durationMs = Math.round((performance.now() - startedAt) * 1000) / 1000;
  return (
    `{"cols":${columns},"rows":[${rows}],"affected_row_count":${changes},` +
    `"last_insert_rowid":${rowid},"replication_index":null,"rows_read":0,"rows_written":0,` +
    `"query_duration_ms":${durationMs}}`
  );
}

/** The columns of a compiled statement as JSON `[{ name, decltype }]`. */
export function describeColumns(connection: Connection, statement: CachedStatement, native: NativeStatement): string {
  if (!native.reader) return '[]';
  const { generation } = connection.schema;
  // SQLite compiles a statement anew after a schema change, so `SELECT *` may have got other columns.
  if (statement.columns?.schemaGeneration !== generation) {
    const json = JSON.stringify(native.columns().map(({ name, type }) => ({ name, decltype: type })));
    statement.columns = { json, schemaGeneration: generation };
  }
  return statement.columns.json;
}

/**
 * Gives one value for every parameter, in the order of their numbers, by the rules of sqld (query.rs `Params::bind`). One more is accepted,
 * as by the client on a file: among named values `?1` is the one of the name `1` or `?1`.
 * A cached statement keeps its last values, so a missing argument must never get through.
 * @throws StatementError
 */
export function bindArguments(
  { parameters, isExplain }: SqlStatement,
  { args, namedArgs }: StatementArgs,
): NativeValue[] {
  if (namedArgs.size > 0 && args.length > 0) {
    throw new StatementError(
      'Specifying both positional and named arguments is not supported',
      'ARGS_BOTH_POSITIONAL_AND_NAMED',
    );
  }
  const given = namedArgs.size + args.length;
  if (given > parameters.length) {
    throw invalidArguments(`too many parameters, expected ${parameters.length} found ${given}`);
  }
  return parameters.map((name, index) => {
    const byPlace = name === null || name.startsWith('?') ? args[index] : undefined;
    const value = namedArgs.size > 0 ? readNamed(namedArgs, name) : byPlace;
    if (value === undefined && !isExplain) throw invalidArguments(`value for parameter ${name ?? index + 1} not found`);
    return value ?? null;
  });
}

function readNamed(namedArgs: Map<string, NativeValue>, name: string | null): NativeValue | undefined {
  if (name === null) return undefined;
  return namedArgs.has(name) ? namedArgs.get(name) : namedArgs.get(name.slice(1));
}

function invalidArguments(detail: string): StatementError {
  return new StatementError(`Arguments do not match SQL parameters: ${detail}`, 'ARGS_INVALID');
}

function readRows(
  native: NativeStatement,
  values: NativeValue[],
  { wantRows, budget, isReadonly }: { wantRows: boolean; budget: ResponseBudget; isReadonly: boolean },
): string {
  const rows = native.iterate(values);
  let json = '';
  let isTooLarge = false;
  for (let next = rows.next(); next.done !== true; next = rows.next()) {
    if (!wantRows || isTooLarge) continue;
    const row = writeRow(next.value);
    json = json === '' ? row : `${json},${row}`;
    budget.remaining -= row.length;
    if (budget.remaining < 0) {
      isTooLarge = true;
      json = '';
      if (isReadonly) {
        // The library cannot reset a statement, but `get` does so after one more step.
        native.get(values);
        break;
      }
    }
  }
  if (isTooLarge) throw new StatementError('Response is too large', 'RESPONSE_TOO_LARGE');
  return json;
}

/** One row as a JSON array of Hrana values. */
export function writeRow(row: NativeValue[]): string {
  let json = '[';
  for (let index = 0; index < row.length; index += 1) {
    if (index > 0) json += ',';
    json += writeValue(row[index] ?? null);
  }
  return `${json}]`;
}

// The library gives the rowid as a double.
function readRowid(connection: Connection, rowid: number): bigint {
  return Number.isSafeInteger(rowid) ? BigInt(rowid) : connection.readCounts().lastInsertRowid;
}

function noteSchemaChange(connection: Connection, isSchemaChange: boolean): void {
  if (!isSchemaChange && !connection.hasPendingSchemaChange) return;
  connection.schema.generation += 1;
  connection.hasPendingSchemaChange = connection.isInTransaction();
}
