import type { CaptchaOutcome } from '../../domain/capture/suspect-spam.ts';

const verifyUrl = 'https://challenges.cloudflare.com/turnstile/v0/siteverify';
const timeoutMs = 3_000;

/**
 * Asks Cloudflare whether a Turnstile token holds (developers.cloudflare.com/turnstile/get-started/server-side-validation).
 * Never throws: where the verifier does not answer, the outcome is `unavailable` and nobody is turned away for it. Without a secret it is
 * `notConfigured`, and the submission is quarantined.
 */
export async function checkTurnstile({
  deps,
  token,
  address,
}: {
  deps: { fetch: typeof globalThis.fetch; config: { turnstileSecret: string | undefined } };
  token: string | undefined;
  address: string | undefined;
}): Promise<CaptchaOutcome> {
  const secret = deps.config.turnstileSecret;
  if (!secret) return 'notConfigured';
  if (!token) return 'absent';
  try {
    const answer = await deps.fetch(verifyUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ secret, response: token, ...(address ? { remoteip: address } : {}) }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    const { success } = await answer.json<{ success?: boolean }>();
    return success === true ? 'passed' : 'failed';
  } catch {
    return 'unavailable';
  }
}
