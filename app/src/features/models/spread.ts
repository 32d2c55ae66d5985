import type { Model } from '../../api/scope.ts';

export type Spread = {
  name: string;
  isUnknown: boolean;
  values: Record<string, number>;
  claimed: number | null;
  /** Largest less smallest credit, over their mean: 0 where all models agree. */
  spread: number;
  verdict: 'depends' | 'some' | 'agree' | 'few';
};

/** From these spreads on a channel depends on the model, or has some spread. */
const bounds = { depends: 0.45, some: 0.25 };
/** Below this mean a spread says nothing: a single deal more or less is all of it. */
const fewest = 10;

/** How far the models are apart for a group, and what that means. */
export function spreadOf({
  name,
  isUnknown = false,
  values,
  claimed = null,
  counts = values,
}: {
  name: string;
  isUnknown?: boolean;
  values: Partial<Record<Model, number>>;
  claimed?: number | null;
  /** How many deals the values are of, where they are money: few deals may be much money. */
  counts?: Partial<Record<Model, number>>;
}): Spread {
  const numbers = Object.values(values);
  const mean = meanOf(numbers);
  const spread = mean === 0 ? 0 : (Math.max(...numbers) - Math.min(...numbers)) / mean;
  const verdict =
    meanOf(Object.values(counts)) < fewest
      ? 'few'
      : spread >= bounds.depends
        ? 'depends'
        : spread >= bounds.some
          ? 'some'
          : 'agree';
  return { name, isUnknown, values, claimed, spread, verdict };
}

function meanOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, value) => sum + value, 0) / Math.max(1, numbers.length);
}

/** The models that give a group least and most: what a sentence about the spread names. */
export function extremesOf({ values }: Pick<Spread, 'values'>): { least: string; most: string } {
  const models = Object.keys(values).toSorted((a, b) => values[a]! - values[b]!);
  return { least: models[0]!, most: models.at(-1)! };
}

/** Where the choice of a model matters most stands first; what is too small to tell, and what has no channel, stands last. */
export function bySpread(a: Spread, b: Spread): number {
  const rank = ({ verdict, isUnknown }: Spread): number => (isUnknown ? 2 : verdict === 'few' ? 1 : 0);
  return rank(a) - rank(b) || b.spread - a.spread;
}
