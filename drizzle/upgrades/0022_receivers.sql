CREATE TABLE `receiver` (
	`address` text PRIMARY KEY NOT NULL,
	`lease_until` integer DEFAULT 0 NOT NULL,
	`failures` integer DEFAULT 0 NOT NULL,
	`failing_since` integer,
	`retry_at` integer DEFAULT 0 NOT NULL,
	`last_error` text,
	`is_gone` integer DEFAULT false NOT NULL
);
--> statement-breakpoint
DROP INDEX `event_delivery_due`;--> statement-breakpoint
CREATE INDEX `event_delivery_due` ON `event_delivery` (`webhook_id`,`next_at`) WHERE status = 'pending';--> statement-breakpoint
DROP INDEX `delivery_due`;--> statement-breakpoint
ALTER TABLE `delivery` ADD `address` text GENERATED ALWAYS AS (coalesce(target ->> 'url', 'mail')) VIRTUAL;--> statement-breakpoint
CREATE INDEX `delivery_due` ON `delivery` (`address`,`next_at`) WHERE status = 'pending';