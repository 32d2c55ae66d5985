import { Webhook } from 'standardwebhooks';
import { addressProblem } from '../../domain/deliveries/public-address.ts';
import { parseRetryAfter } from '../../domain/deliveries/receiver-state.ts';
import type { SendResult } from '../../domain/deliveries/send-result.ts';
import { inTime } from '../in-time.ts';

export type SendContext = {
  fetch: typeof globalThis.fetch;
  clock: () => number;
  /** A signal that aborts after some milliseconds, with a `TimeoutError`. */
  abortAfter: (milliseconds: number) => AbortSignal;
  /** Whether addresses may lead to private networks: for development alone. */
  config: { privateAddresses: boolean };
};

const timeoutMs = 15_000;

/**
 * Posts JSON. Redirects are not followed, and the answer's body is not read.
 * @returns why it failed, without anything of what was sent.
 */
export async function postJson(
  { fetch, config, clock, abortAfter }: SendContext,
  { url, body, headers = {} }: { url: string; body: string; headers?: Record<string, string> },
): Promise<SendResult> {
  const problem = addressProblem(url, { allowPrivate: config.privateAddresses });
  if (problem) return { ok: false, error: `The address ${problem}.`, fault: 'silent' };
  const signal = abortAfter(timeoutMs);
  try {
    const sending = fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': 'Kilde/1', ...headers },
      body,
      redirect: 'manual',
      signal,
    });
    const response = await inTime(sending, signal);
    // Not waited for: a body can be without end.
    void response.body?.cancel().catch(() => {});
    return resultOf(response, clock());
  } catch (error) {
    const timedOut = error instanceof Error && error.name === 'TimeoutError';
    const text = timedOut
      ? `The receiver did not answer within ${timeoutMs / 1000} s.`
      : 'The receiver could not be reached.';
    return { ok: false, error: text, fault: 'silent' };
  }
}

function resultOf({ ok, status, headers }: Response, now: number): SendResult {
  if (ok) return { ok: true };
  if (status === 410) return { ok: false, error: 'The receiver answered 410 Gone.', fault: 'gone' };
  const retryAfterMs = parseRetryAfter(headers.get('retry-after'), now);
  const asksToWait = status === 429 || (status === 503 && retryAfterMs !== undefined);
  if (asksToWait) return { ok: false, error: `The receiver answered ${status}.`, fault: 'silent', retryAfterMs };
  // A redirect too: it is not followed.
  return { ok: false, error: `The receiver answered ${status}.`, fault: 'refusal' };
}

/**
 * Posts a message as Standard Webhooks has it: `{ type, timestamp, data }`, signed with each secret.
 * Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export async function sendSigned(
  context: SendContext,
  {
    url,
    secrets,
    id,
    type,
    at,
    data,
  }: { url: string; secrets: string[]; id: string; type: string; at: number; data: unknown },
): Promise<SendResult> {
  const body = JSON.stringify({ type, timestamp: new Date(at).toISOString(), data });
  const sentAt = new Date(context.clock());
  const signature = secrets.map((secret) => new Webhook(secret).sign(id, sentAt, body)).join(' ');
  return postJson(context, {
    url,
    body,
    headers: {
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1000)),
      'webhook-signature': signature,
    },
  });
}

/** A new secret of a webhook, 32 random bytes. */
export function newWebhookSecret(): string {
  return `whsec_${btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))))}`;
}
