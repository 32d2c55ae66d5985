import { beforeEach, describe, expect, it } from 'vitest';
import { runJobs } from '../../src/jobs/run-jobs.ts';
import type { Mail } from '../../src/services/deliveries/send-mail.ts';
import { createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

const hourMs = 60 * 60 * 1_000;
const dayMs = 24 * hourMs;

let kilde: TestApp;
let mails: Mail[];
let posted: Array<{ url: string; body: any; headers: Headers }>;

beforeEach(async () => {
  [mails, posted] = [[], []];
  kilde = await createTestApp({
    fetch: async (input, init) => {
      const request = new Request(input, init);
      posted.push({ url: request.url, headers: request.headers, body: JSON.parse(await request.text()) });
      return new Response(null, { status: 204 });
    },
  });
  kilde.deps.sendMail = async (mail) => {
    mails.push(mail);
  };
});

const tick = async () => runJobs({ deps: kilde.deps, now: kilde.deps.clock() });
const countOf = async (table: string) => (await kilde.sql(`SELECT count(*) AS n FROM ${table}`))[0]!['n'] as number;

async function addForm(settings: Record<string, unknown>) {
  const { status, body } = await kilde.api('POST', '/forms', { name: 'Kontakt', slug: 'kontakt', ...settings });
  expect([status, body]).toEqual([201, expect.anything()]);
  return body;
}

const browser = (fields: Record<string, string>, headers: Record<string, string> = {}) =>
  kilde.request('/f/kontakt', {
    method: 'POST',
    headers: { accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams(fields).toString(),
  });

describe('the texts of a form', () => {
  it('are its own, in its own language', async () => {
    await addForm({ language: 'no', thankYou: 'Takk, <b>du</b>!\n\nVi ringer.', closedText: 'Påmeldingen er over.' });
    const sent = await browser({ email: 'kari@firma.no' }, { 'accept-language': 'en' });
    const thanks = await kilde.request(sent.headers.get('location')!, { headers: { 'accept-language': 'en' } });
    expect(await thanks.text()).toMatch(/lang="no".*<p>Takk, &lt;b&gt;du&lt;\/b&gt;!<\/p><p>Vi ringer\.<\/p>/s);

    await kilde.api('PATCH', '/forms/kontakt', { enabled: false });
    const closed = await browser({ email: 'kari@firma.no' }, { 'accept-language': 'en' });
    expect(closed.status).toBe(410);
    const text = await closed.text();
    expect(text).toContain('<p>Påmeldingen er over.</p>');
    expect(text).not.toContain('form is closed');
  });

  it("are in the browser's language where the form has none", async () => {
    await addForm({});
    const thanks = await kilde.request('/f/kontakt/thanks', { headers: { 'accept-language': 'nb-NO' } });
    expect(await thanks.text()).toContain('Vi har mottatt det du sendte.');
  });

  it.each([
    ['kari@', {}, 'E-postadressen er ikke riktig: se på det som står etter @.'],
    ['kari@firma.no', { origin: 'https://evil.example' }, 'Skjemaet kan ikke sendes fra denne siden.'],
  ])('give the reason in Norwegian for %j %j', async (email, headers, reason) => {
    await addForm({ language: 'no', allowedOrigins: ['firma.no'] });
    const text = await (await browser({ email }, headers)).text();
    expect(text).toContain(reason);
    expect(text).not.toMatch(/address|origin|missing/i);
  });

  it('show a page also while the database is away', async () => {
    await addForm({ thankYou: 'Takk til deg' });
    kilde.breakDatabase(async () => new Response(null, { status: 503 }));
    expect((await kilde.request('/f/kontakt/thanks')).status).toBe(200);
  });
});

describe('notifications', () => {
  it('go to every kind of target, in the language of the form', async () => {
    const made = await addForm({
      language: 'no',
      notify: [
        { kind: 'email', to: ['salg@firma.no'] },
        { kind: 'chat', url: 'https://chat.example.com/secret-path', format: 'slack' },
        { kind: 'webhook', url: 'https://hooks.example.com/secret-path' },
      ],
    });
    expect(made.secrets).toEqual([
      { url: 'https://hooks.example.com/secret-path', secret: expect.stringMatching(/^whsec_/) },
    ]);
    await kilde.submit('kontakt', { email: 'kari@firma.no', message: '<!channel> hei' });
    await tick();
    expect(mails).toMatchObject([{ to: ['salg@firma.no'], subject: 'Kontakt: nytt lead' }]);
    const chat = posted.find(({ url }) => url.startsWith('https://chat'))!;
    expect(chat.body.text).toContain('*Kontakt: nytt lead*');
    expect(chat.body.text).toContain('message: &lt;!channel&gt; hei');
    const hook = posted.find(({ url }) => url.startsWith('https://hooks'))!;
    expect(hook.body).toMatchObject({
      type: 'submission.received',
      data: { form: { id: 'kontakt' }, fields: { email: 'kari@firma.no' }, createdPerson: true },
    });
    expect(hook.headers.get('webhook-signature')).toMatch(/^v1,/);
    expect((await kilde.api('GET', '/deliveries?status=delivered')).body.items).toHaveLength(3);
  });

  it('show no secret to viewers, and keep it through a round trip', async () => {
    await addForm({ notify: [{ kind: 'webhook', url: 'https://hooks.example.com/secret-path' }] });
    const { key } = (await kilde.api('POST', '/api-keys', { name: 'Editor', scopes: ['read', 'write'] })).body;
    const [before] = await kilde.sql('SELECT notify FROM form WHERE key = ?', ['kontakt']);
    for (const path of ['/forms', '/forms/kontakt']) {
      const text = JSON.stringify((await kilde.api('GET', path, undefined, { key })).body);
      expect(text).toContain('https://hooks.example.com/***');
      expect(text).not.toMatch(/secret-path|whsec_/);
    }
    const { notify } = (await kilde.api('GET', '/forms/kontakt', undefined, { key })).body;
    const changed = await kilde.api('PATCH', '/forms/kontakt', { notify }, { key });
    expect([changed.status, changed.body.secrets]).toEqual([200, undefined]);
    expect(await kilde.sql('SELECT notify FROM form WHERE key = ?', ['kontakt'])).toEqual([before]);
  });

  it.each([
    [[{ kind: 'webhook', url: 'https://127.0.0.1/' }], 'body.notify[0].url'],
    [[{ kind: 'fax' }], 'body.notify[0]'],
    [['salg@firma.no'], 'body.notify[0]'],
  ])('refuse %j', async (notify, location) => {
    const { status, body } = await kilde.api('POST', '/forms', { name: 'x', notify });
    expect([status, body.errors[0].location]).toEqual([422, expect.stringContaining(location)]);
  });
});

describe('the automatic reply', () => {
  const autoReply = {
    subject: 'Hei {{firstName}}',
    text: 'Takk, {{ firstName }}.\n\nDu skrev: {{message}} {{nothing}}',
  };

  it('goes to the sender, with placeholders filled and escaped', async () => {
    await addForm({ autoReply, language: 'no' });
    const fields = { email: 'Kari@Firma.no', name: 'Kari Nordmann', message: '<img src=x> {{email}}\r\nBcc: x' };
    await kilde.submit('kontakt', fields);
    await tick();
    await tick();
    expect(mails).toHaveLength(1);
    const [mail] = mails;
    expect(mail).toMatchObject({
      to: ['kari@firma.no'],
      subject: 'Hei Kari',
      text: 'Takk, Kari.\n\nDu skrev: <img src=x> {{email}} Bcc: x ',
      headers: { 'Auto-Submitted': 'auto-replied' },
    });
    expect(mail!.html).toContain('&lt;img src=x&gt; {{email}} Bcc: x');
    expect((await kilde.api('GET', '/deliveries')).body.items).toMatchObject([{ target: { kind: 'autoReply' } }]);
    const [{ id }] = (await kilde.api('GET', '/people')).body.items;
    expect((await kilde.api('GET', `/people/${id}/export`)).body.notified).toEqual([
      { submissionId: expect.any(String), to: [], status: 'delivered' },
    ]);
  });

  it('carries no link that a stranger wrote, in the text or in the subject', async () => {
    await addForm({ autoReply });
    for (const [n, name] of ['http://evil.example', 'evil.example/x', 'www.evil', 'a@evil.example'].entries()) {
      await kilde.submit('kontakt', { email: `kari${n}@firma.no`, first_name: name, message: 'Buy at evil.com now' });
    }
    await tick();
    expect(mails).toHaveLength(4);
    for (const { subject, text, html } of mails) expect(subject + text + html).not.toContain('evil');
  });

  it('is sent at most three times a day to one person', async () => {
    await addForm({ autoReply });
    for (let n = 0; n < 6; n += 1) await kilde.submit('kontakt', { email: 'kari@firma.no', message: `${n}` });
    await kilde.submit('kontakt', { email: 'ola@firma.no' });
    await tick();
    const addresses = mails.flatMap(({ to }) => to);
    expect(addresses.filter((one) => one === 'kari@firma.no')).toHaveLength(3);
    expect(addresses).toContain('ola@firma.no');
    expect(addresses).toHaveLength(4);
    kilde.advance(dayMs + 1);
    await kilde.submit('kontakt', { email: 'kari@firma.no' });
    await tick();
    expect(mails).toHaveLength(5);
  });

  it('is not sent for what is quarantined, nor to a person who was erased before it went', async () => {
    await addForm({ autoReply });
    await kilde.submit('kontakt', { email: 'bot@firma.no', _gotcha: 'x' });
    await kilde.submit('kontakt', { email: 'kari@firma.no' });
    const [{ id }] = (await kilde.api('GET', '/people')).body.items;
    await kilde.api('DELETE', `/people/${id}`);
    await tick();
    expect(mails).toEqual([]);
    expect(await kilde.sql('SELECT * FROM delivery')).toEqual([]);
  });

  it('leaves a form one round trip', async () => {
    await addForm({ autoReply, consents: [{ field: 'ok', purpose: 'news', doubleOptIn: true }] });
    await kilde.submit('kontakt', { email: 'first@firma.no' });
    kilde.roundTrips();
    await kilde.submit('kontakt', { email: 'kari@firma.no', ok: 'on' });
    expect(kilde.roundTrips()).toBe(1);
  });
});

describe('double opt-in', () => {
  const consents = [
    { field: 'terms', purpose: 'terms' },
    { field: 'news', purpose: 'newsletter', text: 'Ja til <nyhetsbrev>', doubleOptIn: true },
  ];
  const person = async () => (await kilde.api('GET', '/people?email=kari@firma.no')).body.items[0];
  const pathOf = ({ text }: Mail): string => new URL(/https:\S+\/confirm\/\S+/.exec(text)![0]).pathname;

  async function ask(): Promise<string> {
    await kilde.submit('kontakt', { email: 'kari@firma.no', terms: 'on', news: 'on' });
    await tick();
    return pathOf(mails.at(-1)!);
  }

  it('counts only after the click on a button, once', async () => {
    await addForm({ consents, language: 'no' });
    const path = await ask();
    expect(mails).toMatchObject([{ to: ['kari@firma.no'], subject: 'Bekreft: Kontakt' }]);
    expect(mails[0]!.text).toContain('https://edge.example.com/f/kontakt/confirm/');
    expect(await person()).toMatchObject({
      consents: [{ purpose: 'terms' }],
      consentRequests: [{ purpose: 'newsletter', form: { id: 'kontakt' } }],
    });

    // A mail scanner opens the link, twice.
    for (const method of ['GET', 'HEAD', 'GET']) {
      const page = await kilde.request(path, { method });
      expect(page.status).toBe(200);
      if (method === 'GET') expect(await page.text()).toMatch(/Ja til &lt;nyhetsbrev&gt;.*<form method="post">/s);
    }
    expect((await person()).consents).toHaveLength(1);

    kilde.advance(hourMs);
    expect((await kilde.request(path, { method: 'POST' })).status).toBe(200);
    expect((await person()).consents).toContainEqual(
      expect.objectContaining({ purpose: 'newsletter', text: 'Ja til <nyhetsbrev>', at: '2026-09-01T11:00:00.000Z' }),
    );
    expect((await kilde.request(path, { method: 'POST' })).status).toBe(410);
    expect(await person()).toMatchObject({ consents: { length: 2 }, consentRequests: [] });

    // What was given needs no further mail.
    await kilde.submit('kontakt', { email: 'kari@firma.no', news: 'on' });
    await tick();
    expect(mails).toHaveLength(1);
  });

  it('refuses links that are forged, of another form, or too old', async () => {
    await addForm({ consents });
    await kilde.api('POST', '/forms', { name: 'Other', slug: 'other' });
    const path = await ask();
    const [, id, signature] = /confirm\/(\d+)\.(.*)$/.exec(path)!;
    const forged = [
      path.replace(`${id}.`, '2.'),
      path.replace(signature!, signature!.split('').toReversed().join('')),
      path.replace('/kontakt/', '/other/'),
      '/f/kontakt/confirm/1.',
      '/f/kontakt/confirm/x',
    ];
    for (const one of forged) expect([one, (await kilde.request(one, { method: 'POST' })).status]).toEqual([one, 410]);
    kilde.advance(31 * dayMs);
    expect((await kilde.request(path, { method: 'POST' })).status).toBe(410);
    expect((await person()).consents).toHaveLength(1);
    await tick();
    expect(await countOf('consent_request')).toBe(0);
  });

  it('follows a merge, stands in the export, and goes with the person', async () => {
    await addForm({ consents });
    const path = await ask();
    await kilde.submit('kontakt', { email: 'kari@privat.no' });
    const { id: removed } = await person();
    const [{ id: kept }] = (await kilde.api('GET', '/people?email=kari@privat.no')).body.items;
    expect((await kilde.api('POST', `/people/${kept}/merge`, { otherId: removed })).status).toBe(201);
    expect((await kilde.api('GET', `/people/${kept}/export`)).body.consentRequests).toMatchObject([
      { purpose: 'newsletter' },
    ]);
    expect((await kilde.request(path, { method: 'POST' })).status).toBe(200);
    expect((await kilde.api('GET', `/people/${kept}`)).body.consents).toHaveLength(2);
    kilde.advance(hourMs);
    await kilde.submit('kontakt', { email: 'ola@firma.no', news: 'on' });
    await kilde.api('DELETE', `/people/${(await kilde.api('GET', '/people?email=ola@firma.no')).body.items[0].id}`);
    expect(await countOf('consent_request')).toBe(0);
  });
});

describe('manual if unknown', () => {
  const waiting = async () => (await kilde.api('GET', '/approvals?count=true')).body;

  beforeEach(async () => {
    await addForm({ mode: 'manualIfUnknown', notify: [{ kind: 'email', to: ['salg@firma.no'] }] });
  });

  it('lets known people through, and lets the others wait without a trace', async () => {
    await kilde.api('POST', '/people', { email: 'kari@firma.no' });
    kilde.advance(hourMs);
    await kilde.submit('kontakt', { email: 'kari@firma.no' });
    const { id } = (await (await kilde.submit('kontakt', { email: 'ola@ny.no', message: 'Hei' })).json()) as any;
    expect((await kilde.api('GET', '/people?count=true')).body.count).toBe(1);
    expect((await kilde.api('GET', '/companies?domain=ny.no')).body.items).toEqual([]);
    expect(await waiting()).toMatchObject({
      items: [{ id, form: { id: 'kontakt' }, status: 'waiting', fields: { message: 'Hei' } }],
      count: 1,
    });
    expect((await kilde.api('GET', '/quarantine')).body.items).toEqual([]);
    const statistics = { total: 1, newLeads: 0, quarantined: 0, waitingForApproval: 1 };
    expect((await kilde.api('GET', '/forms/kontakt/statistics')).body).toMatchObject(statistics);
    await tick();
    expect(mails.map(({ subject }) => subject).toSorted()).toEqual([
      'Kontakt: new submission',
      'Kontakt: waits for approval',
    ]);

    kilde.advance(2 * dayMs);
    expect(await kilde.api('POST', `/approvals/${id}/approve`)).toEqual({ status: 200, body: { id } });
    expect((await kilde.api('GET', '/people?email=ola@ny.no')).body.items).toMatchObject([
      { createdAt: '2026-09-01T11:00:00.000Z', createdByForm: { id: 'kontakt' } },
    ]);
    expect((await kilde.api('GET', `/submissions/${id}`)).body).toMatchObject({
      at: '2026-09-01T11:00:00.000Z',
      createdPerson: true,
    });
    expect((await kilde.api('GET', `/approvals/${id}`)).body).toMatchObject({ status: 'approved' });
    expect((await kilde.api('POST', `/approvals/${id}/approve`)).status).toBe(409);
    expect((await waiting()).count).toBe(0);
    await tick();
    // It was reported when it came.
    expect(mails).toHaveLength(2);
  });

  it('declines for good', async () => {
    const { id } = (await (await kilde.submit('kontakt', { email: 'ola@ny.no' })).json()) as any;
    expect((await kilde.api('POST', `/quarantine/${id}/release`)).status).toBe(404);
    expect(await kilde.api('POST', `/approvals/${id}/decline`)).toEqual({ status: 200, body: { id } });
    expect((await kilde.api('GET', `/approvals/${id}`)).status).toBe(404);
    expect(JSON.stringify(await kilde.sql('SELECT * FROM quarantine'))).toBe('[]');
    await tick();
    expect(mails).toEqual([]);
  });

  it('keeps a submission once, in one round trip', async () => {
    await kilde.submit('kontakt', { email: 'warm@firma.no' });
    kilde.roundTrips();
    const headers = { 'idempotency-key': 'k1' };
    await kilde.submit('kontakt', { email: 'ola@ny.no' }, { headers });
    expect(kilde.roundTrips()).toBe(1);
    await kilde.submit('kontakt', { email: 'ola@ny.no' }, { headers });
    for (let n = 0; n < 3; n += 1) await browser({ email: 'per@ny.no' });
    expect((await waiting()).count).toBe(3);
    expect(await countOf('person')).toBe(0);
  });

  it('takes no more than the form has room for, and quarantines what is suspect', async () => {
    await kilde.submit('kontakt', { email: 'bot@firma.no', _gotcha: 'x' });
    expect((await waiting()).count).toBe(0);
    const [{ id }] = (await kilde.api('GET', '/quarantine')).body.items;
    expect((await kilde.api('POST', `/quarantine/${id}/release`)).status).toBe(200);
    expect(await countOf('person')).toBe(1);
    await kilde.api('PATCH', '/forms/kontakt', { closesAfter: 1 });
    expect((await kilde.submit('kontakt', { email: 'ola@ny.no' })).status).toBe(410);
    expect((await waiting()).count).toBe(0);
  });
});
