import { beforeAll, describe, expect, it } from 'vitest';
import { normalizePhones } from '../../src/jobs/normalize-phones.ts';
import { createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

let kilde: TestApp;

const send = async (fields: Record<string, unknown>): Promise<string> => {
  const response = await kilde.submit('demo', fields);
  expect(response.status).toBe(201);
  return (await response.json<{ id: string }>()).id;
};
const personOf = async (submissionId: string) => {
  const { person } = (await kilde.api('GET', `/submissions/${submissionId}`)).body;
  return person === null ? null : (await kilde.api('GET', `/people/${person.id}`)).body;
};
const count = async (table: string) => (await kilde.sql(`SELECT count(*) AS n FROM ${table}`))[0]!['n'] as number;

describe('a form without an e-mail address', () => {
  beforeAll(async () => {
    kilde = await createTestApp();
    await kilde.sql("INSERT INTO form (key, name, site_id, created_at) VALUES ('demo', 'Demo', 1, 0)");
  });

  it('creates a person by telephone number, in one round trip when warm and without a scan', async () => {
    await send({ name: 'Warm Up', phone: '+46 70 123 45 67' });
    kilde.roundTrips();
    let id = '';
    const scans = await kilde.scansDuring(async () => {
      id = await send({ name: 'Kari Nordmann', phone: '912 34 567' });
    });
    expect(kilde.roundTrips()).toBe(1);
    expect(scans.filter((line) => /^SCAN (person|person_email|company|submission|touch)\b/.test(line))).toEqual([]);
    const person = await personOf(id);
    expect(person).toMatchObject({ email: null, phone: '+4791234567', firstName: 'Kari', createdVia: 'form' });
  });

  it('finds the person by the number however it is written, and by e-mail once a form gave both', async () => {
    const first = await personOf(await send({ phone: '0047 91 23 45 67' }));
    expect(first).toMatchObject({ phone: '+4791234567', submissionCount: 2, latestConversion: { channel: 'Direct' } });
    const both = await personOf(await send({ email: 'kari@firma.no', phone: '+47 91234567' }));
    expect(both).toMatchObject({ id: first.id, email: 'kari@firma.no', company: { domain: 'firma.no' } });
    expect(await personOf(await send({ email: 'KARI@firma.no' }))).toMatchObject({ id: first.id });
    expect((await kilde.api('GET', '/people?phone=%2B4791234567')).body.items).toMatchObject([{ id: first.id }]);
  });

  it('takes one with another address for somebody else, and then a new person for the number that two have', async () => {
    const other = await personOf(await send({ email: 'ola@firma.no', phone: '91234567' }));
    expect(other).toMatchObject({ email: 'ola@firma.no', phone: '+4791234567', submissionCount: 1 });
    const third = await personOf(await send({ phone: '91234567' }));
    expect(third).toMatchObject({ email: null, submissionCount: 1 });
    expect(third.id).not.toBe(other.id);
  });

  it('stores and counts what neither names, and creates nobody', async () => {
    const [people, companies] = [await count('person'), await count('company')];
    const page = 'https://www.example.com/?utm_source=linkedin&utm_campaign=webinar&li_fat_id=A-1';
    const id = await send({ message: 'Ring meg', phone: 'in the evening', company: 'Ukjent AS', _page: page });
    expect((await kilde.api('GET', `/submissions/${id}`)).body).toMatchObject({
      person: null,
      company: null,
      kind: null,
      createdPerson: false,
      touch: { source: 'linkedin', clickId: { name: 'li_fat_id', value: 'A-1' } },
      journey: [{ source: 'linkedin' }],
      fields: { message: 'Ring meg' },
    });
    expect([await count('person'), await count('company')]).toEqual([people, companies]);
    const report = await kilde.api('POST', '/reports/query', {
      measures: ['submissions', 'conversions', 'leads'],
      dimensions: ['source'],
      attribution: 'conversion',
      period: { from: '2026-08-01', to: '2026-09-30' },
    });
    expect(report.body.rows).toContainEqual(
      expect.objectContaining({ source: 'linkedin', submissions: 1, conversions: 0 }),
    );
    const { body } = await kilde.api('POST', '/segments/query', {
      entity: 'submission',
      where: { field: 'touch.source', op: 'equals', value: 'linkedin' },
      columns: ['id', 'kind', 'createdVia'],
    });
    expect(body.items).toMatchObject([{ id, kind: null, createdVia: 'form' }]);
  });

  it('asks to correct an address that is none where nothing else says who it is, and takes a dash for none', async () => {
    const wrong = { email: 'kari(at)firma', message: 'x' };
    for (const phone of [undefined, '12345678', 'ring']) {
      const refused = await kilde.submit('demo', { ...wrong, ...(phone && { phone }) });
      expect([phone, refused.status, (await refused.json<any>()).errors[0].location]).toEqual([
        phone,
        422,
        'fields.email',
      ]);
    }
    // The number says who it is: the lead is not lost, and what was typed stands in the submission.
    const id = await send({ ...wrong, phone: '45 00 00 07' });
    expect(await personOf(id)).toMatchObject({ email: null, phone: '+4745000007' });
    expect((await kilde.api('GET', `/submissions/${id}`)).body.fields).toMatchObject({ email: 'kari(at)firma' });
    // Nobody can correct what is quarantined: released, it is stored and creates nobody.
    const held = await send({ ...wrong, _gotcha: 'x' });
    expect((await kilde.api('POST', `/quarantine/${held}/release`)).status).toBe(200);
    expect(await personOf(held)).toBeNull();
    expect(await personOf(await send({ email: '-', phone: '91234568' }))).toMatchObject({ phone: '+4791234568' });
  });

  it('knows nobody by a number that no numbering plan has, and keeps it as it was typed', async () => {
    const before = await count('person');
    const ids = [await send({ phone: '12345678', message: 'a' }), await send({ phone: '12345678', message: 'b' })];
    expect([await personOf(ids[0]!), await personOf(ids[1]!), await count('person')]).toEqual([null, null, before]);
    expect(await personOf(await send({ email: 'typo@firma.no', phone: '123 45 678' }))).toMatchObject({
      phone: '123 45 678',
    });
  });

  it('makes one person of a new number that is sent many times at once', async () => {
    const before = await count('person');
    await Promise.all(Array.from({ length: 20 }, async (_, n) => send({ phone: '40 00 00 01', message: `n ${n}` })));
    expect((await count('person')) - before).toBe(1);
    const created = await kilde.sql(
      `SELECT sum(created_person) AS leads, count(*) AS n FROM submission WHERE person_id = (SELECT max(id) FROM person)`,
    );
    expect(created).toEqual([{ leads: 1, n: 20 }]);
  });

  it('reads a number without a country by the site: its country, else that of its time zone', async () => {
    const { body: site } = await kilde.api('POST', '/sites', { name: 'Sverige', timeZone: 'Europe/Stockholm' });
    const { body: form } = await kilde.api('POST', '/forms', { name: 'Ring', siteId: site.id });
    const phoneOf = async (text: string) => {
      const { id } = await (await kilde.submit(form.id, { phone: text })).json<{ id: string }>();
      return (await personOf(id)).phone;
    };
    expect(await phoneOf('070-123 45 68')).toBe('+46701234568');
    expect((await kilde.api('PATCH', `/sites/${site.id}`, { country: 'dk' })).body.country).toBe('DK');
    expect(await phoneOf('32 12 34 56')).toBe('+4532123456');
  });
});

describe('people by telephone number elsewhere', () => {
  beforeAll(async () => {
    kilde = await createTestApp();
    await kilde.sql("INSERT INTO form (key, name, site_id, created_at) VALUES ('demo', 'Demo', 1, 0)");
  });

  it('are stored by PUT, once, and refused where nothing tells who it is', async () => {
    const put = async (...items: unknown[]) => kilde.api('PUT', '/people', { items });
    const { body } = await put(
      { phone: '99 88 77 66', createdVia: 'import' },
      { phone: '+4799887766', firstName: 'Eva' },
    );
    expect(body.items).toEqual([
      { id: body.items[0].id, created: true },
      { id: body.items[0].id, created: false },
    ]);
    expect((await kilde.api('GET', `/people/${body.items[0].id}`)).body).toMatchObject({
      email: null,
      firstName: 'Eva',
    });
    const refused = await put({ firstName: 'Nobody' }, { phone: 'ring' });
    expect(refused.status).toBe(422);
    expect(refused.body.errors).toEqual([
      { location: 'body.items[0].email', message: expect.stringContaining('missing') },
      { location: 'body.items[1].phone', message: expect.stringContaining("'ring' is not a telephone number") },
    ]);
  });

  it('keep what PATCH is sent as it was read, and get a number in E.164', async () => {
    const [person] = (await kilde.api('GET', '/people?phone=%2B4799887766')).body.items;
    const { body } = await kilde.api('PATCH', `/people/${person.id}`, { email: null, phone: '99 88 77 65' });
    expect(body).toMatchObject({ email: null, phone: '+4799887765' });
  });

  it('are merged with whoever has the address, and parted again', async () => {
    const [{ id }] = (await kilde.api('GET', '/people?phone=%2B4799887765')).body.items;
    const { body: other } = await kilde.api('POST', '/people', { email: 'eva@firma.no' });
    const { status, body: merge } = await kilde.api('POST', `/people/${id}/merge`, { otherId: other.id });
    expect(status).toBe(201);
    expect((await kilde.api('GET', `/people/${id}`)).body).toMatchObject({
      email: 'eva@firma.no',
      phone: '+4799887765',
    });
    expect(await kilde.sql('SELECT * FROM person_email')).toEqual([]);
    expect((await kilde.api('POST', `/people/merges/${merge.id}/undo`)).status).toBe(200);
    expect((await kilde.api('GET', `/people/${id}`)).body.email).toBeNull();
    expect((await kilde.api('GET', `/people/${other.id}`)).body.email).toBe('eva@firma.no');
    const other2 = await kilde.api('POST', `/people/${other.id}/merge`, { otherId: id });
    expect(other2.body.removedPerson.email).toBeNull();
    expect((await kilde.api('GET', `/people/${other.id}`)).body).toMatchObject({
      email: 'eva@firma.no',
      phone: '+4799887765',
    });
  });

  it('are in their file, and erased with what waits for them; a number that others have stays theirs', async () => {
    const sent = await kilde.submit('demo', { phone: '44 33 22 11', message: 'mine' });
    const { person } = (await kilde.api('GET', `/submissions/${(await sent.json<{ id: string }>()).id}`)).body;
    await kilde.submit('demo', { phone: '+47 44332211', _gotcha: 'x' });
    await kilde.submit('demo', { email: 'per@firma.no', message: 'Ring kollega på 443 32 211' });
    const file = (await kilde.api('GET', `/people/${person.id}/export`)).body;
    expect(file.quarantine).toHaveLength(1);
    expect((await kilde.api('DELETE', `/people/${person.id}`)).status).toBe(204);
    const left = await kilde.sql(
      `SELECT (SELECT group_concat(fields) FROM submission) || (SELECT coalesce(group_concat(payload), '') FROM quarantine) ||
        (SELECT coalesce(group_concat(phone), '') FROM person) AS text`,
    );
    expect(left[0]!['text']).not.toMatch(/4433|443 32|44 33/);
    expect(left[0]!['text']).toContain('Ring kollega på (erased)');
    expect((await kilde.api('GET', '/people?phone=%2B4744332211')).body.items).toEqual([]);
  });

  it('are known by numbers from before, once they have been written anew', async () => {
    await kilde.api('POST', '/people', { email: 'gunn@firma.no' });
    await kilde.sql(`UPDATE person SET phone = '99 00 11 22', updated_at = 7 WHERE email = 'gunn@firma.no'`);
    await kilde.sql(`UPDATE settings SET phones_before = NULL`);
    await normalizePhones(kilde.deps);
    await normalizePhones(kilde.deps);
    expect(await kilde.sql(`SELECT phone, updated_at FROM person WHERE email = 'gunn@firma.no'`)).toEqual([
      { phone: '+4799001122', updated_at: 7 },
    ]);
    expect(await kilde.sql(`SELECT phones_before FROM settings`)).toEqual([{ phones_before: 0 }]);
    const { id } = await (await kilde.submit('demo', { phone: '99001122' })).json<{ id: string }>();
    expect(await personOf(id)).toMatchObject({ email: 'gunn@firma.no' });
  });
});

describe('a chat, a call or an event of somebody', () => {
  beforeAll(async () => {
    kilde = await createTestApp();
    await kilde.sql("INSERT INTO form (key, name, site_id, created_at) VALUES ('demo', 'Demo', 1, 0)");
  });

  it('is a submission once for each kind and time, and an import never is', async () => {
    const lead = {
      email: 'kari@firma.no',
      createdVia: 'chat',
      createdAt: '2026-08-01T10:00:00Z',
      journey: [{ at: '2026-08-01T09:00:00Z', source: 'facebook' }],
    };
    const put = async (change: Record<string, unknown>) =>
      kilde.api('PUT', '/people', { items: [{ ...lead, ...change }] });
    await put({ createdVia: 'import', createdAt: '2026-07-01T10:00:00Z', journey: [] });
    for (const createdVia of ['import', 'api', 'manual']) await put({ createdVia });
    await put({});
    await put({});
    await put({ createdVia: 'phone' });
    await put({ createdAt: '2026-08-02T10:00:00Z' });
    const { body } = await kilde.api('GET', '/submissions');
    const seen = body.items.map(({ at, createdVia, kind, form, touch }: any) => [
      at,
      createdVia,
      kind,
      form,
      touch.source,
    ]);
    expect(seen).toEqual([
      ['2026-08-02T10:00:00.000Z', 'chat', 'conversion', null, 'facebook'],
      ['2026-08-01T10:00:00.000Z', 'phone', 'conversion', null, 'facebook'],
      ['2026-08-01T10:00:00.000Z', 'chat', 'conversion', null, 'facebook'],
    ]);
  });
});

it('a person keeps an e-mail address or a telephone number', async () => {
  const { body } = await kilde.api('POST', '/people', { email: 'kept@firma.no', phone: '+4722334455' });
  const both = await kilde.api('PATCH', `/people/${body.id}`, { email: null, phone: null });
  expect([both.status, both.body.errors[0].location]).toEqual([422, 'body.email']);
  expect((await kilde.api('PATCH', `/people/${body.id}`, { email: null })).status).toBe(200);
  const last = await kilde.api('PATCH', `/people/${body.id}`, { phone: null });
  expect([last.status, last.body.errors[0].location]).toEqual([422, 'body.phone']);
  expect((await kilde.api('GET', `/people/${body.id}`)).body).toMatchObject({ email: null, phone: '+4722334455' });
});
