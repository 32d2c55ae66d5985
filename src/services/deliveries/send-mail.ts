import type { SendResult } from '../../domain/deliveries/send-result.ts';

/** A message as it is handed to whoever sends mail. The subject and the addresses hold no line breaks. */
export type Mail = {
  to: string[];
  subject: string;
  html: string;
  text: string;
  /** Headers beside the usual ones. Names and values are Kilde's own, never a visitor's. */
  headers?: Record<string, string>;
  attachments?: Array<{ disposition: 'attachment'; filename: string; type: string; content: string }>;
};

/** Sends one mail. Rejects where it was not accepted: with a `MailRefused` where the mail server said why. */
export type SendMail = (mail: Mail) => Promise<void>;

/** A mail on its way to the process that speaks SMTP (tools/smtp-mailer.ts), and how it went. */
export type MailRequest = Mail & { from: string };
export type MailAnswer = SendResult;

/** What the mail server answered to a mail that it did not accept. */
export class MailRefused extends Error {
  readonly result: Extract<SendResult, { ok: false }>;

  constructor(result: Extract<SendResult, { ok: false }>) {
    super(result.error);
    this.name = 'MailRefused';
    this.result = result;
  }
}
