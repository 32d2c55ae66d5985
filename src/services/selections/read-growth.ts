import { asc, sql } from 'drizzle-orm';
import { selectionDay, selectionLeave } from '../../db/schema/selections.ts';
import { selectionMember } from '../../db/schema/people.ts';
import { membersOf } from '../../db/segments/compile-selection.ts';
import { countSegment } from '../../db/segments/select.ts';
import { invalidInput } from '../../domain/errors.ts';
import { addUnits } from '../../domain/segments/days.ts';
import { startOfDay } from '../../domain/start-of-day.ts';
import { dayInZone } from '../../domain/time-zone.ts';
import { requireSelection } from './list-members.ts';
import type { SelectionContext } from '../segments/read-definitions.ts';

/** Members at the end of a day; of today, at this moment. */
export type GrowthDay = { day: string; memberCount: number };

const maxDays = 3_660;
const daysShown = 30;
/** Every time zone is a whole number of quarters of an hour from UTC: what is counted by them can be added up by its days. */
const quarterMs = 15 * 60_000;

/**
 * How many members a selection had, by day of the default site's time zone. Of a static one every day is known, by when
 * members came and left. Of the others, the days are known that were counted when they ended, and today.
 * @param from, to days, both included; unset, the last 30.
 * @throws KildeError `not_found`; `invalid_input`.
 */
export async function readGrowth(
  context: SelectionContext,
  { id, from, to }: { id: number; from?: string | undefined; to?: string | undefined },
): Promise<GrowthDay[]> {
  const { db, clock } = context;
  const { row, definition, read } = await requireSelection(context, id);
  const { timeZone } = read.now;
  const today = dayInZone(clock(), timeZone);
  const last = to === undefined || to > today ? today : to;
  const first = from ?? addUnits(last, { unit: 'day', count: 1 - daysShown });
  if (first > (to ?? last)) throw invalidInput([{ location: 'query.from', message: 'must not be after `to`' }]);
  if (addUnits(first, { unit: 'day', count: maxDays }) < last) {
    throw invalidInput([{ location: 'query.from', message: `must be at most ${maxDays} days before \`to\`` }]);
  }

  const wasCounted = db
    .select({ day: selectionDay.day, memberCount: selectionDay.members })
    .from(selectionDay)
    .where(sql`${selectionDay.selectionId} = ${id} AND ${selectionDay.day} BETWEEN ${first} AND ${last}`)
    .orderBy(asc(selectionDay.day));

  if (row.kind === 'static') {
    const [counted, before] = await db.batch([
      db.all<{ quarter: number; n: number }>(sql`SELECT quarter, sum(n) AS n FROM (
        SELECT added_at / ${quarterMs} AS quarter, 1 AS n FROM ${selectionMember} WHERE selection_id = ${id}
        UNION ALL SELECT added_at / ${quarterMs}, 1 FROM ${selectionLeave} WHERE selection_id = ${id}
        UNION ALL SELECT removed_at / ${quarterMs}, -1 FROM ${selectionLeave} WHERE selection_id = ${id}
      ) GROUP BY quarter ORDER BY quarter`),
      wasCounted,
    ]);
    // Of the days before it was frozen, those are known that were counted.
    const since = row.frozenAt === null ? first : dayInZone(row.frozenAt, timeZone);
    return [
      ...before.filter(({ day }) => day < since),
      ...addUp(counted, { first, last, timeZone }).filter(({ day }) => day >= since),
    ];
  }

  const [days, [now]] = await db.batch([
    wasCounted,
    db.all<{ n: number }>(countSegment({ entity: row.entity, condition: membersOf(definition, read) })),
  ]);
  return last === today ? [...days.filter(({ day }) => day < today), { day: today, memberCount: now!.n }] : days;
}

/** @param counted who came less who left, in order. */
function addUp(
  counted: Array<{ quarter: number; n: number }>,
  { first, last, timeZone }: { first: string; last: string; timeZone: string },
): GrowthDay[] {
  const days: GrowthDay[] = [];
  let members = 0;
  let next = 0;
  for (let day = first; day <= last;) {
    const following = addUnits(day, { unit: 'day', count: 1 });
    const end = startOfDay(following, timeZone);
    for (; next < counted.length && counted[next]!.quarter * quarterMs < end; next += 1) members += counted[next]!.n;
    days.push({ day, memberCount: members });
    day = following;
  }
  return days;
}
