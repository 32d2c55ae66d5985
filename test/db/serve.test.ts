import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { chmod, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
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

type Started = {
  child: ChildProcess;
  url: string;
  key: string;
  printedKey: string | undefined;
  /** Where the first administrator is made. */
  beginAt: string | undefined;
};

/** Starts the product as `npm start` does, and waits for what it prints. */
async function start(port: number, env: Record<string, string> = { KILDE_LIMITS: 'off' }): Promise<Started> {
  const child = spawn(process.execPath, ['tools/start.ts'], {
    env: { ...process.env, PORT: `${port}`, KILDE_DATA: directory, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  started.push(child);
  const said: Record<string, string> = {};
  for await (const line of createInterface({ input: child.stdout })) {
    const [, name, value] = /^ {2}(Begin|Kilde|Admin key) +(\S+)$/.exec(line) ?? [];
    if (name && value) said[name] = value;
    if (line.includes('Ctrl-C')) break;
  }
  // The key is printed when it is made.
  const { adminKey } = JSON.parse(await readFile(join(directory, 'secrets.json'), 'utf8')) as { adminKey: string };
  return { child, url: said['Kilde']!, key: adminKey, printedKey: said['Admin key'], beginAt: said['Begin'] };
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

/** Uses the one-time link that the start printed. @returns the status, and the cookie. */
async function becomeAdministrator({ url, beginAt }: Started): Promise<[status: number, cookie: string | null]> {
  const token = new URL(beginAt!).searchParams.get('token');
  const response = await fetch(`${url}api/auth/accept`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token, name: 'Marit', email: 'marit@firma.no', password: 'ti på taket og litt til' }),
  });
  return [response.status, response.headers.get('set-cookie')];
}

/** Runs a tool as npm does. @throws Error with what it says. */
async function run(tool: string, env: Record<string, string> = {}): Promise<string> {
  const unset = { LIBSQL_URL: '', LIBSQL_AUTH_TOKEN: '' };
  const child = spawn(process.execPath, [tool], { env: { ...process.env, ...unset, KILDE_DATA: directory, ...env } });
  started.push(child);
  const [out, error, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  if (code !== 0) throw new Error(error.trim());
  return out.trim();
}

/** Who may read the folder and its files. */
async function modes(): Promise<Record<string, string>> {
  const names = ['.', ...(await readdir(directory))].filter((name) => name !== 'worker');
  const read = async (name: string) => [name, ((await stat(join(directory, name))).mode & 0o777).toString(8)] as const;
  return Object.fromEntries(await Promise.all(names.map(read)));
}

const closed = {
  '.': '700',
  'database.json': '600',
  files: '700',
  'kilde.db': '600',
  'kilde.db-shm': '600',
  'kilde.db-wal': '600',
  'kilde.lock': '600',
  'secrets.json': '600',
};

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

/** Sends a form with a file by nobody. @returns the submission's id. */
async function sendFile({ url }: Started, content: string): Promise<string> {
  const body = new FormData();
  body.append('cv', new File([content], 'cv.txt', { type: 'text/plain' }));
  const response = await fetch(`${url}f/demo`, { method: 'POST', headers: { accept: 'application/json' }, body });
  return (await response.json<{ id: string }>()).id;
}

/** Names and content of a submission's files, from the process of the API. */
async function readFiles({ url, key }: Started, id: string): Promise<string[][]> {
  const headers = { authorization: `Bearer ${key}` };
  const address = `${url}api/v1/submissions/${id}`;
  const { files } = await (await fetch(address, { headers })).json<{ files: Array<{ id: string; name: string }> }>();
  return Promise.all(
    files.map(async (file) => [file.name, await (await fetch(`${address}/files/${file.id}`, { headers })).text()]),
  );
}

it('keeps data and key over Ctrl-C and over kill -9, and gives its port back', async () => {
  const first = await start(0);
  const port = Number(new URL(first.url).port);
  expect(first.printedKey).toBe(first.key);
  expect(first.beginAt).toMatch(new RegExp(`^${first.url}app/accept\\?token=[\\w-]{43}$`));
  const send = (email: string, { url }: Started) =>
    fetch(`${url}f/demo`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email }),
    });
  expect((await send('a@firma.no', first)).status).toBe(201);
  const sentId = await sendFile(first, 'what is in it');
  expect(await readFiles(first, sentId)).toEqual([['cv.txt', 'what is in it']]);
  expect(await modes()).toEqual(closed);
  await expect(run('tools/start.ts', { PORT: '0' })).rejects.toThrow(
    `Kilde already runs on the data folder ${directory} (process ${first.child.pid}). Stop it first`,
  );
  expect(await run('tools/migrate.ts')).toBe('Nothing to migrate.');
  expect(await run('tools/report-totals.ts')).toContain('0 stored totals were wrong');
  first.child.kill('SIGINT');
  const [code] = await once(first.child, 'exit');
  expect(code).toBe(0);

  await expect(run('tools/migrate.ts')).rejects.toThrow(`no Kilde runs on the data folder ${directory}`);
  // As an earlier version left them.
  await chmod(directory, 0o755);
  for (const name of ['kilde.db', 'secrets.json']) await chmod(join(directory, name), 0o644);

  const second = await start(port);
  expect([second.key, second.printedKey]).toEqual([first.key, undefined]);
  expect(await modes()).toEqual(closed);
  expect(await countPeople(second)).toBe(1);
  // Each start makes a new link, in place of the one before.
  expect(await becomeAdministrator({ ...second, beginAt: first.beginAt })).toEqual([404, null]);
  expect(await becomeAdministrator(second)).toEqual([
    200,
    expect.stringMatching(/^kilde_session=.*; HttpOnly; SameSite=Lax$/),
  ]);
  expect(await run('tools/first-admin.ts', { KILDE_PUBLIC_URL: second.url })).toContain('There are users already');
  expect(await readFiles(second, sentId)).toEqual([['cv.txt', 'what is in it']]);
  expect(await exportPerson(second)).toMatchObject({ person: { email: 'a@firma.no' }, submissions: [{}] });
  expect((await send('b@firma.no', second)).status).toBe(201);
  second.child.kill('SIGKILL');
  await once(second.child, 'exit');

  const third = await startAgain(port);
  expect(await countPeople(third)).toBe(2);
  expect(third.beginAt).toBeUndefined();
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

it('answers forms while the API works hard for a key that may only read', async () => {
  const { url, key } = await start(0);
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const made = await fetch(`${url}api/v1/api-keys`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ name: 'reader', scopes: ['read'] }),
  });
  const { key: readKey } = await made.json<{ key: string }>();
  const paths = Array.from({ length: 60_000 }, (_, path) => ({
    touches: [0, 1, 2, 3].map((touch) => `channel ${(path * (touch + 1) + touch) % 3000}`),
    conversions: 1,
  }));
  const body = JSON.stringify({ models: ['linear', 'positionBased'], paths });
  const progress = { isOver: false };
  const working = Promise.all(
    [1, 2, 3].map(async () => {
      const answer = await fetch(`${url}api/v1/attribution`, {
        method: 'POST',
        headers: { ...headers, authorization: `Bearer ${readKey}` },
        body,
      });
      await answer.text();
      return answer.status;
    }),
  ).finally(() => (progress.isOver = true));
  let forms = 0;
  for (; !progress.isOver; forms += 1) {
    const answer = await fetch(`${url}f/demo`, { method: 'POST', headers, body: `{"email":"p${forms}@firma.no"}` });
    expect(answer.status).toBe(201);
  }
  expect(await working).toEqual([200, 200, 200]);
  // In one process they wait for each of the three: two or three are answered in all.
  expect(forms).toBeGreaterThan(10);
});

it('holds the limits that Cloudflare sets', async () => {
  const { url, key } = await start(0, { KILDE_LIMITS: 'on' });
  const ask = async (authorization: string) => fetch(`${url}api/v1/owners`, { headers: { authorization } });
  const answers = await Promise.all(Array.from({ length: 21 }, async () => ask('Bearer wrong')));
  const statuses = answers.map(({ status }) => status);
  expect([statuses.filter((one) => one === 401).length, statuses.filter((one) => one === 429).length]).toEqual([20, 1]);
  const { headers } = answers.find(({ status }) => status === 429)!;
  expect([headers.get('ratelimit-policy'), headers.get('ratelimit'), headers.get('retry-after')]).toEqual([
    '"failed-keys";q=20;w=60',
    '"failed-keys";r=0;t=60',
    '60',
  ]);
  expect((await ask(`Bearer ${key}`)).status).toBe(200);
});
