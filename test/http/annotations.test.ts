import { beforeAll, describe, expect, it } from 'vitest';
import { locations } from '../support/api-answers.ts';
import { createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

let kilde: TestApp;

beforeAll(async () => {
  kilde = await createTestApp();
  await kilde.api('POST', '/sites', { name: 'Shop', slug: 'shop', timeZone: 'Pacific/Auckland' });
  await kilde.api('POST', '/forms', { name: 'Contact', slug: 'contact' });
});

type Noted = { day: string; text: string; site: unknown; kind: string; values: unknown };
const automatic = async (): Promise<Noted[]> =>
  (await kilde.api('GET', '/annotations?automatic=true&sort=id')).body.items;
const coded = (noted: Noted[]) => noted.map(({ kind, values }) => [kind, values]);

describe('annotations', () => {
  it('are written, read, changed and deleted', async () => {
    const made = await kilde.api('POST', '/annotations', { day: '2026-08-20', text: 'Trade fair', siteId: 'shop' });
    expect(made).toEqual({
      status: 201,
      body: {
        id: expect.any(String),
        day: '2026-08-20',
        text: 'Trade fair',
        site: { id: 'shop', name: 'Shop' },
        by: null,
        key: null,
        automatic: false,
        kind: null,
        values: null,
        createdAt: '2026-09-01T10:00:00.000Z',
      },
    });
    const path = `/annotations/${made.body.id}`;
    expect((await kilde.api('GET', path)).body).toEqual(made.body);
    // As it was read, with one member changed.
    const changed = await kilde.api('PATCH', path, { ...made.body, text: 'Trade fair in Oslo' });
    expect(changed).toEqual({ status: 200, body: { ...made.body, text: 'Trade fair in Oslo' } });
    expect((await kilde.api('PATCH', path, { siteId: null, day: '2026-08-21' })).body).toMatchObject({
      day: '2026-08-21',
      site: null,
    });
    expect((await kilde.api('DELETE', path)).status).toBe(204);
    expect((await kilde.api('GET', path)).status).toBe(404);
    expect((await kilde.api('PATCH', path, { text: 'Late' })).status).toBe(404);
    expect((await kilde.api('DELETE', path)).status).toBe(404);
  });

  it('name the key that wrote them, and are noted in the audit log', async () => {
    const key = (await kilde.api('POST', '/api-keys', { name: 'Marit', scopes: ['write'] })).body;
    const made = await kilde.api('POST', '/annotations', { day: '2026-08-22', text: 'Price list' }, { key: key.key });
    expect(made.body).toMatchObject({ by: null, key: { id: key.id, name: 'Marit' } });
    expect((await kilde.api('GET', '/annotations?key=Marit')).body.items).toEqual([made.body]);
    const [entry] = (await kilde.api('GET', '/audit-log?limit=1')).body.items;
    expect(entry).toMatchObject({ operation: 'POST /annotations', key: { name: 'Marit' } });
  });

  it('of a period are asked for by their days', async () => {
    for (const day of ['2026-05-01', '2026-05-02', '2026-05-03']) {
      await kilde.api('POST', '/annotations', { day, text: day });
    }
    const days = async (query: string) =>
      (await kilde.api('GET', `/annotations?${query}`)).body.items.map((one: { day: string }) => one.day);
    expect(await days('from=2026-05-02&to=2026-05-03')).toEqual(['2026-05-03', '2026-05-02']);
    expect(await days('to=2026-05-01')).toEqual(['2026-05-01']);
  });

  it('are refused at the place of what is wrong', async () => {
    const post = async (body: object) => kilde.api('POST', '/annotations', body);
    expect(locations((await post({ day: '2026-02-30', text: 'A' })).body)).toEqual(['body.day']);
    expect(locations((await post({ day: '2026-02-03', text: 'x'.repeat(501) })).body)).toEqual(['body.text']);
    const unknown = await post({ day: '2026-02-03', text: 'A', siteId: 'none' });
    expect(unknown.status).toBe(422);
    expect(unknown.body.errors).toEqual([{ location: 'body.siteId', message: "There is no site 'none'." }]);
  });
});

describe('what Kilde notes by itself', () => {
  it('is a correction, with its undoing', async () => {
    const spellings = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    const { body } = await kilde.api('POST', '/aliases', { field: 'source', values: spellings, canonical: 'letters' });
    await kilde.api('DELETE', `/aliases/${body.id}`);
    await kilde.api('POST', '/aliases', {
      field: 'source',
      values: ['Linkedin'],
      canonical: 'linkedin',
      label: 'LinkedIn',
    });
    expect((await automatic()).slice(-2).map(({ text }) => text)).toEqual([
      'Correction of source: “a”, “b”, “c”, “d”, “e” and 2 more count as “letters”.',
      'Correction of source deleted: “a”, “b”, “c”, “d”, “e” and 2 more no longer count as “letters”.',
    ]);
    const values = { field: 'source', values: ['a', 'b', 'c', 'd', 'e'], count: 7, canonical: 'letters' };
    expect(coded((await automatic()).slice(-2))).toEqual([
      ['correctionAdded', values],
      ['correctionDeleted', values],
    ]);
    const { body: found } = await kilde.api('GET', '/annotations?kind=correctionDeleted&columns=kind');
    expect(found.items).toEqual([{ id: expect.any(String), kind: 'correctionDeleted' }]);
  });

  it('is a site that measures otherwise, on the day that its clocks show', async () => {
    const before = (await automatic()).length;
    const site = (await kilde.api('GET', '/sites/shop')).body;
    await kilde.api('PATCH', '/sites/shop', { ...site, name: 'The shop' });
    expect(await automatic()).toHaveLength(before);
    kilde.advance(3 * 3_600_000);
    await kilde.api('PATCH', '/sites/shop', { lookBackDays: 30, consent: 'required', utmTracking: false });
    const rule = { channel: 'Partner', when: { source: { op: 'equals', value: 'x' } } };
    await kilde.api('PATCH', '/sites/shop', { channelRules: [rule] });
    const noted = (await automatic()).slice(before);
    expect(noted.map(({ text }) => text)).toEqual([
      'The look-back window changed from 90 to 30 days.',
      'Journeys are recorded with consent alone from now on.',
      'UTM tracking was switched off.',
      'The rules of channels changed: all history has the channels of the new ones.',
    ]);
    expect(noted[0]).toMatchObject({ day: '2026-09-02', site: { id: 'shop' } });
    await kilde.api('PATCH', '/sites/shop', { timeZone: 'Europe/Oslo' });
    expect(coded((await automatic()).slice(before))).toEqual([
      ['lookBackChanged', { from: 90, to: 30 }],
      ['consentChanged', { from: 'off', to: 'required' }],
      ['utmTrackingChanged', { from: true, to: false }],
      ['channelRulesChanged', {}],
      ['timeZoneChanged', { from: 'Pacific/Auckland', to: 'Europe/Oslo' }],
    ]);
  });

  it('is a form that closes, opens or is deleted', async () => {
    const before = (await automatic()).length;
    await kilde.api('PATCH', '/forms/contact', { enabled: true });
    for (const enabled of [false, false, true]) await kilde.api('PATCH', '/forms/contact', { enabled });
    await kilde.api('PATCH', '/forms/contact', { name: 'Contact us' });
    await kilde.api('DELETE', '/forms/contact');
    await kilde.api('DELETE', '/forms/contact');
    expect((await automatic()).slice(before).map(({ text }) => text)).toEqual([
      'The form “Contact” was closed.',
      'The form “Contact” was opened.',
      'The form “Contact us” was deleted.',
    ]);
    expect(coded((await automatic()).slice(before))).toEqual([
      ['formClosed', { form: { id: 'contact', name: 'Contact' } }],
      ['formOpened', { form: { id: 'contact', name: 'Contact' } }],
      ['formDeleted', { form: { id: 'contact', name: 'Contact us' } }],
    ]);
  });

  it('is a reclassification, and is not changed by anybody', async () => {
    const made = (await kilde.api('POST', '/origins/reclassify', {})).body;
    expect((await kilde.api('POST', `/origins/reclassifications/${made.id}/undo`)).status).toBeLessThan(300);
    // Undone already: nothing is noted.
    expect((await kilde.api('POST', `/origins/reclassifications/${made.id}/undo`)).status).toBe(409);
    expect((await automatic()).slice(-2).map(({ text }) => text)).toEqual([
      'History is read again by the rules of today.',
      'The last reading of history by newer rules is undone.',
    ]);
    expect(coded((await automatic()).slice(-2))).toEqual([
      ['reclassificationStarted', {}],
      ['reclassificationUndone', {}],
    ]);
    const [last] = (await kilde.api('GET', '/annotations?automatic=true&sort=-id&limit=1')).body.items;
    expect((await kilde.api('PATCH', `/annotations/${last.id}`, { text: 'Mine' })).status).toBe(409);
    expect((await kilde.api('DELETE', `/annotations/${last.id}`)).status).toBe(204);
  });
});
