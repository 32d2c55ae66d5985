import { defineStatement } from '../../statement.ts';

/** Addresses of webhooks with events that are due, with their state (DueReceiver). */
export const findEventReceivers = defineStatement(`
  SELECT w.url AS address, coalesce(r.failures, 0) AS failures, coalesce(r.retry_at, 0) AS retryAt,
    coalesce(r.lease_until, 0) AS leaseUntil
  FROM webhook w LEFT JOIN receiver r ON r.address = w.url
  WHERE w.enabled = 1 AND EXISTS (SELECT 1 FROM event_delivery d WHERE d.webhook_id = w.id AND d.status = 'pending' AND d.next_at <= :now)
  GROUP BY w.url`);

/** The same of reports and notifications. */
export const findReportReceivers = defineStatement(`
  SELECT d.address AS address, coalesce(r.failures, 0) AS failures, coalesce(r.retry_at, 0) AS retryAt,
    coalesce(r.lease_until, 0) AS leaseUntil
  FROM (SELECT DISTINCT address FROM delivery
    WHERE status = 'pending' AND next_at <= :now) d LEFT JOIN receiver r ON r.address = d.address`);

/** Takes a receiver for one run, until `:lease`; no row where another has it or it is left alone. */
export const claimReceiver = defineStatement(`
  INSERT INTO receiver (address, lease_until) VALUES (:address, :lease)
  ON CONFLICT (address) DO UPDATE SET lease_until = excluded.lease_until WHERE lease_until <= :now AND retry_at <= :now
  RETURNING failures, failing_since AS failingSince, retry_at AS retryAt, last_error AS lastError, is_gone AS isGone`);

/** Gives a receiver that is well back. */
export const forgetReceiver = defineStatement(`
  DELETE FROM receiver WHERE address = :address AND lease_until = :lease`);

/** Gives a receiver back that fails. */
export const storeReceiver = defineStatement(`
  UPDATE receiver SET lease_until = 0, failures = :failures, failing_since = :failingSince, retry_at = :retryAt,
    last_error = :lastError, is_gone = :isGone
  WHERE address = :address AND lease_until = :lease`);

/** Lets a receiver be tried at once, whatever it has answered; one that is being sent to stays as it is. */
export const clearReceiver = defineStatement(`
  DELETE FROM receiver WHERE address = :address AND lease_until <= :now`);
