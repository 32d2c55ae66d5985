import type { Context } from 'hono';
import { isHostWithin } from '../services/capture-settings.ts';
import type { FormWithSite } from '../services/capture-settings.ts';

/** A longer header is refused by proxies and clients: the visitor would see their error for a form that was taken. */
const maxLocation = 4_000;

/**
 * Where a browser goes after the form: `_next` where it leads to an origin the form allows, else the form's own redirect,
 * else Kilde's thank-you page. Allowed are this origin, that of the page that sent the form, which the browser names and the
 * page cannot forge, that of the form's redirect, and the site's domains and the form's origins, which are host names: there by
 * HTTPS at its usual port, or by HTTP where the page came by it.
 */
export function nextUrl({
  c,
  form,
  next,
  thanks,
  publicUrl,
}: {
  c: Context;
  form: FormWithSite;
  next: string | undefined;
  /** Address of Kilde's thank-you page. */
  thanks: string;
  publicUrl: string | null;
}): string {
  const page = pageOf(c.req.header('referer')) ?? pageOf(c.req.header('origin'));
  const fallback = form.redirectUrl ?? thanks;
  if (!next || /[\p{Cc}\\]/u.test(next)) return fallback;
  const own = new URL(c.req.url);
  const url = URL.parse(next, page ?? own);
  if (!url || !isOfWeb(url) || url.username || url.password || url.href.length > maxLocation) return fallback;
  const origins = [
    own.origin,
    page?.origin,
    URL.parse(form.redirectUrl ?? '')?.origin,
    URL.parse(publicUrl ?? '')?.origin,
  ];
  const hasUsualScheme = url.port === '' && (url.protocol === 'https:' || page?.protocol === 'http:');
  const allowed =
    origins.includes(url.origin) ||
    form.allowedOrigins.includes(url.origin) ||
    (hasUsualScheme && (isHostWithin(url.hostname, form.site.domains) || form.allowedOrigins.includes(url.hostname)));
  return allowed ? url.href : fallback;
}

function pageOf(header: string | undefined): URL | null {
  const url = header ? URL.parse(header) : null;
  return url && isOfWeb(url) ? url : null;
}

function isOfWeb({ protocol }: URL): boolean {
  return protocol === 'https:' || protocol === 'http:';
}
