const formats = new Map<string, Intl.DateTimeFormat>();
const maxFormats = 100;

/** The calendar day of a moment in a time zone, `YYYY-MM-DD`. @throws RangeError for an unknown zone. */
export function dayInZone(at: number, timeZone: string): string {
  let format = formats.get(timeZone);
  if (!format) {
    // en-CA writes dates as ISO 8601 does.
    format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
    if (formats.size >= maxFormats) formats.clear();
    formats.set(timeZone, format);
  }
  return format.format(at);
}

/** Whether the platform knows a time zone by this IANA name. */
export function isTimeZone(name: string): boolean {
  try {
    return Intl.DateTimeFormat('en', { timeZone: name }).format(0) !== '';
  } catch {
    return false;
  }
}
