import { useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { addDays, addMonths, firstDayOf } from '../../api/days.ts';
import { kilde } from '../../api/client.ts';
import { countOf, textOf } from '../../api/report.ts';
import type { Report } from '../../api/report.ts';
import { keepScope } from '../../api/scope.ts';
import type { Search } from '../../api/search.ts';
import { useScope, useSetScope, useSetSearch } from '../../api/use-scope.ts';
import { channelOrder, colourOf } from '../../charts/channels.ts';
import { foldSeries } from '../../charts/stack.ts';
import type { Series } from '../../charts/stack.ts';
import { StackChart } from '../../charts/stack.tsx';
import type { Part } from '../../charts/stack.tsx';
import { m } from '../../paraglide/messages.js';
import { FactLine } from '../../ui/fact-line.tsx';
import {
  formatCount,
  formatDay,
  formatDayOfYear,
  formatDays,
  formatMonth,
  formatMonthOfYear,
} from '../../ui/format.ts';
import { Panel } from '../../ui/panel.tsx';
import { Segments } from '../../ui/segments.tsx';
import { Answer } from '../../ui/states.tsx';
import { annotationWords } from './annotation-words.ts';
import { annotationsQuery, timeQuery } from './queries.ts';
import type { Annotation, Asked, Grain } from './queries.ts';

const AnnotationDialog = lazy(async () => ({
  default: (await import('./annotation-dialog.tsx')).AnnotationDialog,
}));

const grains = ['day', 'week', 'month'] as const;

/** Leads by channel, stacked or as lines, with what happened on the way. */
export function LeadsOverTime({ asked }: { asked: Asked }) {
  const search: Search = useSearch({ strict: false });
  const setSearch = useSetSearch();
  const grain = grains.find((one) => one === search['grain']) ?? defaultGrain(asked);
  const form = search['chart'] === 'lines' ? 'lines' : 'stacked';
  const answer = useQuery(timeQuery({ ...asked, grain }));
  const annotations = useQuery(annotationsQuery(asked));
  const grainName: Record<Grain, string> = { day: m.grain_day(), week: m.grain_week(), month: m.grain_month() };
  return (
    <Panel
      className="w8"
      isBusy={answer.isPlaceholderData}
      title={
        <Link to="/sources" search={{ ...keepScope(search), dimensions: 'channel' }}>
          {m.time_title()}
        </Link>
      }
      actions={
        <>
          <Segments
            className="desk"
            label={m.time_grain()}
            options={grains.map((value) => ({ value, label: grainName[value] }))}
            value={grain}
            onChange={(value) =>
              setSearch({ grain: value === defaultGrain(asked) ? undefined : value }, { replace: true })
            }
          />
          <Segments
            label={m.time_form()}
            options={[
              { value: 'stacked', label: m.time_stacked() },
              { value: 'lines', label: m.time_lines() },
            ]}
            value={form}
            onChange={(value) => setSearch({ chart: value === 'lines' ? 'lines' : undefined }, { replace: true })}
          />
        </>
      }
    >
      <Answer asked={answer} height={300} lines={4}>
        {(report) => <Chart report={report} grain={grain} form={form} annotations={annotations.data ?? []} />}
      </Answer>
    </Panel>
  );
}

/** Weeks suit a year; a month is shown by days. */
function defaultGrain({ days }: Pick<Asked, 'days'>): Grain {
  if (days.from === null) return 'month';
  const count = (Date.parse(days.to) - Date.parse(days.from)) / 86_400_000;
  return count < 62 ? 'day' : count > 800 ? 'month' : 'week';
}

function Chart({
  report,
  grain,
  form,
  annotations,
}: {
  report: Report;
  grain: Grain;
  form: 'stacked' | 'lines';
  annotations: readonly Annotation[];
}) {
  const [chosen, setChosen] = useState<number | null>(null);
  const [isTable, setTable] = useState(false);
  const [edited, setEdited] = useState<{ id?: string; day: string; text: string } | null>(null);
  const [deleted, setDeleted] = useState<{ day: string; text: string } | null>(null);
  const setScope = useSetScope();
  const { days, previousDays, noDataBefore, today } = useScope();
  const keys = (report.series ?? []).map((row) => String(row[grain]));
  // What has not begun yet would draw a line down to nought.
  const shown = keys.filter((key) => firstDayOf(key) <= (days.to < today ? days.to : today));
  const parts = shown.map((key, place) => partOf({ key, grain, before: shown[place - 1] }));
  const series = seriesOf({ report, grain, keys: shown });
  const comparison =
    previousDays === null || report.series?.[0]?.previous === undefined
      ? null
      : shown.map((_, place) => countOf(report.series?.[place]?.previous, 'leads') ?? 0);
  const happened = numberAnnotations({ annotations, keys: shown });
  const lastShown = days.to < today ? days.to : today;
  const sums = series.map(({ name, values }) => `${name} ${formatCount(sum(values))}`).join(', ');
  return (
    <>
      <div className="in">
        {isTable ? (
          <TimeTable parts={parts} series={series} />
        ) : (
          <StackChart
            name={m.time_name({ period: formatDays(days), sums })}
            series={series}
            comparison={comparison}
            parts={parts}
            marks={happened}
            form={form}
            chosen={chosen}
            onChoose={setChosen}
            onAnnotate={(place) => setEdited({ day: firstDayOf(shown[place]!), text: '' })}
            onPick={(first, last) =>
              setScope({ period: 'custom', from: firstDayOf(shown[first]!), to: lastDayOf(shown[last]!, grain) })
            }
          />
        )}
        <ul className="legend phone-only">
          {series.map(({ name, values }) => (
            <li key={name}>
              <i className="sw" style={{ background: colourOf(name) }} />
              {name} {formatCount(sum(values))}
            </li>
          ))}
        </ul>
        <p className="legend below">
          {happened.map((one) => (
            <span key={one.number}>
              <b className="ink">{one.number}</b>{' '}
              {one.automatic ? (
                one.text
              ) : (
                <button
                  type="button"
                  className="link under"
                  aria-label={m.annotation_change({ number: formatCount(one.number), text: one.text })}
                  onClick={() => setEdited(one)}
                >
                  {one.text}
                </button>
              )}
              , {formatDayOfYear(one.day)}
            </span>
          ))}
          {comparison === null || form === 'lines' ? null : (
            <span>– – {previousDays === null ? '' : comparedName(previousDays)}</span>
          )}
        </p>
      </div>
      <FactLine>
        <TimeFact chosen={chosen} parts={parts} series={series} />{' '}
        {noDataBefore === null ? null : m.no_data_before({ day: formatDay(noDataBefore) })}{' '}
        <button type="button" className="link under" onClick={() => setTable(!isTable)}>
          {isTable ? m.time_as_chart() : m.time_as_table()}
        </button>
        {' · '}
        <button
          type="button"
          className="link under"
          onClick={() => setEdited({ day: chosen === null ? lastShown : firstDayOf(shown[chosen]!), text: '' })}
        >
          {m.annotation_new()}
        </button>
        {chosen === null ? null : <span className="vh">{m.time_keys()}</span>}
      </FactLine>
      <Deleted annotation={deleted} onUndone={() => setDeleted(null)} />
      <Suspense fallback={null}>
        {edited === null ? null : (
          <AnnotationDialog annotation={edited} onClose={() => setEdited(null)} onDeleted={setDeleted} />
        )}
      </Suspense>
    </>
  );
}

/** A deleted note comes back by Undo. */
function Deleted({ annotation, onUndone }: { annotation: { day: string; text: string } | null; onUndone: () => void }) {
  const client = useQueryClient();
  const undo = useMutation({
    mutationFn: async ({ day, text }: { day: string; text: string }) => {
      await kilde().POST('/api/v1/annotations', { body: { day, text } as never });
    },
    onSuccess: async () => {
      onUndone();
      await client.invalidateQueries({ queryKey: ['annotations'] });
    },
  });
  if (annotation === null) return null;
  return (
    <p className="note" role="status">
      {m.annotation_deleted()}{' '}
      <button type="button" className="btn sm" disabled={undo.isPending} onClick={() => undo.mutate(annotation)}>
        {m.record_undo()}
      </button>
    </p>
  );
}

function lastDayOf(key: string, grain: Grain): string {
  const first = firstDayOf(key);
  return grain === 'day' ? first : grain === 'week' ? addDays(first, 6) : addDays(addMonths(first, 1), -1);
}

function comparedName({ from, to }: { from: string | null; to: string }): string {
  return from?.endsWith('-01-01') ? to.slice(0, 4) : formatDays({ from, to });
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function partOf({ key, grain, before }: { key: string; grain: Grain; before: string | undefined }): Part {
  const first = firstDayOf(key);
  // A week is of the month that has its Thursday, as it is of the year (ISO 8601).
  const monthOf = (one: string): string => addDays(firstDayOf(one), grain === 'week' ? 3 : 0);
  // The axis names each month where it begins.
  const isNewMonth = before === undefined || monthOf(before).slice(0, 7) !== monthOf(key).slice(0, 7);
  const axisLabel = isNewMonth ? formatMonth(monthOf(key)) : null;
  if (grain === 'month') return { key, label: formatMonthOfYear(first), axisLabel };
  if (grain === 'day') return { key, label: formatDay(first), axisLabel };
  const days = formatDays({ from: first, to: addDays(first, 6) });
  return { key, label: m.time_week({ number: String(Number(key.slice(6))), days }), axisLabel };
}

function seriesOf({ report, grain, keys }: { report: Report; grain: Grain; keys: readonly string[] }): Series[] {
  const places = new Map(keys.map((key, place) => [key, place]));
  const byChannel = new Map<string, number[]>();
  for (const row of [...report.rows, ...(report.other === null ? [] : [report.other])]) {
    const place = places.get(String(row[grain]));
    if (place === undefined) continue;
    const name = textOf(row, 'channel') ?? m.value_other();
    const values = byChannel.get(name) ?? keys.map(() => 0);
    values[place]! += countOf(row, 'leads') ?? 0;
    byChannel.set(name, values);
  }
  const series = [...byChannel].map(([name, values]) => ({ name, values }));
  return foldSeries({ series, order: channelOrder, otherName: m.value_other() });
}

const maxMarks = 6;

function numberAnnotations({ annotations, keys }: { annotations: readonly Annotation[]; keys: readonly string[] }) {
  const firstDays = keys.map(firstDayOf);
  return annotations
    .toSorted((a, b) => a.day.localeCompare(b.day))
    .slice(-maxMarks)
    .map((annotation, index) => {
      const { id, day, automatic } = annotation;
      const place = firstDays.findLastIndex((first) => first <= day);
      return { place: Math.max(0, place), number: index + 1, text: annotationWords(annotation), day, id, automatic };
    });
}

function TimeFact({
  chosen,
  parts,
  series,
}: {
  chosen: number | null;
  parts: readonly Part[];
  series: readonly Series[];
}) {
  const valueOf = ({ values }: Series): number => (chosen === null ? sum(values) : (values[chosen] ?? 0));
  const largest = series
    .toSorted((a, b) => valueOf(b) - valueOf(a))
    .slice(0, 3)
    .map((one) => `${one.name} ${formatCount(valueOf(one))}`);
  const count = formatCount(series.reduce((total, one) => total + valueOf(one), 0));
  const label = chosen === null ? m.time_whole() : (parts[chosen]?.label ?? '');
  return (
    <>
      <b>{m.time_fact({ part: label, count })}</b>
      {largest.length === 0 ? null : `, ${largest.join(', ')}`}.
    </>
  );
}

/** The same numbers as a table. */
function TimeTable({ parts, series }: { parts: readonly Part[]; series: readonly Series[] }) {
  return (
    <div className="scroll twin" tabIndex={0} role="region" aria-label={m.time_title()}>
      <table className="t dense">
        <caption className="vh">{m.time_title()}</caption>
        <thead>
          <tr>
            <th scope="col">{m.time_part()}</th>
            {series.map(({ name }) => (
              <th key={name} scope="col" className="num">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {parts.map(({ key, label }, place) => (
            <tr key={key}>
              <th scope="row">{label}</th>
              {series.map(({ name, values }) => (
                <td key={name} className="num">
                  {formatCount(values[place])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
