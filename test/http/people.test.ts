import { beforeEach, describe, expect, it } from 'vitest';
import { Visitor } from '../support/browser-like.ts';
import { adminKey, createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

const dayMs = 24 * 60 * 60 * 1_000;
const linkedin =
  'https://www.example.com/?utm_source=Linkedin&utm_medium=paid-social&utm_campaign=webinar_sept&li_fat_id=Ab-1';
const facebook = 'https://www.example.com/signup?utm_source=facebook&utm_medium=paid-social';

let kilde: TestApp;

beforeEach(async () => {
  kilde = await createTestApp();
  await kilde.sql("INSERT INTO form (key, name, site_id, created_at, consents) VALUES ('demo', 'Demo', 1, 0, ?)", [
    JSON.stringify([{ field: 'ok', purpose: 'newsletter', text: 'Send me news' }]),
  ]);
});

const unknownTouch = {
  channel: 'Direct',
  source: null,
  medium: null,
  campaign: null,
  term: null,
  content: null,
  utmId: null,
  placement: null,
  clickId: null,
  clickIds: [],
  referrerDomain: null,
  landingPage: null,
};

/** LinkedIn, three days later Facebook and the form; a day later a second form without a journey. */
async function sendTwice(): Promise<string> {
  const visitor = new Visitor(kilde);
  await visitor.arrive(linkedin, { referrer: 'https://www.linkedin.com/' });
  kilde.advance(3 * dayMs);
  await visitor.arrive(facebook);
  kilde.advance(60_000);
  await visitor.send('demo', { email: 'Kari@Firma.no', name: 'Kari Nordmann', company: 'Firma AS', ok: 'yes' });
  kilde.advance(dayMs);
  await kilde.submit('demo', {
    email: 'kari@firma.no',
    _page: 'https://www.example.com/?utm_source=newsletter&utm_medium=email',
  });
  const { body } = await kilde.api('GET', '/people?email=kari@firma.no');
  return body.items[0].id;
}

describe('a person', () => {
  it('is shown with all points', async () => {
    const id = await sendTwice();
    const { status, body } = await kilde.api('GET', `/people/${id}`);
    expect(status).toBe(200);
    expect(body).toEqual({
      id,
      email: 'kari@firma.no',
      firstName: 'Kari',
      lastName: 'Nordmann',
      phone: null,
      title: null,
      country: null,
      company: { id: expect.stringMatching(/^\d+$/), name: 'Firma AS', domain: 'firma.no' },
      owner: null,
      leadStatus: { id: '1', name: 'Open' },
      createdVia: 'form',
      createdByForm: { id: 'demo', name: 'Demo' },
      createdAt: '2026-09-04T10:01:00.000Z',
      firstTouch: {
        channel: 'Paid Social',
        source: 'Linkedin',
        medium: 'paid-social',
        campaign: 'webinar_sept',
        term: null,
        content: null,
        utmId: null,
        placement: null,
        clickId: { name: 'li_fat_id', value: 'Ab-1' },
        clickIds: [{ name: 'li_fat_id', value: 'Ab-1' }],
        referrerDomain: 'linkedin.com',
        landingPage: 'https://www.example.com/',
        at: '2026-09-01T10:00:00.000Z',
      },
      leadCreation: {
        ...unknownTouch,
        channel: 'Paid Social',
        source: 'facebook',
        medium: 'paid-social',
        landingPage: 'https://www.example.com/signup',
        at: '2026-09-04T10:00:00.000Z',
      },
      latestConversion: {
        ...unknownTouch,
        channel: 'Email',
        source: 'newsletter',
        medium: 'email',
        landingPage: 'https://www.example.com/',
        at: '2026-09-05T10:01:00.000Z',
      },
      clickIds: [{ name: 'li_fat_id', value: 'Ab-1', at: '2026-09-01T10:00:00.000Z', decided: true }],
      submissionCount: 2,
      consents: [
        {
          purpose: 'newsletter',
          text: 'Send me news',
          at: '2026-09-04T10:01:00.000Z',
          form: { id: 'demo', name: 'Demo' },
        },
      ],
      consentRequests: [],
    });
  });

  it('has a journey with the points it made, spelt as sent', async () => {
    const id = await sendTwice();
    const { body } = await kilde.api('GET', `/people/${id}/journey`);
    expect(body.nextCursor).toBeNull();
    expect(body.items.map((touch: any) => [touch.raw.source, touch.points, touch.submissionIds.length])).toEqual([
      ['Linkedin', ['firstTouch'], 0],
      ['facebook', ['leadCreation'], 1],
      ['newsletter', ['conversion'], 1],
    ]);
    expect(body.items[0].raw).toEqual({
      source: 'Linkedin',
      medium: 'paid-social',
      campaign: 'webinar_sept',
      term: null,
      content: null,
      utmId: null,
      placement: null,
    });
  });

  it('shows the label of a correction in all history, and the raw spelling in the journey', async () => {
    const id = await sendTwice();
    await kilde.api('POST', '/aliases', {
      field: 'source',
      values: ['linkedin', 'facebook'],
      canonical: 'Social Networks',
    });
    const person = await kilde.api('GET', `/people/${id}`);
    expect(person.body.firstTouch.source).toBe('Social Networks');
    expect(person.body.leadCreation.source).toBe('Social Networks');
    const { body } = await kilde.api('GET', `/people/${id}/journey`);
    expect(body.items.map((touch: any) => [touch.source, touch.raw.source])).toEqual([
      ['Social Networks', 'Linkedin'],
      ['Social Networks', 'facebook'],
      ['newsletter', 'newsletter'],
    ]);
  });

  it('shows a correction’s spelling for a target that was seen before in another', async () => {
    const id = await sendTwice();
    await kilde.api('POST', '/aliases', { field: 'source', values: ['facebook'], canonical: 'LinkedIn' });
    const { body } = await kilde.api('GET', `/people/${id}`);
    expect([body.firstTouch.source, body.leadCreation.source]).toEqual(['LinkedIn', 'LinkedIn']);
  });

  it('has no conversion by the form that made it', async () => {
    await kilde.submit('demo', { email: 'kari@firma.no' });
    const [person] = (await kilde.api('GET', '/people')).body.items;
    expect([person.submissionCount, person.latestConversion]).toEqual([1, null]);
  });

  it('is exported as one file', async () => {
    const id = await sendTwice();
    await kilde.sql(
      "INSERT INTO selection (id, name, entity, kind, created_at) VALUES (3, 'Webinar', 'person', 'static', 0)",
    );
    await kilde.sql('INSERT INTO selection_member (selection_id, member_id, added_at) VALUES (3, ?, 0)', [id]);
    await kilde.submit('demo', { email: 'KARI@firma.no', _gotcha: 'x' });
    await kilde.submit('demo', { email: 'other@firma.no', _gotcha: 'x' });
    kilde.roundTrips();
    const response = await kilde.request(`/api/v1/people/${id}/export`, {
      headers: { authorization: `Bearer ${adminKey}` },
    });
    // The second is the audit log's.
    // The person, where their addresses are mentioned, what is quarantined there, and the audit log.
    expect(kilde.roundTrips()).toBe(4);
    expect(response.headers.get('content-disposition')).toBe(`attachment; filename="person-${id}.json"`);
    const file: any = await response.json();
    expect(file.person.email).toBe('kari@firma.no');
    expect(file.journey).toHaveLength(3);
    expect(file.submissions.map(({ fields, journey }: any) => [Object.keys(fields).length, journey.length])).toEqual([
      [1, 1],
      [4, 2],
    ]);
    expect(file.selections).toEqual([{ id: '3', name: 'Webinar', createdAt: '1970-01-01T00:00:00.000Z' }]);
    expect(file.quarantine.map(({ fields }: any) => fields.email)).toEqual(['KARI@firma.no']);
    expect(file.merges).toEqual([]);
  });

  it('answers 404 where there is none', async () => {
    for (const path of [
      '/people/9',
      '/people/0',
      '/people/x',
      '/people/9/journey',
      '/people/9/export',
      '/people/9/merges',
    ]) {
      expect([path, (await kilde.api('GET', path)).status]).toEqual([path, 404]);
    }
    expect((await kilde.api('PATCH', '/people/9', { firstName: 'x' })).status).toBe(404);
  });
});

describe('a change', () => {
  let id: string;

  beforeEach(async () => {
    id = (await kilde.api('POST', '/people', { email: 'ola@firma.no', firstName: 'Ola', phone: '1' })).body.id;
  });

  it('sets what is given and leaves the rest', async () => {
    await kilde.sql("INSERT INTO owner (id, name, created_at) VALUES (5, 'Eva', 0)");
    kilde.roundTrips();
    const { status, body } = await kilde.api('PATCH', `/people/${id}`, {
      email: ' Ola@Annet.NO',
      lastName: 'Øst ',
      phone: null,
      ownerId: '5',
      leadStatus: 'contacting',
    });
    expect(kilde.roundTrips()).toBe(1);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      email: 'ola@annet.no',
      firstName: 'Ola',
      lastName: 'Øst',
      phone: null,
      owner: { id: '5', name: 'Eva' },
      leadStatus: { name: 'Contacting' },
    });
    expect(await kilde.sql('SELECT first_name_fold, last_name_fold FROM person')).toEqual([
      { first_name_fold: 'ola', last_name_fold: 'øst' },
    ]);
  });

  it.each(['firstTouch', 'leadCreation', 'latestConversion', 'createdAt', 'createdVia'])(
    'refuses %s',
    async (field) => {
      const before = await kilde.sql('SELECT * FROM person');
      const { status, body } = await kilde.api('PATCH', `/people/${id}`, { firstName: 'X', [field]: 'other' });
      expect([status, body.code, body.errors]).toEqual([
        422,
        'invalid_input',
        [{ location: `body.${field}`, message: `'${field}' cannot be changed.` }],
      ]);
      expect(await kilde.sql('SELECT * FROM person')).toEqual(before);
    },
  );

  it('refuses an address that is another person’s, also by a merge', async () => {
    const kept = (await kilde.api('POST', '/people', { email: 'eva@firma.no' })).body.id;
    const removed = (await kilde.api('POST', '/people', { email: 'eva@old.no' })).body.id;
    await kilde.api('POST', `/people/${kept}/merge`, { otherId: removed });
    for (const email of ['eva@firma.no', 'eva@old.no']) {
      const { status, body } = await kilde.api('PATCH', `/people/${id}`, { email, firstName: 'X' });
      expect([status, body.code]).toEqual([409, 'conflict']);
    }
    expect((await kilde.api('GET', `/people/${id}`)).body.firstName).toBe('Ola');
  });

  it('lets a further address become the first', async () => {
    const removed = (await kilde.api('POST', '/people', { email: 'ola@old.no' })).body.id;
    await kilde.api('POST', `/people/${id}/merge`, { otherId: removed });
    expect((await kilde.api('PATCH', `/people/${id}`, { email: 'ola@old.no' })).body.email).toBe('ola@old.no');
    for (const email of ['ola@old.no', 'ola@firma.no']) {
      expect((await kilde.api('GET', `/people?email=${email}`)).body.items.map((one: any) => one.id)).toEqual([id]);
    }
  });

  it('names what does not exist, and changes nothing then', async () => {
    const { status, body } = await kilde.api('PATCH', `/people/${id}`, {
      firstName: 'X',
      companyId: '99',
      ownerId: '99',
      leadStatus: 'Nope',
    });
    expect(status).toBe(422);
    expect(body.errors.map((error: any) => error.location)).toEqual([
      'body.companyId',
      'body.ownerId',
      'body.leadStatus',
    ]);
    expect((await kilde.api('GET', `/people/${id}`)).body.firstName).toBe('Ola');
  });

  it('sets the category of the company by the lead status, out of the group Potential customer alone', async () => {
    const categoryOf = async () =>
      (await kilde.api('GET', '/companies?domain=firma.no')).body.items[0].category?.name ?? null;
    expect(await categoryOf()).toBeNull();
    await kilde.api('PATCH', `/people/${id}`, { leadStatus: 'Contacting' });
    expect(await categoryOf()).toBeNull();
    await kilde.api('PATCH', `/people/${id}`, { leadStatus: 'Qualified' });
    expect(await categoryOf()).toBe('Potential customer');
    await kilde.sql('UPDATE company SET category_id = 2');
    await kilde.api('PATCH', `/people/${id}`, { leadStatus: 'Qualified' });
    expect(await categoryOf()).toBe('Customer');
    await kilde.sql('UPDATE company SET category_id = 3');
    await kilde.api('PATCH', `/people/${id}`, { leadStatus: 'Qualified' });
    expect(await categoryOf()).toBe('Lost');
  });
});

describe('the list', () => {
  beforeEach(async () => {
    const items = Array.from({ length: 7 }, (_, index) => ({
      email: `p${index}@firma${index % 2}.no`,
      createdAt: `2026-08-0${1 + Math.floor(index / 2)}T00:00:00.000Z`,
      createdVia: index % 2 ? 'chat' : 'phone',
      leadStatus: index < 2 ? 'Qualified' : 'Open',
    }));
    expect((await kilde.api('PUT', '/people', { items })).status).toBe(200);
    await kilde.submit('demo', { email: 'form@firma0.no' });
  });

  const emails = async (query: string): Promise<string[]> =>
    (await kilde.api('GET', `/people?${query}`)).body.items.map((one: any) => one.email);

  it('pages without gap or repeat, newest first, one round trip each', async () => {
    const seen: string[] = [];
    let cursor: string | null = '';
    kilde.roundTrips();
    while (cursor !== null) {
      const { body }: any = await kilde.api('GET', `/people?limit=3&count=true${cursor ? `&cursor=${cursor}` : ''}`);
      expect(kilde.roundTrips()).toBe(1);
      expect(body.count).toBe(8);
      seen.push(...body.items.map((one: any) => one.email));
      cursor = body.nextCursor;
    }
    expect(seen).toEqual([
      'form@firma0.no',
      'p6@firma0.no',
      'p5@firma1.no',
      'p4@firma0.no',
      'p3@firma1.no',
      'p2@firma0.no',
      'p1@firma1.no',
      'p0@firma0.no',
    ]);
  });

  it('filters', async () => {
    const { body } = await kilde.api('GET', '/companies?domain=firma1.no');
    expect(await emails(`company=${body.items[0].id}`)).toEqual(['p5@firma1.no', 'p3@firma1.no', 'p1@firma1.no']);
    expect(await emails('leadStatus=Qualified')).toEqual(['p1@firma1.no', 'p0@firma0.no']);
    expect(await emails('createdVia=form')).toEqual(['form@firma0.no']);
    expect(await emails('createdByForm=demo')).toEqual(['form@firma0.no']);
    expect(await emails('from=2026-08-02&to=2026-08-03T00:00:00Z')).toEqual(['p3@firma1.no', 'p2@firma0.no']);
    expect(await emails('email=%20P1@FIRMA1.no')).toEqual(['p1@firma1.no']);
    expect(await emails('email=nobody@firma1.no')).toEqual([]);
    expect((await kilde.api('GET', '/people?createdVia=chat&count=true&limit=1')).body.count).toBe(3);
  });

  it('tells what is wrong with a query', async () => {
    for (const [query, location] of [
      ['limit=0', 'query.limit'],
      ['cursor=abc', 'query.cursor'],
      ['createdVia=fax', 'query.createdVia'],
      ['from=yesterday', 'query.from'],
      ['leadStatus=Nope', 'query.leadStatus'],
      ['email=nobody', 'query.email'],
      ['company=x', 'query.company'],
      ['nope=1', 'query.nope'],
    ] as const) {
      const { status, body } = await kilde.api('GET', `/people?${query}`);
      expect([query, status, body.errors?.[0]?.location]).toEqual([query, 422, location]);
    }
  });

  it('needs a key with the scope', async () => {
    expect((await kilde.api('GET', '/people', undefined, { key: null })).status).toBe(401);
    const { body } = await kilde.api('POST', '/api-keys', { name: 'r', scopes: ['read'] });
    expect((await kilde.api('GET', '/people', undefined, { key: body.key })).status).toBe(200);
    expect((await kilde.api('POST', '/people', { email: 'a@b.no' }, { key: body.key })).status).toBe(403);
  });

  it('walks an index as far as the page goes, and looks up the rest', async () => {
    const { body } = await kilde.api('GET', '/companies?domain=firma1.no');
    const walk = 'SCAN person USING COVERING INDEX person_created_at';
    // The click ids, the consents and those that wait of one person, in their order.
    const given = ['SCAN newest', 'SCAN given', 'SCAN given'];
    for (const [query, expected] of [
      ['', [walk, ...given]],
      [`company=${body.items[0].id}`, given],
      ['email=p1@firma1.no', given],
      ['from=2026-08-02', given],
    ] as const) {
      const scans = await kilde.scansDuring(() => kilde.api('GET', `/people?${query}`));
      expect([query, scans.map((line) => line.split(' in select')[0])]).toEqual([query, expected]);
    }
  });
});
