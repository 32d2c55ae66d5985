import type { Model } from '../../api/scope.ts';

export type Spread = {
  name: string;
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
  values,
  claimed = null,
}: {
  name: string;
  values: Partial<Record<Model, number>>;
  claimed?: number | null;
}): Spread {
  const numbers = Object.values(values);
  const mean = numbers.reduce((sum, value) => sum + value, 0) / Math.max(1, numbers.length);
  const spread = mean === 0 ? 0 : (Math.max(...numbers) - Math.min(...numbers)) / mean;
  const verdict =
    mean < fewest ? 'few' : spread >= bounds.depends ? 'depends' : spread >= bounds.some ? 'some' : 'agree';
  return { name, values: values, claimed, spread, verdict };
}

/** Where the choice of a model matters most stands first; what is too small to tell stands last. */
export function bySpread(a: Spread, b: Spread): number {
  return Number(a.verdict === 'few') - Number(b.verdict === 'few') || b.spread - a.spread;
}
