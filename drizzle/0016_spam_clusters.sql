DROP TRIGGER IF EXISTS delivery_sender_mail;
--> statement-breakpoint
DROP TRIGGER IF EXISTS delivery_notification_stored;
--> statement-breakpoint
DROP TRIGGER IF EXISTS event_submission_stored;
--> statement-breakpoint
DROP TRIGGER IF EXISTS event_company_created;
--> statement-breakpoint
DROP TRIGGER IF EXISTS event_person_created;
--> statement-breakpoint
CREATE TABLE `spam_cluster` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`features` text NOT NULL,
	`count` integer NOT NULL,
	`people` integer NOT NULL,
	`companies` integer NOT NULL,
	`at` integer NOT NULL,
	`undone_at` integer
);
--> statement-breakpoint
CREATE TABLE `spam_record` (
	`kind` text NOT NULL,
	`record_id` text NOT NULL,
	`cluster_id` integer NOT NULL,
	`row_json` text NOT NULL,
	PRIMARY KEY(`kind`, `record_id`, `cluster_id`),
	FOREIGN KEY (`cluster_id`) REFERENCES `spam_cluster`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `spam_record_cluster` ON `spam_record` (`cluster_id`);
--> statement-breakpoint
-- A person who comes back when a merge or marking spam is undone is not new.
CREATE TRIGGER event_person_created AFTER INSERT ON person
WHEN NEW.id > 0 AND (EXISTS (SELECT 1 FROM webhook w, json_each(w.events) e WHERE w.enabled = 1 AND e.value = 'person.created')
    OR EXISTS (SELECT 1 FROM event_stream WHERE type = 'person.created')) AND NOT EXISTS (SELECT 1 FROM person_merge m WHERE m.removed_person_id = NEW.id) AND NOT EXISTS (SELECT 1 FROM spam_record r WHERE r.kind = 'person' AND r.record_id = CAST(NEW.id AS text))
BEGIN
  INSERT INTO event (type, person_id, subject_id, at) VALUES ('person.created', NEW.id, NEW.id, NEW.created_at);
END;
--> statement-breakpoint
-- A company that comes back when a merge or marking spam is undone is not new.
CREATE TRIGGER event_company_created AFTER INSERT ON company
WHEN (EXISTS (SELECT 1 FROM webhook w, json_each(w.events) e WHERE w.enabled = 1 AND e.value = 'company.created')
    OR EXISTS (SELECT 1 FROM event_stream WHERE type = 'company.created')) AND NOT EXISTS (SELECT 1 FROM company_merge m WHERE m.removed_company_id = NEW.id) AND NOT EXISTS (SELECT 1 FROM spam_record r WHERE r.kind = 'company' AND r.record_id = CAST(NEW.id AS text))
BEGIN
  INSERT INTO event (type, person_id, subject_id, at) VALUES ('company.created', NULL, NEW.id, NEW.created_at);
END;
--> statement-breakpoint
CREATE TRIGGER event_submission_stored AFTER INSERT ON submission
WHEN (EXISTS (SELECT 1 FROM webhook w, json_each(w.events) e WHERE w.enabled = 1 AND e.value = 'submission.received')
    OR EXISTS (SELECT 1 FROM event_stream WHERE type = 'submission.received')) AND NOT EXISTS (SELECT 1 FROM spam_record r WHERE r.kind = 'submission' AND r.record_id = CAST(NEW.id AS text))
BEGIN
  INSERT INTO event (type, person_id, subject_id, at) VALUES ('submission.received', NEW.person_id, NEW.id, NEW.at);
END;
--> statement-breakpoint
CREATE TRIGGER delivery_notification_stored AFTER INSERT ON submission
WHEN (SELECT notify <> '[]' FROM form WHERE id = NEW.form_id) AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.submission_id = NEW.id AND NOT d.target ->> 'kind' IN ('autoReply', 'confirmConsent')) AND NOT EXISTS (SELECT 1 FROM spam_record r WHERE r.kind = 'submission' AND r.record_id = CAST(NEW.id AS text))
BEGIN
  INSERT INTO delivery (submission_id, target, due_at, next_at)
  SELECT NEW.id, iif(t.type = 'text', json_object('kind', 'email', 'to', json_array(t.value)), t.value), NEW.at, 0 FROM form f, json_each(f.notify) t
  WHERE f.id = NEW.form_id;
END;
--> statement-breakpoint
-- Mails to the sender: requests to confirm a consent, and the automatic reply.
CREATE TRIGGER delivery_sender_mail AFTER INSERT ON submission
WHEN NEW.person_id IS NOT NULL AND ((SELECT auto_reply IS NOT NULL FROM form WHERE id = NEW.form_id) OR EXISTS (SELECT 1 FROM consent_request r WHERE r.submission_id = NEW.id)) AND NOT EXISTS (SELECT 1 FROM spam_record r WHERE r.kind = 'submission' AND r.record_id = CAST(NEW.id AS text))
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
