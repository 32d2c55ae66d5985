import { queryOptions } from '@tanstack/react-query';
import { kilde } from '../../api/client.ts';
import type { Deal } from '../../api/records.ts';
import type { CompanyTouch } from './queries.ts';

export const creditModels = ['linear', 'timeDecay', 'positionBased'] as const;
export type CreditModel = (typeof creditModels)[number];
export type Credit = { source: string; amount: number; touches: number };

const dayMs = 86_400_000;

/** The touches of all people up to the close, oldest first, without direct. */
export function pathOfDeal(deal: Deal, touches: readonly CompanyTouch[]): CompanyTouch[] {
  const end = Date.parse(deal.closedAt ?? new Date().toISOString());
  return touches
    .filter(({ source, at }) => source !== null && Date.parse(at) <= end)
    .toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))
    .slice(-100);
}

/** What each source gets of a won deal, by one model. The API reckons. */
export const creditQuery = ({
  deal,
  path,
  model,
}: {
  deal: Deal | undefined;
  path: CompanyTouch[];
  model: CreditModel;
}) =>
  queryOptions({
    queryKey: ['account-credit', deal?.id, model, path.map(({ id }) => id)],
    staleTime: Infinity,
    queryFn: async ({ signal }): Promise<Credit[]> => {
      const end = Date.parse(deal!.closedAt!);
      const body = {
        models: [model],
        paths: [
          {
            touches: path.map(({ source }) => source!),
            conversions: 1,
            value: Number(deal!.amount),
            daysBefore: path.map(({ at }) => Math.max(0, (end - Date.parse(at)) / dayMs)),
          },
        ],
      };
      const { data } = await kilde().POST('/api/v1/attribution', { body: body as never, signal });
      const { items } = data as unknown as {
        items: Array<{ channel: string } & Record<CreditModel, { value: number }>>;
      };
      return items
        .map((item) => ({
          source: item.channel,
          amount: item[model].value,
          touches: path.filter(({ source }) => source === item.channel).length,
        }))
        .toSorted((a, b) => b.amount - a.amount);
    },
  });
