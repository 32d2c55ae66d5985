import { beforeEach, expect, it } from 'vitest';
import { runJobs } from '../../src/jobs/run-jobs.ts';
import { locations } from '../support/api-answers.ts';
import { Visitor } from '../support/browser-like.ts';
import { createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

const dayMs = 24 * 60 * 60 * 1_000;
let kilde: TestApp;

beforeEach(async () => {
  kilde = await createTestApp();
  await kilde.sql("INSERT INTO form (key, name, site_id, created_at) VALUES ('demo', 'Demo', 1, 0)");
});

const count = async (table: string) => Number((await kilde.sql(`SELECT count(*) AS n FROM ${table}`))[0]!['n']);
const nothing = {
  people: null,
  quarantine: null,
  deadLetters: null,
  reportRuns: null,
  auditLog: null,
  history: null,
  visits: null,
};

it('keeps everything until told how long', async () => {
  expect((await kilde.api('GET', '/settings')).body.retention).toEqual(nothing);
  await kilde.submit('demo', { email: 'x@firma.no', _gotcha: 'x' });
  kilde.advance(5_000 * dayMs);
  await runJobs({ deps: kilde.deps, now: kilde.deps.clock() });
  expect(await count('quarantine')).toBe(1);
});

it('sets one period and leaves the others', async () => {
  await kilde.api('PATCH', '/settings', { retention: { people: 400, quarantine: 30 }, reportingCurrency: 'NOK' });
  const { body } = await kilde.api('PATCH', '/settings', { retention: { quarantine: null, auditLog: 10 } });
  expect(body).toMatchObject({ reportingCurrency: 'NOK', retention: { ...nothing, people: 400, auditLog: 10 } });
  for (const [retention, place] of [
    [{ people: 0 }, 'body.retention.people'],
    [{ people: 1.5 }, 'body.retention.people'],
    [{ persons: 1 }, 'body.retention.persons'],
  ] as const) {
    const { status, body: problem } = await kilde.api('PATCH', '/settings', { retention });
    expect([status, locations(problem)]).toEqual([422, [place]]);
  }
});

it('deletes what is older, and nothing younger', async () => {
  const periods = { quarantine: 10, deadLetters: 10, reportRuns: 10, auditLog: 10 };
  const fill = async (id: string) => {
    const at = kilde.deps.clock();
    await kilde.submit('demo', { email: `${id}@firma.no`, _gotcha: 'x' });
    await kilde.sql("INSERT INTO dead_letter (id, at, reason, attempts, payload) VALUES (?, ?, 'x', 1, '{}')", [
      id,
      at,
    ]);
    await kilde.sql(
      `INSERT INTO report_run (id, schedule_id, due_at, trigger_kind, status, lease_until, finished_at) VALUES (?, 1, ?, 'cron', 'done', 0, ?)`,
      [id, at, at],
    );
    await kilde.sql(`INSERT INTO audit_entry (at, operation, target, status) VALUES (?, ?, '{}', 200)`, [at, id]);
  };
  await kilde.sql(
    `INSERT INTO schedule (id, name, report_id, cron, time_zone, language, targets, created_at, updated_at)
     VALUES (1, 's', 'top-forms', '0 0 1 1 *', 'UTC', 'en', '[]', 0, 0)`,
  );
  await fill('old');
  kilde.advance(10 * dayMs);
  await fill('young');
  await kilde.sql('UPDATE settings SET retention = ?', [JSON.stringify(periods)]);
  kilde.advance(1);
  await runJobs({ deps: kilde.deps, now: kilde.deps.clock() });
  for (const table of ['quarantine', 'dead_letter', 'report_run', 'audit_entry']) {
    expect([table, await count(table)]).toEqual([table, 1]);
  }
  expect(await kilde.sql('SELECT id FROM dead_letter')).toEqual([{ id: 'young' }]);
});

it('erases people with whom nothing has been for so long, in the hour for it', async () => {
  await kilde.sql('UPDATE settings SET retention = ?', ['{"people":30}']);
  const emails = ['quiet', 'deal', 'form', 'changed', 'young'];
  for (const one of emails.slice(0, 4)) await kilde.submit('demo', { email: `${one}@firma.no` });
  await kilde.api('PUT', '/deals', {
    items: [{ externalId: 'd', email: 'deal@firma.no', amount: 1, currency: 'NOK' }],
  });
  kilde.advance(29 * dayMs);
  await kilde.submit('demo', { email: 'form@firma.no' });
  const { body } = await kilde.api('GET', '/people?email=changed@firma.no');
  await kilde.api('PATCH', `/people/${body.items[0].id}`, { title: 'x' });
  await kilde.submit('demo', { email: 'young@firma.no' });
  kilde.advance(2 * dayMs);
  const wholeHour = async (hour: number) => {
    const start = Math.floor(kilde.deps.clock() / dayMs) * dayMs + hour * 60 * 60_000;
    for (let minute = 0; minute < 60; minute += 1) await runJobs({ deps: kilde.deps, now: start + minute * 60_000 });
  };
  await wholeHour(3);
  expect(await kilde.sql('SELECT count(*) AS n FROM person WHERE id > 0')).toEqual([{ n: 5 }]);
  await wholeHour(2);
  const left = await kilde.sql('SELECT email FROM person WHERE id > 0 ORDER BY email');
  expect(left.map(({ email }) => String(email).split('@')[0])).toEqual(
    emails.filter((one) => one !== 'quiet').toSorted(),
  );
  expect(await count('person')).toBe(5);
});

it('deletes visits by whole days, and then the origins and values that nothing points at', async () => {
  await kilde.sql('UPDATE settings SET retention = ?', ['{"visits":30}']);
  const hour = async (name: number) => {
    const start = Math.floor(kilde.deps.clock() / dayMs) * dayMs + name * 60 * 60_000;
    for (let minute = 0; minute < 60; minute += 1) await runJobs({ deps: kilde.deps, now: start + minute * 60_000 });
  };
  const arrive = async (source: string) => {
    await new Visitor(kilde).arrive(`https://www.example.com/${source}?utm_source=${source}&utm_medium=m-${source}`);
    await kilde.deps.visits.flush();
  };
  const values = async () =>
    (
      await kilde.sql(
        "SELECT canonical FROM origin_value WHERE field IN ('source', 'medium', 'landingPage') ORDER BY 1",
      )
    ).map(({ canonical }) => canonical);
  await arrive('seen-only');
  const lead = new Visitor(kilde);
  await lead.arrive('https://www.example.com/lead?utm_source=of-a-lead');
  await lead.send('demo', { email: 'kari@firma.no' });
  await kilde.deps.visits.flush();
  kilde.advance(10 * dayMs);
  await hour(3);
  expect(await values()).toContain('seen-only');
  kilde.advance(21 * dayMs);
  await arrive('young');
  await hour(3);
  expect(await kilde.sql('SELECT sum(visits) AS visits FROM visit_day')).toEqual([{ visits: 1 }]);
  expect(await values()).toEqual(
    ['https://www.example.com/lead', 'https://www.example.com/young', 'm-young', 'of-a-lead', 'young'].toSorted(),
  );
  expect((await kilde.api('GET', '/people?email=kari@firma.no')).body.items[0].leadCreation.source).toBe('of-a-lead');
  // What comes back is a value again.
  await arrive('seen-only');
  expect(await values()).toContain('seen-only');
});
