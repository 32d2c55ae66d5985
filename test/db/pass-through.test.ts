import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { startKilde } from '../../tools/serve.ts';
import type { Served } from '../../tools/serve.ts';

let directory: string;
let kilde: Served;
let site: Server;
let other: Server;
/** What the site was asked, and what a server was asked that nobody may reach. */
let seen: Array<{ method: string; url: string; headers: IncomingHttpHeaders }>;
let reached: number;

const listen = async (server: Server) =>
  new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kilde-front-'));
  site = createServer((request, response) => {
    seen.push({ method: request.method!, url: request.url!, headers: request.headers });
    response.end('the site');
  });
  other = createServer((_request, response) => {
    reached += 1;
    response.end('the other');
  });
  const port = await listen(site);
  await listen(other);
  kilde = await startKilde({
    dataDirectory: directory,
    bindings: { PASS_THROUGH_HOSTS: 'www.firma.test', PASS_THROUGH_ORIGIN: `http://127.0.0.1:${port}/base` },
  });
});
beforeEach(() => {
  seen = [];
  reached = 0;
});
afterAll(async () => {
  await kilde.close();
  for (const server of [site, other]) server.close();
  await rm(directory, { recursive: true, force: true });
});

/** Sends a request as it stands, whatever a client would make of it. */
async function send(line: string, headers: string[]): Promise<string> {
  const socket = connect(Number(new URL(kilde.url).port), '127.0.0.1');
  socket.end(`${[`${line} HTTP/1.1`, ...headers, 'Connection: close'].join('\r\n')}\r\n\r\n`);
  return text(socket);
}

it('reaches the site and nothing else, whatever the request line says', async () => {
  const host = `127.0.0.1:${(other.address() as AddressInfo).port}`;
  const targets = [
    `//${host}/x`,
    `/.//${host}/x`,
    `/a/..//${host}/x`,
    `/\\${host}/x`,
    `/\\/${host}/x`,
    `//u:p@${host}/x`,
    `/%2f%2f${host}/x`,
    `/%5c${host}/x`,
    `http://${host}/x`,
    `https://${host}/x`,
    `//${host}`,
    `@${host}/x`,
    `:@${host}/x`,
    `.${host}`,
    '*',
  ];
  for (const method of ['GET', 'POST', 'OPTIONS', 'PROPFIND', 'TRACE']) {
    for (const target of targets) {
      const answer = await send(`${method} ${target}`, ['Host: www.firma.test', 'Content-Length: 0', 'Cookie: a=b']);
      const [, status] = /^HTTP\/1\.1 (\d+)/.exec(answer) ?? [];
      expect([method, target, Number(status) < 500, reached]).toEqual([method, target, true, 0]);
    }
  }
  expect(seen.length).toBeGreaterThan(30);
  expect(seen.every(({ url }) => url.startsWith('/base/'))).toBe(true);
});

it('lets nobody call the Worker past HTTP by CONNECT', async () => {
  for (const host of ['miniflare-unsafe-internal-capnp-connect', 'www.firma.test:443']) {
    expect(await send(`CONNECT ${host}`, [`Host: ${host}`])).not.toMatch(/^HTTP\/1\.1 2/);
  }
});

it('shows the site the public host, and who asked truly', async () => {
  for (const host of ['www.firma.test', 'WWW.Firma.Test', 'www.firma.test.', 'www.firma.test:8443']) {
    await send('GET /side?a=1', [
      `Host: ${host}`,
      'X-Forwarded-For: 1.2.3.4',
      'Forwarded: for=1.2.3.4',
      'X-Real-IP: 1.2.3.4',
    ]);
  }
  expect(
    seen.map(({ url, headers }) => [url, headers.host, headers['x-forwarded-host'], headers['x-forwarded-proto']]),
  ).toEqual([
    ['/base/side?a=1', 'www.firma.test', 'www.firma.test', 'http'],
    ['/base/side?a=1', 'www.firma.test', 'www.firma.test', 'http'],
    ['/base/side?a=1', 'www.firma.test', 'www.firma.test', 'http'],
    ['/base/side?a=1', 'www.firma.test:8443', 'www.firma.test:8443', 'http'],
  ]);
  expect(JSON.stringify(seen)).not.toContain('1.2.3.4');
});

it.each<[Record<string, string>, string]>([
  [{ PASS_THROUGH_ORIGIN: 'http://127.0.0.1:18787/' }, 'which is Kilde’s own address'],
  [{ PASS_THROUGH_ORIGIN: 'http://localhost:18787' }, 'which is Kilde’s own address'],
  [{ PASS_THROUGH_ORIGIN: 'http://u:p@site.example' }, 'must not contain a user name or password'],
  [{ PASS_THROUGH_ORIGIN: 'site.example' }, 'it must be an address such as https://example.com'],
])('does not start with %j', async (bindings, message) => {
  const started = startKilde({
    dataDirectory: join(directory, 'no'),
    port: 18_787,
    bindings: { PASS_THROUGH_HOSTS: 'www.firma.test', ...bindings },
  });
  await expect(started).rejects.toThrow(message);
});
