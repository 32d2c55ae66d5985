import { eq, sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { personMergeList } from '../../db/lists/history-lists.ts';
import {
  mergesOfPerson,
  mergeStatements,
  selectMerges,
  toMerge,
  toMergeView,
  tryMerge,
  undoStatements,
} from '../../db/queries/people/merge-people.ts';
import type { MergeView, TriedMerge } from '../../db/queries/people/merge-people.ts';
import { selectPeople, toPersonView } from '../../db/queries/people/read-people.ts';
import type { PersonView } from '../../db/queries/people/read-people.ts';
import { person, personMerge } from '../../db/schema/people.ts';
import { conflict, invalidInput, noSuch, notFound } from '../../domain/errors.ts';
import type { ListQuery } from '../../domain/lists/list-info.ts';
import { refuseLateUndo, undoableSince } from '../../domain/undo-terms.ts';
import { prepareList } from '../lists/prepare-list.ts';
import type { ListContext, PreparedList } from '../lists/prepare-list.ts';

export { personMergeList };

type Context = { db: Database; clock: () => number };

/**
 * Makes two people one: the earlier points win, blanks are filled, all else moves over, and the other's address leads to
 * the kept person from then on.
 * @throws KildeError `not_found` for the person to keep, `invalid_input` for the other.
 */
export async function mergePeople(
  { db, clock }: Context,
  { id, otherId }: { id: number; otherId: number },
): Promise<MergeView> {
  const location = 'body.otherId';
  if (id === otherId)
    throw invalidInput([
      { location, message: `Person ${id} cannot be merged with itself. Give the id of another person.` },
    ]);
  const results = await db.$client.batch(mergeStatements({ keptId: id, removedId: otherId, now: clock() }), 'write');
  const row = results.at(-1)!.rows[0]!;
  if (results[0]!.rowsAffected > 0) return toMerge(row);
  if (!row['kept_exists']) throw notFound('person');
  throw invalidInput([{ location, message: noSuch('person', otherId) }]);
}

/** The person as they would be. What follows from submissions is left out. */
type PreviewedPerson = Omit<
  PersonView,
  'latestConversion' | 'clickIds' | 'submissionCount' | 'consents' | 'consentRequests'
>;
export type PersonMergePreview = {
  person: PreviewedPerson;
  /** How many records would change hands. */
  moved: { submissions: number; deals: number; consents: number };
};

/** The same without storing anything. @throws KildeError as `mergePeople`. */
export async function previewPersonMerge(
  { db }: Pick<Context, 'db'>,
  { id, otherId }: { id: number; otherId: number },
): Promise<PersonMergePreview> {
  const location = 'body.otherId';
  if (id === otherId)
    throw invalidInput([
      { location, message: `Person ${id} cannot be merged with itself. Give the id of another person.` },
    ]);
  const [people, [tried]] = await db.batch([
    selectPeople(db, sql`${person.id} IN (${id}, ${otherId})`),
    db.all<TriedMerge>(tryMerge({ keptId: id, removedId: otherId })),
  ]);
  const [kept, removed] = [id, otherId].map((one) => people.find((row) => row.id === one));
  if (!kept) throw notFound('person');
  if (!removed || !tried) throw invalidInput([{ location, message: noSuch('person', otherId) }]);
  const { submissions, deals, consents } = tried;
  return {
    person: mergedPerson({ kept: toPersonView(kept), removed: toPersonView(removed), winners: tried }),
    moved: { submissions, deals, consents },
  };
}

/** As db/queries/people/merge-people.ts has it. */
function mergedPerson({
  kept,
  removed,
  winners,
}: {
  kept: PersonView;
  removed: PersonView;
  winners: { creates: number; touches: number };
}): PreviewedPerson {
  const creator = winners.creates ? removed : kept;
  return {
    id: kept.id,
    email: kept.email ?? removed.email,
    firstName: kept.firstName ?? removed.firstName,
    lastName: kept.lastName ?? removed.lastName,
    phone: kept.phone ?? removed.phone,
    title: kept.title ?? removed.title,
    country: kept.country ?? removed.country,
    company: kept.company ?? removed.company,
    owner: kept.owner ?? removed.owner,
    leadStatus: kept.leadStatus ?? removed.leadStatus,
    createdVia: creator.createdVia,
    createdByForm: creator.createdByForm,
    createdAt: creator.createdAt,
    firstTouch: (winners.touches ? removed : kept).firstTouch,
    leadCreation: creator.leadCreation,
  };
}

/**
 * Makes them two again, as they were. What came in since the merge stays with the kept person.
 * @throws KildeError `not_found`; `conflict` where it has been undone, or where a later merge must be undone first.
 */
export async function undoMerge({ db, clock }: Context, { mergeId }: { mergeId: number }): Promise<MergeView> {
  const now = clock();
  const since = undoableSince('personMerge', now);
  const results = await db.$client.batch(undoStatements({ mergeId, now, since }), 'write');
  const row = results.at(-1)!.rows[0];
  if (!row) throw notFound('merge');
  if (results.at(-2)!.rowsAffected > 0) return toMerge(row);
  if (row['undone_at'] !== null) throw conflict('This merge has been undone already.');
  refuseLateUndo('personMerge', { at: Number(row['at']), now });
  throw conflict('One of the two has been merged since; undo the later merge first.');
}

/** @throws KildeError `not_found`. */
export async function readMerge({ db }: Pick<Context, 'db'>, { mergeId }: { mergeId: number }): Promise<MergeView> {
  const [row] = await db.select().from(personMerge).where(eq(personMerge.id, mergeId));
  if (!row) throw notFound('merge');
  return toMergeView(row);
}

/** The merges that led to a person, newest first. @throws KildeError `not_found`. */
export function listMerges(
  context: ListContext,
  { id, query }: { id: number; query: ListQuery },
): PreparedList<MergeView> {
  const { db } = context;
  return prepareList(context, {
    list: personMergeList,
    query,
    path: `people/${id}/merges`,
    where: mergesOfPerson(id),
    parent: { found: db.select({ id: person.id }).from(person).where(eq(person.id, id)), what: 'person' },
    records: ({ where, orderBy, position }) =>
      selectMerges(db, position)
        .where(where)
        .orderBy(...orderBy),
    toItem: toMergeView,
  });
}
