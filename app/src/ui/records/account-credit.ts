import { queryOptions } from '@tanstack/react-query';
import { kilde } from '../../api/client.ts';
import type { CompanyTouch, Deal } from '../../api/records.ts';

/** Models that share a deal among its touches. */
export const creditModels = ['linear', 'timeDecay', 'positionBased'] as const;
export type CreditModel = (typeof creditModels)[number];
/** `amounts` in the deal's currency. */
export type Credit = { source: string; amounts: Record<CreditModel, number>; touches: number };

const dayMs = 86_400_000;

/** The touches up to the close, oldest first, without direct: the last hundred, which is what the API takes. */
export function pathOfDeal(deal: Deal, touches: readonly CompanyTouch[]): CompanyTouch[] {
  const end = endOf(deal);
  return touches
    .filter(({ source, at }) => source !== null && Date.parse(at) <= end)
    .toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))
    .slice(-100);
}

/** What each source gets of a deal's amount, by all models that share, the most by the first model on top. The API reckons. */
export const creditQuery = ({ deal, path }: { deal: Deal | undefined; path: CompanyTouch[] }) =>
  queryOptions({
    queryKey: ['account-credit', deal?.id, deal?.amount, deal?.closedAt, path.map(({ id }) => id)],
    staleTime: Infinity,
    queryFn: async ({ signal }): Promise<Credit[]> => {
      const end = endOf(deal!);
      const body = {
        models: [...creditModels],
        paths: [
          {
            touches: path.map(({ source }) => source!),
            conversions: 1,
            value: Number(deal!.amount),
            daysBefore: path.map(({ at }) => Math.max(0, (end - Date.parse(at)) / dayMs)),
          },
        ],
      };
      const { data } = await kilde().POST('/api/v1/attribution', { body, signal });
      const credits = data!.items
        .map((item) => ({
          source: item.channel,
          amounts: Object.fromEntries(creditModels.map((model) => [model, item[model]!.value])) as Record<
            CreditModel,
            number
          >,
          touches: path.filter(({ source }) => source === item.channel).length,
        }))
        .toSorted((a, b) => b.amounts.linear - a.amounts.linear);
      for (const model of creditModels) toHundredths(credits, { model, total: Number(deal!.amount) });
      return credits;
    },
  });

const endOf = ({ closedAt }: Deal): number => (closedAt === null ? Date.now() : Date.parse(closedAt));

/** Rounds shares so that they still add up to the total: what rounding leaves goes to the largest. Changes them in place. */
export function toHundredths(credits: Credit[], { model, total }: { model: CreditModel; total: number }): void {
  let left = Math.round(total * 100);
  for (const { amounts } of credits) {
    const hundredths = Math.round(amounts[model] * 100);
    amounts[model] = hundredths / 100;
    left -= hundredths;
  }
  const [largest] = credits.toSorted((a, b) => b.amounts[model] - a.amounts[model]);
  if (largest && left !== 0) largest.amounts[model] = Math.round(largest.amounts[model] * 100 + left) / 100;
}
