import { beforeAll, expect, it } from 'vitest';
import { createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

let kilde: TestApp;
const deals = {
  // As board-deals.html has them.
  lonvika: { name: 'Plan for 80 users', email: 'innkjop@lonvika.com' },
  nobody: { name: 'Plan for 150 users', email: 'post@vardalen-anlegg.com' },
  named: { name: 'Neshaug Rør – 20 users' },
  moved: { email: 'turid.hovland@gmail.com' },
  tie: { email: 'post@bygg.com' },
  other: { email: 'x@trehus.com' },
  shared: { email: 'drift@takgjengen.com' },
};

async function call(method: string, path: string, body?: unknown): Promise<any> {
  const answer = await kilde.api(method, path, body);
  expect([path, answer.status < 300, answer.body?.errors]).toEqual([path, true, undefined]);
  return answer.body;
}

beforeAll(async () => {
  kilde = await createTestApp();
  const items = [
    { email: 'espen@lonvika.no', firstName: 'Espen', lastName: 'Tveit', company: { name: 'Lonvika Ventilasjon AS' } },
    { email: 'liv@neshaug.no', company: { name: 'Neshaug Rør AS' } },
    { email: 'turid.hovland@hegglia.no', company: { name: 'Hegglia AS' } },
    { email: 'a@bygg.no', company: { name: 'Bygg AS' } },
    { email: 'b@byggnord.no', company: { name: 'Bygg Nord AS' } },
    { email: 'even@trehus.no', company: { name: 'Trehus Vest AS' } },
    { email: 'c@trehus.no' },
    { email: 'd@trehusnord.no', company: { name: 'Trehus Nord AS' } },
    { email: 'e@takgjengen.no', company: { name: 'Takgjengen Nord AS' } },
    { email: 'f@takgjengen.no' },
  ];
  await call('PUT', '/people', { items });
  await call('PUT', '/deals', {
    items: Object.entries(deals).map(([externalId, deal]) => ({ externalId, amount: 1, currency: 'NOK', ...deal })),
  });
  await call('PUT', '/deals', {
    items: [{ externalId: 'linked', email: 'espen@lonvika.no', amount: 1, currency: 'NOK' }],
  });
});

/** The suggestion of a deal in a few words. */
const told = ({ suggestion, refused }: any) =>
  suggestion
    ? [suggestion.person?.email ?? null, suggestion.company?.name ?? null, suggestion.reasons]
    : refused.map((one: any) => one.company?.name);

it('lists the deals without a lead with the likeliest one and why, and nobody among near ties', async () => {
  kilde.roundTrips();
  const { items, count } = await call('GET', '/deals/suggestions?sort=externalId&count=true');
  expect([count, kilde.roundTrips()]).toEqual([7, 1]);
  expect(Object.fromEntries(items.map((one: any) => [one.externalId, told(one)]))).toEqual({
    lonvika: ['espen@lonvika.no', 'Lonvika Ventilasjon AS', ['otherDomain', 'nameBeginsAlike']],
    nobody: [],
    named: ['liv@neshaug.no', 'Neshaug Rør AS', ['sameCompanyName']],
    moved: ['turid.hovland@hegglia.no', 'Hegglia AS', ['sameAddressName']],
    // Bygg AS has the name and another ending of the domain: clearly before Bygg Nord AS.
    tie: ['a@bygg.no', 'Bygg AS', ['sameCompanyName', 'otherDomain']],
    // Two people are there: the company alone.
    other: [null, 'Trehus Vest AS', ['otherDomain', 'nameBeginsAlike']],
    shared: [null, 'Takgjengen Nord AS', ['otherDomain', 'nameBeginsAlike']],
  });
  const lonvika = items.find((one: any) => one.externalId === 'lonvika');
  expect(lonvika).toMatchObject({
    waitsFor: { email: 'innkjop@lonvika.com' },
    suggestion: { person: { name: 'Espen Tveit' }, company: { domain: 'lonvika.no' } },
    refused: [],
  });
  const { suggestion, refused } = lonvika;
  expect(await call('GET', `/deals/${lonvika.id}/suggestion`)).toEqual({ suggestion, refused });
  expect((await kilde.api('GET', '/deals/999/suggestion')).status).toBe(404);
});

it('suggests nobody among near ties, and nobody for a deal that has a lead', async () => {
  await call('POST', '/companies', { name: 'Lonvika AS' });
  const [{ id }] = (await call('GET', '/deals?externalId=lonvika')).items;
  expect(await call('GET', `/deals/${id}/suggestion`)).toMatchObject({
    suggestion: { reasons: ['otherDomain', 'nameBeginsAlike'] },
  });
  await kilde.sql("UPDATE company SET domain = NULL WHERE domain = 'lonvika.no'");
  expect(told(await call('GET', `/deals/${id}/suggestion`))).toEqual(['Lonvika AS', 'Lonvika Ventilasjon AS']);
  const [linked] = (await call('GET', '/deals?externalId=linked')).items;
  expect(await call('GET', `/deals/${linked.id}/suggestion`)).toEqual({ suggestion: null, refused: [] });
});

it('is the list of deals that have neither person nor company, in the words of the contract', async () => {
  const names = async (query: string) =>
    (await call('GET', `/deals?${query}&sort=externalId`)).items.map((one: any) => one.externalId);
  expect(await names('person[empty]&company[empty]')).toEqual(Object.keys(deals).toSorted());
  expect(await names('person[notEmpty]')).toEqual(['linked']);
  const [{ person, company }] = (await call('GET', '/deals?externalId=linked')).items;
  for (const filter of [
    `person=${person.id}`,
    `person=Espen@Lonvika.no`,
    `company=${company.id}`,
    'company=lonvika ventilasjon as',
  ])
    expect([filter, await names(filter)]).toEqual([filter, ['linked']]);
  // A name that two have is refused with their ids.
  await call('POST', '/companies', { name: 'Lonvika Ventilasjon AS' });
  const refused = await kilde.api('GET', '/deals?company=Lonvika Ventilasjon AS');
  expect([refused.status, refused.body.errors[0].known.length]).toEqual([422, 2]);
  const [flat] = (await call('GET', '/deals?externalId=linked&columns=person,company')).items;
  expect(flat).toMatchObject({
    person: { id: person.id, name: 'espen@lonvika.no' },
    company: { id: company.id, name: 'Lonvika Ventilasjon AS' },
  });
  const csv = await kilde.request('/api/v1/deals?externalId=linked&columns=person,company&format=csv', {
    headers: { authorization: `Bearer ${kilde.deps.config.adminKey}` },
  });
  expect(await csv.text()).toContain('espen@lonvika.no,Lonvika Ventilasjon AS');
  await call('PATCH', `/deals/${(await call('GET', '/deals?externalId=lonvika')).items[0].id}`, {
    personId: person.id,
  });
  expect(await names('person[empty]&company[empty]')).not.toContain('lonvika');
});

it('follows an index', async () => {
  const scans = await kilde.scansDuring(() => kilde.api('GET', '/deals/suggestions?limit=5'));
  expect(scans.filter((line) => !/json_each|SCAN (f|found|companies|asked|a)\b/.test(line))).toEqual([]);
});
