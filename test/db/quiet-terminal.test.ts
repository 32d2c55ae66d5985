import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { isFailedConnection } from '../../tools/serve.ts';

it('prints nothing of its own where a receiver cannot be reached', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'kilde-quiet-'));
  // Answers no TLS handshake.
  const garbage = createServer((socket) => socket.on('error', () => {}).end('garbage\r\n\r\n')).listen(0, '127.0.0.1');
  await once(garbage, 'listening');
  const child = spawn(process.execPath, ['tools/start.ts'], {
    env: { ...process.env, PORT: '0', KILDE_DATA: directory, KILDE_PRIVATE_ADDRESSES: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed = text(child.stderr);
  const exited = once(child, 'exit');
  try {
    const told: Record<string, string> = {};
    for await (const line of createInterface({ input: child.stdout })) {
      const [, name, value] = /^ {2}(Kilde|Admin key) +(\S+)$/.exec(line) ?? [];
      if (name && value) told[name] = value;
      if (line.includes('Ctrl-C')) break;
    }
    const post = async (path: string, body?: unknown): Promise<any> => {
      const response = await fetch(`${told['Kilde']}api/v1${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${told['Admin key']}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return response.json();
    };
    for (const url of [
      'https://no-such-name.invalid/secret',
      `https://127.0.0.1:${(garbage.address() as AddressInfo).port}/secret`,
    ]) {
      const { id } = await post('/webhooks', { name: 'x', url, events: ['deal.won'] });
      expect(await post(`/webhooks/${id}/test`)).toEqual({
        delivered: false,
        error: 'The receiver could not be reached.',
      });
    }
  } finally {
    child.kill('SIGTERM');
    await exited;
    garbage.close();
    await rm(directory, { recursive: true, force: true });
  }
  expect(await printed).toBe('');
});

it('keeps other faults of the runtime in sight', () => {
  const stack = 'stack: workerd@28a3c60; sentryErrorContext = jsgInternalError; wdErrId = x';
  expect(isFailedConnection(`e = rust/worker/ffi.rs:110: failed: failed to lookup address information\n${stack}`)).toBe(
    true,
  );
  expect(isFailedConnection(`kj/table.c++:42: failed: inserted row already exists in table\n${stack}`)).toBe(false);
  expect(isFailedConnection('job sendDeliveries failed: Error: DNS lookup failed')).toBe(false);
  expect(isFailedConnection('Uncaught TypeError: fetch failed')).toBe(false);
});
