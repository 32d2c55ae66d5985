-- One lead as one row: what stores it is one statement, so one request and one transaction, and its text is short.
-- The columns are those that src/db/queries/store-intake.ts sends. Three views in a row, since what one has found out is a
-- column of the next: nothing is looked up twice, and all look-ups go by a unique or covering index or the highest id, so that
-- the work is the same whatever the tables hold.
CREATE VIEW intake AS SELECT
  NULL AS id, NULL AS version, NULL AS at, NULL AS now, NULL AS created_via,
  NULL AS email, NULL AS first_name, NULL AS first_name_fold, NULL AS last_name, NULL AS last_name_fold,
  NULL AS phone, NULL AS title, NULL AS title_fold, NULL AS country, NULL AS owner_id, NULL AS lead_status_id,
  NULL AS category_id, NULL AS company_explicit, NULL AS company_given_name, NULL AS company_name, NULL AS company_name_fold,
  NULL AS company_name_key, NULL AS company_domain, NULL AS registration_number,
  NULL AS origin_values, NULL AS origins, NULL AS touches, NULL AS consents,
  NULL AS in_force_key, NULL AS in_force_at, NULL AS in_force_landing_page,
  NULL AS first_touch_key, NULL AS first_touch_at, NULL AS first_touch_landing_page,
  NULL AS form_id, NULL AS fields, NULL AS page, NULL AS self_reported, NULL AS idempotency_key,
  NULL AS content_hash, NULL AS content_since, NULL AS closes_after, NULL AS day, NULL AS selection_id
  WHERE false;
--> statement-breakpoint
CREATE VIEW intake_known AS SELECT
  NULL AS id, NULL AS at, NULL AS now, NULL AS created_via,
  NULL AS email, NULL AS first_name, NULL AS first_name_fold, NULL AS last_name, NULL AS last_name_fold,
  NULL AS phone, NULL AS title, NULL AS title_fold, NULL AS country, NULL AS owner_id, NULL AS lead_status_id,
  NULL AS category_id, NULL AS company_given_name, NULL AS company_name, NULL AS company_name_fold,
  NULL AS company_name_key, NULL AS company_domain, NULL AS registration_number,
  NULL AS touches, NULL AS consents,
  NULL AS in_force_at, NULL AS first_touch_at,
  NULL AS form_id, NULL AS fields, NULL AS page, NULL AS self_reported, NULL AS idempotency_key,
  NULL AS content_hash, NULL AS day, NULL AS selection_id,
  NULL AS person_id, NULL AS company_id, NULL AS in_force_id, NULL AS in_force_landing_page_id, NULL AS first_touch_id, NULL AS first_touch_landing_page_id
  WHERE false;
--> statement-breakpoint
CREATE VIEW intake_stored AS SELECT
  NULL AS id, NULL AS at, NULL AS now,
  NULL AS company_name, NULL AS touches, NULL AS consents,
  NULL AS in_force_at,
  NULL AS form_id, NULL AS fields, NULL AS page, NULL AS self_reported, NULL AS idempotency_key,
  NULL AS content_hash, NULL AS day, NULL AS selection_id,
  NULL AS person_id, NULL AS company_id, NULL AS in_force_id, NULL AS in_force_landing_page_id, NULL AS created_person, NULL AS created_company
  WHERE false;
--> statement-breakpoint
-- Nothing is stored where the settings are others than those the lead was prepared by, where a form's submission is there
-- already or is another's second click, and where the form has no room.
CREATE TRIGGER intake_store INSTEAD OF INSERT ON intake
WHEN (SELECT version FROM settings WHERE id = 1) = NEW.version
  AND (NEW.form_id IS NULL OR (
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

  -- origins: JSON [{ key, siteId, source, medium, campaign, term, content, id, referrerDomain, channel, clickIdName }], canonical.
  INSERT INTO origin (key, site_id, source_id, medium_id, campaign_id, term_id, content_id, utm_id_id,
    referrer_domain_id, channel_id, click_id_name)
  SELECT o.value ->> 'key', o.value ->> 'siteId',
    coalesce((SELECT id FROM origin_value WHERE field = 'source' AND canonical = o.value ->> 'source'), 0),
    coalesce((SELECT id FROM origin_value WHERE field = 'medium' AND canonical = o.value ->> 'medium'), 0),
    coalesce((SELECT id FROM origin_value WHERE field = 'campaign' AND canonical = o.value ->> 'campaign'), 0),
    coalesce((SELECT id FROM origin_value WHERE field = 'term' AND canonical = o.value ->> 'term'), 0),
    coalesce((SELECT id FROM origin_value WHERE field = 'content' AND canonical = o.value ->> 'content'), 0),
    coalesce((SELECT id FROM origin_value WHERE field = 'id' AND canonical = o.value ->> 'id'), 0),
    coalesce((SELECT id FROM origin_value WHERE field = 'referrerDomain' AND canonical = o.value ->> 'referrerDomain'), 0),
    coalesce((SELECT id FROM origin_value WHERE field = 'channel' AND canonical = o.value ->> 'channel'), 0),
    o.value ->> 'clickIdName'
  FROM json_each(NEW.origins) o WHERE NOT EXISTS (SELECT 1 FROM origin WHERE key = o.value ->> 'key');

  -- The person, by any address known to be theirs. The company: the person's own unless the lead names one; else by
  -- registration number, domain, and by name where one of the two sides has no domain (and number) to tell them apart by.
  INSERT INTO intake_known (
    id, at, now, created_via,
    email, first_name, first_name_fold, last_name, last_name_fold,
    phone, title, title_fold, country, owner_id, lead_status_id,
    category_id, company_given_name, company_name, company_name_fold,
    company_name_key, company_domain, registration_number,
    touches, consents,
    in_force_at, first_touch_at,
    form_id, fields, page, self_reported, idempotency_key,
    content_hash, day, selection_id,
    person_id, company_id, in_force_id, in_force_landing_page_id, first_touch_id, first_touch_landing_page_id)
  SELECT
    NEW.id, NEW.at, NEW.now, NEW.created_via,
    NEW.email, NEW.first_name, NEW.first_name_fold, NEW.last_name, NEW.last_name_fold,
    NEW.phone, NEW.title, NEW.title_fold, NEW.country, NEW.owner_id, NEW.lead_status_id,
    NEW.category_id, NEW.company_given_name, NEW.company_name, NEW.company_name_fold,
    NEW.company_name_key, NEW.company_domain, NEW.registration_number,
    NEW.touches, NEW.consents,
    NEW.in_force_at, NEW.first_touch_at,
    NEW.form_id, NEW.fields, NEW.page, NEW.self_reported, NEW.idempotency_key,
    NEW.content_hash, NEW.day, NEW.selection_id,
    found_id,
    coalesce(
      CASE WHEN NEW.company_explicit = 0 THEN (SELECT company_id FROM person WHERE id = found_id) END,
      (SELECT id FROM company WHERE registration_number = NEW.registration_number),
      (SELECT id FROM company WHERE domain = NEW.company_domain),
      (SELECT min(id) FROM company WHERE name_key = NEW.company_name_key
         AND (NEW.company_domain IS NULL OR domain IS NULL)
         AND (NEW.registration_number IS NULL OR registration_number IS NULL))),
    (SELECT id FROM origin WHERE key = NEW.in_force_key), coalesce((SELECT id FROM origin_value WHERE field = 'landingPage' AND canonical = NEW.in_force_landing_page), 0),
    (SELECT id FROM origin WHERE key = NEW.first_touch_key), coalesce((SELECT id FROM origin_value WHERE field = 'landingPage' AND canonical = NEW.first_touch_landing_page), 0)
  FROM (SELECT coalesce((SELECT person_id FROM person_email WHERE email = NEW.email),
    (SELECT id FROM person WHERE email = NEW.email)) AS found_id);
END;
--> statement-breakpoint
CREATE TRIGGER intake_known_store INSTEAD OF INSERT ON intake_known
BEGIN
  -- A company has a source where the person is new as well.
  INSERT INTO company (name, name_fold, name_key, domain, registration_number, country, category_id, created_via, created_at,
    updated_at, creation_id, first_touch_origin_id, first_touch_at, first_touch_landing_page_id,
    lead_creation_origin_id, lead_creation_at, lead_creation_landing_page_id)
  SELECT NEW.company_name, NEW.company_name_fold, NEW.company_name_key, NEW.company_domain, NEW.registration_number,
    NEW.country, NEW.category_id, NEW.created_via, NEW.at, NEW.now, NEW.id,
    iif(NEW.person_id IS NULL, NEW.first_touch_id, NULL), iif(NEW.person_id IS NULL, NEW.first_touch_at, NULL),
    iif(NEW.person_id IS NULL, NEW.first_touch_landing_page_id, NULL),
    iif(NEW.person_id IS NULL, NEW.in_force_id, NULL), iif(NEW.person_id IS NULL, NEW.in_force_at, NULL),
    iif(NEW.person_id IS NULL, NEW.in_force_landing_page_id, NULL)
  WHERE NEW.company_name IS NOT NULL AND NEW.company_id IS NULL;

  -- A known company gets what it lacks. A name equal to the domain is the stand-in given at creation, and gives way.
  UPDATE company SET
    name = iif(name = domain AND NEW.company_given_name IS NOT NULL, NEW.company_given_name, name),
    name_fold = iif(name = domain AND NEW.company_given_name IS NOT NULL, NEW.company_name_fold, name_fold),
    name_key = coalesce(name_key, NEW.company_name_key),
    domain = coalesce(domain, iif(EXISTS (SELECT 1 FROM company WHERE domain = NEW.company_domain), NULL, NEW.company_domain)),
    registration_number = coalesce(registration_number,
      iif(EXISTS (SELECT 1 FROM company WHERE registration_number = NEW.registration_number), NULL, NEW.registration_number)),
    country = coalesce(country, NEW.country),
    category_id = coalesce(category_id, NEW.category_id),
    updated_at = NEW.now
  WHERE NEW.company_name IS NOT NULL AND id = NEW.company_id
    AND ((name = domain AND NEW.company_given_name IS NOT NULL)
      OR (name_key IS NULL AND NEW.company_name_key IS NOT NULL)
      OR (domain IS NULL AND NEW.company_domain IS NOT NULL)
      OR (registration_number IS NULL AND NEW.registration_number IS NOT NULL)
      OR (country IS NULL AND NEW.country IS NOT NULL)
      OR (category_id IS NULL AND NEW.category_id IS NOT NULL));

  INSERT INTO person (email, first_name, first_name_fold, last_name, last_name_fold, phone, title, title_fold, country,
    company_id, owner_id, lead_status_id, created_via, created_form_id, created_at, updated_at, creation_id,
    first_touch_origin_id, first_touch_at, first_touch_landing_page_id,
    lead_creation_origin_id, lead_creation_at, lead_creation_landing_page_id)
  SELECT NEW.email, NEW.first_name, NEW.first_name_fold, NEW.last_name, NEW.last_name_fold, NEW.phone, NEW.title,
    NEW.title_fold, NEW.country,
    coalesce(NEW.company_id, (SELECT id FROM company WHERE id = (SELECT max(id) FROM company) AND creation_id = NEW.id)),
    NEW.owner_id, NEW.lead_status_id, NEW.created_via, NEW.form_id, NEW.at, NEW.now, NEW.id,
    NEW.first_touch_id, NEW.first_touch_at, NEW.first_touch_landing_page_id,
    NEW.in_force_id, NEW.in_force_at, NEW.in_force_landing_page_id
  WHERE NEW.person_id IS NULL;

  -- A known person gets what they lack; nothing is overwritten.
  UPDATE person SET
    first_name = coalesce(first_name, NEW.first_name), first_name_fold = coalesce(first_name_fold, NEW.first_name_fold),
    last_name = coalesce(last_name, NEW.last_name), last_name_fold = coalesce(last_name_fold, NEW.last_name_fold),
    phone = coalesce(phone, NEW.phone),
    title = coalesce(title, NEW.title), title_fold = coalesce(title_fold, NEW.title_fold),
    country = coalesce(country, NEW.country),
    owner_id = coalesce(owner_id, NEW.owner_id),
    company_id = coalesce(company_id, NEW.company_id,
      (SELECT id FROM company WHERE id = (SELECT max(id) FROM company) AND creation_id = NEW.id)),
    updated_at = NEW.now
  WHERE id = NEW.person_id
    AND ((first_name IS NULL AND NEW.first_name IS NOT NULL) OR (last_name IS NULL AND NEW.last_name IS NOT NULL)
      OR (phone IS NULL AND NEW.phone IS NOT NULL) OR (title IS NULL AND NEW.title IS NOT NULL)
      OR (country IS NULL AND NEW.country IS NOT NULL) OR (owner_id IS NULL AND NEW.owner_id IS NOT NULL)
      OR (company_id IS NULL AND (NEW.company_id IS NOT NULL OR NEW.company_name IS NOT NULL)));

  -- What was made just now has the highest id there is.
  INSERT INTO intake_stored (
    id, at, now,
    company_name, touches, consents,
    in_force_at,
    form_id, fields, page, self_reported, idempotency_key,
    content_hash, day, selection_id,
    person_id, company_id, in_force_id, in_force_landing_page_id, created_person, created_company)
  SELECT
    NEW.id, NEW.at, NEW.now,
    NEW.company_name, NEW.touches, NEW.consents,
    NEW.in_force_at,
    NEW.form_id, NEW.fields, NEW.page, NEW.self_reported, NEW.idempotency_key,
    NEW.content_hash, NEW.day, NEW.selection_id,
    coalesce(NEW.person_id, (SELECT max(id) FROM person)),
    coalesce(NEW.company_id, made_id),
    NEW.in_force_id, NEW.in_force_landing_page_id, NEW.person_id IS NULL, NEW.company_id IS NULL AND made_id IS NOT NULL
  FROM (SELECT (SELECT id FROM company WHERE id = (SELECT max(id) FROM company) AND creation_id = NEW.id) AS made_id);
END;
--> statement-breakpoint
CREATE TRIGGER intake_stored_store INSTEAD OF INSERT ON intake_stored
BEGIN
  -- Who brought the company, now that the person has an id.
  UPDATE company SET source_person_id = NEW.person_id WHERE id = NEW.company_id AND NEW.created_company AND NEW.created_person;

  -- touches: JSON [{ at, key, landingPage, clickIdName, clickIdValue, raw, standIn }], oldest first. A list sent every night
  -- must not add a direct touch to everybody each time: a stand-in is for the new alone.
  INSERT INTO touch (person_id, at, origin_id, landing_page_id, click_id_name, click_id_value, raw)
  SELECT NEW.person_id, t.value ->> 'at', (SELECT id FROM origin WHERE key = t.value ->> 'key'),
    coalesce((SELECT id FROM origin_value WHERE field = 'landingPage' AND canonical = t.value ->> 'landingPage'), 0),
    t.value ->> 'clickIdName', t.value ->> 'clickIdValue', t.value ->> 'raw'
  FROM json_each(NEW.touches) t
  WHERE t.value ->> 'standIn' IS NULL OR NEW.created_person
  ON CONFLICT DO NOTHING;

  -- consents: JSON [{ purpose, text }].
  INSERT INTO consent (person_id, purpose, text, at, form_id, submission_id)
  SELECT NEW.person_id, c.value ->> 'purpose', c.value ->> 'text', NEW.at, NEW.form_id, NEW.id FROM json_each(NEW.consents) c;

  INSERT INTO form_day (form_id, day, submissions, new_leads, last_at)
  SELECT NEW.form_id, NEW.day, 1, NEW.created_person, NEW.at WHERE NEW.form_id IS NOT NULL
  ON CONFLICT DO UPDATE SET submissions = submissions + 1, new_leads = new_leads + excluded.new_leads,
    last_at = max(last_at, excluded.last_at);

  -- A status that a lead came with sets its company's category, as if it had been set later; a form says its own.
  UPDATE company SET category_id = status.sets_category_id, updated_at = NEW.now
  FROM (SELECT p.company_id, l.sets_category_id FROM person p JOIN lead_status l ON l.id = p.lead_status_id
    WHERE p.id = NEW.person_id) status
  WHERE NEW.form_id IS NULL AND NEW.created_person AND NEW.company_name IS NOT NULL AND company.id = status.company_id
    AND status.sets_category_id IS NOT NULL AND company.category_id IS NOT status.sets_category_id
    AND NOT EXISTS (SELECT 1 FROM category WHERE id = company.category_id AND category_group = 'Customer');

  INSERT INTO selection_member (selection_id, member_id, added_at)
  SELECT NEW.selection_id, NEW.person_id, NEW.now
  WHERE EXISTS (SELECT 1 FROM selection WHERE id = NEW.selection_id AND kind = 'static')
  ON CONFLICT DO NOTHING;

  UPDATE quarantine SET status = 'released', payload = 'null' WHERE id = NEW.id AND NEW.form_id IS NOT NULL;

  -- Last, and whole: what is told of it (events, notifications, totals) finds all of it there.
  INSERT INTO submission (id, form_id, person_id, company_id, at, created_person, created_company, origin_id, touch_at,
    landing_page_id, journey, fields, page, self_reported, idempotency_key, content_hash)
  SELECT NEW.id, NEW.form_id, NEW.person_id, NEW.company_id, NEW.at, NEW.created_person, NEW.created_company,
    NEW.in_force_id, NEW.in_force_at, NEW.in_force_landing_page_id,
    (SELECT json_group_array(touch.id) FROM json_each(NEW.touches) t
      JOIN touch ON touch.person_id = NEW.person_id
        AND touch.at = t.value ->> 'at' AND touch.origin_id = (SELECT id FROM origin WHERE key = t.value ->> 'key')),
    NEW.fields, NEW.page, NEW.self_reported, NEW.idempotency_key, NEW.content_hash
  WHERE NEW.form_id IS NOT NULL;
END;
--> statement-breakpoint
-- A Worker of the version before writes the row first and its person last: the triggers of 0007 stay for it.
CREATE TRIGGER event_submission_stored AFTER INSERT ON submission
WHEN NEW.person_id IS NOT NULL
  AND EXISTS (SELECT 1 FROM webhook w, json_each(w.events) e WHERE w.enabled = 1 AND e.value = 'submission.received')
BEGIN
  INSERT INTO event (type, person_id, subject_id, at) VALUES ('submission.received', NEW.person_id, NEW.id, NEW.at);
END;
--> statement-breakpoint
CREATE TRIGGER delivery_notification_stored AFTER INSERT ON submission
WHEN NEW.person_id IS NOT NULL AND (SELECT notify <> '[]' FROM form WHERE id = NEW.form_id)
BEGIN
  INSERT INTO delivery (submission_id, target, next_at)
  SELECT NEW.id, json_object('kind', 'email', 'to', json(notify)), 0 FROM form WHERE id = NEW.form_id;
END;
