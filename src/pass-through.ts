import { Hono } from 'hono';
import type { Context } from 'hono';
import { ownPrefix } from './config.ts';
import { KildeError } from './domain/errors.ts';
import { readParameters } from './domain/attribution/read-parameters.ts';
import { hasMark } from './domain/attribution/same-click.ts';
import { executionContext, runInBackground } from './http/background.ts';
import type { Deps } from './http/deps.ts';
import { isPrefetch } from './http/is-prefetch.ts';
import { findJourney, journeyCookie } from './http/journey-cookie.ts';
import { addressOf } from './http/limit-rate.ts';
import { logFault } from './http/log-fault.ts';
import { ownAddress, unreadableHost, withoutFinalDot } from './http/own-address.ts';
import { problemResponse } from './http/problem.ts';
import { requestIdOf } from './http/request-id.ts';
import { addressAtSite, loopHeader, requestToSite } from './http/site-request.ts';
import { mayKeepJourney, recordArrival } from './routes/capture/touch.ts';
import { findSite } from './services/capture-settings.ts';

/** The usual methods that go on to the site; it may know others. */
const passedOn = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS';

/**
 * Runs in front of a site: every request goes on to the site unchanged, and a page that a person opens comes back
 * with the journey cookie. Where anything of Kilde's fails, the site's answer stands.
 */
export function passThrough({ app, deps }: { app: Hono; deps: Deps }): Hono {
  const { hosts } = deps.config.passThrough!;
  const front = new Hono();
  front.onError((error, c) => {
    logFault(error, `${c.req.method} in front of the site`, requestIdOf(c));
    return problemResponse(
      error,
      c.req.method === 'TRACE' || c.req.method === 'CONNECT' ? { c, allow: passedOn } : { c },
    );
  });
  front.all('*', async (c) => {
    const url = URL.parse(c.req.url);
    if (url === null) throw unreadableHost();
    if (c.req.header(loopHeader) !== undefined) {
      throw new KildeError(
        'loop_detected',
        'PASS_THROUGH_ORIGIN leads back to Kilde: it must be the address of the site.',
      );
    }
    url.hostname = withoutFinalDot(url.hostname);
    if (!hosts.includes(url.hostname)) return app.fetch(c.req.raw, c.env, executionContext(c));
    const ownPath = pathOfKilde(url.pathname);
    if (ownPath !== null) {
      url.pathname = ownPath;
      return app.fetch(new Request(url, c.req.raw), c.env, executionContext(c));
    }
    const answer = await askSite({ c, deps, url });
    if (!isNavigation(c) || !showsArrival({ answer, url })) return answer;
    try {
      return await withJourney({ c, deps, answer, url });
    } catch (error) {
      console.error(`journey left out: ${error instanceof Error ? error.name : 'unknown'}`);
      return answer;
    }
  });
  return front;
}

/** The path within Kilde, or null where the path is the site's. `/%5Fkilde` is the same address as `/_kilde` (RFC 3986, 6.2.2.2). */
function pathOfKilde(pathname: string): string | null {
  const [first = ''] = /^\/[^/]*/.exec(pathname) ?? [];
  const plain = first.replaceAll(/%(5f|6[\da-f])/gi, (escaped) => decodeURIComponent(escaped));
  return plain === ownPrefix ? pathname.slice(first.length) || '/' : null;
}

/** The site's answer. Redirects are passed on, not followed. @throws KildeError `method_not_allowed`, `bad_gateway`. */
async function askSite({ c, deps, url }: { c: Context; deps: Deps; url: URL }): Promise<Response> {
  if (c.req.method === 'TRACE' || c.req.method === 'CONNECT') {
    throw new KildeError('method_not_allowed', `${c.req.method} is not passed on to the site.`);
  }
  const { passThrough, publicUrl } = deps.config;
  const target = addressAtSite({ url, origin: passThrough!.origin });
  const asked = new URL(url);
  // A proxy before Kilde that ends TLS: the visitor's scheme is the configured one.
  const known = publicUrl === null ? null : new URL(publicUrl);
  if (known?.hostname === url.hostname) asked.protocol = known.protocol;
  // Only Cloudflare vouches for the header that names the visitor's address.
  const visitorAddress = deps.fetchSite === null ? addressOf(c) : undefined;
  const send = deps.fetchSite ?? deps.fetchNear;
  if (deps.fetchSite !== null) target.href = `${url.origin}${target.pathname}${target.search}`;
  const request = requestToSite({ c, target, publicUrl: asked, visitorAddress });
  try {
    return await send(request, { redirect: 'manual' });
  } catch (error) {
    logFault(error, 'the site');
    throw new KildeError('bad_gateway', 'The site does not answer. Try again in a moment.');
  }
}

/** A page opened in a browser, not a part of one: the browser says so, or, where it is old, asks for HTML. */
function isNavigation(c: Context): boolean {
  if (c.req.method !== 'GET' || isPrefetch(c)) return false;
  const mode = c.req.header('sec-fetch-mode');
  if (mode !== undefined) return mode === 'navigate' && c.req.header('sec-fetch-dest') === 'document';
  return /\btext\/html\b/i.test(c.req.header('accept') ?? '');
}

/** A page, or a redirect that may lose the campaign on its way: one that only leads from HTTP to HTTPS does not. */
function showsArrival({ answer, url }: { answer: Response; url: URL }): boolean {
  if (answer.ok) return /^text\/html\b/i.test(answer.headers.get('content-type') ?? '');
  if (![301, 302, 303, 307, 308].includes(answer.status)) return false;
  if (answer.headers.get('location') === url.href.replace(/^http:/, 'https:')) return false;
  return hasMark(readParameters(url.href));
}

async function withJourney({
  c,
  deps,
  answer,
  url,
}: {
  c: Context;
  deps: Deps;
  answer: Response;
  url: URL;
}): Promise<Response> {
  const settings = await deps.settings.current((reading) => runInBackground(c, reading));
  const site = findSite(settings, { host: url.hostname });
  const { name, token, known } = await findJourney({ c, signer: deps.signer, site });
  if (!mayKeepJourney({ c, site, consented: known !== null })) return answer;
  const referrer = c.req.header('referer') ?? null;
  // All that a browser tells of a reload. Of Back it tells nothing, but mostly answers it out of its cache.
  const renavigated = /\b(max-age=0|no-cache)\b/.test(c.req.header('cache-control') ?? '');
  const journey = await recordArrival({
    c,
    deps,
    settings,
    site,
    known,
    token,
    pageUrl: url.href,
    referrer,
    renavigated,
  });
  if (journey === token) return answer;
  const headers = new Headers(answer.headers);
  headers.append('set-cookie', journeyCookie({ name, token: journey, address: ownAddress(c) }));
  // One visitor's cookie must not come out of a shared cache to another.
  const policy = (headers.get('cache-control') ?? '').split(',').map((one) => one.trim());
  const kept = policy.filter((one) => one !== '' && !/^(public|private|s-maxage=.*)$/i.test(one));
  headers.set('cache-control', ['private', ...kept].join(', '));
  return new Response(answer.body, { status: answer.status, statusText: answer.statusText, headers });
}
