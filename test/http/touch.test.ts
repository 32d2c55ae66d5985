import { beforeEach, describe, expect, it } from 'vitest';
import { createJourneySigner } from '../../src/http/journey-token.ts';
import { Visitor } from '../support/browser-like.ts';
import { createTestApp, startOfTime } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

const linkedin = 'https://www.example.com/?utm_source=linkedin&utm_medium=paid-social';
const facebook = 'https://www.example.com/?utm_source=facebook&fbclid=AbC';

let kilde: TestApp;

beforeEach(async () => {
  kilde = await createTestApp();
});

async function journeyOf(token: string | undefined) {
  return kilde.deps.signer.verify(token);
}

async function changeSite(columns: string): Promise<void> {
  await kilde.sql(`UPDATE site SET ${columns} WHERE id = 1`);
  await kilde.sql('UPDATE settings SET version = version + 1');
  kilde.deps.settings.invalidate();
}

describe('the journey cookie', () => {
  it('is first-party, HttpOnly, for the registrable domain, in base64url alone and within what browsers keep', async () => {
    const visitor = new Visitor(kilde);
    for (let i = 0; i < 60; i += 1) {
      kilde.advance(60_000);
      const response = await visitor.arrive(
        `https://www.example.com/p?utm_source=s${i}&utm_campaign=${'ø'.repeat(80)}${i}`,
      );
      const cookie = response.headers.get('set-cookie')!;
      expect(cookie).toMatch(
        /^kilde_journey=[A-Za-z0-9_-]+; Path=\/; Max-Age=34560000; Domain=example\.com; Secure; HttpOnly; SameSite=Lax$/,
      );
      expect(cookie.length).toBeLessThanOrEqual(4_096);
    }
    const journey = (await journeyOf(visitor.cookie))!;
    expect(journey[0]!.utm.source).toBe('s0');
    expect(journey.at(-1)!.utm.source).toBe('s59');
    expect(journey.length).toBeGreaterThan(3);
  });

  it('keeps what arrived, in order, with the click id as it was written', async () => {
    const visitor = new Visitor(kilde);
    await visitor.arrive(linkedin, { referrer: 'https://www.linkedin.com/feed' });
    kilde.advance(5_000);
    await visitor.arrive(facebook);
    expect(await journeyOf(visitor.cookie)).toMatchObject([
      { at: startOfTime, utm: { source: 'linkedin' }, referrerHost: 'linkedin.com' },
      { at: startOfTime + 5_000, utm: { source: 'facebook' }, clickIds: [{ name: 'fbclid', value: 'AbC' }] },
    ]);
  });

  it('is not changed by a page within the site, a reload, or going back', async () => {
    const visitor = new Visitor(kilde);
    await visitor.arrive(linkedin);
    kilde.advance(60_000);
    await visitor.arrive(facebook);
    const { cookie } = visitor;
    await visitor.arrive('https://www.example.com/about', { referrer: 'https://www.example.com/' });
    await visitor.arrive('https://shop.example.com/about', { referrer: 'https://www.example.com/' });
    kilde.advance(2 * 60 * 60_000);
    await visitor.arrive(linkedin, { query: { n: '1' } });
    expect(visitor.cookie).toBe(cookie);
  });

  it('starts anew where the signature is wrong, and answers as always', async () => {
    const visitor = new Visitor(kilde);
    await visitor.arrive(linkedin);
    visitor.cookie = `x${visitor.cookie!.slice(1)}`;
    expect((await visitor.arrive(facebook)).status).toBe(204);
    expect(await journeyOf(visitor.cookie)).toMatchObject([{ utm: { source: 'facebook' } }]);
  });

  it('is read by an old key and signed anew by the new one', async () => {
    const newKey = 'bmV3LWtleS1vZi10aGUtdGVzdHMtMzItYnl0ZXMtbG9uZy4';
    const oldKey = 'dGhlLWtleS1vZi10aGUtdGVzdHMtMzItYnl0ZXMtbG9uZy4';
    const visitor = new Visitor(kilde);
    await visitor.arrive(linkedin);
    const rotated = new Visitor(await createTestApp({ env: { JOURNEY_KEYS: `${newKey} ${oldKey}` } }));
    rotated.cookie = visitor.cookie;
    await rotated.arrive(facebook);
    const onlyNew = createJourneySigner([new TextEncoder().encode(atob(newKey))]);
    expect((await onlyNew.verify(rotated.cookie))!.map(({ utm }) => utm.source)).toEqual(['linkedin', 'facebook']);
    expect(await onlyNew.verify(visitor.cookie)).toBeNull();
  });
});

describe('consent', () => {
  it('off: a journey always', async () => {
    expect((await new Visitor(kilde).arrive(linkedin)).headers.has('set-cookie')).toBe(true);
  });

  it('required: none until the page says so, then at once, and none again when it is withdrawn', async () => {
    await changeSite("consent = 'required'");
    const visitor = new Visitor(kilde);
    expect((await visitor.arrive(linkedin)).headers.has('set-cookie')).toBe(false);
    await visitor.arrive(linkedin, { query: { c: '1' } });
    await visitor.arrive(facebook);
    expect(await journeyOf(visitor.cookie)).toHaveLength(2);
    const ended = await visitor.arrive(facebook, { query: { c: '0' } });
    expect(ended.headers.get('set-cookie')).toContain('kilde_journey=; Path=/; Max-Age=0');
    expect((await visitor.arrive(facebook)).headers.has('set-cookie')).toBe(false);
  });

  it('is not given by a cookie that somebody made up', async () => {
    await changeSite("consent = 'required'");
    const visitor = new Visitor(kilde);
    visitor.cookie = 'made-up';
    await visitor.arrive(linkedin);
    expect(visitor.cookie).toBeUndefined();
  });

  it.each(['off', 'required'])('Global Privacy Control means no journey, consent %s', async (mode) => {
    await changeSite(`consent = '${mode}'`);
    const visitor = new Visitor(kilde);
    await visitor.arrive(linkedin, { query: { c: '1' }, headers: { 'sec-gpc': '1' } });
    expect(visitor.cookie).toBeUndefined();
  });

  it('Global Privacy Control at the form leaves a journey out that an earlier visit left', async () => {
    await kilde.sql("INSERT INTO form (key, name, site_id, created_at) VALUES ('demo', 'Demo', 1, 0)");
    const visitor = new Visitor(kilde);
    await visitor.arrive(linkedin);
    await visitor.send('demo', { email: 'kari@firma.no' }, { 'sec-gpc': '1' });
    expect(await kilde.sql('SELECT o.source_id FROM person p JOIN origin o ON o.id = p.first_touch_origin_id')).toEqual(
      [{ source_id: 0 }],
    );
  });
});

describe('the hand-over to a page on another site', () => {
  it('answers with the journey and takes it back, and sets no cookie', async () => {
    const ask = async (page: string, j = '') => {
      const query = new URLSearchParams({ u: page, ...(j ? { j } : {}) });
      const response = await kilde.request(`/t?${query}`, {
        headers: { 'sec-fetch-site': 'cross-site', origin: 'https://www.annet.no' },
      });
      expect(response.headers.has('set-cookie')).toBe(false);
      expect(response.headers.get('access-control-allow-origin')).toBe('https://www.annet.no');
      return (await response.json<{ journey: string }>()).journey;
    };
    const first = await ask('https://www.annet.no/?utm_source=linkedin');
    kilde.advance(1_000);
    const second = await ask('https://www.annet.no/?utm_source=facebook', first);
    expect((await journeyOf(second))!.map(({ utm }) => utm.source)).toEqual(['linkedin', 'facebook']);
    expect(second).toMatch(/^[A-Za-z0-9_-]+$/);
  });

  it('lets only the site’s own pages call once it has domains', async () => {
    await changeSite(`domains = '["example.com"]'`);
    const allowed = async (origin: string) =>
      (await kilde.request(`/t?u=${encodeURIComponent(linkedin)}`, { headers: { origin } })).headers.get(
        'access-control-allow-origin',
      );
    expect(await allowed('https://www.example.com')).toBe('https://www.example.com');
    expect(await allowed('https://notexample.com')).toBeNull();
    expect(await allowed('null')).toBeNull();
  });
});

describe('whatever is sent', () => {
  it.each([
    ['nothing', '/t'],
    ['garbage', '/t?u=%00%ff&r=%%%&site=%F0%9F%92%A9'],
    ['a javascript address', '/t?u=javascript:alert(1)&r=data:text/html,x'],
    ['ten thousand parameters', `/t?${'utm_source=x&'.repeat(10_000)}`],
    ['a very long address', `/t?u=${encodeURIComponent(`https://a.no/?utm_source=${'x'.repeat(50_000)}`)}`],
  ])('answers 204 to %s', async (_, path) => {
    const response = await kilde.request(path);
    expect(response.status).toBe(204);
    expect((response.headers.get('set-cookie') ?? '').length).toBeLessThanOrEqual(4_096);
  });
});
