import { expect } from 'vitest';
import { at, dayMs, earlier, test } from '../../support/program-database.ts';
import type { ProgramDatabase, Row } from '../../support/program-database.ts';

const neverRolledUp = -Number.MAX_SAFE_INTEGER;
const numbers = ['n', 'm', 'won'];
const credits = ['last_touch', 'linear', 'position_based', 'time_decay'].flatMap((model) => [
  model,
  `${model}_m`,
  `${model}_won`,
]);

/** Rows added up by kind, period and key; those whose numbers are all 0 left out. */
function sums(rows: Row[], columns: string[]): Record<string, number[]> {
  const found: Record<string, number[]> = {};
  for (const row of rows) {
    const key = `${row['kind']} ${row['month']} ${row['key']}`;
    found[key] = columns.map((column, place) => (found[key]?.[place] ?? 0) + row[column]);
  }
  return Object.fromEntries(Object.entries(found).filter(([, values]) => values.some((value) => value !== 0)));
}

/** Stored totals are what the stored facts add up to, and facts are what the rows say. */
function expectConsistent(db: ProgramDatabase): void {
  const parts = [...db.rows('lead_part'), ...db.rows('deal_part')];
  expect(sums(db.rows('settled_total'), numbers)).toEqual(sums(parts, numbers));
  const credit = [...db.rows('lead_credit'), ...db.rows('deal_credit')];
  expect(sums(db.rows('credit_total'), credits)).toEqual(sums(credit, credits));
  const leads = new Set(leadIds(db));
  expect(db.rows('lead_fact')).toEqual(db.rows('lead_made').filter(({ person_id: id }) => leads.has(id)));
  const deals = new Set(dealIds(db));
  expect(db.rows('deal_fact')).toEqual(db.rows('deal_made').filter(({ deal_id: id }) => deals.has(id)));
}

/** Two people with touches and deals, a deal of a company alone, and one of nobody; all rolled up. */
function world(db: ProgramDatabase) {
  const [google, linkedin] = [
    db.origin({ channel: 'Paid Search', source_id: 101 }),
    db.origin({ channel: 'Paid Social', source_id: 102 }),
  ];
  const points = { first_touch_origin_id: google, first_touch_at: at - 9 * dayMs, lead_creation_origin_id: linkedin };
  const company = db.insert('company', {
    ...points,
    lead_creation_at: at - 2 * dayMs,
    first_touch_landing_page_id: 0,
    lead_creation_landing_page_id: 0,
  });
  const person = (email: string, created_via: string): number => {
    const creation_id = `by ${email}`;
    const id = db.insert('person', { ...points, email, created_via, created_at: at, creation_id, lead_status_id: 1 });
    db.insert('submission', { id: creation_id, person_id: id, self_reported: 'A friend' });
    for (const [origin_id, days] of [
      [google, 9],
      [linkedin, 2],
    ] as const)
      db.insert('touch', { person_id: id, at: at - days * dayMs, origin_id });
    return id;
  };
  const [kari, ola] = [person('kari@firma.no', 'form'), person('ola@firma.no', 'api')];
  const won = { status: 'won', amount_minor: 100_001, registered_at: at, closed_at: at + 3 * dayMs };
  const deals = {
    kari: db.insert('deal', { ...won, person_id: kari, company_id: company }),
    ola: db.insert('deal', { person_id: ola }),
    company: db.insert('deal', { ...won, company_id: company, status: 'lost' }),
    nobody: db.insert('deal', { currency: 'EUR' }),
  };
  db.rollUp();
  return { google, linkedin, company, kari, ola, deals };
}
const leadIds = (db: ProgramDatabase): number[] => db.rows('lead_fact').map(({ person_id: id }) => id);
const dealIds = (db: ProgramDatabase): number[] => db.rows('deal_fact').map(({ deal_id: id }) => id);
const dirtyLeads = (db: ProgramDatabase): number[] => db.rows('unsettled_lead').map(({ person_id: id }) => id);
const dirtyDeals = (db: ProgramDatabase): number[] => db.rows('unsettled_deal').map(({ deal_id: id }) => id);
/** What a change made dirty: these alone, their facts gone, and the totals without them. */
function expectDirty(db: ProgramDatabase, { leads = [], deals = [] }: { leads?: number[]; deals?: number[] }): void {
  expect(dirtyLeads(db)).toEqual(leads);
  expect(dirtyDeals(db)).toEqual(deals);
  expectConsistent(db);
  const allLeads = db.rows('person').map(({ id }) => id);
  const allDeals = db.rows('deal').map(({ id }) => id);
  expect(leadIds(db)).toEqual(allLeads.filter((id) => !leads.includes(id)));
  expect(dealIds(db)).toEqual(allDeals.filter((id) => !deals.includes(id)));
}

test('rolls up every lead and every deal, and adds them to the totals', (db) => {
  const { kari, ola, deals } = world(db);
  expect(leadIds(db)).toEqual([kari, ola]);
  expect(dealIds(db)).toEqual(Object.values(deals));
  expect(db.rows('settled_total').length).toBeGreaterThan(30);
  expect(db.rows('credit_total').length).toBeGreaterThan(10);
  expectDirty(db, {});
  expect(db.row('report_state')).toEqual({ id: 1, leads_to: ola, deals_to: deals.nobody, look_back_days: 90 });
  expect(db.row('settling')['is_left']).toBe(0);
});

test('stores each answer and each path once', (db) => {
  const { google, linkedin, kari } = world(db);
  const channelOf = (id: number): number => db.row('origin', { id })['channel_id'];
  const [search, social] = [channelOf(google), channelOf(linkedin)];
  const saying = db.row('saying');
  expect(saying['text']).toBe('A friend');
  expect(db.row('lead_fact', { person_id: kari })['saying_id']).toBe(saying['id']);
  expect(db.rows('report_path').map(({ path }) => path)).toEqual([`${search},${social}`]);
  db.update('submission', 'by kari@firma.no', { self_reported: 'A podcast' });
  db.update('submission', 'by ola@firma.no', { self_reported: null });
  db.run('UPDATE touch SET origin_id = ? WHERE person_id = ? AND origin_id = ?', linkedin, kari, google);
  db.run('INSERT INTO unsettle_all VALUES (90)');
  db.rollUp();
  expect(db.rows('saying').map(({ text }) => text)).toEqual(['A friend', 'A podcast']);
  expect(db.rows('report_path').map(({ path }) => path)).toEqual([`${search},${social}`, `${social},${social}`]);
  expectConsistent(db);
});

test('stores the path of a deal up to its close where that up to registration is another', (db) => {
  const { google, linkedin, kari, deals } = world(db);
  const channelOf = (id: number): number => db.row('origin', { id })['channel_id'];
  db.run('DELETE FROM report_path');
  db.insert('touch', { person_id: kari, at: at + dayMs, origin_id: google });
  db.rollUp();
  expect(db.rows('report_path').map(({ path }) => path)).toEqual([
    [google, linkedin].map(channelOf).join(','),
    [google, linkedin, google].map(channelOf).join(','),
  ]);
  expect(dirtyDeals(db)).toEqual([]);
  expect(db.row('deal_settled', { deal_id: deals.kari })['closed_path_id']).not.toBe(0);
});

test('stores the paths of leads, of registrations and of closes, each of channels after corrections', (db) => {
  const [search, social] = ['Paid Search', 'Paid Social'].map((channel, place) => {
    const id = db.origin({ channel, source_id: place + 1 });
    const corrected = db.insert('origin_value', { field: 'channel', canonical: `${channel}, corrected` });
    db.update('origin_value', db.row('origin', { id })['channel_id'], { alias_of: corrected });
    return { id, corrected };
  }) as [{ id: number; corrected: number }, { id: number; corrected: number }];
  const lead = db.insert('person', { created_at: at });
  db.insert('touch', { person_id: lead, at, origin_id: search.id });
  // A person of long ago: the journeys of the deal are no journeys of the lead.
  const person = db.insert('person', { email: 'ola@firma.no', created_at: at - 200 * dayMs });
  db.insert('touch', { person_id: person, at: at - dayMs, origin_id: social.id });
  db.insert('touch', { person_id: person, at: at + dayMs, origin_id: search.id });
  db.insert('deal', { person_id: person, status: 'won', closed_at: at + 2 * dayMs });
  db.rollUp();
  expect(db.rows('report_path').map(({ path }) => path)).toEqual([
    String(search.corrected),
    String(social.corrected),
    `${social.corrected},${search.corrected}`,
  ]);
});

test('rolls up at most 150 leads and 150 deals in one step, the lowest first', (db) => {
  const people = Array.from({ length: 153 }, (_, n) => db.insert('person', { email: `p${n}@firma.no` }));
  const deals = Array.from({ length: 152 }, (_, n) => db.insert('deal', { external_id: `d${n}` }));
  const step = () => db.run('INSERT INTO settling VALUES (1)');
  const isLeft = () => db.row('settling')['is_left'];
  expect(isLeft()).toBe(1);
  expect(db.rows('pending_lead')).toHaveLength(153);
  expect(db.rows('pending_deal')).toHaveLength(152);
  step();
  expect(leadIds(db)).toEqual(people.slice(0, 150));
  expect(dealIds(db)).toEqual(deals.slice(0, 150));
  expect(db.row('report_state')).toMatchObject({ leads_to: people[149], deals_to: deals[149] });
  expect(db.rows('pending_lead').map(({ id }) => id)).toEqual(people.slice(150));
  expect(db.rows('pending_deal').map(({ id }) => id)).toEqual(deals.slice(150));
  expectConsistent(db);
  step();
  expect(leadIds(db)).toEqual(people);
  expect(dealIds(db)).toEqual(deals);
  expect(isLeft()).toBe(0);
  expectConsistent(db);

  // The dirty, and those that are new, both in one step; the lowest of each first.
  for (const id of people.toReversed()) db.run('INSERT INTO unsettle_lead VALUES (?)', id);
  for (const id of deals.toReversed()) db.run('INSERT INTO unsettle_deal VALUES (?)', id);
  const [person, deal] = [db.insert('person'), db.insert('deal', { external_id: 'new' })];
  expect(db.rows('pending_lead')).toHaveLength(154);
  expect(db.rows('pending_deal')).toHaveLength(153);
  step();
  expect(leadIds(db)).toEqual([...people.slice(0, 150), person]);
  expect(dealIds(db)).toEqual([...deals.slice(0, 150), deal]);
  expect(dirtyLeads(db)).toEqual(people.slice(150));
  expect(dirtyDeals(db)).toEqual(deals.slice(150));
  expect(db.row('report_state')).toMatchObject({ leads_to: person, deals_to: deal });
  expectConsistent(db);
  step();
  expectDirty(db, {});
});

test('is not finished while one lead or one deal is left, dirty or new', (db) => {
  const { kari, deals } = world(db);
  const isLeft = () => db.row('settling')['is_left'];
  for (const [statement, id] of [
    ['INSERT INTO unsettle_lead VALUES (?)', kari],
    ['INSERT INTO unsettle_deal VALUES (?)', deals.kari],
    [
      "INSERT INTO person SELECT 999, 'x@firma.no', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'api', NULL, 0, 0, '', 0, 0, 0, 0, 0, 0, 0 WHERE ?",
      1,
    ],
    [
      "INSERT INTO deal (id, external_id, status, amount_minor, currency, registered_at, updated_at) SELECT 999, 'x', 'open', 0, 'NOK', 0, 0 WHERE ?",
      1,
    ],
  ] as const) {
    expect(isLeft()).toBe(0);
    db.run(statement, id);
    expect(isLeft()).toBe(1);
    db.rollUp();
  }
});

test('keeps how far it has rolled up where only earlier records are dirty', (db) => {
  const { kari, deals } = world(db);
  const before = db.row('report_state');
  db.run('INSERT INTO unsettle_lead VALUES (?)', kari);
  db.run('INSERT INTO unsettle_deal VALUES (?)', deals.kari);
  db.rollUp();
  db.run('INSERT INTO settling VALUES (1)');
  expect(db.row('report_state')).toEqual(before);
  expectDirty(db, {});
});

test('takes a dirty lead out of the totals, and adds it again', (db) => {
  const { kari } = world(db);
  const before = [sums(db.rows('settled_total'), numbers), sums(db.rows('credit_total'), credits)];
  db.run('INSERT INTO unsettle_lead VALUES (?)', kari);
  expectDirty(db, { leads: [kari] });
  db.run('INSERT INTO unsettle_lead VALUES (?)', kari);
  db.run('INSERT INTO unsettle_lead VALUES (?)', 999);
  expectDirty(db, { leads: [kari] });
  db.rollUp();
  expectDirty(db, {});
  expect([sums(db.rows('settled_total'), numbers), sums(db.rows('credit_total'), credits)]).toEqual(before);
});

test('takes a dirty deal out of the totals, and adds it again', (db) => {
  const { deals } = world(db);
  const before = [sums(db.rows('settled_total'), numbers), sums(db.rows('credit_total'), credits)];
  db.run('INSERT INTO unsettle_deal VALUES (?)', deals.kari);
  expectDirty(db, { deals: [deals.kari] });
  db.run('INSERT INTO unsettle_deal VALUES (?)', deals.kari);
  db.run('INSERT INTO unsettle_deal VALUES (?)', 999);
  expectDirty(db, { deals: [deals.kari] });
  db.rollUp();
  expectDirty(db, {});
  expect([sums(db.rows('settled_total'), numbers), sums(db.rows('credit_total'), credits)]).toEqual(before);
});

/** Nothing is rolled up. */
function expectAllDirty(db: ProgramDatabase, lookBackDays = 90): void {
  for (const table of ['lead_fact', 'deal_fact', 'settled_total', 'credit_total', 'unsettled_lead', 'unsettled_deal']) {
    expect(db.rows(table), table).toEqual([]);
  }
  expect(db.row('report_state')).toEqual({
    id: 1,
    leads_to: neverRolledUp,
    deals_to: neverRolledUp,
    look_back_days: lookBackDays,
  });
}

test('rolls up everything again where all is dirty, by the window given', (db) => {
  const { kari, deals } = world(db);
  db.run('INSERT INTO unsettle_lead VALUES (?)', kari);
  db.run('INSERT INTO unsettle_deal VALUES (?)', deals.kari);
  db.run('INSERT INTO unsettle_all VALUES (5)');
  expectAllDirty(db, 5);
  db.rollUp();
  expectDirty(db, {});
  expect(JSON.parse(db.row('lead_fact', { person_id: kari })['steps'])).toHaveLength(1);
});

test('makes a person dirty who comes back below the ids that are rolled up', (db) => {
  const { kari, ola } = world(db);
  db.run('DELETE FROM touch');
  const before = db.row('person', { id: kari });
  db.run('UPDATE deal SET person_id = NULL');
  db.run('UPDATE submission SET person_id = NULL');
  db.run('DELETE FROM person WHERE id = ?', kari);
  db.rollUp();
  db.insert('person', before);
  expectDirty(db, { leads: [kari] });
  db.run('DELETE FROM unsettled_lead');
  db.run('UPDATE report_state SET leads_to = ?', ola);
  db.run('DELETE FROM lead_fact WHERE person_id = ?', ola);
  const last = db.row('person', { id: ola });
  db.run('DELETE FROM person WHERE id = ?', ola);
  db.insert('person', last);
  expect(dirtyLeads(db)).toContain(ola);
  db.insert('person', { email: 'new@firma.no' });
  expect(dirtyLeads(db)).toEqual([ola]);
});

test('takes back a person and a deal that are still on the list of the dirty', (db) => {
  const { kari, deals } = world(db);
  db.run('UPDATE deal SET person_id = NULL');
  db.run('UPDATE submission SET person_id = NULL');
  db.rollUp();
  const [person, deal] = [db.row('person', { id: kari }), db.row('deal', { id: deals.kari })];
  db.run('DELETE FROM person WHERE id = ?', kari);
  db.run('DELETE FROM deal WHERE id = ?', deals.kari);
  db.insert('person', person);
  db.insert('deal', deal);
  expectDirty(db, { leads: [kari], deals: [deals.kari] });
  db.rollUp();
  expectDirty(db, {});
});

const personChanges: Array<[column: string, value: (db: ProgramDatabase) => string | number | null]> = [
  ['created_at', () => at + 1],
  ['created_via', () => 'chat'],
  ['created_form_id', () => 7],
  ['creation_id', () => 'another'],
  ['lead_status_id', () => 3],
  ['lead_creation_origin_id', (db) => db.origin({ channel: 'Email' })],
  ['deal_state', () => 0],
];
for (const [column, value] of personChanges) {
  test(`makes a person dirty whose ${column} changes`, (db) => {
    const { kari, deals } = world(db);
    db.update('person', kari, { [column]: value(db) });
    // The origins of a deal follow its person's.
    expectDirty(db, { leads: [kari], deals: column.endsWith('origin_id') ? [deals.kari] : [] });
    db.rollUp();
    expectDirty(db, {});
  });
}

test('makes a person dirty whose form or status is forgotten, and one that gets them', (db) => {
  const { kari } = world(db);
  for (const value of [5, null]) {
    db.update('person', kari, { created_form_id: value });
    expect(dirtyLeads(db)).toEqual([kari]);
    db.rollUp();
  }
});

test('makes a person and the person’s deals dirty whose first touch changes', (db) => {
  const { kari, linkedin, deals } = world(db);
  db.update('person', kari, { first_touch_at: at - 8 * dayMs });
  expectDirty(db, { leads: [kari], deals: [deals.kari] });
  db.rollUp();
  db.update('person', kari, { first_touch_origin_id: linkedin });
  expectDirty(db, { leads: [kari], deals: [deals.kari] });
});

test('makes nothing dirty where nothing of a person has changed that reports read', (db) => {
  const { kari } = world(db);
  const row = db.row('person', { id: kari });
  db.update('person', kari, { ...row, first_name: 'Kari', updated_at: at + 9 });
  expectDirty(db, {});
});

test('takes a removed person out of the totals', (db) => {
  const { kari, ola, deals } = world(db);
  db.run('UPDATE submission SET person_id = NULL');
  db.run('UPDATE deal SET person_id = NULL');
  db.rollUp();
  db.run('DELETE FROM person WHERE id = ?', kari);
  expect(leadIds(db)).toEqual([ola]);
  expect(dirtyLeads(db)).toEqual([kari]);
  expect(dealIds(db)).toEqual(Object.values(deals));
  expectConsistent(db);
  db.rollUp();
  expectDirty(db, {});
});

test('makes the person dirty whose answer changes at the submission that created them', (db) => {
  const { kari } = world(db);
  db.insert('submission', { id: 'later', person_id: kari, self_reported: 'x' });
  db.update('submission', 'later', { self_reported: 'y' });
  db.run('UPDATE submission SET self_reported = self_reported');
  expectDirty(db, {});
  db.update('submission', 'by kari@firma.no', { self_reported: 'A podcast' });
  expectDirty(db, { leads: [kari] });
  db.rollUp();
  db.update('submission', 'by kari@firma.no', { self_reported: null });
  expectDirty(db, { leads: [kari] });
});

test('makes the person dirty whose submission that created them is removed', (db) => {
  const { kari } = world(db);
  db.insert('submission', { id: 'later', person_id: kari });
  db.run("DELETE FROM submission WHERE id = 'later'");
  expectDirty(db, {});
  db.run("DELETE FROM submission WHERE id = 'by kari@firma.no'");
  expectDirty(db, { leads: [kari] });
});

test('makes a deal dirty that comes back below the ids that are rolled up', (db) => {
  const { deals } = world(db);
  for (const id of [deals.company, deals.nobody]) {
    const before = db.row('deal', { id });
    db.run('DELETE FROM deal WHERE id = ?', id);
    db.rollUp();
    db.insert('deal', before);
    expectDirty(db, { deals: [id] });
    db.rollUp();
  }
  db.insert('deal', { external_id: 'new' });
  expect(dirtyDeals(db)).toEqual([]);
});

const dealChanges: Array<[column: string, value: (given: ReturnType<typeof world>) => string | number | null]> = [
  ['company_id', () => null],
  ['status', () => 'lost'],
  ['amount_minor', () => 7],
  ['currency', () => 'EUR'],
  ['registered_at', () => at - dayMs],
  ['closed_at', () => null],
  ['first_touch_origin_id', ({ linkedin }) => linkedin],
  ['lead_creation_origin_id', ({ google }) => google],
];
for (const [column, value] of dealChanges) {
  test(`makes a deal dirty whose ${column} changes`, (db) => {
    const given = world(db);
    const { deals, kari } = given;
    db.update('deal', deals.kari, { [column]: value(given) });
    // What a person's deals amount to is a fact of the person.
    expectDirty(db, { leads: column === 'status' ? [kari] : [], deals: [deals.kari] });
    db.rollUp();
    expectDirty(db, {});
  });
}

test('makes a deal dirty that gets another person, and both people', (db) => {
  const { deals, kari, ola } = world(db);
  db.update('deal', deals.kari, { person_id: ola });
  expectDirty(db, { leads: [kari, ola], deals: [deals.kari] });
});

test('makes nothing dirty where nothing of a deal has changed that reports read', (db) => {
  const { deals } = world(db);
  const row = db.row('deal', { id: deals.kari });
  db.update('deal', deals.kari, { ...row, name: 'Boat', updated_at: at + 9 });
  db.update('deal', deals.nobody, db.row('deal', { id: deals.nobody }));
  expectDirty(db, {});
});

test('takes a removed deal out of the totals', (db) => {
  const { deals } = world(db);
  db.run('DELETE FROM deal WHERE id = ?', deals.company);
  expect(dealIds(db)).not.toContain(deals.company);
  expectConsistent(db);
  db.rollUp();
  expectDirty(db, {});
});

const companyChanges: Array<[column: string, value: (given: ReturnType<typeof world>) => number | null]> = [
  ['first_touch_origin_id', ({ linkedin }) => linkedin],
  ['first_touch_at', () => at - 8 * dayMs],
  ['lead_creation_origin_id', ({ google }) => google],
  ['lead_creation_at', () => null],
];
for (const [column, value] of companyChanges) {
  test(`makes the deals of a company without a person dirty where its ${column} changes`, (db) => {
    const given = world(db);
    db.update('company', given.company, { [column]: value(given) });
    expectDirty(db, { deals: [given.deals.company] });
    db.rollUp();
    expectDirty(db, {});
  });
}

test('makes nothing dirty where a company’s source does not change, or that of another company', (db) => {
  const { company } = world(db);
  db.update('company', company, { ...db.row('company', { id: company }), name: 'New' });
  const other = db.insert('company', { name: 'Other' });
  db.update('company', other, { first_touch_at: 1 });
  expectDirty(db, {});
});

/** A touch of a person at a moment, and who is dirty afterwards: lead and deals come at `at` and close later. */
const touchMoments: Array<[what: string, moment: number, lead: boolean, deal: boolean]> = [
  ['before the lead', at - dayMs, true, true],
  ['at the moment of the lead and the registration', at, true, true],
  ['after the registration and before the close', at + dayMs, false, true],
  ['at the moment of the close', at + 3 * dayMs, false, true],
  ['after the close', at + 3 * dayMs + 1, false, false],
];
for (const [what, moment, lead, deal] of touchMoments) {
  test(`makes dirty what a new touch ${what} is part of`, (db) => {
    const { kari, google, deals } = world(db);
    db.insert('touch', { person_id: kari, at: moment, origin_id: google });
    expectDirty(db, { leads: lead ? [kari] : [], deals: deal ? [deals.kari] : [] });
    db.rollUp();
    expectDirty(db, {});
  });

  test(`makes dirty what a removed touch ${what} was part of`, (db) => {
    const { kari, google, deals } = world(db);
    const id = db.insert('touch', { person_id: kari, at: moment, origin_id: google });
    db.rollUp();
    db.run('DELETE FROM touch WHERE id = ?', id);
    expectDirty(db, { leads: lead ? [kari] : [], deals: deal ? [deals.kari] : [] });
  });

  test(`makes dirty what a touch ${what} is part of, of the person it leaves and the one it moves to`, (db) => {
    const { kari, ola, google, deals } = world(db);
    db.update('deal', deals.ola, { closed_at: at + 3 * dayMs });
    const third = db.insert('person', { email: 'third@firma.no', created_at: earlier, first_touch_at: earlier });
    const id = db.insert('touch', { person_id: third, at: moment, origin_id: google });
    db.rollUp();
    db.update('touch', id, { person_id: kari });
    expectDirty(db, { leads: lead ? [kari] : [], deals: deal ? [deals.kari] : [] });
    db.rollUp();
    db.update('touch', id, { person_id: third });
    expectDirty(db, { leads: lead ? [kari] : [], deals: deal ? [deals.kari] : [] });
    db.rollUp();
    db.update('touch', id, { person_id: ola });
    expectDirty(db, { leads: lead ? [ola] : [], deals: deal ? [deals.ola] : [] });
  });
}

test('makes an open deal dirty by a touch up to its registration alone', (db) => {
  const { ola, google, deals } = world(db);
  db.insert('touch', { person_id: ola, at: at + 1, origin_id: google });
  expectDirty(db, {});
  db.insert('touch', { person_id: ola, at, origin_id: google });
  expectDirty(db, { leads: [ola], deals: [deals.ola] });
});

test('makes an open deal dirty by a touch at its registration that moves or is removed', (db) => {
  const { kari, ola, google, deals } = world(db);
  const id = db.insert('touch', { person_id: ola, at, origin_id: google });
  db.update('deal', deals.kari, { status: 'open', closed_at: null });
  db.rollUp();
  db.update('touch', id, { person_id: kari });
  expectDirty(db, { leads: [kari, ola], deals: [deals.kari, deals.ola] });
  db.rollUp();
  db.run('DELETE FROM touch WHERE id = ?', id);
  expectDirty(db, { leads: [kari], deals: [deals.kari] });
});

test('makes nothing dirty where a touch stays with its person', (db) => {
  world(db);
  db.run('UPDATE touch SET person_id = person_id');
  expectDirty(db, {});
});

/** Another channel than any that the world has. */
const email = (db: ProgramDatabase): number => {
  const found = db.rows('origin_value', { field: 'channel', canonical: 'Email' })[0]?.['id'];
  return found ?? db.insert('origin_value', { field: 'channel', canonical: 'Email' });
};

test('makes everybody dirty whose touches or points have an origin that changes its channel', (db) => {
  const { google, kari, ola, deals } = world(db);
  const other = db.origin({ channel: 'Referral', source_id: 103 });
  const byPoint = (column: string) =>
    db.insert('person', {
      email: column,
      first_touch_origin_id: other,
      lead_creation_origin_id: other,
      [column]: google,
    });
  const [first, lead] = [byPoint('first_touch_origin_id'), byPoint('lead_creation_origin_id')];
  const untouched = db.insert('person', {
    email: 'untouched',
    first_touch_origin_id: other,
    lead_creation_origin_id: other,
  });
  const untouchedDeal = db.insert('deal', { external_id: 'untouched', person_id: untouched });
  const deal = (external_id: string, values: Row) => db.insert('deal', { external_id, ...values });
  const [ofFirst, ofLead] = [deal('first', { person_id: first }), deal('lead', { person_id: lead })];
  const byCompany = (column: string) => {
    const points = { first_touch_origin_id: other, lead_creation_origin_id: other, [column]: google };
    return deal(column, { company_id: db.insert('company', points) });
  };
  const ofCompanies = [byCompany('first_touch_origin_id'), byCompany('lead_creation_origin_id')];
  const ofOther = db.insert('company', { first_touch_origin_id: other, lead_creation_origin_id: other });
  deal('of another company', { company_id: ofOther });
  const ofPerson = db.row('deal', { id: ofCompanies[0]! })['company_id'];
  deal('of a person', { company_id: ofPerson, person_id: untouched });
  db.rollUp();
  expectDirty(db, {});
  db.update('origin', google, { channel_id: email(db) });
  expect(dirtyDeals(db)).not.toContain(untouchedDeal);
  expectDirty(db, {
    leads: [kari, ola, first, lead],
    deals: [deals.kari, deals.ola, deals.company, ofFirst, ofLead, ...ofCompanies],
  });
  db.rollUp();
  expectDirty(db, {});
});

test('makes those dirty whose touch alone has an origin that changes its channel', (db) => {
  const { kari, deals } = world(db);
  const other = db.origin({ channel: 'Referral', source_id: 103 });
  db.insert('touch', { person_id: kari, at: at - 1, origin_id: other });
  db.rollUp();
  db.update('origin', other, { channel_id: email(db) });
  expectDirty(db, { leads: [kari], deals: [deals.kari] });
});

const describing = ['source_id', 'medium_id', 'campaign_id', 'referrer_domain_id'];
for (const name of describing) {
  test(`makes those dirty whose origin changes its ${name}`, (db) => {
    const { kari, deals } = world(db);
    const other = db.origin({ channel: 'Referral', source_id: 103 });
    db.insert('touch', { person_id: kari, at: at - 1, origin_id: other });
    db.rollUp();
    db.update('origin', other, { [name]: 104 });
    expectDirty(db, { leads: [kari], deals: [deals.kari] });
    db.rollUp();
    expectConsistent(db);
  });

  test(`makes everything dirty where an origin of many touches changes its ${name}`, (db) => {
    world(db);
    const { origin } = manyTouches(db, 201);
    db.update('origin', origin, { [name]: 104 });
    expectAllDirty(db);
  });
}

test('makes nobody dirty where an origin changes what is looked up when a report is read', (db) => {
  const { google } = world(db);
  for (const name of ['term_id', 'content_id', 'utm_id_id', 'placement_id'])
    db.update('origin', google, { [name]: 104 });
  expectDirty(db, {});
});

/** A person with this many touches of an origin that nobody else has, rolled up. */
function manyTouches(db: ProgramDatabase, count: number): { origin: number; person: number } {
  const origin = db.origin({ channel: 'Referral', source_id: 103 });
  const person = db.insert('person', { email: 'many@firma.no', created_at: at });
  db.run(
    `INSERT INTO touch (person_id, at, origin_id, landing_page_id)
     WITH RECURSIVE n(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < ? - 1) SELECT ?, ? - n, ?, 0 FROM n`,
    count,
    person,
    at,
    origin,
  );
  db.rollUp();
  return { origin, person };
}

test('makes nothing dirty where an origin keeps its channel', (db) => {
  world(db);
  db.run('UPDATE origin SET channel_id = channel_id');
  expectDirty(db, {});
});

for (const [what, table, prepare] of [
  ['deals', 'deal_fact', 'UPDATE deal SET person_id = NULL, company_id = NULL'],
  ['leads', 'lead_fact', 'DELETE FROM deal'],
] as const) {
  test(`makes those dirty whose origin changes its channel where only ${what} are rolled up`, (db) => {
    const { google, company, kari, ola } = world(db);
    db.run(prepare);
    if (table === 'deal_fact') {
      db.run('DELETE FROM touch');
      db.run('DELETE FROM submission');
      db.run('DELETE FROM person');
      db.run('UPDATE deal SET company_id = ? WHERE status = ?', company, 'lost');
    }
    db.rollUp();
    db.update('origin', google, { channel_id: email(db) });
    expect(dirtyLeads(db)).toEqual(table === 'lead_fact' ? [kari, ola] : []);
    expect(dirtyDeals(db)).toHaveLength(table === 'deal_fact' ? 1 : 0);
  });
}

test('marks nobody where an origin changes its channel and nothing is rolled up', (db) => {
  const { google } = world(db);
  db.run('INSERT INTO unsettle_all VALUES (90)');
  db.run('UPDATE report_state SET leads_to = 5');
  db.update('origin', google, { channel_id: email(db) });
  expect(db.row('report_state')['leads_to']).toBe(5);
  expect(dirtyLeads(db)).toEqual([]);
});

for (const [count, isAll] of [
  [200, false],
  [201, true],
] as const) {
  test(`makes ${isAll ? 'everything' : 'only the people of it'} dirty where the origin has ${count} touches`, (db) => {
    world(db);
    const { origin, person } = manyTouches(db, count);
    db.run('UPDATE origin SET channel_id = channel_id');
    expectDirty(db, {});
    db.update('origin', origin, { channel_id: email(db) });
    if (isAll) expectAllDirty(db);
    else expectDirty(db, { leads: [person] });
  });
}

for (const table of ['lead_fact', 'deal_fact']) {
  test(`makes everything dirty where an origin has many touches and ${table} alone has rows`, (db) => {
    world(db);
    const { origin } = manyTouches(db, 201);
    db.run(`DELETE FROM ${table}`);
    db.update('origin', origin, { channel_id: email(db) });
    expect(db.row('report_state')['leads_to']).toBe(neverRolledUp);
  });
}

test('makes nothing more dirty where an origin has many touches and nothing is rolled up', (db) => {
  const { origin } = manyTouches(db, 201);
  db.run('INSERT INTO unsettle_all VALUES (90)');
  db.run('UPDATE report_state SET leads_to = 5');
  db.update('origin', origin, { channel_id: email(db) });
  expect(db.row('report_state')['leads_to']).toBe(5);
});

test('makes everything dirty where a channel is corrected, or the correction is reverted', (db) => {
  const { google } = world(db);
  const channel = db.row('origin', { id: google })['channel_id'];
  db.run('UPDATE origin_value SET alias_of = alias_of');
  expectDirty(db, {});
  db.update('origin_value', channel, { alias_of: email(db) });
  expectAllDirty(db);
  db.rollUp();
  db.update('origin_value', channel, { alias_of: null });
  expectAllDirty(db);
});

test('makes nothing dirty where another value than a channel is corrected', (db) => {
  world(db);
  const [from, to] = ['a', 'b'].map((canonical) => db.insert('origin_value', { field: 'source', canonical }));
  db.update('origin_value', from!, { alias_of: to! });
  expectDirty(db, {});
});

test('makes everything dirty where the default site gets another look-back window', (db) => {
  world(db);
  db.update('site', 1, { look_back_days: 30 });
  expectAllDirty(db, 30);
});

test('makes everything dirty where another site with another window becomes the default', (db) => {
  world(db);
  const other = db.insert('site', { look_back_days: 30 });
  db.update('site', 1, { is_default: 0 });
  expectDirty(db, {});
  db.update('site', other, { is_default: 1 });
  expectAllDirty(db, 30);
});

test('makes nothing dirty where the window of the default site stays, or that of another changes', (db) => {
  world(db);
  const other = db.insert('site', { look_back_days: 30 });
  db.update('site', other, { look_back_days: 31 });
  db.run('UPDATE site SET look_back_days = look_back_days');
  db.update('site', other, { look_back_days: 90, is_default: 1 });
  expectDirty(db, {});
});
