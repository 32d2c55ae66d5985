import { expect } from 'vitest';
import { apiLead, at, dayMs, earlier, journeyOf, test } from '../../support/program-database.ts';
import type { ProgramDatabase } from '../../support/program-database.ts';

const valueId = (db: ProgramDatabase, field: string, canonical: string): number =>
  db.row('origin_value', { field, canonical })['id'];
const originOf = (db: ProgramDatabase, source: string): number =>
  db.row('origin', { source_id: valueId(db, 'source', source) })['id'];

const journey = [
  {
    at: at - dayMs,
    source: 'google',
    landingPage: '/first',
    clickIdName: 'gclid',
    clickIdValue: 'Abc',
    clickIds: [
      { name: 'gclid', value: 'Abc' },
      { name: 'fbclid', value: 'Def' },
    ],
    raw: { source: 'Google' },
  },
  { source: 'linkedin' },
];

test('stores every touch of the journey whole', (db) => {
  const { personId } = db.store(journeyOf(journey)) as { personId: number };
  expect(db.rows('touch')).toEqual([
    {
      id: expect.any(Number),
      person_id: personId,
      at: at - dayMs,
      origin_id: originOf(db, 'google'),
      landing_page_id: valueId(db, 'landingPage', '/first'),
      click_id_name: 'gclid',
      click_id_value: 'Abc',
      click_ids: '[{"name":"gclid","value":"Abc"},{"name":"fbclid","value":"Def"}]',
      raw: '{"source":"Google"}',
    },
    {
      id: expect.any(Number),
      person_id: personId,
      at,
      origin_id: originOf(db, 'linkedin'),
      landing_page_id: 0,
      click_id_name: null,
      click_id_value: null,
      click_ids: null,
      raw: null,
    },
  ]);
});

test('stores a touch once, however often it is sent', (db) => {
  db.store(journeyOf(journey));
  const before = db.rows('touch');
  expect(db.store({ ...journeyOf(journey), at: at + 1 }).state).toBe('stored');
  expect(db.rows('touch')).toEqual(before);
  expect(db.rows('submission').map((row) => JSON.parse(row['journey']))).toEqual([
    before.map(({ id }) => id),
    before.map(({ id }) => id),
  ]);
});

test('stores a stand-in for a new person, and none for one who existed', (db) => {
  const standIn = { ...apiLead, ...journeyOf([{ channel: 'Direct', standIn: true }]) };
  db.store(standIn);
  expect(db.rows('touch')).toHaveLength(1);
  db.store({ ...standIn, ...journeyOf([{ at: at + dayMs, channel: 'Direct', standIn: true }]) });
  expect(db.rows('touch')).toHaveLength(1);
  db.store({ ...apiLead, ...journeyOf([{ at: at + dayMs, channel: 'Direct' }]) });
  expect(db.rows('touch')).toHaveLength(2);
});

test('stores a submission whole, with its journey oldest first', (db) => {
  const companyId = db.insert('company', { domain: 'firma.no' });
  const { personId } = db.store({
    ...journeyOf([...journey, { at: at + 5, source: 'linkedin', landingPage: '/last' }]),
    companyName: 'firma.no',
    companyNameFold: 'firma.no',
    companyDomain: 'firma.no',
    fields: '{"email":"kari@firma.no"}',
    page: 'https://www.example.com/signup',
    selfReported: 'A friend',
    idempotencyKey: 'key',
    contentHash: 'hash',
  }) as { personId: number };
  const { journey: stored, ...submission } = db.row('submission');
  expect(submission).toEqual({
    id: 'lead-1',
    form_id: 1,
    person_id: personId,
    company_id: companyId,
    at,
    created_via: 'form',
    created_person: 1,
    created_company: 0,
    origin_id: originOf(db, 'linkedin'),
    touch_at: at + 5,
    landing_page_id: valueId(db, 'landingPage', '/last'),
    fields: '{"email":"kari@firma.no"}',
    page: 'https://www.example.com/signup',
    self_reported: 'A friend',
    idempotency_key: 'key',
    content_hash: 'hash',
    idempotency_conflict: 0,
  });
  expect(JSON.parse(stored)).toEqual(db.rows('touch').map(({ id }) => id));
});

/** An arrival whose stored origin was read again by newer rules as what the arrival is today. */
function readAgain(db: ProgramDatabase) {
  const { personId } = db.store(journeyOf([{ at: at - dayMs, source: 'old' }])) as { personId: number };
  const [touch] = db.rows('touch', { person_id: personId });
  const today = journeyOf([{ at: at - dayMs, source: 'today' }]);
  db.update('origin', touch!['origin_id'], { key: 'reread:1', read_as: today.inForceKey });
  return { personId, touch: touch!, today };
}

test('takes an arrival that was read again for the touch that there is', (db) => {
  const { personId, touch, today } = readAgain(db);
  expect(db.store({ ...today, at: at + 1, fields: '{"a":"b"}' }).state).toBe('stored');
  expect(db.rows('touch', { person_id: personId })).toEqual([touch]);
  const submission = db.row('submission', { at: at + 1 });
  expect(submission).toMatchObject({
    origin_id: touch['origin_id'],
    touch_at: at - dayMs,
    journey: `[${touch['id']}]`,
  });
});

test('takes an arrival of nobody that was read again for the touch that there is', (db) => {
  const nobody = { email: null, phone: null, phoneKey: null };
  db.store({ ...nobody, ...journeyOf([{ at: at - dayMs, source: 'old' }]) });
  const [touch] = db.rows('touch', { person_id: 0 });
  const today = journeyOf([{ at: at - dayMs, source: 'today' }]);
  db.update('origin', touch!['origin_id'], { key: 'reread:1', read_as: today.inForceKey });
  db.store({ ...nobody, ...today, at: at + 1, fields: '{"a":"b"}' });
  expect(db.rows('touch', { person_id: 0 })).toEqual([touch]);
  expect(db.row('submission', { at: at + 1 })['journey']).toBe(`[${touch!['id']}]`);
});

test('stores an arrival of another time, origin or person than the one that was read again', (db) => {
  const { personId, touch } = readAgain(db);
  const later = journeyOf([{ at: at - 1, source: 'today' }]);
  db.store({ ...later, at: at + 1 });
  expect(db.rows('touch', { person_id: personId })).toHaveLength(2);
  expect(db.row('submission', { at: at + 1 })['origin_id']).toBe(originOf(db, 'today'));
  const other = journeyOf([{ at: at - dayMs, source: 'other' }]);
  db.store({ ...other, at: at + 2 });
  expect(db.rows('touch', { person_id: personId })).toHaveLength(3);
  expect(db.row('submission', { at: at + 2 })['origin_id']).toBe(originOf(db, 'other'));
  const today = journeyOf([{ at: at - dayMs, source: 'today' }]);
  const somebody = db.store({ ...today, at: at + 3, email: 'ola@firma.no' }) as { personId: number };
  expect(db.row('touch', { person_id: somebody.personId })['origin_id']).toBe(originOf(db, 'today'));
  db.store({ ...today, at: at + 4, email: 'ola@firma.no' });
  expect(db.row('submission', { at: at + 4 })['origin_id']).toBe(originOf(db, 'today'));
  expect(touch['origin_id']).not.toBe(originOf(db, 'today'));
});

test('leaves touches of other people, other times and other origins out of a submission’s journey', (db) => {
  const { touches } = journeyOf(journey);
  db.store({ ...journeyOf(journey), email: 'other@firma.no', id: 'other' });
  const [google, linkedin] = [originOf(db, 'google'), originOf(db, 'linkedin')];
  const personId = db.insert('person');
  db.insert('touch', { person_id: personId, at: at - 1, origin_id: google });
  db.insert('touch', { person_id: personId, at, origin_id: google });
  db.insert('touch', { person_id: personId, at: at - dayMs, origin_id: linkedin });
  db.store({ ...journeyOf(journey), touches });
  const expected = [
    db.row('touch', { person_id: personId, at: at - dayMs, origin_id: google })['id'],
    db.row('touch', { person_id: personId, at, origin_id: linkedin })['id'],
  ];
  expect(JSON.parse(db.row('submission', { person_id: personId })['journey'])).toEqual(expected);
});

test('stores consents with what they were given for, of every kind of lead', (db) => {
  const consents = JSON.stringify([
    { purpose: 'news', text: 'Yes, please.' },
    { purpose: 'calls', text: null },
  ]);
  const { personId } = db.store({ consents }) as { personId: number };
  const common = { id: expect.any(Number), person_id: personId, at };
  const byForm = { ...common, form_id: 1, submission_id: 'lead-1' };
  expect(db.rows('consent')).toEqual([
    { ...byForm, purpose: 'news', text: 'Yes, please.' },
    { ...byForm, purpose: 'calls', text: null },
  ]);
  db.run('DELETE FROM consent');
  db.store({ ...apiLead, consents: JSON.stringify([{ purpose: 'news', text: null }]) });
  expect(db.rows('consent')).toEqual([
    { ...common, form_id: null, submission_id: 'lead-2', purpose: 'news', text: null },
  ]);
});

test('lets a consent wait that is to be confirmed, unless the person gave it before', (db) => {
  const confirmUrl = 'https://edge.example.com/f/demo';
  const asked = [
    { purpose: 'news', text: 'Yes, please.', confirmUrl },
    { purpose: 'calls', text: null, confirmUrl },
    { purpose: 'mail', text: null },
  ];
  const personId = db.insert('person');
  const other = db.insert('person', { email: 'ola@firma.no' });
  db.run("INSERT INTO consent (person_id, purpose, at) VALUES (?, 'calls', ?)", personId, earlier);
  db.run("INSERT INTO consent (person_id, purpose, at) VALUES (?, 'news', ?)", other, earlier);
  db.store({ consents: JSON.stringify(asked) });
  expect(db.rows('consent_request')).toEqual([
    expect.objectContaining({
      submission_id: 'lead-1',
      purpose: 'news',
      text: 'Yes, please.',
      confirm_url: confirmUrl,
      at,
    }),
  ]);
  expect(db.rows('consent', { submission_id: 'lead-1' })).toMatchObject([{ purpose: 'mail' }]);
  db.store({ email: null, phone: null, phoneKey: null, consents: JSON.stringify(asked), at: at + 1 });
  expect(db.rows('consent_request')).toHaveLength(1);
});

test('counts submissions and new leads of a form by day', (db) => {
  const other = db.insert('form');
  db.insert('form_day', { form_id: other, day: '2026-09-01' });
  db.insert('form_day', { day: '2026-08-31' });
  db.store();
  expect(db.row('form_day', { form_id: 1, day: '2026-09-01' })).toEqual({
    form_id: 1,
    day: '2026-09-01',
    submissions: 1,
    new_leads: 1,
    last_at: at,
  });
  db.store({ at: at + 5 });
  expect(db.row('form_day', { form_id: 1, day: '2026-09-01' })).toMatchObject({
    submissions: 2,
    new_leads: 1,
    last_at: at + 5,
  });
  db.store({ at: at + 6, email: 'ola@firma.no' });
  expect(db.row('form_day', { form_id: 1, day: '2026-09-01' })).toMatchObject({ submissions: 3, new_leads: 2 });
  expect(db.row('form_day', { form_id: 1, day: '2026-08-31' })).toMatchObject({ submissions: 1, last_at: earlier });
  expect(db.row('form_day', { form_id: other })).toMatchObject({ submissions: 1 });
});

test('counts no new lead where the person existed', (db) => {
  db.insert('person');
  db.store();
  expect(db.row('form_day')).toMatchObject({ submissions: 1, new_leads: 0 });
});

test('does not move the last submission of a day back where one is released late', (db) => {
  db.store();
  db.store({ at: at - dayMs / 4, email: 'ola@firma.no' });
  expect(db.row('form_day')).toMatchObject({ submissions: 2, new_leads: 2, last_at: at });
});

test('counts nothing for a form where a lead comes by the API', (db) => {
  db.store({ ...apiLead, day: '2026-09-01' });
  expect(db.rows('form_day')).toEqual([]);
});

test('adds the person to a static selection', (db) => {
  const selectionId = db.insert('selection');
  db.insert('selection', { name: 'Other' });
  const { personId } = db.store({ selectionId }) as { personId: number };
  expect(db.rows('selection_member')).toEqual([{ selection_id: selectionId, member_id: personId, added_at: at + 1 }]);
});

test('leaves a member of a selection as it is', (db) => {
  const selectionId = db.insert('selection');
  const memberId = db.insert('person');
  db.insert('selection_member', { selection_id: selectionId, member_id: memberId, added_at: earlier });
  expect(db.store({ selectionId }).state).toBe('stored');
  expect(db.rows('selection_member')).toEqual([{ selection_id: selectionId, member_id: memberId, added_at: earlier }]);
});

for (const kind of ['dynamic', 'combined']) {
  test(`adds nobody to a ${kind} selection`, (db) => {
    db.insert('selection');
    db.store({ selectionId: db.insert('selection', { kind }) });
    expect(db.rows('selection_member')).toEqual([]);
  });
}

test('adds nobody where the form has no selection', (db) => {
  db.insert('selection');
  expect(db.store().state).toBe('stored');
  expect(db.rows('selection_member')).toEqual([]);
});

test('releases the quarantined submission that is stored, and no other', (db) => {
  db.insert('quarantine', { id: 'other' });
  db.insert('quarantine');
  db.store({ id: 'held' });
  expect(db.row('quarantine', { id: 'held' })).toMatchObject({ status: 'released', payload: 'null' });
  expect(db.row('quarantine', { id: 'other' })).toMatchObject({ status: 'held', payload: '{"fields":{}}' });
});

test('releases nothing where a lead comes by the API', (db) => {
  db.insert('quarantine');
  db.store({ ...apiLead, id: 'held' });
  expect(db.row('quarantine')).toMatchObject({ status: 'held', payload: '{"fields":{}}' });
});
