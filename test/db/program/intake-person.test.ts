import { expect } from 'vitest';
import { apiLead, at, dayMs, earlier, journeyOf, test } from '../../support/program-database.ts';
import type { Row } from '../../support/program-database.ts';

/** What a lead says of its person: the lead's column, and the value. */
const answers = {
  first_name: ['firstName', 'Kari'],
  first_name_fold: ['firstNameFold', 'kari'],
  last_name: ['lastName', 'Nordmann'],
  last_name_fold: ['lastNameFold', 'nordmann'],
  phone: ['phone', '+4722334455'],
  title: ['title', 'CEO'],
  title_fold: ['titleFold', 'ceo'],
  country: ['country', 'NO'],
} as const;
type Answer = keyof typeof answers;
const columns = Object.keys(answers) as Answer[];
const lead = Object.fromEntries(Object.values(answers));
const given = (names: readonly string[]) =>
  Object.fromEntries(columns.filter((name) => names.includes(name)).map((name) => answers[name]));
/** A person of whom all is known, and none of it is what a lead says. */
const known: Record<Answer, string> = {
  first_name: 'Old',
  first_name_fold: 'old',
  last_name: 'Older',
  last_name_fold: 'older',
  phone: '+4711111111',
  title: 'Oldest',
  title_fold: 'oldest',
  country: 'SE',
};

test('stores all that is known of a new person', (db) => {
  const ownerId = db.insert('owner');
  const outcome = db.store({
    ...lead,
    ownerId,
    leadStatusId: 2,
    ...journeyOf([
      { at: at - dayMs, source: 'google', landingPage: '/first' },
      { source: 'linkedin', landingPage: '/last' },
    ]),
  });
  const page = (path: string) => db.row('origin_value', { field: 'landingPage', canonical: path })['id'];
  const origin = (source: string) =>
    db.row('origin', { source_id: db.row('origin_value', { canonical: source })['id'] })['id'];
  const person = db.row('person');
  expect(outcome).toEqual({ state: 'stored', personId: person['id'], createdPerson: true });
  expect(person).toEqual({
    id: person['id'],
    email: 'kari@firma.no',
    ...Object.fromEntries(columns.map((name) => [name, answers[name][1]])),
    company_id: null,
    owner_id: ownerId,
    lead_status_id: 2,
    created_via: 'form',
    created_form_id: 1,
    created_at: at,
    updated_at: at + 1,
    creation_id: 'lead-1',
    first_touch_origin_id: origin('google'),
    first_touch_at: at - dayMs,
    first_touch_landing_page_id: page('/first'),
    lead_creation_origin_id: origin('linkedin'),
    lead_creation_at: at,
    lead_creation_landing_page_id: page('/last'),
    deal_state: 0,
  });
});

test('stores a person who comes by the API without a form', (db) => {
  db.store(apiLead);
  expect(db.row('person')).toMatchObject({ created_via: 'api', created_form_id: null, creation_id: 'lead-1' });
  expect(db.rows('submission')).toEqual([]);
});

test('stores 0 for a landing page that is not known', (db) => {
  db.store(journeyOf([{ source: 'google' }, { source: 'linkedin' }]));
  expect(db.row('person')).toMatchObject({ first_touch_landing_page_id: 0, lead_creation_landing_page_id: 0 });
});

test('finds a known person by address, and creates nobody', (db) => {
  db.insert('person', { email: 'other@firma.no' });
  const personId = db.insert('person');
  db.insert('person', { email: 'third@firma.no' });
  expect(db.store()).toEqual({ state: 'stored', personId, createdPerson: false });
  expect(db.rows('person')).toHaveLength(3);
  expect(db.row('submission')).toMatchObject({ person_id: personId, created_person: 0 });
});

test('finds a known person by an address of a person merged into them', (db) => {
  const personId = db.insert('person', { email: 'kari@new.no' });
  db.insert('person', { email: 'ola@firma.no' });
  db.insert('person_email', { email: 'other@firma.no', person_id: personId + 1 });
  db.insert('person_email', { email: 'kari@firma.no', person_id: personId });
  expect(db.store()).toEqual({ state: 'stored', personId, createdPerson: false });
  expect(db.row('submission')).toMatchObject({ person_id: personId });
});

const nobody = { email: null, phone: null, phoneKey: null };
const number = '+4791234567';
const byPhone = { email: null, phone: number, phoneKey: number };

test('finds a known person by telephone number where exactly one has it, and creates one else', (db) => {
  const personId = db.insert('person', { phone: number });
  expect(db.store(byPhone)).toEqual({ state: 'stored', personId, createdPerson: false });
  db.insert('person', { email: 'other@firma.no', phone: number });
  expect(db.store({ ...byPhone, at: at + 1 })).toEqual({
    state: 'stored',
    personId: personId + 2,
    createdPerson: true,
  });
  expect(db.row('person', { id: personId + 2 })).toMatchObject({ email: null, phone: number });
});

test('gives a person known by telephone number the address that a lead gives, and no other person another one', (db) => {
  const personId = db.insert('person', { email: null, phone: number });
  expect(db.store({ phone: number, phoneKey: number })).toMatchObject({ personId });
  expect(db.row('person')).toMatchObject({ id: personId, email: 'kari@firma.no' });
  const other = db.store({ at: at + 1, email: 'ola@firma.no', phone: number, phoneKey: number });
  expect(other).toMatchObject({ personId: personId + 1, createdPerson: true });
});

for (const [first, second] of [
  ['ola@firma.no', null],
  [null, 'ola@firma.no'],
] as const) {
  test(`takes neither of two with the number for the sender, where ${first ? 'one' : 'the other'} has an address`, (db) => {
    db.insert('person', { email: first, phone: number });
    expect(db.store({ phone: number, phoneKey: number })).toMatchObject({ createdPerson: first !== null });
    const lead = { email: 'third@firma.no', phone: '+4722334455', phoneKey: '+4722334455' };
    db.insert('person', { email: first === null ? null : 'a@firma.no', phone: lead.phone });
    const last = db.insert('person', { email: second === null ? null : 'b@firma.no', phone: lead.phone });
    expect(db.store({ ...lead, at: at + 1 })).toMatchObject({ personId: last + 1, createdPerson: true });
  });
}

test('gives a person no address that another person has had', (db) => {
  const other = db.insert('person', { email: 'other@firma.no', phone: '+4722334455' });
  db.insert('person_email', { email: 'ola@firma.no', person_id: other });
  const known = db.insert('person', { email: null, phone: number });
  const found = db.store({ ...byPhone, email: 'ola@firma.no' });
  expect(found).toMatchObject({ personId: other });
  expect(db.row('person', { id: known })['email']).toBeNull();
  db.store({ ...byPhone, email: 'ny@firma.no', at: at + 1 });
  expect(db.row('person', { id: known })).toMatchObject({ email: 'ny@firma.no', updated_at: at + 1 });
  db.store({ ...byPhone, lastName: 'Nordmann', at: at + 2 });
  expect(db.row('person', { id: known })).toMatchObject({ email: 'ny@firma.no', last_name: 'Nordmann' });
});

test('creates the company of a person who is known by telephone number, or new with one alone', (db) => {
  const company = { companyName: 'Firma AS', companyNameFold: 'firma as', companyNameKey: 'firma', companyExplicit: 1 };
  const known = db.insert('person', { email: null, phone: number });
  db.store({ ...byPhone, ...company });
  expect(db.row('company')).toMatchObject({ name: 'Firma AS' });
  expect(db.row('person', { id: known })['company_id']).toBe(db.row('company')['id']);
  // A new person fills in what the company lacks, whether known by a number or by an address.
  const other = '+4722334455';
  db.store({ ...byPhone, ...company, phone: other, phoneKey: other, country: 'NO', at: at + 1 });
  expect(db.row('company')).toMatchObject({ country: 'NO' });
  expect(db.row('person', { phone: other })['company_id']).toBe(db.row('company')['id']);
  db.store({ ...company, email: 'per@firma.no', registrationNumber: '987654321', at: at + 2 });
  expect(db.row('company')).toMatchObject({ registration_number: '987654321' });
  const third = '+4733445566';
  const annet = { companyName: 'Annet AS', companyNameFold: 'annet as', companyNameKey: 'annet', companyExplicit: 1 };
  db.store({ ...byPhone, ...annet, phone: third, phoneKey: third, at: at + 3 });
  expect(db.row('person', { phone: third })['company_id']).toBe(db.row('company', { name: 'Annet AS' })['id']);
});

test('creates nobody, and no company, where neither address nor telephone number is known', (db) => {
  db.insert('person', { email: null, phone: null });
  const company = { companyName: 'Firma AS', companyNameFold: 'firma as', companyNameKey: 'firma' };
  expect(
    db.store({ ...nobody, ...company, consents: '[{"purpose":"mail"}]', ...journeyOf([{ source: 'google' }]) }),
  ).toEqual({
    state: 'stored',
    personId: null,
    createdPerson: false,
  });
  expect([db.rows('person').length, db.rows('company').length, db.rows('consent').length]).toEqual([1, 0, 0]);
  const [touch] = db.rows('touch');
  expect(touch).toMatchObject({ person_id: 0 });
  expect(db.row('submission')).toMatchObject({ person_id: null, created_person: 0, journey: `[${touch!['id']}]` });
});

test('stores a chat, a call and an event of a person as a submission, once for each kind and time', (db) => {
  const personId = db.insert('person');
  const reported = (createdVia: string, more: Row = {}) => db.store({ ...apiLead, createdVia, ...more });
  for (const via of ['import', 'api', 'manual', 'other']) reported(via);
  expect(db.rows('submission')).toEqual([]);
  for (const via of ['chat', 'chat', 'phone', 'event']) reported(via);
  reported('chat', { at: at + 1 });
  expect(db.rows('submission').map((row) => [row['created_via'], row['at'], row['person_id'], row['form_id']])).toEqual(
    [
      ['chat', at, personId, null],
      ['phone', at, personId, null],
      ['event', at, personId, null],
      ['chat', at + 1, personId, null],
    ],
  );
});

test('gives a submission the person that it created, also where others are there', (db) => {
  db.insert('person', { email: 'first@firma.no' });
  const { personId } = db.store() as { personId: number };
  expect(db.row('person', { email: 'kari@firma.no' })['id']).toBe(personId);
  expect(db.row('submission')).toMatchObject({ person_id: personId, created_person: 1 });
});

test('never changes the points and the creation of a known person', (db) => {
  db.insert('person', { lead_status_id: 3, owner_id: db.insert('owner') });
  const before = db.row('person');
  db.store({ leadStatusId: 2, ...journeyOf([{ at: earlier - dayMs, source: 'google', landingPage: '/x' }]) });
  expect(db.row('person')).toEqual(before);
});

const blankOf: Array<[what: string, columns: Answer[]]> = [
  ['first name', ['first_name', 'first_name_fold']],
  ['last name', ['last_name', 'last_name_fold']],
  ['telephone number', ['phone']],
  ['title', ['title', 'title_fold']],
  ['country', ['country']],
];
for (const [what, names] of blankOf) {
  const blank = Object.fromEntries(names.map((name) => [name, null]));
  test(`fills in the ${what} of a known person, and nothing else`, (db) => {
    db.insert('person', { ...known, ...blank });
    const before = db.row('person');
    db.store(lead);
    expect(db.row('person')).toEqual({
      ...before,
      ...Object.fromEntries(names.map((name) => [name, answers[name][1]])),
      updated_at: at + 1,
    });
  });

  test(`keeps the ${what} of a known person where a lead has another`, (db) => {
    db.insert('person', known);
    const before = db.row('person');
    db.store(given(names));
    expect(db.row('person')).toEqual(before);
  });

  test(`does not touch a known person where a lead lacks the same ${what}`, (db) => {
    db.insert('person', { ...known, ...blank });
    const before = db.row('person');
    db.store(given(columns.filter((name) => !names.includes(name))));
    expect(db.row('person')).toEqual(before);
  });
}

test('fills in every blank of a known person at once', (db) => {
  const ownerId = db.insert('owner');
  const companyId = db.insert('company', { domain: 'firma.no' });
  db.insert('person');
  const before = db.row('person');
  db.store({ ...lead, ownerId, companyName: 'firma.no', companyNameFold: 'firma.no', companyDomain: 'firma.no' });
  expect(db.row('person')).toEqual({
    ...before,
    ...Object.fromEntries(columns.map((name) => [name, answers[name][1]])),
    owner_id: ownerId,
    company_id: companyId,
    updated_at: at + 1,
  });
});

test('fills in the owner of a known person, and nothing else', (db) => {
  const ownerId = db.insert('owner');
  db.insert('person', known);
  const before = db.row('person');
  db.store({ ...lead, ownerId });
  expect(db.row('person')).toEqual({ ...before, owner_id: ownerId, updated_at: at + 1 });
});

test('keeps the owner of a known person where a lead has another', (db) => {
  db.insert('person', { ...known, owner_id: db.insert('owner') });
  const before = db.row('person');
  db.store({ ownerId: db.insert('owner') });
  expect(db.row('person')).toEqual(before);
});

test('keeps owner and company of a known person where something else is filled in', (db) => {
  const own = { owner_id: db.insert('owner'), company_id: db.insert('company') };
  const companyId = db.insert('company', { name: 'Other', domain: 'firma.no' });
  db.insert('person', { ...known, ...own, phone: null });
  const before = db.row('person');
  db.store({
    ...lead,
    ownerId: db.insert('owner'),
    companyExplicit: 1,
    companyName: 'firma.no',
    companyNameFold: 'firma.no',
    companyDomain: 'firma.no',
  });
  expect(db.row('person')).toEqual({ ...before, phone: '+4722334455', updated_at: at + 1 });
  expect(db.row('submission')).toMatchObject({ company_id: companyId });
});

test('does not touch other people', (db) => {
  db.insert('person', { email: 'other@firma.no' });
  const before = db.row('person');
  db.insert('person');
  db.store(lead);
  expect(db.row('person', { email: 'other@firma.no' })).toEqual(before);
});

const firma: Row = {
  companyName: 'Firma',
  companyNameFold: 'firma',
  companyGivenName: 'Firma',
  companyNameKey: 'firma',
};

test('fills in the company of a known person: one that is known', (db) => {
  const companyId = db.insert('company', { name_key: 'firma' });
  db.insert('company', { name: 'Newest' });
  db.insert('person', known);
  const before = db.row('person');
  db.store({ ...firma, companyExplicit: 1 });
  expect(db.row('person')).toEqual({ ...before, company_id: companyId, updated_at: at + 1 });
});

test('fills in the company of a known person: one that is new', (db) => {
  db.insert('company', { name: 'Oldest' });
  db.insert('person', known);
  const before = db.row('person');
  db.store({ ...firma, companyExplicit: 1 });
  const companyId = db.row('company', { name: 'Firma' })['id'];
  expect(db.row('person')).toEqual({ ...before, company_id: companyId, updated_at: at + 1 });
});

test('keeps the company of a known person who names another', (db) => {
  const own = db.insert('company', { name: 'Own' });
  const other = db.insert('company', { name_key: 'firma' });
  db.insert('person', { ...known, company_id: own });
  const before = db.row('person');
  db.store({ ...firma, companyExplicit: 1 });
  expect(db.row('person')).toEqual(before);
  expect(db.row('submission')).toMatchObject({ company_id: other, created_company: 0 });
});

test('keeps the company of a known person who names a new one', (db) => {
  const own = db.insert('company', { name: 'Own' });
  db.insert('person', { ...known, company_id: own });
  const before = db.row('person');
  db.store({ ...firma, companyExplicit: 1 });
  expect(db.row('person')).toEqual(before);
  expect(db.row('submission')).toMatchObject({
    company_id: db.row('company', { name: 'Firma' })['id'],
    created_company: 1,
  });
});

test('gives no company to a known person whose lead has none, also where something else is filled in', (db) => {
  db.insert('company', { name: 'Newest' });
  db.insert('person', { ...known, phone: null });
  const before = db.row('person');
  db.store(lead);
  expect(db.row('person')).toEqual({ ...before, phone: '+4722334455', updated_at: at + 1 });
  expect(db.row('submission')).toMatchObject({ company_id: null, created_company: 0 });
});

test('gives no company to a new person whose lead has none', (db) => {
  db.insert('company', { name: 'Newest' });
  db.store(lead);
  expect(db.row('person')).toMatchObject({ company_id: null });
  expect(db.row('submission')).toMatchObject({ company_id: null, created_company: 0 });
});

test('gives a new person the company that is known, and not the newest', (db) => {
  const companyId = db.insert('company', { domain: 'firma.no' });
  db.insert('company', { name: 'Newest' });
  db.store({ ...firma, companyDomain: 'firma.no' });
  expect(db.row('person')).toMatchObject({ company_id: companyId });
  expect(db.row('submission')).toMatchObject({ company_id: companyId, created_company: 0 });
});

test('gives a new person the company that is new', (db) => {
  db.insert('company', { name: 'Oldest' });
  db.store(firma);
  const companyId = db.row('company', { name: 'Firma' })['id'];
  expect(db.row('person')).toMatchObject({ company_id: companyId });
  expect(db.row('submission')).toMatchObject({ company_id: companyId, created_company: 1 });
});
