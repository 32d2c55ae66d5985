import type { Database } from '../../db/client.ts';
import { clearReceiver } from '../../db/queries/deliveries/receivers.ts';

/** Lets receivers be tried at once, after somebody asked for it or changed them. */
export async function clearReceivers(
  { db, clock }: { db: Database; clock: () => number },
  addresses: readonly string[],
): Promise<void> {
  if (addresses.length === 0) return;
  await db.$client.batch(
    addresses.map((address) => clearReceiver({ address, now: clock() })),
    'write',
  );
}
