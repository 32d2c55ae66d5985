import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeInBrowser, hosts, startWorld } from '../support/browser-world.ts';
import type { World } from '../support/browser-world.ts';

describeInBrowser('the reference of the API', () => {
  let world: World;

  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.close());

  it('is named at / among what runs here', async () => {
    const { links } = await (await world.fetchAtEdge('/', { accept: 'application/json' })).json();
    expect(links.reference).toBe('/reference');
  });

  it('stands below Kilde’s path where Kilde runs in front of a site', async () => {
    const page = await (await world.newContext()).newPage();
    const { asked, refused } = await watch(page);
    await page.goto(`${hosts.front}/_kilde/reference`);
    await page.getByRole('heading', { name: 'Kilde' }).waitFor();
    expect(asked).toContain(`${hosts.front}/_kilde/api/v1/openapi.json`);
    expect(asked.filter((url) => !/^(data:|https:\/\/front\.firma\.test\/_kilde\/)/.test(url))).toEqual([]);
    expect(await refused()).toEqual([]);
  });

  it.each(['light', 'dark'] as const)(
    'shows operations, asks no other host, and has no fault that axe finds, %s',
    async (colorScheme) => {
      const context = await world.newContext({ colorScheme, viewport: { width: 1_440, height: 900 } });
      const page = await context.newPage();
      const { asked, refused } = await watch(page);
      await page.goto(`${hosts.edge}/reference#records/tag/people`);
      for (const width of [1_440, 390]) {
        await page.setViewportSize({ width, height: 900 });
        await page.getByRole('heading', { name: 'Lists people' }).waitFor();
        expect([width, await seriousFaults(page)]).toEqual([width, []]);
      }
      expect(asked.filter((url) => !url.startsWith(`${hosts.edge}/`) && !url.startsWith('data:'))).toEqual([]);
      expect(asked).toContain(`${hosts.edge}/api/v1/openapi.json`);
      expect(await refused()).toEqual([]);
      await context.close();
    },
    60_000,
  );

  it('shows the set-up too', async () => {
    const page = await (await world.newContext()).newPage();
    const { asked, refused } = await watch(page);
    await page.goto(`${hosts.edge}/reference#settings/tag/sites`);
    await page.getByRole('heading', { name: 'Lists sites' }).waitFor();
    expect(asked).toContain(`${hosts.edge}/api/v1/openapi-settings.json`);
    expect(await refused()).toEqual([]);
  }, 60_000);

  it('lets only files of its own host run, and has no others', async () => {
    const page = await world.fetchAtEdge('/reference', {});
    expect(page.headers()['content-security-policy']).toContain("script-src 'self';");
    const [, script] = /src="(reference\/[\d.]+\/page\.js)"/.exec(await page.text())!;
    const file = await world.fetchAtEdge(`/${script}`, {});
    expect([file.status(), file.headers()['content-type']]).toEqual([200, 'text/javascript; charset=utf-8']);
    for (const path of ['/reference/no.js', '/reference/..%2fdemo.json', '/reference/page.html']) {
      expect([path, (await world.fetchAtEdge(path, {})).status()]).toEqual([path, 404]);
    }
  });
});

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

async function seriousFaults(page: Page): Promise<Array<[id: string, html: string[]]>> {
  const { violations } = await new AxeBuilder({ page }).withTags(rules).analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  return serious.map(({ id, nodes }) => [id, nodes.map(({ html }) => html.slice(0, 300))]);
}

/** What a page asks for, and what its policy refuses. */
async function watch(page: Page): Promise<{ asked: string[]; refused: () => Promise<string[]> }> {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.addInitScript(() => {
    const found: string[] = [];
    Object.assign(globalThis, { found });
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
      found.push(`${violatedDirective} ${blockedURI}`),
    );
  });
  return { asked, refused: async () => page.evaluate(() => (globalThis as unknown as { found: string[] }).found) };
}
