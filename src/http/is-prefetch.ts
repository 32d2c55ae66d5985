import type { Context } from 'hono';

/**
 * Whether a browser asks for a page that nobody has opened yet: prefetched, or rendered ahead. `Purpose` is of older Chromium and
 * Safari, `X-Moz` of Firefox. Source: https://wicg.github.io/nav-speculation/prefetch.html (Sec-Purpose).
 */
export function isPrefetch(c: Context): boolean {
  return ['sec-purpose', 'purpose', 'x-purpose', 'x-moz'].some((name) =>
    /\b(prefetch|prerender|preview)\b/i.test(c.req.header(name) ?? ''),
  );
}
