CREATE INDEX `deal_owner` ON `deal` (`owner_id`,`registered_at`) WHERE owner_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX `submission_origin` ON `submission` (`origin_id`,`at`) WHERE origin_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX `company_name_fold` ON `company` (`name_fold`);--> statement-breakpoint
CREATE INDEX `company_category` ON `company` (`category_id`,`created_at`) WHERE category_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX `company_owner` ON `company` (`owner_id`,`created_at`) WHERE owner_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX `company_country` ON `company` (`country`) WHERE country IS NOT NULL;--> statement-breakpoint
CREATE INDEX `company_first_touch` ON `company` (`first_touch_origin_id`) WHERE first_touch_origin_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX `company_lead_creation` ON `company` (`lead_creation_origin_id`) WHERE lead_creation_origin_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX `person_first_touch` ON `person` (`first_touch_origin_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `person_lead_creation` ON `person` (`lead_creation_origin_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `person_lead_status` ON `person` (`lead_status_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `person_owner` ON `person` (`owner_id`,`created_at`) WHERE owner_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX `person_first_name` ON `person` (`first_name_fold`) WHERE first_name_fold IS NOT NULL;--> statement-breakpoint
CREATE INDEX `person_last_name` ON `person` (`last_name_fold`) WHERE last_name_fold IS NOT NULL;--> statement-breakpoint
CREATE INDEX `person_country` ON `person` (`country`) WHERE country IS NOT NULL;--> statement-breakpoint
CREATE INDEX `person_created_form` ON `person` (`created_form_id`,`created_at`) WHERE created_form_id IS NOT NULL;