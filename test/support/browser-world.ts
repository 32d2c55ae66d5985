import { accessSync, constants } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createClient } from '@libsql/client/http';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { chromium, request } from 'playwright-core';
import type { APIResponse, BrowserContext, BrowserContextOptions } from 'playwright-core';
import { describe } from 'vitest';
import { startKilde } from '../../tools/serve.ts';

/**
 * Who is where. Chromium takes these names for real ones, over HTTPS, so that what it tells of a request (`Sec-Fetch-Site`,
 * `Origin`, `Referer`) and what it does with a cookie are real too.
 */
export const hosts = {
  /** Kilde, on the domain of the site. */
  edge: 'https://edge.firma.test',
  /** The site. */
  site: 'https://www.firma.test',
  /** The same pages with Kilde running in front of them. */
  front: 'https://front.firma.test',
  /** A site on another domain than the edge. */
  otherSite: 'https://www.annet.test',
  linkedin: 'https://www.linkedin.com',
  facebook: 'https://www.facebook.com',
} as const;

export type World = {
  /** A browser without a past. Closed with the world, at the latest. */
  newContext(options?: BrowserContextOptions): Promise<BrowserContext>;
  /** Puts a page on every site, at a path. A promise is a page that takes its time. */
  setPage(path: string, html: string | Promise<string>): void;
  /** Resolves when a path of the site is next asked for, with the query. */
  requested(path: string): Promise<URLSearchParams>;
  /** Asks the edge as something that is no Chromium. */
  fetchAtEdge(path: string, headers: Record<string, string>): Promise<APIResponse>;
  /** Asks the API with the administrator's key. */
  api<T = any>(path: string): Promise<T>;
  /** Sends something to the API with the administrator's key. */
  send<T = any>(method: 'POST' | 'PATCH' | 'PUT', path: string, body: unknown): Promise<T>;
  /** The person the API knows by an address; undefined where it knows none. */
  person<T = any>(email: string): Promise<T>;
  /** The company the API knows by a domain; undefined where it knows none. */
  company<T = any>(domain: string): Promise<T>;
  sql(statement: string, args?: Array<string | number | null>): Promise<Array<Record<string, any>>>;
  close(): Promise<void>;
};

export const chromiumPath = findChromium();

/** `describe`, or a skipped suite that says why where this machine has no Chromium. */
export function describeInBrowser(name: string, suite: () => void): void {
  if (chromiumPath === null) console.warn(`Skipped: ${name}. No Chromium; install it, or set CHROMIUM_PATH.`);
  describe.skipIf(chromiumPath === null)(name, suite);
}

type Pages = Map<string, string | Promise<string>>;

/** Kilde, a site's server, and Chromium in front of both. `forms` are made before anything is asked. */
export async function startWorld({ forms = [] }: { forms?: string[] } = {}): Promise<World> {
  const directory = await mkdtemp(join(tmpdir(), 'kilde-browser-'));
  const pages: Pages = new Map();
  const awaited = new Map<string, (query: URLSearchParams) => void>();
  const server = await servePages({
    pages,
    seen: ({ pathname, searchParams }) => awaited.get(pathname)?.(searchParams),
  });
  const siteUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  // Node has no certificate to serve the site by; Miniflare brings one that Chromium is told to accept.
  const tls = new Miniflare(
    convertV4MiniflareOptions({
      https: true,
      telemetry: { enabled: false },
      modules: true,
      script: `export default {
        fetch(request, { SITE }) {
          const { pathname, search } = new URL(request.url);
          return fetch(new Request(SITE + pathname + search, request), { redirect: 'manual' });
        },
      };`,
      compatibilityDate: '2026-10-20',
      bindings: { SITE: siteUrl },
    }),
  );
  const [tlsUrl, kilde] = await Promise.all([
    tls.ready,
    startKilde({
      dataDirectory: directory,
      https: true,
      bindings: { PASS_THROUGH_HOSTS: new URL(hosts.front).hostname, PASS_THROUGH_ORIGIN: siteUrl },
    }),
  ]);
  const database = createClient({ url: kilde.databaseUrl, authToken: kilde.databaseAuthToken });
  for (const key of forms) {
    await database.execute({
      sql: 'INSERT INTO form (key, name, site_id, created_at) VALUES (?, ?, 1, 0)',
      args: [key, key],
    });
  }

  const toKilde = new Set<string>([hosts.edge, hosts.front]);
  const rules = Object.values(hosts).map((host) => {
    const { port } = toKilde.has(host) ? new URL(kilde.url) : tlsUrl;
    return `MAP ${new URL(host).hostname}:443 127.0.0.1:${port}`;
  });
  const browser = await chromium.launch({
    executablePath: chromiumPath!,
    args: [
      '--headless=new',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--no-proxy-server',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--ignore-certificate-errors',
      `--host-resolver-rules=${[...rules, 'MAP * ~NOTFOUND'].join(', ')}`,
    ],
    // Playwright switches the back/forward cache off, which is half of what a visitor's Back does.
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  });
  const api = await request.newContext({
    baseURL: kilde.url,
    ignoreHTTPSErrors: true,
    extraHTTPHeaders: { authorization: `Bearer ${kilde.adminKey}` },
  });

  async function call(method: string, path: string, body?: unknown) {
    const response = await api.fetch(`/api/v1${path}`, { method, ...(body === undefined ? {} : { data: body }) });
    if (!response.ok()) throw new Error(`${method} ${path}: ${response.status()} ${await response.text()}`);
    return response.status() === 204 ? null : response.json();
  }

  return {
    fetchAtEdge: (path, headers) =>
      api.get(path, { maxRedirects: 0, headers: { host: new URL(hosts.edge).host, authorization: '', ...headers } }),
    newContext: (options) => browser.newContext({ ignoreHTTPSErrors: true, locale: 'en-GB', ...options }),
    setPage: (path, html) => void pages.set(path, html),
    requested: (path) => new Promise((resolve) => awaited.set(path, resolve)),
    api: (path) => call('GET', path),
    send: call,
    person: async (email) => (await call('GET', `/people?email=${encodeURIComponent(email)}`)).items[0],
    company: async (domain) => (await call('GET', `/companies?domain=${encodeURIComponent(domain)}`)).items[0],
    async sql(statement, args = []) {
      const { rows, columns } = await database.execute({ sql: statement, args });
      return rows.map((row) => Object.fromEntries(columns.map((column) => [column, row[column]])));
    },
    async close() {
      await browser.close();
      await api.dispose();
      database.close();
      await Promise.all([kilde.close(), tls.dispose()]);
      server.closeAllConnections();
      server.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** The site: what was put there, and on every host an advertisement at `/ad?to=`. */
async function servePages({ pages, seen }: { pages: Pages; seen: (url: URL) => void }): Promise<Server> {
  async function answer(url: URL, response: ServerResponse): Promise<void> {
    const html =
      url.pathname === '/ad'
        ? `<!doctype html><title>Ad</title><a href="${(url.searchParams.get('to') ?? '').replaceAll('&', '&amp;')}">Ad</a>`
        : await pages.get(url.pathname);
    response.writeHead(html === undefined ? 404 : 200, { 'content-type': 'text/html; charset=utf-8' });
    response.end(html ?? 'No such page.');
  }
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://site');
    seen(url);
    void answer(url, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

function findChromium(): string | null {
  const candidates = process.env['CHROMIUM_PATH']
    ? [process.env['CHROMIUM_PATH']]
    : (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'chromium'));
  return (
    candidates.find((candidate) => {
      try {
        accessSync(candidate, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    }) ?? null
  );
}
