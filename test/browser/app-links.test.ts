import { afterAll, beforeAll, expect, it } from 'vitest';
import { findingsOf, looks, startAppWorld } from '../support/app-world.ts';
import type { AppWorld } from '../support/app-world.ts';
import { describeInBrowser } from '../support/browser-world.ts';

describeInBrowser('links in the web app', () => {
  let world: AppWorld;
  let api: (path: string) => Promise<any>;

  beforeAll(async () => {
    world = await startAppWorld();
    const headers = { authorization: `Bearer ${world.adminKey}` };
    api = async (path) => (await fetch(new URL(`/api/v1${path}`, world.url), { headers })).json();
  }, 120_000);
  afterAll(async () => world.close());

  it.each(looks)(
    'shows the links and the builder, and axe finds nothing: %o',
    async (look) => {
      const { page, context, faults } = await world.open('/app/links?new=1', look);
      await page.locator('table.t tbody tr').first().waitFor();
      await page.waitForLoadState('networkidle');
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect([look, wide, faults, await findingsOf(page)]).toEqual([look, 0, [], []]);
      await context.close();
    },
    60_000,
  );

  it('warns of a near miss while one types, makes the link, corrects it, and archives it with undo', async () => {
    const { page, context, faults } = await world.open('/app/links');
    await page.getByRole('button', { name: 'New link' }).focus();
    await page.keyboard.press('Enter');
    const builder = page.getByRole('region', { name: 'New link' });
    await builder.getByLabel('Page it leads to').waitFor();
    await page.keyboard.type('https://www.byggdrift.example/priser');
    await page.keyboard.press('Tab');
    await page.keyboard.type('Newsleter');
    await page.keyboard.press('Tab');
    await page.keyboard.type('email');
    await builder.getByText(/^“newsleter” looks like newsletter/).waitFor();
    await builder.getByText('Email', { exact: true }).waitFor();
    await builder.getByRole('button', { name: 'Take newsletter' }).click();
    await builder.getByText(/looks like/).waitFor({ state: 'detached' });
    await builder.getByLabel('Short address').fill('price-list');
    await builder.getByLabel('Placements, joined by commas').fill('post, story');
    await builder.getByRole('button', { name: 'Make the link' }).click();
    await page.getByText('Saved.').waitFor();
    const made = async (isArchived = false) => (await api(`/links?slug=price-list&archived=${isArchived}`)).items[0];
    const { source, medium, placements } = await made();
    expect([source, medium, placements.map(({ name }: { name: string }) => name)]).toEqual([
      'newsletter',
      'email',
      ['post', 'story'],
    ]);
    // The code of one place, as SVG and PNG.
    await page.getByRole('button', { name: 'QR code' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Placement').selectOption('story');
    await dialog.getByRole('img', { name: /price-list\?p=story$/ }).waitFor();
    expect(await findingsOf(page)).toEqual([]);
    for (const kind of ['SVG', 'PNG']) {
      const download = page.waitForEvent('download');
      await dialog.getByRole('button', { name: kind, exact: true }).click();
      expect((await download).suggestedFilename()).toBe(`price-list-story.${kind.toLowerCase()}`);
    }
    await page.keyboard.press('Escape');
    const choose = async (what: string): Promise<void> => {
      await page.getByRole('button', { name: 'Do with price-list' }).click();
      await page.getByRole('menuitem', { name: what }).click();
    };
    await choose('Correct the link');
    const correction = page.getByRole('region', { name: 'Correct the link' });
    await correction.getByLabel('Campaign').fill('autumn');
    await correction.getByRole('button', { name: 'Save' }).click();
    await expect.poll(async () => (await made()).campaign).toBe('autumn');
    await choose('Archive');
    await page.getByText('price-list archived. It still leads to its page.').waitFor();
    expect((await made(true)).archivedAt).not.toBeNull();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('price-list is in use again.').waitFor();
    expect((await made()).archivedAt).toBeNull();
    expect(faults).toEqual([]);
    await context.close();
  });
});
