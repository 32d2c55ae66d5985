const formats = new Map<string, Intl.DateTimeFormat>();
const maxFormats = 100;
const starts = new Map<string, number>();
/** Days of a few long reports: reading a clock of a zone takes longer than most else that is done for a day. */
const maxStarts = 10_000;
const hourMs = 3_600_000;

/**
 * The first moment of a calendar day (`YYYY-MM-DD`) in a time zone, in milliseconds since the epoch. Where clocks go forward over
 * midnight, that is the moment after; a day that a zone left out begins, and ends, where the next one does.
 * @throws RangeError for an unknown zone.
 */
export function startOfDay(day: string, timeZone: string): number {
  const key = `${day} ${timeZone}`;
  let start = starts.get(key);
  if (start === undefined) {
    start = findStart(day, timeZone);
    if (starts.size >= maxStarts) starts.clear();
    starts.set(key, start);
  }
  return start;
}

/** The moment at which a day ends and the next begins. */
export function endOfDay(day: string, timeZone: string): number {
  // After the last day that can be written with four digits comes none that can.
  if (day >= '9999-12-31') return startOfDay(day, timeZone) + 24 * hourMs;
  return startOfDay(new Date(Date.parse(day) + 24 * hourMs).toISOString().slice(0, 10), timeZone);
}

function findStart(day: string, timeZone: string): number {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  // The offsets of a day before and a day after hold the one at midnight, or the two that a change of clocks lies between.
  const candidates = [-24, 24]
    .map((hours) => midnight - offsetAt(midnight + hours * hourMs, timeZone))
    .filter((at) => at + offsetAt(at, timeZone) === midnight);
  if (candidates.length > 0) return Math.min(...candidates);

  let [before, after] = [midnight - 16 * hourMs, midnight + 16 * hourMs];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (middle + offsetAt(middle, timeZone) < midnight) before = middle;
    else after = middle;
  }
  return after;
}

/** How far the clocks of a zone are ahead of UTC, in milliseconds. */
function offsetAt(at: number, timeZone: string): number {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'iso8601',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    if (formats.size >= maxFormats) formats.clear();
    formats.set(timeZone, format);
  }
  const parts: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(at)) parts[type] = Number(value);
  const local = Date.UTC(
    parts['year']!,
    parts['month']! - 1,
    parts['day'],
    parts['hour'],
    parts['minute'],
    parts['second'],
  );
  return local - Math.floor(at / 1000) * 1000;
}
