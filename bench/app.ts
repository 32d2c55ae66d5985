import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core';
import { startKilde } from '../tools/serve.ts';
import { formatTable, median } from './table.ts';

/**
 * `npm run bench:app`, `npm run bench:app -- --people 2000 --rounds 1`: the web app over seeded data in a throttled Chromium. Of each
 * screen, opened cold: first and largest paint, when its last answer came, what was transferred, in how many requests. Then how long it
 * takes from a click or key to the next paint, and how evenly 10,000 rows scroll. It prints figures; docs/benchmarks.md says which bars
 * there are.
 *
 * `--url http://127.0.0.1:8787 --key <key>` measures a Kilde that runs. `--fast` throttles neither network nor processor.
 */
const { values: options } = parseArgs({
  options: {
    url: { type: 'string' },
    key: { type: 'string' },
    people: { type: 'string', default: '20000' },
    rounds: { type: 'string', default: '3' },
    fast: { type: 'boolean', default: false },
  },
});
const rounds = Number(options.rounds);
/** A middling phone on a middling line: 10 Mbit/s, 40 ms there and back, a processor four times as slow. */
const network = { latencyMs: 40, bitsPerSecond: 10_000_000 };
const slowdown = 4;

const screens = [
  '/overview',
  '/sources',
  '/sources?attribution=firstTouch,leadCreation,linear,markov',
  '/models',
  '/people',
  '/companies',
  '/deals',
];

type Opened = { first: number; largest: number; answered: number; bytes: number; requests: number };

async function throttle(page: Page): Promise<CDPSession> {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  if (options.fast) return session;
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: network.latencyMs,
    downloadThroughput: network.bitsPerSecond / 8,
    uploadThroughput: network.bitsPerSecond / 8,
  });
  await session.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
  return session;
}

/** Paints and durations of events are gathered in the page, from its first moment on. */
async function openContext(browser: Browser, key: string): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' });
  // An open stream is no transfer that a screen waits for.
  await context.route('**/api/v1/events/stream*', async (route) => route.abort());
  await context.addInitScript((given) => sessionStorage.setItem('kilde.key', given), key);
  await context.addInitScript(() => {
    const seen = { largest: 0, events: [] as number[] };
    Object.assign(globalThis, { seen });
    new PerformanceObserver((list) => {
      for (const { startTime } of list.getEntries()) seen.largest = startTime;
    }).observe({ type: 'largest-contentful-paint', buffered: true });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) seen.events.push(duration);
    }).observe({ type: 'event', durationThreshold: 16 } as PerformanceObserverInit);
  });
  return context;
}

/** Until its answers are shown; on a slow processor the network may rest before the screen has asked for anything. */
async function open(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.locator('main h1').waitFor();
  await page.waitForFunction(() => document.querySelector('main .bones') === null);
  await page.waitForTimeout(1_500);
}

/** A screen with an empty cache. */
async function openCold(
  browser: Browser,
  { url, key, path }: { url: string; key: string; path: string },
): Promise<Opened> {
  const context = await openContext(browser, key);
  const page = await context.newPage();
  const session = await throttle(page);
  let [bytes, requests] = [0, 0];
  session.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength;
    requests += 1;
  });
  await open(page, new URL(`/app${path}`, url).href);
  const { first, largest, answered } = await page.evaluate(() => {
    const paint = performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0;
    const resources = performance.getEntriesByType('resource') as PerformanceResourceTiming[];
    const ends = resources.filter(({ name }) => name.includes('/api/')).map(({ responseEnd }) => responseEnd);
    return {
      first: paint,
      largest: (globalThis as unknown as { seen: { largest: number } }).seen.largest,
      answered: Math.max(0, ...ends),
    };
  });
  await context.close();
  return { first, largest, answered, bytes, requests };
}

async function measureScreens(browser: Browser, world: { url: string; key: string }): Promise<string> {
  const ms = (value: number): string => String(Math.round(value));
  const lines: string[][] = [['screen', 'first paint ms', 'largest ms', 'last answer ms', 'KiB', 'requests']];
  for (const path of screens) {
    const opened: Opened[] = [];
    for (let round = 0; round < rounds; round += 1) opened.push(await openCold(browser, { ...world, path }));
    const of = (name: keyof Opened): number => median(opened.map((one) => one[name]));
    lines.push([
      path,
      ms(of('first')),
      ms(of('largest')),
      ms(of('answered')),
      (of('bytes') / 1024).toFixed(0),
      ms(of('requests')),
    ]);
  }
  return formatTable(lines);
}

/** From a key or click to the next paint, over some dozen of them on each screen. */
async function measureInteractions(browser: Browser, { url, key }: { url: string; key: string }): Promise<string> {
  const steps: Array<[path: string, what: string, act: (page: Page) => Promise<void>]> = [
    ['/overview', 'arrows in the chart', async (page) => pressOn(page, 'svg.stackchart', 'ArrowLeft')],
    ['/overview', 'arrows in the table', async (page) => pressOn(page, '[role="grid"] [tabindex="0"]', 'ArrowDown')],
    ['/sources', 'sort by a head', async (page) => page.locator('[role="grid"] thead button').last().click()],
    ['/sources', 'open Why', async (page) => page.locator('[role="grid"] tbody td').nth(1).click()],
    ['/people', 'arrows in 20,000 rows', async (page) => pressOn(page, 'tbody [tabindex="0"]', 'ArrowDown')],
  ];
  const lines: string[][] = [['screen', 'interaction', 'median ms', 'p95 ms', 'longest ms']];
  for (const [path, what, act] of steps) {
    const context = await openContext(browser, key);
    const page = await context.newPage();
    await throttle(page);
    await open(page, new URL(`/app${path}`, url).href);
    await act(page);
    await page.waitForTimeout(1_000);
    const found = await page.evaluate(() => (globalThis as unknown as { seen: { events: number[] } }).seen.events);
    const sorted = found.length === 0 ? [0] : found.toSorted((a, b) => a - b);
    lines.push([
      path,
      what,
      String(median(sorted)),
      String(sorted[Math.floor((sorted.length - 1) * 0.95)]),
      String(sorted.at(-1)),
    ]);
    await context.close();
  }
  return formatTable(lines);
}

async function pressOn(page: Page, selector: string, key: string): Promise<void> {
  await page.locator(selector).first().focus();
  for (let press = 0; press < 12; press += 1) {
    await page.keyboard.press(key);
    await page.waitForTimeout(100);
  }
}

/** The longest list, scrolled by a screen for each frame: how long a frame takes. */
async function measureScrolling(browser: Browser, { url, key }: { url: string; key: string }): Promise<string> {
  const context = await openContext(browser, key);
  const page = await context.newPage();
  await open(page, new URL('/app/people', url).href);
  const result = await page.evaluate(async () => {
    const frames: number[] = [];
    const box = [...document.querySelectorAll<HTMLElement>('main *')].find(
      (one) => one.scrollHeight > one.clientHeight + 400 && getComputedStyle(one).overflowY !== 'visible',
    );
    const scrolled = box ?? document.scrollingElement!;
    let last = performance.now();
    for (let frame = 0; frame < 300; frame += 1) {
      scrolled.scrollTop += 300;
      await new Promise(requestAnimationFrame);
      const now = performance.now();
      frames.push(now - last);
      last = now;
    }
    return { frames, height: scrolled.scrollHeight };
  });
  await context.close();
  const sorted = result.frames.toSorted((a, b) => a - b);
  const at = (share: number): string => sorted[Math.floor((sorted.length - 1) * share)]!.toFixed(1);
  return formatTable([
    ['scrolling /people', 'median ms a frame', 'p95 ms', 'longest ms'],
    [`${result.height} px high at the end`, at(0.5), at(0.95), at(1)],
  ]);
}

async function openWorld(): Promise<{ url: string; key: string; close: () => Promise<void> }> {
  if (options.url !== undefined && options.key !== undefined) {
    return { url: options.url, key: options.key, close: async () => {} };
  }
  const dataDirectory = await mkdtemp(join(tmpdir(), 'kilde-bench-app-'));
  await promisify(execFile)(process.execPath, ['tools/seed.ts', '--people', options.people], {
    env: { ...process.env, KILDE_DATA: dataDirectory },
  });
  const kilde = await startKilde({ dataDirectory });
  const close = async (): Promise<void> => {
    await kilde.close();
    await rm(dataDirectory, { recursive: true, force: true });
  };
  return { url: kilde.url, key: kilde.adminKey, close };
}

const world = await openWorld();
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
  args: ['--headless=new', '--no-sandbox', '--disable-gpu', '--no-first-run', '--no-proxy-server'],
});
try {
  console.log(
    options.fast
      ? 'Nothing is throttled.\n'
      : `${network.bitsPerSecond / 1e6} Mbit/s, ${network.latencyMs} ms there and back, processor ${slowdown} times as slow.\n`,
  );
  for (const measure of [measureScreens, measureInteractions, measureScrolling]) {
    console.log(`${await measure(browser, world)}\n`);
  }
} finally {
  await browser.close();
  await world.close();
}
