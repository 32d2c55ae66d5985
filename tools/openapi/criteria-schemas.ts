import { listedFields } from '../../src/db/segments/fields.ts';
import { comparisons } from '../../src/domain/segments/criteria.ts';
import { units } from '../../src/domain/segments/relative-date.ts';
import { operators, queryEntities, relations } from '../../src/domain/segments/fields.ts';
import type { Json } from './components.ts';
import { namesSchema } from './field-names.ts';

/** The names of the fields that criteria, columns and sort may use, by entity. */
export function fieldNames(): Record<string, Json> {
  return Object.fromEntries(
    queryEntities.map((entity) => {
      const names = listedFields(entity).map(({ name }) => name);
      const answers = entity === 'submission' ? [{ pattern: '^fields\\..+' }] : [];
      return [
        fieldsNameOf(entity),
        { type: 'string', description: `A field of a ${entity}`, ...eitherOf([...namesSchema(names), ...answers]) },
      ];
    }),
  );
}

const eitherOf = (choices: Json[]): Json => (choices.length === 1 ? choices[0]! : { anyOf: choices });

const criteria = { $ref: '#/components/schemas/Criteria' };

export const criteriaSchemas: Record<string, Json> = {
  WithOp: {
    type: 'string',
    description: 'A field with an operator, such as `createdAt[after]`',
    pattern: '\\[\\w+\\]$',
  },
  Operator: { type: 'string', description: 'How a field is compared', enum: [...operators] },
  Criteria: {
    description: 'Which records: a condition, or several joined',
    anyOf: [
      objectOf({ all: { type: 'array', description: 'All of these hold', items: criteria } }, ['all']),
      objectOf({ any: { type: 'array', description: 'One of these holds', items: criteria } }, ['any']),
      objectOf({ not: { ...criteria, description: 'This does not hold' } }, ['not']),
      objectOf(
        {
          field: {
            description: 'The field',
            anyOf: [
              ...queryEntities.map((one) => ({
                $ref: `#/components/schemas/${one[0]!.toUpperCase()}${one.slice(1)}Field`,
              })),
              { enum: ['selection', 'purpose', 'given', 'at'] },
            ],
          },
          op: { $ref: '#/components/schemas/Operator' },
          value: {
            description: `What it is compared with: text, a number, true or false, a list, or { unit: ${units.join('|')}, count }`,
          },
        },
        ['field', 'op'],
      ),
      objectOf(
        {
          has: { type: 'string', description: 'A related record', enum: [...new Set(Object.values(relations).flat())] },
          where: { ...criteria, description: 'What holds for it' },
          count: {
            type: 'object',
            description: 'How many there are',
            propertyNames: { enum: [...comparisons] },
            additionalProperties: { type: 'integer', minimum: 0 },
          },
        },
        ['has'],
      ),
    ],
  },
};

function objectOf(properties: Json, required: string[]): Json {
  return { type: 'object', properties, required, additionalProperties: false };
}

export const fieldsNameOf = (entity: string): string => `${entity[0]!.toUpperCase()}${entity.slice(1)}Field`;
