import { expect } from 'vitest';
import { at, earlier, test } from '../../support/program-database.ts';
import type { ProgramDatabase } from '../../support/program-database.ts';

const change = (db: ProgramDatabase, company: number, category: number, cause = 'dealWon') =>
  db.run(
    'INSERT INTO category_change (company_id, category_id, cause, at) VALUES (?, ?, ?, ?)',
    company,
    category,
    cause,
    at,
  );
const proposals = (db: ProgramDatabase) =>
  db.all(
    'SELECT company_id, from_category_id, category_id, cause, at, state, decided_at FROM category_proposal ORDER BY id',
  );

test('gives a company a category', (db) => {
  const company = db.insert('company', { category_id: 1 });
  const other = db.insert('company', { category_id: 1 });
  change(db, company, 2);
  expect(db.row('company', { id: company })).toMatchObject({ category_id: 2, updated_at: at });
  expect(db.row('company', { id: other })).toMatchObject({ category_id: 1, updated_at: earlier });
  expect(proposals(db)).toEqual([]);
});

test('gives no category that is archived', (db) => {
  const company = db.insert('company', { category_id: 1 });
  for (const values of [{ archived_at: at }, { needs_confirmation: 1 }]) {
    db.update('category', 2, values);
    change(db, company, 2);
  }
  expect(db.row('company', { id: company })).toMatchObject({ category_id: 1, updated_at: earlier });
  expect(proposals(db)).toEqual([]);
});

test('proposes a category that asks for a confirmation, the latest alone', (db) => {
  db.update('category', 2, { needs_confirmation: 1 });
  db.update('category', 3, { needs_confirmation: 1 });
  const [company, other] = [db.insert('company', { category_id: 1 }), db.insert('company')];
  change(db, company, 2);
  change(db, other, 2);
  db.run('INSERT INTO category_change VALUES (?, 3, ?, ?)', company, 'dealLost', at + 1);
  const pending = { state: 'pending', decided_at: null };
  expect(proposals(db)).toEqual([
    { company_id: company, from_category_id: 1, category_id: 3, cause: 'dealLost', at: at + 1, ...pending },
    { company_id: other, from_category_id: null, category_id: 2, cause: 'dealWon', at, ...pending },
  ]);
  expect(db.row('company', { id: company })).toMatchObject({ category_id: 1, updated_at: earlier });
});

test('leaves no proposal for a company that gets another category', (db) => {
  db.update('category', 2, { needs_confirmation: 1 });
  const [company, other] = [db.insert('company', { category_id: 1 }), db.insert('company')];
  change(db, company, 2);
  change(db, other, 2);
  db.update('company', company, { category_id: 1, updated_at: at + 1 });
  expect(proposals(db).map(({ state }) => state)).toEqual(['pending', 'pending']);
  db.update('company', company, { category_id: null, updated_at: at + 2 });
  expect(proposals(db).map(({ state, decided_at }) => [state, decided_at])).toEqual([
    ['outdated', at + 2],
    ['pending', null],
  ]);
});

test('resets the lead status of the people where the category says so', (db) => {
  const company = db.insert('company');
  const other = db.insert('company');
  const people = [
    db.insert('person', { email: 'a@x.no', company_id: company, lead_status_id: 5 }),
    db.insert('person', { email: 'b@x.no', company_id: company, lead_status_id: 1 }),
    db.insert('person', { email: 'c@x.no', company_id: other, lead_status_id: 5 }),
    db.insert('person', { id: -9, email: 'erased:x', company_id: company, lead_status_id: 5 }),
  ];
  const read = () =>
    people.map((id) => db.row('person', { id })).map((row) => [row['lead_status_id'], row['updated_at']]);
  db.update('company', company, { category_id: 1, updated_at: at });
  expect(read().map(([status]) => status)).toEqual([5, 1, 5, 5]);
  db.update('category', 2, { resets_lead_status: 1 });
  db.update('company', company, { category_id: 1, updated_at: at });
  expect(read().map(([status]) => status)).toEqual([5, 1, 5, 5]);
  db.update('company', company, { category_id: 2, updated_at: at });
  expect(read()).toEqual([
    [1, at],
    [1, earlier],
    [5, earlier],
    [5, earlier],
  ]);
});

test('resets nobody where a company gets the category of one merged into it', (db) => {
  db.update('category', 2, { resets_lead_status: 1 });
  const company = db.insert('company');
  const person = db.insert('person', { company_id: company, lead_status_id: 5 });
  const status = () => db.row('person', { id: person })['lead_status_id'];
  const merge = db.insert('company_merge', { company_id: company, removed_company_id: 9, undone_at: 0 });
  db.insert('company_merge', { company_id: company, removed_company_id: 8 });
  db.update('company', company, { category_id: 2, updated_at: at });
  expect(status()).toBe(5);
  for (const values of [{ company_id: 77 }, { company_id: company, undone_at: null }, { undone_at: at }]) {
    db.update('company_merge', merge, values);
    db.update('company', company, { category_id: 1, updated_at: at });
    db.update('person', person, { lead_status_id: 5 });
    db.update('company', company, { category_id: 2, updated_at: at });
    expect(status()).toBe(1);
  }
});
