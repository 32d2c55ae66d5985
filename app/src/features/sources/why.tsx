import { infiniteQueryOptions, useInfiniteQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { kilde } from '../../api/client.ts';
import { rateOf, scopeOfQuery, textOf, withFilter } from '../../api/report.ts';
import type { Group, Report, Row } from '../../api/report.ts';
import { keepScope } from '../../api/scope.ts';
import { useScope, useSetSearch } from '../../api/use-scope.ts';
import { m } from '../../paraglide/messages.js';
import { CopyLink } from '../../ui/copy-link.tsx';
import {
  formatCount,
  formatDayOfYear,
  formatDays,
  formatMoment,
  formatMoney,
  formatPercent,
  formatShort,
} from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { modelMeaning, modelName } from '../../ui/model-words.ts';
import { verdict } from '../../ui/rate-fact.tsx';
import { rateText } from '../../ui/rate.tsx';
import { Answer } from '../../ui/states.tsx';
import { groupName } from '../../ui/wording.ts';
import { moneyMeasures, rateMeasures, writeList } from './report-address.ts';
import type { Question } from './report-address.ts';
import { noteWords } from './note-words.ts';
import { byModel, groupOf, isSameGroup, valueOf } from './values.ts';
import { nameOfDimension, nameOfMeasure } from './words.ts';

type Rows = {
  entity: string;
  count: number;
  inNumerator?: number;
  nextCursor: string | null;
  items: Array<Record<string, unknown> & { id: string | null }>;
};

const shownRows = 5;
const moreRows = 50;

function rowsQuery({
  question,
  scope,
  why,
}: {
  question: Question;
  scope: { filter?: Record<string, string[]> };
  why: NonNullable<Question['why']>;
}) {
  const { filter, dimensions, attribution } = question;
  const query = {
    measures: [why.measure],
    dimensions,
    attribution: attribution.length === 1 ? attribution[0] : attribution,
    ...withFilter(scope, filter),
  };
  const asked = { query, group: why.group, measure: why.measure, model: why.model };
  return infiniteQueryOptions({
    queryKey: ['rows', asked],
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam, signal }) => {
      const body = {
        ...asked,
        ...(pageParam === null ? { limit: shownRows } : { limit: moreRows, cursor: pageParam }),
      };
      const { data } = await kilde().POST('/api/v1/reports/rows', { body: body as never, signal });
      return data as unknown as Rows;
    },
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
}

/** Why a number is what it is: how it came about, what it counts, and the newest rows it is made of. */
export function Why({
  question,
  rest,
  report,
  why,
}: {
  question: Question;
  /** What a saved report asks beside what is shown of it. */
  rest: Record<string, unknown>;
  report: Report | undefined;
  why: NonNullable<Question['why']>;
}) {
  const setSearch = useSetSearch();
  const { days, timeZone, siteId } = useScope();
  const scope = { ...rest, ...scopeOfQuery({ days, timeZone, siteId, compare: 'none' }) };
  const rows = useInfiniteQuery(rowsQuery({ question, scope, why }));
  const panel = useRef<HTMLElement>(null);
  const close = (): void => setSearch({ why: undefined });
  const name = `${groupName(why.group)}:${why.measure}`;
  // It is opened by a key or a click on a cell: the panel takes the focus, and Esc gives it back to the table.
  useEffect(() => panel.current?.focus({ preventScroll: true }), [name]);
  const row = report?.rows.find((one) => isSameGroup(groupOf(one, question), why.group));
  const of = byModel(row, question, why.model);
  const value = rateMeasures.has(why.measure) ? rateText(rateOf(of, why.measure)) : whole(of, why.measure);
  const [dimension = 'source'] = question.dimensions;
  return (
    <aside
      ref={panel}
      className="side"
      id="why"
      tabIndex={-1}
      aria-label={m.why_name()}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        close();
        document.querySelector<HTMLElement>('[role="grid"] [tabindex="0"]')?.focus();
      }}
    >
      <div className="row between">
        <h2>{m.why_title({ value })}</h2>
        <button type="button" className="btn quiet sm" aria-label={m.why_close()} onClick={close}>
          <Icon shape="close" />
        </button>
      </div>
      <p className="soft whyname">
        {groupName(why.group)} · {nameOfMeasure(why.measure).toLowerCase()}
      </p>
      <Split report={report} question={question} why={why} />
      <Steps of={of} measure={why.measure} group={why.group} value={value} />
      <hr className="hr" />
      <dl className="dl">
        <dt>{m.scope_period()}</dt>
        <dd>
          {formatDays(days)}, {timeZone}
        </dd>
        <dt>{m.scope_credit()}</dt>
        <dd>
          {modelName[why.model]()}: {modelMeaning[why.model]()}
        </dd>
        {Object.entries(question.filter).map(([name_, values]) => (
          <FilterFact key={name_} name={name_} values={values} />
        ))}
        <dt>{m.why_as_of()}</dt>
        <dd>{report === undefined ? '' : formatMoment(report.generatedAt)}</dd>
      </dl>
      {report === undefined || report.notes.length === 0 ? null : (
        <>
          <hr className="hr" />
          <h3>{m.why_in_mind()}</h3>
          <ul className="list">
            {report.notes.map((note) => (
              <li key={note.code + note.message} className="small">
                {noteWords(note)}
              </li>
            ))}
          </ul>
        </>
      )}
      <hr className="hr" />
      <Answer asked={rows} height={200}>
        {({ pages }) => <NewestRows pages={pages} />}
      </Answer>
      <div className="row whyacts">
        {rows.hasNextPage ? (
          <button
            type="button"
            className="btn sm"
            disabled={rows.isFetchingNextPage}
            // The button may be gone then: the panel keeps the focus.
            onClick={() => void rows.fetchNextPage().then(() => panel.current?.focus({ preventScroll: true }))}
          >
            {m.why_more()}
          </button>
        ) : null}
        <button
          type="button"
          className="btn sm"
          onClick={() => setSearch({ [`filter.${dimension}`]: why.group[dimension] ?? undefined, why: undefined })}
        >
          {m.why_filter()}
        </button>
        <CopyLink />
      </div>
    </aside>
  );
}

function FilterFact({ name, values }: { name: string; values: readonly string[] }) {
  return (
    <>
      <dt>{m.why_only()}</dt>
      <dd>
        {nameOfDimension(name)} {values.join(', ')}
      </dd>
    </>
  );
}

function whole(row: Report['totals'] | undefined, measure: string): string {
  const value = valueOf(row, measure);
  if (!moneyMeasures.has(measure)) return formatCount(value);
  const currency = (row?.[measure] as { currency: string | null } | undefined)?.currency ?? null;
  return value === null ? '–' : formatMoney({ amount: value, currency });
}

/** How the number came about, step by step. */
function Steps({
  of,
  measure,
  group,
  value,
}: {
  of: Report['totals'] | undefined;
  measure: string;
  group: Group;
  value: string;
}) {
  const rate = rateOf(of, 'leadToDealRate');
  const isOfRate =
    rate !== null && rate.value !== null && ['leadsWithDeal', 'leadToDealRate', 'leads'].includes(measure);
  if (!isOfRate) {
    return (
      <ol className="steps whysteps">
        <li>
          <b className="num">{value}</b>
          <span>{m.why_step_value({ measure: nameOfMeasure(measure), group: groupName(group) })}</span>
        </li>
      </ol>
    );
  }
  return (
    <ol className="steps whysteps">
      <li>
        <b className="num">{formatCount(rate.denominator)}</b>
        <span>{m.why_step_leads({ count: formatCount(rate.denominator), group: groupName(group) })}</span>
      </li>
      <li>
        <b className="num">{formatCount(rate.numerator)}</b>
        <span>{m.why_step_deals({ count: formatCount(rate.numerator) })}</span>
      </li>
      <li>
        <b className="num">{rateText(rate)}</b>
        <span>
          {m.fact_interval({ low: formatPercent(rate.low), high: formatPercent(rate.high) })} {sentence(verdict(rate))}
        </span>
      </li>
    </ol>
  );
}

/** Where the value stands in several rows: all of them, their sum, and the way to it. */
function Split({
  report,
  question,
  why,
}: {
  report: Report | undefined;
  question: Question;
  why: NonNullable<Question['why']>;
}) {
  const setSearch = useSetSearch();
  const [first, ...rest] = question.dimensions;
  const value = first === undefined ? null : (why.group[first] ?? null);
  if (report === undefined || first === undefined || rest.length === 0 || value === null) return null;
  const rows = report.rows.filter((row) => textOf(row, first) === value);
  if (rows.length < 2) return null;
  const of = (row: Row): Row | undefined => byModel(row, question, why.model);
  const isRate = rateMeasures.has(why.measure) || why.measure === 'returnOnAdSpend';
  const parts = rows
    .map((row) => {
      const number = isRate ? rateText(rateOf(of(row), why.measure)) : formatShort(valueOf(of(row), why.measure));
      return `${rest.map((name) => textOf(row, name) ?? m.value_unknown()).join(' / ')} ${number}`;
    })
    .join(', ');
  const sum = rows.reduce((total, row) => total + (valueOf(of(row), why.measure) ?? 0), 0);
  const words = { value, count: formatCount(rows.length), parts };
  return (
    <p className="small whysplit">
      {isRate ? m.why_split_rate(words) : m.why_split({ ...words, sum: formatShort(sum) })}{' '}
      <button
        type="button"
        className="link under"
        onClick={() => setSearch({ ...writeList('dimensions', [first], question.base), why: undefined })}
      >
        {m.table_add_up({ dimension: nameOfDimension(first).toLowerCase() })}
      </button>
    </p>
  );
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function NewestRows({ pages }: { pages: readonly Rows[] }) {
  const answer = pages[0]!;
  const search = keepScope(useSearch({ strict: false }));
  const path = { person: '/people', deal: '/deals' }[answer.entity];
  return (
    <>
      <h3>{m.why_rows({ count: formatCount(answer.count) })}</h3>
      <table className="t dense whyrows">
        <caption className="vh">{m.why_rows_caption()}</caption>
        <thead>
          <tr>
            <th scope="col">{m.why_row_name()}</th>
            <th scope="col" className="num">
              {m.why_row_day()}
            </th>
          </tr>
        </thead>
        <tbody>
          {pages
            .flatMap(({ items }) => items)
            .map((item, place) => {
              const { title, sub, day } = wordsOf(item);
              return (
                <tr key={item.id ?? place}>
                  <th scope="row">
                    {path === undefined || item.id === null ? (
                      title
                    ) : (
                      <Link to={`${path}/${item.id}`} search={search}>
                        {title}
                      </Link>
                    )}
                    {sub === '' ? null : <span className="sub line">{sub}</span>}
                  </th>
                  <td className="num">{day}</td>
                </tr>
              );
            })}
        </tbody>
      </table>
    </>
  );
}

function wordsOf(item: Record<string, unknown>): { title: string; sub: string; day: string } {
  const text = (name: string): string => (typeof item[name] === 'string' ? item[name] : '');
  const company = (item['company'] as { name?: string } | null | undefined)?.name ?? '';
  const person = `${text('firstName')} ${text('lastName')}`.trim();
  const moment = text('closedAt') || text('createdAt') || text('at') || text('day');
  return {
    title: person || text('name') || text('email') || text('source') || m.value_unknown(),
    sub: company,
    day: moment === '' ? '–' : formatDayOfYear(moment.slice(0, 10)),
  };
}
