import type { Compare, Days, Model, Scope } from '../api/scope.ts';
import { m } from '../paraglide/messages.js';
import { formatDays } from '../ui/format.ts';
import { modelName } from '../ui/model-words.ts';

export const presetName = {
  today: () => m.period_today(),
  yesterday: () => m.period_yesterday(),
  last7Days: () => m.period_last_7_days(),
  last30Days: () => m.period_last_30_days(),
  thisMonth: () => m.period_this_month(),
  previousMonth: () => m.period_previous_month(),
  thisQuarter: () => m.period_this_quarter(),
  thisYear: () => m.period_this_year(),
  previousYear: () => m.period_previous_year(),
  all: () => m.period_all(),
} as const;

export function periodLabel(scope: Pick<Scope, 'period'>, days: Days): string {
  return scope.period === 'all' ? m.period_all() : formatDays(days);
}

/** "same days 2025", or the days compared with. */
export function comparisonLabel(compare: Compare, previous: Days | null): string {
  if (previous === null) return m.compare_nothing();
  if (compare === 'previousPeriod') return formatDays(previous);
  return m.compare_same_days({ year: previous.to.slice(0, 4) });
}

export function creditLabel(attribution: string | undefined, model: Model): string {
  const count = attribution?.split(',').length ?? 1;
  return count > 1 ? m.credit_models({ count: String(count) }) : modelName[model]();
}
