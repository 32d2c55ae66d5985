import { sql } from 'drizzle-orm';
import type { SQL, SQLChunk } from 'drizzle-orm';
import type { category, leadStatus } from '../schema/people.ts';

/** Lead statuses and categories: archived ones stay where they are and are chosen no more. */
export type Choices = typeof leadStatus | typeof category;

/** Whether one can be chosen: it exists, and is not archived. What a record has already (`current`) it may keep. */
export function canChoose(choices: Choices, { id, current = sql`NULL` }: { id: SQLChunk; current?: SQLChunk }): SQL {
  return sql`EXISTS (SELECT 1 FROM ${choices} WHERE ${choices.id} = ${id} AND (${choices.archivedAt} IS NULL OR ${choices.id} IS ${current}))`;
}

/** Why a choice was refused, as JSON: the name of the archived one, and the names that can be chosen, in their order. */
export type ChoiceState = { archived: string | null; names: string[] };
export function choiceState(choices: Choices, id: SQLChunk): SQL<string> {
  return sql`json_object(
    'archived', (SELECT ${choices.name} FROM ${choices} WHERE ${choices.id} = ${id} AND ${choices.archivedAt} IS NOT NULL),
    'names', (SELECT json_group_array(name) FROM (SELECT ${choices.name} AS name FROM ${choices}
      WHERE ${choices.archivedAt} IS NULL ORDER BY ${choices.position}, ${choices.id})))`;
}
