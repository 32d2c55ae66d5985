import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@libsql/client/http';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { backUp, restore } from '../../tools/backup.ts';
import { migrate } from '../../tools/migrations.ts';

let root: string;
let data: string;
let server: ChildProcess | undefined;
const now = new Date('2026-09-01T10:00:00Z');

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'kilde-backup-'));
  data = join(root, 'data');
});

afterEach(async () => {
  await stop();
  await rm(root, { recursive: true, force: true });
});

/** Serves the data from a process of its own, which holds the file as long as it runs. */
async function serve() {
  await mkdir(data, { recursive: true });
  server = spawn(process.execPath, ['tools/libsql-server/main.ts', '--path', join(data, 'kilde.db'), '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface({ input: server.stdout! }), 'line')) as [string];
  const [url] = /http:\S+/.exec(line)!;
  await migrate({ url });
  return createClient({ url });
}

async function stop() {
  if (!server) return;
  const exited = once(server, 'exit');
  server.kill('SIGTERM');
  await exited;
  server = undefined;
}

/** As `npm run` does. @throws Error with what the command says. */
async function run(command: 'backup' | 'restore', path: string): Promise<string> {
  const env = { ...process.env, KILDE_DATA: data };
  const { stdout } = await promisify(execFile)(process.execPath, ['tools/backup.ts', command, path], { env });
  return stdout;
}

type Served = Awaited<ReturnType<typeof serve>>;
const addOwner = async (client: Served, name: string) =>
  client.execute({ sql: 'INSERT INTO owner (name, created_at) VALUES (?, 0)', args: [name] });
const owners = async (client: Served) => (await client.execute('SELECT name FROM owner')).rows.map(({ name }) => name);

it('is of one moment while others write, and comes back as it was', async () => {
  const client = await serve();
  await writeFile(join(data, 'secrets.json'), '{"adminKey":"first"}');
  for (let i = 0; i < 50; i += 1) await addOwner(client, `before ${i}`);
  // Two at once stand for each other: a copy must have both or neither of each.
  const over = new AbortController();
  const writing = (async () => {
    for (let i = 0; !over.signal.aborted; i += 1) {
      await client.batch(
        [1, 2].map((n) => ({ sql: 'INSERT INTO owner (name, created_at) VALUES (?, ?)', args: [`pair ${i} ${n}`, i] })),
        'write',
      );
    }
  })();
  const to = join(root, 'backup');
  expect(await run('backup', to)).toContain('MiB');
  over.abort();
  await writing;
  expect((await readdir(to)).toSorted()).toEqual(['kilde.db', 'secrets.json']);
  await expect(run('backup', to)).rejects.toThrow('exists already');

  const last = await owners(client);
  await addOwner(client, 'since');
  client.close();
  await expect(run('restore', to)).rejects.toThrow('is in use: stop Kilde first');
  await stop();
  await writeFile(join(data, 'secrets.json'), '{"adminKey":"second"}');
  expect(await run('restore', to)).toContain('kilde.db.before-restore-');
  expect(JSON.parse(await readFile(join(data, 'secrets.json'), 'utf8'))).toEqual({ adminKey: 'first' });

  const again = await serve();
  const restored = (await owners(again)) as string[];
  expect(restored.filter((name) => name.startsWith('before'))).toHaveLength(50);
  expect(restored).toEqual(last.slice(0, restored.length));
  expect(restored.filter((name) => name.startsWith('pair')).length % 2).toBe(0);
  await addOwner(again, 'goes on');
  again.close();
});

it('says why it does nothing, and then has done nothing', async () => {
  const client = await serve();
  await addOwner(client, 'Eva');
  client.close();
  const to = join(root, 'backup');
  await backUp({ dataDirectory: data, to });
  await stop();
  const untouched = await readFile(join(data, 'kilde.db'));
  await truncate(join(to, 'kilde.db'), 40_960);
  await expect(restore({ dataDirectory: data, from: to, now })).rejects.toThrow(/damaged|malformed|is no database/);
  await writeFile(join(to, 'kilde.db'), 'something else, long enough to be looked at '.repeat(100));
  await expect(restore({ dataDirectory: data, from: to, now })).rejects.toThrow('is no database');
  await expect(restore({ dataDirectory: data, from: root, now })).rejects.toThrow('There is no kilde.db');
  await expect(backUp({ dataDirectory: root, to: join(root, 'b') })).rejects.toThrow('There is no kilde.db');
  expect(await readFile(join(data, 'kilde.db'))).toEqual(untouched);
  expect((await readdir(data)).filter((name) => /before|restoring/.test(name))).toEqual([]);
});

it('says what a backup without secrets means, and keeps its files from others', async () => {
  const client = await serve();
  await addOwner(client, 'Eva');
  client.close();
  await stop();
  const [without, withSecrets] = [join(root, 'without'), join(root, 'with')];
  await run('backup', without);
  await writeFile(join(data, 'secrets.json'), '{"adminKey":"own"}', { mode: 0o644 });
  await run('backup', withSecrets);
  const modes = async (folder: string) =>
    Promise.all((await readdir(folder)).map(async (name) => (await stat(join(folder, name))).mode & 0o777));
  expect(await modes(withSecrets)).toEqual([0o600, 0o600]);

  expect(await run('restore', without)).toMatch(/The backup has no secrets\.json, .* This folder's own stays\./s);
  expect(await readFile(join(data, 'secrets.json'), 'utf8')).toBe('{"adminKey":"own"}');
  await rm(join(data, 'secrets.json'));
  expect(await run('restore', without)).toContain('npm start makes new ones: the admin key is another');
  expect(await run('restore', withSecrets)).not.toContain('no secrets.json');
  expect((await stat(join(data, 'secrets.json'))).mode & 0o777).toBe(0o600);
  expect((await stat(join(data, 'kilde.db'))).mode & 0o777).toBe(0o600);
});

it('holds the files of forms, and brings them back in the place of those that are there', async () => {
  const client = await serve();
  await addOwner(client, 'Eva');
  client.close();
  await stop();
  const [id, later] = ['14054fc2-0000-4000-8000-000000000000', '15054fc2-0000-4000-8000-000000000000'];
  const write = async (name: string, content: string) => {
    await mkdir(join(data, 'files', name.slice(0, 2)), { recursive: true });
    await writeFile(join(data, 'files', name.slice(0, 2), name), content);
  };
  await write(id, 'a letter');
  await write(`${later}.part`, 'half of');
  const to = join(root, 'with-files');
  await run('backup', to);
  expect((await readdir(join(to, 'files'), { recursive: true })).toSorted()).toEqual(['14', `14/${id}`, '15']);
  expect((await stat(join(to, 'files', '14', id))).mode & 0o777).toBe(0o600);

  await write(id, 'something else');
  await write(later, 'since');
  await run('restore', to);
  expect(await readFile(join(data, 'files', '14', id), 'utf8')).toBe('a letter');
  expect(await readdir(join(data, 'files', '15'))).toEqual([]);
  const kept = (await readdir(data)).find((name) => name.startsWith('files.before-restore-'))!;
  expect(await readFile(join(data, kept, '15', later), 'utf8')).toBe('since');

  // A backup from before files were copied says nothing of them.
  await rm(join(to, 'files'), { recursive: true });
  await run('restore', to);
  expect(await readFile(join(data, 'files', '14', id), 'utf8')).toBe('a letter');
});
