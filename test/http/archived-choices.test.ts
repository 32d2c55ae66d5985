import { beforeEach, describe, expect, it } from 'vitest';
import { createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

let kilde: TestApp;
/** A status and a category that a person and a company have, and that are archived then. */
let ids: { status: string; category: string; person: string; company: string };

const archivedStatus = "The lead status 'Old' is archived. Choose one of: ";
const archivedCategory = "The category 'Retired' is archived. Choose one of: ";

async function call(method: string, path: string, body?: unknown): Promise<any> {
  const answer = await kilde.api(method, path, body);
  expect([path, answer.status < 300, answer.body?.errors]).toEqual([path, true, undefined]);
  return answer.body;
}

/** The one fault of a request that is refused. */
async function fault(method: string, path: string, body: unknown): Promise<{ location: string; message: string }> {
  const answer = await kilde.api(method, path, body);
  expect(answer.status).toBe(422);
  expect(answer.body.errors).toHaveLength(1);
  return answer.body.errors[0];
}

beforeEach(async () => {
  kilde = await createTestApp();
  await kilde.sql("INSERT INTO form (key, name, site_id, created_at) VALUES ('demo', 'Demo', 1, 0)");
  const status = (await call('POST', '/lead-statuses', { name: 'Old', description: 'No longer used' })).id;
  const category = (await call('POST', '/categories', { name: 'Retired', group: 'Other', setOn: ['dealWon'] })).id;
  const person = (await call('POST', '/people', { email: 'kari@firma.no', leadStatus: 'old' })).id;
  const company = (await call('GET', `/people/${person}`)).company.id;
  await call('PATCH', `/companies/${company}`, { category: 'retired' });
  ids = { status, category, person, company };
  await call('PATCH', `/lead-statuses/${status}`, { archived: true });
  await call('PATCH', `/categories/${category}`, { archived: true });
  kilde.advance(60_000);
});

describe('an archived status or category', () => {
  it('says so, keeps its time, and is restored', async () => {
    const archivedAt = '2026-09-01T10:00:00.000Z';
    for (const path of [`/lead-statuses/${ids.status}`, `/categories/${ids.category}`]) {
      expect(await call('PATCH', path, { archived: true, position: 3 })).toMatchObject({ archivedAt, position: 3 });
      const [list] = path.split(/\/\d/);
      expect((await call('GET', `${list}?archivedAt[notEmpty]&count=true`)).count).toBe(1);
      expect(await call('PATCH', path, await call('GET', path))).toMatchObject({ archivedAt });
      expect(await call('PATCH', path, { archived: false })).toMatchObject({ archivedAt: null });
    }
    expect(await call('GET', `/lead-statuses/${ids.status}`)).toMatchObject({ description: 'No longer used' });
    await call('PATCH', `/companies/${ids.company}`, { category: null });
    await call('PATCH', `/companies/${ids.company}`, { category: 'Retired' });
  });

  it('is kept, shown and filtered by where records have it', async () => {
    expect(await call('GET', `/people/${ids.person}`)).toMatchObject({ leadStatus: { id: ids.status, name: 'Old' } });
    expect((await call('GET', '/people?leadStatus=Old&count=true')).count).toBe(1);
    expect((await call('GET', '/companies?category=Retired&count=true')).count).toBe(1);
    // Sent back as it is, it is no new choice.
    await call('PATCH', `/people/${ids.person}`, { leadStatus: 'Old', title: 'CEO' });
    await call('PATCH', `/companies/${ids.company}`, { categoryId: ids.category, country: 'NO' });
    const [kept, added] = [{ email: 'Kari@firma.no', leadStatus: 'OLD', title: 'CTO' }, { email: 'new@firma.no' }];
    expect((await call('PUT', '/people', { items: [kept, added] })).items).toMatchObject([
      { id: ids.person, created: false },
      { created: true },
    ]);
    const taken = { email: 'new@firma.no', leadStatusId: ids.status };
    expect(await fault('PUT', '/people', { items: [kept, taken] })).toMatchObject({
      location: 'body.items[1].leadStatusId',
    });
  });

  it('is refused for a new choice, with those that can be chosen', async () => {
    const other = (await call('POST', '/people', { email: 'ola@annet.no' })).id;
    const company = (await call('GET', `/people/${other}`)).company.id;
    for (const [given, location] of [
      [{ leadStatus: 'OLD' }, 'leadStatus'],
      [{ leadStatusId: ids.status }, 'leadStatusId'],
    ] as const) {
      const refused = await fault('PATCH', `/people/${other}`, given);
      expect(refused).toMatchObject({ location: `body.${location}` });
      expect(refused.message).toMatch(archivedStatus);
      expect(refused.message).toContain('Qualified');
      expect(refused).toMatchObject({ known: expect.arrayContaining(['Open', 'Qualified']) });
      const put = await fault('PUT', '/people', { items: [{ email: 'x@y.no', ...given }] });
      expect([put.location, put.message.startsWith(archivedStatus)]).toEqual([`body.items[0].${location}`, true]);
    }
    for (const [method, path, body] of [
      ['PATCH', `/companies/${company}`, { category: 'retired' }],
      ['PATCH', `/companies/${company}`, { categoryId: ids.category }],
      ['POST', '/companies', { name: 'New', category: 'Retired' }],
      ['PATCH', '/forms/demo', { defaultCategoryId: ids.category }],
      ['POST', '/lead-statuses', { name: 'Next', setsCategoryId: ids.category }],
      ['PATCH', '/lead-statuses/1', { setsCategoryId: ids.category }],
      [
        'POST',
        '/bulk-updates',
        { entity: 'company', where: { all: [] }, change: { field: 'category', set: 'Retired' }, dryRun: true },
      ],
    ] as const) {
      const refused = await fault(method, path, body);
      expect([path, refused.message.startsWith(archivedCategory)]).toEqual([path, true]);
    }
    const bulk = { entity: 'person', where: { all: [] }, change: { field: 'leadStatus', set: 'old' } };
    expect((await fault('POST', '/bulk-updates', bulk)).message).toMatch(archivedStatus);
    expect((await fault('PATCH', `/people/${other}`, { leadStatus: 'Nobody' })).message).toMatch(
      /^Unknown lead status 'Nobody'. Choose one of: (?!.*Old)/,
    );
    expect((await fault('PATCH', `/companies/${company}`, { categoryId: '99' })).message).toMatch(
      /^Unknown category '99'. Choose one of: (?!.*Retired)/,
    );
  });

  it('has a column on a board only where it has cards, and takes no more', async () => {
    await call('POST', '/people', { email: 'ola@annet.no' });
    const all = { name: 'All', kind: 'dynamic', where: { all: [] } };
    const { id } = await call('POST', '/selections', { ...all, entity: 'person' });
    const columns = async () =>
      (await call('GET', `/selections/${id}/board?groupBy=leadStatus`)).columns.map((one: any) => one.value);
    expect(await columns()).toContain('Old');
    const path = `/selections/${id}/board/move`;
    const move = (from: string, to: string) => ({ id: ids.person, field: 'leadStatus', from, to });
    expect((await kilde.api('POST', path, move('Old', 'Open'))).status).toBe(200);
    expect(await columns()).not.toContain('Old');
    expect(await fault('POST', path, move('Open', 'Old'))).toMatchObject({
      location: 'body.to',
      message: expect.stringContaining(archivedStatus),
    });
  });

  it('cannot be what new people get', async () => {
    const [{ id }] = (await call('GET', '/lead-statuses?isDefault=true')).items;
    for (const [path, body] of [
      [`/lead-statuses/${id}`, { archived: true }],
      [`/lead-statuses/${ids.status}`, { isDefault: true }],
    ] as const) {
      const { status, body: answer } = await kilde.api('PATCH', path, body);
      expect([status, answer.detail]).toEqual([409, expect.stringContaining('both archived and the default')]);
    }
    await call('PATCH', `/lead-statuses/${ids.status}`, { archived: false, isDefault: true });
    await call('PATCH', `/lead-statuses/${id}`, { archived: true });
  });

  it('stands in the funnel only where it has people', async () => {
    const funnel = async () =>
      (await call('GET', '/reports/lead-qualification-funnel?period=all')).rows.map(
        (row: any) => row.leadStatus?.name ?? row.leadStatus,
      );
    expect(await funnel()).toContain('Old');
    await call('PATCH', `/people/${ids.person}`, { leadStatus: 'Open' });
    expect(await funnel()).not.toContain('Old');
    expect(await funnel()).toContain('Qualified');
  });
});

describe('automation', () => {
  const categoryOf = async (email: string) => {
    const [{ company }] = (await call('GET', `/people?email=${email}`)).items;
    return (await call('GET', `/companies/${company.id}`)).category?.name ?? null;
  };

  it('goes on without an archived category, of forms, statuses and deals', async () => {
    await call('PATCH', `/categories/${ids.category}`, { archived: false });
    const next = await call('POST', '/lead-statuses', { name: 'Next', setsCategoryId: ids.category });
    await call('PATCH', '/forms/demo', { defaultCategoryId: ids.category });
    await kilde.submit('demo', { email: 'a@first.no' });
    expect(await categoryOf('a@first.no')).toBe('Retired');
    await call('PATCH', `/categories/${ids.category}`, { archived: true });
    // The form and the status keep it, and can be changed.
    await call('PATCH', '/forms/demo', { defaultCategoryId: ids.category, name: 'Renamed' });
    await call('PATCH', `/lead-statuses/${next.id}`, { setsCategoryId: ids.category, position: 2 });
    await kilde.submit('demo', { email: 'b@second.no' });
    expect(await categoryOf('b@second.no')).toBeNull();
    const [{ id }] = (await call('GET', '/people?email=b@second.no')).items;
    await call('PATCH', `/people/${id}`, { leadStatusId: next.id });
    expect(await categoryOf('b@second.no')).toBeNull();
    // Of two categories that one event sets, the archived one does not stand in the way.
    const won = await call('POST', '/categories', { name: 'Won', group: 'Customer', setOn: ['dealWon'] });
    await call('PATCH', `/categories/${ids.category}`, { position: 0 });
    await call('PATCH', '/categories/2', { setOn: [] });
    const deal = {
      externalId: 'd',
      email: 'b@second.no',
      amount: 1,
      currency: 'NOK',
      status: 'won',
      closedAt: '2026-09-01',
    };
    await call('PUT', '/deals', { items: [deal, { ...deal, externalId: 'e', email: 'c@third.no' }] });
    expect(await categoryOf('b@second.no')).toBe(won.name);
    await kilde.submit('demo', { email: 'c@third.no' });
    expect(await categoryOf('c@third.no')).toBe(won.name);
  });

  it("proposes a form's category that needs a confirmation, once", async () => {
    const { id } = await call('POST', '/categories', {
      name: 'Hot',
      group: 'Potential customer',
      needsConfirmation: true,
    });
    await call('PATCH', '/forms/demo', { defaultCategoryId: id });
    const proposals = async () => (await call('GET', '/category-proposals?sort=id')).items;
    await kilde.submit('demo', { email: 'a@new.no' });
    await kilde.submit('demo', { email: 'b@new.no' });
    expect(await categoryOf('a@new.no')).toBeNull();
    const [proposal, ...others] = await proposals();
    expect(others).toEqual([]);
    expect(proposal).toMatchObject({
      category: { id, name: 'Hot' },
      from: null,
      cause: 'leadArrived',
      state: 'pending',
    });
    await call('PATCH', `/categories/${id}`, { archived: true });
    const refused = await kilde.api('POST', `/category-proposals/${proposal.id}/confirm`);
    expect([refused.status, refused.body.detail]).toEqual([
      409,
      "The category 'Hot' is archived. Restore it, or decline this proposal.",
    ]);
    await call('PATCH', `/categories/${id}`, { archived: false });
    await call('POST', `/category-proposals/${proposal.id}/decline`);
    await kilde.submit('demo', { email: 'c@new.no' });
    expect(await proposals()).toHaveLength(1);
    // A company that has a category keeps it.
    await kilde.submit('demo', { email: 'kari@firma.no' });
    expect([await categoryOf('kari@firma.no'), (await proposals()).length]).toEqual(['Retired', 1]);
  });
});
