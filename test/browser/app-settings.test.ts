import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findingsOf, looks, startAppWorld } from '../support/app-world.ts';
import type { AppWorld } from '../support/app-world.ts';
import { describeInBrowser } from '../support/browser-world.ts';

describeInBrowser('settings', () => {
  let world: AppWorld;
  let admin: { page: Page; context: BrowserContext; faults: string[] };

  beforeAll(async () => {
    world = await startAppWorld();
    const { url } = await invite('marit@firma.no', 'admin');
    admin = await world.open(url, { isSignedIn: false });
    await accept(admin.page, 'Marit Engelsrud');
    await admin.page.waitForURL(/\/app\/overview$/);
  }, 120_000);
  afterAll(async () => world.close());

  async function invite(email: string, role: string): Promise<{ url: string }> {
    const response = await fetch(new URL('/api/v1/invitations', world.url), {
      method: 'POST',
      headers: { authorization: `Bearer ${world.adminKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ email, role }),
    });
    return response.json();
  }

  async function accept(page: Page, name: string): Promise<void> {
    await page.getByLabel('Your name').fill(name);
    await page.getByLabel(/^Password/).fill('en ganske lang setning');
    await page.getByRole('button', { name: 'Go on' }).click();
  }

  it('invites somebody by clicks, who is in with the role and is told what it may not', async () => {
    const { page } = admin;
    await page.getByRole('link', { name: /^Settings/ }).click();
    await page.getByRole('link', { name: 'Users', exact: true }).click();
    await page.getByRole('button', { name: 'Invite someone' }).click();
    const dialog = page.getByRole('dialog', { name: 'Invite someone' });
    await dialog.getByLabel('E-mail').fill('ola@firma.no');
    await dialog.getByRole('radio', { name: /^Viewer/ }).click();
    expect(await findingsOf(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Make the link' }).click();
    const made = page.getByRole('dialog', { name: 'ola@firma.no is invited' });
    const url = await made.getByLabel('The link').inputValue();
    expect(await findingsOf(page)).toEqual([]);
    await made.getByRole('button', { name: 'Close' }).last().click();
    const invitations = page.locator('.panel', { has: page.getByRole('heading', { name: 'Invitations' }) });
    await invitations.getByText('ola@firma.no').waitFor();

    // Another browser.
    const ola = await world.open(url, { isSignedIn: false });
    await ola.page.getByText('ola@firma.no').waitFor();
    expect(await findingsOf(ola.page)).toEqual([]);
    await accept(ola.page, 'Ola Nordmann');
    await ola.page.waitForURL(/\/app\/overview$/);
    await ola.page.getByRole('link', { name: /^Settings/ }).click();
    const users = ola.page.getByRole('button', { name: 'Users' });
    await ola.page.getByText('This needs the role Administrator. You have the role Viewer.').waitFor();
    expect(await users.isDisabled()).toBe(true);
    await ola.page.goto(new URL('/app/settings/users', world.url).href);
    await ola.page.getByText('Users are shown to administrators').waitFor();
    expect(await ola.page.getByRole('button', { name: 'Invite someone' }).isDisabled()).toBe(true);
    expect(await findingsOf(ola.page)).toEqual([]);

    // The administrator makes a marketer of Ola, and cannot stop being the last administrator.
    await page.reload();
    const act = async (name: string, item: string) => {
      await page.getByRole('button', { name: `Do with ${name}` }).click();
      await page.getByRole('menu').getByText(item, { exact: true }).click();
    };
    await act('Ola Nordmann', 'Marketer');
    await page
      .getByRole('row', { name: /Ola Nordmann/ })
      .getByText('Marketer')
      .last()
      .waitFor();
    await page
      .getByRole('row', { name: /Marit Engelsrud/ })
      .getByText(/the last one, who stays one/)
      .last()
      .waitFor();
    await page.getByRole('button', { name: 'Do with Marit Engelsrud' }).click();
    expect(await page.getByRole('menuitem', { name: 'Disable' }).isDisabled()).toBe(true);
    await page.keyboard.press('Escape');

    // A link for a new password signs Ola out where he was.
    await act('Ola Nordmann', 'Link for a new password');
    const recovery = page.getByRole('dialog', { name: 'New password for Ola Nordmann' });
    const link = await recovery.getByLabel('The link').inputValue();
    await recovery.getByRole('button', { name: 'Close' }).last().click();
    const phone = await world.open(link, { isSignedIn: false, width: 390 });
    await phone.page.getByLabel(/^Password/).fill('en annen lang setning');
    await phone.page.getByRole('button', { name: 'Go on' }).click();
    await phone.page.waitForURL(/\/app\/overview$/);
    await ola.page.goto(new URL('/app/people', world.url).href);
    await ola.page.waitForURL(/\/app\/sign-in\?to=/);

    // Whoever is deleted is out.
    await act('Ola Nordmann', 'Delete');
    const sure = page.getByRole('dialog', { name: 'Delete Ola Nordmann?' });
    expect(await findingsOf(page)).toEqual([]);
    await sure.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('row', { name: /Ola Nordmann/ }).waitFor({ state: 'detached' });
    await phone.page.goto(new URL('/app/people', world.url).href);
    await phone.page.waitForURL(/\/app\/sign-in\?to=/);
    expect([admin.faults, ola.faults, phone.faults]).toEqual([[], [], []]);
    await ola.context.close();
    await phone.context.close();
  }, 120_000);

  it('revokes an invitation, and the link is of no use', async () => {
    const { url } = await invite('per@firma.no', 'marketer');
    const { page } = admin;
    await page.goto(new URL('/app/settings/users', world.url).href);
    await page.getByRole('button', { name: 'Revoke the invitation of per@firma.no' }).click();
    await page.getByText('Nobody is waiting.').waitFor();
    const per = await world.open(url, { isSignedIn: false });
    await per.page.getByRole('heading', { name: 'This link cannot be used' }).waitFor();
    await per.context.close();
  });

  it('shows where one is signed in, and ends a session there', async () => {
    const phone = await world.open('/app/sign-in', { isSignedIn: false, width: 390 });
    await phone.page.getByLabel('E-mail').first().fill('marit@firma.no');
    await phone.page.getByLabel('Password', { exact: true }).fill('en ganske lang setning');
    await phone.page.getByRole('button', { name: 'Sign in' }).click();
    await phone.page.waitForURL(/\/app\/overview$/);
    const { page } = admin;
    await page.getByRole('button', { name: /account and theme/ }).click();
    await page.getByRole('menuitem', { name: 'Your devices' }).click();
    await page.waitForURL(/\/app\/settings\/devices$/);
    await page.getByRole('heading', { name: '2 devices' }).waitFor();
    await page.getByText('This device').waitFor();
    await page.getByRole('button', { name: /^Sign out Chrome on/ }).click();
    await page.getByRole('heading', { name: '1 device' }).waitFor();
    await phone.page.goto(new URL('/app/people', world.url).href);
    await phone.page.waitForURL(/\/app\/sign-in\?to=/);
    // The password: a wrong one is said beside it, and a new one empties the fields.
    const change = async (current: string) => {
      await page.getByLabel('Current password').fill(current);
      await page.getByLabel('New password, at least 10 characters').fill('noe helt annet nå');
      await page.getByRole('button', { name: 'Change password' }).click();
    };
    await change('wrong');
    await page.getByText('The password is wrong.').waitFor();
    await change('en ganske lang setning');
    await page.getByText('Your password is changed.').waitFor();
    expect(await page.getByLabel('Current password').inputValue()).toBe('');
    await phone.context.close();
  });

  it.each(looks)('looks right, and axe finds nothing: %o', async (look) => {
    const cookies = await admin.context.cookies();
    for (const [path, en, nb] of [
      ['/app/settings', 'Signed in on 1 device', 'Logget inn på 1 enhet'],
      ['/app/settings/users', 'marit@firma.no', 'marit@firma.no'],
      ['/app/settings/devices', 'This device', 'Denne enheten'],
    ] as const) {
      const { page, context, faults } = await world.open('/app/sign-in', { ...look, isSignedIn: false });
      await context.addCookies(cookies);
      await page.goto(new URL(path, world.url).href);
      await page
        .getByRole('main')
        .getByText(look.locale === 'en' ? en : nb)
        .first()
        .waitFor();
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect([path, wide, faults, await findingsOf(page)]).toEqual([path, 0, [], []]);
      await context.close();
    }
  });
});
