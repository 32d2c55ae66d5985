import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runJobs } from '../../src/jobs/run-jobs.ts';
import { makeLink } from '../../src/services/users/one-time-links.ts';
import { mailRecovery } from '../../src/services/users/recover-password.ts';
import { adminUser, BrowserSession, signInAdministrator } from '../support/browser-session.ts';
import { createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

const password = 'en ganske ny setning';
const day = 24 * 60 * 60 * 1000;

let kilde: TestApp;
let admin: BrowserSession;

const tokenOf = (url: string): string => new URL(url).searchParams.get('token')!;
const inviteAs = async (email: string, role: string) =>
  (await admin.ask('POST', '/v1/invitations', { email, role })).body;
const accept = async (url: string, browser = new BrowserSession(kilde)) => {
  const answer = await browser.ask('POST', '/auth/accept', { token: tokenOf(url), name: 'Ola', password });
  return { browser, ...answer };
};
/** A user of a role, signed in. */
async function join(email: string, role: string) {
  const { browser, body } = await accept((await inviteAs(email, role)).url);
  return { browser, id: body.user.id as string, ownerId: body.user.owner.id as string };
}

/** Answers as the platform's limits do: so many of each key. */
function countingLimit(limit: number) {
  const counts = new Map<string, number>();
  return {
    counts,
    limit: async ({ key }: { key: string }) => {
      counts.set(key, (counts.get(key) ?? 0) + 1);
      return { success: counts.get(key)! <= limit };
    },
  };
}

beforeAll(async () => {
  kilde = await createTestApp();
  admin = await signInAdministrator(kilde);
});

describe('an invitation', () => {
  it('is a link that makes a user of its role, once', async () => {
    const invited = await admin.ask('POST', '/v1/invitations', {
      email: 'Ola@Firma.no',
      role: 'viewer',
      language: 'no',
    });
    expect(invited.status).toBe(201);
    expect(invited.headers.get('location')).toBe(`/api/v1/invitations/${invited.body.id}`);
    expect(invited.body).toMatchObject({ email: 'ola@firma.no', role: 'viewer', language: 'no', mailed: false });
    expect(invited.body.url).toMatch(/^https:\/\/edge\.example\.com\/app\/accept\?token=[\w-]{20,}$/);
    const { url, ...shown } = invited.body;
    expect((await admin.ask('GET', `/v1/invitations/${invited.body.id}`)).body).toEqual(shown);
    expect(JSON.stringify(await kilde.sql('SELECT * FROM one_time_link'))).not.toContain(tokenOf(url));

    const accepted = await accept(url);
    expect(accepted.body).toMatchObject({
      role: 'viewer',
      scopes: ['read'],
      user: { email: 'ola@firma.no', language: 'no' },
    });
    expect((await accept(url)).status).toBe(404);
    expect((await admin.ask('GET', '/v1/invitations')).body.items).toEqual([]);
    expect((await admin.ask('GET', `/v1/invitations/${invited.body.id}`)).status).toBe(404);
    const again = await admin.ask('POST', '/v1/invitations', { email: 'ola@firma.no', role: 'admin' });
    expect([again.status, again.body.detail]).toEqual([409, 'ola@firma.no is a user already.']);
  });

  it('is of no use once it expired, was revoked or was replaced', async () => {
    const replaced = await inviteAs('per@firma.no', 'admin');
    const { id, url, expiresAt } = await inviteAs('per@firma.no', 'viewer');
    expect((await accept(replaced.url)).status).toBe(404);
    expect((await admin.ask('GET', '/v1/invitations?email=per@firma.no')).body.items).toMatchObject([
      { id, role: 'viewer' },
    ]);
    expect((await admin.ask('DELETE', `/v1/invitations/${id}`)).status).toBe(204);
    expect((await admin.ask('DELETE', `/v1/invitations/${id}`)).status).toBe(404);
    expect((await accept(url)).status).toBe(404);
    expect(Date.parse(expiresAt) - kilde.deps.clock()).toBe(7 * day);

    const own = await createTestApp();
    const { body } = await own.api('POST', '/invitations', { email: 'per@firma.no', role: 'viewer' });
    own.advance(7 * day);
    expect((await accept(body.url, new BrowserSession(own))).status).toBe(404);
    expect((await own.api('GET', '/invitations')).body.items).toHaveLength(1);
    expect(await own.sql('SELECT id FROM user')).toEqual([]);
  });

  it('does not let its reader choose the address or the role', async () => {
    const { url } = await inviteAs('siri@firma.no', 'viewer');
    const ask = async (more: object) =>
      new BrowserSession(kilde).ask('POST', '/auth/accept', { token: tokenOf(url), name: 'Siri', password, ...more });
    expect((await ask({ email: 'other@firma.no' })).body.errors[0].location).toBe('body.email');
    expect((await ask({ role: 'admin' })).status).toBe(422);
    const user = await ask({ email: 'siri@firma.no' });
    expect(user.body).toMatchObject({ role: 'viewer', user: { email: 'siri@firma.no' } });
  });

  it('cannot revoke a recovery, and is refused by mail where none can be sent', async () => {
    const { id } = await makeLink(kilde.deps, { purpose: 'recovery', userId: 1, isShown: true });
    expect((await admin.ask('DELETE', `/v1/invitations/${id}`)).status).toBe(404);
    expect((await admin.ask('GET', `/v1/invitations/${id}`)).status).toBe(404);
    const mailed = await admin.ask('POST', '/v1/invitations', { email: 'x@firma.no', role: 'viewer', mail: true });
    expect([mailed.status, mailed.body.errors[0].location]).toEqual([422, 'body.mail']);
  });
});

describe('mail', () => {
  let mails: Array<{ to: string[]; subject: string; text: string }>;

  beforeEach(async () => {
    mails = [];
    const MAILER = {
      fetch: async (input: RequestInfo | URL, init?: RequestInit) => {
        mails.push(await new Request(input, init).json());
        return Response.json({ ok: true });
      },
    };
    kilde = await createTestApp({
      env: { MAILER, KILDE_MAIL_FROM: 'kilde@example.com', KILDE_PUBLIC_URL: 'https://kilde.example.com' },
    });
    admin = await signInAdministrator(kilde);
  });

  const send = async () => runJobs({ deps: kilde.deps, now: kilde.deps.clock() });
  const mailedUrl = (index: number) =>
    /https:\/\/kilde\.example\.com\/app\/accept\?token=[\w-]+/.exec(mails[index]!.text)![0];

  it('has the invitation, with a token of its own, and one use ends both', async () => {
    const { url, mailed } = await inviteAs('ola@firma.no', 'marketer');
    await send();
    expect([mailed, mails.map(({ to }) => to)]).toEqual([true, [['ola@firma.no']]]);
    expect(mailedUrl(0)).not.toBe(url);
    expect((await accept(mailedUrl(0))).body.role).toBe('marketer');
    expect((await accept(url)).status).toBe(404);
    await admin.ask('POST', '/v1/invitations', { email: 'per@firma.no', role: 'viewer', mail: false });
    await send();
    expect(mails).toHaveLength(1);
    expect((await kilde.api('GET', '/deliveries')).body.items).toMatchObject([
      { status: 'delivered', target: { kind: 'signInLink' } },
    ]);
  });

  it('is not sent for an invitation that was revoked meanwhile', async () => {
    const { id } = await inviteAs('ola@firma.no', 'viewer');
    await admin.ask('DELETE', `/v1/invitations/${id}`);
    await send();
    expect(mails).toEqual([]);
  });

  it('lets a user choose a new password, and says nothing of who is one', async () => {
    const there = new BrowserSession(kilde);
    await there.signIn();
    const browser = new BrowserSession(kilde);
    const recover = async (email: string) => (await browser.ask('POST', '/auth/recovery', { email })).status;
    expect([await recover('nobody@firma.no'), await recover(adminUser.email)]).toEqual([204, 204]);
    await expect.poll(async () => (await kilde.sql('SELECT id FROM delivery')).length).toBe(1);
    // Asking again within two minutes mails nothing more.
    const again = async () => {
      await mailRecovery(kilde.deps, { email: adminUser.email, baseUrl: 'https://kilde.example.com' });
      return (await kilde.sql('SELECT id FROM delivery')).length;
    };
    expect(await again()).toBe(1);
    await send();
    await send();
    expect(mails.map(({ to }) => to)).toEqual([[adminUser.email]]);
    kilde.advance(2 * 60 * 1000);
    expect(await again()).toBe(2);
    await send();
    // The link of before is of no use then.
    expect((await browser.ask('POST', '/auth/link', { token: tokenOf(mailedUrl(0)) })).status).toBe(404);
    const token = tokenOf(mailedUrl(1));
    expect((await browser.ask('POST', '/auth/link', { token })).body).toMatchObject({
      purpose: 'recovery',
      email: adminUser.email,
    });
    const used = await browser.ask('POST', '/auth/accept', { token, password });
    expect([used.status, used.body.role]).toEqual([200, 'admin']);
    // Everybody else who was signed in as this user is out, and the old password is none.
    expect([(await there.ask('GET', '/v1/people')).status, (await there.signIn()).status]).toEqual([401, 401]);
    expect((await browser.ask('POST', '/auth/accept', { token, password })).status).toBe(404);
  });
});

describe('attempts', () => {
  it('are limited by address and account, and strangers do not lock out a browser that signed in before', async () => {
    const limit = countingLimit(3);
    kilde = await createTestApp({ env: { FAILED_KEY_LIMIT: limit } });
    const home = new BrowserSession(kilde, { 'cf-connecting-ip': '192.0.2.1' });
    const { token } = await makeLink(kilde.deps, { purpose: 'firstAdministrator', isShown: true });
    await home.ask('POST', '/auth/accept', { token, ...adminUser });
    await home.ask('POST', '/auth/sign-out');
    const strangers = [1, 2, 3, 4].map(
      (last) => new BrowserSession(kilde, { 'cf-connecting-ip': `198.51.100.${last}` }),
    );
    const tried: number[] = [];
    for (const stranger of strangers)
      tried.push((await stranger.signIn({ ...adminUser, password: 'wrong password' })).status);
    expect(tried).toEqual([401, 401, 401, 429]);
    // From now on no browser that is new to the account gets in, also with the right password.
    const elsewhere = new BrowserSession(kilde, { 'cf-connecting-ip': '192.0.2.9' });
    const refused = await elsewhere.signIn();
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '60']);
    expect((await home.signIn()).status).toBe(200);
    // Such a browser has no more tries than others.
    await home.ask('POST', '/auth/sign-out');
    const own: number[] = [];
    for (let attempt = 0; attempt < 3; attempt += 1)
      own.push((await home.signIn({ ...adminUser, password: 'wrong password' })).status);
    expect(own).toEqual([401, 401, 429]);
    // It is of that account alone: for another it counts as any browser.
    const other = { email: 'other@firma.no', password: 'wrong password' };
    for (const stranger of strangers.slice(0, 3)) await stranger.signIn(other);
    expect((await home.signIn(other)).status).toBe(429);
    expect([...limit.counts.keys()].some((key) => key.includes('@'))).toBe(false);
  });

  it('by one address are limited whatever accounts they name, also of links', async () => {
    kilde = await createTestApp({ env: { FAILED_KEY_LIMIT: countingLimit(2) } });
    const browser = new BrowserSession(kilde, { 'cf-connecting-ip': '192.0.2.1' });
    await browser.signIn({ email: 'a@firma.no', password });
    await browser.signIn({ email: 'b@firma.no', password });
    expect((await browser.signIn({ email: 'c@firma.no', password })).status).toBe(429);
    expect((await browser.ask('POST', '/auth/link', { token: 'guess' })).status).toBe(429);
    expect((await browser.ask('POST', '/auth/recovery', { email: 'a@firma.no' })).status).toBe(429);
  });
});

describe('a user', () => {
  beforeEach(async () => {
    kilde = await createTestApp();
    admin = await signInAdministrator(kilde);
  });

  it('is listed, shown, and changed under If-Match', async () => {
    const { id, ownerId } = await join('ola@firma.no', 'viewer');
    const { items } = (await admin.ask('GET', '/v1/users?sort=name&role[noneOf]=marketer')).body;
    expect(items).toMatchObject([
      { email: adminUser.email, role: 'admin', disabledAt: null },
      { id, name: 'Ola', role: 'viewer', owner: { id: ownerId, name: 'Ola' }, seenAt: '2026-09-01T10:00:00.000Z' },
    ]);
    const read = await admin.ask('GET', `/v1/users/${id}`);
    const tag = read.headers.get('etag')!;
    const patch = async (body: object, headers = {}) => admin.ask('PATCH', `/v1/users/${id}`, body, { headers });
    const changed = await patch({ ...read.body, name: 'Ola Nordmann', role: 'marketer' }, { 'if-match': tag });
    expect([changed.status, changed.body.role, changed.body.owner.name]).toEqual([200, 'marketer', 'Ola Nordmann']);
    expect((await patch({ role: 'admin' }, { 'if-match': tag })).status).toBe(412);
    expect((await patch({ email: 'x@firma.no' })).body.errors[0].location).toBe('body.email');
    expect((await patch({ role: 'owner' })).body.errors[0].location).toBe('body.role');
    const put = await admin.ask('PUT', `/v1/users/${id}`, {});
    expect([put.status, put.headers.get('allow')]).toEqual([405, 'GET, PATCH, DELETE, HEAD, OPTIONS']);
    const log = (await admin.ask('GET', '/v1/audit-log?operation=PATCH /users/:id')).body.items;
    expect(log[0]).toMatchObject({ by: { name: adminUser.name }, target: { id }, status: 200 });
  });

  it('has a new role at once', async () => {
    const { browser, id } = await join('ola@firma.no', 'viewer');
    const addOwner = async () => (await browser.ask('POST', '/v1/owners', { name: 'X' })).status;
    expect(await addOwner()).toBe(403);
    await admin.ask('PATCH', `/v1/users/${id}`, { role: 'marketer' });
    expect(await addOwner()).toBe(201);
  });

  it('without the role admin may not see users, invitations or secrets', async () => {
    for (const role of ['viewer', 'marketer']) {
      const { browser, id } = await join(`${role}@firma.no`, role);
      for (const [method, path, body] of [
        ['GET', '/v1/users'],
        ['GET', `/v1/users/${id}`],
        ['PATCH', `/v1/users/${id}`, { role: 'admin' }],
        ['DELETE', '/v1/users/1'],
        ['DELETE', '/v1/users/1/sessions'],
        ['POST', '/v1/users/1/recovery'],
        ['GET', '/v1/invitations'],
        ['POST', '/v1/invitations', { email: 'x@firma.no', role: 'admin' }],
        ['GET', '/v1/api-keys'],
        ['GET', '/v1/audit-log'],
      ] as const) {
        const answer = await browser.ask(method, path, body);
        expect([method, path, answer.status]).toEqual([method, path, 403]);
      }
      // Who owns records is no secret; who may sign in is.
      expect((await browser.ask('GET', '/v1/owners')).status).toBe(200);
    }
  });

  it('who is disabled is out, and back once enabled, by signing in', async () => {
    const { browser, id, ownerId } = await join('ola@firma.no', 'marketer');
    const { body: person } = await browser.ask('POST', '/v1/people', { email: 'kari@kunde.no', ownerId });
    const disabled = await admin.ask('PATCH', `/v1/users/${id}`, { disabled: true });
    expect(disabled.body).toMatchObject({ disabledAt: '2026-09-01T10:00:00.000Z', seenAt: null });
    expect((await browser.ask('GET', '/v1/people')).status).toBe(401);
    expect((await browser.signIn({ email: 'ola@firma.no', password })).status).toBe(401);
    expect((await admin.ask('POST', `/v1/users/${id}/recovery`)).status).toBe(409);
    expect((await admin.ask('GET', `/v1/owners/${ownerId}`)).body.active).toBe(false);
    expect((await admin.ask('GET', `/v1/people/${person.id}`)).body.owner.name).toBe('Ola');
    const enabled = await admin.ask('PATCH', `/v1/users/${id}`, { disabled: false });
    expect(enabled.body.disabledAt).toBeNull();
    // The session of before does not come back.
    expect((await browser.ask('GET', '/v1/people')).status).toBe(401);
    expect((await browser.signIn({ email: 'ola@firma.no', password })).status).toBe(200);
    expect((await admin.ask('GET', `/v1/owners/${ownerId}`)).body.active).toBe(true);
  });

  it('who is deleted leaves their work, and has it again when invited anew', async () => {
    const { browser, id, ownerId } = await join('ola@firma.no', 'marketer');
    const { body: person } = await browser.ask('POST', '/v1/people', { email: 'kari@kunde.no', ownerId });
    const board = await browser.ask('POST', '/v1/dashboards', { name: 'Mine', visibility: 'private', tiles: [] });
    await browser.ask('POST', '/v1/annotations', { day: '2026-09-01', text: 'Fair' });
    expect((await admin.ask('DELETE', `/v1/users/${id}`)).status).toBe(204);
    expect((await admin.ask('DELETE', `/v1/users/${id}`)).status).toBe(404);
    expect((await browser.ask('GET', '/v1/people')).status).toBe(401);
    expect(await kilde.sql('SELECT count(*) AS n FROM session WHERE user_id = ?', [Number(id)])).toEqual([{ n: 0 }]);
    expect((await admin.ask('GET', `/v1/people/${person.id}`)).body.owner).toEqual({ id: ownerId, name: 'Ola' });
    expect((await kilde.api('GET', `/dashboards/${board.body.id}`)).body.owner.id).toBe(ownerId);
    expect((await admin.ask('GET', '/v1/annotations')).body.items[0].by).toEqual({ id, name: 'Ola' });
    expect((await admin.ask('GET', `/v1/owners/${ownerId}`)).body.active).toBe(false);
    const back = await join('ola@firma.no', 'viewer');
    expect(back.ownerId).toBe(ownerId);
    expect((await admin.ask('GET', `/v1/owners/${ownerId}`)).body.active).toBe(true);
    expect((await back.browser.ask('GET', `/v1/dashboards/${board.body.id}`)).status).toBe(200);
  });

  it('who is the last administrator stays one', async () => {
    const { id } = (await admin.ask('GET', '/auth/session')).body.user;
    const attempts = async () => [
      (await admin.ask('PATCH', `/v1/users/${id}`, { role: 'marketer' })).status,
      (await admin.ask('PATCH', `/v1/users/${id}`, { disabled: true })).status,
      (await admin.ask('DELETE', `/v1/users/${id}`)).status,
    ];
    const other = await join('ola@firma.no', 'admin');
    await admin.ask('PATCH', `/v1/users/${other.id}`, { disabled: true });
    expect(await attempts()).toEqual([409, 409, 409]);
    expect((await admin.ask('PATCH', `/v1/users/${id}`, { role: 'admin', name: 'M', disabled: false })).status).toBe(
      200,
    );
    expect((await admin.ask('GET', '/auth/session')).body).toMatchObject({
      role: 'admin',
      user: { owner: { name: 'M' } },
    });
    await admin.ask('PATCH', `/v1/users/${other.id}`, { disabled: false });
    // Two who remove each other at once: one stays.
    const answers = await Promise.all([id, other.id].map(async (one) => kilde.api('DELETE', `/users/${one}`)));
    expect(answers.map(({ status }) => String(status)).toSorted()).toEqual(['204', '409']);
  });

  it('is signed out everywhere by an administrator, and elsewhere by themselves', async () => {
    const { browser, id } = await join('ola@firma.no', 'viewer');
    const phone = new BrowserSession(kilde);
    const signIn = async () => phone.signIn({ email: 'ola@firma.no', password });
    const seen = async () => [
      (await browser.ask('GET', '/v1/people')).status,
      (await phone.ask('GET', '/v1/people')).status,
    ];
    await signIn();
    expect((await browser.ask('DELETE', '/auth/sessions')).status).toBe(204);
    expect(await seen()).toEqual([200, 401]);
    await signIn();
    expect((await admin.ask('DELETE', `/v1/users/${id}/sessions`)).status).toBe(204);
    expect(await seen()).toEqual([401, 401]);
    expect((await admin.ask('DELETE', '/v1/users/99/sessions')).status).toBe(404);
    expect((await admin.ask('GET', '/v1/people')).status).toBe(200);
  });

  it('gets a link for a new password from an administrator, where no mail is sent', async () => {
    const { browser, id } = await join('ola@firma.no', 'viewer');
    const { status, body } = await admin.ask('POST', `/v1/users/${id}/recovery`);
    expect([status, Date.parse(body.expiresAt) - kilde.deps.clock()]).toEqual([200, 60 * 60 * 1000]);
    const token = tokenOf(body.url);
    const used = await new BrowserSession(kilde).ask('POST', '/auth/accept', { token, password: 'noe helt annet nå' });
    expect([used.status, used.body.user.id]).toEqual([200, id]);
    expect((await browser.ask('GET', '/v1/people')).status).toBe(401);
    expect((await admin.ask('POST', '/v1/users/99/recovery')).status).toBe(404);
  });

  it('is listed by one request that reads no whole table but that of users', async () => {
    await join('ola@firma.no', 'viewer');
    kilde.roundTrips();
    const scans = await kilde.scansDuring(async () => kilde.api('GET', '/users?count=true'));
    expect(kilde.roundTrips()).toBe(1);
    expect(scans.filter((line) => !/^SCAN (user|one_time_link)\b/.test(line))).toEqual([]);
  });
});
