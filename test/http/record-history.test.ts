import { beforeAll, describe, expect, it } from 'vitest';
import { createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

// What changed in a person, a company and a deal, and who changed it.

let kilde: TestApp;
let marit: { id: string; key: string };

beforeAll(async () => {
  kilde = await createTestApp();
  await kilde.api('POST', '/forms', { name: 'Contact', slug: 'contact' });
  marit = (await kilde.api('POST', '/api-keys', { name: 'Marit', scopes: ['write'] })).body;
});

type Change = Record<string, any>;
const history = async (path: string, query = ''): Promise<Change[]> => {
  const { status, body } = await kilde.api('GET', `/${path}/history${query}`);
  expect(status, JSON.stringify(body)).toBe(200);
  return body.items;
};
const told = (changes: Change[]) =>
  changes.map(({ field, before, after, via, rule }) => [field, before, after, via, rule]);
/** A request that has to succeed. */
const ok = async (method: string, path: string, body?: unknown, key?: string) => {
  const answer = await kilde.api(method, path, body, key === undefined ? {} : { key });
  expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
  return answer.body;
};
const personOf = async (email: string) => (await kilde.api('GET', `/people?email=${email}`)).body.items[0];

/** A person with a company, sent by a form. */
async function lead(email: string, fields: object = {}): Promise<{ person: string; company: string; record: any }> {
  await kilde.submit('contact', { email, ...fields });
  const record = await personOf(email);
  return { person: `people/${record.id}`, company: `companies/${record.company.id}`, record };
}

describe('the history of a person', () => {
  it('begins empty, and has what a form fills in, with the form', async () => {
    const { person } = await lead('kari@en.no');
    expect(await history(person)).toEqual([]);
    kilde.advance(1_000);
    await kilde.submit('contact', { email: 'kari@en.no', first_name: 'Kari', phone: '+47 912 34 567' });
    const changes = await history(person, '?sort=field');
    expect(changes).toEqual(
      [
        ['firstName', 'Kari'],
        ['phone', '+4791234567'],
      ].map(([field, after]) => ({
        id: expect.any(String),
        at: '2026-09-01T10:00:01.000Z',
        field,
        before: null,
        after,
        via: 'form',
        rule: null,
        form: { id: 'contact', name: 'Contact' },
        by: null,
        key: null,
      })),
    );
    // The same form again changes nothing.
    await kilde.submit('contact', { email: 'kari@en.no', first_name: 'Kari', message: 'again' });
    expect(await history(person)).toHaveLength(2);
  });

  it('names the key that changed it, with the names of records as they were', async () => {
    const { person, record } = await lead('ola@to.no');
    const owner = (await kilde.api('POST', '/owners', { name: 'Ida' })).body;
    kilde.advance(1_000);
    await ok('PATCH', `/${person}`, { title: 'Leder', ownerId: owner.id }, marit.key);
    await ok('PATCH', `/owners/${owner.id}`, { name: 'Ida Moen' });
    kilde.advance(1_000);
    await ok('PATCH', `/${person}`, { id: record.id, title: 'Direktør', leadStatus: 'Contacting' });
    const changes = await history(person);
    expect(told(changes)).toEqual([
      ['leadStatus', { id: '1', name: 'Open' }, { id: '2', name: 'Contacting' }, 'edit', null],
      ['title', 'Leder', 'Direktør', 'edit', null],
      ['owner', null, { id: owner.id, name: 'Ida' }, 'edit', null],
      ['title', null, 'Leder', 'edit', null],
    ]);
    expect(changes.map(({ key }) => key?.name ?? null)).toEqual([null, null, 'Marit', 'Marit']);
    expect(told(await history(person, '?field=title&key=Marit'))).toEqual([['title', null, 'Leder', 'edit', null]]);
    expect(told(await history(person, '?via=form'))).toEqual([]);
  });

  it('goes on through a merge, and names imports and bulk updates', async () => {
    const [kept, removed] = [await lead('per@tre.no'), await lead('per2@tre.no')];
    const ids = [kept, removed].map(({ record }) => record.id);
    await ok('PATCH', `/${removed.person}`, { title: 'Selger' });
    await ok('PUT', '/people', { items: [{ email: 'per@tre.no', country: 'NO', createdVia: 'import' }] });
    await ok('POST', '/bulk-updates', {
      entity: 'person',
      where: { field: 'email', op: 'equals', value: 'per@tre.no' },
      change: { field: 'country', set: 'SE' },
    });
    const merge = await ok('POST', `/${kept.person}/merge`, { otherId: ids[1] });
    expect(told(await history(kept.person, '?sort=id'))).toEqual([
      ['title', null, 'Selger', 'edit', null],
      ['country', null, 'NO', 'import', null],
      ['country', 'NO', 'SE', 'bulkUpdate', null],
      ['title', null, 'Selger', 'merge', null],
    ]);
    await ok('POST', `/people/merges/${merge.id}/undo`);
    expect(told(await history(removed.person))).toEqual([['title', null, 'Selger', 'edit', null]]);
    expect((await history(kept.person, '?field=title'))[0]).toMatchObject({
      before: 'Selger',
      after: null,
      via: 'merge',
    });
  });

  it('is of a person who is there', async () => {
    expect((await kilde.api('GET', '/people/9999/history')).status).toBe(404);
    expect((await kilde.api('GET', '/deals/9999/history')).status).toBe(404);
  });
});

describe('why a company has its category', () => {
  it('is a person, a form, or a rule and who set it going', async () => {
    await ok('PATCH', '/categories/2', { setOn: ['dealWon'] });
    await ok('POST', '/forms', { name: 'Trial', slug: 'trial', defaultCategoryId: '1' });
    const { company, person } = await lead('ida@fire.no');
    kilde.advance(1_000);
    await kilde.submit('trial', { email: 'ida@fire.no' });
    kilde.advance(1_000);
    const deal = { externalId: 'F-1', email: 'ida@fire.no', amount: 100, currency: 'NOK' };
    await kilde.api(
      'PUT',
      '/deals',
      { items: [{ ...deal, status: 'won', closedAt: '2026-09-01' }] },
      { key: marit.key },
    );
    kilde.advance(1_000);
    await ok('PATCH', `/${company}`, { categoryId: '3' });
    const categories = (await kilde.api('GET', '/categories')).body.items.map(({ id, name }: any) => ({ id, name }));
    const [first, second, third] = categories;
    const changes = await history(company, '?field=category');
    expect(told(changes)).toEqual([
      ['category', second, third, 'edit', null],
      ['category', first, second, 'automation', 'dealWon'],
      ['category', null, first, 'automation', 'leadArrived'],
    ]);
    expect(changes.map(({ key }) => key?.name ?? null)).toEqual([null, 'Marit', null]);
    // By the status of one of its people.
    await ok('PATCH', '/lead-statuses/5', { setsCategoryId: '2' });
    await ok('PATCH', `/${company}`, { categoryId: '1' });
    await ok('PATCH', `/${person}`, { leadStatusId: '5' }, marit.key);
    expect((await history(company, '?field=category&limit=1'))[0]).toMatchObject({
      after: second,
      rule: 'leadStatusSet',
      key: { name: 'Marit' },
    });
    expect(await kilde.sql('SELECT * FROM change_author')).toEqual([]);
  });
});

describe('the history of a deal', () => {
  it('has each field in the shapes of the deal', async () => {
    await ok('PUT', '/deals', {
      items: [{ externalId: 'H-1', amount: 1200.5, currency: 'NOK', email: 'sent@later.no' }],
    });
    const [{ id }] = (await kilde.api('GET', '/deals?externalId=H-1')).body.items;
    expect(await history(`deals/${id}`)).toEqual([]);
    kilde.advance(1_000);
    await ok('PATCH', `/deals/${id}`, {
      amount: 1300,
      currency: 'NOK',
      nextStep: { text: 'Call', day: '2026-10-01' },
      probability: 0.4,
    });
    kilde.advance(1_000);
    await ok('PATCH', `/deals/${id}`, { status: 'won', closedAt: '2026-09-01' });
    const changes = await history(`deals/${id}`, '?sort=id');
    expect(changes.map(({ field, before, after }) => [field, before, after])).toEqual([
      ['probability', 0.1, 0.4],
      ['amount', 1200.5, 1300],
      ['nextStep', null, { text: 'Call', day: '2026-10-01' }],
      ['stage', { id: '1', name: expect.any(String) }, { id: expect.any(String), name: expect.any(String) }],
      ['status', 'open', 'won'],
      ['closedAt', null, expect.stringMatching(/^2026-09-01T\d\d:\d\d:\d\d\.\d{3}Z$/)],
    ]);
    kilde.advance(1_000);
    // The lead arrives that the deal waits for.
    await kilde.submit('contact', { email: 'sent@later.no' });
    const person = await personOf('sent@later.no');
    expect(told(await history(`deals/${id}`, '?rule=dealLinked&sort=-field'))).toEqual([
      ['person', null, { id: person.id }, 'automation', 'dealLinked'],
      ['company', null, { id: person.company.id, name: person.company.name }, 'automation', 'dealLinked'],
    ]);
  });
});

describe('erasure and retention', () => {
  it('leave nothing that a person was called, and note nothing', async () => {
    const { person } = await lead('eva@fem.no', { first_name: 'Eva' });
    await ok('PUT', '/deals', {
      items: [{ externalId: 'E-1', name: 'Eva A', amount: 1, currency: 'NOK', email: 'eva@fem.no' }],
    });
    const [deal] = (await kilde.api('GET', '/deals?externalId=E-1')).body.items;
    await ok('PATCH', `/deals/${deal.id}`, { name: 'Eva B', amount: 2, currency: 'NOK' });
    await ok('PATCH', `/${person}`, { firstName: 'Eva Marie' });
    const file = (
      await kilde.request(`/api/v1/${person}/export`, { headers: { authorization: `Bearer ${marit.key}` } })
    ).json() as any;
    expect((await file).history).toMatchObject([
      { of: 'deal', field: 'name', before: 'Eva A', after: 'Eva B' },
      { of: 'deal', field: 'amount', before: 1, after: 2 },
      { of: 'person', field: 'firstName', before: 'Eva', after: 'Eva Marie' },
    ]);
    expect((await kilde.api('DELETE', `/${person}`)).status).toBe(204);
    const left = JSON.stringify(await kilde.sql('SELECT * FROM record_change'));
    expect(left).not.toContain('Eva');
    expect(told(await history(`deals/${deal.id}`))).toEqual([['amount', 1, 2, 'edit', null]]);
  });

  it('go with a record that is deleted', async () => {
    const { company } = await lead('x@seks.no');
    await ok('PATCH', `/${company}`, { name: 'Seks' });
    expect(await history(company)).toHaveLength(1);
    await ok('DELETE', `/${company}`);
    expect(await kilde.sql(`SELECT * FROM record_change WHERE entity = 'company' AND became = '"Seks"'`)).toEqual([]);
    const [moved] = await history(`people/${(await personOf('x@seks.no')).id}`);
    expect(moved).toMatchObject({ field: 'company', before: { name: 'Seks' }, after: null, via: 'edit' });
  });
});
