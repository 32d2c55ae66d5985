import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { runJobs } from '../../src/jobs/run-jobs.ts';
import { differences } from '../../tools/totals-sql.ts';
import { dumpDatabase, rowsWritten } from '../support/dump-database.ts';
import { createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

let kilde: TestApp;
const dayMs = 86_400_000;

beforeEach(async () => {
  kilde = await createTestApp();
  await kilde.api('POST', '/forms', { name: 'Contact', slug: 'contact' });
});

const offer = 'Dear Sir, we offer first page rankings for your website https://seo.example/123. Call 555.';
/** The same in another spelling, with another link and number. */
const offerAgain = 'DEAR SIR! We offer first page  rankings for your website http://other.example/9. Call 777.';

let sent = 0;
async function send(fields: Record<string, string>): Promise<string> {
  sent += 1;
  kilde.advance(1_000);
  const response = await kilde.submit('contact', { n: String(sent), ...fields });
  expect(response.status).toBe(201);
  return (await response.json<{ id: string }>()).id;
}
const mark = async (submissionId: string, by: string[], more: object = {}) =>
  kilde.api('POST', '/spam-clusters', { submissionId, by, ...more });
const emails = async (): Promise<string[]> =>
  (await kilde.api('GET', '/people?limit=100&sort=email')).body.items.map(({ email }: { email: string }) => email);
const disagreements = async () => (await kilde.sql(`SELECT count(*) AS n FROM (${differences})`))[0]!['n'];

describe('a cluster', () => {
  let first: string;
  beforeEach(async () => {
    first = await send({ email: 'a@seo-agency.no', message: offer });
    await send({ email: 'a@seo-agency.no', message: 'Another text of theirs, also long enough to compare' });
    await send({ email: 'b@seo-agency.no', message: 'Something else that is long enough to compare' });
    await send({ email: 'c@andre.no', message: offerAgain });
    await send({ email: 'kari@firma.no', message: 'We would like to see a demo of your product' });
    await send({ email: 'kari@firma.no', message: offerAgain });
  });

  it.each([
    [['sender'], 2, 1, 0, 3, ['b@seo-agency.no', 'c@andre.no', 'kari@firma.no']],
    [['domain'], 3, 2, 1, 2, ['c@andre.no', 'kari@firma.no']],
    [['text'], 3, 1, 1, 2, ['a@seo-agency.no', 'b@seo-agency.no', 'kari@firma.no']],
    [['sender', 'text'], 4, 2, 1, 2, ['b@seo-agency.no', 'kari@firma.no']],
    [['text', 'domain', 'sender'], 5, 3, 2, 1, ['kari@firma.no']],
  ])(
    'by %j takes %i submissions, %i people and %i companies out',
    async (by, count, people, companies, newLeads, left) => {
      const before = await dumpDatabase(kilde);
      const tried = await mark(first, by, { dryRun: true });
      expect(tried).toMatchObject({ status: 200, body: { count, people, companies } });
      expect(tried.body.sample).toHaveLength(count);
      expect(rowsWritten(before, await dumpDatabase(kilde))).toEqual({});

      const made = await mark(first, by);
      expect(made).toMatchObject({
        status: 201,
        body: { count, people, companies, undoneAt: null, undoableBy: 'write' },
      });
      expect(await emails()).toEqual(left);
      expect((await kilde.api('GET', '/submissions?count=true')).body.count).toBe(6 - count);
      expect((await kilde.api('GET', '/forms/contact/statistics')).body).toMatchObject({
        total: 6 - count,
        newLeads,
      });
      expect((await kilde.api('GET', '/companies?count=true')).body.count).toBe(3 - companies);
      const report = {
        measures: ['leads', 'submissions'],
        dimensions: [],
        period: { relative: 'all' },
        attribution: 'leadCreation',
      };
      expect((await kilde.api('POST', '/reports/query', report)).body.totals).toEqual({
        leads: left.length,
        submissions: 6 - count,
      });
      expect(await disagreements()).toBe(0);

      const { id, sample, ...cluster } = made.body;
      expect(sample).toEqual(tried.body.sample);
      expect((await kilde.api('GET', `/spam-clusters/${id}`)).body).toEqual({ id, ...cluster, sample });
      expect((await kilde.api('GET', '/spam-clusters')).body.items).toEqual([{ id, ...cluster }]);
      const undone = await kilde.api('POST', `/spam-clusters/${id}/undo`);
      expect(undone).toMatchObject({ status: 200, body: { id, undoneAt: expect.any(String) } });
      expect(comparable(await dumpDatabase(kilde))).toEqual(comparable(before));
      expect(await disagreements()).toBe(0);
      expect((await kilde.api('POST', `/spam-clusters/${id}/undo`)).status).toBe(409);
    },
  );

  it('by domain takes its subdomains too, from whichever of them it is asked', async () => {
    const id = await send({ email: 'x@mail.seo-agency.no', message: 'short' });
    await send({ email: 'x@other-seo-agency.no', message: 'short' });
    for (const one of [first, id]) expect((await mark(one, ['domain'], { dryRun: true })).body.count).toBe(4);
    const free = await send({ email: 'x@mail.gmail.com', message: 'short' });
    expect((await mark(free, ['domain'], { dryRun: true })).status).toBe(422);
  });

  it('withdraws notifications and replies that still wait, and has them sent once it is undone', async () => {
    await kilde.api('PATCH', '/forms/contact', {
      notify: [{ kind: 'webhook', url: 'https://hooks.example.com/' }],
      autoReply: { subject: 'Thanks', text: 'Thanks' },
    });
    const id = await send({ email: 'z@andre.no', message: 'short' });
    const waiting = async () => (await kilde.api('GET', '/deliveries')).body.items;
    const before = await waiting();
    expect(before).toHaveLength(2);
    const { body } = await mark(id, ['sender']);
    expect(await waiting()).toEqual([]);
    expect((await kilde.api('POST', `/spam-clusters/${body.id}/undo`)).status).toBe(200);
    expect(await waiting()).toEqual(before);
  });

  it('keeps people with a deal, and the people of a merge', async () => {
    await kilde.api('PUT', '/deals', {
      items: [{ externalId: '1', email: 'a@seo-agency.no', amount: 1, currency: 'NOK' }],
    });
    expect((await mark(first, ['domain'], { dryRun: true })).body).toMatchObject({
      count: 3,
      people: 1,
      companies: 0,
      peopleWithDeals: 1,
    });
    const [, b, c] = (await kilde.sql('SELECT id FROM person ORDER BY id')).map(({ id }) => id);
    await kilde.api('POST', `/people/${c}/merge`, { otherId: String(b) });
    expect((await mark(first, ['domain', 'text'], { dryRun: true })).body).toMatchObject({ people: 0, companies: 0 });
  });

  it('sends no event, notification or reply when it comes back', async () => {
    await kilde.api('POST', '/webhooks', {
      name: 'All',
      url: 'https://hooks.example.com/',
      events: ['person.created', 'company.created', 'submission.received'],
    });
    await kilde.api('PATCH', '/forms/contact', {
      notify: [{ kind: 'email', to: ['team@firma.no'] }],
      autoReply: { subject: 'Thank you', text: 'We have got your message.' },
    });
    const { id } = (await mark(first, ['text', 'domain'])).body;
    await kilde.api('POST', `/spam-clusters/${id}/undo`);
    expect(await kilde.sql('SELECT * FROM event')).toEqual([]);
    expect(await kilde.sql('SELECT * FROM delivery')).toEqual([]);
    // A new one does.
    await send({ email: 'new@firma.no' });
    expect(await kilde.sql('SELECT type FROM event')).toHaveLength(2);
    expect((await kilde.sql('SELECT id FROM delivery')).length).toBeGreaterThan(0);
  });

  it('cannot come back after 90 days, and nothing of it is kept then', async () => {
    const { id } = (await mark(first, ['text'])).body;
    kilde.advance(91 * dayMs);
    const late = await kilde.api('POST', `/spam-clusters/${id}/undo`);
    expect(late).toMatchObject({ status: 409, body: { code: 'conflict' } });
    await runJobs({ deps: kilde.deps, now: kilde.deps.clock() });
    expect(await kilde.sql('SELECT * FROM spam_record')).toEqual([]);
  });

  it('leaves nothing of who is erased meanwhile, and brings the rest back', async () => {
    const { id } = (await mark(first, ['text', 'domain'])).body;
    const again = await send({ email: 'a@seo-agency.no' });
    const { person } = (await kilde.api('GET', `/submissions/${again}`)).body;
    expect((await kilde.api('DELETE', `/people/${person.id}`)).status).toBe(204);
    expect(JSON.stringify(await kilde.sql('SELECT * FROM spam_record'))).not.toContain('a@seo-agency.no');
    expect((await kilde.api('POST', `/spam-clusters/${id}/undo`)).status).toBe(200);
    expect(await emails()).toEqual(['b@seo-agency.no', 'c@andre.no', 'kari@firma.no']);
    expect(await disagreements()).toBe(0);
  });
});

const broughtBack =
  'person company submission touch consent person_email selection_member form_day deal category_proposal'.split(' ');
/** The tables that undoing restores. Roll-up tables and the cluster's own are not compared. */
const comparable = (dump: Awaited<ReturnType<typeof dumpDatabase>>) =>
  Object.fromEntries(broughtBack.map((table) => [table, [...(dump.get(table) ?? [])].toSorted()]));

it.each([
  [['text'], { message: 'Call me' }, 'body.by[0]', 'no text of 20 letters'],
  [['sender', 'domain'], { email: 'kari@gmail.com' }, 'body.by[1]', 'Anybody can have an address at gmail.com'],
  [['sender'], { message: offer }, 'body.by[0]', 'no sender'],
  [['domain'], { phone: '+47 91 23 45 67' }, 'body.by[0]', 'no e-mail address'],
])('by %j is refused of %j', async (by, fields, location, message) => {
  const id = await send(fields);
  const { status, body } = await mark(id, by);
  expect(status).toBe(422);
  expect(body.errors).toEqual([{ location, message: expect.stringContaining(message) }]);
});

it('does not know a submission that is not there', async () => {
  expect((await mark('019a0000-0000-7000-8000-000000000000', ['text'])).status).toBe(404);
  expect((await kilde.api('POST', '/spam-clusters/7/undo')).status).toBe(404);
  expect((await mark('no id', ['text'])).status).toBe(422);
});

const world = fc.record({
  sendings: fc.array(
    fc.record({
      who: fc.integer({ min: 0, max: 4 }),
      host: fc.integer({ min: 0, max: 2 }),
      text: fc.integer({ min: 0, max: 2 }),
    }),
    { minLength: 2, maxLength: 9 },
  ),
  clusters: fc.array(fc.record({ of: fc.nat(8), by: fc.subarray(['sender', 'domain', 'text'], { minLength: 1 }) }), {
    minLength: 1,
    maxLength: 3,
  }),
  order: fc.array(fc.nat(2), { maxLength: 3 }),
});
const texts = [offer, 'We would like to see a demo of your product', 'How much does it cost for forty buildings?'];

it('clusters of any world come back exactly, in any order, and totals are right all the time', async () => {
  await fc.assert(
    fc.asyncProperty(world, async ({ sendings, clusters, order }) => {
      kilde = await createTestApp();
      await kilde.api('POST', '/forms', { name: 'Contact', slug: 'contact' });
      const ids: string[] = [];
      for (const { who, host, text } of sendings) {
        ids.push(await send({ email: `p${who}@h${host}.no`, message: texts[text]! }));
      }
      await runJobs({ deps: kilde.deps, now: kilde.deps.clock() });
      const before = comparable(await dumpDatabase(kilde));
      const made: string[] = [];
      for (const { of, by } of clusters) {
        const { status, body } = await mark(ids[of % ids.length]!, by);
        expect([201, 404]).toContain(status);
        if (status === 201) made.push(body.id);
        expect(await disagreements()).toBe(0);
      }
      await runJobs({ deps: kilde.deps, now: kilde.deps.clock() });
      const left = made.map((id) => id);
      for (const pick of [...order, 0, 0, 0]) {
        const [id] = left.splice(pick % Math.max(1, left.length), 1);
        if (id === undefined) break;
        expect((await kilde.api('POST', `/spam-clusters/${id}/undo`)).status).toBe(200);
        expect(await disagreements()).toBe(0);
      }
      expect(comparable(await dumpDatabase(kilde))).toEqual(before);
    }),
    { numRuns: 5 },
  );
});
