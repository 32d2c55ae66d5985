import { expect } from 'vitest';
import { test } from '../../support/program-database.ts';
import type { ProgramDatabase } from '../../support/program-database.ts';

/** Stores a submission and says whether its key was used before. */
const isConflict = (db: ProgramDatabase, idempotency_key: string | null): boolean => {
  db.insert('submission', { id: 'new', idempotency_key });
  return db.row('submission', { id: 'new' })['idempotency_conflict'] === 1;
};

for (const table of ['submission', 'quarantine']) {
  test(`shows a key of a field that another ${table} has, with a hash or without`, (db) => {
    for (const [id, key] of [
      ['hashed', 'key\nother'],
      ['plain', 'key'],
    ]) {
      db.insert(table, { id, idempotency_key: key });
      expect(isConflict(db, 'key\nhash')).toBe(true);
      db.run("DELETE FROM submission WHERE id = 'new'");
      db.run(`DELETE FROM ${table}`);
    }
  });

  test(`shows no conflict where a ${table} has another key`, (db) => {
    for (const [place, key] of ['kex\nhash', 'ke\nhash', 'key2\nhash', 'key!', 'keY\nhash', 'kez'].entries()) {
      db.insert(table, { id: `other ${place}`, idempotency_key: key });
    }
    db.insert(table, { id: 'none' });
    expect(isConflict(db, 'key\nhash')).toBe(false);
  });

  test(`shows no conflict where a ${table} of another form has the key`, (db) => {
    db.insert(table, { idempotency_key: 'key\nother', form_id: db.insert('form') });
    expect(isConflict(db, 'key\nhash')).toBe(false);
  });
}

test('shows no conflict for a header’s key, and for no key', (db) => {
  db.insert('submission', { id: 'other', idempotency_key: 'key\nhash' });
  expect(isConflict(db, 'key')).toBe(false);
  db.run("DELETE FROM submission WHERE id = 'new'");
  expect(isConflict(db, null)).toBe(false);
});

test('shows no conflict of a submission with itself, stored or released', (db) => {
  db.insert('quarantine', { id: 'new', idempotency_key: 'key\nhash' });
  expect(isConflict(db, 'key\nhash')).toBe(false);
});

test('shows the conflict on the new submission alone', (db) => {
  db.insert('submission', { id: 'old', idempotency_key: 'key\nother' });
  expect(isConflict(db, 'key\nhash')).toBe(true);
  expect(db.row('submission', { id: 'old' })['idempotency_conflict']).toBe(0);
});
