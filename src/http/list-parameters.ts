import * as z from 'zod';
import { listFormats } from '../domain/lists/list-info.ts';
import type { ListInfo } from '../domain/lists/list-info.ts';
import { defaultPageSize, maxPageSize } from '../domain/lists/parse-list-query.ts';

const dayOrMoment = 'a day such as 2026-09-01, or a moment such as 2026-09-01T10:00:00Z';

/** Parameters that every list has, for openapi.json. The parser itself is in domain/lists. */
export const listParameterSchemas = {
  limit: z.number().int().min(1).max(maxPageSize).default(defaultPageSize).describe('Items of one page'),
  cursor: z.string().describe('nextCursor of the page before, of the same list and sort'),
  count: z.boolean().default(false).describe('Adds how many records there are in all'),
  sort: z.string().describe('Fields with commas between, a minus before one that descends: -createdAt,email'),
  columns: z.string().describe('Fields with commas between: items are flat, with the id and these alone'),
  format: z.enum(listFormats).default('json').describe('csv and ndjson give the whole list'),
  heads: z.enum(['names', 'labels']).default('names').describe('Heads of a CSV file'),
  language: z.enum(['en', 'no']).default('en').describe('Language of labels as heads'),
  timeZone: z.string().describe("Zone that days are of; unset, that of the site asked for, else the default site's"),
  from: z.string().describe(`First day or moment: ${dayOrMoment}`),
  to: z.string().describe(`Last day, included, or the moment before which it ends: ${dayOrMoment}`),
} as const;
export type ListParameterName = keyof typeof listParameterSchemas;

/** The names of the parameters of one list, beside its filters. */
export function listParametersOf({ moment }: ListInfo): ListParameterName[] {
  return (Object.keys(listParameterSchemas) as ListParameterName[]).filter(
    (name) => moment !== null || (name !== 'from' && name !== 'to'),
  );
}

/** The filters of a list as one parameter, for openapi.json: its members stand in the query string by themselves. */
export function describeFilters({ fields, hasAnswers = false, name }: ListInfo): object {
  const names = fields.filter(({ filterable }) => filterable).map((field) => field.name);
  return {
    name: 'filter',
    in: 'query',
    style: 'form',
    explode: true,
    description: `field=value or field[op]=value, for the fields of ${name.replaceAll('-', ' ')}`,
    schema: {
      type: 'object',
      properties: Object.fromEntries(names.map((one) => [one, { type: 'string' }])),
      ...(hasAnswers ? { patternProperties: { '^fields\\..+': { type: 'string' } } } : {}),
      additionalProperties: { type: 'string' },
    },
  };
}
