import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@libsql/client/http';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startKilde } from '../../tools/serve.ts';
import type { Served } from '../../tools/serve.ts';

/** The built Worker, fired as the platform does, with the platform's binding for mail. */

let directory: string;
let served: Served;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kilde-schedules-'));
  served = await startKilde({
    dataDirectory: directory,
    hasMail: true,
    bindings: { KILDE_MAIL_FROM: 'kilde@firma.no', KILDE_PRIVATE_ADDRESSES: '1' },
  });
}, 60_000);

afterAll(async () => {
  await served?.close();
  await rm(directory, { recursive: true, force: true });
});

async function api(method: string, path: string, body?: unknown): Promise<any> {
  const response = await fetch(`${served.url}api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${served.adminKey}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  expect(response.ok, await response.clone().text()).toBe(true);
  return response.json();
}

it('makes one run of one period and sends it once, however often the trigger fires', { timeout: 60_000 }, async () => {
  await fetch(`${served.url}f/demo`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'kari@firma.no', _page: 'https://a.no/?utm_source=åpent&utm_medium=x' }),
  });
  const { id } = await api('POST', '/schedules', {
    name: 'Leads – hver måned',
    reportId: 'new-leads-by-lead-creation-source',
    // Not due by itself while this runs, or seldom.
    cron: '0 0 1 1 *',
    language: 'no',
    targets: [{ kind: 'email', to: ['sjef@firma.no', 'salg@firma.no'] }],
  });
  const client = createClient({ url: served.databaseUrl, authToken: served.databaseAuthToken });
  for (let period = 1; period <= 2; period += 1) {
    await client.execute(`UPDATE schedule SET next_at = ${period}`);
    // The last new year's, which both would run: the second period's is another.
    if (period === 2) await client.execute('UPDATE report_run SET due_at = 1');
    await Promise.all(Array.from({ length: 5 }, async () => served.trigger()));
    await served.trigger();
    const { items } = await api('GET', `/schedules/${id}/runs`);
    expect(items.map((run: any) => [run.status, run.deliveries.map((one: any) => [one.status, one.attempts])])).toEqual(
      Array.from({ length: period }, () => ['done', [['delivered', 1]]]),
    );
  }
  client.close();
});

it('signs what it tells a webhook, as built too', { timeout: 60_000 }, async () => {
  const received: Array<{ headers: Record<string, string>; body: string }> = [];
  const receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ headers: request.headers as Record<string, string>, body: Buffer.concat(chunks).toString() });
      response.end();
    });
  }).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
  const { secret } = await api('POST', '/webhooks', { name: 'CRM', url, events: ['submission.received'] });
  await fetch(`${served.url}f/demo`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'ola@firma.no' }),
  });
  await served.trigger();
  receiver.close();
  expect(received).toHaveLength(1);
  const [{ headers, body }] = received as [(typeof received)[0]];
  expect(new Webhook(secret).verify(body, headers)).toMatchObject({ type: 'submission.received' });
  expect(() => new Webhook(secret).verify(`${body} `, headers)).toThrow('No matching signature found');
});
