import { beforeAll, describe, expect, it, vi } from 'vitest';
import { makeLink } from '../../src/services/users/one-time-links.ts';
import { adminUser, BrowserSession, signInAdministrator } from '../support/browser-session.ts';
import { createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

let kilde: TestApp;
let admin: BrowserSession;

beforeAll(async () => {
  kilde = await createTestApp();
  admin = await signInAdministrator(kilde);
});

const day = 24 * 60 * 60 * 1000;
const cookieName = '__Host-kilde_session';

describe('the first administrator', () => {
  it('is made by a link, and the link works once', async () => {
    const own = await createTestApp();
    const { token } = await makeLink(own.deps, { purpose: 'firstAdministrator', isShown: true });
    const browser = new BrowserSession(own);
    expect((await browser.ask('POST', '/auth/link', { token })).body).toMatchObject({
      purpose: 'firstAdministrator',
      email: null,
    });
    const nameless = await browser.ask('POST', '/auth/accept', { token, password: adminUser.password });
    expect([nameless.status, nameless.body.errors.map(({ location }: any) => location)]).toEqual([
      422,
      ['body.name', 'body.email'],
    ]);
    const accepted = await browser.ask('POST', '/auth/accept', { token, ...adminUser });
    expect(accepted).toMatchObject({
      status: 200,
      body: {
        user: { name: adminUser.name, email: adminUser.email },
        role: 'admin',
        scopes: ['read', 'write', 'admin'],
      },
    });
    expect(accepted.cookie).toMatch(
      /^__Host-kilde_session=[^;]+; Max-Age=2592000; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
    const again = await browser.ask('POST', '/auth/accept', { token, ...adminUser, email: 'other@firma.no' });
    expect([again.status, again.body.code]).toEqual([404, 'not_found']);
    expect(await own.sql('SELECT name, role FROM user')).toEqual([{ name: adminUser.name, role: 'admin' }]);
    // Records name the user by an owner of the same address.
    expect(await own.sql('SELECT o.name, o.email FROM owner o JOIN user u ON u.owner_id = o.id')).toEqual([
      { name: adminUser.name, email: adminUser.email },
    ]);
  });

  it('is made by one of two links that are used at once', async () => {
    const own = await createTestApp();
    const link = { purpose: 'firstAdministrator', isShown: true } as const;
    const { token } = await makeLink(own.deps, link);
    const used = await Promise.all(
      ['a@firma.no', 'b@firma.no'].map(async (email) =>
        new BrowserSession(own).ask('POST', '/auth/accept', { token, ...adminUser, email }),
      ),
    );
    expect(used.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(await own.sql('SELECT count(*) AS n FROM user')).toEqual([{ n: 1 }]);
    // A link from before is no use once there is a user.
    const late = await makeLink(own.deps, link);
    const third = await new BrowserSession(own).ask('POST', '/auth/accept', { token: late.token, ...adminUser });
    expect(third.status).toBe(409);
  });

  it('expires after a day', async () => {
    const own = await createTestApp();
    const { token } = await makeLink(own.deps, { purpose: 'firstAdministrator', isShown: true });
    own.advance(day);
    expect((await new BrowserSession(own).ask('POST', '/auth/accept', { token, ...adminUser })).status).toBe(404);
  });
});

describe('POST /auth/sign-in', () => {
  it('signs in whatever case the address is written in, and takes two round trips', async () => {
    const browser = new BrowserSession(kilde, { 'user-agent': 'Mozilla/5.0 (Windows NT 10.0) Firefox/140.0' });
    kilde.roundTrips();
    const { status, body } = await browser.signIn({ ...adminUser, email: 'Marit@FIRMA.no' });
    // The password, the session, and the answer by the session.
    expect(kilde.roundTrips()).toBe(3);
    expect([status, body.user.email]).toEqual([200, adminUser.email]);
    expect((await browser.ask('GET', '/auth/session')).body).toEqual(body);
  });

  it('answers the same to an unknown address, a wrong password and a user without one, after the same work', async () => {
    await kilde.sql(
      "INSERT INTO user (name, email, role, created_at) VALUES ('None', 'none@firma.no', 'viewer', 0), ('Gone', 'gone@firma.no', 'viewer', 0)",
    );
    await kilde.sql(
      `INSERT INTO user_password SELECT g.id, p.hash, 0 FROM user g, user_password p WHERE g.email = 'gone@firma.no'`,
    );
    await kilde.sql("UPDATE user SET disabled_at = 1 WHERE email = 'gone@firma.no'");
    const cases = [
      { email: adminUser.email, password: 'wrong password' },
      { email: 'nobody@firma.no', password: adminUser.password },
      { email: 'none@firma.no', password: adminUser.password },
      { email: 'gone@firma.no', password: adminUser.password },
    ];
    const answers: unknown[] = [];
    for (const given of cases) {
      kilde.wire();
      const { status, body, cookie } = await new BrowserSession(kilde).signIn(given);
      // The same request to the database, but for the address that it names.
      const asked = kilde.wire().map((text) => text.replaceAll(given.email, 'x'));
      answers.push({ status, code: body.code, detail: body.detail, cookie, asked });
    }
    expect(answers[0]).toMatchObject({ status: 401, cookie: null });
    expect(answers.every((answer) => JSON.stringify(answer) === JSON.stringify(answers[0]))).toBe(true);
  });

  it('adopts no cookie that came along, and ends the session that it was of', async () => {
    const browser = new BrowserSession(kilde);
    await browser.signIn();
    const before = browser.cookies.get(cookieName)!;
    await browser.signIn();
    expect(browser.cookies.get(cookieName)).not.toBe(before);
    const old = await kilde.request('/api/v1/people', { headers: { cookie: `${cookieName}=${before}` } });
    expect(old.status).toBe(401);
    const planted = new BrowserSession(kilde);
    planted.cookies.set(cookieName, 'planted.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA%3D');
    expect((await planted.ask('GET', '/v1/people')).status).toBe(401);
    await planted.signIn();
    expect(planted.cookies.get(cookieName)).not.toContain('planted');
  });

  it('is refused from a page of another origin, and over HTTP to another machine', async () => {
    const { email, password } = adminUser;
    for (const headers of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'same-site' }] as const) {
      const answer = await new BrowserSession(kilde).ask('POST', '/auth/sign-in', { email, password }, { headers });
      expect([answer.status, answer.cookie]).toEqual([403, null]);
    }
    const remote = new BrowserSession(kilde);
    const overHttp = { base: 'http://kilde.internal' };
    expect((await remote.ask('POST', '/auth/sign-in', { email, password }, overHttp)).status).toBe(403);
    const local = new BrowserSession(kilde);
    const answer = await local.ask('POST', '/auth/sign-in', { email, password }, { base: 'http://127.0.0.1:8787' });
    expect(answer.cookie).toMatch(/^kilde_session=[^;]+; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax$/);
    expect((await local.ask('GET', '/v1/people', undefined, { base: 'http://127.0.0.1:8787' })).status).toBe(200);
  });

  it('raises the work of an old hash', async () => {
    const { scryptSync } = await import('node:crypto');
    const salt = Buffer.from('0123456789abcdef');
    const key = scryptSync(adminUser.password, salt, 32, { N: 1024, r: 8, p: 1 });
    const old = `scrypt$1024$8$1$${salt.toString('base64url')}$${key.toString('base64url')}`;
    await kilde.sql('UPDATE user_password SET hash = ? WHERE user_id = 1', [old]);
    expect((await new BrowserSession(kilde).signIn()).status).toBe(200);
    const [stored] = await kilde.sql('SELECT hash FROM user_password WHERE user_id = 1');
    expect(stored!['hash']).toMatch(/^scrypt\$16384\$16\$1\$/);
    expect((await new BrowserSession(kilde).signIn()).status).toBe(200);
  });
});

describe('a session', () => {
  it('is checked by one request, and a key costs nothing more', async () => {
    await admin.ask('GET', '/v1/owners');
    kilde.roundTrips();
    await admin.ask('GET', '/v1/owners');
    expect(kilde.roundTrips()).toBe(2);
    await kilde.api('GET', '/owners');
    expect(kilde.roundTrips()).toBe(1);
    const scans = await kilde.scansDuring(async () => admin.ask('GET', '/auth/session'));
    expect(scans).toEqual([]);
  });

  it('answers that nobody is signed in without asking the database', async () => {
    kilde.roundTrips();
    const { status, body } = await new BrowserSession(kilde).ask('GET', '/auth/session');
    expect([status, body, kilde.roundTrips()]).toEqual([200, { user: null, role: null, scopes: [], session: null }, 0]);
    const unsigned = new BrowserSession(kilde);
    unsigned.cookies.set(cookieName, 'A.AAAA');
    expect([(await unsigned.ask('GET', '/v1/people')).status, kilde.roundTrips()]).toEqual([401, 0]);
  });

  it('may change something from its own origin alone', async () => {
    const change = { name: 'Somebody', email: null };
    const ask = async (headers: Record<string, string>) => {
      const cookie = `${cookieName}=${admin.cookies.get(cookieName)}`;
      const response = await kilde.request('/api/v1/owners', {
        method: 'POST',
        headers: { 'content-type': 'application/json', cookie, ...headers },
        body: JSON.stringify(change),
      });
      return response.status;
    };
    expect(await ask({})).toBe(403);
    expect(await ask({ origin: 'null' })).toBe(403);
    expect(await ask({ origin: 'http://edge.example.com' })).toBe(403);
    expect(await ask({ origin: 'https://www.example.com' })).toBe(403);
    expect(await ask({ origin: 'https://edge.example.com', 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(await ask({ 'sec-fetch-site': 'none' })).toBe(403);
    expect(await ask({ origin: 'https://edge.example.com' })).toBe(201);
    expect(await ask({ 'sec-fetch-site': 'same-origin' })).toBe(201);
  });

  it('does what its role may, and says which role is needed', async () => {
    await admin.ask('GET', '/auth/session');
    const roles = { viewer: [200, 403, 403], marketer: [200, 201, 403], admin: [200, 201, 200] } as const;
    for (const [role, expected] of Object.entries(roles)) {
      await kilde.sql('UPDATE user SET role = ? WHERE id = 1', [role]);
      const answers = [
        await admin.ask('GET', '/v1/people'),
        await admin.ask('POST', '/v1/owners', { name: 'X' }),
        await admin.ask('GET', '/v1/api-keys'),
      ];
      expect(answers.map(({ status }) => status)).toEqual(expected);
      if (role === 'viewer')
        expect(answers[1]!.body.detail).toBe('This needs the role marketer. You have the role viewer.');
    }
  });

  it('is named in the audit log, and in what it writes', async () => {
    await admin.ask('POST', '/v1/annotations', { day: '2026-09-01', text: 'Fair' });
    const { items } = (await kilde.api('GET', '/audit-log?limit=1')).body;
    expect(items).toMatchObject([{ operation: 'POST /annotations', key: null, by: { id: '1', name: adminUser.name } }]);
    const found = await kilde.api(
      'GET',
      `/audit-log?by=${encodeURIComponent(adminUser.name)}&operation=POST /annotations`,
    );
    expect(found.body.items).toHaveLength(1);
    const annotations = await kilde.api('GET', '/annotations?by=1');
    expect(annotations.body.items).toMatchObject([{ text: 'Fair', by: { id: '1', name: adminUser.name }, key: null }]);
  });

  it('owns what it makes: a private dashboard and selection are shown to their user', async () => {
    await kilde.sql("UPDATE user SET role = 'marketer' WHERE id = 1");
    await kilde.sql(
      "INSERT INTO user (name, email, role, created_at) VALUES ('Other', 'other@firma.no', 'marketer', 0)",
    );
    await kilde.sql(
      `INSERT INTO user_password SELECT g.id, p.hash, 0 FROM user g, user_password p WHERE g.email = 'other@firma.no' AND p.user_id = 1`,
    );
    const other = new BrowserSession(kilde);
    await other.signIn({ ...adminUser, email: 'other@firma.no' });
    const board = await admin.ask('POST', '/v1/dashboards', { name: 'Mine', visibility: 'private', tiles: [] });
    expect(board).toMatchObject({ status: 201, body: { owner: { name: adminUser.name } } });
    const selection = await admin.ask('POST', '/v1/selections', {
      name: 'Mine',
      entity: 'person',
      kind: 'static',
      visibility: 'private',
    });
    expect(selection.status).toBe(201);
    for (const path of [`/v1/dashboards/${board.body.id}`, `/v1/selections/${selection.body.id}`]) {
      expect([(await admin.ask('GET', path)).status, (await other.ask('GET', path)).status]).toEqual([200, 404]);
    }
    expect((await other.ask('GET', '/v1/selections')).body.items).toEqual([]);
    await kilde.sql("UPDATE user SET role = 'admin' WHERE id = 1");
  });

  it('is listed with its device, ended by its user, and not by another', async () => {
    const phone = new BrowserSession(kilde, {
      'user-agent': 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1',
    });
    await phone.signIn();
    const { items } = (await admin.ask('GET', '/auth/sessions')).body;
    expect(items[0]).toMatchObject({ device: 'Safari on iPhone', current: false });
    expect(items.filter(({ current }: any) => current)).toHaveLength(1);
    const other = new BrowserSession(kilde);
    await other.signIn({ ...adminUser, email: 'other@firma.no' });
    expect((await other.ask('DELETE', `/auth/sessions/${items[0].id}`)).status).toBe(404);
    expect((await phone.ask('GET', '/v1/people')).status).toBe(200);
    expect((await admin.ask('DELETE', `/auth/sessions/${items[0].id}`)).status).toBe(204);
    const out = await phone.ask('GET', '/v1/people');
    expect([out.status, out.body.detail]).toEqual([401, 'You are signed out. Sign in again.']);
    // A key is of no user.
    const response = await kilde.request('/api/auth/sessions', {
      headers: { authorization: `Bearer test-admin-key-of-more-than-32-characters` },
    });
    expect(response.status).toBe(403);
  });

  it('ends at once when its user is disabled, signs out, or after 30 days, and notes the hour it was seen', async () => {
    const browser = new BrowserSession(kilde);
    await browser.signIn({ ...adminUser, email: 'other@firma.no' });
    await kilde.sql("UPDATE user SET disabled_at = 1 WHERE email = 'other@firma.no'");
    expect((await browser.ask('GET', '/v1/people')).status).toBe(401);
    await kilde.sql("UPDATE user SET disabled_at = NULL WHERE email = 'other@firma.no'");
    expect((await browser.ask('GET', '/v1/people')).status).toBe(200);
    const stolen = browser.cookies.get(cookieName)!;
    expect((await browser.ask('POST', '/auth/sign-out')).status).toBe(204);
    expect([...browser.cookies.keys()]).toEqual(['__Host-kilde_device']);
    browser.cookies.set(cookieName, stolen);
    expect((await browser.ask('GET', '/v1/people')).status).toBe(401);

    const lasting = new BrowserSession(kilde);
    await lasting.signIn();
    kilde.advance(59 * 60 * 1000);
    kilde.roundTrips();
    await lasting.ask('GET', '/auth/session');
    expect(kilde.roundTrips()).toBe(1);
    kilde.advance(60 * 1000);
    await lasting.ask('GET', '/auth/session');
    await vi.waitFor(async () => {
      const { items } = (await lasting.ask('GET', '/auth/sessions')).body;
      expect(items[0].seenAt).toBe(new Date(kilde.deps.clock()).toISOString());
    });
    kilde.advance(30 * day - 60 * 60 * 1000 - 1);
    expect((await lasting.ask('GET', '/v1/people')).status).toBe(200);
    kilde.advance(1);
    expect((await lasting.ask('GET', '/v1/people')).status).toBe(401);
    await new BrowserSession(kilde).signIn();
    expect(await kilde.sql('SELECT count(*) AS n FROM session')).toEqual([{ n: 1 }]);
  });
});

describe('POST /auth/password', () => {
  it('changes the password, ends the other sessions, and needs the old one', async () => {
    const [here, there] = [new BrowserSession(kilde), new BrowserSession(kilde)];
    await here.signIn();
    await there.signIn();
    const next = 'en helt annen setning';
    const wrong = await here.ask('POST', '/auth/password', { currentPassword: 'wrong password', newPassword: next });
    expect([wrong.status, wrong.body.errors[0].location]).toEqual([422, 'body.currentPassword']);
    const short = await here.ask('POST', '/auth/password', {
      currentPassword: adminUser.password,
      newPassword: 'kort',
    });
    expect(short.body.errors[0]).toMatchObject({
      location: 'body.newPassword',
      message: 'must be at least 10 characters',
    });
    const before = here.cookies.get(cookieName);
    const right = await here.ask('POST', '/auth/password', {
      currentPassword: adminUser.password,
      newPassword: next,
    });
    expect(right.status).toBe(200);
    expect(here.cookies.get(cookieName)).not.toBe(before);
    expect([(await here.ask('GET', '/v1/people')).status, (await there.ask('GET', '/v1/people')).status]).toEqual([
      200, 401,
    ]);
    expect((await new BrowserSession(kilde).signIn()).status).toBe(401);
    expect((await new BrowserSession(kilde).signIn({ ...adminUser, password: next })).status).toBe(200);
  });
});
