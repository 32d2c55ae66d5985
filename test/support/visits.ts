import type { BrowserContext, Page } from 'playwright-core';
import { unpackJourney } from '../../src/domain/attribution/journey.ts';
import type { Journey } from '../../src/domain/attribution/types.ts';
import { hosts } from './browser-world.ts';

/** How a page comes to tell the edge of an arrival. */
export type Capture = 'front' | 'script' | 'crossSiteScript';

/** A form that posts to the edge, with what a test puts into it. */
export function formPage({
  form,
  head = '',
  fields = '',
  action = `${hosts.edge}/f/${form}`,
}: {
  form: string;
  head?: string;
  fields?: string;
  action?: string;
}): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Webinar</title>${head}</head><body>
    <form action="${action}" method="post">
      <label>E-mail <input name="email" type="email"></label>${fields}
      <button>Sign up</button>
    </form></body></html>`;
}

/** The tag a site puts on its pages. */
export function scriptTag(attributes = ''): string {
  return `<script async src="${hosts.edge}/k.js" data-site="default" ${attributes}></script>`;
}

/** Resolves when the page has told the edge something, and the browser has the answer. */
export function touchAnswered(page: Page) {
  return page.waitForResponse((response) => new URL(response.url()).pathname === '/t');
}

/** Clicks an advertisement on another site, and waits until the arrival at the page it leads to is in the journey. */
export async function clickAd({
  context,
  on,
  to,
  capture,
}: {
  context: BrowserContext;
  on: string;
  to: string;
  capture: Capture;
}): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${on}/ad?to=${encodeURIComponent(to)}`);
  const before = capture === 'crossSiteScript' ? await storedJourney({ context, origin: new URL(to).origin }) : null;
  const answered = capture === 'front' ? null : touchAnswered(page);
  await Promise.all([page.waitForURL(to), page.click('a')]);
  await answered;
  if (capture === 'crossSiteScript') {
    await page.waitForFunction((old) => (localStorage.getItem('kilde_journey') ?? old) !== old, before);
  }
  return page;
}

async function storedJourney({ context, origin }: { context: BrowserContext; origin: string }): Promise<string | null> {
  const { origins } = await context.storageState();
  const stored = origins.find((one) => one.origin === origin)?.localStorage;
  return stored?.find(({ name }) => name === 'kilde_journey')?.value ?? null;
}

/** Fills in the form and sends it, and waits for the page it leads to. */
export async function sendForm({
  page,
  email,
  leadsTo,
}: {
  page: Page;
  email: string;
  leadsTo: string | RegExp;
}): Promise<void> {
  await page.fill('[name=email]', email);
  await Promise.all([page.waitForURL(leadsTo), page.click('button')]);
}

/** The cookie that holds the journey, where the browser has one. */
export async function journeyCookie(context: BrowserContext) {
  return (await context.cookies()).find(({ name }) => name === 'kilde_journey');
}

/** What the browser's cookie or a page's stored token holds, signature aside. */
export function readJourney(token: string | null | undefined): Journey {
  if (!token) return [];
  const signatureLength = 43;
  const packed = Buffer.from(token.slice(0, -signatureLength), 'base64url').toString();
  const journey = unpackJourney(packed);
  if (!journey) throw new Error(`not a journey: ${packed}`);
  return journey;
}

/** Sources of the journey in the cookie, oldest first; the referrer or `direct` where there is no source. */
export async function cookieSources(context: BrowserContext): Promise<string[]> {
  const cookie = await journeyCookie(context);
  return readJourney(cookie?.value).map(({ utm, referrerHost }) => utm.source ?? referrerHost ?? 'direct');
}
