import { beforeEach, describe, expect, it } from 'vitest';
import { locations, settingsVersion } from '../support/api-answers.ts';
import { createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

let kilde: TestApp;

beforeEach(async () => {
  kilde = await createTestApp();
  await kilde.sql("INSERT INTO form (key, name, site_id, created_at) VALUES ('demo', 'Demo', 1, 0)");
});

describe('owners', () => {
  it('are added, changed, listed and deleted', async () => {
    const made = await kilde.api('POST', '/owners', { name: 'Ola', email: ' Ola@Firma.NO ' });
    expect(made).toEqual({
      status: 201,
      body: { id: '1', name: 'Ola', email: 'ola@firma.no', active: true, createdAt: '2026-09-01T10:00:00.000Z' },
    });
    const changed = await kilde.api('PATCH', '/owners/1', { name: 'Ola N', active: false });
    expect(changed).toEqual({ status: 200, body: { ...made.body, name: 'Ola N', active: false } });
    expect((await kilde.api('PATCH', '/owners/1', {})).body).toEqual(changed.body);
    expect((await kilde.api('GET', '/owners?count=true')).body).toEqual({
      items: [changed.body],
      nextCursor: null,
      count: 1,
    });
    expect((await kilde.api('DELETE', '/owners/1')).status).toBe(204);
    expect((await kilde.api('GET', '/owners')).body.items).toEqual([]);
  });

  it('have addresses of their own', async () => {
    await kilde.api('POST', '/owners', { name: 'Ola', email: 'ola@firma.no' });
    await kilde.api('POST', '/owners', { name: 'Kari', email: 'kari@firma.no' });
    expect((await kilde.api('POST', '/owners', { name: 'Ola 2', email: 'OLA@firma.no' })).status).toBe(409);
    expect((await kilde.api('PATCH', '/owners/2', { email: 'ola@firma.no' })).status).toBe(409);
    expect((await kilde.api('PATCH', '/owners/2', { email: 'kari@firma.no' })).status).toBe(200);
    expect((await kilde.api('PATCH', '/owners/2', { email: null })).body.email).toBeNull();
    expect((await kilde.api('POST', '/owners', { name: 'Nobody', email: null })).status).toBe(201);
  });

  it('stay while a record has them', async () => {
    await kilde.api('POST', '/owners', { name: 'Ola' });
    await kilde.submit('demo', { email: 'kari@firma.no' });
    await kilde.sql('UPDATE person SET owner_id = 1');
    const refused = await kilde.api('DELETE', '/owners/1');
    expect(refused.status).toBe(409);
    expect(refused.body.detail).toContain('active');
    await kilde.sql('UPDATE person SET owner_id = NULL');
    await kilde.sql('UPDATE company SET owner_id = 1');
    expect((await kilde.api('DELETE', '/owners/1')).status).toBe(409);
    await kilde.sql('UPDATE company SET owner_id = NULL');
    expect((await kilde.api('DELETE', '/owners/1')).status).toBe(204);
  });

  it('are refused at the place of what is wrong', async () => {
    expect(locations((await kilde.api('POST', '/owners', { email: 'x' })).body).toSorted()).toEqual([
      'body.email',
      'body.name',
    ]);
    expect(locations((await kilde.api('POST', '/owners', { name: 'A', mail: 'a@b.no' })).body)).toEqual(['body.mail']);
    expect((await kilde.api('PATCH', '/owners/9', { name: 'A' })).status).toBe(404);
    expect((await kilde.api('PATCH', '/owners/9', {})).status).toBe(404);
    expect((await kilde.api('DELETE', '/owners/x')).status).toBe(404);
  });
});

const unarchived = { description: null, archivedAt: null };

describe('lead statuses', () => {
  const names = async () =>
    (await kilde.api('GET', '/lead-statuses')).body.items.map((one: { name: string }) => one.name);
  const defaults = async () =>
    (await kilde.api('GET', '/lead-statuses')).body.items
      .filter((one: { isDefault: boolean }) => one.isDefault)
      .map((one: { name: string }) => one.name);

  it('are there from the start, by their position', async () => {
    const { body } = await kilde.api('GET', '/lead-statuses?count=true');
    expect(body.count).toBe(5);
    expect(body.items[0]).toEqual({
      id: '1',
      name: 'Open',
      position: 1,
      isDefault: true,
      setsCategory: null,
      ...unarchived,
    });
    expect(body.items[4]).toMatchObject({ name: 'Qualified', setsCategory: { id: '1', name: 'Potential customer' } });
    const first = await kilde.api('GET', '/lead-statuses?limit=4');
    const second = await kilde.api('GET', `/lead-statuses?limit=4&cursor=${first.body.nextCursor}`);
    expect([...first.body.items, ...second.body.items]).toEqual(body.items);
  });

  it('are added at the end, moved and deleted, each raising the version', async () => {
    const before = await settingsVersion(kilde);
    const made = await kilde.api('POST', '/lead-statuses', { name: 'Meeting', setsCategoryId: '4' });
    expect(made).toEqual({
      status: 201,
      body: {
        id: '6',
        name: 'Meeting',
        position: 6,
        isDefault: false,
        setsCategory: { id: '4', name: 'Partner' },
        ...unarchived,
      },
    });
    const changed = await kilde.api('PATCH', '/lead-statuses/6', { position: 0, setsCategoryId: null, name: 'Met' });
    expect(changed.body).toEqual({
      id: '6',
      name: 'Met',
      position: 0,
      isDefault: false,
      setsCategory: null,
      ...unarchived,
    });
    expect((await names())[0]).toBe('Met');
    expect((await kilde.api('DELETE', '/lead-statuses/6')).status).toBe(204);
    expect(await settingsVersion(kilde)).toBe(before + 3);
    expect(await names()).toEqual(['Open', 'Contacting', 'Disqualified', 'Re-nurture', 'Qualified']);
  });

  it('have exactly one default, which new people get at once', async () => {
    await kilde.submit('demo', { email: 'a@firma.no' });
    await kilde.api('PATCH', '/lead-statuses/2', { isDefault: true });
    expect(await defaults()).toEqual(['Contacting']);
    await kilde.submit('demo', { email: 'b@firma.no' });
    expect(await kilde.sql('SELECT lead_status_id FROM person ORDER BY id')).toEqual([
      { lead_status_id: 1 },
      { lead_status_id: 2 },
    ]);
    await kilde.api('POST', '/lead-statuses', { name: 'New', isDefault: true });
    expect(await defaults()).toEqual(['New']);
    expect((await kilde.api('PATCH', '/lead-statuses/6', { isDefault: false })).status).toBe(409);
    expect((await kilde.api('PATCH', '/lead-statuses/1', { isDefault: false })).status).toBe(200);
    expect((await kilde.api('DELETE', '/lead-statuses/6')).status).toBe(409);
    expect((await kilde.api('PATCH', '/lead-statuses/9', { isDefault: true })).status).toBe(404);
    expect((await kilde.api('POST', '/lead-statuses', { name: 'Open', isDefault: true })).status).toBe(409);
    expect(await defaults()).toEqual(['New']);
  });

  it('stay while people have them', async () => {
    await kilde.submit('demo', { email: 'a@firma.no' });
    await kilde.api('PATCH', '/lead-statuses/2', { isDefault: true });
    expect((await kilde.api('DELETE', '/lead-statuses/1')).status).toBe(409);
    await kilde.sql('UPDATE person SET lead_status_id = 2');
    expect((await kilde.api('DELETE', '/lead-statuses/1')).status).toBe(204);
    expect((await kilde.api('DELETE', '/lead-statuses/1')).status).toBe(404);
  });

  it('are refused at the place of what is wrong', async () => {
    const post = async (body: object) => kilde.api('POST', '/lead-statuses', body);
    expect(locations((await post({ name: 'A', setsCategoryId: '99' })).body)).toEqual(['body.setsCategoryId']);
    expect(locations((await post({ name: 'A', setsCategoryId: 1 })).body)).toEqual(['body.setsCategoryId']);
    expect(locations((await post({ name: 'A', position: -1 })).body)).toEqual(['body.position']);
    expect(locations((await post({ name: 'A', colour: 'red' })).body)).toEqual(['body.colour']);
    expect((await kilde.api('PATCH', '/lead-statuses/2', { name: 'Open' })).status).toBe(409);
    expect((await kilde.api('PATCH', '/lead-statuses/1', { name: 'Open' })).status).toBe(200);
    expect((await kilde.api('PATCH', '/lead-statuses/9', {})).status).toBe(404);
  });
});

describe('categories', () => {
  it('are added at the end, changed and deleted', async () => {
    const made = await kilde.api('POST', '/categories', {
      name: 'Reseller',
      group: 'Partner',
      setOn: ['dealWon', 'dealWon'],
    });
    expect(made).toEqual({
      status: 201,
      body: {
        id: '6',
        name: 'Reseller',
        description: null,
        group: 'Partner',
        position: 6,
        setOn: ['dealWon'],
        resetsLeadStatus: false,
        needsConfirmation: false,
        archivedAt: null,
      },
    });
    const changed = await kilde.api('PATCH', '/categories/6', { group: 'Other', setOn: [] });
    expect(changed.body).toEqual({ ...made.body, group: 'Other', setOn: [] });
    expect((await kilde.api('GET', '/categories')).body.items.at(-1)).toEqual(changed.body);
    expect((await kilde.api('DELETE', '/categories/6')).status).toBe(204);
    expect((await kilde.api('DELETE', '/categories/6')).status).toBe(404);
  });

  it('stay while a company, a form or a lead status uses them', async () => {
    await kilde.submit('demo', { email: 'a@firma.no' });
    await kilde.sql('UPDATE company SET category_id = 2');
    await kilde.api('PATCH', '/forms/demo', { defaultCategoryId: '3' });
    for (const id of [1, 2, 3]) expect((await kilde.api('DELETE', `/categories/${id}`)).status).toBe(409);
    expect((await kilde.api('DELETE', '/categories/4')).status).toBe(204);
  });

  it('are refused at the place of what is wrong', async () => {
    const post = async (body: object) => kilde.api('POST', '/categories', body);
    expect(locations((await post({ name: 'A', group: 'B' })).body)).toEqual(['body.group']);
    expect(locations((await post({ name: 'A', group: 'Other', setOn: ['dealWon', 'x'] })).body)).toEqual([
      'body.setOn[1]',
    ]);
    expect((await post({ name: 'Customer', group: 'Other' })).status).toBe(409);
    expect((await kilde.api('PATCH', '/categories/1', { name: 'Customer' })).status).toBe(409);
    expect((await kilde.api('PATCH', '/categories/2', { name: 'Customer' })).status).toBe(200);
    expect((await kilde.api('PATCH', '/categories/9', { name: 'A' })).status).toBe(404);
    expect((await kilde.api('PATCH', '/categories/9', {})).status).toBe(404);
  });
});
