import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';
import type { SMTPServerOptions } from 'smtp-server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startKilde } from '../../tools/serve.ts';
import { createMailer } from '../../tools/smtp-mailer.ts';

type Received = { from: string; to: string[]; raw: string; isSecure: boolean };

let received: Received[];
/** What the server answers to a recipient instead of accepting it. */
let refusals: Map<string, { code: number; text: string }>;
let endings: Array<() => unknown>;

beforeEach(() => {
  received = [];
  refusals = new Map();
  endings = [];
});

afterEach(async () => {
  for (const end of endings.toReversed()) await end();
});

const refuse = ({ code, text: words }: { code: number; text: string }): Error =>
  Object.assign(new Error(words), { responseCode: code });

/** A real SMTP server on a free port of this machine. */
async function startServer(options: SMTPServerOptions = {}): Promise<number> {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    ...options,
    onRcptTo: ({ address }, _session, answer) => {
      const refusal = refusals.get(address);
      answer(refusal ? refuse(refusal) : null);
    },
    onData: (stream, { envelope, secure }, answer) => {
      void text(stream).then((raw) => {
        const from = envelope.mailFrom ? envelope.mailFrom.address : '';
        received.push({ from, to: envelope.rcptTo.map(({ address }) => address), raw, isSecure: secure });
        answer();
      });
    },
  });
  server.on('error', () => {});
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  endings.push(async () => new Promise<void>((closed) => server.close(() => closed())));
  return (server.server.address() as AddressInfo).port;
}

const mail = { from: 'Kilde <kilde@firma.no>', to: ['kari@firma.no'], subject: 'Hei', text: 'Hei', html: '<p>Hei</p>' };

async function send(url: string, given: Partial<Parameters<ReturnType<typeof createMailer>['send']>[0]> = {}) {
  const mailer = createMailer(url);
  endings.push(() => mailer.close());
  return mailer.send({ ...mail, ...given });
}

describe('what the mail server answers', () => {
  it.each([
    [451, 'Greylisted, try again', { fault: 'message', isFinal: false }],
    [550, '5.1.1 No such user here', { fault: 'message', isFinal: true }],
    [421, 'Too busy', { fault: 'silent' }],
  ])('is told in its words: %i', async (code, words, result) => {
    refusals.set('kari@firma.no', { code, text: words });
    expect(await send(`smtp://127.0.0.1:${await startServer()}`)).toEqual({
      ok: false,
      error: expect.stringContaining(words),
      ...result,
    });
    expect(received).toEqual([]);
  });

  it('is final where some recipients have the mail', async () => {
    refusals.set('ola@firma.no', { code: 550, text: 'No Ola here' });
    const result = await send(`smtp://127.0.0.1:${await startServer()}`, { to: ['kari@firma.no', 'ola@firma.no'] });
    expect(result).toMatchObject({
      ok: false,
      isFinal: true,
      error: expect.stringMatching(/refused 1 of 2.*No Ola here/),
    });
    expect(received).toMatchObject([{ to: ['kari@firma.no'] }]);
  });

  it('makes all mail wait where none can be sent', async () => {
    const port = await startServer({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: (_auth, _session, answer) => answer(new Error('Wrong password')),
    });
    const waits = { ok: false, fault: 'silent' };
    expect(await send(`smtp://user:secret@127.0.0.1:${port}`)).toMatchObject(waits);
    expect(await send('smtp://127.0.0.1:1')).toMatchObject(waits);
    // A server without TLS, where TLS is required.
    expect(await send(`smtp://127.0.0.1:${await startServer()}?requireTLS=true`)).toMatchObject(waits);
    // A certificate that nobody trusts.
    expect(await send(`smtps://127.0.0.1:${await startServer({ secure: true })}`)).toMatchObject(waits);
    expect(received).toEqual([]);
  });
});

it('speaks TLS at once, and STARTTLS where it is offered', async () => {
  const trusting = 'tls.rejectUnauthorized=false';
  expect(await send(`smtps://127.0.0.1:${await startServer({ secure: true })}?${trusting}`)).toEqual({ ok: true });
  const port = await startServer({ disabledCommands: [] });
  expect(await send(`smtp://127.0.0.1:${port}?requireTLS=true&${trusting}`)).toEqual({ ok: true });
  expect(received.map(({ isSecure }) => isSecure)).toEqual([true, true]);
});

it('lets no text begin a header, name a recipient or read a file', async () => {
  const evil = 'x\r\nBcc: alle@evil.no\r\n\r\n<script>';
  const url = `smtp://127.0.0.1:${await startServer()}`;
  await send(url, {
    subject: evil,
    text: '\r\n.\r\nMAIL FROM:<x@evil.no>\r\nRCPT TO:<alle@evil.no>\r\n',
    headers: { 'Auto-Submitted': 'auto-replied' },
    attachments: [{ disposition: 'attachment', filename: `${evil}.csv`, type: 'text/csv', content: btoa('a;b') }],
  });
  // An attachment is its content, whatever else is sent with it.
  await send(url, { attachments: [{ filename: 'x', type: 'text/plain', content: '', path: '/etc/passwd' } as never] });
  expect(received).toHaveLength(2);
  for (const { from, to, raw } of received) {
    expect([from, to]).toEqual(['kilde@firma.no', ['kari@firma.no']]);
    expect(raw.split('\r\n\r\n')[0]).not.toMatch(/^bcc:/im);
    expect(raw).not.toContain('root:');
  }
  expect(received[0]!.raw).toMatch(/^Auto-Submitted: auto-replied\r$/m);
  expect(received[0]!.raw).toContain(btoa('a;b'));
});

it('refuses settings that cannot work, without telling a password', async () => {
  for (const url of ['http://user:secret@x.no', 'smtp:', 'secret']) {
    expect(() => createMailer(url)).toThrow(/^KILDE_SMTP_URL must be an address(?!.*secret)/);
  }
  const dataDirectory = await mkdtemp(join(tmpdir(), 'kilde-smtp-'));
  endings.push(async () => rm(dataDirectory, { recursive: true, force: true }));
  await expect(startKilde({ dataDirectory, smtpUrl: 'smtp://127.0.0.1:1' })).rejects.toThrow(
    'KILDE_SMTP_URL is set without KILDE_MAIL_FROM',
  );
});

it('sends what the queue holds, tries 4xx again and gives 5xx up', async () => {
  const port = await startServer();
  const dataDirectory = await mkdtemp(join(tmpdir(), 'kilde-smtp-'));
  endings.push(async () => rm(dataDirectory, { recursive: true, force: true }));
  const kilde = await startKilde({
    dataDirectory,
    smtpUrl: `smtp://127.0.0.1:${port}`,
    bindings: { KILDE_MAIL_FROM: 'Kilde <kilde@firma.no>' },
  });
  endings.push(async () => kilde.close());
  const api = async (method: string, path: string, body?: unknown): Promise<any> => {
    const headers = { authorization: `Bearer ${kilde.adminKey}`, 'content-type': 'application/json' };
    const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    return (await fetch(new URL(`/api/v1${path}`, kilde.url), init)).json();
  };
  refusals.set('busy@firma.no', { code: 451, text: 'Greylisted' });
  refusals.set('gone@firma.no', { code: 550, text: 'No such user' });
  const notify = ['good@firma.no', 'busy@firma.no', 'gone@firma.no'].map((to) => ({ kind: 'email', to: [to] }));
  await api('POST', '/forms', { name: 'Kontakt', slug: 'kontakt', notify });
  await fetch(new URL('/f/kontakt', kilde.url), {
    method: 'POST',
    body: new URLSearchParams({ email: 'kari@firma.no' }),
  });
  await kilde.trigger();
  expect(received).toMatchObject([{ from: 'kilde@firma.no', to: ['good@firma.no'] }]);
  expect(received[0]!.raw).toContain('Subject: Kontakt: new lead');
  const { items } = await api('GET', '/deliveries');
  const ended = Object.fromEntries(
    items.map((one: any) => [one.target.to[0], [one.status, one.attempts, one.lastError]]),
  );
  expect(ended).toEqual({
    'good@firma.no': ['delivered', 1, null],
    'busy@firma.no': ['pending', 1, expect.stringContaining('451 Greylisted')],
    'gone@firma.no': ['dead', 1, expect.stringContaining('550 No such user')],
  });
  refusals.clear();
  const { id } = items.find((one: any) => one.target.to[0] === 'gone@firma.no');
  expect(await api('POST', `/deliveries/${id}/retry`)).toMatchObject({ status: 'delivered' });
  expect(received.at(-1)).toMatchObject({ to: ['gone@firma.no'] });
});
