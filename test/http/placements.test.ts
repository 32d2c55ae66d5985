import { beforeEach, describe, expect, it } from 'vitest';
import { Visitor } from '../support/browser-like.ts';
import { locations } from '../support/api-answers.ts';
import { adminKey, createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

/** `?p=` of a tagged link tells its places apart, from the short address to the report (docs/links.md). */

const tagged = 'https://shop.example.com/pris?utm_source=linkedin&utm_medium=social';
const userAgent = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

let kilde: TestApp;

beforeEach(async () => {
  kilde = await createTestApp();
  await kilde.api('POST', '/forms', { name: 'Demo', slug: 'demo' });
  await kilde.api('POST', '/links', {
    page: 'https://shop.example.com/pris',
    source: 'linkedin',
    medium: 'social',
    slug: 'vinter',
  });
});

async function follow(query: string, headers: Record<string, string> = {}) {
  const { headers: answer } = await kilde.request(`/l/vinter${query}`, {
    headers: { 'user-agent': userAgent, ...headers },
  });
  return { to: answer.get('location')!, cookie: answer.get('set-cookie')?.split(';')[0] ?? '' };
}
const visitsOfLink = async () => (await kilde.api('GET', '/links/1')).body.visits;
const placements = async () => (await kilde.api('GET', '/links/1')).body.placements;
const brought = (name: string, visits: number, leads: number, deals: number) => ({ name, visits, leads, deals });
const report = async (query: object) =>
  (await kilde.api('POST', '/reports/query', { dimensions: ['placement'], period: { relative: 'all' }, ...query })).body
    .rows;

describe('an arrival by a link with a placement', () => {
  it('is one arrival with it, from the short address to the points, the report and the numbers of the link', async () => {
    const { to, cookie } = await follow('?p=Story');
    expect(to).toBe(`${tagged}&kilde_placement=Story`);
    // The page that it leads to reports the arrival once more.
    const visitor = new Visitor(kilde);
    visitor.cookie = cookie.split('=')[1];
    await visitor.arrive(to);
    const journey = (await kilde.deps.signer.verify(visitor.cookie))!;
    expect(journey.map(({ utm }) => utm.placement)).toEqual(['Story']);
    await kilde.submit('demo', { email: 'a@en.no' }, { headers: { cookie } });

    const { body: person } = await kilde.api('GET', '/people/1');
    expect([person.firstTouch, person.leadCreation]).toMatchObject([
      { source: 'linkedin', placement: 'Story', channel: 'Organic Social' },
      { placement: 'Story' },
    ]);
    const [submission] = (await kilde.api('GET', '/submissions?touch.placement=story')).body.items;
    expect(submission.touch).toMatchObject({ placement: 'Story', raw: { placement: 'Story' } });
    await kilde.api('PUT', '/deals', {
      items: [
        {
          externalId: 'd',
          email: 'a@en.no',
          name: 'D',
          status: 'won',
          closedAt: '2026-09-01',
          amount: 5,
          currency: 'NOK',
        },
      ],
    });
    await expect.poll(visitsOfLink, { timeout: 15_000 }).toBe(1);
    expect(await placements()).toEqual([brought('Story', 1, 1, 1)]);
    await kilde.deps.visits.flush();
    expect(await report({ measures: ['visits', 'leads', 'deals'] })).toEqual([
      { placement: 'Story', visits: 1, leads: 1, deals: 1 },
    ]);
    const found = await kilde.api('POST', '/segments/query', {
      entity: 'person',
      where: { field: 'leadCreation.placement', op: 'equals', value: 'STORY' },
      columns: ['email', 'firstTouch.placement'],
    });
    expect(found.body.items).toMatchObject([{ email: 'a@en.no', 'firstTouch.placement': 'Story' }]);
  });

  it('is known by the address alone, where no cookie reaches the page', async () => {
    const { to } = await follow('?p=post');
    await kilde.submit('demo', { email: 'a@en.no', _page: to });
    expect((await kilde.api('GET', '/people/1')).body.leadCreation.placement).toBe('post');
  });

  it('keeps it where the page does not show it any more, and is another arrival than one by another place', async () => {
    const { to, cookie } = await follow('?p=post');
    const visitor = new Visitor(kilde);
    visitor.cookie = cookie.split('=')[1];
    await visitor.arrive(tagged);
    expect(await kilde.deps.signer.verify(visitor.cookie)).toHaveLength(1);
    const other = await follow('?p=story', { cookie });
    expect(other.to).not.toBe(to);
    const journey = (await kilde.deps.signer.verify(other.cookie.split('=')[1]))!;
    expect(journey.map(({ utm }) => utm.placement)).toEqual(['post', 'story']);
    await kilde.submit('demo', { email: 'a@en.no', _page: tagged }, { headers: { cookie: other.cookie } });
    const { firstTouch, leadCreation } = (await kilde.api('GET', '/people/1')).body;
    expect([firstTouch.placement, leadCreation.placement]).toEqual(['post', 'story']);
  });
});

it.each(['?p=', '?p', '?p=%20', '?p=null', '?p=%7B%7Bplacement%7D%7D', '?q=post'])(
  '%s names no place',
  async (query) => {
    await follow(query);
    await expect.poll(visitsOfLink, { timeout: 15_000 }).toBe(1);
    expect(await placements()).toEqual([]);
  },
);

it('means nothing on a page of the site', async () => {
  const visitor = new Visitor(kilde);
  await visitor.arrive(`${tagged}&p=post`);
  const [arrival] = (await kilde.deps.signer.verify(visitor.cookie))!;
  expect(arrival!.utm).toMatchObject({ source: 'linkedin', placement: null });
});

it('never makes an arrival known, nor replaces one that is', async () => {
  const visitor = new Visitor(kilde);
  await visitor.arrive(tagged);
  kilde.advance(60 * 60 * 1_000);
  await visitor.arrive('https://shop.example.com/?kilde_placement=post');
  await kilde.submit('demo', { email: 'a@en.no' }, { headers: { cookie: `kilde_journey=${visitor.cookie}` } });
  const { firstTouch, leadCreation } = (await kilde.api('GET', '/people/1')).body;
  expect([firstTouch, leadCreation]).toMatchObject([
    { source: 'linkedin', placement: null },
    { source: 'linkedin', placement: null },
  ]);
});

it('compares names without case, and counts a corrected one under its correction', async () => {
  for (const query of ['?p=Post', '?p=%20post%00', '?P=POST', '?p=poost', '']) {
    const { to } = await follow(query);
    await kilde.submit('demo', { email: `a${query.length}@en.no`, _page: to });
  }
  await expect.poll(visitsOfLink, { timeout: 15_000 }).toBe(5);
  expect(await placements()).toEqual([brought('Post', 3, 2, 0), brought('poost', 1, 1, 0)]);
  await kilde.api('POST', '/aliases', { field: 'placement', values: 'poost', canonical: 'post' });
  expect(await placements()).toEqual([brought('post', 4, 3, 0)]);
});

it('tells apart as many places as a link may have, and counts further ones in its own number', async () => {
  await kilde.sql(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 199)
    INSERT INTO link_placement (link_id, placement, visits) SELECT 1, 'p' || i, 2 FROM n`);
  for (const query of ['?p=first', '?p=second', '?p=first']) {
    const before = await visitsOfLink();
    await follow(query);
    await expect.poll(visitsOfLink, { timeout: 15_000 }).toBe(before + 1);
  }
  const names = await kilde.sql(`SELECT placement, visits FROM link_placement WHERE placement NOT GLOB 'p*'`);
  expect(names).toEqual([{ placement: 'first', visits: 2 }]);
});

describe('places that are named with the link', () => {
  const link = { page: 'https://shop.example.com/', source: 'x', medium: 'social', slug: 'x' };

  it('are shown before anybody comes, and can be changed until then', async () => {
    const made = await kilde.api('POST', '/links', { ...link, placements: ['Post', ' story ', 'post'] });
    expect(made.body.placements).toEqual([brought('post', 0, 0, 0), brought('story', 0, 0, 0)]);
    const { body: shown } = await kilde.api('GET', '/links/2');
    // What GET gives can be sent back.
    expect((await kilde.api('PATCH', '/links/2', { ...shown, placements: shown.placements })).status).toBe(200);
    const patched = await kilde.api('PATCH', '/links/2', { placements: ['story', 'qr'] });
    expect(patched.body.placements.map(({ name }: { name: string }) => name)).toEqual(['qr', 'story']);
    expect((await kilde.api('PATCH', '/links/2', { slug: 'vinter', placements: ['a'] })).status).toBe(409);
    expect((await kilde.api('GET', '/links/2')).body).toEqual(patched.body);
    await kilde.request('/l/x?p=qr', { headers: { 'user-agent': userAgent } });
    await expect
      .poll(async () => (await kilde.api('GET', '/links/2')).body.placements, { timeout: 15_000 })
      .toEqual([brought('qr', 1, 0, 0), brought('story', 0, 0, 0)]);
    expect((await kilde.api('PATCH', '/links/2', { placements: [] })).status).toBe(409);
    expect((await kilde.api('PATCH', '/links/2', { placements: ['qr', 'Story'] })).status).toBe(200);
  });

  it('are deleted with it', async () => {
    await kilde.api('POST', '/links', { ...link, placements: ['post'] });
    expect((await kilde.api('DELETE', '/links/2')).status).toBe(204);
    expect(await kilde.sql('SELECT * FROM link_placement')).toEqual([]);
    expect((await kilde.api('POST', '/links', { ...link, slug: 'vinter', placements: ['post'] })).status).toBe(409);
    expect(await placements()).toEqual([]);
  });

  it('are names', async () => {
    const answer = await kilde.api('POST', '/links', { ...link, placements: ['', 'x'.repeat(256)] });
    expect(locations(answer.body)).toEqual(['body.placements[0]', 'body.placements[1]']);
    expect((await kilde.api('POST', '/links', { ...link, placements: Array(51).fill('a') })).status).toBe(422);
  });
});

it('has a QR code for each place', async () => {
  const code = async (query: string) => {
    const headers = { authorization: `Bearer ${adminKey}` };
    return kilde.request(`/api/v1/links/1/qr.svg${query}`, { headers });
  };
  const texts = await Promise.all(['', '?p=post', '?p=story%26x'].map(async (query) => (await code(query)).text()));
  expect(new Set(texts).size).toBe(3);
  expect((await code('?p=')).status).toBe(422);
});
