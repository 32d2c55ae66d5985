import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { InputError } from '../../domain/errors.ts';
import { foldLatin } from '../../domain/segments/fold-latin.ts';
import { pipeline, stage } from '../schema/deals.ts';
import { form } from '../schema/forms.ts';
import { foldText } from '../../domain/fold-text.ts';
import { category, company, leadStatus, owner, person, selection } from '../schema/people.ts';
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
  /** There are many: found by the folded name, which has an index. A person's name here is the e-mail address. */
  company: {
    what: 'company',
    table: company,
    id: company.id,
    name: company.name,
    folded: { column: company.nameFold, fold: (name) => foldText(name) ?? '' },
  },
  person: {
    what: 'person',
    table: person,
    id: person.id,
    name: person.email,
    folded: { column: person.email, fold: (address) => address.normalize('NFC').toLowerCase() },
  },
} as const satisfies Record<string, NamedRecords>;

/** Whether a text is a number that a record may have as its id. */
export const isId = (text: string): boolean => /^[1-9]\d{0,14}$/.test(text);

const columnOf = (alias: string, { name }: { name: string }) => sql`${sql.identifier(alias)}.${sql.identifier(name)}`;

const namesAsked = ({ folded }: NamedRecords, names: readonly string[]): string => {
  const fold = folded?.fold ?? foldLatin;
  return JSON.stringify(names.map((one) => ({ id: one, name: fold(one.trim()) })));
};
/** A record's name as names that are asked for are compared with it. */
const foldedName = ({ name, folded }: NamedRecords, alias: string): SQL =>
  folded ? columnOf(alias, folded.column) : foldedInSql(columnOf(alias, name));

/** The ids of the records that have one of the names, in any case. A text that is the id of a record is no name. */
export function selectNamed(records: NamedRecords, names: readonly string[]): SQL {
  const { table, id } = records;
  return sql`SELECT ${columnOf('named', id)} FROM ${table} named JOIN json_each(${namesAsked(records, names)}) asked
    ON ${foldedName(records, 'named')} = asked.value ->> 'name'
    WHERE NOT EXISTS (SELECT 1 FROM ${table} of_id WHERE ${columnOf('of_id', id)} = asked.value ->> 'id')`;
}

/** What was asked for, with the ids of the records of this id or name: `asked`, `ids` as JSON, `is_id` 1 where it is an id. */
export function selectAsked(records: NamedRecords, asked: readonly string[]): SQL {
  const { table, id } = records;
  return sql`SELECT asked.value ->> 'id' AS asked,
    EXISTS (SELECT 1 FROM ${table} of_id WHERE ${columnOf('of_id', id)} = asked.value ->> 'id') AS is_id,
    (SELECT json_group_array(CAST(${columnOf('named', id)} AS text)) FROM
      (SELECT * FROM ${table} called WHERE ${foldedName(records, 'called')} = asked.value ->> 'name' LIMIT 20) named) AS ids
    FROM json_each(${namesAsked(records, asked)}) asked`;
}

const pluralOf = (what: string): string => ({ company: 'companies', person: 'people' })[what] ?? `${what}s`;

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
  const message = `${ids.length} ${pluralOf(what)} have the name '${name.slice(0, 100)}'. Send an id: ${ids.join(', ')}.`;
  return { location, message, known: ids };
}
