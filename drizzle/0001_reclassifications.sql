DROP TRIGGER IF EXISTS settled_channel_of_many_changed;
--> statement-breakpoint
DROP TRIGGER IF EXISTS settled_channel_changed;
--> statement-breakpoint
DROP TRIGGER IF EXISTS group_of_changed_origin;
--> statement-breakpoint
DROP TRIGGER IF EXISTS intake_stored_store;
--> statement-breakpoint
DROP TRIGGER IF EXISTS intake_store;
--> statement-breakpoint
CREATE TABLE `reclassification` (
	`id` text PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`state` text NOT NULL,
	`rules_version` integer NOT NULL,
	`last_origin_id` integer NOT NULL,
	`last_value_id` integer NOT NULL,
	`last_group_id` integer NOT NULL,
	`cursor` text NOT NULL,
	`step` integer DEFAULT 0 NOT NULL,
	`counts` text NOT NULL,
	`finished_at` integer,
	`undone_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `reclassification_running` ON `reclassification` ((1)) WHERE state IN ('applying', 'undoing');
--> statement-breakpoint
CREATE INDEX `reclassification_at` ON `reclassification` (`at`,`id`);
--> statement-breakpoint
CREATE TABLE `reclassified_origin` (
	`reclassification_id` text NOT NULL,
	`origin_id` integer NOT NULL,
	`before` text NOT NULL,
	`evidence_before` text,
	`channel_before` integer NOT NULL,
	`channel_after` integer NOT NULL,
	`says_less` integer NOT NULL,
	PRIMARY KEY(`reclassification_id`, `origin_id`)
);
--> statement-breakpoint
CREATE TABLE `reclassified_point` (
	`reclassification_id` text NOT NULL,
	`point` text NOT NULL,
	`record_id` text NOT NULL,
	`origin_before` integer NOT NULL,
	`at_before` integer NOT NULL,
	`landing_page_before` integer NOT NULL,
	`origin_after` integer NOT NULL,
	`at_after` integer NOT NULL,
	`landing_page_after` integer NOT NULL,
	`company_id` integer,
	PRIMARY KEY(`reclassification_id`, `point`, `record_id`)
);
--> statement-breakpoint
ALTER TABLE `origin` ADD `rules_version` integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE `origin` ADD `evidence` text;
--> statement-breakpoint
ALTER TABLE `origin` ADD `read_as` text;
--> statement-breakpoint
-- Stores values and origins, and looks up who it is.
CREATE TRIGGER intake_store INSTEAD OF INSERT ON intake
WHEN (SELECT version FROM settings WHERE id = 1) = NEW.version AND (NEW.form_id IS NULL OR (
    NOT EXISTS (SELECT 1 FROM submission WHERE id = NEW.id)
    AND (NEW.idempotency_key IS NULL OR (
      NOT EXISTS (SELECT 1 FROM submission WHERE form_id = NEW.form_id AND idempotency_key = NEW.idempotency_key)
      AND NOT EXISTS (SELECT 1 FROM quarantine
        WHERE form_id = NEW.form_id AND idempotency_key = NEW.idempotency_key AND id <> NEW.id)))
    AND (NEW.content_hash IS NULL
      OR NOT EXISTS (SELECT 1 FROM submission WHERE content_hash = NEW.content_hash AND at > NEW.content_since))
    AND (NEW.closes_after IS NULL
      OR coalesce((SELECT sum(submissions) FROM form_day WHERE form_id = NEW.form_id), 0) < NEW.closes_after)))
BEGIN
  -- origin_values: JSON [{ field, canonical, label }].
  INSERT INTO origin_value (field, canonical, label, alias_of, first_seen_at)
  SELECT v.value ->> 'field', v.value ->> 'canonical', v.value ->> 'label',
    (SELECT coalesce(target.alias_of, target.id) FROM alias_from f JOIN alias a ON a.id = f.alias_id
       JOIN origin_value target ON target.field = a.field AND target.canonical = a.to_canonical
      WHERE f.field = v.value ->> 'field' AND f.canonical = v.value ->> 'canonical'),
    NEW.at
  FROM json_each(NEW.origin_values) v WHERE true
  ON CONFLICT DO NOTHING;
  -- origins: JSON [{ key, siteId, source, medium, campaign, term, content, id, referrerDomain, channel, clickIdName, rulesVersion }], canonical.
  INSERT INTO origin (key, site_id, source_id, medium_id, campaign_id, term_id, content_id, utm_id_id, referrer_domain_id, channel_id, click_id_name, rules_version)
  SELECT o.value ->> 'key', o.value ->> 'siteId',
    coalesce((SELECT id FROM origin_value WHERE field = 'source' AND canonical = o.value ->> 'source'), 0), coalesce((SELECT id FROM origin_value WHERE field = 'medium' AND canonical = o.value ->> 'medium'), 0), coalesce((SELECT id FROM origin_value WHERE field = 'campaign' AND canonical = o.value ->> 'campaign'), 0), coalesce((SELECT id FROM origin_value WHERE field = 'term' AND canonical = o.value ->> 'term'), 0), coalesce((SELECT id FROM origin_value WHERE field = 'content' AND canonical = o.value ->> 'content'), 0), coalesce((SELECT id FROM origin_value WHERE field = 'id' AND canonical = o.value ->> 'id'), 0), coalesce((SELECT id FROM origin_value WHERE field = 'referrerDomain' AND canonical = o.value ->> 'referrerDomain'), 0), coalesce((SELECT id FROM origin_value WHERE field = 'channel' AND canonical = o.value ->> 'channel'), 0),
    o.value ->> 'clickIdName', coalesce(o.value ->> 'rulesVersion', 0)
  FROM json_each(NEW.origins) o WHERE NOT EXISTS (SELECT 1 FROM origin WHERE key = o.value ->> 'key');
  -- The person, by any address known to be theirs. The company: the person's own unless the lead names one; else by
  -- registration number, domain, and by name where one of the two sides has no domain (and number) to tell them apart by.
  INSERT INTO intake_known (id, at, now, created_via, email, first_name, first_name_fold, last_name, last_name_fold, phone, title, title_fold, country, owner_id, lead_status_id, category_id, company_given_name, company_name, company_name_fold, company_name_key, company_domain, registration_number, touches, consents, in_force_at, first_touch_at, form_id, fields, page, self_reported, idempotency_key, content_hash, day, selection_id, person_id, company_id, in_force_id, in_force_landing_page_id, first_touch_id, first_touch_landing_page_id)
  SELECT NEW.id, NEW.at, NEW.now, NEW.created_via, NEW.email, NEW.first_name, NEW.first_name_fold, NEW.last_name, NEW.last_name_fold, NEW.phone, NEW.title, NEW.title_fold, NEW.country, NEW.owner_id, NEW.lead_status_id, NEW.category_id, NEW.company_given_name, NEW.company_name, NEW.company_name_fold, NEW.company_name_key, NEW.company_domain, NEW.registration_number, NEW.touches, NEW.consents, NEW.in_force_at, NEW.first_touch_at, NEW.form_id, NEW.fields, NEW.page, NEW.self_reported, NEW.idempotency_key, NEW.content_hash, NEW.day, NEW.selection_id, found_id, coalesce(
      CASE WHEN NEW.company_explicit = 0 THEN (SELECT company_id FROM person WHERE id = found_id) END,
      (SELECT id FROM company WHERE registration_number = NEW.registration_number),
      (SELECT id FROM company WHERE domain = NEW.company_domain),
      (SELECT min(id) FROM company WHERE name_key = NEW.company_name_key
         AND (NEW.company_domain IS NULL OR domain IS NULL)
         AND (NEW.registration_number IS NULL OR registration_number IS NULL))), coalesce((SELECT known.origin_id FROM touch known JOIN origin reread ON reread.id = known.origin_id
      WHERE known.person_id = found_id AND known.at = NEW.in_force_at AND reread.read_as = NEW.in_force_key LIMIT 1), (SELECT id FROM origin WHERE key = NEW.in_force_key)), coalesce((SELECT id FROM origin_value WHERE field = 'landingPage' AND canonical = NEW.in_force_landing_page), 0), (SELECT id FROM origin WHERE key = NEW.first_touch_key), coalesce((SELECT id FROM origin_value WHERE field = 'landingPage' AND canonical = NEW.first_touch_landing_page), 0) FROM (SELECT coalesce((SELECT person_id FROM person_email WHERE email = NEW.email),
    (SELECT id FROM person WHERE email = NEW.email)) AS found_id);
END;
--> statement-breakpoint
-- Stores what belongs to person and company, and last the submission.
CREATE TRIGGER intake_stored_store INSTEAD OF INSERT ON intake_stored BEGIN
  -- Who brought the company, now that the person has an id.
  UPDATE company SET source_person_id = NEW.person_id WHERE id = NEW.company_id AND NEW.created_company AND NEW.created_person;
  -- touches: JSON [{ at, key, landingPage, clickIdName, clickIdValue, clickIds, raw, standIn }], oldest first. A list sent every night
  -- must not add a direct touch to everybody each time: a stand-in is for the new alone.
  INSERT INTO touch (person_id, at, origin_id, landing_page_id, click_id_name, click_id_value, click_ids, raw)
  SELECT NEW.person_id, t.value ->> 'at', coalesce((SELECT known.origin_id FROM touch known JOIN origin reread ON reread.id = known.origin_id
      WHERE known.person_id = NEW.person_id AND known.at = t.value ->> 'at' AND reread.read_as = t.value ->> 'key' LIMIT 1), (SELECT id FROM origin WHERE key = t.value ->> 'key')), coalesce((SELECT id FROM origin_value WHERE field = 'landingPage' AND canonical = t.value ->> 'landingPage'), 0), t.value ->> 'clickIdName', t.value ->> 'clickIdValue', t.value ->> 'clickIds', t.value ->> 'raw'
  FROM json_each(NEW.touches) t
  WHERE t.value ->> 'standIn' IS NULL OR NEW.created_person
  ON CONFLICT DO NOTHING;
  -- consents: JSON [{ purpose, text }].
  INSERT INTO consent (person_id, purpose, text, at, form_id, submission_id)
  SELECT NEW.person_id, c.value ->> 'purpose', c.value ->> 'text', NEW.at, NEW.form_id, NEW.id FROM json_each(NEW.consents) c;
  INSERT INTO form_day (form_id, day, submissions, new_leads, last_at)
  SELECT NEW.form_id, NEW.day, 1, NEW.created_person, NEW.at WHERE NEW.form_id IS NOT NULL
  ON CONFLICT DO UPDATE SET submissions = submissions + 1, new_leads = new_leads + excluded.new_leads, last_at = max(last_at, excluded.last_at);
  -- A status that a lead came with sets its company's category, as if it had been set later; a form says its own.
  UPDATE company SET category_id = given.category_id, updated_at = NEW.now
  FROM (SELECT company_id, (SELECT status.sets_category_id FROM lead_status status WHERE status.id = lead_status_id) AS category_id FROM person WHERE id = NEW.person_id) given
  WHERE NEW.form_id IS NULL AND NEW.created_person AND NEW.company_name IS NOT NULL AND company.id = given.company_id
    AND (given.category_id IS NOT NULL AND company.category_id IS NOT given.category_id AND (company.category_id IS NULL
      OR EXISTS (SELECT 1 FROM category held WHERE held.id = company.category_id AND held.category_group IN ('Potential customer'))));
  INSERT INTO selection_member (selection_id, member_id, added_at)
  SELECT NEW.selection_id, NEW.person_id, NEW.now
  WHERE EXISTS (SELECT 1 FROM selection WHERE id = NEW.selection_id AND kind = 'static')
  ON CONFLICT DO NOTHING;
  UPDATE quarantine SET status = 'released', payload = 'null' WHERE id = NEW.id AND NEW.form_id IS NOT NULL;
  -- Last, and whole: what is told of it (events, notifications, totals) finds all of it there.
  INSERT INTO submission (id, form_id, person_id, company_id, at, created_person, created_company, origin_id, touch_at, landing_page_id, journey, fields, page, self_reported, idempotency_key, content_hash)
  SELECT NEW.id, NEW.form_id, NEW.person_id, NEW.company_id, NEW.at, NEW.created_person, NEW.created_company, NEW.in_force_id, NEW.in_force_at, NEW.in_force_landing_page_id, (SELECT json_group_array(touch.id) FROM json_each(NEW.touches) t
      JOIN touch ON touch.person_id = NEW.person_id
        AND touch.at = t.value ->> 'at' AND touch.origin_id = coalesce((SELECT known.origin_id FROM touch known JOIN origin reread ON reread.id = known.origin_id
      WHERE known.person_id = NEW.person_id AND known.at = t.value ->> 'at' AND reread.read_as = t.value ->> 'key' LIMIT 1), (SELECT id FROM origin WHERE key = t.value ->> 'key'))), NEW.fields, NEW.page, NEW.self_reported, NEW.idempotency_key, NEW.content_hash
  WHERE NEW.form_id IS NOT NULL;
END;
--> statement-breakpoint
CREATE TRIGGER group_of_changed_origin AFTER UPDATE OF channel_id, source_id, medium_id, campaign_id, referrer_domain_id ON origin
WHEN OLD.channel_id <> NEW.channel_id OR OLD.source_id <> NEW.source_id OR OLD.medium_id <> NEW.medium_id OR OLD.campaign_id <> NEW.campaign_id OR OLD.referrer_domain_id <> NEW.referrer_domain_id
BEGIN
  INSERT INTO origin_group (channel_id, source_id, medium_id, campaign_id, referrer_domain_id)
  VALUES (NEW.channel_id, NEW.source_id, NEW.medium_id, NEW.campaign_id, NEW.referrer_domain_id) ON CONFLICT DO NOTHING;
END;
--> statement-breakpoint
-- An origin gets another channel or other values. If it has few touches, the people they belong to are rolled up
-- again.
CREATE TRIGGER settled_origin_changed AFTER UPDATE OF channel_id, source_id, medium_id, campaign_id, referrer_domain_id ON origin
WHEN (OLD.channel_id <> NEW.channel_id OR OLD.source_id <> NEW.source_id OR OLD.medium_id <> NEW.medium_id OR OLD.campaign_id <> NEW.campaign_id OR OLD.referrer_domain_id <> NEW.referrer_domain_id) AND (EXISTS (SELECT 1 FROM lead_fact) OR EXISTS (SELECT 1 FROM deal_fact))
BEGIN
  INSERT INTO unsettle_lead SELECT person_id FROM touch WHERE origin_id = NEW.id
    UNION SELECT id FROM person WHERE first_touch_origin_id = NEW.id UNION SELECT id FROM person WHERE lead_creation_origin_id = NEW.id;
  INSERT INTO unsettle_deal SELECT id FROM deal WHERE person_id IN (SELECT person_id FROM touch WHERE origin_id = NEW.id
    UNION SELECT id FROM person WHERE first_touch_origin_id = NEW.id UNION SELECT id FROM person WHERE lead_creation_origin_id = NEW.id)
    UNION SELECT id FROM deal WHERE person_id IS NULL AND company_id IN (SELECT id FROM company WHERE first_touch_origin_id = NEW.id
      UNION SELECT id FROM company WHERE lead_creation_origin_id = NEW.id);
END;
--> statement-breakpoint
-- If it has many touches, everything is rolled up again.
CREATE TRIGGER settled_origin_of_many_changed BEFORE UPDATE OF channel_id, source_id, medium_id, campaign_id, referrer_domain_id ON origin
WHEN (OLD.channel_id <> NEW.channel_id OR OLD.source_id <> NEW.source_id OR OLD.medium_id <> NEW.medium_id OR OLD.campaign_id <> NEW.campaign_id OR OLD.referrer_domain_id <> NEW.referrer_domain_id) AND (SELECT count(*) FROM (SELECT 1 FROM touch WHERE origin_id = NEW.id LIMIT 201)) > 200 AND (EXISTS (SELECT 1 FROM lead_fact) OR EXISTS (SELECT 1 FROM deal_fact))
BEGIN
  INSERT INTO unsettle_all SELECT look_back_days FROM report_state;
END;
