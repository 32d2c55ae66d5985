import { getLocale } from '../paraglide/runtime.js';

/** Numbers and days as people read them (design: the grammar of numbers). No value is `–`; nought is 0. */

export const none = '–';
const narrow = '\u202F';

const cache = new Map<string, Intl.NumberFormat>();

/** A narrow space separates thousands in both languages; decimals and signs are the language's own. */
function formatNumber(value: number, options: Intl.NumberFormatOptions): string {
  const locale = getLocale() === 'nb' ? 'nb-NO' : 'en-GB';
  const key = locale + JSON.stringify(options);
  let format = cache.get(key);
  if (format === undefined)
    cache.set(key, (format = new Intl.NumberFormat(locale, { useGrouping: 'always', ...options })));
  return format
    .formatToParts(value)
    .map(({ type, value: text }) => (type === 'group' ? narrow : text))
    .join('');
}

export function formatCount(value: number | null | undefined): string {
  return value === null || value === undefined ? none : formatNumber(value, { maximumFractionDigits: 0 });
}

/** A credit that models share is not whole: 12.5. */
export function formatCredit(value: number | null | undefined): string {
  return value === null || value === undefined
    ? none
    : formatNumber(value, { maximumFractionDigits: value < 100 ? 1 : 0 });
}

/** A share of one as per cent, with one decimal: 12.9 %. */
export function formatPercent(value: number | null | undefined, digits = 1): string {
  if (value === null || value === undefined) return none;
  const text = formatNumber(value * 100, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return `${text}${narrow}%`;
}

/** Money for tables: 22.30 M, 742 k, 4 200. The whole amount stands in the fact line. */
export function formatShort(amount: number | null | undefined): string {
  if (amount === null || amount === undefined) return none;
  const size = Math.abs(amount);
  const [million, billion] = getLocale() === 'nb' ? ['mill.', 'mrd.'] : ['M', 'bn'];
  const scaled = (divisor: number, digits: number, unit: string): string =>
    `${formatNumber(amount / divisor, { minimumFractionDigits: digits, maximumFractionDigits: digits })}${narrow}${unit}`;
  if (size >= 999_500_000) return scaled(1e9, 2, billion);
  if (size >= 999_500) return scaled(1e6, 2, million);
  if (size >= 9_999.5) return scaled(1e3, 0, 'k');
  return formatCount(amount);
}

export function formatMoney(money: { amount: number; currency: string | null } | null | undefined): string {
  if (money === null || money === undefined) return none;
  return `${formatCount(money.amount)}${money.currency === null ? '' : `${narrow}${money.currency}`}`;
}

/** An amount to the hundredth, where the parts of a sum must add up to it. */
export function formatExact(amount: number): string {
  return formatNumber(amount, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

/** How many times: 2.9 ×. */
export function formatTimes(value: number | null | undefined): string {
  if (value === null || value === undefined) return none;
  const digits = Math.abs(value) < 100 ? 1 : 0;
  return `${formatNumber(value, { minimumFractionDigits: digits, maximumFractionDigits: digits })}${narrow}×`;
}

/** A change as ▲ 12 %, ▼ 3 %, ＝ 0 %; from tenfold on as times. */
export function formatChange(change: number | null | undefined): string {
  if (change === null || change === undefined) return none;
  if (change >= 9) return `▲${narrow}${formatTimes(change + 1)}`;
  const percent = Math.round(Math.abs(change) * 100);
  const sign = percent === 0 ? '＝' : change > 0 ? '▲' : '▼';
  return `${sign}${narrow}${formatCount(percent)}${narrow}%`;
}

export function formatSigned(value: number): string {
  return `${value > 0 ? '+' : value < 0 ? '−' : ''}${formatCount(Math.abs(value))}`;
}

/** p = 0.13, or p < 0.001. */
export function formatP(value: number): string {
  if (value < 0.001) return `p < ${formatNumber(0.001, { maximumFractionDigits: 3 })}`;
  const digits = value < 0.1 ? 3 : 2;
  return `p = ${formatNumber(value, { minimumFractionDigits: 2, maximumFractionDigits: digits })}`;
}

function localeTag(): string {
  return getLocale() === 'nb' ? 'nb-NO' : 'en-GB';
}

function formatDate(day: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(localeTag(), { timeZone: 'UTC', ...options }).format(new Date(`${day}T00:00:00Z`));
}

/** 27 Nov 2026. */
export function formatDay(day: string): string {
  return formatDate(day, { day: 'numeric', month: 'short', year: 'numeric' });
}

/** 27 Nov. */
export function formatDayOfYear(day: string): string {
  return formatDate(day, { day: 'numeric', month: 'short' });
}

export function formatMonth(day: string): string {
  return formatDate(day, { month: 'short' });
}

export function formatMonthOfYear(day: string): string {
  const text = formatDate(day, { month: 'long', year: 'numeric' });
  return text[0]!.toUpperCase() + text.slice(1);
}

/** 1 Jan – 27 Nov 2026; the year once where it is the same. */
export function formatDays({ from, to }: { from: string | null; to: string }): string {
  if (from === null) return `– ${formatDay(to)}`;
  if (from === to) return formatDay(to);
  return from.slice(0, 4) === to.slice(0, 4)
    ? `${formatDayOfYear(from)} – ${formatDay(to)}`
    : `${formatDay(from)} – ${formatDay(to)}`;
}

/** A moment, by the clocks of the reader. */
export function formatMoment(moment: string): string {
  return new Intl.DateTimeFormat(localeTag(), {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  }).format(new Date(moment));
}

/** "4 days ago", in the reader's language. */
export function formatAgo(moment: string, now = Date.now()): string {
  const minutes = Math.round((Date.parse(moment) - now) / 60_000);
  const format = new Intl.RelativeTimeFormat(localeTag(), { numeric: 'auto' });
  if (Math.abs(minutes) < 60) return format.format(minutes, 'minute');
  if (Math.abs(minutes) < 60 * 24) return format.format(Math.round(minutes / 60), 'hour');
  return format.format(Math.round(minutes / 60 / 24), 'day');
}

export function compareTexts(a: string, b: string): number {
  return a.localeCompare(b, localeTag());
}

/** Monday first. */
export function weekdayLetters(): Array<{ letter: string; name: string }> {
  return Array.from({ length: 7 }, (_, place) => {
    const day = `2024-01-0${place + 1}`;
    return { letter: formatDate(day, { weekday: 'narrow' }), name: formatDate(day, { weekday: 'long' }) };
  });
}

/** 13:58. */
export function formatClock(time: number): string {
  return new Intl.DateTimeFormat(localeTag(), { hour: '2-digit', minute: '2-digit' }).format(time);
}
