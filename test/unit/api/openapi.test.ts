import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { createApi } from '../../../src/api.ts';
import { createAuth } from '../../../src/auth.ts';
import type { Deps } from '../../../src/http/deps.ts';
import { describeApi } from '../../../tools/openapi/describe-api.ts';
import { describeParts, maxBytes } from '../../../tools/openapi/describe-parts.ts';

const operations = [createApi, createAuth].flatMap((create) => create({} as Deps).operations);

type Json = { [name: string]: any };
let described: Json;
let all: Array<{ name: string; operation: Json }>;

beforeAll(() => {
  described = describeApi(operations);
  all = Object.entries(described['paths'] as Json).flatMap(([path, { parameters = [], ...methods }]) =>
    Object.entries(methods as Json).map(([method, operation]) => ({
      name: `${method} ${path}`,
      operation: { ...operation, parameters: [...parameters, ...(operation['parameters'] ?? [])] },
    })),
  );
});

/** What a reference stands for. */
function follow(value: Json): Json {
  if (typeof value?.['$ref'] !== 'string') return value;
  const found = value['$ref']
    .slice(2)
    .split('/')
    .reduce((at: Json, step: string) => at?.[step], described);
  expect([value['$ref'], found !== undefined]).toEqual([value['$ref'], true]);
  return { ...follow(found), ...(value['description'] ? { description: value['description'] } : {}) };
}

const parts = Object.entries(describeParts(operations));

describe.each(parts)('assets/%s', (name, part) => {
  test('describes the API as it is: npm run build:openapi writes it again', async () => {
    expect(JSON.parse(await readFile(`assets/${name}`, 'utf8'))).toEqual(JSON.parse(JSON.stringify(part)));
  });

  test('is no longer than a description may be', () => {
    expect(Buffer.byteLength(JSON.stringify(part))).toBeLessThan(maxBytes);
  });

  test('is complete in itself', () => {
    const text = JSON.stringify(part);
    for (const [, path] of text.matchAll(/"\$ref":"#\/([^"]+)"/g)) {
      const found = path!.split('/').reduce((at: Json | undefined, step) => at?.[step], part);
      expect([path, found !== undefined]).toEqual([path, true]);
    }
  });
});

test('each operation is described in one of the two files, as in the description of the whole API', () => {
  const idsOf = ({ paths }: Json) =>
    Object.values(paths as Json).flatMap(({ parameters: _parameters, ...methods }) =>
      Object.values(methods as Json).map(({ operationId, summary }) => `${operationId}: ${summary}`),
    );
  const inParts = parts.flatMap(([, part]) => idsOf(part));
  expect(inParts.toSorted()).toEqual(idsOf(described).toSorted());
});

test('every tag says what its operations are about', () => {
  for (const { name, description } of described['tags'] as Json[]) {
    expect([name, description.length > 5 && description !== name]).toEqual([name, true]);
  }
});

test('every operation is described once, by an id of its own, with a summary and a tag that is listed', () => {
  expect(all.filter(({ name }) => / \/api\/(v1|auth)\//.test(name))).toHaveLength(operations.length);
  expect(new Set(all.map(({ operation }) => operation['operationId'])).size).toBe(all.length);
  const tags = new Set((described['tags'] as Json[]).map(({ name }) => name));
  for (const { name, operation } of all) {
    expect([name, operation['summary']?.length > 5, tags.has(operation['tags'][0])]).toEqual([name, true, true]);
  }
  for (const path of ['/t', '/f/{form}', '/l/{slug}', '/k.js', '/health', '/api/v1/people']) {
    expect(Object.keys(described['paths'])).toContain(path);
  }
  expect(described['servers']).toEqual([{ url: '/' }]);
});

test('every parameter and property is described', () => {
  const missing = new Set<string>();
  const visit = (schema: Json, place: string): void => {
    if (typeof schema !== 'object' || schema === null || schema['$ref']) return;
    for (const [name, property] of Object.entries((schema['properties'] ?? {}) as Record<string, Json>)) {
      if (!follow(property)['description']) missing.add(`${place}.${name}`);
      visit(property, `${place}.${name}`);
    }
    for (const name of ['items', 'additionalProperties']) visit(schema[name], place);
    for (const name of ['anyOf', 'oneOf', 'allOf', 'prefixItems'])
      for (const one of schema[name] ?? []) visit(one, place);
  };
  for (const [name, schema] of Object.entries(described['components'].schemas as Record<string, Json>))
    visit(schema, name);
  for (const { name, operation } of all) {
    for (const given of operation['parameters'] ?? []) {
      const parameter = follow(given);
      if (!parameter['description']) missing.add(`${name} ${parameter['name']}`);
      visit(parameter['schema'], `${name} ${parameter['name']}`);
    }
    for (const { content } of [
      operation['requestBody'] ?? {},
      ...Object.values(operation['responses']).map((one) => follow(one as Json)),
    ]) {
      for (const one of Object.values((content ?? {}) as Record<string, Json>)) visit(one['schema'], name);
    }
  }
  // Say it with `.describe(…)`, or once for the name in tools/openapi/words.ts.
  expect([...missing]).toEqual([]);
});

/** The example of a schema: its own, or that of the component that it is, or of the items that it lists. */
function exampleOf(schema: Json): unknown {
  const found = follow(schema);
  const [base] = found['allOf'] ?? found['anyOf'] ?? [];
  const { items } = found['properties'] ?? {};
  return found['examples']?.[0] ?? (items?.items ? exampleOf(items.items) : base && exampleOf(base));
}

test('every body and answer of JSON has an example, and is named', () => {
  for (const { name, operation } of all) {
    for (const one of [operation['requestBody'], ...Object.values(operation['responses'])]) {
      const json = one && follow(one as Json)['content']?.['application/json'];
      if (!json) continue;
      expect([name, json.example ?? exampleOf(json.schema)]).toEqual([name, expect.anything()]);
      if (!name.includes('/api/v1/')) continue;
      const envelope = follow(json.schema.properties?.items ?? {}).items;
      expect([
        name,
        json.schema.$ref ?? json.schema.properties?.items?.$ref ?? envelope?.$ref ?? envelope?.type,
      ]).toEqual([name, expect.any(String)]);
    }
  }
});

test('every list has one parameter of conditions, by the names of its fields, and one of its page, order and form', () => {
  const lists = operations.filter(({ list }) => list);
  for (const { path, list } of lists) {
    const { operation } = all.find(({ name }) => name === `get /api/v1${path.replace(/:(\w+)/g, '{$1}')}`)!;
    const [filter, query] = (operation['parameters'] as Json[]).map(follow).filter((one) => one['in'] === 'query');
    expect([path, filter!['name'], query!['name']]).toEqual([path, 'filter', 'query']);
    const names = JSON.stringify(follow(follow(filter!['schema'])['propertyNames']).anyOf.map(follow));
    const own = list!.fields.filter(({ name, filterable }) => filterable && !name.includes('.'));
    for (const { name } of own) expect([path, names]).toEqual([path, expect.stringContaining(`"${name}"`)]);
    const schema = follow(query!['schema']);
    const controls = Object.keys({ ...follow(schema['allOf']?.[0] ?? {})['properties'], ...schema['properties'] });
    const dated = list!.moment === null ? [] : ['from', 'to', 'period'];
    expect(controls).toEqual(
      expect.arrayContaining(['sort', 'limit', 'cursor', 'count', 'columns', 'format', ...dated]),
    );
    expect(controls.includes('from')).toBe(list!.moment !== null);
  }
  expect(lists.length).toBeGreaterThan(30);
});

test('every PATCH takes If-Match, and says what 412 means', () => {
  const patched = all.filter(({ name }) => name.startsWith('patch '));
  for (const { name, operation } of patched) {
    const headers = (operation['parameters'] as Json[]).map(follow).filter((one) => one['in'] === 'header');
    expect([name, headers]).toEqual([
      name,
      [expect.objectContaining({ name: 'If-Match', description: expect.stringContaining('412') })],
    ]);
  }
  expect(patched.length).toBeGreaterThan(15);
});

test('a property without words of its own is an error', () => {
  const response = z.object({ unheardOf: z.string() });
  const operation = { method: 'get', path: '/things', summary: 'Shows the things', scope: 'read', response } as const;
  expect(() => describeApi([operation])).toThrow('No words for Thing.unheardOf: add them');
});

test('objects that share properties describe them once', () => {
  const names = ['name', 'title', 'country', 'phone', 'email', 'firstName', 'lastName', 'description'];
  const body = z.strictObject(Object.fromEntries(names.map((name) => [name, z.string()])));
  const response = z.object({ ...body.shape, url: z.string() });
  const { components } = describeApi([
    { method: 'post', path: '/things', summary: 'Makes a thing', scope: 'write', body, status: 201 },
    { method: 'get', path: '/things', summary: 'Shows a thing', scope: 'read', response },
  ]);
  const { NewThing, Thing } = components.schemas as Record<string, Json>;
  expect([Object.keys(NewThing!['properties']), NewThing!['required']]).toEqual([names, names]);
  expect(Thing!['allOf']).toEqual([{ $ref: '#/components/schemas/NewThing' }]);
  expect([Object.keys(Thing!['properties']), Thing!['required']]).toEqual([['url'], ['url']]);
});

describe('an operation', () => {
  const body = z.strictObject({ at: z.iso.datetime().transform((text) => Date.parse(text)) }).partial();
  const paths = () =>
    describeApi([
      {
        method: 'patch',
        path: '/things/:id/parts',
        summary: 'Changes the parts of a thing',
        scope: 'write',
        query: z.strictObject({ limit: z.coerce.number().int().default(5), q: z.string() }),
        body,
        response: z.object({ id: z.string() }),
      },
    ]);

  test('has its parameters as they are sent, its body before it is read, its scope and its answer by their names', () => {
    const { paths: found, components } = paths();
    const { parameters, patch: operation } = found['/api/v1/things/{id}/parts'];
    const [, ...given] = operation.parameters;
    expect(
      [...parameters, ...given].map(({ name, in: where, required = false }: Json) => [name, where, required]),
    ).toEqual([
      ['id', 'path', true],
      ['limit', 'query', false],
      ['q', 'query', true],
    ]);
    expect(operation.requestBody.content['application/json'].schema).toEqual({
      $ref: '#/components/schemas/ThingPartChanges',
    });
    expect(components.schemas['ThingPartChanges']).toMatchObject({
      properties: { at: { type: 'string', format: 'date-time' } },
    });
    expect(operation.security).toEqual([{ key: ['write'] }]);
    expect(operation.responses['200'].content['application/json'].schema).toEqual({
      $ref: '#/components/schemas/ThingPart',
    });
  });
});
