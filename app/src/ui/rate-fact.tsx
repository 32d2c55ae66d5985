import { isTooFew } from '../api/report.ts';
import type { Rate } from '../api/report.ts';
import { useScope } from '../api/use-scope.ts';
import { m } from '../paraglide/messages.js';
import { formatCount, formatDays, formatP, formatPercent } from './format.ts';
import { modelInSentence } from './model-words.ts';
import { upliftText } from './wording.ts';

/** What a lead-to-deal rate says of itself: value, interval, how it differs, credit and period. */
export function RateFact({ name, rate }: { name?: string; rate: Rate | null }) {
  const { days, scope } = useScope();
  if (rate === null || rate.value === null || rate.low === null || rate.high === null) return null;
  const counts = { numerator: formatCount(rate.numerator), denominator: formatCount(rate.denominator) };
  const interval = m.fact_interval_short({ low: formatPercent(rate.low), high: formatPercent(rate.high) });
  return (
    <>
      <b>{name === undefined ? m.fact_with_deal(counts) : m.fact_with_deal_of({ name, ...counts })}</b>, {interval}
      {name === undefined ? '. ' : `; ${verdict(rate)} `}
      {m.fact_scope({ model: modelInSentence(scope.attribution), period: formatDays(days) })}
    </>
  );
}

/** Exactly one of: that is not chance, that can be chance, too few to tell, nothing to compare with. */
export function verdict(rate: Rate): string {
  const { uplift, pValue, denominator } = rate;
  if (pValue === null) return uplift === null ? m.fact_no_rest() : m.fact_shared();
  if (uplift === null || isTooFew(rate)) return m.fact_too_few();
  const words = { often: upliftText(uplift), p: formatP(pValue) };
  return pValue < 0.05 ? m.fact_differs(words) : m.fact_can_be_chance({ ...words, count: formatCount(denominator) });
}
