const formats = new Map<string, Intl.DateTimeFormat>();
const maxFormats = 100;

/** Since 1973 every zone is whole quarters of an hour from UTC, so that within one it has one day: the last asked for is kept. */
const quarterMs = 15 * 60_000;
const firstQuarter = Date.UTC(1973, 0) / quarterMs;
let lastDay = { timeZone: '', quarter: Number.NaN, day: '' };

/** The calendar day of a moment in a time zone, `YYYY-MM-DD`. @throws RangeError for an unknown zone. */
export function dayInZone(at: number, timeZone: string): string {
  const quarter = Math.floor(at / quarterMs);
  if (lastDay.quarter === quarter && lastDay.timeZone === timeZone) return lastDay.day;
  let format = formats.get(timeZone);
  if (!format) {
    // en-CA writes dates as ISO 8601 does.
    format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
    if (formats.size >= maxFormats) formats.clear();
    formats.set(timeZone, format);
  }
  const day = format.format(at);
  if (quarter >= firstQuarter) lastDay = { timeZone, quarter, day };
  return day;
}

/** Whether the platform knows a time zone by this IANA name. */
export function isTimeZone(name: string): boolean {
  try {
    return dayInZone(0, name) !== '';
  } catch {
    return false;
  }
}
