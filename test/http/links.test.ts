import { beforeEach, describe, expect, it } from 'vitest';
import { locations } from '../support/api-answers.ts';
import { adminKey, createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

let kilde: TestApp;

beforeEach(async () => {
  kilde = await createTestApp();
});

const link = { page: 'https://www.example.com/demo', source: 'LinkedIn', medium: 'Paid-Social' };
const post = async (body: object = {}) => kilde.api('POST', '/links', { ...link, ...body });

it('makes a tagged link, its values folded', async () => {
  const { status, body } = await post({
    page: 'https://www.example.com/demo?a=1%202&utm_source=old&UTM_Medium=old&b=+#top',
    campaign: ' Webinar  Sept ',
    content: 'Blå & grønn',
    utmId: '7',
  });
  expect(status).toBe(201);
  expect(body).toEqual({
    id: '1',
    slug: expect.stringMatching(/^[2-9a-z]{6}$/),
    site: { id: 'default', name: 'Default site' },
    page: 'https://www.example.com/demo?a=1%202&b=+#top',
    source: 'linkedin',
    medium: 'paid-social',
    campaign: 'webinar sept',
    term: null,
    content: 'blå & grønn',
    utmId: '7',
    url:
      'https://www.example.com/demo?a=1%202&b=+&utm_source=linkedin&utm_medium=paid-social&utm_campaign=webinar%20sept' +
      '&utm_content=bl%C3%A5%20%26%20gr%C3%B8nn&utm_id=7#top',
    shortUrl: `https://edge.example.com/l/${body.slug}`,
    createdAt: '2026-09-01T10:00:00.000Z',
    archivedAt: null,
    visits: 0,
    leads: 0,
    deals: 0,
    placements: [],
    channel: 'Paid Social',
    warnings: [],
  });
  const { warnings: _, channel: _channel, ...shown } = body;
  expect((await kilde.api('GET', '/links/1')).body).toEqual(shown);
  expect((await kilde.api('GET', '/links?count=true')).body).toEqual({ items: [shown], nextCursor: null, count: 1 });
});

it('belongs to the site of its page, else to the one that is named', async () => {
  await kilde.api('POST', '/sites', { name: 'Shop', slug: 'shop', domains: ['shop.firma.no'] });
  expect((await post({ page: 'https://www.shop.firma.no' })).body.site.id).toBe('shop');
  expect((await post({ siteId: 'shop' })).body.site.id).toBe('shop');
  expect(locations((await post({ siteId: 'none' })).body)).toEqual(['body.siteId']);
});

it('has a short address that leads there and counts', async () => {
  await post({ slug: 'webinar' });
  for (const _ of [1, 2]) {
    const followed = await kilde.request('/l/webinar');
    expect(followed.status).toBe(302);
    expect(followed.headers.get('location')).toBe(
      'https://www.example.com/demo?utm_source=linkedin&utm_medium=paid-social',
    );
  }
  await expect.poll(async () => (await kilde.api('GET', '/links/1')).body.visits, { timeout: 15_000 }).toBe(2);
  kilde.advance(24 * 60 * 60 * 1000);
  await kilde.request('/l/webinar');
  await expect.poll(async () => (await kilde.api('GET', '/links/1')).body.visits, { timeout: 15_000 }).toBe(3);
  expect(await kilde.sql('SELECT day, visits FROM link_day ORDER BY day')).toEqual([
    { day: '2026-09-01', visits: 2 },
    { day: '2026-09-02', visits: 1 },
  ]);
});

describe('who follows a link', () => {
  const chrome =
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36';
  const visits = async () => (await kilde.api('GET', '/links/1')).body.visits;

  it.each<[string, RequestInit]>([
    ['Slackbot', { headers: { 'user-agent': 'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)' } }],
    [
      'Facebook',
      { headers: { 'user-agent': 'facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)' } },
    ],
    ['Twitter', { headers: { 'user-agent': 'Twitterbot/1.0' } }],
    [
      'Googlebot',
      { headers: { 'user-agent': 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)' } },
    ],
    [
      'a monitor',
      { headers: { 'user-agent': 'Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)' } },
    ],
    ['a HEAD request', { method: 'HEAD', headers: { 'user-agent': chrome } }],
    ['a prefetch', { headers: { 'user-agent': chrome, 'sec-purpose': 'prefetch;prerender' } }],
    ['an older prefetch', { headers: { 'user-agent': chrome, purpose: 'prefetch' } }],
  ])('%s is led there, is no visit and gets no cookie', async (_name, init) => {
    await post({ slug: 'webinar' });
    const followed = await kilde.request('/l/webinar', init);
    expect([followed.status, followed.headers.get('location'), followed.headers.get('set-cookie')]).toEqual([
      302,
      'https://www.example.com/demo?utm_source=linkedin&utm_medium=paid-social',
      null,
    ]);
    // Counted after it, a visitor is alone.
    const visitor = await kilde.request('/l/webinar', { headers: { 'user-agent': chrome } });
    expect(visitor.headers.get('set-cookie')).toContain('kilde');
    await expect.poll(visits).toBe(1);
    expect(await visits()).toBe(1);
  });
});

describe('parameters on the short address', () => {
  const tagged = 'https://www.example.com/demo?utm_source=linkedin&utm_medium=paid-social';

  it.each([
    ['?fbclid=IwAR1', `${tagged}&fbclid=IwAR1`],
    ['?gclid=A&utm_source=other&UTM_Medium=x&utm_campaign=c', `${tagged}&gclid=A&utm_campaign=c`],
    ['?msclkid=a%20b&utm_term=+&utm_id=%22', `${tagged}&msclkid=a%20b&utm_term=+&utm_id=%22`],
    ['?a=1&amp;gclid=A', `${tagged}&gclid=A`],
    ['?utm_source=other?fbclid=IwAR1', `${tagged}&fbclid=IwAR1`],
    ['?next=//evil.example&ref=x&gclid=', tagged],
    ['?', tagged],
    ['?&&', tagged],
  ])('%s that tell of a click are passed on, the values of the link win', async (query, location) => {
    await post({ slug: 'x' });
    expect((await kilde.request(`/l/x${query}`)).headers.get('location')).toBe(location);
  });

  it('leave what the page has, but for a newer click id', async () => {
    await post({ slug: 'x', page: 'https://www.example.com/?id=5&fbclid=old#top' });
    const { headers } = await kilde.request('/l/x?id=6&FBCLID=new');
    expect(headers.get('location')).toBe(
      'https://www.example.com/?id=5&utm_source=linkedin&utm_medium=paid-social&FBCLID=new#top',
    );
  });

  it('are part of the arrival', async () => {
    await kilde.api('POST', '/forms', { name: 'Demo', slug: 'demo' });
    await post({ slug: 'x' });
    const { headers } = await kilde.request('/l/x?fbclid=IwAR1&utm_source=other&utm_campaign=c1');
    const cookie = headers.get('set-cookie')?.split(';')[0] ?? '';
    await kilde.submit('demo', { email: 'a@en.no' }, { headers: { cookie } });
    const { body } = await kilde.api('GET', '/people/1');
    expect(body.leadCreation).toMatchObject({
      source: 'linkedin',
      medium: 'paid-social',
      campaign: 'c1',
      clickId: { name: 'fbclid', value: 'IwAR1' },
    });
  });
});

it('is asked of the database once a minute at most, known or not', async () => {
  expect((await kilde.request('/l/webinar')).status).toBe(404);
  expect((await kilde.request('/l/webinar')).status).toBe(404);
  await post({ slug: 'webinar' });
  await kilde.request('/l/webinar');
  await expect.poll(async () => kilde.sql('SELECT visits FROM link_day')).toEqual([{ visits: 1 }]);
  kilde.wire();
  await kilde.request('/l/webinar');
  await expect.poll(async () => kilde.sql('SELECT visits FROM link_day')).toEqual([{ visits: 2 }]);
  expect(kilde.wire()).toEqual([expect.stringContaining('link_day')]);
  kilde.advance(60_000);
  await kilde.request('/l/webinar');
  expect(kilde.wire().some((sent) => sent.includes('slug'))).toBe(true);
});

it('counts the leads and deals whose origin is just this', async () => {
  await kilde.api('POST', '/forms', { name: 'Demo', slug: 'demo' });
  await post({ campaign: 'webinar' });
  await post({ campaign: 'never-arrived' });
  await post();
  const send = async (email: string, query: string) =>
    kilde.submit('demo', { email, _page: `https://www.example.com/?${query}` });
  await send('a@en.no', 'utm_source=LinkedIn&utm_medium=paid-social&utm_campaign=Webinar');
  await send('b@en.no', 'utm_source=linkedin&utm_medium=paid-social&utm_campaign=webinar&li_fat_id=x');
  await send('c@to.no', 'utm_source=linkedin&utm_medium=paid-social&utm_campaign=webinar&utm_term=x');
  await send('d@tre.no', 'utm_source=linkedin&utm_medium=paid-social');
  // A conversion by the link is no lead of it.
  await send('d@tre.no', 'utm_source=linkedin&utm_medium=paid-social&utm_campaign=webinar');
  await kilde.sql(`INSERT INTO deal (external_id, person_id, company_id, status, amount_minor, currency, registered_at, updated_at)
    SELECT 'x' || p.id, p.id, p.company_id, 'open', 1, 'NOK', 0, 0 FROM person p WHERE p.id IN (1, 4)`);
  await kilde.sql(`INSERT INTO deal (external_id, company_id, status, amount_minor, currency, registered_at, updated_at)
    SELECT 'y', p.company_id, 'open', 1, 'NOK', 0, 0 FROM person p WHERE p.id = 2`);
  const { body } = await kilde.api('GET', '/links');
  expect(body.items.map(({ leads, deals }: { leads: number; deals: number }) => [leads, deals])).toEqual([
    [1, 1],
    [0, 0],
    [2, 2],
  ]);
});

it('knows its leads by values of any spelling', async () => {
  await kilde.api('POST', '/forms', { name: 'Demo', slug: 'demo' });
  const { body } = await post({
    source: 'a]"b\\c/',
    medium: '😀 ø]',
    campaign: '-',
    term: ']',
    content: ',',
    utmId: '"',
  });
  await kilde.submit('demo', { email: 'a@en.no', _page: body.url });
  await kilde.submit('demo', { email: 'b@en.no', _page: body.url, _ref: 'https://example.org/' });
  await kilde.submit('demo', { email: 'c@en.no', _page: `${body.url}x` });
  expect((await kilde.api('GET', '/links/1')).body.leads).toBe(2);
});

describe('warnings', () => {
  const warnings = async (body: object) => (await post(body)).body.warnings;

  it('are of values that look like others in use', async () => {
    await kilde.api('POST', '/forms', { name: 'Demo', slug: 'demo' });
    await kilde.submit('demo', {
      email: 'a@b.no',
      _page: 'https://b.no/?utm_source=newsletter&utm_campaign=webinar_2025',
    });
    expect(await warnings({ source: 'News-Letter', campaign: 'webinar_2026' })).toEqual([
      { field: 'source', value: 'news-letter', similarTo: ['newsletter'] },
    ]);
    expect(await warnings({ source: 'newsletter', campaign: 'webinar-2025' })).toEqual([
      { field: 'campaign', value: 'webinar-2025', similarTo: ['webinar_2025'] },
    ]);
  });

  it('are of other links, and not of values in use themselves', async () => {
    expect(await warnings({ source: 'linkedin' })).toEqual([]);
    expect(await warnings({ source: 'linkdin' })).toEqual([
      { field: 'source', value: 'linkdin', similarTo: ['linkedin'] },
    ]);
    expect(await warnings({ source: 'linkdin' })).toEqual([]);
  });

  it('are of spellings that were corrected, seen or not, and name what they count as', async () => {
    await kilde.api('POST', '/aliases', { field: 'source', values: ['fb-ads'], canonical: 'facebook' });
    expect(await warnings({ source: 'FB-Ads' })).toEqual([
      { field: 'source', value: 'fb-ads', similarTo: ['facebook'] },
    ]);
    expect(await warnings({ source: 'fb_ads' })).toEqual([
      { field: 'source', value: 'fb_ads', similarTo: ['facebook'] },
    ]);
  });
});

describe('suggestions', () => {
  const suggest = async (query: string) => (await kilde.api('GET', `/links/suggestions?${query}`)).body.items;

  it('are values in use, corrected ones left out', async () => {
    await kilde.api('POST', '/forms', { name: 'Demo', slug: 'demo' });
    for (const source of ['Newsletter', 'Partner-News', 'nwsletter']) {
      await kilde.submit('demo', {
        email: `${source}@b.no`,
        _page: `https://b.no/?utm_source=${source}&utm_term=${source}`,
      });
    }
    await kilde.api('POST', '/aliases', {
      field: 'source',
      values: 'nwsletter',
      canonical: 'newsletter',
      label: 'Newsletter (all)',
    });
    await post({ source: 'news' });
    expect(await suggest('field=source&q=NEWS')).toEqual([
      { value: 'news', label: 'news', origins: null, links: 1 },
      { value: 'newsletter', label: 'Newsletter (all)', origins: 1, links: 0 },
      { value: 'partner-news', label: 'Partner-News', origins: 1, links: 0 },
    ]);
    expect((await suggest('field=source')).map(({ value }: { value: string }) => value)).toEqual([
      'news',
      'newsletter',
      'partner-news',
    ]);
    expect(await suggest('field=term&q=partner')).toEqual([
      { value: 'partner-news', label: 'Partner-News', origins: null, links: 0 },
    ]);
    await kilde.api('PATCH', '/links/1', { archived: true });
    expect((await suggest('field=source&q=news')).map(({ value }: { value: string }) => value)).not.toContain('news');
  });

  it('are of one of the utm fields', async () => {
    const { status, body } = await kilde.api('GET', '/links/suggestions?field=channel');
    expect([status, locations(body)]).toEqual([422, ['query.field']]);
  });
});

it('is archived and taken back, and its address goes on working', async () => {
  await post({ slug: 'webinar' });
  const archived = await kilde.api('PATCH', '/links/1', { archived: true });
  expect(archived.body.archivedAt).toBe('2026-09-01T10:00:00.000Z');
  kilde.advance(1_000);
  expect((await kilde.api('PATCH', '/links/1', { archived: true })).body).toEqual(archived.body);
  expect((await kilde.api('GET', '/links?count=true')).body).toMatchObject({ items: [], count: 0 });
  expect((await kilde.api('GET', '/links?archived=true')).body.items).toEqual([archived.body]);
  expect((await kilde.request('/l/webinar')).status).toBe(302);
  expect((await kilde.api('PATCH', '/links/1', { archived: false })).body.archivedAt).toBeNull();
});

it('has a QR code of its short address', async () => {
  await post({ slug: 'webinar' });
  const response = await kilde.request('/api/v1/links/1/qr.svg', {
    headers: { authorization: `Bearer ${adminKey}` },
  });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('image/svg+xml');
  const svg = await response.text();
  expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 \d+ \d+"/);
  expect(svg).toMatch(/<\/svg>\s*$/);
  // Every element that is opened is closed.
  const opened = [...svg.matchAll(/<(\w+)[^>]*?(\/?)>/g)]
    .filter(([, , closed]) => closed === '')
    .map(([, name]) => name);
  const closed = [...svg.matchAll(/<\/(\w+)>/g)].map(([, name]) => name);
  expect(closed.toReversed()).toEqual(opened);
  await post({ slug: 'other' });
  const other = await kilde.request('/api/v1/links/2/qr.svg', { headers: { authorization: `Bearer ${adminKey}` } });
  expect(await other.text()).not.toBe(svg);
});

it('pages, the newest first', async () => {
  for (const slug of ['a', 'b', 'c']) await post({ slug });
  const first = await kilde.api('GET', '/links?limit=2');
  const second = await kilde.api('GET', `/links?limit=2&cursor=${first.body.nextCursor}`);
  expect([...first.body.items, ...second.body.items].map(({ slug }) => slug)).toEqual(['c', 'b', 'a']);
});

it.each([
  [{ page: '/demo' }, 'body.page'],
  [{ page: 'javascript:alert(1)' }, 'body.page'],
  [{ page: 'https://' }, 'body.page'],
  [{ source: ' ' }, 'body.source'],
  [{ medium: undefined }, 'body.medium'],
  [{ campaign: 'x'.repeat(256) }, 'body.campaign'],
  [{ slug: 'A b' }, 'body.slug'],
  [{ slug: '' }, 'body.slug'],
  [{ utm_source: 'x' }, 'body.utm_source'],
])('refuses %j at its place', async (body, location) => {
  const answer = await post(body);
  expect(answer.status).toBe(422);
  expect(locations(answer.body)).toEqual([location]);
});

it('answers 404 for a link there is not, 409 for a slug that is taken', async () => {
  for (const path of ['/links/9', '/links/x', '/links/9/qr.svg'])
    expect((await kilde.api('GET', path)).status).toBe(404);
  expect((await kilde.api('PATCH', '/links/9', { archived: true })).status).toBe(404);
  await post({ slug: 'a' });
  expect((await post({ slug: 'a' })).status).toBe(409);
});

describe('a link that nobody has followed', () => {
  const follow = async (slug: string) => {
    const response = await kilde.request(`/l/${slug}`, { headers: { 'user-agent': 'Mozilla/5.0 Firefox/140.0' } });
    const visits = async () => (await kilde.sql('SELECT sum(visits) AS n FROM link_day'))[0]!['n'];
    // The visit is counted beside the answer.
    if (response.status === 302) await expect.poll(visits, { timeout: 20_000 }).toBe(1);
    return response;
  };

  it('is shown before it is stored, with its channel and what may be a mistake', async () => {
    await post({ campaign: 'webinar sept', slug: 'taken' });
    const trial = await post({ source: 'Linkedln', campaign: 'Webinar-Sept', slug: 'taken', dryRun: true });
    expect(trial).toEqual({
      status: 200,
      body: {
        slug: 'taken',
        site: { id: 'default', name: 'Default site' },
        page: 'https://www.example.com/demo',
        source: 'linkedln',
        medium: 'paid-social',
        campaign: 'webinar-sept',
        term: null,
        content: null,
        utmId: null,
        url: 'https://www.example.com/demo?utm_source=linkedln&utm_medium=paid-social&utm_campaign=webinar-sept',
        shortUrl: 'https://edge.example.com/l/taken',
        channel: 'Paid Other',
        warnings: [
          { field: 'source', value: 'linkedln', similarTo: ['linkedin'] },
          { field: 'campaign', value: 'webinar-sept', similarTo: ['webinar sept'] },
          { field: 'slug', value: 'taken', similarTo: [] },
        ],
      },
    });
    expect((await post({ dryRun: true })).body).toMatchObject({ slug: null, shortUrl: null, channel: 'Paid Social' });
    expect((await kilde.api('GET', '/links')).body.items).toHaveLength(1);
  });

  it('can be corrected, and deleted', async () => {
    await post({ slug: 'autumn', term: 'x' });
    await post({ slug: 'other' });
    const changes = {
      source: ' Facebook',
      page: 'https://www.example.com/ny?utm_source=x',
      slug: 'spring',
      term: null,
    };
    const changed = await kilde.api('PATCH', '/links/1', changes);
    expect(changed.body).toMatchObject({
      source: 'facebook',
      medium: 'paid-social',
      page: 'https://www.example.com/ny',
      term: null,
    });
    expect((await kilde.api('GET', '/links/1')).body).toEqual(changed.body);
    expect((await follow('autumn')).status).toBe(404);
    expect((await kilde.api('PATCH', '/links/1', { slug: 'other' })).status).toBe(409);
    expect((await kilde.api('PATCH', '/links/1', { siteId: 'none' })).status).toBe(422);
    expect((await kilde.api('DELETE', '/links/1')).status).toBe(204);
    expect((await kilde.api('GET', '/links/1')).status).toBe(404);
    expect((await follow('spring')).status).toBe(404);
    expect((await kilde.api('DELETE', '/links/1')).status).toBe(404);
  });

  it('can only be archived once somebody has', async () => {
    await post({ slug: 'autumn' });
    // A robot is nobody.
    await kilde.request('/l/autumn', { headers: { 'user-agent': 'Slackbot-LinkExpanding 1.0' } });
    expect((await kilde.api('PATCH', '/links/1', { medium: 'social' })).status).toBe(200);
    expect((await follow('autumn')).headers.get('location')).toContain('utm_medium=social');
    const { body: before } = await kilde.api('GET', '/links/1');
    expect((await kilde.api('PATCH', '/links/1', { medium: 'email' })).status).toBe(409);
    expect((await kilde.api('PATCH', '/links/1', { slug: 'winter', archived: true })).status).toBe(409);
    expect((await kilde.api('DELETE', '/links/1')).status).toBe(409);
    expect((await kilde.api('GET', '/links/1')).body).toEqual(before);
    // What is as it was changes nothing.
    const same = { medium: 'Social', slug: 'autumn', archived: true };
    expect(await kilde.api('PATCH', '/links/1', same)).toMatchObject({
      status: 200,
      body: { archivedAt: expect.any(String) },
    });
  });
});

it('answers a browser with a page where there is no link', async () => {
  const accept = 'text/html,application/xhtml+xml';
  const page = await kilde.request('/l/nothing', { headers: { accept, 'accept-language': 'nb' } });
  expect([page.status, page.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
  expect(await page.text()).toContain('Lenken fører ingen steder');
  expect((await kilde.request('/l/nothing')).headers.get('content-type')).toContain('application/problem+json');
});

it('has both addresses as columns, in CSV too', async () => {
  const link = {
    page: 'https://firma.no/?a=1#top',
    source: 'linkedin',
    medium: 'paid social',
    campaign: 'Høst',
    slug: 'host',
  };
  expect((await kilde.api('POST', '/links', link)).status).toBe(201);
  const [whole] = (await kilde.api('GET', '/links?slug=host')).body.items;
  const [flat] = (await kilde.api('GET', '/links?slug=host&columns=url,shortUrl')).body.items;
  expect(flat).toEqual({ id: whole.id, url: whole.url, shortUrl: whole.shortUrl });
  expect(whole.url).toContain('utm_campaign=h%C3%B8st#top');
  const csv = await kilde.request('/api/v1/links?slug=host&format=csv&columns=url,shortUrl', {
    headers: { authorization: `Bearer ${adminKey}` },
  });
  expect(await csv.text()).toBe(`id,url,shortUrl\r\n${whole.id},${whole.url},${whole.shortUrl}\r\n`);
  const refused = await kilde.api('GET', '/links?url=x&sort=shortUrl');
  expect(refused.body.errors.map((one: any) => one.location)).toEqual(['query.url', 'query.sort']);
});

describe('a link to a page on another domain than the edge', () => {
  const visits = async () => {
    await kilde.deps.visits.flush();
    const query = { measures: ['visits'], dimensions: ['source'], period: { relative: 'all' } };
    return (await kilde.api('POST', '/reports/query', query)).body.rows;
  };
  /** As the script there reports it, with a journey of its own. */
  const report = async (page: string) => {
    const headers = { origin: 'https://firma.no', 'sec-fetch-site': 'cross-site' };
    const answer = await kilde.request(`/t?${new URLSearchParams({ u: page })}`, { headers });
    const { journey } = await answer.json<{ journey: string }>();
    return (await kilde.deps.signer.verify(journey))!;
  };

  it('counts one visit, at the short address; the journey of the page has it too', async () => {
    await post({ slug: 'x', page: 'https://firma.no/demo?a=1&kilde_followed=1' });
    const to = (await kilde.request('/l/x')).headers.get('location')!;
    const seconds = Math.floor(kilde.deps.clock() / 1_000).toString(36);
    expect(to).toBe(`https://firma.no/demo?a=1&utm_source=linkedin&utm_medium=paid-social&kilde_followed=${seconds}`);
    expect(await report(to)).toMatchObject([
      { utm: { source: 'linkedin', placement: null }, landingPage: 'https://firma.no/demo' },
    ]);
    expect(await visits()).toEqual([{ source: 'linkedin', visits: 1 }]);
    // Sent on to somebody else, the same address is another visit.
    kilde.advance(30 * 60_000);
    await report(to);
    expect(await visits()).toEqual([{ source: 'linkedin', visits: 2 }]);
  });

  it('leaves the count to the page where no journey may be kept at the short address', async () => {
    await kilde.api('PATCH', '/sites/default', { consent: 'required' });
    await post({ slug: 'x', page: 'https://firma.no/demo' });
    const to = (await kilde.request('/l/x')).headers.get('location')!;
    expect(to).not.toContain('kilde_followed');
    expect(await visits()).toEqual([]);
  });

  it.each(['zzzzzzzz', '0', '', 'æ', '1&kilde_followed=2'])('counts a page that says %s', async (value) => {
    await report(`https://firma.no/demo?utm_source=linkedin&utm_medium=paid-social&kilde_followed=${value}`);
    expect(await visits()).toEqual([{ source: 'linkedin', visits: 1 }]);
  });
});
