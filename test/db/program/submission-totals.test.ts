import { expect } from 'vitest';
import { hourMs, test } from '../../support/program-database.ts';
import type { ProgramDatabase, Row } from '../../support/program-database.ts';

const august = Date.parse('2026-08-31T23:59:59.999Z');
const september = Date.parse('2026-09-01T00:00:00Z');
const longAgo = Date.parse('1969-12-31T23:59:59.999Z');

/** Totals that are not zero: submissions, and those of people known before. */
const totals = (db: ProgramDatabase): Row => {
  const rows = db.all('SELECT kind, month, key, n, m, won FROM report_total WHERE n <> 0 OR m <> 0 OR won <> 0');
  return Object.fromEntries(rows.map(({ kind, month, key, n, m }) => [`${kind} ${month} ${key}`, [n, m]]));
};
const keyOf = (formId: number, channelId: number): number => formId * 2 ** 24 + channelId;
/** A form, and two origins of two channels. */
function world(db: ProgramDatabase) {
  const [first, second] = [db.origin({ channel: 'Email' }), db.origin({ channel: 'Paid Search' })];
  const channelOf = (id: number): number => db.row('origin', { id })['channel_id'];
  const personId = db.insert('person');
  const submit = (id: string, values: Row = {}) =>
    db.insert('submission', { id, person_id: personId, at: september, origin_id: first, created_person: 1, ...values });
  return { first, second, email: channelOf(first), search: channelOf(second), submit, personId };
}

test('adds a submission to its month and its day, by form and channel', (db) => {
  const { email, search, second, submit } = world(db);
  const other = db.insert('form');
  submit('a');
  submit('b', { created_person: 0 });
  submit('c', { at: august });
  submit('d', { form_id: other });
  submit('e', { origin_id: second });
  submit('f', { origin_id: null });
  submit('g', { at: longAgo });
  expect(totals(db)).toEqual({
    [`5 202609 ${keyOf(1, email)}`]: [2, 1],
    [`105 20260901 ${keyOf(1, email)}`]: [2, 1],
    [`5 202608 ${keyOf(1, email)}`]: [1, 0],
    [`105 20260831 ${keyOf(1, email)}`]: [1, 0],
    [`5 202609 ${keyOf(other, email)}`]: [1, 0],
    [`105 20260901 ${keyOf(other, email)}`]: [1, 0],
    [`5 202609 ${keyOf(1, search)}`]: [1, 0],
    [`105 20260901 ${keyOf(1, search)}`]: [1, 0],
    [`5 202609 ${keyOf(1, 0)}`]: [1, 0],
    [`105 20260901 ${keyOf(1, 0)}`]: [1, 0],
    [`5 196912 ${keyOf(1, email)}`]: [1, 0],
    [`105 19691231 ${keyOf(1, email)}`]: [1, 0],
  });
});

test('counts a submission of nobody, as no conversion, and one without a form', (db) => {
  const { email, submit } = world(db);
  submit('a', { person_id: null, created_person: 0 });
  submit('b', { form_id: null, created_person: 0 });
  const counted = {
    [`5 202609 ${keyOf(1, email)}`]: [1, 0],
    [`105 20260901 ${keyOf(1, email)}`]: [1, 0],
    [`5 202609 ${keyOf(0, email)}`]: [1, 1],
    [`105 20260901 ${keyOf(0, email)}`]: [1, 1],
  };
  expect(totals(db)).toEqual(counted);
  db.run("UPDATE submission SET form_id = 1 WHERE id = 'b'");
  db.run("UPDATE submission SET form_id = NULL WHERE id = 'b'");
  expect(totals(db)).toEqual(counted);
  db.run('DELETE FROM submission');
  expect(totals(db)).toEqual({});
});

test('takes a removed submission out again', (db) => {
  const { email, submit } = world(db);
  submit('a', { created_person: 0 });
  submit('b');
  submit('c', { origin_id: null, created_person: 0 });
  db.run("DELETE FROM submission WHERE id = 'a'");
  db.run("DELETE FROM submission WHERE id = 'c'");
  expect(totals(db)).toEqual({
    [`5 202609 ${keyOf(1, email)}`]: [1, 0],
    [`105 20260901 ${keyOf(1, email)}`]: [1, 0],
  });
});

const changes: Array<[what: string, change: (world: Row, db: ProgramDatabase) => Row, after: (world: Row) => Row]> = [
  ['time', () => ({ at: august }), ({ email }) => ({ month: 202608, day: 20260831, key: keyOf(1, email), known: 0 })],
  [
    'form',
    (_, db) => ({ form_id: db.insert('form') }),
    ({ email }) => ({ month: 202609, day: 20260901, key: keyOf(2, email), known: 0 }),
  ],
  [
    'origin',
    ({ second }) => ({ origin_id: second }),
    ({ search }) => ({ month: 202609, day: 20260901, key: keyOf(1, search), known: 0 }),
  ],
  ['origin to none', () => ({ origin_id: null }), () => ({ month: 202609, day: 20260901, key: keyOf(1, 0), known: 0 })],
  [
    'person created',
    () => ({ created_person: 0 }),
    ({ email }) => ({ month: 202609, day: 20260901, key: keyOf(1, email), known: 1 }),
  ],
];
for (const [what, change, after] of changes) {
  test(`moves a submission whose ${what} changes, and back`, (db) => {
    const given = world(db);
    given.submit('a');
    const before = totals(db);
    const row = db.row('submission');
    const changed = change(given, db);
    db.update('submission', 'a', changed);
    const { month, day, key, known } = after(given);
    expect(totals(db)).toEqual({ [`5 ${month} ${key}`]: [1, known], [`105 ${day} ${key}`]: [1, known] });
    db.update('submission', 'a', Object.fromEntries(Object.keys(changed).map((name) => [name, row[name]])));
    expect(totals(db)).toEqual(before);
  });
}

test('counts a submission as a conversion while it has a person', (db) => {
  const { email, submit, personId } = world(db);
  submit('a', { person_id: null, created_person: 0 });
  const counted = (conversions: number) => ({
    [`5 202609 ${keyOf(1, email)}`]: [1, conversions],
    [`105 20260901 ${keyOf(1, email)}`]: [1, conversions],
  });
  db.update('submission', 'a', { person_id: personId });
  expect(totals(db)).toEqual(counted(1));
  db.update('submission', 'a', { person_id: db.insert('person', { email: 'ola@firma.no' }) });
  expect(totals(db)).toEqual(counted(1));
  db.update('submission', 'a', { person_id: null });
  expect(totals(db)).toEqual(counted(0));
});

test('writes no total where nothing of a submission has changed', (db) => {
  const { submit } = world(db);
  submit('a');
  submit('b', { origin_id: null });
  db.run('DELETE FROM report_total');
  db.run('UPDATE submission SET at = at, form_id = form_id, origin_id = origin_id, created_person = created_person');
  expect(db.rows('report_total')).toEqual([]);
});

test('moves submissions with their origin to its new channel', (db) => {
  const { first, email, search, submit } = world(db);
  submit('a');
  submit('b', { created_person: 0 });
  submit('c', { at: august });
  submit('d', { form_id: db.insert('form') });
  submit('nobody', { at: august, person_id: null, created_person: 0 });
  submit('no form', { form_id: null, created_person: 0 });
  submit('e', { origin_id: db.origin({ channel: 'Email', source_id: 9 }) });
  submit('f', { at: september + hourMs });
  db.update('origin', first, { channel_id: search });
  expect(totals(db)).toEqual({
    [`5 202609 ${keyOf(1, search)}`]: [3, 1],
    [`105 20260901 ${keyOf(1, search)}`]: [3, 1],
    [`5 202609 ${keyOf(0, search)}`]: [1, 1],
    [`105 20260901 ${keyOf(0, search)}`]: [1, 1],
    [`5 202608 ${keyOf(1, search)}`]: [2, 0],
    [`105 20260831 ${keyOf(1, search)}`]: [2, 0],
    [`5 202609 ${keyOf(2, search)}`]: [1, 0],
    [`105 20260901 ${keyOf(2, search)}`]: [1, 0],
    [`5 202609 ${keyOf(1, email)}`]: [1, 0],
    [`105 20260901 ${keyOf(1, email)}`]: [1, 0],
  });
});

test('writes no total where an origin keeps its channel', (db) => {
  const { submit } = world(db);
  submit('a');
  db.run('DELETE FROM report_total');
  db.run('UPDATE origin SET channel_id = channel_id');
  expect(db.rows('report_total')).toEqual([]);
});
