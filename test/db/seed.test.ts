import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@libsql/client/http';
import type { Client } from '@libsql/client/http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDeps } from '../../src/deps.ts';
import type { Env } from '../../src/config.ts';
import { readAttention } from '../../src/services/attention/read-attention.ts';
import { startLibsqlServer } from '../../tools/libsql-server/start-libsql-server.ts';
import type { LibsqlServer } from '../../tools/libsql-server/start-libsql-server.ts';
import { migrate } from '../../tools/migrations.ts';
import { makeWorld } from '../../tools/seed/make-world.ts';
import { storeWorld } from '../../tools/seed/store-world.ts';
import { differences } from '../../tools/totals-sql.ts';
import '../../tools/bytes-base64.ts';

const until = Date.parse('2026-09-01T00:00:00Z');
const people = 600;

let folder: string;
let server: LibsqlServer;
let client: Client;
let env: Pick<Env, 'LIBSQL_URL' | 'ASSETS'>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kilde-seed-'));
  server = await startLibsqlServer({ path: join(folder, 'kilde.db') });
  await migrate({ url: server.url });
  client = createClient({ url: server.url });
  const assets = join(import.meta.dirname, '../../assets');
  env = {
    LIBSQL_URL: server.url,
    ASSETS: { fetch: async (url) => new Response(await readFile(join(assets, new URL(url).pathname), 'utf8')) },
  };
  await storeWorld({ world: makeWorld({ people, until }), env, until });
});

afterAll(async () => {
  client.close();
  await server.close();
  await rm(folder, { recursive: true });
});

const rows = async (statement: string) => (await client.execute(statement)).rows.map((row) => ({ ...row }));

it('makes the same world of the same arguments, and another of others', () => {
  expect(makeWorld({ people: 200, until })).toEqual(makeWorld({ people: 200, until }));
  expect(makeWorld({ people: 200, until, seed: 2 })).not.toEqual(makeWorld({ people: 200, until }));
});

it('stores the partners with the leads and deals of the document', async () => {
  const found =
    await rows(`SELECT v.label AS source, m.label AS medium, count(DISTINCT p.id) AS leads, count(d.id) AS deals
    FROM person p JOIN origin o ON o.id = p.lead_creation_origin_id JOIN origin_value v ON v.id = o.source_id
    JOIN origin_value m ON m.id = o.medium_id LEFT JOIN deal d ON d.person_id = p.id
    WHERE v.label LIKE 'Partner %' GROUP BY 1, 2 ORDER BY 1`);
  expect(found).toEqual([
    { source: 'Partner A', medium: 'email', leads: 30, deals: 2 },
    { source: 'Partner B', medium: 'webinar', leads: 50, deals: 10 },
    { source: 'Partner C', medium: 'referral', leads: 10, deals: 1 },
  ]);
});

it('stores everybody with a journey, by the rules of a form', async () => {
  const [counts] = await rows(`SELECT (SELECT count(*) FROM person) AS people, (SELECT count(*) FROM touch) AS touches,
    (SELECT count(*) FROM submission WHERE created_person = 0) AS conversions, (SELECT count(*) FROM company) AS companies,
    (SELECT count(*) FROM consent) AS consents, (SELECT count(*) FROM person WHERE email IS NULL) AS byPhone,
    (SELECT count(*) FROM visit_day) AS visits, (SELECT count(*) FROM cost) AS costs`);
  expect(counts!['people']).toBeGreaterThanOrEqual(people);
  for (const count of Object.values(counts!)) expect(count).toBeGreaterThan(5);
  expect(counts!['touches']).toBeGreaterThan(people);
});

it('stores nobody’s address: every one is below a name that nobody can have', async () => {
  const addresses = await rows("SELECT email FROM person WHERE email IS NOT NULL AND email NOT LIKE '%.example'");
  expect(addresses).toEqual([]);
});

it('leaves stored totals that a recount agrees with', async () => {
  expect(await rows(`SELECT count(*) AS n FROM (${differences})`)).toEqual([{ n: 0 }]);
});

it('has something of each kind that needs attention', async () => {
  const deps = createDeps({ ...env, JOURNEY_KEYS: 'c2VlZA'.repeat(8) }, { clock: () => until });
  const kinds = new Set((await readAttention(deps)).map(({ kind }) => kind));
  deps.db.$client.close();
  expect([...kinds]).toEqual(
    expect.arrayContaining(['dealsWithoutLead', 'quarantine', 'newSpellings', 'costsMissing']),
  );
});
