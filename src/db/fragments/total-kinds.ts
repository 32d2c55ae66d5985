import { everyLevel, levels } from '../../domain/reports/split-periods.ts';
import type { Level } from '../../domain/reports/split-periods.ts';

/**
 * What `settled_total` stores: one entry for each kind of total. The views `lead_part` and `deal_part` add a rolled-up record to
 * each, and db/reports/totals.ts reads them. A kind's number by day, by year and over all time is 100, 200 and 300 more.
 * `key` is what a total is stored by, as SQL over the facts `f`; paths have the number that the views look up.
 */
/** Of each origin by itself there are many: they are stored by month and year alone. */
const ownLevels: readonly Level[] = ['month', 'year'];

export type TotalKind = { kind: number; key: string; levels: readonly Level[] };

const lead = (kind: number, key: string, stored: readonly Level[] = everyLevel): TotalKind => ({
  kind,
  key,
  levels: stored,
});

export const leadTotalKinds = {
  firstOrigin: lead(1, 'f.first_origin_id * 16 + f.via', ownLevels),
  leadOrigin: lead(2, 'f.lead_origin_id * 16 + f.via', ownLevels),
  status: lead(3, 'f.status_id'),
  formAndChannel: lead(4, 'f.form_id * 16777216 + f.lead_channel_id'),
  formViaAndSource: lead(6, '(f.form_id * 16 + f.via) * 16777216 + f.lead_source_id'),
  sayingAndChannel: lead(7, 'f.saying_id * 16777216 + f.first_channel_id'),
  path: lead(8, 'f.path_id'),
  daysToLead: lead(9, 'f.first_channel_id * 8192 + f.bin + 4096'),
  firstGroup: lead(11, 'f.first_group_id * 16 + f.via'),
  leadGroup: lead(12, 'f.lead_group_id * 16 + f.via'),
} as const;

/** By which moment of a deal a total counts: registration, close, or when it was no longer open. */
export type DealMoment = 'registered' | 'closed' | 'gone';
export type DealTotalKind = TotalKind & {
  moment: DealMoment;
  /** What `m` adds up: every amount, those of won deals, or nothing. */
  amount: 'all' | 'won' | 'none';
};

const dealKind = (
  kind: number,
  moment: DealMoment,
  key: string,
  amount: DealTotalKind['amount'],
  stored: readonly Level[] = everyLevel,
): DealTotalKind => ({ kind, moment, key, amount, levels: stored });
const withCurrency = (key: string): string => `${key} * 32768 + f.currency`;

export const dealTotalKinds = {
  registeredByLeadOrigin: dealKind(20, 'registered', withCurrency('f.lead_origin_id'), 'all', ownLevels),
  registeredByFirstOrigin: dealKind(21, 'registered', withCurrency('f.first_origin_id'), 'all', ownLevels),
  closedByLeadOrigin: dealKind(24, 'closed', withCurrency('f.lead_origin_id'), 'won', ownLevels),
  closedByFirstOrigin: dealKind(25, 'closed', withCurrency('f.first_origin_id'), 'won', ownLevels),
  goneByLeadOrigin: dealKind(28, 'gone', withCurrency('f.lead_origin_id'), 'all', ownLevels),
  goneByFirstOrigin: dealKind(29, 'gone', withCurrency('f.first_origin_id'), 'all', ownLevels),
  registeredByPath: dealKind(22, 'registered', 'f.registered_path_id', 'none'),
  daysToDeal: dealKind(23, 'registered', 'f.first_channel_id * 8192 + f.deal_bin + 4096', 'none'),
  closedByPath: dealKind(26, 'closed', withCurrency('f.closed_path_id'), 'won'),
  daysToWin: dealKind(27, 'closed', 'f.first_channel_id * 8192 + f.win_bin + 4096', 'none'),
  registeredByLeadGroup: dealKind(30, 'registered', withCurrency('f.lead_group_id'), 'all'),
  registeredByFirstGroup: dealKind(31, 'registered', withCurrency('f.first_group_id'), 'all'),
  closedByLeadGroup: dealKind(34, 'closed', withCurrency('f.lead_group_id'), 'won'),
  closedByFirstGroup: dealKind(35, 'closed', withCurrency('f.first_group_id'), 'won'),
  goneByLeadGroup: dealKind(38, 'gone', withCurrency('f.lead_group_id'), 'all'),
  goneByFirstGroup: dealKind(39, 'gone', withCurrency('f.first_group_id'), 'all'),
} as const;

/** Submissions by form and channel, in `report_total`: by month, and by day under 100 more. */
export const submissionTotalKind = 5;

/** Every number under which the kinds are stored, level by level. */
export const storedKinds = (kinds: readonly TotalKind[]): number[] =>
  Object.entries(levels).flatMap(([level, number]) =>
    kinds.filter((one) => one.levels.includes(level as Level)).map(({ kind }) => 100 * number + kind),
  );
