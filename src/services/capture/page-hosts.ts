import { KildeError } from '../../domain/errors.ts';
import { readAddress } from '../../domain/read-address.ts';
import type { Address } from '../../domain/read-address.ts';
import { isHostWithin } from '../capture-settings.ts';
import type { FormWithSite, Site } from '../capture-settings.ts';

/** The host of an `Origin` or `Referer` header, lower case; null where there is none to read (`null`, garbage). */
export function hostOf(header: string | undefined | null): string | null {
  const address = header ? readAddress(header) : null;
  return address && hostOfPage(address);
}

/** The host of a page's address; null where it is none of the web. */
export function hostOfPage({ protocol, hostname }: Address): string | null {
  return protocol === 'https:' || protocol === 'http:' ? hostname : null;
}

/** Whether pages of a host may call for a site: any may until the site has domains. */
export function mayCall({ site, host, ownHost }: { site: Site; host: string | null; ownHost: string }): boolean {
  if (site.domains.length === 0) return true;
  return host !== null && (host === ownHost || isHostWithin(host, site.domains));
}

/** Where a submission was sent from and to: the `Origin` header, none where no page sent it, and the edge's own host. */
export type SentFrom = { origin: string | null; ownHost: string };

/**
 * What refuses a form that is sent from there, or null where it may be: by the form's own list, else by its site's domains. Who is no
 * browser names no origin.
 */
export function refuseOrigin(form: FormWithSite, { origin, ownHost }: SentFrom): KildeError | null {
  if (origin === null) return null;
  const host = hostOf(origin);
  const isAllowed =
    form.allowedOrigins.length === 0
      ? mayCall({ site: form.site, host, ownHost })
      : host !== null && (host === ownHost || form.allowedOrigins.some((one) => host === one || origin === one));
  return isAllowed ? null : new KildeError('forbidden', 'Pages of this origin may not send this form.');
}
