import { beforeEach, describe, expect, it } from 'vitest';
import { Visitor } from '../support/browser-like.ts';
import { createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

const dayMs = 24 * 60 * 60 * 1_000;
const page = (source: string) => `https://www.example.com/?utm_source=${source}&utm_medium=social&fbclid=Id-${source}`;

let kilde: TestApp;

beforeEach(async () => {
  kilde = await createTestApp();
  await kilde.sql("INSERT INTO form (key, name, site_id, created_at) VALUES ('demo', 'Demo', 1, 0)");
  await kilde.sql(
    `INSERT INTO selection (id, name, entity, kind, created_at) VALUES
     (1, 'A', 'person', 'static', 0), (2, 'B', 'person', 'static', 0), (3, 'C', 'company', 'static', 0)`,
  );
});

/** Every table but the record of merges, row by row. */
async function dump(): Promise<Record<string, unknown>> {
  const tables = await kilde.sql(
    `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '\\_\\_%' ESCAPE '\\'
       AND name NOT IN ('person_merge', 'audit_entry', 'record_change') ORDER BY name`,
  );
  const all: Record<string, unknown> = {};
  for (const { name } of tables) {
    const rows = await kilde.sql(`SELECT * FROM "${name}"`);
    all[name] = rows.map((row) => JSON.stringify(row)).sort();
  }
  return all;
}

const idOf = async (email: string): Promise<string> =>
  (await kilde.api('GET', `/people?email=${encodeURIComponent(email)}`)).body.items[0].id;

async function merge(id: string, otherId: string): Promise<string> {
  const { status, body } = await kilde.api('POST', `/people/${id}/merge`, { otherId });
  expect(status).toBe(201);
  return body.id;
}

const undo = (mergeId: string) => kilde.api('POST', `/people/merges/${mergeId}/undo`);

/** Two addresses in one browser: its journey is both people's, and each has more of their own. */
async function twoOfOneBrowser(): Promise<{ early: string; late: string }> {
  const visitor = new Visitor(kilde);
  await visitor.arrive(page('Linkedin'));
  kilde.advance(dayMs);
  await visitor.send('demo', { email: 'kari@firma.no', name: 'Kari Nordmann', consent: 'yes' });
  kilde.advance(dayMs);
  await visitor.arrive(page('facebook'));
  kilde.advance(dayMs);
  await visitor.send('demo', { email: 'kari@gmail.com', phone: '12', title: 'CTO', consent: 'yes' });
  kilde.advance(dayMs);
  await visitor.send('demo', { email: 'kari@gmail.com', name: 'Someone Else' });
  const early = await idOf('kari@firma.no');
  const late = await idOf('kari@gmail.com');
  await kilde.sql(
    `INSERT INTO selection_member (selection_id, member_id, added_at) VALUES (1, ?, 1), (1, ?, 2), (2, ?, 3), (3, ?, 4)`,
    [early, late, late, late],
  );
  await kilde.sql(
    `INSERT INTO deal (external_id, person_id, status, amount_minor, currency, registered_at, updated_at)
     VALUES ('d1', ?, 'won', 100, 'NOK', 0, 0)`,
    [late],
  );
  kilde.advance(dayMs);
  return { early, late };
}

describe('a merge', () => {
  it.each([true, false])(
    'lets the earlier points win and moves all else over (into the earlier: %s)',
    async (intoEarly) => {
      const { early, late } = await twoOfOneBrowser();
      const before = (await kilde.api('GET', `/people/${early}`)).body;
      const [kept, removed] = intoEarly ? [early, late] : [late, early];
      kilde.roundTrips();
      const { status, body: tried } = await kilde.api('POST', `/people/${kept}/merge`, {
        otherId: removed,
        dryRun: true,
      });
      expect([status, kilde.roundTrips()]).toEqual([200, 1]);
      await merge(kept, removed);
      // The second is the audit log's.
      expect(kilde.roundTrips()).toBe(2);

      const { body } = await kilde.api('GET', `/people/${kept}`);
      expect(body).toMatchObject({
        id: kept,
        email: intoEarly ? 'kari@firma.no' : 'kari@gmail.com',
        phone: '12',
        title: 'CTO',
        createdAt: before.createdAt,
        createdVia: 'form',
        firstTouch: before.firstTouch,
        leadCreation: before.leadCreation,
        latestConversion: { source: 'facebook' },
        submissionCount: 3,
        company: { domain: 'firma.no' },
      });
      // The dry run has said so.
      const moved = intoEarly ? { submissions: 2, deals: 1, consents: 1 } : { submissions: 1, deals: 0, consents: 1 };
      expect(tried).toEqual({ person: expect.any(Object), moved });
      expect(body).toMatchObject(tried.person);
      expect(body.firstName).toBe(intoEarly ? 'Kari' : 'Someone');
      expect(body.consents).toHaveLength(2);
      expect((await kilde.api('GET', `/people/${removed}`)).status).toBe(404);
      // Whoever came later existed already.
      expect(
        (await kilde.sql('SELECT created_person AS n FROM submission ORDER BY at')).map((row) => row['n']),
      ).toEqual([1, 0, 0]);
      const journey = (await kilde.api('GET', `/people/${kept}/journey`)).body.items;
      expect(journey.map((touch: any) => [touch.source, touch.points, touch.submissionIds.length])).toEqual([
        ['Linkedin', ['firstTouch', 'leadCreation'], 1],
        ['facebook', ['conversion'], 2],
      ]);
      const { items } = (await kilde.api('GET', `/submissions?person=${kept}`)).body;
      for (const { id } of items) {
        const one = (await kilde.api('GET', `/submissions/${id}`)).body;
        expect(one.journey.map((touch: any) => touch.clickId.value)).toEqual(
          one.kind === 'leadCreation' ? ['Id-Linkedin'] : ['Id-Linkedin', 'Id-facebook'],
        );
      }
      expect(await kilde.sql('SELECT selection_id, member_id FROM selection_member ORDER BY 1')).toEqual([
        { selection_id: 1, member_id: Number(kept) },
        { selection_id: 2, member_id: Number(kept) },
        { selection_id: 3, member_id: Number(late) },
      ]);
      expect(await kilde.sql('SELECT person_id FROM deal')).toEqual([{ person_id: Number(kept) }]);
      const source = (await kilde.api('GET', '/companies?domain=firma.no')).body.items[0].companySource;
      expect(source.firstTouch.clickId.value).toBe('Id-Linkedin');
      expect(await kilde.sql('SELECT count(*) AS n FROM touch WHERE person_id <> ?', [kept])).toEqual([{ n: 0 }]);
    },
  );

  it('leads both addresses to the kept person', async () => {
    const { early, late } = await twoOfOneBrowser();
    await merge(early, late);
    for (const email of ['kari@firma.no', 'kari@gmail.com']) expect(await idOf(email)).toBe(early);
    await kilde.submit('demo', { email: 'KARI@gmail.com', message: 'later' });
    expect((await kilde.api('GET', `/people/${early}`)).body.submissionCount).toBe(4);
    expect(await kilde.sql('SELECT count(*) AS n FROM person')).toEqual([{ n: 1 }]);
  });

  it('takes a known origin for first touch before direct, but none that came after the creation', async () => {
    const post = async (email: string, createdAt: string, journey: unknown[]) =>
      (await kilde.api('POST', '/people', { email, createdAt, journey })).body.id;
    const a = await post('a@x.no', '2026-03-01T00:00:00Z', [{ at: '2026-01-01T00:00:00Z' }]);
    const b = await post('b@x.no', '2026-04-01T00:00:00Z', [{ at: '2026-02-01T00:00:00Z', source: 'linkedin' }]);
    const c = await post('c@x.no', '2026-01-15T00:00:00Z', []);
    await merge(a, b);
    expect((await kilde.api('GET', `/people/${a}`)).body).toMatchObject({
      createdAt: '2026-03-01T00:00:00.000Z',
      firstTouch: { source: 'linkedin' },
      leadCreation: { source: null },
    });
    await merge(a, c);
    expect((await kilde.api('GET', `/people/${a}`)).body).toMatchObject({
      createdAt: '2026-01-15T00:00:00.000Z',
      firstTouch: { source: null, at: '2026-01-15T00:00:00.000Z' },
    });
  });

  it('needs two people', async () => {
    const { early, late } = await twoOfOneBrowser();
    const before = await dump();
    for (const [id, otherId, status, location] of [
      [early, early, 422, 'body.otherId'],
      [early, '999', 422, 'body.otherId'],
      ['999', early, 404, undefined],
      [early, 'x', 422, 'body.otherId'],
    ] as const) {
      for (const dryRun of [false, true]) {
        const answer = await kilde.api('POST', `/people/${id}/merge`, { otherId, dryRun });
        expect([answer.status, answer.body.errors?.[0].location]).toEqual([status, location]);
      }
    }
    expect(await dump()).toEqual(before);
    await merge(early, late);
    // The same once more: the other is gone.
    expect((await kilde.api('POST', `/people/${early}/merge`, { otherId: late })).status).toBe(422);
  });

  it('happens once where two ask at the same time', async () => {
    const { early, late } = await twoOfOneBrowser();
    const answers = await Promise.all([
      kilde.api('POST', `/people/${early}/merge`, { otherId: late }),
      kilde.api('POST', `/people/${late}/merge`, { otherId: early }),
    ]);
    expect(answers.map(({ status }) => status).filter((status) => status === 201)).toHaveLength(1);
    expect(await kilde.sql('SELECT count(*) AS n FROM person')).toEqual([{ n: 1 }]);
  });
});

describe('undoing a merge', () => {
  it.each([true, false])('leaves every table as it was (into the earlier: %s)', async (intoEarly) => {
    const { early, late } = await twoOfOneBrowser();
    const before = await dump();
    const [kept, removed] = intoEarly ? [early, late] : [late, early];
    const mergeId = await merge(kept, removed);
    expect(await dump()).not.toEqual(before);
    kilde.advance(dayMs);
    kilde.roundTrips();
    const { status, body } = await undo(mergeId);
    expect(kilde.roundTrips()).toBe(2);
    expect([status, body]).toEqual([
      200,
      {
        id: mergeId,
        person: { id: kept },
        removedPerson: { id: removed, email: intoEarly ? 'kari@gmail.com' : 'kari@firma.no' },
        at: '2026-09-06T10:00:00.000Z',
        undoneAt: '2026-09-07T10:00:00.000Z',
        undoableUntil: null,
        undoableBy: 'write',
      },
    ]);
    expect(await dump()).toEqual(before);
    expect((await undo(mergeId)).status).toBe(409);
    expect((await undo('99')).status).toBe(404);
    // And once more.
    await merge(kept, removed);
    expect(await dump()).not.toEqual(before);
  });

  it('leaves every table as it was, for many people merged in any order', async () => {
    let seed = 20_260_901;
    const random = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return Math.floor((seed / 2 ** 31) * below);
    };
    const visitors = Array.from({ length: 3 }, () => new Visitor(kilde));
    for (let i = 0; i < 40; i += 1) {
      const visitor = visitors[random(3)]!;
      if (random(2)) await visitor.arrive(page(['Linkedin', 'linkedin', 'facebook', 'x'][random(4)]!));
      if (random(4) === 0) visitor.cookie = undefined;
      await visitor.send('demo', {
        email: `p${random(6)}@${['gmail.com', 'firma.no', 'annet.no'][random(3)]}`,
        ...(random(2) ? { phone: String(i) } : {}),
        ...(random(2) ? { name: `N${i} E${i}` } : {}),
        ...(random(3) ? {} : { consent: 'yes' }),
      });
      kilde.advance(random(3) * 45 * 60_000);
    }
    const people = (await kilde.sql('SELECT id FROM person')).map(({ id }) => String(id));
    for (const [index, id] of people.entries()) {
      await kilde.sql('INSERT INTO selection_member (selection_id, member_id, added_at) VALUES (?, ?, ?)', [
        1 + random(2),
        id,
        index,
      ]);
    }
    const states: Array<{ mergeId: string; kept: string; removed: string; before: unknown }> = [];
    while (people.length > 1) {
      const [kept] = people.splice(random(people.length), 1);
      const removed = people[random(people.length)]!;
      people.splice(people.indexOf(removed), 1, kept!);
      kilde.advance(1_000);
      const before = await dump();
      const { person: tried } = (await kilde.api('POST', `/people/${kept}/merge`, { otherId: removed, dryRun: true }))
        .body;
      states.push({ before, kept: kept!, removed, mergeId: await merge(kept!, removed) });
      expect((await kilde.api('GET', `/people/${kept}`)).body).toMatchObject(tried);
    }
    expect(await kilde.sql('SELECT count(*) AS n FROM touch WHERE person_id <> ?', [people[0]!])).toEqual([{ n: 0 }]);
    expect((await kilde.api('GET', `/people/${people[0]}/merges`)).body.items).toHaveLength(states.length);
    for (const [index, { mergeId, before }] of [...states.entries()].toReversed()) {
      // Whatever still builds on this merge keeps an earlier one from being undone.
      const earlier = states
        .slice(0, index)
        .find(({ kept }) => [states[index]!.kept, states[index]!.removed].includes(kept));
      if (earlier) expect((await undo(earlier.mergeId)).status).toBe(409);
      kilde.advance(1_000);
      expect((await undo(mergeId)).status).toBe(200);
      expect(await dump()).toEqual(before);
    }
  }, 60_000);

  it('keeps what came in since with the kept person, and what was changed by hand', async () => {
    const { early, late } = await twoOfOneBrowser();
    const mergeId = await merge(early, late);
    kilde.advance(60_000);
    await kilde.api('PATCH', `/people/${early}`, { title: 'CEO', lastName: 'Hansen' });
    const visitor = new Visitor(kilde);
    await visitor.arrive(page('newsletter'));
    await visitor.send('demo', { email: 'kari@gmail.com', message: 'since' });
    expect((await undo(mergeId)).status).toBe(200);
    const kept = (await kilde.api('GET', `/people/${early}`)).body;
    expect(kept).toMatchObject({
      title: 'CEO',
      lastName: 'Hansen',
      phone: null,
      submissionCount: 2,
      latestConversion: { source: 'newsletter', clickId: { value: 'Id-newsletter' } },
    });
    expect((await kilde.api('GET', `/people/${late}`)).body).toMatchObject({
      phone: '12',
      title: 'CTO',
      submissionCount: 2,
    });
    expect(await idOf('kari@gmail.com')).toBe(late);
  });

  it('gives a submission that stays the touches it names', async () => {
    const shared = new Visitor(kilde);
    await shared.arrive(page('Linkedin'));
    await shared.send('demo', { email: 'b@x.no' });
    await kilde.api('POST', '/people', { email: 'a@x.no' });
    const [a, b] = [await idOf('a@x.no'), await idOf('b@x.no')];
    const mergeId = await merge(a, b);
    kilde.advance(60_000);
    // The journey names a touch that the merge moved here and that its undoing moves back.
    await shared.send('demo', { email: 'a@x.no', message: 'since' });
    await undo(mergeId);
    const { items } = (await kilde.api('GET', `/submissions?person=${a}`)).body;
    expect(items[0].touch).toMatchObject({ source: 'Linkedin', clickId: { value: 'Id-Linkedin' } });
    expect((await kilde.api('DELETE', `/people/${b}`)).status).toBe(204);
    expect((await kilde.api('GET', `/submissions/${items[0].id}`)).body.journey).toHaveLength(1);
  });

  it('gives both their addresses back where the other became the first', async () => {
    const { early, late } = await twoOfOneBrowser();
    const mergeId = await merge(early, late);
    await kilde.api('PATCH', `/people/${early}`, { email: 'kari@gmail.com' });
    expect((await undo(mergeId)).status).toBe(200);
    expect(await idOf('kari@firma.no')).toBe(early);
    expect(await idOf('kari@gmail.com')).toBe(late);
    expect(await kilde.sql('SELECT * FROM person_email')).toEqual([]);
  });

  it('goes in reverse order', async () => {
    const post = async (email: string) => (await kilde.api('POST', '/people', { email })).body.id;
    const [a, b, c] = [await post('a@x.no'), await post('b@x.no'), await post('c@x.no')];
    const first = await merge(b, c);
    const second = await merge(a, b);
    const merges = (await kilde.api('GET', `/people/${a}/merges`)).body.items;
    expect(merges.map((one: any) => [one.id, one.removedPerson.email])).toEqual([
      [second, 'b@x.no'],
      [first, 'c@x.no'],
    ]);
    expect((await undo(first)).status).toBe(409);
    expect((await undo(second)).status).toBe(200);
    expect((await undo(first)).status).toBe(200);
    for (const [id, email] of [
      [a, 'a@x.no'],
      [b, 'b@x.no'],
      [c, 'c@x.no'],
    ] as const) {
      expect(await idOf(email)).toBe(id);
    }
  });
});
