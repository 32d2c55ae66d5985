DROP TRIGGER IF EXISTS delivery_sender_mail;
--> statement-breakpoint
DROP TRIGGER IF EXISTS delivery_notification_waiting;
--> statement-breakpoint
DROP TRIGGER IF EXISTS delivery_notification_stored;
--> statement-breakpoint
DROP TRIGGER IF EXISTS event_fan_out;
--> statement-breakpoint
DROP INDEX `delivery_dead`;
--> statement-breakpoint
ALTER TABLE `delivery` ADD `due_at` integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
UPDATE delivery SET due_at = coalesce((SELECT r.due_at FROM report_run r WHERE r.id = delivery.run_id),
  (SELECT s.at FROM submission s WHERE s.id = delivery.submission_id), (SELECT q.at FROM quarantine q WHERE q.id = delivery.submission_id), next_at);
--> statement-breakpoint
CREATE INDEX `delivery_due_at` ON `delivery` (`due_at`);
--> statement-breakpoint
CREATE INDEX `delivery_dead` ON `delivery` (`due_at`) WHERE status = 'dead';
--> statement-breakpoint
ALTER TABLE `event_delivery` ADD `due_at` integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
UPDATE event_delivery SET due_at = (SELECT e.at FROM event e WHERE e.id = event_delivery.event_id);
--> statement-breakpoint
CREATE INDEX `event_delivery_due_at` ON `event_delivery` (`webhook_id`,`due_at`);
--> statement-breakpoint
CREATE INDEX `event_delivery_dead` ON `event_delivery` (`webhook_id`,`due_at`) WHERE status = 'dead';
--> statement-breakpoint
-- Each webhook that listens to an event gets a delivery of its own.
CREATE TRIGGER event_fan_out AFTER INSERT ON event BEGIN
  INSERT INTO event_delivery (webhook_id, event_id, person_id, due_at, next_at)
  SELECT w.id, NEW.id, NEW.person_id, NEW.at, 0 FROM webhook w
  WHERE w.enabled = 1 AND EXISTS (SELECT 1 FROM json_each(w.events) e WHERE e.value = NEW.type);
END;
--> statement-breakpoint
CREATE TRIGGER delivery_notification_stored AFTER INSERT ON submission
WHEN (SELECT notify <> '[]' FROM form WHERE id = NEW.form_id) AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.submission_id = NEW.id)
BEGIN
  INSERT INTO delivery (submission_id, target, due_at, next_at)
  SELECT NEW.id, iif(t.type = 'text', json_object('kind', 'email', 'to', json_array(t.value)), t.value), NEW.at, 0 FROM form f, json_each(f.notify) t
  WHERE f.id = NEW.form_id;
END;
--> statement-breakpoint
-- A submission that waits for approval is reported at once: somebody has to look at it.
CREATE TRIGGER delivery_notification_waiting AFTER INSERT ON quarantine
WHEN NEW.kind = 'approval'
BEGIN
  INSERT INTO delivery (submission_id, target, due_at, next_at)
  SELECT NEW.id, iif(t.type = 'text', json_object('kind', 'email', 'to', json_array(t.value)), t.value), NEW.at, 0 FROM form f, json_each(f.notify) t
  WHERE f.id = NEW.form_id;
END;
--> statement-breakpoint
-- Mails to the sender: requests to confirm a consent, and the automatic reply.
CREATE TRIGGER delivery_sender_mail AFTER INSERT ON submission
WHEN NEW.person_id IS NOT NULL AND ((SELECT auto_reply IS NOT NULL FROM form WHERE id = NEW.form_id) OR EXISTS (SELECT 1 FROM consent_request r WHERE r.submission_id = NEW.id))
BEGIN
  INSERT INTO delivery (submission_id, target, due_at, next_at)
  SELECT NEW.id, json_object('kind', 'confirmConsent', 'requestId', r.id), NEW.at, 0 FROM consent_request r WHERE r.submission_id = NEW.id AND (SELECT count(*) FROM (SELECT 1 FROM submission s JOIN delivery d ON d.submission_id = s.id
    WHERE s.person_id = NEW.person_id AND s.at > NEW.at - 86400000
      AND d.target ->> 'kind' IN ('autoReply', 'confirmConsent') LIMIT 3)) < 3;
  INSERT INTO delivery (submission_id, target, due_at, next_at)
  SELECT NEW.id, json_object('kind', 'autoReply'), NEW.at, 0 FROM form WHERE id = NEW.form_id AND auto_reply IS NOT NULL AND (SELECT count(*) FROM (SELECT 1 FROM submission s JOIN delivery d ON d.submission_id = s.id
    WHERE s.person_id = NEW.person_id AND s.at > NEW.at - 86400000
      AND d.target ->> 'kind' IN ('autoReply', 'confirmConsent') LIMIT 3)) < 3;
END;
