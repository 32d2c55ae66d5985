import { eq, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { living } from '../../db/living.ts';
import { selection, selectionMember } from '../../db/schema/people.ts';
import { selectionLeave } from '../../db/schema/selections.ts';
import { checkValues } from '../../db/segments/check-values.ts';
import type { CheckedValue } from '../../db/segments/check-values.ts';
import { compileCriteria } from '../../db/segments/compile.ts';
import { findField } from '../../db/segments/fields.ts';
import { tables } from '../../db/segments/stored.ts';
import { conflict, invalidInput, notFound } from '../../domain/errors.ts';
import { parseCriteria } from '../../domain/segments/criteria.ts';
import { selectionEntities } from '../../domain/segments/selections.ts';
import type { SelectionEntity } from '../../domain/segments/selections.ts';
import { isVisibleTo, readSelectionCompiler, readSelectionNow } from '../segments/read-definitions.ts';
import type { SelectionContext, SelectionRow, Viewer } from '../segments/read-definitions.ts';
import type { ServiceContext } from '../service-context.ts';

/**
 * Puts people or companies into a static selection; those in it already stay.
 * @returns how many came in, and which of the ids are nobody's.
 * @throws KildeError `not_found`; `conflict` where the selection is not static.
 */
export async function addMembers(
  { db, clock, viewer }: SelectionContext,
  { id, ids }: { id: number; ids: string[] },
): Promise<{ added: number; unknown: string[] }> {
  const json = JSON.stringify(ids.map(toMemberId));
  // A selection is of one kind of records, and the other branches find nothing.
  const records = sql`(${sql.join(
    selectionEntities.map((entity) => {
      const table = tables[entity];
      const alive = living(entity) ?? sql`1`;
      return sql`SELECT 1 FROM ${table} JOIN static s ON s.entity = ${entity} WHERE ${table.id} = i.value AND ${alive}`;
    }),
    sql` UNION ALL `,
  )})`;
  const [added, unknown, [known]] = await db.batch([
    db.run(sql`INSERT INTO ${selectionMember} (selection_id, member_id, added_at)
      WITH static AS (${selectStatic(id)}) SELECT ${id}, i.value, ${clock()} FROM json_each(${json}) i
      WHERE EXISTS ${records} ON CONFLICT DO NOTHING`),
    db.all<{
      id: number | string;
    }>(sql`WITH static AS (${selectStatic(id)}) SELECT i.value AS id FROM json_each(${json}) i
      WHERE NOT EXISTS ${records}`),
    db.select().from(selection).where(eq(selection.id, id)),
  ]);
  requireStatic(known, viewer);
  return { added: added.rowsAffected, unknown: unknown.map((row) => String(row.id)) };
}

/**
 * Puts all into a static selection that criteria hold for now, in one statement.
 * @throws KildeError `not_found`; `conflict` where the selection is not static; `invalid_input`.
 */
export async function addMembersFound(
  context: SelectionContext,
  { id, where: input }: { id: number; where: unknown },
): Promise<{ added: number; unknown: string[] }> {
  const { db, clock } = context;
  const [row] = await db.select().from(selection).where(eq(selection.id, id));
  const { entity } = requireStatic(row, context.viewer);
  const condition = await compileWhere(context, { input, entity, location: 'body.where' });
  const table = tables[entity];
  const added = await db.run(sql`INSERT INTO ${selectionMember} (selection_id, member_id, added_at)
    SELECT s.id, ${table.id}, ${clock()} FROM ${table} JOIN (${selectStatic(id)}) s WHERE ${condition}
    ON CONFLICT DO NOTHING`);
  return { added: added.rowsAffected, unknown: [] };
}

/**
 * Takes members out of a static selection.
 * @returns how many went.
 * @throws KildeError `not_found`; `conflict` where the selection is not static.
 */
export async function removeMembers(
  { db, clock, viewer }: SelectionContext,
  { id, ids }: { id: number; ids: string[] },
): Promise<{ removed: number }> {
  const leaving = sql`selection_id IN (SELECT id FROM (${selectStatic(id)}))
    AND member_id IN (SELECT value FROM json_each(${JSON.stringify(ids.map(toMemberId))}))`;
  const [, removed, [known]] = await db.batch([
    db.run(sql`INSERT INTO ${selectionLeave} (selection_id, added_at, removed_at)
      SELECT selection_id, added_at, ${clock()} FROM ${selectionMember} WHERE ${leaving}`),
    db.run(sql`DELETE FROM ${selectionMember} WHERE ${leaving}`),
    db.select().from(selection).where(eq(selection.id, id)),
  ]);
  requireStatic(known, viewer);
  return { removed: removed.rowsAffected };
}

/**
 * Criteria as they were sent, read, checked and compiled for the entity's own table: no round trip, but one for the
 * selections and one for the values of lists that they name.
 * @throws KildeError `invalid_input`.
 */
export async function compileWhere(
  context: Pick<ServiceContext, 'db' | 'clock' | 'settings'> & { viewer?: Viewer },
  { input, entity, location }: { input: unknown; entity: SelectionEntity; location: string },
): Promise<SQL> {
  const where = parseCriteria(input, { entity, findField, location });
  const check = checkValues(where, { entity, location, viewer: context.viewer });
  const [compileSelection, now, unknown] = await Promise.all([
    readSelectionCompiler(context, { where, entity, location }),
    readSelectionNow(context),
    check ? context.db.all<CheckedValue>(check.statement) : [],
  ]);
  const errors = check ? check.errorsOf(unknown) : [];
  if (errors.length > 0) throw invalidInput(errors);
  return compileCriteria(where, { entity, now, ...(compileSelection ? { compileSelection } : {}) });
}

const selectStatic = (id: number): SQL =>
  sql`SELECT s.id, s.entity FROM selection s WHERE s.id = ${id} AND s.kind = 'static'`;

/** An id as it is stored: a number, or a submission's text. */
const toMemberId = (id: string): number | string => (/^\d+$/.test(id) ? Number(id) : id);

function requireStatic(row: SelectionRow | undefined, viewer: Viewer): SelectionRow {
  if (!row || !isVisibleTo(row, viewer)) throw notFound('selection');
  if (row.kind !== 'static')
    throw conflict(
      'Members can be added to and removed from static selections only. The members of this selection follow from its criteria.',
    );
  return row;
}
