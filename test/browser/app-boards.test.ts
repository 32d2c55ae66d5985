import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findingsOf, looks, startAppWorld } from '../support/app-world.ts';
import type { AppWorld } from '../support/app-world.ts';
import { describeInBrowser } from '../support/browser-world.ts';

describeInBrowser('boards in the web app', () => {
  let world: AppWorld;
  let api: (method: string, path: string, body?: unknown) => Promise<any>;
  let readers: { id: string };

  beforeAll(async () => {
    world = await startAppWorld();
    api = async (method, path, body) => {
      const response = await fetch(new URL(`/api/v1${path}`, world.url), {
        method,
        headers: { authorization: `Bearer ${world.adminKey}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return response.json();
    };
    const where = { all: [{ field: 'firstTouch.source', op: 'equals', value: 'newsletter' }] };
    readers = await api('POST', '/selections', { name: 'Readers', entity: 'person', kind: 'dynamic', where });
  }, 120_000);
  afterAll(async () => world.close());

  const laneOf = (page: Page, name: string): Locator => page.locator(`.lane[aria-label^="${name}, "]`);
  const countOf = async (lane: Locator): Promise<number> => Number(await lane.locator('header b').first().innerText());
  const statusOf = async (id: string): Promise<string> => (await api('GET', `/people/${id}`)).leadStatus.name;

  it.each(looks)(
    'shows the boards, and axe finds nothing: %o',
    async (look) => {
      const paths = [
        '/app/boards',
        `/app/selections/${readers.id}/board`,
        `/app/selections/${readers.id}/board?groupBy=firstTouch.campaign&rows=owner&totalsBy=deals`,
        '/app/deals/board',
      ];
      for (const path of paths) {
        const { page, context, faults } = await world.open(path, look);
        await page.locator('.kort, .board-list li').first().waitFor();
        await page.waitForLoadState('networkidle');
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect([path, look, wide, faults, await findingsOf(page)]).toEqual([path, look, 0, [], []]);
        await context.close();
      }
    },
    120_000,
  );

  it('moves a card by keys alone, says where it is, and takes the move back', async () => {
    const { page, context, faults } = await world.open(`/app/selections/${readers.id}/board`);
    const [open, contacting] = [laneOf(page, 'Open'), laneOf(page, 'Contacting')];
    const card = open.locator('[data-card]').first();
    await card.waitFor();
    const id = (await card.getAttribute('data-card'))!;
    const name = await card.locator('a').innerText();
    const before = [await countOf(open), await countOf(contacting)] as const;
    const status = page.locator('[aria-live="assertive"]');
    await card.focus();
    await page.keyboard.press('Space');
    await expect.poll(async () => status.innerText()).toContain(`${name} is picked up from Open.`);
    expect(await findingsOf(page)).toEqual([]);
    await page.keyboard.press('ArrowRight');
    await expect.poll(async () => status.innerText()).toContain(`${name}, over Contacting`);
    // Esc puts it back, and nothing is written.
    await page.keyboard.press('Escape');
    await expect.poll(async () => status.innerText()).toBe(`${name} is back in Open.`);
    expect(await statusOf(id)).toBe('Open');
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Space');
    await page.getByText(`${name} moved to Contacting.`).waitFor();
    await expect.poll(async () => statusOf(id)).toBe('Contacting');
    await expect
      .poll(async () => [await countOf(open), await countOf(contacting)])
      .toEqual([before[0] - 1, before[1] + 1]);
    // The focus stays with the card.
    expect(await page.evaluate(() => (document.activeElement as HTMLElement).dataset['card'])).toBe(id);
    await page.getByRole('button', { name: 'Undo' }).focus();
    await page.keyboard.press('Enter');
    await expect.poll(async () => statusOf(id)).toBe('Open');
    expect(faults).toEqual([]);
    await context.close();
  });

  it('says in Norwegian what else a move sets, before it is dropped', async () => {
    const qualified = (await api('GET', '/lead-statuses')).items.find(
      ({ name }: { name: string }) => name === 'Qualified',
    );
    expect(qualified.setsCategory).not.toBeNull();
    const { page, context } = await world.open(`/app/selections/${readers.id}/board`, { locale: 'nb' });
    const people = (
      await api(
        'GET',
        `/people?leadStatus=Open&firstTouch.source=newsletter&company[notEmpty]&limit=200&columns=company.category`,
      )
    ).items;
    const free = people.find((one: Record<string, unknown>) => one['company.category'] === null);
    await page.locator('[data-card]').first().waitFor();
    const card = page.locator(`[data-card="${free.id}"]`);
    while ((await card.count()) === 0) await laneOf(page, 'Open').getByRole('button', { name: / til$/ }).click();
    await card.focus();
    await page.keyboard.press('Space');
    const status = page.locator('[aria-live="assertive"]');
    for (let step = 0; step < 6 && !(await status.innerText()).includes('over Qualified'); step++) {
      await page.keyboard.press('ArrowRight');
    }
    await expect
      .poll(async () => status.innerText())
      .toContain(`Det setter også firmaets kategori til ${qualified.setsCategory.name}.`);
    await page.keyboard.press('Escape');
    await context.close();
  });

  it('moves a card by the pointer, and Esc puts it back', async () => {
    const { page, context, faults } = await world.open(`/app/selections/${readers.id}/board`);
    const card = laneOf(page, 'Open').locator('[data-card]').nth(1);
    await card.waitFor();
    const id = (await card.getAttribute('data-card'))!;
    const drag = async (): Promise<void> => {
      const from = (await page.locator(`[data-card="${id}"]`).boundingBox())!;
      const to = (await laneOf(page, 'Contacting').boundingBox())!;
      await page.mouse.move(from.x + 60, from.y + 30);
      await page.mouse.down();
      await page.mouse.move(from.x + 80, from.y + 40);
      await page.mouse.move(to.x + 80, to.y + 200, { steps: 4 });
    };
    await drag();
    await page.getByText(/^Drops here/).waitFor();
    await page.keyboard.press('Escape');
    await page.getByText(/^Drops here/).waitFor({ state: 'detached' });
    await page.mouse.up();
    expect(await statusOf(id)).toBe('Open');
    await drag();
    await page.mouse.up();
    await expect.poll(async () => statusOf(id)).toBe('Contacting');
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(async () => statusOf(id)).toBe('Open');
    expect(new URL(page.url()).pathname).toBe(`/app/selections/${readers.id}/board`);
    expect(faults).toEqual([]);
    await context.close();
  });

  it('puts a card back that somebody else moved meanwhile, and says where it is', async () => {
    const { page, context } = await world.open(`/app/selections/${readers.id}/board`);
    const card = laneOf(page, 'Open').locator('[data-card]').first();
    await card.waitFor();
    const id = (await card.getAttribute('data-card'))!;
    await api('PATCH', `/people/${id}`, { leadStatus: 'Re-nurture' });
    await card.focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Space');
    await page.getByText(/was not moved to Contacting: somebody set it to Re-nurture meanwhile\./).waitFor();
    await laneOf(page, 'Re-nurture').locator(`[data-card="${id}"]`).waitFor();
    expect(await statusOf(id)).toBe('Re-nurture');
    await context.close();
  });

  it('keeps a layout with the selection', async () => {
    const { page, context } = await world.open(`/app/selections/${readers.id}/board`);
    await page.getByRole('button', { name: /^Columns/ }).click();
    await page.getByRole('combobox', { name: 'Columns' }).fill('owner');
    await page.getByRole('option', { name: 'Owner', exact: true }).click();
    await page.waitForURL(/groupBy=owner/);
    await page.getByRole('button', { name: 'Save layout' }).click();
    await page.getByText('Layout saved.').waitFor();
    expect((await api('GET', `/selections/${readers.id}`)).board.groupBy).toBe('owner');
    await page.reload();
    await page.getByRole('button', { name: 'Columns Owner' }).waitFor();
    await api('PATCH', `/selections/${readers.id}`, { board: null });
    await context.close();
  });

  it('asks for the day and the reason of a lost deal, and links a deal without a lead', async () => {
    const { page, context, faults } = await world.open('/app/deals/board');
    const card = laneOf(page, 'Agreement sent').locator('[data-card]').first();
    await card.waitFor();
    const id = (await card.getAttribute('data-card'))!;
    const to = (await laneOf(page, 'Lost').boundingBox())!;
    await card.focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Space');
    expect(to.width).toBeGreaterThan(0);
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Lost on').fill('2026-08-30');
    await dialog.getByLabel('Why it was lost').fill('Chose another');
    expect(await findingsOf(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Move to Lost' }).click();
    await expect.poll(async () => (await api('GET', `/deals/${id}`)).status).toBe('lost');
    const deal = await api('GET', `/deals/${id}`);
    expect([deal.lostReason, deal.closedAt.slice(0, 10)]).toEqual(['Chose another', '2026-08-29']);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(async () => (await api('GET', `/deals/${id}`)).stage.name).toBe('Agreement sent');
    const link = page.getByRole('button', { name: /^Link / }).first();
    await link.click();
    await page.getByText(/ linked to /).waitFor();
    expect(faults).toEqual([]);
    await context.close();
  });

  it('moves a card on a phone by its own control', async () => {
    const { page, context, faults } = await world.open(`/app/selections/${readers.id}/board`, { width: 390 });
    const card = laneOf(page, 'Open').locator('[data-card]').first();
    await card.waitFor();
    const id = (await card.getAttribute('data-card'))!;
    await card.getByRole('combobox', { name: /^Lead status of / }).selectOption('Contacting');
    await expect.poll(async () => statusOf(id)).toBe('Contacting');
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(async () => statusOf(id)).toBe('Open');
    expect(faults).toEqual([]);
    await context.close();
  });
});
