import { asc, eq, sql } from 'drizzle-orm';
import type { Database } from '../../client.ts';
import { touch } from '../../schema/origins.ts';
import { person } from '../../schema/people.ts';
import { rawTouchColumn } from './read-touches.ts';
import type { RawTouchView } from './read-touches.ts';

/** What a touch is to its person, beside an arrival. */
const points = ['firstTouch', 'leadCreation', 'conversion'] as const;
type Point = (typeof points)[number];

/** A touch of a person's journey, which points it is, and the submissions it was the origin in force at. */
export type JourneyTouch = RawTouchView & { id: string; points: Point[]; submissionIds: string[] };

const isFirstTouch = sql
  .raw('(touch.at = person.first_touch_at AND touch.origin_id = person.first_touch_origin_id)')
  .mapWith(Boolean);
const isLeadCreation = sql
  .raw('(touch.at = person.lead_creation_at AND touch.origin_id = person.lead_creation_origin_id)')
  .mapWith(Boolean);

/** By the submissions that this touch was in force at, oldest first: `[{ id, createdPerson }]`. */
const submissions = sql
  .raw(
    `(SELECT json_group_array(json_object('id', sent.id, 'createdPerson', sent.created_person)) FROM (
      SELECT s.id, s.created_person FROM submission s
      WHERE s.person_id = person.id AND s.touch_at = touch.at AND s.origin_id = touch.origin_id
      ORDER BY s.at, s.id) sent)`,
  )
  .mapWith((json: string) => JSON.parse(json) as Array<{ id: string; createdPerson: number }>);

/** Every touch of a person, oldest first. */
export function selectJourney(db: Database, personId: number) {
  return db
    .select({
      id: touch.id,
      touch: rawTouchColumn({
        personId: 'touch.person_id',
        originId: 'touch.origin_id',
        at: 'touch.at',
        landingPageId: 'touch.landing_page_id',
      }),
      isFirstTouch,
      isLeadCreation,
      submissions,
    })
    .from(touch)
    .innerJoin(person, eq(person.id, touch.personId))
    .where(eq(touch.personId, personId))
    .orderBy(asc(touch.at), asc(touch.originId));
}

type JourneyRow = Awaited<ReturnType<typeof selectJourney>>[number];

export function toJourney(rows: JourneyRow[]): JourneyTouch[] {
  return rows.flatMap((row) => {
    if (!row.touch) return [];
    const holds: Record<Point, boolean> = {
      firstTouch: row.isFirstTouch,
      leadCreation: row.isLeadCreation,
      conversion: row.submissions.some(({ createdPerson }) => !createdPerson),
    };
    return [
      {
        id: String(row.id),
        ...row.touch,
        points: points.filter((point) => holds[point]),
        submissionIds: row.submissions.map(({ id }) => id),
      },
    ];
  });
}
