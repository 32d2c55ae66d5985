import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@libsql/client/http';
import { sql } from 'drizzle-orm';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dialect } from '../../src/db/dialect.ts';
import { packRows } from '../../src/db/packed-rows.ts';
import type { Cell, Row } from '../../src/db/packed-rows.ts';
import { startLibsqlServer } from '../../tools/libsql-server/start-libsql-server.ts';
import type { LibsqlServer } from '../../tools/libsql-server/start-libsql-server.ts';

let folder: string;
let server: LibsqlServer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kilde-libsql-'));
  server = await startLibsqlServer({ path: join(folder, 'test.db') });
});

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

/** The rows, once they have been to the database and back. */
async function sentAndPacked(cells: readonly Cell[], rows: readonly Row[]): Promise<Row[]> {
  // The client sends every number as a real one.
  const sent = ({ name, as }: Cell, value: Row[string]) =>
    sql`${typeof value === 'number' && as !== 'number' ? sql`CAST(${value} AS INTEGER)` : sql`${value}`} AS ${sql.identifier(name)}`;
  const values = rows.map((row, n) =>
    sql.join([sql`SELECT ${n} AS place`, ...cells.map((cell) => sent(cell, row[cell.name]!))], sql`, `),
  );
  return (await ask({ cells, rows: sql.join(values, sql` UNION ALL `), order: sql`place DESC` })).toReversed();
}

async function ask(asked: Parameters<typeof packRows>[0]): Promise<Row[]> {
  const client = createClient({ url: server.url, intMode: 'number' });
  const { statement, unpack } = packRows(asked);
  const { sql: text, params } = dialect.sqlToQuery(statement);
  const { rows } = await client.execute({ sql: text, args: params as never });
  client.close();
  return unpack(rows as unknown as Row[]);
}

it('gives every row back as it was, in order', async () => {
  const cells: Cell[] = [
    { name: 'text' },
    { name: 'whole' },
    { name: 'real', as: 'number' },
    { name: 'json', as: 'json' },
  ];
  const row = fc.record({
    text: fc.option(fc.string({ unit: 'grapheme' })),
    whole: fc.option(fc.maxSafeInteger()),
    real: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0)),
    json: fc.option(fc.json({ stringUnit: 'grapheme' })),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 20 }), async (rows) => {
      expect(await sentAndPacked(cells, rows)).toEqual(rows);
    }),
    { numRuns: 100, examples: [[[{ text: 'a\0b"\\\u{10ffff}\n', whole: 0, real: 1 / 3, json: '{"a":"\\u0000"}' }]]] },
  );
});

it('keeps JSON that a function has made as text, and text that only looks like it', async () => {
  const cells: Cell[] = [{ name: 'made', as: 'json' }, { name: 'looks' }];
  const rows = sql`SELECT json_object('a', 1) AS made, '[1]' AS looks`;
  expect(await ask({ cells, rows })).toEqual([{ made: '{"a":1}', looks: '[1]' }]);
});

it('packs more cells than a function takes', async () => {
  const cells = Array.from({ length: 250 }, (_, n): Cell => ({
    name: `c${n}`,
    ...(n % 2 === 0 ? { as: 'number' } : {}),
  }));
  const row = Object.fromEntries(cells.map(({ name }, n) => [name, n % 2 === 0 ? n / 3 : n]));
  expect(await sentAndPacked(cells, [row])).toEqual([row]);
});

it('makes no row of none', async () => {
  expect(await ask({ cells: [{ name: 'a' }], rows: sql`SELECT 1 AS a WHERE false` })).toEqual([]);
});
