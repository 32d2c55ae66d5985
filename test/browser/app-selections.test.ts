import { afterAll, beforeAll, expect, it } from 'vitest';
import { findingsOf, looks, startAppWorld } from '../support/app-world.ts';
import type { AppWorld } from '../support/app-world.ts';
import { describeInBrowser } from '../support/browser-world.ts';

const newsletter = { field: 'firstTouch.source', op: 'equals', value: 'newsletter' };

describeInBrowser('selections in the web app', () => {
  let world: AppWorld;
  let api: (method: string, path: string, body?: unknown) => Promise<any>;
  let made: Record<'readers' | 'qualified' | 'invited' | 'both', { id: string }>;

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
    const make = async (body: object): Promise<{ id: string }> => api('POST', '/selections', body);
    const readers = await make({ name: 'Readers', entity: 'person', kind: 'dynamic', where: { all: [newsletter] } });
    const status = { field: 'leadStatus', op: 'equals', value: 'Qualified' };
    const qualified = await make({ name: 'Qualified', entity: 'person', kind: 'dynamic', where: { all: [status] } });
    const invited = await make({ name: 'Invited', entity: 'person', description: 'Got the letter in October' });
    await api('POST', `/selections/${invited.id}/members`, { where: { all: [newsletter, status] } });
    const combine = { firstId: readers.id, secondId: qualified.id, op: 'both' };
    const both = await make({ name: 'Readers who qualified', entity: 'person', kind: 'combined', combine });
    made = { readers, qualified, invited, both };
  }, 120_000);
  afterAll(async () => world.close());

  const membersOf = async (id: string): Promise<number> => (await api('GET', `/selections/${id}`)).memberCount;

  it.each(looks)(
    'shows the list and each kind, and axe finds nothing: %o',
    async (look) => {
      const paths = [
        `/app/selections?first=${made.readers.id}&second=${made.qualified.id}`,
        ...Object.values(made).map(({ id }) => `/app/selections/${id}`),
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

  it('makes one, finds who is in it, saves the criteria, and takes the save back', async () => {
    const { page, context, faults } = await world.open('/app/selections');
    await page.getByRole('button', { name: 'New selection' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('From Google');
    expect(await findingsOf(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Make it' }).click();
    await page.getByRole('heading', { level: 1, name: 'From Google' }).waitFor();
    const id = new URL(page.url()).pathname.split('/').at(-1)!;
    const everybody = await membersOf(id);
    await page.getByRole('button', { name: '+ Criterion' }).click();
    await page.getByRole('combobox', { name: 'Find a field' }).fill('first so');
    await page.keyboard.press('Enter');
    await page.getByLabel('Value', { exact: true }).fill('google');
    const where = { all: [{ ...newsletter, value: 'google' }] };
    const { count } = await api('POST', '/segments/counts', { entity: 'person', where });
    await page.getByText(`It would hold ${count} instead of ${everybody}.`).waitFor();
    // Nothing is saved before somebody says so; the address keeps it.
    expect(await membersOf(id)).toBe(everybody);
    await page.reload();
    await page.getByText(`It would hold ${count} instead of ${everybody}.`).waitFor();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Saved.').waitFor();
    expect((await api('GET', `/selections/${id}`)).where).toEqual(where);
    expect(new URL(page.url()).search).toBe('');
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Saved.').waitFor({ state: 'detached' });
    expect(await membersOf(id)).toBe(everybody);
    expect(faults).toEqual([]);
    await context.close();
  });

  it('shows a conflict where somebody changed the criteria meanwhile, and overwrites nothing', async () => {
    const { id } = await api('POST', `/selections/${made.readers.id}/copy`, { name: 'Contested' });
    const { page, context } = await world.open(`/app/selections/${id}`);
    await page.getByLabel('Value', { exact: true }).fill('linkedin');
    await page.getByText('Not saved yet.').waitFor();
    const theirs = { all: [{ ...newsletter, value: 'google' }] };
    await api('PATCH', `/selections/${id}`, { where: theirs });
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Somebody changed this selection meanwhile.').waitFor();
    expect((await api('GET', `/selections/${id}`)).where).toEqual(theirs);
    await page.getByRole('button', { name: 'Take theirs' }).click();
    await expect.poll(async () => page.getByLabel('Value', { exact: true }).inputValue()).toBe('google');
    // Another part that changed is no conflict.
    await page.getByLabel('Value', { exact: true }).fill('linkedin');
    await page.getByText('Not saved yet.').waitFor();
    await api('PATCH', `/selections/${id}`, { description: 'Changed elsewhere' });
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Saved.').waitFor();
    expect((await api('GET', `/selections/${id}`)).where.all[0].value).toBe('linkedin');
    await context.close();
  });

  it('combines two, with the count of each way before it is saved', async () => {
    const { page, context, faults } = await world.open('/app/selections');
    await page.getByLabel('First').selectOption({ value: made.readers.id });
    await page.getByLabel('Second').selectOption({ value: made.qualified.id });
    const [first, second, both] = [
      await membersOf(made.readers.id),
      await membersOf(made.qualified.id),
      await membersOf(made.both.id),
    ];
    const ways = page.getByRole('radio');
    const texts = async (): Promise<number[]> =>
      (await ways.allInnerTexts()).map((text) => Number(/\d+$/.exec(text.replaceAll(/\s/g, ''))?.[0]));
    await expect
      .poll(texts)
      .toEqual([first - both, second - both, both, first + second - 2 * both, first + second - both]);
    await page.getByRole('radio', { name: /Only in the first/ }).click();
    await page.getByRole('button', { name: `Save and keep today’s ${first - both}` }).click();
    await page.getByRole('heading', { level: 1, name: 'Readers, not Qualified' }).waitFor();
    await page.getByRole('heading', { name: `${first - both} people` }).waitFor();
    const id = new URL(page.url()).pathname.split('/').at(-1)!;
    expect((await api('GET', `/selections/${id}`)).kind).toBe('static');
    expect(faults).toEqual([]);
    await context.close();
  });

  it('refuses to delete one that is used, and says by what', async () => {
    const { page, context } = await world.open(`/app/selections/${made.readers.id}`);
    await page.getByRole('button', { name: 'Delete' }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete “Readers”?' });
    await dialog.getByText(/^What is in it stays: \d+ people\.$/).waitFor();
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await dialog.getByText('“Readers who qualified”').waitFor();
    expect(await findingsOf(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    // Its copy is used by nothing.
    await page.getByRole('button', { name: 'Copy', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Readers, copy' }).waitFor();
    const id = new URL(page.url()).pathname.split('/').at(-1)!;
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.waitForURL(/\/app\/selections$/);
    expect((await api('GET', `/selections/${id}`)).code).toBe('not_found');
    await context.close();
  });

  it('takes members out of a static one and puts them in, by keys alone', async () => {
    const before = await membersOf(made.invited.id);
    const { page, context, faults } = await world.open('/app/overview');
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('l');
    await page.waitForURL(/\/app\/selections$/);
    const table = page.getByRole('grid', { name: 'Selections' });
    await table.locator('tbody [tabindex="0"]').focus();
    for (let row = 0; row < 20; row++) {
      if ((await page.evaluate(() => document.activeElement?.textContent ?? '')).startsWith('Invited ')) break;
      await page.keyboard.press('ArrowDown');
    }
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Invited' }).waitFor();
    await page.locator('[data-row="0"][data-column="0"]').focus();
    const name = await page.locator('[data-row="0"][data-column="0"] a').innerText();
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: 'Take out' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText(`${name} taken out.`).waitFor();
    expect(await membersOf(made.invited.id)).toBe(before - 1);
    await page.getByRole('button', { name: 'Undo' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText(`${name} taken out.`).waitFor({ state: 'detached' });
    expect(await membersOf(made.invited.id)).toBe(before);
    // By name.
    const other = (await api('GET', '/people?leadStatus=Disqualified&firstName[notEmpty]&limit=1')).items[0];
    await page.getByRole('searchbox', { name: 'Find people by name' }).focus();
    await page.keyboard.type(other.email);
    await page
      .getByRole('button', { name: /^Add [^m]/ })
      .first()
      .focus();
    await page.keyboard.press('Enter');
    await page.getByText(/ added\.$/).waitFor();
    expect(await membersOf(made.invited.id)).toBe(before + 1);
    expect(faults).toEqual([]);
    await context.close();
  });
});
