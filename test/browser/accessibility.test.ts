import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeInBrowser, hosts, startWorld } from '../support/browser-world.ts';
import type { World } from '../support/browser-world.ts';

describeInBrowser('the pages Kilde shows people', () => {
  let world: World;

  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.close());

  it.each([
    ['/demo', 'light'],
    ['/demo', 'dark'],
    ['/demo/landing', 'light'],
    ['/demo/landing', 'dark'],
    ['/f/demo/thanks', 'dark'],
    ['/f/nothing', 'light'],
  ] as const)('%s has no fault that axe finds, %s', async (path, colorScheme) => {
    const context = await world.newContext({ colorScheme });
    const page = await context.newPage();
    await page.goto(`${hosts.edge}${path}`);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    await context.close();
  });
});
