import type { InputError } from '../errors.ts';
import { unknownName } from '../unknown-name.ts';

/** What can be searched. Selections and consents are only ever asked about, never listed by a query. */
export const entities = ['person', 'company', 'submission', 'deal', 'touch', 'selection', 'consent'] as const;
export type Entity = (typeof entities)[number];

/** What a query can be over. */
export const queryEntities = ['person', 'company', 'submission', 'deal', 'touch'] as const;
export type QueryEntity = (typeof queryEntities)[number];

export const fieldTypes = ['text', 'number', 'date', 'boolean', 'list', 'reference'] as const;
export type FieldType = (typeof fieldTypes)[number];

export const operators = [
  'equals',
  'notEquals',
  'isExactly',
  'isNotExactly',
  'startsWith',
  'notStartsWith',
  'endsWith',
  'notEndsWith',
  'contains',
  'notContains',
  'oneOf',
  'noneOf',
  'empty',
  'notEmpty',
  'eq',
  'ne',
  'lt',
  'lte',
  'gt',
  'gte',
  'between',
  'before',
  'after',
  'on',
  'today',
  'beforeToday',
  'afterToday',
  'this',
  'previous',
  'next',
  'thisAndPrevious',
  'thisAndNext',
  'previousThisAndNext',
  'lastDays',
  'nextDays',
  'inSelection',
  'notInSelection',
] as const;
export type Operator = (typeof operators)[number];

const choice = ['equals', 'notEquals', 'oneOf', 'noneOf', 'empty', 'notEmpty'] as const satisfies Operator[];

export const textOperators = [
  'equals',
  'notEquals',
  'isExactly',
  'isNotExactly',
  'startsWith',
  'notStartsWith',
  'endsWith',
  'notEndsWith',
  'contains',
  'notContains',
  'oneOf',
  'noneOf',
  'empty',
  'notEmpty',
] as const satisfies Operator[];

const declaredOperators = {
  text: textOperators,
  number: ['eq', 'ne', 'lt', 'lte', 'gt', 'gte', 'between', 'empty', 'notEmpty'],
  date: [
    'before',
    'after',
    'on',
    'between',
    'today',
    'beforeToday',
    'afterToday',
    'this',
    'previous',
    'next',
    'thisAndPrevious',
    'thisAndNext',
    'previousThisAndNext',
    'lastDays',
    'nextDays',
    'empty',
    'notEmpty',
  ],
  boolean: ['equals', 'notEquals'],
  list: choice,
  reference: choice,
} as const satisfies Record<FieldType, readonly Operator[]>;

/** The operators of a field, where its declaration names no others. */
export const operatorsOfType: Record<FieldType, readonly Operator[]> = declaredOperators;

/** What an operator compares with: nothing, one value, several, two ends, a number of days (a unit with its count, too), or units of time. */
export type Operand = 'none' | 'one' | 'list' | 'pair' | 'days' | 'units';
export const operandOf: Record<Operator, Operand> = {
  equals: 'one',
  notEquals: 'one',
  isExactly: 'one',
  isNotExactly: 'one',
  startsWith: 'one',
  notStartsWith: 'one',
  endsWith: 'one',
  notEndsWith: 'one',
  contains: 'one',
  notContains: 'one',
  oneOf: 'list',
  noneOf: 'list',
  empty: 'none',
  notEmpty: 'none',
  eq: 'one',
  ne: 'one',
  lt: 'one',
  lte: 'one',
  gt: 'one',
  gte: 'one',
  between: 'pair',
  before: 'one',
  after: 'one',
  on: 'one',
  today: 'none',
  beforeToday: 'none',
  afterToday: 'none',
  this: 'units',
  previous: 'units',
  next: 'units',
  thisAndPrevious: 'units',
  thisAndNext: 'units',
  previousThisAndNext: 'units',
  lastDays: 'days',
  nextDays: 'days',
  inSelection: 'one',
  notInSelection: 'one',
};

/** Operators of the field `selection` of people and companies, which has no column: in one, or not. */
export const selectionOperators = ['inSelection', 'notInSelection'] as const satisfies Operator[];

/** Each negation with what it negates. A negation holds wherever the other does not, also where there is no value. */
export const negations = {
  notEquals: 'equals',
  isNotExactly: 'isExactly',
  notStartsWith: 'startsWith',
  notEndsWith: 'endsWith',
  notContains: 'contains',
  noneOf: 'oneOf',
  empty: 'notEmpty',
  ne: 'eq',
  notInSelection: 'inSelection',
} as const satisfies Partial<Record<Operator, Operator>>;

export type PositiveOperator = Exclude<Operator, keyof typeof negations>;
/** The operators of one type of field that are no negation. */
export type PositiveOperatorOf<Type extends FieldType> = Exclude<
  (typeof declaredOperators)[Type][number],
  keyof typeof negations
>;

export function isNegation(op: Operator): op is keyof typeof negations {
  return op in negations;
}

export type Label = { en: string; no: string };

/** A list whose values stand in the database. */
export const namedLists = [
  'leadStatus',
  'category',
  'owner',
  'form',
  'site',
  'channel',
  'country',
  'pipeline',
  'stage',
] as const;
export type NamedList = (typeof namedLists)[number];

/** Lists of which every value is known: any other is a mistake of the caller. */
export const closedLists: ReadonlySet<NamedList> = new Set([
  'leadStatus',
  'category',
  'owner',
  'form',
  'site',
  'pipeline',
  'stage',
]);

export type ListValues =
  | { kind: 'static'; values: ReadonlyArray<{ value: string; label: Label }> }
  | { kind: 'named'; list: NamedList };

/** What a condition on a field is read by. */
export type ConditionField = {
  name: string;
  type: FieldType;
  label: Label;
  operators: readonly Operator[];
  values: ListValues | null;
  /** Shape of the ids of a reference: a number written as text, or any text. */
  ids: 'number' | 'text';
  /** Whether a reference may be asked for by name too. Unset: where its values are a list of named records. */
  isNamed?: boolean;
  /** Whether rows show a record as `{ id, name }`; CSV has its name. */
  isRecord?: boolean;
  sortable: boolean;
  filterable: boolean;
};

/** What is to be known of an entity's field without its column. */
export type FieldInfo = ConditionField & { entity: Entity; groupable: boolean };

/** Whether a condition may give the name of a record in the place of its id. */
export function takesNames({ type, isNamed, values }: ConditionField): boolean {
  return type === 'reference' && (isNamed ?? values?.kind === 'named');
}

/** Finds a field by its name. `namesOf`: the names of an entity's fields, for whoever names one that does not exist. */
export type FindField = ((entity: Entity, name: string) => ConditionField | undefined) & {
  namesOf?: (entity: Entity) => string[];
};

/** Entities as errors call them. */
export const entityPlurals: Record<Entity, string> = {
  person: 'People',
  company: 'Companies',
  submission: 'Submissions',
  deal: 'Deals',
  touch: 'Touches',
  selection: 'Selections',
  consent: 'Consents',
};

/** The mistake of a field that an entity does not have. */
export function unknownField({
  location,
  name,
  entity,
  findField,
  isKnown = () => true,
  others = [],
}: {
  location: string;
  name: string;
  entity: Entity;
  findField: FindField;
  /** Which of the entity's fields would do here. */
  isKnown?: (field: ConditionField) => boolean;
  /** What else may be named here. */
  others?: readonly string[];
}): InputError {
  const names = (findField.namesOf?.(entity) ?? []).filter((one) => isKnown(findField(entity, one)!));
  return unknownName({
    location,
    what: 'field',
    name,
    known: [...names, ...others],
    owner: `${entityPlurals[entity]} have`,
  });
}

/** A value of a static list in any case, as it is spelt there. */
export function findListValue(values: ListValues, value: string): string | undefined {
  if (values.kind !== 'static') return undefined;
  const wanted = value.trim().toLowerCase();
  return values.values.find((one) => one.value.toLowerCase() === wanted)?.value;
}

/** Which records can be asked for from which: what `has` may name. */
export const relations: Record<Entity, readonly Entity[]> = {
  person: ['submission', 'deal', 'touch', 'company', 'selection', 'consent'],
  company: ['person', 'submission', 'deal', 'touch', 'selection'],
  submission: ['person', 'company', 'touch', 'selection'],
  deal: ['person', 'company', 'selection'],
  touch: ['person', 'company', 'submission'],
  selection: [],
  consent: [],
};
