DROP TRIGGER IF EXISTS event_deal_changed;
--> statement-breakpoint
DROP TRIGGER IF EXISTS event_deal_registered;
--> statement-breakpoint
DROP TRIGGER IF EXISTS event_submission_stored;
--> statement-breakpoint
DROP TRIGGER IF EXISTS event_company_created;
--> statement-breakpoint
DROP TRIGGER IF EXISTS event_person_status;
--> statement-breakpoint
DROP TRIGGER IF EXISTS event_person_created;
--> statement-breakpoint
CREATE TABLE `event_mark` (
	`at` integer PRIMARY KEY NOT NULL,
	`event_id` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `event_stream` (
	`type` text PRIMARY KEY NOT NULL,
	`until` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `distinct_values` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`field` text NOT NULL,
	`first` text NOT NULL,
	`second` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `distinct_values_pair` ON `distinct_values` (`field`,`first`,`second`);
--> statement-breakpoint
CREATE TABLE `selection_change` (
	`selection_id` integer NOT NULL,
	`member_id` integer NOT NULL,
	`entered` integer NOT NULL,
	PRIMARY KEY(`selection_id`, `member_id`)
);
--> statement-breakpoint
CREATE TABLE `selection_seen` (
	`selection_id` integer NOT NULL,
	`member_id` integer NOT NULL,
	PRIMARY KEY(`selection_id`, `member_id`),
	FOREIGN KEY (`selection_id`) REFERENCES `selection`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `selection_watch` (
	`selection_id` integer PRIMARY KEY NOT NULL,
	`compared_at` integer NOT NULL,
	FOREIGN KEY (`selection_id`) REFERENCES `selection`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `event_type` ON `event` (`type`,`id`);
--> statement-breakpoint
-- A person who comes back when a merge is undone is not new.
CREATE TRIGGER event_person_created AFTER INSERT ON person
WHEN NEW.id > 0 AND (EXISTS (SELECT 1 FROM webhook w, json_each(w.events) e WHERE w.enabled = 1 AND e.value = 'person.created')
    OR EXISTS (SELECT 1 FROM event_stream WHERE type = 'person.created')) AND NOT EXISTS (SELECT 1 FROM person_merge m WHERE m.removed_person_id = NEW.id)
BEGIN
  INSERT INTO event (type, person_id, subject_id, at) VALUES ('person.created', NEW.id, NEW.id, NEW.created_at);
END;
--> statement-breakpoint
CREATE TRIGGER event_person_updated AFTER UPDATE OF email, first_name, last_name, title, country, company_id, owner_id, phone ON person
WHEN (OLD.email IS NOT NEW.email OR OLD.first_name IS NOT NEW.first_name OR OLD.last_name IS NOT NEW.last_name OR OLD.title IS NOT NEW.title OR OLD.country IS NOT NEW.country OR OLD.company_id IS NOT NEW.company_id OR OLD.owner_id IS NOT NEW.owner_id OR (OLD.phone IS NOT NEW.phone AND OLD.updated_at <> NEW.updated_at)) AND NEW.id > 0 AND (EXISTS (SELECT 1 FROM webhook w, json_each(w.events) e WHERE w.enabled = 1 AND e.value = 'person.updated')
    OR EXISTS (SELECT 1 FROM event_stream WHERE type = 'person.updated'))
BEGIN
  INSERT INTO event (type, person_id, subject_id, at) VALUES ('person.updated', NEW.id, NEW.id, NEW.updated_at);
END;
--> statement-breakpoint
CREATE TRIGGER event_person_merged AFTER INSERT ON person_merge
WHEN (EXISTS (SELECT 1 FROM webhook w, json_each(w.events) e WHERE w.enabled = 1 AND e.value = 'person.merged')
    OR EXISTS (SELECT 1 FROM event_stream WHERE type = 'person.merged'))
BEGIN
  INSERT INTO event (type, person_id, subject_id, at) VALUES ('person.merged', NEW.person_id, NEW.id, NEW.at);
END;
--> statement-breakpoint
-- An erased person leaves an emptied row below zero, changed at the time of the erasure; one merged into another
-- leaves none.
CREATE TRIGGER event_person_erased AFTER DELETE ON person
WHEN OLD.id > 0 AND (EXISTS (SELECT 1 FROM webhook w, json_each(w.events) e WHERE w.enabled = 1 AND e.value = 'person.erased')
    OR EXISTS (SELECT 1 FROM event_stream WHERE type = 'person.erased'))
BEGIN
  INSERT INTO event (type, person_id, subject_id, at) SELECT 'person.erased', OLD.id, OLD.id, emptied.updated_at FROM person emptied WHERE emptied.id = -OLD.id;
END;
--> statement-breakpoint
CREATE TRIGGER event_person_status AFTER UPDATE OF lead_status_id ON person
WHEN OLD.lead_status_id IS NOT NEW.lead_status_id AND (EXISTS (SELECT 1 FROM webhook w, json_each(w.events) e WHERE w.enabled = 1 AND e.value = 'person.statusChanged')
    OR EXISTS (SELECT 1 FROM event_stream WHERE type = 'person.statusChanged'))
BEGIN
  INSERT INTO event (type, person_id, subject_id, at) VALUES ('person.statusChanged', NEW.id, NEW.id, NEW.updated_at);
END;
--> statement-breakpoint
CREATE TRIGGER event_company_created AFTER INSERT ON company
WHEN (EXISTS (SELECT 1 FROM webhook w, json_each(w.events) e WHERE w.enabled = 1 AND e.value = 'company.created')
    OR EXISTS (SELECT 1 FROM event_stream WHERE type = 'company.created'))
BEGIN
  INSERT INTO event (type, person_id, subject_id, at) VALUES ('company.created', NULL, NEW.id, NEW.created_at);
END;
--> statement-breakpoint
CREATE TRIGGER event_submission_stored AFTER INSERT ON submission
WHEN (EXISTS (SELECT 1 FROM webhook w, json_each(w.events) e WHERE w.enabled = 1 AND e.value = 'submission.received')
    OR EXISTS (SELECT 1 FROM event_stream WHERE type = 'submission.received'))
BEGIN
  INSERT INTO event (type, person_id, subject_id, at) VALUES ('submission.received', NEW.person_id, NEW.id, NEW.at);
END;
--> statement-breakpoint
-- Both events in one trigger, so that they come in this order.
CREATE TRIGGER event_deal_registered AFTER INSERT ON deal BEGIN
  INSERT INTO event (type, person_id, subject_id, at) SELECT 'deal.registered', NEW.person_id, NEW.id, NEW.registered_at WHERE (EXISTS (SELECT 1 FROM webhook w, json_each(w.events) e WHERE w.enabled = 1 AND e.value = 'deal.registered')
    OR EXISTS (SELECT 1 FROM event_stream WHERE type = 'deal.registered'));
  INSERT INTO event (type, person_id, subject_id, at) SELECT 'deal.' || NEW.status, NEW.person_id, NEW.id, NEW.closed_at WHERE NEW.status <> 'open' AND (EXISTS (SELECT 1 FROM webhook w, json_each(w.events) e WHERE w.enabled = 1 AND e.value = 'deal.' || NEW.status)
    OR EXISTS (SELECT 1 FROM event_stream WHERE type = 'deal.' || NEW.status));
END;
--> statement-breakpoint
-- Both events in one trigger, so that they come in this order. A deal that gets its first stage has not moved.
CREATE TRIGGER event_deal_changed AFTER UPDATE OF status, stage_id ON deal
WHEN OLD.status <> NEW.status OR OLD.stage_id <> NEW.stage_id
BEGIN
  INSERT INTO event (type, person_id, subject_id, at, detail)
  SELECT 'deal.stageChanged', NEW.person_id, NEW.id, NEW.updated_at, json_object('from', json((SELECT json_object('id', CAST(id AS text), 'name', name) FROM stage WHERE id = OLD.stage_id)), 'to', json((SELECT json_object('id', CAST(id AS text), 'name', name) FROM stage WHERE id = NEW.stage_id))) WHERE OLD.stage_id <> NEW.stage_id AND (EXISTS (SELECT 1 FROM webhook w, json_each(w.events) e WHERE w.enabled = 1 AND e.value = 'deal.stageChanged')
    OR EXISTS (SELECT 1 FROM event_stream WHERE type = 'deal.stageChanged'));
  INSERT INTO event (type, person_id, subject_id, at) SELECT iif(NEW.status = 'open', 'deal.reopened', 'deal.' || NEW.status), NEW.person_id, NEW.id, coalesce(NEW.closed_at, NEW.updated_at) WHERE OLD.status <> NEW.status AND (EXISTS (SELECT 1 FROM webhook w, json_each(w.events) e WHERE w.enabled = 1 AND e.value = iif(NEW.status = 'open', 'deal.reopened', 'deal.' || NEW.status))
    OR EXISTS (SELECT 1 FROM event_stream WHERE type = iif(NEW.status = 'open', 'deal.reopened', 'deal.' || NEW.status)));
END;
