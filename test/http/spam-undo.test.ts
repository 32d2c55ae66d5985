import { beforeEach, expect, it } from 'vitest';
import { runJobs } from '../../src/jobs/run-jobs.ts';
import { differences } from '../../tools/totals-sql.ts';
import { dumpDatabase } from '../support/dump-database.ts';
import { createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

let kilde: TestApp;
beforeEach(async () => {
  kilde = await createTestApp();
  await kilde.api('POST', '/forms', { name: 'Contact', slug: 'contact' });
});

const offer = 'We offer first page rankings for your website and your shop';
const demo = 'We would like to see a demonstration of your product soon';

async function send(fields: Record<string, string>): Promise<string> {
  kilde.advance(1_000);
  const response = await kilde.submit('contact', fields);
  expect(response.status).toBe(201);
  return (await response.json<{ id: string }>()).id;
}
async function mark(submissionId: string, by: string): Promise<string> {
  const { status, body } = await kilde.api('POST', '/spam-clusters', { submissionId, by: [by] });
  expect(status).toBe(201);
  return body.id;
}
const undo = async (id: string) => expect((await kilde.api('POST', `/spam-clusters/${id}/undo`)).status).toBe(200);
const records = async () => {
  const dump = await dumpDatabase(kilde);
  return ['person', 'company', 'submission', 'touch', 'consent', 'form_day', 'origin'].map((name) =>
    [...dump.get(name)!].toSorted(),
  );
};
const disagreements = async () => kilde.sql(`SELECT * FROM (${differences})`);

it.each([
  ['the later submission first', [demo, offer] as const],
  ['the submission that created the person first', [offer, demo] as const],
])('clusters that share a person, %s', async (_what, [first, second]) => {
  const ids: Record<string, string> = {
    [offer]: await send({ email: 'a@b.no', message: offer }),
    [demo]: await send({ email: 'a@b.no', message: demo }),
  };
  const before = await records();
  const one = await mark(ids[first]!, 'text');
  const two = await mark(ids[second]!, 'text');
  expect((await kilde.api('GET', '/people')).body.items).toEqual([]);
  expect((await kilde.api('GET', '/companies')).body.items).toEqual([]);
  await undo(one);
  const [left] = (await kilde.api('GET', '/submissions')).body.items;
  expect(left.person).toMatchObject({ email: 'a@b.no' });
  await undo(two);
  expect(await records()).toEqual(before);
});

it('keeps what only spam points at until it cannot come back', async () => {
  const id = await send({
    email: 'a@b.no',
    message: offer,
    _page: 'https://example.com/only?utm_source=rare&utm_medium=cpc',
  });
  const before = await records();
  const cluster = await mark(id, 'sender');
  kilde.advance(2 * 86_400_000);
  const day = Math.floor(kilde.deps.clock() / 86_400_000) * 86_400_000;
  for (let minute = 0; minute < 60; minute += 1)
    await runJobs({ deps: kilde.deps, now: day + 3 * 3_600_000 + minute * 60_000 });
  await undo(cluster);
  expect(await records()).toEqual(before);
  const [person] = (await kilde.api('GET', '/people')).body.items;
  expect(person.leadCreation).toMatchObject({ source: 'rare', landingPage: 'https://example.com/only' });
});

it('counts what a person said again, once it comes back', async () => {
  const id = await send({ email: 'a@b.no', message: offer, how_did_you_hear_about_us: 'A friend' });
  await send({ email: 'a@b.no', message: demo });
  await runJobs({ deps: kilde.deps, now: kilde.deps.clock() });
  const cluster = await mark(id, 'text');
  await runJobs({ deps: kilde.deps, now: kilde.deps.clock() });
  expect(await disagreements()).toEqual([]);
  await undo(cluster);
  await runJobs({ deps: kilde.deps, now: kilde.deps.clock() });
  expect(await disagreements()).toEqual([]);
});

it('leaves no touch and no consent in store of who is erased meanwhile', async () => {
  const gone = { email: 'a@b.no', message: offer, _page: 'https://example.com/?gclid=Secret_click' };
  await mark(await send(gone), 'sender');
  expect(JSON.stringify(await kilde.sql('SELECT * FROM spam_record'))).toContain('Secret_click');
  const { person } = (await kilde.api('GET', `/submissions/${await send({ email: 'a@b.no' })}`)).body;
  expect((await kilde.api('DELETE', `/people/${person.id}`)).status).toBe(204);
  const left = await kilde.sql(
    "SELECT kind FROM spam_record WHERE kind IN ('person', 'touch', 'submission', 'consent')",
  );
  expect(left).toEqual([]);
});

it('finds the same text behind a thousand others with the same words', async () => {
  const id = await send({ email: 'a@b.no', message: offer });
  await kilde.sql(
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2100)
    INSERT INTO submission (id, form_id, at, fields) SELECT 'other' || i, 1, ?1 + i, json_object('message', ?2 || ' and more') FROM n`,
    [kilde.deps.clock(), offer],
  );
  kilde.advance(10_000);
  await send({ email: 'c@d.no', message: offer.toUpperCase() });
  const { body } = await kilde.api('POST', '/spam-clusters', { submissionId: id, by: ['text'], dryRun: true });
  expect(body).toMatchObject({ count: 2, people: 2, companies: 2 });
});
