CREATE TABLE `bulk_update` (
	`id` text PRIMARY KEY NOT NULL,
	`entity` text NOT NULL,
	`criteria` text,
	`selection_id` integer,
	`change` text NOT NULL,
	`at` integer NOT NULL,
	`count` integer NOT NULL,
	`undone_at` integer,
	`restored` integer
);
--> statement-breakpoint
CREATE INDEX `bulk_update_at` ON `bulk_update` (`at`,`id`);--> statement-breakpoint
CREATE TABLE `bulk_update_row` (
	`bulk_update_id` text NOT NULL,
	`entity` text NOT NULL,
	`record_id` integer NOT NULL,
	`before` text NOT NULL,
	`after` text,
	`restored` integer DEFAULT false NOT NULL,
	PRIMARY KEY(`bulk_update_id`, `entity`, `record_id`),
	FOREIGN KEY (`bulk_update_id`) REFERENCES `bulk_update`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `bulk_update_row_record` ON `bulk_update_row` (`entity`,`record_id`);--> statement-breakpoint
CREATE TABLE `selection_day` (
	`selection_id` integer NOT NULL,
	`day` text NOT NULL,
	`members` integer NOT NULL,
	PRIMARY KEY(`selection_id`, `day`),
	FOREIGN KEY (`selection_id`) REFERENCES `selection`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `selection_leave` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`selection_id` integer NOT NULL,
	`added_at` integer NOT NULL,
	`removed_at` integer NOT NULL,
	FOREIGN KEY (`selection_id`) REFERENCES `selection`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `selection_leave_selection` ON `selection_leave` (`selection_id`);--> statement-breakpoint
CREATE TABLE `selection_reference` (
	`selection_id` integer NOT NULL,
	`uses_id` integer NOT NULL,
	PRIMARY KEY(`selection_id`, `uses_id`),
	FOREIGN KEY (`selection_id`) REFERENCES `selection`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`uses_id`) REFERENCES `selection`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `selection_reference_uses` ON `selection_reference` (`uses_id`);--> statement-breakpoint
ALTER TABLE `selection` ADD `criteria` text;--> statement-breakpoint
ALTER TABLE `selection` ADD `first_id` integer REFERENCES selection(id);--> statement-breakpoint
ALTER TABLE `selection` ADD `second_id` integer REFERENCES selection(id);--> statement-breakpoint
ALTER TABLE `selection` ADD `operator` text;--> statement-breakpoint
ALTER TABLE `selection` ADD `columns` text;--> statement-breakpoint
ALTER TABLE `selection` ADD `sort` text;--> statement-breakpoint
ALTER TABLE `selection` ADD `frozen_from` text;--> statement-breakpoint
ALTER TABLE `selection` ADD `frozen_at` integer;--> statement-breakpoint
ALTER TABLE `selection` ADD `revision` integer DEFAULT 1 NOT NULL;