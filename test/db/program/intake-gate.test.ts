import { expect } from 'vitest';
import { apiLead, at, test } from '../../support/program-database.ts';
import type { ProgramDatabase } from '../../support/program-database.ts';

const stored = { state: 'stored', personId: expect.any(Number), createdPerson: true };
/** All that a lead can leave behind. */
const left = (db: ProgramDatabase) =>
  ['person', 'company', 'touch', 'origin', 'origin_value', 'consent', 'form_day', 'selection_member'].map((table) =>
    db.rows(table),
  );
const named = { companyName: 'Firma', companyNameFold: 'firma', consents: '[{"purpose":"news"}]' };

test('stores nothing where the settings have changed since they were read', (db) => {
  const before = left(db);
  db.update('settings', 1, { version: 2 });
  expect(db.store(named)).toEqual({ state: 'stale' });
  expect(db.store({ ...named, ...apiLead })).toEqual({ state: 'stale' });
  expect(left(db)).toEqual(before);
  expect(db.rows('submission')).toEqual([]);
  expect(db.store({ version: 2 })).toEqual(stored);
});

test('stores a submission once, also where it is sent again under its id', (db) => {
  db.insert('submission', { id: 'other' });
  expect(db.store({ id: 'same' })).toEqual(stored);
  const before = left(db);
  db.store({ ...named, id: 'same', email: 'other@firma.no' });
  expect(left(db)).toEqual(before);
});

test('stores a lead by the API whatever submissions there are', (db) => {
  db.insert('submission', { id: 'same', idempotency_key: 'key', content_hash: 'hash', at });
  db.insert('form_day');
  const more = { idempotencyKey: 'key', contentHash: 'hash', contentSince: at - 1, closesAfter: 0 };
  expect(db.store({ ...apiLead, ...more, id: 'same' })).toEqual(stored);
  expect(db.rows('person')).toHaveLength(1);
});

test('stores nothing under a key that the form’s submission has', (db) => {
  db.insert('submission', { idempotency_key: 'key' });
  const before = left(db);
  expect(db.store({ ...named, idempotencyKey: 'key' })).toEqual({ state: 'duplicate', submissionId: 'earlier' });
  expect(left(db)).toEqual(before);
});

test('stores a submission under another key, without a key, and under a key of another form', (db) => {
  const other = db.insert('form');
  db.insert('submission', { idempotency_key: 'key' });
  db.insert('quarantine', { idempotency_key: 'held key' });
  expect(db.store({ idempotencyKey: 'another' }).state).toBe('stored');
  expect(db.store().state).toBe('stored');
  expect(db.store({ idempotencyKey: 'key', formId: other }).state).toBe('stored');
  expect(db.store({ idempotencyKey: 'held key', formId: other }).state).toBe('stored');
  expect(db.row('submission', { form_id: other, idempotency_key: 'key' })).toBeDefined();
});

test('stores nothing under a key that a quarantined submission of the form has', (db) => {
  db.insert('quarantine', { idempotency_key: 'key' });
  const before = left(db);
  expect(db.store({ ...named, idempotencyKey: 'key' })).toEqual({ state: 'duplicate', submissionId: 'held' });
  expect(left(db)).toEqual(before);
});

test('releases a quarantined submission that has a key', (db) => {
  db.insert('quarantine', { idempotency_key: 'key' });
  expect(db.store({ id: 'held', idempotencyKey: 'key' })).toEqual(stored);
  expect(db.row('submission')).toMatchObject({ id: 'held', idempotency_key: 'key' });
  expect(db.row('quarantine')).toMatchObject({ status: 'released', payload: 'null' });
});

test('stores the same content once within the time given', (db) => {
  db.insert('submission', { content_hash: 'hash', at: at - 29_999 });
  const before = left(db);
  expect(db.store({ ...named, contentHash: 'hash' })).toEqual({ state: 'duplicate', submissionId: 'earlier' });
  expect(left(db)).toEqual(before);
});

test('stores the same content again once the time is over', (db) => {
  db.insert('submission', { content_hash: 'hash', at: at - 30_000 });
  expect(db.store({ contentHash: 'hash' })).toEqual(stored);
});

test('stores other content, and content without a hash', (db) => {
  db.insert('submission', { content_hash: 'hash', at: at - 1 });
  expect(db.store({ contentHash: 'other' }).state).toBe('stored');
  expect(db.store().state).toBe('stored');
});

test('stores nothing more once the form is full, whatever the days', (db) => {
  db.insert('form_day', { day: '2026-08-30', submissions: 2 });
  db.insert('form_day', { day: '2026-08-31', submissions: 3 });
  const before = left(db);
  expect(db.store({ ...named, closesAfter: 5 })).toEqual({ state: 'closed' });
  expect(db.store({ ...named, closesAfter: 4 })).toEqual({ state: 'closed' });
  expect(left(db)).toEqual(before);
  expect(db.store({ closesAfter: 6 })).toEqual(stored);
});

test('stores the first submission of a form that closes after some', (db) => {
  expect(db.store({ closesAfter: 1 })).toEqual(stored);
  expect(db.store({ closesAfter: 1 })).toEqual({ state: 'closed' });
});

test('does not count the submissions of other forms', (db) => {
  db.insert('form_day', { form_id: db.insert('form'), submissions: 9 });
  expect(db.store({ closesAfter: 1 })).toEqual(stored);
});

test('stores without a bound where the form has none', (db) => {
  db.insert('form_day', { submissions: 1_000_000 });
  expect(db.store()).toEqual(stored);
});
