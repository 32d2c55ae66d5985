import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { recordByName } from '../../domain/attribution/origin-field-names.ts';
import { allFields, originFields } from '../../domain/attribution/origin-fields.ts';
import { canonicalize } from '../../domain/text-values.ts';
import { toStoredHost } from '../../domain/hosts/shown-hosts.ts';
import type { DimensionName } from '../../domain/reports/dimensions.ts';
import type { Basis } from '../../domain/reports/measures.ts';
import type { ValueField } from '../schema/origins.ts';
import { namedRecords, selectNamed } from '../segments/named-records.ts';
import { foldedInSql } from '../segments/stored.ts';

/** Dimensions that are columns of the origin. */
export const originColumns = recordByName(allFields, (field): string => originFields[field].column) satisfies Partial<
  Record<DimensionName, string>
>;

export function isOriginColumn(name: DimensionName): name is keyof typeof originColumns {
  return name in originColumns;
}

export type Table = 'person' | 'company' | 'creation' | 'source_company';

/** `origin`: the origin whose site the key is, so that a filter can use an index by origin. */
export type Key = { key: SQL; joins: readonly Table[]; text?: SQL; origin?: SQL };

/** The site of an origin. */
export const siteOf = (origin: SQL): Key => ({
  key: sql`(SELECT site_id FROM origin WHERE id = ${origin})`,
  joins: [],
  origin,
});

const personKeys = {
  site: { ...siteOf(sql`person.lead_creation_origin_id`), joins: ['person'] },
  form: { key: sql`person.created_form_id`, joins: ['person'] },
  owner: { key: sql`person.owner_id`, joins: ['person'] },
  company: { key: sql`person.company_id`, joins: ['person'] },
  country: { key: sql`person.country`, joins: ['person'] },
  category: { key: sql`company.category_id`, joins: ['person', 'company'] },
  leadStatus: { key: sql`person.lead_status_id`, joins: ['person'] },
  createdVia: { key: sql`person.created_via`, joins: ['person'] },
  selfReported: selfReportedIn(sql`creation.self_reported`, ['person', 'creation']),
} as const satisfies Partial<Record<DimensionName, Key>>;

const dealKeys = {
  ...personKeys,
  site: siteOf(sql`deal.lead_creation_origin_id`),
  owner: { key: sql`deal.owner_id`, joins: [] },
  company: { key: sql`deal.company_id`, joins: [] },
  category: { key: sql`company.category_id`, joins: ['company'] },
} as const satisfies Partial<Record<DimensionName, Key>>;

const keysOf: Record<Basis, Partial<Record<DimensionName, Key>>> = {
  visit: { site: siteOf(sql`visit_day.origin_id`) },
  cost: { site: siteOf(sql`cost.origin_id`) },
  lead: personKeys,
  submission: {
    ...personKeys,
    site: siteOf(sql`submission.origin_id`),
    form: { key: sql`submission.form_id`, joins: [] },
    company: { key: sql`submission.company_id`, joins: [] },
    category: { key: sql`company.category_id`, joins: ['company'] },
    selfReported: selfReportedIn(sql`submission.self_reported`, []),
  },
  dealRegistered: dealKeys,
  dealClosed: dealKeys,
  dealOpen: dealKeys,
  newValue: {
    field: { key: sql`origin_value.field`, joins: [] },
    value: { key: sql`origin_value.label`, joins: [] },
  },
};

/** What people say is compared without case; the first spelling in the order of letters is shown. */
function selfReportedIn(text: SQL, joins: readonly Table[]): Key {
  const said = sql`nullif(trim(${text}), '')`;
  return { key: foldedInSql(said), text: said, joins };
}

/** Where a row's value of a dimension stands that is not of its origin. */
export function keyOf(name: DimensionName, basis: Basis): Key | null {
  return keysOf[basis][name] ?? null;
}

/** Dimensions whose key does not lead to the text that is shown: rows carry it beside the key. */
export const hasText = (name: DimensionName): boolean => name === 'selfReported';

const listed = (values: readonly unknown[]): SQL => sql`(SELECT value FROM json_each(${JSON.stringify(values)}))`;

/** How the keys of a dimension are shown, put in order, and named by a filter. */
type KeySql = {
  /** Text, or JSON of `{ id, name }` or of a path. `text` is what `Key.text` gives, where a dimension has it. */
  label: (key: SQL, text: SQL) => SQL;
  /** What a list is sorted by where it is sorted by the dimension: statuses and categories in their own order, the rest by name. */
  order: (key: SQL) => SQL;
  /** The keys that values of a filter name, as a list for IN. */
  named: (values: readonly string[]) => SQL;
};

/** A host is stored in ASCII and shown otherwise, alone or in a page's address. */
const spellingsOf = (value: string): string[] => [canonicalize(value), toStoredHost(canonicalize(value))];
const labelsOf = (value: string): string[] => [value, toStoredHost(value)];

/** The key is a value of an origin: `origin_value.id`, after corrections. */
const ofValue = (field: ValueField): KeySql => ({
  label: (key) => sql`(SELECT coalesce(alias_label, label) FROM origin_value WHERE id = ${key})`,
  order: (key) => sql`(SELECT canonical FROM origin_value WHERE id = ${key})`,
  named: (values) => sql`(SELECT coalesce(alias_of, id) FROM origin_value WHERE field = ${field}
        AND (canonical IN ${listed(values.flatMap(spellingsOf))} OR label IN ${listed(values.flatMap(labelsOf))} OR alias_label IN ${listed(values)}))`,
});

/** The key is a text, and is shown as it is. */
const ofText = (named: KeySql['named'] = listed): KeySql => ({ label: (key) => key, order: (key) => key, named });

/** The keys of records that are given by id, or by name in any case. */
function recordsNamed(name: 'owner' | 'company' | 'form' | 'category' | 'leadStatus', values: readonly string[]): SQL {
  const { table, id } = namedRecords[name];
  return sql`(SELECT id FROM ${table} WHERE ${id} IN ${listed(values)} OR ${id} IN (${selectNamed(namedRecords[name], values)}))`;
}

/** The key is the id of a record with a name. */
const ofRecord = (table: 'owner' | 'company', order: (key: SQL) => SQL): KeySql => ({
  label: (key) =>
    sql`(SELECT json_object('id', CAST(id AS text), 'name', name) FROM ${sql.raw(table)} WHERE id = ${key})`,
  order,
  named: (values) => recordsNamed(table, values),
});

/** The key is the number of a record that the API calls by another id, its `key`. */
const ofKeyed = (name: 'site' | 'form'): KeySql => {
  const table = sql.raw(name);
  return {
    label: (key) => sql`(SELECT json_object('id', key, 'name', name) FROM ${table} WHERE id = ${key})`,
    order: (key) => sql`(SELECT ${foldedInSql(sql`name`)} FROM ${table} WHERE id = ${key})`,
    named: (values) =>
      name === 'form' ? recordsNamed('form', values) : sql`(SELECT id FROM ${table} WHERE key IN ${listed(values)})`,
  };
};

/** The key is the id of an entry in a list that has an order of its own. */
const ofList = (name: 'category' | 'leadStatus'): KeySql => ({
  label: (key) => sql`(SELECT name FROM ${namedRecords[name].table} WHERE id = ${key})`,
  order: (key) => sql`(SELECT position FROM ${namedRecords[name].table} WHERE id = ${key})`,
  named: (values) => recordsNamed(name, values),
});

/** Stored rows call some fields of an origin otherwise than the API does. */
const renamedFields = allFields.filter((field) => originFields[field].name !== field);
const renamed = sql.raw(renamedFields.map((field) => `WHEN '${field}' THEN '${originFields[field].name}'`).join(' '));
const nameInApi = (key: SQL): SQL => sql`CASE ${key} ${renamed} ELSE ${key} END`;
const storedNameOf = (name: string): string => renamedFields.find((field) => originFields[field].name === name) ?? name;

const keySql: Record<DimensionName, KeySql> = {
  ...recordByName(allFields, ofValue),
  landingPage: ofValue('landingPage'),
  site: ofKeyed('site'),
  form: ofKeyed('form'),
  owner: ofRecord('owner', (key) => sql`(SELECT ${foldedInSql(sql`name`)} FROM owner WHERE id = ${key})`),
  company: ofRecord('company', (key) => sql`(SELECT name_fold FROM company WHERE id = ${key})`),
  category: ofList('category'),
  leadStatus: ofList('leadStatus'),
  country: ofText((values) => listed(values.map((value) => value.trim().toUpperCase()))),
  createdVia: ofText(),
  field: {
    ...ofText((values) => listed(values.map(storedNameOf))),
    label: nameInApi,
    order: nameInApi,
  },
  value: ofText(),
  path: {
    label: (key) => sql`(SELECT json_group_array(coalesce(v.alias_label, v.label) ORDER BY e.key)
        FROM json_each('[' || ${key} || ']') e JOIN origin_value v ON v.id = e.value)`,
    order: (key) => key,
    named: listed,
  },
  selfReported: {
    label: (_key, text) => text,
    order: (key) => key,
    named: (values) => sql`(SELECT ${foldedInSql(sql`trim(value)`)} FROM json_each(${JSON.stringify(values)}))`,
  },
};

/** How a key is shown: text, or JSON of `{ id, name }` or of a path. */
export const labelOf = (name: DimensionName, key: SQL, text: SQL): SQL => keySql[name].label(key, text);

export const orderOf = (name: DimensionName, key: SQL): SQL => keySql[name].order(key);

/** Keys that a filter's values name, as a condition; null is unknown. */
export function filterOn(name: DimensionName, key: SQL, values: ReadonlyArray<string | null>): SQL {
  return filterOnKey(name, { key, joins: [] }, values);
}

/** The same of a key in rows. */
export function filterOnKey(name: DimensionName, { key, origin }: Key, values: ReadonlyArray<string | null>): SQL {
  const texts = values.filter((value) => value !== null);
  const ids = keySql[name].named(texts);
  const named = origin ? sql`${origin} IN (SELECT id FROM origin WHERE site_id IN ${ids})` : sql`${key} IN ${ids}`;
  return values.includes(null) ? sql`(${named} OR ${key} IS NULL)` : named;
}
