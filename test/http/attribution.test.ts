import { beforeEach, describe, expect, it } from 'vitest';
import { keyOf, locations } from '../support/api-answers.ts';
import { createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

let kilde: TestApp;

beforeEach(async () => {
  kilde = await createTestApp();
});

const models = ['firstTouch', 'lastTouch', 'linear', 'positionBased', 'timeDecay', 'markov', 'shapley'];
const example = { touches: ['alpha', 'beta'], conversions: 3, value: 120.5, nonConversions: 10, daysBefore: [7, 0] };

const calculate = async (body: unknown) => kilde.api('POST', '/attribution', body);

it('credits the channels under every model asked for, side by side, by name', async () => {
  const { status, body } = await calculate({ models, paths: [{ ...example, touches: ['beta', 'alpha'] }] });
  expect(status).toBe(200);
  const half = { conversions: 1.5, value: 60.25 };
  const all = { conversions: 3, value: 120.5 };
  const none = { conversions: 0, value: 0 };
  const close = (value: number) => expect.closeTo(value, 9);
  expect(body).toEqual({
    items: [
      {
        channel: 'alpha',
        firstTouch: none,
        lastTouch: all,
        linear: half,
        positionBased: half,
        timeDecay: { conversions: close(2), value: close(80.333333333) },
        markov: { conversions: close(1.5), value: close(60.25), removalEffect: close(1) },
        shapley: half,
      },
      {
        channel: 'beta',
        firstTouch: all,
        lastTouch: none,
        linear: half,
        positionBased: half,
        timeDecay: { conversions: close(1), value: close(40.166666667) },
        markov: { conversions: close(1.5), value: close(60.25), removalEffect: close(1) },
        shapley: half,
      },
    ],
    totals: all,
  });
});

it('answers only with the models asked for, and takes value and non-conversions for none where unsaid', async () => {
  const paths = [
    { touches: ['a'], conversions: 4 },
    { touches: ['a', 'b'], conversions: 6 },
  ];
  const { body } = await calculate({ models: ['shapley'], paths });
  expect(body).toEqual({
    items: [
      { channel: 'a', shapley: { conversions: 7, value: 0 } },
      { channel: 'b', shapley: { conversions: 3, value: 0 } },
    ],
    totals: { conversions: 10, value: 0 },
  });
});

it('divides nothing by zero where nothing converts', async () => {
  const paths = [{ ...example, conversions: 0, value: 0 }];
  const { body } = await calculate({ models: ['linear', 'markov'], paths });
  const none = { conversions: 0, value: 0 };
  expect(body.items).toEqual([
    { channel: 'alpha', linear: none, markov: { ...none, removalEffect: null } },
    { channel: 'beta', linear: none, markov: { ...none, removalEffect: null } },
  ]);
  expect(body.totals).toEqual(none);
});

it('takes the half-life of time decay', async () => {
  const { body } = await calculate({
    models: ['timeDecay'],
    paths: [{ ...example, daysBefore: [31, 1] }],
    halfLifeDays: 30,
  });
  expect(body.items.map((item: any) => item.timeDecay.conversions)).toEqual([1, 2]);
});

it('takes any text for the name of a channel', async () => {
  const touches = ['__proto__', 'constructor', '(start)', ' Ø/å '];
  const { status, body } = await calculate({ models: ['markov'], paths: [{ touches, conversions: 4 }] });
  expect(status).toBe(200);
  expect(body.items.map((item: any) => [item.channel, item.markov.conversions])).toEqual(
    touches.toSorted().map((name) => [name, expect.closeTo(1, 9)]),
  );
});

describe('bad input', () => {
  it.each([
    ['no model', { models: [] }, ['body.models']],
    ['an unknown model', { models: ['linear', 'magic'] }, ['body.models[1]']],
    ['no path', { paths: [] }, ['body.paths']],
    ['an unknown field', { lookBack: 1 }, ['body.lookBack']],
    ['a half-life of nothing', { halfLifeDays: 0 }, ['body.halfLifeDays']],
    ['an unknown field of a path', { paths: [example, { ...example, cost: 1 }] }, ['body.paths[1].cost']],
    ['no touches', { paths: [{ touches: [], conversions: 1 }] }, ['body.paths[0].touches']],
    [
      'too many touches',
      { paths: [{ touches: Array.from({ length: 101 }, () => 'a'), conversions: 1 }] },
      ['body.paths[0].touches'],
    ],
    ['an empty name', { paths: [{ ...example, touches: ['a', ''] }] }, ['body.paths[0].touches[1]']],
    ['too long a name', { paths: [{ ...example, touches: ['a', 'x'.repeat(256)] }] }, ['body.paths[0].touches[1]']],
    ['conversions below none', { paths: [{ ...example, conversions: -1 }] }, ['body.paths[0].conversions']],
    ['conversions without end', { paths: [{ ...example, conversions: 1e300 }] }, ['body.paths[0].conversions']],
    ['no conversions', { paths: [{ touches: ['a'] }] }, ['body.paths[0].conversions']],
    ['non-conversions below none', { paths: [{ ...example, nonConversions: -1 }] }, ['body.paths[0].nonConversions']],
    ['value as text', { paths: [{ ...example, value: '12' }] }, ['body.paths[0].value']],
    ['days in the future', { paths: [{ ...example, daysBefore: [1, -1] }] }, ['body.paths[0].daysBefore[1]']],
    ['days that do not match', { paths: [example, { ...example, daysBefore: [1] }] }, ['body.paths[1].daysBefore']],
  ])('%s', async (_what, part, expected) => {
    const answer = await calculate({ models: ['linear'], paths: [example], ...part });
    expect(answer.status).toBe(422);
    expect(locations(answer.body)).toEqual(expected);
  });

  it('names each path that lacks the days time decay asks for, up to a hundred', async () => {
    const { daysBefore: _, ...without } = example;
    const some = await calculate({ models: ['timeDecay'], paths: [example, example, example, without, without] });
    expect([some.status, locations(some.body)]).toEqual([
      422,
      ['body.paths[3].daysBefore', 'body.paths[4].daysBefore'],
    ]);
    const many = await calculate({ models: ['timeDecay'], paths: Array.from({ length: 1_000 }, () => without) });
    expect(locations(many.body)).toHaveLength(100);
    expect((await calculate({ models: ['linear'], paths: [without] })).status).toBe(200);
  });

  it('names a hundred faults of any number, and says that there are more', { timeout: 30_000 }, async () => {
    for (const [count, more] of [
      [1_000, 'and 4900 more faults'],
      [50_000, 'and more faults'],
    ] as const) {
      const wrong = { touches: 1, conversions: 'x', value: 'x', nonConversions: 'x', daysBefore: 1 };
      const paths = Array.from({ length: count }, () => wrong);
      const { status, body } = await calculate({ models: ['linear'], paths });
      expect([status, body.code, body.errors.length]).toEqual([422, 'invalid_input', 100]);
      expect(body.errors[99].location).toBe('body.paths[19].daysBefore');
      expect(body.detail).toContain(more);
    }
  });

  it.each([
    ['paths', 100_001, { paths: Array.from({ length: 100_001 }, () => ({ touches: ['a'], conversions: 1 })) }],
    [
      'touches',
      1_400_000,
      { paths: Array.from({ length: 14_000 }, () => ({ touches: Array.from({ length: 100 }, () => 'a') })) },
    ],
    ['channels', 5_001, { paths: Array.from({ length: 5_001 }, (_, i) => ({ touches: [`${i}`], conversions: 1 })) }],
    [
      'Markov',
      585 ** 3,
      { models: ['markov'], paths: Array.from({ length: 585 }, (_, i) => ({ touches: [`${i}`], conversions: 1 })) },
    ],
  ])('refuses too many %s before they are credited, with the bound and the value', async (name, value, part) => {
    const { status, body } = await calculate({ models: ['linear'], ...part });
    expect([status, body.code, locations(body)]).toEqual([422, 'too_expensive', ['body.paths']]);
    expect(body.errors[0].message).toContain(String(value));
    expect(body.errors[0].message).toContain(name);
  });

  it('takes as many channels as the bounds allow', async () => {
    const paths = Array.from({ length: 584 }, (_, i) => ({ touches: [`channel ${i}`], conversions: 1 }));
    expect((await calculate({ models: ['markov', 'shapley'], paths })).status).toBe(200);
  });
});

it('asks for a key, and for no more than to read', async () => {
  const body = { models: ['linear'], paths: [example] };
  expect((await kilde.api('POST', '/attribution', body, { key: null })).status).toBe(401);
  expect((await kilde.api('POST', '/attribution', body, { key: 'wrong' })).status).toBe(401);
  const key = await keyOf(kilde, ['read']);
  expect((await kilde.api('POST', '/attribution', body, { key })).status).toBe(200);
});

it('asks the database for nothing', async () => {
  kilde.roundTrips();
  expect((await calculate({ models, paths: [example] })).status).toBe(200);
  expect(kilde.roundTrips()).toBe(0);
});

it('takes 100,000 distinct paths under all models', { timeout: 30_000 }, async () => {
  const paths = Array.from({ length: 100_000 }, (_, i) => ({
    // The number's digits to base 20, so that every path is another.
    touches: i
      .toString(20)
      .split('')
      .map((digit) => `channel-${digit}`),
    conversions: i % 3,
    value: (i % 3) * 99.5,
    nonConversions: i % 7,
    daysBefore: i
      .toString(20)
      .split('')
      .map((_, at) => 10 - at),
  }));
  const { status, body } = await calculate({ models, paths });
  expect(status).toBe(200);
  expect(body.items).toHaveLength(20);
  expect(body.totals).toEqual({ conversions: 99_999, value: 99_999 * 99.5 });
  for (const model of models) {
    const given = body.items.reduce((sum: number, item: any) => sum + item[model].conversions, 0);
    expect(Math.abs(given - 99_999)).toBeLessThan(99_999 * 1e-9);
  }
});
