import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it } from 'vitest';

let directory: string;
const started: ChildProcess[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kilde-start-'));
});

afterEach(async () => {
  for (const child of started.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
  await rm(directory, { recursive: true, force: true });
});

type Started = { child: ChildProcess; url: string; key: string };

/** Starts the product as `npm start` does, and waits for what it prints. */
async function start(port: number): Promise<Started> {
  const child = spawn(process.execPath, ['tools/start.ts'], {
    env: { ...process.env, PORT: `${port}`, KILDE_DATA: directory },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  started.push(child);
  const said: Record<string, string> = {};
  for await (const line of createInterface({ input: child.stdout })) {
    const [, name, value] = /^ {2}(Kilde|Admin key) +(\S+)$/.exec(line) ?? [];
    if (name && value) said[name] = value;
    if (line.includes('Ctrl-C')) break;
  }
  return { child, url: said['Kilde']!, key: said['Admin key']! };
}

/** Tries again while the port is still being given back by a process that was killed. */
async function startAgain(port: number): Promise<Started> {
  for (let tries = 0; tries < 20; tries += 1) {
    const again = await start(port);
    if (again.url) return again;
    await once(again.child, 'exit').catch(() => undefined);
  }
  throw new Error(`The port ${port} was not given back.`);
}

async function countPeople({ url, key }: Started): Promise<number> {
  const response = await fetch(`${url}api/v1/people?count=true`, { headers: { authorization: `Bearer ${key}` } });
  return (await response.json<{ count: number }>()).count;
}

/** Of the built Worker: rows that are read by their columns' places as well as by name. */
async function exportPerson({ url, key }: Started) {
  const headers = { authorization: `Bearer ${key}` };
  const { items } = await (await fetch(`${url}api/v1/people`, { headers })).json<{ items: Array<{ id: string }> }>();
  return (await fetch(`${url}api/v1/people/${items[0]!.id}/export`, { headers })).json<Record<string, unknown>>();
}

it('keeps data and key over Ctrl-C and over kill -9, and gives its port back', async () => {
  const first = await start(0);
  const port = Number(new URL(first.url).port);
  const send = (email: string, { url }: Started) =>
    fetch(`${url}f/demo`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email }),
    });
  expect((await send('a@firma.no', first)).status).toBe(201);
  first.child.kill('SIGINT');
  const [code] = await once(first.child, 'exit');
  expect(code).toBe(0);

  const second = await start(port);
  expect(second.key).toBe(first.key);
  expect(await countPeople(second)).toBe(1);
  expect(await exportPerson(second)).toMatchObject({ person: { email: 'a@firma.no' }, submissions: [{}] });
  expect((await send('b@firma.no', second)).status).toBe(201);
  second.child.kill('SIGKILL');
  await once(second.child, 'exit');

  const third = await startAgain(port);
  expect(await countPeople(third)).toBe(2);
}, 60_000);

it('says of a port that is taken, and of a Host header that is none', async () => {
  const { url } = await start(0);
  const { hostname, port } = new URL(url);
  const second = spawn(process.execPath, ['tools/start.ts'], {
    env: { ...process.env, PORT: port, KILDE_DATA: join(directory, 'second') },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  started.push(second);
  const [said, [code]] = await Promise.all([text(second.stderr), once(second, 'exit')]);
  expect([said.trim(), code]).toEqual([
    `Something else listens on port ${port} of 127.0.0.1 already. PORT names another.`,
    1,
  ]);

  for (const host of ['a b', 'x:99999', '[::1', '%']) {
    for (const [method, path] of [
      ['GET', '/t?u=https://firma.no/'],
      ['POST', '/f/demo'],
    ]) {
      const asked = request({ hostname, port, method, path, headers: { host, accept: 'application/json' } }).end(
        method === 'POST' ? '{}' : undefined,
      );
      const [answer] = (await once(asked, 'response')) as [IncomingMessage];
      const { code: known, errors } = JSON.parse(await text(answer)) as { code: string; errors: unknown };
      expect([host, path, answer.statusCode, known, errors]).toEqual([
        host,
        path,
        400,
        'bad_request',
        [{ location: 'header.host', message: 'The Host header is not the name of a host.' }],
      ]);
    }
  }
});
