import { useSearch } from '@tanstack/react-router';
import { rateOf, verdictOf, wholeOf } from '../../api/report.ts';
import type { Report } from '../../api/report.ts';
import type { Search } from '../../api/search.ts';
import { useSetSearch } from '../../api/use-scope.ts';
import { MarkIcon } from '../../charts/marks.tsx';
import { RateRows } from '../../charts/rate-rows.tsx';
import { SpanChart } from '../../charts/span.tsx';
import { rateScale } from '../../charts/whisker.ts';
import { m } from '../../paraglide/messages.js';
import { formatCount, formatShort } from '../../ui/format.ts';
import { modelName } from '../../ui/model-words.ts';
import { Panel } from '../../ui/panel.tsx';
import { intervalOf } from '../../ui/rate.tsx';
import { Segments } from '../../ui/segments.tsx';
import { groupName } from '../../ui/wording.ts';
import { moneyMeasures, rateMeasures } from './report-address.ts';
import type { Question } from './report-address.ts';
import { byModel, groupOf, primaryOf, spreadOf, valueOf } from './values.ts';
import { nameOfMeasure } from './words.ts';

const shownRows = 12;

/** Beside the question: how a row's number depends on the model, or its rate with the interval. The rows of the table, in its order. */
export function ModelsChart({ report, question, isBusy }: { report: Report; question: Question; isBusy: boolean }) {
  const search: Search = useSearch({ strict: false });
  const setSearch = useSetSearch();
  const rate = question.measures.find((measure) => rateMeasures.has(measure));
  const spread = spreadOf(question);
  const isSeveral = question.attribution.length > 1;
  const canChoose = isSeveral && rate !== undefined && spread !== undefined;
  const isRate = rate !== undefined && (!isSeveral || spread === undefined || search['chart'] === 'rate');
  const measure = isRate ? rate : isSeveral ? spread : undefined;
  if (measure === undefined) return null;
  const rows = report.rows.slice(0, shownRows);
  return (
    <Panel
      isBusy={isBusy}
      title={isRate ? nameOfMeasure(measure) : m.chart_by_model({ measure: nameOfMeasure(measure) })}
      actions={
        <>
          {isRate ? null : (
            <span className="legend">
              {question.attribution.map((model) => (
                <span key={model} className="nowrap">
                  <MarkIcon model={model} /> {modelName[model]()}
                </span>
              ))}
            </span>
          )}
          {canChoose ? (
            <Segments
              label={m.chart_form()}
              options={[
                { value: 'models', label: m.chart_models() },
                { value: 'rate', label: m.chart_rate() },
              ]}
              value={isRate ? 'rate' : 'models'}
              onChange={(value) => setSearch({ chart: value === 'rate' ? 'rate' : undefined }, { replace: true })}
            />
          ) : null}
        </>
      }
    >
      <div className="in">
        {isRate ? (
          <Rates report={report} rows={rows} question={question} measure={measure} />
        ) : (
          <SpanChart
            name={m.chart_by_model({ measure: nameOfMeasure(measure) })}
            // Ends of an axis are round.
            format={(value) =>
              (moneyMeasures.has(measure) ? formatShort(value) : formatCount(value)).replace(/[.,]00/, '')
            }
            rows={rows.map((row, place) => ({
              key: String(place),
              label: groupName(groupOf(row, question)),
              values: question.attribution.map((model) => {
                return { model, value: valueOf(byModel(row, question, model), measure) };
              }),
            }))}
          />
        )}
      </div>
    </Panel>
  );
}

function Rates({
  report,
  rows,
  question,
  measure,
}: {
  report: Report;
  rows: Report['rows'];
  question: Question;
  measure: string;
}) {
  const model = primaryOf(question);
  const rates = rows.map((row) => rateOf(byModel(row, question, model), measure));
  return (
    <RateRows
      name={nameOfMeasure(measure)}
      all={wholeOf(rateOf(byModel(report.totals, question, model), measure))}
      max={rateScale(rates)}
      rows={rows.map((row, place) => {
        const rate = rates[place] ?? null;
        return {
          key: String(place),
          label: groupName(groupOf(row, question)),
          interval: intervalOf(rate),
          verdict: verdictOf(rate),
        };
      })}
    />
  );
}
