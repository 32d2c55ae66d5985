import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { comparisons } from '../../domain/segments/criteria.ts';
import type {
  Comparison,
  CountCondition,
  Criteria,
  FieldCondition,
  HasCondition,
} from '../../domain/segments/criteria.ts';
import type { Now } from '../../domain/segments/days.ts';
import { isNegation, negations } from '../../domain/segments/fields.ts';
import type { Entity, PositiveOperator } from '../../domain/segments/fields.ts';
import { living } from '../living.ts';
import { selection } from '../schema/people.ts';
import { compare, compileCondition } from './conditions.ts';
import { CompileContext } from './context.ts';
import { findField } from './fields.ts';
import { hasAny, relationOf, selectKeys } from './relations.ts';
import { tables } from './stored.ts';

/** A selection's members as a condition on a table of its entity. */
export type CompileSelection = (selection: {
  id: number;
  entity: Entity;
  table: (typeof tables)[Entity];
  context: CompileContext;
  now: Now;
}) => SQL;

export type CompileOptions = {
  entity: Entity;
  now: Now;
  /** How the members of a selection are found; unset, they are those put in: it is taken for a static one. */
  compileSelection?: CompileSelection;
  /** The table the condition is on; unset, the entity's own, by its own name. */
  table?: (typeof tables)[Entity];
  context?: CompileContext;
  /** Whether the emptied rows of erased people count too: in totals alone. */
  withErased?: boolean;
};

/**
 * Criteria as a condition on the rows of their entity's table, for any WHERE. User values are bound, names are from
 * the declared fields alone. The criteria must have been read by `parseCriteria`.
 */
export function compileCriteria(criteria: Criteria, options: CompileOptions): SQL {
  const { entity, table = tables[entity], context = new CompileContext(), compileSelection = compileStatic } = options;
  const condition = new Compiler({ now: options.now, compileSelection }).compile(criteria, { entity, table, context });
  const alive = options.withErased ? undefined : living(entity, table);
  return alive ? sql`((${condition}) AND ${alive})` : condition;
}

/** Where the compiler stands: whose fields, in which table. */
type Place = { entity: Entity; table: (typeof tables)[Entity]; context: CompileContext };

class Compiler {
  #now: Now;
  #compileSelection: CompileSelection;

  constructor({ now, compileSelection }: { now: Now; compileSelection: CompileSelection }) {
    this.#now = now;
    this.#compileSelection = compileSelection;
  }

  compile(criteria: Criteria, place: Place): SQL {
    if ('all' in criteria) return this.#join(criteria.all, place, { between: sql` AND `, empty: sql`1` });
    if ('any' in criteria) return this.#join(criteria.any, place, { between: sql` OR `, empty: sql`0` });
    if ('not' in criteria) return isNotTrue(this.compile(criteria.not, place));
    if ('has' in criteria) return this.#has(criteria, place);
    return this.#field(criteria, place);
  }

  #join(list: Criteria[], place: Place, { between, empty }: { between: SQL; empty: SQL }): SQL {
    if (list.length === 0) return empty;
    return sql`(${sql.join(
      list.map((one) => this.compile(one, place)),
      between,
    )})`;
  }

  #field({ field: name, op, value }: FieldCondition, place: Place): SQL {
    const positive = isNegation(op) ? negations[op] : op;
    const condition =
      positive === 'inSelection'
        ? this.#compileSelection({ id: Number(value), ...place, now: this.#now })
        : this.#compare(name, positive, value, place);
    return isNegation(op) ? isNotTrue(condition) : condition;
  }

  #compare(name: string, op: PositiveOperator, value: FieldCondition['value'], { entity, table, context }: Place): SQL {
    const field = findField(entity, name);
    if (!field) throw new Error(`There is no field "${name}" of a ${entity}.`);
    const { stored } = field.column(table, context);
    return compileCondition({ stored, field, op, value, now: this.#now });
  }

  /**
   * The keys of the records that have enough of the other, found once for the whole query and not for each record. Only
   * "has any at all", which nearly all have, is asked of each.
   */
  #has({ has: other, where, count = { gte: 1 } }: HasCondition, { entity, table, context }: Place): SQL {
    // What also holds for none at all is asked the other way round: who has another number.
    const holdsForNone = comparisons.every((one) => count[one] === undefined || holds[one](0, count[one]));
    const isAny = comparisons.every((one) => count[one] === (one === 'gte' ? 1 : undefined));
    if (isAny && !where) return hasAny({ entity, other, context }, table);
    const found = context.isIn(relationOf(entity, other).key(table), (inner) =>
      selectKeys(
        { entity, other, context: inner },
        {
          condition: (of) =>
            where && this.compile(where, { entity: other, table: of as Place['table'], context: inner }),
          having: isAny ? null : (n) => (holdsForNone ? isNotTrue(compareCount(n, count)) : compareCount(n, count)),
        },
      ),
    );
    return holdsForNone ? isNotTrue(found) : found;
  }
}

const holds: Record<Comparison, (n: number, bound: number) => boolean> = {
  gte: (n, bound) => n >= bound,
  gt: (n, bound) => n > bound,
  lte: (n, bound) => n <= bound,
  lt: (n, bound) => n < bound,
  eq: (n, bound) => n === bound,
  ne: (n, bound) => n !== bound,
};

function compareCount(n: SQL, count: CountCondition): SQL {
  return sql.join(
    comparisons.flatMap((one) => (count[one] === undefined ? [] : [compare(n, one, count[one])])),
    sql` AND `,
  );
}

/** No value, in SQL null, counts as not: `(…) IS NOT TRUE` holds for all that the condition does not hold for. */
function isNotTrue(condition: SQL): SQL {
  return sql`((${condition}) IS NOT TRUE)`;
}

/** The members that were put into a selection. */
const compileStatic: CompileSelection = ({ id, entity, table, context }) => {
  const of = context.aliases.of(selection);
  const { table: member, from } = context.aliases.of(tables.selection);
  return context.isIn(
    (table as typeof tables.person).id,
    () => sql`SELECT ${member.memberId} FROM ${from} WHERE ${member.selectionId} =
      (SELECT ${of.table.id} FROM ${of.from} WHERE ${of.table.id} = ${id} AND ${of.table.entity} = ${entity})`,
  );
};
