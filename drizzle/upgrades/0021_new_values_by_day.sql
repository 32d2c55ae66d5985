CREATE TABLE `new_value_day` (
	`site_id` integer NOT NULL,
	`day` text NOT NULL,
	`field` text NOT NULL,
	`added` integer NOT NULL,
	`folded` integer NOT NULL,
	PRIMARY KEY(`site_id`, `day`, `field`)
);
--> statement-breakpoint
ALTER TABLE `visit_batch` ADD `attempt` text;--> statement-breakpoint
CREATE INDEX `visit_day_origin` ON `visit_day` (`origin_id`);