import { KildeError } from './errors.ts';

/**
 * What one request may ask for at most, found out before it runs. A key that may only read must not be able to keep the
 * database or a Worker busy: others' forms wait for the first, and the platform ends the second after its CPU time. Each
 * bound is set so that the heaviest request within it takes about a second or less.
 */
type Bound = { most: number; unit: string; what: string; advice: string };

export const bounds = {
  /** See `costOf` in segments/cost.ts: 500 plain conditions that search in text, 40 relations, or 8 counted ones. */
  criteriaCost: {
    most: 1_000,
    unit: 'points',
    what: 'The cost of the criteria',
    advice:
      'Use fewer conditions on related records, above all counted ones and nested ones, or fewer selections: docs/segments.md gives the points.',
  },
  /** Each value is bound to the statement and compared with every row that is left. */
  criteriaValues: {
    most: 5_000,
    unit: 'values',
    what: 'The number of values in all lists of the criteria',
    advice: 'Use shorter lists, or a static selection instead of a list of ids.',
  },
  /** Each level is a sub-query of the one above it. */
  relationDepth: {
    most: 6,
    unit: 'levels',
    what: 'The nesting of related records',
    advice: 'Ask for the inner records in a selection of their own.',
  },
  selectionDepth: {
    most: 10,
    unit: 'levels',
    what: 'The nesting of selections in each other',
    advice: 'Freeze an inner selection to a static one.',
  },
  /** 10,000 is promised; each path is read and checked member by member. */
  calculatorPaths: {
    most: 100_000,
    unit: 'paths',
    what: 'The number of paths',
    advice: 'Add up paths of the same touches, and send the most frequent ones.',
  },
  calculatorTouches: {
    most: 400_000,
    unit: 'touches',
    what: 'The number of touches in all paths',
    advice: 'Add up paths of the same touches, and send the most frequent ones.',
  },
  calculatorChannels: {
    most: 5_000,
    unit: 'channels',
    what: 'The number of different channels',
    advice: 'Group rare names under one name.',
  },
  /** A step is one multiplication: the matrix of n channels takes n³ of them, in all runs of a request together. */
  markovSteps: {
    most: 200_000_000,
    unit: 'steps (the cube of the number of channels or values, for each run)',
    what: 'The work of the Markov model',
    advice: 'Use fewer different values: fewer dimensions, a filter or a shorter period.',
  },
  /** Every touch of every path is read once by each model. */
  pathTouches: {
    most: 1_000_000,
    unit: 'touches',
    what: 'The number of touches in the paths of Markov and Shapley',
    advice: 'Use fewer dimensions or a shorter period.',
  },
  /** Some 10 MB of JSON, which a Worker makes in less than a second. A rate is seven numbers, a count is one. */
  reportNumbers: {
    most: 400_000,
    unit: 'numbers (rows × parts of the period × numbers of each measure × models, three times that with a comparison)',
    what: 'The size of the report',
    advice: 'Use a smaller limit, fewer measures or models, a coarser grain or a shorter period.',
  },
  /** Groups that the database answers where Markov or Shapley are added to them: then all of them are read. */
  reportGroups: {
    most: 3_000,
    unit: 'groups',
    what: 'The number of groups in a report by Markov or Shapley',
    advice: 'Use fewer dimensions, a filter or a shorter period.',
  },
  /** Each path is one text, which is read and credited in the Worker. */
  reportPaths: {
    most: 50_000,
    unit: 'paths',
    what: 'The number of different paths in a report by Markov or Shapley',
    advice: 'Use fewer dimensions or a shorter period.',
  },
} as const satisfies Record<string, Bound>;
export type BoundName = keyof typeof bounds;

/** The error that names the bound, the value sent and what to do. */
export function beyond(name: BoundName, { value, location }: { value: number; location: string }): KildeError {
  const { most, unit, what, advice }: Bound = bounds[name];
  const message = `${what} is ${value}; at most ${most} ${unit} are allowed. ${advice}`;
  return new KildeError('too_expensive', `${location}: ${message}`, [{ location, message }]);
}

/** @throws KildeError `too_expensive` where a value is above its bound. */
export function refuseBeyond(name: BoundName, sent: { value: number; location: string }): void {
  if (sent.value > bounds[name].most) throw beyond(name, sent);
}
