import { beforeEach, describe, expect, it } from 'vitest';
import { runJobs } from '../../src/jobs/run-jobs.ts';
import { locations } from '../support/api-answers.ts';
import { adminKey, createTestApp, startOfTime } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

let kilde: TestApp;

const people = 12;
const dayMs = 86_400_000;
const isNumber = (n: number) => ({ field: 'title', op: 'contains', value: `of ${n};` });

beforeEach(async () => {
  kilde = await createTestApp();
  // Person n has a title that names what divides n, and an address in order.
  const items = Array.from({ length: people }, (_, index) => {
    const id = index + 1;
    const divisors = Array.from({ length: id }, (__, of) => of + 1).filter((of) => id % of === 0);
    return {
      email: `p${String(id).padStart(2, '0')}@gmail.com`,
      title: divisors.map((of) => `of ${of};`).join(' '),
      company: { name: `Firma ${id} AS`, domain: `firma${id}.no` },
      createdAt: new Date(startOfTime - 40 * dayMs + id * 1000).toISOString(),
    };
  });
  await kilde.api('PUT', '/people', { items });
});

const make = async (body: object): Promise<string> => {
  const made = await kilde.api('POST', '/selections', { entity: 'person', ...body });
  expect(made.body).toMatchObject({ id: expect.any(String) });
  return made.body.id as string;
};
const dynamic = (name: string, where: object) => make({ name, kind: 'dynamic', where });
const combined = (name: string, firstId: string, secondId: string, op: string) =>
  make({ name, kind: 'combined', combine: { firstId, secondId, op } });
const idsOf = async (id: string): Promise<number[]> => {
  const { status, body } = await kilde.api('GET', `/selections/${id}/members?limit=1000&columns=id&count=true`);
  expect(status).toBe(200);
  expect(body.count).toBe(body.items.length);
  return body.items.map((item: { id: string }) => Number(item.id)).toSorted((a: number, b: number) => a - b);
};
const found = async (where: object): Promise<number[]> => {
  const { body } = await kilde.api('POST', '/segments/query', {
    entity: 'person',
    where,
    columns: ['id'],
    limit: 1000,
  });
  return body.items.map((item: { id: string }) => Number(item.id)).toSorted((a: number, b: number) => a - b);
};
const all = Array.from({ length: people }, (_, index) => index + 1);
const divisible = (by: number) => all.filter((id) => id % by === 0);

describe('static', () => {
  it('is made, shown, listed, renamed and deleted', async () => {
    const made = await kilde.api('POST', '/selections', { name: 'Invited', entity: 'person' });
    expect(made).toEqual({
      status: 201,
      body: {
        id: '1',
        name: 'Invited',
        entity: 'person',
        kind: 'static',
        where: null,
        combine: null,
        description: null,
        owner: null,
        visibility: 'shared',
        memberCount: 0,
        columns: null,
        sort: null,
        board: null,
        frozenFrom: null,
        createdAt: '2026-09-01T10:00:00.000Z',
      },
    });
    expect((await kilde.api('GET', '/selections/1')).body).toEqual(made.body);
    const list = await kilde.api('GET', '/selections?count=true');
    expect(list.body).toEqual({ items: [made.body], nextCursor: null, count: 1 });
    const changes = { name: 'Came', columns: ['email', 'company.name'], sort: [{ field: 'email', direction: 'desc' }] };
    const changed = await kilde.api('PATCH', '/selections/1', changes);
    expect(changed).toEqual({ status: 200, body: { ...made.body, ...changes } });
    expect((await kilde.api('DELETE', '/selections/1')).status).toBe(204);
    for (const method of ['GET', 'PATCH', 'DELETE']) {
      expect((await kilde.api(method, '/selections/1', method === 'PATCH' ? {} : undefined)).status).toBe(404);
    }
  });

  it('takes people in and lets them out, each once', async () => {
    const id = await make({ name: 'Invited' });
    const put = await kilde.api('POST', `/selections/${id}/members`, { ids: ['1', '2', '2', '77'] });
    expect(put).toEqual({ status: 200, body: { added: 2, unknown: ['77'] } });
    expect((await kilde.api('POST', `/selections/${id}/members`, { ids: ['1'] })).body).toEqual({
      added: 0,
      unknown: [],
    });
    expect((await kilde.api('DELETE', `/selections/${id}/members`, { ids: ['1', '77'] })).body).toEqual({ removed: 1 });
    expect(await idsOf(id)).toEqual([2]);
  });

  it('takes all that criteria hold for, in one statement', async () => {
    const id = await make({ name: 'Even' });
    await kilde.api('POST', `/selections/${id}/members`, { ids: ['2', '3'] });
    kilde.roundTrips();
    const put = await kilde.api('POST', `/selections/${id}/members`, { where: isNumber(2) });
    expect(put).toEqual({ status: 200, body: { added: 5, unknown: [] } });
    expect(kilde.wire().filter((body) => body.includes('INSERT INTO'))).toHaveLength(1);
    expect(await idsOf(id)).toEqual([2, 3, 4, 6, 8, 10, 12]);
    const other = await make({ name: 'Copy' });
    const inSelection = { field: 'selection', op: 'inSelection', value: id };
    await kilde.api('POST', `/selections/${other}/members`, { where: inSelection });
    expect(await idsOf(other)).toEqual(await idsOf(id));
  });

  it('holds companies too, and no person by the same number', async () => {
    const id = await make({ name: 'Firms', entity: 'company' });
    await kilde.api('POST', `/selections/${id}/members`, { ids: ['3'] });
    const { body } = await kilde.api('GET', `/selections/${id}/members?columns=name`);
    expect(body.items).toEqual([{ id: '3', name: 'Firma 3 AS' }]);
    expect(
      await found({ not: { field: 'selection', op: 'notInSelection', value: await make({ name: 'x' }) } }),
    ).toEqual([]);
    const companies = {
      entity: 'company',
      where: { field: 'selection', op: 'inSelection', value: id },
      columns: ['id'],
    };
    expect((await kilde.api('POST', '/segments/query', companies)).body.items).toEqual([{ id: '3' }]);
  });
});

describe('of deals and submissions', () => {
  const put = async () => {
    const deal = (n: number) => ({
      externalId: `D${n}`,
      name: `Deal ${n}`,
      amount: n * 100,
      currency: 'NOK',
      email: `p0${n}@gmail.com`,
      createdAt: '2026-09-01',
      ...(n % 2 === 0 ? { status: 'won', closedAt: '2026-09-01' } : { status: 'open' }),
    });
    await kilde.api('PUT', '/deals', { items: [1, 2, 3, 4].map(deal) });
    await kilde.api('POST', '/forms', { slug: 'contact', name: 'Contact' });
    const ids: string[] = [];
    for (const email of ['p01@gmail.com', 'p02@gmail.com', 'new@gmail.com']) {
      const sent = await kilde.submit('contact', { email });
      ids.push((await sent.json<{ id: string }>()).id);
      kilde.advance(1_000);
    }
    return ids;
  };
  const membersOf = async (id: string, columns: string) =>
    (await kilde.api('GET', `/selections/${id}/members?columns=${columns}&sort=id&count=true`)).body;

  it('are static, dynamic, combined, frozen and copied', async () => {
    await put();
    const won = await make({
      name: 'Won',
      entity: 'deal',
      kind: 'dynamic',
      where: { field: 'status', op: 'equals', value: 'won' },
    });
    const picked = await make({ name: 'Picked', entity: 'deal' });
    const ids = (await membersOf(won, 'name')).items.map(({ id }: { id: string }) => id);
    const added = await kilde.api('POST', `/selections/${picked}/members`, { ids: [ids[0], '999'] });
    expect(added.body).toEqual({ added: 1, unknown: ['999'] });
    const rest = await make({
      name: 'Rest',
      entity: 'deal',
      kind: 'combined',
      combine: { firstId: won, secondId: picked, op: 'onlyFirst' },
    });
    expect(await membersOf(rest, 'name,person.email')).toEqual({
      items: [{ id: ids[1], name: 'Deal 4', 'person.email': 'p04@gmail.com' }],
      nextCursor: null,
      count: 1,
    });
    const inPicked = { field: 'selection', op: 'inSelection', value: picked };
    const { body } = await kilde.api('POST', '/segments/query', { entity: 'deal', where: inPicked, columns: ['name'] });
    expect(body.items).toEqual([{ id: ids[0], name: 'Deal 2' }]);
    const has = { has: 'selection', where: { field: 'name', op: 'equals', value: 'picked' } };
    expect(
      (await kilde.api('POST', '/segments/query', { entity: 'deal', where: has, columns: ['name'] })).body.items,
    ).toEqual(body.items);
    expect((await kilde.api('POST', `/selections/${rest}/freeze`)).body).toMatchObject({
      kind: 'static',
      memberCount: 1,
    });
    const copy = await kilde.api('POST', `/selections/${rest}/copy`, { name: 'Again' });
    expect(copy).toMatchObject({
      status: 201,
      body: { name: 'Again', entity: 'deal', kind: 'static', memberCount: 1 },
    });
    await kilde.api('DELETE', `/deals/${ids[1]}`);
    expect((await kilde.api('GET', `/selections/${rest}`)).body.memberCount).toBe(0);
    expect(await kilde.sql('SELECT count(*) AS n FROM selection_leave')).toEqual([{ n: 2 }]);
  });

  it('hold submissions by their ids, and lose those of somebody erased', async () => {
    const sent = await put();
    const id = await make({ name: 'Sent', entity: 'submission' });
    const nobody = '0199a000-0000-7000-8000-000000000000';
    const added = await kilde.api('POST', `/selections/${id}/members`, { ids: [...sent, nobody] });
    expect(added.body).toEqual({ added: 3, unknown: [nobody] });
    expect((await membersOf(id, 'person.email')).items).toEqual(
      ['p01@gmail.com', 'p02@gmail.com', 'new@gmail.com'].map((email, n) => ({ id: sent[n], 'person.email': email })),
    );
    const conversions = await make({
      name: 'Conversions',
      entity: 'submission',
      kind: 'dynamic',
      where: {
        all: [
          { field: 'selection', op: 'inSelection', value: id },
          { field: 'kind', op: 'equals', value: 'conversion' },
        ],
      },
    });
    expect((await kilde.api('GET', `/selections/${conversions}`)).body.memberCount).toBe(2);
    const removed = await kilde.api('DELETE', `/selections/${id}/members`, { ids: [sent[0]] });
    expect(removed.body).toEqual({ removed: 1 });
    const has = { has: 'selection', where: { field: 'id', op: 'equals', value: id }, count: { eq: 1 } };
    const asked = { entity: 'submission', where: has, columns: ['person.email'], sort: [{ field: 'id' }], count: true };
    expect((await kilde.api('POST', '/segments/query', asked)).body).toMatchObject({ count: 2 });
    const [person] = (await kilde.api('GET', '/people?email=new@gmail.com')).body.items;
    await kilde.api('DELETE', `/people/${person.id}`);
    expect((await kilde.api('GET', `/selections/${id}`)).body.memberCount).toBe(1);
    expect(await kilde.sql('SELECT count(*) AS n FROM selection_member')).toEqual([{ n: 1 }]);
  });
});

describe('what is said of one', () => {
  it('is a description, an owner, a board, and how many members it has', async () => {
    const owner = (await kilde.api('POST', '/owners', { name: 'Kari' })).body;
    const board = {
      groupBy: 'leadStatus',
      rows: 'owner',
      cardFields: ['email'],
      sort: [{ field: 'email' }],
      collapsed: ['Disqualified', null],
    };
    const said = { description: 'Asked to the webinar', ownerId: owner.id, board };
    const id = await dynamic('Even', isNumber(2));
    const changed = await kilde.api('PATCH', `/selections/${id}`, said);
    const expected = {
      description: 'Asked to the webinar',
      owner: { id: owner.id, name: 'Kari' },
      visibility: 'shared',
      memberCount: 6,
      board: { ...board, totalsBy: null, sort: [{ field: 'email', direction: 'asc' }] },
    };
    expect(changed).toMatchObject({ status: 200, body: expected });
    const shown = await kilde.api('GET', `/selections/${id}/board`);
    expect(shown.body).toMatchObject({ groupBy: 'leadStatus', rows: 'owner', totalsBy: 'firstTouch.source', count: 6 });
    const collapsed = shown.body.columns.filter((column: { collapsed: boolean }) => column.collapsed);
    expect(collapsed.map((column: { value: string }) => column.value)).toEqual(['Disqualified', null]);
    const [open] = shown.body.columns;
    expect(open.cards.items[0].cardFields).toEqual({ email: 'p02@gmail.com' });
    const own = await kilde.api('GET', `/selections/${id}/board?groupBy=owner`);
    expect(own.body).toMatchObject({ groupBy: 'owner', rows: null });
    const bare = await dynamic('Odd', { not: isNumber(2) });
    expect(locations((await kilde.api('GET', `/selections/${bare}/board`)).body)).toEqual(['query.groupBy']);
    const copy = (await kilde.api('POST', `/selections/${id}/copy`, {})).body;
    expect(copy).toMatchObject({ ...expected, name: 'Even (copy)', kind: 'dynamic', where: isNumber(2) });
    await kilde.api('PATCH', `/selections/${copy.id}`, { board: null, description: '' });
    expect((await kilde.api('GET', `/selections/${copy.id}`)).body).toMatchObject({ board: null, description: null });
    await kilde.api('DELETE', `/owners/${owner.id}`);
    expect((await kilde.api('GET', `/selections/${id}`)).body.owner).toBeNull();
  });

  it('private ones are shown to the key that made them and to administrators', async () => {
    const keyOf = async (name: string) =>
      (await kilde.api('POST', '/api-keys', { name, scopes: ['write'] })).body.key as string;
    const [mine, theirs] = [await keyOf('mine'), await keyOf('theirs')];
    const body = { name: 'Secret', entity: 'person', visibility: 'private', kind: 'dynamic', where: isNumber(2) };
    const { id } = (await kilde.api('POST', '/selections', body, { key: mine })).body;
    const ask = async (key: string, method: string, path: string, sent?: object) =>
      (await kilde.api(method, path, sent, { key })).status;
    const inIt = { entity: 'person', where: { field: 'selection', op: 'inSelection', value: id } };
    const combine = { firstId: id, secondId: id, op: 'both' };
    for (const [method, path, sent, status] of [
      ['GET', `/selections/${id}`, undefined, 404],
      ['GET', `/selections/${id}/members`, undefined, 404],
      ['GET', `/selections/${id}/growth`, undefined, 404],
      ['GET', `/selections/${id}/board?groupBy=owner`, undefined, 404],
      ['PATCH', `/selections/${id}`, { name: 'x' }, 404],
      ['POST', `/selections/${id}/copy`, {}, 404],
      ['POST', `/selections/${id}/freeze`, undefined, 404],
      ['POST', `/selections/${id}/members`, { ids: ['1'] }, 404],
      ['DELETE', `/selections/${id}`, undefined, 404],
      ['POST', '/segments/query', inIt, 422],
      ['POST', '/selections', { name: 'C', entity: 'person', kind: 'combined', combine }, 422],
    ] as const) {
      expect([path, await ask(theirs, method, path, sent)]).toEqual([path, status]);
    }
    expect((await kilde.api('GET', '/selections?count=true', undefined, { key: theirs })).body).toMatchObject({
      items: [],
      count: 0,
    });
    for (const key of [mine, adminKey]) {
      expect(await ask(key, 'GET', `/selections/${id}`)).toBe(200);
      expect(await ask(key, 'POST', '/segments/query', inIt)).toBe(200);
      expect((await kilde.api('GET', '/selections', undefined, { key })).body.items).toHaveLength(1);
    }
  });
});

describe('dynamic', () => {
  it('follows the data', async () => {
    const id = await dynamic('Thirds', isNumber(3));
    expect(await idsOf(id)).toEqual(divisible(3));
    await kilde.api('PATCH', '/people/3', { title: 'none' });
    await kilde.api('PATCH', '/people/1', { title: 'of 3;' });
    expect(await idsOf(id)).toEqual([1, 6, 9, 12]);
    await kilde.api('PATCH', `/selections/${id}`, { where: isNumber(5) });
    expect(await idsOf(id)).toEqual(divisible(5));
  });

  it('counts days in the site’s time zone, also within another query', async () => {
    // 23:30 UTC on the 31st of August is the 1st of September in Oslo.
    const at = new Date(startOfTime - 10.5 * 3_600_000).toISOString();
    await kilde.api('PUT', '/people', { items: [{ email: 'night@gmail.com', createdAt: at }] });
    const today = await dynamic('Today', { field: 'createdAt', op: 'today' });
    expect(await idsOf(today)).toEqual([people + 1]);
    expect(await found({ field: 'selection', op: 'inSelection', value: today })).toEqual([people + 1]);
    const query = { entity: 'person', where: { field: 'selection', op: 'inSelection', value: today }, timeZone: 'UTC' };
    expect((await kilde.api('POST', '/segments/query', query)).body.items).toHaveLength(1);
  });
});

describe('combined', () => {
  const sets: Record<string, (first: Set<number>, second: Set<number>) => (id: number) => boolean> = {
    onlyFirst: (first, second) => (id) => first.has(id) && !second.has(id),
    onlySecond: (first, second) => (id) => second.has(id) && !first.has(id),
    both: (first, second) => (id) => first.has(id) && second.has(id),
    exactlyOne: (first, second) => (id) => first.has(id) !== second.has(id),
    any: (first, second) => (id) => first.has(id) || second.has(id),
  };

  it.each(Object.entries(sets))('holds %s', async (operator, of) => {
    const [even, thirds] = [await dynamic('Even', isNumber(2)), await make({ name: 'Thirds' })];
    await kilde.api('POST', `/selections/${thirds}/members`, { ids: divisible(3).map(String) });
    const id = await combined('C', even, thirds, operator);
    expect(await idsOf(id)).toEqual(all.filter(of(new Set(divisible(2)), new Set(divisible(3)))));
    expect(await found({ field: 'selection', op: 'inSelection', value: id })).toEqual(await idsOf(id));
    const outside = all.filter((one) => !of(new Set(divisible(2)), new Set(divisible(3)))(one));
    expect(await found({ field: 'selection', op: 'notInSelection', value: id })).toEqual(outside);
  });

  it('holds what combined ones hold, in every way two deep and as deep as is allowed', async () => {
    const leaves = [await dynamic('2', isNumber(2)), await dynamic('3', isNumber(3)), await dynamic('4', isNumber(4))];
    const [two, three, four] = [2, 3, 4].map((by) => new Set(divisible(by))) as [Set<number>, Set<number>, Set<number>];
    for (const [inner, ofInner] of Object.entries(sets)) {
      const within = await combined('inner', leaves[0]!, leaves[1]!, inner);
      const members = new Set(all.filter(ofInner(two, three)));
      for (const [outer, ofOuter] of Object.entries(sets)) {
        const id = await combined('outer', within, leaves[2]!, outer);
        expect([inner, outer, await idsOf(id)]).toEqual([inner, outer, all.filter(ofOuter(members, four))]);
      }
    }
    let top = leaves[0]!;
    for (let depth = 2; depth <= 10; depth += 1) top = await combined(`depth ${depth}`, top, leaves[1]!, 'any');
    expect(await idsOf(top)).toEqual(all.filter((id) => id % 2 === 0 || id % 3 === 0));
    const refused = await kilde.api('POST', '/selections', {
      name: 'too deep',
      entity: 'person',
      kind: 'combined',
      combine: { firstId: top, secondId: leaves[1], op: 'any' },
    });
    expect(refused.status).toBe(422);
    expect(locations(refused.body)).toEqual(['body.combine']);
  });

  it('is found through related records', async () => {
    const even = await dynamic('Even', isNumber(2));
    const id = await make({
      name: 'Firms of even people',
      entity: 'company',
      kind: 'dynamic',
      where: { has: 'person', where: { field: 'selection', op: 'inSelection', value: even } },
    });
    expect(await idsOf(id)).toEqual(divisible(2));
  });
});

describe('one that would contain itself', () => {
  const inSelection = (value: string) => ({ field: 'selection', op: 'inSelection', value });
  const refuse = async (id: string, changes: object, location: string, chain: string) => {
    const before = (await kilde.api('GET', `/selections/${id}`)).body;
    const { status, body } = await kilde.api('PATCH', `/selections/${id}`, changes);
    expect([status, body.code, locations(body)]).toEqual([422, 'invalid_input', [location]]);
    expect(body.errors[0].message).toBe(`The selection would contain itself: ${chain}`);
    expect((await kilde.api('GET', `/selections/${id}`)).body).toEqual(before);
  };

  it('is refused with the way back to it', async () => {
    const a = await dynamic('A', isNumber(2));
    await refuse(a, { where: inSelection(a) }, 'body.where', 'A → A');
    await refuse(a, { where: { not: { all: [inSelection(a)] } } }, 'body.where', 'A → A');
    const b = await combined('B', a, a, 'any');
    await refuse(b, { combine: { firstId: b, secondId: a, op: 'any' } }, 'body.combine', 'B → B');
    await refuse(b, { combine: { firstId: a, secondId: b, op: 'both' } }, 'body.combine', 'B → B');
    await refuse(a, { where: inSelection(b) }, 'body.where', 'A → B → A');
    const c = await dynamic('C', { any: [isNumber(3), { not: inSelection(b) }] });
    await refuse(a, { where: { any: [isNumber(1), inSelection(c)] } }, 'body.where', 'A → C → B → A');
    const firms = await make({
      name: 'Firms',
      entity: 'company',
      kind: 'dynamic',
      where: { has: 'person', where: inSelection(c) },
    });
    const through = { has: 'company', where: inSelection(firms) };
    await refuse(a, { where: through }, 'body.where', 'A → Firms → C → B → A');
  });

  it('is refused where two changes at once would close the circle', async () => {
    for (let round = 0; round < 5; round += 1) {
      const [a, b] = [await dynamic('A', isNumber(2)), await dynamic('B', isNumber(3))];
      const answers = await Promise.all([
        kilde.api('PATCH', `/selections/${a}`, { where: inSelection(b) }),
        kilde.api('PATCH', `/selections/${b}`, { where: inSelection(a) }),
      ]);
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      expect([409, 422]).toContain(answers.find(({ status }) => status !== 200)!.status);
      expect((await kilde.api('GET', `/selections/${a}/members`)).status).toBe(200);
    }
  });
});

describe('frozen', () => {
  it('keeps its id and today’s members, and what it was', async () => {
    const even = await dynamic('Even', isNumber(2));
    const thirds = await dynamic('Thirds', isNumber(3));
    const id = await combined('Sixths', even, thirds, 'both');
    const user = await combined('User', id, thirds, 'any');
    const combine = { first: { id: even, name: 'Even' }, second: { id: thirds, name: 'Thirds' }, op: 'both' };
    const frozen = await kilde.api('POST', `/selections/${id}/freeze`);
    expect(frozen.body).toMatchObject({
      id,
      kind: 'static',
      combine: null,
      frozenFrom: { kind: 'combined', where: null, combine, at: '2026-09-01T10:00:00.000Z' },
    });
    await kilde.api('PATCH', '/people/6', { title: 'none' });
    expect(await idsOf(id)).toEqual([6, 12]);
    expect(await idsOf(user)).toEqual([3, 6, 9, 12]);
    expect((await kilde.api('POST', `/selections/${id}/freeze`)).status).toBe(409);
    expect((await kilde.api('POST', `/selections/${id}/members`, { ids: ['1'] })).body.added).toBe(1);
    // What it was made of is used by it no more.
    expect((await kilde.api('DELETE', `/selections/${even}`)).status).toBe(204);
  });

  it('happens once where two ask at once', async () => {
    const id = await dynamic('Even', isNumber(2));
    const answers = await Promise.all([1, 2, 3].map(() => kilde.api('POST', `/selections/${id}/freeze`)));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409, 409]);
    expect(await idsOf(id)).toEqual(divisible(2));
  });
});

it('is not deleted while others use it, and says who', async () => {
  const a = await dynamic('A', isNumber(2));
  await dynamic('Dynamic user', { field: 'selection', op: 'notInSelection', value: a });
  await combined('Combined user', a, a, 'any');
  const invited = await make({ name: 'Invited' });
  const form = await kilde.api('POST', '/forms', { name: 'Webinar', selectionId: invited });
  expect(form.status).toBe(201);
  const refused = await kilde.api('DELETE', `/selections/${a}`);
  expect([refused.status, refused.body.code]).toEqual([409, 'conflict']);
  expect(refused.body.detail).toBe('This selection is used by the selections “Dynamic user”, “Combined user”.');
  expect((await kilde.api('DELETE', `/selections/${invited}`)).body.detail).toContain('the forms “Webinar”');
  await kilde.api('DELETE', `/forms/${form.body.id}`);
  expect((await kilde.api('DELETE', `/selections/${invited}`)).status).toBe(204);
});

it('is not deleted while a private one of somebody else uses it, which is not named', async () => {
  const id = await dynamic('A', isNumber(2));
  const keyOf = async (name: string) =>
    (await kilde.api('POST', '/api-keys', { name, scopes: ['write'] })).body.key as string;
  const [mine, theirs] = [await keyOf('mine'), await keyOf('theirs')];
  const where = { field: 'selection', op: 'inSelection', value: id };
  const body = { name: 'Secret', entity: 'person', visibility: 'private', kind: 'dynamic', where };
  await kilde.api('POST', '/selections', body, { key: mine });
  const detailFor = async (key: string) =>
    (await kilde.api('DELETE', `/selections/${id}`, undefined, { key })).body.detail as string;
  expect(await detailFor(theirs)).toBe('This selection is used by the selections “a private one”.');
  expect(await detailFor(mine)).toBe('This selection is used by the selections “Secret”.');
});

it('is not deleted while a report, a schedule or a dashboard asks for its members', async () => {
  const id = await dynamic('A', isNumber(2));
  const where = { any: [{ not: { field: 'selection', op: 'inSelection', value: id } }] };
  const query = { measures: ['leads'], entity: 'person', where };
  const targets = [{ kind: 'email', to: ['sjef@firma.no'] }];
  const schedule = { cron: '0 8 * * 1', targets, reportId: 'top-forms', parameters: { where: JSON.stringify(where) } };
  const made: string[] = [];
  for (const [path, body] of [
    ['/reports', { name: 'Theirs', query }],
    ['/schedules', { name: 'Weekly', ...schedule }],
    ['/dashboards', { name: 'Board', tiles: [{ query }] }],
  ] as const) {
    const answer = await kilde.api('POST', path, body);
    expect([path, answer.status, answer.body.errors]).toEqual([path, 201, undefined]);
    made.push(`${path}/${answer.body.id}`);
  }
  const refused = await kilde.api('DELETE', `/selections/${id}`);
  expect([refused.status, refused.body.detail]).toEqual([
    409,
    'This selection is used by the reports “Theirs” and the schedules “Weekly” and the dashboards “Board”.',
  ]);
  expect((await kilde.api('DELETE', `/selections/${await dynamic('B', isNumber(3))}`)).status).toBe(204);
  for (const path of made) {
    expect((await kilde.api('DELETE', `/selections/${id}`)).status).toBe(409);
    expect((await kilde.api('DELETE', path)).status).toBe(204);
  }
  expect((await kilde.api('DELETE', `/selections/${id}`)).status).toBe(204);
});

it('shows members by page, in any order, with any columns', async () => {
  const id = await make({
    name: 'Even',
    kind: 'dynamic',
    where: isNumber(2),
    columns: ['email'],
    sort: [{ field: 'email' }],
  });
  const seen: unknown[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const { body }: { body: any } = await kilde.api(
      'GET',
      `/selections/${id}/members?limit=4&count=true&cursor=${cursor}`,
    );
    expect(body.count).toBe(6);
    seen.push(...body.items);
    cursor = body.nextCursor;
  }
  expect(seen).toEqual(
    divisible(2).map((one) => ({ id: `${one}`, email: `p${String(one).padStart(2, '0')}@gmail.com` })),
  );
  const other = await kilde.api(
    'GET',
    `/selections/${id}/members?limit=1&sort=-company.name,id&columns=company.name,id`,
  );
  expect(other.body.items).toEqual([{ id: '8', 'company.name': 'Firma 8 AS' }]);
});

it('exports members as CSV and NDJSON', async () => {
  const id = await dynamic('Sixths', isNumber(6));
  const key = { headers: { authorization: `Bearer ${adminKey}` } };
  const csv = await kilde.request(
    `/api/v1/selections/${id}/members?format=csv&columns=email&sort=id&heads=labels&language=no`,
    key,
  );
  expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  expect(await csv.text()).toBe('ID,E-post\r\n6,p06@gmail.com\r\n12,p12@gmail.com\r\n');
  const lines = await kilde.request(
    `/api/v1/selections/${id}/members?format=ndjson&columns=email&sort=-id&limit=1`,
    key,
  );
  expect(await lines.text()).toBe('{"id":"12","email":"p12@gmail.com"}\n');
});

describe('growth', () => {
  const growth = async (id: string, query = '') =>
    (await kilde.api('GET', `/selections/${id}/growth${query}`)).body.items;

  it('of a static one is known by who came and who left', async () => {
    const id = await make({ name: 'Invited' });
    await kilde.api('POST', `/selections/${id}/members`, { ids: ['1', '2', '3'] });
    // 21:59 and 22:01 UTC are on two days in Oslo.
    kilde.advance(12 * 3_600_000 - 60_000);
    await kilde.api('DELETE', `/selections/${id}/members`, { ids: ['1'] });
    kilde.advance(2 * 60_000);
    await kilde.api('POST', `/selections/${id}/members`, { ids: ['1', '4'] });
    kilde.advance(dayMs);
    await kilde.api('DELETE', `/selections/${id}/members`, { ids: ['2', '4'] });
    expect(await growth(id, '?from=2026-08-31&to=2026-09-05')).toEqual([
      { day: '2026-08-31', memberCount: 0 },
      { day: '2026-09-01', memberCount: 2 },
      { day: '2026-09-02', memberCount: 4 },
      { day: '2026-09-03', memberCount: 2 },
    ]);
    expect(await growth(id)).toHaveLength(30);
  });

  it('stays as it was when a member is erased', async () => {
    const [id, firms] = [await make({ name: 'Invited' }), await make({ name: 'Firms', entity: 'company' })];
    await kilde.api('POST', `/selections/${id}/members`, { ids: ['1', '2'] });
    await kilde.api('POST', `/selections/${firms}/members`, { ids: ['1', '2'] });
    kilde.advance(dayMs);
    await kilde.api('DELETE', '/people/1');
    await kilde.api('DELETE', '/companies/1');
    for (const one of [id, firms]) {
      expect(await growth(one, '?from=2026-09-01')).toEqual([
        { day: '2026-09-01', memberCount: 2 },
        { day: '2026-09-02', memberCount: 1 },
      ]);
    }
  });

  it('of the others is counted once a day has ended, and stands while the data changes', async () => {
    const [even, firms] = [
      await dynamic('Even', isNumber(2)),
      await make({ name: 'Firms', entity: 'company', kind: 'dynamic', where: { all: [] } }),
    ];
    const user = await combined('Odd', firms, firms, 'any').catch(() => null);
    expect(user).toBeNull();
    const now = () => kilde.deps.clock();
    await runJobs({ deps: kilde.deps, now: now() });
    expect(await growth(even)).toEqual([{ day: '2026-09-01', memberCount: 6 }]);
    kilde.advance(12 * 3_600_000 + 30_000);
    await runJobs({ deps: kilde.deps, now: now() });
    await kilde.api('PATCH', '/people/2', { title: 'none' });
    await runJobs({ deps: kilde.deps, now: now() });
    expect(await growth(even)).toEqual([
      { day: '2026-09-01', memberCount: 6 },
      { day: '2026-09-02', memberCount: 5 },
    ]);
    expect(await growth(firms)).toEqual([
      { day: '2026-09-01', memberCount: people },
      { day: '2026-09-02', memberCount: people },
    ]);
    kilde.advance(3 * dayMs);
    await runJobs({ deps: kilde.deps, now: now() });
    await kilde.api('POST', `/selections/${even}/freeze`);
    await kilde.api('POST', `/selections/${even}/members`, { ids: ['1'] });
    expect(await growth(even)).toEqual([
      { day: '2026-09-01', memberCount: 6 },
      { day: '2026-09-04', memberCount: 5 },
      { day: '2026-09-05', memberCount: 6 },
    ]);
    kilde.roundTrips();
    await runJobs({ deps: kilde.deps, now: now() });
    expect(await kilde.sql('SELECT count(*) AS n FROM selection_day')).toEqual([{ n: 4 }]);
  });
});

describe('cost', () => {
  it('is one round trip for the definitions and one for the rest', async () => {
    const [even, invited] = [await dynamic('Even', isNumber(2)), await make({ name: 'Invited' })];
    const id = await combined('C', even, invited, 'any');
    const cost = async (method: string, path: string, body?: unknown) => {
      kilde.roundTrips();
      expect((await kilde.api(method, path, body)).status).toBe(200);
      return kilde.roundTrips();
    };
    expect(await cost('GET', `/selections/${id}/members?count=true`)).toBe(2);
    // What is remembered of the selection is asked for again beside its members.
    expect(await cost('GET', `/selections/${id}/members?count=true&email[contains]=p`)).toBe(1);
    expect(await cost('GET', `/selections/${id}/growth`)).toBe(2);
    expect(await cost('POST', `/selections/${invited}/members`, { ids: ['1'] })).toBe(1);
    // The second is the audit log's.
    expect(await cost('DELETE', `/selections/${invited}/members`, { ids: ['1'] })).toBe(2);
    // The last counts the members.
    expect(await cost('PATCH', `/selections/${id}`, { name: 'D' })).toBe(3);
    expect(await cost('GET', `/selections/${id}`)).toBe(2);
    expect(await cost('GET', '/selections?count=true')).toBe(2);
    const where = { field: 'selection', op: 'inSelection', value: id };
    expect(await cost('POST', '/segments/query', { entity: 'person', where, count: true })).toBe(2);
  });

  it('shows a change at once, though definitions are remembered', async () => {
    const even = await dynamic('Even', isNumber(2));
    const id = await combined('C', even, even, 'any');
    const ids = async (key?: string) => {
      const path = `/api/v1/selections/${id}/members?columns=id&limit=1000`;
      const answer = await kilde.request(path, { headers: { authorization: `Bearer ${key ?? adminKey}` } });
      return answer.status === 200
        ? ((await answer.json()) as any).items.map((one: any) => Number(one.id))
        : answer.status;
    };
    const { key } = (await kilde.api('POST', '/api-keys', { name: 'Other', scopes: ['read'] })).body;
    expect((await ids()).toSorted((a: number, b: number) => a - b)).toEqual(divisible(2));
    expect(await ids(key)).toHaveLength(divisible(2).length);
    await kilde.api('PATCH', `/selections/${even}`, { where: isNumber(6) });
    expect((await ids()).toSorted((a: number, b: number) => a - b)).toEqual(divisible(6));
    await kilde.api('PATCH', `/selections/${id}`, {
      sort: [{ field: 'id', direction: 'desc' }],
      visibility: 'private',
    });
    expect(await ids()).toEqual(divisible(6).toReversed());
    expect(await ids(key)).toBe(404);
    await kilde.api('PATCH', `/selections/${id}`, { visibility: 'shared' });
    expect(await ids(key)).toEqual(divisible(6).toReversed());
    await kilde.api('DELETE', `/selections/${id}`);
    expect(await ids(key)).toBe(404);
  });

  it('reads no person beside the members of a static one', async () => {
    const id = await make({ name: 'Invited' });
    const scans = await kilde.scansDuring(async () => {
      await kilde.api('POST', `/selections/${id}/members`, { ids: ['1', '2', '3'] });
      await kilde.api('GET', `/selections/${id}/members?sort=id&limit=1&count=true`);
      await kilde.api('GET', `/selections/${id}/members?count=true`);
      await kilde.api('DELETE', `/selections/${id}/members`, { ids: ['1'] });
      await kilde.api('GET', `/selections/${id}/growth`);
    });
    expect(scans.filter((line) => /^SCAN (person|company|p|c|t\d+|selection_member)\b/.test(line))).toEqual([]);
  });
});

it('is refused at the place of what is wrong', async () => {
  const ask = async (method: string, path: string, body?: object) =>
    locations((await kilde.api(method, path, body)).body);
  const post = (body: object) => ask('POST', '/selections', { name: 'A', entity: 'person', ...body });
  const id = await make({ name: 'Invited' });
  const firms = await make({ name: 'Firms', entity: 'company' });
  expect(await post({ entity: 'touch' })).toEqual(['body.entity']);
  expect(await post({ ownerId: '99' })).toEqual(['body.ownerId']);
  const board = { groupBy: 'email', rows: 'owner', cardFields: ['no'], sort: [{ field: 'no' }] };
  expect(await post({ board })).toEqual(['body.board.groupBy', 'body.board.cardFields[0]', 'body.board.sort[0].field']);
  expect(await post({ name: undefined })).toEqual(['body.name']);
  expect(await post({ where: isNumber(2) })).toEqual(['body.where']);
  expect(await post({ kind: 'dynamic' })).toEqual(['body.where']);
  expect(await post({ kind: 'dynamic', where: { all: [{ field: 'no', op: 'equals' }] } })).toEqual([
    'body.where.all[0].field',
  ]);
  expect(await post({ kind: 'combined' })).toEqual(['body.combine']);
  const combine = { firstId: id, secondId: firms, op: 'any' };
  expect(await post({ kind: 'combined', combine })).toEqual(['body.combine.secondId']);
  expect(await post({ kind: 'combined', combine: { ...combine, op: 'all' } })).toEqual(['body.combine.op']);
  expect(await post({ kind: 'combined', combine: { ...combine, firstId: '99' } })).toEqual([
    'body.combine.firstId',
    'body.combine.secondId',
  ]);
  for (const value of ['99', firms]) {
    const where = { any: [{ field: 'selection', op: 'inSelection', value }] };
    expect(await post({ kind: 'dynamic', where })).toEqual(['body.where.any[0].value']);
    expect(await ask('POST', '/segments/query', { entity: 'person', where })).toEqual(['where.any[0].value']);
    expect(await ask('POST', `/selections/${id}/members`, { where })).toEqual(['body.where.any[0].value']);
  }
  expect(await post({ columns: ['email', 'no'] })).toEqual(['body.columns[1]']);
  expect(await ask('PATCH', `/selections/${id}`, { sort: [{ field: 'no' }] })).toEqual(['body.sort[0].field']);
  expect(await ask('PATCH', `/selections/${id}`, { kind: 'dynamic' })).toEqual(['body.kind']);
  expect(await ask('PATCH', `/selections/${id}`, { where: isNumber(2) })).toEqual(['body.where']);
  expect(await ask('POST', `/selections/${id}/members`, { ids: [] })).toEqual(['body.ids']);
  expect(await ask('POST', `/selections/${id}/members`, {})).toEqual(['body.ids']);
  expect(await ask('POST', `/selections/${id}/members`, { ids: ['1', 'x'] })).toEqual(['body.ids[1]']);
  expect(await ask('GET', `/selections/${id}/members?columns=no&sort=-nor`)).toEqual(['query.columns', 'query.sort']);
  expect(await ask('GET', `/selections/${id}/members?cursor=x`)).toEqual(['query.cursor']);
  expect(await ask('GET', `/selections/${id}/members?format=csv&columns=no`)).toEqual(['query.columns']);
  expect(await ask('GET', `/selections/${id}/growth?from=yesterday`)).toEqual(['query.from']);
  expect(await ask('GET', `/selections/${id}/growth?from=2026-09-01&to=2026-08-01`)).toEqual(['query.from']);
  expect(await ask('GET', `/selections/${id}/growth?from=1000-01-01`)).toEqual(['query.from']);
  const paths: Array<[string, string, object?]> = [
    ['POST', '/selections/99/members', { ids: ['1'] }],
    ['POST', '/selections/99/members', { where: { all: [] } }],
    ['DELETE', '/selections/99/members', { ids: ['1'] }],
    ['GET', '/selections/99/members'],
    ['GET', '/selections/99/growth'],
    ['POST', '/selections/99/freeze'],
  ];
  for (const [method, path, body] of paths)
    expect([path, (await kilde.api(method, path, body)).status]).toEqual([path, 404]);
  const even = await dynamic('Even', isNumber(2));
  for (const body of [{ ids: ['1'] }, { where: { all: [] } }]) {
    expect((await kilde.api('POST', `/selections/${even}/members`, body)).status).toBe(409);
  }
  expect((await kilde.api('DELETE', `/selections/${even}/members`, { ids: ['1'] })).status).toBe(409);
});

describe('the selections of a record', () => {
  const make = async (body: object): Promise<string> => {
    const { status, body: made } = await kilde.api('POST', '/selections', { entity: 'person', ...body });
    expect(status).toBe(201);
    return made.id;
  };

  it('are those whose members hold it, of every kind, in two round trips', async () => {
    const two = await make({ name: 'Two', kind: 'dynamic', where: isNumber(2) });
    const three = await make({ name: 'Three', kind: 'static' });
    for (const ids of [['3', '6', '9', '12']]) await kilde.api('POST', `/selections/${three}/members`, { ids });
    const combined: Record<string, string> = {};
    for (const op of ['onlyFirst', 'onlySecond', 'both', 'exactlyOne', 'any']) {
      combined[op] = await make({ name: op, kind: 'combined', combine: { firstId: two, secondId: three, op } });
    }
    await make({
      name: 'Both again',
      kind: 'combined',
      combine: { firstId: combined['both'], secondId: two, op: 'both' },
    });
    await make({ name: 'In two', kind: 'dynamic', where: { field: 'selection', op: 'inSelection', value: two } });
    await kilde.api('POST', '/selections', {
      name: 'Firms',
      entity: 'company',
      kind: 'dynamic',
      where: { field: 'name', op: 'notEmpty' },
    });
    kilde.roundTrips();
    const answers = await Promise.all(
      Array.from({ length: people }, async (_, index) => kilde.api('GET', `/people/${index + 1}/selections`)),
    );
    expect(kilde.roundTrips()).toBeLessThanOrEqual(2 * people + 1);
    const { items: selections } = (await kilde.api('GET', '/selections?limit=100')).body;
    for (const [index, { status, body }] of answers.entries()) {
      expect(status).toBe(200);
      const expected: string[] = [];
      for (const { id, name, entity } of selections as Array<{ id: string; name: string; entity: string }>) {
        if (entity !== 'person') continue;
        const members = (await kilde.api('GET', `/selections/${id}/members?limit=100`)).body.items as Array<{
          id: string;
        }>;
        if (members.some((member) => member.id === String(index + 1))) expected.push(name);
      }
      expect(body.items.map(({ name }: { name: string }) => name)).toEqual(
        expected.toSorted((a, b) => (a < b ? -1 : 1)),
      );
    }
    expect((await kilde.api('GET', '/companies/1/selections')).body.items).toMatchObject([{ name: 'Firms' }]);
    expect((await kilde.api('GET', '/people/99/selections')).status).toBe(404);
  });
});
