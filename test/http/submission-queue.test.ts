import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { consumeQueue } from '../../src/jobs/consume-queue.ts';
import { createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

/** A queue as Cloudflare's is: at least once, in no order, and again after a delay where asked to. */
class FakeQueue {
  waiting: Array<{ id: string; body: unknown; attempts: number }> = [];
  isBroken = false;
  delays: Array<number | undefined> = [];
  #count = 0;

  readonly binding = {
    send: async (body: unknown) => {
      if (this.isBroken) throw new Error('queue is full');
      this.#count += 1;
      this.waiting.push({ id: `m${this.#count}`, body: structuredClone(body), attempts: 0 });
    },
  } as unknown as Queue;

  /** Delivers some of what waits, in the order given; what is not acknowledged waits again. */
  async deliver(kilde: TestApp, { order = (list: FakeQueue['waiting']) => list, queue = 'kilde-submissions' } = {}) {
    const taken = order(this.waiting.splice(0));
    const given = new Set<string>();
    const messages = taken.map((one) => {
      one.attempts += 1;
      let said = '';
      const say = (what: string, act: () => void) => () => {
        if (said === '') act();
        said ||= what;
      };
      return {
        ...one,
        timestamp: new Date(0),
        ack: say('ack', () => {}),
        retry: (options?: { delaySeconds?: number }) =>
          say('retry', () => {
            this.delays.push(options?.delaySeconds);
            if (!given.has(one.id)) this.waiting.push(one);
            given.add(one.id);
          })(),
      };
    });
    const batch = {
      queue,
      messages,
      ackAll: () => messages.forEach((one) => one.ack()),
      retryAll: (options?: { delaySeconds?: number }) => messages.forEach((one) => one.retry(options)),
    };
    await consumeQueue({ deps: kilde.deps, batch: batch as unknown as MessageBatch });
  }
}

let kilde: TestApp;
let queue: FakeQueue;

beforeEach(async () => {
  queue = new FakeQueue();
  kilde = await createTestApp({ env: { SUBMISSIONS: queue.binding } });
  await kilde.sql("INSERT INTO form (key, name, site_id, created_at) VALUES ('demo', 'Demo', 1, 0)");
});

const refused = () => Promise.reject(new TypeError('connect ECONNREFUSED'));
const count = async (table: string) => (await kilde.sql(`SELECT count(*) AS n FROM ${table}`))[0]!['n'];

const faults: Array<[string, () => void]> = [
  ['refuses', () => kilde.breakDatabase(refused)],
  ['answers 500', () => kilde.breakDatabase(async () => new Response('oops', { status: 500 }))],
  ['answers something else', () => kilde.breakDatabase(async () => new Response('<html>'))],
  ['is reset after it has stored', () => kilde.afterDatabase(async () => Promise.reject(new TypeError('reset')))],
  [
    'gives half an answer after it has stored',
    () => kilde.afterDatabase(async (response) => new Response((await response.text()).slice(0, 40))),
  ],
];

describe('a submission while the database', () => {
  it.each(faults)('%s is taken all the same, and stored once as of its own time', async (_, breakIt) => {
    await kilde.submit('demo', { email: 'first@firma.no' });
    const at = kilde.deps.clock();
    breakIt();
    const sent = await kilde.submit('demo', { email: 'kari@firma.no', _page: 'https://a.no/?utm_source=linkedin' });
    expect(sent.status).toBe(201);
    const { id } = await sent.json<{ id: string }>();
    expect(queue.waiting).toHaveLength(1);

    kilde.breakDatabase(null);
    kilde.afterDatabase(null);
    kilde.advance(3 * 3_600_000);
    const [again] = structuredClone(queue.waiting);
    await queue.deliver(kilde);
    expect(queue.waiting).toEqual([]);
    // Delivered twice.
    queue.waiting.push(again!);
    await queue.deliver(kilde);
    const rows = await kilde.sql('SELECT id, at, created_person FROM submission ORDER BY at, id');
    expect(rows.filter((row) => row['id'] === id)).toEqual([{ id, at, created_person: 1 }]);
    expect([await count('submission'), await count('person'), await count('dead_letter')]).toEqual([2, 2, 0]);
    const { body } = await kilde.api('GET', '/people?email=kari@firma.no');
    expect(body.items[0]).toMatchObject({
      createdAt: new Date(at).toISOString(),
      leadCreation: { source: 'linkedin' },
    });
  });

  it('is silent does not wait for it longer than a visitor would', async () => {
    await kilde.submit('demo', { email: 'first@firma.no' });
    kilde.breakDatabase(() => new Promise(() => {}));
    const patience: number[] = [];
    kilde.deps.wait = async (milliseconds) => void patience.push(milliseconds);
    expect((await kilde.submit('demo', { email: 'kari@firma.no' })).status).toBe(201);
    expect(patience).toContain(5_000);
    expect(queue.waiting).toHaveLength(1);
  });

  it('is away from the first request of an isolate on: it is judged when it is stored', async () => {
    kilde.breakDatabase(refused);
    const form = (fields: Record<string, string>, key = 'demo') =>
      kilde.request(`/f/${key}`, {
        method: 'POST',
        headers: {
          accept: 'text/html',
          'content-type': 'application/x-www-form-urlencoded',
          origin: 'https://firma.no',
        },
        body: new URLSearchParams(fields).toString(),
      });
    const taken = await form({ email: 'kari@firma.no', _next: 'https://evil.example/' });
    expect([taken.status, taken.headers.get('location')]).toEqual([303, '/f/demo/thanks']);
    await form({ email: 'robot@firma.no', _gotcha: 'x' });
    await form({ email: 'ola@firma.no' }, 'no-such');
    await form({ name: 'nobody' });
    kilde.breakDatabase(null);
    await queue.deliver(kilde);
    expect((await kilde.sql('SELECT email FROM person')).map((row) => row['email'])).toEqual(['kari@firma.no']);
    expect(await kilde.sql('SELECT reasons FROM quarantine')).toEqual([{ reasons: '["honeypot"]' }]);

    const letters = await kilde.api('GET', '/dead-letters');
    // The form of somebody without an address is stored: it is a submission of nobody.
    expect(await count('submission')).toBe(2);
    expect(letters.body.items.map(({ reason }: { reason: string }) => reason)).toEqual(['not_found']);
    const lost = letters.body.items.find(({ reason }: { reason: string }) => reason === 'not_found');
    expect((await kilde.api('POST', `/dead-letters/${lost.id}/replay`)).status).toBe(404);
    await kilde.sql("INSERT INTO form (key, name, site_id, created_at) VALUES ('no-such', 'Now', 1, 0)");
    expect((await kilde.api('POST', `/dead-letters/${lost.id}/replay`)).status).toBe(200);
    expect((await kilde.api('POST', `/dead-letters/${lost.id}/replay`)).status).toBe(409);
    expect(await count('person')).toBe(2);
    expect((await kilde.api('DELETE', `/dead-letters/${lost.id}`)).status).toBe(204);
  });
});

it('that no page but the form’s own may send is asked where it came from when it is stored', async () => {
  await kilde.sql(`UPDATE form SET allowed_origins = '["https://www.firma.no"]'`);
  kilde.breakDatabase(refused);
  const from = async (email: string, origin?: string) =>
    kilde.submit('demo', { email }, { headers: origin === undefined ? {} : { origin } });
  await from('kari@firma.no', 'https://www.firma.no');
  await from('edge@firma.no', 'https://edge.example.com');
  await from('server@firma.no');
  await from('robot@firma.no', 'https://evil.example');
  await from('sandbox@firma.no', 'null');
  kilde.breakDatabase(null);
  await queue.deliver(kilde);
  const people = await kilde.sql('SELECT email FROM person ORDER BY email');
  expect(people.map(({ email }) => email)).toEqual(['edge@firma.no', 'kari@firma.no', 'server@firma.no']);
  const { body } = await kilde.api('GET', '/dead-letters');
  expect(body.items.map(({ reason }: { reason: string }) => reason)).toEqual(['forbidden', 'forbidden']);
});

describe('where the queue', () => {
  it('fails too, the visitor keeps what was sent', async () => {
    await kilde.submit('demo', { email: 'first@firma.no' });
    kilde.breakDatabase(refused);
    queue.isBroken = true;
    expect((await kilde.submit('demo', { email: 'kari@firma.no' })).status).toBe(503);
    expect(queue.waiting).toEqual([]);
  });

  it('takes no message so large, the longest answers are cut and the lead is stored', async () => {
    await kilde.submit('demo', { email: 'first@firma.no' });
    kilde.breakDatabase(refused);
    const long = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`f${n}`, `${n}${'å'.repeat(5_000)}`]));
    expect((await kilde.submit('demo', { email: 'kari@firma.no', ...long, short: 'as sent' })).status).toBe(201);
    kilde.breakDatabase(null);
    await queue.deliver(kilde);
    const [row] = await kilde.sql('SELECT fields FROM submission ORDER BY at DESC, id DESC LIMIT 1');
    const fields = JSON.parse(row!['fields']);
    expect(fields).toMatchObject({
      email: 'kari@firma.no',
      short: 'as sent',
      f19: expect.stringMatching(/^19å{1998}$/),
    });
    expect(fields['_notes']).toEqual([
      'Answers longer than 2000 characters were cut: the database could not be reached.',
    ]);
  });

  it('delivers while the database is still away, it is asked to try later and later', async () => {
    await kilde.submit('demo', { email: 'first@firma.no' });
    kilde.breakDatabase(refused);
    await kilde.submit('demo', { email: 'kari@firma.no' });
    for (let n = 0; n < 12; n += 1) await queue.deliver(kilde);
    expect(queue.delays.slice(0, 3)).toEqual([20, 40, 80]);
    expect(queue.delays.at(-1)).toBe(3_600);
    kilde.breakDatabase(null);
    await queue.deliver(kilde);
    expect([await count('submission'), queue.waiting]).toEqual([2, []]);
  });

  it('delivers what is no submission, it is set aside', async () => {
    await queue.binding.send({ hello: 'there' });
    await queue.deliver(kilde);
    await queue.binding.send({ inbound: { id: 'x' } });
    await queue.deliver(kilde, { queue: 'kilde-submissions-dead' });
    expect(await kilde.sql('SELECT reason FROM dead_letter ORDER BY at, id')).toEqual([
      { reason: 'bad_request' },
      { reason: 'undelivered' },
    ]);
  });
});

it('stores what it acknowledged, also where its key was used meanwhile for another', async () => {
  const send = (email: string, fields: Record<string, string> = {}) =>
    kilde.submit('demo', { email, ...fields }, { headers: { 'idempotency-key': 'k' } });
  await kilde.submit('demo', { email: 'first@firma.no' });
  kilde.breakDatabase(refused);
  for (const email of ['kari@firma.no', 'ola@firma.no', 'kari@firma.no']) expect((await send(email)).status).toBe(201);
  expect((await send('robot@firma.no', { _gotcha: 'x' })).status).toBe(201);
  kilde.breakDatabase(null);
  await queue.deliver(kilde);
  expect([await count('submission'), await count('quarantine'), await count('dead_letter')]).toEqual([3, 1, 0]);
  expect(await kilde.sql('SELECT count(*) AS n FROM submission WHERE idempotency_conflict = 1')).toEqual([{ n: 1 }]);
});

it('normally has nothing to do: one round trip, no message', async () => {
  await kilde.submit('demo', { email: 'first@firma.no' });
  kilde.roundTrips();
  await kilde.submit('demo', { email: 'kari@firma.no' });
  expect([kilde.roundTrips(), queue.waiting]).toEqual([1, []]);
});

/** Whatever fails and however messages come, what was acknowledged is there once, and nothing else is. */
it('keeps every acknowledged submission once under random faults', { timeout: 120_000 }, async () => {
  await kilde.submit('demo', { email: 'first@firma.no' });
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.record({ do: fc.constant('send' as const), who: fc.nat(5), fault: fc.nat(7) }) },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('deliver' as const),
        reverse: fc.boolean(),
        twice: fc.boolean(),
        fault: fc.nat(7),
      }),
    },
  );
  const acknowledged = new Set<string>();
  let tries = 0;
  const breakBy = (fault: number) => {
    kilde.breakDatabase(null);
    kilde.afterDatabase(null);
    queue.isBroken = fault === 6;
    if (fault === 6) kilde.breakDatabase(refused);
    else faults[fault]?.[1]();
  };
  const [{ n: before } = { n: 0 }] = await kilde.sql('SELECT count(*) AS n FROM submission');
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 20 }), async (steps) => {
      for (const one of steps) {
        breakBy(one.fault);
        if (one.do === 'send') {
          tries += 1;
          const sent = await kilde.submit('demo', { email: `p${one.who}@firma.no`, n: String(tries) });
          if (sent.status === 201) acknowledged.add((await sent.json<{ id: string }>()).id);
          else expect(sent.status).toBe(503);
        } else {
          const copies = one.twice ? structuredClone(queue.waiting) : [];
          await queue.deliver(kilde, { order: (list) => (one.reverse ? list.toReversed() : list) });
          queue.waiting.push(...copies);
        }
      }
    }),
    { numRuns: 50 },
  );
  breakBy(7);
  await queue.deliver(kilde);
  expect(queue.waiting).toEqual([]);
  const stored = new Set((await kilde.sql('SELECT id FROM submission')).map((row) => row['id'] as string));
  expect([...acknowledged].filter((id) => !stored.has(id))).toEqual([]);
  // What is stored beyond that was stored, its answer lost, and the queue closed: the visitor was told 503 and may send again.
  expect(stored.size - Number(before)).toBeGreaterThanOrEqual(acknowledged.size);
  expect(await count('dead_letter')).toBe(0);
  const [wrong] = await kilde.sql(
    `SELECT (SELECT count(*) FROM submission WHERE person_id IS NULL) AS half,
      (SELECT count(*) FROM person p WHERE (SELECT count(*) FROM submission s WHERE s.person_id = p.id AND s.created_person) <> 1) AS persons`,
  );
  expect(wrong).toEqual({ half: 0, persons: 0 });
});
