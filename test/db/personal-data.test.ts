import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@libsql/client/http';
import type { Client } from '@libsql/client/http';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDatabase } from '../../src/db/client.ts';
import type { Database } from '../../src/db/client.ts';
import { rollUpReports } from '../../src/jobs/roll-up-reports.ts';
import { erasePeople, mentionColumns } from '../../src/services/people/erase-people.ts';
import { exportPerson } from '../../src/services/people/export-person.ts';
import { startLibsqlServer } from '../../tools/libsql-server/start-libsql-server.ts';
import type { LibsqlServer } from '../../tools/libsql-server/start-libsql-server.ts';
import { migrate } from '../../tools/migrations.ts';
import { declaredColumns, kindOf, namesNobody, rowsOfPerson } from '../support/personal-columns.ts';

// Every column of the schema is filled with something to be found again; what is looked for is in the file's own bytes.

const address = 'kari.nordmann+x@firma.no';
const clock = () => 5_000_000;
const config = { journeySecrets: [new TextEncoder().encode('a secret of the test, 32 bytes...')] };
let directory: string;
let server: LibsqlServer;
let client: Client;
let db: Database;
/** Where an address of somebody else may stand. */
const replaced = new Set(mentionColumns.flatMap((one) => one.columns.map((column) => `${one.table}.${column}`)));
type Column = { table: string; column: string; isText: boolean };
let columns: Column[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kilde-personal-'));
  server = await startLibsqlServer({ path: join(directory, 'kilde.db') });
  await migrate({ url: server.url });
  client = createClient({ url: server.url });
  db = openDatabase({ config: { databaseUrl: server.url } as never, fetch });
  const { rows } = await client.execute(`SELECT t.name AS "table", c.name AS "column", c.type AS type
    FROM sqlite_schema t, pragma_table_info(t.name) c
    WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' AND t.name NOT LIKE '%drizzle%' AND t.name NOT LIKE 'libsql%'`);
  columns = rows.map((row) => ({
    table: row['table'] as string,
    column: row['column'] as string,
    isText: (row['type'] as string).toLowerCase() === 'text',
  }));
});

afterEach(async () => {
  client.close();
  await server.close();
  await rm(directory, { recursive: true, force: true });
});

it('has a decision on every column of the schema', () => {
  expect(columns.filter(({ table, column }) => kindOf(table, column) === undefined)).toEqual([]);
  const known = new Set(columns.map(({ table, column }) => `${table}.${column}`));
  expect(declaredColumns().filter((one) => !known.has(one))).toEqual([]);
  const mentions = columns.filter(({ table, column }) => kindOf(table, column) === 'mention');
  expect(mentions.filter(({ table, column }) => !replaced.has(`${table}.${column}`))).toEqual([]);
});

/** A text of its own for each column of the person's rows. */
const markOf = (table: string, column: string) => `mark-${table}-${column}-kari`.replaceAll('_', '-');

const json: Record<string, (mark: string) => unknown> = {
  'submission.fields': (mark) => ({ message: mark }),
  'touch.raw': (mark) => ({ source: mark }),
  'touch.click_ids': (mark) => [{ name: 'gclid', value: mark }],
  'record_change.was': (mark) => mark,
  'record_change.became': (mark) => mark,
  'bulk_update_row.before': (mark) => ({ title: mark }),
  'person_merge.kept': (mark) => ({ first_name: mark }),
  'person_merge.removed': (mark) => ({ first_name: mark }),
  'person_merge.moved': (mark) => ({ mark }),
  'quarantine.payload': (mark) => ({
    id: 'q',
    formKey: 'f',
    at: 1,
    fields: { email: address.toUpperCase(), message: mark },
    journey: [],
    control: {},
  }),
  'bulk_update.change': () => ({ field: 'title', set: address }),
};

/** Rows of two people: Kari, number 1, all of whose columns carry their marks, and another, number 2, who mentions her. */
async function fill(): Promise<void> {
  const row = async (table: string, given: Record<string, string | number | null>, { marks = true } = {}) => {
    const all: Record<string, string | number | null> = { ...given };
    for (const { table: of, column } of columns) {
      if (of !== table || column in all) continue;
      const kind = kindOf(of, column);
      const name = `${of}.${column}`;
      if (marks && (kind === 'personal' || kind === 'trace')) {
        const mark = markOf(of, column);
        all[column] = json[name] ? JSON.stringify(json[name](mark)) : mark;
      } else if (replaced.has(name)) {
        const text = `x ${address.toUpperCase()}, ${encodeURIComponent(address)}`;
        all[column] = JSON.stringify(json[name] ? json[name](text) : { text });
      }
    }
    const names = Object.keys(all);
    await client.execute({
      sql: `INSERT INTO "${table}" (${names.map((name) => `"${name}"`).join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
      args: Object.values(all),
    });
  };
  const points = {
    first_touch_origin_id: 1,
    first_touch_at: 1,
    first_touch_landing_page_id: 0,
    lead_creation_origin_id: 1,
    lead_creation_at: 1,
    lead_creation_landing_page_id: 0,
  };
  await row('origin_value', { id: 1, field: 'source', first_seen_at: 1, canonical: `x ${address}` });
  const none = {
    site_id: 1,
    medium_id: 0,
    campaign_id: 0,
    term_id: 0,
    content_id: 0,
    utm_id_id: 0,
    referrer_domain_id: 0,
  };
  await row('origin', { id: 1, ...none, source_id: 1, channel_id: 0, key: `["${address}"]` });
  await row('form', { id: 1, key: 'f', name: 'F', site_id: 1, created_at: 1 });
  await row('company', {
    id: 1,
    created_via: 'form',
    created_at: 1,
    updated_at: 1,
    creation_id: 's1',
    source_person_id: 1,
  });
  const person = {
    company_id: 1,
    created_via: 'form',
    created_form_id: 1,
    created_at: 1,
    updated_at: 1,
    creation_id: 's1',
    ...points,
  };
  await row('person', { id: 1, email: address, lead_status_id: 1, country: 'NO', ...person });
  await row('person', { id: 2, email: `l${address}`, lead_status_id: 1, ...person }, { marks: false });
  await row('person_email', { person_id: 1 });
  await row('consent', { person_id: 1, at: 1 });
  await row('touch', { id: 1, person_id: 1, at: 1, origin_id: 1, landing_page_id: 0, click_id_name: 'gclid' });
  await row('touch', { id: 2, person_id: 2, at: 1, origin_id: 1, landing_page_id: 0 }, { marks: false });
  const sent = { form_id: 1, company_id: 1, at: 1, origin_id: 1, touch_at: 1, landing_page_id: 0, journey: '[1]' };
  await row('submission', { id: 's1', person_id: 1, ...sent });
  await row('submission', { id: 's2', person_id: 2, ...sent }, { marks: false });
  await row('stored_file', { id: 'f1', submission_id: 's1', type: 'text/plain', size: 1, at: 1 });
  await row(
    'stored_file',
    { id: 'f2', submission_id: 's2', field: 'x', name: 'x', sha256: 'x', type: 'text/plain', size: 1, at: 1 },
    { marks: false },
  );
  await row('consent_request', { submission_id: 's1', confirm_url: 'https://x.no', at: 1 });
  await row(
    'consent_request',
    { submission_id: 's2', purpose: 'x', confirm_url: 'https://x.no', at: 1 },
    { marks: false },
  );
  const deal = { status: 'won', amount_minor: 100, currency: 'NOK', registered_at: 1, closed_at: 2, updated_at: 2 };
  await row('deal', { external_id: 'd1', person_id: 1, company_id: 1, ...deal });
  await row('deal', { external_id: 'd2', person_id: 2, company_id: 1, ...deal }, { marks: false });
  await row('person_merge', { person_id: 1, removed_person_id: 9, at: 1 });
  await row('company_merge', { id: 1, company_id: 1, removed_company_id: 9, at: 1 });
  await row('company_alias', { kind: 'nameKey', merge_id: 1, company_id: 1 });
  await row('bulk_update', { id: 'b', entity: 'person', at: 1, count: 2 });
  await row('bulk_update_row', { bulk_update_id: 'b', entity: 'person', record_id: 1 });
  await row('bulk_update_row', { bulk_update_id: 'b', entity: 'person', record_id: 2 }, { marks: false });
  const change = { entity: 'person', at: 1, field: 'title' };
  await row('record_change', { record_id: 1, ...change });
  await row('record_change', { record_id: 2, ...change }, { marks: false });
  await row('quarantine', { id: 'q', form_id: 1, at: 1, reasons: '[]' });
  await row('dead_letter', { id: 'm', at: 1, reason: 'x', attempts: 1 });
  await row('spam_cluster', { id: 1, features: '[]', count: 1, people: 1, companies: 0, at: 1 });
  await row('spam_record', { kind: 'submission', record_id: 's', cluster_id: 1 });
  await row('selection', { id: 1, entity: 'person', kind: 'dynamic', created_at: 1 });
  await row('selection_member', { selection_id: 1, member_id: 1, added_at: 1 });
  await row('saved_report', { created_at: 1, updated_at: 1 });
  const schedule = { report_id: 'r', cron: '* * * * *', time_zone: 'UTC', language: 'en', targets: '[]' };
  await row('schedule', { id: 1, ...schedule, created_at: 1, updated_at: 1 });
  await row('report_run', { id: 'r', schedule_id: 1, due_at: 1, trigger_kind: 'cron', status: 'done', lease_until: 1 });
  await row('delivery', { run_id: 'r', target: '{}', next_at: 1 });
  await row('webhook', { id: 1, name: 'w', url: 'https://x.no', secret: 's', events: '[]', created_at: 1 });
  await row('event', { id: 1, type: 'person.created', person_id: 1, subject_id: '1', at: 1 });
  await row('event_delivery', { webhook_id: 1, event_id: 1, person_id: 2, next_at: 1 });
  await row('link', { slug: 'l', site_id: 1, created_at: 1 });
  await row('link_placement', { link_id: 1, visits: 1 });
  await row('alias', { id: 1, field: 'source', created_at: 1 });
  await row('alias_from', { field: 'source', alias_id: 1 });
  await row('distinct_values', { field: 'source', created_at: 1 });
  await row('audit_entry', { at: 1, status: 200 });
  await row('saying', { id: 9 });
  await row('owner', { id: 1, created_at: 1 });
  await row('user', { id: 1, email: 'staff@firma.no', role: 'viewer', created_at: 1 });
  const provider = { issuer: 'https://id.firma.no', client_id: 'c', allowed_domains: '[]', default_role: 'viewer' };
  await row('sign_in_provider', { id: 1, ...provider, created_at: 1 });
  await row('annotation', { id: 1, day: '2026-01-01', created_at: 1 });
  await row('dashboard', { id: 1, created_at: 1, updated_at: 1 });
  await row('category', { id: 99, category_group: 'Other', position: 99 });
  await row('api_key', { id: 1, hash: 'h', prefix: 'p', scopes: '[]', created_at: 1 });
  // Reports then keep her answer too.
  await rollUpReports({ db });
}

/** All the bytes of the database, the write-ahead log's too, as text in lower case. */
async function bytes(): Promise<string> {
  const names = (await readdir(directory)).filter((name) => !name.endsWith('-shm'));
  const parts = await Promise.all(names.map(async (name) => readFile(join(directory, name), 'latin1')));
  return parts.join('\n').toLowerCase();
}

const marks = (...kinds: string[]) =>
  columns
    .filter(({ table, column, isText }) => isText && kinds.includes(kindOf(table, column) ?? ''))
    .map(({ table, column }) => markOf(table, column))
    .filter((mark) => mark !== 'mark-person-email-kari');

it('gives everything that is personal in the file of one person', async () => {
  await fill();
  const file = JSON.stringify(await exportPerson({ db, clock }, { id: 1 }));
  expect(marks('personal').filter((mark) => !file.includes(mark))).toEqual([]);
  expect(file).toContain(address);
});

it('knows of every table that names people', () => {
  const names = /^(member_id|record_id|submission_id|(\w+_)?person_id)$/;
  const tables = new Set(columns.filter(({ column }) => names.test(column)).map(({ table }) => table));
  expect([...tables].filter((table) => !(table in rowsOfPerson) && !(table in namesNobody))).toEqual([]);
});

it('gives every column of every row of a person in their file', async () => {
  await fill();
  const run = async (sql: string, args: Array<string | number> = []) => client.execute({ sql, args });
  // What rows point at, under names of their own.
  const named: Record<string, string> = {
    company: `INSERT INTO company (id, name, name_fold, created_via, created_at, updated_at, creation_id) VALUES (?, ?, '', 'api', 1, 1, '')`,
    owner: 'INSERT INTO owner (id, name, created_at) VALUES (?, ?, 1)',
    stage: `INSERT INTO stage (id, name, pipeline_id, position, probability, status) VALUES (?, ?, 1, 9, 0, 'open')`,
    lead_status: 'INSERT INTO lead_status (id, name, position) VALUES (?, ?, 9)',
    form: `INSERT INTO form (id, name, key, site_id, created_at) VALUES (?1, ?2, ?2, 1, 1)`,
    selection: `INSERT INTO selection (id, name, entity, kind, created_at) VALUES (?, ?, 'person', 'static', 1)`,
    webhook: `INSERT INTO webhook (id, name, url, secret, events, created_at) VALUES (?, ?, '', '', '[]', 1)`,
    page: `INSERT INTO origin_value (id, label, canonical, field, first_seen_at) VALUES (?, ?, hex(randomblob(8)), 'landing_page', 1)`,
    origin: `INSERT INTO origin_value (id, label, canonical, field, first_seen_at) VALUES (?, ?, hex(randomblob(8)), 'source', 1)`,
  };
  await run('UPDATE event_delivery SET person_id = 1');
  // The other has no company and no journey with her.
  await run('UPDATE person SET company_id = NULL WHERE id = 2');
  await run('UPDATE deal SET company_id = NULL WHERE person_id = 2');
  await run('UPDATE submission SET company_id = NULL WHERE person_id = 2');
  await run("UPDATE submission SET journey = '[2]' WHERE person_id = 2");
  let number = 1_000;
  const isToldBy = new Map<string, string>();
  for (const [table, { by, untold = '' }] of Object.entries(rowsOfPerson)) {
    const foreign = await run(`SELECT "from" AS name, "table" AS of FROM pragma_foreign_key_list('${table}')`);
    const pointsAt = new Map(foreign.rows.map((row) => [row['name'] as string, row['of'] as string]));
    for (const { column, isText } of columns.filter((one) => one.table === table)) {
      const name = `${table}.${column}`;
      const isMarked = isText && kindOf(table, column) === 'personal';
      if (column === by || column === 'id' || untold.split(/\s+/).includes(column)) continue;
      number += 1;
      const mark = `told-${table}-${column}-${number}`.replaceAll('_', '-');
      const [, target = pointsAt.get(column)] = /(page|origin|form)_id$/.exec(column) ?? [];
      let value: string | number = number;
      if (isMarked) isToldBy.set(name, name === 'person.email' ? address : markOf(table, column));
      else if (target !== undefined) {
        await run(named[target]!, [number, mark]);
        if (target === 'origin') {
          await run(
            `INSERT INTO origin (id, site_id, source_id, medium_id, campaign_id, term_id, content_id, utm_id_id, referrer_domain_id, channel_id, key)
              VALUES (?, 1, ?, 0, 0, 0, 0, 0, 0, 0, ?)`,
            [number, number, mark],
          );
        }
        isToldBy.set(name, mark);
      } else if (/(^|_)at$/.test(column)) {
        value = Date.UTC(2_000 + (number % 1_000), 1, 3);
        isToldBy.set(name, new Date(value).toISOString());
      } else if (isText) {
        value = mark;
        isToldBy.set(name, mark);
      } else if (column === 'idempotency_conflict') {
        value = 1;
        isToldBy.set(name, '"idempotencyConflict":true');
      } else if (column === 'amount_minor') isToldBy.set(name, `"amount":${number / 100}`);
      else if (column.startsWith('created_')) {
        value = 1;
        isToldBy.set(name, column === 'created_person' ? '"createdPerson":true' : '"createdCompany":true');
      } else isToldBy.set(name, `"${number}"`);
      if (!isMarked) await run(`UPDATE "${table}" SET "${column}" = ? WHERE "${by}" = 1`, [value]);
    }
  }
  await run(`INSERT INTO delivery (submission_id, target, next_at) VALUES ((SELECT id FROM submission WHERE person_id = 1),
    '{"kind":"email","to":["told-delivery@x.no"]}', 1)`);
  await run(`INSERT INTO audit_entry (at, operation, target, status) VALUES (1, 'GET /people/:id/export', '{"id":"1"}', 200),
    (2, 'DELETE /people/:id', '{"id":"11"}', 204), (3, 'DELETE /forms/:id', '{"id":"1"}', 204)`);
  await run(
    `UPDATE dead_letter SET payload = json_object('inbound', json_object('fields', json_object('E-post', ?, 'm', 'told-letter')))`,
    [` ${address.toUpperCase()}`],
  );
  const told = await exportPerson({ db, clock }, { id: 1 });
  const file = JSON.stringify(told);
  expect([...isToldBy].filter(([, text]) => !file.includes(text))).toEqual([]);
  expect(file).toContain('told-delivery@x.no');
  expect(file).toContain('told-letter');
  expect(told.auditLog.map(({ operation }) => operation)).toEqual(['GET /people/:id/export']);
  // And of nobody else.
  expect(file).not.toContain(`l${address}`);
  const other = JSON.stringify(await exportPerson({ db, clock }, { id: 2 }));
  expect(other).not.toContain('told-');
});

it('leaves nothing of an erased person in a byte of the file', async () => {
  await fill();
  // The test must be able to find it.
  const before = await bytes();
  const found = (text: string) => marks('personal', 'trace').filter((mark) => text.includes(mark));
  expect(found(before)).toEqual(marks('personal', 'trace'));

  expect(await erasePeople({ db, clock, config }, { ids: [1] })).toBe(1);
  const dump = await dumpText();
  // The other's address ends the same, and is another one.
  const others = dump.replaceAll(`l${address}`, '');
  expect(others).not.toContain(address);
  expect(others).not.toContain(encodeURIComponent(address).toLowerCase());
  expect(found(dump)).toEqual([]);

  await server.close();
  const after = await bytes();
  expect(found(after)).toEqual([]);
  expect(after.replaceAll(`l${address}`, '')).not.toContain(address);
});

async function dumpText(): Promise<string> {
  const parts: string[] = [];
  for (const table of new Set(columns.map((one) => one.table))) {
    parts.push(...(await client.execute(`SELECT * FROM "${table}"`)).rows.map((row) => JSON.stringify(row)));
  }
  return parts.join('\n').toLowerCase();
}

it('leaves others as they were, but for the address they mention', async () => {
  await fill();
  await erasePeople({ db, clock, config }, { ids: [1] });
  const { rows } = await client.execute('SELECT fields FROM submission WHERE person_id = 2');
  expect(JSON.parse(rows[0]!['fields'] as string)).toEqual({
    message: 'x erased@erased.invalid, erased@erased.invalid',
  });
  expect((await client.execute('PRAGMA foreign_key_check')).rows).toEqual([]);
  expect((await client.execute('SELECT email FROM person WHERE id = 2')).rows).toEqual([{ email: `l${address}` }]);
  expect((await client.execute('SELECT count(*) AS n FROM erasure')).rows).toEqual([{ n: 2 }]);
});

/** Addresses as people are known by them. */
const known = [
  'kari.nordmann+x@firma.no',
  'ærlig.øst@xn--blbr-firma-25an.no',
  "o'brien/å=b@sub.example.com",
  'i̇da@firma.no',
];
const unicodeDomain: Record<string, string> = { 'xn--blbr-firma-25an.no': 'blåbær-firma.no' };

const hexBytes = (text: string) =>
  Array.from(new TextEncoder().encode(text)).map((byte) => byte.toString(16).padStart(2, '0'));
const isPlain = (letter: string) => /[a-z0-9]/i.test(letter);
type Encoder = (letter: string, options: { upper: boolean }) => string;
const byBytes =
  (sign: string): Encoder =>
  (letter, { upper }) =>
    hexBytes(letter)
      .map((hex) => sign + (upper ? hex.toUpperCase() : hex))
      .join('');
const encoders: Record<string, Encoder> = {
  percent: byBytes('%'),
  quotedPrintable: byBytes('='),
  json: (letter, { upper }) =>
    letter
      .split('')
      .map((unit) => unit.charCodeAt(0).toString(16).padStart(4, '0'))
      .map((hex) => `\\u${upper ? hex.toUpperCase() : hex}`)
      .join(''),
  html: (letter, { upper }) =>
    Array.from(letter)
      .map((one) => (upper ? `&#x${one.codePointAt(0)!.toString(16)};` : `&#${one.codePointAt(0)};`))
      .join(''),
};

const spelling = fc
  .record({
    email: fc.constantFrom(...known),
    casing: fc.constantFrom('lower', 'upper', 'mixed'),
    form: fc.constantFrom('NFC', 'NFD'),
    unicode: fc.boolean(),
    layers: fc.array(
      fc.record({ encoder: fc.constantFrom(...Object.keys(encoders)), all: fc.boolean(), upper: fc.boolean() }),
      { maxLength: 2 },
    ),
  })
  .map(({ email, casing, form, unicode, layers }) => {
    const [local, domain] = email.split('@') as [string, string];
    let text = `${local}@${(unicode && unicodeDomain[domain]) || domain}`.normalize(form);
    if (casing === 'upper') text = text.toUpperCase();
    if (casing === 'mixed')
      text = Array.from(text)
        .map((one, n) => (n % 2 ? one.toUpperCase() : one))
        .join('');
    for (const { encoder, all, upper } of layers) {
      const encode = encoders[encoder]!;
      text = Array.from(text)
        .map((one) => (!all && isPlain(one) ? one : encode(one, { upper })))
        .join('');
    }
    return { email, text };
  });

it('leaves no spelling of an address in any column of anybody’s rows', { timeout: 120_000 }, async () => {
  await fill();
  await client.execute("UPDATE person SET email = 'other@annet.no' WHERE id = 2");
  // The other's former address holds Kari's, and is another one.
  await client.execute("DELETE FROM record_change WHERE field = 'email'");
  await client.execute('INSERT INTO consent (person_id, purpose, at) VALUES (2, 1, 1)');
  await client.execute(
    "INSERT INTO person_merge (person_id, removed_person_id, kept, removed, moved, at) VALUES (2, 8, '{}', '{}', '{}', 1)",
  );
  const textColumns = columns.filter(({ table, column }) => {
    const kind = kindOf(table, column);
    // Made of others: ids, hashes, and a name without its signs.
    const isMade =
      /hash|sha256|name_key|^saying\./.test(`${table}.${column}`) || (table === 'person' && column === 'email');
    return (kind === 'mention' || kind === 'personal' || kind === 'trace') && !isMade && table !== 'person_email';
  });
  expect(textColumns.length).toBeGreaterThan(60);
  const keys: Record<string, string> = { quarantine: 'id', dead_letter: 'id', spam_record: 'record_id' };
  let id = 100;
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          spelt: spelling,
          column: fc.constantFrom(...textColumns),
          around: fc.constantFrom('', '"', ' ', '/'),
        }),
        {
          minLength: 12,
          maxLength: 12,
        },
      ),
      async (cases) => {
        id += 10;
        for (const [n, email] of known.entries()) {
          await client.execute({
            sql: `INSERT INTO person (id, email, created_via, created_at, updated_at, creation_id, first_touch_origin_id, first_touch_at,
              first_touch_landing_page_id, lead_creation_origin_id, lead_creation_at, lead_creation_landing_page_id)
              VALUES (?, ?, 'form', 1, 1, 'c', 1, 1, 0, 1, 1, 0) ON CONFLICT DO NOTHING`,
            args: [id + n, email],
          });
        }
        // In one row of each table that is not the person's own, or in a new one where rows are deleted.
        for (const [n, { spelt, column, around }] of cases.entries()) {
          const text = around + spelt.text + around;
          const value = JSON.stringify({ text });
          if (column.table === 'quarantine')
            await client.execute(
              `INSERT INTO quarantine (id, form_id, at, reasons, payload) VALUES ('q${id}-${n}', 1, 1, '[]', '{}')`,
            );
          if (column.table === 'dead_letter')
            await client.execute(
              `INSERT INTO dead_letter (id, at, reason, attempts, payload) VALUES ('d${id}-${n}', 1, 'x', 1, '{}')`,
            );
          if (column.table === 'spam_record')
            await client.execute(
              `INSERT INTO spam_record (kind, record_id, cluster_id, row_json) VALUES ('submission', 's${id}-${n}', 1, '{}')`,
            );
          const where = keys[column.table]
            ? `${keys[column.table]} LIKE '%${id}-${n}'`
            : `rowid = (SELECT max(rowid) FROM "${column.table}" WHERE rowid < 100)`;
          const done = await client.execute({
            sql: `UPDATE "${column.table}" SET "${column.column}" = ? WHERE ${where}`,
            args: [value],
          });
          expect([column.table, done.rowsAffected]).toEqual([column.table, 1]);
        }
        const { rows } = await client.execute({
          sql: 'SELECT id FROM person WHERE email IN (SELECT value FROM json_each(?))',
          args: [JSON.stringify(known)],
        });
        await erasePeople({ db, clock, config }, { ids: rows.map((one) => Number(one['id'])) });
        const parts: string[] = [];
        for (const table of new Set(columns.map((one) => one.table)))
          parts.push(
            ...(await client.execute(`SELECT * FROM "${table}"`)).rows.flatMap((row) => Object.values(row).map(String)),
          );
        const dump = parts.join('\n');
        const left = cases.filter(
          ({ spelt }) => dump.includes(JSON.stringify(spelt.text).slice(1, -1)) || dump.includes(spelt.text),
        );
        expect(left).toEqual([]);
      },
    ),
    { numRuns: 30, endOnFailure: true },
  );
});
