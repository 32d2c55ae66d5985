import type { Context } from 'hono';
import { isHostWithin } from '../services/capture-settings.ts';
import type { FormWithSite } from '../services/capture-settings.ts';
import { hostOf } from '../services/origins.ts';

/** A longer header is refused by proxies and clients: the visitor would see their error for a form that was taken. */
const maxLocation = 4_000;

/**
 * Where a browser goes after the form: `_next` where it leads to a host the form allows, else the form's own redirect,
 * else Kilde's thank-you page. Allowed are the site's domains, the form's origins, this host, and the host of the page
 * that sent the form, which the browser names and the page cannot forge.
 */
export function nextUrl({ c, form, next }: { c: Context; form: FormWithSite; next: string | undefined }): string {
  const own = new URL(c.req.url);
  const page = c.req.header('referer') ?? c.req.header('origin');
  const fallback = form.redirectUrl ?? `/f/${form.key}/thanks`;
  if (!next || /[\p{Cc}\\]/u.test(next)) return fallback;
  const url = URL.parse(next, URL.parse(page ?? '') ?? own);
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:') || url.username || url.password) return fallback;
  const allowed =
    url.href.length <= maxLocation &&
    (url.hostname === own.hostname ||
      url.hostname === hostOf(page) ||
      url.hostname === hostOf(form.redirectUrl) ||
      isHostWithin(url.hostname, form.site.domains) ||
      form.allowedOrigins.some((one) => url.hostname === one || url.origin === one));
  return allowed ? url.href : fallback;
}
