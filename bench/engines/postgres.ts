import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { definitions, indexes, tables } from './data.ts';
import type { Answer, Engine } from './duckdb.ts';

const root = '/usr/lib/postgresql';

/**
 * PostgreSQL as Debian packages it, in a directory of its own, over a local socket; one worker for each question.
 * @returns null where it is not installed.
 */
export async function openPostgres(csv: string): Promise<Engine | null> {
  const [version] = existsSync(root) ? readdirSync(root).toSorted().toReversed() : [];
  if (!version) return null;
  const bin = (name: string) => join(root, version, 'bin', name);
  // It refuses to run as root.
  const isRoot = userInfo().uid === 0;
  const as = isRoot ? ['runuser', '-u', 'postgres', '--'] : [];
  const directory = await mkdtemp(join(tmpdir(), 'kilde-postgres-'));
  if (isRoot) execFileSync('chown', ['postgres', directory]);
  const run = (...command: string[]) =>
    execFileSync(command[0]!, command.slice(1), { stdio: ['ignore', 'pipe', 'pipe'], cwd: '/' });
  run(...as, bin('initdb'), '-D', join(directory, 'data'), '-A', 'trust', '-U', 'kilde', '-E', 'UTF8', '--no-sync');
  await chmod(csv, 0o755);
  const settings = [
    'shared_buffers=2GB',
    'work_mem=256MB',
    'max_parallel_workers_per_gather=0',
    'jit=off',
    'fsync=off',
    `unix_socket_directories=${directory}`,
    'listen_addresses=',
  ];
  const started = [...as, bin('postgres'), '-D', join(directory, 'data'), ...settings.flatMap((one) => ['-c', one])];
  const server = spawn(started[0]!, started.slice(1), { stdio: 'ignore', cwd: '/' });
  const connect = ['-h', directory, '-U', 'kilde', '-d', 'postgres', '-X', '-q', '-v', 'ON_ERROR_STOP=1'];
  for (let tries = 0; ; tries += 1) {
    try {
      run(bin('psql'), ...connect, '-c', 'SELECT 1');
      break;
    } catch (error) {
      if (tries > 50) throw error;
      await new Promise((done) => setTimeout(done, 200));
    }
  }
  const client = spawn(bin('psql'), [...connect, '-A', '-P', 'footer=off'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    cwd: '/',
  });
  const ask = asker(client);
  for (const sql of definitions) await ask(sql);
  for (const table of Object.keys(tables))
    await ask(`\\copy ${table} FROM '${join(csv, `${table}.csv`)}' (FORMAT csv)`);
  for (const sql of indexes) await ask(sql);
  await ask('VACUUM ANALYZE');
  return {
    name: 'PostgreSQL',
    ask,
    async close() {
      client.stdin.end();
      const ended = new Promise((done) => server.once('exit', done));
      // Who runs it for another user passes no signal on.
      run(...as, bin('pg_ctl'), '-D', join(directory, 'data'), '-m', 'immediate', 'stop');
      await ended;
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Asks psql one question after the other; its own clock says how long the server took. */
function asker(
  client: ChildProcess & { stdin: NonNullable<ChildProcess['stdin']>; stdout: NonNullable<ChildProcess['stdout']> },
) {
  const lines = createInterface({ input: client.stdout })[Symbol.asyncIterator]();
  client.stdin.write('\\timing on\n');
  return async (sql: string): Promise<Answer> => {
    const text = sql.startsWith('\\') ? sql : `${sql};`;
    client.stdin.write(`${text}\n\\echo done\n`);
    let ms = 0;
    const rows: string[][] = [];
    for (;;) {
      const { value, done } = await lines.next();
      if (done) throw new Error('psql has ended.');
      if (value === 'done') return { ms, columns: rows[0] ?? [], rows: rows.slice(1) };
      const time = /^Time: ([\d.]+) ms/.exec(value);
      if (time) ms = Number(time[1]);
      else rows.push(value.split('|'));
    }
  };
}
