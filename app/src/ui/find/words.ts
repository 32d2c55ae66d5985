import { m } from '../../paraglide/messages.js';
import { getLocale } from '../../paraglide/runtime.js';
import { conditionsOf, isAll, isCriterion, isGroup, isHas, isNot, withoutValue } from './criteria.ts';
import type { Condition, Criterion } from './criteria.ts';
import type { Field } from './fields.ts';

const operators: Record<string, () => string> = {
  equals: () => m.op_equals(),
  notEquals: () => m.op_not_equals(),
  isExactly: () => m.op_is_exactly(),
  isNotExactly: () => m.op_is_not_exactly(),
  startsWith: () => m.op_starts_with(),
  notStartsWith: () => m.op_not_starts_with(),
  endsWith: () => m.op_ends_with(),
  notEndsWith: () => m.op_not_ends_with(),
  contains: () => m.op_contains(),
  notContains: () => m.op_not_contains(),
  oneOf: () => m.op_one_of(),
  noneOf: () => m.op_none_of(),
  empty: () => m.op_empty(),
  notEmpty: () => m.op_not_empty(),
  eq: () => '=',
  ne: () => '≠',
  lt: () => '<',
  lte: () => '≤',
  gt: () => '>',
  gte: () => '≥',
  between: () => m.op_between(),
  before: () => m.op_before(),
  after: () => m.op_after(),
  on: () => m.op_on(),
  today: () => m.op_today(),
  beforeToday: () => m.op_before_today(),
  afterToday: () => m.op_after_today(),
  this: () => m.op_this(),
  previous: () => m.op_previous(),
  next: () => m.op_next(),
  thisAndPrevious: () => m.op_this_and_previous(),
  thisAndNext: () => m.op_this_and_next(),
  previousThisAndNext: () => m.op_previous_this_and_next(),
  lastDays: () => m.op_last_days(),
  nextDays: () => m.op_next_days(),
  inSelection: () => m.op_in_selection(),
  notInSelection: () => m.op_not_in_selection(),
};

export function operatorName(op: string): string {
  return operators[op]?.() ?? op;
}

const units: Record<string, () => string> = {
  day: () => m.unit_day(),
  week: () => m.unit_week(),
  month: () => m.unit_month(),
  quarter: () => m.unit_quarter(),
  year: () => m.unit_year(),
};
export const unitNames = Object.keys(units);
export function unitName(unit: string): string {
  return units[unit]?.() ?? unit;
}

export function labelOf(field: Field): string {
  return field.label[getLocale() === 'nb' ? 'no' : 'en'];
}

const relations: Record<string, () => string> = {
  submission: () => m.relation_submission(),
  deal: () => m.relation_deal(),
  touch: () => m.relation_touch(),
  company: () => m.relation_company(),
  person: () => m.relation_person(),
  selection: () => m.relation_selection(),
  consent: () => m.relation_consent(),
};
export function relationName(relation: string): string {
  return relations[relation]?.() ?? relation;
}

/** A tree as a sentence, for a phone: "Lead creation: campaign starts with webinar; and any of 2 more". */
export function sentenceOf(condition: Condition, fields: readonly Field[]): string {
  if (isGroup(condition)) {
    const parts = conditionsOf(condition).map((one) =>
      isGroup(one) ? m.find_more({ count: conditionsOf(one).length }) : sentenceOf(one, fields),
    );
    return parts.join(isAll(condition) ? m.find_and() : m.find_or());
  }
  if (isNot(condition)) return m.find_not_so({ what: sentenceOf(condition.not, fields) });
  if (isHas(condition)) return m.find_has_some({ what: relationName(condition.has) });
  return isCriterion(condition) ? sentenceOfCriterion(condition, fields) : '';
}

function sentenceOfCriterion({ field: name, op, value }: Criterion, fields: readonly Field[]): string {
  const field = fields.find((one) => one.name === name);
  const label = field === undefined ? name : labelOf(field);
  if (withoutValue.has(op)) return `${label} ${operatorName(op)}`;
  return `${label} ${operatorName(op)} ${valueWords(value, field)}`;
}

function valueWords(value: unknown, field: Field | undefined): string {
  if (Array.isArray(value)) return value.map((one) => valueWords(one, field)).join(', ');
  if (typeof value === 'object' && value !== null) {
    const { count, unit } = value as { count?: number; unit?: string };
    return [count, unit === undefined ? null : unitName(unit)].filter(Boolean).join(' ');
  }
  return valueName(plainText(value), field);
}

/** A value that is typed or chosen, as text. */
export function plainText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/** The word for a value of a list; else the value itself. */
export function valueName(value: string, field: Field | undefined): string {
  const known = field?.values?.find((one) => one.value === value);
  return known === undefined ? value : known.label[getLocale() === 'nb' ? 'no' : 'en'];
}
