ALTER TABLE `deal` ADD `first_touch_origin_id` integer;
--> statement-breakpoint
ALTER TABLE `deal` ADD `lead_creation_origin_id` integer;
--> statement-breakpoint
DROP INDEX `deal_registered`;
--> statement-breakpoint
DROP INDEX `deal_closed`;
--> statement-breakpoint
-- The origins that a deal's credit goes to, kept with it.
UPDATE deal SET first_touch_origin_id = CASE WHEN deal.person_id IS NOT NULL THEN (SELECT first_touch_origin_id FROM person WHERE id = deal.person_id) ELSE (SELECT first_touch_origin_id FROM company WHERE id = deal.company_id) END,
    lead_creation_origin_id = CASE WHEN deal.person_id IS NOT NULL THEN (SELECT lead_creation_origin_id FROM person WHERE id = deal.person_id) ELSE (SELECT lead_creation_origin_id FROM company WHERE id = deal.company_id) END;
--> statement-breakpoint
CREATE INDEX `deal_registered` ON `deal` (`registered_at`,`lead_creation_origin_id`,`first_touch_origin_id`,`closed_at`,`amount_minor`,`currency`);
--> statement-breakpoint
CREATE INDEX `deal_closed` ON `deal` (`closed_at`,`status`,`amount_minor`,`currency`,`lead_creation_origin_id`,`first_touch_origin_id`) WHERE closed_at IS NOT NULL;
--> statement-breakpoint
CREATE TRIGGER deal_origins_added AFTER INSERT ON deal BEGIN
  UPDATE deal SET first_touch_origin_id = CASE WHEN deal.person_id IS NOT NULL THEN (SELECT first_touch_origin_id FROM person WHERE id = deal.person_id) ELSE (SELECT first_touch_origin_id FROM company WHERE id = deal.company_id) END,
    lead_creation_origin_id = CASE WHEN deal.person_id IS NOT NULL THEN (SELECT lead_creation_origin_id FROM person WHERE id = deal.person_id) ELSE (SELECT lead_creation_origin_id FROM company WHERE id = deal.company_id) END
  WHERE id = NEW.id;
END;
--> statement-breakpoint
CREATE TRIGGER deal_origins_changed AFTER UPDATE OF person_id, company_id ON deal
WHEN OLD.person_id IS NOT NEW.person_id OR OLD.company_id IS NOT NEW.company_id
BEGIN
  UPDATE deal SET first_touch_origin_id = CASE WHEN deal.person_id IS NOT NULL THEN (SELECT first_touch_origin_id FROM person WHERE id = deal.person_id) ELSE (SELECT first_touch_origin_id FROM company WHERE id = deal.company_id) END,
    lead_creation_origin_id = CASE WHEN deal.person_id IS NOT NULL THEN (SELECT lead_creation_origin_id FROM person WHERE id = deal.person_id) ELSE (SELECT lead_creation_origin_id FROM company WHERE id = deal.company_id) END
  WHERE id = NEW.id;
END;
--> statement-breakpoint
CREATE TRIGGER deal_origins_of_person AFTER UPDATE OF first_touch_origin_id, lead_creation_origin_id ON person
WHEN OLD.first_touch_origin_id <> NEW.first_touch_origin_id OR OLD.lead_creation_origin_id <> NEW.lead_creation_origin_id
BEGIN
  UPDATE deal SET first_touch_origin_id = NEW.first_touch_origin_id, lead_creation_origin_id = NEW.lead_creation_origin_id WHERE person_id = NEW.id;
END;
--> statement-breakpoint
CREATE TRIGGER deal_origins_of_company AFTER UPDATE OF first_touch_origin_id, lead_creation_origin_id ON company
WHEN OLD.first_touch_origin_id IS NOT NEW.first_touch_origin_id OR OLD.lead_creation_origin_id IS NOT NEW.lead_creation_origin_id
BEGIN
  UPDATE deal SET first_touch_origin_id = NEW.first_touch_origin_id, lead_creation_origin_id = NEW.lead_creation_origin_id
  WHERE company_id = NEW.id AND person_id IS NULL;
END;
