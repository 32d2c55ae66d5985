/** The headers of an answer that a page of another origin may read, beside those that any may. */
export const exposedHeaders =
  'Allow, Content-Disposition, ETag, Location, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id';

/** What lets the page of an origin read an answer, and send its cookies with what it asks. */
export const corsHeaders = (origin: string): Record<string, string> => ({
  'access-control-allow-origin': origin,
  'access-control-allow-credentials': 'true',
  'access-control-expose-headers': 'RateLimit, RateLimit-Policy, Retry-After, X-Request-Id',
  vary: 'Origin',
});
