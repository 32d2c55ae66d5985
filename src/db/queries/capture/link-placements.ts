import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { Database } from '../../client.ts';
import { linkPlacement } from '../../schema/links.ts';

/** Most places of a link that are told apart: whoever follows it can name any. Further ones count in the link's own numbers alone. */
export const maxPlacements = 200;

/** Counts a visit of a place of a link. */
export function countPlacement(db: Database, { linkId, placement }: { linkId: number; placement: string }) {
  const known = sql`SELECT 1 FROM ${linkPlacement} n WHERE n.link_id = ${linkId} AND n.placement = ${placement}`;
  return db.run(sql`INSERT INTO ${linkPlacement} (link_id, placement, visits)
    SELECT ${linkId}, ${placement}, 1
    WHERE EXISTS (${known}) OR (SELECT count(*) FROM ${linkPlacement} n WHERE n.link_id = ${linkId}) < ${maxPlacements}
    ON CONFLICT DO UPDATE SET visits = visits + 1`);
}

/** Names places of the link `l` that has a slug, where a condition holds. Those that are there stay. */
export function addPlacements(
  db: Database,
  { slug, placements, where }: { slug: string; placements: readonly string[]; where: SQL },
) {
  return db.run(sql`INSERT INTO ${linkPlacement} (link_id, placement, visits)
    SELECT l.id, p.value, 0 FROM link l, json_each(${JSON.stringify(placements)}) p WHERE l.slug = ${slug} AND ${where}
    ON CONFLICT DO NOTHING`);
}

/** Forgets the places of a link, named `l` in the condition. */
export function deletePlacements(db: Database, { linkId, where }: { linkId: number; where: SQL }) {
  return db.run(sql`DELETE FROM ${linkPlacement}
    WHERE link_id = (SELECT l.id FROM link l WHERE l.id = ${linkId} AND ${where})`);
}
