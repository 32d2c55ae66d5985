import { useQuery } from '@tanstack/react-query';
import type { UseQueryResult } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { changeOf, countOf, moneyOf, rateOf, textOf } from '../../api/report.ts';
import type { Report, Row } from '../../api/report.ts';
import { keepScope } from '../../api/scope.ts';
import type { Search } from '../../api/search.ts';
import { useScope, useSetSearch } from '../../api/use-scope.ts';
import { rateScale } from '../../charts/whisker.ts';
import { Spark } from '../../charts/spark.tsx';
import { m } from '../../paraglide/messages.js';
import { DataTable } from '../../ui/data-table.tsx';
import type { Column, Sort } from '../../ui/data-table.tsx';
import { FactScope } from '../../ui/fact-line.tsx';
import { formatChange, formatCount, formatDay, formatMoney, formatShort, formatTimes } from '../../ui/format.ts';
import { Panel } from '../../ui/panel.tsx';
import { RateCell } from '../../ui/rate.tsx';
import { RateFact } from '../../ui/rate-fact.tsx';
import { Segments } from '../../ui/segments.tsx';
import { Answer } from '../../ui/states.tsx';
import { groupName } from '../../ui/wording.ts';
import { sparksQuery } from './queries.ts';
import type { Asked } from './queries.ts';

const sortable = new Set([
  'leads',
  'leadsWithDeal',
  'leadToDealRate',
  'wonDeals',
  'revenue',
  'cost',
  'returnOnAdSpend',
]);

export function sortOfSearch(search: Search): { field: string; direction: 'asc' | 'desc' } {
  const text = search['sort'] ?? '-leads';
  const field = text.replace(/^-/, '');
  return sortable.has(field)
    ? { field, direction: text.startsWith('-') ? 'desc' : 'asc' }
    : { field: 'leads', direction: 'desc' };
}

type OnPhone = 'leads' | 'leadToDealRate' | 'revenue';

/** The ten largest sources by the measure that is sorted. A source leads to its report, a number to why it is what it is. */
export function SourcesPanel({ asked, answer }: { asked: Asked; answer: UseQueryResult<Report> }) {
  const search: Search = useSearch({ strict: false });
  const setSearch = useSetSearch();
  const [onPhone, setOnPhone] = useState<OnPhone>(search['sort'] === '-revenue' ? 'revenue' : 'leadToDealRate');
  const sparks = useQuery(sparksQuery(asked));
  const { field, direction } = sortOfSearch(search);
  const columns = useColumns({ report: answer.data, sparks: sparks.data, onPhone });
  return (
    <Panel
      isBusy={answer.isPlaceholderData}
      title={
        <Link to="/sources" search={keepScope(search)}>
          {m.sources_title()}
        </Link>
      }
      actions={
        <>
          <span className="mini desk">{m.sources_legend()}</span>
          <Segments
            className="phone"
            label={m.sources_measure()}
            options={[
              { value: 'leads', label: m.measure_leads() },
              { value: 'leadToDealRate', label: m.measure_rate() },
              { value: 'revenue', label: m.measure_revenue() },
            ]}
            value={onPhone}
            onChange={(shown) => {
              setOnPhone(shown);
              // Ordered by what is shown; rates by leads, or the smallest groups would stand first.
              setSearch({ sort: shown === 'revenue' ? '-revenue' : undefined }, { replace: true });
            }}
          />
        </>
      }
    >
      <Answer asked={answer} height={460} lines={4}>
        {(report) => (
          <FactScope whole={<WholeFact report={report} search={search} />}>
            {(line) => (
              <>
                <DataTable
                  caption={m.sources_caption()}
                  columns={columns}
                  rows={report.rows}
                  keyOf={keyOfRow}
                  sort={{ column: field, direction }}
                  onSort={(sort: Sort) => setSearch({ sort: sortText(sort) }, { replace: true })}
                  hasFoot
                />
                {line}
              </>
            )}
          </FactScope>
        )}
      </Answer>
    </Panel>
  );
}

function sortText({ column, direction }: Sort): string | undefined {
  const text = `${direction === 'desc' ? '-' : ''}${column}`;
  return text === '-leads' ? undefined : text;
}

function keyOfRow(row: Row): string {
  return `${textOf(row, 'source')}\n${textOf(row, 'medium')}`;
}

function WholeFact({ report, search }: { report: Report; search: Search }) {
  const { noDataBefore } = useScope();
  return (
    <>
      <b>{m.sources_whole({ count: formatCount(report.rows.length + report.moreGroups) })}</b>{' '}
      <RateFact rate={rateOf(report.totals, 'leadToDealRate')} />{' '}
      {noDataBefore === null ? null : m.no_data_before({ day: formatDay(noDataBefore) })}{' '}
      <Link to="/sources" search={{ ...keepScope(search), dimensions: 'source' }}>
        {m.table_add_up({ dimension: m.dimension_source().toLowerCase() })}
      </Link>
      {report.moreGroups === 0 ? null : (
        <>
          {' · '}
          <Link to="/sources" search={keepScope(search)}>
            {m.sources_more({ count: formatCount(report.moreGroups) })}
          </Link>
        </>
      )}
    </>
  );
}

function useColumns({
  report,
  sparks,
  onPhone,
}: {
  report: Report | undefined;
  sparks: Report | undefined;
  onPhone: OnPhone;
}): Array<Column<Row>> {
  const search: Search = useSearch({ strict: false });
  const navigate = useNavigate();
  const { previousDays } = useScope();
  const totals = report?.totals;
  const rates = [totals, ...(report?.rows ?? [])].map((row) => rateOf(row, 'leadToDealRate'));
  const max = rateScale(rates);
  const all = rateOf(totals, 'leadToDealRate')?.value ?? null;
  const weeks = weeksByRow(sparks);
  const why =
    (measure: string) =>
    (row: Row): void => {
      const value = `${textOf(row, 'source') ?? ''},${textOf(row, 'medium') ?? ''}:${measure}`;
      void navigate({ to: '/sources', search: { ...keepScope(search), why: value } } as never);
    };
  const moneyFact = (row: Row, measure: string, name: string) => (
    <>
      <b>
        {groupName({ source: textOf(row, 'source'), medium: textOf(row, 'medium') })}: {name}{' '}
        {formatMoney(moneyOf(row, measure))}
      </b>
    </>
  );
  const columns: Array<Column<Row>> = [
    {
      id: 'source',
      head: (
        <>
          {m.dimension_source()} <span className="med">/ {m.dimension_medium().toLowerCase()}</span>
        </>
      ),
      cell: (row) => <SourceName row={row} onPhone={onPhone} />,
      foot: m.sources_all({ count: formatCount((report?.rows.length ?? 0) + (report?.moreGroups ?? 0)) }),
    },
    {
      id: 'leads',
      head: m.measure_leads(),
      kind: 'num',
      canSort: true,
      isOnPhone: onPhone === 'leads',
      cell: (row) => formatCount(countOf(row, 'leads')),
      foot: formatCount(countOf(totals, 'leads')),
      open: why('leads'),
      fact: (row) => (
        <b>
          {m.sources_fact_leads({
            source: groupName({ source: textOf(row, 'source'), medium: textOf(row, 'medium') }),
            count: formatCount(countOf(row, 'leads')),
          })}
        </b>
      ),
    },
    {
      id: 'change',
      head: previousDays === null ? '' : `${m.bar_versus()} ${previousDays.to.slice(0, 4)}`,
      kind: 'num',
      isOnPhone: false,
      cell: (row) => <span className="mini">{formatChange(changeOf(row, 'leads'))}</span>,
      foot: <span className="mini">{formatChange(changeOf(totals, 'leads'))}</span>,
    },
    {
      id: 'weeks',
      head: m.sources_by_week(),
      isOnPhone: false,
      cell: (row) => <Spark values={weeks.get(keyOfRow(row)) ?? []} />,
    },
    {
      id: 'leadsWithDeal',
      head: m.measure_with_deal(),
      kind: 'num',
      canSort: true,
      isOnPhone: false,
      cell: (row) => formatCount(countOf(row, 'leadsWithDeal')),
      foot: formatCount(countOf(totals, 'leadsWithDeal')),
      open: why('leadsWithDeal'),
      fact: (row) => <RowRateFact row={row} />,
    },
    {
      id: 'leadToDealRate',
      head: m.measure_lead_to_deal(),
      kind: 'r',
      canSort: true,
      isOnPhone: onPhone === 'leadToDealRate',
      cell: (row) => <RateCell rate={rateOf(row, 'leadToDealRate')} all={all} max={max} />,
      foot: <RateCell rate={rateOf(totals, 'leadToDealRate')} all={all} max={max} />,
      open: why('leadToDealRate'),
      fact: (row) => <RowRateFact row={row} />,
    },
    {
      id: 'wonDeals',
      head: m.measure_won(),
      kind: 'num',
      canSort: true,
      isOnPhone: false,
      cell: (row) => formatCount(countOf(row, 'wonDeals')),
      foot: formatCount(countOf(totals, 'wonDeals')),
      open: why('wonDeals'),
    },
    {
      id: 'revenue',
      head: m.measure_won_revenue(),
      kind: 'num',
      canSort: true,
      isOnPhone: onPhone === 'revenue',
      cell: (row) => formatShort(moneyOf(row, 'revenue')?.amount),
      foot: formatShort(moneyOf(totals, 'revenue')?.amount),
      open: why('revenue'),
      fact: (row) => moneyFact(row, 'revenue', m.measure_won_revenue().toLowerCase()),
    },
    {
      id: 'cost',
      head: m.measure_cost(),
      kind: 'num',
      canSort: true,
      isOnPhone: false,
      cell: (row) => costText(row),
      foot: costText(totals),
      fact: (row) => moneyFact(row, 'cost', m.measure_cost().toLowerCase()),
    },
    {
      id: 'returnOnAdSpend',
      head: m.measure_return(),
      kind: 'num',
      canSort: true,
      isOnPhone: false,
      cell: (row) => returnText(row),
      foot: returnText(totals),
    },
  ];
  return columns.filter(({ id }) => id !== 'change' || previousDays !== null);
}

function costText(row: Row | undefined): string {
  const cost = moneyOf(row, 'cost')?.amount;
  return formatShort(cost === 0 ? null : cost);
}

function returnText(row: Row | undefined) {
  const value = rateOf(row, 'returnOnAdSpend')?.value ?? null;
  return value === null ? <span className="soft">{m.no_cost()}</span> : formatTimes(value);
}

function weeksByRow(report: Report | undefined): Map<string, number[]> {
  const weeks = new Map<string, number[]>();
  for (const row of report?.rows ?? []) {
    const key = keyOfRow(row);
    weeks.set(key, [...(weeks.get(key) ?? []), countOf(row, 'leads') ?? 0]);
  }
  return weeks;
}

function SourceName({ row, onPhone }: { row: Row; onPhone: OnPhone }) {
  const search: Search = useSearch({ strict: false });
  const [source, medium] = [textOf(row, 'source'), textOf(row, 'medium')];
  return (
    <>
      <Link
        to="/sources"
        tabIndex={-1}
        search={{ ...keepScope(search), ...(source === null ? {} : { 'filter.source': source }) }}
      >
        {source ?? m.value_unknown()}
      </Link>{' '}
      {medium === null ? null : <span className="med">/ {medium}</span>}
      {onPhone === 'leads' ? null : (
        <span className="sub phone">{m.count_leads({ count: formatCount(countOf(row, 'leads')) })}</span>
      )}
    </>
  );
}

function RowRateFact({ row }: { row: Row }) {
  const name = groupName({ source: textOf(row, 'source'), medium: textOf(row, 'medium') });
  return <RateFact name={name} rate={rateOf(row, 'leadToDealRate')} />;
}
