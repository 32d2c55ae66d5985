import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { firstLink } from '../../tools/first-link.ts';
import { findingsOf, looks, startAppWorld } from '../support/app-world.ts';
import type { AppWorld } from '../support/app-world.ts';
import { describeInBrowser } from '../support/browser-world.ts';

describeInBrowser('records in the web app', () => {
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
      const text = await response.text();
      return text === '' ? null : JSON.parse(text);
    };
  }, 120_000);
  afterAll(async () => world.close());

  // Each language, theme and size once: the frame around is tried in all four looks elsewhere.
  it.each([looks[0], { ...looks[3], locale: 'nb' as const }])(
    'shows lists and records, and axe finds nothing: %o',
    async (look) => {
      const [deal] = (await api('GET', '/deals?status=won&sort=-closedAt&limit=1')).items;
      const where = JSON.stringify({
        all: [
          { field: 'firstTouch.source', op: 'oneOf', value: ['newsletter'] },
          { any: [{ has: 'deal', count: { gte: 1 } }, { not: { field: 'leadStatus', op: 'equals', value: 'Open' } }] },
        ],
      });
      const paths = [
        '/app/people',
        `/app/people?where=${encodeURIComponent(where)}`,
        `/app/people/${deal.person.id}`,
        '/app/companies',
        `/app/companies/${deal.company.id}`,
        '/app/deals',
        `/app/deals/${deal.id}`,
      ];
      for (const path of paths) {
        const { page, context, faults } = await world.open(path, look);
        await page.locator('table.t tbody th').first().waitFor();
        await page.waitForLoadState('networkidle');
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect([path, look, wide, faults, await findingsOf(page)]).toEqual([path, look, 0, [], []]);
        await context.close();
      }
    },
    120_000,
  );

  it('finds people by criteria that stand in the address, with the counts of the API', async () => {
    const { page, context, faults } = await world.open('/app/people');
    await page.getByRole('button', { name: '+ Criterion' }).click();
    await page.getByRole('combobox', { name: 'Find a field' }).fill('first so');
    await page.keyboard.press('Enter');
    await page.getByLabel('Value', { exact: true }).fill('newsletter');
    const where = { all: [{ field: 'firstTouch.source', op: 'equals', value: 'newsletter' }] };
    const { count } = await api('POST', '/segments/counts', { entity: 'person', where });
    await page.getByRole('heading', { name: `${count} people` }).waitFor();
    await page.getByText(`${count} left`).waitFor();
    expect(JSON.parse(new URL(page.url()).searchParams.get('where')!)).toEqual(where);
    await page.reload();
    await page.getByRole('heading', { name: `${count} people` }).waitFor();
    expect(await page.getByLabel('Value', { exact: true }).inputValue()).toBe('newsletter');
    expect(faults).toEqual([]);
    await context.close();
  });

  it('is used by keys: arrows move among the cells, Enter opens the person, and the reason of an origin', async () => {
    const { page, context, faults } = await world.open('/app/people');
    await page.locator('[data-row="0"][data-column="0"]').focus();
    const focused = async () =>
      page.evaluate(() => {
        const { row, column } = (document.activeElement as HTMLElement).dataset;
        return [row, column];
      });
    await page.keyboard.press('ArrowDown');
    await expect.poll(focused).toEqual(['1', '0']);
    await page.keyboard.press('Control+End');
    await expect.poll(async () => Number((await focused())[0])).toBeGreaterThan(100);
    await page.keyboard.press('Control+Home');
    await expect.poll(focused).toEqual(['0', '0']);
    const name = await page.locator('[data-row="0"][data-column="0"] a').innerText();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name }).waitFor();
    await page.getByRole('region', { name: 'The four points' }).getByRole('button').first().click();
    await page
      .getByText('The utm values in the address say where')
      .or(page.locator('dl.facts dd').first())
      .first()
      .waitFor();
    expect(faults).toEqual([]);
    await context.close();
  });

  it('sets a status with undo, and shows a conflict where somebody else was quicker', async () => {
    const [person] = (await api('GET', '/people?leadStatus=Open&limit=1')).items;
    const statusNow = async () => (await api('GET', `/people/${person.id}`)).leadStatus.name;
    const { page, context, faults } = await world.open(`/app/people/${person.id}`);
    const choose = async (status: string): Promise<void> => {
      await page.getByRole('button', { name: /^Status/ }).click();
      await page.getByRole('menuitemradio', { name: status, exact: true }).click();
    };
    await choose('Contacting');
    await page.getByText(/set to Contacting\./).waitFor();
    expect(await statusNow()).toBe('Contacting');
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Undone: it is as it was before.').waitFor();
    expect(await statusNow()).toBe('Open');
    await api('PATCH', `/people/${person.id}`, { leadStatus: 'Re-nurture' });
    await choose('Qualified');
    await page.getByText('Somebody set this to Re-nurture meanwhile, while you set it to Qualified.').waitFor();
    expect(await statusNow()).toBe('Re-nurture');
    await page.getByRole('button', { name: 'Keep Qualified' }).click();
    await page.getByText(/set to Qualified\./).waitFor();
    expect(await statusNow()).toBe('Qualified');
    expect(faults).toEqual([]);
    await context.close();
  });

  it('changes chosen rows at once, says first how many, and gives them back', async () => {
    const { page, context, faults } = await world.open('/app/people');
    await page.locator('[data-row="0"][data-column="0"]').focus();
    await page.keyboard.press('Space');
    await page.getByRole('checkbox', { name: 'Choose row 2', exact: true }).check();
    const bar = page.getByRole('region', { name: 'Chosen rows' });
    await bar.getByText(/^2 of/).waitFor();
    const ids = (await api('GET', '/people?sort=-createdAt&limit=2')).items.map(({ id }: { id: string }) => id);
    const owners = async () =>
      Promise.all(ids.map(async (id: string) => (await api('GET', `/people/${id}`)).owner?.name ?? null));
    const before = await owners();
    const [owner] = (await api('GET', '/owners?sort=name&limit=1')).items;
    await bar.getByRole('button', { name: 'Owner' }).click();
    await page.getByRole('menuitem', { name: owner.name }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(/would change/).waitFor();
    expect(await owners()).toEqual(before);
    await dialog.getByRole('button', { name: 'Change them' }).click();
    await dialog.getByRole('button', { name: 'Undo' }).waitFor();
    expect(await owners()).toEqual([owner.name, owner.name]);
    await dialog.getByRole('button', { name: 'Undo' }).click();
    await dialog.getByText('Undone: it is as it was before.').waitFor();
    expect(await owners()).toEqual(before);
    expect(faults).toEqual([]);
    await context.close();
  });

  it('goes from the one-time link to the first lead, which appears by itself', async () => {
    const link = await firstLink({ ...world.database, baseUrl: world.url });
    const { page, context, faults } = await world.open(new URL(link!).pathname + new URL(link!).search, {
      isSignedIn: false,
    });
    await page.getByLabel('Your name').fill('Marit Engelsrud');
    await page.getByLabel('E-mail').fill('marit@tindfoss.example');
    await page.getByLabel('Password, at least 10 characters').fill('a long password');
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByRole('heading', { name: 'Your site' }).waitFor();
    expect(await findingsOf(page)).toEqual([]);
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByRole('heading', { name: 'Your first form' }).waitFor();
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByRole('heading', { name: 'Waiting for the first lead' }).waitFor();
    expect(await findingsOf(page)).toEqual([]);
    // One tab stop: arrows choose, round the end too.
    await page.getByRole('tab').first().focus();
    await page.keyboard.press('ArrowLeft');
    expect(await page.getByRole('tab', { selected: true }).innerText()).toBe(
      await page.getByRole('tab').last().innerText(),
    );
    await page.keyboard.press('Home');
    const action = /action="([^"]+)"/.exec(await page.locator('pre').innerText())![1]!;
    await fetch(action, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        email: 'ola@lead.example',
        name: 'Ola Lead',
        _page: 'https://byggdrift.example/?utm_source=newsletter&utm_medium=email',
      }),
    });
    await page.getByRole('heading', { name: 'The first lead is here' }).waitFor({ timeout: 20_000 });
    await page.getByText('newsletter / email').first().waitFor();
    // The link works once.
    await page.goto(link!);
    await page.getByRole('heading', { name: 'This link cannot be used' }).waitFor();
    expect(faults).toEqual([]);
    await context.close();
  });

  it('shows a deal with its credit to the hundredth, moves it to another stage, and takes that back', async () => {
    const [deal] = (await api('GET', '/deals?status=open&person.firstTouch.source=newsletter&sort=-createdAt&limit=1'))
      .items;
    const stageNow = async () => {
      const { stage, closedAt } = await api('GET', `/deals/${deal.id}`);
      return [stage.name, closedAt];
    };
    const { page, context, faults } = await world.open(`/app/deals/${deal.id}`);
    await page.getByRole('heading', { level: 1, name: deal.name }).waitFor();
    const credit = page.getByRole('grid', { name: 'Credit' });
    await credit.getByRole('row', { name: /^Together/ }).waitFor();
    const cells = await credit.locator('tbody td:last-child, tfoot td:last-child').allInnerTexts();
    const hundredths = cells.map((text) => Math.round(Number(text.replaceAll(/[^\d.]/g, '')) * 100));
    const total = hundredths.pop();
    expect([hundredths.reduce((sum, one) => sum + one, 0), hundredths.length > 0]).toEqual([total, true]);
    expect(total).toBe(Math.round(Number(deal.amount) * 100));

    await page.getByRole('button', { name: /^Stage/ }).click();
    await page.getByRole('menuitemradio', { name: 'Won', exact: true }).click();
    await page.getByLabel('Won on which day?').fill('2026-01-05');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText(`${deal.name} is in Won.`).waitFor();
    // Midnight of that day by the clocks of the site.
    expect(await stageNow()).toEqual(['Won', '2026-01-04T23:00:00.000Z']);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Undone: it is as it was before.').waitFor();
    expect(await stageNow()).toEqual([deal.stage.name, null]);

    await page.getByRole('button', { name: 'Edit', exact: true }).click();
    await page.getByLabel('Next step').fill('Ring on Monday');
    await api('PATCH', `/deals/${deal.id}`, { nextStep: { text: 'Write', day: null } });
    await page.keyboard.press('Enter');
    await page.getByText('Somebody set this to Write meanwhile, while you set it to what you typed.').waitFor();
    await page.getByRole('button', { name: 'Keep what you typed' }).click();
    await page.getByText(`${deal.name} is saved.`).waitFor();
    expect((await api('GET', `/deals/${deal.id}`)).nextStep.text).toBe('Ring on Monday');
    expect(faults).toEqual([]);
    await context.close();
  });

  it('builds a criterion by keys alone, and keeps the last rows while a value is half typed', async () => {
    const { page, context, faults } = await world.open('/app/people');
    const people = page.getByRole('region', { name: 'People', exact: true });
    const heading = people.getByRole('heading', { level: 2, name: /^\d.* people$/ });
    const all = await heading.innerText();
    await page.getByRole('button', { name: '+ Criterion' }).focus();
    await page.keyboard.press('Enter');
    const isFocused = async (locator: Locator) => locator.evaluate((element) => element === document.activeElement);
    await expect.poll(async () => isFocused(page.getByRole('combobox', { name: 'Find a field' }))).toBe(true);
    const fields = page.getByRole('listbox', { name: 'Fields' });
    expect(await fields.getByRole('option', { selected: true }).count()).toBe(0);
    await page.keyboard.type('first so');
    await page.keyboard.press('Enter');
    await expect.poll(async () => isFocused(page.locator('select[data-operator]'))).toBe(true);
    await page.keyboard.press('Enter');
    await expect.poll(async () => isFocused(page.getByLabel('Value', { exact: true }))).toBe(true);

    await page.keyboard.type('newsl');
    await page.getByText('0 left').waitFor();
    expect(await heading.innerText()).toBe(all);
    expect(await people.getAttribute('aria-busy')).toBe('true');
    await page.keyboard.type('etter');
    const where = { all: [{ field: 'firstTouch.source', op: 'equals', value: 'newsletter' }] };
    const { count } = await api('POST', '/segments/counts', { entity: 'person', where });
    await page.getByRole('heading', { name: `${count} people` }).waitFor();
    await page.keyboard.type('x');
    await page.getByText('0 left').waitFor();
    expect(await heading.innerText()).toBe(`${count} people`);
    // Enter says that the value is whole.
    await page.keyboard.press('Enter');
    await page.getByText('Nothing fits these criteria').waitFor();
    expect(faults).toEqual([]);
    await context.close();
  });

  it('filters by a bar of "By status", by click and by Enter, and marks it', async () => {
    const { page, context, faults } = await world.open('/app/people');
    const countOf = async (value: string): Promise<number> => {
      const where = { field: 'leadStatus', op: 'equals', value };
      return (await api('POST', '/segments/counts', { entity: 'person', where })).count;
    };
    const bars = page.getByRole('list', { name: 'By status' });
    const bar = (name: string) => bars.getByRole('button', { name: new RegExp(`^${name} `) });
    const [open, qualified] = [await countOf('Open'), await countOf('Qualified')];
    await bar('Open').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: `${open} people` }).waitFor();
    expect(await bar('Open').getAttribute('aria-pressed')).toBe('true');
    // The other bars stay as they were.
    expect(await bar('Qualified').innerText()).toContain(String(qualified));
    await bar('Qualified').click();
    await page.getByRole('heading', { name: `${qualified} people` }).waitFor();
    expect(await bar('Open').getAttribute('aria-pressed')).toBe('false');
    expect(await findingsOf(page)).toEqual([]);
    await bar('Qualified').click();
    await expect.poll(() => new URL(page.url()).searchParams.get('where')).toBe(null);
    expect(faults).toEqual([]);
    await context.close();
  });

  it('leads to a selection after it was saved, and search finds records of every kind', async () => {
    const where = JSON.stringify({ all: [{ field: 'firstTouch.source', op: 'equals', value: 'newsletter' }] });
    const { page, context, faults } = await world.open(`/app/people?where=${encodeURIComponent(where)}`);
    await page.getByRole('button', { name: 'Save as selection' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Readers of the letter');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('link', { name: 'Open the selection' }).click();
    await page.getByRole('heading', { level: 1, name: 'Readers of the letter' }).waitFor();
    expect(page.url()).toMatch(/\/app\/selections\/\d+/);

    const [deal] = (await api('GET', '/deals?limit=1')).items;
    const [form] = (await api('GET', '/forms?limit=1')).items;
    const [link] = (await api('GET', '/links?limit=1')).items;
    const wanted: Array<[string, string]> = [
      ['Readers of the letter', 'selection'],
      [deal.name, 'deal'],
      ['Lead qualification', 'report'],
      [form.name, 'form'],
      [link.slug, 'link: what it brought'],
    ];
    for (const [words, kind] of wanted) {
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox', { name: 'Search or jump to' }).fill(words);
      const found = page.getByRole('option', { name: new RegExp(`^${RegExp.escape(words)}.*${kind}$`) });
      await found.first().click();
      await page.getByRole('combobox', { name: 'Search or jump to' }).waitFor({ state: 'detached' });
      const places: Record<string, string> = {
        selection: '/app/selections/',
        deal: `/app/deals/${deal.id}`,
        report: '/app/reports/',
        form: `/app/forms/${form.id}`,
      };
      await page.waitForURL((url) => url.pathname.startsWith(places[kind] ?? '/app/sources'));
      await page.getByRole('heading', { level: 1 }).waitFor();
    }
    expect(faults).toEqual([]);
    await context.close();
  });

  it('says why an origin is so: what was sent, what a correction shows it as, and what was passed over', async () => {
    const [form] = (await api('GET', '/forms?limit=1')).items;
    await fetch(form.action, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        email: 'sent@lead.example',
        name: 'Sent Otherwise',
        _page: 'https://byggdrift.example/guide?utm_source=nws-letter&utm_medium=email&gclid=abc123',
      }),
    });
    const alias = await api('POST', '/aliases', { field: 'source', values: ['nws-letter'], canonical: 'newsletter' });
    const found = async () => (await api('GET', '/people?email=sent@lead.example')).items[0];
    await expect.poll(found).toBeDefined();
    const person = await found();
    const { page, context, faults } = await world.open(`/app/people/${person.id}`);
    const points = page.getByRole('region', { name: 'The four points' });
    await points.getByText('sent as “nws-letter / email”').first().waitFor();
    await points.getByRole('button', { name: 'newsletter / email' }).first().click();
    const why = page.locator('.trail dl.facts');
    await why.getByText('https://byggdrift.example/guide').waitFor();
    const text = await why.innerText();
    expect(text).toContain('utm_source=nws-letter');
    expect(text).toContain('gclid=abc123');
    expect(text).toContain('None was sent.');
    expect(text).toContain('“nws-letter” was sent, and is shown as “newsletter”');
    expect(text).toContain('gclid was not used');
    expect(await findingsOf(page)).toEqual([]);
    // The list shows what reports show.
    const where = JSON.stringify({ all: [{ field: 'email', op: 'equals', value: 'sent@lead.example' }] });
    await page.goto(new URL(`/app/people?where=${encodeURIComponent(where)}`, world.url).href);
    await page
      .getByRole('row', { name: /Sent Otherwise/ })
      .getByRole('button', { name: 'newsletter' })
      .first()
      .waitFor();
    expect(await page.getByText('nws-letter').count()).toBe(0);
    await api('DELETE', `/aliases/${alias.id}`);
    expect(faults).toEqual([]);
    await context.close();
  });

  it('goes on to the next and previous record of the list by J and K, and back to the list', async () => {
    const { page, context, faults } = await world.open('/app/deals');
    const nameAt = async (row: number) => page.locator(`[data-row="${row}"][data-column="0"] a`).innerText();
    const names = [await nameAt(0), await nameAt(1)];
    await page.locator('[data-row="0"][data-column="0"] a').click();
    const heading = page.getByRole('heading', { level: 1 });
    await expect.poll(async () => heading.innerText()).toBe(names[0]);
    await page.keyboard.press('j');
    await expect.poll(async () => heading.innerText()).toBe(names[1]);
    await page.keyboard.press('k');
    await expect.poll(async () => heading.innerText()).toBe(names[0]);
    // Before the first there is none.
    await page.keyboard.press('k');
    await page.getByRole('button', { name: 'Edit', exact: true }).waitFor();
    await page.keyboard.press('e');
    await page.getByLabel('Next step').waitFor();
    await page.keyboard.press('Escape');
    await page.getByLabel('Next step').waitFor({ state: 'detached' });
    await page.goBack();
    await expect.poll(async () => heading.innerText()).toBe('Deals');
    expect(faults).toEqual([]);
    await context.close();
  });
});
