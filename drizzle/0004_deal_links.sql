DROP TRIGGER IF EXISTS intake_stored_store;
--> statement-breakpoint
DROP TRIGGER IF EXISTS event_deal_changed;
--> statement-breakpoint
DROP INDEX `deal_unlinked`;
--> statement-breakpoint
-- Both events in one trigger, so that they come in this order. A deal that gets its first stage has not moved.
CREATE TRIGGER event_deal_changed AFTER UPDATE OF status, stage_id ON deal
WHEN OLD.status <> NEW.status OR OLD.stage_id <> NEW.stage_id
BEGIN
  INSERT INTO event (type, person_id, subject_id, at, detail)
  SELECT 'deal.stageChanged', NEW.person_id, NEW.id, NEW.updated_at, json_object('from', json((SELECT json_object('id', CAST(id AS text), 'name', name) FROM stage WHERE id = OLD.stage_id)), 'to', json((SELECT json_object('id', CAST(id AS text), 'name', name) FROM stage WHERE id = NEW.stage_id))) WHERE OLD.stage_id <> NEW.stage_id AND EXISTS (SELECT 1 FROM webhook w, json_each(w.events) e WHERE w.enabled = 1 AND e.value = 'deal.stageChanged');
  INSERT INTO event (type, person_id, subject_id, at) SELECT iif(NEW.status = 'open', 'deal.reopened', 'deal.' || NEW.status), NEW.person_id, NEW.id, coalesce(NEW.closed_at, NEW.updated_at) WHERE OLD.status <> NEW.status AND EXISTS (SELECT 1 FROM webhook w, json_each(w.events) e WHERE w.enabled = 1 AND e.value = iif(NEW.status = 'open', 'deal.reopened', 'deal.' || NEW.status));
END;
--> statement-breakpoint
-- Holds nothing. A row inserted here is a category that automation gives a company, or proposes.
CREATE VIEW category_change AS SELECT NULL AS company_id, NULL AS category_id, NULL AS cause, NULL AS at WHERE false;
--> statement-breakpoint
CREATE TRIGGER category_change_made INSTEAD OF INSERT ON category_change BEGIN
  UPDATE company SET category_id = NEW.category_id, updated_at = NEW.at WHERE id = NEW.company_id AND EXISTS (SELECT 1 FROM category WHERE id = NEW.category_id AND archived_at IS NULL AND needs_confirmation = 0);
  -- A later proposal takes the place of the one that waits.
  INSERT INTO category_proposal (company_id, from_category_id, category_id, cause, at)
  SELECT id, category_id, NEW.category_id, NEW.cause, NEW.at FROM company WHERE id = NEW.company_id AND EXISTS (SELECT 1 FROM category WHERE id = NEW.category_id AND archived_at IS NULL AND needs_confirmation = 1)
  ON CONFLICT (company_id) WHERE state = 'pending' DO UPDATE SET from_category_id = excluded.from_category_id, category_id = excluded.category_id, cause = excluded.cause, at = excluded.at;
END;
--> statement-breakpoint
-- A proposal for a company that gets another category is about what is no more. A category can give the people of the
-- company the default lead status again.
CREATE TRIGGER company_category_changed AFTER UPDATE OF category_id ON company
WHEN OLD.category_id IS NOT NEW.category_id
BEGIN
  UPDATE category_proposal SET state = 'outdated', decided_at = NEW.updated_at WHERE company_id = NEW.id AND state = 'pending';
  UPDATE person SET lead_status_id = (SELECT id FROM lead_status WHERE is_default = 1), updated_at = NEW.updated_at WHERE company_id = NEW.id AND lead_status_id IS NOT (SELECT id FROM lead_status WHERE is_default = 1) AND id > 0
    AND EXISTS (SELECT 1 FROM category WHERE id = NEW.category_id AND resets_lead_status = 1);
END;
--> statement-breakpoint
-- Holds nothing. A row inserted here says who an e-mail address or a domain belongs to: deals that wait for it are
-- linked.
CREATE VIEW deal_link AS SELECT NULL AS person_id, NULL AS company_id, NULL AS email, NULL AS domain, NULL AS at WHERE false;
--> statement-breakpoint
CREATE TRIGGER deal_link_made INSTEAD OF INSERT ON deal_link BEGIN
  INSERT INTO category_change (company_id, category_id, cause, at)
  SELECT e.company_id, e.category_id, e.cause, NEW.at
  FROM (SELECT k.id AS company_id, k.category_id AS current_id, rule.cause AS cause, c.id AS category_id
    FROM deal d
    JOIN (SELECT column1 AS cause, column2 AS to_state, column3 AS is_first, column4 AS rank FROM (VALUES ('dealRegistered', 'open', 0, 0), ('dealRegistered', 'won', 0, 0), ('dealRegistered', 'lost', 0, 0), ('dealWon', 'won', 1, 1), ('dealLost', 'lost', 0, 2))) rule
      ON rule.to_state = d.status
    JOIN category c ON EXISTS (SELECT 1 FROM json_each(c.set_on) s WHERE s.value = rule.cause)
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
CREATE TRIGGER deal_link_person_added AFTER INSERT ON person
WHEN EXISTS (SELECT 1 FROM deal WHERE link_email = NEW.email AND person_id IS NULL)
BEGIN
  INSERT INTO deal_link (person_id, company_id, email, at)
  SELECT NEW.id, NEW.company_id, NEW.email, NEW.updated_at;
END;
--> statement-breakpoint
CREATE TRIGGER deal_link_person_renamed AFTER UPDATE OF email ON person
WHEN OLD.email IS NOT NEW.email AND EXISTS (SELECT 1 FROM deal WHERE link_email = NEW.email AND person_id IS NULL)
BEGIN
  INSERT INTO deal_link (person_id, company_id, email, at)
  SELECT NEW.id, NEW.company_id, NEW.email, NEW.updated_at;
END;
--> statement-breakpoint
-- A further address of a person.
CREATE TRIGGER deal_link_email_added AFTER INSERT ON person_email
WHEN EXISTS (SELECT 1 FROM deal WHERE link_email = NEW.email AND person_id IS NULL)
BEGIN
  INSERT INTO deal_link (person_id, company_id, email, at)
  SELECT NEW.person_id, (SELECT company_id FROM person WHERE id = NEW.person_id), NEW.email, (SELECT updated_at FROM person WHERE id = NEW.person_id);
END;
--> statement-breakpoint
CREATE TRIGGER deal_link_company_added AFTER INSERT ON company
WHEN EXISTS (SELECT 1 FROM deal WHERE link_domain = NEW.domain AND company_id IS NULL)
BEGIN
  INSERT INTO deal_link (company_id, domain, at)
  SELECT NEW.id, NEW.domain, NEW.updated_at;
END;
--> statement-breakpoint
CREATE TRIGGER deal_link_company_renamed AFTER UPDATE OF domain ON company
WHEN OLD.domain IS NOT NEW.domain AND EXISTS (SELECT 1 FROM deal WHERE link_domain = NEW.domain AND company_id IS NULL)
BEGIN
  INSERT INTO deal_link (company_id, domain, at)
  SELECT NEW.id, NEW.domain, NEW.updated_at;
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
  -- consents: JSON [{ purpose, text }].
  INSERT INTO consent (person_id, purpose, text, at, form_id, submission_id)
  SELECT NEW.person_id, c.value ->> 'purpose', c.value ->> 'text', NEW.at, NEW.form_id, NEW.id FROM json_each(NEW.consents) c WHERE NEW.person_id IS NOT NULL;
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
