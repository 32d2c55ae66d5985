import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkWorlds, describeFailure, PropertyFailure, replayPath, shrinkRows } from '../support/failing-property.ts';
import type { Replay } from '../support/failing-property.ts';

// What a failing property prints: the question, the first disagreement and how to replay it, on at most 40 lines.

type World = { parents: Array<{ id: number }>; children: Array<{ id: number; parent: number; note: string | null }> };

const manyRows: World = {
  parents: Array.from({ length: 30 }, (_, index) => ({ id: index + 1 })),
  children: Array.from({ length: 60 }, (_, index) => ({ id: index + 1, parent: (index % 30) + 1, note: null })),
};

/** A child without its parent cannot be stored. */
function store({ parents, children }: World): void {
  for (const { parent } of children) {
    if (!parents.some(({ id }) => id === parent)) throw new Error(`FOREIGN KEY constraint failed: parent ${parent}`);
  }
}

/** Runs what fails, without noting a replay of this test. */
async function failureOf(run: () => Promise<unknown>, task: { meta: { replay?: Replay } }): Promise<PropertyFailure> {
  const error = await run().then(
    () => null,
    (failure: unknown) => failure,
  );
  delete task.meta.replay;
  expect(error).toBeInstanceOf(PropertyFailure);
  return error as PropertyFailure;
}

describe('a failing property', () => {
  it('leaves out every row without which the disagreement stays', async () => {
    let asked = 0;
    const small = await shrinkRows({
      world: manyRows,
      tables: ['parents', 'children'],
      disagrees: async (world) => {
        asked += 1;
        try {
          store(world);
        } catch {
          return false;
        }
        return world.children.some(({ id }) => id === 47);
      },
      hasTime: () => asked < 400,
    });
    expect(small).toEqual({ parents: [{ id: 17 }], children: [{ id: 47, parent: 17, note: null }] });
  });

  it('prints question, disagreement, rows and replay of a world, and notes the world for the replay', async ({
    task,
  }) => {
    let noted: Replay | undefined;
    const failure = await failureOf(async () => {
      await checkWorlds({
        cases: fc.constant({ world: manyRows, questions: [{ sum: 'ids', limit: null }] }),
        tables: ['parents', 'children'],
        load: async (world) => store(world),
        ask: async ({ children }) => {
          const ids = children.map(({ id }) => id);
          expect(ids.filter((id) => id !== 12)).toEqual(ids);
        },
        numRuns: 1,
      }).finally(() => (noted = task.meta.replay));
    }, task);
    expect(noted).toMatchObject({ kind: 'world', world: { parents: [{ id: 12 }] }, question: { sum: 'ids' } });
    expect(failure.message.split('\n')).toEqual([
      expect.stringMatching(/^The two implementations disagree: 2 of 90 rows still show it, after \d+ attempts\.$/),
      `replay: REPLAY=${replayPath(noted!)} npx vitest run test/unit/failing-property.test.ts`,
      'question:',
      '  sum: "ids"',
      'first disagreement:',
      '  expected [] to deeply equal [ 12 ]',
      '  - expected [',
      '  - expected  12',
      '  - expected ]',
      '  + found    []',
      'rows:',
      '  parents {"id":12}',
      '  children {"id":12,"parent":12}',
    ]);
  });

  it('prints generated inputs as fast-check has shrunk them', async ({ task }) => {
    let noted: Replay | undefined;
    const failure = await failureOf(async () => {
      try {
        fc.assert(
          fc.property(fc.array(fc.nat()), (list) => {
            expect(Math.max(0, ...list)).toBeLessThan(100);
          }),
        );
      } finally {
        noted = task.meta.replay;
      }
    }, task);
    expect(noted).toMatchObject({ kind: 'inputs', inputs: '[[100]]', path: expect.stringMatching(/^\d+(:\d+)*$/) });
    expect(failure.message).toContain('question:\n  [[100]]\nfirst disagreement:\n  expected 100 to be less than 100');
  });

  it('prints at most 40 lines, of at most 240 letters', () => {
    const lines = Array.from({ length: 300 }, (_, index) => `${index} ${'x'.repeat(500)}`);
    const error = Object.assign(new Error(lines.join('\n')), { actual: lines, expected: [...lines, 'y'] });
    const replay: Replay = { file: 'test/db/a.test.ts', test: 'says: "a" / b', kind: 'world', world: {}, question: {} };
    const printed = describeFailure({ title: 'T', question: lines.join('\n'), error, rows: lines, replay }).split('\n');
    expect(printed).toHaveLength(40);
    expect(printed.filter((line) => line.length > 240)).toEqual([]);
    expect(printed[1]).toBe('replay: REPLAY=.kilde/replays/a-says-a-b.json npx vitest run test/db/a.test.ts');
    expect(printed.at(-1)).toMatch(/^ {2}… \d+ more lines: see the replay file$/);
  });
});
