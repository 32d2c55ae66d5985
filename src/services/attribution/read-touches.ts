import { and, eq } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { living } from '../../db/living.ts';
import { selectTouches, toListedTouch } from '../../db/queries/attribution/read-touch-list.ts';
import type { ListedTouch } from '../../db/queries/attribution/read-touch-list.ts';
import { touch } from '../../db/schema/origins.ts';
import { notFound } from '../../domain/errors.ts';
import type { ListQuery } from '../../domain/lists/list-info.ts';
import type { ListContext, PreparedList } from '../lists/prepare-list.ts';
import { listOfEntity, prepareSegmentList } from '../segments/prepare-segment-list.ts';

export const touchList = listOfEntity('touch', 'touches');

/** Touches of people, newest first. */
export function listTouches(context: ListContext, query: ListQuery): PreparedList<ListedTouch> {
  return prepareSegmentList(context, {
    entity: 'touch',
    list: touchList,
    query,
    records: ({ where, orderBy, position }) =>
      selectTouches(context.db, position)
        .where(where)
        .orderBy(...orderBy),
    toItem: toListedTouch,
  });
}

/** @throws KildeError `not_found`. */
export async function readTouch({ db }: { db: Database }, { id }: { id: number }): Promise<ListedTouch> {
  const [row] = await selectTouches(db).where(and(eq(touch.id, id), living('touch')));
  if (!row) throw notFound('touch');
  return toListedTouch(row);
}
