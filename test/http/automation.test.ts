import { beforeEach, describe, expect, it } from 'vitest';
import { categoryTriggers } from '../../src/domain/settings/automation.ts';
import type { CategoryTrigger } from '../../src/domain/settings/automation.ts';
import { createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

/**
 * Automation changes the category of companies that have none or are in the group Potential customer, and of no other, whatever
 * triggers it and on whatever path. One category beside those that a new installation has, so that a change within the group shows.
 */
const groups = ['Potential customer', 'Customer', 'Lost', 'Partner', 'Other'] as const;
const given = 'Set by automation';
const held = [null, ...groups];

let kilde: TestApp;
let companyId: string;
let givenId: string;

beforeEach(async () => {
  kilde = await createTestApp();
  const made = await kilde.api('POST', '/categories', { name: given, group: 'Other' });
  givenId = made.body.id;
  await kilde.api('PATCH', '/lead-statuses/5', { setsCategoryId: givenId });
  const kari = await kilde.api('POST', '/people', { email: 'kari@firma.no', company: { name: 'Firma AS' } });
  companyId = kari.body.company.id;
});

const hold = (category: string | null) =>
  kilde.sql('UPDATE company SET category_id = (SELECT id FROM category WHERE name = ?)', [category]);
const categoryNow = async (): Promise<string | null> =>
  (await kilde.api('GET', `/companies/${companyId}`)).body.category?.name ?? null;
const ok = ({ status, body }: { status: number; body: any }) => {
  expect(status).toBeLessThan(300);
  return body;
};
const expected = (category: string | null): string | null =>
  category === null || category === 'Potential customer' ? given : category;

/** Each makes the status of somebody at the company Qualified. */
const statusPaths: Record<string, () => Promise<unknown>> = {
  'a change of the person': async () => ok(await kilde.api('PATCH', '/people/1', { leadStatus: 'Qualified' })),
  'a card moved on a board': async () => {
    const { id } = ok(
      await kilde.api('POST', '/selections', { name: 'All', entity: 'person', kind: 'dynamic', where: { all: [] } }),
    );
    const move = { id: '1', field: 'leadStatus', from: 'Open', to: 'Qualified' };
    return ok(await kilde.api('POST', `/selections/${id}/board/move`, move));
  },
  'a bulk update': async () => bulkUpdate({ where: { all: [] } }),
  'a bulk update of a selection': async () => {
    const { id } = ok(
      await kilde.api('POST', '/selections', { name: 'All', entity: 'person', kind: 'dynamic', where: { all: [] } }),
    );
    return bulkUpdate({ selectionId: id });
  },
  'a lead with a status': async () =>
    ok(await kilde.api('POST', '/people', { email: 'ola@firma.no', leadStatus: 'Qualified' })),
  'a list of leads with a status': async () =>
    ok(
      await kilde.api('PUT', '/people', {
        items: [{ email: 'ola@firma.no', leadStatus: 'Qualified', createdVia: 'api' }],
      }),
    ),
  'a lead with the default status': async () => {
    ok(await kilde.api('PATCH', '/lead-statuses/5', { isDefault: true }));
    return ok(await kilde.api('POST', '/people', { email: 'ola@firma.no' }));
  },
};

const bulkUpdate = async (whom: object) =>
  ok(
    await kilde.api('POST', '/bulk-updates', {
      entity: 'person',
      change: { field: 'leadStatus', set: 'Qualified' },
      ...whom,
    }),
  );

describe.each(Object.keys(statusPaths))('a lead status by %s', (path) => {
  it.each(held)('leaves or changes a company whose category is %s', async (category) => {
    await hold(category);
    await statusPaths[path]!();
    expect(await categoryNow()).toBe(expected(category));
  });
});

describe('undoing a bulk update of the lead status', () => {
  it.each(held)('gives a company its category %s back', async (category) => {
    await hold(category);
    const { id } = await bulkUpdate({ where: { all: [] } });
    ok(await kilde.api('POST', `/bulk-updates/${id}/undo`));
    expect(await categoryNow()).toBe(category);
    expect((await kilde.api('GET', '/people/1')).body.leadStatus.name).toBe('Open');
  });

  it('leaves a company that has another category by then', async () => {
    const { id } = await bulkUpdate({ where: { all: [] } });
    await hold('Customer');
    ok(await kilde.api('POST', `/bulk-updates/${id}/undo`));
    expect(await categoryNow()).toBe('Customer');
  });
});

describe('turning a lead status back', () => {
  it.each(held)('runs no automation backwards where the category was %s', async (category) => {
    await hold(category);
    await statusPaths['a card moved on a board']!();
    const { items } = ok(await kilde.api('GET', '/selections'));
    const back = { id: '1', field: 'leadStatus', from: 'Qualified', to: 'Open' };
    ok(await kilde.api('POST', `/selections/${items[0].id}/board/move`, back));
    ok(await kilde.api('PATCH', '/people/1', { leadStatus: 'Contacting' }));
    expect(await categoryNow()).toBe(expected(category));
  });
});

const putDeal = async (fields: object) => {
  const closed = 'status' in fields ? { closedAt: '2026-09-01' } : {};
  const deal = { externalId: 'D-1', amount: 1, currency: 'NOK', companyId, ...closed, ...fields };
  return ok(await kilde.api('PUT', '/deals', { items: [deal] }));
};

const dealPaths: Record<
  string,
  { trigger: CategoryTrigger; before?: () => Promise<unknown>; happens: () => Promise<unknown> }
> = {
  'a new deal': { trigger: 'dealRegistered', happens: async () => putDeal({}) },
  'a deal that comes to the company later': {
    trigger: 'dealRegistered',
    before: async () => putDeal({ companyId: null }),
    happens: async () => putDeal({}),
  },
  'a deal linked by the address of a person': {
    trigger: 'dealRegistered',
    happens: async () => putDeal({ companyId: undefined, email: 'kari@firma.no' }),
  },
  'a new deal that is won': { trigger: 'dealWon', happens: async () => putDeal({ status: 'won' }) },
  'a deal that is won later': {
    trigger: 'dealWon',
    before: async () => putDeal({}),
    happens: async () => putDeal({ status: 'won' }),
  },
  'a lost deal that is won': {
    trigger: 'dealWon',
    before: async () => putDeal({ status: 'lost' }),
    happens: async () => putDeal({ status: 'won' }),
  },
  'a new deal that is lost': { trigger: 'dealLost', happens: async () => putDeal({ status: 'lost' }) },
  'a deal that is lost later': {
    trigger: 'dealLost',
    before: async () => putDeal({}),
    happens: async () => putDeal({ status: 'lost' }),
  },
  'a won deal that is lost': {
    trigger: 'dealLost',
    before: async () => putDeal({ status: 'won' }),
    happens: async () => putDeal({ status: 'lost' }),
  },
};

it('has a case for every rule for deals', () => {
  expect(new Set(Object.values(dealPaths).map(({ trigger }) => trigger))).toEqual(new Set(categoryTriggers));
});

describe.each(Object.keys(dealPaths))('%s', (path) => {
  const { trigger, before, happens } = dealPaths[path]!;

  it.each(held)('leaves or changes a company whose category is %s', async (category) => {
    await before?.();
    await hold(category);
    await kilde.sql(`UPDATE category SET set_on = iif(id = ?, json_array(?), '[]')`, [Number(givenId), trigger]);
    await happens();
    expect(await categoryNow()).toBe(expected(category));
    ok(await kilde.api('DELETE', '/deals/1'));
    expect(await categoryNow()).toBe(expected(category));
  });

  it('is no cause of what another trigger sets', async () => {
    await before?.();
    const others = categoryTriggers.filter((name) => name !== trigger);
    const isNew = before === undefined;
    await hold(null);
    await kilde.sql(`UPDATE category SET set_on = iif(id = ?, json(?), '[]')`, [
      Number(givenId),
      JSON.stringify(others.filter((name) => !isNew || name !== 'dealRegistered')),
    ]);
    await happens();
    expect(await categoryNow()).toBeNull();
  });
});

describe('a form with a default category', () => {
  it.each(held)('gives it to a company without one, and leaves one whose category is %s', async (category) => {
    await kilde.api('POST', '/forms', { name: 'Demo', slug: 'demo', defaultCategoryId: givenId });
    await hold(category);
    await kilde.submit('demo', { email: 'ola@firma.no' });
    await kilde.submit('demo', { email: 'kari@firma.no' });
    expect(await categoryNow()).toBe(category ?? given);
  });
});

describe('a person by hand', () => {
  it('sets any category on any company', async () => {
    for (const category of groups) {
      ok(await kilde.api('PATCH', `/companies/${companyId}`, { categoryId: givenId }));
      expect(await categoryNow()).toBe(given);
      await hold(category);
    }
  });
});

it('gives a new company the category of the status that its first lead has, not of the default one', async () => {
  ok(await kilde.api('PATCH', '/lead-statuses/1', { setsCategoryId: '4' }));
  const made = ok(await kilde.api('POST', '/people', { email: 'ola@annet.no', leadStatus: 'Qualified' }));
  expect(ok(await kilde.api('GET', `/companies/${made.company.id}`)).category.name).toBe(given);
  const open = ok(await kilde.api('POST', '/people', { email: 'ola@tredje.no' }));
  expect(ok(await kilde.api('GET', `/companies/${open.company.id}`)).category.name).toBe('Partner');
});

describe('a category that needs a confirmation', () => {
  const proposals = async (query = '') => ok(await kilde.api('GET', `/category-proposals?${query}`)).items;

  beforeEach(async () => {
    ok(await kilde.api('PATCH', `/categories/${givenId}`, { needsConfirmation: true, setOn: ['dealWon'] }));
    await hold('Potential customer');
  });

  it('is proposed by a deal and by a lead status, and set when somebody confirms it', async () => {
    await kilde.sql("UPDATE category SET set_on = '[]' WHERE id = 2");
    await putDeal({ status: 'won' });
    ok(await kilde.api('PATCH', '/people/1', { leadStatus: 'Qualified' }));
    await statusPaths['a bulk update']!();
    expect(await categoryNow()).toBe('Potential customer');
    const waiting = await proposals('state=pending');
    expect(waiting).toMatchObject([
      {
        company: { id: companyId, name: 'Firma AS' },
        category: { id: givenId, name: given },
        from: { name: 'Potential customer' },
        cause: 'leadStatusSet',
        decidedAt: null,
      },
    ]);
    const path = `/category-proposals/${waiting[0].id}`;
    expect(ok(await kilde.api('POST', `${path}/confirm`)).state).toBe('confirmed');
    expect(await categoryNow()).toBe(given);
    expect((await kilde.api('POST', `${path}/decline`)).status).toBe(409);
    expect(ok(await kilde.api('GET', path)).state).toBe('confirmed');
    expect((await kilde.api('POST', '/category-proposals/99/confirm')).status).toBe(404);
  });

  it('is not set where somebody declines it, or gives another one', async () => {
    await statusPaths['a change of the person']!();
    const [first] = await proposals();
    expect(ok(await kilde.api('POST', `/category-proposals/${first.id}/decline`)).state).toBe('declined');
    await kilde.api('PATCH', '/people/1', { leadStatus: 'Open' });
    await statusPaths['a change of the person']!();
    ok(await kilde.api('PATCH', `/companies/${companyId}`, { categoryId: '4' }));
    expect((await proposals()).map(({ state }: any) => state)).toEqual(['outdated', 'declined']);
    expect((await kilde.api('POST', `/category-proposals/${first.id}/confirm`)).status).toBe(409);
    expect(await categoryNow()).toBe('Partner');
  });
});

it('gives people the default lead status again where the category says so', async () => {
  ok(await kilde.api('PATCH', '/people/1', { leadStatus: 'Qualified' }));
  ok(await kilde.api('PATCH', '/categories/4', { resetsLeadStatus: true, description: 'Who sells with us' }));
  ok(await kilde.api('PATCH', `/companies/${companyId}`, { categoryId: '4' }));
  expect((await kilde.api('GET', '/people/1')).body.leadStatus.name).toBe('Open');
});
