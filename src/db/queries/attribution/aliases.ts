import { and, eq, sql } from 'drizzle-orm';
import type { Database } from '../../client.ts';
import { alias, aliasFrom, originValue } from '../../schema/origins.ts';
import type { ValueField } from '../../schema/origins.ts';
import { versionHolds } from '../settings/bump-settings.ts';

/** A value that counts as another from now on, or stands for itself again. */
export type AliasChange = { canonical: string; countsAs: string | null };

type Gate = { version: number };

/** The value that an alias leads to, where it has never been seen. It may itself count as another. */
export function ensureTarget(
  db: Database,
  {
    field,
    canonical,
    label,
    countsAs,
    at,
    version,
  }: AliasChange & Gate & { field: ValueField; label: string; at: number },
) {
  return db.run(sql`INSERT INTO ${originValue} (field, canonical, label, alias_of, first_seen_at)
    SELECT ${field}, ${canonical}, ${label},
      (SELECT id FROM origin_value WHERE field = ${field} AND canonical = ${countsAs}), ${at}
    WHERE ${versionHolds(version)}
    ON CONFLICT DO NOTHING`);
}

/** The rule and its spellings, then the label on its target. The first gives back the rule's id. */
export function insertAlias(
  db: Database,
  {
    field,
    from,
    to,
    label,
    at,
    version,
  }: Gate & { field: ValueField; from: string[]; to: string; label: string; at: number },
) {
  return [
    db
      .insert(alias)
      .select(sql`SELECT NULL, ${field}, ${to}, ${label}, ${at} WHERE ${versionHolds(version)}`)
      .returning({ id: alias.id }),
    db.run(sql`INSERT INTO ${aliasFrom} (field, canonical, alias_id)
      SELECT ${field}, f.value, (SELECT max(id) FROM alias) FROM json_each(${JSON.stringify(from)}) f
      WHERE ${versionHolds(version)}`),
    labelTarget(db, { field, canonical: to, version }),
  ] as const;
}

export function deleteAlias(
  db: Database,
  { id, field, to, version }: Gate & { id: number; field: ValueField; to: string },
) {
  return [
    db.delete(aliasFrom).where(and(eq(aliasFrom.aliasId, id), versionHolds(version))),
    db.delete(alias).where(and(eq(alias.id, id), versionHolds(version))),
    labelTarget(db, { field, canonical: to, version }),
  ] as const;
}

/** Shows a target as its newest rule asks to; as first spelt where no rule leads to it. */
function labelTarget(db: Database, { field, canonical, version }: Gate & { field: ValueField; canonical: string }) {
  return db
    .update(originValue)
    .set({
      aliasLabel: sql`(SELECT label FROM alias WHERE alias.field = ${field} AND to_canonical = ${canonical}
        ORDER BY id DESC LIMIT 1)`,
    })
    .where(and(eq(originValue.field, field), eq(originValue.canonical, canonical), versionHolds(version)));
}

/**
 * Points values at what they now count as. One row for each value: all history refers to a value by its row. The CROSS
 * JOIN keeps the planner from reading every value of the field.
 */
export function writeAliases(
  db: Database,
  { field, changes, version }: Gate & { field: ValueField; changes: AliasChange[] },
) {
  const json = JSON.stringify(changes);
  return db.run(sql`UPDATE ${originValue} SET alias_of = (SELECT target.id
      FROM json_each(${json}) c CROSS JOIN origin_value target ON target.field = ${field} AND target.canonical = c.value ->> 'countsAs'
      WHERE c.value ->> 'canonical' = origin_value.canonical)
    WHERE field = ${field} AND canonical IN (SELECT c.value ->> 'canonical' FROM json_each(${json}) c)
      AND ${versionHolds(version)}`);
}
