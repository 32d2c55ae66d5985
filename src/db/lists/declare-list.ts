import { is, sql } from 'drizzle-orm';
import type { SQL, SQLWrapper } from 'drizzle-orm';
import { SQLiteColumn } from 'drizzle-orm/sqlite-core';
import type { ListFieldInfo, ListInfo } from '../../domain/lists/list-info.ts';
import { operatorsOfType } from '../../domain/segments/fields.ts';
import type { FieldType, Label, ListValues } from '../../domain/segments/fields.ts';
import type { SortKey } from '../../domain/segments/query.ts';
import { code, date, foldedInSql, id, number, plainText } from '../segments/stored.ts';
import type { Column, NamedRecords } from '../segments/stored.ts';

/** A field of a list with its column: SQL over what stands in the list's FROM. */
export type ListField = ListFieldInfo & { column: Column };

/** A list as it is declared: its fields, and where its records stand. */
export type List = Omit<ListInfo, 'fields' | 'findField'> & {
  fields: readonly ListField[];
  findField: (name: string) => ListField | undefined;
  /** What stands after FROM, with all that the columns name. */
  from: SQL;
  /** What tells a record from all others, and puts those in order that are alike in the sort. */
  key: SQLWrapper;
};

type Options = Partial<
  Pick<ListFieldInfo, 'values' | 'operators' | 'ids' | 'isNamed' | 'sortable' | 'isDay' | 'isConditionOnly'>
>;

/**
 * Whether every record has a value, so that an index can give the order. A column of a table that is joined by LEFT JOIN must stand
 * in an expression of its own.
 */
const isNotNull = (value: SQLWrapper): boolean => is(value, SQLiteColumn) && value.notNull;

function declare(
  name: string,
  type: FieldType,
  { en, no, column, ...options }: Label & { column: Column } & Options,
): ListField {
  return {
    name,
    type,
    label: { en, no },
    operators: operatorsOfType[type],
    values: null,
    ids: 'number',
    sortable: true,
    filterable: true,
    ...options,
    column,
  };
}

type Labels = readonly [en: string, no: string];

/** Fields of lists by their type. `value` is SQL over the list's FROM. */
export const listField = {
  text: (name: string, [en, no]: Labels, value: SQLWrapper) =>
    declare(name, 'text', { en, no, column: plainText(value) }),

  number: (name: string, [en, no]: Labels, value: SQLWrapper) =>
    declare(name, 'number', { en, no, column: number(value, { notNull: isNotNull(value) }) }),

  /** A moment in milliseconds. */
  moment: (name: string, [en, no]: Labels, value: SQLWrapper) =>
    declare(name, 'date', { en, no, column: date(value, { notNull: isNotNull(value) }) }),

  /** `YYYY-MM-DD`. */
  day: (name: string, [en, no]: Labels, value: SQLWrapper) =>
    declare(name, 'date', {
      en,
      no,
      isDay: true,
      column: { stored: { kind: 'day', value }, shown: value, sorted: value, notNull: isNotNull(value) },
    }),

  /** A currency by its ISO 4217 code, which is stored in capitals. */
  currency: (name: string, [en, no]: Labels, value: SQLWrapper) =>
    declare(name, 'text', {
      en,
      no,
      column: {
        stored: { kind: 'text', compared: value, shown: value, fold: (text) => text.trim().toUpperCase() },
        shown: value,
        sorted: value,
        notNull: isNotNull(value),
      },
    }),

  boolean: (name: string, [en, no]: Labels, value: SQLWrapper) =>
    declare(name, 'boolean', { en, no, column: { stored: { kind: 'boolean', value }, shown: value, sorted: value } }),

  /** Whether a condition holds: it can be asked for and is not shown. */
  condition: (name: string, [en, no]: Labels, value: SQL) =>
    declare(name, 'boolean', {
      en,
      no,
      isConditionOnly: true,
      sortable: false,
      column: { stored: { kind: 'boolean', value }, shown: value, sorted: value },
    }),

  /** One of some codes. */
  choice: (name: string, [en, no]: Labels, value: SQLWrapper, values: readonly string[]) =>
    declare(name, 'list', { en, no, values: listOfCodes(values), column: inlineCode(value) }),

  /** One of some codes that are stored as others. */
  renamedChoice: (name: string, [en, no]: Labels, value: SQLWrapper, storedAs: Readonly<Record<string, string>>) => {
    const shown = sql`CASE ${value} ${sql.join(
      Object.entries(storedAs).map(([shownAs, stored]) => sql`WHEN ${stored} THEN ${shownAs}`),
      sql` `,
    )} END`;
    return declare(name, 'list', {
      en,
      no,
      values: listOfCodes(Object.keys(storedAs)),
      column: { stored: { kind: 'code', value, storedAs, isInline: true }, shown, sorted: shown },
    });
  },

  /** A JSON list of codes: a condition holds where it holds for one of them. */
  choices: (name: string, [en, no]: Labels, json: SQLWrapper, values: readonly string[] | null) => {
    const each = sql`json_each(${json}) each_one`;
    const shown = sql`(SELECT group_concat(each_one.value, ', ') FROM ${each})`;
    const column: Column = {
      stored: {
        kind: 'lookup',
        where: (condition) => {
          const value = sql`each_one.value`;
          return sql`EXISTS (SELECT 1 FROM ${each} WHERE ${condition(values ? code(value).stored : plainText(value).stored)})`;
        },
      },
      shown,
      sorted: shown,
    };
    return values
      ? declare(name, 'list', { en, no, values: listOfCodes(values), sortable: false, column })
      : declare(name, 'text', { en, no, sortable: false, column });
  },

  /** The id of the record itself. */
  id: (value: SQLWrapper, ids: 'number' | 'text' = 'number') =>
    declare('id', 'reference', { en: 'Id', no: 'ID', ids, column: id(value, { ids, notNull: true }) }),

  /** Another record, by its id alone. */
  idOf: (name: string, [en, no]: Labels, value: SQLWrapper, ids: 'number' | 'text' = 'number') =>
    declare(name, 'reference', { en, no, ids, column: id(value, { ids }) }),

  /** Another record, by its id or name. `id` and `name` are those of the record that stands in FROM. */
  reference: (
    name: string,
    [en, no]: Labels,
    {
      records,
      id: value,
      name: called,
      ids = 'number',
    }: {
      records: NamedRecords;
      id: SQLWrapper;
      name: SQLWrapper;
      ids?: 'number' | 'text';
    },
  ) =>
    declare(name, 'reference', {
      en,
      no,
      ids,
      isNamed: true,
      column: {
        ...id(value, { ids, named: records }),
        shown: sql`CASE WHEN ${value} IS NOT NULL THEN json_object('id', CAST(${value} AS text), 'name', ${called}) END`,
        sorted: foldedInSql(called),
      },
    }),
};

const inlineCode = (value: SQLWrapper): Column => ({
  ...code(value),
  stored: { kind: 'code', value, isInline: true },
});

function listOfCodes(values: readonly string[]): ListValues {
  return { kind: 'static', values: values.map((value) => ({ value, label: { en: value, no: value } })) };
}

/** Whether a field's value is shown as `{ id, name }`. */
export const isShownAsReference = ({ type, isNamed = false }: ListFieldInfo): boolean =>
  type === 'reference' && isNamed;

/** Declares a list. Columns that are left out are all fields. */
export function defineList({
  sort,
  columns,
  ...list
}: Omit<List, 'findField' | 'columns' | 'sort'> & {
  columns?: readonly string[];
  /** As in a query string: `-createdAt`. */
  sort: string;
}): List {
  const byName = new Map(list.fields.map((field) => [field.name, field]));
  const sortKeys = sort
    .split(',')
    .map((key): SortKey => ({ field: key.replace('-', ''), direction: key.startsWith('-') ? 'desc' : 'asc' }));
  return {
    ...list,
    sort: sortKeys,
    columns: columns ?? list.fields.map(({ name }) => name),
    findField: (name) => byName.get(name),
  };
}
