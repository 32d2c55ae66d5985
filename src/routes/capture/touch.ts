import type { Context, Hono } from 'hono';
import { appendArrival } from '../../domain/attribution/journey.ts';
import { readNavigation } from '../../domain/attribution/read-evidence.ts';
import type { Journey } from '../../domain/attribution/types.ts';
import { isBotAgent } from '../../domain/capture/is-bot-agent.ts';
import { readAddress } from '../../domain/read-address.ts';
import type { Address } from '../../domain/read-address.ts';
import { readQuery } from '../../domain/read-query.ts';
import { isFollowed } from '../../domain/capture/tagged-url.ts';
import { isSameSite } from '../../domain/hosts/registrable-domain.ts';
import { runInBackground } from '../../http/background.ts';
import type { Deps } from '../../http/deps.ts';
import { limitKeyOf, limitRate } from '../../http/limit-rate.ts';
import { isPrefetch } from '../../http/is-prefetch.ts';
import { findJourney, journeyCookie, journeyCookieName } from '../../http/journey-cookie.ts';
import { ownAddress } from '../../http/own-address.ts';
import { hostOf, hostOfPage, mayCall } from '../../services/capture/page-hosts.ts';
import { corsHeaders } from '../../http/cors-headers.ts';
import { dataResponse } from '../../http/secure-headers.ts';
import { findSite, isSiteHost } from '../../services/capture-settings.ts';
import type { Settings, Site } from '../../services/capture-settings.ts';

/**
 * `GET /t?site=&u=&r=`: records an arrival in the visitor's journey. Nothing is stored here.
 *
 * `c=1` says the visitor has consented, `c=0` that they have withdrawn it (the journey ends); `n=1` that the page
 * was reloaded or come back to; `j` brings the journey that the page keeps where the cookie cannot reach.
 */
export function addTouchRoute({ app, deps }: { app: Hono; deps: Deps }): void {
  app.get('/t', async (c) => {
    if (deps.limits.addresses) await limitRate(deps.limits, { limit: 'addresses', key: limitKeyOf(c) });
    const settings = await deps.settings.current((reading) => runInBackground(c, reading));
    const address = ownAddress(c);
    const query = readQuery(address.search);
    // Of a name that is there twice, the first.
    const asked = (name: string): string | undefined => query.find((pair) => pair[0] === name)?.[1];
    const pageUrl = asked('u') ?? c.req.header('referer') ?? '';
    const page = readAddress(pageUrl);
    const host = page && hostOfPage(page);
    const site = findSite(settings, { key: asked('site'), host });
    const origin = c.req.header('origin');
    const isCrossSite = isCalledCrossSite({ c, origin, ownHost: address.hostname });
    const answer = (journey: string | null, cookie?: string): Response => {
      const headers = corsOf({ origin, site, ownHost: address.hostname });
      if (isCrossSite) headers['content-type'] = 'application/json';
      if (cookie !== undefined) headers['set-cookie'] = cookie;
      return dataResponse(isCrossSite ? JSON.stringify({ journey }) : null, {
        status: isCrossSite ? 200 : 204,
        isHttps: address.protocol === 'https:',
        headers,
      });
    };

    const consent = asked('c');
    // Nobody has opened the page yet, or HEAD asks for nothing: what the browser has stays as it is.
    if ((consent !== '0' && isPrefetch(c)) || c.req.method === 'HEAD') return answer(asked('j') ?? null);
    const { name, token, known } = isCrossSite
      ? await sentJourney({ deps, site, token: asked('j') })
      : await findJourney({ c, signer: deps.signer, site });
    const consented = consent === '1' || (consent !== '0' && known !== null);
    if (consent === '0' || !mayKeepJourney({ c, site, consented })) {
      if (isCrossSite || token === undefined) return answer(null);
      return answer(null, journeyCookie({ name, token: '', address }));
    }

    const journey = await recordArrival({
      c,
      deps,
      settings,
      site,
      known,
      token,
      pageUrl,
      page,
      referrer: asked('r') ?? null,
      renavigated: asked('n') === '1',
      // Anybody can name any page: the site's own alone are counted, once it says which they are.
      counts: site.domains.length === 0 || isSiteHost(site, host ?? ''),
    });
    return isCrossSite ? answer(journey) : answer(null, journeyCookie({ name, token: journey, address }));
  });

  app.options('/t', async (c) => {
    await limitRate(deps.limits, { limit: 'addresses', key: limitKeyOf(c) });
    const settings = await deps.settings.current((reading) => runInBackground(c, reading));
    const { protocol, hostname } = ownAddress(c);
    const site = findSite(settings, { key: c.req.query('site') });
    const cors = corsOf({ origin: c.req.header('origin'), site, ownHost: hostname });
    return dataResponse(null, {
      status: 204,
      isHttps: protocol === 'https:',
      headers: { ...cors, allow: 'GET, HEAD, OPTIONS', 'access-control-allow-methods': 'GET' },
    });
  });
}

/** The journey that the page keeps where the cookie cannot reach. */
async function sentJourney({ deps, site, token }: { deps: Deps; site: Site; token: string | undefined }) {
  return { name: journeyCookieName, token, known: token ? await deps.signer.verify(token, site.key) : null };
}

/** The token of the journey with one more arrival: the same token where the arrival adds nothing. */
export function recordArrival({
  c,
  deps,
  settings,
  site,
  known,
  token,
  pageUrl,
  page,
  referrer,
  renavigated = false,
  counts = true,
}: {
  c: Context;
  deps: Deps;
  settings: Settings;
  site: Site;
  known: Journey | null;
  token: string | undefined;
  pageUrl: string;
  /** The page's address, where it has been read already. */
  page?: Address | null;
  referrer: string | null;
  renavigated?: boolean;
  /** Whether an arrival is a visit, and counted as one. */
  counts?: boolean;
}): string | Promise<string> {
  const { evidence, isInternal } = readNavigation({
    pageUrl,
    page,
    referrer,
    isOwnHost: (host) => isSiteHost(site, host),
  });
  const { ignoredReferrers } = settings.originRules(site);
  const arrival = { ...evidence, at: deps.clock() };
  const before = known ?? [];
  const journey = appendArrival(before, arrival, { isInternal, renavigated, ignoredReferrers });
  const isVisit = counts && journey !== before && !isFollowed(pageUrl, arrival.at);
  if (isVisit && !isBotAgent(c.req.header('user-agent') ?? '')) {
    const send = deps.visits.add({ site: site.key, arrival });
    if (send) runInBackground(c, send());
  }
  return journey === known && token !== undefined ? token : deps.signer.sign(journey, site.key);
}

/** Global Privacy Control always means no journey; a site that asks for consent waits for it. */
export function mayKeepJourney({ c, site, consented }: { c: Context; site: Site; consented: boolean }): boolean {
  if (c.req.header('sec-gpc') === '1' || !site.utmTracking) return false;
  return site.consent === 'off' || consented;
}

/** Whether the page is another site's than the edge. Safari before 16.4 says so by `Origin` alone. */
function isCalledCrossSite({
  c,
  origin,
  ownHost,
}: {
  c: Context;
  origin: string | undefined;
  ownHost: string;
}): boolean {
  const relation = c.req.header('sec-fetch-site');
  if (relation !== undefined) return relation === 'cross-site';
  return origin !== undefined && !isSameSite(origin, ownHost);
}

function corsOf({
  origin,
  site,
  ownHost,
}: {
  origin: string | undefined;
  site: Site;
  ownHost: string;
}): Record<string, string> {
  if (!origin || !mayCall({ site, host: hostOf(origin), ownHost })) return {};
  return corsHeaders(origin);
}
