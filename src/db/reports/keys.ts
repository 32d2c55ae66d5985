import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { canonicalize } from '../../domain/attribution/values.ts';
import type { DimensionName } from '../../domain/reports/dimensions.ts';
import type { Basis } from '../../domain/reports/measures.ts';
import { foldedInSql } from '../segments/stored.ts';

/** Dimensions that are columns of the origin. */
export const originColumns = {
  channel: 'channel_id',
  source: 'source_id',
  medium: 'medium_id',
  campaign: 'campaign_id',
  term: 'term_id',
  content: 'content_id',
  id: 'utm_id_id',
  referrerDomain: 'referrer_domain_id',
} as const satisfies Partial<Record<DimensionName, string>>;

export function isOriginColumn(name: DimensionName): name is keyof typeof originColumns {
  return name in originColumns;
}

export type Table = 'person' | 'company' | 'creation' | 'source_company';

export type Key = { key: SQL; joins: readonly Table[]; shown?: SQL };

const personKeys = {
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
  owner: { key: sql`deal.owner_id`, joins: [] },
  company: { key: sql`deal.company_id`, joins: [] },
  category: { key: sql`company.category_id`, joins: ['company'] },
} as const satisfies Partial<Record<DimensionName, Key>>;

const keysOf: Record<Basis, Partial<Record<DimensionName, Key>>> = {
  visit: {},
  cost: {},
  lead: personKeys,
  submission: {
    ...personKeys,
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
  return { key: foldedInSql(said), shown: said, joins };
}

/** Where a row's value of a dimension stands that is not of its origin. */
export function keyOf(name: DimensionName, basis: Basis): Key | null {
  return keysOf[basis][name] ?? null;
}

/** Dimensions whose key is not what is shown, nor leads to it. */
export const hasShown = (name: DimensionName): boolean => name === 'selfReported';

const valueLabel = (id: SQL) => sql`(SELECT coalesce(alias_label, label) FROM origin_value WHERE id = ${id})`;

/** How a key is shown: text, or JSON of `{ id, name }` or of a path. */
export function labelOf(name: DimensionName, key: SQL, shown: SQL): SQL {
  switch (name) {
    case 'form':
      return sql`(SELECT json_object('id', key, 'name', name) FROM form WHERE id = ${key})`;
    case 'owner':
      return sql`(SELECT json_object('id', CAST(id AS text), 'name', name) FROM owner WHERE id = ${key})`;
    case 'company':
      return sql`(SELECT json_object('id', CAST(id AS text), 'name', name) FROM company WHERE id = ${key})`;
    case 'category':
      return sql`(SELECT name FROM category WHERE id = ${key})`;
    case 'leadStatus':
      return sql`(SELECT name FROM lead_status WHERE id = ${key})`;
    case 'path':
      return sql`(SELECT json_group_array(coalesce(v.alias_label, v.label) ORDER BY e.key)
        FROM json_each('[' || ${key} || ']') e JOIN origin_value v ON v.id = e.value)`;
    case 'selfReported':
      return shown;
    case 'country':
    case 'createdVia':
    case 'field':
    case 'value':
      return key;
    default:
      return valueLabel(key);
  }
}

/** What a list is sorted by where it is sorted by a dimension: statuses and categories in their own order, the rest by name. */
export function orderOf(name: DimensionName, key: SQL): SQL {
  switch (name) {
    case 'form':
      return sql`(SELECT ${foldedInSql(sql`name`)} FROM form WHERE id = ${key})`;
    case 'owner':
      return sql`(SELECT ${foldedInSql(sql`name`)} FROM owner WHERE id = ${key})`;
    case 'company':
      return sql`(SELECT name_fold FROM company WHERE id = ${key})`;
    case 'category':
      return sql`(SELECT position FROM category WHERE id = ${key})`;
    case 'leadStatus':
      return sql`(SELECT position FROM lead_status WHERE id = ${key})`;
    case 'path':
    case 'selfReported':
    case 'country':
    case 'createdVia':
    case 'field':
    case 'value':
      return key;
    default:
      return sql`(SELECT canonical FROM origin_value WHERE id = ${key})`;
  }
}

const listed = (values: readonly unknown[]): SQL => sql`(SELECT value FROM json_each(${JSON.stringify(values)}))`;

/** Keys that a filter's values name, as a condition; null is unknown. */
export function filterOn(name: DimensionName, key: SQL, values: ReadonlyArray<string | null>): SQL {
  const texts = values.filter((one) => one !== null);
  const named = sql`${key} IN ${keysNamed(name, texts)}`;
  return values.includes(null) ? sql`(${named} OR ${key} IS NULL)` : named;
}

function keysNamed(name: DimensionName, values: readonly string[]): SQL {
  const folded = values.map((value) => value.trim().toLowerCase());
  switch (name) {
    case 'form':
      return sql`(SELECT id FROM form WHERE key IN ${listed(values)})`;
    case 'owner':
    case 'company':
      return listed(values.map(Number));
    case 'category':
      return sql`(SELECT id FROM category WHERE lower(name) IN ${listed(folded)})`;
    case 'leadStatus':
      return sql`(SELECT id FROM lead_status WHERE lower(name) IN ${listed(folded)})`;
    case 'country':
      return listed(values.map((value) => value.trim().toUpperCase()));
    case 'selfReported':
      return sql`(SELECT ${foldedInSql(sql`trim(value)`)} FROM json_each(${JSON.stringify(values)}))`;
    case 'createdVia':
    case 'field':
    case 'value':
    case 'path':
      return listed(values);
    default:
      return sql`(SELECT coalesce(alias_of, id) FROM origin_value WHERE field = ${name}
        AND (canonical IN ${listed(values.map(canonicalize))} OR label IN ${listed(values)} OR alias_label IN ${listed(values)}))`;
  }
}
