import { kilde } from '../../api/client.ts';
import { dealQuery } from '../../api/records.ts';
import type { Deal } from '../../api/records.ts';
import { m } from '../../paraglide/messages.js';
import { formatDay, formatMoney, formatPercent, none } from '../../ui/format.ts';
import { useChange } from '../../ui/records/use-change.tsx';

export type DealChanges = {
  name?: string | null;
  amount?: number | string | null;
  currency?: string;
  stageId?: string;
  closedAt?: string | null;
  lostReason?: string | null;
  expectedCloseDate?: string | null;
  probability?: number | null;
  nextStep?: { text: string; day: string | null } | null;
  ownerId?: string | null;
  personId?: string | null;
  companyId?: string | null;
};

/** What a deal has now of what a change is about, in words. */
export function wordsOf(deal: Deal, changes: DealChanges): string {
  const parts = [
    'name' in changes ? (deal.name ?? m.deal_unnamed()) : null,
    'amount' in changes || 'currency' in changes ? amountOf(deal) : null,
    'stageId' in changes ? deal.stage.name : null,
    'expectedCloseDate' in changes ? dayOf(deal.expectedCloseDate) : null,
    'probability' in changes ? formatPercent(deal.probability, 0) : null,
    'nextStep' in changes ? (deal.nextStep?.text ?? none) : null,
    'ownerId' in changes ? (deal.owner?.name ?? m.record_none()) : null,
    'personId' in changes ? (deal.person?.name ?? m.record_none()) : null,
    'companyId' in changes ? (deal.company?.name ?? m.record_none()) : null,
  ];
  return parts.filter((part) => part !== null).join(', ');
}

export function amountOf({ amount, currency }: Pick<Deal, 'amount' | 'currency'>): string {
  return amount === null ? none : formatMoney({ amount: Number(amount), currency });
}

export const dayOf = (day: string | null): string => (day === null ? none : formatDay(day.slice(0, 10)));

export function useDealChange(deal: Deal) {
  return useChange<Deal, DealChanges>({
    query: dealQuery(deal.id),
    send: async (changes, etag) =>
      kilde().PATCH('/api/v1/deals/{id}', {
        params: { path: { id: deal.id } },
        body: changes as never,
        ...(etag === null ? {} : { headers: { 'If-Match': etag } }),
      }),
    read: wordsOf,
  });
}
