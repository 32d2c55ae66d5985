import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';
import { submission } from './schema/forms.ts';
import { touch } from './schema/origins.ts';
import { person } from './schema/people.ts';
import type { Entity } from '../domain/segments/fields.ts';

const nobodyErased = sql`(SELECT min(id) FROM person) > 0`;

/**
 * An erased person's rows stay, emptied, so that totals do: with the person's number below zero. Reports count them; lists,
 * criteria and single records leave them out by this condition. The plus keeps it from choosing an index: nearly all are living.
 * @returns nothing where rows of the table belong to no person, or name it besides what they are.
 */
export function living(entity: Entity, table?: SQLiteTable): SQL | undefined {
  switch (entity) {
    case 'person':
      return sql`+${((table ?? person) as typeof person).id} > 0`;
    case 'submission':
      // No index of submissions holds their person: where nobody has been erased, no row is looked up for it. One without a person is
      // nobody's, and stays.
      return sql`(${nobodyErased} OR ifnull(${((table ?? submission) as typeof submission).personId}, 1) > 0)`;
    case 'touch':
      return sql`+${((table ?? touch) as typeof touch).personId} > 0`;
    case 'company':
    case 'deal':
    case 'selection':
    case 'consent':
      return undefined;
  }
}
