import { and, asc, eq, sql } from 'drizzle-orm';
import type { BatchItem } from 'drizzle-orm/batch';
import { living } from '../../db/living.ts';
import { selection } from '../../db/schema/people.ts';
import { membersOf } from '../../db/segments/compile-selection.ts';
import { tables } from '../../db/segments/stored.ts';
import { notFound } from '../../domain/errors.ts';
import type { CombineOperator, SelectionDefinitions } from '../../domain/segments/selections.ts';
import { isVisibleTo, readSelectionNow, toDefinitions } from '../segments/read-definitions.ts';
import type { SelectionContext, SelectionRow } from '../segments/read-definitions.ts';

/** More than a team has; what is asked together has a bound. */
const mostAsked = 500;

export type SelectionOfRecord = Pick<SelectionRow, 'name' | 'kind' | 'description'> & { id: string };

/** Whether a record is a member of a combination, by whether it is one of the first and of the second selection. */
const holdsFor: Record<CombineOperator, (first: boolean, second: boolean) => boolean> = {
  onlyFirst: (first, second) => first && !second,
  onlySecond: (first, second) => second && !first,
  both: (first, second) => first && second,
  exactlyOne: (first, second) => first !== second,
  any: (first, second) => first || second,
};

/**
 * The selections that a record is a member of now, by name. Two round trips: static and dynamic selections are asked about this one record,
 * combined ones follow from theirs.
 * @throws KildeError `not_found`.
 */
export async function listSelectionsOf(
  context: SelectionContext,
  { entity, id }: { entity: 'person' | 'company' | 'deal'; id: number },
): Promise<SelectionOfRecord[]> {
  const { db, viewer } = context;
  const table = tables[entity];
  const [[rows, [record]], now] = await Promise.all([
    db.batch([
      db
        .select()
        .from(selection)
        .where(eq(selection.entity, entity))
        .orderBy(asc(selection.name), asc(selection.id))
        .limit(mostAsked),
      db
        .select({ id: table.id })
        .from(table)
        .where(and(eq(table.id, id), living(entity))),
    ]),
    readSelectionNow(context),
  ]);
  if (!record) throw notFound(entity);
  const definitions = toDefinitions(rows);
  const asked = [...definitions.values()].filter(({ rule }) => rule.kind !== 'combined');
  const questions = asked.map((definition) =>
    db.all(sql`SELECT 1 FROM ${table} WHERE ${table.id} = ${id} AND (${membersOf(definition, { definitions, now })})`),
  );
  const answers = questions.length > 0 ? await db.batch(questions as unknown as [BatchItem<'sqlite'>]) : [];
  const known = new Map(asked.map((definition, index) => [definition.id, (answers as unknown[][])[index]!.length > 0]));
  return rows
    .filter((row) => isVisibleTo(row, viewer) && isMember(row.id, { definitions, known }))
    .map((row) => ({ id: String(row.id), name: row.name, kind: row.kind, description: row.description }));
}

/** A combined selection has no circle: it is refused when it is made. */
function isMember(id: number, place: { definitions: SelectionDefinitions; known: Map<number, boolean> }): boolean {
  const found = place.known.get(id);
  if (found !== undefined) return found;
  const rule = place.definitions.get(id)?.rule;
  if (rule?.kind !== 'combined') return false;
  const holds = holdsFor[rule.operator](isMember(rule.firstId, place), isMember(rule.secondId, place));
  place.known.set(id, holds);
  return holds;
}
