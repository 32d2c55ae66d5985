import { beforeAll, describe, expect, it } from 'vitest';
import { locations } from '../support/api-answers.ts';
import { adminKey, createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

let kilde: TestApp;
let reader: { key: string };

beforeAll(async () => {
  kilde = await createTestApp();
  await kilde.api('POST', '/forms', { name: 'Contact', slug: 'contact' });
  await kilde.submit('contact', { email: 'kari@firma.no', _page: 'https://example.com/?utm_source=news' });
  const { key } = (await kilde.api('POST', '/api-keys', { name: 'Reader', scopes: ['write'] })).body;
  reader = { key };
});

const query = { measures: ['leads'], dimensions: ['source'], attribution: 'leadCreation' };
const post = async (body: object, options?: { key: string }) => kilde.api('POST', '/dashboards', body, options);

const patch = async (id: string, { body, tag }: { body: object; tag?: string }) =>
  kilde.request(`/api/v1/dashboards/${id}`, {
    method: 'PATCH',
    headers: {
      authorization: `Bearer ${adminKey}`,
      'content-type': 'application/json',
      ...(tag === undefined ? {} : { 'if-match': tag }),
    },
    body: JSON.stringify(body),
  });
const tagOf = async (id: string) =>
  (await kilde.request(`/api/v1/dashboards/${id}`, { headers: { authorization: `Bearer ${adminKey}` } })).headers.get(
    'etag',
  )!;

describe('the built-in dashboard', () => {
  it('is the default until another one is, and has ten tiles', async () => {
    const { body } = await kilde.api('GET', '/dashboards/default');
    expect(body).toMatchObject({ id: 'leads', isDefault: true, builtIn: true, createdAt: null, visibility: 'shared' });
    expect(body.tiles).toHaveLength(10);
    expect(body.tiles[0]).toEqual({
      title: null,
      reportId: 'lead-qualification-funnel',
      report: { id: 'lead-qualification-funnel', name: expect.objectContaining({ no: expect.any(String) }) },
      width: 3,
      height: 1,
      display: 'funnel',
    });
    expect((await kilde.api('GET', '/dashboards')).body.items).toEqual([body]);
  });

  it('can be copied, and is neither changed nor deleted', async () => {
    expect((await kilde.api('PATCH', '/dashboards/leads', { name: 'Ours' })).status).toBe(409);
    expect((await kilde.api('DELETE', '/dashboards/leads')).status).toBe(409);
    expect((await kilde.api('DELETE', '/dashboards/default')).status).toBe(409);
    const copy = await kilde.api('POST', '/dashboards/leads/copy', {});
    expect(copy.status).toBe(201);
    expect(copy.body).toMatchObject({ name: 'Leads (copy)', builtIn: false, isDefault: false });
    expect(copy.body.tiles).toHaveLength(10);
    const made = await kilde.api('PATCH', `/dashboards/${copy.body.id}`, { isDefault: true });
    expect((await kilde.api('GET', '/dashboards/default')).body).toEqual(made.body);
    expect((await kilde.api('GET', '/dashboards/leads')).body.isDefault).toBe(false);
    const other = await post({ name: 'Other', tiles: [], isDefault: true });
    expect((await kilde.api('GET', '/dashboards?isDefault=true')).body.items).toEqual([other.body]);
    for (const { id } of [copy.body, other.body]) {
      expect((await kilde.api('DELETE', `/dashboards/${id}`)).status).toBe(204);
    }
    expect((await kilde.api('GET', '/dashboards/default')).body.id).toBe('leads');
  });
});

describe('a dashboard', () => {
  it('is sent back as it was read, with its tiles in another order', async () => {
    const saved = (await kilde.api('POST', '/reports', { name: 'By source', query })).body;
    const tiles = [
      { reportId: saved.id, display: 'bars' },
      { query, title: 'Leads', width: 2, height: 2 },
    ];
    const made = (await post({ name: 'Week', description: 'Mondays', tiles })).body;
    expect(made.tiles).toEqual([
      {
        title: null,
        reportId: saved.id,
        report: { id: saved.id, name: { en: 'By source', no: 'By source' } },
        width: 1,
        height: 1,
        display: 'bars',
      },
      { title: 'Leads', report: null, query, width: 2, height: 2, display: 'table' },
    ]);
    expect((await kilde.api('GET', `/dashboards/${made.id}`)).body).toEqual(made);
    const turned = { ...made, tiles: [made.tiles[1], made.tiles[0]] };
    expect((await kilde.api('PATCH', `/dashboards/${made.id}`, turned)).body).toEqual(turned);
    const wrong = { tiles: [{ ...made.tiles[0], report: { id: 'top-forms' } }] };
    expect(locations((await kilde.api('PATCH', `/dashboards/${made.id}`, wrong)).body)).toEqual([
      'body.tiles[0].report',
    ]);
    // Its report is deleted: the tile says so, the others are answered, and the dashboard can be saved as it is.
    expect((await kilde.api('DELETE', `/reports/${saved.id}`)).status).toBe(204);
    const left = (await kilde.api('GET', `/dashboards/${made.id}`)).body;
    expect(left.tiles[1]).toMatchObject({ reportId: saved.id, report: null });
    const answers = (await kilde.api('GET', `/dashboards/${made.id}/answers`)).body.tiles;
    expect(answers[0]).toMatchObject({ answer: { rows: [{ leads: 1 }] }, error: null });
    expect(answers[1]).toMatchObject({ answer: null, error: { code: 'not_found' } });
    expect((await kilde.api('PATCH', `/dashboards/${made.id}`, { tiles: left.tiles })).status).toBe(200);
    const copy = (await kilde.api('POST', `/dashboards/${made.id}/copy`, { name: 'Mine', visibility: 'private' })).body;
    expect(copy).toMatchObject({ name: 'Mine', visibility: 'private', tiles: [{ title: 'Leads' }] });
  });

  it('is refused with the tile and the place', async () => {
    const faults = await post({
      name: 'Bad',
      tiles: [
        { reportId: 'top-forms' },
        { query: { measures: ['leads', 'lead'] } },
        { reportId: '999' },
        {},
        { reportId: 'top-forms', query },
      ],
    });
    expect(faults.status).toBe(422);
    expect(locations(faults.body)).toEqual([
      'body.tiles[1].query.measures[1]',
      'body.tiles[2].reportId',
      'body.tiles[3]',
      'body.tiles[4]',
    ]);
    expect(faults.body.errors[0].message).toContain('Tile 2');
    expect(faults.body.errors[0].known).toContain('leads');
    expect(locations((await post({ name: 'A', tiles: [{ reportId: 'top-forms', width: 4 }] })).body)).toEqual([
      'body.tiles[0].width',
    ]);
    const many = Array.from({ length: 41 }, () => ({ reportId: 'top-forms' }));
    expect(locations((await post({ name: 'A', tiles: many })).body)).toEqual(['body.tiles']);
    expect(locations((await post({ name: 'A', tiles: [], ownerId: '9' })).body)).toEqual(['body.ownerId']);
    const hidden = await post({ name: 'A', tiles: [], visibility: 'private', isDefault: true });
    expect(locations(hidden.body)).toEqual(['body.isDefault']);
    expect((await kilde.api('GET', '/dashboards/x')).status).toBe(404);
  });

  it('that is private is shown to the key that made it and to administrators alone', async () => {
    const own = (await post({ name: 'Own', tiles: [], visibility: 'private' }, reader)).body;
    const hidden = (await post({ name: 'Hidden', tiles: [], visibility: 'private' })).body;
    const seen = async (options?: { key: string }) =>
      (await kilde.api('GET', '/dashboards?visibility=private&columns=name', undefined, options)).body.items.map(
        ({ name }: { name: string }) => name,
      );
    expect(await seen(reader)).toEqual(['Own']);
    expect(await seen()).toEqual(expect.arrayContaining(['Own', 'Hidden']));
    for (const [method, path, body] of [
      ['GET', '', undefined],
      ['GET', '/answers', undefined],
      ['PATCH', '', { name: 'Taken' }],
      ['POST', '/copy', {}],
      ['DELETE', '', undefined],
    ] as const) {
      const answer = await kilde.api(method, `/dashboards/${hidden.id}${path}`, body, reader);
      expect([method, path, answer.status]).toEqual([method, path, 404]);
    }
    expect((await kilde.api('GET', `/dashboards/${own.id}`, undefined, reader)).status).toBe(200);
  });

  it('that somebody else changed meanwhile is not overwritten', async () => {
    const { id } = (await post({ name: 'Both', tiles: [] })).body;
    const tag = await tagOf(id);
    const first = await patch(id, { body: { name: 'First' }, tag });
    expect(first.status).toBe(200);
    const second = await patch(id, { body: { name: 'Second' }, tag });
    expect(second.status).toBe(412);
    expect(await second.json()).toMatchObject({ code: 'precondition_failed' });
    // The answer of a change has the tag of what it made.
    expect(first.headers.get('etag')).toBe(await tagOf(id));
    expect((await patch(id, { body: { name: 'Second' }, tag: first.headers.get('etag')! })).status).toBe(200);
    expect((await patch(id, { body: { name: 'Third' } })).status).toBe(200);
    const together = await tagOf(id);
    const statuses = await Promise.all(
      ['Fourth', 'Fifth'].map(async (name) => (await patch(id, { body: { name }, tag: together })).status),
    );
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
  });
});

it('answers all its tiles in two round trips', async () => {
  await kilde.api('GET', '/dashboards/leads/answers?period=thisYear');
  kilde.roundTrips();
  const { body } = await kilde.api('GET', '/dashboards/leads/answers?period=thisYear');
  expect(kilde.roundTrips()).toBe(2);
  expect(body.tiles).toHaveLength(10);
  expect(body.tiles.map(({ error }: { error: unknown }) => error)).toEqual(Array.from({ length: 10 }, () => null));
  for (const [index, id] of ['lead-qualification-funnel', 'new-leads-by-campaign'].entries()) {
    const { generatedAt: _at, ...alone } = (await kilde.api('GET', `/reports/${id}?period=thisYear`)).body;
    expect(body.tiles[index].answer).toMatchObject(alone);
  }
  expect((await kilde.api('GET', '/dashboards/leads/answers?period=someday')).body.tiles[0]).toMatchObject({
    answer: null,
    error: { code: 'invalid_input', errors: [{ location: 'query.period' }] },
  });
});

it('refuses a change of any record by If-Match', async () => {
  const owner = (await kilde.api('POST', '/owners', { name: 'Kari' })).body;
  const send = async (tag: string, name: string) =>
    kilde.request(`/api/v1/owners/${owner.id}`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json', 'if-match': tag },
      body: JSON.stringify({ name }),
    });
  expect((await send('"other"', 'Ola')).status).toBe(412);
  expect((await kilde.api('GET', `/owners/${owner.id}`)).body.name).toBe('Kari');
  expect((await send('*', 'Ola')).status).toBe(200);
});
