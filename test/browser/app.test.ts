import { afterAll, beforeAll, expect, it } from 'vitest';
import { findingsOf, looks, startAppWorld } from '../support/app-world.ts';
import type { AppWorld } from '../support/app-world.ts';
import { describeInBrowser } from '../support/browser-world.ts';

/** Every screen, with words that it shows once its answers are there: in English, in Norwegian. */
const screens: Array<[path: string, en: RegExp, nb: RegExp]> = [
  ['/app/overview', /9 more sources|\d+ more sources|All \d+ sources/, /Alle \d+ kilder/],
  ['/app/sources', /Every|All \d+/, /Alle \d+/],
  [
    '/app/sources?attribution=firstTouch,leadCreation,linear,markov&why=newsletter,email:leadsWithDeal',
    /Won revenue by model/,
    /etter modell/,
  ],
  ['/app/models', /Deals by channel/, /Avtaler etter kanal/],
  ['/app/overview?arrange=1', /Add a tile/, /Legg til en flis/],
  ['/app/reports/top-referring-sites?period=all', /All \d+|Every/, /Alle \d+/],
  ['/app/more', /Companies/, /Firma/],
  ['/app/nothing-here', /There is no screen at this address yet/, /ingen skjerm på denne adressen/],
];

describeInBrowser('the web app', () => {
  let world: AppWorld;

  beforeAll(async () => {
    world = await startAppWorld();
  }, 120_000);
  afterAll(async () => world.close());

  it.each(looks)(
    'shows every screen, and axe finds nothing: %o',
    async (look) => {
      for (const [path, en, nb] of screens) {
        const { page, context, faults } = await world.open(path, look);
        await page
          .getByRole('main')
          .getByText(look.locale === 'en' ? en : nb)
          .first()
          .waitFor();
        await page.waitForLoadState('networkidle');
        expect(await page.locator('html').getAttribute('lang')).toBe(look.locale);
        // Nothing is wider than the window.
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect([path, look, wide]).toEqual([path, look, 0]);
        expect([path, look, faults, await findingsOf(page)]).toEqual([path, look, [], []]);
        await context.close();
      }
    },
    120_000,
  );

  it('is used by keys alone', async () => {
    const { page, context, faults } = await world.open('/app/');
    await page.getByRole('heading', { level: 1, name: 'Lead dashboard' }).waitFor();
    // The scope: a digit chooses a preset, Esc closes, and the address has it.
    await page.keyboard.press('.');
    await page.getByRole('dialog', { name: 'Period, comparison and credit' }).waitFor();
    await page.keyboard.press('5');
    await page.waitForURL(/\?period=thisMonth$/);
    // Old numbers are dimmed until the new ones are there.
    await page.locator('.dim').first().waitFor({ state: 'detached' });
    expect(await findingsOf(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    // G and a letter, with the scope; back again.
    await page.keyboard.press('g');
    await page.keyboard.press('p');
    await page.waitForURL(/\/app\/people\?period=thisMonth$/);
    await page.goBack();
    await page.waitForURL(/\/app\/overview\?period=thisMonth$/);
    // Search: what is chosen opens.
    await page.keyboard.press('/');
    await page.getByRole('combobox').waitFor();
    await page.keyboard.type('all time');
    await page.getByRole('option', { name: /Set period to all time/ }).waitFor();
    expect(await findingsOf(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\?period=all$/);
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    expect(await findingsOf(page)).toEqual([]);
    await page.keyboard.press('Escape');
    // A table has one tab stop; arrows move in it, and the line below says what has focus.
    const table = page.getByRole('grid', { name: /Sources by leads/ });
    await table.locator('tbody [tabindex="0"]').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('End');
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    const line = page.locator('.panel', { has: table }).locator('p.fact');
    await expect.poll(async () => line.textContent()).toMatch(/: \d+ leads$/);
    expect(faults).toEqual([]);
    await context.close();
  });

  it('leads from a source to its report, and from a number to the rows that it counts', async () => {
    const { page, context, faults } = await world.open('/app/overview');
    // Which source brought most won revenue? It stands in the sentence; its number is one click away.
    await page.getByText(/Most won revenue came from/).waitFor();
    const table = page.getByRole('grid', { name: /Sources by leads/ });
    await table
      .getByRole('row', { name: /newsletter/ })
      .getByRole('gridcell')
      .nth(2)
      .click();
    await page.waitForURL(/\/app\/sources\?why=newsletter,email:leadsWithDeal$/);
    const why = page.getByRole('complementary', { name: 'Why this number' });
    await why.getByText('of them have at least one deal so far').waitFor();
    await why.getByText(/^The \d+ rows$/).waitFor();
    const counted = Number(/\d+/.exec((await why.getByText(/^The \d+ rows$/).textContent()) ?? '')?.[0]);
    expect(await why.getByRole('heading', { level: 2 }).textContent()).toBe(`Why ${counted}?`);
    expect(await why.locator('tbody tr').count()).toBe(Math.min(5, counted));
    // The others follow.
    await why.getByRole('button', { name: 'Show more' }).click();
    await expect.poll(async () => why.locator('tbody tr').count()).toBe(Math.min(55, counted));
    // Esc closes it, and the address loses it; a model more is a column more, in the address.
    await page.keyboard.press('Escape');
    await page.waitForURL(/\/app\/sources$/);
    await page.getByRole('button', { name: '+ model' }).click();
    await page.getByRole('menuitem', { name: /First touch/ }).click();
    await page.waitForURL(/attribution=leadCreation,firstTouch$/);
    await page.getByRole('heading', { name: 'Won revenue by model' }).waitFor();
    await page.goBack();
    await page.waitForURL(/\/app\/sources$/);
    expect(faults).toEqual([]);
    await context.close();
  });

  it('asks to sign in, and goes on where one was', async () => {
    const { page, context, faults } = await world.open('/app/overview?period=previousYear', { isSignedIn: false });
    await page.waitForURL(/\/app\/sign-in\?to=/);
    await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
    expect(await findingsOf(page)).toEqual([]);
    await page.getByText('Use an API key').click();
    await page.getByLabel(/API key, kept/).fill('wrong');
    await page.getByRole('button', { name: 'Go on with the key' }).click();
    await page.getByRole('alert').waitFor();
    await page.getByLabel(/API key, kept/).fill(world.adminKey);
    await page.getByRole('button', { name: 'Go on with the key' }).click();
    await page.waitForURL(/\/app\/overview\?period=previousYear$/);
    await page.getByRole('heading', { level: 1, name: 'Lead dashboard' }).waitFor();
    expect(page.url()).not.toContain(world.adminKey);
    expect(faults).toEqual([]);
    await context.close();
  });

  it('says what could not be answered, with its reference, and leaves the rest', async () => {
    const { page, context } = await world.open('/app/more');
    await page.route('**/api/v1/attention', async (route) =>
      route.fulfill({
        status: 422,
        contentType: 'application/problem+json',
        body: JSON.stringify({ code: 'invalid_input', detail: 'Made to fail.', requestId: '0123456789abcdef' }),
      }),
    );
    await page.goto(new URL('/app/overview', world.url).href);
    await page.getByText('Made to fail.').waitFor();
    await page.getByText('Reference 01234567.').waitFor();
    await page.getByText(/All \d+ sources/).waitFor();
    await context.setOffline(true);
    await page.getByText(/No connection since/).waitFor();
    await context.setOffline(false);
    await page.getByText(/No connection since/).waitFor({ state: 'detached' });
    await context.close();
  });
});
