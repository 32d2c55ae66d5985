import { beforeAll, expect, it } from 'vitest';
import { rollUpReports } from '../../src/jobs/roll-up-reports.ts';
import { createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

let kilde: TestApp;
const dayMs = 86_400_000;
const kinds = async (): Promise<any[]> => (await kilde.api('GET', '/attention')).body.items;

beforeAll(async () => {
  kilde = await createTestApp();
  await kilde.sql("INSERT INTO form (key, name, site_id, created_at) VALUES ('demo', 'Demo', 1, 0)");
});

it('is empty where nothing needs anybody, in one request', async () => {
  await kinds();
  kilde.roundTrips();
  expect(await kinds()).toEqual([]);
  expect(kilde.roundTrips()).toBe(1);
});

it('suggests corrections with their effect, and remembers what is not the same', async () => {
  const touched = (email: string, source: string) => ({
    email,
    journey: [{ at: '2026-08-30T10:00:00Z', source, medium: 'social' }],
  });
  await kilde.api('PUT', '/people', {
    items: [
      touched('a@firma.no', 'linkedin'),
      touched('b@firma.no', 'linkedin'),
      touched('c@firma.no', 'linked-in'),
      touched('d@firma.no', 'webinar_1'),
      touched('e@firma.no', 'webinar_2'),
    ],
  });
  await kilde.api('PUT', '/deals', {
    items: [
      {
        externalId: '1',
        status: 'won',
        amount: 1_000,
        currency: 'NOK',
        email: 'c@firma.no',
        createdAt: '2026-08-31T10:00:00Z',
        closedAt: '2026-08-31T12:00:00Z',
      },
    ],
  });
  for (let run = 0; run < 3; run += 1) await rollUpReports({ ...kilde.deps, now: kilde.deps.clock() } as any);
  kilde.roundTrips();
  const { body } = await kilde.api('GET', '/aliases/suggestions');
  expect(kilde.roundTrips()).toBe(1);
  expect(body.items).toMatchObject([
    {
      field: 'source',
      canonical: { value: 'linkedin', leads: 2, leadToDealRate: 0, revenue: [] },
      values: [{ value: 'linked-in', leads: 1, leadsWithDeal: 1, revenue: [{ amount: 1_000, currency: 'NOK' }] }],
      after: { leads: 3, leadsWithDeal: 1, leadToDealRate: 1 / 3, revenue: [{ amount: 1_000, currency: 'NOK' }] },
    },
  ]);
  expect(body.refused).toMatchObject([
    {
      field: 'source',
      first: { value: 'webinar_1' },
      second: { value: 'webinar_2' },
      reason: 'numbersDiffer',
      distinctId: null,
    },
  ]);
  expect(await kinds()).toMatchObject([{ kind: 'newSpellings', count: 1, subject: { name: 'linkedin' } }]);

  const pair = await kilde.api('POST', '/aliases/distinct', {
    field: 'source',
    first: 'LinkedIn',
    second: 'linked-in',
  });
  expect(pair.status).toBe(201);
  const after = (await kilde.api('GET', '/aliases/suggestions')).body;
  expect(after.items).toEqual([]);
  expect(after.refused).toContainEqual(expect.objectContaining({ reason: 'notTheSame', distinctId: pair.body.id }));
  expect((await kilde.api('GET', `/aliases/distinct/${pair.body.id}`)).body).toEqual(pair.body);
  expect((await kilde.api('DELETE', `/aliases/distinct/${pair.body.id}`)).status).toBe(204);
  expect((await kilde.api('GET', '/aliases/suggestions')).body.items).toHaveLength(1);
  await kilde.api('POST', '/aliases', { field: 'source', values: ['linked-in'], canonical: 'linkedin' });
  expect(await kinds()).toEqual([]);
});

it('names a form that is silent against its own habit, and not one that rests as it does', async () => {
  const lastAt = kilde.deps.clock() - 8 * dayMs;
  const day = (back: number) => new Date(lastAt - back * dayMs).toISOString().slice(0, 10);
  for (const [key, every] of [
    ['busy', 1],
    ['slow', 10],
  ] as const) {
    await kilde.sql(`INSERT INTO form (key, name, site_id, created_at) VALUES ('${key}', '${key}', 1, 0)`);
    for (let n = 0; n < 8; n += 1) {
      await kilde.sql(
        `INSERT INTO form_day (form_id, day, submissions, new_leads, last_at) SELECT id, ?, 1, 1, ? FROM form WHERE key = ?`,
        [day(n * every), lastAt - n * every * dayMs, key],
      );
    }
  }
  expect(await kinds()).toMatchObject([
    {
      kind: 'formSilent',
      since: new Date(lastAt).toISOString(),
      subject: { id: 'busy', name: 'busy' },
      href: '/app/forms/busy',
    },
  ]);
  await kilde.sql('DELETE FROM form_day');
});

it('names no form that rests at night and at weekends as it always does', async () => {
  await kilde.sql(`INSERT INTO form (key, name, site_id, created_at) VALUES ('office', 'office', 1, 0)`);
  // Tuesday at noon; ten on each working day until Friday the week before, and none on the Monday between.
  for (let back = 4; back < 40; back += 1) {
    const at = kilde.deps.clock() - back * dayMs;
    if ([0, 6].includes(new Date(at).getUTCDay())) continue;
    await kilde.sql(
      `INSERT INTO form_day (form_id, day, submissions, new_leads, last_at) SELECT id, ?, 10, 1, ? FROM form WHERE key = 'office'`,
      [new Date(at).toISOString().slice(0, 10), at],
    );
  }
  expect(new Date(kilde.deps.clock()).getUTCDay()).toBe(2);
  const silent = (await kinds()).filter(({ kind }) => kind === 'formSilent');
  expect(silent.map(({ count }) => count)).toEqual([10]);
  // With the Monday, Tuesday morning is no pause.
  const monday = kilde.deps.clock() - dayMs;
  await kilde.sql(
    `INSERT INTO form_day (form_id, day, submissions, new_leads, last_at) SELECT id, ?, 1, 1, ? FROM form WHERE key = 'office'`,
    [new Date(monday).toISOString().slice(0, 10), monday],
  );
  expect((await kinds()).filter(({ kind }) => kind === 'formSilent')).toEqual([]);
  await kilde.sql('DELETE FROM form_day');
});

it('names what waits: quarantine, deals of nobody, failing receivers without their secrets', async () => {
  await kilde.submit('demo', { email: 'x@firma.no', _gotcha: 'bot' });
  await kilde.api('PUT', '/deals', { items: [{ externalId: '2', status: 'open', amount: 1, currency: 'NOK' }] });
  await kilde.sql(
    "INSERT INTO receiver (address, failing_since, failures) VALUES ('https://hooks.example.com/secret-path', 5, 3)",
  );
  const found = await kinds();
  expect(found.map(({ kind, count }) => [kind, count])).toEqual([
    ['deliveryFailing', 3],
    ['dealsWithoutLead', 1],
    ['quarantine', 1],
  ]);
  expect(JSON.stringify(found)).not.toContain('secret-path');
});

it('names days without costs for a source that has them, and sources that are newly Unassigned', async () => {
  await kilde.sql('DELETE FROM quarantine');
  await kilde.sql('DELETE FROM deal WHERE person_id IS NULL');
  await kilde.sql('DELETE FROM receiver');
  await kilde.api('PUT', '/costs', {
    items: [{ day: '2026-08-20', source: 'google', medium: 'cpc', amount: 10, currency: 'NOK' }],
  });
  const [origin] = await kilde.sql('SELECT origin_id AS id FROM cost');
  for (const day of ['2026-08-20', '2026-08-29', '2026-08-30']) {
    await kilde.sql('INSERT INTO visit_day (day, origin_id, landing_page_id, visits) VALUES (?, ?, 0, 5)', [
      day,
      origin!['id'],
    ]);
  }
  await kilde.api('PUT', '/people', {
    items: [
      {
        email: 'u@firma.no',
        createdAt: '2026-08-31',
        journey: [{ at: '2026-08-31T08:00:00Z', source: 'odd', medium: 'zzz' }],
      },
    ],
  });
  for (let run = 0; run < 3; run += 1) await rollUpReports({ ...kilde.deps, now: kilde.deps.clock() } as any);
  const found = await kinds();
  expect(found).toMatchObject([
    { kind: 'costsMissing', count: 2, since: '2026-08-29T00:00:00.000Z', subject: { id: 'google' } },
    { kind: 'newlyUnassigned', count: 1, subject: { id: 'odd' } },
  ]);
});
