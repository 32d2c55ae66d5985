import { creditPaths } from '../../domain/reports/models/credit-paths.ts';
import type { PathModel } from '../../domain/reports/models/credit-paths.ts';
import { indexPaths } from '../../domain/reports/models/indexed-paths.ts';
import type { ChannelPath } from '../../domain/reports/models/indexed-paths.ts';
import { refuseBeyond } from '../../domain/bounds.ts';

type ModelCredit = { conversions: number; value: number; removalEffect?: number | null };
export type AttributionAnswer = {
  items: Array<{ channel: string } & Partial<Record<PathModel, ModelCredit>>>;
  totals: { conversions: number; value: number };
};

/**
 * Credits the channels of paths under several models side by side; items by the channel's name.
 * @throws KildeError `too_expensive` where there are more channels than are credited at once.
 */
export function calculateAttribution({
  models,
  paths,
  halfLifeDays,
}: {
  models: readonly PathModel[];
  paths: readonly ChannelPath[];
  halfLifeDays: number;
}): AttributionAnswer {
  const indexed = indexPaths(paths);
  const { channels } = indexed;
  refuseBeyond('calculatorChannels', { value: channels.length, location: 'body.paths' });
  if (models.includes('markov')) {
    refuseBeyond('markovSteps', { value: channels.length ** 3, location: 'body.paths' });
  }
  const items: AttributionAnswer['items'] = channels.map((channel) => ({ channel }));
  for (const model of new Set(models)) {
    const credit = creditPaths({ paths: indexed, model, halfLifeDays });
    for (const [number, item] of items.entries()) {
      item[model] = {
        conversions: credit.conversions[number]!,
        value: credit.value[number]!,
        ...('removalEffects' in credit ? { removalEffect: credit.removalEffects?.[number] ?? null } : {}),
      };
    }
  }
  const sum = (numbers: Float64Array): number => numbers.reduce((total, one) => total + one, 0);
  return { items, totals: { conversions: sum(indexed.conversions), value: sum(indexed.value) } };
}
