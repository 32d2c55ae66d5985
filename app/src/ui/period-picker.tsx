import { useState } from 'react';
import type { ReactNode } from 'react';
import { addDays, addMonths, endOfMonth, startOfMonth, weekday } from '../api/days.ts';
import type { Days } from '../api/scope.ts';
import { m } from '../paraglide/messages.js';
import { formatDay, formatMonthOfYear, weekdayLetters } from './format.ts';
import { Icon } from './icon.tsx';

/** First and last day as fields, what is given between, and a month: the first click begins a period, the second ends it. */
export function PeriodPicker({
  days,
  today,
  onChange,
  children,
}: {
  days: Days;
  today: string;
  onChange: (days: { from: string; to: string }) => void;
  children?: ReactNode;
}) {
  const [month, setMonth] = useState(startOfMonth(days.to));
  const [begun, setBegun] = useState<string | null>(null);
  const choose = (day: string): void => {
    if (begun === null) {
      setBegun(day);
      onChange({ from: day, to: day });
      return;
    }
    setBegun(null);
    onChange(day < begun ? { from: day, to: begun } : { from: begun, to: day });
  };
  const typed = (part: 'from' | 'to', value: string): void => {
    if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return;
    const next = { from: days.from ?? value, to: days.to, [part]: value };
    if (next.from <= next.to) onChange(next);
  };
  return (
    <>
      <div className="days">
        <input
          className="input"
          type="date"
          aria-label={m.period_first_day()}
          value={days.from ?? ''}
          max={days.to}
          onChange={({ target }) => typed('from', target.value)}
        />
        <span className="soft" aria-hidden="true">
          –
        </span>
        <input
          className="input"
          type="date"
          aria-label={m.period_last_day()}
          value={days.to}
          min={days.from ?? undefined}
          max={today}
          onChange={({ target }) => typed('to', target.value)}
        />
      </div>
      {children}
      <Month month={month} days={days} today={today} onChoose={choose} onMonth={setMonth} />
    </>
  );
}

function Month({
  month,
  days,
  today,
  onChoose,
  onMonth,
}: {
  month: string;
  days: Days;
  today: string;
  onChoose: (day: string) => void;
  onMonth: (month: string) => void;
}) {
  const first = addDays(month, -weekday(month));
  const last = endOfMonth(month);
  const weeks: string[][] = [];
  for (let day = first; day <= last; day = addDays(day, 7)) {
    weeks.push(Array.from({ length: 7 }, (_, place) => addDays(day, place)));
  }
  return (
    <>
      <div className="row between month">
        <h3 aria-live="polite">{formatMonthOfYear(month)}</h3>
        <span className="row">
          <button
            type="button"
            className="btn quiet sm"
            aria-label={m.period_month_before()}
            onClick={() => onMonth(addMonths(month, -1))}
          >
            <Icon shape="back" />
          </button>
          <button
            type="button"
            className="btn quiet sm turned"
            aria-label={m.period_month_after()}
            onClick={() => onMonth(addMonths(month, 1))}
          >
            <Icon shape="back" />
          </button>
        </span>
      </div>
      <table className="cal">
        <thead>
          <tr>
            {weekdayLetters().map(({ letter, name }) => (
              <th key={name} scope="col">
                <abbr title={name}>{letter}</abbr>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeks.map((week) => (
            <tr key={week[0]}>
              {week.map((day) => (
                <td key={day} className={dayClass(day, days, today)}>
                  {day.slice(0, 7) === month.slice(0, 7) ? (
                    <button
                      type="button"
                      disabled={day > today}
                      aria-label={formatDay(day)}
                      onClick={() => onChoose(day)}
                    >
                      {Number(day.slice(8))}
                    </button>
                  ) : null}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function dayClass(day: string, { from, to }: Days, today: string): string {
  if (day > today) return 'out';
  if (day === to || day === from) return 'end';
  return day < to && (from === null || day > from) ? 'in' : '';
}
