import { listedFields } from '../../src/db/segments/fields.ts';
import type { ListInfo } from '../../src/domain/lists/list-info.ts';
import { listFormats } from '../../src/domain/lists/list-info.ts';
import { queryEntities } from '../../src/domain/segments/fields.ts';
import type { QueryEntity } from '../../src/domain/segments/fields.ts';
import type { Json } from './components.ts';
import { fieldsNameOf } from './criteria-schemas.ts';
import { namesSchema } from './field-names.ts';

export function queryParameter(name: string, description: string, schema: Json): Json {
  return { name, in: 'query', description, schema };
}

export const filterParameter = (schema: Json): Json => ({
  name: 'filter',
  in: 'query',
  description: 'Conditions: field=value, or field[op]=value',
  schema,
});

/** Conditions of a list: one parameter for each field, with an operator or without. */
export function filterOf({ fields, hasAnswers }: ListInfo): Json {
  const names = fields.filter(({ filterable }) => filterable).map(({ name }) => name);
  const entities = queryEntities.filter((one) =>
    listedFields(one).every(({ name }) => names.includes(name) || name.includes('clickIds.')),
  );
  const left = leftOf(entities, names);
  const choices = [...(left.length > 0 ? namesSchema(left) : []), ...(hasAnswers ? [{ pattern: '^fields\\..+' }] : [])];
  return filterParameter({
    type: 'object',
    propertyNames: {
      anyOf: [
        ...entities.map((entity) => ({ $ref: `#/components/schemas/${fieldsNameOf(entity)}` })),
        ...choices,
        { $ref: '#/components/schemas/WithOp' },
      ],
    },
    additionalProperties: { type: 'string' },
  });
}

/** The names that are no field of the entities' criteria, such as `selection`. */
function leftOf(entities: readonly QueryEntity[], names: readonly string[]): string[] {
  const known = new Set(entities.flatMap((entity) => listedFields(entity).map(({ name }) => name)));
  return names.filter((name) => !known.has(name));
}

const choiceOf = (description: string, values: readonly string[]): Json => ({
  type: 'string',
  description,
  enum: values,
  default: values[0],
});
const textOf = (description: string): Json => ({ type: 'string', description });

/** What every list takes beside its fields: the properties of one parameter, exploded as `filter` is. */
const listControls: Record<string, Json> = {
  sort: textOf('Fields with commas between, a minus before one that descends: `-createdAt,email`'),
  limit: { type: 'integer', description: 'Records of a page', minimum: 1, maximum: 1_000, default: 50 },
  cursor: textOf('`nextCursor` of the page before'),
  count: { type: 'boolean', description: 'Whether to count all records' },
  columns: textOf('Fields with commas between'),
  format: choiceOf('Format', listFormats),
  heads: choiceOf('Heads of CSV', ['names', 'labels']),
  language: choiceOf('Language of labels', ['en', 'no']),
  timeZone: textOf('IANA time zone of days'),
};
const days: Record<string, Json> = {
  from: textOf('First day, or a moment'),
  to: textOf('Last day, included; or a moment, not included'),
  period: { $ref: '#/components/schemas/PeriodWord' },
};
export const listSchemas: Record<string, Json> = {
  List: { type: 'object', properties: listControls },
  DatedList: { type: 'object', allOf: [{ $ref: '#/components/schemas/List' }], properties: days },
};
export const listParameters: Record<string, Json> = {
  list: queryParameter('query', 'Page, order and form', { $ref: '#/components/schemas/List' }),
  dated: queryParameter('query', 'Page, order, form and time', { $ref: '#/components/schemas/DatedList' }),
};
