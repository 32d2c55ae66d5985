import type { MiddlewareHandler } from 'hono';

/** Of answers that are no page; pages say more themselves. */
const dataPolicy = "default-src 'none'; frame-ancestors 'none'";

const transportSecurity = 'max-age=31536000';

const dataHeaders = new Headers({
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'content-security-policy': dataPolicy,
  'cache-control': 'no-store',
});
const httpsDataHeaders = new Headers([...dataHeaders, ['strict-transport-security', transportSecurity]]);

/**
 * An answer of data that no cache keeps. What all such answers say is copied within the platform: on the busiest path, each
 * header that is handed over anew is felt.
 */
export function dataResponse(
  body: string | null,
  { status, headers, isHttps }: { status: number; headers: Record<string, string>; isHttps: boolean },
): Response {
  const response = new Response(body, { status, headers: isHttps ? httpsDataHeaders : dataHeaders });
  response.headers.set('x-request-id', crypto.randomUUID());
  for (const name in headers) response.headers.set(name, headers[name]!);
  return response;
}

/**
 * What every answer of Kilde's own says: that it is what its type says, that it is in no frame, that nobody is told where it came
 * from, and over HTTPS that it stays so. Source: OWASP, HTTP Headers and REST Security cheat sheets.
 */
export const secureHeaders: MiddlewareHandler = async (c, next) => {
  await next();
  const changeable = toChangeable(c.res);
  if (changeable !== c.res) c.res = changeable;
  addSecureHeaders(c.res, { isHttps: c.req.url.startsWith('https:') });
};

/** The same for one answer: set on it itself, since `c.header` makes a new one each time, once there is one. */
export function addSecureHeaders({ headers, status }: Response, { isHttps }: { isHttps: boolean }): void {
  const isPage = /^text\/html\b/.test(headers.get('content-type') ?? '');
  headers.set('x-content-type-options', 'nosniff');
  // A problem has its id already, since its body names it.
  if (!headers.has('x-request-id')) headers.set('x-request-id', crypto.randomUUID());
  // A redirect's policy would be the next page's: a short link must not hide from it where the visitor came from.
  const isRedirect = status >= 300 && status < 400;
  if (!isRedirect && !headers.has('referrer-policy')) headers.set('referrer-policy', 'no-referrer');
  if (!isPage && !headers.has('content-security-policy')) headers.set('content-security-policy', dataPolicy);
  if (isHttps) headers.set('strict-transport-security', transportSecurity);
}

/** Headers of an answer that was fetched, or is a redirect of the platform's making, cannot be changed: it is made anew. */
function toChangeable(response: Response): Response {
  try {
    response.headers.delete('x-content-type-options');
    return response;
  } catch {
    return new Response(response.body, response);
  }
}
