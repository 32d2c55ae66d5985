CREATE TABLE `audit_log` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`at` integer NOT NULL,
	`api_key_id` integer,
	`key_name` text NOT NULL,
	`key_prefix` text,
	`method` text NOT NULL,
	`route` text NOT NULL,
	`resource_id` text,
	`status` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `audit_log_at` ON `audit_log` (`at`);--> statement-breakpoint
CREATE TABLE `erased_person` (
	`person_id` integer PRIMARY KEY NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `retention` (
	`kind` text PRIMARY KEY NOT NULL,
	`days` integer NOT NULL,
	`done_day` text
);
