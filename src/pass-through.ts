import { Hono } from 'hono';
import type { Context } from 'hono';
import { executionContext, runInBackground } from './http/background.ts';
import type { Deps } from './http/deps.ts';
import { journeyCookie, readJourneyCookie } from './http/journey-cookie.ts';
import { ownAddress } from './http/own-address.ts';
import { mayKeepJourney, recordArrival } from './routes/touch.ts';
import { findSite } from './services/capture-settings.ts';

/** Kilde's own addresses on a host that is the site's: everything else there is the site's. */
const ownPrefix = '/_kilde';

/**
 * Runs in front of a site: every request goes on to the site unchanged, and a page that a person opens comes back
 * with the journey cookie. Where anything of Kilde's fails, the site's answer stands.
 */
export function passThrough({ app, deps }: { app: Hono; deps: Deps }): Hono {
  const { hosts, origin } = deps.config.passThrough!;
  const front = new Hono();
  front.all('*', async (c) => {
    const url = new URL(c.req.url);
    if (!hosts.includes(url.hostname)) return app.fetch(c.req.raw, c.env, executionContext(c));
    if (url.pathname.startsWith(`${ownPrefix}/`)) {
      url.pathname = url.pathname.slice(ownPrefix.length);
      return app.fetch(new Request(url, c.req.raw), c.env, executionContext(c));
    }
    const target = origin ? new URL(url.pathname + url.search, origin) : url;
    const answer = await deps.fetchNear(new Request(target, c.req.raw), { redirect: 'manual' });
    if (!isPageOpened({ c, answer })) return answer;
    try {
      return await withJourney({ c, deps, answer, url });
    } catch (error) {
      console.error(`journey left out: ${error instanceof Error ? error.name : 'unknown'}`);
      return answer;
    }
  });
  return front;
}

/** A page opened in a browser, not a part of one: the browser says so, or, where it is old, asks for HTML. */
function isPageOpened({ c, answer }: { c: Context; answer: Response }): boolean {
  if (c.req.method !== 'GET' || !answer.ok) return false;
  if (!/^text\/html\b/i.test(answer.headers.get('content-type') ?? '')) return false;
  const mode = c.req.header('sec-fetch-mode');
  if (mode !== undefined) return mode === 'navigate' && c.req.header('sec-fetch-dest') === 'document';
  return /\btext\/html\b/i.test(c.req.header('accept') ?? '');
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
  const token = readJourneyCookie(c);
  const known = await deps.signer.verify(token);
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
  headers.append('set-cookie', journeyCookie({ token: journey, address: ownAddress(c) }));
  // One visitor's cookie must not come out of a shared cache to another.
  const policy = (headers.get('cache-control') ?? '').split(',').map((one) => one.trim());
  const kept = policy.filter((one) => one !== '' && !/^(public|private|s-maxage=.*)$/i.test(one));
  headers.set('cache-control', ['private', ...kept].join(', '));
  return new Response(answer.body, { status: answer.status, statusText: answer.statusText, headers });
}
