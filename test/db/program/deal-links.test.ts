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
