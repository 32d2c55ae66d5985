import { AxeBuilder } from '@axe-core/playwright';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import type { BrowserContext, Page } from 'playwright-core';
import { startKilde } from '../../tools/serve.ts';
import { chromiumPath } from './browser-world.ts';

export type AppWorld = {
  url: string;
  adminKey: string;
  /** Where the database listens, and what it wants to be shown. */
  database: { url: string; authToken: string };
  /** A page of the app: signed in by the key, unless told otherwise. What the policy refuses and what fails is in `faults`. */
  open(
    path: string,
    options?: { width?: number; theme?: 'light' | 'dark'; locale?: 'en' | 'nb'; isSignedIn?: boolean },
  ): Promise<{ page: Page; context: BrowserContext; faults: string[] }>;
  close(): Promise<void>;
};

/** The day that the seed ends at, and that the pages take for today. */
const today = '2026-09-01';

/** Each language, theme and size once with each of the others that it could clash with. */
export const looks = [
  { locale: 'en', theme: 'light', width: 1440 },
  { locale: 'nb', theme: 'dark', width: 1440 },
  { locale: 'nb', theme: 'light', width: 390 },
  { locale: 'en', theme: 'dark', width: 390 },
] as const;

/** What axe has against a page. */
export async function findingsOf(page: Page): Promise<unknown[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html.slice(0, 200))]);
}

/** Kilde over a small seeded company, and Chromium. */
export async function startAppWorld(): Promise<AppWorld> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'kilde-app-'));
  await promisify(execFile)(process.execPath, ['tools/seed.ts', '--people', '600', '--until', today], {
    env: { ...process.env, KILDE_DATA: dataDirectory },
  });
  const kilde = await startKilde({ dataDirectory });
  const browser = await chromium.launch({
    executablePath: chromiumPath!,
    args: ['--headless=new', '--no-sandbox', '--disable-gpu', '--no-first-run', '--no-proxy-server'],
  });
  return {
    url: kilde.url,
    adminKey: kilde.adminKey,
    database: { url: kilde.databaseUrl, authToken: kilde.databaseAuthToken },
    async open(path, { width = 1440, theme = 'light', locale = 'en', isSignedIn = true } = {}) {
      const context = await browser.newContext({
        viewport: { width, height: width < 720 ? 844 : 900 },
        colorScheme: theme,
        locale: locale === 'nb' ? 'nb-NO' : 'en-GB',
        reducedMotion: 'reduce',
      });
      const page = await context.newPage();
      page.setDefaultTimeout(10_000);
      const faults: string[] = [];
      page.on('pageerror', (error) => faults.push(String(error)));
      page.on('console', (message) => {
        if (/Content Security Policy|Warning:|\bkey\b.*prop/.test(message.text())) faults.push(message.text());
      });
      await page.clock.setFixedTime(`${today}T10:00:00Z`);
      if (isSignedIn) {
        await page.addInitScript((key) => sessionStorage.setItem('kilde.key', key), kilde.adminKey);
      }
      await page.goto(new URL(path, kilde.url).href);
      return { page, context, faults };
    },
    async close() {
      await browser.close();
      await kilde.close();
      await rm(dataDirectory, { recursive: true, force: true });
    },
  };
}
