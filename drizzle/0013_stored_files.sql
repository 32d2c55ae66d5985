CREATE TABLE `removed_file` (
	`id` text PRIMARY KEY NOT NULL
);
--> statement-breakpoint
CREATE TABLE `stored_file` (
	`id` text PRIMARY KEY NOT NULL,
	`submission_id` text NOT NULL,
	`field` text NOT NULL,
	`name` text NOT NULL,
	`type` text NOT NULL,
	`size` integer NOT NULL,
	`sha256` text NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `stored_file_submission` ON `stored_file` (`submission_id`);
--> statement-breakpoint
CREATE INDEX `stored_file_at` ON `stored_file` (`at`);
--> statement-breakpoint
-- The job removeFiles deletes the bytes.
CREATE TRIGGER stored_file_deleted AFTER DELETE ON stored_file BEGIN
  INSERT INTO removed_file (id)
  SELECT OLD.id;
END;
--> statement-breakpoint
-- A submission that was released keeps its files when its row in quarantine is deleted.
CREATE TRIGGER stored_file_quarantine_deleted AFTER DELETE ON quarantine BEGIN
  DELETE FROM stored_file WHERE submission_id = OLD.id AND NOT EXISTS (SELECT 1 FROM submission WHERE id = OLD.id);
END;
