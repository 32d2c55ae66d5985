DROP TRIGGER IF EXISTS intake_known_store;
--> statement-breakpoint
DROP TRIGGER IF EXISTS deal_link_made;
--> statement-breakpoint
CREATE TRIGGER deal_link_made INSTEAD OF INSERT ON deal_link BEGIN
  INSERT INTO category_change (company_id, category_id, cause, at)
  SELECT e.company_id, e.category_id, e.cause, NEW.at
  FROM (SELECT k.id AS company_id, k.category_id AS current_id, rule.cause AS cause, c.id AS category_id
    FROM deal d
    JOIN (SELECT column1 AS cause, column2 AS to_state, column3 AS is_first, column4 AS rank FROM (VALUES ('dealRegistered', 'open', 0, 0), ('dealRegistered', 'won', 0, 0), ('dealRegistered', 'lost', 0, 0), ('dealWon', 'won', 1, 1), ('dealLost', 'lost', 0, 2))) rule
      ON rule.to_state = d.status
    JOIN category c ON c.archived_at IS NULL AND EXISTS (SELECT 1 FROM json_each(c.set_on) s WHERE s.value = rule.cause)
    JOIN company k ON k.id = NEW.company_id
    WHERE d.company_id IS NULL AND d.id IN (SELECT id FROM deal WHERE link_email = NEW.email AND person_id IS NULL
      UNION ALL SELECT id FROM deal WHERE link_domain = NEW.domain AND company_id IS NULL)
    ORDER BY rule.is_first DESC, d.id DESC, rule.rank DESC, c.position, c.id LIMIT 1) e
  WHERE (e.cause = 'dealRegistered' AND (e.category_id IS NOT NULL AND e.current_id IS NOT e.category_id AND (e.current_id IS NULL
      OR EXISTS (SELECT 1 FROM category held WHERE held.id = e.current_id AND held.category_group IN ('Potential customer')))) OR e.cause = 'dealWon' AND (e.category_id IS NOT NULL AND e.current_id IS NOT e.category_id AND (e.current_id IS NULL
      OR EXISTS (SELECT 1 FROM category held WHERE held.id = e.current_id AND held.category_group IN ('Potential customer')))) OR e.cause = 'dealLost' AND (e.category_id IS NOT NULL AND e.current_id IS NOT e.category_id AND (e.current_id IS NULL
      OR EXISTS (SELECT 1 FROM category held WHERE held.id = e.current_id AND held.category_group IN ('Potential customer')))));
  -- By address to the person and their company. Only empty links are filled.
  UPDATE deal SET person_id = NEW.person_id, company_id = coalesce(company_id, NEW.company_id), link_email = NULL, link_domain = iif(NEW.company_id IS NULL, link_domain, NULL), updated_at = NEW.at WHERE link_email = NEW.email AND person_id IS NULL;
  UPDATE deal SET company_id = NEW.company_id, link_domain = NULL, updated_at = NEW.at WHERE link_domain = NEW.domain AND company_id IS NULL;
END;
--> statement-breakpoint
-- Stores the company and the person, or fills in what they lack.
CREATE TRIGGER intake_known_store INSTEAD OF INSERT ON intake_known BEGIN
  -- A company has a source where the person is new as well.
  INSERT INTO company (name, name_fold, name_key, domain, registration_number, country, category_id, created_via, created_at, updated_at, creation_id, first_touch_origin_id, first_touch_at, first_touch_landing_page_id, lead_creation_origin_id, lead_creation_at, lead_creation_landing_page_id)
  SELECT NEW.company_name, NEW.company_name_fold, NEW.company_name_key, NEW.company_domain, NEW.registration_number, NEW.country, (SELECT id FROM category WHERE id = NEW.category_id AND archived_at IS NULL AND needs_confirmation = 0), NEW.created_via, NEW.at, NEW.now, NEW.id, iif(NEW.person_id IS NULL, NEW.first_touch_id, NULL), iif(NEW.person_id IS NULL, NEW.first_touch_at, NULL), iif(NEW.person_id IS NULL, NEW.first_touch_landing_page_id, NULL), iif(NEW.person_id IS NULL, NEW.in_force_id, NULL), iif(NEW.person_id IS NULL, NEW.in_force_at, NULL), iif(NEW.person_id IS NULL, NEW.in_force_landing_page_id, NULL)
  WHERE NEW.company_name IS NOT NULL AND NEW.company_id IS NULL AND coalesce(NEW.person_id, NEW.email, NEW.phone_key) IS NOT NULL;
  -- A known company gets what it lacks. A name equal to the domain is the stand-in given at creation, and gives way.
  UPDATE company SET
    name = iif(name = domain AND NEW.company_given_name IS NOT NULL, NEW.company_given_name, name), name_fold = iif(name = domain AND NEW.company_given_name IS NOT NULL, NEW.company_name_fold, name_fold), name_key = coalesce(name_key, NEW.company_name_key), domain = coalesce(domain, iif(EXISTS (SELECT 1 FROM company WHERE domain = NEW.company_domain)
        OR EXISTS (SELECT 1 FROM company_alias WHERE kind = 'domain' AND value = NEW.company_domain), NULL, NEW.company_domain)), registration_number = coalesce(registration_number, iif(EXISTS (SELECT 1 FROM company WHERE registration_number = NEW.registration_number)
        OR EXISTS (SELECT 1 FROM company_alias WHERE kind = 'registrationNumber' AND value = NEW.registration_number), NULL, NEW.registration_number)), country = coalesce(country, NEW.country), category_id = iif((category_id IS NULL AND (SELECT id FROM category WHERE id = NEW.category_id AND archived_at IS NULL AND needs_confirmation = 0) IS NOT NULL), (SELECT id FROM category WHERE id = NEW.category_id AND archived_at IS NULL AND needs_confirmation = 0), category_id), updated_at = NEW.now
  WHERE NEW.company_name IS NOT NULL AND id = NEW.company_id AND coalesce(NEW.person_id, NEW.email, NEW.phone_key) IS NOT NULL
    AND ((name = domain AND NEW.company_given_name IS NOT NULL) OR (name_key IS NULL AND NEW.company_name_key IS NOT NULL) OR (domain IS NULL AND NEW.company_domain IS NOT NULL) OR (registration_number IS NULL AND NEW.registration_number IS NOT NULL) OR (country IS NULL AND NEW.country IS NOT NULL) OR (category_id IS NULL AND (SELECT id FROM category WHERE id = NEW.category_id AND archived_at IS NULL AND needs_confirmation = 0) IS NOT NULL));
  INSERT INTO category_change (company_id, category_id, cause, at)
  SELECT brought.id, NEW.category_id, 'leadArrived', NEW.now FROM company brought
  WHERE brought.id = coalesce(NEW.company_id, (SELECT id FROM company WHERE id = (SELECT max(id) FROM company) AND creation_id = NEW.id)) AND NEW.company_name IS NOT NULL AND coalesce(NEW.person_id, NEW.email, NEW.phone_key) IS NOT NULL
    AND (brought.category_id IS NULL AND (SELECT id FROM category WHERE id = NEW.category_id AND archived_at IS NULL AND needs_confirmation = 1) IS NOT NULL)
    AND NOT EXISTS (SELECT 1 FROM category_proposal was WHERE was.company_id = brought.id
      AND (was.state = 'pending' OR (was.state = 'declined' AND was.category_id = NEW.category_id)));
  INSERT INTO person (email, first_name, first_name_fold, last_name, last_name_fold, phone, title, title_fold, country, company_id, owner_id, lead_status_id, created_via, created_form_id, created_at, updated_at, creation_id, first_touch_origin_id, first_touch_at, first_touch_landing_page_id, lead_creation_origin_id, lead_creation_at, lead_creation_landing_page_id)
  SELECT NEW.email, NEW.first_name, NEW.first_name_fold, NEW.last_name, NEW.last_name_fold, NEW.phone, NEW.title, NEW.title_fold, NEW.country, coalesce(NEW.company_id, (SELECT id FROM company WHERE id = (SELECT max(id) FROM company) AND creation_id = NEW.id)), NEW.owner_id, NEW.lead_status_id, NEW.created_via, NEW.form_id, NEW.at, NEW.now, NEW.id, NEW.first_touch_id, NEW.first_touch_at, NEW.first_touch_landing_page_id, NEW.in_force_id, NEW.in_force_at, NEW.in_force_landing_page_id
  WHERE NEW.person_id IS NULL AND coalesce(NEW.person_id, NEW.email, NEW.phone_key) IS NOT NULL;
  -- A known person gets what they lack; nothing is overwritten.
  UPDATE person SET
    email = iif((email IS NULL AND NEW.email IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM person_email WHERE email = NEW.email)), NEW.email, email), first_name = coalesce(first_name, NEW.first_name), first_name_fold = coalesce(first_name_fold, NEW.first_name_fold), last_name = coalesce(last_name, NEW.last_name), last_name_fold = coalesce(last_name_fold, NEW.last_name_fold), phone = coalesce(phone, NEW.phone), title = coalesce(title, NEW.title), title_fold = coalesce(title_fold, NEW.title_fold), country = coalesce(country, NEW.country), owner_id = coalesce(owner_id, NEW.owner_id), company_id = coalesce(company_id, NEW.company_id,
      (SELECT id FROM company WHERE id = (SELECT max(id) FROM company) AND creation_id = NEW.id)), updated_at = NEW.now
  WHERE id = NEW.person_id
    AND ((email IS NULL AND NEW.email IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM person_email WHERE email = NEW.email)) OR (first_name IS NULL AND NEW.first_name IS NOT NULL) OR (last_name IS NULL AND NEW.last_name IS NOT NULL) OR (phone IS NULL AND NEW.phone IS NOT NULL) OR (title IS NULL AND NEW.title IS NOT NULL) OR (country IS NULL AND NEW.country IS NOT NULL) OR (owner_id IS NULL AND NEW.owner_id IS NOT NULL) OR (company_id IS NULL AND (NEW.company_id IS NOT NULL OR NEW.company_name IS NOT NULL)));
  -- What was made just now has the highest id there is.
  INSERT INTO intake_stored (id, at, now, created_via, company_name, touches, consents, in_force_at, form_id, fields, page, self_reported, idempotency_key, content_hash, day, selection_id, person_id, company_id, in_force_id, in_force_landing_page_id, created_person, created_company)
  SELECT NEW.id, NEW.at, NEW.now, NEW.created_via, NEW.company_name, NEW.touches, NEW.consents, NEW.in_force_at, NEW.form_id, NEW.fields, NEW.page, NEW.self_reported, NEW.idempotency_key, NEW.content_hash, NEW.day, NEW.selection_id, coalesce(NEW.person_id, person_made_id), coalesce(NEW.company_id, company_made_id), NEW.in_force_id, NEW.in_force_landing_page_id, NEW.person_id IS NULL AND person_made_id IS NOT NULL, NEW.company_id IS NULL AND company_made_id IS NOT NULL
  FROM (SELECT (SELECT id FROM person WHERE id = (SELECT max(id) FROM person) AND creation_id = NEW.id) AS person_made_id, (SELECT id FROM company WHERE id = (SELECT max(id) FROM company) AND creation_id = NEW.id) AS company_made_id);
END;
