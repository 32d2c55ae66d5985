import { beforeEach, describe, expect, it } from 'vitest';
import { createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

let kilde: TestApp;

beforeEach(async () => {
  kilde = await createTestApp();
  for (const name of ['Kari', 'Ola']) await kilde.api('POST', '/owners', { name });
  const items = [
    { amount: '0.01', probability: 0.5, ownerId: '1', name: 'A', companyDomain: 'firma.no' },
    { amount: 30, ownerId: '1', name: 'B' },
    { amount: 20, ownerId: '2' },
    { amount: 1000, stageId: '3', currency: 'JPY', expectedCloseDate: '2026-10-15' },
    { amount: 500, stageId: '3' },
    { amount: 70, status: 'won', createdAt: '2026-01-01', closedAt: '2026-02-01' },
    { amount: 80, status: 'won', closedAt: '2026-08-31' },
    { amount: 90, status: 'lost', closedAt: '2026-08-30' },
  ].map((item, n) => ({ externalId: `D-${n}`, currency: 'NOK', ...item }));
  await kilde.api('POST', '/companies', { name: 'Firma AS', domain: 'firma.no' });
  expect((await kilde.api('PUT', '/deals', { items })).status).toBe(200);
});

const board = async (query = '') => {
  const { status, body } = await kilde.api('GET', `/deals/board?${query}`);
  expect([status, body]).toEqual([200, expect.anything()]);
  return body;
};
const summed = ({ columns }: any) =>
  columns.map((one: any) => [
    one.value?.name ?? null,
    one.count,
    one.sum.map(({ amount, currency }: any) => `${amount} ${currency}`),
    one.weightedSum.map(({ amount, currency }: any) => `${amount} ${currency}`),
    one.cards.items.length,
  ]);
const move = (body: object) => kilde.api('POST', '/deals/board/move', body);

describe('the deal board', () => {
  it('has a column for each stage, with count, sum and weighted sum, in one round trip', async () => {
    kilde.roundTrips();
    const body = await board();
    expect(kilde.roundTrips()).toBe(1);
    expect(body).toMatchObject({ groupBy: 'stage', pipeline: { id: '1', name: 'Sales' }, count: 8 });
    expect(summed(body)).toEqual([
      ['New', 3, ['50.01 NOK'], ['5.01 NOK'], 3],
      ['Meeting held', 0, [], [], 0],
      ['Proposal', 2, ['500 NOK', '1000 JPY'], ['250 NOK', '500 JPY'], 2],
      ['Agreement sent', 0, [], [], 0],
      ['Won', 2, ['150 NOK'], ['150 NOK'], 2],
      ['Lost', 1, ['90 NOK'], ['0 NOK'], 1],
    ]);
    expect(body.columns[0]).toMatchObject({ status: 'open', probability: 0.1 });
    expect(body.columns[0].cards.items.find((one: any) => one.title === 'A')).toEqual({
      id: '1',
      title: 'A',
      subtitle: 'Firma AS',
      cardFields: {
        amount: 0.01,
        currency: 'NOK',
        owner: { id: '1', name: 'Kari' },
        expectedCloseDate: null,
        'nextStep.text': null,
        'nextStep.day': null,
      },
    });
  });

  it('has a column for each owner with deals, and one for deals without', async () => {
    expect(summed(await board('groupBy=owner&status=open'))).toEqual([
      ['Kari', 2, ['30.01 NOK'], ['3.01 NOK'], 2],
      ['Ola', 1, ['20 NOK'], ['2 NOK'], 1],
      [null, 2, ['500 NOK', '1000 JPY'], ['250 NOK', '500 JPY'], 2],
    ]);
  });

  it('takes filters, fields of cards, a sort, and a day from which closed deals count', async () => {
    const body = await board('closedFrom=2026-08-01&amount[gte]=30&cardFields=amount,person.email&sort=-amount');
    expect(body.columns.map((one: any) => one.cards.items.map(({ cardFields }: any) => cardFields.amount))).toEqual([
      [30],
      [],
      [1000, 500],
      [],
      [80],
      [90],
    ]);
    expect(Object.keys(body.columns[0].cards.items[0].cardFields)).toEqual(['amount', 'person.email']);
    kilde.roundTrips();
    expect((await board('to=2026-01-01')).count).toBe(1);
    expect((await board('period=all&owner=kari&createdAt[after]=2026-01-01')).count).toBe(2);
    expect(kilde.roundTrips()).toBe(2);
    expect((await kilde.api('GET', '/deals/board?grupBy=owner')).body.errors[0].known[0]).toBe('groupBy');
    const { body: cards } = await kilde.api('GET', '/deals/board/cards?column=1&owner=Ola');
    expect(cards.items.map(({ id }: any) => id)).toEqual(['3']);
    for (const [query, location] of [
      ['nothing=1', 'query.nothing'],
      ['grupBy=owner', 'query.grupBy'],
      ['format=csv', 'query.format'],
      ['owner=Nobody', 'query.owner'],
      ['status=open&status=won', 'query.status'],
      ['period=thisYear&from=2026-01-01', 'query.period'],
      ['totalsBy=amount', 'query.totalsBy'],
      ['cardFields=nothing', 'query.cardFields'],
      ['groupBy=status', 'query.groupBy'],
      ['pipelineId=99', 'query.pipelineId'],
    ]) {
      const answer = await kilde.api('GET', `/deals/board?${query}`);
      expect([answer.status, answer.body.errors[0].location.replace(/\[.*/, '')]).toEqual([422, location]);
    }
  });

  it('adds up each column by first touch source, or another field', async () => {
    await kilde.sql("INSERT INTO form (key, name, site_id, created_at) VALUES ('demo', 'Demo', 1, 0)");
    const lead = async (email: string, source: string) =>
      kilde.submit('demo', { email, _page: `https://firma.no/?utm_source=${source}&utm_medium=cpc` });
    await lead('kari@firma.no', 'linkedin');
    await lead('ola@annet.no', 'google');
    for (const [id, email] of Object.entries({ 1: 'kari@firma.no', 2: 'ola@annet.no', 3: 'ola@annet.no' })) {
      const [person] = (await kilde.api('GET', `/people?email=${email}`)).body.items;
      expect((await kilde.api('PATCH', `/deals/${id}`, { personId: person.id })).status).toBe(200);
    }
    const totals = ({ columns }: any, index: number) =>
      columns[index].totals.by.map((one: any) => [
        one.value,
        one.count,
        one.sum.map(({ amount, currency }: any) => `${amount} ${currency}`),
        one.weightedSum.map(({ amount, currency }: any) => `${amount} ${currency}`),
      ]);
    const body = await board('status=open');
    expect(body.totalsBy).toBe('person.firstTouch.source');
    expect(totals(body, 0)).toEqual([
      ['google', 2, ['50 NOK'], ['5 NOK']],
      ['linkedin', 1, ['0.01 NOK'], ['0.01 NOK']],
    ]);
    expect(totals(body, 2)).toEqual([[null, 2, ['500 NOK', '1000 JPY'], ['250 NOK', '500 JPY']]]);
    expect(totals(await board('status=open&top=1'), 0)).toEqual([['google', 2, ['50 NOK'], ['5 NOK']]]);
    expect((await board('status=open&top=1')).columns[0]).toMatchObject({ count: 3, sum: [{ amount: 50.01 }] });
    expect(totals(await board('totalsBy=owner'), 0).map(([value]: any) => value)).toEqual(['1', '2']);
  });

  it('pages each column', async () => {
    const query = 'columnLimit=2&sort=amount&cardFields=amount';
    const [first] = (await board(query)).columns;
    expect(first.cards.items.map(({ id }: any) => id)).toEqual(['1', '3']);
    const next = await kilde.api('GET', `/deals/board/cards?${query}&column=1&cursor=${first.cards.nextCursor}`);
    expect([next.body.items.map(({ id }: any) => id), next.body.nextCursor]).toEqual([['2'], null]);
    const nobody = await kilde.api('GET', '/deals/board/cards?groupBy=owner&column=&status=open');
    expect(nobody.body.items).toHaveLength(2);
  });
});

describe('moving a card of the deal board', () => {
  it('moves a deal to another stage or owner, once', async () => {
    const to3 = { id: '1', field: 'stage', from: '1', to: '3' };
    expect((await move(to3)).body).toMatchObject({ id: '1', stage: { name: 'Proposal' } });
    expect((await move(to3)).status).toBe(409);
    const toOla = { id: '1', field: 'owner', from: '1', to: '2' };
    expect((await move(toOla)).body.owner.name).toBe('Ola');
    expect((await move(toOla)).status).toBe(409);
    expect((await move({ id: '1', field: 'owner', from: '2', to: null })).body.owner).toBeNull();
    expect((await move({ ...to3, id: '99' })).status).toBe(404);
  });

  it('asks for the day of a won or lost deal, and keeps the reason', async () => {
    const lost = { id: '2', field: 'stage', from: '1', to: '6' };
    const refused = await move(lost);
    expect([refused.status, refused.body.errors[0].location]).toEqual([422, 'body.closedAt']);
    expect((await move({ ...lost, closedAt: '2026-09-01', lostReason: 'Price' })).body).toMatchObject({
      status: 'lost',
      closedAt: '2026-09-01T10:00:00.000Z',
      lostReason: 'Price',
    });
    const unknown = await move({ ...lost, from: '6', to: '99' });
    expect([unknown.status, unknown.body.errors[0].location]).toEqual([422, 'body.to']);
  });
});
