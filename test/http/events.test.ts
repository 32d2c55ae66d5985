import { beforeAll, describe, expect, it } from 'vitest';
import { createApi } from '../../src/api.ts';
import { compareSelections } from '../../src/jobs/compare-selections.ts';
import { sendDeliveries } from '../../src/jobs/send-deliveries.ts';
import { createSlots } from '../../src/services/deliveries/slots.ts';
import { adminKey, createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

let kilde: TestApp;
const start = async () => {
  kilde = await createTestApp();
  await kilde.sql("INSERT INTO form (key, name, site_id, created_at) VALUES ('demo', 'Demo', 1, 0)");
};
const listen = async (...events: string[]) =>
  kilde.api('POST', '/webhooks', { name: 'Hook', url: 'https://hooks.example.com/x', events });
const events = async () =>
  (await kilde.sql('SELECT type, person_id, subject_id, detail FROM event ORDER BY id')).map((row) => ({ ...row }));
const addPerson = async (email: string, more = {}) => (await kilde.api('POST', '/people', { email, ...more })).body;

/** A stream whose waiting the test ends; `next` gives what was sent since. */
async function openStream(query: string, headers: Record<string, string> = {}) {
  const turns: Array<() => void> = [];
  const wait = () => new Promise<void>((resolve) => turns.push(resolve));
  const { router } = createApi({ ...kilde.deps, wait });
  const answer = await router.request(`https://edge.example.com/api/v1/events/stream${query}`, {
    headers: { authorization: `Bearer ${adminKey}`, ...headers },
  });
  const reader = answer.body?.getReader();
  const decoder = new TextDecoder();
  let text = '';
  const pump =
    reader &&
    (async () => {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        text += decoder.decode(value);
      }
    })();
  /** Until it waits: all that there was has been sent. */
  const next = async (): Promise<string> => {
    while (turns.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    await Promise.resolve();
    await new Promise((resolve) => setTimeout(resolve, 0));
    const sent = text;
    text = '';
    return sent;
  };
  return { answer, next, poll: () => turns.shift()!(), reader, pump };
}
const messages = (text: string) =>
  [...text.matchAll(/id: (evt_\d+)\nevent: (\S+)\ndata: (.+)\n\n/g)].map(([, id, type, data]) => ({
    id,
    type,
    ...JSON.parse(data!),
  }));

describe('events of people', () => {
  beforeAll(start);

  it('are stored in order: changed, merged, erased', async () => {
    await listen('person.updated', 'person.merged', 'person.erased');
    const kari = await addPerson('kari@firma.no');
    const ola = await addPerson('ola@firma.no');
    await kilde.api('PATCH', `/people/${kari.id}`, { title: 'CEO' });
    await kilde.api('PATCH', `/people/${kari.id}`, { title: 'CEO', leadStatus: 'Qualified' });
    const { body: merge } = await kilde.api('POST', `/people/${kari.id}/merge`, { otherId: ola.id });
    await kilde.api('DELETE', `/people/${kari.id}`);
    const id = Number(kari.id);
    expect((await events()).map(({ type, person_id, subject_id }: any) => [type, person_id, subject_id])).toEqual([
      ['person.updated', id, kari.id],
      ['person.merged', id, merge.id],
      ['person.erased', id, kari.id],
    ]);
  });

  it('are shown as samples, the newest first, made up where none has happened', async () => {
    const { body } = await kilde.api('GET', '/events/samples?event=person.erased');
    expect(body.items).toMatchObject([{ type: 'person.erased', data: { deleted: true } }]);
    const person = await addPerson('eva@firma.no');
    await kilde.submit('demo', { email: 'eva@firma.no' });
    const [submission] = (await kilde.api('GET', '/submissions')).body.items;
    const real: Record<string, unknown> = {
      'person.created': (await kilde.api('GET', `/people/${person.id}`)).body,
      'company.created': (await kilde.api('GET', `/companies/${person.company.id}`)).body,
      'submission.received': (await kilde.api('GET', `/submissions/${submission.id}`)).body,
    };
    for (const [type, record] of Object.entries(real)) {
      const [madeUp] = (await kilde.api('GET', `/events/samples?event=${type}`)).body.items;
      expect(madeUp).toMatchObject({ id: 'evt_0', type });
      expect(Object.keys(madeUp.data).toSorted()).toEqual(Object.keys(record as object).toSorted());
    }
    expect((await kilde.api('GET', '/events/samples?event=person.gone')).status).toBe(422);
  });
});

describe('events of dynamic selections', () => {
  beforeAll(start);
  const compare = async () => {
    kilde.advance(60_000);
    await compareSelections({ ...kilde.deps, now: kilde.deps.clock() });
  };

  it('are stored once somebody listens: who entered, who left, and one with the number of very many', async () => {
    const where = { field: 'title', op: 'equals', value: 'CEO' };
    const { body: selection } = await kilde.api('POST', '/selections', {
      name: 'Chiefs',
      entity: 'person',
      kind: 'dynamic',
      where,
    });
    const kari = await addPerson('kari@firma.no', { title: 'CEO' });
    const ola = await addPerson('ola@firma.no');
    await compare();
    expect(await kilde.sql('SELECT * FROM selection_seen')).toEqual([]);
    await listen('selection.entered', 'selection.left');
    await compare();
    expect(await events()).toEqual([]);
    await kilde.api('PATCH', `/people/${kari.id}`, { title: null });
    await kilde.api('PATCH', `/people/${ola.id}`, { title: 'CEO' });
    await compare();
    await compare();
    expect((await events()).map(({ type, subject_id }: any) => [type, subject_id])).toEqual([
      ['selection.left', kari.id],
      ['selection.entered', ola.id],
    ]);
    const [entered] = (await kilde.api('GET', '/events/samples?event=selection.entered')).body.items;
    expect(entered.data).toMatchObject({
      selection: { id: selection.id, name: 'Chiefs' },
      person: { email: 'ola@firma.no' },
    });
    await kilde.sql(`INSERT INTO person (email, title, title_fold, created_via, created_at, updated_at, creation_id, first_touch_origin_id,
        first_touch_at, first_touch_landing_page_id, lead_creation_origin_id, lead_creation_at, lead_creation_landing_page_id)
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1001)
      SELECT 'p' || i || '@firma.no', 'CEO', 'ceo', 'api', 0, 0, 'x' || i, 0, 0, 0, 0, 0, 0 FROM n`);
    await compare();
    const [many] = (await kilde.api('GET', '/events/samples?event=selection.entered')).body.items;
    expect(many.data).toEqual({ selection: { id: selection.id, name: 'Chiefs' }, count: 1001 });
  });
});

describe('the stream', () => {
  beforeAll(start);

  it('sends new leads as they come, asks once when idle, and ends when its reader goes', async () => {
    await addPerson('before@firma.no');
    const stream = await openStream('?events=person.created,submission.received');
    expect(stream.answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(messages(await stream.next())).toEqual([]);
    const id = (await (await kilde.submit('demo', { email: 'kari@firma.no' })).json<{ id: string }>()).id;
    stream.poll();
    const sent = messages(await stream.next());
    expect(sent.map(({ type, data }) => [type, data.email ?? data.id])).toEqual([
      ['person.created', 'kari@firma.no'],
      ['submission.received', id],
    ]);
    kilde.roundTrips();
    const plans = await kilde.scansDuring(async () => {
      stream.poll();
      expect(await stream.next()).toBe('');
    });
    expect(kilde.roundTrips()).toBe(1);
    expect(plans.filter((line) => /^SCAN (v|event|person|submission)\b/.test(line))).toEqual([]);
    kilde.advance(15_000);
    stream.poll();
    expect(await stream.next()).toBe(': still here\n\n');
    await stream.reader!.cancel();
    kilde.roundTrips();
    stream.poll();
    await stream.pump;
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(kilde.roundTrips()).toBe(0);
  });

  it('goes on after the last event that was read, and tells apart sites', async () => {
    const [last] = await kilde.sql('SELECT max(id) AS id FROM event');
    await kilde.submit('demo', { email: 'ola@firma.no' });
    await kilde.submit('demo', { message: 'nobody' });
    const stream = await openStream('?site=default&events=submission.received', {
      'last-event-id': `evt_${last!['id']}`,
    });
    expect(messages(await stream.next()).map(({ data }) => data.fields)).toEqual([
      { email: 'ola@firma.no' },
      { message: 'nobody' },
    ]);
    await stream.reader!.cancel();
    await kilde.api('POST', '/sites', { name: 'Shop', slug: 'shop' });
    const other = await openStream('?site=shop&events=submission.received', { 'last-event-id': 'evt_0' });
    expect(messages(await other.next())).toEqual([]);
    await other.reader!.cancel();
  });

  it('keeps what it stored for a day, and no longer', async () => {
    const run = async () => sendDeliveries({ ...kilde.deps, now: kilde.deps.clock(), useSlot: createSlots(5) });
    await run();
    kilde.advance(23 * 3_600_000);
    await run();
    expect(await events()).not.toEqual([]);
    kilde.advance(2 * 3_600_000);
    await run();
    expect(await events()).toEqual([]);
    expect(await kilde.sql('SELECT * FROM event_stream')).toEqual([]);
  });

  it('refuses types, sites and ids that are unknown, and a key in the address', async () => {
    for (const [query, headers] of [
      ['?events=person.gone', {}],
      ['?site=none', {}],
      ['?key=secret', {}],
      ['', { 'last-event-id': '12' }],
    ] as const) {
      expect((await openStream(query, headers)).answer.status).toBe(422);
    }
  });
});
