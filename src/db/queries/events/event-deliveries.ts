import { defineStatement } from '../../statement.ts';

/**
 * Claims what is due to one address, until `:lease`: at most `:limit`, and of one person at one webhook only the earliest that
 * waits, so that order holds whatever fails.
 */
export const claimEvents = defineStatement(`
  UPDATE event_delivery SET next_at = :lease, attempts = attempts + 1
  WHERE id IN (SELECT d.id FROM webhook w JOIN event_delivery d ON d.webhook_id = w.id
    WHERE w.url = :address AND w.enabled = 1 AND d.status = 'pending' AND d.next_at <= :now
      AND (d.person_id IS NULL OR NOT EXISTS (SELECT 1 FROM event_delivery e WHERE e.webhook_id = d.webhook_id
        AND e.person_id = d.person_id AND e.status = 'pending' AND e.event_id < d.event_id))
    ORDER BY d.next_at, d.id LIMIT :limit)
  RETURNING id, webhook_id AS webhookId, event_id AS eventId, attempts`);

/** What is to be sent, of deliveries by their ids (`:ids`, JSON), in order. */
export const readClaimed = defineStatement(`
  SELECT d.id AS id, d.attempts AS attempts, d.last_error AS lastError, v.id AS eventId, v.type AS type, v.person_id AS personId,
    v.subject_id AS subjectId, v.at AS at, v.detail AS detail, w.url AS url, w.secret AS secret,
    iif(w.former_until > :now, w.former_secret, NULL) AS formerSecret
  FROM event_delivery d JOIN event v ON v.id = d.event_id JOIN webhook w ON w.id = d.webhook_id
  WHERE d.id IN (SELECT value FROM json_each(:ids)) ORDER BY v.id`);

/** Writes how tries ended: `:results` is a JSON list of `{ id, status, attempts, nextAt, error }`. */
export const finishEvents = defineStatement(`
  UPDATE event_delivery SET status = r.value ->> 'status', attempts = r.value ->> 'attempts',
    next_at = coalesce(r.value ->> 'nextAt', next_at), last_error = r.value ->> 'error',
    finished_at = iif(r.value ->> 'status' = 'pending', NULL, :now)
  FROM json_each(:results) r WHERE event_delivery.id = r.value ->> 'id'`);

/** Turns webhooks off whose receiver wants nothing more. */
export const disableWebhooks = defineStatement(`
  UPDATE webhook SET enabled = 0, disabled_reason = 'The receiver answered 410 Gone.' WHERE url = :address AND enabled = 1`);

/** What waits for a webhook that is turned off is not tried again. */
export const giveUpDisabled = defineStatement(`
  UPDATE event_delivery SET status = 'dead', finished_at = :now,
    last_error = (SELECT coalesce(disabled_reason, 'The webhook is turned off.') FROM webhook WHERE id = webhook_id)
  WHERE status = 'pending' AND webhook_id IN (SELECT id FROM webhook WHERE enabled = 0)`);

/** What waits for a receiver that is gone (`:before` null), or has waited since `:before` for one that has failed all the while. */
export const giveUpEvents = defineStatement(`
  UPDATE event_delivery SET status = 'dead', finished_at = :now, last_error = :error
  WHERE id IN (SELECT d.id FROM webhook w JOIN event_delivery d ON d.webhook_id = w.id JOIN event v ON v.id = d.event_id
    WHERE w.url = :address AND d.status = 'pending' AND (:before IS NULL OR v.at <= :before) LIMIT 10000)`);

/** Notes the highest event there is, once a minute where there are new ones. */
export const markEvents = defineStatement(`
  INSERT INTO event_mark (at, event_id) SELECT :now, newest.id FROM (SELECT max(id) AS id FROM event) newest
  WHERE newest.id > coalesce((SELECT max(event_id) FROM event_mark), 0) ON CONFLICT DO NOTHING`);

/** Streams that nobody has read of late want nothing more. Of marks older than a stream can go back to, the newest stays. */
export const forgetStreams = defineStatement(`DELETE FROM event_stream WHERE until <= :now`);
export const forgetMarks = defineStatement(`
  DELETE FROM event_mark WHERE at < (SELECT max(at) FROM event_mark WHERE at <= :replayFrom)`);

/**
 * Forgets events that are older than `:before` and wait for nobody. Those of streams alone are kept until no stream can go back to them.
 */
export const forgetEvents = defineStatement(`
  DELETE FROM event WHERE id IN (SELECT v.id FROM event v WHERE v.id IN (SELECT id FROM event ORDER BY id LIMIT 1000)
    AND NOT EXISTS (SELECT 1 FROM event_delivery d WHERE d.event_id = v.id AND (d.status <> 'delivered' OR d.finished_at >= :before))
    AND (v.id <= (SELECT max(event_id) FROM event_mark WHERE at <= :replayFrom) OR EXISTS (SELECT 1 FROM event_delivery d WHERE d.event_id = v.id)))`);
