import { createTransport } from 'nodemailer';
import type { MailAnswer, MailRequest } from '../src/services/deliveries/send-mail.ts';
import { StartError } from './data-folder.ts';

/** How long the mail server may be silent: less than the Worker waits for the answer. */
const timeoutMs = 12_000;

export type Mailer = { send(request: MailRequest): Promise<MailAnswer>; close(): void };

/** What a fault of nodemailer holds. Source: https://nodemailer.com/errors */
type SmtpFault = { code?: string; responseCode?: number; response?: string; message: string };
type SendInfo = { accepted: unknown[]; rejected: unknown[]; rejectedErrors?: SmtpFault[] };

/**
 * Sends mail by a mail server. The address is `smtp://` (STARTTLS where the server offers it; `?requireTLS=true` refuses a server that does
 * not) or `smtps://` (TLS at once), with user name and password where the server wants them.
 * @throws StartError where the address cannot be read. It is not part of the message, since it may hold a password.
 */
export function createMailer(address: string): Mailer {
  const url = URL.parse(address);
  if (!url || !/^smtps?:$/.test(url.protocol) || url.hostname === '') {
    throw new StartError('KILDE_SMTP_URL must be an address such as smtp://user:password@mail.example.com:587.');
  }
  const timeouts = { connectionTimeout: timeoutMs, greetingTimeout: timeoutMs, socketTimeout: timeoutMs };
  const limits = { pool: true, maxConnections: 3, ...timeouts };
  // What a mail holds comes from people: none of it names a file of this machine or an address to read.
  const transport = createTransport({ url: address, ...limits, disableFileAccess: true, disableUrlAccess: true });
  return {
    async send({ attachments = [], ...mail }) {
      try {
        const info = (await transport.sendMail({
          ...mail,
          attachments: attachments.map(({ filename, type, content }) => ({
            filename,
            content,
            contentType: type,
            encoding: 'base64',
          })),
        })) as SendInfo;
        return info.rejected.length === 0 ? { ok: true } : answerOfSome(info);
      } catch (error) {
        return answerOf(error as SmtpFault);
      }
    },
    close: () => transport.close(),
  };
}

/** Some recipients got the mail: it is not sent again, since they would get it twice. */
function answerOfSome({ accepted, rejected, rejectedErrors = [] }: SendInfo): MailAnswer {
  const words = rejectedErrors[0]?.response ?? 'no reason was given';
  const text = `The mail server refused ${rejected.length} of ${accepted.length + rejected.length} recipients (${words}).`;
  return { ok: false, error: plain(text), fault: 'message', isFinal: true };
}

/**
 * What a fault says: 4xx is tried again, 5xx to the mail itself is final, and what keeps every mail from being sent (no connection, no TLS, a
 * wrong password, 421) is the server's fault, so that all mail waits for it.
 */
function answerOf({ code = '', responseCode, response, message }: SmtpFault): MailAnswer {
  const words = plain(response ?? message);
  const isAboutMail = code === 'EENVELOPE' || code === 'EMESSAGE';
  if (!isAboutMail || responseCode === undefined || responseCode === 421) {
    return { ok: false, error: `No mail can be sent: ${words}`, fault: 'silent' };
  }
  return { ok: false, error: `The mail server answered: ${words}`, fault: 'message', isFinal: responseCode >= 500 };
}

/** One line, without control characters, as a delivery shows it. */
const plain = (text: string): string =>
  text
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, 300);
