import { useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { moneyOf, countOf, reportQuery, scopeOfQuery, textOf } from '../../api/report.ts';
import type { Report, Row } from '../../api/report.ts';
import { keepScope } from '../../api/scope.ts';
import type { Model } from '../../api/scope.ts';
import type { Search } from '../../api/search.ts';
import { useScope, useSetSearch } from '../../api/use-scope.ts';
import { MarkIcon, ModelMark } from '../../charts/marks.tsx';
import { m } from '../../paraglide/messages.js';
import { formatCredit, formatDays, formatPercent, formatShort, none } from '../../ui/format.ts';
import { modelInSentence, modelName } from '../../ui/model-words.ts';
import { Page } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Segments } from '../../ui/segments.tsx';
import { Answer, Empty } from '../../ui/states.tsx';
import { bySpread, extremesOf, spreadOf } from './spread.ts';
import type { Spread } from './spread.ts';

const compared = ['firstTouch', 'leadCreation', 'linear', 'markov'] as const satisfies readonly Model[];
const measures = ['deals', 'wonDeals', 'revenue'] as const;
type Measure = (typeof measures)[number];

const measureName: Record<Measure, () => string> = {
  deals: () => m.models_deals(),
  wonDeals: () => m.models_won(),
  revenue: () => m.models_revenue(),
};
const verdictName: Record<Spread['verdict'], () => string> = {
  depends: () => m.models_depends(),
  some: () => m.models_some(),
  agree: () => m.models_agree(),
  few: () => m.models_few(),
};

/** Where the choice of a model decides: channels by how far the models are apart, beside what platforms claim. */
export function ModelsPage() {
  const search: Search = useSearch({ strict: false });
  const setSearch = useSetSearch();
  const { days, timeZone, siteId } = useScope();
  const measure = measures.find((one) => one === search['measure']) ?? 'deals';
  const scope = scopeOfQuery({ days, timeZone, siteId, compare: 'none' });
  const credit = useQuery(
    reportQuery({
      // Whether there are too few to tell is decided by deals, never by money.
      measures: measure === 'revenue' ? ['revenue', 'wonDeals'] : [measure],
      dimensions: ['channel'],
      attribution: [...compared],
      limit: 50,
      ...scope,
    } as never),
  );
  const claims = useQuery(
    reportQuery({ measures: ['claimedConversions'], dimensions: ['channel'], limit: 50, ...scope } as never),
  );
  const said = useQuery(
    reportQuery({
      measures: ['leads'],
      dimensions: ['selfReported', 'channel'],
      attribution: 'firstTouch',
      limit: 200,
      ...scope,
    } as never),
  );
  return (
    <Page
      title={m.models_title()}
      actions={
        <Segments
          label={m.models_measure()}
          value={measure}
          onChange={(value) => setSearch({ measure: value === 'deals' ? undefined : value }, { replace: true })}
          options={measures.map((value) => ({ value, label: measureName[value]() }))}
        />
      }
    >
      <Answer asked={credit} height={420}>
        {(report) => {
          const rows = spreadsOf(report, measure, measure === 'deals' ? claims.data : undefined);
          if (rows.length === 0) {
            return (
              <section className="panel">
                <Empty title={m.models_none()}>{m.sources_empty_text()}</Empty>
              </section>
            );
          }
          return (
            <>
              <Sentence rows={rows} measure={measure} />
              <SpreadTable rows={rows} measure={measure} period={formatDays(days)} isBusy={credit.isPlaceholderData} />
            </>
          );
        }}
      </Answer>
      <Answer asked={said} height={160}>
        {(report) => <Said report={report} />}
      </Answer>
    </Page>
  );
}

function valueOf(row: Row | undefined, measure: Measure): number {
  return measure === 'revenue' ? (moneyOf(row, measure)?.amount ?? 0) : (countOf(row, measure) ?? 0);
}

function byModel(row: Row, measure: Measure) {
  return Object.fromEntries(compared.map((model) => [model, valueOf(row[model] as Row | undefined, measure)]));
}

function spreadsOf(report: Report, measure: Measure, claims: Report | undefined): Spread[] {
  return report.rows
    .map((row) => {
      const channel = textOf(row, 'channel');
      const name = channel ?? m.origin_unknown();
      const claim = claims?.rows.find((one) => textOf(one, 'channel') === name);
      return spreadOf({
        name,
        isUnknown: channel === null,
        values: byModel(row, measure),
        counts: byModel(row, measure === 'revenue' ? 'wonDeals' : measure),
        claimed: countOf(claim, 'claimedConversions'),
      });
    })
    .filter(({ values }) => Object.values(values).some((value) => value > 0))
    .toSorted(bySpread);
}

function format(value: number, measure: Measure): string {
  return measure === 'revenue' ? formatShort(value) : formatCredit(value);
}

function Sentence({ rows, measure }: { rows: Spread[]; measure: Measure }) {
  const known = rows.filter(({ isUnknown }) => !isUnknown);
  const [first] = known;
  const depends = known.filter(({ verdict }) => verdict === 'depends');
  const agree = known.filter(({ verdict }) => verdict === 'agree');
  const list = (some: Spread[]): string =>
    some
      .slice(0, 3)
      .map(({ name }) => name)
      .join(', ');
  if (first === undefined || depends.length === 0) {
    return (
      <p className="say">
        <b>{m.models_say_agree()}</b>
      </p>
    );
  }
  const { least, most } = extremesOf(first);
  return (
    <p className="say">
      <b>
        {agree.length === 0
          ? m.models_say_depends({ depends: list(depends) })
          : m.models_say_both({ agree: list(agree), depends: list(depends) })}
      </b>{' '}
      {m.models_say_first({
        channel: first.name,
        what: measureName[measure]().toLowerCase(),
        least: format(first.values[least] ?? 0, measure),
        leastModel: modelInSentence(least as Model),
        most: format(first.values[most] ?? 0, measure),
        mostModel: modelInSentence(most as Model),
      })}
    </p>
  );
}

function SpreadTable({
  rows,
  measure,
  period,
  isBusy,
}: {
  rows: Spread[];
  measure: Measure;
  period: string;
  isBusy: boolean;
}) {
  const search = keepScope(useSearch({ strict: false }));
  const hasClaims = rows.some(({ claimed }) => claimed !== null);
  const largest = Math.max(...rows.flatMap(({ values }) => Object.values(values)), 1);
  return (
    <Panel
      isBusy={isBusy}
      title={m.models_by_channel({ measure: measureName[measure]() })}
      actions={
        <span className="legend">
          {compared.map((model) => (
            <span key={model} className="nowrap">
              <MarkIcon model={model} /> {modelName[model]()}
            </span>
          ))}
        </span>
      }
      fact={
        <p className="fact">
          {m.models_fact({ period })} {measure === 'revenue' ? m.models_fact_few() : null}{' '}
          {hasClaims ? m.models_fact_claimed() : null}
        </p>
      }
    >
      <div
        className="scroll"
        tabIndex={0}
        role="region"
        aria-label={m.models_by_channel({ measure: measureName[measure]() })}
      >
        <table className="t">
          <caption className="vh">{m.models_by_channel({ measure: measureName[measure]() })}</caption>
          <thead>
            <tr>
              <th scope="col">{m.utm_channel()}</th>
              <th scope="col" className="desk">
                {m.models_span()}
              </th>
              <th scope="col" className="num" aria-sort="descending">
                {m.models_spread()}
              </th>
              {compared.map((model) => (
                <th key={model} scope="col" className="num">
                  {modelName[model]()}
                </th>
              ))}
              {hasClaims ? (
                <th scope="col" className="num">
                  {m.models_claimed()}
                </th>
              ) : null}
              <th scope="col">{m.models_sure()}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.name}>
                <th scope="row">
                  <Link to="/sources" search={{ ...search, 'filter.channel': row.name }}>
                    {row.name}
                  </Link>
                  <span className="sub line phone">{verdictName[row.verdict]()}</span>
                </th>
                <td className="desk">
                  <SpanLine row={row} largest={largest} />
                </td>
                <td className="num">{formatPercent(row.spread, 0)}</td>
                {compared.map((model) => (
                  <td key={model} className="num">
                    {format(row.values[model] ?? 0, measure)}
                  </td>
                ))}
                {hasClaims ? <td className="num">{row.claimed === null ? none : formatCredit(row.claimed)}</td> : null}
                <td>
                  <span className={row.verdict === 'depends' ? 'tag amber' : 'soft'}>{verdictName[row.verdict]()}</span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

const lineWidth = 300;

/** The models' credits on one line; the numbers stand beside it. */
function SpanLine({ row, largest }: { row: Spread; largest: number }) {
  const x = (value: number): number => 8 + (value / largest) * (lineWidth - 16);
  const numbers = Object.values(row.values);
  return (
    <svg className="c" width={lineWidth} height={16} viewBox={`0 0 ${lineWidth} 16`} aria-hidden="true">
      <path className="axis" d={`M8 8H${lineWidth - 8}`} />
      <path
        d={`M${x(Math.min(...numbers))} 8H${x(Math.max(...numbers))}`}
        stroke="var(--line-strong)"
        strokeWidth={3}
      />
      {(['firstTouch', 'linear', 'markov', 'leadCreation'] as const).map((model) => (
        <ModelMark key={model} model={model} x={x(row.values[model] ?? 0)} y={8} />
      ))}
    </svg>
  );
}

/** What people say brought them, beside the channel that was measured. */
function Said({ report }: { report: Report }) {
  const said = new Map<string, { total: number; channels: Map<string, number> }>();
  for (const row of report.rows) {
    const words = textOf(row, 'selfReported');
    if (words === null) continue;
    const entry = said.get(words) ?? { total: 0, channels: new Map<string, number>() };
    const leads = countOf(row, 'leads') ?? 0;
    entry.total += leads;
    const channel = textOf(row, 'channel') ?? m.origin_unknown();
    entry.channels.set(channel, (entry.channels.get(channel) ?? 0) + leads);
    said.set(words, entry);
  }
  const rows = [...said].toSorted(([, a], [, b]) => b.total - a.total).slice(0, 8);
  return (
    <Panel title={m.said_title()} fact={<p className="fact">{m.said_fact()}</p>}>
      {rows.length === 0 ? (
        <p className="in mini">{m.said_none()}</p>
      ) : (
        <table className="t dense">
          <caption className="vh">{m.said_title()}</caption>
          <thead>
            <tr>
              <th scope="col">{m.said_words()}</th>
              <th scope="col" className="num">
                {m.said_leads()}
              </th>
              <th scope="col">{m.said_measured()}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(([words, { total, channels }]) => (
              <tr key={words}>
                <th scope="row">{words}</th>
                <td className="num">{formatCredit(total)}</td>
                <td>
                  {[...channels]
                    .toSorted(([, a], [, b]) => b - a)
                    .slice(0, 3)
                    .map(([channel, leads]) => `${channel} ${formatPercent(leads / total, 0)}`)
                    .join(', ')}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}
