/** Days are text, `YYYY-MM-DD`, as the API has them: no clock and no time zone can shift them. */

/** Today by the clocks of a time zone. */
export function todayIn(timeZone: string | undefined, now = new Date()): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(now);
}

function write(year: number, month: number, day: number): string {
  return new Date(Date.UTC(year, month, day)).toISOString().slice(0, 10);
}

function read(day: string): [year: number, month: number, day: number] {
  return [Number(day.slice(0, 4)), Number(day.slice(5, 7)) - 1, Number(day.slice(8, 10))];
}

export function addDays(day: string, count: number): string {
  const [year, month, date] = read(day);
  return write(year, month, date + count);
}

/** The same date of another month, at most its last. */
export function addMonths(day: string, count: number): string {
  const [year, month, date] = read(day);
  const last = read(write(year, month + count + 1, 0))[2];
  return write(year, month + count, Math.min(date, last));
}

export function addYears(day: string, count: number): string {
  return addMonths(day, count * 12);
}

export function startOfMonth(day: string): string {
  return `${day.slice(0, 7)}-01`;
}

export function endOfMonth(day: string): string {
  return addDays(addMonths(startOfMonth(day), 1), -1);
}

export function startOfQuarter(day: string): string {
  const [year, month] = read(day);
  return write(year, month - (month % 3), 1);
}

export function startOfYear(day: string): string {
  return `${day.slice(0, 4)}-01-01`;
}

/** Monday 0 to Sunday 6. */
export function weekday(day: string): number {
  return (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7;
}

/** The Monday of a week as the API names it, `2026-W38` (ISO 8601). */
export function mondayOfWeek(week: string): string {
  const [year, number] = [Number(week.slice(0, 4)), Number(week.slice(6))];
  const fourth = `${year}-01-04`;
  return addDays(fourth, (number - 1) * 7 - weekday(fourth));
}

/** The first day of a part of a period as the API names it: a day, a week, a month. */
export function firstDayOf(part: string): string {
  if (part.includes('W')) return mondayOfWeek(part);
  return part.length === 7 ? `${part}-01` : part;
}
