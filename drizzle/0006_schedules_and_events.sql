CREATE TABLE `event` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`type` text NOT NULL,
	`person_id` integer,
	`subject_id` text NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `event_at` ON `event` (`at`);--> statement-breakpoint
CREATE TABLE `event_delivery` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`webhook_id` integer NOT NULL,
	`event_id` integer NOT NULL,
	`person_id` integer,
	`status` text DEFAULT 'pending' NOT NULL,
	`attempts` integer DEFAULT 0 NOT NULL,
	`next_at` integer NOT NULL,
	`last_error` text,
	`finished_at` integer,
	FOREIGN KEY (`webhook_id`) REFERENCES `webhook`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`event_id`) REFERENCES `event`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `event_delivery_once` ON `event_delivery` (`webhook_id`,`event_id`);--> statement-breakpoint
CREATE INDEX `event_delivery_due` ON `event_delivery` (`next_at`) WHERE status = 'pending';--> statement-breakpoint
CREATE INDEX `event_delivery_order` ON `event_delivery` (`webhook_id`,`person_id`,`event_id`) WHERE status = 'pending';--> statement-breakpoint
CREATE INDEX `event_delivery_event` ON `event_delivery` (`event_id`);--> statement-breakpoint
CREATE TABLE `webhook` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`name` text NOT NULL,
	`url` text NOT NULL,
	`secret` text NOT NULL,
	`former_secret` text,
	`former_until` integer,
	`events` text NOT NULL,
	`enabled` integer DEFAULT true NOT NULL,
	`disabled_reason` text,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `delivery` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`run_id` text,
	`submission_id` text,
	`target` text NOT NULL,
	`status` text DEFAULT 'pending' NOT NULL,
	`attempts` integer DEFAULT 0 NOT NULL,
	`next_at` integer NOT NULL,
	`last_error` text,
	`finished_at` integer,
	FOREIGN KEY (`run_id`) REFERENCES `report_run`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `delivery_due` ON `delivery` (`next_at`) WHERE status = 'pending';--> statement-breakpoint
CREATE INDEX `delivery_run` ON `delivery` (`run_id`) WHERE run_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX `delivery_submission` ON `delivery` (`submission_id`) WHERE submission_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX `delivery_dead` ON `delivery` (`id`) WHERE status = 'dead';--> statement-breakpoint
CREATE TABLE `report_run` (
	`id` text PRIMARY KEY NOT NULL,
	`schedule_id` integer NOT NULL,
	`due_at` integer NOT NULL,
	`trigger_kind` text NOT NULL,
	`status` text NOT NULL,
	`attempts` integer DEFAULT 1 NOT NULL,
	`lease_until` integer NOT NULL,
	`finished_at` integer,
	`error` text,
	`answer` text,
	FOREIGN KEY (`schedule_id`) REFERENCES `schedule`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `report_run_due` ON `report_run` (`schedule_id`,`due_at`);--> statement-breakpoint
CREATE INDEX `report_run_running` ON `report_run` (`lease_until`) WHERE status = 'running';--> statement-breakpoint
CREATE TABLE `schedule` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`name` text NOT NULL,
	`report_id` text NOT NULL,
	`parameters` text DEFAULT '{}' NOT NULL,
	`cron` text NOT NULL,
	`time_zone` text NOT NULL,
	`language` text NOT NULL,
	`targets` text NOT NULL,
	`enabled` integer DEFAULT true NOT NULL,
	`next_at` integer,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `schedule_next` ON `schedule` (`next_at`) WHERE next_at IS NOT NULL AND enabled = 1;