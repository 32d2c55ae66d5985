import { Link, useSearch } from '@tanstack/react-router';
import { rateOf, textOf, wholeOf } from '../../api/report.ts';
import type { Report, Row } from '../../api/report.ts';
import type { Model } from '../../api/scope.ts';
import type { Search } from '../../api/search.ts';
import { useSetSearch } from '../../api/use-scope.ts';
import { MarkIcon } from '../../charts/marks.tsx';
import { rateScale } from '../../charts/whisker.ts';
import { m } from '../../paraglide/messages.js';
import { DataTable } from '../../ui/data-table.tsx';
import type { Column, Sort } from '../../ui/data-table.tsx';
import { FactScope } from '../../ui/fact-line.tsx';
import { formatCount, formatCredit, formatMoney, formatPercent, formatShort, formatTimes } from '../../ui/format.ts';
import { modelName } from '../../ui/model-words.ts';
import { Panel } from '../../ui/panel.tsx';
import { RateCell, rateText } from '../../ui/rate.tsx';
import { Segments } from '../../ui/segments.tsx';
import { RateFact } from '../../ui/rate-fact.tsx';
import { groupName } from '../../ui/wording.ts';
import { moneyMeasures, rateMeasures, shareMeasures, writeList, writeWhy } from './report-address.ts';
import type { Question } from './report-address.ts';
import { byModel, groupOf, isSameGroup, modelsOf, primaryOf, splitValue, spreadOf, valueOf } from './values.ts';
import { nameOfDimension, nameOfMeasure } from './words.ts';

/** The rows with every measure, models side by side. A value filters by it, a number says why. */
export function SourcesTable({ report, question, isBusy }: { report: Report; question: Question; isBusy: boolean }) {
  const setSearch = useSetSearch();
  const columns = useColumns(report, question);
  const { why } = question;
  const rowCount = report.rows.length + report.moreGroups;
  return (
    <Panel
      isBusy={isBusy}
      title={m.table_title()}
      actions={
        <>
          <span className="mini desk">{m.table_legend({ count: formatCount(rowCount) })}</span>
          <PhoneMeasures question={question} />
        </>
      }
    >
      <FactScope whole={<WholeFact report={report} question={question} />}>
        {(line) => (
          <>
            <DataTable
              caption={m.sources_caption()}
              columns={columns}
              rows={report.rows}
              keyOf={(row) => JSON.stringify(groupOf(row, question))}
              hasFoot
              groupHead={<SpreadHead question={question} count={columns.length} />}
              isChosen={(row, column) =>
                why !== null &&
                isSameGroup(groupOf(row, question), why.group) &&
                column === columnId(why.measure, modelsOf(question, why.measure).length > 1 ? why.model : null)
              }
              {...(question.attribution.length > 1
                ? {}
                : {
                    sort: { column: question.sort.field, direction: question.sort.direction },
                    onSort: ({ column, direction }: Sort) =>
                      setSearch({ sort: `${direction === 'desc' ? '-' : ''}${column}` }, { replace: true }),
                  })}
            />
            {line}
          </>
        )}
      </FactScope>
    </Panel>
  );
}

/** Which measure a phone shows beside the names. */
function PhoneMeasures({ question }: { question: Question }) {
  const search: Search = useSearch({ strict: false });
  const setSearch = useSetSearch();
  if (question.measures.length < 2) return null;
  return (
    <Segments
      className="phone"
      label={m.sources_measure()}
      options={question.measures.map((value) => ({ value, label: nameOfMeasure(value) }))}
      value={shownOnPhone(question, search)}
      onChange={(show) => setSearch({ show }, { replace: true })}
    />
  );
}

function shownOnPhone({ measures }: Question, search: Search): string {
  return (
    measures.find((one) => one === search['show']) ??
    measures.find((one) => rateMeasures.has(one)) ??
    measures[0] ??
    'leads'
  );
}

/** The name of the measure that stands once for each model, above its columns. */
function SpreadHead({ question, count }: { question: Question; count: number }) {
  const spread = spreadOf(question);
  const models = question.attribution.length;
  if (spread === undefined || models === 1) return null;
  const before = question.measures
    .slice(0, question.measures.indexOf(spread))
    .reduce((sum, measure) => sum + modelsOf(question, measure).length, 1);
  const after = count - before - models;
  return (
    <tr className="desk grouphead">
      <td colSpan={before} />
      <th colSpan={models} scope="colgroup" className="num">
        {nameOfMeasure(spread)}
      </th>
      {after === 0 ? null : <td colSpan={after} />}
    </tr>
  );
}

function columnId(measure: string, model: Model | null): string {
  return model === null ? measure : `${measure}.${model}`;
}

function WholeFact({ report, question }: { report: Report; question: Question }) {
  const model = primaryOf(question);
  return (
    <>
      <b>{m.table_whole({ count: formatCount(report.rows.length + report.moreGroups) })}</b>{' '}
      {question.attribution.length > 1 ? m.table_same_sum() : null}{' '}
      <RateFact rate={rateOf(byModel(report.totals, question, model), 'leadToDealRate')} />{' '}
      {report.moreGroups === 0 ? null : m.table_more({ count: formatCount(report.moreGroups) })}{' '}
      <SplitFact report={report} question={question} />
    </>
  );
}

/** A value that stands in several rows is added up nowhere in the table: says so of the largest, and leads to the sums. */
function SplitFact({ report, question }: { report: Report; question: Question }) {
  const search: Search = useSearch({ strict: false });
  const [first, second] = question.dimensions;
  if (first === undefined || second === undefined) return null;
  const split = splitValue(report.rows.map((row) => textOf(row, first)));
  if (split === null) return null;
  return (
    <>
      {m.table_split({
        value: split.value,
        count: formatCount(split.count),
        dimension: nameOfDimension(second).toLowerCase(),
      })}{' '}
      <Link to="." search={{ ...search, ...writeList('dimensions', [first], question.base), why: undefined }}>
        {m.table_add_up({ dimension: nameOfDimension(first).toLowerCase() })}
      </Link>
    </>
  );
}

function useColumns(report: Report, question: Question): Array<Column<Row>> {
  const search: Search = useSearch({ strict: false });
  const setSearch = useSetSearch();
  const nameColumn: Column<Row> = {
    id: 'group',
    head: question.dimensions.map(nameOfDimension).join(' / '),
    cell: (row) => <GroupName row={row} question={question} />,
    foot: m.table_all({ count: formatCount(report.rows.length + report.moreGroups) }),
    open: (row) => {
      const [dimension = 'source'] = question.dimensions;
      const value = textOf(row, dimension);
      if (value !== null) setSearch({ [`filter.${dimension}`]: value });
    },
  };
  const onPhone = shownOnPhone(question, search);
  const measureColumns = question.measures.flatMap((measure) =>
    modelsOf(question, measure).map((model): Column<Row> => {
      const of = (row: Row | undefined): Row | undefined => byModel(row, question, model);
      const isRate = rateMeasures.has(measure);
      const hasModels = modelsOf(question, measure).length > 1;
      const max = isRate ? rateScale(report.rows.map((row) => rateOf(of(row), measure))) : 1;
      const all = isRate ? wholeOf(rateOf(of(report.totals), measure)) : null;
      const show = (row: Row | undefined) =>
        isRate && !hasModels ? (
          <RateCell
            rate={rateOf(of(row), measure)}
            all={all}
            max={max}
            width={question.attribution.length > 1 ? 84 : 150}
          />
        ) : (
          textIn(of(row), measure)
        );
      return {
        id: columnId(measure, hasModels ? model : null),
        head: hasModels ? (
          <span className="nowrap">
            <MarkIcon model={model} /> {modelName[model]()}
          </span>
        ) : (
          nameOfMeasure(measure)
        ),
        kind: isRate && !hasModels ? 'r' : 'num',
        canSort: true,
        isOnPhone: measure === onPhone,
        cell: show,
        foot: show(report.totals),
        open: (row) => setSearch({ why: writeWhy({ group: groupOf(row, question), measure, model }, question) }),
        fact: (row) =>
          measure === 'leadToDealRate' || measure === 'leadsWithDeal' ? (
            <RateFact name={groupName(groupOf(row, question))} rate={rateOf(of(row), 'leadToDealRate')} />
          ) : (
            <b>
              {m.table_fact({
                group: groupName(groupOf(row, question)),
                measure: nameOfMeasure(measure),
                value: wholeIn(of(row), measure),
                model: modelName[model](),
              })}
            </b>
          ),
      };
    }),
  );
  return [nameColumn, ...measureColumns];
}

function textIn(row: Row | undefined, measure: string): string {
  if (rateMeasures.has(measure)) return rateText(rateOf(row, measure));
  if (shareMeasures.has(measure)) return formatPercent(rateOf(row, measure)?.value);
  if (moneyMeasures.has(measure)) return formatShort(valueOf(row, measure));
  if (measure === 'returnOnAdSpend') return formatTimes(valueOf(row, measure));
  return formatCredit(valueOf(row, measure));
}

/** In full: a table is short, the fact line is not. */
function wholeIn(row: Row | undefined, measure: string): string {
  if (!moneyMeasures.has(measure)) return textIn(row, measure);
  const money = row?.[measure] as { amount: number | string; currency: string | null } | undefined;
  return formatMoney(money === undefined ? null : { amount: Number(money.amount), currency: money.currency });
}

function GroupName({ row, question }: { row: Row; question: Question }) {
  const [first, ...rest] = question.dimensions.map((name) => textOf(row, name));
  const more = rest.filter((value) => value !== null);
  return (
    <>
      <span className="under">{first ?? m.value_unknown()}</span>
      {more.length === 0 ? null : <span className="med"> / {more.join(' / ')}</span>}
    </>
  );
}
