import { env as workerEnv } from 'cloudflare:workers';
import { beforeAll, expect, it } from 'vitest';
import { createApi } from '../../src/api.ts';
import type { Env } from '../../src/config.ts';
import { bodyExamples } from '../../tools/openapi/body-examples.ts';
import { describeApi } from '../../tools/openapi/describe-api.ts';
import { makeWorld } from '../../tools/seed/make-world.ts';
import { storeWorld } from '../../tools/seed/store-world.ts';
import { schemaFaults } from '../support/schema-faults.ts';
import { createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

// Every body that the description shows is sent, in the order of tools/openapi/body-examples.ts, to a database that has just been seeded;
// every answer has to be what the description says. Nothing leaves the machine.

type Json = { [name: string]: any };
const until = Date.parse('2026-09-01T00:00:00Z');
const submission = (bodyExamples['postSpamCluster'] as { submissionId: string }).submissionId;

let kilde: TestApp;
const described: Json = describeApi(createApi({} as never).operations);
/** Ids of the records that were made, by the path of their list. */
const made: Record<string, string> = {};

type Described = { id: string; method: string; path: string; operation: Json };
const all = Object.entries(described['paths'] as Json).flatMap(([path, methods]): Described[] =>
  Object.entries(methods as Json)
    .filter(([method]) => method !== 'parameters' && path.startsWith('/api/v1/'))
    .map(([method, operation]) => ({ id: operation['operationId'], method, path, operation })),
);
const withBody = all.filter(({ operation }) => operation['requestBody']);

const follow = (value: Json): Json =>
  typeof value?.['$ref'] === 'string'
    ? follow(
        value['$ref']
          .slice(2)
          .split('/')
          .reduce((at: Json, step: string) => at[step], described),
      )
    : value;

beforeAll(async () => {
  kilde = await createTestApp({
    fetch: async () => new Response('<html></html>', { headers: { 'content-type': 'text/html' } }),
  });
  const { ASSETS } = workerEnv as unknown as Env;
  const env = { LIBSQL_URL: kilde.deps.config.databaseUrl, ASSETS };
  await storeWorld({ world: makeWorld({ people: 100, until }), until, env });
  await kilde.sql(
    "INSERT INTO user (name, email, role, created_at) VALUES ('Marit', 'marit@example.com', 'viewer', 0)",
  );
  await kilde.submit('kontakt', {
    email: 'siri@solvang.example',
    name: 'Siri Solvang',
    message: 'Ring meg i morgen, takk.',
  });
  const [newest] = (await kilde.api('GET', '/submissions?sort=-at&limit=1')).body.items;
  await kilde.sql('UPDATE submission SET id = ? WHERE id = ?', [submission, newest.id]);
}, 60_000);

/** The address of an operation, with the ids of what was made here, or of the first that was seeded. */
const addressOf = (path: string): string =>
  path
    .replace('{mergeId}', made[path.split('/{')[0]!] ?? '1')
    .replace(/^(.*?)\/\{id\}/, (_, parent: string) => `${parent}/${made[parent] ?? '1'}`);

async function send({ method, path }: Described, body?: unknown): Promise<{ status: number; body: any }> {
  return kilde.api(method.toUpperCase(), addressOf(path).replace('/api/v1', ''), body);
}

/** What is wrong with an answer: its status, or where it is not what the description says. */
function faultsOf(answer: { status: number; body: any }, { operation }: Described): string[] {
  const response = operation['responses'][String(answer.status)] as Json | undefined;
  if (!response) return [`${answer.status} is not described: ${JSON.stringify(answer.body)?.slice(0, 300)}`];
  const schema = follow(response)['content']?.['application/json']?.schema as Json | undefined;
  return schema ? schemaFaults(answer.body, { schema, described }) : [];
}

it('every operation that takes a body has an example of its own', () => {
  expect(withBody.map(({ id }) => id).toSorted()).toEqual(Object.keys(bodyExamples).toSorted());
});

it('every example of a component is what the component says', () => {
  const schemas = Object.entries(described['components'].schemas as Record<string, Json>);
  const wrong = schemas.flatMap(([name, schema]) =>
    ((schema['examples'] ?? []) as unknown[]).flatMap((one) => schemaFaults(one, { schema, described, at: name })),
  );
  expect(wrong).toEqual([]);
  expect(schemas.filter(([, { examples }]) => examples).length).toBeGreaterThan(100);
});

it.each(Object.keys(bodyExamples))('the example of %s is taken, and answered as described', async (id) => {
  const found = withBody.find((one) => one.id === id)!;
  const answer = await send(found, bodyExamples[id]);
  expect(faultsOf(answer, found)).toEqual([]);
  if (answer.status === 201)
    made[found.path.replace(/\/\{id\}\/(copy|run)$/, '').replace(/\/\{id\}\/merge$/, '/merges')] ??= answer.body.id;
});

it('every GET that needs no more than an id answers as described', async () => {
  const shown = all.filter(
    ({ method, path, operation }) =>
      method === 'get' &&
      follow(operation['responses']['200'])['content']['application/json'] &&
      !/\{(fileId|base)\}/.test(path),
  );
  const faults: string[] = [];
  let count = 0;
  for (const one of shown) {
    const answer = await send(one);
    if ([404, 409, 422].includes(answer.status)) continue;
    count += 1;
    faults.push(...faultsOf(answer, one).map((text) => `${one.id}: ${text}`));
  }
  expect(faults).toEqual([]);
  expect(count).toBeGreaterThan(70);
});
