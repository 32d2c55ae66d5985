DROP TRIGGER IF EXISTS intake_store;
--> statement-breakpoint
CREATE TABLE `link_placement` (
	`link_id` integer NOT NULL,
	`placement` text NOT NULL,
	`visits` integer NOT NULL,
	PRIMARY KEY(`link_id`, `placement`),
	FOREIGN KEY (`link_id`) REFERENCES `link`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
ALTER TABLE `origin` ADD `placement_id` integer DEFAULT 0 NOT NULL;
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
  -- origins: JSON [{ key, siteId, source, medium, campaign, term, content, id, referrerDomain, placement, channel, clickIdName, rulesVersion }], canonical.
  INSERT INTO origin (key, site_id, source_id, medium_id, campaign_id, term_id, content_id, utm_id_id, referrer_domain_id, placement_id, channel_id, click_id_name, rules_version)
  SELECT o.value ->> 'key', o.value ->> 'siteId',
    coalesce((SELECT id FROM origin_value WHERE field = 'source' AND canonical = o.value ->> 'source'), 0), coalesce((SELECT id FROM origin_value WHERE field = 'medium' AND canonical = o.value ->> 'medium'), 0), coalesce((SELECT id FROM origin_value WHERE field = 'campaign' AND canonical = o.value ->> 'campaign'), 0), coalesce((SELECT id FROM origin_value WHERE field = 'term' AND canonical = o.value ->> 'term'), 0), coalesce((SELECT id FROM origin_value WHERE field = 'content' AND canonical = o.value ->> 'content'), 0), coalesce((SELECT id FROM origin_value WHERE field = 'id' AND canonical = o.value ->> 'id'), 0), coalesce((SELECT id FROM origin_value WHERE field = 'referrerDomain' AND canonical = o.value ->> 'referrerDomain'), 0), coalesce((SELECT id FROM origin_value WHERE field = 'placement' AND canonical = o.value ->> 'placement'), 0), coalesce((SELECT id FROM origin_value WHERE field = 'channel' AND canonical = o.value ->> 'channel'), 0),
    o.value ->> 'clickIdName', coalesce(o.value ->> 'rulesVersion', 0)
  FROM json_each(NEW.origins) o WHERE NOT EXISTS (SELECT 1 FROM origin WHERE key = o.value ->> 'key');
  -- The person, by any address known to be theirs, else by a telephone number that exactly one person has. The company:
  -- the person's own unless the lead names one; else by registration number, domain, and by name where one of the two sides
  -- has no domain (and number) to tell them apart by.
  INSERT INTO intake_known (id, at, now, created_via, email, first_name, first_name_fold, last_name, last_name_fold, phone, phone_key, title, title_fold, country, owner_id, lead_status_id, category_id, company_given_name, company_name, company_name_fold, company_name_key, company_domain, registration_number, touches, consents, in_force_at, first_touch_at, form_id, fields, page, self_reported, idempotency_key, content_hash, day, selection_id, person_id, company_id, in_force_id, in_force_landing_page_id, first_touch_id, first_touch_landing_page_id)
  SELECT NEW.id, NEW.at, NEW.now, NEW.created_via, NEW.email, NEW.first_name, NEW.first_name_fold, NEW.last_name, NEW.last_name_fold, NEW.phone, NEW.phone_key, NEW.title, NEW.title_fold, NEW.country, NEW.owner_id, NEW.lead_status_id, NEW.category_id, NEW.company_given_name, NEW.company_name, NEW.company_name_fold, NEW.company_name_key, NEW.company_domain, NEW.registration_number, NEW.touches, NEW.consents, NEW.in_force_at, NEW.first_touch_at, NEW.form_id, NEW.fields, NEW.page, NEW.self_reported, NEW.idempotency_key, NEW.content_hash, NEW.day, NEW.selection_id, found_id, coalesce(
      CASE WHEN NEW.company_explicit = 0 THEN (SELECT company_id FROM person WHERE id = found_id) END,
      (SELECT id FROM company WHERE registration_number = NEW.registration_number),
      (SELECT company_id FROM company_alias WHERE kind = 'registrationNumber' AND value = NEW.registration_number),
      (SELECT id FROM company WHERE domain = NEW.company_domain),
      (SELECT company_id FROM company_alias WHERE kind = 'domain' AND value = NEW.company_domain),
      (SELECT min(id) FROM company WHERE name_key = NEW.company_name_key
         AND (NEW.company_domain IS NULL OR domain IS NULL)
         AND (NEW.registration_number IS NULL OR registration_number IS NULL)),
      (SELECT min(id) FROM company WHERE id IN (SELECT company_id FROM company_alias
           WHERE kind = 'nameKey' AND value = NEW.company_name_key)
         AND (NEW.company_domain IS NULL OR domain IS NULL)
         AND (NEW.registration_number IS NULL OR registration_number IS NULL))), coalesce((SELECT known.origin_id FROM touch known JOIN origin reread ON reread.id = known.origin_id
      WHERE known.person_id = found_id AND known.at = NEW.in_force_at AND reread.read_as = NEW.in_force_key LIMIT 1), (SELECT id FROM origin WHERE key = NEW.in_force_key)), coalesce((SELECT id FROM origin_value WHERE field = 'landingPage' AND canonical = NEW.in_force_landing_page), 0), (SELECT id FROM origin WHERE key = NEW.first_touch_key), coalesce((SELECT id FROM origin_value WHERE field = 'landingPage' AND canonical = NEW.first_touch_landing_page), 0) FROM (SELECT coalesce((SELECT person_id FROM person_email WHERE email = NEW.email),
    (SELECT id FROM person WHERE email = NEW.email),
    (SELECT iif(count(*) = 1 AND (NEW.email IS NULL OR max(email) IS NULL), min(id), NULL)
      FROM (SELECT id, email FROM person WHERE phone = NEW.phone_key LIMIT 2))) AS found_id);
END;
