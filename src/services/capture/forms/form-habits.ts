import { defineStatement } from '../../../db/statement.ts';

/** Days of a form's past by which its habit is known. */
export const habitDays = 90;
const dayMs = 24 * 60 * 60 * 1_000;
/** A form with fewer submissions has no habit. */
const fewestSubmissions = 5;
/** So many submissions were to be expected where a pause has a chance below 1 in 1,000: exp(-n). */
const expectedOfSilence = 6.907_755;

/** Submissions of each open form, or of the one with the key, by day of the week: 0 is Sunday. */
export const selectHabits =
  defineStatement(`SELECT f.key AS id, f.name, CAST(strftime('%w', d.day) AS INTEGER) AS weekday,
    sum(d.submissions) AS submissions, min(d.day) AS firstDay, max(d.day) AS lastDay, max(d.last_at) AS lastAt
  FROM form_day d JOIN form f ON f.id = d.form_id
  WHERE d.day >= :firstDay AND f.enabled = 1 AND f.deleted_at IS NULL AND (f.closes_at IS NULL OR f.closes_at > :now)
    AND (:key IS NULL OR f.key = :key)
  GROUP BY f.id, weekday`);

type Habit = { weekday: number; submissions: number; firstDay: string; lastDay: string; lastAt: number };
type Row = Habit & { id: string; name: string };

export type SilentForm = {
  id: string;
  name: string;
  /** Of the last submission, in milliseconds. */
  lastAt: number;
  /** Submissions that were to be expected since. */
  expected: number;
};

const dayIndex = (day: string): number => Date.parse(`${day}T00:00:00Z`) / dayMs;
/** 1 January 1970 was a Thursday. */
const weekdayOf = (day: number): number => (day + 4) % 7;

/**
 * Forms whose pause has a chance below 1 in 1,000 by their own habit. What is to be expected goes by the days of the week, of whole days
 * alone: a form rests at night and at weekends as it always does.
 * @param rows what `selectHabits` gave.
 * @param today `YYYY-MM-DD`.
 */
export function findSilentForms(rows: ReadonlyArray<Record<string, unknown>>, today: string): SilentForm[] {
  const forms = Map.groupBy(rows as unknown as Row[], ({ id }) => id);
  const silent = [...forms].flatMap(([id, habits]) => {
    const first = Math.min(...habits.map(({ firstDay }) => dayIndex(firstDay)));
    const last = Math.max(...habits.map(({ lastDay }) => dayIndex(lastDay)));
    const submissions = habits.reduce((sum, habit) => sum + habit.submissions, 0);
    const expected = expectedBetween({ habits, first, last, today: dayIndex(today) });
    if (submissions < fewestSubmissions || expected < expectedOfSilence) return [];
    return [{ id, name: habits[0]!.name, lastAt: Math.max(...habits.map(({ lastAt }) => lastAt)), expected }];
  });
  return silent.toSorted((a, b) => b.expected - a.expected);
}

/** How many submissions the whole days after the last one and before today would have, as those days of the week had until then. */
function expectedBetween({
  habits,
  first,
  last,
  today,
}: {
  habits: Habit[];
  first: number;
  last: number;
  today: number;
}): number {
  let expected = 0;
  for (let day = last + 1; day < today; day += 1) {
    const weekday = weekdayOf(day);
    const weeks = Math.floor((last - first - ((weekday - weekdayOf(first) + 7) % 7)) / 7) + 1;
    const submissions = habits.find((habit) => habit.weekday === weekday)?.submissions ?? 0;
    if (weeks > 0) expected += submissions / weeks;
  }
  return expected;
}
