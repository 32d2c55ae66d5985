import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createClient } from '@libsql/client/http';
import type { Client } from '@libsql/client/http';
import { openDatabase } from '../src/db/client.ts';
import { rollUpReports } from '../src/jobs/roll-up-reports.ts';
import { startLibsqlServer } from '../tools/libsql-server/start-libsql-server.ts';
import { migrate, readMigrations } from '../tools/migrations.ts';

/** The world ends here; it is three years long, and more people come each year. */
export const endOfWorld = Date.parse('2026-09-01T00:00:00Z');
const span = 3 * 365 * 86_400_000;

/** Channels with their medium, the commonest first. */
const channels = [
  ['Paid Search', 'cpc'],
  ['Organic Search', 'organic'],
  ['Paid Social', 'paid-social'],
  ['Email', 'email'],
  ['Organic Social', 'social'],
  ['Referral', 'referral'],
  ['Display', 'display'],
  ['Affiliates', 'affiliate'],
  ['AI Assistants', 'ai'],
  ['Organic Video', 'video'],
] as const;

const counts = { sources: 200, campaigns: 500, pages: 300, origins: 4_000, domains: 80, forms: 40, owners: 30 };
/** Media whose visits come from a page that links here. */
const referring = ['organic', 'paid-social', 'social', 'referral', 'ai', 'video'];

/**
 * A database as a company of some size has it, with three touches to each person, made by SQL alone, so that it is the same each
 * time: a few sources, forms and campaigns bring most, a third of all touches are direct, many touches fall on one moment. Kept
 * in .kilde/bench/ and made once for each state of the schema and of this file.
 * @returns the path of the file.
 */
export async function makeWorld(people: number): Promise<string> {
  const directory = join('.kilde', 'bench');
  await mkdir(directory, { recursive: true });
  const state = createHash('sha256')
    .update((await readMigrations()).at(-1)!.hash)
    .update(await readFile(import.meta.filename))
    .digest('hex');
  const path = join(directory, `${people}-${state.slice(0, 8)}.db`);
  if (existsSync(path)) return path;
  // Two that make the same world at once must not write into one file.
  const unfinished = `${path}.${process.pid}.part`;
  const server = await startLibsqlServer({ path: unfinished });
  try {
    await migrate({ url: server.url });
    await fill(createClient({ url: server.url }), people);
    const db = openDatabase({ config: { databaseUrl: server.url } as never, fetch });
    await rollUpReports({ db }, { transactions: Infinity });
    await createClient({ url: server.url }).execute('PRAGMA wal_checkpoint(TRUNCATE)');
  } finally {
    await server.close();
  }
  await rename(unfinished, path);
  for (const beside of ['-shm', '-wal']) await rm(`${unfinished}${beside}`, { force: true });
  return path;
}

/** A number from 0 up to 1 that depends on `i` and a salt alone, and looks like chance. */
const chance = (i: string, salt: number) =>
  `((((${i}) * 2654435761 + ${salt * 40_503}) & 4294967295) * 2246822519 >> 7 & 16777215) / 16777216.0`;
/** A whole number from 1 to `n`, the small ones much more often. */
const few = (i: string, salt: number, n: number) =>
  `(1 + CAST(${n} * (${chance(i, salt)}) * (${chance(i, salt)}) * (${chance(i, salt)}) AS integer))`;
const numbers = (n: number) => `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${n})`;

async function fill(client: Client, people: number): Promise<void> {
  const companies = Math.max(1, Math.floor(people / 5));
  const deals = Math.floor(people / 5);
  const value = (field: string, name: string) =>
    `(SELECT id FROM origin_value WHERE field = '${field}' AND canonical = ${name})`;
  const begin = endOfWorld - span;
  /** Later ones come closer together. */
  const createdAt = (i: string) =>
    `CAST(${begin} + ${span} * (0.4 * (${i}) / ${people}.0 + 0.6 * (1 - (1 - (${i}) / ${people}.0) * (1 - (${i}) / ${people}.0))) AS integer) - 1`;
  /** A moment up to so many days later, and no later than the world is. */
  const after = (at: string, days: number, salt: number) =>
    `${at} + CAST(min(${days} * 86400000.0, ${endOfWorld - 1} - ${at}) * ${chance('i', salt)} AS integer)`;
  const values = (field: string, n: number, name: string) =>
    `${numbers(n)} INSERT INTO origin_value (field, canonical, label, first_seen_at) SELECT '${field}', lower(${name}), ${name}, ${begin} + i * ${Math.floor(span / n)} FROM n`;
  const listed = JSON.stringify(channels);
  const lag = `CASE WHEN ${chance('i', 7)} < 0.4 THEN 0 ELSE CAST(40 * 86400000.0 * (${chance('i', 8)}) * (${chance('i', 8)}) AS integer) END`;
  const origin = (salt: number) => few('i', salt, counts.origins) + ' + 1';

  const batches: string[][] = [
    [
      values('source', counts.sources, `'Source ' || i`),
      values('referrerDomain', counts.domains, `'site' || i || '.com'`),
      values('campaign', counts.campaigns, `'Campaign ' || i`),
      values('landingPage', counts.pages, `'https://example.com/page/' || i`),
      `INSERT INTO origin_value (field, canonical, label, first_seen_at) SELECT 'channel', lower(value ->> 0), value ->> 0, 0 FROM json_each('${listed}')`,
      `INSERT INTO origin_value (field, canonical, label, first_seen_at) SELECT 'medium', value ->> 1, value ->> 1, 0 FROM json_each('${listed}')`,
      `INSERT INTO origin_value (field, canonical, label, first_seen_at) VALUES ('channel', 'direct', 'Direct', 0)`,
      // Corrections: a few sources count as another.
      `UPDATE origin_value SET alias_of = ${value('source', `'source 1'`)} WHERE field = 'source' AND canonical IN ('source 17', 'source 90', 'source 151')`,
    ],
    [
      `INSERT INTO origin (id, key, site_id, source_id, medium_id, campaign_id, term_id, content_id, utm_id_id, referrer_domain_id, channel_id)
        VALUES (1, 'direct', 1, 0, 0, 0, 0, 0, 0, 0, ${value('channel', `'direct'`)})`,
      `${numbers(counts.origins)} INSERT INTO origin (id, key, site_id, source_id, medium_id, campaign_id, term_id, content_id, utm_id_id, referrer_domain_id, channel_id)
        SELECT i + 1, 'o' || i, 1, ${value('source', `'source ' || ${few('i', 1, counts.sources)}`)}, m.id,
          CASE WHEN ${chance('i', 2)} < 0.8 THEN ${value('campaign', `'campaign ' || ${few('i', 3, counts.campaigns)}`)} ELSE 0 END, 0, 0, 0,
          CASE WHEN m.canonical IN (${referring.map((one) => `'${one}'`).join(', ')}) THEN ${value('referrerDomain', `'site' || ${few('i', 29, counts.domains)} || '.com'`)} ELSE 0 END, c.id
        FROM (SELECT i, ${few('i', 4, channels.length)} - 1 AS k FROM n) n JOIN json_each('${listed}') e ON e.key = n.k
        JOIN origin_value m ON m.field = 'medium' AND m.canonical = e.value ->> 1
        JOIN origin_value c ON c.field = 'channel' AND c.canonical = lower(e.value ->> 0)`,
      `${numbers(counts.forms)} INSERT INTO form (id, key, name, site_id, created_at) SELECT i, 'form-' || i, 'Form ' || i, 1, 0 FROM n`,
      `${numbers(counts.owners)} INSERT INTO owner (id, name, created_at) SELECT i, 'Owner ' || i, 0 FROM n`,
      `${numbers(companies)} INSERT INTO company (id, name, name_fold, domain, country, category_id, created_via, created_at, updated_at, creation_id)
        SELECT i, 'Company ' || i, 'company ' || i, 'c' || i || '.no', CASE WHEN i % 4 = 0 THEN 'SE' ELSE 'NO' END, 1 + i % 4, 'form', ${createdAt('i * 5')}, 0, 'c' || i FROM n`,
    ],
    [
      `${numbers(people)} INSERT INTO person (id, email, first_name, first_name_fold, last_name, last_name_fold, company_id, owner_id, lead_status_id, country, created_via, created_form_id,
          created_at, updated_at, creation_id, first_touch_origin_id, first_touch_at, first_touch_landing_page_id, lead_creation_origin_id, lead_creation_at, lead_creation_landing_page_id)
        SELECT i, 'p' || i || '@c' || (i % ${companies} + 1) || '.no', 'First ' || (i % 997), 'first ' || (i % 997), 'Last ' || i, 'last ' || i, i % ${companies} + 1,
          1 + i % ${counts.owners}, 1 + CAST(5 * ${chance('i', 5)} * ${chance('i', 5)} AS integer), CASE WHEN i % 7 = 0 THEN 'SE' ELSE 'NO' END,
          CASE WHEN via < 0.9 THEN 'form' WHEN via < 0.95 THEN 'chat' ELSE 'api' END, CASE WHEN via < 0.9 THEN ${few('i', 10, counts.forms)} END,
          at, at, 's' || i, first, at - lag, page, CASE WHEN lag = 0 THEN first ELSE second END, at, page
        FROM (SELECT i, ${createdAt('i')} AS at, ${lag} AS lag, ${origin(11)} AS first, ${origin(12)} AS second,
            (SELECT min(id) FROM origin_value WHERE field = 'landingPage') - 1 + ${few('i', 13, counts.pages)} AS page, ${chance('i', 9)} AS via FROM n)`,
    ],
    [
      `INSERT INTO touch (person_id, at, origin_id, landing_page_id) SELECT id, first_touch_at, first_touch_origin_id, first_touch_landing_page_id FROM person`,
      `INSERT OR IGNORE INTO touch (person_id, at, origin_id, landing_page_id) SELECT id, lead_creation_at, lead_creation_origin_id, lead_creation_landing_page_id FROM person`,
      `${numbers(Math.floor(people * 1.4))} INSERT OR IGNORE INTO touch (person_id, at, origin_id, landing_page_id)
        SELECT p.id, p.created_at + CAST(60 * 86400000.0 * ${chance('i', 14)} AS integer) - 20 * 86400000,
          CASE WHEN ${chance('i', 15)} < 0.7 THEN 1 ELSE ${origin(16)} END, 0
        FROM n JOIN person p ON p.id = 1 + CAST(${people} * ${chance('i', 17)} AS integer)`,
    ],
    [
      `INSERT INTO submission (id, form_id, person_id, company_id, at, created_person, origin_id, touch_at, landing_page_id, fields, self_reported)
        SELECT 's' || id, created_form_id, id, company_id, created_at, 1, lead_creation_origin_id, created_at, lead_creation_landing_page_id, '{}',
          CASE WHEN ${chance('id', 18)} < 0.3 THEN json_extract('["LinkedIn","linkedin","Google","A friend","Newsletter","Podkast","conference"]', '$[' || CAST(7 * ${chance('id', 19)} * ${chance('id', 19)} AS integer) || ']') END
        FROM person WHERE created_form_id IS NOT NULL`,
      `${numbers(Math.floor(people / 4))} INSERT INTO submission (id, form_id, person_id, company_id, at, created_person, origin_id, touch_at, landing_page_id, fields)
        SELECT 'c' || i, ${few('i', 20, counts.forms)}, p.id, p.company_id, ${after('p.created_at', 90, 21)}, 0, ${origin(22)}, p.created_at, 0, '{}'
        FROM n JOIN person p ON p.id = 1 + CAST(${people} * ${chance('i', 23)} AS integer)`,
      `${numbers(deals)} INSERT INTO deal (external_id, person_id, company_id, owner_id, status, amount_minor, currency, registered_at, closed_at, updated_at)
        SELECT 'd' || i, CASE WHEN i % 20 = 0 THEN NULL ELSE person_id END, company_id, owner_id, status, CAST(1000000 / (0.02 + ${chance('i', 24)}) AS integer), 'NOK', registered_at,
          CASE WHEN status <> 'open' THEN ${after('registered_at', 60, 25)} END, 0
        FROM (SELECT i, p.id AS person_id, p.company_id, p.owner_id, ${after('p.created_at', 40, 26)} AS registered_at,
            CASE WHEN ${chance('i', 27)} < 0.3 THEN 'won' WHEN ${chance('i', 27)} < 0.6 THEN 'lost' ELSE 'open' END AS status
          FROM n JOIN person p ON p.id = 1 + CAST(${people} * ${chance('i', 28)} AS integer))`,
      `${numbers(3 * 365)} INSERT INTO cost (day, origin_id, amount_minor, currency, updated_at)
        SELECT date('2023-09-01', '+' || i || ' days'), o.id, 10000 + o.id * 37 % 90000, 'NOK', 0 FROM n CROSS JOIN origin o WHERE o.id BETWEEN 2 AND 21`,
      `${numbers(3 * 365)} INSERT INTO visit_day (day, origin_id, landing_page_id, visits)
        SELECT date('2023-09-01', '+' || i || ' days'), o.id, (SELECT min(id) FROM origin_value WHERE field = 'landingPage') + o.id % 20, 1 + ${Math.floor(people / 20_000)} * 20 / o.id FROM n CROSS JOIN origin o WHERE o.id <= 60`,
      `INSERT INTO selection (id, name, entity, kind, created_at) VALUES (1, 'Hand-picked', 'person', 'static', 0)`,
      `INSERT INTO selection_member (selection_id, member_id, added_at) SELECT 1, id, 0 FROM person WHERE id % 500 = 0`,
    ],
  ];
  for (const batch of batches) await client.batch(batch, 'write');
}
