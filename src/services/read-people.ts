import { eq } from 'drizzle-orm';
import type { Database } from '../db/client.ts';
import { selectJourney, toJourney } from '../db/queries/read-journey.ts';
import type { JourneyTouch } from '../db/queries/read-journey.ts';
import { countPeople, selectPeople, selectPeoplePage, toPersonView } from '../db/queries/read-people.ts';
import type { CreatedCursor, PersonFilter, PersonView } from '../db/queries/read-people.ts';
import { person } from '../db/schema/people.ts';
import { notFound } from '../domain/errors.ts';
import { readPage } from './read-page.ts';
import type { Page, PageRequest } from './read-page.ts';

type Context = { db: Database };

/** People, newest first. */
export async function listPeople(
  { db }: Context,
  { page, filter, after }: { page: PageRequest; filter: PersonFilter; after: CreatedCursor | null },
): Promise<Page<PersonView>> {
  return readPage({
    db,
    page,
    rows: selectPeoplePage(db, { filter, after, limit: page.limit }),
    count: countPeople(db, filter),
    cursorOf: ({ createdAt, id }) => [createdAt, id],
    toItem: toPersonView,
  });
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
