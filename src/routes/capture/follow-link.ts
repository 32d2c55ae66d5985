import type { Context, Hono } from 'hono';
import { notFound } from '../../domain/errors.ts';
import { isBotAgent } from '../../domain/capture/is-bot-agent.ts';
import { meaningOf } from '../../domain/attribution/placeholders.ts';
import { readParameters } from '../../domain/attribution/read-parameters.ts';
import { isSameSite } from '../../domain/hosts/registrable-domain.ts';
import { addMarks, markFollowed } from '../../domain/capture/tagged-url.ts';
import { runInBackground } from '../../http/background.ts';
import type { Deps } from '../../http/deps.ts';
import { isPrefetch } from '../../http/is-prefetch.ts';
import { findJourney, journeyCookie } from '../../http/journey-cookie.ts';
import { ownAddress } from '../../http/own-address.ts';
import { problemResponse } from '../../http/problem.ts';
import { findSite } from '../../services/capture-settings.ts';
import { countLinkVisit, resolveLink } from '../../services/capture/resolve-link.ts';
import { mayKeepJourney, recordArrival } from './touch.ts';

/**
 * `GET /l/:slug`: leads to the tagged page, records the arrival in the journey and counts the visit. A click id that a network
 * has added to the short address is part of the arrival and is passed on, and so are `utm_*` parameters that the link lacks.
 * `?p=` says where the link stood: the page's address carries it, so that it is part of the arrival on any domain. A page on another domain
 * than the edge also gets `kilde_followed`, so that the arrival is counted once.
 */
export function addFollowLinkRoute({ app, deps }: { app: Hono; deps: Deps }): void {
  app.get('/l/:slug', async (c) => {
    const link = await resolveLink(deps, c.req.param('slug'));
    if (!link) {
      if (!/\btext\/html\b/i.test(c.req.header('accept') ?? '')) return problemResponse(notFound('link'), { c });
      // Few come to an address that there is not: the page is loaded when one does.
      const { unknownLinkPage } = await import('../../http/link-pages.ts');
      return unknownLinkPage({ acceptLanguage: c.req.header('accept-language') });
    }
    const address = ownAddress(c);
    const target = addMarks(link.url, address.search);
    c.header('cache-control', 'no-store');
    // Robots are led to the page like anybody; they are no visitors.
    if (!isVisit(c)) return c.redirect(target, 302);
    const settings = await deps.settings.current((reading) => runInBackground(c, reading));
    const site = settings.sites.find(({ id }) => id === link.siteId) ?? findSite(settings, {});
    const { name, token, known } = await findJourney({ c, signer: deps.signer, site });
    let to = target;
    if (mayKeepJourney({ c, site, consented: known !== null })) {
      const journey = await recordArrival({
        c,
        deps,
        settings,
        site,
        known,
        token,
        pageUrl: target,
        referrer: c.req.header('referer') ?? null,
      });
      c.header('set-cookie', journeyCookie({ name, token: journey, address }));
      // The page's script cannot see the cookie, and reports the arrival itself.
      if (!isSameSite(target, address.hostname)) to = markFollowed(target, deps.clock());
    }
    const { placement } = meaningOf(readParameters(target).utm);
    runInBackground(c, countLinkVisit(deps, { linkId: link.id, siteId: link.siteId, at: deps.clock(), placement }));
    return c.redirect(to, 302);
  });
}

/** Whether somebody follows the link: no robot, no preview (HEAD asks for nothing) and no browser that only prepares for a click. */
function isVisit(c: Context): boolean {
  return c.req.method === 'GET' && !isPrefetch(c) && !isBotAgent(c.req.header('user-agent') ?? '');
}
