import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { creditPaths, pathModels } from '../../../src/domain/reports/models/credit-paths.ts';
import type { PathModel } from '../../../src/domain/reports/models/credit-paths.ts';
import { indexPaths } from '../../../src/domain/reports/models/indexed-paths.ts';
import type { ChannelPath } from '../../../src/domain/reports/models/indexed-paths.ts';
import { creditMarkov } from '../../../src/domain/reports/models/markov.ts';
import { creditTimeDecay } from '../../../src/domain/reports/models/time-decay.ts';
import { channelsOf, conversionProbability, referenceCredit } from './reference-models.ts';

/** A path written as the literature writes it: `a > b`. */
function path(touches: string, { conversions = 0, value = 0, nonConversions = 0, daysBefore }: Partial<ChannelPath>) {
  return { touches: touches.split(' > '), conversions, value, nonConversions, daysBefore };
}

function creditOf({
  paths,
  model,
  halfLifeDays = 7,
}: {
  paths: ChannelPath[];
  model: PathModel;
  halfLifeDays?: number;
}) {
  const indexed = indexPaths(paths);
  const credit = creditPaths({ paths: indexed, model, halfLifeDays });
  return new Map(
    indexed.channels.map((channel, i) => [channel, { conversions: credit.conversions[i]!, value: credit.value[i]! }]),
  );
}

type Credits = ReturnType<typeof creditOf>;

/** Conversions by channel, rounded to where a slip would show and rounding would not. */
function conversions(credits: Credits): Record<string, number> {
  return Object.fromEntries([...credits].map(([channel, credit]) => [channel, Number(credit.conversions.toFixed(9))]));
}

function expectSame(found: Credits, expected: Credits): void {
  expect([...found.keys()].sort()).toEqual([...expected.keys()].sort());
  for (const [channel, credit] of expected) {
    for (const of of ['conversions', 'value'] as const) {
      const difference = Math.abs(found.get(channel)![of] - credit[of]);
      if (difference > 1e-9 * Math.max(1, Math.abs(credit[of]))) {
        expect({ channel, of, credit: found.get(channel)![of] }).toEqual({ channel, of, credit: credit[of] });
      }
    }
  }
}

const somePath: fc.Arbitrary<ChannelPath> = fc
  .array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), fc.integer({ min: 0, max: 90 })), {
    minLength: 1,
    maxLength: 6,
  })
  .chain((touches) =>
    fc.record({
      touches: fc.constant(touches.map(([channel]) => channel)),
      daysBefore: fc.constant(touches.map(([, days]) => days)),
      conversions: fc.nat(20),
      value: fc.nat(100_000).map((cents) => cents / 100),
      nonConversions: fc.nat(20),
    }),
  );
const somePaths = fc.array(somePath, { minLength: 1, maxLength: 8 });

const everyModel = describe.each(pathModels.map((model) => ({ model })));

everyModel('$model', ({ model }) => {
  it('agrees with its definition', () => {
    fc.assert(
      fc.property(somePaths, (paths) => {
        expectSame(creditOf({ paths, model }), referenceCredit({ paths, model }));
      }),
    );
  });

  it('gives out all conversions and all value, and no more', () => {
    fc.assert(
      fc.property(somePaths, (paths) => {
        // Where nothing converts, Markov knows of no effect to share by.
        fc.pre(model !== 'markov' || paths.some(({ conversions }) => conversions > 0));
        const credits = [...creditOf({ paths, model }).values()];
        for (const of of ['conversions', 'value'] as const) {
          const total = paths.reduce((sum, one) => sum + one[of], 0);
          const given = credits.reduce((sum, one) => sum + one[of], 0);
          expect(Math.abs(given - total)).toBeLessThanOrEqual(1e-9 * Math.max(1, total));
        }
      }),
    );
  });

  it('does not depend on the order of the paths', () => {
    const shuffled = somePaths.chain((paths) =>
      fc.tuple(fc.constant(paths), fc.shuffledSubarray(paths, { minLength: paths.length })),
    );
    fc.assert(
      fc.property(shuffled, ([paths, others]) => {
        expectSame(creditOf({ paths: others, model }), creditOf({ paths, model }));
      }),
    );
  });

  it('takes a path in parts as it takes it whole', () => {
    fc.assert(
      fc.property(somePaths, somePath, (paths, one) => {
        const twice = {
          conversions: one.conversions * 2,
          value: one.value * 2,
          nonConversions: one.nonConversions * 2,
        };
        expectSame(
          creditOf({ paths: [one, ...paths, one], model }),
          creditOf({ paths: [...paths, { ...one, ...twice }], model }),
        );
      }),
    );
  });

  it('follows a channel to its new name', () => {
    // Names that turn the order of the letters round.
    const rename = (name: string): string => `z${9 - 'abcdef'.indexOf(name)}`;
    fc.assert(
      fc.property(somePaths, (paths) => {
        const renamed = paths.map((one) => ({ ...one, touches: one.touches.map(rename) }));
        const credits = creditOf({ paths, model });
        expectSame(
          creditOf({ paths: renamed, model }),
          new Map([...credits].map(([channel, credit]) => [rename(channel), credit])),
        );
      }),
    );
  });

  it('gives a path of one touch everything to it', () => {
    const paths = [path('a', { conversions: 3, value: 120.5, nonConversions: 4, daysBefore: [400] })];
    expectSame(creditOf({ paths, model }), new Map([['a', { conversions: 3, value: 120.5 }]]));
  });

  it('gives nothing where nothing converts', () => {
    const paths = [path('a > b', { nonConversions: 4, daysBefore: [1, 0] }), path('c', { daysBefore: [0] })];
    const nothing = { conversions: 0, value: 0 };
    expect(creditOf({ paths, model })).toEqual(new Map(['a', 'b', 'c'].map((channel) => [channel, nothing])));
  });
});

it('shares four touches by their places', () => {
  const paths = [path('a > b > c > a', { conversions: 10, daysBefore: [21, 14, 7, 0] })];
  const under = (model: PathModel) => conversions(creditOf({ paths, model }));
  expect(under('firstTouch')).toEqual({ a: 10, b: 0, c: 0 });
  expect(under('lastTouch')).toEqual({ a: 10, b: 0, c: 0 });
  expect(under('linear')).toEqual({ a: 5, b: 2.5, c: 2.5 });
  expect(under('positionBased')).toEqual({ a: 8, b: 1, c: 1 });
  // 1 + 2 + 4 + 8 = 15 parts.
  expect(under('timeDecay')).toEqual({ a: 6, b: 1.333333333, c: 2.666666667 });
});

it('gives each of two touches half by position', () => {
  const paths = [path('a > b', { conversions: 3 })];
  expect(conversions(creditOf({ paths, model: 'positionBased' }))).toEqual({ a: 1.5, b: 1.5 });
});

describe('timeDecay', () => {
  it('halves per half-life, as set', () => {
    const paths = [path('a > b', { conversions: 9, daysBefore: [31, 1] })];
    expect(conversions(creditOf({ paths, model: 'timeDecay', halfLifeDays: 30 }))).toEqual({ a: 3, b: 6 });
  });

  it('still shares a path so old that every weight would vanish', () => {
    const paths = [path('a > b', { conversions: 3, daysBefore: [90_007, 90_000] })];
    expect(conversions(creditOf({ paths, model: 'timeDecay' }))).toEqual({ a: 1, b: 2 });
  });

  it('will not guess at days it has not been told', () => {
    const paths = indexPaths([path('a > b', { conversions: 3 })]);
    expect(() => creditTimeDecay({ paths, halfLifeDays: 7 })).toThrow(RangeError);
  });
});

describe('shapley', () => {
  it('gives the worked example its 7 and 3', () => {
    // Zhao, Mahboobi, Bagheri 2018 (arXiv:1804.05327), by hand: v(a) = 4, v(b) = 0, v(ab) = 10, so that
    // a = (4 + (10 − 0)) / 2 = 7 and b = (0 + (10 − 4)) / 2 = 3.
    const paths = [path('a', { conversions: 4 }), path('a > b', { conversions: 6 })];
    expect(conversions(creditOf({ paths, model: 'shapley' }))).toEqual({ a: 7, b: 3 });
  });

  it('counts a channel once, however often it was touched', () => {
    const paths = [path('a > b > a > a', { conversions: 6 })];
    expect(conversions(creditOf({ paths, model: 'shapley' }))).toEqual({ a: 3, b: 3 });
  });
});

describe('markov', () => {
  const effects = (paths: ChannelPath[]) => {
    const { removalEffects } = creditMarkov(indexPaths(paths));
    return removalEffects && Array.from(removalEffects, (effect) => Number(effect.toFixed(12)));
  };

  it('gives the worked example its removal effects', () => {
    // S. Bryl, "Marketing multi-channel attribution model with R", part 1 (analyzecore.com, 2016), after Anderl et al.
    // 2016: c1 > c2 > c3 converts; c1, and c2 > c3, do not. By hand: start to c1 2/3, to c2 1/3; c1 to c2 1/2, to null
    // 1/2; c2 to c3 1; c3 to conversion 1/2. P = (2/3 · 1/2 + 1/3) · 1/2 = 1/3. Without c1 1/3 · 1/2 = 1/6; without c2
    // or c3 nothing. Effects 1/2, 1, 1, and of the one conversion 0.2, 0.4, 0.4.
    const paths = [
      path('c1 > c2 > c3', { conversions: 1 }),
      path('c1', { nonConversions: 1 }),
      path('c2 > c3', { nonConversions: 1 }),
    ];
    expect(effects(paths)).toEqual([0.5, 1, 1]);
    expect(conversions(creditOf({ paths, model: 'markov' }))).toEqual({ c1: 0.2, c2: 0.4, c3: 0.4 });
  });

  it('keeps consecutive repeats, which do not move the effects', () => {
    // By hand: start to a 2/3, to b 1/3; a to a 1/2, to b 1/2, so that b is always reached; b to conversion 2/3.
    // P = 2/3; without a 1/3 · 2/3 = 2/9, effect 2/3; without b nothing, effect 1. Of two conversions 0.8 and 1.2.
    const paths = [path('a > a > b', { conversions: 1, nonConversions: 1 }), path('b', { conversions: 1 })];
    expect(effects(paths)).toEqual([0.666666666667, 1]);
    expect(conversions(creditOf({ paths, model: 'markov' }))).toEqual({ a: 0.8, b: 1.2 });
  });

  it('knows of no effect where nothing converts', () => {
    expect(effects([path('a > b', { nonConversions: 4 }), path('c', {})])).toBeNull();
  });

  it('gives a channel of paths that nobody took no effect', () => {
    expect(effects([path('a', { conversions: 1 }), path('b > a > c', {})])).toEqual([1, 0, 0]);
  });

  it('is not upset by counts of very different size', () => {
    const paths = [path('a > b', { conversions: 1e15 }), path('c > b', { conversions: 5e-324 })];
    expect(effects(paths)).toEqual([1, 1, 0]);
    expect(effects([path('a > b', { conversions: 5e-324, nonConversions: 5e-324 })])).toEqual([1, 1]);
  });

  it('has the effects of the chain with each channel taken out', () => {
    fc.assert(
      fc.property(somePaths, (paths) => {
        const all = conversionProbability({ paths, without: null });
        const { removalEffects } = creditMarkov(indexPaths(paths));
        expect(removalEffects === null).toBe(all === 0);
        if (!removalEffects) return;
        for (const [i, channel] of channelsOf(paths).sort().entries()) {
          expect(removalEffects[i]).toBeCloseTo(1 - conversionProbability({ paths, without: channel }) / all, 9);
        }
      }),
    );
  });
});
