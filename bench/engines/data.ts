import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import Database from 'libsql';

/** The tables that the questions ask, with their columns; all whole numbers but for the texts named. */
export const tables = {
  person: [
    'id',
    'company_id',
    'lead_status_id',
    'created_form_id',
    'created_at',
    'first_touch_origin_id',
    'lead_creation_origin_id',
  ],
  origin: ['id', 'source_id', 'medium_id', 'campaign_id', 'channel_id', 'referrer_domain_id'],
  origin_value: ['id', 'alias_of'],
  submission: ['form_id', 'person_id', 'at', 'created_person', 'origin_id'],
  deal: ['id', 'person_id', 'company_id', 'amount_minor', 'registered_at', 'closed_at', 'status'],
  touch: ['id', 'person_id', 'at', 'origin_id'],
} as const;

/** What an engine that keeps rows needs for the questions, well chosen: each answers from an index alone. */
export const indexes = [
  'CREATE INDEX person_lead ON person (created_at, lead_creation_origin_id)',
  'CREATE INDEX person_first ON person (created_at, first_touch_origin_id)',
  'CREATE INDEX person_status ON person (created_at, lead_status_id)',
  'CREATE INDEX person_id_lead ON person (id, lead_creation_origin_id)',
  'CREATE INDEX deal_registered ON deal (registered_at, person_id)',
  'CREATE INDEX deal_closed ON deal (status, closed_at, person_id, amount_minor)',
  'CREATE INDEX submission_form ON submission ("at", form_id, created_person)',
  'CREATE INDEX touch_person ON touch (person_id, "at", origin_id)',
];

export const definitions = Object.entries(tables).map(
  ([table, columns]) =>
    `CREATE TABLE ${table} (${columns.map((column) => `"${column}" ${column === 'status' ? 'varchar(10)' : 'bigint'}`).join(', ')})`,
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
      .prepare(`SELECT ${columns.map((column) => `"${column}"`).join(', ')} FROM ${table}`)
      .raw()
      .iterate() as Iterable<Array<string | number | null>>;
    let lines: string[] = [];
    for (const row of rows) {
      lines.push(row.map((one) => one ?? '').join(','));
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
