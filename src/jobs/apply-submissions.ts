import type { Deps } from '../http/deps.ts';
import { isDatabaseUnavailable } from '../db/is-unavailable.ts';
import { KildeError } from '../domain/errors.ts';
import { applySubmission, readQueued } from '../services/capture/apply-submission.ts';
import { keepDeadLetter } from '../services/capture/manage-dead-letters.ts';

type Batch = { deps: Deps; messages: readonly Message[] };

/** Faults that nobody foresaw are tried so often before a message is set aside. */
const maxAttempts = 5;
const maxDelaySeconds = 3_600;

/**
 * Stores what the queue of submissions delivers, each with its original time, the earlier first. While the database is away they
 * are delivered again, later each time. What cannot be stored at all is set aside as a dead letter, with the reason.
 */
export async function consumeSubmissions({ deps, messages }: Batch): Promise<void> {
  const ordered = messages.map((message) => ({ message, queued: readQueued(message.body) }));
  ordered.sort((a, b) => (a.queued?.inbound.at ?? 0) - (b.queued?.inbound.at ?? 0));
  for (const { message, queued } of ordered) {
    try {
      if (!queued) throw new KildeError('bad_request', 'The message is of no known shape.');
      await applySubmission(deps, queued);
      message.ack();
    } catch (error) {
      await giveBack({ deps, message, error });
    }
  }
}

async function giveBack({ deps, message, error }: { deps: Deps; message: Message; error: unknown }): Promise<void> {
  const later = { delaySeconds: Math.min(maxDelaySeconds, 10 * 2 ** message.attempts) };
  const isFinal = error instanceof KildeError && error.code !== 'conflict' && error.code !== 'unavailable';
  if (isDatabaseUnavailable(error) || (!isFinal && message.attempts < maxAttempts)) {
    message.retry(later);
    return;
  }
  const reason = error instanceof KildeError ? error.code : 'internal';
  try {
    await keepDeadLetter(deps, { id: message.id, reason, attempts: message.attempts, payload: message.body });
    message.ack();
  } catch {
    message.retry(later);
  }
}

/** Keeps what the platform itself gave up delivering. */
export async function keepDeadSubmissions({ deps, messages }: Batch): Promise<void> {
  for (const { id, attempts, body } of messages) {
    await keepDeadLetter(deps, { id, reason: 'undelivered', attempts, payload: body });
  }
}
