import { useEffect } from 'react';
import { comparedDays, comparisons, models, presets } from '../api/scope.ts';
import type { Compare } from '../api/scope.ts';
import { useScope, useSetScope } from '../api/use-scope.ts';
import { m } from '../paraglide/messages.js';
import { formatDays } from '../ui/format.ts';
import { modelMeaning, modelName } from '../ui/model-words.ts';
import { Option, OptionGroup } from '../ui/option-group.tsx';
import { PeriodPicker } from '../ui/period-picker.tsx';
import { presetName } from './scope-words.ts';

/** Period, comparison and credit. A choice applies at once; a digit chooses a preset. */
export function ScopePanel() {
  const { scope, days, today, timeZone } = useScope();
  const setScope = useSetScope();
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.target instanceof HTMLInputElement || event.metaKey || event.ctrlKey || event.altKey) return;
      const preset = presets[event.key === '0' ? 9 : Number(event.key) - 1];
      if (!/^\d$/.test(event.key) || preset === undefined) return;
      event.preventDefault();
      setScope({ period: preset });
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  });
  const compareName: Record<Compare, string> = {
    none: m.compare_nothing(),
    previousPeriod: m.compare_previous_period(),
    previousYear: m.compare_previous_year(),
  };
  return (
    <div className="scope">
      <section>
        <h2 id="scope-period">{m.scope_period()}</h2>
        <PeriodPicker days={days} today={today} onChange={(chosen) => setScope({ period: 'custom', ...chosen })}>
          <OptionGroup labelledBy="scope-period" className="presets">
            {presets.map((preset) => (
              <Option key={preset} isChosen={scope.period === preset} onChoose={() => setScope({ period: preset })}>
                <b>{presetName[preset]()}</b>
              </Option>
            ))}
          </OptionGroup>
        </PeriodPicker>
        <p className="mini above">{m.scope_days_of({ zone: timeZone })}</p>
      </section>
      <section>
        <h2 id="scope-compare">{m.scope_compare()}</h2>
        <OptionGroup labelledBy="scope-compare">
          {comparisons.map((compare) => {
            const previous = comparedDays(days, compare);
            return (
              <Option key={compare} isChosen={scope.compare === compare} onChoose={() => setScope({ compare })}>
                <b>{compareName[compare]}</b>
                {previous === null ? null : <span>{formatDays(previous)}</span>}
              </Option>
            );
          })}
        </OptionGroup>
        <p className="mini above">{m.scope_compare_note()}</p>
      </section>
      <section>
        <h2 id="scope-credit">{m.scope_credit()}</h2>
        <OptionGroup labelledBy="scope-credit">
          {models.map((attribution) => (
            <Option
              key={attribution}
              isChosen={scope.attribution === attribution}
              onChoose={() => setScope({ attribution })}
            >
              <b>{modelName[attribution]()}</b>
              <span>{modelMeaning[attribution]()}</span>
            </Option>
          ))}
        </OptionGroup>
        <p className="mini above">{m.scope_credit_note()}</p>
      </section>
    </div>
  );
}
