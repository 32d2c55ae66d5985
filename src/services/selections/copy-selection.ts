import { eq, sql } from 'drizzle-orm';
import { selection, selectionMember } from '../../db/schema/people.ts';
import { notFound } from '../../domain/errors.ts';
import { usedBy } from '../../domain/segments/selections.ts';
import { toColumns, writeReferences } from './manage-selections.ts';
import { isVisibleTo, ruleOf } from '../segments/read-definitions.ts';
import type { SelectionContext } from '../segments/read-definitions.ts';
import { answerSelection, columnsWithNames } from './answer-selections.ts';
import type { SelectionAnswer } from './answer-selections.ts';

const maxNameLength = 200;

/**
 * A new selection that is as another is now: its criteria or parts, columns, order and board, and of a static one the members. It belongs to
 * whoever copies it.
 * @throws KildeError `not_found`.
 */
export async function copySelection(
  context: SelectionContext,
  { id, name }: { id: number; name?: string | undefined },
): Promise<SelectionAnswer> {
  const { db, clock, viewer } = context;
  const [row] = await db.select().from(selection).where(eq(selection.id, id));
  if (!row || !isVisibleTo(row, viewer)) throw notFound('selection');
  const { entity, description, ownerId, visibility, columns, sort, board } = row;
  const rule = ruleOf(row);
  const suffix = ' (copy)';
  const copied = name ?? `${row.name.slice(0, maxNameLength - suffix.length)}${suffix}`;
  const at = clock();
  const made = sql`(SELECT max(${selection.id}) FROM ${selection})`;
  const [[copy]] = await db.batch([
    db
      .insert(selection)
      .values({
        name: copied,
        entity,
        ...toColumns(rule),
        description,
        ownerId: viewer.ownerId ?? ownerId,
        visibility,
        columns,
        sort,
        board,
        keyId: viewer.id,
        createdAt: at,
      })
      .returning(columnsWithNames),
    writeReferences(db, { of: made, ids: usedBy({ entity, rule }) }),
    db.run(sql`INSERT INTO ${selectionMember} (selection_id, member_id, added_at)
      SELECT ${made}, m.member_id, ${at} FROM selection_member m JOIN selection s ON s.id = m.selection_id AND s.kind = 'static'
      WHERE m.selection_id = ${id}`),
  ]);
  return answerSelection(context, copy!);
}
