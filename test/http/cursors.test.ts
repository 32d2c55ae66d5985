import { beforeAll, expect, it } from 'vitest';
import { createApi } from '../../src/api.ts';
import { fillLists } from '../support/list-world.ts';
import { createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

/** While records come, change and go between the pages of every list, none that stays is left out or shown twice. */
let kilde: TestApp;
let ids: Record<string, string>;

beforeAll(async () => {
  kilde = await createTestApp();
  ids = await fillLists(kilde);
});

const { operations } = createApi({} as TestApp['deps']);
const paths = operations.flatMap(({ path, list, listByRecord }) =>
  list === undefined
    ? []
    : listByRecord
      ? ['people', 'companies', 'deals', 'submissions'].map((name) => `${path} of ${name}`)
      : [path],
);
const addressOf = (path: string): string => path.replace(/ .*/, '').replace(/:(\w+)/, () => ids[path]!);
/** Lists of which a record can be deleted by its id. Forms and sites stay: others belong to them. */
const deletable = operations
  .filter(({ method, path }) => method === 'delete' && path.endsWith('/:id') && !/forms|sites|pipelines/.test(path))
  .map(({ path }) => path.replace('/:id', ''))
  .filter((path) => paths.includes(path));

const page = async (path: string, query: string): Promise<{ ids: string[]; cursor: string | null }> => {
  const { status, body } = await kilde.api('GET', `${addressOf(path)}?columns=id&${query}`);
  expect([path, query, status]).toEqual([path, query, 200]);
  return { ids: body.items.map((one: { id: string }) => one.id), cursor: body.nextCursor };
};
const everything = async (): Promise<Map<string, string[]>> => {
  const found = new Map<string, string[]>();
  for (const path of paths) found.set(path, (await page(path, 'limit=1000')).ids);
  return found;
};

/** Adds to most lists, changes some records, and deletes the first and the last that may be deleted of each. */
async function changeWorld(round: number): Promise<number> {
  const name = `New ${round}`;
  const day = `2026-0${round + 1}-15`;
  const added: Array<[string, string, object]> = [
    ['POST', '/owners', { name }],
    ['POST', '/api-keys', { name, scopes: ['read'] }],
    ['POST', '/companies', { name }],
    ['POST', '/people', { email: `new${round}@alfa.no`, createdAt: day }],
    ['POST', '/links', { page: `https://example.com/new-${round}`, source: 'new', medium: 'cpc' }],
    ['POST', '/aliases', { field: 'source', values: [`new${round}`], canonical: 'new' }],
    ['POST', '/selections', { name, entity: 'person' }],
    ['POST', '/dashboards', { name, tiles: [{ reportId: 'top-forms' }] }],
    ['POST', '/annotations', { day, text: name }],
    ['POST', '/reports', { name, query: { measures: ['leads'] } }],
    ['POST', '/lead-statuses', { name }],
    ['POST', '/categories', { name, group: 'Customer' }],
    ['PUT', '/costs', { items: [{ day, source: 'new', amount: 1, currency: 'NOK' }] }],
    ['PUT', '/exchange-rates', { items: [{ day, base: 'EUR', quote: 'NOK', rate: 11 }] }],
    ['PUT', '/deals', { items: [{ externalId: `N-${round}`, amount: 1, currency: 'NOK', createdAt: day }] }],
    ['PUT', '/deals', { items: [{ externalId: 'D-1', name, amount: round, currency: 'EUR' }] }],
  ];
  for (const [method, path, body] of added) {
    const { status, body: answer } = await kilde.api(method, path, body);
    expect([path, status < 300, answer.errors]).toEqual([path, true, undefined]);
  }
  const sent = await kilde.submit('contact', { email: `sender${round}@beta.no`, _page: 'https://example.com/new' });
  expect(sent.status).toBeLessThan(400);
  let deleted = 0;
  for (const path of deletable) {
    const known = (await page(path, 'limit=1000')).ids;
    const parents = new Set(Object.entries(ids).flatMap(([of, id]) => (of.startsWith(`${path}/`) ? [id] : [])));
    for (const id of new Set([known.at(round), known.at(-1)])) {
      if (id === undefined || parents.has(id)) continue;
      // What is in use, such as the default status, stays.
      const { status } = await kilde.api('DELETE', `${path}/${id}`);
      expect([path, [200, 204, 404, 409, 422].includes(status)]).toEqual([path, true]);
      if (status < 300) deleted += 1;
    }
  }
  kilde.advance(3_600_000);
  return deleted;
}

it('shows every record that stays once, on every list, while others come and go', async () => {
  const before = await everything();
  const walks = paths.flatMap((path) =>
    ['', 'sort=id', 'sort=-id'].map((sort) => ({ path, sort, seen: [] as string[], cursor: '' as string | null })),
  );
  let deleted = 0;
  for (const [round, limit] of [1, 1, 2, 1_000].entries()) {
    for (const walk of walks.filter(({ cursor }) => cursor !== null)) {
      const read = await page(walk.path, `limit=${limit}&cursor=${walk.cursor}&${walk.sort}`);
      walk.seen.push(...read.ids);
      walk.cursor = read.cursor;
    }
    if (limit < 1_000) deleted += await changeWorld(round);
  }
  expect(deleted).toBeGreaterThan(20);
  const after = await everything();
  let stayed = 0;
  for (const { path, sort, seen, cursor } of walks) {
    expect([path, sort, cursor]).toEqual([path, sort, null]);
    expect([path, sort, seen.length]).toEqual([path, sort, new Set(seen).size]);
    const still = before.get(path)!.filter((id) => after.get(path)!.includes(id));
    expect([path, sort, still.filter((id) => !seen.includes(id))]).toEqual([path, sort, []]);
    stayed += still.length;
  }
  expect(stayed).toBeGreaterThan(walks.length);
});
