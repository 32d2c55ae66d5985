import { sql } from 'drizzle-orm';
import { linkFields, linkMembers, originFields } from '../../../domain/attribution/origin-fields.ts';
import type { LinkField } from '../../../domain/attribution/origin-fields.ts';
import { recordOf } from '../../../domain/record-of.ts';
import type { Database } from '../../client.ts';
import { link } from '../../schema/links.ts';
import { maxPlacements } from './link-placements.ts';
import { columnOf } from '../../fragments/origin-columns.ts';
import { origin } from '../../schema/origins.ts';

/** What one place of a link brought. */
export type LinkPlacement = { name: string; visits: number; leads: number; deals: number };

const linkColumns = recordOf(linkFields, (field) => link[linkMembers[field]]);

/** More values than this are not compared with: by then a field holds generated ids, not names. */
const maxKnown = 5_000;

/** Canonical values in use in a field: arrived with, put on a link, or corrected. */
export function selectKnownValues(db: Database, field: LinkField) {
  return db.all<{ canonical: string }>(sql`
    SELECT canonical FROM (SELECT canonical FROM origin_value WHERE field = ${field} LIMIT ${maxKnown})
    UNION SELECT canonical FROM alias_from WHERE field = ${field}
    UNION SELECT ${linkColumns[field]} FROM ${link} WHERE ${linkColumns[field]} IS NOT NULL`);
}

/** Values that arrivals came with and that stand for themselves, those that start with the text first. */
export function selectSeenValues(
  db: Database,
  { field, text, limit }: { field: LinkField; text: string; limit: number },
) {
  const isIndexed = originFields[field].isGrouped;
  const origins = isIndexed ? sql`(SELECT count(*) FROM ${origin} WHERE ${columnOf(origin, field)} = v.id)` : sql`NULL`;
  return db.all<{ value: string; label: string; origins: number | null }>(sql`
    SELECT v.canonical AS value, coalesce(v.alias_label, v.label) AS label, ${origins} AS origins
    FROM origin_value v
    WHERE v.field = ${field} AND v.alias_of IS NULL AND instr(v.canonical, ${text}) > 0
    ORDER BY instr(v.canonical, ${text}) = 1 DESC, v.canonical LIMIT ${limit}`);
}

/** Values that the links in use hold, the most used first. */
export function selectLinkedValues(
  db: Database,
  { field, text, limit }: { field: LinkField; text: string; limit: number },
) {
  const column = linkColumns[field];
  return db.all<{ value: string; links: number }>(sql`
    SELECT ${column} AS value, count(*) AS links FROM ${link}
    WHERE ${column} IS NOT NULL AND archived_at IS NULL AND instr(${column}, ${text}) > 0
    GROUP BY ${column} ORDER BY links DESC, value LIMIT ${limit}`);
}

/**
 * The people, `p`, whose lead creation has just the utm values of the row of `link` around it, on its site, by whatever
 * referrer and click id. An origin's key starts with those values in this order, so they are one range of its index;
 * the people are found through the touches of the origins.
 */
const leads = sql`origin o JOIN touch t ON t.origin_id = o.id
    JOIN person p ON p.id = t.person_id AND p.lead_creation_origin_id = o.id`;
const keyStart = sql`rtrim(json_array(link.site_id, ${sql.raw(
  linkFields.map((field) => `link.${linkColumns[field].name}`).join(', '),
)}), ']')`;
const ofThisLink = sql`o.key > ${keyStart} || ',' AND o.key < ${keyStart} || '-'`;

export const leadsOfLink = sql<number>`(SELECT count(DISTINCT p.id) FROM ${leads} WHERE ${ofThisLink})`;

/** A deal is credited through its person, else through its company's source. */
const selectDeals = sql`
  SELECT d.id, o.placement_id FROM ${leads} JOIN deal d ON d.person_id = p.id WHERE ${ofThisLink}
  UNION SELECT d.id, o.placement_id FROM ${leads}
    JOIN company c ON c.id = p.company_id AND c.source_person_id = p.id AND c.lead_creation_origin_id = o.id
    JOIN deal d ON d.company_id = c.id AND d.person_id IS NULL WHERE ${ofThisLink}`;
export const dealsOfLink = sql<number>`(SELECT count(DISTINCT id) FROM (${selectDeals}))`;

/** What a placement counts as, after corrections. */
const countedAs = (column: string) => sql`coalesce(shown.${sql.raw(column)}, own.${sql.raw(column)})`;

/**
 * What each place of a link brought, the most visited first, as JSON. Visits are those of its short address; leads and deals are told apart
 * by the origin, of which the placement is a part.
 */
export const placementsOfLink = sql`(SELECT json_group_array(json_object(
    'name', name, 'visits', visits, 'leads', leads, 'deals', deals)) FROM (
  SELECT coalesce(${countedAs('alias_label')}, ${countedAs('label')}, given.placement) AS name,
    sum(given.visits) AS visits, sum(given.leads) AS leads, sum(given.deals) AS deals
  FROM (
    SELECT n.placement, n.visits, 0 AS leads, 0 AS deals FROM link_placement n WHERE n.link_id = link.id
    UNION ALL SELECT v.canonical, 0, count(DISTINCT p.id), 0
      FROM ${leads} JOIN origin_value v ON v.id = o.placement_id WHERE ${ofThisLink} GROUP BY v.id
    UNION ALL SELECT v.canonical, 0, 0, count(*) FROM (${selectDeals}) d JOIN origin_value v ON v.id = d.placement_id GROUP BY v.id
  ) given
  LEFT JOIN origin_value own ON own.field = 'placement' AND own.canonical = given.placement
  LEFT JOIN origin_value shown ON shown.id = own.alias_of
  GROUP BY coalesce(shown.canonical, given.placement)
  ORDER BY visits DESC, leads DESC, name LIMIT ${maxPlacements}))`.mapWith(
  (json: string) => JSON.parse(json) as LinkPlacement[],
);

export const visitsOfLink = sql<number>`(SELECT coalesce(sum(d.visits), 0) FROM link_day d WHERE d.link_id = link.id)`;
