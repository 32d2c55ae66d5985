import { beforeAll, expect, it } from 'vitest';
import { createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

let kilde: TestApp;

/** How many people a condition finds, in a list and in criteria: they are the same. */
async function find(field: string, op: string, value: string): Promise<number> {
  const where = { field, op, value };
  const { body } = await kilde.api('POST', '/segments/query', { entity: 'person', where });
  const address = `/people?${field}[${op}]=${encodeURIComponent(value)}`;
  const list = (await kilde.api('GET', address)).body;
  expect([address, list.items?.length]).toEqual([address, body.items?.length]);
  return body.items?.length;
}

const arrive = async (email: string, url: string) =>
  kilde.api('POST', '/people', { email, journey: [{ at: '2026-08-31T10:00:00Z', url }] });

beforeAll(async () => {
  kilde = await createTestApp();
  await arrive('a@a-firma.no', 'https://x.no/Om-Oss?utm_source=linkedin');
  await arrive('b@b-firma.no', 'https://x.no/pølse?utm_source=linked-in');
  await arrive('c@c-firma.no', 'https://blåbær.no/Pølse?utm_source=li');
});

it('finds landing pages by what is shown, in any case, with letters or escapes', async () => {
  for (const [op, value, count] of [
    ['equals', 'https://x.no/Om-Oss', 1],
    ['equals', 'https://x.no/om-oss', 1],
    ['startsWith', 'https://X.no/OM', 1],
    ['contains', 'Om-Oss', 1],
    ['endsWith', '-Oss', 1],
    ['isExactly', 'https://x.no/Om-Oss', 1],
    ['isExactly', 'https://x.no/om-oss', 0],
    ['equals', 'https://x.no/pølse', 1],
    ['equals', 'https://x.no/p%C3%B8lse', 1],
    ['equals', 'https://x.no/p%c3%b8lse', 1],
    ['contains', 'pølse', 2],
    ['equals', 'https://blåbær.no/P%C3%B8lse', 1],
    ['isExactly', 'https://blåbær.no/P%C3%B8lse', 1],
    ['startsWith', 'https://blåbær.no/', 1],
  ] as const) {
    expect([op, value, await find('firstTouch.landingPage', op, value)]).toEqual([op, value, count]);
  }
});

it('puts a value through the corrections, and finds it by the label that is shown', async () => {
  const source = (op: string, value: string) => find('firstTouch.source', op, value);
  await kilde.api('POST', '/aliases', { field: 'source', values: ['linked-in', 'lnkd'], canonical: 'linkedin' });
  expect(await source('equals', 'linked-in')).toBe(2);
  expect(await source('equals', 'lnkd')).toBe(2);
  // A part of a corrected spelling is no part of what it counts as.
  expect(await source('startsWith', 'lnk')).toBe(0);
  await kilde.api('POST', '/aliases', {
    field: 'source',
    values: ['linkedin'],
    canonical: 'li',
    label: 'Ligaen (ads)',
  });
  for (const [op, value] of [
    ['equals', 'Ligaen (ads)'],
    ['startsWith', 'Liga'],
    ['contains', '(ads)'],
    ['endsWith', 'ads)'],
    ['isExactly', 'Ligaen (ads)'],
    ['equals', 'lnkd'],
    ['equals', 'LinkedIn'],
    ['equals', 'li'],
  ] as const) {
    expect([op, value, await source(op, value)]).toEqual([op, value, 3]);
  }
  expect(await source('notEquals', 'linked-in')).toBe(0);
});

it('finds statuses and categories by id, or by name in any case', async () => {
  const { id } = (await kilde.api('POST', '/lead-statuses', { name: 'Ærlig' })).body;
  const category = (await kilde.api('POST', '/categories', { name: 'Øvrig', group: 'Other' })).body.id;
  const { items } = (await kilde.api('GET', '/people?email=a@a-firma.no&columns=company')).body;
  await kilde.api('PATCH', `/people/${items[0].id}`, { leadStatus: 'Ærlig' });
  await kilde.api('PATCH', `/companies/${items[0].company.id}`, { category: 'Øvrig' });
  for (const value of [id, 'Ærlig', 'ærlig'])
    expect([value, await find('leadStatus', 'equals', value)]).toEqual([value, 1]);
  for (const value of [category, 'Øvrig', 'øvrig']) {
    expect([value, await find('company.category', 'equals', value)]).toEqual([value, 1]);
  }
  const refused = await kilde.api('GET', '/people?leadStatus=9999');
  expect([refused.status, refused.body.errors[0].message]).toEqual([422, "There is no lead status '9999'."]);
});
