import type { DeliveryStatus } from '../../db/schema/schedules.ts';
import { nextTry, notTriedBecause } from '../../domain/deliveries/receiver-state.ts';
import { toIso } from '../../domain/iso-time.ts';

/**
 * When a delivery is tried next, and why it waits: its own failure, or that of its receiver, which keeps it from being tried.
 * Due at once is now, never a time that has passed.
 */
export function waitOf({
  status,
  nextAt,
  lastError,
  retryAt,
  receiverError,
  now,
}: {
  status: DeliveryStatus;
  nextAt: number;
  lastError: string | null;
  /** Of the receiver; null where it does not fail. */
  retryAt: number | null;
  receiverError: string | null;
  now: number;
}): { nextAt: string | null; lastError: string | null } {
  if (status !== 'pending') return { nextAt: null, lastError };
  const isReceivers = lastError === null && receiverError !== null;
  return {
    nextAt: toIso(nextTry({ nextAt, retryAt, now })),
    lastError: isReceivers ? notTriedBecause(receiverError) : lastError,
  };
}
