import * as z from 'zod';
import { listedFields } from '../../src/db/segments/fields.ts';
import { errorCodes } from '../../src/domain/errors.ts';
import type { ListInfo } from '../../src/domain/lists/list-info.ts';
import { listFormats } from '../../src/domain/lists/list-info.ts';
import { comparisons, units } from '../../src/domain/segments/criteria.ts';
import { operators, queryEntities, relations } from '../../src/domain/segments/fields.ts';
import type { Operation } from '../../src/http/operation.ts';
import { bodyExamples } from './body-examples.ts';
import { Components } from './components.ts';
import type { Json } from './components.ts';
import { edgePaths } from './edge-paths.ts';
import { bodyNameOf, operationIdOf, resourceOf, tagOf } from './names.ts';
import { sampleOf } from './samples.ts';
import { inlineSingles } from './inline-singles.ts';
import { shareProperties } from './share-properties.ts';
import { shareSchemas } from './share-schemas.ts';
import { words } from './words.ts';

const problemSchema = z.object({
  type: z.string().describe('Address of a page about the code'),
  title: z.string().describe('The code in words'),
  status: z.number().int().describe('Status of the answer'),
  code: z.enum(Object.keys(errorCodes) as [string]).describe('What went wrong: docs/errors.md'),
  detail: z.string().describe('What went wrong here'),
  errors: z
    .array(
      z.object({
        location: z.string(),
        message: z.string(),
        known: z.array(z.string()).optional().describe('Names that exist, the nearest first'),
      }),
    )
    .optional(),
  requestId: z.string(),
});

/** Describes the API as OpenAPI 3.1, from the declarations that the router itself goes by. Pure. */
export function describeApi(operations: readonly Operation[]): Json {
  const wordless = new Set<string>();
  const components = new Components((name, owner) => wordsOf(name, { owner, wordless }));
  const parameters: Record<string, Json> = { ...listParameters };
  const paths: Record<string, Json> = {};
  for (const operation of operations) {
    const path = `/api/v1${operation.path.replace(/:(\w+)/g, '{$1}')}`;
    const isCollection = operations.some((one) => one.method === 'get' && one.path === operation.path);
    (paths[path] ??= {})[operation.method] = describeOperation(operation, { components, isCollection });
  }
  if (wordless.size > 0) {
    const names = [...wordless].join(', ');
    throw new Error(`No words for ${names}: add them to tools/openapi/words.ts, or say them with .describe(…).`);
  }
  components.ref(problemSchema, { name: 'Problem', io: 'output' });
  const schemas: Record<string, Json> = { ...components.schemas, ...fieldNames(), ...criteriaSchemas };
  Object.assign(paths, edgePaths);
  shareSchemas(schemas, paths);
  shareProperties(schemas);
  inlineSingles(schemas, paths);
  addExamples({ paths, schemas });
  const responses: Record<string, Json> = {
    Problem: {
      description: 'What is wrong with the request',
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    },
  };
  shareRepeated({ paths, responses, parameters });
  const tags = [
    ...new Set(
      Object.values(paths).flatMap((path) => Object.values(path).flatMap((one) => (one as Json)['tags'] ?? [])),
    ),
  ];
  return {
    openapi: '3.1.0',
    info: {
      title: 'Kilde',
      version: '1',
      summary: 'Where every lead came from, and which sources became money',
      description:
        'Errors are RFC 9457 problems with a stable code. Every answer has X-Request-Id; 429 has Retry-After. Lists are read page by page with cursor.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    security: [{ key: ['read'] }],
    tags: tags
      .toSorted((a, b) => a.localeCompare(b))
      .map((name) => ({ name, description: tagWords[name] ?? `${name}: read and changed` })),
    paths,
    components: {
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'An API key; its scopes say what it may do' },
      },
      headers: { Location: { description: 'Address of the new record', schema: { type: 'string' } } },
      parameters,
      responses,
      schemas,
    },
  };
}

/** What the endpoints of a tag are about. */
const tagWords: Record<string, string> = {
  'Api keys': 'Keys and what they may do',
  'Audit log': 'Who changed what',
  'Bulk updates': 'Changes of many records, with undo',
  'Dead letters': 'Submissions that could not be stored',
  'Exchange rates': 'Rates by which money is converted',
  'Lead statuses': 'States of a lead',
  Aliases: 'Corrections of spellings, for all history at once',
  Attribution: 'The models as a calculator',
  Capture: 'Arrivals, short links and forms: no key is needed',
  Categories: 'Categories of companies',
  Companies: 'Firms, with the source that brought them',
  Costs: 'What an origin cost, by day',
  Deals: 'Deals, by their own id',
  Deliveries: 'What was sent where',
  Explain: 'Why an arrival gets its origin and channel',
  Fields: 'What can be asked for in criteria, columns and filters',
  Forms: 'Forms and their settings',
  Links: 'Tagged links with short addresses',
  Openapi: 'This description',
  Operation: 'Whether Kilde runs',
  Origins: "Today's rules for stored origins",
  Owners: 'Who is responsible for records',
  People: 'Leads and contacts, with their points and journeys',
  Pipelines: 'Stages of deals',
  Quarantine: 'Submissions that look like spam',
  Reports: 'The report engine, presets and saved reports',
  Runs: 'Runs of scheduled reports',
  Schedules: 'Reports that are sent by themselves',
  Segments: 'Queries by criteria',
  Selections: 'Stored sets of records, and their boards',
  Settings: 'Settings of the installation',
  Sites: 'Sites and their rules',
  Submissions: 'Forms that were sent',
  Webhooks: 'Where events are sent',
};

/** What a property is, in words of its own: its name alone says too little. A name without words goes into the set. */
function wordsOf(name: string, { owner, wordless }: { owner: string; wordless: Set<string> }): string {
  const known = words[`${owner}.${name}`] ?? words[name];
  if (known === undefined) wordless.add(`${owner}.${name}`);
  return known ?? name;
}

type Context = { components: Components; isCollection: boolean };

function describeOperation(operation: Operation, context: Context): Json {
  const { method, path, summary, scope, body } = operation;
  const { components, isCollection } = context;
  const given = [...pathParametersOf(path), ...queryParametersOf(operation, context)];
  const security = scope === null ? [] : scope === 'read' ? undefined : [{ key: [scope] }];
  const operationId = operationIdOf(operation);
  return {
    operationId,
    summary,
    tags: [tagOf(path)],
    ...(security ? { security } : {}),
    ...(given.length > 0 ? { parameters: given } : {}),
    ...(body
      ? {
          requestBody: {
            required: true,
            content: {
              'application/json': {
                schema: components.ref(body, { name: bodyNameOf({ method, path }, isCollection), io: 'input' }),
                ...(operationId in bodyExamples ? { example: bodyExamples[operationId] } : {}),
              },
            },
          },
        }
      : {}),
    responses: { ...describeSuccess(operation, context), '4XX': { $ref: '#/components/responses/Problem' } },
  };
}

function describeSuccess({ method, path, response, status, produces, list }: Operation, { components }: Context): Json {
  const success = status ?? (response || produces ? 200 : 204);
  if (success === 204) return { 204: { description: 'Done' } };
  const name =
    resourceOf(path) +
    (method === 'get' || method === 'patch' || status === 201 ? '' : method === 'put' ? 'Result' : 'Answer');
  return {
    [success]: {
      description: success === 201 ? 'Created' : 'The answer',
      ...(success === 201 ? { headers: { Location: { $ref: '#/components/headers/Location' } } } : {}),
      content: {
        ...(response ? { 'application/json': { schema: describeAnswer(response, { components, name }) } } : {}),
        ...(list ? { 'text/csv': {}, 'application/x-ndjson': {} } : {}),
        ...(produces ? { [produces]: produces === 'application/json' ? components.open(name) : text } : {}),
      },
    },
  };
}

const text = { schema: { type: 'string' } };

/** An envelope of items stands inline, its items by their name; any other answer by its name. */
function describeAnswer(response: z.ZodType, { components, name }: { components: Components; name: string }): Json {
  const shape = response instanceof z.ZodObject ? (response.shape as Record<string, z.ZodType>) : {};
  const { items, nextCursor } = shape;
  if (items instanceof z.ZodArray && nextCursor) {
    const element = items.element as z.ZodType;
    if (!(element instanceof z.ZodRecord)) components.ref(element, { name, io: 'output' });
    return describePage(components.convert(response, { io: 'output', owner: `${name}Page` }), components);
  }
  return components.ref(response, { name, io: 'output' });
}

/** What every page has beside its items stands once. */
function describePage({ properties, required }: Json, { schemas }: Components): Json {
  const { nextCursor, count, ...own } = properties as Json;
  if (!count) return { type: 'object', properties, required };
  schemas['Page'] ??= { type: 'object', properties: { nextCursor, count }, required: ['nextCursor'] };
  return {
    allOf: [{ $ref: '#/components/schemas/Page' }],
    properties: own,
    required: (required as string[]).filter((one) => one !== 'nextCursor'),
  };
}

function pathParametersOf(path: string): Json[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name: name!,
    in: 'path',
    required: true,
    description: words[name!] ?? 'Identity of the record',
    schema: { type: 'string' },
  }));
}

function queryParametersOf({ list, query, path }: Operation, { components }: Context): Json[] {
  if (list) {
    const names = Object.keys(listParameters).filter(
      (one) => list.moment !== null || !['from', 'to', 'period'].includes(one),
    );
    return [filterOf(list), ...names.map((one) => ({ $ref: `#/components/parameters/${one}` }))];
  }
  if (!query) return [];
  const {
    properties = {},
    required = [],
    additionalProperties,
  } = components.convert(query, { io: 'input', owner: resourceOf(path) });
  const given = Object.entries(properties as Record<string, Json>).map(([name, { description, ...schema }]) => ({
    name,
    in: 'query',
    ...(required.includes(name) ? { required: true } : {}),
    ...(description ? { description } : {}),
    schema,
  }));
  const hasFilters = additionalProperties !== undefined && additionalProperties !== false;
  return hasFilters ? [...given, filterParameter({ type: 'object', additionalProperties: { type: 'string' } })] : given;
}

const filterParameter = (schema: Json): Json => ({
  name: 'filter',
  in: 'query',
  style: 'form',
  explode: true,
  description: 'Conditions: `field=value`, or `field[op]=value`',
  schema,
});

const operatorSuffix = { pattern: `\\[(${operators.join('|')})\\]$` };

/** Conditions of a list: one parameter for each field, with an operator or without. */
function filterOf({ fields, hasAnswers }: ListInfo): Json {
  const names = fields.filter(({ filterable }) => filterable).map(({ name }) => name);
  const entity = queryEntities.find((one) => leftOf(one, names).length < Math.min(2, names.length));
  const left = entity ? leftOf(entity, names) : names;
  const choices = [...(left.length > 0 ? namesSchema(left) : []), ...(hasAnswers ? [{ pattern: '^fields\\..+' }] : [])];
  return filterParameter({
    type: 'object',
    propertyNames: {
      anyOf: [
        ...(entity ? [{ $ref: `#/components/schemas/${fieldsNameOf(entity)}` }] : []),
        ...choices,
        { $ref: '#/components/schemas/FieldWithOperator' },
      ],
    },
    additionalProperties: { type: 'string' },
  });
}

/** The names that are no field of the entity's criteria, such as `selection`. */
function leftOf(entity: (typeof queryEntities)[number], names: readonly string[]): string[] {
  const known = new Set(listedFields(entity).map(({ name }) => name));
  return names.filter((name) => !known.has(name));
}

const fieldsNameOf = (entity: string): string => `${entity[0]!.toUpperCase()}${entity.slice(1)}Field`;

/** Names of fields: those of other records, such as `company.name`, by what they begin with. */
function namesSchema(names: readonly string[]): Json[] {
  const prefixes = [
    ...new Set(
      names.flatMap(
        (name) =>
          /^(person|company|clickIds|submission|deal|\w+\.clickIds|companySource\.\w+\.clickIds)\./.exec(name)?.[1] ??
          [],
      ),
    ),
  ];
  const own = names.filter((name) => !prefixes.some((prefix) => name.startsWith(`${prefix}.`)));
  return [
    { enum: own },
    ...(prefixes.length > 0 ? [{ pattern: `^(${prefixes.join('|').replaceAll('.', '\\.')})\\..+` }] : []),
  ];
}

/** The names of the fields that criteria, columns and sort may use, by entity. */
function fieldNames(): Record<string, Json> {
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

const criteriaSchemas: Record<string, Json> = {
  FieldWithOperator: {
    type: 'string',
    description: 'A field with an operator, such as `createdAt[after]`',
    ...operatorSuffix,
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

function queryParameter(name: string, description: string, schema: Json): Json {
  return { name, in: 'query', description, schema };
}

/** What every list takes beside its fields. */
const listParameters: Record<string, Json> = {
  from: queryParameter('from', 'First day, or a moment', { type: 'string' }),
  to: queryParameter('to', 'Last day, included; or a moment, not included', { type: 'string' }),
  period: queryParameter('period', 'In the place of `from` and `to`: `thisMonth`, `last7Days`, …', { type: 'string' }),
  timeZone: queryParameter('timeZone', 'IANA time zone of the days', { type: 'string' }),
  sort: queryParameter('sort', 'Names of fields, a minus before one that descends: `-createdAt,email`', {
    type: 'string',
  }),
  limit: queryParameter('limit', 'Records of a page', { type: 'integer', minimum: 1, maximum: 1_000, default: 50 }),
  cursor: queryParameter('cursor', '`nextCursor` of the page before', { type: 'string' }),
  count: queryParameter('count', 'Whether to count all records', { type: 'boolean', default: false }),
  columns: queryParameter('columns', 'Names of fields, with commas between', { type: 'string' }),
  format: queryParameter('format', 'Format of the answer', { type: 'string', enum: [...listFormats], default: 'json' }),
  heads: queryParameter('heads', 'Heads of CSV columns', {
    type: 'string',
    enum: ['names', 'labels'],
    default: 'names',
  }),
  language: queryParameter('language', 'Language of labels', { type: 'string', enum: ['en', 'no'], default: 'en' }),
};

/** Gives every JSON body and answer an example. */
function addExamples({ paths, schemas }: { paths: Record<string, Json>; schemas: Record<string, Json> }): void {
  for (const operation of Object.values(paths).flatMap((path) => Object.values(path) as Json[])) {
    const contents = [
      operation['requestBody']?.content,
      ...Object.values(operation['responses'] as Json).map((one) => one.content),
    ];
    for (const content of contents) {
      const json = content?.['application/json'] as Json | undefined;
      if (json && json['example'] === undefined) json['example'] = sampleOf(json['schema'], { schemas });
    }
  }
}

/** Answers and parameters that stand in several operations are described once. */
function shareRepeated({
  paths,
  responses,
  parameters,
}: {
  paths: Record<string, Json>;
  responses: Record<string, Json>;
  parameters: Record<string, Json>;
}): void {
  const operations = Object.values(paths).flatMap((path) => Object.values(path) as Json[]);
  const share = (
    list: Array<{ holder: Json; key: string | number }>,
    into: Record<string, Json>,
    kind: string,
    nameOf: (value: Json, holder: Json) => string,
  ) => {
    const places = new Map<string, Array<{ holder: Json; key: string | number }>>();
    for (const place of list) {
      const value = place.holder[place.key] as Json;
      if (value['$ref']) continue;
      const written = JSON.stringify(value);
      places.set(written, [...(places.get(written) ?? []), place]);
    }
    for (const [written, all] of places) {
      if (all.length < 2) continue;
      const value = JSON.parse(written) as Json;
      let name = nameOf(value, all[0]!.holder);
      for (let number = 2; into[name]; number += 1) name = `${nameOf(value, all[0]!.holder)}${number}`;
      into[name] = value;
      for (const { holder, key } of all) holder[key] = { $ref: `#/components/${kind}/${name}` };
    }
  };
  share(
    operations.flatMap(({ parameters: given = [] }) =>
      (given as Json[]).map((_, key) => ({ holder: given as Json, key })),
    ),
    parameters,
    'parameters',
    ({ name }) => name as string,
  );
  share(
    operations.flatMap(({ responses: given }) =>
      Object.keys(given as Json).map((key) => ({ holder: given as Json, key })),
    ),
    responses,
    'responses',
    (value) => {
      const schema = value['content']?.['application/json']?.schema as Json | undefined;
      const ref = (schema?.['$ref'] ?? schema?.['properties']?.items?.items?.$ref) as string | undefined;
      return ref
        ? ref.split('/').at(-1)! + (schema?.['$ref'] ? '' : 'Page')
        : (value['description'] as string).replaceAll(/\W/g, '');
    },
  );
}
