import { createClient } from '@libsql/client/http';
import type { Client, InStatement } from '@libsql/client/http';
import { openDatabase } from '../src/db/client.ts';
import type { Database } from '../src/db/client.ts';
import type { CaptureSettings } from '../src/services/capture-settings.ts';
import type { runReport } from '../src/services/reports/run-report.ts';
import { startLibsqlServer } from '../tools/libsql-server/start-libsql-server.ts';
import { endOfWorld, makeWorld } from './make-world.ts';
import '../tools/bytes-base64.ts';

export type Statement = { sql: string; args: unknown[] | Record<string, unknown> };

/** How long one question took: as its asker saw it, and at the database alone, as the endpoint says. */
export type Timing = { ms: number; databaseMs: number };

export type World = {
  people: number;
  path: string;
  /** What the product's services ask with: over HTTP to the local endpoint, as the Worker does. */
  context: Parameters<typeof runReport>[0];
  /** What hand-written SQL goes through: the same endpoint in the same way. */
  byHand: Client;
  time<T>(ask: () => Promise<T>): Promise<Timing & { answer: T }>;
  /** What the product sends while `ask` runs, and in how many requests. */
  record(ask: () => Promise<unknown>): Promise<{ requests: number; statements: Statement[] }>;
  close(): Promise<void>;
};

/** The product over a world of so many people, at its end, with days as UTC counts them. */
export async function openWorld(people: number): Promise<World> {
  const path = await makeWorld(people);
  const server = await startLibsqlServer({ path });
  const wire = recordWire();
  const byHand = createClient({ url: server.url, fetch: wire.fetch });
  const db = openDatabase({ config: { databaseUrl: server.url } as never, fetch: wire.fetch });
  const defaultSite = { timeZone: 'UTC', lookBackDays: 90 };
  const settings = { current: async () => ({ defaultSite }) } as unknown as CaptureSettings;
  return {
    people,
    path,
    context: { db, settings, clock: () => endOfWorld - 1 },
    byHand,
    async time(ask) {
      wire.clear();
      const began = performance.now();
      const answer = await ask();
      return { ms: performance.now() - began, databaseMs: wire.databaseMs(), answer };
    },
    async record(ask) {
      wire.clear();
      const statements = await recordStatements(db, ask);
      return { requests: wire.requests(), statements };
    },
    async close() {
      byHand.close();
      await server.close();
    },
  };
}

/** What is sent to the database while `ask` runs. */
export async function recordStatements(
  { $client }: Pick<Database, '$client'>,
  ask: () => Promise<unknown>,
): Promise<Statement[]> {
  const statements: Statement[] = [];
  const client: { batch: unknown; execute: unknown } = $client;
  const { batch, execute } = client as Record<'batch' | 'execute', (...sent: unknown[]) => unknown>;
  const keep = (sent: InStatement) =>
    statements.push(typeof sent === 'string' ? { sql: sent, args: [] } : { sql: sent.sql, args: sent.args ?? [] });
  client.batch = async (sent: InStatement[], ...rest: unknown[]) => {
    for (const one of sent) keep(one);
    return batch.call($client, sent, ...rest);
  };
  client.execute = async (sent: InStatement, ...rest: unknown[]) => {
    keep(sent);
    return execute.call($client, sent, ...rest);
  };
  try {
    await ask();
  } finally {
    Object.assign(client, { batch, execute });
  }
  return statements;
}

/** A `fetch` that keeps the answers, to be read for the time each statement took once the clock has stopped. */
export function recordWire() {
  let answers: string[] = [];
  return {
    fetch: async (...request: Parameters<typeof fetch>) => {
      const began = performance.now();
      const response = await fetch(...request);
      const text = await response.text();
      answers.push(text);
      // The endpoint runs in this process, and has kept it busy: connections it found idle since are closed before the next is used.
      if (performance.now() - began > 1_000) await new Promise((done) => setTimeout(done, 20));
      return new Response(text, { status: response.status, headers: response.headers });
    },
    clear: () => void (answers = []),
    requests: () => answers.length,
    databaseMs: () =>
      answers
        .flatMap((text) => [...text.matchAll(/"query_duration_ms":([\d.]+)/g)])
        .reduce((sum, found) => sum + Number(found[1]), 0),
  };
}
