import type { InStatement } from '@libsql/client/http';
import {
  finishReclassification,
  noteIfStarted,
  finishUndoStatements,
  forgetGroupStatements,
  movePointStatements,
  restoreOriginStatements,
  restorePointStatements,
  readFields,
  rewriteStatements,
  selectNewGroups,
  selectMovedPoints,
  selectRecordsOfPoint,
  selectRewrittenOrigins,
  startReclassification,
  startUndo,
} from '../../../db/queries/attribution/reclassifications.ts';
import { movablePoints } from '../../../domain/attribution/reclassification.ts';
import type { MovablePoint, ReclassificationCursor } from '../../../domain/attribution/reclassification.ts';
import { sentFields } from '../../../domain/attribution/origin-fields.ts';
import { rulesVersion } from '../../../domain/attribution/rules-version.ts';
import { conflict, notFound } from '../../../domain/errors.ts';
import { readToday } from '../../note-changes.ts';
import type { ServiceContext } from '../../service-context.ts';
import { keyOf, planChanges, readRulesInForce, valuesOf } from './plan-changes.ts';
import type { OriginChange } from './plan-changes.ts';
import { add, countChanges, noRecords } from './preview-reclassification.ts';
import { findReclassification, findRunning, readReturned, toReclassification } from './read-reclassifications.ts';
import type { ReclassificationAnswer, ReclassificationRow } from './read-reclassifications.ts';

type Context = Pick<ServiceContext, 'db' | 'clock'>;

/** Origins that one step looks at, and points that it moves. */
const originsAtOnce = 500;
const pointsAtOnce = 100;
/**
 * Touches of the origins that one transaction rewrites: the leads they belong to are rolled up again, and forms wait for that. An origin of
 * more counts as so many, since everything is rolled up again then (program/roll-up.ts).
 */
const touchesAtOnce = 300;
const originsWrittenAtOnce = 100;
const groupsAtOnce = 50;

const start: ReclassificationCursor = { phase: 'origins', afterId: 0 };

/**
 * Starts applying today's rules to every origin that is stored now. What is left when the time is over, `continueReclassifications` does.
 * @throws KildeError `conflict` while another one is applied or undone.
 */
export async function applyReclassification(
  context: Context & Pick<ServiceContext, 'settings'> & { newId: () => string },
  { milliseconds }: { milliseconds: number },
): Promise<ReclassificationAnswer> {
  const { db, clock, newId } = context;
  const { day } = await readToday(context);
  const counts = { ...noRecords(), firstTouch: 0, leadCreation: 0, conversion: 0 };
  const at = clock();
  const [{ rows } = { rows: [] }] = await db.$client.batch(
    [
      startReclassification({
        id: newId(),
        at,
        rulesVersion,
        cursor: JSON.stringify(start),
        counts: JSON.stringify(counts),
      }),
      noteIfStarted({ day, at, kind: 'reclassificationStarted', text: 'History is read again by the rules of today.' }),
    ],
    'write',
  );
  if (!rows[0]) throw await runningConflict(context);
  return toReclassification(await workOn(context, { row: readReturned(rows[0]), milliseconds }));
}

/**
 * Starts giving every origin and every point back what it had.
 * @throws KildeError `not_found`; `conflict` unless it is the newest one that is applied, or while another one is applied or undone.
 */
export async function undoReclassification(
  context: Context & Pick<ServiceContext, 'settings'>,
  { id, milliseconds }: { id: string; milliseconds: number },
): Promise<ReclassificationAnswer> {
  const { db } = context;
  const { day, at } = await readToday(context);
  const [{ rows } = { rows: [] }] = await db.$client.batch(
    [
      startUndo({ id }),
      noteIfStarted({
        day,
        at,
        kind: 'reclassificationUndone',
        text: 'The last reading of history by newer rules is undone.',
      }),
    ],
    'write',
  );
  if (!rows[0]) {
    const found = await findReclassification(db, id);
    if (!found) throw notFound('reclassification');
    if (found.state === 'undone') throw conflict('This reclassification has been undone already.');
    if (await findRunning(db)) throw await runningConflict(context);
    throw conflict('Undo the later reclassifications first, the newest before the others.');
  }
  return toReclassification(await workOn(context, { row: readReturned(rows[0]), milliseconds }));
}

async function runningConflict({ db }: Context): Promise<Error> {
  const running = await findRunning(db);
  return conflict(
    running
      ? `The reclassification ${running.id} is ${running.state} at this moment. Wait until it has ended.`
      : 'Another reclassification has just ended. Send it again.',
  );
}

/** Goes on with what is applied or undone, until it has ended or the time is over. */
export async function continueReclassifications(
  context: Context,
  { milliseconds }: { milliseconds: number },
): Promise<void> {
  const row = await findRunning(context.db);
  if (row) await workOn(context, { row, milliseconds });
}

/** One short transaction after the other. @returns the reclassification as it is then. */
async function workOn(
  context: Context,
  { row: first, milliseconds }: { row: ReclassificationRow; milliseconds: number },
): Promise<ReclassificationRow> {
  const until = context.clock() + milliseconds;
  let row = first;
  do {
    const next = await (row.state === 'applying' ? applyNext(context, row) : undoNext(context, row));
    // Where another process had the turn, nothing was written.
    row = next ?? (await findReclassification(context.db, row.id))!;
  } while ((row.state === 'applying' || row.state === 'undoing') && context.clock() <= until);
  return row;
}

/** The row after a step; null where the step was not this one's. */
type Next = Promise<ReclassificationRow | null>;

/** Everything that is written is written in the turn of this step alone. */
const turnOf = ({ id, step, state }: ReclassificationRow) => ({ id, step, state });

/** Runs a step. Its last statement returns the row. */
async function write({ db }: Context, statements: InStatement[]): Next {
  const results = await db.$client.batch(statements, 'write');
  const row = results.at(-1)!.rows[0];
  return row ? readReturned(row) : null;
}

async function applyNext(context: Context, row: ReclassificationRow): Next {
  const { cursor } = row;
  if (cursor.phase === 'origins') return rewriteNext(context, row, cursor);
  if (cursor.phase === 'groups') throw new Error('Groups of origins are forgotten when a reclassification is undone.');
  const { phase: point, ...place } = cursor;
  return movePoints(context, row, { point, ...place });
}

async function rewriteNext(context: Context, row: ReclassificationRow, { afterId }: { afterId: number }): Next {
  const { db, clock } = context;
  const rules = await readRulesInForce(db);
  const page = await planChanges(db, { rules, afterId, lastOriginId: row.lastOriginId, limit: originsAtOnce });
  const noPoint: PointPlace = { point: movablePoints[0], ...noRecord };
  if (page.isLast && page.changes.length === 0) return movePoints(context, row, noPoint);
  const candidates = page.changes.slice(0, originsWrittenAtOnce);
  const counted = await countChanges(db, candidates);
  const changes: OriginChange[] = [];
  const counts = { ...row.counts };
  for (let touches = 0; changes.length < candidates.length && touches < touchesAtOnce;) {
    const place = changes.length;
    changes.push(candidates[place]!);
    add(counts, counted[place]!);
    touches += Math.min(counted[place]!.touches, touchesAtOnce);
  }
  const isWhole = changes.length === page.changes.length;
  const reached = isWhole ? page.reachedId : changes.at(-1)!.id;
  const cursor: ReclassificationCursor =
    isWhole && page.isLast ? toCursor(noPoint) : { phase: 'origins', afterId: reached };
  return write(
    context,
    rewriteStatements({
      ...turnOf(row),
      version: rules.settingsVersion,
      at: clock(),
      cursor: JSON.stringify(cursor),
      counts: JSON.stringify(counts),
      ...toWritten(changes),
    }),
  );
}

/** Changes, and the values that they need, as the statements read them. */
function toWritten(changes: readonly OriginChange[]): { changes: string; values: string } {
  const values = new Map<string, { field: string; canonical: string; label: string; readFrom: number[] }>();
  for (const { id, after } of changes) {
    for (const field of readFields) {
      const canonical = after[field];
      if (canonical === null) continue;
      const name = `${field}\n${canonical}`;
      const value = values.get(name) ?? { field, canonical, label: canonical, readFrom: [] };
      values.set(name, value);
      value.readFrom.push(id);
    }
  }
  return {
    values: JSON.stringify([...values.values()]),
    changes: JSON.stringify(
      changes.map(({ id, key, after, rankBefore, rankAfter }) => ({
        id,
        key,
        channel: after.channel,
        texts: sentFields.map((field) => after[field]),
        saysLess: rankAfter < rankBefore ? 1 : 0,
      })),
    ),
  };
}

/** Before every record: the lowest time and id that there can be. */
const noRecord = { originId: 0, at: Number.MIN_SAFE_INTEGER, afterId: Number.MIN_SAFE_INTEGER as number | string };

type PointPlace = { point: MovablePoint; originId: number; at: number; afterId: number | string };

function toCursor({ point, ...place }: PointPlace): ReclassificationCursor {
  return { phase: point, ...place };
}

/** Moves the points of the next records, or ends where none are left. */
async function movePoints(context: Context, row: ReclassificationRow, from: PointPlace): Next {
  const turn = turnOf(row);
  const left = movablePoints.slice(movablePoints.indexOf(from.point));
  const found = await context.db.$client.batch(
    left.map((point) => {
      const { originId, at, afterId } = point === from.point ? from : noRecord;
      return selectRecordsOfPoint[point]({ id: row.id, originId, afterAt: at, afterId, limit: pointsAtOnce });
    }),
    'read',
  );
  const place = found.findIndex(({ rows }) => rows.length > 0);
  if (place < 0) return write(context, [finishReclassification({ ...turn, at: context.clock() })]);
  const point = left[place]!;
  const { rows } = found[place]!;
  const last = rows.at(-1)!;
  const cursor = toCursor({
    point,
    originId: Number(last['origin_id']),
    at: Number(last['at']),
    afterId: last['id'] as number | string,
  });
  const ids = JSON.stringify(rows.map(({ id }) => id));
  return write(context, movePointStatements(point, { ...turn, ids, cursor: JSON.stringify(cursor) }));
}

/** Points first: the touches that they name again are described by origins that are restored after them. */
async function undoNext(context: Context, row: ReclassificationRow): Next {
  const { db } = context;
  const turn = turnOf(row);
  const moved = await db.$client.batch(
    movablePoints.map((point) => selectMovedPoints[point]({ id: row.id, limit: pointsAtOnce })),
    'read',
  );
  const place = moved.findIndex(({ rows }) => rows.length > 0);
  if (place >= 0) {
    const ids = JSON.stringify(moved[place]!.rows.map(({ record_id }) => record_id));
    return write(context, restorePointStatements(movablePoints[place]!, { ...turn, ids }));
  }
  const { rows } = await db.$client.execute(selectRewrittenOrigins({ id: row.id, limit: originsWrittenAtOnce }));
  if (rows.length === 0) return forgetWhatItBrought(context, row);
  const changes: Array<{ id: number; key: string }> = [];
  let touches = 0;
  for (const origin of rows) {
    if (touches >= touchesAtOnce) break;
    const texts = JSON.parse(origin['texts'] as string) as Array<string | null>;
    const values = valuesOf(texts, origin['click_id_name'] as string | null);
    changes.push({ id: Number(origin['id']), key: keyOf(Number(origin['site_id']), values) });
    touches += Number(origin['touches']);
  }
  return write(context, restoreOriginStatements({ ...turn, changes: JSON.stringify(changes) }));
}

/** Groups of origins and values that nothing has any more. */
async function forgetWhatItBrought(context: Context, row: ReclassificationRow): Next {
  const { db, clock } = context;
  const turn = turnOf(row);
  const afterId = row.cursor.phase === 'groups' ? row.cursor.afterId : row.lastGroupId;
  const { rows } = await db.$client.execute(selectNewGroups({ afterId, limit: groupsAtOnce }));
  if (rows.length === 0) return write(context, finishUndoStatements({ ...turn, at: clock() }));
  const ids = rows.map(({ id }) => Number(id));
  const cursor: ReclassificationCursor = { phase: 'groups', afterId: ids.at(-1)! };
  return write(context, forgetGroupStatements({ ...turn, ids: JSON.stringify(ids), cursor: JSON.stringify(cursor) }));
}
