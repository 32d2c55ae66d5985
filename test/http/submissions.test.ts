import { beforeEach, describe, expect, it } from 'vitest';
import { Visitor } from '../support/browser-like.ts';
import { createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

let kilde: TestApp;

beforeEach(async () => {
  kilde = await createTestApp();
  await kilde.sql(
    "INSERT INTO form (key, name, site_id, created_at) VALUES ('demo', 'Demo', 1, 0), ('other', 'Other', 1, 0)",
  );
});

describe('a submission', () => {
  it('is shown with the origin in force and, alone, with its journey, spelt as sent', async () => {
    const visitor = new Visitor(kilde);
    await visitor.arrive('https://www.example.com/?utm_source=LinkedIn&utm_medium=Social');
    kilde.advance(60 * 60_000);
    await visitor.arrive('https://www.example.com/b?utm_source=facebook&fbclid=Fb-1');
    kilde.advance(60_000);
    await visitor.send('demo', {
      email: 'kari@firma.no',
      message: 'Hei',
      how_did_you_hear: 'A friend',
      _page: 'https://www.example.com/signup?x=1',
    });
    kilde.roundTrips();
    const { body } = await kilde.api('GET', '/submissions');
    expect(kilde.roundTrips()).toBe(1);
    const facebook = {
      channel: 'Organic Social',
      source: 'facebook',
      // The first spelling seen is what is shown.
      medium: 'Social',
      campaign: null,
      term: null,
      content: null,
      utmId: null,
      placement: null,
      clickId: { name: 'fbclid', value: 'Fb-1' },
      clickIds: [{ name: 'fbclid', value: 'Fb-1' }],
      referrerDomain: null,
      landingPage: 'https://www.example.com/b',
      at: '2026-09-01T11:00:00.000Z',
      raw: {
        source: 'facebook',
        medium: 'social',
        campaign: null,
        term: null,
        content: null,
        utmId: null,
        placement: null,
      },
    };
    const [person] = (await kilde.api('GET', '/people')).body.items;
    expect(body.items).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        form: { id: 'demo', name: 'Demo' },
        person: { id: person.id, name: expect.any(String), email: person.email },
        company: person.company,
        at: '2026-09-01T11:01:00.000Z',
        createdVia: 'form',
        createdPerson: true,
        createdCompany: true,
        idempotencyConflict: false,
        files: [],
        kind: 'leadCreation',
        touch: facebook,
        conversion: null,
        fields: { email: 'kari@firma.no', message: 'Hei', how_did_you_hear: 'A friend' },
        page: 'https://www.example.com/signup',
        selfReported: 'A friend',
      },
    ]);
    const one = await kilde.api('GET', `/submissions/${body.items[0].id}`);
    expect(one.body).toEqual({ ...body.items[0], journey: [expect.anything(), facebook] });
    expect(one.body.journey[0]).toMatchObject({ source: 'LinkedIn', raw: { source: 'LinkedIn', medium: 'Social' } });
  });

  it('shows a correction beside the spelling as sent', async () => {
    await kilde.submit('demo', { email: 'kari@firma.no', _page: 'https://www.example.com/?utm_source=linked-in' });
    await kilde.api('POST', '/aliases', { field: 'source', values: ['linked-in'], canonical: 'LinkedIn' });
    const { touch } = (await kilde.api('GET', '/submissions')).body.items[0];
    expect([touch.source, touch.raw.source]).toEqual(['LinkedIn', 'linked-in']);
  });

  it('is 404 where there is none', async () => {
    for (const id of ['x', '0199', crypto.randomUUID()]) {
      expect((await kilde.api('GET', `/submissions/${id}`)).status).toBe(404);
    }
  });
});

describe('the list', () => {
  beforeEach(async () => {
    for (let i = 0; i < 7; i += 1) {
      await kilde.submit(i % 2 ? 'other' : 'demo', { email: `p${i % 3}@firma${i % 3}.no`, n: String(i) });
      if (i % 2) kilde.advance(24 * 60 * 60_000);
    }
  });

  const numbers = async (query: string): Promise<string> =>
    (await kilde.api('GET', `/submissions?${query}`)).body.items.map((one: any) => one.fields.n).join('');

  it('pages without gap or repeat, newest first, one round trip each', async () => {
    const seen: string[] = [];
    let cursor: string | null = '';
    kilde.roundTrips();
    while (cursor !== null) {
      const { body }: any = await kilde.api(
        'GET',
        `/submissions?limit=3&count=true${cursor ? `&cursor=${cursor}` : ''}`,
      );
      expect(kilde.roundTrips()).toBe(1);
      expect(body.count).toBe(7);
      seen.push(...body.items.map((one: any) => one.fields.n));
      cursor = body.nextCursor;
    }
    expect(seen.join('')).toBe('6543210');
  });

  it('filters', async () => {
    const person = (await kilde.api('GET', '/people?email=p1@firma1.no')).body.items[0];
    expect(await numbers('form=other')).toBe('531');
    expect(await numbers(`person=${person.id}`)).toBe('41');
    expect(await numbers(`company=${person.company.id}`)).toBe('41');
    expect(await numbers('from=2026-09-02T00:00:00Z&to=2026-09-02')).toBe('32');
    expect(await numbers('form=demo&from=2026-09-02')).toBe('642');
    const page = (await kilde.api('GET', '/submissions?form=demo&limit=2')).body;
    expect(await numbers(`form=demo&cursor=${page.nextCursor}`)).toBe('20');
    for (const [query, location] of [
      ['person=x', 'query.person'],
      ['form=nope', 'query.form'],
      ['from=x', 'query.from'],
      ['cursor=x', 'query.cursor'],
    ] as const) {
      const { status, body } = await kilde.api('GET', `/submissions?${query}`);
      expect([status, body.errors[0].location]).toEqual([422, location]);
    }
  });

  it('walks an index as far as the page goes, and looks up the rest', async () => {
    for (const [query, expected] of [
      ['', ['SCAN submission USING INDEX submission_at']],
      ['form=demo', []],
      ['person=1', []],
      ['company=1', []],
      ['from=2026-09-02', []],
    ] as const) {
      const scans = await kilde.scansDuring(() => kilde.api('GET', `/submissions?${query}`));
      // Forms are few: their names are read where one is filtered by.
      const ofRecords = scans.filter((line) => !/^SCAN (named|called|fold)\b/.test(line));
      expect([query, ofRecords.map((line) => line.split(' in select')[0])]).toEqual([query, expected]);
    }
  });
});
