CREATE TABLE `pipeline` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`name` text NOT NULL,
	`is_default` integer DEFAULT false NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `pipeline_name_unique` ON `pipeline` (`name`);
--> statement-breakpoint
CREATE TABLE `stage` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`pipeline_id` integer NOT NULL,
	`name` text NOT NULL,
	`position` integer NOT NULL,
	`probability` integer NOT NULL,
	`status` text NOT NULL,
	FOREIGN KEY (`pipeline_id`) REFERENCES `pipeline`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `stage_pipeline` ON `stage` (`pipeline_id`,`position`);
--> statement-breakpoint
CREATE TABLE `category_proposal` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`company_id` integer NOT NULL,
	`from_category_id` integer,
	`category_id` integer NOT NULL,
	`cause` text NOT NULL,
	`at` integer NOT NULL,
	`state` text DEFAULT 'pending' NOT NULL,
	`decided_at` integer,
	FOREIGN KEY (`company_id`) REFERENCES `company`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`from_category_id`) REFERENCES `category`(`id`) ON UPDATE no action ON DELETE set null,
	FOREIGN KEY (`category_id`) REFERENCES `category`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `category_proposal_pending` ON `category_proposal` (`company_id`) WHERE state = 'pending';
--> statement-breakpoint
CREATE INDEX `category_proposal_state` ON `category_proposal` (`state`,`id`);
--> statement-breakpoint
CREATE TABLE `company_alias` (
	`kind` text NOT NULL,
	`value` text NOT NULL,
	`company_id` integer NOT NULL,
	PRIMARY KEY(`kind`, `value`, `company_id`),
	FOREIGN KEY (`company_id`) REFERENCES `company`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `company_alias_company` ON `company_alias` (`company_id`);
--> statement-breakpoint
CREATE TABLE `company_merge` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`company_id` integer NOT NULL,
	`removed_company_id` integer NOT NULL,
	`kept` text NOT NULL,
	`removed` text NOT NULL,
	`moved` text NOT NULL,
	`at` integer NOT NULL,
	`undone_at` integer
);
--> statement-breakpoint
CREATE INDEX `company_merge_company` ON `company_merge` (`company_id`);
--> statement-breakpoint
ALTER TABLE `deal` ADD `stage_id` integer REFERENCES stage(id);
--> statement-breakpoint
ALTER TABLE `deal` ADD `probability` integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE `deal` ADD `expected_close_day` text;
--> statement-breakpoint
ALTER TABLE `deal` ADD `next_step_text` text;
--> statement-breakpoint
ALTER TABLE `deal` ADD `next_step_day` text;
--> statement-breakpoint
ALTER TABLE `deal` ADD `lost_reason` text;
--> statement-breakpoint
ALTER TABLE `deal` ADD `link_email` text;
--> statement-breakpoint
ALTER TABLE `deal` ADD `link_domain` text;
--> statement-breakpoint
CREATE INDEX `deal_stage` ON `deal` (`stage_id`,`registered_at`);
--> statement-breakpoint
CREATE INDEX `deal_link_email` ON `deal` (`link_email`) WHERE link_email IS NOT NULL;
--> statement-breakpoint
CREATE INDEX `deal_link_domain` ON `deal` (`link_domain`) WHERE link_domain IS NOT NULL;
--> statement-breakpoint
CREATE INDEX `deal_unlinked` ON `deal` (`registered_at`) WHERE person_id IS NULL AND company_id IS NULL;
--> statement-breakpoint
ALTER TABLE `event` ADD `detail` text;
--> statement-breakpoint
ALTER TABLE `category` ADD `description` text;
--> statement-breakpoint
ALTER TABLE `category` ADD `archived_at` integer;
--> statement-breakpoint
ALTER TABLE `category` ADD `resets_lead_status` integer DEFAULT false NOT NULL;
--> statement-breakpoint
ALTER TABLE `category` ADD `needs_confirmation` integer DEFAULT false NOT NULL;
--> statement-breakpoint
ALTER TABLE `lead_status` ADD `description` text;
--> statement-breakpoint
ALTER TABLE `lead_status` ADD `archived_at` integer;
--> statement-breakpoint
INSERT INTO pipeline (id, name, is_default, created_at) VALUES (1, 'Sales', 1, 0);
--> statement-breakpoint
INSERT INTO stage (id, pipeline_id, name, position, probability, status) VALUES
  (1, 1, 'New', 1, 10, 'open'),
  (2, 1, 'Meeting held', 2, 25, 'open'),
  (3, 1, 'Proposal', 3, 50, 'open'),
  (4, 1, 'Agreement sent', 4, 75, 'open'),
  (5, 1, 'Won', 5, 100, 'won'),
  (6, 1, 'Lost', 6, 0, 'lost');
--> statement-breakpoint
-- Deals that were there before stages go to the first stage of their status.
UPDATE deal SET stage_id = CASE status WHEN 'won' THEN 5 WHEN 'lost' THEN 6 ELSE 1 END, probability = 10 WHERE stage_id IS NULL;
--> statement-breakpoint
CREATE TRIGGER deal_stage_filled AFTER INSERT ON deal
WHEN NEW.stage_id IS NULL
BEGIN
  UPDATE deal SET stage_id = (SELECT s.id FROM stage s WHERE s.pipeline_id = (SELECT p.id FROM pipeline p WHERE p.is_default = 1) AND s.status = NEW.status ORDER BY s.position, s.id LIMIT 1), probability = coalesce((SELECT s.probability FROM stage s WHERE s.pipeline_id = (SELECT p.id FROM pipeline p WHERE p.is_default = 1) AND s.status = 'open' ORDER BY s.position, s.id LIMIT 1), 0) WHERE id = NEW.id;
END;
