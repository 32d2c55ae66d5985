import { useQuery } from '@tanstack/react-query';
import type { UseQueryResult } from '@tanstack/react-query';
import { useParams, useSearch } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { kilde } from '../../api/client.ts';
import { rateOf, reportQuery, scopeOfQuery, withFilter } from '../../api/report.ts';
import type { Difference, Report } from '../../api/report.ts';
import type { Search } from '../../api/search.ts';
import { useScope, useSetSearch } from '../../api/use-scope.ts';
import { m } from '../../paraglide/messages.js';
import { getLocale } from '../../paraglide/runtime.js';
import { formatP, formatPercent } from '../../ui/format.ts';
import { Page } from '../../ui/page.tsx';
import { saveFile } from '../../ui/records/save-file.ts';
import { Answer, Empty } from '../../ui/states.tsx';
import { groupName, upliftText } from '../../ui/wording.ts';
import { againstWhole } from './against-whole.ts';
import { Filters, QuestionSentence } from './chips.tsx';
import { ModelsChart } from './models-chart.tsx';
import { ReportActions } from './report-actions.tsx';
import { ReportsMenu } from './reports-menu.tsx';
import { definitionQuery, periodOf, periodToSave, restOf, searchOf } from './saved-report.ts';
import type { Definition } from './saved-report.ts';
import { isChangedFrom, readQuestion, rateMeasures } from './report-address.ts';
import type { Question } from './report-address.ts';
import { byModel, primaryOf } from './values.ts';
import { SourcesTable } from './sources-table.tsx';
import { Why } from './why.tsx';

const shownRows = 50;

/** A saved report, or a preset: the question that it asks, until the address says otherwise. */
export function ReportPage() {
  const { id } = useParams({ strict: false });
  const asked = useQuery(definitionQuery(id ?? ''));
  if (asked.data?.id === id && asked.data !== undefined) return <Opened key={id} definition={asked.data} />;
  return (
    <Page title={m.nav_sources()}>
      <Answer asked={{ ...asked, data: undefined }} height={520} lines={4}>
        {() => null}
      </Answer>
    </Page>
  );
}

/** Its own period stands in the bar, unless the address has one. */
function Opened({ definition }: { definition: Definition }) {
  const search: Search = useSearch({ strict: false });
  const setSearch = useSetSearch();
  const { today } = useScope();
  const hasPeriod = search['period'] !== undefined || search['from'] !== undefined || search['to'] !== undefined;
  const own = definition.kind === 'saved' && !hasPeriod ? periodOf(definition.query, today) : {};
  const isOwn = useRef(Object.keys(own).length > 0);
  useEffect(() => {
    if (isOwn.current) setSearch(own, { replace: true });
    isOwn.current = false;
  });
  return isOwn.current ? null : <SourcesPage definition={definition} />;
}

/** The report explorer: the question, what it comes to in a sentence, a chart, the table, and why a number is what it is. */
export function SourcesPage({ definition }: { definition?: Definition }) {
  const search: Search = useSearch({ strict: false });
  const base = definition === undefined ? {} : searchOf(definition.query);
  const question = readQuestion(search, base);
  const rest = definition === undefined ? {} : restOf(definition.query);
  const { scope, days, timeZone, siteId, previousDays } = useScope();
  const compare = previousDays === null ? ('none' as const) : scope.compare;
  const query = { ...rest, ...bodyOf({ question, scope: scopeOfQuery({ days, timeZone, siteId, compare }) }) };
  const name = definition === undefined ? '' : definition.name[getLocale() === 'nb' ? 'no' : 'en'];
  const shown = {
    id: definition?.id ?? null,
    name,
    isOwn: definition?.kind === 'saved',
    isChanged: isChangedFrom(search, base),
    query: { ...rest, ...bodyOf({ question, scope: { period: periodToSave(scope, days) } }) },
  };
  const answered = useQuery(reportQuery(query as never));
  const answer = useAgainstWhole({
    answered,
    question,
    scope: { ...rest, ...scopeOfQuery({ days, timeZone, siteId, compare: 'none' }) },
  });
  return (
    <Page
      title={name || m.nav_sources()}
      actions={
        <>
          <ReportsMenu />
          <ReportActions shown={shown} />
          <button type="button" className="btn sm" onClick={() => void downloadCsv(query)}>
            CSV
          </button>
        </>
      }
      side={
        question.why === null ? null : <Why question={question} rest={rest} report={answer.data} why={question.why} />
      }
    >
      <QuestionSentence question={question} />
      <Filters question={question} />
      <Answer asked={answer} height={520} lines={4}>
        {(report) =>
          report.rows.length === 0 ? (
            <section className="panel">
              <Empty title={m.sources_empty()}>{m.sources_empty_text()}</Empty>
            </section>
          ) : (
            <>
              <FindingSentence report={report} question={question} />
              <ModelsChart report={report} question={question} isBusy={answer.isPlaceholderData} />
              <SourcesTable report={report} question={question} isBusy={answer.isPlaceholderData} />
            </>
          )
        }
      </Answer>
    </Page>
  );
}

/** The answer with its rates beside the rest of the question without filters, which is asked for where there are filters. */
function useAgainstWhole({
  answered,
  question,
  scope,
}: {
  answered: UseQueryResult<Report>;
  question: Question;
  scope: { filter?: Record<string, string[]>; period: object };
}) {
  const rates = question.measures.filter((measure) => rateMeasures.has(measure));
  const isFiltered = Object.keys(question.filter).length > 0 && rates.length > 0;
  const { attribution } = bodyOf({ question, scope });
  const whole = useQuery({
    ...reportQuery({ measures: rates, attribution, ...scope } as never),
    enabled: isFiltered,
  });
  const known = isFiltered ? whole.data : answered.data;
  const isReady = answered.data !== undefined && known !== undefined && (!isFiltered || !whole.isPlaceholderData);
  return {
    ...answered,
    error: answered.error ?? (isFiltered ? whole.error : null),
    data: isReady ? againstWhole({ report: answered.data, whole: known, question }) : undefined,
  };
}

function bodyOf({
  question,
  scope,
}: {
  question: Question;
  scope: { filter?: Record<string, string[]>; period: object };
}) {
  const { measures, dimensions, filter, sort } = question;
  // Rows are in the order of the first model: that of the measures which stand once.
  const primary = primaryOf(question);
  const attribution = [primary, ...question.attribution.filter((model) => model !== primary)];
  return {
    measures,
    dimensions,
    attribution: attribution.length === 1 ? primary : attribution,
    sort: [sort],
    limit: shownRows,
    ...withFilter(scope, filter),
  };
}

/** The rows of the table as a file. */
async function downloadCsv(query: object): Promise<void> {
  const { data } = await kilde().POST('/api/v1/reports/query', {
    body: { ...query, format: 'csv' } as never,
    parseAs: 'blob',
  });
  saveFile({ name: 'kilde-sources.csv', content: data as unknown as Blob });
}

/** The surest difference in words, or that none is sure. */
function FindingSentence({ report, question }: { report: Report; question: Question }) {
  const model = primaryOf(question);
  const differences = report.findings.filter(
    (finding): finding is Difference =>
      finding.kind === 'difference' &&
      finding.measure === 'leadToDealRate' &&
      (finding.model === undefined || finding.model === model),
  );
  const surest =
    differences.find(({ verdict }) => verdict === 'differs') ?? differences.find(({ verdict }) => verdict === 'chance');
  if (surest === undefined || surest.uplift === null || surest.pValue === null) {
    const rates = report.rows.map((row) => rateOf(byModel(row, question, model), 'leadToDealRate'));
    const hasNoRest = rates.length > 0 && rates.every((rate) => rate?.value != null && rate.uplift === null);
    return hasNoRest && rates.every((rate) => rate?.pValue === null) ? <p className="say">{m.say_no_rest()}</p> : null;
  }
  const words = {
    source: groupName(surest.group),
    often: upliftText(surest.uplift),
    rate: formatPercent(surest.value, 0),
    rest: formatPercent(surest.rest, 0),
    p: formatP(surest.pValue),
  };
  const smaller = Math.min(surest.denominator, surest.restDenominator);
  return (
    <p className="say">
      <b>
        {surest.verdict === 'differs'
          ? m.say_leads_of(words)
          : m.say_leads_of_chance({ ...words, count: String(smaller) })}
      </b>
    </p>
  );
}
