import { visitBatchSchema } from '../domain/attribution/visit-batch-schema.ts';
import type { Deps } from '../http/deps.ts';
import { countVisits } from '../services/capture/count-visits.ts';

/**
 * Counts what the queue of visits delivers, all of it in one round trip. A message that cannot be read never will be: it is
 * let go. Where the database fails, the error goes up and the queue delivers all of them again.
 */
export async function consumeVisits({ deps, bodies }: { deps: Deps; bodies: unknown[] }): Promise<void> {
  const batches = bodies.flatMap((body) => {
    const read = visitBatchSchema.safeParse(body);
    if (!read.success) console.error('visits: a message of no known shape was let go');
    return read.success ? [read.data] : [];
  });
  await countVisits(deps, { batches });
}
