import type { Context } from 'hono';
import { KildeError } from '../domain/errors.ts';

/**
 * Each limit by what it protects: its binding, the name that headers give it, and how many requests it allows in which time.
 * wrangler.toml and the local start set the same.
 */
export const ratePolicies = {
  addresses: { binding: 'ADDRESS_LIMIT', name: 'address', limit: 300, periodSeconds: 60 },
  forms: { binding: 'FORM_LIMIT', name: 'form', limit: 600, periodSeconds: 60 },
  failedKeys: { binding: 'FAILED_KEY_LIMIT', name: 'failed-keys', limit: 20, periodSeconds: 60 },
} as const;
export type RateLimitName = keyof typeof ratePolicies;

/** The platform's rate limits; null where the host has none. */
export type RateLimits = Record<RateLimitName, RateLimiter | null>;
export type RateLimiter = { limit(options: { key: string }): Promise<{ success: boolean }> };

class RateLimitedError extends KildeError {
  readonly limit: RateLimitName;

  constructor(limit: RateLimitName) {
    super('rate_limited', 'Too many requests from here. Try again in a minute.');
    this.limit = limit;
  }
}

/**
 * Counts a request against a limit. The visitor's address is the key and is not stored.
 * @throws KildeError `rate_limited`.
 */
export async function limitRate(
  limits: RateLimits,
  { limit, key }: { limit: RateLimitName; key: string },
): Promise<void> {
  const limiter = limits[limit];
  if (!limiter) return;
  // A limit that cannot be asked refuses nobody.
  const { success } = await limiter.limit({ key }).catch(() => ({ success: true }));
  if (!success) throw new RateLimitedError(limit);
}

/** `RateLimit-Policy`, as draft-ietf-httpapi-ratelimit-headers writes it. */
export function ratePolicyText(limit: RateLimitName): string {
  const { name, limit: quota, periodSeconds } = ratePolicies[limit];
  return `"${name}";q=${quota};w=${periodSeconds}`;
}

/** What the answer to a refused request says of the limit that refused it; nothing for any other error. */
export function rateLimitHeaders(error: unknown): Record<string, string> {
  if (!(error instanceof RateLimitedError)) return {};
  const { name, periodSeconds } = ratePolicies[error.limit];
  return {
    'ratelimit-policy': ratePolicyText(error.limit),
    ratelimit: `"${name}";r=0;t=${periodSeconds}`,
    'retry-after': String(periodSeconds),
  };
}

/**
 * The address that limits count by: as Cloudflare gives it, else as the last proxy wrote it. Who comes without either, to a server of
 * one's own without a proxy, counts as one.
 */
export function limitKeyOf(c: Context): string {
  return addressOf(c) ?? c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim() ?? 'unknown';
}

export const addressOf = (c: Context): string | undefined => c.req.header('cf-connecting-ip');
