import { creditPaths } from '../domain/reports/models/credit-paths.ts';
import type { PathModel } from '../domain/reports/models/credit-paths.ts';
import { indexPaths } from '../domain/reports/models/indexed-paths.ts';
import type { ChannelPath } from '../domain/reports/models/indexed-paths.ts';
import { maxMarkovChannels } from '../domain/reports/models/markov.ts';
import { invalidInput } from '../domain/errors.ts';

type ModelCredit = { conversions: number; value: number; removalEffect?: number | null };
export type AttributionAnswer = {
  items: Array<{ channel: string } & Partial<Record<PathModel, ModelCredit>>>;
  totals: { conversions: number; value: number };
};

/**
 * Credits the channels of paths under several models side by side; items by the channel's name.
 * @throws KildeError `invalid_input` where Markov is asked of more channels than are solved at once.
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
  if (models.includes('markov') && channels.length > maxMarkovChannels) {
    throw invalidInput([
      {
        location: 'body.paths',
        message: `Markov takes at most ${maxMarkovChannels} different channels; here are ${channels.length}.`,
      },
    ]);
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
