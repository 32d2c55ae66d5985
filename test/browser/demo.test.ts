import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { describeInBrowser, hosts, startWorld } from '../support/browser-world.ts';
import type { World } from '../support/browser-world.ts';
import { cookieSources, touchAnswered } from '../support/visits.ts';

describeInBrowser('the demo, walked through as a newcomer', () => {
  let world: World;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    context = await world.newContext({ viewport: { width: 360, height: 740 } });
    page = await context.newPage();
  });
  afterEach(() => context.close());

  async function follow(link: string): Promise<void> {
    const answered = touchAnswered(page);
    await page.getByRole('link', { name: link }).click();
    await answered;
  }

  /** Fills in the form and sends it. */
  async function signUp({ email }: { email?: string } = {}): Promise<void> {
    if (email) await page.getByLabel('E-mail').fill(email);
    await page.getByRole('button', { name: 'Sign me up' }).click();
    await page.waitForURL('**/demo/result');
  }

  const pointText = (title: string) =>
    page.locator('.point', { has: page.getByRole('heading', { name: title, exact: true }) }).innerText();
  const isTooWide = () => page.evaluate(() => document.documentElement.scrollWidth > innerWidth);

  it('shows the four points of the worked example', async () => {
    await page.goto(`${hosts.edge}/demo`);
    expect(await isTooWide()).toBe(false);
    await follow('LinkedIn');
    expect(await page.getByRole('complementary').innerText()).toContain('You came by the LinkedIn ad');
    await page.getByRole('link', { name: 'Leave the page' }).click();
    await page.waitForURL('**/demo');
    expect(await page.locator('[aria-current=step]').innerText()).toContain('Facebook');
    await follow('Facebook');
    const email = await page.getByLabel('E-mail').inputValue();
    expect(email).toMatch(/^kari@fjord-\d+\.example$/);
    expect(await isTooWide()).toBe(false);
    await signUp();

    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('This is what Kilde holds');
    expect(await isTooWide()).toBe(false);
    expect(await pointText('First touch')).toMatch(/linkedin \/ paid-social\s+webinar_sept · Paid Social/);
    expect(await pointText('Lead creation')).toMatch(/facebook \/ paid-social\s+webinar_retarget/);
    expect(await pointText('Conversion')).toContain('None: the person was new');
    expect(await pointText('Company source')).toMatch(
      /linkedin \/ paid-social\s+First touch\s+facebook \/ paid-social\s+Lead creation/,
    );
    expect(await world.person(email)).toMatchObject({
      firstTouch: { source: 'linkedin' },
      leadCreation: { source: 'facebook' },
    });

    await follow('newsletter');
    expect(await page.getByLabel('E-mail').inputValue()).toBe(email);
    await signUp();
    expect(await pointText('Conversion')).toContain('newsletter / email');
    expect(await pointText('First touch')).toContain('linkedin');
    expect(await pointText('Lead creation')).toContain('facebook');

    await page.getByRole('button', { name: 'start over' }).click();
    await page.waitForURL('**/demo');
    expect(await cookieSources(context)).toEqual([]);
    await page.goto(`${hosts.edge}/demo/result`);
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Nothing has been sent');
  });

  it('shows nobody but the person created in this browser', async () => {
    await page.goto(`${hosts.edge}/demo/landing`);
    await signUp({ email: 'ola@private.example' });
    expect(await page.locator('main').innerText()).toContain('ola@private.example');
    const cookies = await context.cookies();
    expect(cookies.find(({ name }) => name === 'kilde_demo')).toMatchObject({
      httpOnly: true,
      secure: true,
      path: '/demo',
    });

    const stranger = await world.newContext();
    page = await stranger.newPage();
    await page.goto(`${hosts.edge}/demo/landing?utm_source=spy`);
    await signUp({ email: 'ola@private.example' });
    const shown = await page.locator('main').innerText();
    expect(shown).toContain('This page shows only people created here');
    expect(shown).not.toContain('ola@private.example');
    expect(shown).not.toContain('spy');
    await stranger.close();
  });

  it('says why a form is held back', async () => {
    const answered = touchAnswered(page);
    await page.goto(`${hosts.edge}/demo/landing`);
    await answered;
    await signUp({ email: 'kari@mailinator.com' });
    expect(await page.locator('main').innerText()).toMatch(/Held back as suspected spam[^]*disposable/);
  });

  it('speaks Norwegian to those who prefer it', async () => {
    const norwegian = await world.newContext({ locale: 'nb-NO' });
    page = await norwegian.newPage();
    await page.goto(`${hosts.edge}/demo`);
    expect(await page.getAttribute('html', 'lang')).toBe('no');
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Følg et lead til kilden');
    await norwegian.close();
  });

  it('tells a browser that wants no journey why it sees only half', async () => {
    const guarded = await world.newContext({ extraHTTPHeaders: { 'sec-gpc': '1' } });
    page = await guarded.newPage();
    await page.goto(`${hosts.edge}/demo`);
    expect(await page.getByRole('note').innerText()).toContain('Global Privacy Control');
    await guarded.close();
  });
});
