import { afterAll, beforeAll, expect, it } from 'vitest';
import { findingsOf, looks, startAppWorld } from '../support/app-world.ts';
import type { AppWorld } from '../support/app-world.ts';
import { describeInBrowser } from '../support/browser-world.ts';

describeInBrowser('forms in the web app', () => {
  let world: AppWorld;
  let api: (method: string, path: string, body?: unknown) => Promise<any>;

  beforeAll(async () => {
    world = await startAppWorld();
    api = async (method, path, body) => {
      const response = await fetch(new URL(`/api/v1${path}`, world.url), {
        method,
        headers: { authorization: `Bearer ${world.adminKey}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return response.status === 204 ? null : response.json();
    };
  }, 120_000);
  afterAll(async () => world.close());

  const send = async (form: string, fields: object): Promise<Response> =>
    fetch(new URL(`/f/${form}`, world.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(fields),
    });

  it.each(looks)(
    'shows the forms, the quarantine and a form, and axe finds nothing: %o',
    async (look) => {
      for (const path of ['/app/forms', '/app/forms?tab=quarantine', '/app/forms/kontakt']) {
        const { page, context, faults } = await world.open(path, look);
        await page.locator('table.t tbody tr').first().waitFor();
        await page.waitForLoadState('networkidle');
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect([path, look, wide, faults, await findingsOf(page)]).toEqual([path, look, 0, [], []]);
        await context.close();
      }
    },
    120_000,
  );

  it('makes a form by keys alone, and shows what is pasted into the page', async () => {
    const { page, context, faults } = await world.open('/app/forms');
    await page.getByRole('button', { name: 'New form' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByLabel('Name').waitFor();
    await page.keyboard.type('Price list');
    expect(await findingsOf(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Price list' }).waitFor();
    const id = new URL(page.url()).pathname.split('/').at(-1)!;
    const { action } = await api('GET', `/forms/${id}`);
    expect(await page.locator('pre').innerText()).toContain(`<form action="${action}" method="post">`);
    await page.getByRole('tab', { name: 'React' }).click();
    expect(await page.locator('pre').innerText()).toContain('export function Contact()');
    // Off and on again, at once.
    const takes = page.getByRole('switch', { name: 'Accepts forms' });
    await takes.focus();
    await page.keyboard.press('Space');
    await page.getByText('It accepts nothing.').waitFor();
    expect((await api('GET', `/forms/${id}`)).enabled).toBe(false);
    await takes.click();
    await page.getByText('It accepts nothing.').waitFor({ state: 'detached' });
    // Settings: only what changed is sent.
    await page.getByRole('button', { name: 'Settings' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Thank you, where there is no next page').fill('We call you today.');
    await dialog.getByLabel('Senders that nobody knows').selectOption('manualIfUnknown');
    expect(await findingsOf(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('region', { name: 'Waiting for approval' }).waitFor();
    const form = await api('GET', `/forms/${id}`);
    expect([form.thankYou, form.mode, form.redirectUrl]).toEqual(['We call you today.', 'manualIfUnknown', null]);
    // Somebody nobody knows waits, and is let in.
    await send(id, { email: 'ny@stranger.example', message: 'Please call me' });
    await page.reload();
    await page.getByRole('button', { name: 'Approve: ny@stranger.example' }).click();
    await page.getByText('Approved: it counts with the time it was sent.').waitFor();
    expect((await api('GET', '/people?email=ny@stranger.example&count=true')).count).toBe(1);
    expect(faults).toEqual([]);
    await context.close();
  });

  it('lets one submission out of quarantine, and discards alike ones after saying how many', async () => {
    await send('kontakt', { email: 'real@held.example', message: 'hello', _gotcha: 'x' });
    for (const sender of ['a', 'b']) {
      const message = `We make your website first on every search engine, offer ${sender === 'a' ? 11 : 12}.`;
      await send('kontakt', { email: `${sender}@rank.example`, message, _gotcha: 'x' });
    }
    const { page, context, faults } = await world.open('/app/forms/kontakt');
    const panel = page.getByRole('region', { name: 'Quarantine' });
    const before = (await api('GET', '/forms/kontakt/statistics')).quarantined;
    await panel.getByRole('button', { name: 'Release: real@held.example' }).click();
    await panel.getByText('Let through, with the time it was sent.').waitFor();
    expect((await api('GET', '/people?email=real@held.example&count=true')).count).toBe(1);
    const row = panel.getByRole('row').filter({ hasText: 'We make your website first' });
    await row.getByRole('button', { name: '2 alike', exact: true }).click();
    await panel.getByText('b@rank.example').first().waitFor();
    await row.getByRole('button', { name: 'Discard: 2 alike' }).click();
    const dialog = page.getByRole('dialog', { name: 'Discard 2 submissions?' });
    expect(await findingsOf(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Discard' }).click();
    await panel.getByText('2 discarded.').waitFor();
    expect((await api('GET', '/forms/kontakt/statistics')).quarantined).toBe(before - 3);
    expect(faults).toEqual([]);
    await context.close();
  });

  it('marks what got through as spam, says first how many, and takes it back', async () => {
    await send('kontakt', { email: 'pest@got-through.example', message: 'Buy our list of addresses today' });
    const { page, context, faults } = await world.open('/app/forms/kontakt');
    const row = page.getByRole('region', { name: 'Latest submissions' }).getByRole('row');
    await row.filter({ hasText: 'pest@got-through.example' }).getByRole('button', { name: 'Spam' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Submissions that go: 1. People who go with them: 1.').waitFor();
    expect(await findingsOf(page)).toEqual([]);
    const isThere = async () => (await api('GET', '/people?email=pest@got-through.example&count=true')).count;
    expect(await isThere()).toBe(1);
    await dialog.getByRole('button', { name: 'Mark all as spam' }).click();
    await dialog.getByText(/^Marked as spam: 1\./).waitFor();
    expect(await isThere()).toBe(0);
    await dialog.getByRole('button', { name: 'Undo' }).click();
    await dialog.getByText('Undone').waitFor();
    expect(await isThere()).toBe(1);
    expect(faults).toEqual([]);
    await context.close();
  });

  it('says why a page cannot be checked', async () => {
    const { page, context } = await world.open('/app/forms/kontakt');
    await page.getByLabel('The page that the form stands on').fill('https://127.0.0.1/demo');
    await page.getByRole('button', { name: 'Check', exact: true }).click();
    await page.getByText('The page was not checked.').or(page.getByText('mend this')).first().waitFor();
    expect(await findingsOf(page)).toEqual([]);
    await context.close();
  });
});
