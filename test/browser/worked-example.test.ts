import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeInBrowser, hosts, startWorld } from '../support/browser-world.ts';
import type { World } from '../support/browser-world.ts';
import { clickAd, formPage, scriptTag, sendForm } from '../support/visits.ts';
import type { Capture } from '../support/visits.ts';

describeInBrowser('the worked example of the product, in a browser', () => {
  let world: World;

  beforeAll(async () => {
    world = await startWorld({ forms: ['webinar'] });
    const next = '<input type="hidden" name="_next" value="/thanks">';
    world.setPage('/plain', formPage({ form: 'webinar', fields: next }));
    world.setPage('/own-path', formPage({ form: 'webinar', action: '/_kilde/f/webinar', fields: next }));
    world.setPage('/script', formPage({ form: 'webinar', head: scriptTag(), fields: next }));
    world.setPage('/thanks', '<!doctype html><title>Thanks</title>');
  });
  afterAll(() => world.close());

  const ways: Array<{ name: string; site: string; path: string; capture: Capture }> = [
    {
      name: 'a plain form and no script, Kilde in front of the site',
      site: hosts.front,
      path: '/plain',
      capture: 'front',
    },
    { name: 'a plain form that posts to the site itself', site: hosts.front, path: '/own-path', capture: 'front' },
    { name: 'the script on the site, edge on the same domain', site: hosts.site, path: '/script', capture: 'script' },
    {
      name: 'the script on a site of another domain than the edge',
      site: hosts.otherSite,
      path: '/script',
      capture: 'crossSiteScript',
    },
  ];

  it.each(ways)('$name', async ({ site, path, capture }) => {
    const domain = `${path.slice(1)}-${capture.toLowerCase()}.test`;
    const email = `kari@${domain}`;
    const context = await world.newContext();
    const landing = (utm: string) => `${site}${path}?${utm}`;

    const linkedin = landing('utm_source=linkedin&utm_medium=paid-social&utm_campaign=webinar_sept&li_fat_id=Ab-1');
    const first = await clickAd({ context, on: hosts.linkedin, to: linkedin, capture });
    await first.close();

    const facebook = landing('utm_source=facebook&utm_medium=paid-social&utm_campaign=webinar_retarget&fbclid=Xy_2');
    const second = await clickAd({ context, on: hosts.facebook, to: facebook, capture });
    await sendForm({ page: second, email, leadsTo: `${site}/thanks` });

    const person = await world.person(email);
    expect(person).toMatchObject({
      email,
      firstTouch: {
        channel: 'Paid Social',
        source: 'linkedin',
        medium: 'paid-social',
        campaign: 'webinar_sept',
        clickId: { name: 'li_fat_id', value: 'Ab-1' },
        clickIds: [{ name: 'li_fat_id', value: 'Ab-1' }],
        referrerDomain: 'linkedin.com',
        landingPage: `${site}${path}`,
      },
      leadCreation: {
        channel: 'Paid Social',
        source: 'facebook',
        campaign: 'webinar_retarget',
        clickId: { name: 'fbclid', value: 'Xy_2' },
        clickIds: [{ name: 'fbclid', value: 'Xy_2' }],
        referrerDomain: 'facebook.com',
      },
      latestConversion: null,
      submissionCount: 1,
    });
    expect(person.firstTouch.at < person.leadCreation.at).toBe(true);
    const company = await world.company(domain);
    expect(company).toMatchObject({
      companySource: { firstTouch: person.firstTouch, leadCreation: person.leadCreation },
    });

    const newsletter = landing('utm_source=newsletter&utm_medium=email');
    const third = await clickAd({ context, on: hosts.site, to: newsletter, capture });
    await sendForm({ page: third, email, leadsTo: `${site}/thanks` });

    const later = await world.person(email);
    expect(later).toMatchObject({ submissionCount: 2, latestConversion: { source: 'newsletter', medium: 'email' } });
    expect(later.firstTouch).toEqual(person.firstTouch);
    expect(later.leadCreation).toEqual(person.leadCreation);
    expect(await world.company(domain)).toEqual(company);
    await context.close();
  });

  it('knows the newest origin on a page that says nothing of it', async () => {
    const context = await world.newContext();
    for (const source of ['linkedin', 'facebook'] as const) {
      const to = `${hosts.site}/script?utm_source=${source}&utm_medium=paid-social`;
      await (await clickAd({ context, on: hosts[source], to, capture: 'script' })).close();
    }
    const page = await context.newPage();
    await page.goto(`${hosts.site}/plain`);
    await sendForm({ page, email: 'ola@another-day.test', leadsTo: `${hosts.site}/thanks` });
    expect(await world.person('ola@another-day.test')).toMatchObject({
      firstTouch: { source: 'linkedin' },
      leadCreation: { source: 'facebook' },
    });
    await context.close();
  });
});
