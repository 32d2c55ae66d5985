import { beforeEach, expect, it } from 'vitest';
import { runJobs } from '../../src/jobs/run-jobs.ts';
import { adminKey, createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

/** Addresses as chat services give them: whoever knows path or query can post. */
const slack = 'https://hooks.slack.com/services/T000/B000/slack-secret';
const otherSlack = 'https://hooks.slack.com/services/T000/B001/other-secret';
const hook = 'https://hooks.example.com:8443/report?token=hook-secret';
const secretText = /slack-secret|other-secret|hook-secret|whsec_/;

let kilde: TestApp;
let keys: Record<'read' | 'write', string>;
let scheduleId: string;

beforeEach(async () => {
  kilde = await createTestApp({ fetch: async () => new Response(null, { status: 500 }) });
  keys = { read: await keyFor('read'), write: await keyFor('write') };
  const { status, body } = await kilde.api('POST', '/schedules', {
    name: 'Leads',
    reportId: 'new-leads-by-lead-creation-source',
    cron: '0 8 * * 1',
    targets: [
      { kind: 'email', to: ['sjef@firma.no'] },
      { kind: 'webhook', url: hook },
      { kind: 'chat', url: slack, format: 'slack' },
    ],
  });
  expect(status, JSON.stringify(body)).toBe(201);
  scheduleId = body.id;
});

async function keyFor(scope: string): Promise<string> {
  return (await kilde.api('POST', '/api-keys', { name: scope, scopes: [scope] })).body.key;
}

const storedTargets = async () => JSON.parse((await kilde.sql('SELECT targets FROM schedule'))[0]!['targets']);
const patch = async (targets: unknown, key = keys.write) =>
  kilde.api('PATCH', `/schedules/${scheduleId}`, { targets }, { key });

it('shows a key without admin the hosts of webhooks and chats, and nothing else of their addresses', async () => {
  const { body: run } = await kilde.api('POST', `/schedules/${scheduleId}/run`);
  await runJobs({ deps: kilde.deps, now: kilde.deps.clock() });
  const [{ id: deliveryId }] = (await kilde.api('GET', '/deliveries')).body.items;
  await kilde.sql("UPDATE delivery SET status = 'dead' WHERE id = ?", [Number(deliveryId)]);
  const paths: Array<[method: string, path: string, key: string]> = [
    ['GET', '/schedules', keys.read],
    ['GET', `/schedules/${scheduleId}`, keys.read],
    ['GET', `/schedules/${scheduleId}/runs`, keys.read],
    ['GET', `/runs/${run.id}`, keys.read],
    ['GET', '/deliveries', keys.read],
    ['GET', `/schedules/${scheduleId}`, keys.write],
    ['POST', `/deliveries/${deliveryId}/retry`, keys.write],
  ];
  for (const [method, path, key] of paths) {
    const { status, body } = await kilde.api(method, path, undefined, { key });
    const text = JSON.stringify(body);
    expect([path, status, secretText.test(text)]).toEqual([path, 200, false]);
    expect(text).toContain('https://hooks.slack.com/***');
  }
  const renamed = await kilde.api('PATCH', `/schedules/${scheduleId}`, { name: 'New' }, { key: keys.write });
  expect(JSON.stringify(renamed.body)).not.toMatch(secretText);

  const whole = JSON.stringify((await kilde.api('GET', `/schedules/${scheduleId}`)).body);
  expect(whole).toContain(slack);
  expect(whole).toContain(hook);
});

it('gives the file about a person the hosts of webhooks alone, whoever asks for it', async () => {
  await kilde.api('POST', '/webhooks', { name: 'CRM', url: hook, events: ['person.created'] });
  await kilde.api('PUT', '/people', { items: [{ email: 'kari@firma.no' }] });
  for (const key of [keys.read, keys.write, undefined]) {
    const { body } = await kilde.api('GET', '/people/1/export', undefined, key === undefined ? {} : { key });
    expect(body.told).toMatchObject([{ webhook: 'CRM', url: 'https://hooks.example.com:8443/***' }]);
    expect(JSON.stringify(body)).not.toMatch(secretText);
  }
});

it.each([
  'https://hooks.example.com:8443/***',
  'https://hooks.example.com:8443/***/',
  'https://hooks.example.com:8443/%2A%2a*',
  'https://hooks.example.com:8443/***?',
])('refuses %j as a webhook or a new target, and never stores it', async (url) => {
  const { body } = await kilde.api('POST', '/webhooks', { name: 'CRM', url: hook, events: ['person.created'] });
  for (const [method, path] of [
    ['POST', '/webhooks'],
    ['PATCH', `/webhooks/${body.id}`],
  ] as const) {
    const refused = await kilde.api(method, path, { name: 'CRM', url, events: ['person.created'] });
    expect([refused.status, refused.body.detail]).toEqual([422, expect.stringContaining(`'${url}' is masked`)]);
  }
  expect((await patch([{ kind: 'chat', url, format: 'slack' }])).status).toBe(422);
  expect((await patch([{ kind: 'webhook', url }])).status).toBe(200);
  expect(await kilde.sql('SELECT url FROM webhook')).toEqual([{ url: hook }]);
  expect(await storedTargets()).toMatchObject([{ kind: 'webhook', url: hook }]);
});

it('keeps what a masked address stands for where it comes back, with the secret that signs', async () => {
  const before = await storedTargets();
  const { body } = await kilde.api('GET', `/schedules/${scheduleId}`, undefined, { key: keys.write });
  expect(body.targets[1]).toEqual({ kind: 'webhook', url: 'https://hooks.example.com:8443/***' });
  const changed = await patch(body.targets.toReversed());
  expect(changed.status, JSON.stringify(changed.body)).toBe(200);
  expect(changed.body.secrets).toEqual([]);
  expect(await storedTargets()).toEqual(before.toReversed());
});

it('replaces what is changed, and tells the secret of a new webhook to whoever entered it', async () => {
  const changed = await patch([
    { kind: 'chat', url: 'https://hooks.slack.com/***', format: 'discord' },
    { kind: 'chat', url: otherSlack, format: 'slack' },
    { kind: 'webhook', url: 'https://new.example.com/x?token=hook-secret' },
  ]);
  expect(changed.status, JSON.stringify(changed.body)).toBe(200);
  expect(changed.body.secrets).toEqual([
    { url: 'https://new.example.com/***', secret: expect.stringMatching(/^whsec_/) },
  ]);
  expect(JSON.stringify(changed.body.targets)).not.toMatch(secretText);
  expect(await storedTargets()).toMatchObject([
    { kind: 'chat', url: slack, format: 'discord' },
    { kind: 'chat', url: otherSlack },
    { kind: 'webhook', url: 'https://new.example.com/x?token=hook-secret' },
  ]);
});

it.each([
  ['no stored target', [{ kind: 'chat', url: 'https://discord.com/***', format: 'discord' }]],
  ['a target of another kind', [{ kind: 'webhook', url: 'https://hooks.slack.com/***' }]],
  ['one of two', [{ kind: 'chat', url: 'https://hooks.slack.com/***', format: 'slack' }]],
])('refuses a masked address that stands for %s', async (_, targets) => {
  await patch([
    { kind: 'chat', url: slack, format: 'slack' },
    { kind: 'chat', url: otherSlack, format: 'slack' },
  ]);
  const before = await storedTargets();
  const refused = await patch(targets);
  expect(refused.status).toBe(422);
  expect(refused.body.errors[0]).toMatchObject({
    location: 'body.targets[0].url',
    message: expect.stringContaining(`'${targets[0]!.url}' is masked`),
  });
  expect(await storedTargets()).toEqual(before);
});

it('refuses a masked address on a new schedule', async () => {
  const { status } = await kilde.api('POST', '/schedules', {
    name: 'Leads',
    reportId: 'new-leads-by-lead-creation-source',
    cron: '0 8 * * 1',
    targets: [{ kind: 'chat', url: 'https://hooks.slack.com/***', format: 'slack' }],
  });
  expect(status).toBe(422);
});

it.each(['/webhooks', '/webhooks/1/deliveries', '/api-keys', '/audit-log'])(
  'lets nobody but admin read %s',
  async (path) => {
    for (const key of Object.values(keys)) expect((await kilde.api('GET', path, undefined, { key })).status).toBe(403);
  },
);

it('shows no secret of the server, and no hash of a key, to any key', async () => {
  kilde = await createTestApp({ env: { TURNSTILE_SECRET: 'turnstile-secret' } });
  keys = { read: await keyFor('read'), write: await keyFor('write') };
  await kilde.api('POST', '/webhooks', { name: 'x', url: 'https://hooks.example.com/x', events: ['deal.won'] });
  const stored = await kilde.sql('SELECT hash AS text FROM api_key UNION ALL SELECT secret FROM webhook');
  const secrets = ['turnstile-secret', adminKey, ...stored.map(({ text }) => text as string)];
  for (const path of [
    '/settings',
    '/forms',
    '/sites',
    '/api-keys',
    '/webhooks',
    '/audit-log',
    '/openapi.json',
    '/openapi-settings.json',
  ]) {
    const text = JSON.stringify((await kilde.api('GET', path)).body);
    expect([path, secrets.filter((secret) => text.includes(secret))]).toEqual([path, []]);
  }
});
