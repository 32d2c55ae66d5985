import { is, sql } from 'drizzle-orm';
import type { SQLWrapper } from 'drizzle-orm';
import { SQLiteColumn } from 'drizzle-orm/sqlite-core';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';
import { allFields, originFields, utmFields } from '../../domain/attribution/origin-fields.ts';
import type { OriginField } from '../../domain/attribution/origin-fields.ts';
import { capitalize } from '../../domain/capitalize.ts';
import { operatorsOfType, textOperators } from '../../domain/segments/fields.ts';
import type { Entity, FieldInfo, FieldType, Label, ListValues, NamedList } from '../../domain/segments/fields.ts';
import { living } from '../living.ts';
import { category, company, leadStatus, owner, person } from '../schema/people.ts';
import { form } from '../schema/forms.ts';
import type { CompileContext } from './context.ts';
import { noPlan } from './field-plan.ts';
import type { FieldPlan } from './field-plan.ts';
import { namedRecords } from './named-records.ts';
import { landingPage, originPart, originWalk } from './points.ts';
import { date, foldedInSql, id, plainText } from './stored.ts';
import type { Column, Tables } from './stored.ts';

/** A field as it is declared: its description, and its place in the table of its entity. */
export type Field = FieldInfo & {
  plan: FieldPlan;
  /** Of a field of what the record belongs to: the field there. */
  through: Field | null;
  column: (table: SQLiteTable, context: CompileContext) => Column;
};

type Options = {
  values?: ListValues;
  operators?: FieldInfo['operators'];
  ids?: 'number' | 'text';
  sortable?: boolean;
  groupable?: boolean;
  filterable?: boolean;
  /** Unset: where it is a reference with a list of values. */
  isRecord?: boolean;
  isNamed?: boolean;
  plan?: Partial<FieldPlan>;
};

/** Declares the fields of one entity: name, type, label in English and Norwegian, column, and what is out of the ordinary. */
export function fieldsOf<E extends Entity>(entity: E) {
  return (
    name: string,
    type: FieldType,
    [en, no]: readonly [en: string, no: string],
    column: (table: Tables[E], context: CompileContext) => Column,
    options: Options = {},
  ): Field => ({
    entity,
    name,
    type,
    label: { en, no },
    operators: options.operators ?? operatorsOfType[type],
    values: options.values ?? null,
    ids: options.ids ?? 'number',
    sortable: options.sortable ?? true,
    groupable: options.groupable ?? ['list', 'reference', 'boolean'].includes(type),
    filterable: options.filterable ?? true,
    isRecord: options.isRecord ?? (type === 'reference' && options.values !== undefined),
    ...(options.isNamed === undefined ? {} : { isNamed: options.isNamed }),
    plan: { ...noPlan, ...options.plan },
    through: null,
    column: column as Field['column'],
  });
}

export const named = (list: NamedList): ListValues => ({ kind: 'named', list });

export function listOf(values: Record<string, readonly [en: string, no: string]>): ListValues {
  return {
    kind: 'static',
    values: Object.entries(values).map(([value, [en, no]]) => ({ value, label: { en, no } })),
  };
}

export const createdViaList = listOf({
  form: ['Form', 'Skjema'],
  api: ['API', 'API'],
  import: ['Import', 'Import'],
  chat: ['Chat', 'Chat'],
  phone: ['Phone', 'Telefon'],
  event: ['Event', 'Arrangement'],
  manual: ['By hand', 'For hånd'],
  other: ['Other', 'Annet'],
});

/** What an address carries, then the rest. */
const listedFields = [...utmFields, ...allFields.filter((field) => originFields[field].parameter === null)];

/** Parts that few values have and many origins share. */
const broadParts: ReadonlySet<OriginField> = new Set(['channel', 'medium']);

/** Where a record keeps one point. */
export type PointColumns = { personId: SQLWrapper; originId: SQLWrapper; at: SQLWrapper; landingPageId: SQLWrapper };

/** A point as a record has it. `prefix` is what its fields' names begin with: it ends with its dot, or is empty. */
export type Point<Table extends SQLiteTable = SQLiteTable> = {
  prefix: string;
  label: readonly [en: string, no: string];
  /** How the origins of the point are found. */
  plan?: Partial<FieldPlan>;
  point: (table: Table, context: CompileContext) => PointColumns;
};

/** Declares the points of one entity. */
export function pointsOf<E extends Entity>(_entity: E, points: Array<Point<Tables[E]>>): Point[] {
  return points as unknown as Point[];
}

/** All the fields of one point: source, medium … landing page and time. */
export function pointFields(entity: Entity, { prefix, label: [en, no], point, plan = {} }: Point): Field[] {
  const field = fieldsOf(entity);
  // Landing page and time stand beside the origin, where no index has them.
  const ofTouch: Partial<FieldPlan> = plan.isSlow ? { isSlow: true, order: 'merged' } : {};
  const labelled = (part: Label) =>
    [
      capitalize(en === '' ? part.en : `${en}: ${part.en}`),
      capitalize(no === '' ? part.no : `${no}: ${part.no}`),
    ] as const;
  return [
    ...listedFields.map((part) =>
      field(
        `${prefix}${originFields[part].name}`,
        part === 'channel' ? 'list' : 'text',
        labelled(originFields[part].label),
        (table, context) => {
          const { originId } = point(table, context);
          const column = originPart(originId, part, context);
          if (!is(originId, SQLiteColumn)) return column;
          return { ...column, walk: () => originWalk(originId, { part, records: table, context }) };
        },
        {
          groupable: true,
          plan: broadParts.has(part) ? { ...plan, isBroad: true, order: plan.order ? 'merged' : null } : plan,
          ...(part === 'channel' ? { values: named('channel'), operators: textOperators } : {}),
        },
      ),
    ),
    field(
      `${prefix}landingPage`,
      'text',
      labelled({ en: 'landing page', no: 'landingsside' }),
      (table, context) => landingPage(point(table, context).landingPageId, context),
      { groupable: true, plan: ofTouch },
    ),
    field(
      `${prefix}at`,
      'date',
      labelled({ en: 'time', no: 'tidspunkt' }),
      (table, context) => date(point(table, context).at),
      {
        plan: ofTouch,
      },
    ),
  ];
}

type NameInList<T> = { list: T; listId: SQLWrapper; value: (table: T) => SQLWrapper; isNamed?: boolean };

/** The name of a record of a list (lead status, category; found by id too where `isNamed`), or another text of it. In order by its place in the list. */
export function nameOf<T extends typeof leadStatus | typeof category>(
  { list, listId, value, isNamed = false }: NameInList<T>,
  context: CompileContext,
): Column {
  const { table, from } = context.aliases.of(list);
  const of = (shown: SQLWrapper) => sql`(SELECT ${shown} FROM ${from} WHERE ${table.id} = ${listId})`;
  const byId = isNamed ? { also: sql`CAST(${table.id} AS text)` } : {};
  return {
    stored: {
      kind: 'lookup',
      where: (condition) =>
        context.isIn(
          listId,
          () => sql`SELECT ${table.id} FROM ${from} WHERE ${condition({ ...plainText(value(table)).stored, ...byId })}`,
        ),
    },
    shown: of(value(table)),
    record: of(sql`json_object('id', CAST(${table.id} AS text), 'name', ${table.name})`),
    sorted: of(table.position),
  };
}

/** Another record, of which there are many: sorted by its own fields, such as `company.name`. */
export const ofRecord = { isRecord: true, isNamed: true, sortable: false, groupable: false } as const;

/** A company: compared by id, shown with the name. */
export function companyOf(companyId: SQLWrapper, context: CompileContext): Column {
  const { table, from } = context.aliases.of(company);
  return {
    ...id(companyId, { named: namedRecords.company }),
    record: sql`(SELECT json_object('id', CAST(${table.id} AS text), 'name', ${table.name}) FROM ${from} WHERE ${table.id} = ${companyId})`,
  };
}

/** A person: compared by id, shown with the e-mail address, else the telephone number. Of an erased one nothing is shown. */
export function personOf(personId: SQLWrapper, context: CompileContext): Column {
  const { table, from } = context.aliases.of(person);
  const name = sql`coalesce(${table.email}, ${table.phone}, '')`;
  return {
    ...id(personId, { named: namedRecords.person }),
    record: sql`(SELECT json_object('id', CAST(${table.id} AS text), 'name', ${name}) FROM ${from} WHERE ${table.id} = ${personId} AND ${living('person', table)})`,
  };
}

/** An owner: compared by id, shown with the name. */
export function ownerOf(ownerId: SQLWrapper, context: CompileContext): Column {
  const { table, from } = context.aliases.of(owner);
  return {
    ...id(ownerId, { named: namedRecords.owner }),
    shown: sql`(SELECT json_object('id', CAST(${table.id} AS text), 'name', ${table.name}) FROM ${from} WHERE ${table.id} = ${ownerId})`,
    sorted: sql`(SELECT ${foldedInSql(table.name)} FROM ${from} WHERE ${table.id} = ${ownerId})`,
  };
}

/** A form: compared by its key, which is its id in the API, shown with the name. */
export function formOf(formId: SQLWrapper, context: CompileContext): Column {
  const { table, from } = context.aliases.of(form);
  return {
    stored: {
      kind: 'lookup',
      where: (condition) =>
        context.isIn(
          formId,
          () =>
            sql`SELECT ${table.id} FROM ${from} WHERE ${condition({ kind: 'id', value: table.key, ids: 'text', named: namedRecords.form })}`,
        ),
    },
    shown: sql`(SELECT json_object('id', ${table.key}, 'name', ${table.name}) FROM ${from} WHERE ${table.id} = ${formId})`,
    sorted: sql`(SELECT ${foldedInSql(table.name)} FROM ${from} WHERE ${table.id} = ${formId})`,
  };
}
