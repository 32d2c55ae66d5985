import { afterAll, beforeAll, expect, it } from 'vitest';
import { findingsOf, startAppWorld } from '../support/app-world.ts';
import type { AppWorld } from '../support/app-world.ts';
import { describeInBrowser } from '../support/browser-world.ts';

describeInBrowser('the reports of the web app', () => {
  let world: AppWorld;

  beforeAll(async () => {
    world = await startAppWorld();
  }, 120_000);
  afterAll(async () => world.close());

  it('says the same of a rate in its filter as in the sentence that led there', async () => {
    const { page, context, faults } = await world.open('/app/sources?period=all');
    const sentence = page.locator('p.say').first();
    await sentence.waitFor();
    const said = await sentence.textContent();
    const [, source = '', medium = ''] =
      /Leads of (\S+) \/ (\S+) get a deal .* (?:not chance|can be chance)/.exec(said!) ?? [];
    expect(medium).not.toBe('');
    await page.goto(new URL(`/app/sources?period=all&filter.source=${source}&filter.medium=${medium}`, world.url).href);
    await page.getByText('The only row', { exact: true }).waitFor();
    expect(
      await page
        .getByText(/^1 rows?\./)
        .first()
        .textContent(),
    ).toMatch(/^1 row\. /);
    expect(await sentence.textContent()).toBe(said);
    const dot = page.getByRole('grid').locator('tbody .whisk').first();
    const verdict = /that is not chance/.test(said!) ? /differs from the rest$/ : /can be chance$/;
    expect(await dot.getAttribute('aria-label')).toMatch(verdict);
    // All leads without a filter have no rest: no dot is drawn for them.
    await page.goto(new URL('/app/sources?period=all', world.url).href);
    await sentence.waitFor();
    const foot = page.getByRole('grid').locator('tfoot .whisk').first();
    expect(await foot.getAttribute('aria-label')).toMatch(/^[\d.]+.% to [\d.]+.%$/);
    expect(faults).toEqual([]);
    await context.close();
  });

  it('adds a source up over its mediums in one click, and names them in the panel', async () => {
    const { page, context, faults } = await world.open('/app/sources?period=all&why=google,cpc:leads');
    const why = page.getByRole('complementary', { name: 'Why this number' });
    const split = why.getByText(/^google stands in \d+ rows here: .*cpc \d+.*organic \d+|organic \d+.*cpc \d+/);
    const text = (await split.textContent())!;
    const [sum = 0] = /Together (\d+)/.exec(text)!.slice(1).map(Number);
    await why.getByRole('button', { name: 'Add up by source' }).click();
    await page.waitForURL(/dimensions=source$/);
    const row = page.getByRole('grid').getByRole('row', { name: /^google/ });
    await row.first().waitFor();
    await expect.poll(async () => row.count()).toBe(1);
    expect(Number(await row.getByRole('gridcell').first().textContent())).toBe(sum);
    await page.goBack();
    await page.getByRole('button', { name: 'Source alone' }).click();
    await page.waitForURL(/dimensions=source$/);
    expect(await findingsOf(page)).toEqual([]);
    expect(faults).toEqual([]);
    await context.close();
  });

  it('gives no change from days before the first lead, and says since when there is data', async () => {
    const { page, context, faults } = await world.open('/app/overview');
    const line = page
      .locator('.panel', { has: page.getByRole('list') })
      .locator('p.fact')
      .first();
    await page.getByText(/people became leads/).waitFor();
    await page
      .getByText(/No data before \d+ Sept? 2025/)
      .first()
      .waitFor();
    expect(await line.textContent()).toMatch(/No data before/);
    expect(await page.getByText('▲').count()).toBe(0);
    expect(await page.getByText(/than in the same days/).count()).toBe(0);
    // A period that has one before it is compared.
    await page.goto(new URL('/app/overview?period=last30Days&compare=previousPeriod', world.url).href);
    await page
      .getByText(/[▲▼＝]/)
      .first()
      .waitFor();
    expect(await page.getByText(/No data before/).count()).toBe(0);
    expect(faults).toEqual([]);
    await context.close();
  });

  it('says which models give most and least, and calls few deals few', async () => {
    const { page, context, faults } = await world.open('/app/models?measure=revenue&period=all');
    await page.getByRole('heading', { name: 'Revenue by channel' }).waitFor();
    const rows = await page.getByRole('table', { name: 'Revenue by channel' }).getByRole('row').allTextContents();
    // 600 people leave few channels with ten won deals.
    expect(rows.filter((text) => text.endsWith('too few to tell')).length).toBeGreaterThan(3);
    expect(await page.getByText(/Claimed/).count()).toBe(0);
    // What the footnote explains stands in the table.
    await page.goto(new URL('/app/models', world.url).href);
    await page.getByRole('heading', { name: 'Deals by channel' }).waitFor();
    const [columns, notes] = [
      page.getByRole('columnheader', { name: 'Claimed' }),
      page.getByText(/Claimed: the platforms/),
    ];
    await expect.poll(async () => (await columns.count()) === (await notes.count())).toBe(true);
    expect(faults).toEqual([]);
    await context.close();
  });

  it('orders the sources of a phone by what it shows', async () => {
    const { page, context, faults } = await world.open('/app/overview?period=all', { width: 390 });
    const measures = page.getByRole('group', { name: 'Measure' });
    await measures.getByRole('button', { name: 'Revenue' }).click();
    await page.waitForURL(/sort=-revenue/);
    await measures.getByRole('button', { name: 'Rate' }).click();
    await page.waitForURL((url) => !url.search.includes('sort'));
    expect(faults).toEqual([]);
    await context.close();
  });

  it('words the notes of a report in Norwegian', async () => {
    const { page, context } = await world.open(
      '/app/sources?period=all&dimensions=leadStatus&measures=visits,leads&why=Open:leads',
      { locale: 'nb' },
    );
    const why = page.getByRole('complementary', { name: 'Hvorfor dette tallet' });
    await why.getByText('Besøk har ingen verdi etter Leadstatus: se totalen.').waitFor();
    await context.close();
  });
});
