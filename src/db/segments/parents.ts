import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';
import type { Entity, Label } from '../../domain/segments/fields.ts';
import { living } from '../living.ts';
import type { CompileContext } from './context.ts';
import type { Field } from './declare.ts';
import { parentsOf, relationOf } from './relations.ts';
import { tables } from './stored.ts';
import type { Column, Walk } from './stored.ts';

const parentLabels: Partial<Record<Entity, Label>> = {
  person: { en: 'Person', no: 'Person' },
  company: { en: 'Company', no: 'Firma' },
};

/**
 * The fields of all that a record names (its person, its company), as fields of the record: `person.email`. They are made from the
 * declarations of the parent, so that a field which a parent gets is a field of its children too.
 */
export function fieldsOfParents(
  entity: Entity,
  declared: Readonly<Partial<Record<Entity, readonly Field[]>>>,
): Field[] {
  return parentsOf(entity).flatMap((parent) => (declared[parent] ?? []).map((of) => throughParent(of, entity)));
}

/** A field of a parent as a field of the record that names it. */
export function throughParent(of: Field, entity: Entity): Field {
  const parent = of.entity;
  const label = parentLabels[parent];
  if (!label) throw new Error(`No record belongs to a ${parent}.`);
  return {
    ...of,
    entity,
    name: `${parent}.${of.name}`,
    through: of,
    // An index of the parents gives no order of their children.
    plan: { ...of.plan, index: null, order: null, isCountedByIndex: false, isInOrder: false },
    label: { en: `${label.en}: ${lower(of.label.en)}`, no: `${label.no}: ${lower(of.label.no)}` },
    column: (table, context) => columnOfParent({ of, entity, table, context }),
  };
}

type Place = { of: Field; entity: Entity; table: SQLiteTable; context: CompileContext };

function columnOfParent(place: Place): Column {
  const { of, entity, table, context } = place;
  const key = relationOf(entity, of.entity).key(table);
  const { table: parent, from } = context.aliases.of(tables[of.entity] as ParentTable);
  const own = of.column(parent, context);
  const alive = living(of.entity, parent);
  const andAlive = alive ? sql` AND ${alive}` : sql``;
  const one = (value: SQL) => sql`(SELECT ${value} FROM ${from} WHERE ${parent.id} = ${key}${andAlive})`;
  return {
    stored: {
      kind: 'lookup',
      where: (condition) =>
        context.ofEach
          ? sql`EXISTS (SELECT 1 FROM ${from} WHERE ${parent.id} = ${key}${andAlive} AND ${condition(own.stored)})`
          : context.isIn(key, (inner) => {
              const within = of.column(parent, inner);
              return sql`SELECT ${parent.id} FROM ${from} WHERE ${condition(within.stored)}${andAlive}`;
            }),
    },
    shown: one(sql`${own.shown}`),
    ...(own.record ? { record: one(sql`${own.record}`) } : {}),
    sorted: one(sql`${own.sorted}`),
    ...(own.walk || of.plan.isInOrder ? { walk: () => walkThroughParent(place) } : {}),
  };
}

type ParentTable = (typeof tables)['person'];

/** Records in order of a value of their parent: an index gives the parents in order, another the records of each. */
function walkThroughParent({ of, entity, table, context }: Place): Walk | null {
  const key = relationOf(entity, of.entity).key(table);
  const walkOf = () => {
    const { table: parent, from } = context.aliases.of(tables[of.entity] as ParentTable);
    const { walk, sorted } = of.column(parent, context);
    const way = walk ? walk() : { from: null, value: sorted, none: sql`${sorted} IS NULL` };
    return way && !('key' in way) ? { parent, ...way, own: from, from: way.from ?? from } : null;
  };
  const way = walkOf();
  const other = walkOf();
  if (!way || !other) return null;
  const isErased = living(of.entity, way.parent) ? sql`${key} <= 0 OR ` : sql``;
  const isLiving = living(of.entity, way.parent) ?? sql`1`;
  return {
    from: sql`${way.from} CROSS JOIN ${context.aliases.fromOf(table)} ON ${key} = ${way.parent.id} AND ${isLiving}`,
    value: way.value,
    none: sql`(${key} IS NULL OR ${isErased}${key} IN (SELECT ${other.parent.id} FROM ${other.own} WHERE ${other.none}))`,
  };
}

function lower(label: string): string {
  return /^\p{Lu}\p{Lu}/u.test(label) ? label : label.charAt(0).toLowerCase() + label.slice(1);
}
