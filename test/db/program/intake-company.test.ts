import { expect } from 'vitest';
import { apiLead, at, dayMs, earlier, journeyOf, test } from '../../support/program-database.ts';
import type { ProgramDatabase, Row } from '../../support/program-database.ts';

/** What a lead says of its company: the lead's column, and the value. */
const answers = {
  name_key: ['companyNameKey', 'firma'],
  domain: ['companyDomain', 'firma.no'],
  registration_number: ['registrationNumber', '999888777'],
  country: ['country', 'NO'],
  category_id: ['categoryId', 4],
} as const;
type Answer = keyof typeof answers;
const columns = Object.keys(answers) as Answer[];
const named: Row = { companyName: 'Firma', companyNameFold: 'firma', companyGivenName: 'Firma', companyExplicit: 1 };
const lead = { ...named, ...Object.fromEntries(Object.values(answers)) };
/** A company of which all is known, and none of it is what the lead says. */
const known: Record<Answer, string | number> = {
  name_key: 'old',
  domain: 'old.no',
  registration_number: '111222333',
  country: 'SE',
  category_id: 5,
};
/** A known person of that company who names no other: so the company is found whatever the lead says of it. */
const ofKnownCompany = (db: ProgramDatabase, values: Row = {}): Row => {
  db.insert('person', { country: 'DK', company_id: db.insert('company', values) });
  return db.row('company');
};

const twoTouches = journeyOf([
  { at: at - dayMs, source: 'google', landingPage: '/first' },
  { source: 'linkedin', landingPage: '/last' },
]);
const companyPoints = (db: ProgramDatabase) => {
  const entries = Object.entries(db.row('company'));
  return Object.fromEntries(entries.filter(([name]) => /^(first_touch|lead_creation|source)_/.test(name)));
};

test('stores all that is known of a new company, with its source where the person is new as well', (db) => {
  db.store({ ...lead, ...twoTouches });
  const person = db.row('person');
  expect(db.row('company')).toEqual({
    id: expect.any(Number),
    name: 'Firma',
    name_fold: 'firma',
    ...Object.fromEntries(columns.map((name) => [name, answers[name][1]])),
    owner_id: null,
    created_via: 'form',
    created_at: at,
    updated_at: at + 1,
    creation_id: 'lead-1',
    source_person_id: person['id'],
    first_touch_origin_id: person['first_touch_origin_id'],
    first_touch_at: at - dayMs,
    first_touch_landing_page_id: person['first_touch_landing_page_id'],
    lead_creation_origin_id: person['lead_creation_origin_id'],
    lead_creation_at: at,
    lead_creation_landing_page_id: person['lead_creation_landing_page_id'],
  });
  expect(person['first_touch_landing_page_id']).not.toBe(person['lead_creation_landing_page_id']);
  expect(person['first_touch_origin_id']).not.toBe(person['lead_creation_origin_id']);
});

test('gives a new company no source where the person existed', (db) => {
  db.insert('person');
  db.store({ ...lead, ...twoTouches });
  expect(companyPoints(db)).toEqual({
    source_person_id: null,
    first_touch_origin_id: null,
    first_touch_at: null,
    first_touch_landing_page_id: null,
    lead_creation_origin_id: null,
    lead_creation_at: null,
    lead_creation_landing_page_id: null,
  });
  expect(db.row('company')).toMatchObject({ name: 'Firma', creation_id: 'lead-1' });
});

test('gives a known company no source where the person is new', (db) => {
  db.insert('company', { domain: 'firma.no' });
  const before = companyPoints(db);
  db.store({ ...lead, ...twoTouches });
  expect(companyPoints(db)).toEqual(before);
});

test('gives no other company the person who brought a new one', (db) => {
  const other = db.insert('company', { name: 'Other' });
  db.store(lead);
  expect(db.row('company', { id: other })['source_person_id']).toBeNull();
});

test('creates no company where the lead says nothing of one', (db) => {
  db.store({ country: 'NO', categoryId: 4 });
  expect(db.rows('company')).toEqual([]);
});

for (const name of columns) {
  const [column, value] = answers[name];
  test(`fills in the ${name} of a known company, and nothing else`, (db) => {
    const before = ofKnownCompany(db, { ...known, [name]: null });
    db.store({ ...lead, companyExplicit: 0 });
    expect(db.row('company')).toEqual({ ...before, [name]: value, updated_at: at + 1 });
  });

  test(`keeps the ${name} of a known company where a lead has another`, (db) => {
    const before = ofKnownCompany(db, known);
    db.store({ ...named, companyExplicit: 0, [column]: value });
    expect(db.row('company')).toEqual(before);
  });

  test(`does not touch a known company where a lead lacks the same ${name}`, (db) => {
    const before = ofKnownCompany(db, { ...known, [name]: null });
    db.store({ ...lead, companyExplicit: 0, [column]: null });
    expect(db.row('company')).toEqual(before);
  });

  test(`does not fill in the ${name} of a person's company where the lead says nothing of a company`, (db) => {
    const before = ofKnownCompany(db);
    db.store({ [column]: value });
    expect(db.row('company')).toEqual(before);
  });

  test(`does not touch the ${name} of other companies`, (db) => {
    ofKnownCompany(db);
    const other = db.insert('company', { name: 'Other' });
    const before = db.row('company', { id: other });
    db.store({ ...lead, companyExplicit: 0 });
    expect(db.row('company', { id: other })).toEqual(before);
  });
}

test('fills in every blank of a known company at once', (db) => {
  const before = ofKnownCompany(db);
  db.store({ ...lead, companyExplicit: 0 });
  expect(db.row('company')).toEqual({
    ...before,
    ...Object.fromEntries(columns.map((name) => [name, answers[name][1]])),
    updated_at: at + 1,
  });
});

test('keeps the owner that a company has or lacks: an owner that a lead names is the person’s', (db) => {
  const ownerId = db.insert('owner');
  ofKnownCompany(db);
  db.store({ ...lead, companyExplicit: 0, ownerId });
  expect(db.row('company')['owner_id']).toBeNull();
  expect(db.row('person')['owner_id']).toBe(ownerId);
});

test('replaces a name that is only the domain by the name given', (db) => {
  const before = ofKnownCompany(db, { ...known, name: 'old.no', name_fold: 'old.no' });
  db.store({ ...named, companyExplicit: 0 });
  expect(db.row('company')).toEqual({ ...before, name: 'Firma', name_fold: 'firma', updated_at: at + 1 });
});

test('keeps a name that is only the domain where no name is given', (db) => {
  const before = ofKnownCompany(db, { ...known, name: 'old.no', name_fold: 'old.no' });
  db.store({ companyName: 'firma.no', companyNameFold: 'firma.no', companyDomain: 'firma.no' });
  expect(db.row('company')).toEqual(before);
});

test('keeps a name that is the domain where something else is filled in and no name is given', (db) => {
  const before = ofKnownCompany(db, { ...known, name: 'old.no', name_fold: 'old.no', country: null });
  db.store({ companyName: 'firma.no', companyNameFold: 'firma.no', companyDomain: 'firma.no', country: 'NO' });
  expect(db.row('company')).toEqual({ ...before, country: 'NO', updated_at: at + 1 });
});

test('keeps a name of its own', (db) => {
  const before = ofKnownCompany(db, { ...known, name: 'Old AS', name_fold: 'old as' });
  db.store({ ...named, companyExplicit: 0 });
  expect(db.row('company')).toEqual(before);
});

for (const [name, value] of [
  ['domain', 'firma.no'],
  ['registration_number', '999888777'],
] as const) {
  test(`does not fill in a ${name} that another company has`, (db) => {
    ofKnownCompany(db, { [name === 'domain' ? 'registration_number' : 'domain']: 'x' });
    db.insert('company', { name: 'Other', [name]: value });
    expect(db.store({ ...lead, companyExplicit: 0 }).state).toBe('stored');
    expect(db.row('company', { name: 'Firma AS' })[name]).toBeNull();
  });

  test(`keeps a ${name} of its own where another company has the one given`, (db) => {
    ofKnownCompany(db, { [name]: 'own' });
    db.insert('company', { name: 'Other', [name]: value });
    expect(db.store({ ...lead, companyExplicit: 0 }).state).toBe('stored');
    expect(db.row('company', { name: 'Firma AS' })[name]).toBe('own');
  });
}

/** The company that a submission was given, or that it created one. */
const foundBy = (db: ProgramDatabase, values: Row): number | 'new' => {
  db.store({ ...named, ...values });
  const { company_id: companyId, created_company: created } = db.all(
    'SELECT company_id, created_company FROM submission ORDER BY rowid DESC LIMIT 1',
  )[0]!;
  return created === 1 ? 'new' : companyId;
};

test('takes the person’s own company where the lead names none, also where another has the domain', (db) => {
  db.insert('company', { domain: 'firma.no' });
  const own = db.insert('company', { name: 'Own' });
  db.insert('person', { company_id: own });
  expect(foundBy(db, { companyExplicit: 0, companyDomain: 'firma.no' })).toBe(own);
});

test('takes the company that the lead names, and not the person’s own', (db) => {
  const other = db.insert('company', { domain: 'firma.no' });
  db.insert('person', { company_id: db.insert('company', { name: 'Own' }) });
  expect(foundBy(db, { companyExplicit: 1, companyDomain: 'firma.no' })).toBe(other);
});

test('finds a company by domain where the person has none', (db) => {
  const company = db.insert('company', { domain: 'firma.no' });
  db.insert('person');
  expect(foundBy(db, { companyExplicit: 0, companyDomain: 'firma.no' })).toBe(company);
});

test('does not take the company of another person', (db) => {
  db.insert('person', { email: 'other@firma.no', company_id: db.insert('company', { name: 'Other' }) });
  db.insert('person');
  expect(foundBy(db, { companyExplicit: 0, companyDomain: 'firma.no' })).toBe('new');
});

test('finds a company by registration number before domain, and by domain before name', (db) => {
  const byName = db.insert('company', { name_key: 'firma' });
  const byDomain = db.insert('company', { domain: 'firma.no' });
  const byNumber = db.insert('company', { registration_number: '999888777' });
  const all = { companyNameKey: 'firma', companyDomain: 'firma.no', registrationNumber: '999888777' };
  expect(foundBy(db, all)).toBe(byNumber);
  expect(foundBy(db, { ...all, registrationNumber: null })).toBe(byDomain);
  expect(foundBy(db, { ...all, registrationNumber: null, companyDomain: null })).toBe(byName);
});

test('creates a company where none has the number, the domain or the name', (db) => {
  db.insert('company', { name_key: 'other', domain: 'other.no', registration_number: '1' });
  expect(foundBy(db, { companyNameKey: 'firma', companyDomain: 'firma.no', registrationNumber: '999888777' })).toBe(
    'new',
  );
});

test('takes the oldest of several companies with the name', (db) => {
  db.insert('company', { name_key: 'other' });
  const oldest = db.insert('company', { name_key: 'firma' });
  db.insert('company', { name_key: 'firma' });
  expect(foundBy(db, { companyNameKey: 'firma' })).toBe(oldest);
});

for (const [column, intakeColumn] of [
  ['domain', 'companyDomain'],
  ['registration_number', 'registrationNumber'],
] as const) {
  test(`finds a company by name where neither side has a ${column}`, (db) => {
    const company = db.insert('company', { name_key: 'firma' });
    expect(foundBy(db, { companyNameKey: 'firma' })).toBe(company);
  });
  test(`finds a company by name where the lead alone has a ${column}`, (db) => {
    const company = db.insert('company', { name_key: 'firma' });
    expect(foundBy(db, { companyNameKey: 'firma', [intakeColumn]: 'given' })).toBe(company);
  });
  test(`finds a company by name where the company alone has a ${column}`, (db) => {
    const company = db.insert('company', { name_key: 'firma', [column]: 'own' });
    expect(foundBy(db, { companyNameKey: 'firma' })).toBe(company);
  });
  test(`does not find a company by name where both sides have a ${column}, and they differ`, (db) => {
    db.insert('company', { name_key: 'firma', [column]: 'own' });
    expect(foundBy(db, { companyNameKey: 'firma', [intakeColumn]: 'given' })).toBe('new');
  });
}

test('does not find a company by the name of nothing', (db) => {
  db.insert('company');
  expect(foundBy(db, { companyName: 'Other' })).toBe('new');
});

/** A lead by the API with a status that sets the category Partner. */
const withStatus = (db: ProgramDatabase): Row => {
  db.update('lead_status', 2, { sets_category_id: 4 });
  return { ...apiLead, ...named, companyDomain: 'firma.no', leadStatusId: 2 };
};

test('lets the status of a new person set the category of its known company', (db) => {
  const status = withStatus(db);
  const company = db.insert('company', { domain: 'firma.no', category_id: 1 });
  const other = db.insert('company', { name: 'Other', category_id: 1 });
  db.store(status);
  expect(db.row('company', { id: company })).toMatchObject({ category_id: 4, updated_at: at + 1 });
  expect(db.row('company', { id: other })).toMatchObject({ category_id: 1 });
});

test('lets the status of a new person propose a category that asks for a confirmation', (db) => {
  const status = withStatus(db);
  db.update('category', 4, { needs_confirmation: 1 });
  const company = db.insert('company', { domain: 'firma.no' });
  db.store(status);
  expect(db.row('category_proposal')).toMatchObject({ company_id: company, category_id: 4, cause: 'leadStatusSet' });
});

test('lets the status of a new person set the category of a company that has none', (db) => {
  const status = withStatus(db);
  const company = db.insert('company', { domain: 'firma.no' });
  db.store(status);
  expect(db.row('company', { id: company })).toMatchObject({ category_id: 4 });
});

for (const [id, group] of [
  [2, 'Customer'],
  [3, 'Lost'],
  [5, 'Other'],
] as const) {
  test(`lets a status never change the category of a company in the group ${group}`, (db) => {
    const status = withStatus(db);
    db.insert('company', { domain: 'firma.no', category_id: id });
    const before = db.row('company');
    db.store(status);
    expect(db.row('company')).toEqual(before);
  });
}

test('lets a form never turn a customer back, by its own category or by a status', (db) => {
  const status = withStatus(db);
  db.insert('company', { domain: 'firma.no', category_id: 2 });
  const before = db.row('company');
  db.store({ ...status, createdVia: 'form', formId: 1, fields: '{}', day: '2026-09-01', categoryId: 1 });
  db.store({ ...named, companyDomain: 'firma.no', categoryId: 1 });
  expect(db.row('company')).toEqual(before);
});

test('lets the status of a form’s lead set no category', (db) => {
  const status = withStatus(db);
  db.insert('company', { domain: 'firma.no', category_id: 1 });
  const before = db.row('company');
  db.store({ ...status, formId: 1, fields: '{}', day: '2026-09-01' });
  expect(db.row('company')).toEqual(before);
});

test('lets the status of a person who existed set no category', (db) => {
  const status = withStatus(db);
  db.insert('company', { domain: 'firma.no', category_id: 1 });
  const before = db.row('company');
  db.insert('person', { company_id: before['id'], lead_status_id: 2 });
  db.store(status);
  expect(db.row('company')).toEqual(before);
});

test('does not touch a company that has the category already', (db) => {
  const status = withStatus(db);
  db.insert('company', { domain: 'firma.no', category_id: 4 });
  const before = db.row('company');
  db.store(status);
  expect(db.row('company')).toEqual(before);
});

test('keeps the category where the status sets none', (db) => {
  const status = withStatus(db);
  db.insert('company', { domain: 'firma.no', category_id: 1 });
  const before = db.row('company');
  db.store({ ...status, leadStatusId: 3 });
  db.store({ ...status, email: 'ola@firma.no', leadStatusId: null });
  expect(db.row('company')).toEqual(before);
});

/** A company with what a company merged into it was known by, beside one that has nothing of it. */
const withAlias = (db: ProgramDatabase, kind: string, value: string, values: Row = {}): number => {
  db.insert('company', { name: 'Other', name_key: 'other' });
  const id = db.insert('company', { name: 'Kept', name_key: 'kept', ...values });
  const mergeId = db.insert('company_merge', { company_id: id, removed_company_id: 99 });
  for (const [otherKind, other] of [
    [kind, value],
    ['domain', 'x.no'],
    ['registrationNumber', '1'],
    ['nameKey', 'x'],
  ])
    db.run('INSERT OR IGNORE INTO company_alias VALUES (?, ?, ?, ?)', otherKind!, other!, mergeId, id);
  return id;
};
const companyOfLead = (db: ProgramDatabase): unknown => db.row('person')['company_id'];

for (const [kind, value, says] of [
  ['domain', 'firma.no', { companyDomain: 'firma.no' }],
  ['registrationNumber', '999888777', { registrationNumber: '999888777' }],
  ['nameKey', 'firma', { companyNameKey: 'firma' }],
] as const) {
  test(`finds a company by the ${kind} of one merged into it`, (db) => {
    const id = withAlias(db, kind, value, { domain: null });
    db.store({ ...named, ...says });
    expect(companyOfLead(db)).toBe(id);
  });
}

for (const [kind, says] of [
  ['nameKey', { companyDomain: 'firma' }],
  ['nameKey', { registrationNumber: 'firma' }],
  ['domain', { companyNameKey: 'firma' }],
] as const) {
  test(`takes a ${kind} for no other: ${Object.keys(says)[0]!}`, (db) => {
    const id = withAlias(db, kind, 'firma');
    db.store({ ...named, ...says });
    expect(companyOfLead(db)).not.toBe(id);
  });
}

test("finds a company by its own name before another's further one", (db) => {
  withAlias(db, 'nameKey', 'firma');
  const own = db.insert('company', { name_key: 'firma' });
  db.store({ ...named, companyNameKey: 'firma' });
  expect(companyOfLead(db)).toBe(own);
});

test('finds the older of two companies that a further name leads to', (db) => {
  const [older] = [withAlias(db, 'nameKey', 'firma'), withAlias(db, 'nameKey', 'firma')];
  db.store({ ...named, companyNameKey: 'firma' });
  expect(companyOfLead(db)).toBe(older);
});

for (const says of [{ companyDomain: 'new.no' }, { registrationNumber: '5' }]) {
  test(`finds a company by a further name where it has no ${Object.keys(says)[0]!}`, (db) => {
    const id = withAlias(db, 'nameKey', 'firma');
    db.store({ ...named, companyNameKey: 'firma', ...says });
    expect(companyOfLead(db)).toBe(id);
  });
}

for (const [says, has] of [
  [{ companyDomain: 'new.no' }, { domain: 'kept.no' }],
  [{ registrationNumber: '5' }, { registration_number: '6' }],
] as const) {
  test(`finds no company by a further name where both have a ${Object.keys(has)[0]!}`, (db) => {
    const id = withAlias(db, 'nameKey', 'firma', has);
    db.store({ ...named, companyNameKey: 'firma', ...says });
    expect(companyOfLead(db)).not.toBe(id);
  });
}

for (const [kind, value, says, column] of [
  ['domain', 'firma.no', 'companyDomain', 'domain'],
  ['registrationNumber', '999888777', 'registrationNumber', 'registration_number'],
] as const) {
  test(`fills in no ${column} that leads to another company`, (db) => {
    withAlias(db, kind, value);
    withAlias(db, 'nameKey', 'elsewhere', { name: 'Own' });
    const own = db.row('company', { name: 'Own' })['id'];
    db.insert('person', { company_id: own });
    db.store({ ...named, companyExplicit: 0, [says]: value });
    expect(db.row('company', { id: own })).toMatchObject({ [column]: null });
    db.store({ ...named, companyExplicit: 0, [says]: `${value}8` });
    expect(db.row('company', { id: own })).toMatchObject({ [column]: `${value}8` });
  });
}

const proposalsOf = (db: ProgramDatabase) =>
  db.all('SELECT company_id, from_category_id, category_id, cause, at, state FROM category_proposal ORDER BY id');

test('gives no category that is archived, to a new company and to a known one', (db) => {
  db.update('category', 4, { archived_at: at });
  db.store(lead);
  expect(db.row('company')).toMatchObject({ category_id: null });
  db.store({ ...lead, fields: '{"a":1}' });
  expect(db.row('company')).toMatchObject({ category_id: null });
  db.update('category', 4, { needs_confirmation: 1 });
  db.store(lead);
  expect(proposalsOf(db)).toEqual([]);
});

test('proposes a category that needs a confirmation, to a new company and to a known one', (db) => {
  db.update('category', 4, { needs_confirmation: 1 });
  db.store(lead);
  const { id } = db.row('company');
  const proposal = {
    company_id: id,
    from_category_id: null,
    category_id: 4,
    cause: 'leadArrived',
    at: at + 1,
    state: 'pending',
  };
  expect([db.row('company')['category_id'], proposalsOf(db)]).toEqual([null, [proposal]]);
  db.run("UPDATE category_proposal SET state = 'outdated'");
  db.store(lead);
  expect(proposalsOf(db)).toEqual([{ ...proposal, state: 'outdated' }, proposal]);
});

for (const [what, values, expected] of [
  ['another one waits', { state: 'pending', category_id: 3 }, 1],
  ['it was declined', { state: 'declined', category_id: 4 }, 1],
  ['another one was declined', { state: 'declined', category_id: 3 }, 2],
] as const) {
  test(`proposes ${expected === 1 ? 'none' : 'one'} where ${what}`, (db) => {
    db.update('category', 4, { needs_confirmation: 1 });
    const company = db.insert('company', { name_key: 'firma' });
    db.insert('category_proposal', { company_id: company, cause: 'dealWon', at: earlier, ...values });
    db.store({ ...named, companyNameKey: 'firma', categoryId: 4 });
    expect(proposalsOf(db)).toHaveLength(expected);
  });
}

test('proposes none to a company of others, to one that has a category, and where nobody can be told', (db) => {
  db.update('category', 4, { needs_confirmation: 1 });
  db.insert('company', { name: 'Other' });
  const company = db.insert('company', { name_key: 'firma', category_id: 5 });
  db.store({ ...named, companyNameKey: 'firma', categoryId: 4 });
  db.store({ ...apiLead, email: 'other@gmail.com', categoryId: 4 });
  db.update('company', company, { category_id: null });
  db.store({ ...named, email: null, companyNameKey: 'firma', categoryId: 4 });
  db.store({ ...named, companyNameKey: 'firma', categoryId: null });
  expect(proposalsOf(db)).toEqual([]);
});

test('leaves a company alone that lacks only a category which is archived', (db) => {
  db.update('category', 4, { archived_at: at });
  const company = db.insert('company', { name_key: 'firma' });
  db.store({ ...named, companyNameKey: 'firma', categoryId: 4 });
  expect(db.row('company', { id: company })).toMatchObject({ category_id: null, updated_at: earlier });
});

test('proposes a category to the company that a lead by telephone number creates, beside others', (db) => {
  db.update('category', 4, { needs_confirmation: 1 });
  db.insert('company', { name: 'Other' });
  db.store({ ...lead, email: null, phone: '+4722225555', phoneKey: '+4722225555' });
  const { id } = db.row('company', { name: 'Firma' });
  expect(proposalsOf(db)).toMatchObject([{ company_id: id, category_id: 4 }]);
});
