import { defineStatement } from '../../statement.ts';

/** Schedules that are due. */
export const readDueSchedules = defineStatement(`
  SELECT id, cron, time_zone AS timeZone, next_at AS nextAt FROM schedule
  WHERE enabled = 1 AND next_at IS NOT NULL AND next_at <= :now ORDER BY next_at LIMIT 100`);

/** The run of a time: made by whoever comes first, since there is one of a schedule and time. */
export const beginRun = defineStatement(`
  INSERT INTO report_run (id, schedule_id, due_at, trigger_kind, status, lease_until)
  SELECT :id, s.id, :due, :trigger, 'running', :lease FROM schedule s
  WHERE s.id = :schedule AND (:expected IS NULL OR (s.next_at = :expected AND s.enabled = 1))
  ON CONFLICT (schedule_id, due_at) DO NOTHING RETURNING id`);

export const advanceSchedule = defineStatement(`
  UPDATE schedule SET next_at = :next WHERE id = :schedule AND next_at = :expected`);

/** Runs that were begun and left: taken over, but not for ever. */
export const takeOverRuns = defineStatement(`
  UPDATE report_run SET lease_until = :lease, attempts = attempts + 1
  WHERE status = 'running' AND lease_until < :now AND attempts < :most
  RETURNING id, schedule_id AS scheduleId, due_at AS dueAt`);

export const giveUpRuns = defineStatement(`
  UPDATE report_run SET status = 'failed', finished_at = :now, error = 'The run was begun several times and never came to an end.'
  WHERE status = 'running' AND lease_until < :now AND attempts >= :most`);

/** Ends a run that nobody else has taken over. */
export const finishRun = defineStatement(`
  UPDATE report_run SET status = :status, finished_at = :now, error = :error, answer = :answer
  WHERE id = :id AND status = 'running' AND lease_until = :lease`);

/** What is to be sent of a run that has just ended well. */
export const addDeliveries = defineStatement(`
  INSERT INTO delivery (run_id, target, due_at, next_at)
  SELECT r.id, t.value, r.due_at, :now FROM report_run r JOIN schedule s ON s.id = r.schedule_id, json_each(s.targets) t
  WHERE r.id = :id AND r.status = 'done' AND r.lease_until = :lease AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.run_id = r.id)`);

/** Claims what is due to one address, until `:lease`. */
export const claimDeliveries = defineStatement(`
  UPDATE delivery SET next_at = :lease, attempts = attempts + 1
  WHERE id IN (SELECT id FROM delivery WHERE status = 'pending' AND address = :address AND next_at <= :now
    ORDER BY next_at, id LIMIT :limit)
  RETURNING id, run_id AS runId, submission_id AS submissionId, target, attempts, last_error AS lastError`);

/** Writes how tries ended: `:results` is a JSON list of `{ id, status, attempts, nextAt, error }`. */
export const finishDeliveries = defineStatement(`
  UPDATE delivery SET status = r.value ->> 'status', attempts = r.value ->> 'attempts',
    next_at = coalesce(r.value ->> 'nextAt', next_at), last_error = r.value ->> 'error',
    finished_at = iif(r.value ->> 'status' = 'pending', NULL, :now)
  FROM json_each(:results) r WHERE delivery.id = r.value ->> 'id'`);

/** What waits for a receiver that is gone (`:before` null), or has waited since `:before` for one that has failed all the while. */
export const giveUpDeliveries = defineStatement(`
  UPDATE delivery SET status = 'dead', finished_at = :now, last_error = :error
  WHERE id IN (SELECT d.id FROM delivery d LEFT JOIN report_run r ON r.id = d.run_id LEFT JOIN submission s ON s.id = d.submission_id
    WHERE d.status = 'pending' AND d.address = :address
      AND (:before IS NULL OR coalesce(r.finished_at, s.at, 0) <= :before) LIMIT 10000)`);

/** Notifications that were sent name a submission: they are not kept. */
export const forgetNotifications = defineStatement(`
  DELETE FROM delivery WHERE id IN (SELECT id FROM delivery WHERE submission_id IS NOT NULL AND status = 'delivered'
    AND finished_at < :before LIMIT 1000)`);
