import { expect } from 'vitest';
import { apiLead, at, earlier, test } from '../../support/program-database.ts';
import type { ProgramDatabase, Row } from '../../support/program-database.ts';

const linksOf = (db: ProgramDatabase, id: number): Row => {
  const { person_id, company_id, link_email, link_domain, updated_at } = db.row('deal', { id });
  return { person_id, company_id, link_email, link_domain, updated_at };
};
const none = { person_id: null, company_id: null, link_email: null, link_domain: null };
/** One deal that waits for Kari's address and company, and one that waits for somebody else's. */
const twoDeals = (db: ProgramDatabase, values: Row = {}): [number, number] => [
  db.insert('deal', { updated_at: earlier, link_email: 'kari@firma.no', link_domain: 'firma.no', ...values }),
  db.insert('deal', { updated_at: earlier, link_email: 'ola@firma.no', link_domain: 'annet.no' }),
];
const others = { ...none, link_email: 'ola@firma.no', link_domain: 'annet.no', updated_at: earlier };
/** A lead of a company that is found by its domain. */
const lead = { companyName: 'firma.no', companyNameFold: 'firma.no', companyDomain: 'firma.no' };

test('links a deal to the person and the company that a form brings', (db) => {
  const [waiting, other] = twoDeals(db);
  db.store(lead);
  const { id, company_id } = db.row('person', { email: 'kari@firma.no' });
  expect(linksOf(db, waiting)).toEqual({ ...none, person_id: id, company_id, updated_at: at + 1 });
  expect(linksOf(db, other)).toEqual(others);
  expect(db.row('person', { id })['deal_state']).toBe(1);
});

test('links a deal to the person alone, and waits for the company', (db) => {
  const [waiting] = twoDeals(db);
  db.store(apiLead);
  const { id } = db.row('person');
  expect(linksOf(db, waiting)).toEqual({ ...none, person_id: id, link_domain: 'firma.no', updated_at: at + 1 });
  const company_id = db.insert('company', { domain: 'firma.no', updated_at: at + 2 });
  expect(linksOf(db, waiting)).toEqual({ ...none, person_id: id, company_id, updated_at: at + 2 });
});

test('links a deal to the company by its domain, and waits for the person', (db) => {
  const [waiting, other] = twoDeals(db);
  db.insert('company', { domain: 'tredje.no' });
  db.insert('company', { domain: null });
  const company_id = db.insert('company', { domain: null, updated_at: earlier });
  db.update('company', company_id, { domain: 'firma.no', updated_at: at });
  expect(linksOf(db, waiting)).toEqual({ ...none, company_id, link_email: 'kari@firma.no', updated_at: at });
  expect(linksOf(db, other)).toEqual(others);
});

test('fills empty links alone', (db) => {
  const own = db.insert('company', { domain: 'eget.no' });
  const [waiting] = twoDeals(db, { company_id: own, link_domain: null });
  const company = db.insert('company', { domain: 'firma.no' });
  const person_id = db.insert('person', { company_id: company, updated_at: at });
  expect(linksOf(db, waiting)).toEqual({ ...none, person_id, company_id: own, updated_at: at });
  const ola = db.insert('person', { email: 'ola@annet.no' });
  const taken = db.insert('deal', { person_id: ola, company_id: own, link_email: 'x@firma.no', link_domain: 'x.no' });
  db.insert('company', { domain: 'x.no' });
  db.insert('person', { email: 'x@firma.no' });
  expect(linksOf(db, taken)).toMatchObject({ person_id: ola, company_id: own });
});

test('links a deal to a person who gets the address', (db) => {
  const [waiting, other] = twoDeals(db);
  const company_id = db.insert('company', { domain: null });
  const person_id = db.insert('person', { email: 'kari@gammel.no', company_id });
  db.update('person', person_id, { email: 'kari@firma.no', updated_at: at });
  expect(linksOf(db, waiting)).toEqual({ ...none, person_id, company_id, updated_at: at });
  db.insert('person_email', { email: 'ola@firma.no', person_id });
  expect(linksOf(db, other)).toEqual({ ...none, person_id, company_id, updated_at: at });
});

test('stores the origins of whoever it is linked to with the deal', (db) => {
  const [waiting] = twoDeals(db);
  const origin = db.origin();
  db.insert('company', { domain: 'firma.no', first_touch_origin_id: origin, lead_creation_origin_id: origin });
  expect(db.row('deal', { id: waiting })).toMatchObject({ first_touch_origin_id: origin });
  const better = db.origin({ channel: 'Email' });
  db.insert('person', { first_touch_origin_id: better, lead_creation_origin_id: better });
  expect(db.row('deal', { id: waiting })).toMatchObject({
    first_touch_origin_id: better,
    lead_creation_origin_id: better,
  });
});

for (const [statuses, category] of [
  [['open'], 1],
  [['won'], 2],
  [['lost'], 3],
  // The last deal decides, unless one is won.
  [['lost', 'open'], 1],
  [['open', 'lost'], 3],
  [['won', 'lost'], 2],
] as const) {
  test(`gives the company the category of the deals that come to it: ${statuses.join(', ')}`, (db) => {
    for (const status of statuses) db.insert('deal', { status, link_email: 'kari@firma.no', link_domain: 'firma.no' });
    db.insert('deal', { status: 'won', link_domain: 'annet.no' });
    db.update('category', 1, { set_on: '["dealRegistered"]' });
    const company = db.insert('company', { domain: null, updated_at: earlier });
    db.update('company', company, { domain: 'firma.no', updated_at: at });
    expect(db.row('company', { id: company })).toMatchObject({ category_id: category, updated_at: at });
    // A deal that has its company already changes nothing when its person comes.
    db.update('company', company, { category_id: null });
    db.insert('person', { company_id: company });
    expect(db.row('company', { id: company })['category_id']).toBeNull();
  });
}

test('gives a partner no other category for a deal that comes to it', (db) => {
  db.insert('deal', { status: 'won', link_email: 'kari@firma.no' });
  const company = db.insert('company', { category_id: 4 });
  db.insert('person', { company_id: company });
  expect(db.row('company', { id: company })['category_id']).toBe(4);
});

/** Categories as they are there from the start: Potential customer, Customer, Lost, Partner. */
const [potential, customer, lost, partner] = [1, 2, 3, 4];
for (const [status, given] of [
  ['open', potential],
  ['won', customer],
  ['lost', lost],
] as const) {
  for (const held of [potential, customer, lost, partner]) {
    const changes = held === potential && given !== potential;
    test(`${changes ? 'changes' : 'keeps'} category ${held} of a company that gets a deal that is ${status}`, (db) => {
      db.update('category', potential, { set_on: '["dealRegistered"]' });
      // Another potential customer, who is not the company concerned.
      db.insert('company', { category_id: potential });
      const company = db.insert('company', { category_id: held, updated_at: earlier });
      db.insert('deal', { status, link_email: 'kari@firma.no' });
      db.insert('person', { company_id: company, updated_at: at });
      expect(db.row('company', { id: company })).toMatchObject(
        changes ? { category_id: given, updated_at: at } : { category_id: held, updated_at: earlier },
      );
    });
  }
}

test('proposes the category with its cause', (db) => {
  db.update('category', customer, { needs_confirmation: 1 });
  const company = db.insert('company', { category_id: null });
  db.insert('deal', { status: 'won', link_email: 'kari@firma.no' });
  db.insert('person', { company_id: company, updated_at: at });
  expect(db.row('category_proposal')).toMatchObject({
    company_id: company,
    category_id: customer,
    cause: 'dealWon',
    at,
  });
});

test('gives the company no category that is archived, but the next one', (db) => {
  db.run('UPDATE category SET set_on = ?', '[]');
  db.update('category', 1, { set_on: '["dealRegistered"]', archived_at: at });
  db.update('category', 2, { set_on: '["dealRegistered"]' });
  twoDeals(db);
  db.store(lead);
  expect(db.row('company')).toMatchObject({ category_id: 2 });
});

test('gives the company the first category of those that a deal sets', (db) => {
  for (const id of [customer, lost, partner])
    db.update('category', id, { set_on: '["dealWon"]', position: id === lost ? 1 : 2 });
  db.insert('deal', { status: 'won', link_email: 'kari@firma.no' });
  db.insert('deal', { status: 'won', link_email: 'ola@firma.no' });
  const company = db.insert('company');
  db.insert('person', { company_id: company });
  expect(db.row('company', { id: company })['category_id']).toBe(lost);
  db.update('category', lost, { position: 2 });
  const second = db.insert('company', { name: 'Annet AS' });
  db.insert('person', { email: 'ola@firma.no', company_id: second });
  expect(db.row('company', { id: second })['category_id']).toBe(customer);
});

test('links the only deal that waits: by the address of a new person, by a new and by a further address, by domain', (db) => {
  const wait = (values: Row) => db.insert('deal', { updated_at: earlier, ...values });
  const company_id = db.insert('company', { domain: 'gammel.no' });
  const byNew = wait({ link_email: 'kari@firma.no' });
  const person_id = db.insert('person', { company_id, updated_at: at });
  expect(linksOf(db, byNew)).toEqual({ ...none, person_id, company_id, updated_at: at });
  const byOther = wait({ link_email: 'kari@annet.no' });
  db.update('person', person_id, { email: 'kari@annet.no' });
  expect(linksOf(db, byOther)).toMatchObject({ person_id });
  const byFurther = wait({ link_email: 'kari@tredje.no' });
  db.insert('person_email', { email: 'kari@tredje.no', person_id });
  expect(linksOf(db, byFurther)).toMatchObject({ person_id });
  const byDomain = wait({ link_domain: 'ny.no' });
  const added = db.insert('company', { name: 'Ny AS', domain: 'ny.no' });
  expect(linksOf(db, byDomain)).toMatchObject({ company_id: added });
  const byNewDomain = wait({ link_domain: 'nyere.no' });
  db.update('company', added, { domain: 'nyere.no' });
  expect(linksOf(db, byNewDomain)).toMatchObject({ company_id: added });
});

test('leaves a deal whose person is known to that person, also where its address waits', (db) => {
  const other = db.insert('person', { email: 'ola@firma.no' });
  const company_id = db.insert('company');
  const deal = db.insert('deal', { person_id: other, link_email: 'kari@firma.no', status: 'won', updated_at: earlier });
  db.insert('deal', { link_email: 'kari@firma.no' });
  db.insert('person', { company_id, updated_at: at });
  expect(linksOf(db, deal)).toMatchObject({ person_id: other, company_id: null, updated_at: earlier });
  // The open deal alone decides.
  expect(db.row('company', { id: company_id })['category_id']).toBe(potential);
});
