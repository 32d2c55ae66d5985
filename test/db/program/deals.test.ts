import { expect } from 'vitest';
import { test } from '../../support/program-database.ts';
import type { ProgramDatabase } from '../../support/program-database.ts';

const stateOf = (db: ProgramDatabase, id: number): number => db.row('person', { id })['deal_state'];
/** Two people, so that each test sees that the other is left alone. */
const twoPeople = (db: ProgramDatabase): [number, number] => [
  db.insert('person'),
  db.insert('person', { email: 'ola@firma.no' }),
];

test('knows of a person’s first deal, and of the first that is won', (db) => {
  const [kari, ola] = twoPeople(db);
  db.insert('deal', { person_id: kari });
  expect([stateOf(db, kari), stateOf(db, ola)]).toEqual([1, 0]);
  db.insert('deal', { person_id: kari, status: 'won' });
  expect([stateOf(db, kari), stateOf(db, ola)]).toEqual([2, 0]);
  db.insert('deal', { person_id: kari, status: 'lost' });
  expect(stateOf(db, kari)).toBe(2);
});

test('does not work out again what a person’s deals amount to where no status and no person changes', (db) => {
  const [kari] = twoPeople(db);
  db.insert('deal', { person_id: kari, status: 'lost' });
  db.update('person', kari, { deal_state: 0 });
  db.run("UPDATE deal SET person_id = person_id, status = 'open'");
  expect(stateOf(db, kari)).toBe(0);
});

test('does not write a person whose deals amount to the same', (db) => {
  const [kari] = twoPeople(db);
  db.run('CREATE TEMP TABLE written (id)');
  db.run(
    'CREATE TEMP TRIGGER note_written AFTER UPDATE OF deal_state ON main.person BEGIN INSERT INTO written VALUES (NEW.id); END',
  );
  for (const status of ['open', 'lost', 'won', 'won']) db.insert('deal', { person_id: kari, status });
  expect(db.all('SELECT id FROM temp.written')).toEqual([{ id: kari }, { id: kari }]);
});

test('takes a deal of no person for nobody’s', (db) => {
  const [kari] = twoPeople(db);
  db.run('DELETE FROM deal WHERE id = ?', db.insert('deal', { status: 'won' }));
  expect(stateOf(db, kari)).toBe(0);
});

test('works out what is left when a deal is removed', (db) => {
  const [kari, ola] = twoPeople(db);
  db.insert('deal', { person_id: kari });
  db.insert('deal', { person_id: ola, status: 'won' });
  const [first, second] = [1, 2].map(() => db.insert('deal', { person_id: kari, status: 'won' }));
  db.run('DELETE FROM deal WHERE id = ?', first!);
  expect([stateOf(db, kari), stateOf(db, ola)]).toEqual([2, 2]);
  db.run('DELETE FROM deal WHERE id = ?', second!);
  expect([stateOf(db, kari), stateOf(db, ola)]).toEqual([1, 2]);
  db.run('DELETE FROM deal WHERE person_id = ?', kari);
  expect([stateOf(db, kari), stateOf(db, ola)]).toEqual([0, 2]);
});

test('follows the status of a deal', (db) => {
  const [kari, ola] = twoPeople(db);
  const deal = db.insert('deal', { person_id: kari });
  const states = ['won', 'lost', 'won', 'open'].map((status) => {
    db.update('deal', deal, { status });
    return stateOf(db, kari);
  });
  expect(states).toEqual([2, 1, 2, 1]);
  db.insert('deal', { person_id: kari, status: 'won' });
  for (const status of ['won', 'lost']) {
    db.update('deal', deal, { status });
    expect(stateOf(db, kari)).toBe(2);
  }
  expect(stateOf(db, ola)).toBe(0);
});

test('follows a deal from one person to another', (db) => {
  const [kari, ola] = twoPeople(db);
  const other = db.insert('person', { email: 'third@firma.no', deal_state: 1 });
  const deal = db.insert('deal', { status: 'won' });
  const states = [kari, ola, null].map((person_id) => {
    db.update('deal', deal, { person_id });
    return [stateOf(db, kari), stateOf(db, ola), stateOf(db, other)];
  });
  expect(states).toEqual([
    [2, 0, 1],
    [0, 2, 1],
    [0, 0, 1],
  ]);
});

/** Each of these is an origin's number: they need not exist. */
const points = (first: number, lead: number) => ({ first_touch_origin_id: first, lead_creation_origin_id: lead });
const originsOf = (db: ProgramDatabase, id: number) => {
  const row = db.row('deal', { id });
  return [row['first_touch_origin_id'], row['lead_creation_origin_id']];
};

test('credits a deal through its person, also where it has a company', (db) => {
  const company = db.insert('company', points(1, 2));
  db.insert('person', { ...points(5, 6), email: 'ola@firma.no' });
  const person = db.insert('person', points(3, 4));
  const other = db.insert('deal');
  const deal = db.insert('deal', { person_id: person, company_id: company });
  expect(originsOf(db, deal)).toEqual([3, 4]);
  expect(originsOf(db, other)).toEqual([null, null]);
});

test('credits a deal without a person through its company’s source', (db) => {
  db.insert('company', points(7, 8));
  const company = db.insert('company', points(1, 2));
  expect(originsOf(db, db.insert('deal', { company_id: company }))).toEqual([1, 2]);
  expect(originsOf(db, db.insert('deal', { company_id: db.insert('company') }))).toEqual([null, null]);
});

test('credits a deal again where it gets another person or another company', (db) => {
  const company = db.insert('company', points(1, 2));
  const second = db.insert('company', points(3, 4));
  const person = db.insert('person', points(5, 6));
  const ola = db.insert('person', { ...points(7, 8), email: 'ola@firma.no' });
  const other = db.insert('deal', { person_id: person });
  const deal = db.insert('deal');
  const credited = [
    { company_id: company },
    { company_id: second },
    { person_id: person },
    { person_id: ola },
    { person_id: null },
    { company_id: null },
  ].map((change) => {
    db.update('deal', deal, change);
    return originsOf(db, deal);
  });
  expect(credited).toEqual([
    [1, 2],
    [3, 4],
    [5, 6],
    [7, 8],
    [3, 4],
    [null, null],
  ]);
  expect(originsOf(db, other)).toEqual([5, 6]);
});

test('does not credit a deal again where neither person nor company changes', (db) => {
  const deal = db.insert('deal', { person_id: db.insert('person', points(3, 4)) });
  db.update('deal', deal, points(9, 9));
  db.run('UPDATE deal SET person_id = person_id, company_id = company_id');
  expect(originsOf(db, deal)).toEqual([9, 9]);
});

test('moves a person’s deals to the person’s new origins, each of the two by itself', (db) => {
  const person = db.insert('person', points(3, 4));
  const ola = db.insert('person', { ...points(5, 6), email: 'ola@firma.no' });
  const [deal, other] = [db.insert('deal', { person_id: person }), db.insert('deal', { person_id: ola })];
  db.update('person', person, { first_touch_origin_id: 7 });
  expect(originsOf(db, deal)).toEqual([7, 4]);
  db.update('person', person, { lead_creation_origin_id: 8 });
  expect(originsOf(db, deal)).toEqual([7, 8]);
  expect(originsOf(db, other)).toEqual([5, 6]);
});

test('does not touch a person’s deals where no origin changes', (db) => {
  const person = db.insert('person', points(3, 4));
  const deal = db.insert('deal', { person_id: person });
  db.update('deal', deal, points(9, 9));
  db.run('UPDATE person SET first_touch_origin_id = first_touch_origin_id');
  expect(originsOf(db, deal)).toEqual([9, 9]);
});

test('moves a company’s deals to its new source, but not those of a person', (db) => {
  const company = db.insert('company');
  const second = db.insert('company', points(5, 6));
  const person = db.insert('person', points(3, 4));
  const deal = db.insert('deal', { company_id: company });
  const ofPerson = db.insert('deal', { company_id: company, person_id: person });
  const other = db.insert('deal', { company_id: second });
  db.update('company', company, { first_touch_origin_id: 7 });
  expect(originsOf(db, deal)).toEqual([7, null]);
  db.update('company', company, { lead_creation_origin_id: 8 });
  expect(originsOf(db, deal)).toEqual([7, 8]);
  db.update('company', company, { first_touch_origin_id: null });
  expect(originsOf(db, deal)).toEqual([null, 8]);
  expect(originsOf(db, ofPerson)).toEqual([3, 4]);
  expect(originsOf(db, other)).toEqual([5, 6]);
});

test('does not touch a company’s deals where its source does not change', (db) => {
  const company = db.insert('company', points(3, null as never));
  const deal = db.insert('deal', { company_id: company });
  db.update('deal', deal, points(9, 9));
  db.run('UPDATE company SET first_touch_origin_id = first_touch_origin_id, lead_creation_origin_id = NULL');
  expect(originsOf(db, deal)).toEqual([9, 9]);
});

test('lists each currency of the deals once, in order', (db) => {
  expect(db.rows('deal_currencies')).toEqual([]);
  for (const currency of ['SEK', 'EUR', 'NOK', 'EUR']) db.insert('deal', { currency });
  expect(db.rows('deal_currencies').map(({ code }) => code)).toEqual(['EUR', 'NOK', 'SEK']);
});

test('puts a deal without a stage into the first of its status in the default pipeline, as likely as the first open one', (db) => {
  const other = db.insert('pipeline', { name: 'Partners', is_default: 0, created_at: 0 });
  for (const status of ['open', 'won', 'lost']) {
    db.insert('stage', { pipeline_id: other, name: status, position: 0, probability: 99, status });
  }
  const stages = () =>
    ['open', 'won', 'lost'].map((status) => {
      const { stage_id, probability } = db.row('deal', { id: db.insert('deal', { status, probability: 7 }) });
      return [stage_id, probability];
    });
  const before = db.insert('deal', { stage_id: 2, probability: 7 });
  expect(stages()).toEqual([
    [1, 10],
    [5, 10],
    [6, 10],
  ]);
  expect(db.row('deal', { id: before })).toMatchObject({ stage_id: 2, probability: 7 });
  db.update('stage', 2, { position: 1 });
  db.update('stage', 6, { status: 'won', position: 5 });
  expect(stages().slice(0, 2)).toEqual([
    [1, 10],
    [5, 10],
  ]);
  // By position, whatever came first.
  db.update('stage', 2, { position: 0 });
  db.update('stage', 6, { status: 'won', position: 0 });
  expect(stages()).toEqual([
    [2, 25],
    [6, 25],
    [null, 25],
  ]);
  for (const id of [1, 2, 3]) db.update('stage', id, { status: 'lost' });
  db.update('stage', 4, { status: 'lost' });
  expect(stages().map(([, probability]) => probability)).toEqual([0, 0, 0]);
});
