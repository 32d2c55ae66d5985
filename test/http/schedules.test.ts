import { beforeEach, describe, expect, it } from 'vitest';
import { runJobs } from '../../src/jobs/run-jobs.ts';
import type { Mail } from '../../src/services/deliveries/send-mail.ts';
import { adminKey, createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

type Posted = { url: string; headers: Headers; body: any };

let kilde: TestApp;
let posted: Posted[];
let mails: Mail[];
let answer: () => Response;

beforeEach(async () => {
  posted = [];
  mails = [];
  answer = () => new Response(null, { status: 204 });
  kilde = await createTestApp({
    fetch: async (input, init) => {
      const request = new Request(input, init);
      posted.push({ url: request.url, headers: request.headers, body: await request.json() });
      return answer();
    },
  });
  kilde.deps.sendMail = async (mail) => {
    mails.push(mail);
  };
  await kilde.sql("INSERT INTO form (key, name, site_id, created_at) VALUES ('demo', 'Demo', 1, 0)");
});

const tick = () => runJobs({ deps: kilde.deps, now: kilde.deps.clock() });
const hour = 3_600_000;
const day = 24 * hour;

/** The clock of a test starts on Tuesday 1 September 2026, 12:00 in Oslo. */
const monday = {
  name: 'Leads & sources',
  reportId: 'new-leads-by-lead-creation-source',
  cron: '0 8 * * 1',
  targets: [{ kind: 'email', to: ['sjef@firma.no'] }],
};

async function addSchedule(changes: Record<string, unknown> = {}) {
  const { status, body } = await kilde.api('POST', '/schedules', { ...monday, ...changes });
  expect(status, JSON.stringify(body)).toBe(201);
  return body;
}

async function runsOf(id: string) {
  return (await kilde.api('GET', `/schedules/${id}/runs`)).body.items;
}

describe('a schedule', () => {
  it('runs on its cron expression in its time zone, and is sent as a mail with the file', async () => {
    await kilde.submit('demo', {
      email: 'kari@firma.no',
      _page: 'https://a.no/?utm_source=linkedin&utm_medium=social',
    });
    const { id, nextAt } = await addSchedule({ language: 'no' });
    expect(nextAt).toBe('2026-09-07T06:00:00.000Z');
    await tick();
    kilde.advance(6 * day - 4 * hour - 60_000);
    await tick();
    expect(mails).toEqual([]);
    kilde.advance(60_000);
    await tick();
    expect(mails).toHaveLength(1);
    const { to, subject, html, text, attachments } = mails[0]!;
    expect(to).toEqual(['sjef@firma.no']);
    expect(subject).toMatch(/^Leads & sources – /);
    expect(html).toContain('Leads &amp; sources');
    expect(html).toContain('linkedin');
    expect(text).toContain('Totalt');
    expect(attachments![0]!.filename).toBe('leads-sources-2026-09-07.csv');
    const csv = new TextDecoder().decode(Uint8Array.from(atob(attachments![0]!.content), (c) => c.charCodeAt(0)));
    expect(csv.split('\r\n')[0]).toContain('Kilde,Leads,Andel av leads');
    expect(csv).toContain('linkedin,1,1');

    const [run] = await runsOf(id);
    expect(run).toMatchObject({ status: 'done', trigger: 'cron', dueAt: '2026-09-07T06:00:00.000Z' });
    expect(run.deliveries).toMatchObject([{ status: 'delivered', attempts: 1 }]);
    const opened = await kilde.api('GET', `/runs/${run.id}`);
    expect(opened.body.report.rows).toMatchObject([{ source: 'linkedin', leads: 1 }]);
    expect(opened.body.report.query.period).toEqual({ from: '2026-06-10', to: '2026-09-07' });
  });

  it('runs once for each time, whatever the trigger does', async () => {
    const { id } = await addSchedule();
    kilde.advance(7 * day);
    await Promise.all([tick(), tick(), tick()]);
    await tick();
    expect(await runsOf(id)).toHaveLength(1);
    expect(mails).toHaveLength(1);
  });

  it('runs the last time alone where several have passed unnoticed', async () => {
    const { id } = await addSchedule();
    kilde.advance(30 * day);
    await tick();
    const runs = await runsOf(id);
    expect(runs.map(({ dueAt }: { dueAt: string }) => dueAt)).toEqual(['2026-09-28T06:00:00.000Z']);
    const { body } = await kilde.api('GET', `/schedules/${id}`);
    expect(body.nextAt).toBe('2026-10-05T06:00:00.000Z');
  });

  it('is taken over where a run was begun and left', async () => {
    const { id } = await addSchedule();
    kilde.advance(7 * day);
    await kilde.sql(
      `INSERT INTO report_run (id, schedule_id, due_at, trigger_kind, status, lease_until) VALUES ('left', ?, ?, 'cron', 'running', ?)`,
      [Number(id), Date.parse('2026-09-07T06:00:00Z'), kilde.deps.clock() + 1_000],
    );
    await kilde.sql('UPDATE schedule SET next_at = ?', [Date.parse('2026-09-14T06:00:00Z')]);
    await tick();
    expect(mails).toHaveLength(0);
    kilde.advance(2_000);
    await tick();
    expect(mails).toHaveLength(1);
    expect(await runsOf(id)).toMatchObject([{ id: 'left', status: 'done' }]);
  });

  it('does not make up for the time it was turned off', async () => {
    const { id } = await addSchedule({ enabled: false });
    kilde.advance(10 * day);
    await tick();
    const { body } = await kilde.api('PATCH', `/schedules/${id}`, { enabled: true });
    expect(body.nextAt).toBe('2026-09-14T06:00:00.000Z');
    await tick();
    expect(await runsOf(id)).toEqual([]);
  });

  it('says why a run failed', async () => {
    const saved = await kilde.api('POST', '/reports', { name: 'Mine', query: { measures: ['leads'] } });
    const { id } = await addSchedule({ reportId: saved.body.id });
    const kept = await kilde.api('DELETE', `/reports/${saved.body.id}`);
    expect(kept.status).toBe(409);
    await kilde.sql('DELETE FROM saved_report');
    kilde.advance(7 * day);
    await tick();
    expect(await runsOf(id)).toMatchObject([{ status: 'failed', error: 'There is no such report.', deliveries: [] }]);
  });

  it('is run at once and shown beforehand on demand', async () => {
    const { id } = await addSchedule({ parameters: { from: '2026-09-01', to: '2026-09-01' } });
    const preview = await kilde.api('POST', `/schedules/${id}/run`, { dryRun: true });
    expect(preview.body.html).toContain('Nothing in this period.');
    expect(await runsOf(id)).toEqual([]);
    const run = await kilde.api('POST', `/schedules/${id}/run`);
    expect(run.status).toBe(201);
    await tick();
    expect(mails).toHaveLength(1);
    const [one] = await runsOf(id);
    expect(one).toMatchObject({ id: run.body.id, trigger: 'manual' });
    const csv = await kilde.request(`/api/v1/runs/${one.id}?format=csv`, {
      headers: { authorization: `Bearer ${adminKey}` },
    });
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  });

  it.each([
    [{ cron: '* * * * * *' }, 'body.cron'],
    [{ cron: '0 0 30 2 *' }, 'body.cron'],
    [{ timeZone: 'Mars/Olympus' }, 'body.timeZone'],
    [{ reportId: 'no-such' }, 'body.reportId'],
    [{ targets: [{ kind: 'webhook', url: 'https://192.168.1.1/' }] }, 'body.targets[0].url'],
    [{ targets: [{ kind: 'chat', url: 'http://chat.example.com/', format: 'slack' }] }, 'body.targets[0].url'],
    [{ targets: [{ kind: 'email', to: ['sjef@firma.no\r\nBcc: alle@firma.no'] }] }, 'body.targets[0].to[0]'],
  ])('is refused with %j', async (changes, location) => {
    const { status, body } = await kilde.api('POST', '/schedules', { ...monday, ...changes });
    expect(status).toBe(422);
    expect(body.errors.map((one: { location: string }) => one.location)).toContain(location);
  });
});

describe('what a run is sent as', () => {
  it('is a signed message to a webhook, and text to chats', async () => {
    // With a letter in front, since a text in brackets alone is what a template left behind, and no source.
    await kilde.submit('demo', { email: 'kari@firma.no', _page: 'https://a.no/?utm_source=x<!channel>&utm_medium=x' });
    const { id, secrets } = await addSchedule({
      targets: [
        { kind: 'webhook', url: 'https://hooks.example.com/report' },
        { kind: 'chat', url: 'https://chat.example.com/slack', format: 'slack' },
        { kind: 'chat', url: 'https://chat.example.com/teams', format: 'teams' },
        { kind: 'chat', url: 'https://chat.example.com/discord', format: 'discord' },
      ],
    });
    expect(secrets).toMatchObject([{ url: 'https://hooks.example.com/report' }]);
    const shown = await kilde.api('GET', `/schedules/${id}`);
    expect(JSON.stringify(shown.body)).not.toContain('whsec_');
    await kilde.api('POST', `/schedules/${id}/run`);
    await tick();
    const by = (end: string) => posted.find(({ url }) => url.endsWith(end))!;
    expect(by('/report').headers.get('webhook-signature')).toMatch(/^v1,/);
    expect(by('/report').body).toMatchObject({ type: 'report.run', data: { schedule: { id } } });
    expect(by('/slack').body.text).toContain('&lt;!channel&gt;');
    expect(by('/slack').body.text).not.toContain('<!channel>');
    expect(by('/teams').body.attachments[0].content.type).toBe('AdaptiveCard');
    expect(by('/discord').body.allowed_mentions).toEqual({ parse: [] });
  });

  it('is tried again where it fails, shows why, and can be sent again when it was given up', async () => {
    const { id } = await addSchedule({ targets: [{ kind: 'webhook', url: 'https://hooks.example.com/report' }] });
    answer = () => new Response(null, { status: 502 });
    await kilde.api('POST', `/schedules/${id}/run`);
    for (let n = 0; n < 100; n += 1) {
      await tick();
      kilde.advance(hour);
    }
    expect(posted).toHaveLength(10);
    expect(new Set(posted.map(({ headers }) => headers.get('webhook-id'))).size).toBe(1);
    const dead = await kilde.api('GET', '/deliveries?status=dead');
    expect(dead.body.items).toMatchObject([{ lastError: 'The receiver answered 502.', attempts: 10 }]);
    answer = () => new Response(null, { status: 200 });
    const again = await kilde.api('POST', `/deliveries/${dead.body.items[0].id}/retry`);
    expect(again.status).toBe(200);
    await tick();
    expect((await runsOf(id))[0].deliveries).toMatchObject([{ status: 'delivered' }]);
  });

  it('waits where no mail can be sent, with the reason', async () => {
    kilde.deps.sendMail = null;
    const { id } = await addSchedule();
    await kilde.api('POST', `/schedules/${id}/run`);
    await tick();
    expect((await runsOf(id))[0].deliveries).toMatchObject([
      { status: 'pending', lastError: expect.stringContaining('No mail can be sent: set KILDE_MAIL_FROM') },
    ]);
  });
});

describe('a run on demand', () => {
  it('is sent at once, without the trigger, also to a receiver that is left alone', async () => {
    const { id } = await addSchedule({
      targets: [{ kind: 'chat', url: 'https://chat.example.com/x', format: 'slack' }],
    });
    answer = () => new Response(null, { status: 500 });
    await kilde.api('POST', `/schedules/${id}/run`);
    expect(posted).toHaveLength(1);
    expect((await runsOf(id))[0].deliveries).toMatchObject([
      { status: 'pending', attempts: 1, lastError: 'The receiver answered 500.', nextAt: '2026-09-01T10:00:05.000Z' },
    ]);
    kilde.advance(1_000);
    answer = () => new Response(null, { status: 200 });
    await kilde.api('POST', `/schedules/${id}/run`);
    expect(posted).toHaveLength(2);
    expect((await runsOf(id))[0].deliveries).toMatchObject([{ status: 'delivered' }]);
  });

  it('is answered while a receiver hangs', async () => {
    const { id } = await addSchedule({ targets: [{ kind: 'webhook', url: 'https://hooks.example.com/x' }] });
    // The patience of the answer is over at once, that of the delivery never.
    kilde.deps.abortAfter = (milliseconds) =>
      milliseconds < 15_000 ? AbortSignal.abort() : new AbortController().signal;
    let release: (response: Response) => void = () => {};
    const hanging = new Promise<Response>((resolve) => (release = resolve));
    answer = () => hanging as unknown as Response;
    expect((await kilde.api('POST', `/schedules/${id}/run`)).status).toBe(201);
    release(new Response(null, { status: 204 }));
  });

  it('retries what was given up at once, and shows how it went', async () => {
    const { id } = await addSchedule({
      targets: [{ kind: 'chat', url: 'https://chat.example.com/x', format: 'slack' }],
    });
    answer = () => new Response(null, { status: 410 });
    await kilde.api('POST', `/schedules/${id}/run`);
    const [dead] = (await kilde.api('GET', '/deliveries?status=dead')).body.items;
    expect(dead).toMatchObject({ lastError: 'The receiver answered 410 Gone.', attempts: 1 });
    answer = () => new Response(null, { status: 200 });
    const retried = await kilde.api('POST', `/deliveries/${dead.id}/retry`);
    expect(retried.body).toMatchObject({ id: dead.id, status: 'delivered', nextAt: null, lastError: null });
  });
});

describe('mail that hangs', () => {
  it('is bounded, and delays no other target', async () => {
    const { id } = await addSchedule({
      targets: [...monday.targets, { kind: 'chat', url: 'https://chat.example.com/x', format: 'slack' }],
    });
    const timers: AbortController[] = [];
    kilde.deps.abortAfter = () => {
      const controller = new AbortController();
      timers.push(controller);
      return controller.signal;
    };
    const [began, begin] = deferred();
    kilde.deps.sendMail = async () => {
      begin();
      return new Promise(() => {});
    };
    kilde.advance(7 * day);
    const running = tick();
    await began;
    while (posted.length === 0) await kilde.sql('SELECT 1');
    for (const timer of timers) timer.abort(new DOMException('too late', 'TimeoutError'));
    await running;
    while ((await runsOf(id))[0].deliveries[0].attempts === 0) await kilde.sql('SELECT 1');
    expect(posted).toHaveLength(1);
  });
});

function deferred(): [promise: Promise<void>, resolve: () => void] {
  let resolve = () => {};
  const promise = new Promise<void>((done) => (resolve = done));
  return [promise, resolve];
}

describe('the notification of a form', () => {
  it('that waits shows no time that has passed', async () => {
    await kilde.sql(`UPDATE form SET notify = '["salg@firma.no"]'`);
    await kilde.submit('demo', { email: 'kari@firma.no' });
    const { items } = (await kilde.api('GET', '/deliveries')).body;
    expect(items).toMatchObject([{ status: 'pending', attempts: 0, nextAt: '2026-09-01T10:00:00.000Z' }]);
  });

  it('is sent once for each submission, to the addresses of the form', async () => {
    await kilde.sql(`UPDATE form SET notify = '["salg@firma.no"]', name = ?`, ['Kontakt\r\nBcc: x@y.no']);
    await kilde.submit('demo', {
      email: 'kari@firma.no',
      message: '<b>Hei</b>',
      _page: 'https://a.no/?utm_source=nyhetsbrev',
    });
    await tick();
    await tick();
    expect(mails).toHaveLength(1);
    expect(mails[0]).toMatchObject({ to: ['salg@firma.no'], subject: 'Kontakt Bcc: x@y.no: new lead' });
    expect(mails[0]!.html).toContain('&lt;b&gt;Hei&lt;/b&gt;');
    expect(mails[0]!.text).toContain('nyhetsbrev');
    kilde.advance(25 * hour);
    await tick();
    expect(await kilde.sql('SELECT * FROM delivery')).toEqual([]);
  });
});

it.each([
  [{ grain: 'hour' }, 'parameters.grain'],
  [{ timeZone: 'Mars/X' }, 'parameters.timeZone'],
  [{ period: 'tisYear' }, 'parameters.period'],
  [{ attribution: 'foo' }, 'parameters.attribution'],
  [{ site: 'nosuch' }, 'parameters.filter.site'],
  [{ currency: 'nok' }, 'parameters.currency'],
  [{ compare: 'x' }, 'parameters.compare'],
  [{ limit: '0' }, 'parameters.limit'],
  [{ filter: 'x' }, 'parameters.filter'],
  [{ where: '{"field":"nope","op":"equals","value":"x"}' }, 'parameters.where.field'],
  [{ from: '2026-12-01', to: '2026-01-01' }, 'parameters.to'],
])('a schedule with the parameters %j is refused when it is stored', async (parameters, place) => {
  const { id } = await addSchedule({ parameters: { from: '2026-09-01', limit: '5' } });
  const { status, body } = await kilde.api('PATCH', `/schedules/${id}`, { parameters });
  expect([status, body.errors?.map((one: any) => one.location)]).toEqual([422, [`body.${place}`]]);
  expect((await kilde.api('GET', `/schedules/${id}`)).body.parameters).toEqual({ from: '2026-09-01', limit: '5' });
});
