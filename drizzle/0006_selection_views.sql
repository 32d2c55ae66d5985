ALTER TABLE `selection` ADD `description` text;--> statement-breakpoint
ALTER TABLE `selection` ADD `owner_id` integer REFERENCES owner(id);--> statement-breakpoint
ALTER TABLE `selection` ADD `visibility` text DEFAULT 'shared' NOT NULL;--> statement-breakpoint
ALTER TABLE `selection` ADD `key_id` integer;--> statement-breakpoint
ALTER TABLE `selection` ADD `board` text;