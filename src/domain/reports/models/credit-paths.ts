import { creditFirstTouch } from './first-touch.ts';
import type { Credit, IndexedPaths } from './indexed-paths.ts';
import { creditLastTouch } from './last-touch.ts';
import { creditLinear } from './linear.ts';
import { creditMarkov } from './markov.ts';
import type { MarkovCredit } from './markov.ts';
import { creditPositionBased } from './position-based.ts';
import { creditShapley } from './shapley.ts';
import { creditTimeDecay } from './time-decay.ts';

/** The models that share the credit of a path among its channels. */
export const pathModels = [
  'firstTouch',
  'lastTouch',
  'linear',
  'positionBased',
  'timeDecay',
  'markov',
  'shapley',
] as const;
export type PathModel = (typeof pathModels)[number];

/** Credits paths under one model. Conversions and value are each shared whole, right to floating-point rounding. */
export function creditPaths({
  paths,
  model,
  halfLifeDays,
}: {
  paths: IndexedPaths;
  model: PathModel;
  /** Of time decay. */
  halfLifeDays: number;
}): Credit | MarkovCredit {
  switch (model) {
    case 'firstTouch':
      return creditFirstTouch(paths);
    case 'lastTouch':
      return creditLastTouch(paths);
    case 'linear':
      return creditLinear(paths);
    case 'positionBased':
      return creditPositionBased(paths);
    case 'timeDecay':
      return creditTimeDecay({ paths, halfLifeDays });
    case 'markov':
      return creditMarkov(paths);
    case 'shapley':
      return creditShapley(paths);
  }
}
