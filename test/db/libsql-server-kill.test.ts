import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClient } from '@libsql/client/http';
import { afterEach, beforeEach, expect, it } from 'vitest';

const main = fileURLToPath(new URL('../../tools/libsql-server/main.ts', import.meta.url));

let folder: string;
let running: ChildProcess | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kilde-libsql-'));
});

afterEach(() => {
  running?.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

async function startProcess(): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [main, '--path', join(folder, 'test.db'), '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running = child;
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, url: /http:\S+/.exec(line.toString())?.[0] ?? '' };
}

it('loses nothing it has acknowledged when it is killed', { timeout: 30_000 }, async () => {
  const acknowledged = new Set<number>();
  let next = 0;
  for (let round = 0; round <= 4; round += 1) {
    const { child, url } = await startProcess();
    const client = createClient({ url });
    await client.execute('CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY, half INTEGER, filler TEXT)');

    const { rows } = await client.execute('SELECT id, count(*) AS halves FROM t GROUP BY id / 2');
    for (const row of rows) expect(row['halves'], 'both rows of a change or none').toBe(2);
    const found = new Set((await client.execute('SELECT id FROM t')).rows.map((row) => row['id']));
    for (const id of acknowledged) expect(found.has(id), `row ${id} was acknowledged`).toBe(true);
    expect((await client.execute('PRAGMA integrity_check')).rows[0]?.['integrity_check']).toBe('ok');

    // The last start only looks at what the kill before it has left.
    if (round === 4) break;
    const exited = once(child, 'exit');
    const target = acknowledged.size + 150;
    const write = async (_: unknown, writer: number): Promise<void> => {
      const own = createClient({ url });
      for (;;) {
        const id = 2 * next;
        next += 1;
        const sql = 'INSERT INTO t (id, filler) VALUES (?, ?)';
        const filler = 'x'.repeat(500);
        try {
          // Every second writer sends single statements, which share transactions.
          if (writer % 2 === 0) await own.execute({ sql: `${sql}, (?, ?)`, args: [id, filler, id + 1, filler] });
          else {
            await own.batch(
              [id, id + 1].map((one) => ({ sql, args: [one, filler] })),
              'write',
            );
          }
        } catch {
          return;
        }
        acknowledged.add(id);
        if (acknowledged.size === target) child.kill('SIGKILL');
      }
    };
    await Promise.all(Array.from({ length: 8 }, write));
    await exited;
  }
  expect(acknowledged.size).toBeGreaterThanOrEqual(600);
});

it('ends by itself when it is asked to', async () => {
  const { child, url } = await startProcess();
  const client = createClient({ url });
  await client.execute('CREATE TABLE t (x)');
  const transaction = await client.transaction('write');
  await transaction.execute('INSERT INTO t VALUES (1)');
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  expect(await exited).toEqual([0, null]);
});
