import * as z from 'zod';
import { errorCodes } from '../domain/errors.ts';
import type { ListInfo } from '../domain/lists/list-info.ts';
import { describeFilters, listParameterSchemas, listParametersOf } from '../http/list-parameters.ts';
import type { Api, Operation } from '../http/operation.ts';
import { entityTagOf, taggedText } from '../http/etag.ts';
import { ownPath } from '../http/own-address.ts';

const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.enum(Object.keys(errorCodes) as [string]),
  detail: z.string(),
  errors: z.array(z.object({ location: z.string(), message: z.string() })).optional(),
});

/** The statuses that any operation may answer with, those of an input that has to be right, and of a record named. */
const always = [401, 403, 503];
const withInput = [422];
const withBody = [400, 413, 415];
const withId = [404];

/** Describes the operations as OpenAPI 3.1, from the declarations that the router itself goes by. Pure. */
export function describeApi(operations: readonly Operation[]): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const operation of operations) {
    const path = operation.path.replace(/:(\w+)/g, '{$1}');
    (paths[path] ??= {})[operation.method] = describeOperation(operation);
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Kilde', version: '1', description: 'Where every lead came from, and which sources became money.' },
    servers: [{ url: '/api/v1' }],
    security: [{ key: [] }],
    paths,
    components: {
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'An API key; its scopes say what it may do.' },
      },
      schemas: { Problem: toSchema(problemSchema, 'output') },
      parameters: describeListParameters(),
      responses: Object.fromEntries(
        Object.entries(problemsByStatus()).map(([status, codes]) => [`Problem${status}`, describeProblem(codes)]),
      ),
    },
  };
}

function describeOperation({
  method,
  path,
  summary,
  scope,
  query,
  list,
  body,
  response,
  status,
  produces,
}: Operation): object {
  const pathParameters = [...path.matchAll(/:(\w+)/g)].map((match) => ({
    name: match[1]!,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const success = status ?? (response || produces ? 200 : 204);
  const problems = [
    ...always,
    ...(query || list || body ? withInput : []),
    ...(body ? withBody : []),
    ...(pathParameters.length > 0 ? withId : []),
    ...(method === 'get' ? [] : [409]),
  ].toSorted((a, b) => a - b);
  return {
    operationId: operationIdOf({ method, path }),
    summary,
    description: scope === null ? 'Needs no key.' : `Needs a key with the scope \`${scope}\`.`,
    tags: [path.split('/')[1]!],
    ...(pathParameters.length > 0 || query || list
      ? { parameters: [...pathParameters, ...describeQuery(query), ...describeList(list)] }
      : {}),
    ...(body
      ? { requestBody: { required: true, content: { 'application/json': { schema: toSchema(body, 'input') } } } }
      : {}),
    responses: {
      [success]: {
        description: success === 204 ? 'Done' : 'The answer',
        ...(response ? { content: { 'application/json': { schema: toSchema(response, 'output') } } } : {}),
        ...(produces ? { content: { [produces]: { schema: { type: 'string' } } } } : {}),
      },
      ...Object.fromEntries(problems.map((code) => [code, { $ref: `#/components/responses/Problem${code}` }])),
    },
  };
}

/** `get /forms/:id/statistics` is `getFormsByIdStatistics`. */
function operationIdOf({ method, path }: Pick<Operation, 'method' | 'path'>): string {
  const words = path
    .replace(/:(\w+)/g, 'by-$1')
    .split(/[^a-zA-Z0-9]+/)
    .filter(Boolean);
  return [method, ...words.map((word) => word[0]!.toUpperCase() + word.slice(1))].join('');
}

function describeQuery(query: z.ZodObject | undefined): object[] {
  if (!query) return [];
  const { properties = {}, required = [] } = toSchema(query, 'input');
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }));
}

function describeList(list: ListInfo | undefined): object[] {
  if (!list) return [];
  const common = listParametersOf(list).map((name) => ({ $ref: `#/components/parameters/${name}` }));
  return [describeFilters(list), ...common];
}

/** The parameters that lists share. */
function describeListParameters(): Record<string, object> {
  return Object.fromEntries(
    Object.entries(listParameterSchemas).map(([name, schema]) => {
      const { description, ...shape } = toSchema(schema, 'output') as { description?: string };
      return [name, { name, in: 'query', description, schema: shape }];
    }),
  );
}

type JsonSchema = { properties?: Record<string, object>; required?: string[] };

function toSchema(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const { $schema: _, ...described } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      // The pattern that zod adds says again, at length, what the format says; and an answer may grow new fields.
      if (jsonSchema.format) delete jsonSchema.pattern;
      if (io === 'output') delete jsonSchema.additionalProperties;
    },
  });
  return described as JsonSchema;
}

function problemsByStatus(): Record<number, string[]> {
  const codes: Record<number, string[]> = {};
  for (const [code, { status }] of Object.entries(errorCodes)) (codes[status] ??= []).push(code);
  return codes;
}

function describeProblem(codes: string[]): object {
  return {
    description: codes.map((code) => `${code}: ${errorCodes[code as keyof typeof errorCodes].title}`).join('; '),
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
}

/** The description of this API, made when it was built. */
export function addOpenApiRoute(api: Api): void {
  api.define(
    {
      method: 'get',
      path: '/openapi.json',
      summary: 'Describes this API as OpenAPI 3.1',
      scope: null,
      response: z.looseObject({ openapi: z.string() }),
    },
    async ({ c, deps }) => {
      const text = await deps.readAsset('/openapi.json');
      const base = ownPath({ c, config: deps.config }, '/');
      const tag = await entityTagOf(base + text);
      return taggedText(c, {
        tag,
        text: base === '/' ? text : atOwnPath({ text, ownPathOf: (url) => ownPath({ c, config: deps.config }, url) }),
        headers: { 'content-type': 'application/json' },
      });
    },
  );
}

/** The description with the addresses of its servers as they are where Kilde answers below a path of the site's host. */
function atOwnPath({ text, ownPathOf }: { text: string; ownPathOf: (url: string) => string }): string {
  const described = JSON.parse(text) as { servers: Array<{ url: string }> };
  const servers = described.servers.map(({ url }) => ({ url: ownPathOf(url).replace(/(.)\/$/, '$1') }));
  return JSON.stringify({ ...described, servers });
}
