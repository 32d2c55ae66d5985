import { DatabaseUnreachable, isDatabaseUnavailable } from '../../db/is-unavailable.ts';
import { KildeError } from '../../domain/errors.ts';
import type { InboundSubmission } from '../../domain/capture/lead.ts';
import type { SentFrom } from './page-hosts.ts';
import type { SubmissionControl } from './read-submission.ts';

/** A submission on its way to the database, as a message: plain JSON. */
export type QueuedSubmission = {
  inbound: InboundSubmission;
  /** Why it is to be held back; empty where nothing speaks against it. */
  reasons: string[];
  /** What it is to be judged by, where the form's settings could not be read when it came. */
  unjudged: { control: SubmissionControl; userAgent: string; sentFrom?: SentFrom; journeySite?: string | null } | null;
};

/** Hands a submission to a queue; resolves when it is durable there. */
export type SendSubmission = (message: QueuedSubmission) => Promise<void>;

/** A message of Cloudflare Queues has at most 128 KB, some of which is the platform's. */
const maxMessageBytes = 120_000;
/** How long a visitor waits for the database where a queue can take over. */
const patienceMs = 5_000;

type QueueContext = { sendSubmission: SendSubmission | null; wait: (milliseconds: number) => Promise<void> };

/**
 * Stores a submission, or hands it to the queue where the database cannot be reached, answers a fault or is silent. An attempt
 * whose end is not known may have stored it: its id is the same, so that applying it again does nothing.
 * @throws what `store` throws, where there is no queue, it is full, or it takes no message so large.
 */
export async function storeOrQueue(
  context: QueueContext,
  { store, message }: { store: () => Promise<{ id: string }>; message: QueuedSubmission },
): Promise<{ id: string }> {
  try {
    return await withPatience(context, store());
  } catch (error) {
    if (!isForQueue(context, error)) throw error;
    await sendToQueue(context, message);
    return { id: message.inbound.id };
  }
}

/** Waits for the database, where a queue can take over no longer than a visitor would. */
export async function withPatience<T>({ sendSubmission, wait }: QueueContext, asked: Promise<T>): Promise<T> {
  if (!sendSubmission) return asked;
  const silence = wait(patienceMs).then(() => {
    throw new DatabaseUnreachable('silent');
  });
  return Promise.race([asked, silence]);
}

/** @throws KildeError `unavailable`: the visitor keeps what was sent. */
export async function sendToQueue({ sendSubmission }: QueueContext, message: QueuedSubmission): Promise<void> {
  if (!sendSubmission) throw unavailable();
  await sendSubmission(cutToFit(message)).catch(() => {
    throw unavailable();
  });
}

/**
 * The message, its longest answers cut until it is no larger than a queue takes: a lead whose long answer is cut is better than none. What
 * was cut stands in the field `_notes`.
 */
function cutToFit(message: QueuedSubmission): QueuedSubmission {
  let cut = message;
  for (let maxLength = 64_000; bytesOf(cut) > maxMessageBytes; maxLength /= 2) {
    if (maxLength < 100) throw unavailable();
    const limit = Math.floor(maxLength);
    const shorten = (text: string): string => text.slice(0, limit).toWellFormed();
    const fields = Object.entries(message.inbound.fields).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.map(shorten) : shorten(value),
    ]);
    const note = `Answers longer than ${limit} characters were cut: the database could not be reached.`;
    const notes = [message.inbound.fields['_notes'] ?? [], note].flat();
    cut = { ...message, inbound: { ...message.inbound, fields: Object.fromEntries([...fields, ['_notes', notes]]) } };
  }
  return cut;
}

const bytesOf = (message: QueuedSubmission): number => new TextEncoder().encode(JSON.stringify(message)).length;

const unavailable = () =>
  new KildeError('unavailable', 'The database does not answer. Nothing was stored; send it again.');

/** Whether what failed leaves a submission to the queue. */
export function isForQueue({ sendSubmission }: QueueContext, error: unknown): boolean {
  return sendSubmission !== null && isDatabaseUnavailable(error);
}
