import type { Database } from '../../db/client.ts';
import type { EventType } from '../../db/schema/events.ts';
import { defineStatement } from '../../db/statement.ts';
import { KildeError } from '../../domain/errors.ts';
import { toIso } from '../../domain/iso-time.ts';
import { readEventData } from './read-event-data.ts';

/** How far back a stream can go on. */
export const replayMs = 24 * 60 * 60 * 1_000;
const pollMs = 3_000;
const heartbeatMs = 15_000;
/** A request may ask the database only so often on the platform: a stream ends after this long, and its reader goes on where it was. */
const streamMs = 15 * 60_000;
/** Events that one poll reads, of any type, so that the next begins after them. What is left comes with the next, at once. */
const eventsAtOnce = 200;
/** Streams of one isolate. */
const maxStreams = 100;

let openStreams = 0;

export type StreamContext = {
  db: Database;
  clock: () => number;
  wait: (milliseconds: number) => Promise<void>;
};

export type StreamRequest = {
  types: readonly EventType[];
  /** Key of a site; null for all of them. */
  site: string | null;
  /** Number of the last event that was read; null begins with what happens from now on. */
  after: number | null;
};

const wantTypes =
  defineStatement(`INSERT INTO event_stream (type, until) SELECT value, :until FROM json_each(:types) WHERE true
  ON CONFLICT DO UPDATE SET until = max(until, excluded.until)`);

/** Where a stream begins: after the last event that was read, but no earlier than it can go back. */
const findStart = defineStatement(`SELECT iif(:after IS NULL, coalesce((SELECT max(id) FROM event), 0),
  max(:after, coalesce((SELECT max(event_id) FROM event_mark WHERE at <= :replayFrom), 0))) AS id`);

/** An event's site is that of the origin that brought it, of a person's lead creation or of a submission. */
const readEvents =
  defineStatement(`SELECT v.id, v.type, v.person_id AS personId, v.subject_id AS subjectId, v.at, v.detail,
    CASE WHEN v.type NOT IN (SELECT value FROM json_each(:types)) THEN 0 WHEN :site IS NULL THEN 1 ELSE coalesce((SELECT s.key FROM origin o JOIN site s ON s.id = o.site_id WHERE o.id = CASE v.type
      WHEN 'submission.received' THEN (SELECT origin_id FROM submission WHERE id = v.subject_id)
      WHEN 'company.created' THEN (SELECT lead_creation_origin_id FROM company WHERE id = v.subject_id)
      ELSE (SELECT lead_creation_origin_id FROM person WHERE id = v.person_id) END) = :site, 0) END AS matches
  FROM event v WHERE v.id > :after ORDER BY v.id LIMIT ${eventsAtOnce}`);

type StoredEvent = {
  id: number;
  type: EventType;
  personId: number | null;
  subjectId: string;
  at: number;
  detail: string | null;
  matches: number;
};

/**
 * Events as they happen, as server-sent events. Idle, it asks the database for what follows one number every three seconds, and nothing
 * else. The types are stored for a day from now on, so that a reader who comes back misses nothing.
 * @throws KildeError `unavailable` where too many streams are open.
 */
export async function streamEvents(
  context: StreamContext,
  request: StreamRequest,
): Promise<ReadableStream<Uint8Array>> {
  if (openStreams >= maxStreams) {
    throw new KildeError('unavailable', `There are ${maxStreams} streams open already. Try again in a minute.`);
  }
  const { db, clock } = context;
  const now = clock();
  const [, start] = await db.$client.batch(
    [
      wantTypes({ types: JSON.stringify(request.types), until: now + replayMs }),
      findStart({ after: request.after, replayFrom: now - replayMs }),
    ],
    'write',
  );
  const after = Number(start!.rows[0]!['id']);
  let isOpen = true;
  openStreams += 1;
  const end = (): void => {
    if (isOpen) openStreams -= 1;
    isOpen = false;
  };
  return new ReadableStream<Uint8Array>({
    start(controller) {
      // Not waited for: it goes on until the reader leaves.
      void sendEvents(context, { ...request, after, controller, isOpen: () => isOpen })
        .then(() => {
          if (isOpen) controller.close();
        })
        .catch((error: unknown) => {
          if (isOpen) controller.error(error);
        })
        .finally(end);
    },
    cancel: end,
  });
}

async function sendEvents(
  { db, clock, wait }: StreamContext,
  {
    types,
    site,
    after,
    controller,
    isOpen,
  }: StreamRequest & { controller: ReadableStreamDefaultController<Uint8Array>; isOpen: () => boolean },
): Promise<void> {
  const encoder = new TextEncoder();
  const send = (text: string): void => {
    if (isOpen()) controller.enqueue(encoder.encode(text));
  };
  const until = clock() + streamMs;
  let place = after ?? 0;
  let sentAt = clock();
  send('retry: 3000\n\n');
  while (isOpen() && clock() < until) {
    const { rows } = await db.$client.execute(readEvents({ after: place, types: JSON.stringify(types), site }));
    for (const event of rows as unknown as StoredEvent[]) {
      place = event.id;
      if (!event.matches || !isOpen()) continue;
      send(messageOf(event, await readEventData({ db }, event)));
      sentAt = clock();
    }
    if (rows.length === eventsAtOnce) continue;
    await wait(pollMs);
    if (clock() - sentAt >= heartbeatMs) {
      send(': still here\n\n');
      sentAt = clock();
    }
  }
}

/** JSON has no line break of its own, so it is one line of data. */
function messageOf({ id, type, at }: StoredEvent, data: unknown): string {
  return `id: evt_${id}\nevent: ${type}\ndata: ${JSON.stringify({ type, timestamp: toIso(at), data })}\n\n`;
}
