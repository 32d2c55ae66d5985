import type { Hono } from 'hono';
import { notFound } from '../domain/errors.ts';
import { runInBackground } from '../http/background.ts';
import type { Deps } from '../http/deps.ts';
import { journeyCookie, readJourneyCookie } from '../http/journey-cookie.ts';
import { ownAddress } from '../http/own-address.ts';
import { problemResponse } from '../http/problem.ts';
import { findSite } from '../services/capture-settings.ts';
import { countLinkVisit, resolveLink } from '../services/resolve-link.ts';
import { mayKeepJourney, recordArrival } from './touch.ts';

/** `GET /l/:slug`: leads to the tagged page, notes the arrival in the journey and counts the visit. */
export function addFollowLinkRoute({ app, deps }: { app: Hono; deps: Deps }): void {
  app.get('/l/:slug', async (c) => {
    const link = await resolveLink(deps, c.req.param('slug'));
    if (!link) return problemResponse(notFound('link'));
    const settings = await deps.settings.current((reading) => runInBackground(c, reading));
    const site = settings.sites.find((one) => one.id === link.siteId) ?? findSite(settings, {});
    // A link preview is no visit: browsers say what a request is for, and HEAD asks for nothing.
    const purpose = c.req.header('sec-purpose') ?? c.req.header('purpose') ?? '';
    const isVisit = c.req.method === 'GET' && !purpose.includes('prefetch');
    const token = readJourneyCookie(c);
    const known = await deps.signer.verify(token);
    if (mayKeepJourney({ c, site, consented: known !== null })) {
      const journey = await recordArrival({
        c,
        deps,
        settings,
        site,
        known,
        token,
        pageUrl: link.url,
        referrer: c.req.header('referer') ?? null,
        counts: isVisit,
      });
      c.header('set-cookie', journeyCookie({ token: journey, address: ownAddress(c) }));
    }
    if (isVisit) {
      runInBackground(c, countLinkVisit(deps, { linkId: link.id, at: deps.clock() }));
    }
    c.header('cache-control', 'no-store');
    return c.redirect(link.url, 302);
  });
}
