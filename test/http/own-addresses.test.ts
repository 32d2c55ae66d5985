import { describe, expect, it } from 'vitest';
import { createApi } from '../../src/api.ts';
import { runJobs } from '../../src/jobs/run-jobs.ts';
import { Visitor } from '../support/browser-like.ts';
import { adminKey, createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

/** Where Kilde is reached, and the settings that say so. */
const modes = {
  'beside the site': { base: 'https://edge.example.com', env: {} },
  'in front of the site': {
    base: 'https://www.example.com/_kilde',
    env: { PASS_THROUGH_HOSTS: 'www.example.com', PASS_THROUGH_ORIGIN: 'http://site.internal' },
  },
  'in front of the site, by a public address of its own': {
    base: 'https://www.example.com/_kilde',
    publicUrl: 'https://edge.example.com',
    env: {
      PASS_THROUGH_HOSTS: 'www.example.com',
      PASS_THROUGH_ORIGIN: 'http://site.internal',
      KILDE_PUBLIC_URL: 'https://edge.example.com/',
    },
  },
  'behind a proxy that takes a path away': {
    base: 'https://kunde.example.org',
    publicUrl: 'https://kunde.example.org/kilde',
    env: { KILDE_PUBLIC_URL: 'https://kunde.example.org/kilde' },
  },
};

type World = {
  kilde: TestApp;
  /** Asks as a client outside does. */
  ask(address: string, init?: RequestInit): Promise<Response>;
  /** How often the site was asked. */
  siteRequests(): number;
  /** Bodies of what was sent out: mail, chat, webhooks. */
  messages: string[];
  formId: string;
};

/** Everything that the API can show, once, none of it with an address at one of Kilde's hosts. */
async function createWorld({
  base,
  env,
  publicUrl,
}: {
  base: string;
  env: object;
  publicUrl?: string;
}): Promise<World> {
  const messages: string[] = [];
  let siteRequests = 0;
  const kilde = await createTestApp({
    env,
    fetch: async (input, init) => {
      const request = new Request(input, init);
      if (new URL(request.url).hostname === 'site.internal') {
        siteRequests += 1;
        return new Response('the site');
      }
      messages.push(await request.text());
      return new Response('');
    },
  });
  const ask: World['ask'] = async (address, init) => {
    const url = new URL(address);
    // What a proxy does that takes a path away.
    const prefix = publicUrl === undefined ? '' : new URL(publicUrl).pathname;
    if (prefix !== '/' && url.hostname === 'kunde.example.org' && url.pathname.startsWith(`${prefix}/`)) {
      url.pathname = url.pathname.slice(prefix.length);
    }
    return kilde.app.fetch(new Request(url, { redirect: 'manual', ...init }));
  };
  const make = async (method: string, path: string, body: unknown) => {
    const response = await ask(`${base}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const answer = await response.json<any>();
    expect([path, response.status < 300, answer]).toEqual([path, true, answer]);
    return answer;
  };
  await kilde.sql("INSERT INTO form (key, name, site_id, created_at) VALUES ('demo', 'Demo', 1, 0)");
  const form = await make('POST', '/forms', { name: 'Contact', notify: [{ kind: 'email', to: ['salg@firma.no'] }] });
  await make('POST', '/links', { page: 'https://firma.no/', source: 'x', medium: 'email', slug: 'go' });
  await make('POST', '/webhooks', { name: 'W', url: 'https://hook.firma.no/', events: ['person.created', 'deal.won'] });
  await make('POST', '/owners', { name: 'Ola', email: 'ola@firma.no' });
  await make('POST', '/aliases', { field: 'source', values: 'Linkedn', canonical: 'linkedin' });
  await make('POST', '/selections', { name: 'All', entity: 'person', kind: 'static' });
  await ask(`${base}/f/${form.id}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'kari@firma.no', _page: 'https://firma.no/kontakt?utm_source=linkedin' }),
  });
  await make('PUT', '/deals', {
    items: [
      { externalId: 'D', email: 'kari@firma.no', amount: 10, currency: 'NOK', status: 'won', closedAt: '2026-09-01' },
    ],
  });
  const schedule = await make('POST', '/schedules', {
    name: 'Leads',
    cron: '0 8 * * 1',
    reportId: 'new-leads-by-lead-creation-source',
    targets: [
      { kind: 'email', to: ['salg@firma.no'] },
      { kind: 'webhook', url: 'https://hook.firma.no/' },
      { kind: 'chat', format: 'slack', url: 'https://chat.firma.no/' },
    ],
  });
  kilde.deps.sendMail = async (mail) => void messages.push(mail.text, mail.html ?? '');
  await make('POST', `/schedules/${schedule.id}/run`, {});
  await runJobs({ deps: kilde.deps, now: kilde.deps.clock() });
  return { kilde, ask, siteRequests: () => siteRequests, messages, formId: form.id };
}

/** Every address in an answer that is absolute at one of Kilde's hosts, or begins with a slash. */
function addressesIn({ text, type, url }: { text: string; type: string; url: string }): string[] {
  const absolute = [...text.matchAll(/https?:\/\/[\w.-]+\.example\.(?:com|org)[^\s"'<>\\]*/g)].map(([one]) => one);
  const rooted = /html/.test(type)
    ? [...text.matchAll(/\b(?:href|src|action|value)="(\/[^"]*)"/g)].map(([, one]) => one!.replaceAll('&amp;', '&'))
    : /json/.test(type)
      ? stringsIn(JSON.parse(text)).filter((one) => /^\/\w/.test(one))
      : [];
  return [...absolute, ...rooted.map((one) => new URL(one, url).href)];
}

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}

describe.each(Object.entries(modes))('%s', (_name, mode) => {
  const { base } = mode;

  it('gives out no address that does not lead to Kilde', async () => {
    const world = await createWorld(mode);
    const { ask, kilde } = world;
    const found = new Map<string, string>();
    const note = async (url: string, response: Response) => {
      const location = response.headers.get('location');
      const text = await response.text();
      const type = response.headers.get('content-type') ?? '';
      const given = [
        ...addressesIn({ text, type, url }),
        ...(location === null || /firma\.no/.test(location) ? [] : [new URL(location, url).href]),
      ];
      for (const address of given) found.set(address, url);
      expect([url, response.status < 500, text.slice(0, 200)]).toEqual([url, true, text.slice(0, 200)]);
    };

    // A stream of events has no end.
    const operations = createApi(kilde.deps).operations.filter(
      ({ method, produces }) => method === 'get' && produces !== 'text/event-stream',
    );
    const ids = await idsOf(kilde, world.formId);
    for (const { path } of operations) {
      const url = `${base}/api/v1${path.replace(/:(\w+)/g, () => ids(path))}`;
      await note(url, await ask(url, { headers: { authorization: `Bearer ${adminKey}` } }));
    }
    const pages = [
      '/',
      '/app',
      '/app/people/12',
      '/demo',
      '/demo/landing',
      '/demo/result',
      '/k.js',
      '/health',
      '/f/demo',
      '/f/demo/thanks',
      '/l/go',
      '/l/no',
      '/no',
    ];
    for (const path of pages) {
      await note(base + path, await ask(base + path, { headers: { accept: 'text/html' } }));
    }
    let forms = 0;
    const sendForm = async (action: string, accept: string) =>
      ask(action, {
        method: 'POST',
        headers: { accept, 'content-type': 'application/x-www-form-urlencoded' },
        body: `email=a${(forms += 1)}%40firma.no`,
      });
    await note(`${base}/f/demo`, await sendForm(`${base}/f/demo`, 'text/html'));
    await note(`${base}/f/no`, await sendForm(`${base}/f/no`, 'text/html'));
    await note(`${base}/demo/restart`, await ask(`${base}/demo/restart`, { method: 'POST' }));
    for (const message of world.messages) {
      for (const address of addressesIn({ text: message, type: '', url: base })) found.set(address, 'a message');
    }

    expect(found.size).toBeGreaterThanOrEqual(10);
    expect(world.messages.length).toBeGreaterThanOrEqual(5);
    for (const [address, from] of found) {
      const response = await ask(address, { headers: { authorization: `Bearer ${adminKey}` } });
      // A form's action takes POST alone, and a server of the description is no page.
      const isPage =
        ![base, 'https://kunde.example.org/kilde'].includes(address) && !/\/f\/[^/]+$|\/demo\/restart$/.test(address);
      expect([from, address, response.status, world.siteRequests()]).toEqual([
        from,
        address,
        isPage ? expect.toSatisfy((status: number) => status < 400) : expect.any(Number),
        0,
      ]);
    }
  });

  it('takes a form at the address that the API gives for it, and sends the browser on to Kilde', async () => {
    const { ask, formId, siteRequests } = await createWorld(mode);
    const api = async (path: string) =>
      (await ask(`${base}/api/v1${path}`, { headers: { authorization: `Bearer ${adminKey}` } })).json<any>();
    const { action } = await api(`/forms/${formId}`);
    const { shortUrl } = (await api('/links')).items[0];
    expect([action, shortUrl]).toEqual([`${publicBase(mode)}/f/${formId}`, `${publicBase(mode)}/l/go`]);
    const sent = await ask(action, {
      method: 'POST',
      headers: { accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' },
      body: 'email=ola%40firma.no',
    });
    expect(sent.status).toBe(303);
    const thanks = await ask(new URL(sent.headers.get('location')!, action).href);
    expect([thanks.status, await thanks.text()]).toEqual([200, expect.stringContaining('Thank you')]);
    expect((await ask(shortUrl)).headers.get('location')).toMatch(/^https:\/\/firma\.no\/\?utm_source=x/);
    expect((await api('/openapi.json')).servers).toHaveLength(1);
    expect((await api('/openapi-settings.json')).servers).toHaveLength(1);
    expect(siteRequests()).toBe(0);
  });
});

const publicBase = ({ base, publicUrl }: { base: string; publicUrl?: string }) => publicUrl ?? base;

/** The id that stands for the parameter of a path. */
async function idsOf(kilde: TestApp, formId: string): Promise<(path: string) => string> {
  const [submission] = await kilde.sql('SELECT id FROM submission');
  const [run] = await kilde.sql('SELECT id FROM report_run');
  const named: Array<[RegExp, string]> = [
    [/^\/forms/, formId],
    [/^\/sites/, 'default'],
    [/^\/submissions/, String(submission!['id'])],
    [/^\/reports/, 'new-leads-by-lead-creation-source'],
    [/^\/(report-)?runs/, String(run?.['id'])],
  ];
  return (path) => named.find(([pattern]) => pattern.test(path))?.[1] ?? '1';
}

it('keeps the demo’s cookie to the demo, and does the demo in front of a site', async () => {
  const kilde = await createTestApp({ env: modes['in front of the site'].env });
  await kilde.sql("INSERT INTO form (key, name, site_id, created_at) VALUES ('demo', 'Demo', 1, 0)");
  const { base } = modes['in front of the site'];
  const landing = await kilde.request(`${base}/demo/landing`);
  expect(landing.headers.get('set-cookie')).toContain('Path=/_kilde/demo;');
  const html = await landing.text();
  const [, id] = /name="_id" value="([^"]+)"/.exec(html) ?? [];
  const sent = await kilde.request(`${base}/f/demo`, {
    method: 'POST',
    headers: {
      accept: 'text/html',
      referer: `${base}/demo/landing`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: new URLSearchParams({
      email: 'kari@firma.no',
      _id: id!,
      _next: /name="_next" value="([^"]+)"/.exec(html)![1]!,
    }),
  });
  expect(sent.headers.get('location')).toBe(`${base}/demo/result`);
  const cookie = /kilde_demo=[^;]+/.exec(landing.headers.get('set-cookie')!)![0];
  const result = await (await kilde.request(`${base}/demo/result`, { headers: { cookie } })).text();
  expect(result).toContain(`${base}/api/v1/people?email=kari%40firma.no`);
});

describe('the demo’s form, with the demo off,', () => {
  it('is not there, whatever is in the database', async () => {
    const kilde = await createTestApp({ env: { KILDE_DEMO: '0' } });
    await kilde.sql("INSERT INTO form (key, name, site_id, created_at) VALUES ('demo', 'Demo', 1, 0)");
    const unknown = await kilde.submit('no-such', { email: 'kari@firma.no' });
    const sent = await kilde.submit('demo', { email: 'kari@firma.no' });
    expect([sent.status, await sent.json()]).toEqual([
      404,
      { ...(await unknown.json<object>()), requestId: expect.any(String), detail: 'There is no such form: demo' },
    ]);
    const visitor = new Visitor(kilde);
    expect((await visitor.send('demo', { email: 'kari@firma.no' })).status).toBe(404);
    for (const [path, method] of [
      ['/f/demo', 'OPTIONS'],
      ['/f/demo', 'GET'],
      ['/f/demo/thanks', 'GET'],
      ['/demo', 'GET'],
    ] as const) {
      expect([path, method, (await kilde.request(path, { method })).status]).toEqual([path, method, 404]);
    }
    expect(await kilde.sql('SELECT id FROM submission')).toEqual([]);
    const made = await kilde.api('POST', '/forms', { name: 'Demo', slug: 'demo' });
    expect([made.status, made.body.errors[0].location]).toEqual([422, 'body.slug']);
  });
});
