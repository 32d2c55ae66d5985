import { moneyOf, textOf } from '../../api/report.ts';
import type { Change, Difference, Group, Report } from '../../api/report.ts';
import { useScope } from '../../api/use-scope.ts';
import { m } from '../../paraglide/messages.js';
import { formatCount, formatP, formatPercent, formatShort } from '../../ui/format.ts';
import { groupName, sameGroup, upliftText } from '../../ui/wording.ts';

/** What a person can repeat in a meeting, made of the findings of the same answers as the tables. */
export function Sentence({
  funnel,
  sources,
  most,
}: {
  funnel: Report | undefined;
  sources: Report | undefined;
  /** One row: what won most. */
  most: Report | undefined;
}) {
  const { previousDays, scope } = useScope();
  if (funnel === undefined) return <p className="say wide">&nbsp;</p>;
  const than =
    previousDays === null
      ? null
      : scope.compare === 'previousYear'
        ? m.than_same_days({ year: previousDays.to.slice(0, 4) })
        : m.than_period_before();
  return (
    <p className="say wide">
      <b>{leadSentence(funnel, than)}</b>{' '}
      {sources === undefined || most === undefined ? null : sourceSentences(sources, most)}
    </p>
  );
}

function leadSentence(report: Report, than: string | null): string {
  const change = report.findings.find(
    (finding): finding is Change => finding.kind === 'change' && finding.measure === 'leads',
  );
  const count = formatCount(report.totals['leads'] as number);
  if (change?.change === undefined || change.change === null || than === null) return m.say_leads({ count });
  const percent = formatPercent(Math.abs(change.change), 0);
  if (change.change >= 1) return m.say_leads_against({ count, previous: formatCount(change.previous), than });
  if (Math.round(change.change * 100) === 0) return m.say_leads_same({ count, than });
  return change.change > 0 ? m.say_leads_more({ count, percent, than }) : m.say_leads_fewer({ count, percent, than });
}

function sourceSentences(report: Report, most: Report): string {
  const [row] = most.rows;
  const [won, all] = [moneyOf(row, 'revenue'), moneyOf(most.totals, 'revenue')];
  const group = row === undefined ? null : { source: textOf(row, 'source'), medium: textOf(row, 'medium') };
  const brought =
    group === null || won === null || all === null || won.amount <= 0
      ? ''
      : m.say_most_revenue({
          source: groupName(group),
          amount: formatShort(won.amount),
          all: formatShort(all.amount),
          currency: all.currency ?? '',
        });
  return `${brought} ${differenceSentence(report, brought === '' ? null : group)}`.trim();
}

function differenceSentence(report: Report, named: Group | null): string {
  const surest = report.findings.find(
    (finding): finding is Difference =>
      finding.kind === 'difference' && finding.measure === 'leadToDealRate' && finding.verdict === 'differs',
  );
  if (surest === undefined || surest.uplift === null || surest.pValue === null) return m.say_none_differs();
  const words = {
    often: upliftText(surest.uplift),
    rate: formatPercent(surest.value, 0),
    rest: formatPercent(surest.rest, 0),
    p: formatP(surest.pValue),
  };
  return named !== null && sameGroup(named, surest.group)
    ? m.say_its_leads(words)
    : m.say_leads_of({ source: groupName(surest.group), ...words });
}
