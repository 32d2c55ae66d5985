import { beforeEach, describe, expect, it } from 'vitest';
import { rollUpReports } from '../../src/jobs/roll-up-reports.ts';
import { createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

let kilde: TestApp;

beforeEach(async () => {
  kilde = await createTestApp();
});

const put = (...items: object[]) =>
  kilde.api('PUT', '/deals', {
    items: items.map((item, n) => ({ externalId: `D-${n}`, amount: 100, currency: 'NOK', ...item })),
  });
const patch = (id: string, changes: object) => kilde.api('PATCH', `/deals/${id}`, changes);
const locations = ({ body }: { body: any }) => body.errors?.map(({ location }: any) => location);
const sales = async () => (await kilde.api('GET', '/pipelines/1')).body;
const shapeOf = ({ stages }: any) => stages.map((one: any) => [one.name, one.position, one.probability, one.status]);
const stageIds = (pipeline: any) => pipeline.stages.map((one: any) => one.id);

describe('pipelines', () => {
  it('begin with one, and are added, changed and deleted', async () => {
    const { items } = (await kilde.api('GET', '/pipelines')).body;
    expect(items).toHaveLength(1);
    expect([items[0].name, items[0].isDefault, ...shapeOf(items[0])]).toEqual([
      'Sales',
      true,
      ['New', 1, 0.1, 'open'],
      ['Meeting held', 2, 0.25, 'open'],
      ['Proposal', 3, 0.5, 'open'],
      ['Agreement sent', 4, 0.75, 'open'],
      ['Won', 5, 1, 'won'],
      ['Lost', 6, 0, 'lost'],
    ]);
    const made = await kilde.api('POST', '/pipelines', { name: 'Renewals', isDefault: true });
    expect([made.status, made.body.isDefault, ...shapeOf(made.body)]).toEqual([
      201,
      true,
      ['New', 1, 0.1, 'open'],
      ['Won', 2, 1, 'won'],
      ['Lost', 3, 0, 'lost'],
    ]);
    expect((await sales()).isDefault).toBe(false);
    expect((await kilde.api('POST', '/pipelines', { name: 'Renewals' })).status).toBe(409);
    expect((await kilde.api('DELETE', '/pipelines/2')).status).toBe(409);
    expect(locations(await kilde.api('PATCH', '/pipelines/2', { isDefault: false }))).toEqual(['body.isDefault']);
    expect((await kilde.api('PATCH', '/pipelines/1', { isDefault: true, name: 'New sales' })).body).toMatchObject({
      name: 'New sales',
      isDefault: true,
    });
    expect((await kilde.api('DELETE', '/pipelines/2')).status).toBe(204);
    expect((await kilde.api('GET', '/pipelines/2')).status).toBe(404);
    expect(await kilde.sql('SELECT count(*) AS n FROM stage')).toEqual([{ n: 6 }]);
  });

  it('have their stages in the order of the list, or of positions that are changed', async () => {
    const { stages } = await sales();
    const turned = [...stages].toReversed();
    const listed = await kilde.api('PATCH', '/pipelines/1', { stages: turned });
    expect(stageIds(listed.body)).toEqual(stageIds({ stages: turned }));
    const moved = listed.body.stages.map((one: any) => (one.id === '1' ? { ...one, position: 0 } : one));
    expect(stageIds((await kilde.api('PATCH', '/pipelines/1', { stages: moved })).body)[0]).toBe('1');
  });

  it.each([
    [
      'a stage of another pipeline',
      (stages: any[]) => [{ id: '99', name: 'X', probability: 0.1 }, ...stages],
      '[0].id',
    ],
    ['a stage twice', (stages: any[]) => [...stages, { ...stages[0], name: 'X' }], '[6].id'],
    ['a name twice', (stages: any[]) => [...stages, { name: 'WON', status: 'won' }], '[6].name'],
    ['an open stage without probability', (stages: any[]) => [...stages, { name: 'X' }], '[6].probability'],
    [
      'a won stage that is not certain',
      (stages: any[]) => [...stages, { name: 'X', status: 'won', probability: 0.9 }],
      '[6].probability',
    ],
    ['no lost stage', (stages: any[]) => stages.slice(0, 5), ''],
    ['no stage', () => [], ''],
  ])('refuse %s', async (_what, change, place) => {
    const { stages } = await sales();
    const answer = await kilde.api('PATCH', '/pipelines/1', { stages: change(stages) });
    expect([answer.status, locations(answer)]).toEqual([422, [`body.stages${place}`]]);
    expect((await sales()).stages).toEqual(stages);
  });

  it('lose no deal with a stage: it says where they go, or stays', async () => {
    const { stages } = await sales();
    await put({ stageId: '2' }, { stageId: '2', probability: 0.9 }, { status: 'won', closedAt: '2026-09-01' });
    const without = (...ids: string[]) => stages.filter(({ id }: any) => !ids.includes(id));
    expect((await kilde.api('PATCH', '/pipelines/1', { name: 'X', stages: without('2') })).status).toBe(409);
    const wrong = { stages: without('2'), moveDeals: [{ fromStageId: '2', toStageId: '5' }] };
    expect(locations(await kilde.api('PATCH', '/pipelines/1', wrong))).toEqual(['body.moveDeals']);
    const turned = stages.map((one: any) => (one.id === '2' ? { id: '2', name: 'X', status: 'won' } : one));
    expect((await kilde.api('PATCH', '/pipelines/1', { stages: turned })).status).toBe(409);
    expect((await sales()).name).toBe('Sales');
    const right = { stages: without('2'), moveDeals: [{ fromStageId: '2', toStageId: '3' }] };
    expect((await kilde.api('PATCH', '/pipelines/1', right)).status).toBe(200);
    // The second has a probability of its own.
    expect(await kilde.sql('SELECT stage_id, probability FROM deal ORDER BY id')).toEqual([
      { stage_id: 3, probability: 50 },
      { stage_id: 3, probability: 90 },
      { stage_id: 5, probability: 10 },
    ]);
  });

  it('take the probability of a stage to its deals', async () => {
    const { stages } = await sales();
    await put({}, { probability: 0.3 });
    const changed = stages.map((one: any) => (one.id === '1' ? { ...one, probability: 0.2 } : one));
    await kilde.api('PATCH', '/pipelines/1', { stages: changed });
    expect((await kilde.api('GET', '/deals')).body.items.map((one: any) => one.probability).toSorted()).toEqual([
      0.2, 0.3,
    ]);
  });

  it('are deleted with their deals in another one', async () => {
    const { body } = await kilde.api('POST', '/pipelines', { name: 'Renewals' });
    const [open, won] = stageIds(body);
    await put({ stageId: open }, { stageId: won, closedAt: '2026-09-01' });
    expect((await kilde.api('DELETE', '/pipelines/2')).status).toBe(409);
    expect(locations(await kilde.api('DELETE', '/pipelines/2?toPipelineId=2'))).toEqual(['query.toPipelineId']);
    expect((await kilde.api('DELETE', '/pipelines/2?toPipelineId=1')).status).toBe(204);
    expect(await kilde.sql('SELECT stage_id, status FROM deal ORDER BY id')).toEqual([
      { stage_id: 1, status: 'open' },
      { stage_id: 5, status: 'won' },
    ]);
  });
});

describe('the stage of a deal', () => {
  it('is the first of its status where none is named, and decides the status where one is', async () => {
    const { body } = await put(
      {},
      { status: 'lost', closedAt: '2026-08-31', lostReason: 'Price' },
      { stageId: '5', closedAt: '2026-08-31' },
      {
        stageId: '3',
        probability: 0.6,
        expectedCloseDate: '2026-10-15',
        nextStep: { text: 'Call', day: '2026-09-10' },
      },
    );
    const shown = await Promise.all(
      body.items.map(async ({ id }: any) => (await kilde.api('GET', `/deals/${id}`)).body),
    );
    expect(shown.map((one) => [one.stage.name, one.status, one.probability, one.lostReason])).toEqual([
      ['New', 'open', 0.1, null],
      ['Lost', 'lost', 0, 'Price'],
      ['Won', 'won', 1, null],
      ['Proposal', 'open', 0.6, null],
    ]);
    expect(shown[3]).toMatchObject({
      pipeline: { id: '1', name: 'Sales' },
      expectedCloseDate: '2026-10-15',
      nextStep: { text: 'Call', day: '2026-09-10' },
    });
  });

  it('moves by PATCH, with its status, closing day, probability and reason', async () => {
    await put({ stageId: '2', probability: 0.4, nextStep: { text: 'Call' } });
    const steps: Array<[object, object]> = [
      [{ stageId: '3' }, { status: 'open', probability: 0.5, closedAt: null }],
      // The status that it has leaves the stage.
      [{ status: 'open' }, { stage: { id: '3' }, probability: 0.5 }],
      [{ probability: 0.7 }, { stage: { id: '3' }, probability: 0.7, nextStep: { text: 'Call', day: null } }],
      [{ probability: null }, { probability: 0.5 }],
      [
        { stageId: '5', closedAt: '2026-08-31' },
        { status: 'won', probability: 1, closedAt: '2026-08-30T22:00:00.000Z' },
      ],
      [{ name: 'X' }, { name: 'X', status: 'won', closedAt: '2026-08-30T22:00:00.000Z' }],
      [
        { status: 'lost', closedAt: '2026-09-01', lostReason: 'Price' },
        { stage: { id: '6' }, probability: 0, lostReason: 'Price' },
      ],
      [{ status: 'open' }, { stage: { id: '1' }, probability: 0.1, closedAt: null, lostReason: null }],
      [
        { amount: '200.50', currency: 'EUR', nextStep: null },
        { amount: 200.5, currency: 'EUR', nextStep: null },
      ],
    ];
    for (const [changes, expected] of steps) {
      const { status, body } = await patch('1', changes);
      expect([status, body], JSON.stringify(changes)).toMatchObject([200, expected]);
    }
    const { body } = await kilde.api('POST', '/pipelines', { name: 'Renewals' });
    expect((await patch('1', { pipelineId: body.id })).body).toMatchObject({
      pipeline: { name: 'Renewals' },
      stage: { id: body.stages[0].id },
    });
  });

  it.each([
    [{ status: 'won' }, 'closedAt'],
    [{ stageId: '6' }, 'closedAt'],
    [{ stageId: '5', closedAt: '2026-09-02' }, 'closedAt'],
    [{ closedAt: '2026-09-01' }, 'closedAt'],
    [{ stageId: '2', status: 'lost' }, 'status'],
    [{ stageId: '2', pipelineId: '2' }, 'pipelineId'],
    [{ lostReason: 'Price' }, 'lostReason'],
    [{ probability: 0.123 }, 'probability'],
    [{ amount: 5 }, 'currency'],
    [{ currency: 'JPY' }, 'amount'],
    [{ personId: '99' }, 'personId'],
    [{ nextStep: { day: '2026-09-01' } }, 'nextStep.text'],
  ])('stays where a change is wrong: %j', async (changes, field) => {
    await kilde.api('POST', '/pipelines', { name: 'Renewals' });
    await put({});
    const before = (await kilde.api('GET', '/deals/1')).body;
    const answer = await patch('1', { name: 'Other', ...changes });
    expect([answer.status, locations(answer)]).toEqual([422, [`body.${field}`]]);
    expect((await kilde.api('GET', '/deals/1')).body).toEqual(before);
    expect((await patch('99', {})).status).toBe(404);
  });

  it('is given to what is stored without one, and to deals of before', async () => {
    for (const status of ['open', 'won', 'lost']) {
      await kilde.sql(
        `INSERT INTO deal (external_id, status, amount_minor, currency, registered_at, updated_at) VALUES (?, ?, 1, 'NOK', 0, 0)`,
        [status, status],
      );
    }
    expect(await kilde.sql('SELECT status, stage_id, probability FROM deal ORDER BY id')).toEqual([
      { status: 'open', stage_id: 1, probability: 10 },
      { status: 'won', stage_id: 5, probability: 10 },
      { status: 'lost', stage_id: 6, probability: 10 },
    ]);
  });
});

describe('weightedPipeline', () => {
  it('weighs open deals by their probability, to the minor unit, and keeps what it was when one is closed', async () => {
    const at = '2026-08-01T10:00:00Z';
    await put(
      { amount: '0.01', probability: 0.5, createdAt: at },
      { amount: '100.03', probability: 0.33, createdAt: at },
      { amount: 1000, stageId: '4', createdAt: at },
      { amount: 10, currency: 'EUR', stageId: '3', createdAt: at },
    );
    await kilde.api('PUT', '/exchange-rates', { items: [{ day: '2026-08-01', base: 'EUR', quote: 'NOK', rate: 11 }] });
    const ask = async (month: string) => {
      const { status, body } = await kilde.api('POST', '/reports/query', {
        measures: ['pipeline', 'weightedPipeline', 'openDeals'],
        period: { from: `${month}-01`, to: `${month}-28` },
        currency: 'NOK',
      });
      expect(status, JSON.stringify(body)).toBe(200);
      return body.totals;
    };
    // 0.005 is rounded up; 33.0099, 750 and 55 (5 EUR) follow.
    const before = await ask('2026-08');
    expect(before).toMatchObject({ pipeline: { amount: 1210.04 }, weightedPipeline: { amount: 838.02 }, openDeals: 4 });
    await patch('3', { status: 'won', closedAt: '2026-09-01' });
    await rollUpReports({ db: kilde.deps.db });
    expect(await ask('2026-08')).toEqual(before);
    kilde.advance(40 * 86_400_000);
    expect((await ask('2026-09')).weightedPipeline).toMatchObject({ amount: 88.02 });
  });
});
