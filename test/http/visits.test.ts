import { beforeEach, describe, expect, it, vi } from 'vitest';
import { consumeQueue } from '../../src/jobs/consume-queue.ts';
import { forgetVisitBatches } from '../../src/jobs/forget-visit-batches.ts';
import { Visitor } from '../support/browser-like.ts';
import { createTestApp, startOfTime } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

const linkedin = 'https://www.example.com/signup?utm_source=LinkedIn&utm_medium=paid-social&secret=1#part';

let kilde: TestApp;
/** What went to the queue, as JSON, which is how it travels. */
let sent: string[];
let refuses: boolean;

const queue = {
  send: async (body: unknown) => {
    if (refuses) throw new Error('the queue does not answer');
    sent.push(JSON.stringify(body));
  },
} as unknown as Queue;

beforeEach(async () => {
  [sent, refuses] = [[], false];
  kilde = await createTestApp({ env: { VISITS: queue } });
  await kilde.request('/t');
  await kilde.deps.visits.flush();
  sent = [];
});

/** Delivers messages as the queue does, and tells what became of them. */
async function deliver(bodies: unknown[], name = 'kilde-visits'): Promise<string> {
  let outcome = 'nothing';
  await consumeQueue({
    deps: kilde.deps,
    batch: {
      queue: name,
      messages: bodies.map((body) => ({ body })),
      ackAll: () => (outcome = 'acked'),
      retryAll: () => (outcome = 'again'),
    } as unknown as MessageBatch,
  });
  return outcome;
}

async function flushed(): Promise<unknown[]> {
  await kilde.deps.visits.flush();
  return sent.splice(0).map((text) => JSON.parse(text) as unknown);
}

const counted = async () =>
  kilde.sql(`SELECT d.day, coalesce(t.canonical, s.canonical) AS source, c.canonical AS channel, l.canonical AS page, d.visits
    FROM visit_day d JOIN origin o ON o.id = d.origin_id
    LEFT JOIN origin_value s ON s.id = o.source_id LEFT JOIN origin_value t ON t.id = s.alias_of
    LEFT JOIN origin_value c ON c.id = o.channel_id LEFT JOIN origin_value l ON l.id = d.landing_page_id
    ORDER BY d.day, source`);

const row = {
  day: '2026-09-01',
  source: 'linkedin',
  channel: 'Paid Social',
  page: 'https://www.example.com/signup',
  visits: 1,
};

it('counts what a journey gets new, and no repeat, by day, origin and landing page', async () => {
  const visitor = new Visitor(kilde);
  await visitor.arrive(linkedin);
  await visitor.arrive(linkedin);
  await visitor.arrive('https://www.example.com/about', { referrer: 'https://www.example.com/' });
  await new Visitor(kilde).arrive(linkedin);
  await new Visitor(kilde).arrive('https://www.example.com/');
  const bodies = await flushed();
  expect(bodies).toHaveLength(1);
  kilde.roundTrips();
  expect(await deliver(bodies)).toBe('acked');
  expect(kilde.roundTrips()).toBe(1);
  expect(await counted()).toEqual([
    { ...row, source: null, channel: 'Direct', page: 'https://www.example.com/' },
    { ...row, visits: 2 },
  ]);
});

it('asks the database nothing for a touch, and sends many different visits without waiting', async () => {
  kilde.roundTrips();
  for (let i = 0; i < 250; i += 1) await new Visitor(kilde).arrive(`https://www.example.com/?utm_source=s${i}`);
  expect(kilde.roundTrips()).toBe(0);
  await vi.waitFor(() => expect(sent).toHaveLength(1));
  expect(await flushed()).toMatchObject([{ visits: { length: 250 } }]);
});

it('is sent on by the next request where the one that was to do it has gone under', async () => {
  await new Visitor(kilde).arrive(linkedin);
  kilde.advance(4_000);
  await new Visitor(kilde).arrive(linkedin);
  expect(sent).toEqual([]);
  kilde.advance(2_000);
  await new Visitor(kilde).arrive(linkedin);
  await vi.waitFor(() => expect(sent).toHaveLength(1));
});

it('carries nothing that tells one visitor from another, and never more than a message may hold', async () => {
  kilde.advance(123_456);
  await new Visitor(kilde).arrive(linkedin.replace('#', '&gclid=TheClick#'), {
    referrer: 'https://www.linkedin.com/in/kari?x=1',
    headers: {
      'cf-connecting-ip': '203.0.113.7',
      'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
    },
  });
  expect(await flushed()).toEqual([
    {
      id: expect.any(String),
      visits: [
        [
          1,
          'default',
          startOfTime / 900_000,
          'LinkedIn',
          'paid-social',
          null,
          null,
          null,
          null,
          'gclid',
          'linkedin.com',
          'https://www.example.com/signup',
        ],
      ],
    },
  ]);
  const long = 'ø€'.repeat(100);
  for (let i = 0; i < 90; i += 1) {
    await new Visitor(kilde).arrive(
      `https://www.example.com/?utm_source=${i}${long}&utm_medium=${long}&utm_campaign=${long}&utm_term=${long}&utm_content=${long}`,
    );
  }
  await vi.waitFor(() => expect(sent.length).toBeGreaterThan(1));
  await kilde.deps.visits.flush();
  for (const text of sent) expect(new TextEncoder().encode(text).length).toBeLessThan(128_000);
});

it('goes by the days of the default site’s time zone', async () => {
  // 23:59 and 00:00 in Oslo, which is two hours ahead of UTC.
  for (const minutes of [11 * 60 + 59, 1]) {
    kilde.advance(minutes * 60_000);
    await new Visitor(kilde).arrive(linkedin);
  }
  await deliver(await flushed());
  expect((await counted()).map(({ day, visits }) => [day, visits])).toEqual([
    ['2026-09-01', 1],
    ['2026-09-02', 1],
  ]);
});

it('applies aliases, also those made elsewhere since', async () => {
  await new Visitor(kilde).arrive(linkedin.replace('LinkedIn', 'lnkd'));
  await kilde.sql(
    "INSERT INTO alias (id, field, to_canonical, label, created_at) VALUES (9, 'source', 'linkedin', 'LinkedIn', 0)",
  );
  await kilde.sql("INSERT INTO alias_from (field, canonical, alias_id) VALUES ('source', 'lnkd', 9)");
  await kilde.sql(
    "INSERT INTO origin_value (field, canonical, label, first_seen_at) VALUES ('source', 'linkedin', 'LinkedIn', 0)",
  );
  await kilde.sql('UPDATE settings SET version = version + 1');
  expect(await deliver(await flushed())).toBe('acked');
  expect(await counted()).toEqual([row]);
});

describe('not a visit', () => {
  it.each([
    ['Global Privacy Control', { 'sec-gpc': '1' }],
    ['a crawler', { 'user-agent': 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)' }],
  ])('%s', async (_, headers) => {
    await new Visitor(kilde).arrive(linkedin, { headers });
    expect(await flushed()).toEqual([]);
  });

  it('a page of somebody else’s, once the site has domains; and without consent', async () => {
    await kilde.sql(`UPDATE site SET domains = '["example.com"]'`);
    kilde.deps.settings.invalidate();
    await new Visitor(kilde).arrive('https://annet.no/?utm_source=x');
    expect(await flushed()).toEqual([]);
    await new Visitor(kilde).arrive(linkedin);
    expect(await flushed()).toHaveLength(1);
    await kilde.sql("UPDATE site SET consent = 'required'");
    kilde.deps.settings.invalidate();
    await new Visitor(kilde).arrive(linkedin);
    expect(await flushed()).toEqual([]);
  });
});

describe('delivery', () => {
  it('twice counts once, in one go or one after the other', async () => {
    await new Visitor(kilde).arrive(linkedin);
    const bodies = await flushed();
    await deliver([...bodies, ...bodies]);
    await deliver(bodies);
    expect(await counted()).toEqual([row]);
    const day = 86_400_000;
    await forgetVisitBatches({ db: kilde.deps.db, now: startOfTime + 3 * day });
    expect(await kilde.sql('SELECT * FROM visit_batch')).toHaveLength(1);
    await forgetVisitBatches({ db: kilde.deps.db, now: startOfTime + 5 * day });
    expect(await kilde.sql('SELECT * FROM visit_batch')).toHaveLength(0);
  });

  it('is tried again where the database fails, and lets go of what cannot be read', async () => {
    await new Visitor(kilde).arrive(linkedin);
    const bodies = await flushed();
    const log = vi.spyOn(console, 'error').mockImplementation(() => {});
    kilde.breakDatabase(async () => new Response('broken', { status: 500 }));
    expect(await deliver(bodies)).toBe('again');
    kilde.breakDatabase(null);
    expect(await deliver([{ secret: 'kari@firma.no' }, null, ...bodies])).toBe('acked');
    expect(await deliver([{}], 'another')).toBe('again');
    expect(JSON.stringify(log.mock.calls)).not.toContain('kari');
    log.mockRestore();
    expect(await counted()).toEqual([row]);
  });

  it('falls back on the database where the queue takes nothing, or there is none', async () => {
    refuses = true;
    await new Visitor(kilde).arrive(linkedin);
    await kilde.deps.visits.flush();
    expect(await counted()).toEqual([row]);
    kilde = await createTestApp();
    await new Visitor(kilde).arrive(linkedin);
    await kilde.deps.visits.flush();
    expect(await counted()).toEqual([row]);
  });
});

it('scans no table to count', async () => {
  await new Visitor(kilde).arrive(linkedin);
  const bodies = await flushed();
  expect(await kilde.scansDuring(() => deliver(bodies))).toEqual([]);
});

describe('what is new', () => {
  /** Visits with values of their own, as somebody without a key can send them. */
  const flood = async (from: number, to: number) => {
    const batches: unknown[] = [];
    for (let first = from; first < to; first += 250) {
      const visits = Array.from({ length: Math.min(250, to - first) }, (_, n) => {
        const own = `v${first + n}-${'x'.repeat(60)}`;
        const place = Math.floor(kilde.deps.clock() / 900_000);
        return [
          1,
          'default',
          place,
          `s${own}`,
          `m${own}`,
          `c${own}`,
          `t${own}`,
          `k${own}`,
          `i${own}`,
          null,
          null,
          `https://x.no/${own}`,
        ];
      });
      batches.push({ id: crypto.randomUUID(), visits });
    }
    for (const batch of batches) expect(await deliver([batch])).toBe('acked');
  };
  const sum = async () => (await kilde.sql('SELECT sum(visits) AS visits FROM visit_day'))[0]!['visits'];
  const size = async (table: string) => (await kilde.sql(`SELECT count(*) AS n FROM ${table}`))[0]!['n'] as number;

  it('is bounded by site and day, beyond it counted as "other", and never lost', { timeout: 60_000 }, async () => {
    await flood(0, 3_000);
    expect(await sum()).toBe(3_000);
    const [values, origins, rows] = [await size('origin_value'), await size('origin'), await size('visit_day')];
    expect([values, origins, rows]).toEqual([7 * 2_000 + 3, 2_001, 2_001]);
    await flood(3_000, 6_000);
    expect(await sum()).toBe(6_000);
    expect([await size('origin_value'), await size('origin'), await size('visit_day')]).toEqual([
      values,
      origins,
      rows,
    ]);
    // What is known is counted as itself, and a lead keeps its own origin.
    await new Visitor(kilde).arrive(`https://x.no/v5-${'x'.repeat(60)}?utm_source=sv7-${'x'.repeat(60)}`);
    await kilde.sql("INSERT INTO form (key, name, site_id, created_at) VALUES ('demo', 'Demo', 1, 0)");
    const lead = new Visitor(kilde);
    await lead.arrive('https://x.no/new?utm_source=of-a-lead');
    await lead.send('demo', { email: 'kari@firma.no' });
    expect((await kilde.api('GET', '/people')).body.items[0].firstTouch.source).toBe('of-a-lead');

    const { newValues } = (await kilde.api('GET', '/settings')).body;
    expect(newValues.perSiteAndDay).toBe(2_000);
    expect(newValues.folded).toContainEqual({ site: 'default', day: '2026-09-01', field: 'source', count: 4_000 });
    // The report of new values says so, of its own period alone.
    const notesOf = async (days: string) =>
      (await kilde.api('GET', `/reports/new-values?format=json&${days}`)).body.notes.filter(
        ({ code }: { code: string }) => code === 'foldedValues',
      );
    expect(await notesOf('from=2026-09-01&to=2026-09-01')).toMatchObject([
      { code: 'foldedValues', message: expect.stringMatching(/counted as "other": .*, source of 4000 visits/) },
    ]);
    expect(await notesOf('from=2026-08-01&to=2026-08-31')).toEqual([]);
    // A new day has room again.
    kilde.advance(86_400_000);
    await flood(6_000, 6_100);
    expect(await size('origin')).toBeGreaterThanOrEqual(origins + 100);
  });

  it('is bounded by its combinations too', { timeout: 60_000 }, async () => {
    const place = Math.floor(kilde.deps.clock() / 900_000);
    const of = (n: number) => [
      1,
      'default',
      place,
      `s${n % 50}`,
      `m${Math.floor(n / 50)}`,
      null,
      null,
      null,
      null,
      null,
      null,
      'https://x.no/',
    ];
    for (let first = 0; first < 2_500; first += 250) {
      const visits = Array.from({ length: 250 }, (_, n) => of(first + n));
      await deliver([{ id: crypto.randomUUID(), visits }]);
    }
    expect(await sum()).toBe(2_500);
    expect(await size('origin')).toBeLessThan(2_010);
    const { folded } = (await kilde.api('GET', '/settings')).body.newValues;
    expect(folded).toContainEqual({ site: 'default', day: '2026-09-01', field: 'origin', count: 500 });
  });
});
