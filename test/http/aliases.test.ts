import { beforeEach, describe, expect, it } from 'vitest';
import { locations, settingsVersion } from '../support/api-answers.ts';
import { dumpDatabase, rowsWritten } from '../support/dump-database.ts';
import { createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

let kilde: TestApp;

beforeEach(async () => {
  kilde = await createTestApp();
  await kilde.api('POST', '/forms', { name: 'Demo', slug: 'demo' });
});

let sent = 0;
/** A lead that came by these utm values. */
async function lead(query: string): Promise<void> {
  sent += 1;
  const response = await kilde.submit('demo', {
    email: `p${sent}@firma${sent}.no`,
    _page: `https://firma.no/?${query}`,
  });
  expect(response.status).toBe(201);
}

/** Leads by what their lead creation counts as and is shown as, and by their channel. */
async function leads(field = 'source', column = `${field}_id`): Promise<Array<[string, string, number]>> {
  const rows = await kilde.sql(`
    SELECT final.canonical AS value, coalesce(final.alias_label, final.label) AS label, channel.canonical AS channel,
      count(*) AS n
    FROM person JOIN origin ON origin.id = person.lead_creation_origin_id
      JOIN origin_value v ON v.id = origin.${column} AND v.field = '${field === 'utmId' ? 'id' : field}'
      JOIN origin_value final ON final.id = coalesce(v.alias_of, v.id)
      JOIN origin_value channel ON channel.id = origin.channel_id
    GROUP BY 1, 2, 3 ORDER BY 1, 3`);
  return rows.map(({ value, label, channel, n }) => [value, `${label} / ${channel}`, n]);
}

async function origins(): Promise<unknown> {
  return kilde.sql(`SELECT v.field, v.canonical, final.canonical AS counts_as, v.alias_label FROM origin_value v
    LEFT JOIN origin_value final ON final.id = v.alias_of WHERE v.field = 'source' ORDER BY v.canonical`);
}

const post = async (body: object) => kilde.api('POST', '/aliases', body);

it('corrects all history at once, what comes later too, and takes it back', async () => {
  await lead('utm_source=Linked-In&utm_medium=cpc');
  await lead('utm_source=linkedin.&utm_medium=cpc');
  await lead('utm_source=LinkedIn&utm_medium=cpc');
  const apart = await leads();
  expect(apart).toEqual([
    ['linked-in', 'Linked-In / Paid Other', 1],
    ['linkedin', 'LinkedIn / Paid Social', 1],
    ['linkedin.', 'linkedin. / Paid Other', 1],
  ]);
  const before = await settingsVersion(kilde);

  const made = await post({ field: 'source', values: ['LINKED-IN', 'linkedin.', 'linked in'], canonical: 'LinkedIn' });
  expect(made).toEqual({
    status: 201,
    body: {
      id: '1',
      field: 'source',
      values: ['linked-in', 'linkedin.', 'linked in'],
      canonical: 'linkedin',
      label: 'LinkedIn',
      createdAt: '2026-09-01T10:00:00.000Z',
      undoableUntil: null,
      undoableBy: 'write',
    },
  });
  expect(await settingsVersion(kilde)).toBe(before + 1);
  expect(await leads()).toEqual([['linkedin', 'LinkedIn / Paid Social', 3]]);
  expect((await kilde.api('GET', '/aliases?count=true')).body).toEqual({
    items: [made.body],
    nextCursor: null,
    count: 1,
  });

  await lead('utm_source=linked+in&utm_medium=cpc');
  await lead('utm_source=linked-in&utm_medium=social');
  expect(await leads()).toEqual([
    ['linkedin', 'LinkedIn / Organic Social', 1],
    ['linkedin', 'LinkedIn / Paid Social', 4],
  ]);

  expect(await kilde.api('DELETE', '/aliases/1')).toEqual({ status: 204, body: null });
  expect(await settingsVersion(kilde)).toBe(before + 2);
  expect(await leads()).toEqual([
    ['linked in', 'linked in / Paid Other', 1],
    ['linked-in', 'Linked-In / Organic Social', 1],
    ['linked-in', 'Linked-In / Paid Other', 1],
    ['linkedin', 'LinkedIn / Paid Social', 1],
    ['linkedin.', 'linkedin. / Paid Other', 1],
  ]);
  expect((await kilde.api('GET', '/aliases')).body.items).toEqual([]);
  expect((await kilde.api('DELETE', '/aliases/1')).status).toBe(404);
});

it('leaves no trace in the database once it is taken back, but for the target it made and the notes of both', async () => {
  await lead('utm_source=fb&utm_medium=cpc');
  await lead('utm_source=facebook&utm_medium=cpc');
  const before = await dumpDatabase(kilde);
  await post({ field: 'source', values: 'facebook', canonical: 'fb', label: 'Facebook' });
  await kilde.api('DELETE', '/aliases/1');
  const after = await dumpDatabase(kilde);
  expect(rowsWritten(before, after)).toEqual({ annotation: 2, settings: 1 });
});

it('writes rules, values and origins, however many people and touches there are', async () => {
  for (let count = 0; count < 12; count += 1)
    await lead(`utm_source=linked-in&utm_medium=cpc&utm_content=${count % 3}`);
  await lead('utm_source=linkedin&utm_medium=cpc');
  const before = await dumpDatabase(kilde);
  await post({ field: 'source', values: 'linked-in', canonical: 'linkedin' });
  expect(rowsWritten(before, await dumpDatabase(kilde))).toEqual({
    alias: 1,
    alias_from: 1,
    annotation: 1,
    // The misspelling's row, which points at the other, and the label on that one.
    origin_value: 2,
    // Three origins get another channel.
    origin: 3,
    // What reports put together of them, under that channel.
    origin_group: 1,
    // The form's submissions of the month and of the day, from one channel to the other.
    report_total: 4,
    settings: 1,
  });
  expect(await leads()).toEqual([['linkedin', 'linkedin / Paid Social', 13]]);
});

it('writes no origin where the field decides no channel, and takes two round trips, three where it does, and the audit log’s', async () => {
  await lead('utm_source=linkedin&utm_medium=cpc&utm_content=Blue-Button');
  const before = await dumpDatabase(kilde);
  kilde.roundTrips();
  await post({ field: 'content', values: 'blue-button', canonical: 'blue button' });
  expect(kilde.roundTrips()).toBe(3);
  expect(rowsWritten(before, await dumpDatabase(kilde))).toEqual({
    alias: 1,
    alias_from: 1,
    annotation: 1,
    origin_value: 2,
    settings: 1,
  });
  kilde.roundTrips();
  await post({ field: 'medium', values: 'ppc', canonical: 'cpc' });
  expect(kilde.roundTrips()).toBe(4);
});

it.each([
  ['medium', 'utm_source=google&utm_medium=Paid.Search', 'paid.search', 'cpc', 'medium_id'],
  ['campaign', 'utm_source=google&utm_medium=cpc&utm_campaign=webshop', 'webshop', 'spring', 'campaign_id'],
  ['term', 'utm_source=google&utm_medium=cpc&utm_term=shoe', 'shoe', 'shoes', 'term_id'],
  ['utmId', 'utm_source=google&utm_medium=cpc&utm_id=A1', 'a1', 'a2', 'utm_id_id'],
])('corrects the %s', async (field, query, from, to, column) => {
  await lead(query);
  const values = async () => (await leads(field, column)).map(([value]) => value);
  expect(await values()).toEqual([from]);
  expect((await post({ field, values: from, canonical: to })).status).toBe(201);
  expect(await values()).toEqual([to]);
  await kilde.api('DELETE', '/aliases/1');
  expect(await values()).toEqual([from]);
});

it('corrects the domain of a referrer', async () => {
  await kilde.submit('demo', {
    email: 'kari@firma.no',
    _page: 'https://firma.no/',
    _ref: 'https://www.avisa-vaar.no/a',
  });
  expect(await leads('referrerDomain', 'referrer_domain_id')).toEqual([
    ['avisa-vaar.no', 'avisa-vaar.no / Referral', 1],
  ]);
  await post({ field: 'referrerDomain', values: 'avisa-vaar.no', canonical: 'partner.no' });
  expect(await leads('referrerDomain', 'referrer_domain_id')).toEqual([['partner.no', 'partner.no / Referral', 1]]);
});

describe('labels', () => {
  it('are as the rule asks, else as its target is spelt, else as first seen', async () => {
    await lead('utm_source=LinkedIn');
    await post({ field: 'source', values: 'li', canonical: 'linkedin', label: 'LinkedIn (all)' });
    expect(await leads()).toEqual([['linkedin', 'LinkedIn (all) / Organic Social', 1]]);
    await post({ field: 'source', values: 'lnkd', canonical: 'LINKEDIN' });
    expect(await leads()).toEqual([['linkedin', 'LINKEDIN / Organic Social', 1]]);
    await kilde.api('DELETE', '/aliases/2');
    expect(await leads()).toEqual([['linkedin', 'LinkedIn (all) / Organic Social', 1]]);
    await kilde.api('DELETE', '/aliases/1');
    expect(await leads()).toEqual([['linkedin', 'LinkedIn / Organic Social', 1]]);
  });
});

describe('spellings of the target itself', () => {
  const ofCase = { field: 'source', values: ['Linkedin', 'linked-in'], canonical: 'linkedin' };

  it('are left out', async () => {
    await lead('utm_source=Linkedin');
    await lead('utm_source=linked-in');
    const made = await post(ofCase);
    expect(made).toMatchObject({ status: 201, body: { values: ['linked-in'], label: 'linkedin' } });
    expect(await leads()).toEqual([['linkedin', 'linkedin / Organic Social', 2]]);
  });

  it.each([
    { field: 'source', canonical: 'linkedin', label: 'Linked In' },
    { field: 'source', values: ['LINKEDIN', 'ＬinkedIn'], canonical: 'linkedin', label: 'Linked In' },
  ])('may be all, and then only the label changes, and changes back: %j', async (body) => {
    await lead('utm_source=LinkedIn');
    const made = await post(body);
    expect(made).toMatchObject({ status: 201, body: { values: [], canonical: 'linkedin', label: 'Linked In' } });
    expect(await leads()).toEqual([['linkedin', 'Linked In / Organic Social', 1]]);
    expect((await kilde.api('GET', `/aliases/${made.body.id}`)).body).toEqual(made.body);
    expect((await kilde.api('DELETE', `/aliases/${made.body.id}`)).status).toBe(204);
    expect(await leads()).toEqual([['linkedin', 'LinkedIn / Organic Social', 1]]);
  });
});

describe('a target that is corrected itself', () => {
  beforeEach(async () => {
    for (const source of ['a', 'b', 'c']) await lead(`utm_source=${source}`);
  });

  const counts = async () => (await leads()).map(([value, , n]) => `${value}: ${n}`);

  it('leads on to the last one, in either order of the rules, and back again', async () => {
    expect((await post({ field: 'source', values: 'a', canonical: 'b' })).body.canonical).toBe('b');
    expect(await counts()).toEqual(['b: 2', 'c: 1']);
    expect((await post({ field: 'source', values: 'b', canonical: 'c' })).body.canonical).toBe('c');
    expect(await counts()).toEqual(['c: 3']);
    expect((await kilde.api('GET', '/aliases')).body.items.map((one: { canonical: string }) => one.canonical)).toEqual([
      'c',
      'c',
    ]);
    await kilde.api('DELETE', '/aliases/2');
    expect(await counts()).toEqual(['b: 2', 'c: 1']);
    await kilde.api('DELETE', '/aliases/1');
    expect(await counts()).toEqual(['a: 1', 'b: 1', 'c: 1']);

    await post({ field: 'source', values: 'b', canonical: 'c' });
    expect((await post({ field: 'source', values: 'a', canonical: 'b' })).body.canonical).toBe('c');
    expect(await counts()).toEqual(['c: 3']);
    await kilde.api('DELETE', '/aliases/3');
    expect(await counts()).toEqual(['b: 2', 'c: 1']);
  });

  it('is followed by values that come later', async () => {
    await post({ field: 'source', values: 'new', canonical: 'a' });
    await post({ field: 'source', values: 'a', canonical: 'b' });
    await lead('utm_source=new');
    expect(await counts()).toEqual(['b: 3', 'c: 1']);
    await kilde.api('DELETE', '/aliases/2');
    expect(await counts()).toEqual(['a: 2', 'b: 1', 'c: 1']);
    await kilde.api('DELETE', '/aliases/1');
    expect(await counts()).toEqual(['a: 1', 'b: 1', 'c: 1', 'new: 1']);
  });

  it('may have been seen never', async () => {
    await post({ field: 'source', values: 'x', canonical: 'y' });
    await post({ field: 'source', values: 'a', canonical: 'x' });
    expect(await counts()).toEqual(['b: 1', 'c: 1', 'y: 1']);
    expect(await origins()).toContainEqual({ field: 'source', canonical: 'x', counts_as: 'y', alias_label: 'x' });
  });

  it('makes no circle', async () => {
    await post({ field: 'source', values: 'a', canonical: 'b' });
    await post({ field: 'source', values: 'b', canonical: 'c' });
    expect((await post({ field: 'source', values: 'c', canonical: 'a' })).status).toBe(409);
    expect((await post({ field: 'source', values: ['z', 'c'], canonical: 'b' })).status).toBe(409);
    expect(await counts()).toEqual(['c: 3']);
  });
});

describe('what is no correction', () => {
  it.each([
    [{ field: 'source', canonical: 'a' }, ['body.values']],
    [{ field: 'channel', values: 'b', canonical: 'a' }, ['body.field']],
    [{ field: 'source', values: [], canonical: 'a' }, ['body.values']],
    [
      { field: 'source', values: Array.from({ length: 101 }, (_, index) => `v${index}`), canonical: 'a' },
      ['body.values'],
    ],
    [{ field: 'source', values: ['b', '  '], canonical: 'a' }, ['body.values[1]']],
    [{ field: 'source', values: ['b', 7], canonical: 'a' }, ['body.values[1]']],
    [{ field: 'source', values: 'b', canonical: '\u0000' }, ['body.canonical']],
    [{ field: 'source', values: 'b', canonical: 'x'.repeat(256) }, ['body.canonical']],
    [{ field: 'source', values: 'b' }, ['body.canonical']],
    [{ field: 'source', values: 'b', canonical: 'a', site: 'default' }, ['body.site']],
  ])('%j', async (body, expected) => {
    const version = await settingsVersion(kilde);
    const answer = await post(body);
    expect(answer.status).toBe(422);
    expect(locations(answer.body)).toEqual(expected);
    expect(await settingsVersion(kilde)).toBe(version);
  });

  it('is one of a value that is corrected already', async () => {
    await post({ field: 'source', values: 'b', canonical: 'a' });
    const answer = await post({ field: 'source', values: ['x', 'B'], canonical: 'c' });
    expect(answer.status).toBe(409);
    expect(locations(answer.body)).toEqual(['body.values[1]']);
    expect((await post({ field: 'medium', values: 'b', canonical: 'c' })).status).toBe(201);
  });
});

it('pages, the newest first', async () => {
  for (const from of ['a', 'b', 'c']) await post({ field: 'source', values: from, canonical: 'x' });
  const first = await kilde.api('GET', '/aliases?limit=2');
  const second = await kilde.api('GET', `/aliases?limit=2&cursor=${first.body.nextCursor}`);
  expect([...first.body.items, ...second.body.items].map(({ id }) => id)).toEqual(['3', '2', '1']);
});

describe('channel rules of a site', () => {
  const rules = [{ channel: 'Partner', when: { source: { op: 'startsWith', value: 'Partner' } } }];

  it('classify its history anew, and back again', async () => {
    await lead('utm_source=partner-a&utm_medium=email');
    await lead('utm_source=partner-a&utm_medium=cpc');
    await lead('utm_source=newsletter&utm_medium=email');
    const before = await leads();
    const dump = await dumpDatabase(kilde);
    const version = await settingsVersion(kilde);

    const changed = await kilde.api('PATCH', '/sites/default', { channelRules: rules, name: 'Main' });
    expect(changed).toMatchObject({ status: 200, body: { id: 'default', name: 'Main', channelRules: rules } });
    expect(await settingsVersion(kilde)).toBe(version + 1);
    expect(await leads()).toEqual([
      ['newsletter', 'newsletter / Email', 1],
      ['partner-a', 'partner-a / Partner', 2],
    ]);
    expect(rowsWritten(dump, await dumpDatabase(kilde))).toEqual({
      annotation: 1,
      origin: 2,
      origin_value: 1,
      origin_group: 2,
      // The form's submissions of the month and of the day, from one channel to the other.
      report_total: 6,
      settings: 1,
      site: 1,
    });

    await lead('utm_source=partner-b');
    expect(await leads()).toContainEqual(['partner-b', 'partner-b / Partner', 1]);

    await kilde.api('PATCH', '/sites/default', { channelRules: [] });
    expect(await leads()).toEqual([...before, ['partner-b', 'partner-b / Unassigned', 1]]);
  });

  it('leave other sites alone', async () => {
    await kilde.api('POST', '/sites', { name: 'Shop', slug: 'shop' });
    await kilde.api('POST', '/forms', { name: 'Shop', slug: 'shop', siteId: 'shop' });
    await lead('utm_source=partner-a');
    await kilde.submit('shop', { email: 'x@y.no', _page: 'https://y.no/?utm_source=partner-a' });
    await kilde.api('PATCH', '/sites/shop', { channelRules: rules });
    expect(await leads()).toEqual([
      ['partner-a', 'partner-a / Partner', 1],
      ['partner-a', 'partner-a / Unassigned', 1],
    ]);
  });

  it('go by corrected values', async () => {
    await lead('utm_source=pa');
    await kilde.api('PATCH', '/sites/default', { channelRules: rules });
    expect(await leads()).toEqual([['pa', 'pa / Unassigned', 1]]);
    await post({ field: 'source', values: 'pa', canonical: 'partner-a' });
    expect(await leads()).toEqual([['partner-a', 'partner-a / Partner', 1]]);
    await kilde.api('DELETE', '/aliases/1');
    expect(await leads()).toEqual([['pa', 'pa / Unassigned', 1]]);
  });

  it('go by click id and referrer', async () => {
    await lead('gclid=abc');
    await kilde.api('PATCH', '/sites/default', {
      channelRules: [{ channel: 'Ads', when: { clickId: { op: 'equals', value: 'gclid' } } }],
    });
    expect(await leads()).toEqual([['google', 'google / Ads', 1]]);
  });
});

describe('while the rules are being changed', () => {
  /** Lets something happen just before the application's nth batch from now. */
  function beforeBatch(nth: number, happening: () => Promise<unknown>): void {
    const { db } = kilde.deps;
    const batch = db.batch.bind(db);
    let count = 0;
    db.batch = (async (statements: Parameters<typeof batch>[0]) => {
      count += 1;
      if (count === nth) await happening();
      return batch(statements);
    }) as unknown as typeof db.batch;
  }

  it('a lead that comes in between is classified by the new ones', async () => {
    await lead('utm_source=linked-in&utm_medium=cpc');
    // Batches: the rules are read, the change is written.
    beforeBatch(2, () => lead('utm_source=linked-in&utm_medium=cpc&utm_campaign=late'));
    expect((await post({ field: 'source', values: 'linked-in', canonical: 'linkedin' })).status).toBe(201);
    expect(await leads()).toEqual([['linkedin', 'linkedin / Paid Social', 2]]);
  });

  it('another change is not lost', async () => {
    await lead('utm_source=linked-in&utm_medium=cpc');
    beforeBatch(2, async () => {
      await kilde.api('PATCH', '/sites/default', {
        channelRules: [{ channel: 'Partner', when: { source: { op: 'equals', value: 'linkedin' } } }],
      });
    });
    expect((await post({ field: 'source', values: 'linked-in', canonical: 'linkedin' })).status).toBe(201);
    expect(await leads()).toEqual([['linkedin', 'linkedin / Partner', 1]]);
    expect(await kilde.sql('SELECT count(*) AS n FROM alias')).toEqual([{ n: 1 }]);
  });

  it('two that exclude each other are not both made', async () => {
    beforeBatch(2, async () => {
      await post({ field: 'source', values: 'b', canonical: 'a' });
    });
    expect((await post({ field: 'source', values: 'a', canonical: 'b' })).status).toBe(409);
    expect(await kilde.sql('SELECT canonical FROM alias_from')).toEqual([{ canonical: 'b' }]);
  });
});
