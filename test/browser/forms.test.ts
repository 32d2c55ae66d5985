import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeInBrowser, hosts, startWorld } from '../support/browser-world.ts';
import type { World } from '../support/browser-world.ts';
import { clickAd, formPage, scriptTag, sendForm } from '../support/visits.ts';
import type { Capture } from '../support/visits.ts';

describeInBrowser('forms in a browser', () => {
  let world: World;
  let context: BrowserContext;

  beforeAll(async () => {
    world = await startWorld({ forms: ['contact'] });
    const next = (url: string) => `<input type="hidden" name="_next" value="${url}">`;
    world.setPage('/thanks', '<!doctype html><title>Thanks</title>');
    world.setPage('/plain', formPage({ form: 'contact', fields: next('/thanks') }));
    world.setPage('/script', formPage({ form: 'contact', head: scriptTag(), fields: next('/thanks') }));
    world.setPage('/whole-next', formPage({ form: 'contact', fields: next(`${hosts.site}/thanks?of=contact`) }));
    world.setPage('/foreign-next', formPage({ form: 'contact', fields: next(`${hosts.otherSite}/thanks`) }));
    world.setPage('/script-next', formPage({ form: 'contact', fields: next('javascript:alert(1)') }));
    world.setPage('/elsewhere', formPage({ form: 'contact', head: scriptTag(), action: '/thanks' }));
    world.setPage(
      '/own-fields',
      formPage({
        form: 'contact',
        head: scriptTag(),
        fields: '<input type="hidden" name="_page" value="https://own.test/">',
      }),
    );
  });
  afterAll(() => world.close());

  /** Opens a page in a browser of its own, and waits for its script where it has one. */
  async function open({ url, hasScript = true }: { url: string; hasScript?: boolean }): Promise<Page> {
    await context?.close();
    context = await world.newContext();
    const page = await context.newPage();
    await page.goto(url);
    if (hasScript) await page.waitForFunction(() => window.kilde !== undefined);
    return page;
  }

  /** Bodies of the forms that the browser has sent to the edge. */
  function watchPosts(page: Page): string[] {
    const posts: string[] = [];
    page.on('request', (request) => {
      if (request.method() === 'POST' && request.url().startsWith(hosts.edge)) posts.push(request.postData() ?? '');
    });
    return posts;
  }

  const submissionsOf = async (email: string) => (await world.person(email)).submissionCount;

  describe('a double click', () => {
    it.each([
      { name: 'without script', head: '', hasScript: false },
      { name: 'with the script', head: scriptTag(), hasScript: true },
    ])('is one submission, $name', async ({ head, hasScript }) => {
      const email = `double-${hasScript ? 'script' : 'plain'}@click.test`;
      // The page it leads to is slow, so the form is still there for the second click when the first has been stored.
      let show = (_html: string) => {};
      world.setPage('/slow', new Promise((resolve) => (show = resolve)));
      const fields = '<input type="hidden" name="_next" value="/slow">';
      world.setPage('/impatient', formPage({ form: 'contact', head, fields }));
      const page = await open({ url: `${hosts.site}/impatient`, hasScript });
      const posts = watchPosts(page);
      await page.fill('[name=email]', email);
      const box = await page.locator('button').boundingBox();
      for (let clicks = 0; clicks < 2; clicks += 1) {
        const redirected = world.requested('/slow');
        await page.mouse.click(box!.x + 5, box!.y + 5);
        await redirected;
      }
      show('<!doctype html><title>At last</title>');
      await page.waitForURL(`${hosts.site}/slow`);
      expect(posts).toHaveLength(2);
      expect(await submissionsOf(email)).toBe(1);
    });

    it('is told by the script from a form sent again with another answer', async () => {
      const page = await open({ url: `${hosts.site}/script` });
      const ids = await page.evaluate(() => {
        const form = document.forms[0]!;
        const email = form.elements.namedItem('email') as HTMLInputElement;
        return ['one@ids.test', 'one@ids.test', 'two@ids.test'].map((value) => {
          email.value = value;
          return new FormData(form).get('_id');
        });
      });
      expect(ids[0]).toMatch(/^\d+(-\d+){3}$/);
      expect(ids[1]).toBe(ids[0]);
      expect(ids[2]).not.toBe(ids[0]);
    });
  });

  describe('what the script adds', () => {
    const fieldsOf = (page: Page) =>
      page.evaluate(() => Object.fromEntries(new FormData(document.forms[0]) as unknown as Iterable<[string, string]>));

    it('is the page with its query, the referrer, the time taken, and an id', async () => {
      const page = await open({
        url: `${hosts.linkedin}/ad?to=${encodeURIComponent(`${hosts.site}/script?a=1`)}`,
        hasScript: false,
      });
      await Promise.all([page.waitForURL(`${hosts.site}/script?a=1`), page.click('a')]);
      await page.waitForFunction(() => window.kilde !== undefined);
      expect(await fieldsOf(page)).toEqual({
        email: '',
        _next: '/thanks',
        _page: `${hosts.site}/script?a=1`,
        _ref: `${hosts.linkedin}/`,
        _t: expect.stringMatching(/^\d+$/),
        _id: expect.any(String),
      });
    });

    it('lets a script of the page send the form by fetch, and read the answer', async () => {
      const page = await open({ url: `${hosts.site}/plain`, hasScript: false });
      await page.fill('[name=email]', 'kari@cors.test');
      const answer = await page.evaluate(async () => {
        const form = document.forms[0]!;
        const response = await fetch(form.action, { method: 'POST', body: new FormData(form) });
        return { status: response.status, redirected: response.redirected, body: await response.json<unknown>() };
      });
      expect(answer).toEqual({ status: 201, redirected: false, body: { id: expect.any(String) } });
      const opaque = await page.evaluate(async () => {
        const form = document.forms[0]!;
        return (await fetch(form.action, { method: 'POST', mode: 'no-cors', body: new FormData(form) })).type;
      });
      expect(opaque).toBe('opaque');
      // The same answers sent again at once are the same submission.
      expect(await submissionsOf('kari@cors.test')).toBe(1);
    });

    it('goes along with form.submit() and with fetch(new FormData(form)) too', async () => {
      const page = await open({ url: `${hosts.site}/script?utm_source=linkedin` });
      const posts = watchPosts(page);
      await page.fill('[name=email]', 'kari@fetched.test');
      const status = await page.evaluate(async () => {
        const form = document.forms[0]!;
        const answer = await fetch(form.action, {
          method: 'POST',
          body: new FormData(form),
          headers: { accept: 'application/json' },
        });
        return answer.status;
      });
      expect(status).toBe(201);
      await page.fill('[name=email]', 'kari@submitted.test');
      await Promise.all([page.waitForURL(`${hosts.site}/thanks`), page.evaluate(() => document.forms[0]!.submit())]);
      for (const post of posts) expect(post).toMatch(/_page/);
      for (const email of ['kari@fetched.test', 'kari@submitted.test']) {
        expect(await world.person(email)).toMatchObject({ leadCreation: { source: 'linkedin' } });
      }
    });

    it('leaves what the site has set itself', async () => {
      const page = await open({ url: `${hosts.site}/own-fields` });
      expect(await fieldsOf(page)).toMatchObject({ _page: 'https://own.test/' });
      await page.evaluate(() => {
        document.forms[0]!.addEventListener('formdata', ({ formData }) => formData.set('_id', 'of-the-site'));
      });
      expect(await fieldsOf(page)).toMatchObject({ _id: 'of-the-site' });
    });

    it('goes to no form that is sent elsewhere', async () => {
      const page = await open({ url: `${hosts.site}/elsewhere` });
      expect(await fieldsOf(page)).toEqual({ email: '' });
    });
  });

  describe('where the browser goes afterwards', () => {
    const cases: Array<{ name: string; path: string; lands: string }> = [
      { name: 'a path of the page that sent it', path: '/plain', lands: `${hosts.site}/thanks` },
      { name: 'an address of the site', path: '/whole-next', lands: `${hosts.site}/thanks?of=contact` },
      { name: 'not to a foreign host', path: '/foreign-next', lands: `${hosts.edge}/f/contact/thanks` },
      { name: 'not to a script', path: '/script-next', lands: `${hosts.edge}/f/contact/thanks` },
    ];
    it.each(cases)('$name', async ({ path, lands }) => {
      const page = await open({ url: `${hosts.site}${path}`, hasScript: false });
      await sendForm({ page, email: `kari@next${path.replace('/', '-')}.test`, leadsTo: /\/thanks/ });
      expect(page.url()).toBe(lands);
    });

    it('to a page that says what is wrong, with the way back to what was filled in', async () => {
      const page = await open({ url: `${hosts.site}/plain`, hasScript: false });
      await page.evaluate(() => document.forms[0]!.setAttribute('novalidate', ''));
      await sendForm({ page, email: 'not an address', leadsTo: `${hosts.edge}/f/contact` });
      expect(await page.textContent('h1')).toBe('The form was not sent');
      expect(await page.getAttribute('html', 'lang')).toBe('en');
    });
  });

  it('takes JSON from a page of the site, with the journey', async () => {
    context = await world.newContext();
    for (const { site, capture } of [
      { site: hosts.site, capture: 'script' },
      { site: hosts.otherSite, capture: 'crossSiteScript' },
    ] satisfies Array<{ site: string; capture: Capture }>) {
      const email = `kari@json-${capture.toLowerCase()}.test`;
      const to = `${site}/script?utm_source=linkedin`;
      const page = await clickAd({ context, on: hosts.linkedin, to, capture });
      await page.goto(`${site}/thanks`);
      await page.goto(`${site}/script`);
      await page.waitForFunction(() => window.kilde !== undefined);
      const answer = await page.evaluate(
        async ({ url, address }) => {
          const response = await fetch(url, {
            method: 'POST',
            credentials: 'include',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ email: address, _journey: window.kilde!.journey() }),
          });
          return { status: response.status, body: await response.json<unknown>() };
        },
        { url: `${hosts.edge}/f/contact`, address: email },
      );
      expect(answer).toEqual({ status: 201, body: { id: expect.any(String) } });
      expect(await world.person(email)).toMatchObject({
        firstTouch: { source: 'linkedin' },
        leadCreation: { source: 'linkedin' },
      });
    }
  });
});
