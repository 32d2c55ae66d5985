import { beforeEach, describe, expect, it } from 'vitest';
import { keyOf, locations } from '../support/api-answers.ts';
import { createTestApp, startOfTime } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

let kilde: TestApp;

const everyone = { all: [] };
const isOf = (source: string) => ({ field: 'firstTouch.source', op: 'equals', value: source });

beforeEach(async () => {
  kilde = await createTestApp();
  for (const name of ['Kari', 'Ola']) await kilde.api('POST', '/owners', { name });
  const lead = (email: string, source: string, rest: object) => ({
    email,
    createdAt: new Date(startOfTime).toISOString(),
    journey: [{ at: new Date(startOfTime - 1000).toISOString(), source, medium: 'cpc' }],
    ...rest,
  });
  await kilde.api('PUT', '/people', {
    items: [
      lead('a@firma.no', 'linkedin', { title: 'SJØKAPTEIN på Ærø', phone: '+47 (22) 33', ownerId: '1' }),
      lead('b@firma.no', 'linkedin', { title: 'sjøkaptein', country: 'NO' }),
      lead('c@annet.no', 'google', { title: 'Sjef. $1 i Ål', ownerId: '2' }),
      lead('d@tredje.no', 'google', {}),
    ],
  });
});

const run = (change: object, rest: object = { where: everyone }) =>
  kilde.api('POST', '/bulk-updates', { entity: 'person', change, ...rest });
const preview = async (change: object, rest: object = { where: everyone }) => {
  const before = await dump();
  const { status, body } = await run(change, { ...rest, dryRun: true });
  expect(status).toBe(200);
  expect(await dump()).toEqual(before);
  return body;
};
const undo = (id: string) => kilde.api('POST', `/bulk-updates/${id}/undo`);
const columnOf = async (column: string, table = 'person') =>
  (await kilde.sql(`SELECT ${column} AS value FROM ${table} ORDER BY id`)).map((row) => row['value']);
/** Everything but the moments of change, which an undo does not turn back. */
async function dump() {
  const [people, companies] = [await kilde.sql('SELECT * FROM person'), await kilde.sql('SELECT * FROM company')];
  return [...people, ...companies].map(({ updated_at: _updatedAt, ...row }) => row);
}

describe('set', () => {
  it('gives all of a query one value, folded copy and all, and is undone to the row', async () => {
    const before = await dump();
    const change = { field: 'title', set: '  Båtfører ÆØÅ ' };
    expect(await preview(change, { where: isOf('linkedin') })).toEqual({
      count: 2,
      sample: [
        { id: '1', before: 'SJØKAPTEIN på Ærø', after: 'Båtfører ÆØÅ' },
        { id: '2', before: 'sjøkaptein', after: 'Båtfører ÆØÅ' },
      ],
    });
    const done = await run(change, { where: isOf('linkedin') });
    expect(done).toMatchObject({
      status: 201,
      body: { entity: 'person', count: 2, change, undoneAt: null, left: null },
    });
    expect(await columnOf('title')).toEqual(['Båtfører ÆØÅ', 'Båtfører ÆØÅ', 'Sjef. $1 i Ål', null]);
    expect(await columnOf('title_fold')).toEqual(['båtfører æøå', 'båtfører æøå', 'sjef. $1 i ål', null]);
    expect((await kilde.api('GET', `/bulk-updates/${done.body.id}`)).body).toEqual(done.body);
    const undone = await undo(done.body.id);
    expect(undone.body).toMatchObject({ restored: 2, left: 0, undoneAt: '2026-09-01T10:00:00.000Z' });
    expect(await dump()).toEqual(before);
    expect((await undo(done.body.id)).status).toBe(409);
    expect(await dump()).toEqual(before);
  });

  it('counts and keeps only those that have another value', async () => {
    expect((await preview({ field: 'country', set: 'NO' })).count).toBe(3);
    expect((await run({ field: 'country', set: 'NO' })).body.count).toBe(3);
    expect((await run({ field: 'country', set: 'NO' })).body.count).toBe(0);
  });

  it('gives owners, by a selection, and takes them away', async () => {
    const where = isOf('google');
    const made = await kilde.api('POST', '/selections', { name: 'Google', entity: 'person', kind: 'dynamic', where });
    const done = await run({ field: 'owner', set: '1' }, { selectionId: made.body.id });
    expect(done.body).toMatchObject({ count: 2, selection: { id: made.body.id }, where: null });
    expect(await columnOf('owner_id')).toEqual([1, null, 1, 1]);
    const cleared = await run({ field: 'owner', clear: true });
    expect(await columnOf('owner_id')).toEqual([null, null, null, null]);
    expect((await undo(cleared.body.id)).body).toMatchObject({ restored: 3, left: 0 });
    expect((await undo(done.body.id)).body).toMatchObject({ restored: 2, left: 0 });
    expect(await columnOf('owner_id')).toEqual([1, null, 2, null]);
  });

  it('lets companies follow a lead status, but no customer, and back', async () => {
    const categories = (await kilde.api('GET', '/categories')).body.items;
    const [potential, customer] = ['Potential customer', 'Customer'].map((group) =>
      categories.find((one: any) => one.group === group),
    );
    const statuses = (await kilde.api('GET', '/lead-statuses')).body.items;
    const qualified = statuses.find((one: any) => one.name === 'Qualified');
    await kilde.api('PATCH', `/lead-statuses/${qualified.id}`, { setsCategoryId: potential.id });
    await kilde.api('PATCH', '/companies/2', { categoryId: customer.id });
    const before = await dump();
    expect((await preview({ field: 'leadStatus', set: 'Qualified' })).sample[0]).toEqual({
      id: '1',
      before: 'Open',
      after: 'Qualified',
    });
    const done = await run({ field: 'leadStatus', set: 'Qualified' });
    expect(done.body.count).toBe(4);
    const ids = [potential, customer].map((one: any) => Number(one.id));
    expect(await columnOf('category_id', 'company')).toEqual([ids[0], ids[1], ids[0]]);
    expect((await undo(done.body.id)).body).toMatchObject({ restored: 4, left: 0 });
    expect(await dump()).toEqual(before);
  });

  it('keeps what is derived of a company’s name', async () => {
    const before = await dump();
    const done = await run({ field: 'name', set: 'Ærlig AS' }, { entity: 'company', where: everyone });
    expect(await columnOf(`name_fold || '|' || name_key`, 'company')).toEqual(
      Array.from({ length: 3 }, () => 'ærlig as|ærlig'),
    );
    await undo(done.body.id);
    expect(await dump()).toEqual(before);
  });
});

it('empties a field, and gives it back', async () => {
  const before = await dump();
  expect((await preview({ field: 'title', clear: true })).count).toBe(3);
  const done = await run({ field: 'title', clear: true });
  expect(await columnOf('title')).toEqual([null, null, null, null]);
  expect(await columnOf('title_fold')).toEqual([null, null, null, null]);
  await undo(done.body.id);
  expect(await dump()).toEqual(before);
});

describe('replace', () => {
  it('takes every script without case, and folds what it writes', async () => {
    const before = await dump();
    const change = { field: 'title', replace: { search: 'sjøKAPTEIN', with: 'Skipper Ø' } };
    expect(await preview(change)).toEqual({
      count: 2,
      sample: [
        { id: '1', before: 'SJØKAPTEIN på Ærø', after: 'Skipper Ø på Ærø' },
        { id: '2', before: 'sjøkaptein', after: 'Skipper Ø' },
      ],
    });
    const done = await run(change);
    expect(done.body.count).toBe(2);
    expect(await columnOf('title')).toEqual(['Skipper Ø på Ærø', 'Skipper Ø', 'Sjef. $1 i Ål', null]);
    expect(await columnOf('title_fold')).toEqual(['skipper ø på ærø', 'skipper ø', 'sjef. $1 i ål', null]);
    expect((await undo(done.body.id)).body).toMatchObject({ restored: 2, left: 0 });
    expect(await dump()).toEqual(before);
  });

  it('takes case where it is asked to', async () => {
    const done = await run({ field: 'title', replace: { search: 'sj', with: 'S', matchCase: true } });
    expect(done.body.count).toBe(1);
    expect(await columnOf('title')).toEqual(['SJØKAPTEIN på Ærø', 'Søkaptein', 'Sjef. $1 i Ål', null]);
  });

  it('takes no character for a pattern', async () => {
    await run({ field: 'title', replace: { search: '. $1', with: '$& \\1' } });
    await run({ field: 'phone', replace: { search: '(22)', with: '' } });
    expect(await columnOf('title')).toContain('Sjef$& \\1 i Ål');
    expect(await columnOf('phone')).toEqual(['+47  33', null, null, null]);
    expect((await preview({ field: 'title', replace: { search: '.', with: 'x' } })).count).toBe(0);
  });

  it('writes telephone numbers as PATCH does, and keeps what is none', async () => {
    expect((await preview({ field: 'phone', set: '22 33 44 55' })).sample[0]).toMatchObject({ after: '+4722334455' });
    await run({ field: 'phone', set: '22 33 44 55' });
    expect(await columnOf('phone')).toEqual(Array(4).fill('+4722334455'));
    expect((await run({ field: 'phone', set: '0047 22334455' })).body.count).toBe(0);
    await run({ field: 'phone', replace: { search: '+47', with: '0046 8 ' } });
    expect(await columnOf('phone')).toEqual(Array(4).fill('+46822334455'));
    await run({ field: 'phone', set: 'after six' });
    expect(await columnOf('phone')).toEqual(Array(4).fill('after six'));
  });

  it('finds letters that are written in two characters', async () => {
    const done = await run({ field: 'title', replace: { search: 'A\u030al', with: 'Oslo' } });
    expect(done.body.count).toBe(1);
    expect(await columnOf('title')).toContain('Sjef. $1 i Oslo');
  });

  it('leaves a company its name', async () => {
    const [name] = (await columnOf('name', 'company')) as [string];
    const done = await run(
      { field: 'name', replace: { search: name, with: ' ' } },
      { entity: 'company', where: everyone },
    );
    expect(done.body.count).toBe(0);
    expect(await columnOf('name', 'company')).toContain(name);
  });

  it('takes thousands, each once, also where what is written matches again', async () => {
    await kilde.sql(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500)
      INSERT INTO person (email, title, title_fold, created_via, created_at, updated_at, creation_id, first_touch_origin_id,
        first_touch_at, first_touch_landing_page_id, lead_creation_origin_id, lead_creation_at, lead_creation_landing_page_id)
      SELECT 'n' || i || '@masse.no', 'Ås ' || i, 'ås ' || i, 'import', 0, 0, 'x', 1, 0, 0, 1, 0, 0 FROM n`);
    const change = { field: 'title', replace: { search: 'ås', with: 'Ås og ås' } };
    const where = { field: 'title', op: 'startsWith', value: 'ås' };
    expect((await preview(change, { where })).count).toBe(2500);
    const done = await run(change, { where });
    expect(done.body.count).toBe(2500);
    const wrong = "SELECT count(*) AS n FROM person WHERE title LIKE '%s %' AND title_fold NOT LIKE 'ås og ås %'";
    expect(await kilde.sql(`${wrong} AND email LIKE '%masse.no'`)).toEqual([{ n: 0 }]);
    expect((await undo(done.body.id)).body).toMatchObject({ restored: 2500, left: 0 });
    expect(await kilde.sql("SELECT count(*) AS n FROM person WHERE title LIKE 'Ås og%'")).toEqual([{ n: 0 }]);
  });
});

it('leaves alone, when undone, what has changed since', async () => {
  for (const change of [{ set: 'Sjef' }, { replace: { search: 's', with: 'S-' } }]) {
    const { body } = await run({ field: 'title', ...change });
    await kilde.api('PATCH', '/people/1', { title: 'Changed since' });
    const count = body.count as number;
    expect((await undo(body.id)).body).toMatchObject({ count, restored: count - 1, left: 1 });
    expect((await columnOf('title'))[0]).toBe('Changed since');
    expect((await columnOf('title_fold'))[0]).toBe('changed since');
    expect((await columnOf('title')).slice(1)).toEqual(['sjøkaptein', 'Sjef. $1 i Ål', null]);
  }
});

it('is undone once where two ask at once', async () => {
  const { body } = await run({ field: 'title', set: 'Sjef' });
  const answers = await Promise.all([1, 2, 3].map(() => undo(body.id)));
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409, 409]);
});

it('shows a person the old values that are kept, and keeps none of one who is erased', async () => {
  const { body } = await run({ field: 'title', set: 'Sjef' });
  const file = (await kilde.api('GET', '/people/1/export')).body;
  expect(file.bulkUpdates).toEqual([
    { at: '2026-09-01T10:00:00.000Z', field: 'title', before: 'SJØKAPTEIN på Ærø', after: 'Sjef' },
  ]);
  await kilde.api('DELETE', '/people/1');
  expect(await kilde.sql('SELECT count(*) AS n FROM bulk_update_row WHERE record_id = 1')).toEqual([{ n: 0 }]);
  expect((await undo(body.id)).body).toMatchObject({ count: 4, restored: 3, left: 1 });
});

it('lists what was done, the newest first, by page', async () => {
  const made: string[] = [];
  for (const set of ['A', 'B', 'C']) {
    made.unshift((await run({ field: 'title', set })).body.id);
    kilde.advance(1000);
  }
  const first = await kilde.api('GET', '/bulk-updates?limit=2&count=true');
  expect(first.body.count).toBe(3);
  const second = await kilde.api('GET', `/bulk-updates?limit=2&cursor=${first.body.nextCursor}`);
  expect([...first.body.items, ...second.body.items].map(({ id }: any) => id)).toEqual(made);
});

it('never writes a point, nor what tells records apart', async () => {
  const fields = (await kilde.api('GET', '/fields')).body.items;
  const before = await dump();
  const writable: string[] = [];
  for (const { entity, name } of fields.filter((one: any) => ['person', 'company'].includes(one.entity))) {
    const answer = await run({ field: name, set: '1' }, { entity, where: { any: [] } });
    if (locations(answer.body)[0] === 'body.change.field') expect(answer.status).toBe(422);
    else writable.push(`${entity}.${name}`);
  }
  expect(writable.toSorted()).toEqual(
    [
      'company.category',
      'company.country',
      'company.name',
      'company.owner',
      'person.country',
      'person.firstName',
      'person.lastName',
      'person.leadStatus',
      'person.owner',
      'person.phone',
      'person.title',
    ].toSorted(),
  );
  expect(await dump()).toEqual(before);
});

it('is refused at the place of what is wrong', async () => {
  const wrong = async (change: object, rest?: object) => {
    const answer = await run(change, rest);
    expect(answer.status).toBe(422);
    return locations(answer.body);
  };
  expect(await wrong({ field: 'title' })).toEqual(['body.change']);
  expect(await wrong({ field: 'title', set: 'a', clear: true })).toEqual(['body.change']);
  expect(await wrong({ field: 'title', set: '  ' })).toEqual(['body.change.set']);
  expect(await wrong({ field: 'constructor', set: 'a' })).toEqual(['body.change.field']);
  expect(await wrong({ field: 'leadStatus', set: 'Nothing' })).toEqual(['body.change.set']);
  expect(await wrong({ field: 'owner', set: '99' })).toEqual(['body.change.set']);
  expect(await wrong({ field: 'leadStatus', clear: true })).toEqual(['body.change.clear']);
  expect(await wrong({ field: 'leadStatus', replace: { search: 'a', with: 'b' } })).toEqual(['body.change.replace']);
  expect(await wrong({ field: 'title', replace: { search: '', with: 'b' } })).toEqual(['body.change.replace.search']);
  const title = { field: 'title', set: 'a' };
  expect(await wrong(title, {})).toEqual(['body.where']);
  expect(await wrong(title, { where: everyone, selectionId: '1' })).toEqual(['body.where']);
  expect(await wrong(title, { where: { all: [{ field: 'no', op: 'equals' }] } })).toEqual(['body.where.all[0].field']);
  expect(await wrong(title, { selectionId: '1' })).toEqual(['body.selectionId']);
  const { body } = await kilde.api('POST', '/selections', { name: 'Firms', entity: 'company' });
  expect(await wrong(title, { selectionId: body.id })).toEqual(['body.selectionId']);
  expect((await kilde.api('GET', '/bulk-updates')).body.items).toEqual([]);
  expect((await undo('nothing')).status).toBe(404);
  expect((await kilde.api('GET', '/bulk-updates/nothing')).status).toBe(404);
  const reader = await keyOf(kilde, ['read']);
  const asked = { entity: 'person', where: everyone, change: title };
  expect((await kilde.api('POST', '/bulk-updates', asked, { key: reader })).status).toBe(403);
});

it('is one transaction, and reads the records by their ids once it knows them', async () => {
  await kilde.api('GET', '/fields');
  kilde.roundTrips();
  const { body } = await run({ field: 'title', set: 'Sjef' }, { where: isOf('linkedin') });
  // The last of each is the audit log's.
  expect(kilde.roundTrips()).toBe(3);
  await undo(body.id);
  expect(kilde.roundTrips()).toBe(3);
  const scans = await kilde.scansDuring(async () => {
    const done = await run({ field: 'title', set: 'Sjef' }, { where: isOf('linkedin') });
    await undo(done.body.id);
    await run({ field: 'title', replace: { search: 'a', with: 'b' } }, { where: isOf('linkedin') });
  });
  // What was sent along is no table.
  expect(scans.filter((line) => !/^SCAN (made|json_each|found|part\d+)\b/.test(line))).toEqual([]);
});
