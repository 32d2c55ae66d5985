import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeInBrowser, hosts, startWorld } from '../support/browser-world.ts';
import type { World } from '../support/browser-world.ts';
import {
  clickAd,
  cookieSources,
  formPage,
  journeyCookie,
  readJourney,
  scriptTag,
  sendForm,
  touchAnswered,
} from '../support/visits.ts';

describeInBrowser('the journey in a browser', () => {
  let world: World;

  beforeAll(async () => {
    world = await startWorld({ forms: ['journey'] });
    // Nothing has asked for the settings yet, so the edge reads this site with the rest.
    await world.sql("INSERT INTO site (key, name, consent, created_at) VALUES ('asks', 'Asks first', 'required', 0)");
    const fields = '<input type="hidden" name="_next" value="/thanks">';
    const page = (head: string) => formPage({ form: 'journey', head, fields });
    world.setPage('/thanks', '<!doctype html><title>Thanks</title>');
    world.setPage('/bare', page(''));
    world.setPage('/script', page(scriptTag()));
    world.setPage('/waits', page(scriptTag('data-consent="required"')));
    world.setPage('/asks', page(scriptTag().replace('"default"', '"asks"')));
    world.setPage('/agreed', page(`<script>kildeConsent = true</script>${scriptTag('data-consent="required"')}`));
    world.setPage('/refused', page(`<script>kildeConsent = false</script>${scriptTag()}`));
    // A page that listens for `unload` is loaded anew when somebody comes back to it.
    world.setPage('/unkept', page(`<script>addEventListener('unload', () => {})</script>${scriptTag()}`));
  });
  afterAll(() => world.close());

  /** A browser, and the addresses of all that it asks of `/t`. */
  async function newVisitor(options?: Parameters<World['newContext']>[0]) {
    const context = await world.newContext(options);
    const touches: URL[] = [];
    context.on('request', (request) => {
      const url = new URL(request.url());
      if (url.pathname === '/t') touches.push(url);
    });
    return { context, touches };
  }

  async function openWithScript(page: Page, url: string): Promise<void> {
    await page.goto(url);
    await page.waitForFunction(() => window.kilde !== undefined);
  }

  async function consent(page: Page, given: boolean): Promise<void> {
    const answered = touchAnswered(page);
    await page.evaluate((value) => window.kilde!.consent(value), given);
    await answered;
  }

  describe('consent', () => {
    it('records the arrival held in the page when consent comes late, once, and nothing before', async () => {
      const { context, touches } = await newVisitor();
      const page = await context.newPage();
      const url = `${hosts.site}/waits?utm_source=linkedin&utm_campaign=late`;
      await openWithScript(page, url);
      await page.reload();
      await page.waitForFunction(() => window.kilde !== undefined);
      expect(touches).toEqual([]);
      expect(await context.cookies()).toEqual([]);
      expect(await page.evaluate(() => localStorage.length)).toBe(0);

      await consent(page, true);
      await page.evaluate(() => window.kilde!.consent(true));
      expect(await cookieSources(context)).toEqual(['linkedin']);

      await sendForm({ page, email: 'late@consent.test', leadsTo: `${hosts.site}/thanks` });
      expect(touches).toHaveLength(1);
      expect(await world.person('late@consent.test')).toMatchObject({
        firstTouch: { source: 'linkedin', campaign: 'late' },
      });
      await context.close();
    });

    it('leaves it to the site at the edge as well, where the page does not wait', async () => {
      const { context, touches } = await newVisitor();
      const page = await context.newPage();
      const answered = touchAnswered(page);
      await page.goto(`${hosts.site}/asks?utm_source=linkedin`);
      expect((await answered).status()).toBe(204);
      expect(await context.cookies()).toEqual([]);

      await consent(page, true);
      expect(touches).toHaveLength(2);
      expect(await cookieSources(context)).toEqual(['linkedin']);
      await context.close();
    });

    it('takes an answer that the page knew before the script had loaded', async () => {
      const { context } = await newVisitor();
      const page = await context.newPage();
      const agreed = touchAnswered(page);
      await page.goto(`${hosts.site}/agreed?utm_source=linkedin`);
      await agreed;
      expect(await cookieSources(context)).toEqual(['linkedin']);

      const refused = touchAnswered(page);
      await page.goto(`${hosts.site}/refused?utm_source=facebook`);
      expect((await refused).request().url()).not.toContain('facebook');
      expect(await journeyCookie(context)).toBeUndefined();
      await context.close();
    });

    it('ends the journey when it is withdrawn, and begins another when it is given again', async () => {
      for (const site of [hosts.site, hosts.otherSite]) {
        const { context } = await newVisitor();
        const page = await clickAd({
          context,
          on: hosts.linkedin,
          to: `${site}/script?utm_source=linkedin`,
          capture: site === hosts.otherSite ? 'crossSiteScript' : 'script',
        });
        await consent(page, true);
        // At once, whatever comes of telling the edge.
        const left = touchAnswered(page);
        expect(await page.evaluate(() => (window.kilde!.consent(false), localStorage.length))).toBe(0);
        await left;
        expect(await journeyCookie(context)).toBeUndefined();
        // The answer has arrived at the browser; the page reads it a moment later.
        await page.waitForFunction(() => localStorage.length === 0 && window.kilde!.journey() === null);

        // Withdrawn while the answer to a new consent is still on its way: the last word counts.
        const last = page.waitForResponse((response) => response.url().includes('c=0'));
        await page.evaluate(() => (window.kilde!.consent(true), window.kilde!.consent(false)));
        await last;
        expect(await journeyCookie(context)).toBeUndefined();
        await page.waitForFunction(() => localStorage.length === 0);

        await consent(page, true);
        if (site === hosts.site) expect(await cookieSources(context)).toEqual(['linkedin']);
        else await page.waitForFunction(() => window.kilde!.journey() !== null);
        await context.close();
      }
    });

    it('keeps no journey under Global Privacy Control; the form still tells its own origin', async () => {
      for (const [site, path] of [
        [hosts.site, '/script'],
        [hosts.otherSite, '/script'],
        [hosts.front, '/bare'],
      ] as const) {
        const { context } = await newVisitor({ extraHTTPHeaders: { 'sec-gpc': '1' } });
        const page = await context.newPage();
        const answered = path === '/script' ? touchAnswered(page) : null;
        await page.goto(`${site}${path}?utm_source=linkedin`);
        await answered;
        expect(await context.cookies()).toEqual([]);
        expect(await page.evaluate(() => localStorage.length)).toBe(0);
        if (path === '/script') {
          const email = `gpc@${new URL(site).hostname}`;
          await sendForm({ page, email, leadsTo: `${site}/thanks` });
          expect(await world.person(email)).toMatchObject({ leadCreation: { source: 'linkedin' } });
        }
        await context.close();
      }
    });
  });

  it('outlives the loss of everything that a script could have set', async () => {
    const { context } = await newVisitor();
    const to = `${hosts.site}/script?utm_source=linkedin`;
    const page = await clickAd({ context, on: hosts.linkedin, to, capture: 'script' });
    await page.evaluate(() => {
      document.cookie = 'visited=yes; max-age=1000';
      localStorage.setItem('visited', 'yes');
    });
    // What Safari does after seven days to what scripts have set.
    const left = await page.evaluate(() => {
      for (const pair of document.cookie.split('; ')) {
        const [name] = pair.split('=');
        for (const domain of ['', '; domain=firma.test']) document.cookie = `${name}=; max-age=0; path=/${domain}`;
      }
      localStorage.clear();
      return document.cookie;
    });
    expect(left).toBe('');
    await page.close();

    const again = await clickAd({
      context,
      on: hosts.facebook,
      to: `${hosts.site}/script?utm_source=facebook`,
      capture: 'script',
    });
    await sendForm({ page: again, email: 'kari@safari.test', leadsTo: `${hosts.site}/thanks` });
    expect(await world.person('kari@safari.test')).toMatchObject({
      firstTouch: { source: 'linkedin' },
      leadCreation: { source: 'facebook' },
    });
    expect(await journeyCookie(context)).toMatchObject({
      httpOnly: true,
      secure: true,
      sameSite: 'Lax',
      domain: '.firma.test',
    });
    await context.close();
  });

  describe('back and forward', () => {
    it.each([
      { name: 'a page that the browser has kept', url: `${hosts.site}/script`, kept: true },
      { name: 'a page that is loaded anew', url: `${hosts.site}/unkept`, kept: false },
      { name: 'a page without script, Kilde in front', url: `${hosts.front}/bare`, kept: true },
    ])('are no arrival: $name', async ({ url, kept }) => {
      const { context } = await newVisitor();
      const page = await context.newPage();
      const hasScript = !url.startsWith(hosts.front);
      // Playwright loses sight of a page that comes out of the back/forward cache: the page itself tells the site.
      await page.addInitScript(() => {
        addEventListener('pageshow', ({ persisted }) => {
          if (location.pathname !== '/ad')
            void fetch(`/shown?${new URLSearchParams({ persisted: `${persisted}`, page: location.search })}`);
        });
      });
      for (const source of ['linkedin', 'facebook'] as const) {
        await page.goto(`${hosts[source]}/ad?to=${encodeURIComponent(`${url}?utm_source=${source}`)}`);
        const answered = hasScript ? touchAnswered(page) : null;
        const shown = world.requested('/shown');
        await Promise.all([page.waitForURL(`${url}?utm_source=${source}`), page.click('a')]);
        await Promise.all([answered, shown]);
      }
      expect(await cookieSources(context)).toEqual(['linkedin', 'facebook']);

      const answered = hasScript && !kept ? touchAnswered(page) : null;
      const shown = world.requested('/shown');
      // Later, so that the answer to this call does not get lost with the page.
      await page.evaluate(() => void setTimeout(() => history.go(-2), 0));
      expect(Object.fromEntries(await shown)).toEqual({ persisted: `${kept}`, page: '?utm_source=linkedin' });
      await answered;
      expect(await cookieSources(context)).toEqual(['linkedin', 'facebook']);
      await context.close();
    });

    it.each([
      { name: 'with the script', url: `${hosts.site}/script`, capture: 'script' },
      { name: 'with Kilde in front', url: `${hosts.front}/bare`, capture: 'front' },
    ] as const)('and a reload of an older page neither, $name', async ({ url, capture }) => {
      const { context, touches } = await newVisitor();
      const older = await clickAd({ context, on: hosts.linkedin, to: `${url}?utm_source=linkedin`, capture });
      await clickAd({ context, on: hosts.facebook, to: `${url}?utm_source=facebook`, capture });
      const answered = capture === 'script' ? touchAnswered(older) : null;
      await older.reload();
      await answered;
      if (capture === 'script') expect(touches.at(-1)!.searchParams.get('n')).toBe('1');
      expect(await cookieSources(context)).toEqual(['linkedin', 'facebook']);
      await context.close();
    });
  });

  describe('the script as a guest', () => {
    it('adds one name to the page', async () => {
      const { context } = await newVisitor();
      const page = await context.newPage();
      await page.goto(`${hosts.site}/bare`);
      const before = await page.evaluate(() => Object.getOwnPropertyNames(window));
      await openWithScript(page, `${hosts.site}/script`);
      const after = await page.evaluate(() => Object.getOwnPropertyNames(window));
      expect(after.filter((name) => !before.includes(name))).toEqual(['kilde']);
      await context.close();
    });

    it('does its part where storage is refused, and never throws', async () => {
      const { context } = await newVisitor();
      await context.addInitScript(() => {
        Object.defineProperty(window, 'localStorage', {
          get() {
            throw new DOMException('refused', 'SecurityError');
          },
        });
      });
      const errors = await watchErrors(context);
      const page = await context.newPage();
      const answered = touchAnswered(page);
      await page.goto(`${hosts.otherSite}/script?utm_source=linkedin`);
      await answered;
      await page.waitForFunction(() => window.kilde!.journey() !== null);
      const token = await page.evaluate(() => window.kilde!.journey());
      expect(readJourney(token)).toHaveLength(1);
      await sendForm({ page, email: 'kari@refused.test', leadsTo: `${hosts.otherSite}/thanks` });
      expect(await world.person('kari@refused.test')).toMatchObject({ firstTouch: { source: 'linkedin' } });
      expect(errors).toEqual([]);
      await context.close();
    });

    it('leaves the page alone where the edge cannot be reached', async () => {
      const { context } = await newVisitor();
      const errors = await watchErrors(context);
      await context.route('**/t?*', (route) => route.abort());
      const page = await context.newPage();
      const failed = page.waitForEvent('requestfailed');
      await page.goto(`${hosts.site}/script?utm_source=linkedin`);
      await failed;
      await sendForm({ page, email: 'kari@offline.test', leadsTo: `${hosts.site}/thanks` });
      expect(await world.person('kari@offline.test')).toMatchObject({ leadCreation: { source: 'linkedin' } });
      expect(errors).toEqual([]);
      await context.close();
    });

    it('keeps what stands behind the # to itself, unless a campaign put it there', async () => {
      const { context, touches } = await newVisitor();
      const page = await context.newPage();
      for (const hash of ['access_token=secret', 'utm_source=linkedin']) {
        const answered = touchAnswered(page);
        await page.goto('about:blank');
        await page.goto(`${hosts.site}/script#${hash}`);
        await answered;
      }
      expect(touches.map((url) => url.searchParams.get('u'))).toEqual([
        `${hosts.site}/script`,
        `${hosts.site}/script#utm_source=linkedin`,
      ]);
      await context.close();
    });

    async function watchErrors(context: BrowserContext): Promise<string[]> {
      const errors: string[] = [];
      context.on('weberror', (error) => errors.push(error.error().message));
      return errors;
    }
  });

  it('begins at a short link, and the page it leads to adds nothing', async () => {
    const { context } = await newVisitor();
    const tags = { source: 'partner-a', medium: 'email', campaign: 'autumn' };
    const links = new Map<string, string>();
    for (const path of ['/bare', '/script']) {
      const { slug } = await world.send('POST', '/links', {
        page: `${hosts.site}${path}`,
        ...tags,
        slug: path.slice(1),
      });
      links.set(path, `${hosts.edge}/l/${slug}`);
    }
    const page = await context.newPage();
    const clickLink = async (path: string) => {
      await page.goto(`${hosts.linkedin}/ad?to=${encodeURIComponent(links.get(path)!)}`);
      await Promise.all([page.waitForURL(`${hosts.site}${path}?utm_source=partner-a&**`), page.click('a')]);
    };
    await clickLink('/bare');
    expect(await cookieSources(context)).toEqual(['partner-a']);

    const answered = touchAnswered(page);
    await clickLink('/script');
    await answered;
    expect(await cookieSources(context)).toEqual(['partner-a']);

    await page.goto(`${hosts.site}/bare`);
    await sendForm({ page, email: 'kari@short-link.test', leadsTo: `${hosts.site}/thanks` });
    expect(await world.person('kari@short-link.test')).toMatchObject({
      firstTouch: { source: 'partner-a', campaign: 'autumn', landingPage: `${hosts.site}/bare` },
      leadCreation: { source: 'partner-a', medium: 'email' },
    });
    const { items } = await world.api('/links');
    expect(items).toMatchObject([
      { slug: 'script', visits: 1 },
      { slug: 'bare', visits: 1 },
    ]);
    await context.close();
  });

  it('is handed over in the answer to a Safari that does not say where it calls from', async () => {
    const ask = (origin: string) =>
      world.fetchAtEdge(`/t?site=default&u=${encodeURIComponent(`${origin}/?utm_source=linkedin`)}`, { origin });
    const crossSite = await ask(hosts.otherSite);
    expect(crossSite.status()).toBe(200);
    expect(readJourney(((await crossSite.json()) as { journey: string }).journey)).toHaveLength(1);
    expect(crossSite.headers()['set-cookie']).toBeUndefined();
    const sameSite = await ask(hosts.site);
    expect(sameSite.status()).toBe(204);
    expect(sameSite.headers()['set-cookie']).toMatch(/^kilde_journey=/);
  });
});
