CREATE TABLE `dead_letter` (
	`id` text PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`reason` text NOT NULL,
	`attempts` integer NOT NULL,
	`payload` text NOT NULL,
	`replayed_at` integer
);
--> statement-breakpoint
CREATE INDEX `dead_letter_at` ON `dead_letter` (`at`,`id`);