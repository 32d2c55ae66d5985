import { and, eq, isNull, sql } from 'drizzle-orm';
import type { BatchItem } from 'drizzle-orm/batch';
import { linkList } from '../../db/lists/capture-lists.ts';
import type { RecordsOfPage } from '../../db/lists/place-in-list.ts';
import type { FlatItem } from '../../db/lists/select-list.ts';
import { addPlacements, deletePlacements } from '../../db/queries/capture/link-placements.ts';
import {
  dealsOfLink,
  leadsOfLink,
  placementsOfLink,
  selectKnownValues,
  visitsOfLink,
} from '../../db/queries/capture/link-values.ts';
import type { LinkPlacement } from '../../db/queries/capture/link-values.ts';
import { link, linkDay, linkPlacement } from '../../db/schema/links.ts';
import { site } from '../../db/schema/settings.ts';
import { linkFields, linkMembers, originFields } from '../../domain/attribution/origin-fields.ts';
import type { LinkField, LinkMember } from '../../domain/attribution/origin-fields.ts';
import { recordOf } from '../../domain/record-of.ts';
import { nearMisses } from '../../domain/attribution/near-misses.ts';
import { canonicalize } from '../../domain/text-values.ts';
import { conflict, invalidInput, noSuch, notFound } from '../../domain/errors.ts';
import type { KildeError } from '../../domain/errors.ts';
import { readEvidence } from '../../domain/attribution/read-evidence.ts';
import { resolveOrigin } from '../../domain/attribution/resolve-origin.ts';
import { toIso, toIsoOrNull } from '../../domain/iso-time.ts';
import type { ListQuery } from '../../domain/lists/list-info.ts';
import { randomKey } from '../../domain/random-key.ts';
import { tagUrl, utmOfLink, withoutUtm } from '../../domain/capture/tagged-url.ts';
import { findSite } from '../capture-settings.ts';
import { readSettings } from '../change-settings.ts';
import type { Changes } from '../changes.ts';
import { prepareList } from '../lists/prepare-list.ts';
import type { ListContext, PreparedList } from '../lists/prepare-list.ts';
import { forgetLink } from './resolve-link.ts';
import type { ServiceContext } from '../service-context.ts';

export { linkList };

type LinkRow = typeof link.$inferSelect;
type LinkValues = Pick<LinkRow, LinkMember>;

export type LinkInput = LinkValues & {
  page: string;
  /** Key of the site; by the page's host where not given. */
  siteId?: string | undefined;
  slug?: string | undefined;
  /** Places where the link is going to stand, as values of an origin. */
  placements?: string[] | undefined;
};

/** What a link is made of, beside its short address and its places. */
type ValuesInput = Omit<LinkInput, 'slug' | 'placements'>;

export type LinkAnswer = Omit<ValuesInput, 'siteId'> & {
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
  /** What each place of the link brought: those that were named, and those with which somebody followed it. */
  placements: LinkPlacement[];
};

/**
 * A value that nobody has used yet, but for something that looks much like it, or that is corrected to another. With the field `slug`:
 * the short address is taken, and `similarTo` is empty.
 */
export type LinkWarning = { field: string; value: string; similarTo: string[] };

/** What is worth knowing of a link beside its values: the channel of its arrivals, and what may be a mistake. */
export type LinkCheck = { channel: string; warnings: LinkWarning[] };

/** A link as it would be stored. The short address is null where it is made when the link is stored. */
export type LinkTrial = Pick<LinkAnswer, 'site' | 'page' | 'url' | LinkMember> & { slug: string | null } & LinkCheck;

type ReadRow = {
  link: LinkRow;
  site: { key: string; name: string } | null;
  visits: number;
  leads: number;
  deals: number;
  placements: LinkPlacement[];
};

const members = Object.values(linkMembers);
const slugLength = 6;
const maxTries = 5;

function selectLinks<More extends Partial<RecordsOfPage['position']>>(
  { db }: Pick<ServiceContext, 'db'>,
  more: More = {} as More,
) {
  return db
    .select({
      ...more,
      link,
      site: { key: site.key, name: site.name },
      visits: visitsOfLink,
      leads: leadsOfLink,
      deals: dealsOfLink,
      placements: placementsOfLink,
    })
    .from(link)
    .leftJoin(site, eq(site.id, link.siteId));
}

function toAnswer({ link: row, site: at, ...numbers }: ReadRow): LinkAnswer {
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
    ...numbers,
  };
}

type ListedLink = LinkAnswer & { shortUrl: string };

/** Links, the newest first; without those archived, unless they are asked for. */
export function listLinks(
  context: ListContext,
  { query, shortUrlOf }: { query: ListQuery; shortUrlOf: (slug: string) => string },
): PreparedList<ListedLink> {
  const list = prepareList(context, {
    list: linkList,
    query,
    records: ({ where, orderBy, position }) =>
      selectLinks(context, position)
        .where(where)
        .orderBy(...orderBy),
    toItem: (row: ReadRow) => ({ ...toAnswer(row), shortUrl: shortUrlOf(row.link.slug) }),
  });
  if (list.columns === null) return list;
  return {
    ...list,
    readPage: async (page) => {
      const { items, ...rest } = await list.readPage(page);
      return { ...rest, items: (items as FlatItem[]).map((item) => withAddresses(item, shortUrlOf)) };
    },
  };
}

/** A flat link with its addresses, which the database gives as what they are made of. */
function withAddresses(item: FlatItem, shortUrlOf: (slug: string) => string): FlatItem {
  const { url, shortUrl } = item;
  const whole = { ...item };
  if (typeof url === 'string') {
    const { page, ...members } = JSON.parse(url) as LinkValues & { page: string };
    whole['url'] = tagUrl(page, utmOfLink(members));
  }
  if (typeof shortUrl === 'string') whole['shortUrl'] = shortUrlOf(shortUrl);
  return whole;
}

/** @throws KildeError `not_found`. */
export async function readLink(context: ServiceContext, id: number): Promise<LinkAnswer> {
  const [row] = await selectLinks(context).where(eq(link.id, id));
  if (!row) throw notFound('link');
  return toAnswer(row);
}

type PreparedLink = {
  values: Pick<LinkRow, LinkMember | 'page' | 'siteId'>;
  site: { id: string; name: string };
  url: string;
  check: LinkCheck;
};

/**
 * A link's values, folded as arrivals' values are when they are compared, and what is worth knowing of them.
 * @throws KildeError `invalid_input` where there is no such site.
 */
async function prepareLink(
  context: ServiceContext,
  { siteId: siteKey, page, ...given }: ValuesInput,
): Promise<PreparedLink> {
  const settings = await readSettings(context);
  const at = findSite(settings, { key: siteKey, host: new URL(page).hostname });
  if (siteKey !== undefined && at.key !== siteKey) {
    throw invalidInput([{ location: 'body.siteId', message: noSuch('site', siteKey) }]);
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
  const rules = settings.originRules(at);
  const { aliasOf } = rules;
  const warnings = fields.flatMap((field, index) =>
    warnOf({
      field,
      value: utm[field]!,
      known: (known[index] ?? []).map(({ canonical }) => canonical),
      aliasOf: (value) => aliasOf(field, value),
    }),
  );

  const url = tagUrl(withoutUtm(page), utm);
  const { origin } = resolveOrigin(readEvidence({ pageUrl: url, referrer: '' }), rules);
  return {
    values: { ...values, siteId: at.id, page: withoutUtm(page) },
    site: { id: at.key, name: at.name },
    url,
    check: { channel: origin.channel, warnings },
  };
}

/** Shows a link as it would be stored, with what is worth knowing before. @throws KildeError `invalid_input`. */
export async function tryLink(
  context: ServiceContext,
  { slug, placements: _placements, ...given }: LinkInput,
): Promise<LinkTrial> {
  const { values, site: at, url, check } = await prepareLink(context, given);
  const [taken] =
    slug === undefined ? [] : await context.db.select({ id: link.id }).from(link).where(eq(link.slug, slug));
  const warnings = [...check.warnings, ...(taken ? [{ field: 'slug', value: slug!, similarTo: [] }] : [])];
  const { siteId: _, ...shown } = values;
  return { slug: slug ?? null, site: at, ...shown, url, channel: check.channel, warnings };
}

/**
 * Makes a tagged link.
 * @throws KildeError `invalid_input` where there is no such site; `conflict` where the slug is taken.
 */
export async function createLink(
  context: ServiceContext,
  { slug, placements = [], ...given }: LinkInput,
): Promise<LinkAnswer & LinkCheck> {
  const { values, check } = await prepareLink(context, given);
  for (let tries = 0; tries < maxTries; tries += 1) {
    const row = { ...values, slug: slug ?? randomKey(slugLength), createdAt: context.clock() };
    const [[inserted], , [read]] = await context.db.batch([
      context.db.insert(link).values(row).onConflictDoNothing().returning({ id: link.id }),
      // `changes()` counts what the statement before has stored.
      addPlacements(context.db, {
        slug: row.slug,
        placements: placements.map(canonicalize),
        where: sql`changes() = 1`,
      }),
      selectLinks(context).where(eq(link.slug, row.slug)),
    ]);
    if (inserted && read) {
      forgetLink(context, row.slug);
      return { ...toAnswer(read), ...check };
    }
    if (slug !== undefined) break;
  }
  throw takenSlug(slug ?? '');
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

export type LinkChanges = Changes<LinkInput & { archived: boolean }>;

/** Nobody has followed the link. */
const isUnvisited = sql`NOT EXISTS (SELECT 1 FROM ${linkDay} WHERE ${linkDay.linkId} = ${link.id})`;

/**
 * Corrects a link that nobody has followed yet, archives it or takes it back. Values that are as they were change nothing.
 * @throws KildeError `not_found`; `conflict` where it was followed before, or where the slug is taken; `invalid_input`.
 */
export async function updateLink(
  context: ServiceContext,
  { id, changes: { archived, ...changes } }: { id: number; changes: LinkChanges },
): Promise<LinkAnswer> {
  const { db } = context;
  const [[row], known] = await db.batch([
    db.select({ link, siteKey: site.key }).from(link).leftJoin(site, eq(site.id, link.siteId)).where(eq(link.id, id)),
    db.select({ placement: linkPlacement.placement }).from(linkPlacement).where(eq(linkPlacement.linkId, id)),
  ]);
  if (!row) throw notFound('link');
  const placesBefore = known.map(({ placement }) => placement);
  const { slug = row.link.slug, placements = placesBefore, ...given } = changes;
  const before = { ...recordOf(members, (member) => row.link[member]), page: row.link.page };
  const whole = { ...before, ...(row.siteKey === null ? {} : { siteId: row.siteKey }), ...definedOf(given) };
  const { values } = await prepareLink(context, whole as ValuesInput);
  const after = { ...values, slug };
  const places = [...new Set(placements.map(canonicalize))];
  const isCorrected =
    Object.entries(after).some(([name, value]) => row.link[name as keyof LinkRow] !== value) ||
    new Set(placesBefore).symmetricDifference(new Set(places)).size > 0;
  if (isCorrected) {
    await correctLink(context, { id, after, places });
    for (const one of [row.link.slug, slug]) forgetLink(context, one);
  }
  return archived === undefined ? readLink(context, id) : archiveLink(context, { id, archived });
}

/** @throws KildeError `conflict` where the link was followed before, or where the slug is taken. */
async function correctLink(
  { db }: Pick<ServiceContext, 'db'>,
  { id, after, places }: { id: number; after: PreparedLink['values'] & { slug: string }; places: string[] },
): Promise<void> {
  // The link `l` has been corrected: it has the slug now, and nobody has followed it.
  const isDone = sql`l.slug = ${after.slug} AND NOT EXISTS (SELECT 1 FROM link_day d WHERE d.link_id = l.id)`;
  const [updated, , , [taken]] = await db.batch([
    db
      .update(link)
      .set(after)
      .where(
        and(
          eq(link.id, id),
          isUnvisited,
          sql`NOT EXISTS (SELECT 1 FROM link l WHERE l.slug = ${after.slug} AND l.id <> ${id})`,
        ),
      )
      .returning({ id: link.id }),
    deletePlacements(db, { linkId: id, where: isDone }),
    addPlacements(db, { slug: after.slug, placements: places, where: sql`l.id = ${id} AND ${isDone}` }),
    db
      .select({ id: link.id })
      .from(link)
      .where(and(eq(link.slug, after.slug), sql`${link.id} <> ${id}`)),
  ]);
  if (updated.length === 0) throw taken ? takenSlug(after.slug) : followed('only archived can change now');
}

/** The members that are given. */
const definedOf = <T extends object>(given: T): Partial<T> =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Partial<T>;

const takenSlug = (slug: string): KildeError => conflict(`There is a link "${slug}" already.`);
const followed = (what: string): KildeError => conflict(`The link was followed already: ${what}.`);

/**
 * Deletes a link that nobody has followed.
 * @throws KildeError `not_found`; `conflict` where somebody has: it may be printed somewhere.
 */
export async function deleteLink(context: ServiceContext, id: number): Promise<void> {
  const { db } = context;
  const isUnfollowed = sql`NOT EXISTS (SELECT 1 FROM link_day d WHERE d.link_id = l.id)`;
  const [, [deleted], [left]] = await db.batch([
    deletePlacements(db, { linkId: id, where: isUnfollowed }),
    db
      .delete(link)
      .where(and(eq(link.id, id), isUnvisited))
      .returning({ slug: link.slug }),
    db.select({ id: link.id }).from(link).where(eq(link.id, id)),
  ]);
  if (deleted) return forgetLink(context, deleted.slug);
  throw left ? followed('it can be archived, not deleted') : notFound('link');
}

/**
 * Archives a link, or takes it back. An archived link is neither proposed nor listed; its address still leads to the page,
 * since it may be printed somewhere.
 * @throws KildeError `not_found`.
 */
async function archiveLink(
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
