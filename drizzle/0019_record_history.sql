DROP TRIGGER IF EXISTS category_change_made;
--> statement-breakpoint
CREATE TABLE `change_author` (
	`id` integer PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`via` text NOT NULL,
	`rule` text,
	`key_id` integer,
	`key_name` text,
	`user_id` integer,
	`user_name` text
);
--> statement-breakpoint
CREATE TABLE `record_change` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`entity` text NOT NULL,
	`record_id` integer NOT NULL,
	`at` integer NOT NULL,
	`field` text NOT NULL,
	`was` text,
	`became` text,
	`via` text,
	`rule` text,
	`key_id` integer,
	`key_name` text,
	`user_id` integer,
	`user_name` text
);
--> statement-breakpoint
CREATE INDEX `record_change_record` ON `record_change` (`entity`,`record_id`,`at`,`id`);
--> statement-breakpoint
CREATE INDEX `record_change_at` ON `record_change` (`at`);
--> statement-breakpoint
CREATE TRIGGER category_change_made INSTEAD OF INSERT ON category_change BEGIN
  -- The history of the company names the rule.
  INSERT INTO change_author (at, via, rule, key_id, key_name, user_id, user_name)
  SELECT coalesce(a.at, NEW.at), 'automation', NEW.cause, a.key_id, a.key_name, a.user_id, a.user_name FROM (SELECT 1) LEFT JOIN change_author a ON a.id = (SELECT max(id) FROM change_author) WHERE a.via IS NOT 'none' AND EXISTS (SELECT 1 FROM category WHERE id = NEW.category_id AND archived_at IS NULL AND needs_confirmation = 0);
  UPDATE company SET category_id = NEW.category_id, updated_at = NEW.at WHERE id = NEW.company_id AND EXISTS (SELECT 1 FROM category WHERE id = NEW.category_id AND archived_at IS NULL AND needs_confirmation = 0);
  DELETE FROM change_author WHERE via = 'automation';
  -- A later proposal takes the place of the one that waits.
  INSERT INTO category_proposal (company_id, from_category_id, category_id, cause, at)
  SELECT id, category_id, NEW.category_id, NEW.cause, NEW.at FROM company WHERE id = NEW.company_id AND EXISTS (SELECT 1 FROM category WHERE id = NEW.category_id AND archived_at IS NULL AND needs_confirmation = 1)
  ON CONFLICT (company_id) WHERE state = 'pending' DO UPDATE SET from_category_id = excluded.from_category_id, category_id = excluded.category_id, cause = excluded.cause, at = excluded.at;
END;
--> statement-breakpoint
-- What changed, and by whom: the last row of change_author; without one, a lead that arrives.
CREATE TRIGGER person_history AFTER UPDATE OF email, first_name, last_name, phone, title, country, company_id, owner_id, lead_status_id ON person
WHEN (OLD.email IS NOT NEW.email OR OLD.first_name IS NOT NEW.first_name OR OLD.last_name IS NOT NEW.last_name OR OLD.phone IS NOT NEW.phone OR OLD.title IS NOT NEW.title OR OLD.country IS NOT NEW.country OR OLD.company_id IS NOT NEW.company_id OR OLD.owner_id IS NOT NEW.owner_id OR OLD.lead_status_id IS NOT NEW.lead_status_id) AND NEW.id > 0 AND NOT EXISTS (SELECT 1 FROM change_author WHERE via = 'none')
BEGIN
  INSERT INTO record_change (entity, record_id, at, field, was, became, via, rule, key_id, key_name, user_id, user_name)
  SELECT 'person', NEW.id, coalesce(a.at, NEW.updated_at), c.column1, c.column2, c.column3, a.via, a.rule, a.key_id, a.key_name, a.user_id, a.user_name FROM (VALUES ('email', json_quote(OLD.email), json_quote(NEW.email)), ('firstName', json_quote(OLD.first_name), json_quote(NEW.first_name)), ('lastName', json_quote(OLD.last_name), json_quote(NEW.last_name)), ('phone', json_quote(OLD.phone), json_quote(NEW.phone)), ('title', json_quote(OLD.title), json_quote(NEW.title)), ('country', json_quote(OLD.country), json_quote(NEW.country)), ('company', iif(OLD.company_id IS NULL, 'null', json_object('id', CAST(OLD.company_id AS text), 'name', (SELECT t.name FROM company t WHERE t.id = OLD.company_id))), iif(NEW.company_id IS NULL, 'null', json_object('id', CAST(NEW.company_id AS text), 'name', (SELECT t.name FROM company t WHERE t.id = NEW.company_id)))), ('owner', iif(OLD.owner_id IS NULL, 'null', json_object('id', CAST(OLD.owner_id AS text), 'name', (SELECT t.name FROM owner t WHERE t.id = OLD.owner_id))), iif(NEW.owner_id IS NULL, 'null', json_object('id', CAST(NEW.owner_id AS text), 'name', (SELECT t.name FROM owner t WHERE t.id = NEW.owner_id)))), ('leadStatus', iif(OLD.lead_status_id IS NULL, 'null', json_object('id', CAST(OLD.lead_status_id AS text), 'name', (SELECT t.name FROM lead_status t WHERE t.id = OLD.lead_status_id))), iif(NEW.lead_status_id IS NULL, 'null', json_object('id', CAST(NEW.lead_status_id AS text), 'name', (SELECT t.name FROM lead_status t WHERE t.id = NEW.lead_status_id))))) c, (SELECT 1) LEFT JOIN change_author a ON a.id = (SELECT max(id) FROM change_author)
  WHERE c.column2 IS NOT c.column3;
END;
--> statement-breakpoint
-- What changed, and by whom: the last row of change_author; without one, a lead that arrives.
CREATE TRIGGER company_history AFTER UPDATE OF name, domain, registration_number, country, owner_id, category_id ON company
WHEN (OLD.name IS NOT NEW.name OR OLD.domain IS NOT NEW.domain OR OLD.registration_number IS NOT NEW.registration_number OR OLD.country IS NOT NEW.country OR OLD.owner_id IS NOT NEW.owner_id OR OLD.category_id IS NOT NEW.category_id) AND NOT EXISTS (SELECT 1 FROM change_author WHERE via = 'none')
BEGIN
  INSERT INTO record_change (entity, record_id, at, field, was, became, via, rule, key_id, key_name, user_id, user_name)
  SELECT 'company', NEW.id, coalesce(a.at, NEW.updated_at), c.column1, c.column2, c.column3, iif(c.column1 = 'category' AND (a.via IS NULL OR a.via = 'import'), 'automation', a.via), iif(c.column1 = 'category' AND (a.via IS NULL OR a.via = 'import'), 'leadArrived', a.rule), a.key_id, a.key_name, a.user_id, a.user_name FROM (VALUES ('name', json_quote(OLD.name), json_quote(NEW.name)), ('domain', json_quote(OLD.domain), json_quote(NEW.domain)), ('registrationNumber', json_quote(OLD.registration_number), json_quote(NEW.registration_number)), ('country', json_quote(OLD.country), json_quote(NEW.country)), ('owner', iif(OLD.owner_id IS NULL, 'null', json_object('id', CAST(OLD.owner_id AS text), 'name', (SELECT t.name FROM owner t WHERE t.id = OLD.owner_id))), iif(NEW.owner_id IS NULL, 'null', json_object('id', CAST(NEW.owner_id AS text), 'name', (SELECT t.name FROM owner t WHERE t.id = NEW.owner_id)))), ('category', iif(OLD.category_id IS NULL, 'null', json_object('id', CAST(OLD.category_id AS text), 'name', (SELECT t.name FROM category t WHERE t.id = OLD.category_id))), iif(NEW.category_id IS NULL, 'null', json_object('id', CAST(NEW.category_id AS text), 'name', (SELECT t.name FROM category t WHERE t.id = NEW.category_id))))) c, (SELECT 1) LEFT JOIN change_author a ON a.id = (SELECT max(id) FROM change_author)
  WHERE c.column2 IS NOT c.column3;
END;
--> statement-breakpoint
-- What changed, and by whom: the last row of change_author; without one, a lead that arrives.
CREATE TRIGGER deal_history AFTER UPDATE OF name, person_id, company_id, owner_id, stage_id, status, probability, amount_minor, currency, closed_at, expected_close_day, next_step_text, next_step_day, lost_reason ON deal
WHEN (OLD.name IS NOT NEW.name OR OLD.person_id IS NOT NEW.person_id OR OLD.company_id IS NOT NEW.company_id OR OLD.owner_id IS NOT NEW.owner_id OR OLD.stage_id IS NOT NEW.stage_id OR OLD.status IS NOT NEW.status OR OLD.probability IS NOT NEW.probability OR OLD.amount_minor IS NOT NEW.amount_minor OR OLD.currency IS NOT NEW.currency OR OLD.closed_at IS NOT NEW.closed_at OR OLD.expected_close_day IS NOT NEW.expected_close_day OR OLD.next_step_text IS NOT NEW.next_step_text OR OLD.next_step_day IS NOT NEW.next_step_day OR OLD.lost_reason IS NOT NEW.lost_reason) AND OLD.stage_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM change_author WHERE via = 'none')
BEGIN
  INSERT INTO record_change (entity, record_id, at, field, was, became, via, rule, key_id, key_name, user_id, user_name)
  SELECT 'deal', NEW.id, coalesce(a.at, NEW.updated_at), c.column1, c.column2, c.column3, coalesce(a.via, 'automation'), iif(a.via IS NULL, 'dealLinked', a.rule), a.key_id, a.key_name, a.user_id, a.user_name FROM (VALUES ('name', json_quote(OLD.name), json_quote(NEW.name)), ('person', iif(OLD.person_id IS NULL, 'null', json_object('id', CAST(OLD.person_id AS text))), iif(NEW.person_id IS NULL, 'null', json_object('id', CAST(NEW.person_id AS text)))), ('company', iif(OLD.company_id IS NULL, 'null', json_object('id', CAST(OLD.company_id AS text), 'name', (SELECT t.name FROM company t WHERE t.id = OLD.company_id))), iif(NEW.company_id IS NULL, 'null', json_object('id', CAST(NEW.company_id AS text), 'name', (SELECT t.name FROM company t WHERE t.id = NEW.company_id)))), ('owner', iif(OLD.owner_id IS NULL, 'null', json_object('id', CAST(OLD.owner_id AS text), 'name', (SELECT t.name FROM owner t WHERE t.id = OLD.owner_id))), iif(NEW.owner_id IS NULL, 'null', json_object('id', CAST(NEW.owner_id AS text), 'name', (SELECT t.name FROM owner t WHERE t.id = NEW.owner_id)))), ('stage', iif(OLD.stage_id IS NULL, 'null', json_object('id', CAST(OLD.stage_id AS text), 'name', (SELECT t.name FROM stage t WHERE t.id = OLD.stage_id))), iif(NEW.stage_id IS NULL, 'null', json_object('id', CAST(NEW.stage_id AS text), 'name', (SELECT t.name FROM stage t WHERE t.id = NEW.stage_id)))), ('status', json_quote(OLD.status), json_quote(NEW.status)), ('probability', json_quote(OLD.probability / 100.0), json_quote(NEW.probability / 100.0)), ('amount', json_quote(OLD.amount_minor / CASE WHEN OLD.currency NOT IN ('BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV', 'XAF', 'XOF', 'XPF', 'BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND', 'CLF', 'UYW') THEN 100.0 ELSE CASE OLD.currency WHEN 'BIF' THEN 1.0 WHEN 'CLP' THEN 1.0 WHEN 'DJF' THEN 1.0 WHEN 'GNF' THEN 1.0 WHEN 'ISK' THEN 1.0 WHEN 'JPY' THEN 1.0 WHEN 'KMF' THEN 1.0 WHEN 'KRW' THEN 1.0 WHEN 'PYG' THEN 1.0 WHEN 'RWF' THEN 1.0 WHEN 'UGX' THEN 1.0 WHEN 'UYI' THEN 1.0 WHEN 'VND' THEN 1.0 WHEN 'VUV' THEN 1.0 WHEN 'XAF' THEN 1.0 WHEN 'XOF' THEN 1.0 WHEN 'XPF' THEN 1.0 WHEN 'BHD' THEN 1000.0 WHEN 'IQD' THEN 1000.0 WHEN 'JOD' THEN 1000.0 WHEN 'KWD' THEN 1000.0 WHEN 'LYD' THEN 1000.0 WHEN 'OMR' THEN 1000.0 WHEN 'TND' THEN 1000.0 WHEN 'CLF' THEN 10000.0 WHEN 'UYW' THEN 10000.0 END END), json_quote(NEW.amount_minor / CASE WHEN NEW.currency NOT IN ('BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV', 'XAF', 'XOF', 'XPF', 'BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND', 'CLF', 'UYW') THEN 100.0 ELSE CASE NEW.currency WHEN 'BIF' THEN 1.0 WHEN 'CLP' THEN 1.0 WHEN 'DJF' THEN 1.0 WHEN 'GNF' THEN 1.0 WHEN 'ISK' THEN 1.0 WHEN 'JPY' THEN 1.0 WHEN 'KMF' THEN 1.0 WHEN 'KRW' THEN 1.0 WHEN 'PYG' THEN 1.0 WHEN 'RWF' THEN 1.0 WHEN 'UGX' THEN 1.0 WHEN 'UYI' THEN 1.0 WHEN 'VND' THEN 1.0 WHEN 'VUV' THEN 1.0 WHEN 'XAF' THEN 1.0 WHEN 'XOF' THEN 1.0 WHEN 'XPF' THEN 1.0 WHEN 'BHD' THEN 1000.0 WHEN 'IQD' THEN 1000.0 WHEN 'JOD' THEN 1000.0 WHEN 'KWD' THEN 1000.0 WHEN 'LYD' THEN 1000.0 WHEN 'OMR' THEN 1000.0 WHEN 'TND' THEN 1000.0 WHEN 'CLF' THEN 10000.0 WHEN 'UYW' THEN 10000.0 END END)), ('currency', json_quote(OLD.currency), json_quote(NEW.currency)), ('closedAt', json_quote(strftime('%Y-%m-%dT%H:%M:%fZ', OLD.closed_at / 1000.0, 'unixepoch')), json_quote(strftime('%Y-%m-%dT%H:%M:%fZ', NEW.closed_at / 1000.0, 'unixepoch'))), ('expectedCloseDate', json_quote(OLD.expected_close_day), json_quote(NEW.expected_close_day)), ('nextStep', iif(OLD.next_step_text IS NULL, 'null', json_object('text', OLD.next_step_text, 'day', OLD.next_step_day)), iif(NEW.next_step_text IS NULL, 'null', json_object('text', NEW.next_step_text, 'day', NEW.next_step_day))), ('lostReason', json_quote(OLD.lost_reason), json_quote(NEW.lost_reason))) c, (SELECT 1) LEFT JOIN change_author a ON a.id = (SELECT max(id) FROM change_author)
  WHERE c.column2 IS NOT c.column3;
END;
