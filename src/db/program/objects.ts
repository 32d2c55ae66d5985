import { getTableName, sql } from 'drizzle-orm';
import type { Column, SQL, SQLChunk } from 'drizzle-orm';
import { integer, sqliteTable } from 'drizzle-orm/sqlite-core';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';
import { renderSql } from './render-sql.ts';

/** A view or a trigger: part of what the database itself does. */
export type ProgramObject = {
  kind: 'view' | 'trigger';
  name: string;
  /** What it is for, in plain words. It stands above the statement in drizzle/program.sql. */
  comment: string;
  /** The CREATE statement, without the semicolon at its end. */
  text: string;
};

const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/**
 * The columns of a view, for statements that read it. Types of a view's columns do not matter here: the program is text.
 * @param names in camelCase; the view's own names are the same in snake_case.
 */
export function viewColumns<const Name extends string>(view: string, names: readonly Name[]) {
  const columns = Object.fromEntries(names.map((name) => [name, integer(snakeCase(name))]));
  return sqliteTable(view, columns as Record<Name, ReturnType<typeof integer>>);
}

/** A view whose columns are named once: in its SELECT list, and for the statements that read it. */
export function defineView<const Columns extends Record<string, SQLChunk>>({
  name,
  comment,
  columns,
  from,
}: {
  name: string;
  comment: string;
  columns: Columns;
  /** Everything behind the SELECT list. */
  from: SQL;
}) {
  const selected = Object.entries(columns).map(([key, value]) => {
    const text = renderSql(value);
    return text === snakeCase(key) ? text : `${text} AS ${snakeCase(key)}`;
  });
  const text = `CREATE VIEW ${name} AS\nSELECT ${selected.join(', ')}\n${renderSql(from)}`;
  return {
    object: { kind: 'view', name, comment, text } satisfies ProgramObject,
    table: viewColumns(name, Object.keys(columns) as Array<keyof Columns & string>),
  };
}

/** A view whose SELECT is more than one list: a UNION, `*`, or a recursion. */
export function defineWholeView<const Name extends string>({
  name,
  comment,
  columns,
  select,
}: {
  name: string;
  comment: string;
  columns: readonly Name[];
  select: SQL;
}) {
  return {
    object: {
      kind: 'view',
      name,
      comment,
      text: `CREATE VIEW ${name} AS ${renderSql(select)}`,
    } satisfies ProgramObject,
    table: viewColumns(name, columns),
  };
}

/** @param on the table or view whose changes start it; `of` are the columns whose change counts. */
export function defineTrigger({
  name,
  comment = '',
  event,
  of = [],
  on,
  when,
  statements,
}: {
  name: string;
  comment?: string;
  event: `${'AFTER' | 'BEFORE' | 'INSTEAD OF'} ${'INSERT' | 'UPDATE' | 'DELETE'}`;
  of?: readonly Column[];
  on: SQLiteTable;
  when?: SQL;
  statements: readonly SQL[];
}): ProgramObject {
  const columns = of.length > 0 ? ` OF ${of.map((column) => column.name).join(', ')}` : '';
  const head = `CREATE TRIGGER ${name} ${event}${columns} ON ${getTableName(on)}`;
  const condition = when ? `\nWHEN ${renderSql(when)}\n` : ' ';
  const body = statements.map((statement) => `  ${renderSql(statement)};\n`).join('');
  return { kind: 'trigger', name, comment, text: `${head}${condition}BEGIN\n${body}END` };
}

/** A comment that stays in the text that the database keeps. */
export const note = (text: string): SQL => sql.raw(`-- ${text}\n  `);
