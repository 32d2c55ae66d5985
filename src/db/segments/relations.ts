import { sql } from 'drizzle-orm';
import type { SQL, SQLWrapper } from 'drizzle-orm';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';
import { relations } from '../../domain/segments/fields.ts';
import type { Entity } from '../../domain/segments/fields.ts';
import type { SelectionEntity } from '../../domain/segments/selections.ts';
import { living } from '../living.ts';
import { submission } from '../schema/forms.ts';
import { touch } from '../schema/origins.ts';
import { person, selection } from '../schema/people.ts';
import type { CompileContext } from './context.ts';
import { tables } from './stored.ts';
import type { Tables, Walk } from './stored.ts';

/** How the records of one entity belong to those of another. */
export type Relation = {
  /** What of the record itself is looked for among the keys. */
  key: (table: SQLiteTable) => SQLWrapper;
  /** What of the other record names the first: a column of the other table, or of a table joined to it. */
  from: (input: { other: SQLiteTable; from: SQL; context: CompileContext }) => {
    key: SQLWrapper;
    /** The key as it is listed, where a column of another type is looked for among the keys: then an index of that serves. */
    listed?: SQL;
    from: SQL;
    /** What joins them besides. */
    on?: SQL;
    notNull?: boolean;
  };
  /** Set where whatever names a record names one that is there: then keys are counted without looking for their records. */
  isOwned?: boolean;
  /** Set where the record names the other, whose keys are each that of one: then its records are found from those on. */
  isUnique?: boolean;
  /** Field of the other that stands beside the key in the index of it. */
  beside?: string;
};

/** Either record names the other by a column. */
function direct<E extends Entity, O extends Entity>({
  key,
  otherKey,
  notNull = false,
  isOwned = false,
  isUnique = false,
  beside,
}: {
  of: E;
  other: O;
  key: (table: Tables[E]) => SQLWrapper;
  otherKey: (table: Tables[O]) => SQLWrapper;
  notNull?: boolean;
  isOwned?: boolean;
  isUnique?: boolean;
  beside?: string;
}): Relation {
  return {
    isOwned,
    isUnique,
    ...(beside === undefined ? {} : { beside }),
    key: key as Relation['key'],
    from: ({ other, from }) => ({ key: otherKey(other as Tables[O]), from, notNull: notNull || isUnique }),
  };
}

/** A selection holds records of one kind, and their ids are no one's else. */
function membership(entity: SelectionEntity): Relation {
  return {
    key: (table) => (table as Tables['person']).id,
    from: ({ other, from, context }) => {
      const member = other as Tables['selection'];
      const of = context.aliases.of(selection);
      return {
        key: member.memberId,
        ...(entity === 'submission' ? { listed: sql`CAST(${member.memberId} AS text)` } : {}),
        from: sql`${from} JOIN ${of.from} ON ${of.table.id} = ${member.selectionId} AND ${of.table.entity} = ${entity}`,
        notNull: true,
      };
    },
  };
}

/** A company's touches are those of its people. */
const touchesOfCompany: Relation = {
  key: (table) => (table as Tables['company']).id,
  from: ({ other, from, context }) => {
    const p = context.aliases.of(person);
    return {
      key: p.table.companyId,
      from: sql`${from} JOIN ${p.from} ON ${p.table.id} = ${(other as Tables['touch']).personId}`,
    };
  },
};

/** A submission's touches are those of its journey. */
const touchesOfSubmission: Relation = {
  key: (table) => (table as Tables['submission']).id,
  from: ({ other, from, context }) => {
    const t = other as Tables['touch'];
    const s = context.aliases.of(submission);
    return {
      key: s.table.id,
      from: sql`${from} JOIN ${s.from} ON ${s.table.personId} = ${t.personId}`,
      on: sql`EXISTS (SELECT 1 FROM json_each(${s.table.journey}) passed WHERE passed.value = ${t.id})`,
      notNull: true,
    };
  },
};

/** A touch's company is that of its person. */
const companyOfTouch: Relation = {
  key: (table) => (table as Tables['touch']).personId,
  from: ({ other, from, context }) => {
    const p = context.aliases.of(person);
    return {
      key: p.table.id,
      from: sql`${from} JOIN ${p.from} ON ${p.table.companyId} = ${(other as Tables['company']).id}`,
      notNull: true,
    };
  },
};

/** A touch's submissions are those whose journey has it. */
const submissionsOfTouch: Relation = {
  key: (table) => (table as Tables['touch']).id,
  from: ({ other, from, context }) => {
    const s = other as Tables['submission'];
    const t = context.aliases.of(touch);
    return {
      key: t.table.id,
      from: sql`${from} JOIN ${t.from} ON ${t.table.personId} = ${s.personId}`,
      on: sql`EXISTS (SELECT 1 FROM json_each(${s.journey}) passed WHERE passed.value = ${t.table.id})`,
      notNull: true,
    };
  },
};

const known: Partial<Record<`${Entity}:${Entity}`, Relation>> = {
  'person:submission': direct({
    of: 'person',
    other: 'submission',
    key: (p) => p.id,
    otherKey: (s) => s.personId,
    isOwned: true,
    beside: 'at',
  }),
  'person:deal': direct({ of: 'person', other: 'deal', key: (p) => p.id, otherKey: (d) => d.personId, isOwned: true }),
  'person:touch': direct({
    of: 'person',
    other: 'touch',
    key: (p) => p.id,
    otherKey: (t) => t.personId,
    notNull: true,
    isOwned: true,
  }),
  'person:company': direct({
    of: 'person',
    other: 'company',
    key: (p) => p.companyId,
    otherKey: (c) => c.id,
    isUnique: true,
  }),
  'person:selection': membership('person'),
  'person:consent': direct({
    of: 'person',
    other: 'consent',
    key: (p) => p.id,
    otherKey: (c) => c.personId,
    notNull: true,
    isOwned: true,
  }),
  'company:person': direct({
    of: 'company',
    other: 'person',
    key: (c) => c.id,
    otherKey: (p) => p.companyId,
    isOwned: true,
  }),
  'company:submission': direct({
    of: 'company',
    other: 'submission',
    key: (c) => c.id,
    otherKey: (s) => s.companyId,
    isOwned: true,
  }),
  'company:deal': direct({
    of: 'company',
    other: 'deal',
    key: (c) => c.id,
    otherKey: (d) => d.companyId,
    isOwned: true,
  }),
  'company:touch': touchesOfCompany,
  'company:selection': membership('company'),
  'deal:selection': membership('deal'),
  'submission:selection': membership('submission'),
  'submission:person': direct({
    of: 'submission',
    other: 'person',
    key: (s) => s.personId,
    otherKey: (p) => p.id,
    isUnique: true,
  }),
  'submission:company': direct({
    of: 'submission',
    other: 'company',
    key: (s) => s.companyId,
    otherKey: (c) => c.id,
    isUnique: true,
  }),
  'submission:touch': touchesOfSubmission,
  'deal:person': direct({ of: 'deal', other: 'person', key: (d) => d.personId, otherKey: (p) => p.id, isUnique: true }),
  'deal:company': direct({
    of: 'deal',
    other: 'company',
    key: (d) => d.companyId,
    otherKey: (c) => c.id,
    isUnique: true,
  }),
  'touch:company': companyOfTouch,
  'touch:submission': submissionsOfTouch,
  'touch:person': direct({
    of: 'touch',
    other: 'person',
    key: (t) => t.personId,
    otherKey: (p) => p.id,
    isUnique: true,
  }),
};

/** What a record names by a column of its own: its person, its company. */
export function parentsOf(entity: Entity): Entity[] {
  return relations[entity].filter((other) => known[`${entity}:${other}`]?.isUnique === true);
}

export function relationOf(entity: Entity, other: Entity): Relation {
  const relation = relations[entity].includes(other) ? known[`${entity}:${other}`] : undefined;
  if (!relation) throw new Error(`A ${entity} has no ${other}.`);
  return relation;
}

type Other = { entity: Entity; other: Entity; context: CompileContext };

/** The keys of the records that have others: of a kind, and as many as asked for. */
export function selectKeys(
  { entity, other, context }: Other,
  {
    condition,
    having,
    ofLiving = false,
    inKeyOrder = false,
  }: {
    condition: (table: SQLiteTable) => SQL | undefined;
    having: ((count: SQL) => SQL) | null;
    /** Leaves out erased people by their keys, since their own rows are not looked for. */
    ofLiving?: boolean;
    /** Goes through the index of the keys, whatever is asked: it has all that is. */
    inKeyOrder?: boolean;
  },
): SQL {
  const { table, from: own } = context.aliases.of(tables[other] as SQLiteTable);
  const {
    key,
    listed = key,
    from,
    on,
    notNull = false,
  } = relationOf(entity, other).from({ other: table, from: own, context });
  const asked = condition(table);
  const alive = living(other, table);
  // Where nothing else is asked of them, the index that has their keys in order leaves out the erased.
  const byKey = asked && !inKeyOrder ? sql`+${key} > 0` : sql`${key} > 0`;
  const isByKey = inKeyOrder || (entity === 'person' && (other === 'touch' ? !asked : ofLiving && !alive));
  const conditions = [
    on,
    asked,
    ...(isByKey ? [byKey] : [alive, notNull ? undefined : sql`${key} IS NOT NULL`]),
  ].filter((one) => one !== undefined);
  const where = conditions.length === 0 ? sql`` : sql` WHERE ${sql.join(conditions, sql` AND `)}`;
  const group = having === null ? sql`` : sql` GROUP BY ${key} HAVING ${having(sql`count(*)`)}`;
  return sql`SELECT ${listed} AS k FROM ${from}${where}${group}`;
}

/** Something of all the others that name a record, such as their number: of one record, and how all are gone through in order of it. */
export function totalOf(
  { entity, other, context }: Other,
  { record, total, none }: { record: SQLiteTable; total: (table: SQLiteTable) => SQL; none: 0 | null },
): { value: SQL; walk: () => Walk } {
  const relation = relationOf(entity, other);
  const others = () => {
    const { table, from: own } = context.aliases.of(tables[other] as SQLiteTable);
    const { key, from } = relation.from({ other: table, from: own, context });
    // Others of a living person are living, and the erased are named by numbers below zero.
    const alive = entity === 'person' ? undefined : living(other, table);
    const where = (condition: SQL) => sql`${from} WHERE ${key} ${condition}${alive ? sql` AND ${alive}` : sql``}`;
    return { key, value: total(table), where };
  };
  const own = others();
  return {
    value: sql`(SELECT ${own.value} FROM ${own.where(sql`= ${relation.key(record)}`)})`,
    walk: () => {
      const all = others();
      return { others: all.where(sql`> 0`), key: all.key, value: all.value, none };
    },
  };
}

type OfEach = { record: SQLiteTable; condition: (table: SQLiteTable) => SQL | undefined };

/** Whether one record has any other, asked of each. */
export function hasAny(relation: Other, ofEach: OfEach): SQL {
  return sql`EXISTS (SELECT 1 ${othersOf(relation, ofEach)})`;
}

/** How many others one record has, asked of each. */
export function countOthers(relation: Other, ofEach: OfEach): SQL {
  return sql`(SELECT count(*) ${othersOf(relation, ofEach)})`;
}

function othersOf({ entity, other, context }: Other, { record, condition }: OfEach): SQL {
  const { table, from: own } = context.aliases.of(tables[other] as SQLiteTable);
  const relation = relationOf(entity, other);
  const { key, from, on } = relation.from({ other: table, from: own, context });
  const conditions = [sql`${key} = ${relation.key(record)}`, on, condition(table), living(other, table)].filter(
    (one) => one !== undefined,
  );
  return sql`FROM ${from} WHERE ${sql.join(conditions, sql` AND `)}`;
}
