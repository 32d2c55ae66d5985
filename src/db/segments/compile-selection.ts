import { eq, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { Now } from '../../domain/segments/days.ts';
import type {
  CombineOperator,
  SelectionDefinition,
  SelectionDefinitions,
  SelectionEntity,
} from '../../domain/segments/selections.ts';
import { selectionMember } from '../schema/people.ts';
import { compileCount, compileCriteria, memberIdOf } from './compile.ts';
import type { CompileSelection } from './compile.ts';
import { CompileContext } from './context.ts';
import { countSegment } from './select.ts';
import { tables } from './stored.ts';
import type { Tables } from './stored.ts';

type Table = Tables[SelectionEntity];

/** Definitions as they were read, and the moment and time zone their criteria are taken at. */
export type SelectionsRead = { definitions: SelectionDefinitions; now: Now };

/**
 * How criteria find the members of selections, of any kind, once their definitions have been read: those named, and those
 * these are made of. A selection that is not among them, or is of another entity, has no members. The days that a
 * selection's own criteria count are those of `now`, whatever time zone a query asks for.
 */
export function selectionCompiler({ definitions, now }: SelectionsRead): CompileSelection {
  return ({ id, entity, table, context }) => {
    const definition = definitions.get(id);
    if (!definition || definition.entity !== entity) return sql`0`;
    return context.isIn((table as Table).id, (inner) => selectIds(definition, { definitions, context: inner, now }));
  };
}

/** The members of one selection as a condition on their own table, for the WHERE of a list of them. */
export function membersOf({ id, entity, rule }: SelectionDefinition, { definitions, now }: SelectionsRead): SQL {
  const compileSelection = selectionCompiler({ definitions, now });
  // Its own criteria stand in the WHERE itself, where the table's indexes serve them.
  if (rule.kind === 'dynamic') return compileCriteria(rule.where, { entity, now, compileSelection });
  return compileSelection({ id, entity, table: tables[entity], context: new CompileContext(), now });
}

/** How many members a selection has, as a statement. */
export function countMembers(definition: SelectionDefinition, read: SelectionsRead): SQL {
  const { entity, rule } = definition;
  if (rule.kind !== 'dynamic') return countSegment({ entity, condition: membersOf(definition, read) });
  const compileSelection = selectionCompiler(read);
  return compileCount(rule.where, { entity, now: read.now, compileSelection });
}

type Place = SelectionsRead & { context: CompileContext };

function selectIds({ id, entity, rule }: SelectionDefinition, place: Place): SQL {
  const { definitions, context, now } = place;
  const compileSelection = selectionCompiler({ definitions, now });
  switch (rule.kind) {
    case 'static': {
      const { table: member, from } = context.aliases.of(selectionMember);
      return sql`SELECT ${memberIdOf(entity, member)} FROM ${from} WHERE ${eq(member.selectionId, id)}`;
    }
    case 'dynamic': {
      const { table, from } = context.aliases.of(tables[entity] as Tables['person']);
      const holds = compileCriteria(rule.where, { entity, table, now, context, compileSelection });
      return sql`SELECT ${table.id} FROM ${from} WHERE ${holds}`;
    }
    case 'combined': {
      const side = (of: number, bit: number) => {
        const { table, from } = context.aliases.of(tables[entity] as Tables['person']);
        const isMember = compileSelection({ id: of, entity, table, context, now });
        return sql`SELECT ${table.id} AS id, ${sql.raw(String(bit))} AS side FROM ${from} WHERE ${isMember}`;
      };
      return sql`SELECT id FROM (${side(rule.firstId, 1)} UNION ALL ${side(rule.secondId, 2)})
        GROUP BY id HAVING ${holdsForSides[rule.operator]}`;
    }
  }
}

/** A member of the first counts 1, of the second 2, of both 3. */
const holdsForSides: Record<CombineOperator, SQL> = {
  onlyFirst: sql`sum(side) = 1`,
  onlySecond: sql`sum(side) = 2`,
  both: sql`sum(side) = 3`,
  exactlyOne: sql`sum(side) < 3`,
  any: sql`1`,
};
