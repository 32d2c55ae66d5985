import { beforeEach, expect, it } from 'vitest';
import { Visitor } from '../support/browser-like.ts';
import { createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

const page = 'https://www.example.com/signup?utm_source=linkedin&utm_medium=paid-social';

let kilde: TestApp;

/** An isolate that has seen one request, as any but the first has. */
beforeEach(async () => {
  kilde = await createTestApp();
  await kilde.sql("INSERT INTO form (key, name, site_id, created_at) VALUES ('demo', 'Demo', 1, 0)");
  await kilde.submit('demo', { email: 'first@annet.no' });
  kilde.roundTrips();
});

it('asks the database nothing for a touch', async () => {
  const visitor = new Visitor(kilde);
  for (let i = 0; i < 20; i += 1) await visitor.arrive(page);
  expect(kilde.roundTrips()).toBe(0);
});

it('reads settings that have grown old beside the touch, not before it', async () => {
  kilde.advance(10 * 60_000);
  let release = (): void => {};
  const gate = new Promise<void>((resolve) => (release = resolve));
  const client = kilde.deps.db.$client;
  const { batch } = client;
  client.batch = async (...args) => {
    await gate;
    return batch.apply(client, args);
  };
  // Answered while the database still keeps its answer back.
  expect((await new Visitor(kilde).arrive(page)).status).toBe(204);
  release();
});

it.each([
  ['a new person of a new company', { email: 'kari@firma.no' }],
  ['a known person', { email: 'first@annet.no', message: 'again' }],
  [
    'a form with everything',
    { email: 'kari@firma.no', company: 'Firma AS', orgnr: '923609016', phone: '1', consent: 'yes' },
  ],
])('takes one round trip for %s', async (_, fields) => {
  const visitor = new Visitor(kilde);
  await visitor.arrive(page);
  expect((await visitor.send('demo', fields as Record<string, string>)).status).toBe(303);
  expect(kilde.roundTrips()).toBe(1);
});

it('takes one round trip to hold a submission back', async () => {
  await kilde.submit('demo', { email: 'kari@firma.no', _gotcha: 'x' });
  expect(kilde.roundTrips()).toBe(1);
});

it('scans no table for a submission', async () => {
  await kilde.sql(
    "INSERT INTO selection (id, name, entity, kind, created_at) VALUES (7, 'Webinar', 'person', 'static', 0)",
  );
  await kilde.sql(
    "INSERT INTO form (key, name, site_id, created_at, selection_id, closes_after) VALUES ('all', 'All', 1, 0, 7, 1000)",
  );
  await kilde.submit('all', { email: 'warm@annet.no' });
  const scans = await kilde.scansDuring(async () => {
    const visitor = new Visitor(kilde);
    await visitor.arrive(page);
    await visitor.arrive('https://www.example.com/?utm_source=facebook');
    await visitor.send('all', {
      email: 'kari@firma.no',
      company: 'Firma AS',
      orgnr: '923609016',
      consent: 'yes',
      _id: 'k',
    });
    await visitor.send('all', { email: 'kari@firma.no', company: 'Firma AS', phone: '1' });
    await kilde.submit('all', { email: 'ola@gmail.com', company: 'Firma AS', _gotcha: 'x' });
  });
  expect(scans).toEqual([]);
});
