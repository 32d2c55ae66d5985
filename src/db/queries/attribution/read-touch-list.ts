import { eq } from 'drizzle-orm';
import type { Database } from '../../client.ts';
import type { RecordsOfPage } from '../../lists/place-in-list.ts';
import { touch } from '../../schema/origins.ts';
import { person } from '../../schema/people.ts';
import { personReference, toPersonReference } from '../references.ts';
import type { PersonReference } from '../references.ts';
import { rawTouchColumn } from './read-touches.ts';
import type { RawTouchView } from './read-touches.ts';

/** One touch of a person as the API lists it: with its own identity and whose it is. */
export type ListedTouch = RawTouchView & { id: string; person: PersonReference | null };

/** Touches with all that the API shows of them. @param more further columns. */
export function selectTouches<More extends Partial<RecordsOfPage['position']>>(db: Database, more: More = {} as More) {
  return db
    .select({
      ...more,
      id: touch.id,
      person: personReference,
      touch: rawTouchColumn({
        personId: 'touch.person_id',
        originId: 'touch.origin_id',
        at: 'touch.at',
        landingPageId: 'touch.landing_page_id',
      }),
    })
    .from(touch)
    .innerJoin(person, eq(person.id, touch.personId));
}

type TouchRow = { id: number; person: Parameters<typeof toPersonReference>[0]; touch: RawTouchView | null };

/** An origin is never deleted while a touch names it, so that every row has its touch. */
export function toListedTouch({ id, person: row, touch: values }: TouchRow): ListedTouch {
  return { ...values!, id: String(id), person: toPersonReference(row) };
}
