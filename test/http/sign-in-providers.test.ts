import { beforeEach, describe, expect, it, vi } from 'vitest';
import { adminUser, BrowserSession, signInAdministrator } from '../support/browser-session.ts';
import { signToken, startIssuer } from '../support/openid-issuer.ts';
import { createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

let kilde: TestApp;
let admin: BrowserSession;
let provider: Awaited<ReturnType<typeof startIssuer>>;
let logged: ReturnType<typeof vi.spyOn>;
let providerId: string;

beforeEach(async () => {
  provider = await startIssuer();
  kilde = await createTestApp({ fetch: provider.fetch });
  provider.now = kilde.deps.clock;
  admin = await signInAdministrator(kilde);
  logged = vi.spyOn(console, 'error').mockImplementation(() => {});
  const { issuer, clientId, clientSecret } = provider;
  const { status, body } = await admin.ask('POST', '/v1/sign-in-providers', {
    name: 'Firma',
    issuer,
    clientId,
    clientSecret,
  });
  expect([status, body.errors]).toEqual([201, undefined]);
  providerId = body.id;
});

const inviteAs = async (email: string, role: string) => admin.ask('POST', '/v1/invitations', { email, role });
const start = async (browser: BrowserSession, to?: string) =>
  browser.ask('GET', `/auth/providers/${providerId}${to === undefined ? '' : `?to=${encodeURIComponent(to)}`}`);
const comeBack = async (browser: BrowserSession, address: string) =>
  browser.ask('GET', address.replace(/^https:\/\/[^/]+\/api/, ''));

/** Signs in by the provider. @returns where the browser is sent at the end. */
async function signIn({ browser = new BrowserSession(kilde), to }: { browser?: BrowserSession; to?: string } = {}) {
  const sent = await start(browser, to);
  const location = sent.headers.get('location')!;
  if (!location.startsWith(provider.issuer)) return { browser, location };
  const back = await comeBack(browser, provider.agree(location));
  expect(back.status).toBe(302);
  return { browser, location: back.headers.get('location')! };
}
const problemOf = (location: string) => new URL(location, 'https://x.invalid').searchParams.get('problem');
const userOf = async (browser: BrowserSession) => (await browser.ask('GET', '/auth/session')).body.user;
const countUsers = async () => (await kilde.sql('SELECT count(*) AS n FROM user'))[0]!['n'];

describe('sign-in by a provider', () => {
  it('sends a browser there with state, nonce and PKCE, and takes it back to where it was', async () => {
    await inviteAs('ola@firma.no', 'marketer');
    const browser = new BrowserSession(kilde);
    const sent = await start(browser, '/people?sort=name');
    const url = new URL(sent.headers.get('location')!);
    expect([sent.status, url.origin + url.pathname]).toEqual([302, 'https://id.example.com/authorize']);
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      tenant: '1',
      response_type: 'code',
      client_id: 'kilde',
      redirect_uri: 'https://edge.example.com/api/auth/callback',
      scope: 'openid email profile',
      code_challenge_method: 'S256',
    });
    const cookie = sent.headers.getSetCookie().find((one) => one.includes('kilde_sign_in='))!;
    expect(cookie).toMatch(/^__Host-kilde_sign_in=.*; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
    const back = await comeBack(browser, provider.agree(url.href));
    expect([back.status, back.headers.get('location')]).toEqual([302, '/app/people?sort=name']);
    expect([...browser.cookies.keys()].toSorted()).toEqual(['__Host-kilde_device', '__Host-kilde_session']);
    expect((await browser.ask('GET', '/auth/session')).body).toMatchObject({
      role: 'marketer',
      user: { name: 'Ola', email: 'ola@firma.no' },
    });
    expect(provider.proofs).toHaveLength(1);
    expect(provider.proofs[0]).toMatch(/^Basic /);
    // The invitation is used up, and the next time no invitation is needed.
    expect((await admin.ask('GET', '/v1/invitations')).body.items).toEqual([]);
    await browser.ask('POST', '/auth/sign-out');
    provider.claims = { email: 'renamed@firma.no', email_verified: false };
    expect((await signIn({ browser })).location).toBe('/app/overview');
    expect((await userOf(browser)).email).toBe('ola@firma.no');
  });

  it('takes every signature that providers use, and the address from userinfo where the token has none', async () => {
    for (const alg of ['PS256', 'ES256'] as const) {
      provider.makeToken = async (claims) => signToken(claims, { key: provider.keys[alg].privateKey, alg });
      provider.claims = { email: adminUser.email };
      expect((await signIn()).location).toBe('/app/overview');
    }
    await inviteAs('siri@firma.no', 'viewer');
    provider.claims = { sub: 'u2', email: undefined };
    provider.userinfo = { sub: 'u2', email: 'Siri@firma.no', email_verified: true };
    provider.metadata = { token_endpoint_auth_methods_supported: ['client_secret_post'] };
    const { browser } = await signIn();
    expect((await userOf(browser)).email).toBe('siri@firma.no');
    expect(provider.proofs.at(-1)).toMatch(/^post /);
    provider.claims = { sub: 'u3', email: undefined };
    expect(problemOf((await signIn()).location)).toBe('provider');
  });

  it('refuses a token that is not for this sign-in', async () => {
    const now = Math.floor(kilde.deps.clock() / 1000);
    await inviteAs('ola@firma.no', 'admin');
    const cases: Array<[log: string, claims: Record<string, unknown>]> = [
      ['issuer', { iss: 'https://evil.example.com' }],
      ['audience', { aud: 'other' }],
      ['authorised party', { aud: ['kilde', 'other'] }],
      ['authorised party', { azp: 'other' }],
      ['expiry', { exp: now - 61 }],
      ['expiry', { exp: undefined }],
      ['time of issue', { iat: now + 61 }],
      ['start', { nbf: now + 61 }],
      ['nonce', { nonce: 'other' }],
      ['nonce', { nonce: undefined }],
      ['subject', { sub: '' }],
    ];
    for (const [problem, claims] of cases) {
      provider.claims = claims;
      const { browser, location } = await signIn();
      expect([problem, problemOf(location), await userOf(browser)]).toEqual([problem, 'provider', null]);
      expect(logged.mock.lastCall).toEqual([`sign-in by "Firma" failed: ID token: wrong ${problem}`]);
    }
    // The clocks may differ by a minute.
    provider.claims = { exp: now - 59, iat: now + 59 };
    expect((await signIn()).location).toBe('/app/overview');
  });

  it('refuses a token that the provider did not sign', async () => {
    await inviteAs('ola@firma.no', 'admin');
    const none = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url');
    const forgeries: Array<(claims: Record<string, unknown>) => Promise<string> | string> = [
      async (claims) => signToken(claims, { key: provider.stranger.privateKey }),
      async (claims) =>
        (await signToken(claims, { key: provider.keys.RS256.privateKey })).replace(
          /\.[^.]*\./,
          `.${Buffer.from(JSON.stringify({ ...claims, email: adminUser.email })).toString('base64url')}.`,
        ),
      (claims) => `${none}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.`,
      // Signed by the secret that the client has too, or by what is a public key.
      async (claims) => await signToken(claims, { key: provider.keys.RS256.privateKey, header: { alg: 'HS256' } }),
      async (claims) => signToken(claims, { key: provider.keys.RS256.privateKey, header: { crit: ['exp'] } }),
      async (claims) => signToken(claims, { key: provider.keys.RS256.privateKey, header: { kid: 'ES256' } }),
      () => 'a.b',
      () => '',
    ];
    for (const makeToken of forgeries) {
      provider.makeToken = makeToken;
      const { browser, location } = await signIn();
      expect([problemOf(location), await userOf(browser)]).toEqual(['provider', null]);
    }
    expect(await countUsers()).toBe(1);
  });

  it('goes on only in the browser that began it, once, within ten minutes', async () => {
    await inviteAs('ola@firma.no', 'viewer');
    const browser = new BrowserSession(kilde);
    const begin = async () => provider.agree((await start(browser)).headers.get('location')!);
    const first = await begin();
    // Another browser, which an attacker has follow the address: it is signed in as nobody.
    const victim = new BrowserSession(kilde);
    expect(problemOf((await comeBack(victim, first)).headers.get('location')!)).toBe('stale');
    await start(victim);
    expect(problemOf((await comeBack(victim, first)).headers.get('location')!)).toBe('stale');
    expect(await userOf(victim)).toBeNull();
    const wrongState = first.replace(/state=[^&]+/, 'state=x');
    expect(problemOf((await comeBack(browser, wrongState)).headers.get('location')!)).toBe('stale');
    const second = await begin();
    kilde.advance(10 * 60 * 1000);
    expect(problemOf((await comeBack(browser, second)).headers.get('location')!)).toBe('stale');
    const third = await begin();
    expect((await comeBack(browser, third)).headers.get('location')).toBe('/app/overview');
    expect(problemOf((await comeBack(browser, third)).headers.get('location')!)).toBe('stale');
    // The user did not agree; and an answer of another issuer (RFC 9207).
    const fourth = new URL(await begin());
    expect(
      problemOf(
        (await comeBack(browser, fourth.href.replace(/code=[^&]+/, 'error=access_denied'))).headers.get('location')!,
      ),
    ).toBe('refused');
    expect(
      problemOf((await comeBack(browser, `${await begin()}&iss=https://evil.example.com`)).headers.get('location')!),
    ).toBe('provider');
    provider.metadata = { authorization_response_iss_parameter_supported: true };
    expect(problemOf((await comeBack(browser, await begin())).headers.get('location')!)).toBe('provider');
    expect((await comeBack(browser, `${await begin()}&iss=${provider.issuer}`)).headers.get('location')).toBe(
      '/app/overview',
    );
  });

  it('leads to no other site afterwards', async () => {
    provider.claims = { email: adminUser.email };
    for (const to of ['//evil.example', '/\\evil.example', '/@evil.example', '/../..//evil.example', '/people']) {
      const { location } = await signIn({ to });
      expect(new URL(location, 'https://edge.example.com').origin).toBe('https://edge.example.com');
    }
    for (const to of ['https://evil.example', 'evil', '', '/a\r\nSet-Cookie: x=1']) {
      expect([to, (await start(new BrowserSession(kilde), to)).status]).toEqual([to, 422]);
    }
  });

  it('adopts no session that came along', async () => {
    provider.claims = { email: adminUser.email };
    const { browser } = await signIn();
    const before = browser.cookies.get('__Host-kilde_session');
    await signIn({ browser });
    expect(browser.cookies.get('__Host-kilde_session')).not.toBe(before);
    const old = await kilde.request('/api/v1/people', { headers: { cookie: `__Host-kilde_session=${before}` } });
    expect(old.status).toBe(401);
  });
});

describe('whom a provider may sign in', () => {
  it('is nobody who is neither a user, invited nor of an allowed domain', async () => {
    expect(problemOf((await signIn()).location)).toBe('unknown');
    const expired = await inviteAs('ola@firma.no', 'viewer');
    kilde.advance(7 * 24 * 60 * 60 * 1000);
    expect([expired.status, problemOf((await signIn()).location)]).toEqual([201, 'unknown']);
    await admin.ask('PATCH', `/v1/sign-in-providers/${providerId}`, {
      allowedDomains: ['firma.no'],
      defaultRole: 'marketer',
    });
    for (const email of ['x@sub.firma.no', 'x@notfirma.no', 'x@firma.no.evil.com', 'x', '']) {
      provider.claims = { email };
      expect([email, /unknown|unverified/.test(problemOf((await signIn()).location)!)]).toEqual([email, true]);
    }
    expect(await countUsers()).toBe(1);
    provider.claims = { name: 'Ola\r\nBcc: x' };
    const { browser, location } = await signIn();
    expect(location).toBe('/app/overview');
    expect((await browser.ask('GET', '/auth/session')).body).toMatchObject({
      role: 'marketer',
      user: { name: 'Ola Bcc: x', owner: { name: 'Ola Bcc: x' } },
    });
  });

  it('is nobody by an address that the provider does not vouch for', async () => {
    await admin.ask('PATCH', `/v1/sign-in-providers/${providerId}`, { allowedDomains: ['firma.no'] });
    await inviteAs('ola@firma.no', 'admin');
    for (const verified of [false, undefined, 'false', null, 'yes', 1]) {
      for (const email of [adminUser.email, 'ola@firma.no', 'per@firma.no']) {
        provider.claims = { email, email_verified: verified };
        expect([verified, problemOf((await signIn()).location)]).toEqual([verified, 'unverified']);
      }
    }
    expect(await kilde.sql('SELECT * FROM user_identity')).toEqual([]);
    // As Microsoft Entra says it.
    provider.claims = { email_verified: undefined, xms_edov: true };
    expect((await signIn()).location).toBe('/app/overview');
  });

  it('is no second person by the address of a user who has signed in by it', async () => {
    provider.claims = { email: adminUser.email };
    await signIn();
    provider.claims = { sub: 'u2', email: adminUser.email };
    expect(problemOf((await signIn()).location)).toBe('otherIdentity');
    expect(await kilde.sql('SELECT subject FROM user_identity')).toEqual([{ subject: 'u1' }]);
  });

  it('is nobody who is disabled or was deleted', async () => {
    await inviteAs('ola@firma.no', 'viewer');
    const { browser } = await signIn();
    const { id } = await userOf(browser);
    await admin.ask('PATCH', `/v1/users/${id}`, { disabled: true });
    expect(problemOf((await signIn()).location)).toBe('disabled');
    // By another identity too.
    provider.claims = { sub: 'u2' };
    expect(problemOf((await signIn()).location)).toBe('otherIdentity');
    await admin.ask('DELETE', `/v1/users/${id}`);
    provider.claims = {};
    expect(problemOf((await signIn()).location)).toBe('unknown');
    expect(await kilde.sql('SELECT * FROM user_identity')).toEqual([]);
  });

  it('is one user where two sign-ins of a new user come at once', async () => {
    await inviteAs('ola@firma.no', 'viewer');
    const both = await Promise.all([signIn(), signIn()]);
    expect(both.map(({ location }) => location)).toEqual(['/app/overview', '/app/overview']);
    expect(await countUsers()).toBe(2);
  });

  it('has no password, and can set one by a link', async () => {
    await inviteAs('ola@firma.no', 'viewer');
    const { browser } = await signIn();
    const change = await browser.ask('POST', '/auth/password', {
      currentPassword: 'x',
      newPassword: 'en ganske ny setning',
    });
    expect(change.status).toBe(409);
    expect((await new BrowserSession(kilde).signIn({ email: 'ola@firma.no', password: '' })).status).toBe(422);
    expect((await new BrowserSession(kilde).signIn({ email: 'ola@firma.no', password: 'x' })).status).toBe(401);
  });
});

describe('a provider', () => {
  it('that is away, slow or another than it says is a problem that the log has', async () => {
    const faults: Array<[log: string, () => Response | Promise<Response>]> = [
      ['id.example.com answers 503', () => Response.json({}, { status: 503 })],
      ['id.example.com does not answer', () => Promise.reject(new TypeError('down'))],
      ['id.example.com does not answer', () => new Response('<html>')],
      [
        'id.example.com answers 302',
        () => new Response('{}', { status: 302, headers: { location: 'http://127.0.0.1/' } }),
      ],
      ['it names itself by another issuer', () => Response.json({ issuer: 'https://evil.example.com' })],
      [
        'no authorization_endpoint',
        () => Response.json({ issuer: provider.issuer, authorization_endpoint: 'http://127.0.0.1/' }),
      ],
    ];
    for (const [log, fault] of faults) {
      provider.fault = fault;
      const { location } = await signIn({ to: '/people' });
      expect(location).toBe('/app/sign-in?problem=provider&to=%2Fpeople');
      expect(logged.mock.lastCall).toEqual([`sign-in by "Firma" failed: ${log}`]);
    }
    kilde.deps.abortAfter = () => AbortSignal.abort(new DOMException('late', 'TimeoutError'));
    provider.fault = async () => new Promise(() => {});
    expect(problemOf((await signIn()).location)).toBe('provider');
  });

  it('is named to anybody, and its secret to nobody', async () => {
    const { body, headers } = await new BrowserSession(kilde).ask('GET', '/auth/providers');
    expect([body, headers.get('cache-control')]).toEqual([{ items: [{ id: providerId, name: 'Firma' }] }, 'no-store']);
    const shown = [
      await admin.ask('GET', '/v1/sign-in-providers'),
      await admin.ask('GET', `/v1/sign-in-providers/${providerId}`),
      await admin.ask('PATCH', `/v1/sign-in-providers/${providerId}`, { name: 'Vår' }),
      await admin.ask('GET', '/v1/sign-in-providers?format=csv'),
      await admin.ask('GET', '/v1/sign-in-providers?clientSecret=x'),
    ];
    for (const answer of shown) expect(JSON.stringify(answer.body)).not.toContain('grønn');
    expect(shown[1]!.body).toMatchObject({ hasClientSecret: true, allowedDomains: [], defaultRole: 'viewer' });
    expect(shown[4]!.status).toBe(422);
    // The secret of one issuer is not sent to another.
    const moved = await admin.ask('PATCH', `/v1/sign-in-providers/${providerId}`, {
      issuer: 'https://evil.example.com',
    });
    expect([moved.status, moved.body.errors[0].location]).toEqual([422, 'body.clientSecret']);
    const anew = await admin.ask('PATCH', `/v1/sign-in-providers/${providerId}`, {
      issuer: 'https://evil.example.com',
      clientSecret: null,
    });
    expect(anew.body.hasClientSecret).toBe(false);
    for (const role of ['viewer', 'marketer']) {
      await kilde.sql('UPDATE user SET role = ?', [role]);
      expect((await admin.ask('GET', '/v1/sign-in-providers')).status).toBe(403);
    }
  });

  it('is refused where it cannot be trusted, and is one of its name', async () => {
    const make = async (more: object) =>
      admin.ask('POST', '/v1/sign-in-providers', {
        name: 'Other',
        issuer: 'https://a.example.com',
        clientId: 'x',
        ...more,
      });
    const cases: Array<[location: string, more: object]> = [
      ['body.issuer', { issuer: 'http://a.example.com' }],
      ['body.issuer', { issuer: 'https://127.0.0.1' }],
      ['body.issuer', { issuer: 'https://u:p@a.example.com' }],
      ['body.issuer', { issuer: 'https://a.example.com/?x' }],
      ['body.issuer', { issuer: 'a' }],
      ['body.allowedDomains[1]', { allowedDomains: ['firma.no', 'gmail.com'] }],
      ['body.defaultRole', { defaultRole: 'owner' }],
    ];
    for (const [location, more] of cases) {
      const { status, body } = await make(more);
      expect([more, status, body.errors[0].location]).toEqual([more, 422, location]);
    }
    expect((await make({ name: 'Firma' })).status).toBe(409);
    const { body } = await make({});
    expect((await admin.ask('PATCH', `/v1/sign-in-providers/${body.id}`, { name: 'Firma' })).status).toBe(409);
    expect((await admin.ask('DELETE', `/v1/sign-in-providers/${body.id}`)).status).toBe(204);
    expect((await admin.ask('GET', `/v1/sign-in-providers/${body.id}`)).status).toBe(404);
    expect((await new BrowserSession(kilde).ask('GET', `/auth/providers/${body.id}`)).status).toBe(404);
  });
});
