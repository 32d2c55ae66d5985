import type { MiddlewareHandler } from 'hono';

/** Of answers that are no page; pages say more themselves. */
const dataPolicy = "default-src 'none'; frame-ancestors 'none'";

/**
 * What every answer of Kilde's own says: that it is what its type says, that it is in no frame, that nobody is told where it came
 * from, and over HTTPS that it stays so. Source: OWASP, HTTP Headers and REST Security cheat sheets.
 */
export const secureHeaders: MiddlewareHandler = async (c, next) => {
  await next();
  const { headers } = c.res;
  const isPage = /^text\/html\b/.test(headers.get('content-type') ?? '');
  c.header('x-content-type-options', 'nosniff');
  // A redirect's policy would be the next page's: a short link must not hide from it where the visitor came from.
  const isRedirect = c.res.status >= 300 && c.res.status < 400;
  if (!isRedirect && !headers.has('referrer-policy')) c.header('referrer-policy', 'no-referrer');
  if (!isPage && !headers.has('content-security-policy')) c.header('content-security-policy', dataPolicy);
  if (c.req.url.startsWith('https:')) c.header('strict-transport-security', 'max-age=31536000');
};
