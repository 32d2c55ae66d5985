import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startKilde } from '../../tools/serve.ts';
import type { Served } from '../../tools/serve.ts';

let directory: string;
let kilde: Served;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kilde-readme-'));
  kilde = await startKilde({ dataDirectory: directory });
});
afterAll(async () => {
  await kilde.close();
  await rm(directory, { recursive: true, force: true });
});

/** The commands of a page that use curl, in order: those of its shell blocks and those within a sentence. */
function commandsOf(markdown: string): string {
  const found = markdown.matchAll(/^```sh\n(.*?)^```|`(curl [^`]+)`/gms);
  return Array.from(found, ([, block, inline]) => block ?? inline!)
    .filter((one) => one.includes('curl '))
    .join('\n');
}

it('every curl command of README.md and docs/reports.md succeeds on a fresh start, and nothing fails to be delivered', async () => {
  const pages = await Promise.all(['README.md', 'docs/reports.md'].map(async (file) => readFile(file, 'utf8')));
  const commands = pages.map(commandsOf).join('\n');
  expect(commands.match(/\bcurl /g)!.length).toBeGreaterThan(15);
  // Older versions of curl do not have it.
  expect(commands).not.toContain('--json');
  const script = [
    'set -euo pipefail',
    'curl() { command curl --fail-with-body --show-error "$@"; echo; }',
    'command -v jq >/dev/null || jq() { cat; }',
    `KILDE=${kilde.url.replace(/\/$/, '')}`,
    `KEY=${kilde.adminKey}`,
    commands.replaceAll(/^(KILDE|KEY)=.*$/gm, '').replace(/^AUTH=/m, `KEY=${kilde.adminKey}\nAUTH=`),
  ].join('\n');
  const { stdout } = await promisify(execFile)('bash', ['-c', script], { cwd: directory });
  expect(stdout).not.toContain('"code":');
  expect(stdout).toContain('kari@firma.no');

  await kilde.trigger();
  const get = async (path: string) =>
    (await fetch(`${kilde.url}api/v1${path}`, { headers: { authorization: `Bearer ${kilde.adminKey}` } })).json<{
      items: Array<{ status: string; deliveries?: unknown[] }>;
    }>();
  const runs = (await get('/schedules/1/runs')).items;
  expect(runs.map(({ status, deliveries }) => [status, deliveries])).toEqual([['done', []]]);
  expect((await get('/webhooks/1/deliveries')).items).toEqual([]);
});

it('no page tells to run a file by the node that happens to be installed', async () => {
  for (const file of [
    'README.md',
    'CONTRIBUTING.md',
    'docs/operations.md',
    'tools/libsql-server/README.md',
    'docs/reports.md',
  ]) {
    const text = await readFile(file, 'utf8');
    expect([file, /^\s*(\w+=\S+ )*node (tools|bench)/m.exec(text)?.[0]]).toEqual([file, undefined]);
  }
});
