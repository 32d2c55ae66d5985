import { copyFile, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import Database from 'libsql';
import {
  closeCopy,
  databaseName as database,
  dataFolder,
  failWith,
  lockDataFolder,
  prepareDataFolder,
  secretsName as secrets,
} from './data-folder.ts';

/** The folder of the files that came with forms (tools/file-folder.ts). */
const files = 'files';

/**
 * Copies database, secrets and files of a data directory, whole and as of one moment, also while it is served. The copy is checked
 * before it is called a backup.
 * @returns how many bytes the database has.
 * @throws Error where there is nothing to copy, the target exists, or the copy is damaged.
 */
export async function backUp({ dataDirectory, to }: { dataDirectory: string; to: string }): Promise<number> {
  const source = join(dataDirectory, database);
  if (!existsSync(source)) throw new Error(`There is no ${database} in ${dataDirectory}.`);
  if (existsSync(to)) throw new Error(`${to} exists already.`);
  const unfinished = `${to}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true, mode: 0o700 });
  const copy = join(unfinished, database);
  const from = new Database(source, { timeout: 10_000 });
  try {
    // Reads one state of the database, whatever is written meanwhile, and leaves free pages behind.
    from.prepare('VACUUM INTO ?').run([copy]);
  } finally {
    from.close();
  }
  closeCopy(copy);
  check(copy);
  if (existsSync(join(dataDirectory, secrets))) {
    await copyFile(join(dataDirectory, secrets), join(unfinished, secrets));
    closeCopy(join(unfinished, secrets));
  }
  // After the database: a file is stored before the row that names it.
  await copyFiles({ from: join(dataDirectory, files), to: join(unfinished, files) });
  await rename(unfinished, to);
  return (await stat(join(to, database))).size;
}

/** Copies the files of forms, without those that are being written. One that is deleted meanwhile is left out. */
async function copyFiles({ from, to }: { from: string; to: string }): Promise<void> {
  if (!existsSync(from)) return;
  await mkdir(to, { recursive: true, mode: 0o700 });
  for (const part of await readdir(from, { withFileTypes: true })) {
    if (!part.isDirectory()) continue;
    await mkdir(join(to, part.name), { mode: 0o700 });
    for (const name of await readdir(join(from, part.name))) {
      if (name.endsWith('.part')) continue;
      const copy = join(to, part.name, name);
      try {
        await copyFile(join(from, part.name, name), copy);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
        continue;
      }
      closeCopy(copy);
    }
  }
}

/**
 * Puts a backup in the place of a data directory's database, secrets and files. What was there is kept beside it, and nothing is
 * touched where the backup is damaged or the database is in use.
 * @returns where the former database is kept, null where there was none; and whether the backup has secrets. What it has none of,
 *   secrets or files, stays as the folder has it.
 * @throws Error saying why nothing was done.
 */
export async function restore({
  dataDirectory,
  from,
  now,
}: {
  dataDirectory: string;
  from: string;
  now: Date;
}): Promise<{ kept: string | null; hasSecrets: boolean }> {
  const backup = join(from, database);
  if (!existsSync(backup)) throw new Error(`There is no ${database} in ${from}.`);
  check(backup);
  prepareDataFolder(dataDirectory);
  const unlock = lockDataFolder(dataDirectory);
  try {
    return await putBack({ dataDirectory, from, now });
  } finally {
    unlock();
  }
}

async function putBack({ dataDirectory, from, now }: { dataDirectory: string; from: string; now: Date }) {
  const target = join(dataDirectory, database);
  const suffix = `before-restore-${now.toISOString().replaceAll(/[:.]/g, '-')}`;
  const fresh = `${target}.restoring`;
  await copyFile(join(from, database), fresh);
  closeCopy(fresh);
  const ownFiles = join(dataDirectory, files);
  const freshFiles = `${ownFiles}.restoring`;
  await rm(freshFiles, { recursive: true, force: true });
  await copyFiles({ from: join(from, files), to: freshFiles });
  let kept: string | null = null;
  if (existsSync(target)) {
    closeForGood(target);
    kept = `${target}.${suffix}`;
    await rename(target, kept);
    for (const rest of ['-wal', '-shm']) await rm(`${target}${rest}`, { force: true });
  }
  await rename(fresh, target);
  if (existsSync(freshFiles)) {
    if (existsSync(ownFiles)) await rename(ownFiles, `${ownFiles}.${suffix}`);
    await rename(freshFiles, ownFiles);
  }
  const hasSecrets = existsSync(join(from, secrets));
  if (hasSecrets) {
    const own = join(dataDirectory, secrets);
    if (existsSync(own)) await rename(own, `${own}.${suffix}`);
    await copyFile(join(from, secrets), own);
    closeCopy(own);
  }
  return { kept, hasSecrets };
}

/** @throws Error where a file is no sound database of Kilde. */
function check(path: string): void {
  const copy = new Database(path, { readonly: true });
  try {
    const [found] = copy.prepare('PRAGMA integrity_check').all() as Array<{ integrity_check: string }>;
    if (found?.integrity_check !== 'ok') throw new Error(`${path} is damaged: ${found?.integrity_check}.`);
    if (copy.prepare('PRAGMA foreign_key_check').all().length > 0)
      throw new Error(`${path} has rows that refer to none.`);
    const tables = copy
      .prepare("SELECT name FROM sqlite_schema WHERE name IN ('settings', '__drizzle_migrations')")
      .all();
    if (tables.length < 2) throw new Error(`${path} is no database of Kilde.`);
  } catch (error) {
    if (error instanceof Error && 'code' in error) throw new Error(`${path} is no database.`, { cause: error });
    throw error;
  } finally {
    copy.close();
  }
}

/** Writes the log into the database, which nobody else may have open. @throws Error where somebody has. */
function closeForGood(path: string): void {
  const own = new Database(path, { timeout: 0 });
  try {
    // Only who is alone with a database may leave the mode of the write-ahead log.
    const [mode] = own.prepare('PRAGMA journal_mode = DELETE').all() as Array<{ journal_mode: string }>;
    if (mode?.journal_mode !== 'delete') throw new Error('busy');
  } catch (error) {
    throw new Error(`${path} is in use: stop Kilde first.`, { cause: error });
  } finally {
    own.close();
  }
}

/** `npm run backup -- [directory]`, `npm run restore -- <directory>`; the data is that of KILDE_DATA. */
async function main([command, path]: string[]): Promise<void> {
  const dataDirectory = dataFolder();
  const now = new Date();
  if (command === 'backup') {
    const to = resolve(path ?? join(dataDirectory, 'backups', now.toISOString().replaceAll(/[:.]/g, '-')));
    const size = await backUp({ dataDirectory, to });
    console.log(
      `${to}: ${(size / 1024 / 1024).toFixed(1)} MiB. It holds personal data and secrets: keep it as safe as the original.`,
    );
    return;
  }
  if (command !== 'restore' || !path) throw new Error('Say which backup: npm run restore -- <directory>');
  const { kept, hasSecrets } = await restore({ dataDirectory, from: resolve(path), now });
  console.log(`Restored${kept ? `; what was there is ${kept}` : ''}. npm start brings its schema up to date.`);
  if (!hasSecrets) console.log(whatIsMissing(dataDirectory));
}

/** What a backup without secrets leaves out, and what that means. */
function whatIsMissing(dataDirectory: string): string {
  const missing = `The backup has no ${secrets}, which holds the admin key and the key that signs visitors' journeys.`;
  if (existsSync(join(dataDirectory, secrets))) {
    return `${missing} This folder's own stays. Cookies signed with another key are not read: those visitors begin a new journey.`;
  }
  return `${missing} npm start makes new ones: the admin key is another, and cookies signed before are not read, so those visitors begin a
new journey. API keys and webhooks are in the database and go on. If you still have the file, put it into ${dataDirectory} before npm start.`;
}

if (import.meta.main) await main(process.argv.slice(2)).catch(failWith);
