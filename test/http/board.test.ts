import { beforeEach, describe, expect, it } from 'vitest';
import { keyOf, locations } from '../support/api-answers.ts';
import { createTestApp, startOfTime } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

let kilde: TestApp;
let all: string;

const statuses = ['Open', 'Contacting', 'Disqualified', 'Re-nurture', 'Qualified'];
const people = 30;
/** What person n was given, by n. */
const statusOf = (n: number) => statuses[n % 4]!;
const ownerOf = (n: number) => (n % 3 === 0 ? null : String(n % 3));
const sourceOf = (n: number) => ['linkedin', 'google', 'newsletter'][n % 7 === 0 ? 0 : n % 2 === 0 ? 1 : 2]!;
const dealsOf = (n: number) =>
  n % 5 === 0
    ? [
        { status: 'open', amount: n * 100, currency: 'NOK' },
        { status: 'won', amount: n * 10, currency: n % 10 === 0 ? 'EUR' : 'NOK' },
        { status: 'lost', amount: 1, currency: 'NOK' },
      ]
    : [];
const ids = Array.from({ length: people }, (_, index) => index + 1);

beforeEach(async () => {
  kilde = await createTestApp();
  for (const name of ['Kari', 'Ola']) await kilde.api('POST', '/owners', { name });
  const items = ids.map((n) => ({
    email: `p${String(n).padStart(2, '0')}@firma${n % 4}.no`,
    ...(n % 2 === 0 ? { firstName: `Fornavn ${n}` } : {}),
    ...(ownerOf(n) ? { ownerId: ownerOf(n) } : {}),
    leadStatus: statusOf(n),
    country: n % 6 === 0 ? 'NO' : n % 5 === 0 ? 'SE' : null,
    createdAt: new Date(startOfTime - 1_000_000 + n * 1000).toISOString(),
    journey: [{ at: new Date(startOfTime - 2_000_000).toISOString(), source: sourceOf(n), medium: 'cpc' }],
  }));
  await kilde.api('PUT', '/people', { items });
  for (const n of ids) {
    for (const [index, { status, amount, currency }] of dealsOf(n).entries()) {
      await kilde.sql(
        `INSERT INTO deal (external_id, person_id, company_id, status, amount_minor, currency, registered_at, updated_at)
          SELECT ?, id, company_id, ?, ?, ?, 0, 0 FROM person WHERE id = ?`,
        [`d${n}-${index}`, status, amount, currency, n],
      );
    }
  }
  all = await make({ name: 'All', kind: 'dynamic', where: { all: [] } });
});

const make = async (body: object): Promise<string> =>
  (await kilde.api('POST', '/selections', { entity: 'person', ...body })).body.id;
const board = async (query: string, id = all) => {
  const { status, body } = await kilde.api('GET', `/selections/${id}/board?${query}`);
  expect(status).toBe(200);
  return body;
};
const move = (body: object, id = all) => kilde.api('POST', `/selections/${id}/board/move`, body);

const tally = (values: Array<string | null>) => {
  const counts = new Map<string | null, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
};

/** Columns as they should be, from the records alone. */
function expected(columns: Array<string | null>, keyOfPerson: (n: number) => string | null) {
  return columns.map((value) => {
    const members = ids.filter((n) => keyOfPerson(n) === value);
    const deals = members.flatMap(dealsOf).filter(({ status }) => status !== 'lost');
    const sum = (currency: string, status: string) =>
      deals.filter((d) => d.currency === currency && d.status === status).reduce((total, d) => total + d.amount, 0);
    return {
      value,
      count: members.length,
      deals: [...new Set(deals.map(({ currency }) => currency))].toSorted().map((currency) => ({
        open: { amount: sum(currency, 'open') / 100, currency },
        won: { amount: sum(currency, 'won') / 100, currency },
      })),
      by: [...tally(members.map(sourceOf))]
        .map(([source, count]) => ({ value: source, count }))
        .toSorted((a, b) => b.count - a.count || (a.value! < b.value! ? -1 : 1)),
    };
  });
}

const shape = (columns: any[]) => columns.map(({ value, count, totals }) => ({ value, count, ...totals }));

it('has every status in its order, and none, with counts, sums of deals and sources', async () => {
  const answer = await board('groupBy=leadStatus');
  expect(answer).toMatchObject({
    selection: { id: all, name: 'All', entity: 'person' },
    groupBy: 'leadStatus',
    count: people,
  });
  expect(shape(answer.columns)).toEqual(expected([...statuses, null], statusOf));
});

it('groups by owner, by country, and by origin, whose values are those found', async () => {
  const byOwner = await board('groupBy=owner');
  expect(shape(byOwner.columns)).toEqual(expected(['1', '2', null], ownerOf));
  expect(byOwner.columns.map((column: any) => column.label?.no ?? null)).toEqual(['Kari', 'Ola', null]);
  const countryOf = (n: number) => (n % 6 === 0 ? 'NO' : n % 5 === 0 ? 'SE' : null);
  expect(shape((await board('groupBy=country')).columns)).toEqual(expected(['NO', 'SE', null], countryOf));
  const bySource = await board('groupBy=leadCreation.source');
  expect(bySource.columnsLeftOut).toBe(0);
  expect(bySource.columns.reduce((sum: number, column: any) => sum + column.count, 0)).toBe(people);
  const via = await board('groupBy=createdVia');
  expect(via.columns.map((column: any) => column.value)).toEqual([
    'form',
    'api',
    'import',
    'chat',
    'phone',
    'event',
    'manual',
    'other',
    null,
  ]);
});

it('groups companies by category, with the deals of each', async () => {
  const firms = await make({ name: 'Firms', entity: 'company', kind: 'dynamic', where: { all: [] } });
  const [first] = (await kilde.api('GET', '/categories')).body.items;
  await kilde.api('PATCH', '/companies/1', { categoryId: first.id });
  const answer = await board('groupBy=category&cardFields=domain', firms);
  const column = answer.columns.find((one: any) => one.value === first.name);
  expect(column.count).toBe(1);
  const [domain] = await kilde.sql('SELECT domain FROM company WHERE id = 1');
  expect(column.cards.items).toEqual([
    {
      id: '1',
      title: expect.any(String),
      subtitle: domain!['domain'],
      subgroup: null,
      cardFields: { domain: domain!['domain'] },
    },
  ]);
  const own = await kilde.sql(
    "SELECT coalesce(sum(amount_minor), 0) AS n FROM deal WHERE company_id = 1 AND status = 'open'",
  );
  expect(column.totals.deals.reduce((sum: number, one: any) => sum + one.open.amount, 0)).toBe(
    Number(own[0]!['n']) / 100,
  );
  expect(answer.columns.at(-1)).toMatchObject({ value: null, count: 3 });
});

it('shows the first cards of each column, and the rest by page, each once', async () => {
  const view = 'groupBy=leadStatus&columnLimit=3&sort=-email&cardFields=email';
  const answer = await board(view);
  for (const { value, cards } of answer.columns) {
    const members = ids.filter((n) => statusOf(n) === value).toReversed();
    const seen = [...cards.items];
    let cursor = cards.nextCursor;
    expect(cards.items).toHaveLength(Math.min(3, members.length));
    while (cursor !== null) {
      const column = encodeURIComponent(value ?? '');
      const { body } = await kilde.api(
        'GET',
        `/selections/${all}/board/cards?${view}&column=${column}&cursor=${cursor}`,
      );
      seen.push(...body.items);
      cursor = body.nextCursor;
    }
    const inOrder = (await kilde.sql('SELECT id, email FROM person ORDER BY email DESC')).filter((row) =>
      members.includes(row['id']),
    );
    expect(seen.map((card) => card.cardFields.email)).toEqual(inOrder.map((row) => row['email']));
  }
  const [card] = answer.columns[2].cards.items;
  expect(card).toMatchObject({ id: '30', title: 'Fornavn 30', subgroup: null, cardFields: { email: 'p30@firma2.no' } });
  const odd = (await board('groupBy=owner&sort=id')).columns[0].cards.items[0];
  expect(odd).toMatchObject({ id: '1', title: 'p01@firma1.no' });
});

it('keeps the cards of a subgroup together, over pages too', async () => {
  const view = 'groupBy=leadStatus&rows=owner&columnLimit=2&sort=id';
  const answer = await board(view);
  const open = answer.columns[0];
  const members = ids.filter((n) => statusOf(n) === 'Open');
  expect(new Map(open.subgroups.map((one: any) => [one.value, one.count]))).toEqual(tally(members.map(ownerOf)));
  const seen = [...open.cards.items];
  let cursor = open.cards.nextCursor;
  while (cursor !== null) {
    const { body } = await kilde.api('GET', `/selections/${all}/board/cards?${view}&column=Open&cursor=${cursor}`);
    seen.push(...body.items);
    cursor = body.nextCursor;
  }
  const ordered = ['1', '2', null].flatMap((owner) => members.filter((n) => ownerOf(n) === owner));
  expect(seen.map((one) => [Number(one.id), one.subgroup])).toEqual(ordered.map((n) => [n, ownerOf(n)]));
});

it('takes a filter', async () => {
  const where = encodeURIComponent(JSON.stringify({ field: 'firstTouch.source', op: 'equals', value: 'linkedin' }));
  const answer = await board(`groupBy=leadStatus&where=${where}`);
  expect(answer.count).toBe(ids.filter((n) => sourceOf(n) === 'linkedin').length);
});

describe('a move', () => {
  it('writes the field, and the category that a lead status asks for', async () => {
    const [, customer] = (await kilde.api('GET', '/categories')).body.items;
    const list = (await kilde.api('GET', '/lead-statuses')).body.items;
    const qualified = list.find((one: any) => one.name === 'Qualified');
    await kilde.api('PATCH', `/lead-statuses/${qualified.id}`, { setsCategoryId: customer.id });
    const moved = await move({ id: '4', field: 'leadStatus', from: 'Open', to: 'Qualified' });
    expect(moved).toEqual({ status: 200, body: { id: '4', field: 'leadStatus', value: 'Qualified' } });
    const person = (await kilde.api('GET', '/people/4')).body;
    expect(person.leadStatus.name).toBe('Qualified');
    const byPatch = (await kilde.api('PATCH', '/people/5', { leadStatus: 'Qualified' })).body;
    const categories = await kilde.sql('SELECT category_id FROM company WHERE id IN (?, ?)', [
      person.company.id,
      byPatch.company.id,
    ]);
    expect(categories.map((row) => row['category_id'])).toEqual([Number(customer.id), Number(customer.id)]);
  });

  it('writes owners, countries and categories, and takes them away', async () => {
    expect((await move({ id: '3', field: 'owner', from: null, to: '2' })).status).toBe(200);
    expect((await kilde.api('GET', '/people/3')).body.owner).toEqual({ id: '2', name: 'Ola' });
    expect((await move({ id: '3', field: 'owner', from: '2', to: null })).status).toBe(200);
    expect((await kilde.api('GET', '/people/3')).body.owner).toBeNull();
    expect((await move({ id: '6', field: 'country', from: 'NO', to: 'DK' })).status).toBe(200);
    const firms = await make({ name: 'Firms', entity: 'company' });
    const [first] = (await kilde.api('GET', '/categories')).body.items;
    expect((await move({ id: '1', field: 'category', from: null, to: first.name }, firms)).status).toBe(200);
    expect((await kilde.api('GET', '/companies/1')).body.category.name).toBe(first.name);
  });

  it('is a conflict where the card is no longer there, and writes nothing', async () => {
    const [, customer] = (await kilde.api('GET', '/categories')).body.items;
    const { id } = (await kilde.api('GET', '/lead-statuses')).body.items.find((one: any) => one.name === 'Qualified');
    await kilde.api('PATCH', `/lead-statuses/${id}`, { setsCategoryId: customer.id });
    const stale = await move({ id: '4', field: 'leadStatus', from: 'Contacting', to: 'Qualified' });
    expect([stale.status, stale.body.code]).toEqual([409, 'conflict']);
    expect((await kilde.api('GET', '/people/4')).body.leadStatus.name).toBe('Open');
    expect(await kilde.sql('SELECT count(*) AS n FROM company WHERE category_id IS NOT NULL')).toEqual([{ n: 0 }]);
  });

  it('is won by one of many at once', async () => {
    for (let round = 0; round < 5; round += 1) {
      const from = (await kilde.api('GET', '/people/8')).body.leadStatus.name;
      const others = statuses.filter((one) => one !== from);
      const answers = await Promise.all(others.map((to) => move({ id: '8', field: 'leadStatus', from, to })));
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      expect(answers.filter(({ status }) => status === 409)).toHaveLength(others.length - 1);
      const won = answers.find(({ status }) => status === 200)!.body.value;
      expect((await kilde.api('GET', '/people/8')).body.leadStatus.name).toBe(won);
    }
  });

  it('is refused at the place of what is wrong', async () => {
    const wrong = async (body: object) => {
      const answer = await move({ id: '4', field: 'leadStatus', from: 'Open', to: 'Qualified', ...body });
      return [answer.status, locations(answer.body)];
    };
    expect(await wrong({ field: 'firstTouch.source' })).toEqual([422, ['body.field']]);
    expect(await wrong({ field: 'email' })).toEqual([422, ['body.field']]);
    expect(await wrong({ field: 'constructor' })).toEqual([422, ['body.field']]);
    expect(await wrong({ to: 'Nothing' })).toEqual([422, ['body.to']]);
    expect(await wrong({ from: 'Nothing' })).toEqual([422, ['body.from']]);
    expect(await wrong({ to: null })).toEqual([422, ['body.to']]);
    expect(await wrong({ field: 'owner', from: null, to: '99' })).toEqual([422, ['body.to']]);
    expect(await wrong({ id: 'x' })).toEqual([422, ['body.id']]);
    expect(await wrong({ id: '99' })).toEqual([404, []]);
    expect((await move({ id: '4', field: 'leadStatus', from: 'Open', to: 'Qualified' }, '99')).status).toBe(404);
    const reader = await keyOf(kilde, ['read']);
    const body = { id: '4', field: 'leadStatus', from: 'Open', to: 'Qualified' };
    expect((await kilde.api('POST', `/selections/${all}/board/move`, body, { key: reader })).status).toBe(403);
  });

  it('reads nobody else', async () => {
    const scans = await kilde.scansDuring(async () => {
      await move({ id: '4', field: 'leadStatus', from: 'Open', to: 'Qualified' });
      await move({ id: '4', field: 'owner', from: '1', to: '2' });
    });
    // A name in any case is folded letter by letter.
    expect(scans.filter((line) => !/^SCAN (category|lead_status|fold)\b/.test(line))).toEqual([]);
  });
});

it('is one round trip beside the definitions', async () => {
  await board('groupBy=leadStatus');
  kilde.roundTrips();
  await board('groupBy=leadStatus&rows=owner&totalsBy=firstTouch.channel');
  expect(kilde.roundTrips()).toBe(2);
  await kilde.api('GET', `/selections/${all}/board/cards?groupBy=leadStatus&column=Open`);
  expect(kilde.roundTrips()).toBe(2);
  await move({ id: '4', field: 'leadStatus', from: 'Open', to: 'Qualified' });
  expect(kilde.roundTrips()).toBe(2);
});

it('says what is wrong with what it is asked', async () => {
  const wrong = async (query: string) => locations((await kilde.api('GET', `/selections/${all}/board?${query}`)).body);
  expect(await wrong('')).toEqual(['query.groupBy']);
  expect(await wrong('groupBy=email')).toEqual(['query.groupBy']);
  expect(await wrong('groupBy=leadStatus&rows=no&totalsBy=no')).toEqual(['query.rows', 'query.totalsBy']);
  expect(await wrong('groupBy=leadStatus&columnLimit=0')).toEqual(['query.columnLimit']);
  expect(await wrong('groupBy=leadStatus&where=x')).toEqual(['query.where']);
  expect(await wrong(`groupBy=leadStatus&where=${encodeURIComponent('{"field":"no","op":"equals"}')}`)).toEqual([
    'query.where.field',
  ]);
  expect(await wrong('groupBy=leadStatus&cardFields=no')).toEqual(['query.cardFields[0]']);
  expect((await kilde.api('GET', '/selections/99/board?groupBy=leadStatus')).status).toBe(404);
});
