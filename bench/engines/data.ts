import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import Database from 'libsql';

/** The tables that the questions ask, with their columns, of the names and kinds they have in the product. */
export const tables = {
  person: [
    'id',
    'creation_id text',
    'company_id',
    'lead_status_id',
    'created_form_id',
    'created_via text',
    'created_at',
    'first_touch_origin_id',
    'first_touch_at',
    'lead_creation_origin_id',
    'deal_state',
  ],
  origin: ['id', 'source_id', 'medium_id', 'campaign_id', 'channel_id', 'referrer_domain_id'],
  origin_value: ['id', 'field text', 'label text', 'alias_of', 'first_seen_at'],
  submission: ['id text', 'form_id', 'person_id', 'at', 'created_person', 'origin_id', 'self_reported text'],
  deal: [
    'id',
    'person_id',
    'company_id',
    'amount_minor',
    'registered_at',
    'closed_at',
    'status text',
    'first_touch_origin_id',
    'lead_creation_origin_id',
  ],
  touch: ['id', 'person_id', 'at', 'origin_id'],
  cost: ['day text', 'origin_id', 'amount_minor'],
} as const;

/** What an engine that keeps rows needs for the questions, well chosen: each answers from an index alone where it can. */
export const indexes = [
  'CREATE INDEX person_lead ON person (created_at) INCLUDE (lead_creation_origin_id, created_form_id, created_via, deal_state)',
  'CREATE INDEX person_first ON person (created_at) INCLUDE (first_touch_origin_id, first_touch_at, creation_id, deal_state)',
  'CREATE INDEX person_status ON person (created_at) INCLUDE (lead_status_id, deal_state)',
  'CREATE UNIQUE INDEX person_id ON person (id) INCLUDE (created_at, first_touch_at)',
  'CREATE INDEX deal_registered ON deal (registered_at) INCLUDE (lead_creation_origin_id, first_touch_origin_id, closed_at, status, amount_minor, person_id, id)',
  'CREATE INDEX deal_closed ON deal (closed_at) INCLUDE (status, lead_creation_origin_id, first_touch_origin_id, amount_minor, person_id, id)',
  'CREATE INDEX submission_at ON submission ("at") INCLUDE (form_id, created_person, origin_id, person_id)',
  'CREATE UNIQUE INDEX submission_id ON submission (id) INCLUDE (self_reported)',
  'CREATE INDEX touch_person ON touch (person_id, "at", id) INCLUDE (origin_id)',
  'CREATE UNIQUE INDEX origin_id ON origin (id)',
  'CREATE UNIQUE INDEX origin_value_id ON origin_value (id) INCLUDE (alias_of)',
  'CREATE INDEX cost_day ON cost (day) INCLUDE (origin_id, amount_minor)',
];

const nameOf = (column: string) => `"${column.split(' ')[0]!}"`;

export const definitions = Object.entries(tables).map(
  ([table, columns]) =>
    `CREATE TABLE ${table} (${columns.map((column) => `${nameOf(column)} ${column.endsWith(' text') ? 'varchar' : 'bigint'}`).join(', ')})`,
);

/** The same rows as CSV, for engines to read. @returns the directory, made once for each world. */
export async function exportWorld(path: string): Promise<string> {
  const directory = resolve(`${path}.csv`);
  const whole = join(directory, 'whole');
  if (existsSync(whole)) return directory;
  await mkdir(directory, { recursive: true, mode: 0o755 });
  const database = new Database(path, { readonly: true });
  for (const [table, columns] of Object.entries(tables)) {
    const out = createWriteStream(join(directory, `${table}.csv`));
    const rows = database
      .prepare(`SELECT ${columns.map(nameOf).join(', ')} FROM ${table}`)
      .raw()
      .iterate() as Iterable<Array<string | number | null>>;
    let lines: string[] = [];
    for (const row of rows) {
      lines.push(row.map(cellOf).join(','));
      if (lines.length < 10_000) continue;
      if (!out.write(`${lines.join('\n')}\n`)) await once(out, 'drain');
      lines = [];
    }
    out.end(lines.length > 0 ? `${lines.join('\n')}\n` : '');
    await once(out, 'finish');
  }
  database.close();
  await writeFile(whole, '');
  return directory;
}

function cellOf(value: string | number | null): string | number {
  if (value === null) return '';
  return typeof value === 'string' ? `"${value.replaceAll('"', '""')}"` : value;
}
