CREATE TABLE `cost` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`day` text NOT NULL,
	`origin_id` integer NOT NULL,
	`amount_minor` integer NOT NULL,
	`currency` text NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `cost_day_origin` ON `cost` (`day`,`origin_id`);--> statement-breakpoint
CREATE TABLE `exchange_rate` (
	`from_currency` text NOT NULL,
	`to_currency` text NOT NULL,
	`day` text NOT NULL,
	`rate` real NOT NULL,
	PRIMARY KEY(`from_currency`, `to_currency`, `day`)
);
--> statement-breakpoint
CREATE TABLE `visit_batch` (
	`id` text PRIMARY KEY NOT NULL,
	`counted_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `visit_batch_counted` ON `visit_batch` (`counted_at`);--> statement-breakpoint
CREATE TABLE `visit_day` (
	`day` text NOT NULL,
	`origin_id` integer NOT NULL,
	`landing_page_id` integer NOT NULL,
	`visits` integer NOT NULL,
	PRIMARY KEY(`day`, `origin_id`, `landing_page_id`)
);
--> statement-breakpoint
ALTER TABLE `settings` ADD `reporting_currency` text;