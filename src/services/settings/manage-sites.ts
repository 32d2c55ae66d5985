import { and, eq, getTableColumns, sql } from 'drizzle-orm';
import { siteList } from '../../db/lists/settings-lists.ts';
import { versionHolds } from '../../db/queries/settings/bump-settings.ts';
import { form } from '../../db/schema/forms.ts';
import { link } from '../../db/schema/links.ts';
import { origin } from '../../db/schema/origins.ts';
import { site } from '../../db/schema/settings.ts';
import { conflict, notFound } from '../../domain/errors.ts';
import { toIso } from '../../domain/iso-time.ts';
import { randomKey } from '../../domain/random-key.ts';
import type { ListQuery } from '../../domain/lists/list-info.ts';
import { noteSiteChanges, readToday, todayOf } from '../note-changes.ts';
import { changeSettings } from '../change-settings.ts';
import { isEmpty } from '../changes.ts';
import type { Changes } from '../changes.ts';
import { changeOriginRules } from '../attribution/reclassify-origins.ts';
import { prepareList } from '../lists/prepare-list.ts';
import type { ListContext, PreparedList } from '../lists/prepare-list.ts';
import type { ServiceContext } from '../service-context.ts';

export { siteList };

type SiteRow = typeof site.$inferSelect;

/** What can be set on a site. */
export type SiteFields = Pick<
  SiteRow,
  | 'name'
  | 'domains'
  | 'timeZone'
  | 'country'
  | 'lookBackDays'
  | 'consent'
  | 'utmTracking'
  | 'ignoredReferrers'
  | 'channelRules'
>;

export type SiteAnswer = SiteFields & { id: string; isDefault: boolean; createdAt: string };

function toAnswer({ id: _id, key, createdAt, ...fields }: SiteRow): SiteAnswer {
  return { id: key, ...fields, createdAt: toIso(createdAt) };
}

/** Sites, the newest first. */
export function listSites(context: ListContext, query: ListQuery): PreparedList<SiteAnswer> {
  return prepareList(context, {
    list: siteList,
    query,
    records: ({ where, orderBy, position }) =>
      context.db
        .select({ ...getTableColumns(site), ...position })
        .from(site)
        .where(where)
        .orderBy(...orderBy),
    toItem: toAnswer,
  });
}

/** @throws KildeError `not_found`. */
export async function readSite({ db }: ServiceContext, key: string): Promise<SiteAnswer> {
  const [row] = await db.select().from(site).where(eq(site.key, key));
  if (!row) throw notFound('site');
  return toAnswer(row);
}

/** @throws KildeError `conflict` where another site has the key. */
export async function createSite(
  context: ServiceContext,
  { slug, ...fields }: Changes<SiteFields> & { name: string; slug?: string | undefined },
): Promise<SiteAnswer> {
  const key = slug ?? randomKey(10);
  const [[row]] = await changeSettings(context, [
    context.db
      .insert(site)
      .values({ ...fields, key, createdAt: context.clock() })
      .onConflictDoNothing()
      .returning(),
  ]);
  if (!row) throw conflict(`There is a site "${key}" already.`);
  return toAnswer(row);
}

/**
 * Changes a site. Other channel rules give its origins their channels anew, in the same transaction.
 * @throws KildeError `not_found`.
 */
export async function updateSite(
  context: ServiceContext,
  { key, changes }: { key: string; changes: Changes<SiteFields> },
): Promise<SiteAnswer> {
  if (isEmpty(changes)) return readSite(context, key);
  const { db } = context;
  const { channelRules } = changes;
  if (channelRules === undefined) {
    const [, [row]] = await changeSettings(context, [
      noteSiteChanges(db, { ...(await readToday(context, key)), key, changes }),
      db.update(site).set(changes).where(eq(site.key, key)).returning(),
    ]);
    if (!row) throw notFound('site');
    return toAnswer(row);
  }
  return changeOriginRules(context, (now) => {
    const changed = now.sites.find((one) => one.key === key);
    if (!changed) throw notFound('site');
    return {
      aliases: now.aliases,
      sites: now.sites.map((one) => (one === changed ? { ...one, channelRules } : one)),
      scope: { siteId: changed.id },
      statements: [
        noteSiteChanges(db, {
          ...todayOf(now.sites, { at: context.clock(), siteKey: key }),
          key,
          changes,
          where: versionHolds(now.version),
        }),
        db
          .update(site)
          .set(changes)
          .where(and(eq(site.id, changed.id), versionHolds(now.version)))
          .returning(),
      ],
      result: ([, rows]) => toAnswer((rows as SiteRow[])[0]!),
    };
  });
}

/**
 * Deletes a site that nothing was recorded for.
 * @throws KildeError `not_found`; `conflict` for the default site, and for one with forms, links or origins.
 */
export async function deleteSite(context: ServiceContext, key: string): Promise<void> {
  const { db } = context;
  const [deleted, [left]] = await changeSettings(context, [
    db
      .delete(site)
      .where(
        and(
          eq(site.key, key),
          eq(site.isDefault, false),
          sql`NOT EXISTS (SELECT 1 FROM ${form} f WHERE f.site_id = site.id)`,
          sql`NOT EXISTS (SELECT 1 FROM ${link} l WHERE l.site_id = site.id)`,
          sql`NOT EXISTS (SELECT 1 FROM ${origin} o WHERE o.site_id = site.id)`,
        ),
      )
      .returning({ id: site.id }),
    db.select({ isDefault: site.isDefault }).from(site).where(eq(site.key, key)),
  ]);
  if (deleted.length > 0) return;
  if (!left) throw notFound('site');
  throw conflict(
    left.isDefault
      ? 'The default site cannot be deleted.'
      : 'This site has forms (deleted ones included), links or recorded origins.',
  );
}
