import { Link, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { changeOf, countOf, moneyOf, rateOf } from '../../api/report.ts';
import type { Rate, Report } from '../../api/report.ts';
import { keepScope } from '../../api/scope.ts';
import { useScope } from '../../api/use-scope.ts';
import { Whisker } from '../../charts/whisker.tsx';
import { scaleAround } from '../../charts/whisker.ts';
import { m } from '../../paraglide/messages.js';
import { FactScope, useFact } from '../../ui/fact-line.tsx';
import {
  formatChange,
  formatCount,
  formatDay,
  formatDays,
  formatMoney,
  formatP,
  formatPercent,
  formatShort,
} from '../../ui/format.ts';
import { modelInSentence } from '../../ui/model-words.ts';
import { intervalOf, rateText } from '../../ui/rate.tsx';

type Step = {
  measure: string;
  label: string;
  figure: ReactNode;
  rate: string | null;
  /** "of visits": what the rate is a part of. */
  of: string;
  whole: (words: { numerator: string; denominator: string; rate: string }) => string;
};

/** Visits, leads, qualified, with a deal, won, revenue: each step's rate beside its interval. */
export function Funnel({ report }: { report: Report }) {
  const { totals } = report;
  const revenue = moneyOf(totals, 'revenue');
  const count = (measure: string): string => formatCount(countOf(totals, measure));
  const steps: Step[] = [
    {
      measure: 'visits',
      label: m.measure_visits(),
      figure: count('visits'),
      rate: null,
      of: m.funnel_counted(),
      whole: m.fact_visits,
    },
    {
      measure: 'leads',
      label: m.measure_leads(),
      figure: count('leads'),
      rate: 'visitToLeadRate',
      of: m.funnel_of_visits(),
      whole: m.fact_leads,
    },
    {
      measure: 'leadsQualified',
      label: m.measure_qualified(),
      figure: count('leadsQualified'),
      rate: 'leadToQualifiedRate',
      of: m.funnel_of_leads(),
      whole: m.fact_qualified,
    },
    {
      measure: 'leadsWithDeal',
      label: m.measure_leads_with_deal(),
      figure: count('leadsWithDeal'),
      rate: 'leadToDealRate',
      of: m.funnel_of_leads(),
      whole: m.fact_leads_with_deal,
    },
    {
      measure: 'wonDeals',
      label: m.measure_won_deals(),
      figure: count('wonDeals'),
      rate: 'winRate',
      of: m.funnel_win_rate(),
      whole: m.fact_won_deals,
    },
  ];
  return (
    <FactScope whole={<FunnelFact step={steps[3]!} report={report} />}>
      {(line) => (
        <>
          <ol className="funnel">
            {steps.map((step) => (
              <FunnelStep key={step.measure} step={step} report={report} />
            ))}
            <li>
              <StepHead label={m.measure_won_revenue()} change={changeOf(totals, 'revenue', 'wonDeals')} />
              <Figure
                measure="revenue"
                fact={
                  <>
                    <b>{m.fact_revenue({ amount: formatMoney(revenue) })}</b> {m.fact_revenue_more()}
                  </>
                }
              >
                {formatShort(revenue?.amount)} <small>{revenue?.currency}</small>
              </Figure>
              <span className="step">
                <span className="nowrap">
                  <b>{formatShort(moneyOf(totals, 'averageWonDeal')?.amount)}</b> {m.funnel_mean()}
                </span>
              </span>
            </li>
          </ol>
          {line}
        </>
      )}
    </FactScope>
  );
}

function StepHead({ label, change }: { label: string; change: number | null }) {
  return (
    <span className="lab">
      <span>{label}</span> {change === null ? null : <span className="mini nowrap">{formatChange(change)}</span>}
    </span>
  );
}

function FunnelStep({ step, report }: { step: Step; report: Report }) {
  const { totals } = report;
  const rate = step.rate === null ? null : rateOf(totals, step.rate);
  const interval = intervalOf(rate);
  const previous = step.rate === null ? null : (rateOf(totals.previous, step.rate)?.value ?? null);
  return (
    <li>
      <StepHead label={step.label} change={changeOf(totals, step.measure)} />
      <Figure measure={step.measure} fact={<FunnelFact step={step} report={report} />}>
        {step.figure}
      </Figure>
      <span className="step">
        <span className="nowrap">
          {rate === null ? null : <b>{rateText(rate)} </b>}
          {step.of}
        </span>
        {interval === null ? null : (
          <Whisker
            width={70}
            interval={interval}
            verdict={typeof rate?.previousPValue !== 'number' ? null : isSure(rate) ? 'differs' : 'chance'}
            reference={previous}
            domain={scaleAround(interval, previous)}
          />
        )}
      </span>
    </li>
  );
}

function isSure(rate: Rate | null): boolean {
  return typeof rate?.previousPValue === 'number' && rate.previousPValue < 0.05;
}

/** A figure leads to its report, and says its facts while it has focus. */
function Figure({ measure, fact, children }: { measure: string; fact: ReactNode; children: ReactNode }) {
  const search = keepScope(useSearch({ strict: false }));
  return (
    <Link className="fig" to="/sources" search={{ ...search, measures: measure }} {...useFact()(fact)}>
      {children}
    </Link>
  );
}

function FunnelFact({ step, report }: { step: Step; report: Report }) {
  const { days, scope, previousDays, noDataBefore } = useScope();
  const rate = step.rate === null ? null : rateOf(report.totals, step.rate);
  const before = step.rate === null ? null : rateOf(report.totals.previous, step.rate);
  const period = formatDays(days);
  const words = {
    numerator: formatCount(rate?.numerator ?? countOf(report.totals, step.measure)),
    denominator: formatCount(rate?.denominator),
    rate: rateText(rate),
  };
  const missing = noDataBefore === null ? null : m.no_data_before({ day: formatDay(noDataBefore) });
  if (rate === null || rate.low === null) {
    return (
      <>
        <b>{step.whole(words)}</b> {period}. {missing}
      </>
    );
  }
  const interval = m.fact_interval({ low: formatPercent(rate.low), high: formatPercent(rate.high) });
  return (
    <>
      <b>{step.whole(words)}</b>, {interval} {period}; {m.fact_credit({ model: modelInSentence(scope.attribution) })}{' '}
      {missing}{' '}
      {previousDays === null || before === null || before.value === null ? null : (
        <>
          {m.fact_before({ period: yearOrDays(previousDays, scope.compare), rate: rateText(before) })}
          {typeof rate.previousPValue === 'number'
            ? `; ${isSure(rate) ? m.fact_not_chance({ p: formatP(rate.previousPValue) }) : m.fact_chance({ p: formatP(rate.previousPValue) })}`
            : '.'}
        </>
      )}
    </>
  );
}

function yearOrDays(days: { from: string | null; to: string }, compare: string): string {
  return compare === 'previousYear' ? days.to.slice(0, 4) : formatDays(days);
}
