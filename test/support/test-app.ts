import { createClient } from '@libsql/client/http';
import type { Client, InArgs, InStatement } from '@libsql/client/http';
import { env as workerEnv } from 'cloudflare:workers';
import type { Hono } from 'hono';
import { inject } from 'vitest';
import { createApi } from '../../src/api.ts';
import { createApp } from '../../src/app.ts';
import { createAuth } from '../../src/auth.ts';
import type { Env } from '../../src/config.ts';
import { createDeps } from '../../src/deps.ts';
import type { Deps } from '../../src/http/deps.ts';
import { passThrough } from '../../src/pass-through.ts';

export const adminKey = 'test-admin-key-of-more-than-32-characters';
export const journeyKey = 'dGhlLWtleS1vZi10aGUtdGVzdHMtMzItYnl0ZXMtbG9uZy4';
/** The clock of a test starts here and stands still until it is moved. */
export const startOfTime = Date.parse('2026-09-01T10:00:00.000Z');

export type TestApp = {
  app: Hono;
  deps: Deps;
  /** Sends a request to the application; a path alone is below https://edge.example.com. */
  request(path: string, init?: RequestInit): Promise<Response>;
  /** Calls the API with the administrator's key (or another, or none) and reads the answer. */
  api<T = any>(
    method: string,
    path: string,
    body?: unknown,
    options?: { key?: string | null },
  ): Promise<{ status: number; body: T }>;
  /** Sends a form as JSON, unless told otherwise. */
  submit(form: string, fields: Record<string, unknown>, init?: RequestInit): Promise<Response>;
  /** Runs SQL beside the application, uncounted. */
  sql(statement: string, args?: Array<string | number | null>): Promise<Array<Record<string, any>>>;
  /** Requests that went to the database since last asked. */
  roundTrips(): number;
  /** Bodies of the requests that went to the database since last asked. */
  wire(): string[];
  /**
   * How the database would run every statement that the application sends while `action` runs: the lines of its
   * query plans that read a whole table.
   */
  scansDuring(action: () => Promise<unknown>): Promise<string[]>;
  /** Lets requests to the database be answered by a fault instead; null mends it. */
  breakDatabase(fault: (() => Promise<Response>) | null): void;
  /** Lets requests reach the database, and does something to its answers; null mends it. */
  afterDatabase(change: ((response: Response) => Promise<Response>) | null): void;
  /** Moves the clock forward. */
  advance(milliseconds: number): void;
};

/** An application of its own over a fresh, migrated database on the real endpoint. */
export async function createTestApp({
  env = {},
  fetch: outside,
}: { env?: Partial<Env>; fetch?: typeof globalThis.fetch } = {}): Promise<TestApp> {
  const url = `${inject('databaseUrl').replace(/\/$/, '')}/t${crypto.randomUUID()}/`;
  const direct = createClient({ url });

  let now = startOfTime;
  const sent: string[] = [];
  let broken: (() => Promise<Response>) | null = null;
  let changed: ((response: Response) => Promise<Response>) | null = null;
  const deps = createDeps(
    {
      LIBSQL_URL: url,
      ASSETS: (workerEnv as unknown as Env).ASSETS,
      KILDE_ADMIN_KEY: adminKey,
      JOURNEY_KEYS: journeyKey,
      KILDE_DEMO: '1',
      ...env,
    },
    {
      clock: () => now,
      // Visits wait until a test lets them go, with `deps.visits.flush()`.
      wait: () => new Promise(() => {}),
      fetch: async (input, init) => {
        const address = input instanceof Request ? input.url : String(input);
        if (outside && !address.startsWith(url)) return outside(input, init);
        const request = new Request(input, init);
        if (request.url.startsWith(url)) {
          sent.push(await request.clone().text());
          if (broken) return broken();
          if (changed) return changed(await globalThis.fetch(request));
        }
        return globalThis.fetch(request);
      },
    },
  );
  const alone = createApp({
    deps,
    loadApi: async () => createApi(deps).router,
    loadAuth: async () => createAuth(deps).router,
  });
  const app = deps.config.passThrough ? passThrough({ app: alone, deps }) : alone;

  const request: TestApp['request'] = async (path, init) =>
    app.fetch(new Request(new URL(path, 'https://edge.example.com'), { redirect: 'manual', ...init }));
  return {
    app,
    deps,
    request,
    async api(method, path, body, { key = adminKey } = {}) {
      const response = await request(`/api/v1${path}`, {
        method,
        headers: {
          ...(key === null ? {} : { authorization: `Bearer ${key}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, body: text === '' ? null : JSON.parse(text) };
    },
    submit: (form, fields, init = {}) =>
      request(`/f/${form}`, {
        method: 'POST',
        ...init,
        headers: { 'content-type': 'application/json', ...(init.headers as Record<string, string>) },
        body: JSON.stringify(fields),
      }),
    async sql(statement, args = []) {
      const { rows, columns } = await direct.execute({ sql: statement, args });
      return rows.map((row) => Object.fromEntries(columns.map((column) => [column, row[column]])));
    },
    async scansDuring(action) {
      const statements: InStatement[] = [];
      const client = deps.db.$client;
      const { batch, execute } = client;
      client.batch = (sentStatements, mode) => {
        statements.push(...(sentStatements as InStatement[]));
        return batch.call(client, sentStatements, mode);
      };
      client.execute = ((statement: InStatement, args?: InArgs) => {
        statements.push(typeof statement === 'string' ? { sql: statement, args: args ?? [] } : statement);
        return Reflect.apply(execute, client, args === undefined ? [statement] : [statement, args]);
      }) as typeof client.execute;
      try {
        await action();
      } finally {
        client.batch = batch;
        client.execute = execute;
      }
      const scans: string[] = [];
      if (statements.some((one) => (one as { sql: string }).sql.startsWith('INSERT INTO intake ')))
        statements.push(...(await intakeStatements(direct)));
      for (const statement of statements) {
        const { sql, args = [] } = typeof statement === 'string' ? { sql: statement } : statement;
        const { rows } = await direct.execute({ sql: `EXPLAIN QUERY PLAN ${sql}`, args });
        const lines = rows.map((row) => row['detail'] as string);
        // A scan of a JSON argument, of one constant row or of a sub-query is no scan of a table.
        scans.push(
          ...lines
            .filter((line) => /^SCAN (?!CONSTANT ROW|[a-z]+ VIRTUAL TABLE|\(subquery)/.test(line))
            .map((line) => `${line} in ${sql}`),
        );
      }
      return scans;
    },
    roundTrips: () => sent.splice(0).length,
    wire: () => sent.splice(0),
    breakDatabase(fault) {
      broken = fault;
    },
    afterDatabase(change) {
      changed = change;
    },
    advance: (milliseconds) => {
      now += milliseconds;
    },
  };
}

/** What the triggers of a lead ask and do, each as a statement of its own: no plan of a statement tells of the triggers it fires. */
async function intakeStatements(client: Client): Promise<InStatement[]> {
  const { rows } = await client.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'intake%'");
  return rows.flatMap(({ sql }) => {
    const text = (sql as string).replace(/--.*$/gm, '').replace(/\bNEW\.(\w+)/g, ':$1');
    const [, condition, body] = /\bINSERT ON \w+\s+(?:WHEN\b(.*?))?\bBEGIN\b(.*)\bEND$/s.exec(text)!;
    const statements = body!.split(';').filter((one) => one.trim() !== '');
    return condition === undefined ? statements : [`SELECT 1 WHERE ${condition}`, ...statements];
  });
}
