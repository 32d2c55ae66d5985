import { isHostWithin } from '../services/capture-settings.ts';
import type { Site } from '../services/capture-settings.ts';

/** The host of an `Origin` or `Referer` header, lower case; null where there is none to read (`null`, garbage). */
export function hostOf(header: string | undefined | null): string | null {
  const url = header ? URL.parse(header) : null;
  return url && hostOfPage(url);
}

/** The host of a page's address; null where it is none of the web. */
export function hostOfPage({ protocol, hostname }: URL): string | null {
  return protocol === 'https:' || protocol === 'http:' ? hostname : null;
}

/** Whether pages of a host may call for a site: any may until the site has domains. */
export function mayCall({ site, host, ownHost }: { site: Site; host: string | null; ownHost: string }): boolean {
  if (site.domains.length === 0) return true;
  return host !== null && (host === ownHost || isHostWithin(host, site.domains));
}
