import Database from 'libsql';
import { it } from 'vitest';
import { sentFields } from '../../src/domain/attribution/origin-fields.ts';
import type { SentField } from '../../src/domain/attribution/origin-fields.ts';
import { recordOf } from '../../src/domain/record-of.ts';
import { intakeColumns } from '../../src/db/program/intake-columns.ts';
import { intakeStatement, readIntakeOutcome } from '../../src/db/queries/capture/store-intake.ts';
import type { Intake, IntakeOutcome } from '../../src/db/queries/capture/store-intake.ts';
import { withKey } from '../../src/services/attribution/prepare-touches.ts';
import { readMigrations } from '../../tools/migrations.ts';

/**
 * The database's own program (src/db/program) without a server: an in-memory database with every migration run, and a savepoint
 * that gives each test the same rows. A test reads as: rows given, one statement, rows expected.
 */

export type Row = Record<string, any>;
type Value = string | number | null;

export const dayMs = 86_400_000;
export const hourMs = 3_600_000;
/** The moment at which a test's lead arrives, and the moments at which earlier rows were stored. */
export const at = Date.parse('2026-09-01T10:00:00Z');
export const earlier = at - 10 * dayMs;

/** What a row has where a test says nothing else. Names are those of the tables. */
const defaults: Record<string, Row> = {
  company: {
    name: 'Firma AS',
    name_fold: 'firma as',
    created_via: 'api',
    created_at: earlier,
    updated_at: earlier,
    creation_id: 'earlier',
  },
  person: {
    email: 'kari@firma.no',
    created_via: 'api',
    created_at: earlier,
    updated_at: earlier,
    creation_id: 'earlier',
    first_touch_origin_id: 0,
    first_touch_at: earlier,
    first_touch_landing_page_id: 0,
    lead_creation_origin_id: 0,
    lead_creation_at: earlier,
    lead_creation_landing_page_id: 0,
  },
  owner: { name: 'Ola', created_at: 0 },
  form: { key: 'other', name: 'Other', site_id: 1, created_at: 0 },
  site: { key: 'other', name: 'Other', created_at: 0 },
  submission: { id: 'earlier', form_id: 1, at: earlier, fields: '{}' },
  quarantine: { id: 'held', form_id: 1, at: earlier, reasons: '["honeypot"]', payload: '{"fields":{}}' },
  consent_request: { purpose: 'newsletter', confirm_url: 'https://edge.example.com/f/other', at: earlier },
  form_day: { form_id: 1, day: '2026-08-22', submissions: 1, new_leads: 0, last_at: earlier },
  selection: { name: 'Readers', entity: 'person', kind: 'static', created_at: 0 },
  origin_value: { label: 'Label', first_seen_at: earlier },
  origin: {
    site_id: 1,
    source_id: 0,
    medium_id: 0,
    campaign_id: 0,
    term_id: 0,
    content_id: 0,
    utm_id_id: 0,
    referrer_domain_id: 0,
    channel_id: 0,
  },
  touch: { at: earlier, landing_page_id: 0 },
  alias: { created_at: 0, label: 'Label' },
  webhook: { name: 'Hook', url: 'https://hooks.example.com', secret: 'whsec_', created_at: 0 },
  person_merge: { kept: '{}', removed: '{}', moved: '{}', at: earlier },
  spam_cluster: { features: '[]', count: 1, people: 1, companies: 1, at: earlier },
  spam_record: { row_json: '{}' },
  company_merge: { kept: '{}', removed: '{}', moved: '{}', at: earlier },
  deal: { status: 'open', amount_minor: 1_000_00, currency: 'NOK', registered_at: at, updated_at: at },
};

/** Values of a touch of a journey. Everything is canonical already. */
export type GivenTouch = Partial<Record<SentField, string | null>> & {
  at?: number;
  channel?: string;
  clickIdName?: string | null;
  clickIdValue?: string | null;
  clickIds?: Array<{ name: string; value: string }> | null;
  landingPage?: string | null;
  raw?: Record<string, string> | null;
  standIn?: true;
};

type PreparedJourney = Pick<
  Intake,
  | 'originValues'
  | 'origins'
  | 'touches'
  | 'inForceKey'
  | 'inForceAt'
  | 'inForceLandingPage'
  | 'firstTouchKey'
  | 'firstTouchAt'
  | 'firstTouchLandingPage'
>;

/** The columns of a lead that its journey fills: the first touch is the first of the list, the last one is in force. */
export function journeyOf(given: GivenTouch[]): PreparedJourney {
  const values: Row[] = [];
  const addValue = (field: string, canonical: string | null | undefined) => {
    if (canonical) values.push({ field, canonical, label: canonical.toUpperCase() });
  };
  const touches = given.map((touch) => {
    const named = recordOf(sentFields, (field) => touch[field] ?? null);
    const channel = touch.channel ?? 'Referral';
    const origin = withKey({ ...named, siteId: 1, channel, clickIdName: touch.clickIdName ?? null });
    for (const field of sentFields) addValue(field, touch[field]);
    addValue('channel', channel);
    addValue('landingPage', touch.landingPage);
    const { clickIdName = null, clickIdValue = null, clickIds = null, landingPage = null, raw = null, standIn } = touch;
    const stored = { at: touch.at ?? at, key: origin.key, landingPage, clickIdName, clickIdValue, clickIds, raw };
    return { origin, touch: standIn ? { ...stored, standIn } : stored };
  });
  const [first, last] = [touches[0]!.touch, touches.at(-1)!.touch];
  return {
    originValues: JSON.stringify(values),
    origins: JSON.stringify([...new Map(touches.map(({ origin }) => [origin.key, origin])).values()]),
    touches: JSON.stringify(touches.map(({ touch }) => touch)),
    inForceKey: last.key,
    inForceAt: last.at,
    inForceLandingPage: last.landingPage,
    firstTouchKey: first.key,
    firstTouchAt: first.at,
    firstTouchLandingPage: first.landingPage,
  };
}

/** A form's submission by kari@firma.no, who says nothing else. */
const givenLead: Partial<Intake> = {
  version: 1,
  at,
  now: at + 1,
  createdVia: 'form',
  email: 'kari@firma.no',
  leadStatusId: 1,
  companyExplicit: 0,
  formId: 1,
  fields: '{}',
  day: '2026-09-01',
  contentSince: at - 30_000,
  ...journeyOf([{ source: 'linkedin', landingPage: '/a' }]),
};
/** The same from elsewhere than a form. */
export const apiLead: Partial<Intake> = {
  createdVia: 'api',
  formId: null,
  fields: null,
  day: null,
  contentSince: null,
};

/** Statements are prepared once: what a statement sets off takes milliseconds to compile. */
const prepared = new WeakMap<
  InstanceType<typeof Database>,
  Map<string, ReturnType<typeof Database.prototype.prepare>>
>();
function prepare(database: InstanceType<typeof Database>, statement: string) {
  const known = prepared.get(database) ?? new Map<string, ReturnType<typeof Database.prototype.prepare>>();
  prepared.set(database, known);
  const found = known.get(statement) ?? database.prepare(statement);
  known.set(statement, found);
  return found;
}

export class ProgramDatabase {
  readonly database: InstanceType<typeof Database>;
  #leads = 0;

  constructor(database: InstanceType<typeof Database>) {
    this.database = database;
  }

  /** Rows of any statement. */
  all(statement: string, ...args: Value[]): Row[] {
    const rows = prepare(this.database, statement).all(...args) as Row[];
    return rows.map(({ _metadata, ...row }) => row);
  }

  run(statement: string, ...args: Value[]): void {
    prepare(this.database, statement).run(...args);
  }

  /** Inserts a row with defaults. @returns its id. */
  insert(table: string, values: Row = {}): number {
    const row = { ...defaults[table], ...values };
    if (table === 'deal') row['external_id'] ??= `deal-${this.all('SELECT count(*) AS n FROM deal')[0]!['n']}`;
    const names = Object.keys(row);
    this.run(
      `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
      ...(Object.values(row) as Value[]),
    );
    return Number(this.all('SELECT last_insert_rowid() AS id')[0]!['id']);
  }

  /** Changes the row of a table that has the id. */
  update(table: string, id: Value, values: Row): void {
    const names = Object.keys(values);
    this.run(
      `UPDATE ${table} SET ${names.map((name) => `${name} = ?`).join(', ')} WHERE id = ?`,
      ...(Object.values(values) as Value[]),
      id,
    );
  }

  /** The one row of a table that has these values. */
  row(table: string, where: Record<string, Value> = {}): Row {
    const rows = this.rows(table, where);
    if (rows.length !== 1) throw new Error(`${rows.length} rows of ${table} have ${JSON.stringify(where)}, not one.`);
    return rows[0]!;
  }

  rows(table: string, where: Record<string, Value> = {}): Row[] {
    const names = Object.keys(where);
    const condition = names.map((name) => `${name} IS ?`).join(' AND ');
    return this.all(`SELECT * FROM ${table}${condition && ` WHERE ${condition}`}`, ...Object.values(where));
  }

  /** Stores a lead by the Worker's own statement. */
  store(lead: Partial<Intake> = {}): IntakeOutcome {
    this.#leads += 1;
    const none = Object.fromEntries(intakeColumns.map((name) => [name, null]));
    const intake = { ...none, ...givenLead, id: `lead-${this.#leads}`, ...lead } as Intake;
    const { sql, args } = intakeStatement(intake) as { sql: string; args: Value[] };
    return readIntakeOutcome({ row: this.all(sql, ...args)[0]!, intake });
  }

  /** An origin by its channel and more, with the values that it needs. @returns its id. */
  origin({ channel = 'Referral', ...values }: Row & { channel?: string } = {}): number {
    const known = this.rows('origin_value', { field: 'channel', canonical: channel })[0]?.['id'];
    const channelId = known ?? this.insert('origin_value', { field: 'channel', canonical: channel, label: channel });
    const row = { channel_id: channelId, ...values };
    return this.insert('origin', { key: JSON.stringify(row), ...row });
  }

  /** Rolls up all that is left. @throws Error where something is left after ten steps. */
  rollUp(): void {
    for (let step = 0; this.row('settling')['is_left'] === 1; step += 1) {
      if (step === 10) throw new Error('Something is left to roll up after ten steps of 150 records.');
      this.run('INSERT INTO settling VALUES (1)');
    }
  }
}

export type ProgramTest = { name: string; run: (db: ProgramDatabase) => void };
let collected: ProgramTest[] | null = null;
let shared: ProgramDatabase['database'] | null = null;

/** A database with every migration run and the form `demo`. */
export async function openProgramDatabase(): Promise<ProgramDatabase['database']> {
  const database = new Database(':memory:');
  for (const { statements } of await readMigrations()) {
    for (const statement of statements) if (statement !== '') database.exec(statement);
  }
  database.exec("INSERT INTO form (key, name, site_id, created_at) VALUES ('demo', 'Demo', 1, 0)");
  return database;
}

/** Runs a test and takes back all that it stored. */
export function runProgramTest(database: ProgramDatabase['database'], { run }: Pick<ProgramTest, 'run'>): void {
  database.exec('SAVEPOINT test');
  try {
    run(new ProgramDatabase(database));
  } finally {
    database.exec('ROLLBACK TO test');
    database.exec('RELEASE test');
  }
}

/** A test of the database's program. */
export function test(name: string, run: ProgramTest['run']): void {
  if (collected) collected.push({ name, run });
  else it(name, async () => runProgramTest((shared ??= await openProgramDatabase()), { run }));
}

/** The tests of files that are loaded meanwhile: run by whoever asks, as often as wanted (tools/mutate-program.ts). */
export async function collectProgramTests(load: () => Promise<unknown>): Promise<ProgramTest[]> {
  collected = [];
  try {
    await load();
    return collected;
  } finally {
    collected = null;
  }
}
