import { eq, sql } from 'drizzle-orm';
import { countPlacement } from '../../db/queries/capture/link-placements.ts';
import { link, linkDay } from '../../db/schema/links.ts';
import { canonicalize } from '../../domain/text-values.ts';
import { tagUrl, utmOfLink } from '../../domain/capture/tagged-url.ts';
import { dayInZone } from '../../domain/time-zone.ts';
import type { ServiceContext } from '../service-context.ts';

/** Where a short address leads. */
export type ResolvedLink = { id: number; siteId: number; url: string };

const cacheMs = 60_000;
const maxCached = 1_000;

/** Links asked for of late, unknown ones too, per isolate and database: bounded by `maxCached` and `cacheMs`. */
const caches = new WeakMap<object, Map<string, { link: ResolvedLink | null; until: number }>>();

/** The link of a short address, or null where there is none. No round trip where it was asked for in the last minute. */
export async function resolveLink(
  { db, clock }: Pick<ServiceContext, 'db' | 'clock'>,
  slug: string,
): Promise<ResolvedLink | null> {
  let cache = caches.get(db);
  if (!cache) caches.set(db, (cache = new Map()));
  const known = cache.get(slug);
  if (known && known.until > clock()) return known.link;
  const [row] = await db.select().from(link).where(eq(link.slug, slug));
  const resolved = row ? { id: row.id, siteId: row.siteId, url: tagUrl(row.page, utmOfLink(row)) } : null;
  if (cache.size >= maxCached) cache.clear();
  cache.set(slug, { link: resolved, until: clock() + cacheMs });
  return resolved;
}

/** Forgets what is known of a short address, after it was made. */
export function forgetLink({ db }: Pick<ServiceContext, 'db'>, slug: string): void {
  caches.get(db)?.delete(slug);
}

/** Counts a redirect on its day, in the time zone of the link's site, and by the place where the link stood. One round trip. */
export async function countLinkVisit(
  { db, settings }: Pick<ServiceContext, 'db' | 'settings'>,
  { linkId, siteId, at, placement }: { linkId: number; siteId: number; at: number; placement: string | null },
): Promise<void> {
  const { sites, defaultSite } = await settings.current(() => {});
  const { timeZone } = sites.find(({ id }) => id === siteId) ?? defaultSite;
  const countDay = db
    .insert(linkDay)
    .values({ linkId, day: dayInZone(at, timeZone), visits: 1 })
    .onConflictDoUpdate({ target: [linkDay.linkId, linkDay.day], set: { visits: sql`${linkDay.visits} + 1` } });
  if (placement === null) await countDay;
  else await db.batch([countDay, countPlacement(db, { linkId, placement: canonicalize(placement) })]);
}
