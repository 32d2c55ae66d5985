import type { Context } from 'hono';
import { KildeError } from '../domain/errors.ts';

/** The platform's rate limits, by what they protect; null where the host has none. Set in wrangler.toml. */
export type RateLimits = Record<'addresses' | 'forms' | 'failedKeys', RateLimiter | null>;
export type RateLimiter = { limit(options: { key: string }): Promise<{ success: boolean }> };

/**
 * Counts a request against a limit. The visitor's address is the key and is kept nowhere; without one there is no limit.
 * @throws KildeError `rate_limited`.
 */
export async function limitRate(limiter: RateLimiter | null, key: string | undefined): Promise<void> {
  if (!limiter || !key) return;
  // A limit that cannot be asked turns nobody away.
  const { success } = await limiter.limit({ key }).catch(() => ({ success: true }));
  if (!success) throw new KildeError('rate_limited', 'Too many requests from here. Try again in a minute.');
}

export const addressOf = (c: Context): string | undefined => c.req.header('cf-connecting-ip');
