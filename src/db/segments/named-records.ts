import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { InputError } from '../../domain/errors.ts';
import { foldLatin } from '../../domain/segments/fold-latin.ts';
import { pipeline, stage } from '../schema/deals.ts';
import { form } from '../schema/forms.ts';
import { category, leadStatus, owner, selection } from '../schema/people.ts';
import { site } from '../schema/settings.ts';
import { foldedInSql } from './stored.ts';
import type { NamedRecords } from './stored.ts';

/** Records that a filter may give by id or by name. */
export const namedRecords = {
  owner: { what: 'owner', table: owner, id: owner.id, name: owner.name },
  form: { what: 'form', table: form, id: form.key, name: form.name },
  pipeline: { what: 'pipeline', table: pipeline, id: pipeline.id, name: pipeline.name },
  stage: { what: 'stage', table: stage, id: stage.id, name: stage.name },
  site: { what: 'site', table: site, id: site.key, name: site.name },
  category: { what: 'category', table: category, id: category.id, name: category.name },
  leadStatus: { what: 'lead status', table: leadStatus, id: leadStatus.id, name: leadStatus.name },
  selection: { what: 'selection', table: selection, id: selection.id, name: selection.name },
} as const satisfies Record<string, NamedRecords>;

/** Whether a text is a number that a record may have as its id. */
export const isId = (text: string): boolean => /^[1-9]\d{0,14}$/.test(text);

const columnOf = (alias: string, { name }: { name: string }) => sql`${sql.identifier(alias)}.${sql.identifier(name)}`;

const namesAsked = (names: readonly string[]): string =>
  JSON.stringify(names.map((one) => ({ id: one, name: foldLatin(one.trim()) })));

/** The ids of the records that have one of the names, in any case. A text that is the id of a record is no name. */
export function selectNamed({ table, id, name }: NamedRecords, names: readonly string[]): SQL {
  return sql`SELECT ${columnOf('named', id)} FROM ${table} named JOIN json_each(${namesAsked(names)}) asked
    ON ${foldedInSql(columnOf('named', name))} = asked.value ->> 'name'
    WHERE NOT EXISTS (SELECT 1 FROM ${table} of_id WHERE ${columnOf('of_id', id)} = asked.value ->> 'id')`;
}

/** What was asked for, with the ids of the records of this id or name: `asked`, `ids` as JSON, `is_id` 1 where it is an id. */
export function selectAsked({ table, id, name }: NamedRecords, asked: readonly string[]): SQL {
  return sql`SELECT asked.value ->> 'id' AS asked,
    EXISTS (SELECT 1 FROM ${table} of_id WHERE ${columnOf('of_id', id)} = asked.value ->> 'id') AS is_id,
    (SELECT json_group_array(CAST(${columnOf('named', id)} AS text)) FROM
      (SELECT * FROM ${table} called WHERE ${foldedInSql(columnOf('called', name))} = asked.value ->> 'name' LIMIT 20) named) AS ids
    FROM json_each(${namesAsked(asked)}) asked`;
}

/** The mistake of a name that several records have, with their ids. */
export function severalHaveName({
  what,
  name,
  ids,
  location,
}: {
  what: string;
  name: string;
  ids: string[];
  location: string;
}): InputError {
  const message = `${ids.length} ${what}s have the name '${name.slice(0, 100)}'. Send an id: ${ids.join(', ')}.`;
  return { location, message, known: ids };
}
