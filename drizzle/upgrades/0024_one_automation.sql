DROP TRIGGER IF EXISTS intake_stored_store;
--> statement-breakpoint
DROP TRIGGER IF EXISTS intake_known_store;
--> statement-breakpoint
-- Stores the company and the person, or fills in what they lack.
CREATE TRIGGER intake_known_store INSTEAD OF INSERT ON intake_known BEGIN
  -- A company has a source where the person is new as well.
  INSERT INTO company (name, name_fold, name_key, domain, registration_number, country, category_id, created_via, created_at, updated_at, creation_id, first_touch_origin_id, first_touch_at, first_touch_landing_page_id, lead_creation_origin_id, lead_creation_at, lead_creation_landing_page_id)
  SELECT NEW.company_name, NEW.company_name_fold, NEW.company_name_key, NEW.company_domain, NEW.registration_number, NEW.country, NEW.category_id, NEW.created_via, NEW.at, NEW.now, NEW.id, iif(NEW.person_id IS NULL, NEW.first_touch_id, NULL), iif(NEW.person_id IS NULL, NEW.first_touch_at, NULL), iif(NEW.person_id IS NULL, NEW.first_touch_landing_page_id, NULL), iif(NEW.person_id IS NULL, NEW.in_force_id, NULL), iif(NEW.person_id IS NULL, NEW.in_force_at, NULL), iif(NEW.person_id IS NULL, NEW.in_force_landing_page_id, NULL)
  WHERE NEW.company_name IS NOT NULL AND NEW.company_id IS NULL;
  -- A known company gets what it lacks. A name equal to the domain is the stand-in given at creation, and gives way.
  UPDATE company SET
    name = iif(name = domain AND NEW.company_given_name IS NOT NULL, NEW.company_given_name, name), name_fold = iif(name = domain AND NEW.company_given_name IS NOT NULL, NEW.company_name_fold, name_fold), name_key = coalesce(name_key, NEW.company_name_key), domain = coalesce(domain, iif(EXISTS (SELECT 1 FROM company WHERE domain = NEW.company_domain), NULL, NEW.company_domain)), registration_number = coalesce(registration_number, iif(EXISTS (SELECT 1 FROM company WHERE registration_number = NEW.registration_number), NULL, NEW.registration_number)), country = coalesce(country, NEW.country), category_id = iif((category_id IS NULL AND NEW.category_id IS NOT NULL), NEW.category_id, category_id), updated_at = NEW.now
  WHERE NEW.company_name IS NOT NULL AND id = NEW.company_id
    AND ((name = domain AND NEW.company_given_name IS NOT NULL) OR (name_key IS NULL AND NEW.company_name_key IS NOT NULL) OR (domain IS NULL AND NEW.company_domain IS NOT NULL) OR (registration_number IS NULL AND NEW.registration_number IS NOT NULL) OR (country IS NULL AND NEW.country IS NOT NULL) OR (category_id IS NULL AND NEW.category_id IS NOT NULL));
  INSERT INTO person (email, first_name, first_name_fold, last_name, last_name_fold, phone, title, title_fold, country, company_id, owner_id, lead_status_id, created_via, created_form_id, created_at, updated_at, creation_id, first_touch_origin_id, first_touch_at, first_touch_landing_page_id, lead_creation_origin_id, lead_creation_at, lead_creation_landing_page_id)
  SELECT NEW.email, NEW.first_name, NEW.first_name_fold, NEW.last_name, NEW.last_name_fold, NEW.phone, NEW.title, NEW.title_fold, NEW.country, coalesce(NEW.company_id, (SELECT id FROM company WHERE id = (SELECT max(id) FROM company) AND creation_id = NEW.id)), NEW.owner_id, NEW.lead_status_id, NEW.created_via, NEW.form_id, NEW.at, NEW.now, NEW.id, NEW.first_touch_id, NEW.first_touch_at, NEW.first_touch_landing_page_id, NEW.in_force_id, NEW.in_force_at, NEW.in_force_landing_page_id
  WHERE NEW.person_id IS NULL;
  -- A known person gets what they lack; nothing is overwritten.
  UPDATE person SET
    first_name = coalesce(first_name, NEW.first_name), first_name_fold = coalesce(first_name_fold, NEW.first_name_fold), last_name = coalesce(last_name, NEW.last_name), last_name_fold = coalesce(last_name_fold, NEW.last_name_fold), phone = coalesce(phone, NEW.phone), title = coalesce(title, NEW.title), title_fold = coalesce(title_fold, NEW.title_fold), country = coalesce(country, NEW.country), owner_id = coalesce(owner_id, NEW.owner_id), company_id = coalesce(company_id, NEW.company_id,
      (SELECT id FROM company WHERE id = (SELECT max(id) FROM company) AND creation_id = NEW.id)), updated_at = NEW.now
  WHERE id = NEW.person_id
    AND ((first_name IS NULL AND NEW.first_name IS NOT NULL) OR (last_name IS NULL AND NEW.last_name IS NOT NULL) OR (phone IS NULL AND NEW.phone IS NOT NULL) OR (title IS NULL AND NEW.title IS NOT NULL) OR (country IS NULL AND NEW.country IS NOT NULL) OR (owner_id IS NULL AND NEW.owner_id IS NOT NULL) OR (company_id IS NULL AND (NEW.company_id IS NOT NULL OR NEW.company_name IS NOT NULL)));
  -- What was made just now has the highest id there is.
  INSERT INTO intake_stored (id, at, now, company_name, touches, consents, in_force_at, form_id, fields, page, self_reported, idempotency_key, content_hash, day, selection_id, person_id, company_id, in_force_id, in_force_landing_page_id, created_person, created_company)
  SELECT NEW.id, NEW.at, NEW.now, NEW.company_name, NEW.touches, NEW.consents, NEW.in_force_at, NEW.form_id, NEW.fields, NEW.page, NEW.self_reported, NEW.idempotency_key, NEW.content_hash, NEW.day, NEW.selection_id, coalesce(NEW.person_id, (SELECT max(id) FROM person)), coalesce(NEW.company_id, made_id), NEW.in_force_id, NEW.in_force_landing_page_id, NEW.person_id IS NULL, NEW.company_id IS NULL AND made_id IS NOT NULL
  FROM (SELECT (SELECT id FROM company WHERE id = (SELECT max(id) FROM company) AND creation_id = NEW.id) AS made_id);
END;
--> statement-breakpoint
-- Stores what belongs to person and company, and last the submission.
CREATE TRIGGER intake_stored_store INSTEAD OF INSERT ON intake_stored BEGIN
  -- Who brought the company, now that the person has an id.
  UPDATE company SET source_person_id = NEW.person_id WHERE id = NEW.company_id AND NEW.created_company AND NEW.created_person;
  -- touches: JSON [{ at, key, landingPage, clickIdName, clickIdValue, clickIds, raw, standIn }], oldest first. A list sent every night
  -- must not add a direct touch to everybody each time: a stand-in is for the new alone.
  INSERT INTO touch (person_id, at, origin_id, landing_page_id, click_id_name, click_id_value, click_ids, raw)
  SELECT NEW.person_id, t.value ->> 'at', (SELECT id FROM origin WHERE key = t.value ->> 'key'), coalesce((SELECT id FROM origin_value WHERE field = 'landingPage' AND canonical = t.value ->> 'landingPage'), 0), t.value ->> 'clickIdName', t.value ->> 'clickIdValue', t.value ->> 'clickIds', t.value ->> 'raw'
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
        AND touch.at = t.value ->> 'at' AND touch.origin_id = (SELECT id FROM origin WHERE key = t.value ->> 'key')), NEW.fields, NEW.page, NEW.self_reported, NEW.idempotency_key, NEW.content_hash
  WHERE NEW.form_id IS NOT NULL;
END;
