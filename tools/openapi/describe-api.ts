import * as z from 'zod';
import { errorCodes } from '../../src/domain/errors.ts';
import type { Operation } from '../../src/http/operation.ts';
import { addExamples } from './add-examples.ts';
import { Components } from './components.ts';
import type { Json } from './components.ts';
import { criteriaSchemas, fieldNames } from './criteria-schemas.ts';
import { edgePaths } from './edge-paths.ts';
import { enumerations } from './enumerations.ts';
import { inlineSingles } from './inline-singles.ts';
import { filterOf, filterParameter, listParameters, listSchemas, queryParameter } from './list-parameters.ts';
import { bodyNameOf, longOperationIdOf, operationIdOf, resourceOf, tagOf } from './names.ts';
import { operationsOf } from './operations-of.ts';
import { dropAliases, dropNumbers, dropUnused, nameBasesOfRequired, shareProperties } from './share-properties.ts';
import { shareRepeated } from './share-repeated.ts';
import { shareSchemas, shareValues } from './share-schemas.ts';
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

/** Which operations are described, by their tag, and what the description says of itself. */
export type Part = {
  title: string;
  /** Where the rest of the API is described. */
  pointer: string;
  has: (tag: string) => boolean;
};

/**
 * Describes the API as OpenAPI 3.1, from the declarations that the router itself goes by. Pure.
 * @param part The operations to describe; without it, all. Names are the same in both cases.
 */
export function describeApi(operations: readonly Operation[], part?: Part): Json {
  const wordless = new Set<string>();
  const components = new Components((name, owner) => wordsOf(name, { owner, wordless }));
  const parameters: Record<string, Json> = { ...listParameters };
  const paths: Record<string, Json> = {};
  nameRecords(operations, components);
  const idOf = namerOf(operations);
  const described = part ? operations.filter(({ path }) => part.has(tagOf(path))) : operations;
  for (const operation of described) {
    const base = operation.path.startsWith('/auth/') ? '/api' : '/api/v1';
    const path = `${base}${operation.path.replace(/:(\w+)/g, '{$1}')}`;
    const isCollection = operations.some((one) => one.method === 'get' && one.path === operation.path);
    const inPath = pathParametersOf(operation.path);
    paths[path] ??= inPath.length > 0 ? { parameters: inPath } : {};
    paths[path][operation.method] = describeOperation(operation, {
      components,
      isCollection,
      operationId: idOf(operation),
    });
  }
  if (wordless.size > 0) {
    const names = [...wordless].join(', ');
    throw new Error(`No words for ${names}: add them to tools/openapi/words.ts, or say them with .describe(…).`);
  }
  components.ref(problemSchema, { name: 'Problem', io: 'output' });
  const schemas: Record<string, Json> = {
    ...components.schemas,
    ...fieldNames(),
    ...criteriaSchemas,
    ...listSchemas,
    ...enumerations,
  };
  if (!part || part.has('Capture')) Object.assign(paths, edgePaths);
  const responses: Record<string, Json> = {
    Problem: {
      description: 'What is wrong with the request',
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    },
  };
  shareSchemas(schemas, paths);
  const made = shareProperties(schemas, paths);
  shareValues(schemas, paths);
  dropAliases(schemas, { others: paths, made });
  inlineSingles(schemas, paths);
  for (const all of [schemas, paths]) nameBasesOfRequired(schemas, all);
  dropUnused(schemas, { paths, responses, parameters });
  dropNumbers(schemas, paths);
  addExamples({ paths, schemas });
  shareRepeated({ paths, responses, parameters });
  leaveOutTypes({ schemas, paths });
  const inPaths = JSON.stringify(paths);
  const tags = [...new Set(operationsOf(paths).flatMap((one) => one['tags'] as string[]))];
  return {
    openapi: '3.1.0',
    info: {
      title: part?.title ?? 'Kilde',
      version: '1',
      summary: 'Where every lead came from, and which sources became money',
      description: [...(part ? [part.pointer] : []), ...rulesOfAll].join(' '),
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    security: [{ key: ['read'] }],
    tags: tags.toSorted((a, b) => a.localeCompare(b)).map((name) => ({ name, description: tagWords[name] ?? name })),
    paths,
    components: {
      securitySchemes: {
        key: {
          type: 'http',
          scheme: 'bearer',
          description: 'An API key; its scopes say what it may do',
        },
        ...(inPaths.includes('{"session":[]}') ? { session } : {}),
      },
      parameters: Object.fromEntries(
        Object.entries(parameters).filter(([name]) => inPaths.includes(`"#/components/parameters/${name}"`)),
      ),
      responses,
      schemas,
    },
  };
}

const session: Json = {
  type: 'apiKey',
  in: 'cookie',
  name: '__Host-kilde_session',
  description: 'Of a user, in place of a key',
};

const rulesOfAll = [
  'Errors are RFC 9457 problems with a stable code.',
  'Every answer has X-Request-Id, 201 has Location, 429 has Retry-After.',
  'Lists are read page by page with cursor.',
];

/** What the endpoints of a tag are about. */
const tagWords: Record<string, string> = {
  'Api keys': 'Keys and what they may do',
  'Audit log': 'Who changed what',
  'Bulk updates': 'Changes of many records, with undo',
  'Dead letters': 'Submissions that could not be stored',
  'Exchange rates': 'Rates by which money is converted',
  'Lead statuses': 'States of a lead',
  'Category proposals': 'Categories that a rule would change, waiting for a yes',
  'Form statistics': 'What each form brought',
  'Sign in providers': 'OpenID Connect',
  'Spam clusters': 'Submissions marked as spam afterwards, with undo',
  Aliases: 'Corrections of spellings, for all history at once',
  Annotations: 'Notes on days, which charts show',
  Approvals: 'Submissions of unknown senders that wait for a yes',
  Attention: 'What a person should mend now',
  Attribution: 'The models as a calculator',
  Auth: 'Signing in to the web app',
  Capture: 'Arrivals, short links and forms: no key is needed',
  Categories: 'Categories of companies',
  Companies: 'Firms, with the source that brought them',
  Costs: 'What an origin cost, by day',
  Dashboards: 'Named sets of tiles',
  Deals: 'Deals, by their own id',
  Deliveries: 'What was sent where',
  Events: 'What happened: live, and as samples',
  Explain: 'Why an arrival gets its origin and channel',
  Fields: 'What can be asked for in criteria, columns and filters',
  Forms: 'Forms and their settings',
  Invitations: 'One-time links for new users',
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
  Touches: 'Arrivals of people, as they were sent and as they count',
  Users: 'Who signs in to the web app, and as what',
  Webhooks: 'Where events are sent',
};

/** What a property is, in words of its own: its name alone says too little. A name without words goes into the set. */
function wordsOf(name: string, { owner, wordless }: { owner: string; wordless: Set<string> }): string {
  const known =
    words[`${owner}.${name}`] ?? words[`${owner.replace(/^New|Answer$|Input$|Changes$/g, '')}.${name}`] ?? words[name];
  if (known === undefined) wordless.add(`${owner}.${name}`);
  return known ?? name;
}

type Context = { components: Components; isCollection: boolean; operationId: string };

/** A record is called by the address that shows it, also where another operation answers it first. */
function nameRecords(operations: readonly Operation[], components: Components): void {
  for (const { method, path, response } of operations) {
    if (method === 'get' && path.endsWith('/:id') && response)
      components.ref(response, { name: resourceOf(path), io: 'output' });
  }
}

function namerOf(operations: readonly Operation[]): (operation: Operation) => string {
  const used = operations.map(operationIdOf);
  return (operation) => {
    const id = operationIdOf(operation);
    return used.filter((one) => one === id).length === 1 ? id : longOperationIdOf(operation);
  };
}

function describeOperation(operation: Operation, context: Context): Json {
  const { method, path, summary, scope, body } = operation;
  const { components, isCollection, operationId } = context;
  const given = [...(method === 'patch' ? [ifMatch] : []), ...queryParametersOf(operation, context)];
  const security = operation.bySession
    ? [{ session: [] }]
    : scope === null
      ? []
      : scope === 'read'
        ? undefined
        : [{ key: [scope] }];
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
              },
            },
          },
        }
      : {}),
    responses: { ...describeSuccess(operation, context), '4XX': { $ref: '#/components/responses/Problem' } },
  };
}

/** What answers 200 where it stores nothing: the record is there already, or it was only tried. */
const maybeStored = ({ path, body, status }: Operation): boolean =>
  status === 201 && (path === '/people' || (body instanceof z.ZodObject && 'dryRun' in body.shape));

function describeSuccess(operation: Operation, { components }: Context): Json {
  const { method, path, response, status, produces, list } = operation;
  const success = status ?? (response || produces ? 200 : 204);
  if (success === 204) return { 204: { description: 'Done' } };
  const name =
    resourceOf(path) +
    (method === 'get' || method === 'patch' || status === 201 ? '' : method === 'put' ? 'Result' : 'Answer');
  const answer = {
    description: 'OK',
    content: {
      ...(response ? { 'application/json': { schema: describeAnswer(response, { components, name }) } } : {}),
      ...(list ? { 'text/csv': {}, 'application/x-ndjson': {} } : {}),
      ...(produces ? { [produces]: produces === 'application/json' ? components.open(name) : text } : {}),
    },
  };
  return { [success]: answer, ...(maybeStored(operation) ? { 200: structuredClone(answer) } : {}) };
}

const ifMatch: Json = {
  name: 'If-Match',
  in: 'header',
  description: 'ETag that was read; 412 where the record has changed since',
  schema: { type: 'string' },
};

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
    return [filterOf(list), { $ref: `#/components/parameters/${list.moment === null ? 'list' : 'dated'}` }];
  }
  if (!query) return [];
  const {
    properties = {},
    required = [],
    additionalProperties,
  } = components.convert(query, { io: 'input', owner: resourceOf(path) });
  const entries = Object.entries(properties as Record<string, Json>);
  const hasFilters = additionalProperties !== undefined && additionalProperties !== false;
  const filters = hasFilters ? [filterParameter({ type: 'object', additionalProperties: { type: 'string' } })] : [];
  if (entries.length > maxSingles) {
    const schema = { type: 'object', properties, ...(required.length > 0 ? { required } : {}) };
    const whole = queryParameter('query', 'What is asked for', schema);
    return [required.length > 0 ? { ...whole, required: true } : whole, ...filters];
  }
  const singles = entries.map(([name, { description, ...schema }]) => ({
    name,
    in: 'query',
    ...(required.includes(name) ? { required: true } : {}),
    ...(description ? { description } : {}),
    schema,
  }));
  return [...singles, ...filters];
}

/** More parameters than these are described as the properties of one, exploded as `filter` is. */
const maxSingles = 3;

/** Values that are listed have the type that they have. Changes the schemas in place. */
function leaveOutTypes(value: Json): void {
  for (const [key, one] of Object.entries(value)) {
    if (typeof one !== 'object' || one === null || key === 'example' || key === 'examples') continue;
    if (Array.isArray((one as Json)['enum'])) delete (one as Json)['type'];
    leaveOutTypes(one as Json);
  }
}
