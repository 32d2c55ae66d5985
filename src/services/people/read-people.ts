import { eq, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { selectJourney, toJourney } from '../../db/queries/attribution/read-journey.ts';
import type { JourneyTouch } from '../../db/queries/attribution/read-journey.ts';
import {
  personIdByEmail,
  selectPeople,
  selectPeopleOfPage,
  toPersonView,
} from '../../db/queries/people/read-people.ts';
import type { PersonView } from '../../db/queries/people/read-people.ts';
import { person } from '../../db/schema/people.ts';
import { invalidInput, notFound } from '../../domain/errors.ts';
import { normalizeEmail } from '../../domain/people/normalize-email.ts';
import type { ListQuery } from '../../domain/lists/list-info.ts';
import type { ListContext, PreparedList } from '../lists/prepare-list.ts';
import { listOfEntity, prepareSegmentList } from '../segments/prepare-segment-list.ts';
import type { ListWithin } from '../segments/prepare-segment-list.ts';

type Context = { db: Database };

export const peopleList = listOfEntity('person', 'people');

/** People, newest first. A person is found by any address that is known to be theirs. */
export function listPeople(context: ListContext, query: ListQuery, within: ListWithin = {}): PreparedList<PersonView> {
  return prepareSegmentList(context, {
    entity: 'person',
    list: peopleList,
    query,
    ...within,
    instead: ({ field, op, value, location }) => {
      if (op !== 'equals') return null;
      if (field === 'email') return isPersonOfEmail({ email: value as string, location });
      // As it is stored, by which an index finds it.
      return field === 'phone' ? eq(person.phone, value as string) : null;
    },
    records: (page) => selectPeopleOfPage(context.db, page),
    toItem: toPersonView,
  });
}

/** @throws KildeError `invalid_input`. */
function isPersonOfEmail({ email, location }: { email: string; location: string }): SQL {
  const normalized = normalizeEmail(email);
  if (!normalized.ok) throw invalidInput([{ location, message: 'must be an e-mail address' }]);
  return eq(person.id, personIdByEmail(normalized.email));
}

/** The people with these ids, as far as there are any. One request. */
export async function readPeopleOf({ db }: { db: Database }, ids: number[]): Promise<PersonView[]> {
  if (ids.length === 0) return [];
  return (await selectPeople(db, sql`${person.id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`)).map(
    toPersonView,
  );
}

/** @throws KildeError `not_found`. */
export async function readPerson({ db }: Context, { id }: { id: number }): Promise<PersonView> {
  const [row] = await selectPeople(db, eq(person.id, id));
  if (!row) throw notFound('person');
  return toPersonView(row);
}

/** Every touch of a person, oldest first. @throws KildeError `not_found`. */
export async function readJourney({ db }: Context, { id }: { id: number }): Promise<JourneyTouch[]> {
  const [found, rows] = await db.batch([
    db.select({ id: person.id }).from(person).where(eq(person.id, id)),
    selectJourney(db, id),
  ]);
  if (found.length === 0) throw notFound('person');
  return toJourney(rows);
}
