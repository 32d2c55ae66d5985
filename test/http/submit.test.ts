import type { InStatement } from '@libsql/client/http';
import { beforeEach, describe, expect, it } from 'vitest';
import { Visitor } from '../support/browser-like.ts';
import { createTestApp, startOfTime } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

const linkedin = 'https://www.example.com/?utm_source=linkedin&utm_medium=paid-social&utm_campaign=webinar_sept';
const facebook = 'https://www.example.com/signup?utm_source=facebook&utm_medium=paid-social&utm_campaign=webinar_sept';
const dayMs = 24 * 60 * 60 * 1_000;

let kilde: TestApp;

beforeEach(async () => {
  kilde = await createTestApp();
  await addForm('demo');
});

async function addForm(key: string, columns: Record<string, string | number | null> = {}): Promise<void> {
  const row: Record<string, string | number | null> = { key, name: key, site_id: 1, created_at: 0, ...columns };
  await kilde.sql(
    `INSERT INTO form (${Object.keys(row).join()}) VALUES (${Object.keys(row)
      .map(() => '?')
      .join()})`,
    Object.values(row),
  );
}

/** The four points as stored, by source and time. */
async function pointsOf(email: string) {
  const [row] = await kilde.sql(
    `SELECT first.label AS first_touch, p.first_touch_at, lead.label AS lead_creation, p.lead_creation_at, p.creation_id
     FROM person p
     LEFT JOIN origin fo ON fo.id = p.first_touch_origin_id LEFT JOIN origin_value first ON first.id = fo.source_id
     LEFT JOIN origin lo ON lo.id = p.lead_creation_origin_id LEFT JOIN origin_value lead ON lead.id = lo.source_id
     WHERE p.email = ?`,
    [email],
  );
  return row;
}

const count = async (table: string) => (await kilde.sql(`SELECT count(*) AS n FROM ${table}`))[0]!['n'] as number;

describe('the four points', () => {
  it('holds the worked example of the seed', async () => {
    const visitor = new Visitor(kilde);
    await visitor.arrive(linkedin, { referrer: 'https://www.linkedin.com/' });
    kilde.advance(3 * dayMs);
    await visitor.arrive(facebook, { referrer: 'https://m.facebook.com/' });
    kilde.advance(60_000);
    expect((await visitor.send('demo', { email: 'Kari@Firma.no', name: 'Kari Nordmann' })).status).toBe(303);

    expect(await pointsOf('kari@firma.no')).toMatchObject({
      first_touch: 'linkedin',
      first_touch_at: startOfTime,
      lead_creation: 'facebook',
      lead_creation_at: startOfTime + 3 * dayMs,
    });
    const [company] = await kilde.sql(
      `SELECT c.domain, first.label AS first_touch, lead.label AS lead_creation, c.source_person_id FROM company c
       JOIN origin fo ON fo.id = c.first_touch_origin_id JOIN origin_value first ON first.id = fo.source_id
       JOIN origin lo ON lo.id = c.lead_creation_origin_id JOIN origin_value lead ON lead.id = lo.source_id`,
    );
    expect(company).toEqual({
      domain: 'firma.no',
      first_touch: 'linkedin',
      lead_creation: 'facebook',
      source_person_id: 1,
    });
  });

  it('leaves an existing person as it is and gives the later form its own conversion', async () => {
    const visitor = new Visitor(kilde);
    await visitor.arrive(linkedin);
    await visitor.send('demo', { email: 'kari@firma.no' });
    const before = await kilde.sql('SELECT * FROM person');
    kilde.advance(dayMs);
    await visitor.arrive('https://www.example.com/?utm_source=newsletter&utm_medium=email');
    await visitor.send('demo', { email: 'kari@firma.no', message: 'again' });

    expect(await kilde.sql('SELECT * FROM person')).toEqual(before);
    const submissions = await kilde.sql(
      `SELECT s.created_person, v.label AS source, json_array_length(s.journey) AS touches FROM submission s
       JOIN origin o ON o.id = s.origin_id JOIN origin_value v ON v.id = o.source_id ORDER BY s.at`,
    );
    expect(submissions).toEqual([
      { created_person: 1, source: 'linkedin', touches: 1 },
      { created_person: 0, source: 'newsletter', touches: 2 },
    ]);
  });

  it('gives no company source to a company created after the person', async () => {
    const visitor = new Visitor(kilde);
    await visitor.arrive(linkedin);
    await visitor.send('demo', { email: 'kari@gmail.com' });
    await visitor.send('demo', { email: 'kari@gmail.com', company: 'Firma AS' });

    const [company] = await kilde.sql('SELECT name, first_touch_origin_id, lead_creation_origin_id FROM company');
    expect(company).toEqual({ name: 'Firma AS', first_touch_origin_id: null, lead_creation_origin_id: null });
    expect(await kilde.sql('SELECT company_id FROM person')).toEqual([{ company_id: 1 }]);
  });

  it('lets direct take nothing from a known origin within look-back, and takes direct after it', async () => {
    const visitor = new Visitor(kilde);
    await visitor.arrive(linkedin);
    kilde.advance(90 * dayMs);
    await visitor.arrive('https://www.example.com/');
    await visitor.send('demo', { email: 'within@firma.no' });
    kilde.advance(1_000);
    await visitor.send('demo', { email: 'after@firma.no' });

    expect(await pointsOf('within@firma.no')).toMatchObject({ first_touch: 'linkedin', lead_creation: 'linkedin' });
    expect(await pointsOf('after@firma.no')).toMatchObject({ first_touch: 'linkedin', lead_creation: null });
  });

  it('reads the origin of the form page without any journey, from fields, _page or Referer', async () => {
    await kilde.submit('demo', { email: 'a@firma.no', utm_source: 'Partner A', utm_medium: 'email' });
    await kilde.submit('demo', { email: 'b@firma.no', _page: facebook });
    await kilde.submit('demo', { email: 'c@firma.no' }, { headers: { referer: linkedin } });
    await kilde.submit('demo', {
      email: 'd@firma.no',
      _page: 'https://www.example.com/',
      _ref: 'https://duckduckgo.com/',
    });

    expect((await pointsOf('a@firma.no'))!['lead_creation']).toBe('Partner A');
    expect((await pointsOf('b@firma.no'))!['lead_creation']).toBe('facebook');
    expect((await pointsOf('c@firma.no'))!['lead_creation']).toBe('linkedin');
    expect((await pointsOf('d@firma.no'))!['lead_creation']).toBe('duckduckgo');
  });

  it('captures no origin where the form or its site has tracking off', async () => {
    await addForm('plain', { utm_tracking: 0 });
    const visitor = new Visitor(kilde);
    await visitor.arrive(linkedin);
    await visitor.send('plain', { email: 'kari@firma.no', utm_source: 'linkedin' });
    expect(await pointsOf('kari@firma.no')).toMatchObject({ first_touch: null, lead_creation: null });
  });

  it('ignores a journey whose signature is wrong', async () => {
    const visitor = new Visitor(kilde);
    await visitor.arrive(linkedin);
    visitor.cookie = `${visitor.cookie!.slice(0, -1)}${visitor.cookie!.endsWith('A') ? 'B' : 'A'}`;
    expect((await visitor.send('demo', { email: 'kari@firma.no' })).status).toBe(303);
    expect(await pointsOf('kari@firma.no')).toMatchObject({ first_touch: null, lead_creation: null });
  });

  it('takes the journey that the page hands over', async () => {
    const handed = await kilde.request(`/t?u=${encodeURIComponent(linkedin)}`, {
      headers: { 'sec-fetch-site': 'cross-site' },
    });
    const { journey } = await handed.json<{ journey: string }>();
    expect(handed.headers.get('set-cookie')).toBeNull();
    await kilde.submit('demo', { email: 'kari@firma.no', _journey: journey });
    expect((await pointsOf('kari@firma.no'))!['first_touch']).toBe('linkedin');
  });
});

describe('who it is', () => {
  it('makes one person of a hundred simultaneous forms with one new address', async () => {
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, i) => kilde.submit('demo', { email: 'Kari@Firma.no', message: `${i}` })),
    );
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([201]));
    expect(await count('person')).toBe(1);
    expect(await count('company')).toBe(1);
    const created = await kilde.sql('SELECT created_person, count(*) AS n FROM submission GROUP BY 1 ORDER BY 1');
    expect(created).toEqual([
      { created_person: 0, n: 99 },
      { created_person: 1, n: 1 },
    ]);
    expect(await kilde.sql('SELECT submissions, new_leads FROM form_day')).toEqual([
      { submissions: 100, new_leads: 1 },
    ]);
  });

  it('makes a hundred people and one company of a hundred colleagues', async () => {
    await Promise.all(Array.from({ length: 100 }, (_, i) => kilde.submit('demo', { email: `person${i}@firma.no` })));
    expect(await count('person')).toBe(100);
    expect(await kilde.sql('SELECT count(*) AS n, count(first_touch_origin_id) AS sourced FROM company')).toEqual([
      { n: 1, sourced: 1 },
    ]);
    expect(await kilde.sql('SELECT count(DISTINCT company_id) AS n FROM person')).toEqual([{ n: 1 }]);
  });

  it('fills blanks and overwrites nothing', async () => {
    await kilde.submit('demo', { email: 'kari@firma.no', first_name: 'Kari' });
    await kilde.submit('demo', {
      email: 'kari@firma.no',
      first_name: 'Karoline',
      phone: '22 22 22 22',
      company: 'Firma AS',
    });
    expect(await kilde.sql('SELECT first_name, phone FROM person')).toEqual([
      { first_name: 'Kari', phone: '+4722222222' },
    ]);
    expect(await kilde.sql('SELECT name, domain FROM company')).toEqual([{ name: 'Firma AS', domain: 'firma.no' }]);
  });

  it('finds the company by number, by domain, and by name only where no domain tells', async () => {
    await kilde.submit('demo', { email: 'a@firma.no', company: 'Firma AS', orgnr: '923 609 016' });
    await kilde.submit('demo', { email: 'b@gmail.com', company: 'FIRMA' });
    await kilde.submit('demo', { email: 'c@annet.no', company: 'Firma AS' });
    await kilde.submit('demo', { email: 'd@gmail.com', orgnr: 'NO 923609016 MVA' });
    await kilde.submit('demo', { email: 'e@gmail.com' });
    const people = await kilde.sql(
      'SELECT p.email, c.domain FROM person p LEFT JOIN company c ON c.id = p.company_id ORDER BY 1',
    );
    expect(people.map((row) => row['domain'])).toEqual(['firma.no', 'firma.no', 'annet.no', 'firma.no', null]);
  });

  it.each([
    ['the address with a domain first', ['kari@firma.no', 'ola@gmail.com']],
    ['the address without one first', ['ola@gmail.com', 'kari@firma.no']],
  ])('comes to one company by name, %s', async (_, emails) => {
    for (const email of emails) await kilde.submit('demo', { email, company: 'Firma AS' });
    expect(await kilde.sql('SELECT name, domain FROM company')).toEqual([{ name: 'Firma AS', domain: 'firma.no' }]);
  });

  it('keeps the consent, adds to the selection, and gives status and category', async () => {
    await kilde.sql(
      "INSERT INTO selection (id, name, entity, kind, created_at) VALUES (7, 'Webinar', 'person', 'static', 0)",
    );
    await addForm('webinar', {
      selection_id: 7,
      default_category_id: 1,
      consents: JSON.stringify([{ field: 'news', purpose: 'newsletter', text: 'Send me news' }]),
    });
    await kilde.submit('webinar', { email: 'kari@firma.no', news: 'yes' });
    await kilde.submit('webinar', { email: 'ola@firma.no', news: 'no' });
    expect(await kilde.sql('SELECT person_id, purpose, text FROM consent')).toEqual([
      { person_id: 1, purpose: 'newsletter', text: 'Send me news' },
    ]);
    expect(await count('selection_member')).toBe(2);
    expect(await kilde.sql('SELECT category_id FROM company')).toEqual([{ category_id: 1 }]);
    expect(await kilde.sql('SELECT DISTINCT lead_status_id FROM person')).toEqual([{ lead_status_id: 1 }]);
  });

  it('never turns a customer back into a lead', async () => {
    await kilde.sql(
      "INSERT INTO company (name, name_fold, domain, category_id, created_via, created_at, updated_at, creation_id) VALUES ('Firma', 'firma', 'firma.no', 2, 'manual', 0, 0, 'x')",
    );
    await addForm('webinar', { default_category_id: 1 });
    await kilde.submit('webinar', { email: 'kari@firma.no' });
    expect(await kilde.sql('SELECT category_id FROM company')).toEqual([{ category_id: 2 }]);
  });
});

describe('stored once', () => {
  it.each([
    ['the idempotency header', {}, { 'idempotency-key': 'k1' }],
    ['the _id field', { _id: 'k1' }, {}],
  ])('by %s', async (_, fields, headers) => {
    const first = await kilde.submit('demo', { email: 'kari@firma.no', ...fields }, { headers });
    const again = await kilde.submit('demo', { email: 'kari@firma.no', ...fields }, { headers });
    expect(await again.json()).toEqual(await first.json());
    expect(await count('submission')).toBe(1);
  });

  it('however its sender spells the address and orders the answers, and whatever steers Kilde', async () => {
    const send = async (fields: Record<string, string>) =>
      (await (await kilde.submit('demo', { ...fields, _id: 'k' })).json<{ id: string }>()).id;
    const first = await send({ email: 'kari@blåbær.no', message: 'Hi', _t: '5000' });
    expect(await send({ message: 'Hi', email: ' Kari@BLÅBÆR.no ' })).toBe(first);
    expect(await send({ email: 'kari@xn--blbr-roah.no', message: 'Hi', utm_source: 'x' })).toBe(first);
    expect(await count('submission')).toBe(1);
  });

  it('by content, where a browser sends the same twice within moments, even at once', async () => {
    const visitor = new Visitor(kilde);
    await Promise.all([
      visitor.send('demo', { email: 'kari@firma.no' }),
      visitor.send('demo', { email: 'kari@firma.no' }),
    ]);
    expect(await count('submission')).toBe(1);
    await visitor.send('demo', { email: 'kari@firma.no', message: 'something else' });
    expect(await count('submission')).toBe(2);
    kilde.advance(31_000);
    await visitor.send('demo', { email: 'kari@firma.no' });
    expect(await count('submission')).toBe(3);
  });

  it('when the same statement reaches the database twice because its answer was lost', async () => {
    const client = kilde.deps.db.$client;
    const execute = client.execute.bind<(statement: InStatement) => ReturnType<typeof client.execute>>(client);
    let sentTwice = 0;
    client.execute = async (statement: InStatement) => {
      sentTwice += 1;
      await execute(statement);
      return execute(statement);
    };
    expect((await kilde.submit('demo', { email: 'kari@firma.no', consent: 'yes' })).status).toBe(201);
    expect(sentTwice).toBe(1);
    expect(await count('submission')).toBe(1);
    expect(await count('consent')).toBe(1);
    expect(await kilde.sql('SELECT submissions FROM form_day')).toEqual([{ submissions: 1 }]);
  });
});

describe('a key used before', () => {
  type Answer = { id: string; code?: string };
  const record = async (id: string) => (await kilde.api('GET', `/submissions/${id}`)).body;

  it('in a field _id that is fixed in the page loses no lead, and the record says so', async () => {
    const ids: string[] = [];
    for (const fields of [
      { email: 'kari@firma.no' },
      { email: 'ola@firma.no' },
      { email: 'kari@firma.no', message: 'Once more' },
      { email: 'kari@firma.no' },
    ]) {
      const answer = await kilde.submit('demo', { ...fields, _id: 'fixed' });
      expect(answer.status).toBe(201);
      ids.push((await answer.json<Answer>()).id);
    }
    expect(ids[3]).toBe(ids[0]);
    expect(await count('submission')).toBe(3);
    expect(await count('person')).toBe(2);
    const conflicts = await Promise.all(ids.slice(0, 3).map(async (id) => (await record(id)).idempotencyConflict));
    expect(conflicts).toEqual([false, true, true]);
  });

  it('in the header refuses other content, and says so', async () => {
    const send = (fields: Record<string, string>) =>
      kilde.submit('demo', fields, { headers: { 'idempotency-key': 'k1' } });
    const first = await (await send({ email: 'kari@firma.no', message: 'a' })).json<Answer>();
    for (const fields of [
      { email: 'ola@firma.no', message: 'a' },
      { email: 'kari@firma.no', message: 'b' },
      { email: 'robot@firma.no', _gotcha: 'x' },
    ]) {
      const answer = await send(fields);
      expect([answer.status, (await answer.json<Answer>()).code]).toEqual([409, 'conflict']);
    }
    expect(await (await send({ message: 'a', email: 'Kari@firma.no' })).json<Answer>()).toEqual(first);
    expect([await count('submission'), await count('quarantine')]).toEqual([1, 0]);
  });

  it.each([
    ['field', 100],
    ['header', 1],
  ])('by a hundred at once, in the %s', async (place, stored) => {
    kilde.roundTrips();
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, n) =>
        kilde.submit(
          'demo',
          { email: `p${n}@firma.no`, ...(place === 'field' ? { _id: 'k' } : {}) },
          place === 'field' ? {} : { headers: { 'idempotency-key': 'k' } },
        ),
      ),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(stored);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(100 - stored);
    expect([await count('submission'), await count('person')]).toEqual([stored, stored]);
    expect(await kilde.sql('SELECT count(*) AS n FROM submission WHERE idempotency_conflict = 1')).toEqual([
      { n: stored - 1 },
    ]);
  });

  it('and longer than the column is another key where only its end differs', async () => {
    const long = 'k'.repeat(300);
    const send = (key: string, email: string) =>
      kilde.submit('demo', { email }, { headers: { 'idempotency-key': key } });
    expect((await send(`${long}1`, 'a@firma.no')).status).toBe(201);
    expect((await send(`${long}2`, 'b@firma.no')).status).toBe(201);
    expect((await send(`${long}2`, 'c@firma.no')).status).toBe(409);
    await kilde.submit('demo', { email: 'd@firma.no', _id: `${long}1` });
    expect(await count('submission')).toBe(3);
    expect(await kilde.sql('SELECT max(length(idempotency_key)) <= 200 AS fits FROM submission')).toEqual([
      { fits: 1 },
    ]);
  });

  it('stays one round trip', async () => {
    await kilde.submit('demo', { email: 'warm@firma.no' });
    for (const email of ['kari@firma.no', 'ola@firma.no', 'ola@firma.no']) {
      kilde.roundTrips();
      await kilde.submit('demo', { email, _id: 'fixed' });
      expect(kilde.roundTrips()).toBe(1);
    }
  });

  it('by one in quarantine: both are stored, and either can be released', async () => {
    const held = await (await kilde.submit('demo', { email: 'kari@firma.no', _id: 'k', _gotcha: 'x' })).json<Answer>();
    const other = await (await kilde.submit('demo', { email: 'ola@firma.no', _id: 'k' })).json<Answer>();
    const second = await (await kilde.submit('demo', { email: 'per@firma.no', _id: 'k', _gotcha: 'x' })).json<Answer>();
    expect(new Set([held.id, other.id, second.id]).size).toBe(3);
    for (const { id } of [held, second]) {
      expect((await kilde.api('POST', `/quarantine/${id}/release`)).body).toEqual({ id });
      expect(await record(id)).toMatchObject({ idempotencyConflict: true });
    }
    expect(await count('submission')).toBe(3);
  });

  it.each(['{"email":"ola@firma.no"}', '{"email":"kari@firma.no"}'])(
    'by a submission stored meanwhile, with %s, keeps none from being released',
    async (fields) => {
      const held = await (
        await kilde.submit('demo', { email: 'kari@firma.no', _gotcha: 'x' }, { headers: { 'idempotency-key': 'k' } })
      ).json<Answer>();
      // As an earlier version could leave it.
      await kilde.sql('UPDATE quarantine SET idempotency_key = NULL');
      const stored = await (
        await kilde.submit('demo', JSON.parse(fields) as Record<string, string>, {
          headers: { 'idempotency-key': 'k' },
        })
      ).json<Answer>();
      const isOther = fields.includes('ola');
      expect((await kilde.api('POST', `/quarantine/${held.id}/release`)).body.id).toBe(isOther ? held.id : stored.id);
      expect((await kilde.api('GET', '/quarantine')).body.items).toEqual([]);
      expect(await count('submission')).toBe(isOther ? 2 : 1);
    },
  );
});

describe('quarantine', () => {
  it.each([
    ['honeypot', { _gotcha: 'x' }, {}],
    ['bot', {}, { 'user-agent': 'Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)' }],
    ['disposableEmail', { email: 'x@mailinator.com' }, {}],
  ])('holds back by %s, answering as always', async (reason, fields, headers) => {
    const answer = await kilde.submit('demo', { email: 'kari@firma.no', ...fields }, { headers });
    expect(answer.status).toBe(201);
    expect(await count('person')).toBe(0);
    expect(await count('form_day')).toBe(0);
    expect(JSON.parse((await kilde.sql('SELECT reasons FROM quarantine'))[0]!['reasons'])).toEqual([reason]);
  });

  it('holds back what is sent faster than the form allows', async () => {
    await addForm('slow', { minimum_seconds: 3 });
    await kilde.submit('slow', { email: 'kari@firma.no', _t: '2999' });
    await kilde.submit('slow', { email: 'ola@firma.no', _t: '3000' });
    expect(await count('quarantine')).toBe(1);
    expect(await count('person')).toBe(1);
  });
});

describe('closing', () => {
  it('stops at the date', async () => {
    await addForm('dated', { closes_at: startOfTime + 1_000 });
    expect((await kilde.submit('dated', { email: 'a@firma.no' })).status).toBe(201);
    kilde.advance(1_000);
    const late = await kilde.submit('dated', { email: 'b@firma.no' });
    expect([late.status, (await late.json<{ code: string }>()).code]).toEqual([410, 'form_closed']);
  });

  it('stops at the number, exactly, however many come at once', async () => {
    await addForm('few', { closes_after: 5 });
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => kilde.submit('few', { email: `p${i}@firma.no` })),
    );
    expect(answers.filter((answer) => answer.status === 201)).toHaveLength(5);
    expect(answers.filter((answer) => answer.status === 410)).toHaveLength(15);
    expect(await count('person')).toBe(5);
  });

  it('heeds a change of settings that another isolate made a moment ago', async () => {
    await kilde.submit('demo', { email: 'a@firma.no' });
    await kilde.sql("UPDATE form SET enabled = 0 WHERE key = 'demo'");
    await kilde.sql('UPDATE settings SET version = version + 1');
    expect((await kilde.submit('demo', { email: 'b@firma.no' })).status).toBe(410);
    expect(await count('person')).toBe(1);
  });
});

describe('a form that was changed elsewhere since it was read', () => {
  const send = async (headers: Record<string, string> = {}) =>
    (
      await kilde.request('/f/demo', {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
        body: 'email=kari@firma.no',
      })
    ).status;

  it('is open at once when it was opened again, and costs no round trip more while it stays open', async () => {
    await kilde.sql("UPDATE form SET enabled = 0 WHERE key = 'demo'");
    expect(await send()).toBe(410);
    await kilde.sql("UPDATE form SET enabled = 1 WHERE key = 'demo'");
    expect(await send()).toBe(303);
    kilde.roundTrips();
    expect([await send(), kilde.roundTrips()]).toEqual([303, 1]);
  });

  it('takes pages that were allowed since', async () => {
    const page = { origin: 'https://kampanje.no' };
    await kilde.sql(`UPDATE form SET allowed_origins = '["firma.no"]' WHERE key = 'demo'`);
    expect(await send(page)).toBe(403);
    await kilde.sql(`UPDATE form SET allowed_origins = '["kampanje.no"]' WHERE key = 'demo'`);
    expect(await send(page)).toBe(303);
  });
});
