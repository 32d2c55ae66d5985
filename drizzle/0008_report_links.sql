ALTER TABLE `cost` ADD `claimed_conversions` real;--> statement-breakpoint
ALTER TABLE `cost` ADD `claimed_value_minor` integer;--> statement-breakpoint
ALTER TABLE `cost` ADD `impressions` integer;--> statement-breakpoint
ALTER TABLE `cost` ADD `clicks` integer;--> statement-breakpoint
ALTER TABLE `api_key` ADD `expires_at` integer;