import { and, count, desc, eq, isNotNull, isNull, lt } from 'drizzle-orm';
import type { BatchItem } from 'drizzle-orm/batch';
import * as z from 'zod';
import { dealsOfLink, leadsOfLink, selectKnownValues, visitsOfLink } from '../db/queries/link-values.ts';
import { link } from '../db/schema/links.ts';
import { site } from '../db/schema/settings.ts';
import { linkFields, linkMembers, originFields } from '../domain/attribution/origin-fields.ts';
import type { LinkField, LinkMember } from '../domain/attribution/origin-fields.ts';
import { recordOf } from '../domain/record-of.ts';
import { nearMisses } from '../domain/attribution/near-misses.ts';
import { canonicalize } from '../domain/attribution/values.ts';
import { conflict, invalidInput, notFound } from '../domain/errors.ts';
import { toIso, toIsoOrNull } from '../domain/iso-time.ts';
import { randomKey } from '../domain/random-key.ts';
import { tagUrl, utmOfLink, withoutUtm } from '../domain/tagged-url.ts';
import { decodeCursor } from '../domain/cursor.ts';
import { findSite } from './capture-settings.ts';
import { readSettings } from './change-settings.ts';
import { readPage } from './read-page.ts';
import type { Page, PageRequest } from './read-page.ts';
import { forgetLink } from './resolve-link.ts';
import type { ServiceContext } from './service-context.ts';

type LinkRow = typeof link.$inferSelect;
type LinkValues = Pick<LinkRow, LinkMember>;

export type LinkInput = LinkValues & {
  page: string;
  /** Key of the site; by the page's host where not given. */
  siteId?: string | undefined;
  slug?: string | undefined;
};

export type LinkAnswer = Omit<LinkInput, 'siteId' | 'slug'> & {
  id: string;
  slug: string;
  site: { id: string; name: string };
  /** The page, tagged. */
  url: string;
  createdAt: string;
  archivedAt: string | null;
  visits: number;
  /** People whose lead creation has just these values. */
  leads: number;
  /** Deals credited to those people, or to their companies' source. */
  deals: number;
};

/** A value that nobody has used yet, but for something that looks much like it, or that is corrected to another. */
export type LinkWarning = { field: string; value: string; similarTo: string[] };

type ReadRow = {
  link: LinkRow;
  site: { key: string; name: string } | null;
  visits: number;
  leads: number;
  deals: number;
};

const members = Object.values(linkMembers);
const slugLength = 6;
const maxTries = 5;

function selectLinks({ db }: Pick<ServiceContext, 'db'>) {
  return db
    .select({
      link,
      site: { key: site.key, name: site.name },
      visits: visitsOfLink,
      leads: leadsOfLink,
      deals: dealsOfLink,
    })
    .from(link)
    .leftJoin(site, eq(site.id, link.siteId));
}

function toAnswer({ link: row, site: at, visits, leads, deals }: ReadRow): LinkAnswer {
  return {
    id: String(row.id),
    slug: row.slug,
    site: { id: at?.key ?? '', name: at?.name ?? '' },
    page: row.page,
    ...recordOf(members, (member) => row[member]),
    source: row.source,
    medium: row.medium,
    url: tagUrl(row.page, utmOfLink(row)),
    createdAt: toIso(row.createdAt),
    archivedAt: toIsoOrNull(row.archivedAt),
    visits,
    leads,
    deals,
  };
}

/** Links, the newest first: those in use, or those archived. */
export async function listLinks(
  context: ServiceContext,
  { archived, ...page }: PageRequest & { archived: boolean },
): Promise<Page<LinkAnswer>> {
  const after = decodeCursor(page.cursor, z.tuple([z.number()]));
  const listed = archived ? isNotNull(link.archivedAt) : isNull(link.archivedAt);
  return readPage({
    db: context.db,
    page,
    rows: selectLinks(context)
      .where(and(listed, after ? lt(link.id, after[0]) : undefined))
      .orderBy(desc(link.id))
      .limit(page.limit + 1),
    count: context.db.select({ count: count() }).from(link).where(listed),
    cursorOf: (row) => [row.link.id],
    toItem: toAnswer,
  });
}

/** @throws KildeError `not_found`. */
export async function readLink(context: ServiceContext, id: number): Promise<LinkAnswer> {
  const [row] = await selectLinks(context).where(eq(link.id, id));
  if (!row) throw notFound('link');
  return toAnswer(row);
}

/**
 * Makes a tagged link. Its values are folded as arrivals' values are when they are compared.
 * @throws KildeError `invalid_input` where there is no such site; `conflict` where the slug is taken.
 */
export async function createLink(
  context: ServiceContext,
  { slug, siteId: siteKey, page, ...given }: LinkInput,
): Promise<LinkAnswer & { warnings: LinkWarning[] }> {
  const settings = await readSettings(context);
  const at = findSite(settings, { key: siteKey, host: new URL(page).hostname });
  if (siteKey !== undefined && at.key !== siteKey) {
    throw invalidInput([{ location: 'body.siteId', message: 'There is no such site.' }]);
  }
  const values = {
    ...recordOf(members, (member) => fold(given[member])),
    source: canonicalize(given.source),
    medium: canonicalize(given.medium),
  };
  const utm = utmOfLink(values);
  const fields = linkFields.filter((field) => utm[field] !== null);
  const known = (await context.db.batch(
    fields.map((field) => selectKnownValues(context.db, field)) as unknown as [BatchItem<'sqlite'>],
  )) as unknown as Array<Array<{ canonical: string }>>;
  const { aliasOf } = settings.originRules(at);
  const warnings = fields.flatMap((field, index) =>
    warnOf({
      field,
      value: utm[field]!,
      known: (known[index] ?? []).map(({ canonical }) => canonical),
      aliasOf: (value) => aliasOf(field, value),
    }),
  );

  for (let tries = 0; tries < maxTries; tries += 1) {
    const row = {
      ...values,
      slug: slug ?? randomKey(slugLength),
      siteId: at.id,
      page: withoutUtm(page),
      createdAt: context.clock(),
    };
    const [[inserted], [read]] = await context.db.batch([
      context.db.insert(link).values(row).onConflictDoNothing().returning({ id: link.id }),
      selectLinks(context).where(eq(link.slug, row.slug)),
    ]);
    if (inserted && read) {
      forgetLink(context, row.slug);
      return { ...toAnswer(read), warnings };
    }
    if (slug !== undefined) break;
  }
  throw conflict(`There is a link "${slug ?? ''}" already.`);
}

function fold(value: string | null): string | null {
  return value === null ? null : canonicalize(value) || null;
}

function warnOf({
  field,
  value,
  known,
  aliasOf,
}: {
  field: LinkField;
  value: string;
  known: string[];
  aliasOf: (canonical: string) => string;
}): LinkWarning[] {
  const { name } = originFields[field];
  const corrected = aliasOf(value);
  if (corrected !== value) return [{ field: name, value, similarTo: [corrected] }];
  if (known.includes(value)) return [];
  // A misspelling that was corrected stands for what it was corrected to.
  const similarTo = [...new Set(nearMisses(value, known).map(aliasOf))].filter((one) => one !== value);
  return similarTo.length > 0 ? [{ field: name, value, similarTo }] : [];
}

/**
 * Archives a link, or takes it back. An archived link is neither proposed nor listed; its address still leads to the page,
 * since it may be printed somewhere.
 * @throws KildeError `not_found`.
 */
export async function archiveLink(
  context: ServiceContext,
  { id, archived }: { id: number; archived: boolean },
): Promise<LinkAnswer> {
  const { db } = context;
  const already = archived ? isNull(link.archivedAt) : undefined;
  const [, [row]] = await db.batch([
    db
      .update(link)
      .set({ archivedAt: archived ? context.clock() : null })
      .where(and(eq(link.id, id), already)),
    selectLinks(context).where(eq(link.id, id)),
  ]);
  if (!row) throw notFound('link');
  return toAnswer(row);
}
