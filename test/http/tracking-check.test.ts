import { beforeAll, expect, it } from 'vitest';
import { locations } from '../support/api-answers.ts';
import { createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

type Page = { status?: number; headers?: Record<string, string>; body?: string };

let kilde: TestApp;
const pages = new Map<string, Page>();
const asked: string[] = [];

beforeAll(async () => {
  kilde = await createTestApp({
    fetch: async (input) => {
      const url = input instanceof Request ? input.url : String(input);
      asked.push(url);
      const page = pages.get(url);
      if (!page) throw new TypeError('refused');
      return new Response(page.body ?? '', {
        status: page.status ?? 200,
        headers: { 'content-type': 'text/html', ...page.headers },
      });
    },
  });
  await kilde.api('PATCH', '/sites/default', { domains: ['shop.no', 'example.com'] });
  await kilde.api('POST', '/forms', { name: 'Demo', slug: 'book' });
});

const url = 'https://www.shop.no/demo';
const script = '<script async src="https://edge.example.com/k.js" data-site="default"></script>';
const form = '<form action="https://edge.example.com/f/book" method="POST"><input name="email"></form>';

type Step = { step: string; result: string; text: string; fix: string | null };

async function check(page: Page, at = url): Promise<Step[]> {
  pages.clear();
  pages.set(at, page);
  const { status, body } = await kilde.api('POST', '/forms/book/check', { page: at });
  expect(status).toBe(200);
  expect(body.steps).toHaveLength(6);
  return body.steps;
}

/** The step that fails; all before it work, and none after it was tried. */
async function failing(page: Page, at = url): Promise<Step> {
  const steps = await check(page, at);
  const place = steps.findIndex(({ result }) => result === 'fails');
  expect(steps.slice(0, place).every(({ result }) => result === 'works')).toBe(true);
  expect(steps.slice(place + 1).every(({ result }) => result === 'notTried')).toBe(true);
  return steps[place]!;
}

it('works on a page that has script and form, and leaves to a browser what only it can see', async () => {
  const steps = await check({ body: `<html>${script}${form}</html>` });
  expect(steps.map(({ step, result }) => [step, result])).toEqual([
    ['page', 'works'],
    ['script', 'works'],
    ['arrival', 'works'],
    ['form', 'works'],
    ['journey', 'browser'],
    ['lead', 'browser'],
  ]);
  expect(steps[2]!.text).toContain('belongs to another domain');
  const near = await check({ body: `${script}${form}` }, 'https://www.example.com/');
  expect(near[2]!.text).toContain('signed cookie of edge.example.com');
  expect(await kilde.sql('SELECT count(*) AS n FROM submission')).toEqual([{ n: 0 }]);
});

it.each<[string, Page, string, string]>([
  ['page', { status: 404 }, 'page', 'answers 404'],
  ['login', { status: 401 }, 'page', 'behind a login'],
  ['type', { headers: { 'content-type': 'application/pdf' } }, 'page', 'application/pdf'],
  ['no script', { body: form }, 'script', 'no script of Kilde'],
  ['another Kilde', { body: script.replace('edge.', 'old.') }, 'script', 'not this Kilde'],
  ['twice', { body: script + script }, 'script', '2 times'],
  ['no site', { body: script.replace(' data-site="default"', '') }, 'script', 'names no site'],
  ['another site', { body: script.replace('"default"', '"other"') }, 'script', 'names the site other'],
  [
    'header of policy',
    { body: script, headers: { 'content-security-policy': "default-src 'self'; script-src 'self' https://cdn.no" } },
    'script',
    "script-src 'self' https://cdn.no",
  ],
  [
    'policy of requests',
    { body: `<meta http-equiv="Content-Security-Policy" content="connect-src 'self'">${script}` },
    'script',
    "connect-src 'self'",
  ],
  ['elsewhere', { body: `${script}<form action="/api/demo" method="post"></form>` }, 'form', 'Its action is /api/demo'],
  ['get', { body: script + form.replace('POST', 'get') }, 'form', 'must be sent by post'],
  [
    'policy of forms',
    { body: script + form, headers: { 'content-security-policy': "form-action 'self'" } },
    'form',
    "form-action 'self'",
  ],
])('says what is wrong: %s', async (_name, page, step, text) => {
  const failed = await failing(page);
  expect(failed.step).toBe(step);
  expect(failed.text).toContain(text);
});

it('gives the exact text to paste', async () => {
  expect((await failing({ body: form })).fix).toBe(script);
  const elsewhere = await failing({ body: `${script}<form action="/api/demo" method="post"></form>` });
  expect(elsewhere.fix).toBe('<form action="https://edge.example.com/f/book" method="post">');
});

it('lets a policy pass that allows Kilde', async () => {
  for (const policy of [
    "default-src 'self' https://edge.example.com; form-action *",
    "script-src 'nonce-abc' 'strict-dynamic'; connect-src *.example.com",
    'default-src https:',
  ]) {
    const body = script.replace('async', 'nonce="abc" async') + form;
    const steps = await check({ body, headers: { 'content-security-policy': policy } });
    expect([policy, steps[3]!.result]).toEqual([policy, 'works']);
  }
});

it('says so where a page is of another site, and where the form is closed or made by a script', async () => {
  expect(await failing({ body: script + form }, 'https://other.no/')).toMatchObject({
    step: 'arrival',
    fix: 'other.no',
  });
  expect((await check({ body: script }))[3]).toMatchObject({ step: 'form', result: 'browser' });
  await kilde.api('PATCH', '/forms/book', { enabled: false });
  expect((await failing({ body: script + form })).text).toContain('switched off');
  await kilde.api('PATCH', '/forms/book', { enabled: true });
});

it('asks no private address, also not by a redirect', async () => {
  asked.length = 0;
  for (const page of [
    'http://shop.no/',
    'https://127.0.0.1/',
    'https://[::1]/',
    'https://localhost/',
    'https://a:b@shop.no/',
  ]) {
    const { body } = await kilde.api('POST', '/forms/book/check', { page });
    expect([page, body.steps[0].result]).toEqual([page, 'fails']);
  }
  expect(asked).toEqual([]);
  const led = await failing({ status: 302, headers: { location: 'https://169.254.169.254/latest' } });
  expect(led.text).toContain('private network');
  expect(asked).toEqual([url]);
  // In a circle, and without end.
  const circle = await failing({ status: 301, headers: { location: url } });
  expect(circle.text).toContain('more than 5 times');
  expect((await failing({ body: 'x'.repeat(2 * 1024 * 1024 + 1) })).text).toContain('larger than 2 MiB');
});

it('is refused of a form that there is not, and of what is no address', async () => {
  expect((await kilde.api('POST', '/forms/none/check', { page: url })).status).toBe(404);
  expect(locations((await kilde.api('POST', '/forms/book/check', { page: 'shop' })).body)).toEqual(['body.page']);
});
