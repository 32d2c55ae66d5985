import { eq } from 'drizzle-orm';
import type { Database } from '../db/client.ts';
import { selectJourney, toJourney } from '../db/queries/read-journey.ts';
import type { JourneyTouch } from '../db/queries/read-journey.ts';
import { countPeople, selectPeople, selectPeoplePage, toPersonView } from '../db/queries/read-people.ts';
import type { CreatedCursor, PersonFilter, PersonView } from '../db/queries/read-people.ts';
import { person } from '../db/schema/people.ts';
import { notFound } from '../domain/errors.ts';
import { readPage } from './read-page.ts';
import { readPeriod } from './read-period.ts';
import type { WithCreatedDays } from './read-period.ts';
import type { Page, PageRequest } from './read-page.ts';
import type { SegmentContext } from './run-segment.ts';
import { compileFilters } from './simple-filters.ts';
import type { FieldParameters } from './simple-filters.ts';

type Context = { db: Database };

/** People, newest first. `fields` filters by any field of a person. */
export async function listPeople(
  context: SegmentContext,
  {
    page,
    filter: { createdFrom, createdTo, ...filter },
    fields = {},
    after,
  }: {
    page: PageRequest;
    filter: WithCreatedDays<PersonFilter>;
    fields?: FieldParameters;
    after: CreatedCursor | null;
  },
): Promise<Page<PersonView>> {
  const { db } = context;
  const period = await readPeriod(context, { from: createdFrom, to: createdTo });
  const found = {
    ...filter,
    createdFrom: period.from,
    createdTo: period.to,
    where: await compileFilters(context, { entity: 'person', parameters: fields }),
  };
  return readPage({
    db,
    page,
    rows: selectPeoplePage(db, { filter: found, after, limit: page.limit }),
    count: countPeople(db, found),
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
