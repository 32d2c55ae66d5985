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

  it('arranges a dashboard by keys, with announcements, and saves it for one person', async () => {
    const { page, context, faults } = await world.open('/app/overview?period=all');
    await page.getByRole('button', { name: 'Dashboards' }).click();
    await page.getByRole('menuitem', { name: 'Arrange Lead dashboard' }).click();
    await page.waitForURL(/arrange=1/);
    const titles = async () => page.locator('[data-tile] h2').allTextContents();
    await page.getByRole('button', { name: 'Move New leads by campaign' }).focus();
    const before = await titles();
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowRight');
    const said = page.locator('main [aria-live="assertive"]');
    await expect.poll(async () => said.textContent()).toBe('New leads by campaign: row 1, column 2 of 3.');
    expect(await titles()).toEqual([before[1], before[0], ...before.slice(2)]);
    await page.keyboard.press('Shift+ArrowRight');
    await expect.poll(async () => said.textContent()).toBe('New leads by campaign: 2 wide, 1 high.');
    expect(await findingsOf(page)).toEqual([]);
    await page.keyboard.press('Escape');
    expect(await titles()).toEqual(before);
    // The same by keys that drop it; then one tile goes, and another comes.
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: 'Tile menu: New leads from chat' }).click();
    await page.getByRole('menuitem', { name: 'Remove' }).click();
    await page.getByRole('button', { name: 'Add a tile' }).click();
    await page.getByRole('searchbox', { name: 'Find a report' }).fill('time to convert');
    const found = page.getByRole('dialog').getByRole('listitem').getByRole('button');
    await expect.poll(async () => found.count()).toBe(1);
    expect(await findingsOf(page)).toEqual([]);
    await found.click();
    await page.getByRole('textbox', { name: 'Name of the dashboard' }).fill('Mine');
    await page.getByRole('button', { name: 'Save for me' }).click();
    await page.getByRole('heading', { level: 1, name: 'Mine' }).waitFor();
    expect(new URL(page.url()).search).toBe('?period=all');
    // It opens for this person from now on, also after a reload.
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Mine' }).waitFor();
    await page.getByRole('heading', { level: 2, name: 'Time to convert' }).waitFor();
    expect(await page.getByRole('heading', { level: 2, name: 'New leads from chat' }).count()).toBe(0);
    // It is deleted, and comes back by Undo.
    await page.getByRole('button', { name: 'Dashboards' }).click();
    await page.getByRole('menuitem', { name: 'Delete Mine' }).click();
    await page.getByRole('heading', { level: 1, name: 'Lead dashboard' }).waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('heading', { level: 1, name: 'Mine' }).waitFor();
    expect(faults).toEqual([]);
    await context.close();
  });

  it('arranges by pointer, and saves for everybody in place of the built-in dashboard', async () => {
    const { page, context, faults } = await world.open('/app/overview?period=all&arrange=1');
    const handle = page.getByRole('button', { name: 'Move New leads by campaign' });
    await handle.waitFor();
    const titles = async () => page.locator('[data-tile] h2').allTextContents();
    const before = await titles();
    const [from, to] = [await handle.boundingBox(), await page.locator('[data-tile]').nth(2).boundingBox()];
    await page.mouse.move(from!.x + 5, from!.y + 5);
    await page.mouse.down();
    await page.mouse.move(to!.x + 60, to!.y + 60, { steps: 6 });
    await page.mouse.up();
    expect((await titles()).indexOf(before[0]!)).toBe(2);
    await page.getByRole('button', { name: 'Save for everybody' }).click();
    await page.getByRole('button', { name: 'Dashboards' }).waitFor();
    const response = await fetch(new URL('/api/v1/dashboards/default', world.url), {
      headers: { authorization: `Bearer ${world.adminKey}` },
    });
    const saved: Record<string, unknown> = await response.json();
    expect(saved).toMatchObject({ isDefault: true, visibility: 'shared' });
    const moved = (saved['tiles'] as Array<{ reportId: string }>).map(({ reportId }) => reportId);
    expect(moved.slice(2, 4)).toEqual(['new-leads-from-chat', 'new-leads-by-campaign']);
    expect(faults).toEqual([]);
    await context.close();
  });

  it('saves a report, shows what differs from it, sends it by a schedule, and shares it', async () => {
    const { page, context, faults } = await world.open('/app/sources?period=all&dimensions=channel');
    await page.getByRole('button', { name: '+ Filter' }).click();
    await page.getByRole('combobox', { name: 'Filter by' }).selectOption('medium');
    await page.getByRole('searchbox', { name: 'Find a value' }).fill('emai');
    await page.getByRole('checkbox', { name: /^email/ }).check();
    await page.waitForURL(/filter\.medium=email/);
    expect(await findingsOf(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('textbox', { name: 'Name of the report' }).fill('Mail');
    expect(await findingsOf(page)).toEqual([]);
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await page.waitForURL(/\/app\/reports\/\d+\?period=all$/);
    await page.getByRole('heading', { level: 1, name: 'Mail' }).waitFor();
    await page.getByRole('button', { name: 'Remove Medium email' }).waitFor();
    // A change stays in the address until it is saved; the saved one is one click away.
    await page.getByRole('button', { name: 'Remove Medium email' }).click();
    await page.waitForURL(/filter\.medium=\*/);
    await page.getByText('Changed', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Back to the saved one' }).click();
    await page.waitForURL(/\/app\/reports\/\d+\?period=all$/);
    await page.getByRole('button', { name: 'Remove Medium email' }).waitFor();
    // It is found again, in the menu and by search.
    await page.getByRole('button', { name: 'Reports' }).click();
    await page.getByRole('menuitem', { name: /^Mail saved$/ }).waitFor();
    await page.getByRole('menuitem', { name: 'Top lead-capturing forms' }).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('/');
    await page.getByRole('combobox').fill('mail');
    await page.getByRole('option', { name: /^Mail/ }).first().waitFor();
    await page.keyboard.press('Escape');
    // Its schedule, with what would be sent.
    await page.getByRole('button', { name: 'Schedule' }).click();
    await page.getByRole('textbox', { name: /^To/ }).fill('marit@example.com');
    expect(await findingsOf(page)).toEqual([]);
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await page.getByText(/Saved\. It is sent next on/).waitFor();
    await page.getByRole('dialog').locator('pre').waitFor();
    expect(await page.getByRole('dialog').locator('pre').textContent()).toMatch(/Email/);
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
    // A link that opens this report and nothing else.
    await page.getByRole('button', { name: 'Share link' }).click();
    await page.getByRole('textbox', { name: 'For whom' }).fill('Partner B');
    await page.getByRole('button', { name: 'Make the link' }).click();
    const link = await page.getByRole('textbox', { name: 'Link to the report' }).inputValue();
    expect(await findingsOf(page)).toEqual([]);
    expect(link).toMatch(/\/api\/v1\/reports\/\d+\?key=/);
    const shared = await fetch(link);
    expect([shared.status, await shared.text()]).toEqual([200, expect.stringMatching(/^\{"rows":/)]);
    expect((await fetch(link.replace(/reports\/\d+/, 'reports/top-paths'))).status).toBe(403);
    expect(faults).toEqual([]);
    await context.close();
  });

  it('moves and removes parts of the question by keys', async () => {
    const { page, context, faults } = await world.open('/app/sources?period=all');
    await page.getByRole('button', { name: /^Medium: arrow keys/ }).focus();
    await page.keyboard.press('ArrowLeft');
    await page.waitForURL(/dimensions=medium,source/);
    await page.getByText('Medium is number 1 of 2.').waitFor();
    await expect
      .poll(async () => page.evaluate(() => document.activeElement?.getAttribute('aria-label')))
      .toMatch(/^Medium/);
    await page.keyboard.press('Delete');
    await page.waitForURL(/dimensions=source/);
    expect(faults).toEqual([]);
    await context.close();
  });

  it('opens every preset as a report', async () => {
    const { page, context, faults } = await world.open('/app/reports/time-to-convert?period=all');
    await page.getByRole('heading', { level: 1, name: 'Time to convert' }).waitFor();
    await page.getByRole('grid').waitFor();
    await page.goto(new URL('/app/reports/nothing', world.url).href);
    await page.getByRole('alert').waitFor();
    expect(faults).toEqual([]);
    await context.close();
  });

  it('keeps notes on the time line: written by A on a week, changed, deleted and brought back', async () => {
    const { page, context, faults } = await world.open('/app/overview');
    const chart = page.locator('svg.stackchart');
    await chart.focus();
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('a');
    const dialog = page.getByRole('dialog', { name: 'Write a note' });
    await dialog.getByRole('textbox', { name: 'What happened' }).fill('Trade fair');
    expect(await dialog.getByLabel('Day').inputValue()).toBe('2026-08-24');
    expect(await findingsOf(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: /^Change note \d: Trade fair$/ }).click();
    const change = page.getByRole('dialog', { name: 'Change the note' });
    await change.getByRole('textbox', { name: 'What happened' }).fill('Trade fair in Oslo');
    await change.getByRole('button', { name: 'Save' }).click();
    const note = page.getByRole('button', { name: /^Change note \d: Trade fair in Oslo$/ });
    await note.click();
    await change.getByRole('button', { name: 'Delete' }).click();
    await page.getByText('The note was deleted.').waitFor();
    await expect.poll(async () => note.count()).toBe(0);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('button', { name: /^Change note \d: Trade fair/ }).waitFor();
    // Enter shows the chosen week alone.
    await chart.focus();
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Enter');
    await page.waitForURL(/from=2026-08-24&to=2026-08-30/);
    expect(faults).toEqual([]);
    await context.close();
  });

  it('follows new leads without a reload, and without a storm of requests', async () => {
    const { page, context, faults } = await world.open('/app/overview');
    const sentence = page.getByText(/people became leads/);
    const before = await sentence.textContent();
    // The stream begins with what happens from now on.
    await page.waitForResponse(/events\/stream/);
    let reports = 0;
    page.on('request', (request) => (reports += Number(request.url().endsWith('/reports/query'))));
    const headers = { authorization: `Bearer ${world.adminKey}`, 'content-type': 'application/json' };
    for (const name of ['ida', 'per', 'liv']) {
      const items = [{ email: `${name}@live.example`, createdAt: '2026-08-31T10:00:00Z', createdVia: 'chat' }];
      const put = await fetch(new URL('/api/v1/people', world.url), {
        method: 'PUT',
        headers,
        body: JSON.stringify({ items }),
      });
      expect(put.status).toBe(200);
    }
    await page
      .getByRole('status')
      .getByText(/^3 new leads at /)
      .waitFor();
    await expect.poll(async () => sentence.textContent()).not.toBe(before);
    // Each report of the screen once, not once for each lead.
    expect(reports).toBeLessThanOrEqual(5);
    expect(faults).toEqual([]);
    await context.close();
  });

  it('words in Norwegian what Kilde noted itself', async () => {
    const made = await fetch(new URL('/api/v1/aliases', world.url), {
      method: 'POST',
      headers: { authorization: `Bearer ${world.adminKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ field: 'source', values: ['chat-gpt'], canonical: 'chatgpt' }),
    });
    expect(made.status).toBe(201);
    // It is of the server's own day.
    const { page, context } = await world.open('/app/overview?from=2026-01-01&to=2030-12-31', { locale: 'nb' });
    await page.getByText('Retting av kilde: «chat-gpt» telles som «chatgpt»').waitFor();
    await context.close();
  });

  it('counts the site that the bar names, and all sites where it names none', async () => {
    const call = async (method: string, path: string, body?: unknown) =>
      fetch(new URL(`/api/v1${path}`, world.url), {
        method,
        headers: { authorization: `Bearer ${world.adminKey}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    const made = await call('POST', '/sites', { name: 'Shop', domains: ['shop.example'] });
    const { id } = await made.json<{ id: string }>();
    const { page, context, faults } = await world.open(`/app/sources?period=all&site=${id}`);
    await page.getByText('Nothing in this period with these filters').waitFor();
    await page.getByRole('button', { name: 'Site shop.example' }).click();
    await page.getByRole('menuitemradio', { name: 'all sites' }).click();
    await page.getByRole('grid').getByText('newsletter', { exact: true }).first().waitFor();
    expect(new URL(page.url()).searchParams.has('site')).toBe(false);
    expect(faults).toEqual([]);
    await context.close();
    expect((await call('DELETE', `/sites/${id}`)).status).toBe(204);
  });
});
