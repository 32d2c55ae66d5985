import type { Row } from '@libsql/client/http';
import { eq, getTableColumns, sql } from 'drizzle-orm';
import type { Database } from '../../../db/client.ts';
import { reclassificationList } from '../../../db/lists/history-lists.ts';
import { reclassification } from '../../../db/schema/reclassifications.ts';
import { movablePoints, reclassificationCounts } from '../../../domain/attribution/reclassification.ts';
import type { ReclassificationState } from '../../../domain/attribution/reclassification.ts';
import { notFound } from '../../../domain/errors.ts';
import { toIso, toIsoOrNull } from '../../../domain/iso-time.ts';
import type { ListQuery } from '../../../domain/lists/list-info.ts';
import { undoTerms } from '../../../domain/undo-terms.ts';
import type { UndoTerms } from '../../../domain/undo-terms.ts';
import { prepareList } from '../../lists/prepare-list.ts';
import type { ListContext, PreparedList } from '../../lists/prepare-list.ts';
import type { MovedPoints, RecordCounts } from './preview-reclassification.ts';

export { reclassificationList };

export type ReclassificationRow = typeof reclassification.$inferSelect;

export type ReclassificationAnswer = {
  id: string;
  at: string;
  state: ReclassificationState;
  rulesVersion: number;
  /** What has been changed so far; all of it once `state` is no longer `applying`. */
  changes: RecordCounts;
  movedPoints: MovedPoints;
  finishedAt: string | null;
  undoneAt: string | null;
} & UndoTerms;

/** Reclassifications, the newest first. */
export function listReclassifications(context: ListContext, query: ListQuery): PreparedList<ReclassificationAnswer> {
  return prepareList(context, {
    list: reclassificationList,
    query,
    records: ({ where, orderBy, position }) =>
      context.db
        .select({ ...getTableColumns(reclassification), ...position })
        .from(reclassification)
        .where(where)
        .orderBy(...orderBy),
    toItem: toReclassification,
  });
}

/** @throws KildeError `not_found`. */
export async function readReclassification(
  { db }: { db: Database },
  { id }: { id: string },
): Promise<ReclassificationAnswer> {
  const row = await findReclassification(db, id);
  if (!row) throw notFound('reclassification');
  return toReclassification(row);
}

export async function findReclassification(db: Database, id: string): Promise<ReclassificationRow | undefined> {
  const [row] = await db.select().from(reclassification).where(eq(reclassification.id, id));
  return row;
}

/** The one that is applied or undone at this moment. */
export async function findRunning(db: Database): Promise<ReclassificationRow | undefined> {
  const [row] = await db
    .select()
    .from(reclassification)
    .where(sql`${reclassification.state} IN ('applying', 'undoing')`);
  return row;
}

/** Reads a row as a statement returns it. */
export function readReturned(row: Row): ReclassificationRow {
  const columns = Object.entries(getTableColumns(reclassification));
  return Object.fromEntries(
    columns.map(([name, column]) => {
      const value = row[column.name] ?? null;
      return [name, value === null ? null : column.mapFromDriverValue(value)];
    }),
  ) as ReclassificationRow;
}

export function toReclassification(row: ReclassificationRow): ReclassificationAnswer {
  const pick = <Name extends keyof ReclassificationRow['counts']>(names: readonly Name[]) =>
    Object.fromEntries(names.map((name) => [name, row.counts[name]])) as Record<Name, number>;
  return {
    id: row.id,
    at: toIso(row.at),
    state: row.state,
    rulesVersion: row.rulesVersion,
    changes: pick(reclassificationCounts),
    movedPoints: pick(movablePoints),
    finishedAt: toIsoOrNull(row.finishedAt),
    undoneAt: toIsoOrNull(row.undoneAt),
    ...undoTerms('reclassification', row.at),
  };
}
