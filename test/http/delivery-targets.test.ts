import { beforeEach, describe, expect, it } from 'vitest';
import { runJobs } from '../../src/jobs/run-jobs.ts';
import { receiverOf, targets } from '../../src/services/deliveries/targets/targets.ts';
import type { GivenTarget, TargetKind } from '../../src/services/deliveries/targets/targets.ts';
import { createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

/** A target of every kind, with what must not be shown to everybody. */
const samples: Record<TargetKind, { target: GivenTarget; hidden: string[] }> = {
  email: { target: { kind: 'email', to: ['sjef@firma.no'] }, hidden: [] },
  webhook: {
    target: { kind: 'webhook', url: 'https://hooks.example.com/path-w' },
    hidden: ['path-w'],
  },
  chat: {
    target: { kind: 'chat', url: 'https://chat.example.com/path-c', format: 'slack' },
    hidden: ['path-c'],
  },
};

let kilde: TestApp;
let posted: string[];
let mailed: string[];
let texts: string[];

beforeEach(async () => {
  [posted, mailed, texts] = [[], [], []];
  kilde = await createTestApp({
    fetch: async (input, init) => {
      const request = new Request(input, init);
      posted.push(request.url);
      texts.push(await request.text());
      return new Response(null, { status: 204 });
    },
  });
  kilde.deps.sendMail = async ({ to, text }) => {
    mailed.push(...to);
    texts.push(text);
  };
});

describe.each(Object.keys(targets) as TargetKind[])('a target of the kind %s', (kind) => {
  const { target, hidden } = samples[kind];

  async function runSchedule() {
    const made = await kilde.api('POST', '/schedules', {
      name: 'Leads',
      reportId: 'new-leads-by-lead-creation-source',
      cron: '0 8 * * 1',
      targets: [target],
    });
    expect(made.status).toBe(201);
    expect((await kilde.api('POST', `/schedules/${made.body.id}/run`)).status).toBe(201);
    return made.body;
  }

  it('is accepted, shown whole to an administrator, and sent to', async () => {
    const { targets: shown } = await runSchedule();
    expect(shown).toEqual([target]);
    expect([...posted, ...mailed]).toEqual('url' in target ? [target.url] : target.to);
    expect((await kilde.api('GET', '/deliveries')).body.items).toMatchObject([{ status: 'delivered', target }]);
  });

  it('keeps its secrets from everybody else', async () => {
    const { id, secrets } = await runSchedule();
    const { key } = (await kilde.api('POST', '/api-keys', { name: 'Reader', scopes: ['read'] })).body;
    for (const path of [`/schedules/${id}`, '/schedules', `/schedules/${id}/runs`, '/deliveries']) {
      const text = JSON.stringify((await kilde.api('GET', path, undefined, { key })).body);
      for (const secret of [...hidden, ...secrets.map((one: any) => one.secret)]) expect(text).not.toContain(secret);
    }
  });

  it('can be notified by a form', async () => {
    await kilde.api('POST', '/forms', { name: 'Demo', slug: 'demo', notify: [target] });
    await kilde.submit('demo', { email: 'kari@firma.no' });
    await runJobs({ deps: kilde.deps, now: kilde.deps.clock() });
    expect([...posted, ...mailed]).toEqual('url' in target ? [target.url] : target.to);
  });

  it('says of a report that was cut how many rows are left, and of a file only where one goes along', async () => {
    const journey = (n: number) => [{ at: '2026-08-31T10:00:00Z', source: `source ${n}` }];
    const items = Array.from({ length: 30 }, (_, n) => ({ email: `p${n}@firma.no`, journey: journey(n) }));
    expect((await kilde.api('PUT', '/people', { items })).status).toBe(200);
    await runSchedule();
    const said = texts.join('').match(/\+ \d+ more rows(?: in the attached file)?/g);
    const expected = { email: ['+ 5 more rows in the attached file'], chat: ['+ 20 more rows'], webhook: null };
    expect(said && [...new Set(said)]).toEqual(expected[kind]);
  });

  it('names its receiver as the database does', async () => {
    await runSchedule();
    expect(await kilde.sql('SELECT address FROM delivery')).toEqual([{ address: receiverOf(target) }]);
  });
});
