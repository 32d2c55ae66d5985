import { beforeEach, describe, expect, it } from 'vitest';
import { createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

let kilde: TestApp;

beforeEach(async () => {
  kilde = await createTestApp();
});

const count = async (table: string) => (await kilde.sql(`SELECT count(*) AS n FROM ${table}`))[0]!['n'] as number;

describe('POST /people', () => {
  it('adds a person by the rules of a form', async () => {
    await kilde.sql("INSERT INTO owner (id, name, created_at) VALUES (5, 'Eva', 0)");
    const { status, body } = await kilde.api('POST', '/people', {
      email: 'Kari <KARI@firma.no>',
      firstName: ' Kari ',
      title: 'CTO',
      country: 'NO',
      company: { name: 'Firma AS', registrationNumber: 'NO 987 654 321 MVA' },
      ownerId: '5',
      leadStatus: 'qualified',
      createdVia: 'phone',
      createdAt: '2026-08-01T12:00:00+02:00',
      journey: [
        {
          at: '2026-07-20T00:00:00Z',
          source: 'Facebook',
          medium: 'paid-social',
          clickId: { name: 'FBCLID', value: 'X-1' },
        },
        { at: '2026-07-01T00:00:00Z', url: 'https://www.example.com/a?utm_source=linkedin&utm_medium=social' },
        { at: '2026-07-25T00:00:00Z', landingPage: 'https://www.example.com/b?x=1' },
      ],
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      email: 'kari@firma.no',
      firstName: 'Kari',
      lastName: null,
      title: 'CTO',
      country: 'NO',
      company: { name: 'Firma AS', domain: 'firma.no' },
      owner: { id: '5', name: 'Eva' },
      leadStatus: { id: '5', name: 'Qualified' },
      createdVia: 'phone',
      createdByForm: null,
      createdAt: '2026-08-01T10:00:00.000Z',
      firstTouch: { source: 'linkedin', landingPage: 'https://www.example.com/a', at: '2026-07-01T00:00:00.000Z' },
      leadCreation: { source: 'Facebook', clickId: { name: 'fbclid', value: 'X-1' }, at: '2026-07-20T00:00:00.000Z' },
      latestConversion: null,
      // A call that another system reported is a submission.
      submissionCount: 1,
      consents: [],
    });
    const company = await kilde.api('GET', `/companies/${body.company.id}`);
    expect(company.body).toMatchObject({
      registrationNumber: '987654321',
      category: { name: 'Potential customer' },
      companySource: { firstTouch: { source: 'linkedin' }, leadCreation: { source: 'Facebook' } },
    });
    const journey = await kilde.api('GET', `/people/${body.id}/journey`);
    expect(journey.body.items.map((touch: any) => [touch.source, touch.landingPage, touch.points])).toEqual([
      ['linkedin', 'https://www.example.com/a', ['firstTouch']],
      ['Facebook', null, ['leadCreation']],
      [null, 'https://www.example.com/b', []],
    ]);
  });

  it('fills the blanks of a person who exists, and changes no point', async () => {
    const first = await kilde.api('POST', '/people', { email: 'kari@firma.no', firstName: 'Kari' });
    kilde.advance(60_000);
    const again = await kilde.api('POST', '/people', {
      email: 'kari@firma.no',
      firstName: 'Other',
      lastName: 'Nordmann',
      journey: [{ at: '2026-01-01T00:00:00Z', source: 'linkedin' }],
    });
    expect(again.status).toBe(200);
    expect(again.body).toEqual({ ...first.body, lastName: 'Nordmann' });
    // The journey is kept; no direct touch is added to somebody who exists.
    const journey = await kilde.api('GET', `/people/${first.body.id}/journey`);
    expect(journey.body.items.map((touch: any) => [touch.source, touch.points])).toEqual([
      ['linkedin', []],
      [null, ['firstTouch', 'leadCreation']],
    ]);
  });

  it('reads the page that a chat was opened on', async () => {
    const { body } = await kilde.api('POST', '/people', {
      email: 'kari@firma.no',
      createdVia: 'chat',
      page: 'https://www.example.com/pricing',
      referrer: 'https://www.google.com/',
    });
    expect(body.leadCreation).toMatchObject({
      channel: 'Organic Search',
      source: 'google',
      medium: 'organic',
      referrerDomain: 'google.com',
      landingPage: 'https://www.example.com/pricing',
    });
  });

  it.each([
    [{ email: 'nobody' }, 'body.email'],
    [{}, 'body.email'],
    [{ email: 'a@b.no', createdAt: '2027-01-01T00:00:00Z' }, 'body.createdAt'],
    [{ email: 'a@b.no', createdAt: 'today' }, 'body.createdAt'],
    [{ email: 'a@b.no', journey: [{ at: '2027-01-01T00:00:00Z' }] }, 'body.journey[0].at'],
    [{ email: 'a@b.no', journey: [{ at: '2026-01-01T00:00:00Z', channel: 'x' }] }, 'body.journey[0].channel'],
    [{ email: 'a@b.no', createdVia: 'fax' }, 'body.createdVia'],
    [{ email: 'a@b.no', leadStatus: 'Nope' }, 'body.leadStatus'],
    [{ email: 'a@b.no', leadStatusId: '99' }, 'body.leadStatusId'],
    [{ email: 'a@b.no', leadStatusId: '1', leadStatus: 'Open' }, 'body.leadStatus'],
    [{ email: 'a@b.no', ownerId: '9' }, 'body.ownerId'],
    [{ email: 'a@b.no', siteId: 'nope' }, 'body.siteId'],
    [{ email: 'a@b.no', firstTouch: {} }, 'body.firstTouch'],
  ])('says what is wrong with %j', async (lead, location) => {
    const { status, body } = await kilde.api('POST', '/people', lead);
    expect([status, body.code, body.errors.map((error: any) => error.location)]).toEqual([
      422,
      'invalid_input',
      [location],
    ]);
    expect(await count('person')).toBe(0);
  });
});

describe('PUT /people', () => {
  it('takes a thousand leads in order, and none twice', async () => {
    const items = Array.from({ length: 1_000 }, (_, index) => ({
      email: `p${index % 900}@firma${index % 50}.no`,
      createdAt: new Date(Date.parse('2026-01-01T00:00:00Z') + index * 60_000).toISOString(),
      createdVia: 'import',
      journey: [{ at: '2025-12-01T00:00:00Z', source: `s${index % 7}`, medium: 'email' }],
    }));
    await kilde.api('GET', '/people');
    kilde.roundTrips();
    const { status, body } = await kilde.api('PUT', '/people', { items });
    expect(status).toBe(200);
    expect(kilde.roundTrips()).toBeLessThanOrEqual(11);
    expect(body.items).toHaveLength(1_000);
    // The last hundred name the first hundred again.
    expect(body.items.filter((item: any) => item.created)).toHaveLength(900);
    expect(body.items.slice(900).map((item: any) => item.id)).toEqual(
      body.items.slice(0, 100).map((item: any) => item.id),
    );
    const rows = await kilde.sql('SELECT id, email FROM person ORDER BY id');
    expect(rows.map((row) => row['email'])).toEqual(items.slice(0, 900).map((item) => item.email));
    expect(await count('company')).toBe(50);
    expect(await count('touch')).toBe(900 + 100 - 100 + (await extraTouches()));

    const again = await kilde.api('PUT', '/people', { items });
    expect(again.body.items.every((item: any) => !item.created)).toBe(true);
    expect(await count('person')).toBe(900);
  }, 60_000);

  /** Of the hundred named twice, those whose second journey came from another source. */
  async function extraTouches(): Promise<number> {
    return Array.from({ length: 100 }, (_, index) => index).filter((index) => index % 7 !== (index + 900) % 7).length;
  }

  it('stores none where one is wrong, and names each', async () => {
    const { status, body } = await kilde.api('PUT', '/people', {
      items: [
        { email: 'a@b.no' },
        { email: 'nobody' },
        { email: 'c@d.no', createdAt: '2027-01-01T00:00:00Z', leadStatus: 'Nope' },
      ],
    });
    expect(status).toBe(422);
    expect(body.errors.map((error: any) => error.location)).toEqual([
      'body.items[1].email',
      'body.items[2].createdAt',
      'body.items[2].leadStatus',
    ]);
    expect(await count('person')).toBe(0);
  });

  it('refuses more than a thousand', async () => {
    const { status, body } = await kilde.api('PUT', '/people', {
      items: Array.from({ length: 1_001 }, () => ({ email: 'a@b.no' })),
    });
    expect([status, body.errors[0].location]).toEqual([422, 'body.items']);
  });

  it('prepares anew where the settings change under it', async () => {
    await kilde.api('POST', '/people', { email: 'warm@firma.no' });
    await kilde.sql('UPDATE settings SET version = version + 1');
    const { status, body } = await kilde.api('PUT', '/people', { items: [{ email: 'a@b.no' }] });
    expect([status, body.items[0].created]).toEqual([200, true]);
  });

  it('makes one person of an address sent at once from many sides', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => kilde.api('PUT', '/people', { items: [{ email: 'a@b.no' }] })),
    );
    expect(answers.filter(({ body }) => body.items[0].created)).toHaveLength(1);
    expect(await count('person')).toBe(1);
  });
});
