DROP TRIGGER IF EXISTS intake_stored_store;
--> statement-breakpoint
DROP TRIGGER IF EXISTS delivery_notification_stored;
--> statement-breakpoint
CREATE TABLE `consent_request` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`submission_id` text NOT NULL,
	`purpose` text NOT NULL,
	`text` text,
	`confirm_url` text NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `consent_request_submission` ON `consent_request` (`submission_id`);
--> statement-breakpoint
CREATE INDEX `consent_request_at` ON `consent_request` (`at`);
--> statement-breakpoint
ALTER TABLE `form` ADD `language` text;
--> statement-breakpoint
ALTER TABLE `form` ADD `thank_you` text;
--> statement-breakpoint
ALTER TABLE `form` ADD `closed_text` text;
--> statement-breakpoint
ALTER TABLE `form` ADD `auto_reply` text;
--> statement-breakpoint
ALTER TABLE `form` ADD `mode` text DEFAULT 'automatic' NOT NULL;
--> statement-breakpoint
ALTER TABLE `form` ADD `store_files` integer DEFAULT true NOT NULL;
--> statement-breakpoint
ALTER TABLE `quarantine` ADD `kind` text DEFAULT 'spam' NOT NULL;
--> statement-breakpoint
CREATE INDEX `quarantine_form` ON `quarantine` (`form_id`,`kind`) WHERE status = 'held';
--> statement-breakpoint
CREATE INDEX `quarantine_approval` ON `quarantine` (`status`,`at`) WHERE kind = 'approval';
--> statement-breakpoint
CREATE TRIGGER delivery_notification_stored AFTER INSERT ON submission
WHEN (SELECT notify <> '[]' FROM form WHERE id = NEW.form_id) AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.submission_id = NEW.id)
BEGIN
  INSERT INTO delivery (submission_id, target, next_at)
  SELECT NEW.id, iif(t.type = 'text', json_object('kind', 'email', 'to', json_array(t.value)), t.value), 0 FROM form f, json_each(f.notify) t
  WHERE f.id = NEW.form_id;
END;
--> statement-breakpoint
-- A submission that waits for approval is reported at once: somebody has to look at it.
CREATE TRIGGER delivery_notification_waiting AFTER INSERT ON quarantine
WHEN NEW.kind = 'approval'
BEGIN
  INSERT INTO delivery (submission_id, target, next_at)
  SELECT NEW.id, iif(t.type = 'text', json_object('kind', 'email', 'to', json_array(t.value)), t.value), 0 FROM form f, json_each(f.notify) t
  WHERE f.id = NEW.form_id;
END;
--> statement-breakpoint
-- Mails to the sender: requests to confirm a consent, and the automatic reply.
CREATE TRIGGER delivery_sender_mail AFTER INSERT ON submission
WHEN NEW.person_id IS NOT NULL AND ((SELECT auto_reply IS NOT NULL FROM form WHERE id = NEW.form_id) OR EXISTS (SELECT 1 FROM consent_request r WHERE r.submission_id = NEW.id))
BEGIN
  INSERT INTO delivery (submission_id, target, next_at)
  SELECT NEW.id, json_object('kind', 'confirmConsent', 'requestId', r.id), 0 FROM consent_request r WHERE r.submission_id = NEW.id AND (SELECT count(*) FROM (SELECT 1 FROM submission s JOIN delivery d ON d.submission_id = s.id
    WHERE s.person_id = NEW.person_id AND s.at > NEW.at - 86400000
      AND d.target ->> 'kind' IN ('autoReply', 'confirmConsent') LIMIT 3)) < 3;
  INSERT INTO delivery (submission_id, target, next_at)
  SELECT NEW.id, json_object('kind', 'autoReply'), 0 FROM form WHERE id = NEW.form_id AND auto_reply IS NOT NULL AND (SELECT count(*) FROM (SELECT 1 FROM submission s JOIN delivery d ON d.submission_id = s.id
    WHERE s.person_id = NEW.person_id AND s.at > NEW.at - 86400000
      AND d.target ->> 'kind' IN ('autoReply', 'confirmConsent') LIMIT 3)) < 3;
END;
--> statement-breakpoint
-- Stores what belongs to person and company, and last the submission.
CREATE TRIGGER intake_stored_store INSTEAD OF INSERT ON intake_stored BEGIN
  -- Who brought the company, now that the person has an id.
  UPDATE company SET source_person_id = NEW.person_id WHERE id = NEW.company_id AND NEW.created_company AND NEW.created_person;
  -- touches: JSON [{ at, key, landingPage, clickIdName, clickIdValue, clickIds, raw, standIn }], oldest first. A list sent every night
  -- must not add a direct touch to everybody each time: a stand-in is for the new alone.
  INSERT INTO touch (person_id, at, origin_id, landing_page_id, click_id_name, click_id_value, click_ids, raw)
  SELECT coalesce(NEW.person_id, 0), t.value ->> 'at', coalesce((SELECT known.origin_id FROM touch known JOIN origin reread ON reread.id = known.origin_id
      WHERE known.person_id = coalesce(NEW.person_id, 0) AND known.at = t.value ->> 'at' AND reread.read_as = t.value ->> 'key' LIMIT 1), (SELECT id FROM origin WHERE key = t.value ->> 'key')), coalesce((SELECT id FROM origin_value WHERE field = 'landingPage' AND canonical = t.value ->> 'landingPage'), 0), t.value ->> 'clickIdName', t.value ->> 'clickIdValue', t.value ->> 'clickIds', t.value ->> 'raw'
  FROM json_each(NEW.touches) t
  WHERE t.value ->> 'standIn' IS NULL OR NEW.created_person
  ON CONFLICT DO NOTHING;
  -- consents: JSON [{ purpose, text, confirmUrl }]. Those with confirmUrl count only after the sender has confirmed them.
  INSERT INTO consent (person_id, purpose, text, at, form_id, submission_id)
  SELECT NEW.person_id, c.value ->> 'purpose', c.value ->> 'text', NEW.at, NEW.form_id, NEW.id FROM json_each(NEW.consents) c WHERE NEW.person_id IS NOT NULL AND c.value ->> 'confirmUrl' IS NULL;
  INSERT INTO consent_request (submission_id, purpose, text, confirm_url, at)
  SELECT NEW.id, c.value ->> 'purpose', c.value ->> 'text', c.value ->> 'confirmUrl', NEW.at FROM json_each(NEW.consents) c WHERE NEW.person_id IS NOT NULL AND c.value ->> 'confirmUrl' IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM consent given WHERE given.person_id = NEW.person_id AND given.purpose = c.value ->> 'purpose');
  INSERT INTO form_day (form_id, day, submissions, new_leads, last_at)
  SELECT NEW.form_id, NEW.day, 1, NEW.created_person, NEW.at WHERE NEW.form_id IS NOT NULL
  ON CONFLICT DO UPDATE SET submissions = submissions + 1, new_leads = new_leads + excluded.new_leads, last_at = max(last_at, excluded.last_at);
  -- A status that a lead came with sets its company's category, as if it had been set later; a form says its own.
  INSERT INTO category_change (company_id, category_id, cause, at)
  SELECT company.id, given.category_id, 'leadStatusSet', NEW.now
  FROM (SELECT company_id, (SELECT status.sets_category_id FROM lead_status status WHERE status.id = lead_status_id) AS category_id FROM person WHERE id = NEW.person_id) given
  JOIN company ON company.id = given.company_id
  WHERE NEW.form_id IS NULL AND NEW.created_person AND NEW.company_name IS NOT NULL
    AND (given.category_id IS NOT NULL AND company.category_id IS NOT given.category_id AND (company.category_id IS NULL
      OR EXISTS (SELECT 1 FROM category held WHERE held.id = company.category_id AND held.category_group IN ('Potential customer'))));
  INSERT INTO selection_member (selection_id, member_id, added_at)
  SELECT NEW.selection_id, NEW.person_id, NEW.now
  WHERE NEW.person_id IS NOT NULL AND EXISTS (SELECT 1 FROM selection WHERE id = NEW.selection_id AND kind = 'static')
  ON CONFLICT DO NOTHING;
  UPDATE quarantine SET status = 'released', payload = 'null' WHERE id = NEW.id AND NEW.form_id IS NOT NULL;
  -- Last, and whole: what is told of it (events, notifications, totals) finds all of it there.
  INSERT INTO submission (id, form_id, person_id, company_id, at, created_via, created_person, created_company, origin_id, touch_at, landing_page_id, journey, fields, page, self_reported, idempotency_key, content_hash)
  SELECT NEW.id, NEW.form_id, NEW.person_id, NEW.company_id, NEW.at, NEW.created_via, NEW.created_person, NEW.created_company, NEW.in_force_id, NEW.in_force_at, NEW.in_force_landing_page_id, (SELECT json_group_array(touch.id) FROM json_each(NEW.touches) t
      JOIN touch ON touch.person_id = coalesce(NEW.person_id, 0)
        AND touch.at = t.value ->> 'at' AND touch.origin_id = coalesce((SELECT known.origin_id FROM touch known JOIN origin reread ON reread.id = known.origin_id
      WHERE known.person_id = coalesce(NEW.person_id, 0) AND known.at = t.value ->> 'at' AND reread.read_as = t.value ->> 'key' LIMIT 1), (SELECT id FROM origin WHERE key = t.value ->> 'key'))), coalesce(NEW.fields, '{}'), NEW.page, NEW.self_reported, NEW.idempotency_key, NEW.content_hash
  WHERE NEW.form_id IS NOT NULL OR (NEW.created_via IN ('chat', 'phone', 'event')
    AND NEW.person_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM submission
      WHERE person_id = NEW.person_id AND at = NEW.at AND created_via = NEW.created_via
        AND form_id IS NULL));
END;
