import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { createApi } from '../../src/api.ts';
import { fields } from '../../src/db/segments/fields.ts';
import { dimensionNames, grains } from '../../src/domain/reports/dimensions.ts';
import { measureNames } from '../../src/domain/reports/measures.ts';
import type { Operation } from '../../src/http/operation.ts';
import { peopleList } from '../../src/services/people/read-people.ts';
import { dumpDatabase } from '../support/dump-database.ts';
import { createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

// Walks over every declared operation and holds it to the contract (docs/api.md). A new operation is covered without a change here; one
// that makes a record needs a body in `samples`, and the test names it.

const { operations } = createApi({} as never);
const nameOf = ({ method, path }: Operation): string => `${method.toUpperCase()} ${path}`;
const keyed = operations.filter(({ scope }) => scope !== null);

/** Names that are another thing's by now, or nothing's. */
const oldNames = new Set([
  'registeredAt',
  'addedAt',
  'closeDate',
  'touchId',
  'operator',
  'preview',
  'trial',
  'registeredFrom',
  'registeredTo',
]);
/** Names of parameters, which no entity may have as a field. */
const reservedNames = new Set([
  'from',
  'to',
  'sort',
  'limit',
  'cursor',
  'count',
  'columns',
  'format',
  'period',
  'timeZone',
]);

/** A body that makes a record, for each operation that answers 201; `{x}` is the id of the record made at that path. */
const samples: Record<string, unknown> = {
  '/sites': { name: 'Shop', domains: ['shop.no'] },
  '/forms': { name: 'Contact', defaultCategoryId: '1', consents: [{ field: 'ok', purpose: 'news' }] },
  '/owners': { name: 'Kari', email: 'kari@salg.no' },
  '/lead-statuses': { name: 'Met', setsCategoryId: '2' },
  '/categories': { name: 'Reseller', group: 'Partner' },
  '/aliases': { field: 'source', values: ['fb'], canonical: 'facebook' },
  '/aliases/distinct': { field: 'source', first: 'x', second: 'y' },
  '/origins/reclassify': {},
  '/links': { page: 'https://shop.no/', source: 'newsletter', medium: 'email', utmId: '7' },
  '/people': { email: 'kari@firma.no', firstName: 'Kari', ownerId: '{/owners}', leadStatus: 'qualified' },
  '/people/:id/merge': { otherId: '{other}' },
  '/companies/:id/merge': { otherId: '{otherCompany}' },
  '/companies': { name: 'Ny AS', domain: 'ny.no', ownerId: '{/owners}', category: 'customer' },
  '/pipelines': {
    name: 'Partners',
    stages: [
      { name: 'New', probability: 0.1, status: 'open' },
      { name: 'Won', probability: 1, status: 'won' },
      { name: 'Lost', probability: 0, status: 'lost' },
    ],
  },
  '/selections': { name: 'All', entity: 'person', kind: 'dynamic', where: { all: [] } },
  '/selections/:id/copy': { name: 'Copy' },
  '/annotations': { day: '2026-09-01', text: 'Trade fair' },
  '/dashboards': { name: 'Ours', tiles: [{ reportId: 'top-forms' }] },
  '/dashboards/:id/copy': {},
  '/bulk-updates': { entity: 'person', where: { all: [] }, change: { field: 'title', set: 'CEO' } },
  '/reports': { name: 'Mine', query: { measures: ['leads'], sort: [{ field: 'leads', direction: 'desc' }] } },
  '/schedules': { name: 'Weekly', reportId: 'new-leads-by-campaign', cron: '0 8 * * 1', targets: [] },
  '/schedules/:id/run': undefined,
  '/webhooks': { name: 'Hook', url: 'https://hooks.example.com/a', events: ['person.created'] },
  '/api-keys': { name: 'Reader', scopes: ['read'] },
  '/sign-in-providers': { name: 'Google', issuer: 'https://accounts.google.com', clientId: 'x', clientSecret: 'y' },
  '/invitations': { email: 'ola@firma.no', role: 'viewer' },
  '/spam-clusters': { submissionId: '{spam}', by: ['sender'] },
};

let kilde: TestApp;
const made: Record<string, { status: number; location: string | null; body: any }> = {};

/** What every answer must have; those that lack one of them are named by the last test. */
const everywhere = ['x-request-id', 'ratelimit-policy'];
const incomplete: string[] = [];
let answers = 0;

async function send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const response = await kilde.request(`/api/v1${path}`, {
    method: method.toUpperCase(),
    headers: {
      authorization: `Bearer ${kilde.deps.config.adminKey}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  answers += 1;
  for (const name of everywhere) {
    if (!response.headers.get(name)) incomplete.push(`${name} in ${response.status} of ${method} ${path}`);
  }
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(await response.arrayBuffer());
  const isJson = /[/+]json/.test(response.headers.get('content-type') ?? '');
  return { status: response.status, headers: response.headers, body: isJson && text !== '' ? JSON.parse(text) : text };
}

const makers = operations.filter(({ method, status }) => method === 'post' && status === 201);
const parentOf = (path: string): string => path.replace(/\/:id\/.*$/, '');
/** The address of an operation on a record that was made here. */
const addressOf = (path: string): string => path.replace(':id', made[parentOf(path)]?.body.id);

/** The sample of a path, with the ids of others in it. */
function sampleOf(path: string, others: Record<string, string>): object | undefined {
  const text = (JSON.stringify(samples[path]) ?? 'null').replaceAll(
    /\{([^}"]+)\}/g,
    (whole, of: string) => others[of] ?? made[of]?.body.id ?? whole,
  );
  return JSON.parse(text) ?? undefined;
}

beforeAll(async () => {
  kilde = await createTestApp();
  await kilde.sql("INSERT INTO form (key, name, site_id, created_at) VALUES ('demo', 'Demo', 1, 0)");
  await kilde.submit('demo', { email: 'ola@annet.no', _page: 'https://firma.no/?utm_source=linkedin&utm_medium=cpc' });
  // Nobody makes a user by the API: they accept an invitation.
  await kilde.sql("INSERT INTO user (name, email, role, created_at) VALUES ('Marit', 'marit@firma.no', 'admin', 0)");
  made['/users'] = { status: 200, location: null, body: { id: '1' } };
  const other = (await send('get', '/people')).body.items[0].id as string;
  const otherCompany = (await send('get', '/companies')).body.items[0].id as string;
  await kilde.submit('demo', { email: 'spam@annet.no' });
  const spam = (await send('get', '/submissions')).body.items[0].id as string;
  const others: Record<string, string> = { other, otherCompany, spam };
  // Deals are made by PUT alone.
  made['/deals'] = { status: 200, location: null, body: { id: await makeDeal() } };
  // What belongs to a record is made after it.
  for (const { path } of makers.toSorted((a, b) => a.path.split('/').length - b.path.split('/').length)) {
    const answer = await send('post', addressOf(path), sampleOf(path, others));
    made[path] = { status: answer.status, location: answer.headers.get('location'), body: answer.body };
  }
}, 60_000);

const rules: string[] = [];
function rule(text: string, count: number): void {
  rules.push(`${String(count).padStart(4)}  ${text}`);
}

describe('names', () => {
  it('are the agreed ones in every shape and parameter', () => {
    const seen = operations.flatMap((operation) => {
      const schemas = [operation.body, operation.response, operation.query].filter((one) => one !== undefined);
      const names = schemas.flatMap((schema) => [...namesIn(schema)]);
      const listed = operation.list?.fields.map((one) => one.name) ?? [];
      return [...names, ...listed].map((name) => [nameOf(operation), name] as const);
    });
    expect(seen.filter(([, name]) => oldNames.has(name))).toEqual([]);
    rule('no shape has a name that was given up', operations.length);
  });

  it('of fields, dimensions and measures are no parameters’', () => {
    const names = [
      ...Object.values(fields)
        .flat()
        .map((one) => one.name),
      ...dimensionNames,
      ...measureNames,
    ];
    expect(names.filter((name) => reservedNames.has(name))).toEqual([]);
    expect(names.filter((name) => name.split('.').some((part) => oldNames.has(part)))).toEqual([]);
    rule('no field, dimension or measure has the name of a parameter', names.length);
  });
});

/** All names of members, as deep as a schema goes. */
function namesIn(schema: z.ZodType, seen = new Set<unknown>()): Set<string> {
  const names = new Set<string>();
  const text = JSON.stringify(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', reused: 'inline' }));
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return;
    const { properties } = value as { properties?: Record<string, unknown> };
    if (properties) for (const name of Object.keys(properties)) names.add(name);
    for (const below of Object.values(value)) visit(below);
  };
  visit(JSON.parse(text));
  return names;
}

describe('a record', () => {
  it('has an address of its own, wherever records are made or listed', () => {
    const paths = new Set(operations.filter(({ method }) => method === 'get').map(({ path }) => path));
    const collections = operations.filter(
      ({ method, path, list, status }) =>
        !path.includes(':') && (list !== undefined || (method === 'post' && status === 201)),
    );
    const isShown = (path: string) => [...paths].some((one) => one.startsWith(`${path}/:`) && !/:id\//.test(one));
    const unshown = [...new Set(collections.map(({ path }) => path))].filter((path) => !isShown(path));
    // A reclassification is made at /origins/reclassify and stands at /origins/reclassifications/{id}; deals stand at /deals/{id}.
    expect(unshown.toSorted()).toEqual(['/deals/suggestions', '/origins/reclassify']);
    rule('a record has a GET of its own', collections.length);
  });

  it.each(makers.map((one) => [one.path, one] as const))('made at %s is named by Location', async (path) => {
    expect([path, Object.hasOwn(samples, path)]).toEqual([path, true]);
    const { status, location, body } = made[path]!;
    expect([status, body.errors]).toEqual([201, undefined]);
    expect(location).toMatch(/^\/api\/v1\/[a-z/-]+\/[\w-]+$/);
    const shown = await send('get', location!.replace('/api/v1', ''));
    expect(shown.status).toBe(200);
    expect(shown.body.id ?? body.id).toBe(body.id);
  });

  const patched = operations.filter(({ method }) => method === 'patch');
  it.each(patched.map((one) => [one.path, one] as const))(
    'is sent back as it was read: PATCH %s',
    async (path, { shownAt, body }) => {
      const id = path === '/deals/:id' ? await makeDeal() : made[path.replace('/:id', '')]?.body.id;
      const at = (one: string) => one.replace(':id', id);
      const before = await send('get', at(shownAt ?? path));
      expect(before.status).toBe(200);
      const sent = await send('patch', at(path), before.body);
      expect([sent.status, sent.body.errors]).toEqual([200, undefined]);
      const after = (await send('get', at(shownAt ?? path))).body;
      expect({ ...after, updatedAt: null }).toEqual({ ...before.body, updatedAt: null });

      const writable = new Set(Object.keys((body as z.ZodObject).shape));
      for (const [name, value] of Object.entries(before.body)) {
        if (writable.has(name) && !(typeof value === 'object' && value !== null && 'id' in value)) continue;
        const changed =
          typeof value === 'object' && value !== null && 'id' in value ? { ...value, id: '999' } : `${String(value)}x`;
        const refused = await send('patch', at(path), { [name]: changed });
        expect([name, refused.status, refused.body.errors?.[0].location]).toEqual([name, 422, `body.${name}`]);
        if (writable.has(`${name}Id`)) expect(refused.body.detail).toContain(`${name}Id`);
      }
    },
  );

  it('is refused where the same body asks for something else besides', async () => {
    const { body } = await send('get', `/people/${made['/people']!.body.id}`);
    const refused = await send('patch', `/people/${body.id}`, {
      ...body,
      owner: { id: '99', name: 'Ola' },
      title: 'CTO',
    });
    expect(refused.body.errors).toEqual([
      { location: 'body.owner', message: "'owner' is a reference and cannot be changed here: use ownerId." },
    ]);
    const changed = await send('patch', `/people/${body.id}`, { ...body, title: 'CTO' });
    expect(changed.body).toMatchObject({ title: 'CTO', owner: body.owner });
    rule(
      'GET, then PATCH with the answer, changes nothing; read-only members changed are refused by name',
      patched.length,
    );
  });

  it('is taken back by PUT as it was read', async () => {
    const deal = (await send('get', `/deals/${await makeDeal()}`)).body;
    const items = [{ ...deal, name: 'Renamed' }];
    expect((await send('put', '/deals', { items })).status).toBe(200);
    expect((await send('get', `/deals/${deal.id}`)).body.name).toBe('Renamed');
    const refused = await send('put', '/deals', { items: [{ ...deal, person: { id: '99', email: 'x@y.no' } }] });
    expect(refused.body.errors?.[0].location).toBe('body.items[0].person');
    const person = (await send('get', `/people/${made['/people']!.body.id}`)).body;
    expect((await send('put', '/people', { items: [person] })).status).toBe(200);
  });
});

async function makeDeal(): Promise<string> {
  const deal = { externalId: 'D-1', amount: 100, currency: 'NOK', email: 'ola@annet.no' };
  return (await send('put', '/deals', { items: [deal] })).body.items[0].id;
}

describe('every operation', () => {
  it('refuses an unknown parameter with those that there are', async () => {
    for (const operation of keyed) {
      const path = operation.path.replaceAll(/:\w+/g, '1');
      const { status, body } = await send(operation.method, `${path}?noSuchParameter=1`);
      const found = body.errors?.some((one: { location: string }) => one.location === 'query.noSuchParameter');
      // Where filters stand among the parameters, what is missing is asked for before filters are read.
      const isAskedFirst = operation.query?.def.catchall instanceof z.ZodUnknown && !found;
      expect([nameOf(operation), status, found || isAskedFirst]).toEqual([nameOf(operation), 422, true]);
    }
    rule('unknown parameters are refused by name', keyed.length);
  });

  it('refuses an unknown member of its body with those that there are', async () => {
    const withBody = keyed.filter(({ body }) => body instanceof z.ZodObject);
    for (const operation of withBody) {
      const path = operation.path.replaceAll(/:\w+/g, '999999');
      const { status, body } = await send(operation.method, path, { noSuchMember: 1 });
      // A PATCH of what is not there is answered by that.
      if (operation.method === 'patch' && [404, 409].includes(status)) continue;
      const error = body.errors?.find((one: { location: string }) => one.location === 'body.noSuchMember');
      expect([nameOf(operation), status, error?.known?.length > 0]).toEqual([nameOf(operation), 422, true]);
    }
    rule('unknown members of a body are refused with those known', withBody.length);
  });

  it('answers another method with 405 and Allow, and every request with an id', async () => {
    const paths = [...new Set(keyed.map(({ path }) => path))];
    for (const path of paths) {
      const methods = operations.filter((one) => one.path === path).map(({ method }) => method.toUpperCase());
      const other = ['DELETE', 'PUT', 'PATCH', 'POST'].find(
        (method) => !operations.some((one) => one.method.toUpperCase() === method && matches(one.path, path)),
      );
      if (!other) continue;
      const { status, headers } = await send(other, path.replaceAll(/:\w+/g, '1'));
      expect([path, status]).toEqual([path, 405]);
      expect(headers.get('allow')!.split(', ')).toEqual(expect.arrayContaining(methods));
      expect(headers.get('x-request-id')).toMatch(/\S/);
    }
    rule('405 names the methods in Allow, and every answer has X-Request-Id', paths.length);
  });
});

// The members of the walk's selection are people.
const lists = operations.flatMap(({ path, list, listByRecord }) =>
  list ? [{ path, list: listByRecord ? peopleList : list }] : [],
);
const listCases = lists.map((one) => [one.path, one] as const);

describe('a list', () => {
  it('is every GET that answers items and nextCursor, but for what docs/lists.md leaves out', () => {
    const others = operations.filter(({ method, response, list }) => method === 'get' && !list && isPage(response));
    expect(others.map(({ path }) => path).toSorted()).toEqual([
      '/deals/board/cards',
      '/people/:id/journey',
      '/selections/:id/board/cards',
      '/selections/:id/growth',
    ]);
    rule('GETs with items and nextCursor are declared lists, with all that follows', lists.length);
    rule('  of those left out: cards of boards, growth, journey', others.length);
  });

  it.each(listCases)('%s takes limit, cursor, count, sort and columns', async (path) => {
    const read = async (query: string) => {
      const { status, body } = await send('get', `${addressOf(path)}?columns=id&sort=-id&limit=1${query}`);
      expect([query, status, body.errors]).toEqual([query, 200, undefined]);
      return body as { items: object[]; nextCursor: string | null; count?: number };
    };
    const found: object[] = [];
    let cursor = '';
    let count: number | undefined;
    do {
      const page = await read(`&count=true&cursor=${cursor}`);
      expect(page.items.length).toBeLessThanOrEqual(1);
      for (const item of page.items) expect(Object.keys(item)).toEqual(['id']);
      found.push(...page.items);
      ({ count } = page);
      cursor = page.nextCursor ?? '';
    } while (cursor !== '');
    expect([count, new Set(found.map((item) => JSON.stringify(item))).size]).toEqual([found.length, found.length]);
  });

  it.each(listCases)('%s has field names as the heads of its CSV, and NDJSON', async (path, { list }) => {
    const names = list.fields.filter(({ isConditionOnly }) => !isConditionOnly).map(({ name }) => name);
    const asked = names.slice(0, 20);
    const csv = await send('get', `${addressOf(path)}?format=csv&columns=${asked.join(',')}`);
    expect([csv.status, csv.headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8']);
    const heads = csv.body.replace('\uFEFF', '').split('\r\n')[0].split(',');
    expect(heads).toEqual([...new Set(['id', ...asked])]);
    const lines = await send('get', `${addressOf(path)}?format=ndjson&columns=id`);
    expect([lines.status, lines.headers.get('content-type')]).toEqual([200, 'application/x-ndjson; charset=utf-8']);
  });

  it.each(listCases)('%s has both bounds and periods of its moment', async (path, { list }) => {
    const bounds = ['from=2026-09-01', 'to=2026-09-01', 'from=2026-08-01&to=2026-09-30', ...periods];
    for (const query of bounds) {
      const { status, body } = await send('get', `${addressOf(path)}?count=true&${query}`);
      expect([query, status, body.errors?.[0].location]).toEqual(
        list.moment === null ? [query, 422, `query.${query.split('=')[0]}`] : [query, 200, undefined],
      );
    }
    if (list.moment === null) return;
    const all = await send('get', `${addressOf(path)}?count=true&period=all`);
    expect(all.body.count).toBe((await send('get', `${addressOf(path)}?count=true`)).body.count);
    const both = await send('get', `${addressOf(path)}?period=today&from=2026-09-01`);
    expect([both.status, both.body.errors?.[0].location]).toEqual([422, 'query.period']);
  });

  it('adds its rules to the list that is printed', () => {
    const timed = lists.filter(({ list }) => list.moment !== null).length;
    rule('limit, cursor, count, sort and columns on every list', lists.length);
    rule('heads of CSV are field names; NDJSON', lists.length);
    rule('from, to, both, and a period; a period beside a bound is 422', timed);
    rule('  lists without a time refuse them by name', lists.length - timed);
  });
});

const periods = ['today', 'previousWeek', 'thisAndPreviousMonth', 'last7Days'].map((word) => `period=${word}`);

describe('a report', () => {
  let addresses: string[];

  beforeAll(async () => {
    const { items } = (await send('get', '/reports?limit=1000')).body;
    expect(items.length).toBeGreaterThan(10);
    addresses = [
      ...items.map(({ id }: { id: string }) => `/reports/${id}?`),
      '/reports/query?measures=leads,revenue&dimensions=source&',
    ];
  });

  it('has both bounds and periods', async () => {
    for (const address of addresses) {
      for (const query of ['from=2026-01-01', 'to=2026-09-01', 'from=2026-08-01&to=2026-09-30', ...periods]) {
        const { status, body } = await send('get', address + query);
        // What is compared, or has a row for each day, has a first day.
        const isOpen = query.startsWith('to=') && /must be given/.test(body.errors?.[0].message);
        const expected = isOpen ? [422, 'query.from'] : [200, undefined];
        expect([address, query, status, body.errors?.[0].location]).toEqual([address, query, ...expected]);
      }
      const both = await send('get', `${address}period=today&from=2026-09-01`);
      expect([address, both.status, both.body.errors?.[0].location]).toEqual([address, 422, 'query.period']);
    }
    rule('reports by GET take from, to, both, and a period', addresses.length);
  });

  it('has names of dimensions and measures as the heads of its CSV', async () => {
    const known = new Set<string>([...dimensionNames, ...grains, ...measureNames]);
    for (const address of addresses) {
      const { status, body } = await send('get', `${address}format=csv`);
      expect([address, status]).toEqual([address, 200]);
      const heads: string[] = body.replace('\uFEFF', '').split('\r\n')[0].split(',');
      const unknown = heads.filter((head) => !known.has(head.replace(/^(previous|change)\.|(Currency|Id)$/g, '')));
      expect([address, unknown]).toEqual([address, []]);
    }
    rule('heads of a report’s CSV are names of dimensions and measures, with currencies and ids', addresses.length);
  });

  it('and whatever else changes seldom has an ETag, and 304 a minute later', async () => {
    const stable = [
      '/reports',
      '/fields',
      '/openapi.json',
      '/openapi-settings.json',
      ...addresses.map((one) => one.replace(/[?&]$/, '')),
    ];
    const definitions = addresses.slice(0, -1).map((one) => one.replace('?', '/definition'));
    const all = [...stable, ...definitions];
    const tags = new Map<string, string>();
    for (const path of all) tags.set(path, (await send('get', path)).headers.get('etag') ?? 'none');
    kilde.advance(60_000);
    for (const [path, tag] of tags) {
      const again = await send('get', path, undefined, { 'if-none-match': tag });
      expect([path, tag.length > 10, again.status, again.body]).toEqual([path, true, 304, '']);
    }
    const script = await kilde.request('/k.js');
    const known = await kilde.request('/k.js', { headers: { 'if-none-match': script.headers.get('etag')! } });
    expect([script.status, known.status]).toEqual([200, 304]);
    rule('ETag and 304: k.js, both descriptions, /fields, reports and their definitions', all.length + 1);
  });

  it('has another ETag when a number has changed', async () => {
    const path = '/reports/query?measures=leads&period=thisYear';
    const before = (await send('get', path)).headers.get('etag')!;
    await send('post', '/people', { email: 'late@annet.no', createdAt: '2026-08-31T10:00:00Z' });
    const after = await send('get', path, undefined, { 'if-none-match': before });
    expect([after.status, after.headers.get('etag') === before]).toEqual([200, false]);
  });
});

it('a record that a PATCH changes has an ETag', async () => {
  const patched = operations.filter(({ method, path }) => method === 'patch' && path !== '/settings');
  for (const { path, shownAt = path } of patched) {
    const id = path === '/deals/:id' ? await makeDeal() : made[parentOf(`${path}/`)]?.body.id;
    const { status, headers } = await send('get', shownAt.replace(':id', id));
    expect([shownAt, status, headers.get('etag')]).toEqual([shownAt, 200, expect.stringMatching(/^"[\da-f]{32}"$/)]);
  }
  rule('a record that a PATCH changes has an ETag', patched.length);
});

describe('dryRun', () => {
  const tried = operations.filter(({ body }) => body instanceof z.ZodObject && 'dryRun' in body.shape);

  it.each(tried.map((one) => [nameOf(one), one] as const))('of %s stores nothing', async (_name, { path, method }) => {
    const person = await send('post', '/people', { email: `${path.replaceAll(/\W/g, '')}@proving.no` });
    const company = await send('post', '/companies', { name: `Try ${path}` });
    await kilde.submit('demo', { email: `sent.${path.replaceAll(/\W/g, '')}@proving.no` });
    const [{ id: spam }] = (await send('get', '/submissions?sort=-at&limit=1')).body.items;
    const others = { other: person.body.id, otherCompany: company.body.id, spam };
    const before = await dumpDatabase(kilde);
    const { status, body, headers } = await send(method, addressOf(path), { ...sampleOf(path, others), dryRun: true });
    expect([status, body.errors, headers.get('location')]).toEqual([200, undefined, null]);
    const after = await dumpDatabase(kilde);
    for (const [table, rows] of after) expect([table, [...rows]]).toEqual([table, [...before.get(table)!]]);
  });

  it('adds its rules to the list that is printed', () => {
    rule('dryRun: true answers 200 and leaves every row of every table as it was', tried.length);
  });
});

it('every answer has X-Request-Id and RateLimit-Policy, and the rules are counted', () => {
  expect(incomplete).toEqual([]);
  rule('answers of all operations with X-Request-Id and RateLimit-Policy', answers);
  rule('Location of a 201 answers 200', makers.length);
  console.log(`${operations.length} operations, ${rules.length} rules\n${rules.join('\n')}`);
  expect(rules.length).toBeGreaterThan(15);
});

const isPage = (schema: z.ZodType | undefined): boolean =>
  schema instanceof z.ZodObject && 'items' in schema.shape && 'nextCursor' in schema.shape;

/** Whether a path's pattern matches the address that another's has with `1` for its parameters. */
function matches(pattern: string, path: string): boolean {
  return new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll(/:\w+/g, '[^/]+')}$`).test(
    path.replaceAll(/:\w+/g, '1'),
  );
}
