import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';
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
import { countOthers, hasAny, relationOf, selectKeys } from './relations.ts';
import { isEverything, isWeakBeside } from './selectivity.ts';
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

/**
 * How many records of an entity criteria hold for, as a statement. What holds for nearly all is counted by what it leaves out, and
 * who has others by those, wherever that is the same: then no record is read for it.
 */
export function compileCount(criteria: Criteria, options: Omit<CompileOptions, 'table' | 'context'>): SQL {
  const { entity, compileSelection = compileStatic } = options;
  const compiler = new Compiler({ now: options.now, compileSelection });
  const countWhere = (where: Criteria) =>
    sql`SELECT count(*) FROM ${tables[entity]} WHERE ${compileCriteria(where, options)}`;
  const without = (count: SQL) => {
    const all = countAll(entity);
    return all && sql`SELECT (${all}) - (${count})`;
  };
  const count = (where: Criteria): SQL => {
    if (isEverything(where)) return countAll(entity) ?? countWhere(where);
    if ('all' in where && where.all.length === 1) return count(where.all[0]!);
    if ('any' in where && where.any.length === 1) return count(where.any[0]!);
    if ('not' in where) return without(count(where.not)) ?? countWhere(where);
    if ('field' in where && isNegation(where.op))
      return without(count({ ...where, op: negations[where.op] })) ?? countWhere(where);
    // What is asked of a field of a parent is asked of the parent.
    const through = 'field' in where ? findField(entity, where.field)?.through : null;
    if ('field' in where && through) return count({ has: through.entity, where: { ...where, field: through.name } });
    if ('has' in where) {
      const keys = compiler.countKeys(where, entity);
      return (keys?.isNegative ? without(keys.counted) : keys?.counted) ?? countWhere(where);
    }
    return countWhere(where);
  };
  return sql`SELECT (${count(criteria)}) AS n`;
}

/** All records but the emptied rows of erased people, of which there are few; null where those are not found by an index. */
function countAll(entity: Entity): SQL | null {
  const all = sql`SELECT count(*) FROM ${tables[entity]}`;
  switch (entity) {
    case 'person':
      return sql`SELECT (${all}) - (${all} WHERE ${tables.person.id} <= 0)`;
    case 'touch':
      return sql`SELECT (${all}) - (${all} WHERE ${tables.touch.personId} <= 0)`;
    case 'company':
    case 'deal':
      return all;
    case 'submission':
    case 'selection':
    case 'consent':
      return null;
  }
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
    if ('all' in criteria) {
      const { all } = criteria;
      // Where few are tried, the index is named.
      const placeOf = (one: Criteria) =>
        !place.context.ofEach && isWeakBeside(one, all, place.entity)
          ? { ...place, context: place.context.weak() }
          : place;
      return this.#join(all, placeOf, { between: sql` AND `, empty: sql`1` });
    }
    if ('any' in criteria) return this.#join(criteria.any, () => place, { between: sql` OR `, empty: sql`0` });
    if ('not' in criteria) return isNotTrue(this.compile(criteria.not, place));
    if ('has' in criteria) return this.#has(criteria, place);
    return this.#field(criteria, place);
  }

  #join(list: Criteria[], placeOf: (one: Criteria) => Place, { between, empty }: { between: SQL; empty: SQL }): SQL {
    if (list.length === 0) return empty;
    return sql`(${sql.join(
      list.map((one) => this.compile(one, placeOf(one))),
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

  /** Asked of each where few are asked, or for "has any at all", which nearly all have; else the keys are found once for all. */
  #has(criteria: HasCondition, { entity, table, context }: Place): SQL {
    const { has: other, where, count = { gte: 1 } } = criteria;
    // Others are found by the record, whatever else is asked of them.
    const condition = (of: SQLiteTable) =>
      where && this.compile(where, { entity: other, table: of as Place['table'], context: context.weak() });
    if (isAny(count) && (!where || context.ofEach))
      return hasAny({ entity, other, context }, { record: table, condition });
    if (context.ofEach)
      return compareCount(countOthers({ entity, other, context }, { record: table, condition }), count);
    let isNegative = false;
    const found = context.isIn(relationOf(entity, other).key(table), (inner) => {
      const selected = this.keysOf(criteria, { entity, context: inner });
      ({ isNegative } = selected);
      return selected.keys;
    });
    return isNegative ? isNotTrue(found) : found;
  }

  /** The keys, as `k`, of the records that have enough of another; of those that have not, where none at all is enough. */
  keysOf(
    { has: other, where, count = { gte: 1 } }: HasCondition,
    {
      entity,
      context,
      ofLiving = false,
      inKeyOrder = false,
    }: Pick<Place, 'entity' | 'context'> & { ofLiving?: boolean; inKeyOrder?: boolean },
  ): { keys: SQL; isNegative: boolean; areDistinct: boolean } {
    const isNegative = comparisons.every((one) => count[one] === undefined || holds[one](0, count[one]));
    const areAny = isNegative ? isNone(count) : isAny(count);
    const keys = selectKeys(
      { entity, other, context },
      {
        ofLiving,
        inKeyOrder,
        condition: (of) => where && this.compile(where, { entity: other, table: of as Place['table'], context }),
        having: areAny ? null : (n) => (isNegative ? isNotTrue(compareCount(n, count)) : compareCount(n, count)),
      },
    );
    return { keys, isNegative, areDistinct: !areAny };
  }

  /** How many records have enough of another, counted by those others; null where one may name a record that is not there. */
  countKeys(criteria: HasCondition, entity: Entity): { counted: SQL; isNegative: boolean } | null {
    const { has: other, where } = criteria;
    const { key, isOwned, isUnique, beside } = relationOf(entity, other);
    if (!isOwned && !isUnique) return null;
    const find = (inKeyOrder = false) =>
      this.keysOf(criteria, { entity, context: new CompileContext(), ofLiving: true, inKeyOrder });
    const { keys, isNegative, areDistinct } = find();
    const table = tables[entity];
    if (isUnique) {
      const alive = living(entity, table) ?? sql`1`;
      const counted = sql`SELECT count(*) FROM (${keys}) CROSS JOIN ${table} ON ${key(table)} = k WHERE ${alive}`;
      return { counted, isNegative };
    }
    const counted = sql`SELECT count(${areDistinct ? sql`*` : sql`DISTINCT k`}) FROM (${keys})`;
    if (!where || !('field' in where) || where.field !== beside || isNegation(where.op)) return { counted, isNegative };
    // An index has what is asked for beside the keys. To go through it whole costs less than to look up the keys of more than a few.
    const context = new CompileContext();
    const { table: of, from } = context.aliases.of(tables[other] as SQLiteTable);
    const asked = this.compile(where, { entity: other, table: of as Place['table'], context });
    const few = sql`SELECT ifnull(max(rowid), 0) / 16 FROM ${tables[other]}`;
    const areMany = sql`EXISTS (SELECT 1 FROM ${from} WHERE ${asked} LIMIT 1 OFFSET (${few}))`;
    // Asked for as rows, and not as an aggregate, different keys are taken in order.
    const all = sql`SELECT count(*) FROM (SELECT DISTINCT k FROM (${find(true).keys}))`;
    return { counted: sql`SELECT CASE WHEN ${areMany} THEN (${all}) ELSE (${counted}) END`, isNegative };
  }
}

/** At least one, and no more is asked of them. */
function isAny(count: CountCondition): boolean {
  return comparisons.every((one) => count[one] === (one === 'gte' ? 1 : undefined));
}

/** None, and nothing else is asked. */
function isNone(count: CountCondition): boolean {
  return comparisons.every((one) => count[one] === (one === 'eq' ? 0 : undefined));
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

/** A member's id as a list of ids holds it: as text where the ids of the entity are, so that their index serves. */
export function memberIdOf(entity: Entity, member: typeof tables.selection): SQL {
  return entity === 'submission' ? sql`CAST(${member.memberId} AS text)` : sql`${member.memberId}`;
}

/** The members that were put into a selection. */
const compileStatic: CompileSelection = ({ id, entity, table, context }) => {
  const of = context.aliases.of(selection);
  const { table: member, from } = context.aliases.of(tables.selection);
  return context.isIn(
    (table as typeof tables.person).id,
    () => sql`SELECT ${memberIdOf(entity, member)} FROM ${from} WHERE ${member.selectionId} =
      (SELECT ${of.table.id} FROM ${of.from} WHERE ${of.table.id} = ${id} AND ${of.table.entity} = ${entity})`,
  );
};
