CREATE TABLE `deal` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`external_id` text NOT NULL,
	`name` text,
	`name_fold` text,
	`person_id` integer,
	`company_id` integer,
	`owner_id` integer,
	`status` text NOT NULL,
	`amount_minor` integer NOT NULL,
	`currency` text NOT NULL,
	`registered_at` integer NOT NULL,
	`closed_at` integer,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`person_id`) REFERENCES `person`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`company_id`) REFERENCES `company`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`owner_id`) REFERENCES `owner`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `deal_external_id_unique` ON `deal` (`external_id`);--> statement-breakpoint
CREATE INDEX `deal_person` ON `deal` (`person_id`,`registered_at`);--> statement-breakpoint
CREATE INDEX `deal_company` ON `deal` (`company_id`,`registered_at`);--> statement-breakpoint
CREATE INDEX `deal_registered` ON `deal` (`registered_at`);--> statement-breakpoint
CREATE INDEX `deal_closed` ON `deal` (`closed_at`);--> statement-breakpoint
CREATE TABLE `form` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`key` text NOT NULL,
	`name` text NOT NULL,
	`site_id` integer NOT NULL,
	`enabled` integer DEFAULT true NOT NULL,
	`closes_at` integer,
	`closes_after` integer,
	`utm_tracking` integer DEFAULT true NOT NULL,
	`allowed_origins` text DEFAULT '[]' NOT NULL,
	`field_mapping` text DEFAULT '{}' NOT NULL,
	`redirect_url` text,
	`honeypot_field` text DEFAULT '_gotcha' NOT NULL,
	`minimum_seconds` integer DEFAULT 0 NOT NULL,
	`turnstile` integer DEFAULT false NOT NULL,
	`consents` text DEFAULT '[]' NOT NULL,
	`default_category_id` integer,
	`selection_id` integer,
	`notify` text DEFAULT '[]' NOT NULL,
	`created_at` integer NOT NULL,
	`deleted_at` integer,
	FOREIGN KEY (`site_id`) REFERENCES `site`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`default_category_id`) REFERENCES `category`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`selection_id`) REFERENCES `selection`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `form_key_unique` ON `form` (`key`);--> statement-breakpoint
CREATE TABLE `form_day` (
	`form_id` integer NOT NULL,
	`day` text NOT NULL,
	`submissions` integer NOT NULL,
	`new_leads` integer NOT NULL,
	`last_at` integer NOT NULL,
	PRIMARY KEY(`form_id`, `day`),
	FOREIGN KEY (`form_id`) REFERENCES `form`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `quarantine` (
	`id` text PRIMARY KEY NOT NULL,
	`form_id` integer NOT NULL,
	`at` integer NOT NULL,
	`reasons` text NOT NULL,
	`payload` text NOT NULL,
	`idempotency_key` text,
	`status` text DEFAULT 'held' NOT NULL,
	FOREIGN KEY (`form_id`) REFERENCES `form`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `quarantine_status` ON `quarantine` (`status`,`at`);--> statement-breakpoint
CREATE UNIQUE INDEX `quarantine_idempotency` ON `quarantine` (`form_id`,`idempotency_key`) WHERE idempotency_key IS NOT NULL;--> statement-breakpoint
CREATE TABLE `submission` (
	`id` text PRIMARY KEY NOT NULL,
	`form_id` integer NOT NULL,
	`person_id` integer,
	`company_id` integer,
	`at` integer NOT NULL,
	`created_person` integer DEFAULT false NOT NULL,
	`created_company` integer DEFAULT false NOT NULL,
	`origin_id` integer,
	`touch_at` integer,
	`landing_page_id` integer,
	`journey` text,
	`fields` text NOT NULL,
	`page` text,
	`self_reported` text,
	`idempotency_key` text,
	`content_hash` text,
	FOREIGN KEY (`form_id`) REFERENCES `form`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`person_id`) REFERENCES `person`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`company_id`) REFERENCES `company`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `submission_idempotency` ON `submission` (`form_id`,`idempotency_key`) WHERE idempotency_key IS NOT NULL;--> statement-breakpoint
CREATE INDEX `submission_content` ON `submission` (`content_hash`,`at`) WHERE content_hash IS NOT NULL;--> statement-breakpoint
CREATE INDEX `submission_at` ON `submission` (`at`,`id`);--> statement-breakpoint
CREATE INDEX `submission_form` ON `submission` (`form_id`,`at`);--> statement-breakpoint
CREATE INDEX `submission_person` ON `submission` (`person_id`,`at`) WHERE person_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX `submission_company` ON `submission` (`company_id`,`at`) WHERE company_id IS NOT NULL;--> statement-breakpoint
CREATE TABLE `link` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`slug` text NOT NULL,
	`site_id` integer NOT NULL,
	`page` text NOT NULL,
	`source` text NOT NULL,
	`medium` text NOT NULL,
	`campaign` text,
	`term` text,
	`content` text,
	`utm_id` text,
	`created_at` integer NOT NULL,
	`archived_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `link_slug_unique` ON `link` (`slug`);--> statement-breakpoint
CREATE INDEX `link_created_at` ON `link` (`created_at`,`id`);--> statement-breakpoint
CREATE TABLE `link_day` (
	`link_id` integer NOT NULL,
	`day` text NOT NULL,
	`visits` integer NOT NULL,
	PRIMARY KEY(`link_id`, `day`),
	FOREIGN KEY (`link_id`) REFERENCES `link`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `alias` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`field` text NOT NULL,
	`to_canonical` text NOT NULL,
	`label` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `alias_from` (
	`field` text NOT NULL,
	`canonical` text NOT NULL,
	`alias_id` integer NOT NULL,
	PRIMARY KEY(`field`, `canonical`),
	FOREIGN KEY (`alias_id`) REFERENCES `alias`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `alias_from_alias` ON `alias_from` (`alias_id`);--> statement-breakpoint
CREATE TABLE `origin` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`key` text NOT NULL,
	`site_id` integer NOT NULL,
	`source_id` integer NOT NULL,
	`medium_id` integer NOT NULL,
	`campaign_id` integer NOT NULL,
	`term_id` integer NOT NULL,
	`content_id` integer NOT NULL,
	`utm_id_id` integer NOT NULL,
	`referrer_domain_id` integer NOT NULL,
	`channel_id` integer NOT NULL,
	`click_id_name` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `origin_key_unique` ON `origin` (`key`);--> statement-breakpoint
CREATE INDEX `origin_source` ON `origin` (`source_id`);--> statement-breakpoint
CREATE INDEX `origin_medium` ON `origin` (`medium_id`);--> statement-breakpoint
CREATE INDEX `origin_campaign` ON `origin` (`campaign_id`);--> statement-breakpoint
CREATE INDEX `origin_referrer` ON `origin` (`referrer_domain_id`);--> statement-breakpoint
CREATE INDEX `origin_channel` ON `origin` (`channel_id`);--> statement-breakpoint
CREATE TABLE `origin_value` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`field` text NOT NULL,
	`canonical` text NOT NULL,
	`label` text NOT NULL,
	`alias_label` text,
	`alias_of` integer,
	`first_seen_at` integer NOT NULL,
	FOREIGN KEY (`alias_of`) REFERENCES `origin_value`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `origin_value_field_canonical` ON `origin_value` (`field`,`canonical`);--> statement-breakpoint
CREATE INDEX `origin_value_alias_of` ON `origin_value` (`alias_of`);--> statement-breakpoint
CREATE TABLE `touch` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`person_id` integer NOT NULL,
	`at` integer NOT NULL,
	`origin_id` integer NOT NULL,
	`landing_page_id` integer NOT NULL,
	`click_id_name` text,
	`click_id_value` text,
	`raw` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `touch_person_at_origin` ON `touch` (`person_id`,`at`,`origin_id`);--> statement-breakpoint
CREATE INDEX `touch_origin_person` ON `touch` (`origin_id`,`person_id`);--> statement-breakpoint
CREATE TABLE `category` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`name` text NOT NULL,
	`category_group` text NOT NULL,
	`position` integer NOT NULL,
	`set_on` text DEFAULT '[]' NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `category_name_unique` ON `category` (`name`);--> statement-breakpoint
CREATE TABLE `company` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`name` text NOT NULL,
	`name_fold` text NOT NULL,
	`name_key` text,
	`domain` text,
	`registration_number` text,
	`country` text,
	`owner_id` integer,
	`category_id` integer,
	`created_via` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`creation_id` text NOT NULL,
	`source_person_id` integer,
	`first_touch_origin_id` integer,
	`first_touch_at` integer,
	`first_touch_landing_page_id` integer,
	`lead_creation_origin_id` integer,
	`lead_creation_at` integer,
	`lead_creation_landing_page_id` integer,
	FOREIGN KEY (`owner_id`) REFERENCES `owner`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`category_id`) REFERENCES `category`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `company_domain_unique` ON `company` (`domain`);--> statement-breakpoint
CREATE UNIQUE INDEX `company_registration_number_unique` ON `company` (`registration_number`);--> statement-breakpoint
CREATE INDEX `company_name_key` ON `company` (`name_key`);--> statement-breakpoint
CREATE INDEX `company_created_at` ON `company` (`created_at`,`id`);--> statement-breakpoint
CREATE TABLE `consent` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`person_id` integer NOT NULL,
	`purpose` text NOT NULL,
	`text` text,
	`at` integer NOT NULL,
	`form_id` integer,
	`submission_id` text,
	FOREIGN KEY (`person_id`) REFERENCES `person`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `consent_person` ON `consent` (`person_id`);--> statement-breakpoint
CREATE TABLE `lead_status` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`name` text NOT NULL,
	`position` integer NOT NULL,
	`is_default` integer DEFAULT false NOT NULL,
	`sets_category_id` integer,
	FOREIGN KEY (`sets_category_id`) REFERENCES `category`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `lead_status_name_unique` ON `lead_status` (`name`);--> statement-breakpoint
CREATE TABLE `owner` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`name` text NOT NULL,
	`email` text,
	`active` integer DEFAULT true NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `owner_email_unique` ON `owner` (`email`);--> statement-breakpoint
CREATE TABLE `person` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`email` text NOT NULL,
	`first_name` text,
	`first_name_fold` text,
	`last_name` text,
	`last_name_fold` text,
	`phone` text,
	`title` text,
	`title_fold` text,
	`country` text,
	`company_id` integer,
	`owner_id` integer,
	`lead_status_id` integer,
	`created_via` text NOT NULL,
	`created_form_id` integer,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`creation_id` text NOT NULL,
	`first_touch_origin_id` integer NOT NULL,
	`first_touch_at` integer NOT NULL,
	`first_touch_landing_page_id` integer NOT NULL,
	`lead_creation_origin_id` integer NOT NULL,
	`lead_creation_at` integer NOT NULL,
	`lead_creation_landing_page_id` integer NOT NULL,
	FOREIGN KEY (`company_id`) REFERENCES `company`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`owner_id`) REFERENCES `owner`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`lead_status_id`) REFERENCES `lead_status`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `person_email_unique` ON `person` (`email`);--> statement-breakpoint
CREATE INDEX `person_created_at` ON `person` (`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `person_company` ON `person` (`company_id`);--> statement-breakpoint
CREATE TABLE `person_email` (
	`email` text PRIMARY KEY NOT NULL,
	`person_id` integer NOT NULL,
	FOREIGN KEY (`person_id`) REFERENCES `person`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `person_email_person` ON `person_email` (`person_id`);--> statement-breakpoint
CREATE TABLE `person_merge` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`person_id` integer NOT NULL,
	`removed_person_id` integer NOT NULL,
	`kept` text NOT NULL,
	`removed` text NOT NULL,
	`moved` text NOT NULL,
	`at` integer NOT NULL,
	`undone_at` integer
);
--> statement-breakpoint
CREATE INDEX `person_merge_person` ON `person_merge` (`person_id`);--> statement-breakpoint
CREATE TABLE `selection` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`name` text NOT NULL,
	`entity` text NOT NULL,
	`kind` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `selection_member` (
	`selection_id` integer NOT NULL,
	`member_id` integer NOT NULL,
	`added_at` integer NOT NULL,
	PRIMARY KEY(`selection_id`, `member_id`),
	FOREIGN KEY (`selection_id`) REFERENCES `selection`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `selection_member_member` ON `selection_member` (`member_id`);--> statement-breakpoint
CREATE TABLE `api_key` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`name` text NOT NULL,
	`hash` text NOT NULL,
	`prefix` text NOT NULL,
	`scopes` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `api_key_hash_unique` ON `api_key` (`hash`);--> statement-breakpoint
CREATE TABLE `settings` (
	`id` integer PRIMARY KEY NOT NULL,
	`version` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `site` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`key` text NOT NULL,
	`name` text NOT NULL,
	`domains` text DEFAULT '[]' NOT NULL,
	`is_default` integer DEFAULT false NOT NULL,
	`time_zone` text DEFAULT 'Europe/Oslo' NOT NULL,
	`look_back_days` integer DEFAULT 90 NOT NULL,
	`consent` text DEFAULT 'off' NOT NULL,
	`utm_tracking` integer DEFAULT true NOT NULL,
	`ignored_referrers` text DEFAULT '[]' NOT NULL,
	`channel_rules` text DEFAULT '[]' NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `site_key_unique` ON `site` (`key`);