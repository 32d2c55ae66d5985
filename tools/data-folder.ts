import { randomBytes } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import Database from 'libsql';
import { restrictMode } from './libsql-server/file-modes.ts';

export const databaseName = 'kilde.db';
export const secretsName = 'secrets.json';
const lockName = 'kilde.lock';
const endpointName = 'database.json';

/** Something about the settings or the files of a start that its user can mend. The message says what and how. */
export class StartError extends Error {}

export type Secrets = { adminKey: string; journeyKeys: string };

/** Where a running Kilde answers SQL, for the tools of this machine. */
export type DatabaseEndpoint = { url: string; authToken: string };

/** The folder of the data: `KILDE_DATA`, or `.kilde` where that is not set. */
export function dataFolder(): string {
  return resolve(process.env['KILDE_DATA'] || '.kilde');
}

/**
 * Makes the data folder where it is missing, and closes it and what is in it to other users, also where an earlier version did not.
 * @throws StartError where it is no folder that can be written to.
 */
export function prepareDataFolder(folder: string): void {
  const isNew = makeFolder(folder);
  try {
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    // The rights of a user say nothing of a file system that is mounted read-only, or that is full of files.
    const probe = join(folder, `.probe-${process.pid}`);
    writeFileSync(probe, '', { mode: 0o600 });
    rmSync(probe);
  } catch (error) {
    throw new StartError(`The data folder ${folder} cannot be written to (${reasonOf(error)}). ${otherFolder}`, {
      cause: error,
    });
  }
  // A folder of something else, as /tmp, keeps its rights: only Kilde's own are taken from others.
  if (isNew || existsSync(join(folder, secretsName)) || readdirSync(folder).length === 0) restrictMode(folder, 0o700);
  for (const name of [secretsName, endpointName, lockName]) restrictMode(join(folder, name), 0o600);
}

const otherFolder = 'KILDE_DATA names another folder.';

function makeFolder(folder: string): boolean {
  try {
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return false;
    makeEach(folder);
    return true;
  } catch (error) {
    const found = statSync(folder, { throwIfNoEntry: false });
    if (found && !found.isDirectory())
      throw new StartError(`The data folder ${folder} is a file. ${otherFolder}`, { cause: error });
    throw new StartError(`The data folder ${folder} cannot be made (${reasonOf(error)}). ${otherFolder}`, {
      cause: error,
    });
  }
}

/** One folder after the other: where the file system has no room for one (/proc), Node's recursive way never ends. */
function makeEach(folder: string): void {
  const parent = dirname(folder);
  if (parent !== folder && !existsSync(parent)) makeEach(parent);
  mkdirSync(folder, { mode: 0o700 });
}

/**
 * Takes the folder for this process until the result is called. The lock is SQLite's, on an empty file: the operating system frees it
 * when the process ends, however it ends.
 * @throws StartError where another process has it.
 */
export function lockDataFolder(folder: string): () => void {
  const path = join(folder, lockName);
  writeFileSync(path, '', { flag: 'a', mode: 0o600 });
  const lock = new Database(path, { timeout: 0 });
  try {
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    const pid = readEndpoint(folder)?.pid;
    const who = pid === undefined ? '' : ` (process ${pid})`;
    throw new StartError(
      `Kilde already runs on the data folder ${folder}${who}. Stop it first, or give this one a folder of its own with KILDE_DATA.`,
      { cause: error },
    );
  }
  return () => lock.close();
}

/**
 * Reads the folder's secrets, or makes them at the first start.
 * @throws StartError where the file is there and does not hold them.
 */
export function keepSecrets(folder: string): { secrets: Secrets; areNew: boolean } {
  const path = join(folder, secretsName);
  if (existsSync(path)) return { secrets: readSecrets(path), areNew: false };
  const secrets = {
    adminKey: `kilde_${randomBytes(32).toString('base64url')}`,
    journeyKeys: randomBytes(32).toString('base64url'),
  };
  writeFileSync(path, JSON.stringify(secrets, null, 2), { mode: 0o600 });
  return { secrets, areNew: true };
}

function readSecrets(path: string): Secrets {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new StartError(`${path} cannot be read (${reasonOf(error)}).`, { cause: error });
  }
  const found = parseSecrets(text);
  if (typeof found === 'object') return found;
  throw new StartError(
    `${path} ${found}. Put it back from a backup. Or delete it: the next start then makes new secrets, the admin key changes, and the ` +
      `journeys in visitors' cookies are lost.`,
  );
}

/** @returns what is wrong, where they are none. */
function parseSecrets(text: string): Secrets | string {
  if (text.trim() === '') return 'is empty';
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'is not JSON';
  }
  const { adminKey, journeyKeys } = Object(value) as Partial<Record<keyof Secrets, unknown>>;
  if (typeof adminKey !== 'string' || adminKey.length < 32) return 'has no "adminKey" of at least 32 characters';
  if (typeof journeyKeys !== 'string' || journeyKeys === '') return 'has no "journeyKeys"';
  return { adminKey, journeyKeys };
}

/** Tells the tools of this machine where the database answers; the result takes it back. */
export function noteEndpoint(folder: string, endpoint: DatabaseEndpoint): () => void {
  const path = join(folder, endpointName);
  rmSync(path, { force: true });
  writeFileSync(path, JSON.stringify({ ...endpoint, pid: process.pid }, null, 2), { mode: 0o600 });
  return () => rmSync(path, { force: true });
}

function readEndpoint(folder: string): (DatabaseEndpoint & { pid: number }) | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, endpointName), 'utf8')) as DatabaseEndpoint & { pid: number };
  } catch {
    return undefined;
  }
}

/**
 * The database that a tool works on: `LIBSQL_URL` and `LIBSQL_AUTH_TOKEN`, or else the one of the Kilde that runs on this machine.
 * @throws StartError where there is neither.
 */
export function findDatabase(): { url: string; authToken?: string } {
  const url = process.env['LIBSQL_URL'];
  const authToken = process.env['LIBSQL_AUTH_TOKEN'];
  if (url) return { url: url.replace(/^libsql:/, 'https:'), ...(authToken ? { authToken } : {}) };
  const folder = dataFolder();
  const endpoint = readEndpoint(folder);
  if (endpoint && isLocked(folder)) return { url: endpoint.url, authToken: endpoint.authToken };
  throw new StartError(
    `LIBSQL_URL is not set, and no Kilde runs on the data folder ${folder}. Start it, or set LIBSQL_URL to the address of the database.`,
  );
}

function isLocked(folder: string): boolean {
  try {
    lockDataFolder(folder)();
    return false;
  } catch {
    return true;
  }
}

/** Ends a tool with what is wrong, without a stack. */
export function failWith(error: unknown): never {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

/** Copies keep the rights of what they are a copy of: this takes them from others. */
export function closeCopy(path: string): void {
  chmodSync(path, 0o600);
}

function reasonOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
