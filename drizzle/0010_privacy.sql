CREATE TABLE `audit_entry` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`at` integer NOT NULL,
	`key_id` integer,
	`key_name` text,
	`operation` text NOT NULL,
	`target` text NOT NULL,
	`status` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `audit_entry_at` ON `audit_entry` (`at`,`id`);--> statement-breakpoint
CREATE TABLE `erasure` (
	`hash` text PRIMARY KEY NOT NULL,
	`salt` text NOT NULL,
	`erased_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `erasure_erased_at` ON `erasure` (`erased_at`);--> statement-breakpoint
ALTER TABLE `settings` ADD `retention` text DEFAULT '{}' NOT NULL;--> statement-breakpoint
-- An erased person's emptied row (a number below zero) is nobody new.
DROP TRIGGER event_person_created;
--> statement-breakpoint
CREATE TRIGGER event_person_created AFTER INSERT ON person
WHEN NEW.id > 0 AND EXISTS (SELECT 1 FROM webhook w, json_each(w.events) e WHERE w.enabled = 1 AND e.value = 'person.created')
  AND NOT EXISTS (SELECT 1 FROM person_merge m WHERE m.removed_person_id = NEW.id)
BEGIN
  INSERT INTO event (type, person_id, subject_id, at) VALUES ('person.created', NEW.id, NEW.id, NEW.created_at);
END;
