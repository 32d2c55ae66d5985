ALTER TABLE `annotation` ADD `kind` text;--> statement-breakpoint
ALTER TABLE `annotation` ADD `details` text;