import { sql } from 'drizzle-orm';
import type { SQL, SQLWrapper } from 'drizzle-orm';

/** Milliseconds from the year 1 to 1970: SQLite divides towards zero, so moments are moved above it before they are cut to seconds. */
const beforeEpoch = sql.raw('62135596800000');
const secondsBeforeEpoch = sql.raw('62135596800');

const datePart = (at: SQLWrapper, format: string): SQL =>
  sql`CAST(strftime(${sql.raw(`'${format}'`)}, (${at} + ${beforeEpoch}) / 1000 - ${secondsBeforeEpoch}, 'unixepoch') AS integer)`;

/** The UTC day of a moment in milliseconds, as the number `YYYYMMDD`. */
export const dayNumber = (at: SQLWrapper): SQL => datePart(at, '%Y%m%d');
/** The UTC month of a moment in milliseconds, as the number `YYYYMM`. */
export const monthNumber = (at: SQLWrapper): SQL => datePart(at, '%Y%m');

/** The period of a level (domain/reports/split-periods.ts) in which a day (`YYYYMMDD`) lies: its month, the day itself, the first month of its year, or 0 for all time. */
export const periodOfDay = (level: SQLWrapper, day: SQLWrapper): SQL =>
  sql`CASE ${level} WHEN 0 THEN ${day} / 100 WHEN 1 THEN ${day} WHEN 2 THEN ${day} / 10000 * 100 + 1 ELSE 0 END`;
