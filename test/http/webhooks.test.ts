import { beforeEach, describe, expect, it } from 'vitest';
import { runJobs } from '../../src/jobs/run-jobs.ts';
import { createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

type Received = { url: string; headers: Headers; text: string; body: any };

let kilde: TestApp;
let received: Received[];
/** How the receiver answers, by the number of the request. */
let answer: (request: Received) => Response | Promise<Response>;

beforeEach(async () => {
  received = [];
  answer = () => new Response(null, { status: 204 });
  kilde = await createTestApp({
    fetch: async (input, init) => {
      const request = new Request(input, init);
      const text = await request.text();
      const one = { url: request.url, headers: request.headers, text, body: JSON.parse(text) };
      received.push(one);
      return answer(one);
    },
  });
  await kilde.sql("INSERT INTO form (key, name, site_id, created_at) VALUES ('demo', 'Demo', 1, 0)");
});

const tick = () => runJobs({ deps: kilde.deps, now: kilde.deps.clock() });

async function addWebhook(events: string[], url = 'https://hooks.example.com/kilde') {
  const made = await kilde.api('POST', '/webhooks', { name: 'CRM', url, events });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  return made.body as { id: string; secret: string };
}

const types = () => received.map(({ body }) => body.type);

async function hmac(secret: string, text: string): Promise<string> {
  const bytes = Uint8Array.from(atob(secret.slice('whsec_'.length)), (c) => c.charCodeAt(0));
  const key = await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  const signed = await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(text));
  return `v1,${btoa(String.fromCharCode(...new Uint8Array(signed)))}`;
}

describe('what a webhook is sent', () => {
  it('is the record, signed as Standard Webhooks are', async () => {
    const { secret } = await addWebhook(['person.created', 'submission.received']);
    await kilde.submit('demo', { email: 'kari@firma.no' });
    expect(received).toEqual([]);
    await tick();

    expect(types()).toEqual(['person.created', 'submission.received']);
    const [person, submission] = received;
    expect(person!.body).toMatchObject({ timestamp: '2026-09-01T10:00:00.000Z', data: { email: 'kari@firma.no' } });
    expect(submission!.body.data).toMatchObject({ createdPerson: true, person: { id: person!.body.data.id } });
    const id = person!.headers.get('webhook-id');
    expect(id).toMatch(/^evt_\d+$/);
    expect(person!.headers.get('webhook-timestamp')).toBe('1788256800');
    expect(person!.headers.get('webhook-signature')).toBe(await hmac(secret, `${id}.1788256800.${person!.text}`));
    await tick();
    expect(received).toHaveLength(2);
  });

  it('is only what it wants, and nothing is kept where nobody wants it', async () => {
    await kilde.submit('demo', { email: 'kari@firma.no' });
    const [before] = await kilde.sql('SELECT count(*) AS n FROM event');
    expect(before!['n']).toBe(0);
    await addWebhook(['deal.won']);
    await kilde.api('PUT', '/deals', {
      items: [
        { externalId: '1', amount: 10, currency: 'NOK', email: 'kari@firma.no' },
        { externalId: '2', amount: 20, currency: 'NOK', status: 'won', closedAt: '2026-09-01' },
      ],
    });
    const won = { externalId: '1', amount: 10, currency: 'NOK', status: 'won', closedAt: '2026-09-01' };
    await kilde.api('PUT', '/deals', { items: [won] });
    await tick();
    expect(received.map(({ body }) => [body.type, body.data.externalId])).toEqual([
      ['deal.won', '2'],
      ['deal.won', '1'],
    ]);
  });

  it('is told in the order in which it happened: registered, won, opened again', async () => {
    await addWebhook(['deal.registered', 'deal.won', 'deal.reopened', 'person.statusChanged']);
    await kilde.submit('demo', { email: 'kari@firma.no' });
    const deal = (status: string) => ({
      externalId: '1',
      amount: 10,
      currency: 'NOK',
      email: 'kari@firma.no',
      status,
      closedAt: '2026-09-01',
    });
    await kilde.api('PUT', '/deals', { items: [deal('won')] });
    await kilde.api('PUT', '/deals', { items: [deal('open')] });
    const { body } = await kilde.api('GET', '/people?email=kari@firma.no');
    await kilde.api('PATCH', `/people/${body.items[0].id}`, { leadStatus: 'Qualified' });
    await tick();
    expect(types()).toEqual(['deal.registered', 'deal.won', 'deal.reopened', 'person.statusChanged']);
  });

  it('has the old and the new stage of a deal that is moved', async () => {
    await addWebhook(['deal.stageChanged', 'deal.won']);
    await kilde.api('PUT', '/deals', { items: [{ externalId: '1', amount: 10, currency: 'NOK' }] });
    await kilde.api('PATCH', '/deals/1', { stageId: '3', name: 'X' });
    await kilde.api('PATCH', '/deals/1', { name: 'Y' });
    await kilde.api('PATCH', '/deals/1', { stageId: '5', closedAt: '2026-09-01' });
    await tick();
    // Events are in order by person: those of a deal that nobody belongs to are sent side by side.
    const sent = received.map(({ body: { type, data } }) => [type, data.stage.name, data.from?.name, data.to?.name]);
    expect(sent.toSorted((one, other) => String(one).localeCompare(String(other)))).toEqual([
      ['deal.stageChanged', 'Won', 'New', 'Proposal'],
      ['deal.stageChanged', 'Won', 'Proposal', 'Won'],
      ['deal.won', 'Won', undefined, undefined],
    ]);
  });

  it('has no event for a person that an undone merge gives back', async () => {
    await kilde.submit('demo', { email: 'kari@firma.no' });
    await kilde.submit('demo', { email: 'kari.nordmann@firma.no' });
    const { body: people } = await kilde.api('GET', '/people');
    const [a, b] = people.items.map((one: { id: string }) => one.id);
    await addWebhook(['person.created', 'submission.received']);
    const merged = await kilde.api('POST', `/people/${a}/merge`, { otherId: b });
    expect(merged.status, JSON.stringify(merged.body)).toBeLessThan(300);
    const merges = await kilde.sql('SELECT id FROM person_merge');
    const undone = await kilde.api('POST', `/people/merges/${merges[0]!['id']}/undo`);
    expect(undone.status, JSON.stringify(undone.body)).toBeLessThan(300);
    await tick();
    expect(types()).toEqual([]);
  });

  it('tells of a record that has gone by its id alone', async () => {
    await addWebhook(['person.created']);
    await kilde.submit('demo', { email: 'kari@firma.no' });
    const { body } = await kilde.api('GET', '/people?email=kari@firma.no');
    await kilde.api('DELETE', `/people/${body.items[0].id}`);
    await tick();
    for (const one of received) expect(one.text).not.toContain('kari');
  });
});

describe('what waits for a webhook', () => {
  it('shows no time that has passed, and why it is not tried', async () => {
    const { id } = await addWebhook(['person.created']);
    for (const name of ['kari', 'ola', 'per', 'pal', 'nils']) await kilde.submit('demo', { email: `${name}@firma.no` });
    const waiting = async () => (await kilde.api('GET', `/webhooks/${id}/deliveries`)).body.items;
    expect(new Set((await waiting()).map(({ nextAt }: any) => nextAt))).toEqual(new Set(['2026-09-01T10:00:00.000Z']));
    answer = () => new Response(null, { status: 429, headers: { 'retry-after': '3600' } });
    await tick();
    expect(received).toHaveLength(1);
    expect((await waiting())[0]).toMatchObject({
      status: 'pending',
      attempts: 0,
      nextAt: '2026-09-01T11:00:00.000Z',
      lastError: 'Not tried yet, since the receiver fails: The receiver answered 429.',
    });
    kilde.advance(60_000);
    await tick();
    expect(received).toHaveLength(1);
  });

  it.each([
    ['a test that is delivered', async (id: string) => kilde.api('POST', `/webhooks/${id}/test`)],
    [
      'a change of the address',
      async (id: string) => kilde.api('PATCH', `/webhooks/${id}`, { url: 'https://a.example.com/b' }),
    ],
    ['being turned on', async (id: string) => kilde.api('PATCH', `/webhooks/${id}`, { enabled: true })],
  ])('is sent after %s, whatever the receiver was left alone for', async (_, act) => {
    const { id } = await addWebhook(['person.created']);
    await kilde.submit('demo', { email: 'kari@firma.no' });
    await kilde.submit('demo', { email: 'ola@firma.no' });
    answer = () => new Response(null, { status: 429, headers: { 'retry-after': '3600' } });
    await tick();
    answer = () => new Response(null, { status: 204 });
    await act(id);
    const before = received.length;
    await tick();
    expect(received).toHaveLength(before + 1);
  });
});

describe('a receiver that fails', () => {
  it('is tried again, later each time, and the same message keeps its id', async () => {
    const { id } = await addWebhook(['person.created']);
    await kilde.submit('demo', { email: 'kari@firma.no' });
    answer = () => new Response('no', { status: 500 });
    await tick();
    await tick();
    expect(received).toHaveLength(1);
    kilde.advance(5_000);
    await tick();
    expect(received).toHaveLength(2);
    const waiting = await kilde.api('GET', `/webhooks/${id}/deliveries`);
    expect(waiting.body.items[0]).toMatchObject({
      status: 'pending',
      attempts: 2,
      lastError: 'The receiver answered 500.',
      nextAt: '2026-09-01T10:05:05.000Z',
    });
    answer = () => new Response(null, { status: 200 });
    kilde.advance(300_000);
    await tick();
    expect(new Set(received.map(({ headers }) => headers.get('webhook-id'))).size).toBe(1);
    const done = await kilde.api('GET', `/webhooks/${id}/deliveries`);
    expect(done.body.items[0]).toMatchObject({ status: 'delivered', attempts: 3, lastError: null });
  });

  it('holds back the later events of the same person, and nobody else', async () => {
    await addWebhook(['submission.received']);
    answer = ({ body }) => new Response(null, { status: body.data.fields.n === '1' ? 503 : 200 });
    await kilde.submit('demo', { email: 'kari@firma.no', n: '1' });
    await kilde.submit('demo', { email: 'kari@firma.no', n: '2' });
    await kilde.submit('demo', { email: 'ola@firma.no', n: '3' });
    await tick();
    expect(new Set(received.map(({ body }) => body.data.fields.n))).toEqual(new Set(['1', '3']));
    answer = () => new Response(null, { status: 200 });
    kilde.advance(5_000);
    await tick();
    expect(received.slice(2).map(({ body }) => body.data.fields.n)).toEqual(['1', '2']);
  });

  it('is given up after ten tries; what was given up can be sent again', async () => {
    const { id } = await addWebhook(['person.created']);
    await kilde.submit('demo', { email: 'kari@firma.no' });
    answer = () => {
      throw new TypeError('connection refused');
    };
    for (let hour = 0; hour < 200; hour += 1) {
      await tick();
      kilde.advance(3_600_000);
    }
    expect(received).toHaveLength(10);
    const dead = await kilde.api('GET', `/webhooks/${id}/deliveries?status=dead`);
    expect(dead.body.items).toHaveLength(1);
    expect(dead.body.items[0].lastError).toBe('The receiver could not be reached.');
    answer = () => new Response(null, { status: 200 });
    const again = await kilde.api('POST', `/webhooks/${id}/replay`, { eventIds: [dead.body.items[0].eventId] });
    expect(again.body).toEqual({ count: 1 });
    await tick();
    expect(received).toHaveLength(11);
  });

  it('is turned off where it says that it is gone', async () => {
    const { id } = await addWebhook(['person.created']);
    await kilde.submit('demo', { email: 'kari@firma.no' });
    answer = () => new Response(null, { status: 410 });
    await tick();
    const { body } = await kilde.api('GET', '/webhooks');
    expect(body.items[0]).toMatchObject({ id, enabled: false, disabledReason: 'The receiver answered 410 Gone.' });
  });

  it('is not sent what another trigger is sending just now', async () => {
    await addWebhook(['person.created']);
    await kilde.submit('demo', { email: 'kari@firma.no' });
    let second: Promise<void> | undefined;
    answer = async () => {
      second ??= tick();
      await second;
      return new Response(null, { status: 200 });
    };
    await tick();
    expect(received).toHaveLength(1);
  });

  it('is not followed where it leads elsewhere', async () => {
    await addWebhook(['person.created']);
    await kilde.submit('demo', { email: 'kari@firma.no' });
    answer = () => new Response(null, { status: 302, headers: { location: 'http://127.0.0.1/' } });
    await tick();
    expect(received).toHaveLength(1);
  });
});

describe('a webhook', () => {
  it.each([
    'http://hooks.example.com/',
    'https://localhost/x',
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://10.0.0.8/',
    'https://169.254.169.254/latest/meta-data',
    'https://[::1]/',
    'https://[::ffff:10.0.0.1]/',
    'https://[fd00::1]/',
    'https://intranet/',
    'https://db.internal/',
    'https://user:pw@hooks.example.com/',
  ])('may not lead to %s', async (url) => {
    const { status, body } = await kilde.api('POST', '/webhooks', { name: 'x', url, events: ['deal.won'] });
    expect(status).toBe(422);
    expect(body.errors[0].location).toBe('body.url');
  });

  it('shows its secret once; a new one signs beside the former for a day', async () => {
    const { id, secret } = await addWebhook(['person.created']);
    const listed = await kilde.api('GET', '/webhooks');
    expect(JSON.stringify(listed.body)).not.toContain('whsec_');
    const renewed = await kilde.api('POST', `/webhooks/${id}/secret`);
    await kilde.submit('demo', { email: 'kari@firma.no' });
    await tick();
    const { headers, text } = received[0]!;
    const signed = `${headers.get('webhook-id')}.${headers.get('webhook-timestamp')}.${text}`;
    expect(headers.get('webhook-signature')!.split(' ')).toEqual([
      await hmac(renewed.body.secret, signed),
      await hmac(secret, signed),
    ]);
    kilde.advance(25 * 3_600_000);
    const tested = await kilde.api('POST', `/webhooks/${id}/test`);
    expect(tested.body).toEqual({ delivered: true, error: null });
    expect(received[1]!.headers.get('webhook-signature')).not.toContain(' ');
  });
});
