import { and, eq, getTableColumns } from 'drizzle-orm';
import { deadLetterList } from '../../db/lists/capture-lists.ts';
import { deadLetter } from '../../db/schema/dead-letters.ts';
import { conflict, invalidInput, notFound } from '../../domain/errors.ts';
import { toIso, toIsoOrNull } from '../../domain/iso-time.ts';
import type { ListQuery } from '../../domain/lists/list-info.ts';
import { applySubmission, readQueued } from './apply-submission.ts';
import { withoutErased } from '../people/erased-addresses.ts';
import type { ErasureContext } from '../people/erased-addresses.ts';
import { prepareList } from '../lists/prepare-list.ts';
import type { ListContext, PreparedList } from '../lists/prepare-list.ts';
import type { ServiceContext } from '../service-context.ts';

export { deadLetterList };

type Row = typeof deadLetter.$inferSelect;

export type DeadLetterAnswer = {
  id: string;
  at: string;
  reason: string;
  attempts: number;
  replayedAt: string | null;
  payload: unknown;
};

/**
 * Keeps a message that cannot be applied. One that is delivered twice is kept once; one that holds an address that was erased since it
 * was captured is dropped, as those that were there are deleted.
 */
export async function keepDeadLetter(
  context: ErasureContext & { clock: () => number },
  letter: Pick<Row, 'id' | 'reason' | 'attempts' | 'payload'>,
): Promise<void> {
  const at = readQueued(letter.payload)?.inbound.at ?? 0;
  const { erased } = await withoutErased(context, { data: letter.payload, at });
  if (erased.length > 0) return;
  await context.db
    .insert(deadLetter)
    .values({ ...letter, at: context.clock() })
    .onConflictDoNothing();
}

function toAnswer({ id, at, reason, attempts, replayedAt, payload }: Row): DeadLetterAnswer {
  return {
    id,
    at: toIso(at),
    reason,
    attempts,
    replayedAt: toIsoOrNull(replayedAt),
    payload,
  };
}

/** @throws KildeError `not_found`. */
export async function readDeadLetter({ db }: Pick<ServiceContext, 'db'>, id: string): Promise<DeadLetterAnswer> {
  const [row] = await db.select().from(deadLetter).where(eq(deadLetter.id, id));
  if (!row) throw notFound('dead letter');
  return toAnswer(row);
}

/** Dead letters, the newest first. */
export function listDeadLetters(context: ListContext, query: ListQuery): PreparedList<DeadLetterAnswer> {
  return prepareList(context, {
    list: deadLetterList,
    query,
    records: ({ where, orderBy, position }) =>
      context.db
        .select({ ...getTableColumns(deadLetter), ...position })
        .from(deadLetter)
        .where(where)
        .orderBy(...orderBy),
    toItem: toAnswer,
  });
}

type ReplayContext = ServiceContext & Parameters<typeof applySubmission>[0];

/**
 * Applies a dead letter once more, after what stood in its way was mended.
 * @throws KildeError `not_found`; `conflict` where it has been; what still stands in its way.
 */
export async function replayDeadLetter(context: ReplayContext, id: string): Promise<{ id: string }> {
  const { db, clock } = context;
  const [row] = await db.select().from(deadLetter).where(eq(deadLetter.id, id));
  if (!row) throw notFound('dead letter');
  if (row.replayedAt !== null) throw conflict('It has been applied already.');
  const queued = readQueued(row.payload);
  if (!queued) throw invalidInput([{ location: 'payload', message: 'is no submission' }]);
  const applied = await applySubmission(context, queued);
  await db
    .update(deadLetter)
    .set({ replayedAt: clock() })
    .where(and(eq(deadLetter.id, id)));
  return { id: applied.id };
}

/** @throws KildeError `not_found`. */
export async function deleteDeadLetter({ db }: ServiceContext, id: string): Promise<void> {
  const deleted = await db.delete(deadLetter).where(eq(deadLetter.id, id)).returning({ id: deadLetter.id });
  if (deleted.length === 0) throw notFound('dead letter');
}
