import { beforeEach, describe, expect, it } from 'vitest';
import { createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

let kilde: TestApp;
let verifier: () => Promise<Response>;
let asked: unknown[];

beforeEach(async () => {
  asked = [];
  kilde = await createTestApp({
    env: { TURNSTILE_SECRET: 'the-secret' },
    fetch: async (input, init) => {
      asked.push([new URL(new Request(input).url).hostname, JSON.parse(init!.body as string)]);
      return verifier();
    },
  });
  await kilde.api('POST', '/forms', { name: 'Guarded', slug: 'guarded', turnstile: true });
  await kilde.api('POST', '/forms', { name: 'Open', slug: 'open' });
});

const answer = (success: boolean) => async () => Response.json({ success });
const reasonsHeld = async () => (await kilde.api('GET', '/quarantine')).body.items.map((one: any) => one.reasons);

describe('a form with Turnstile', () => {
  it('takes what Cloudflare passes, and tells Cloudflare the token and the secret alone', async () => {
    verifier = answer(true);
    const fields = { email: 'kari@firma.no', 'cf-turnstile-response': 'token' };
    expect((await kilde.submit('guarded', fields)).status).toBe(201);
    expect(asked).toEqual([['challenges.cloudflare.com', { secret: 'the-secret', response: 'token' }]]);
    expect((await kilde.api('GET', '/people')).body.items).toHaveLength(1);
    const { items } = (await kilde.api('GET', '/submissions?form=guarded')).body;
    expect((await kilde.api('GET', `/submissions/${items[0].id}`)).body.fields).toEqual({ email: 'kari@firma.no' });
  });

  it.each([
    ['fails', { 'cf-turnstile-response': 'token' }, 1],
    ['is asked nothing, for want of a token', {}, 0],
  ])('holds back where Cloudflare %s', async (_, fields, times) => {
    verifier = answer(false);
    expect((await kilde.submit('guarded', { email: 'kari@firma.no', ...fields })).status).toBe(201);
    expect(asked).toHaveLength(times);
    expect(await reasonsHeld()).toEqual([['captcha']]);
  });

  it.each([
    ['is not reached', () => Promise.reject(new TypeError('unreachable'))],
    ['answers nonsense', async () => new Response('<html>')],
  ])('turns nobody away where Cloudflare %s', async (_, fault) => {
    verifier = fault;
    await kilde.submit('guarded', { email: 'kari@firma.no', 'cf-turnstile-response': 'token' });
    expect(await reasonsHeld()).toEqual([]);
    expect((await kilde.api('GET', '/people')).body.items).toHaveLength(1);
  });
});

it('asks nothing for a form without it', async () => {
  verifier = answer(false);
  await kilde.submit('open', { email: 'kari@firma.no' });
  expect(asked).toEqual([]);
  expect(await reasonsHeld()).toEqual([]);
});

describe('Turnstile without TURNSTILE_SECRET', () => {
  beforeEach(async () => {
    kilde = await createTestApp();
    await kilde.api('POST', '/forms', { name: 'Open', slug: 'open' });
  });

  it.each([
    ['POST', '/forms', { name: 'Guarded', turnstile: true }],
    ['PATCH', '/forms/open', { turnstile: true }],
  ])('is refused by %s %s, naming the secret', async (method, path, body) => {
    const refused = await kilde.api(method, path, body);
    expect(refused.status).toBe(422);
    expect(refused.body.errors).toEqual([
      { location: 'body.turnstile', message: expect.stringContaining('TURNSTILE_SECRET') },
    ]);
    expect((await kilde.api('GET', '/forms')).body.items).toMatchObject([{ id: 'open', turnstile: false }]);
  });

  it('quarantines what a form with it receives after the secret was removed, and says why', async () => {
    await kilde.sql('UPDATE form SET turnstile = 1');
    for (const token of [{}, { 'cf-turnstile-response': 'token' }]) {
      expect((await kilde.submit('open', { email: 'kari@firma.no', ...token })).status).toBe(201);
    }
    expect(await reasonsHeld()).toEqual([['captchaNotConfigured'], ['captchaNotConfigured']]);
    expect((await kilde.api('GET', '/people')).body.items).toEqual([]);
  });

  it('can be sent back as it was read, and be turned off', async () => {
    await kilde.sql('UPDATE form SET turnstile = 1');
    expect((await kilde.api('PATCH', '/forms/open', { name: 'New', turnstile: true })).status).toBe(200);
    expect((await kilde.api('PATCH', '/forms/open', { turnstile: false })).body.turnstile).toBe(false);
    expect((await kilde.api('PATCH', '/forms/open', { turnstile: true })).status).toBe(422);
  });
});
