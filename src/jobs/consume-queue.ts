import type { Deps } from '../http/deps.ts';
import { consumeSubmissions, keepDeadSubmissions } from './apply-submissions.ts';
import { consumeVisits } from './count-visits.ts';

/** Takes a queue's messages, and says of each how it went; throws where all are to be delivered again. */
type Consumer = (input: { deps: Deps; messages: readonly Message[] }) => Promise<void>;

/** By the queue's name, as wrangler.toml has it. */
const consumers: Record<string, Consumer> = {
  'kilde-visits': async ({ deps, messages }) => consumeVisits({ deps, bodies: messages.map(({ body }) => body) }),
  'kilde-submissions': consumeSubmissions,
  'kilde-submissions-dead': keepDeadSubmissions,
};

const retryDelaySeconds = 30;

/** Hands a batch of messages to its queue's consumer. What a consumer says nothing of has been taken. */
export async function consumeQueue({ deps, batch }: { deps: Deps; batch: MessageBatch }): Promise<void> {
  try {
    const consume = consumers[batch.queue];
    if (!consume) throw new Error(`no consumer`);
    await consume({ deps, messages: batch.messages });
    batch.ackAll();
  } catch (error) {
    console.error(`queue ${batch.queue} failed: ${error instanceof Error ? error.name : 'unknown'}`);
    batch.retryAll({ delaySeconds: retryDelaySeconds });
  }
}
