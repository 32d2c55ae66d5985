import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import Database from 'libsql';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { lockDataFolder } from '../../tools/data-folder.ts';

let root: string;
let data: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'kilde-start-'));
  data = join(root, 'data');
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

/** What `npm start` prints where it does not start. */
async function failure(env: Record<string, string> = {}): Promise<string> {
  const child = spawn(process.execPath, ['tools/start.ts'], {
    env: { ...process.env, PORT: '0', KILDE_DATA: data, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  expect([said, code]).toEqual([said, 1]);
  // One message, and no stack.
  expect(said).not.toMatch(/^\s+at /m);
  expect(said.trim().split('\n')).toHaveLength(1);
  return said.trim();
}

const secrets = { adminKey: 'k'.repeat(40), journeyKeys: Buffer.alloc(32, 'k').toString('base64url') };

it('names a data folder that is a file, or that cannot be made', async () => {
  await writeFile(data, 'a file');
  expect(await failure()).toBe(`The data folder ${data} is a file. KILDE_DATA names another folder.`);
  expect(await failure({ KILDE_DATA: join(data, 'below') })).toContain(
    `The data folder ${join(data, 'below')} cannot be made`,
  );
  // Where not even root can write.
  expect(await failure({ KILDE_DATA: '/proc/kilde' })).toContain('The data folder /proc/kilde cannot be made');
  expect(await failure({ KILDE_DATA: '/proc/self' })).toContain('The data folder /proc/self cannot be written to');
});

it.each([
  ['', 'is empty'],
  ['{"adminKey":', 'is not JSON'],
  ['null', 'has no "adminKey" of at least 32 characters'],
  [JSON.stringify({ ...secrets, adminKey: 'short' }), 'has no "adminKey" of at least 32 characters'],
  [JSON.stringify({ adminKey: secrets.adminKey }), 'has no "journeyKeys"'],
])('names a secrets.json of %j', async (content, problem) => {
  await mkdir(data);
  await writeFile(join(data, 'secrets.json'), content);
  expect(await failure()).toContain(`${join(data, 'secrets.json')} ${problem}. Put it back from a backup.`);
});

it('names a database that is none, that lost its end, or that is of something else', async () => {
  await mkdir(data);
  const path = join(data, 'kilde.db');
  await writeFile(path, 'something else, long enough to be looked at '.repeat(100));
  expect(await failure()).toContain(`${path} is not a database`);
  await rm(path);
  const other = new Database(path);
  other.exec('CREATE TABLE notes (x)');
  other.close();
  expect(await failure()).toBe(`${path} is a database of something else than Kilde. KILDE_DATA names another folder.`);
});

it('names a setting that is wrong', async () => {
  expect(await failure({ KILDE_ADMIN_KEY: 'too-short' })).toBe(
    'KILDE_ADMIN_KEY is too short: it must have at least 32 characters.',
  );
  expect(await failure({ HOST: 'no host' })).toContain('HOST is "no host": this machine cannot listen there (');
  // An address for documentation, which no machine has (RFC 5737).
  expect(await failure({ HOST: '192.0.2.1' })).toContain('HOST is "192.0.2.1": this machine cannot listen there (');
  expect(await failure({ PORT: '70000' })).toBe('PORT is "70000": it must be a port number, 0 to 65535.');
  expect(await failure({ KILDE_QUERY_SECONDS: 'soon' })).toContain('KILDE_QUERY_SECONDS is "soon"');
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  expect(await failure({ PORT: `${port}` })).toBe(
    `Something else listens on port ${port} of 127.0.0.1 already. PORT names another.`,
  );
  server.close();
});

it('lets one process have a folder, until it ends, however it ends', async () => {
  await mkdir(data);
  const program = `import { lockDataFolder } from ${JSON.stringify(join(process.cwd(), 'tools/data-folder.ts'))};
    lockDataFolder(${JSON.stringify(data)});
    console.log('locked');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(createInterface({ input: child.stdout }), 'line');
  expect(() => lockDataFolder(data)).toThrow(`Kilde already runs on the data folder ${data}`);
  child.kill('SIGKILL');
  await once(child, 'exit');
  const unlock = lockDataFolder(data);
  expect(() => lockDataFolder(data)).toThrow('already runs');
  unlock();
  lockDataFolder(data)();
});
