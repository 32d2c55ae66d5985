-- Every view and trigger of the database, as it is now. Written by `npm run db:generate` from src/db/program; not run.

-- Each webhook that listens to an event gets a delivery of its own.
CREATE TRIGGER event_fan_out AFTER INSERT ON event BEGIN
  INSERT INTO event_delivery (webhook_id, event_id, person_id, due_at, next_at)
  SELECT w.id, NEW.id, NEW.person_id, NEW.at, 0 FROM webhook w
  WHERE w.enabled = 1 AND EXISTS (SELECT 1 FROM json_each(w.events) e WHERE e.value = NEW.type);
END;

-- A person who comes back when a merge or marking spam is undone is not new.
CREATE TRIGGER event_person_created AFTER INSERT ON person
WHEN NEW.id > 0 AND (EXISTS (SELECT 1 FROM webhook w, json_each(w.events) e WHERE w.enabled = 1 AND e.value = 'person.created')
    OR EXISTS (SELECT 1 FROM event_stream WHERE type = 'person.created')) AND NOT EXISTS (SELECT 1 FROM person_merge m WHERE m.removed_person_id = NEW.id) AND NOT EXISTS (SELECT 1 FROM spam_record r WHERE r.kind = 'person' AND r.record_id = CAST(NEW.id AS text))
BEGIN
  INSERT INTO event (type, person_id, subject_id, at) VALUES ('person.created', NEW.id, NEW.id, NEW.created_at);
END;

CREATE TRIGGER event_person_updated AFTER UPDATE OF email, first_name, last_name, title, country, company_id, owner_id, phone ON person
WHEN (OLD.email IS NOT NEW.email OR OLD.first_name IS NOT NEW.first_name OR OLD.last_name IS NOT NEW.last_name OR OLD.title IS NOT NEW.title OR OLD.country IS NOT NEW.country OR OLD.company_id IS NOT NEW.company_id OR OLD.owner_id IS NOT NEW.owner_id OR (OLD.phone IS NOT NEW.phone AND OLD.updated_at <> NEW.updated_at)) AND NEW.id > 0 AND (EXISTS (SELECT 1 FROM webhook w, json_each(w.events) e WHERE w.enabled = 1 AND e.value = 'person.updated')
    OR EXISTS (SELECT 1 FROM event_stream WHERE type = 'person.updated'))
BEGIN
  INSERT INTO event (type, person_id, subject_id, at) VALUES ('person.updated', NEW.id, NEW.id, NEW.updated_at);
END;

CREATE TRIGGER event_person_merged AFTER INSERT ON person_merge
WHEN (EXISTS (SELECT 1 FROM webhook w, json_each(w.events) e WHERE w.enabled = 1 AND e.value = 'person.merged')
    OR EXISTS (SELECT 1 FROM event_stream WHERE type = 'person.merged'))
BEGIN
  INSERT INTO event (type, person_id, subject_id, at) VALUES ('person.merged', NEW.person_id, NEW.id, NEW.at);
END;

-- An erased person leaves an emptied row below zero, changed at the time of the erasure; one merged into another
-- leaves none.
CREATE TRIGGER event_person_erased AFTER DELETE ON person
WHEN OLD.id > 0 AND (EXISTS (SELECT 1 FROM webhook w, json_each(w.events) e WHERE w.enabled = 1 AND e.value = 'person.erased')
    OR EXISTS (SELECT 1 FROM event_stream WHERE type = 'person.erased'))
BEGIN
  INSERT INTO event (type, person_id, subject_id, at) SELECT 'person.erased', OLD.id, OLD.id, emptied.updated_at FROM person emptied WHERE emptied.id = -OLD.id;
END;

CREATE TRIGGER event_person_status AFTER UPDATE OF lead_status_id ON person
WHEN OLD.lead_status_id IS NOT NEW.lead_status_id AND (EXISTS (SELECT 1 FROM webhook w, json_each(w.events) e WHERE w.enabled = 1 AND e.value = 'person.statusChanged')
    OR EXISTS (SELECT 1 FROM event_stream WHERE type = 'person.statusChanged'))
BEGIN
  INSERT INTO event (type, person_id, subject_id, at) VALUES ('person.statusChanged', NEW.id, NEW.id, NEW.updated_at);
END;

-- A company that comes back when a merge or marking spam is undone is not new.
CREATE TRIGGER event_company_created AFTER INSERT ON company
WHEN (EXISTS (SELECT 1 FROM webhook w, json_each(w.events) e WHERE w.enabled = 1 AND e.value = 'company.created')
    OR EXISTS (SELECT 1 FROM event_stream WHERE type = 'company.created')) AND NOT EXISTS (SELECT 1 FROM company_merge m WHERE m.removed_company_id = NEW.id) AND NOT EXISTS (SELECT 1 FROM spam_record r WHERE r.kind = 'company' AND r.record_id = CAST(NEW.id AS text))
BEGIN
  INSERT INTO event (type, person_id, subject_id, at) VALUES ('company.created', NULL, NEW.id, NEW.created_at);
END;

CREATE TRIGGER event_submission_stored AFTER INSERT ON submission
WHEN (EXISTS (SELECT 1 FROM webhook w, json_each(w.events) e WHERE w.enabled = 1 AND e.value = 'submission.received')
    OR EXISTS (SELECT 1 FROM event_stream WHERE type = 'submission.received')) AND NOT EXISTS (SELECT 1 FROM spam_record r WHERE r.kind = 'submission' AND r.record_id = CAST(NEW.id AS text))
BEGIN
  INSERT INTO event (type, person_id, subject_id, at) VALUES ('submission.received', NEW.person_id, NEW.id, NEW.at);
END;

-- Both events in one trigger, so that they come in this order.
CREATE TRIGGER event_deal_registered AFTER INSERT ON deal BEGIN
  INSERT INTO event (type, person_id, subject_id, at) SELECT 'deal.registered', NEW.person_id, NEW.id, NEW.registered_at WHERE (EXISTS (SELECT 1 FROM webhook w, json_each(w.events) e WHERE w.enabled = 1 AND e.value = 'deal.registered')
    OR EXISTS (SELECT 1 FROM event_stream WHERE type = 'deal.registered'));
  INSERT INTO event (type, person_id, subject_id, at) SELECT 'deal.' || NEW.status, NEW.person_id, NEW.id, NEW.closed_at WHERE NEW.status <> 'open' AND (EXISTS (SELECT 1 FROM webhook w, json_each(w.events) e WHERE w.enabled = 1 AND e.value = 'deal.' || NEW.status)
    OR EXISTS (SELECT 1 FROM event_stream WHERE type = 'deal.' || NEW.status));
END;

-- Both events in one trigger, so that they come in this order. A deal that gets its first stage has not moved.
CREATE TRIGGER event_deal_changed AFTER UPDATE OF status, stage_id ON deal
WHEN OLD.status <> NEW.status OR OLD.stage_id <> NEW.stage_id
BEGIN
  INSERT INTO event (type, person_id, subject_id, at, detail)
  SELECT 'deal.stageChanged', NEW.person_id, NEW.id, NEW.updated_at, json_object('from', json((SELECT json_object('id', CAST(id AS text), 'name', name) FROM stage WHERE id = OLD.stage_id)), 'to', json((SELECT json_object('id', CAST(id AS text), 'name', name) FROM stage WHERE id = NEW.stage_id))) WHERE OLD.stage_id <> NEW.stage_id AND (EXISTS (SELECT 1 FROM webhook w, json_each(w.events) e WHERE w.enabled = 1 AND e.value = 'deal.stageChanged')
    OR EXISTS (SELECT 1 FROM event_stream WHERE type = 'deal.stageChanged'));
  INSERT INTO event (type, person_id, subject_id, at) SELECT iif(NEW.status = 'open', 'deal.reopened', 'deal.' || NEW.status), NEW.person_id, NEW.id, coalesce(NEW.closed_at, NEW.updated_at) WHERE OLD.status <> NEW.status AND (EXISTS (SELECT 1 FROM webhook w, json_each(w.events) e WHERE w.enabled = 1 AND e.value = iif(NEW.status = 'open', 'deal.reopened', 'deal.' || NEW.status))
    OR EXISTS (SELECT 1 FROM event_stream WHERE type = iif(NEW.status = 'open', 'deal.reopened', 'deal.' || NEW.status)));
END;

CREATE TRIGGER delivery_notification_stored AFTER INSERT ON submission
WHEN (SELECT notify <> '[]' FROM form WHERE id = NEW.form_id) AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.submission_id = NEW.id AND NOT d.target ->> 'kind' IN ('autoReply', 'confirmConsent')) AND NOT EXISTS (SELECT 1 FROM spam_record r WHERE r.kind = 'submission' AND r.record_id = CAST(NEW.id AS text))
BEGIN
  INSERT INTO delivery (submission_id, target, due_at, next_at)
  SELECT NEW.id, iif(t.type = 'text', json_object('kind', 'email', 'to', json_array(t.value)), t.value), NEW.at, 0 FROM form f, json_each(f.notify) t
  WHERE f.id = NEW.form_id;
END;

-- A submission that waits for approval is reported at once: somebody has to look at it.
CREATE TRIGGER delivery_notification_waiting AFTER INSERT ON quarantine
WHEN NEW.kind = 'approval'
BEGIN
  INSERT INTO delivery (submission_id, target, due_at, next_at)
  SELECT NEW.id, iif(t.type = 'text', json_object('kind', 'email', 'to', json_array(t.value)), t.value), NEW.at, 0 FROM form f, json_each(f.notify) t
  WHERE f.id = NEW.form_id;
END;

-- Mails to the sender: requests to confirm a consent, and the automatic reply.
CREATE TRIGGER delivery_sender_mail AFTER INSERT ON submission
WHEN NEW.person_id IS NOT NULL AND ((SELECT auto_reply IS NOT NULL FROM form WHERE id = NEW.form_id) OR EXISTS (SELECT 1 FROM consent_request r WHERE r.submission_id = NEW.id)) AND NOT EXISTS (SELECT 1 FROM spam_record r WHERE r.kind = 'submission' AND r.record_id = CAST(NEW.id AS text))
BEGIN
  INSERT INTO delivery (submission_id, target, due_at, next_at)
  SELECT NEW.id, json_object('kind', 'confirmConsent', 'requestId', r.id), NEW.at, 0 FROM consent_request r WHERE r.submission_id = NEW.id AND (SELECT count(*) FROM (SELECT 1 FROM submission s JOIN delivery d ON d.submission_id = s.id
    WHERE s.person_id = NEW.person_id AND s.at > NEW.at - 86400000
      AND d.target ->> 'kind' IN ('autoReply', 'confirmConsent') LIMIT 3)) < 3;
  INSERT INTO delivery (submission_id, target, due_at, next_at)
  SELECT NEW.id, json_object('kind', 'autoReply'), NEW.at, 0 FROM form WHERE id = NEW.form_id AND auto_reply IS NOT NULL AND (SELECT count(*) FROM (SELECT 1 FROM submission s JOIN delivery d ON d.submission_id = s.id
    WHERE s.person_id = NEW.person_id AND s.at > NEW.at - 86400000
      AND d.target ->> 'kind' IN ('autoReply', 'confirmConsent') LIMIT 3)) < 3;
END;

CREATE TRIGGER deal_stage_filled AFTER INSERT ON deal
WHEN NEW.stage_id IS NULL
BEGIN
  UPDATE deal SET stage_id = (SELECT s.id FROM stage s WHERE s.pipeline_id = (SELECT p.id FROM pipeline p WHERE p.is_default = 1) AND s.status = NEW.status ORDER BY s.position, s.id LIMIT 1), probability = coalesce((SELECT s.probability FROM stage s WHERE s.pipeline_id = (SELECT p.id FROM pipeline p WHERE p.is_default = 1) AND s.status = 'open' ORDER BY s.position, s.id LIMIT 1), 0) WHERE id = NEW.id;
END;

CREATE TRIGGER total_deal_added AFTER INSERT ON deal
WHEN NEW.person_id IS NOT NULL
BEGIN
  UPDATE person SET deal_state = 1 + (NEW.status = 'won') WHERE id = NEW.person_id AND deal_state < 1 + (NEW.status = 'won');
END;

CREATE TRIGGER total_deal_removed AFTER DELETE ON deal
WHEN OLD.person_id IS NOT NULL
BEGIN
  UPDATE person SET deal_state = coalesce((SELECT max(1 + (d.status = 'won')) FROM deal d WHERE d.person_id = person.id), 0) WHERE id = OLD.person_id;
END;

CREATE TRIGGER total_deal_changed AFTER UPDATE OF person_id, status ON deal
WHEN OLD.person_id IS NOT NEW.person_id OR (OLD.status = 'won') <> (NEW.status = 'won')
BEGIN
  UPDATE person SET deal_state = coalesce((SELECT max(1 + (d.status = 'won')) FROM deal d WHERE d.person_id = person.id), 0) WHERE id IN (OLD.person_id, NEW.person_id);
END;

CREATE TRIGGER deal_origins_added AFTER INSERT ON deal BEGIN
  UPDATE deal SET first_touch_origin_id = CASE WHEN deal.person_id IS NOT NULL THEN (SELECT first_touch_origin_id FROM person WHERE id = deal.person_id) ELSE (SELECT first_touch_origin_id FROM company WHERE id = deal.company_id) END, lead_creation_origin_id = CASE WHEN deal.person_id IS NOT NULL THEN (SELECT lead_creation_origin_id FROM person WHERE id = deal.person_id) ELSE (SELECT lead_creation_origin_id FROM company WHERE id = deal.company_id) END WHERE id = NEW.id;
END;

CREATE TRIGGER deal_origins_changed AFTER UPDATE OF person_id, company_id ON deal
WHEN OLD.person_id IS NOT NEW.person_id OR OLD.company_id IS NOT NEW.company_id
BEGIN
  UPDATE deal SET first_touch_origin_id = CASE WHEN deal.person_id IS NOT NULL THEN (SELECT first_touch_origin_id FROM person WHERE id = deal.person_id) ELSE (SELECT first_touch_origin_id FROM company WHERE id = deal.company_id) END, lead_creation_origin_id = CASE WHEN deal.person_id IS NOT NULL THEN (SELECT lead_creation_origin_id FROM person WHERE id = deal.person_id) ELSE (SELECT lead_creation_origin_id FROM company WHERE id = deal.company_id) END WHERE id = NEW.id;
END;

CREATE TRIGGER deal_origins_of_person AFTER UPDATE OF first_touch_origin_id, lead_creation_origin_id ON person
WHEN OLD.first_touch_origin_id <> NEW.first_touch_origin_id OR OLD.lead_creation_origin_id <> NEW.lead_creation_origin_id
BEGIN
  UPDATE deal SET first_touch_origin_id = NEW.first_touch_origin_id, lead_creation_origin_id = NEW.lead_creation_origin_id WHERE person_id = NEW.id;
END;

CREATE TRIGGER deal_origins_of_company AFTER UPDATE OF first_touch_origin_id, lead_creation_origin_id ON company
WHEN OLD.first_touch_origin_id IS NOT NEW.first_touch_origin_id OR OLD.lead_creation_origin_id IS NOT NEW.lead_creation_origin_id
BEGIN
  UPDATE deal SET first_touch_origin_id = NEW.first_touch_origin_id, lead_creation_origin_id = NEW.lead_creation_origin_id WHERE company_id = NEW.id AND person_id IS NULL;
END;

-- Holds nothing. A row inserted here is a category that automation gives a company, or proposes.
CREATE VIEW category_change AS SELECT NULL AS company_id, NULL AS category_id, NULL AS cause, NULL AS at WHERE false;

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

-- A proposal for a company that gets another category is about what is no more. A category can give the people of the
-- company the default lead status again.
CREATE TRIGGER company_category_changed AFTER UPDATE OF category_id ON company
WHEN OLD.category_id IS NOT NEW.category_id
BEGIN
  UPDATE category_proposal SET state = 'outdated', decided_at = NEW.updated_at WHERE company_id = NEW.id AND state = 'pending';
  UPDATE person SET lead_status_id = (SELECT id FROM lead_status WHERE is_default = 1), updated_at = NEW.updated_at WHERE company_id = NEW.id AND lead_status_id IS NOT (SELECT id FROM lead_status WHERE is_default = 1) AND id > 0
    AND EXISTS (SELECT 1 FROM category WHERE id = NEW.category_id AND resets_lead_status = 1)
    AND NOT EXISTS (SELECT 1 FROM company_merge m WHERE m.company_id = NEW.id AND m.undone_at = 0);
END;

-- Holds nothing. A row inserted here says who an e-mail address or a domain belongs to: deals that wait for it are
-- linked.
CREATE VIEW deal_link AS SELECT NULL AS person_id, NULL AS company_id, NULL AS email, NULL AS domain, NULL AS at WHERE false;

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

CREATE TRIGGER deal_link_person_added AFTER INSERT ON person
WHEN EXISTS (SELECT 1 FROM deal WHERE link_email = NEW.email AND person_id IS NULL)
BEGIN
  INSERT INTO deal_link (person_id, company_id, email, at)
  SELECT NEW.id, NEW.company_id, NEW.email, NEW.updated_at;
END;

CREATE TRIGGER deal_link_person_renamed AFTER UPDATE OF email ON person
WHEN OLD.email IS NOT NEW.email AND EXISTS (SELECT 1 FROM deal WHERE link_email = NEW.email AND person_id IS NULL)
BEGIN
  INSERT INTO deal_link (person_id, company_id, email, at)
  SELECT NEW.id, NEW.company_id, NEW.email, NEW.updated_at;
END;

-- A further address of a person.
CREATE TRIGGER deal_link_email_added AFTER INSERT ON person_email
WHEN EXISTS (SELECT 1 FROM deal WHERE link_email = NEW.email AND person_id IS NULL)
BEGIN
  INSERT INTO deal_link (person_id, company_id, email, at)
  SELECT NEW.person_id, (SELECT company_id FROM person WHERE id = NEW.person_id), NEW.email, (SELECT updated_at FROM person WHERE id = NEW.person_id);
END;

CREATE TRIGGER deal_link_company_added AFTER INSERT ON company
WHEN EXISTS (SELECT 1 FROM deal WHERE link_domain = NEW.domain AND company_id IS NULL)
BEGIN
  INSERT INTO deal_link (company_id, domain, at)
  SELECT NEW.id, NEW.domain, NEW.updated_at;
END;

CREATE TRIGGER deal_link_company_renamed AFTER UPDATE OF domain ON company
WHEN OLD.domain IS NOT NEW.domain AND EXISTS (SELECT 1 FROM deal WHERE link_domain = NEW.domain AND company_id IS NULL)
BEGIN
  INSERT INTO deal_link (company_id, domain, at)
  SELECT NEW.id, NEW.domain, NEW.updated_at;
END;

-- One lead as one row: what stores it is one statement, so one request and one transaction. Three views in a row,
-- since what one finds out is a column of the next: nothing is looked up twice, and every look-up goes by a unique or
-- covering index or by the highest id.
CREATE VIEW intake AS SELECT
  NULL AS id, NULL AS version, NULL AS at, NULL AS now, NULL AS created_via, NULL AS email, NULL AS first_name, NULL AS first_name_fold, NULL AS last_name, NULL AS last_name_fold, NULL AS phone, NULL AS phone_key, NULL AS title, NULL AS title_fold, NULL AS country, NULL AS owner_id, NULL AS lead_status_id, NULL AS category_id, NULL AS company_explicit, NULL AS company_given_name, NULL AS company_name, NULL AS company_name_fold, NULL AS company_name_key, NULL AS company_domain, NULL AS registration_number, NULL AS origin_values, NULL AS origins, NULL AS touches, NULL AS consents, NULL AS in_force_key, NULL AS in_force_at, NULL AS in_force_landing_page, NULL AS first_touch_key, NULL AS first_touch_at, NULL AS first_touch_landing_page, NULL AS form_id, NULL AS fields, NULL AS page, NULL AS self_reported, NULL AS idempotency_key, NULL AS content_hash, NULL AS content_since, NULL AS closes_after, NULL AS day, NULL AS selection_id
  WHERE false;

-- The same, once person, company and origins are looked up.
CREATE VIEW intake_known AS SELECT
  NULL AS id, NULL AS at, NULL AS now, NULL AS created_via, NULL AS email, NULL AS first_name, NULL AS first_name_fold, NULL AS last_name, NULL AS last_name_fold, NULL AS phone, NULL AS phone_key, NULL AS title, NULL AS title_fold, NULL AS country, NULL AS owner_id, NULL AS lead_status_id, NULL AS category_id, NULL AS company_given_name, NULL AS company_name, NULL AS company_name_fold, NULL AS company_name_key, NULL AS company_domain, NULL AS registration_number, NULL AS touches, NULL AS consents, NULL AS in_force_at, NULL AS first_touch_at, NULL AS form_id, NULL AS fields, NULL AS page, NULL AS self_reported, NULL AS idempotency_key, NULL AS content_hash, NULL AS day, NULL AS selection_id, NULL AS person_id, NULL AS company_id, NULL AS in_force_id, NULL AS in_force_landing_page_id, NULL AS first_touch_id, NULL AS first_touch_landing_page_id
  WHERE false;

-- The same, once person and company are stored.
CREATE VIEW intake_stored AS SELECT
  NULL AS id, NULL AS at, NULL AS now, NULL AS created_via, NULL AS company_name, NULL AS touches, NULL AS consents, NULL AS in_force_at, NULL AS form_id, NULL AS fields, NULL AS page, NULL AS self_reported, NULL AS idempotency_key, NULL AS content_hash, NULL AS day, NULL AS selection_id, NULL AS person_id, NULL AS company_id, NULL AS in_force_id, NULL AS in_force_landing_page_id, NULL AS created_person, NULL AS created_company
  WHERE false;

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

-- What changed, and by whom: the last row of change_author; without one, a lead that arrives.
CREATE TRIGGER person_history AFTER UPDATE OF email, first_name, last_name, phone, title, country, company_id, owner_id, lead_status_id ON person
WHEN (OLD.email IS NOT NEW.email OR OLD.first_name IS NOT NEW.first_name OR OLD.last_name IS NOT NEW.last_name OR OLD.phone IS NOT NEW.phone OR OLD.title IS NOT NEW.title OR OLD.country IS NOT NEW.country OR OLD.company_id IS NOT NEW.company_id OR OLD.owner_id IS NOT NEW.owner_id OR OLD.lead_status_id IS NOT NEW.lead_status_id) AND NEW.id > 0 AND NOT EXISTS (SELECT 1 FROM change_author WHERE via = 'none')
BEGIN
  INSERT INTO record_change (entity, record_id, at, field, was, became, via, rule, key_id, key_name, user_id, user_name)
  SELECT 'person', NEW.id, coalesce(a.at, NEW.updated_at), c.column1, c.column2, c.column3, a.via, a.rule, a.key_id, a.key_name, a.user_id, a.user_name FROM (VALUES ('email', json_quote(OLD.email), json_quote(NEW.email)), ('firstName', json_quote(OLD.first_name), json_quote(NEW.first_name)), ('lastName', json_quote(OLD.last_name), json_quote(NEW.last_name)), ('phone', json_quote(OLD.phone), json_quote(NEW.phone)), ('title', json_quote(OLD.title), json_quote(NEW.title)), ('country', json_quote(OLD.country), json_quote(NEW.country)), ('company', iif(OLD.company_id IS NULL, 'null', json_object('id', CAST(OLD.company_id AS text), 'name', (SELECT t.name FROM company t WHERE t.id = OLD.company_id))), iif(NEW.company_id IS NULL, 'null', json_object('id', CAST(NEW.company_id AS text), 'name', (SELECT t.name FROM company t WHERE t.id = NEW.company_id)))), ('owner', iif(OLD.owner_id IS NULL, 'null', json_object('id', CAST(OLD.owner_id AS text), 'name', (SELECT t.name FROM owner t WHERE t.id = OLD.owner_id))), iif(NEW.owner_id IS NULL, 'null', json_object('id', CAST(NEW.owner_id AS text), 'name', (SELECT t.name FROM owner t WHERE t.id = NEW.owner_id)))), ('leadStatus', iif(OLD.lead_status_id IS NULL, 'null', json_object('id', CAST(OLD.lead_status_id AS text), 'name', (SELECT t.name FROM lead_status t WHERE t.id = OLD.lead_status_id))), iif(NEW.lead_status_id IS NULL, 'null', json_object('id', CAST(NEW.lead_status_id AS text), 'name', (SELECT t.name FROM lead_status t WHERE t.id = NEW.lead_status_id))))) c, (SELECT 1) LEFT JOIN change_author a ON a.id = (SELECT max(id) FROM change_author)
  WHERE c.column2 IS NOT c.column3;
END;

-- What changed, and by whom: the last row of change_author; without one, a lead that arrives.
CREATE TRIGGER company_history AFTER UPDATE OF name, domain, registration_number, country, owner_id, category_id ON company
WHEN (OLD.name IS NOT NEW.name OR OLD.domain IS NOT NEW.domain OR OLD.registration_number IS NOT NEW.registration_number OR OLD.country IS NOT NEW.country OR OLD.owner_id IS NOT NEW.owner_id OR OLD.category_id IS NOT NEW.category_id) AND NOT EXISTS (SELECT 1 FROM change_author WHERE via = 'none')
BEGIN
  INSERT INTO record_change (entity, record_id, at, field, was, became, via, rule, key_id, key_name, user_id, user_name)
  SELECT 'company', NEW.id, coalesce(a.at, NEW.updated_at), c.column1, c.column2, c.column3, iif(c.column1 = 'category' AND (a.via IS NULL OR a.via = 'import'), 'automation', a.via), iif(c.column1 = 'category' AND (a.via IS NULL OR a.via = 'import'), 'leadArrived', a.rule), a.key_id, a.key_name, a.user_id, a.user_name FROM (VALUES ('name', json_quote(OLD.name), json_quote(NEW.name)), ('domain', json_quote(OLD.domain), json_quote(NEW.domain)), ('registrationNumber', json_quote(OLD.registration_number), json_quote(NEW.registration_number)), ('country', json_quote(OLD.country), json_quote(NEW.country)), ('owner', iif(OLD.owner_id IS NULL, 'null', json_object('id', CAST(OLD.owner_id AS text), 'name', (SELECT t.name FROM owner t WHERE t.id = OLD.owner_id))), iif(NEW.owner_id IS NULL, 'null', json_object('id', CAST(NEW.owner_id AS text), 'name', (SELECT t.name FROM owner t WHERE t.id = NEW.owner_id)))), ('category', iif(OLD.category_id IS NULL, 'null', json_object('id', CAST(OLD.category_id AS text), 'name', (SELECT t.name FROM category t WHERE t.id = OLD.category_id))), iif(NEW.category_id IS NULL, 'null', json_object('id', CAST(NEW.category_id AS text), 'name', (SELECT t.name FROM category t WHERE t.id = NEW.category_id))))) c, (SELECT 1) LEFT JOIN change_author a ON a.id = (SELECT max(id) FROM change_author)
  WHERE c.column2 IS NOT c.column3;
END;

-- What changed, and by whom: the last row of change_author; without one, a lead that arrives.
CREATE TRIGGER deal_history AFTER UPDATE OF name, person_id, company_id, owner_id, stage_id, status, probability, amount_minor, currency, closed_at, expected_close_day, next_step_text, next_step_day, lost_reason ON deal
WHEN (OLD.name IS NOT NEW.name OR OLD.person_id IS NOT NEW.person_id OR OLD.company_id IS NOT NEW.company_id OR OLD.owner_id IS NOT NEW.owner_id OR OLD.stage_id IS NOT NEW.stage_id OR OLD.status IS NOT NEW.status OR OLD.probability IS NOT NEW.probability OR OLD.amount_minor IS NOT NEW.amount_minor OR OLD.currency IS NOT NEW.currency OR OLD.closed_at IS NOT NEW.closed_at OR OLD.expected_close_day IS NOT NEW.expected_close_day OR OLD.next_step_text IS NOT NEW.next_step_text OR OLD.next_step_day IS NOT NEW.next_step_day OR OLD.lost_reason IS NOT NEW.lost_reason) AND OLD.stage_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM change_author WHERE via = 'none')
BEGIN
  INSERT INTO record_change (entity, record_id, at, field, was, became, via, rule, key_id, key_name, user_id, user_name)
  SELECT 'deal', NEW.id, coalesce(a.at, NEW.updated_at), c.column1, c.column2, c.column3, coalesce(a.via, 'automation'), iif(a.via IS NULL, 'dealLinked', a.rule), a.key_id, a.key_name, a.user_id, a.user_name FROM (VALUES ('name', json_quote(OLD.name), json_quote(NEW.name)), ('person', iif(OLD.person_id IS NULL, 'null', json_object('id', CAST(OLD.person_id AS text))), iif(NEW.person_id IS NULL, 'null', json_object('id', CAST(NEW.person_id AS text)))), ('company', iif(OLD.company_id IS NULL, 'null', json_object('id', CAST(OLD.company_id AS text), 'name', (SELECT t.name FROM company t WHERE t.id = OLD.company_id))), iif(NEW.company_id IS NULL, 'null', json_object('id', CAST(NEW.company_id AS text), 'name', (SELECT t.name FROM company t WHERE t.id = NEW.company_id)))), ('owner', iif(OLD.owner_id IS NULL, 'null', json_object('id', CAST(OLD.owner_id AS text), 'name', (SELECT t.name FROM owner t WHERE t.id = OLD.owner_id))), iif(NEW.owner_id IS NULL, 'null', json_object('id', CAST(NEW.owner_id AS text), 'name', (SELECT t.name FROM owner t WHERE t.id = NEW.owner_id)))), ('stage', iif(OLD.stage_id IS NULL, 'null', json_object('id', CAST(OLD.stage_id AS text), 'name', (SELECT t.name FROM stage t WHERE t.id = OLD.stage_id))), iif(NEW.stage_id IS NULL, 'null', json_object('id', CAST(NEW.stage_id AS text), 'name', (SELECT t.name FROM stage t WHERE t.id = NEW.stage_id)))), ('status', json_quote(OLD.status), json_quote(NEW.status)), ('probability', json_quote(OLD.probability / 100.0), json_quote(NEW.probability / 100.0)), ('amount', json_quote(OLD.amount_minor / CASE WHEN OLD.currency NOT IN ('BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV', 'XAF', 'XOF', 'XPF', 'BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND', 'CLF', 'UYW') THEN 100.0 ELSE CASE OLD.currency WHEN 'BIF' THEN 1.0 WHEN 'CLP' THEN 1.0 WHEN 'DJF' THEN 1.0 WHEN 'GNF' THEN 1.0 WHEN 'ISK' THEN 1.0 WHEN 'JPY' THEN 1.0 WHEN 'KMF' THEN 1.0 WHEN 'KRW' THEN 1.0 WHEN 'PYG' THEN 1.0 WHEN 'RWF' THEN 1.0 WHEN 'UGX' THEN 1.0 WHEN 'UYI' THEN 1.0 WHEN 'VND' THEN 1.0 WHEN 'VUV' THEN 1.0 WHEN 'XAF' THEN 1.0 WHEN 'XOF' THEN 1.0 WHEN 'XPF' THEN 1.0 WHEN 'BHD' THEN 1000.0 WHEN 'IQD' THEN 1000.0 WHEN 'JOD' THEN 1000.0 WHEN 'KWD' THEN 1000.0 WHEN 'LYD' THEN 1000.0 WHEN 'OMR' THEN 1000.0 WHEN 'TND' THEN 1000.0 WHEN 'CLF' THEN 10000.0 WHEN 'UYW' THEN 10000.0 END END), json_quote(NEW.amount_minor / CASE WHEN NEW.currency NOT IN ('BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV', 'XAF', 'XOF', 'XPF', 'BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND', 'CLF', 'UYW') THEN 100.0 ELSE CASE NEW.currency WHEN 'BIF' THEN 1.0 WHEN 'CLP' THEN 1.0 WHEN 'DJF' THEN 1.0 WHEN 'GNF' THEN 1.0 WHEN 'ISK' THEN 1.0 WHEN 'JPY' THEN 1.0 WHEN 'KMF' THEN 1.0 WHEN 'KRW' THEN 1.0 WHEN 'PYG' THEN 1.0 WHEN 'RWF' THEN 1.0 WHEN 'UGX' THEN 1.0 WHEN 'UYI' THEN 1.0 WHEN 'VND' THEN 1.0 WHEN 'VUV' THEN 1.0 WHEN 'XAF' THEN 1.0 WHEN 'XOF' THEN 1.0 WHEN 'XPF' THEN 1.0 WHEN 'BHD' THEN 1000.0 WHEN 'IQD' THEN 1000.0 WHEN 'JOD' THEN 1000.0 WHEN 'KWD' THEN 1000.0 WHEN 'LYD' THEN 1000.0 WHEN 'OMR' THEN 1000.0 WHEN 'TND' THEN 1000.0 WHEN 'CLF' THEN 10000.0 WHEN 'UYW' THEN 10000.0 END END)), ('currency', json_quote(OLD.currency), json_quote(NEW.currency)), ('closedAt', json_quote(strftime('%Y-%m-%dT%H:%M:%fZ', OLD.closed_at / 1000.0, 'unixepoch')), json_quote(strftime('%Y-%m-%dT%H:%M:%fZ', NEW.closed_at / 1000.0, 'unixepoch'))), ('expectedCloseDate', json_quote(OLD.expected_close_day), json_quote(NEW.expected_close_day)), ('nextStep', iif(OLD.next_step_text IS NULL, 'null', json_object('text', OLD.next_step_text, 'day', OLD.next_step_day)), iif(NEW.next_step_text IS NULL, 'null', json_object('text', NEW.next_step_text, 'day', NEW.next_step_day))), ('lostReason', json_quote(OLD.lost_reason), json_quote(NEW.lost_reason))) c, (SELECT 1) LEFT JOIN change_author a ON a.id = (SELECT max(id) FROM change_author)
  WHERE c.column2 IS NOT c.column3;
END;

-- The key of a field `_id` is stored with a line feed and a hash of the content (services/capture/idempotency-key.ts).
-- Another submission under the same key, with or without a hash, is what the record shows as a conflict. Keys have no
-- control characters.
CREATE TRIGGER submission_key_reused AFTER INSERT ON submission
WHEN instr(NEW.idempotency_key, char(10)) > 0
  AND (EXISTS (SELECT 1 FROM submission s WHERE s.form_id = NEW.form_id AND s.id <> NEW.id
      AND s.idempotency_key >= substr(NEW.idempotency_key, 1, instr(NEW.idempotency_key, char(10)) - 1)
      AND s.idempotency_key < substr(NEW.idempotency_key, 1, instr(NEW.idempotency_key, char(10)) - 1) || char(11))
    OR EXISTS (SELECT 1 FROM quarantine q WHERE q.form_id = NEW.form_id AND q.id <> NEW.id
      AND q.idempotency_key >= substr(NEW.idempotency_key, 1, instr(NEW.idempotency_key, char(10)) - 1)
      AND q.idempotency_key < substr(NEW.idempotency_key, 1, instr(NEW.idempotency_key, char(10)) - 1) || char(11)))
BEGIN
  UPDATE submission SET idempotency_conflict = 1 WHERE id = NEW.id;
END;

-- The job removeFiles deletes the bytes.
CREATE TRIGGER stored_file_deleted AFTER DELETE ON stored_file BEGIN
  INSERT INTO removed_file (id)
  SELECT OLD.id;
END;

-- A submission that was released keeps its files when its row in quarantine is deleted.
CREATE TRIGGER stored_file_quarantine_deleted AFTER DELETE ON quarantine BEGIN
  DELETE FROM stored_file WHERE submission_id = OLD.id AND NOT EXISTS (SELECT 1 FROM submission WHERE id = OLD.id);
END;

-- Insert a person_id here: the lead is dirty.
CREATE VIEW unsettle_lead AS SELECT 0 AS person_id;

-- Insert a deal_id here: the deal is dirty.
CREATE VIEW unsettle_deal AS SELECT 0 AS deal_id;

-- Insert a look-back window in days here: everything is rolled up again by it.
CREATE VIEW unsettle_all AS SELECT 0 AS look_back_days;

CREATE TRIGGER total_submission_added AFTER INSERT ON submission BEGIN
  INSERT INTO report_total (kind, month, key, n, m, won)
  SELECT l.kind, l.month, coalesce(NEW.form_id, 0) * 16777216 + coalesce((SELECT channel_id FROM origin WHERE id = NEW.origin_id), 0), 1, (NEW.created_person = 0 AND NEW.person_id IS NOT NULL), 0
  FROM (SELECT 5 AS kind, CAST(strftime('%Y%m', (NEW.at + 62135596800000) / 1000 - 62135596800, 'unixepoch') AS integer) AS month UNION ALL SELECT 105, CAST(strftime('%Y%m%d', (NEW.at + 62135596800000) / 1000 - 62135596800, 'unixepoch') AS integer)) l WHERE true
  ON CONFLICT DO UPDATE SET n = n + excluded.n, m = m + excluded.m;
END;

-- The person whom it created reads its answer to "how did you hear about us".
CREATE TRIGGER total_submission_removed AFTER DELETE ON submission BEGIN
  INSERT INTO report_total (kind, month, key, n, m, won)
  SELECT l.kind, l.month, coalesce(OLD.form_id, 0) * 16777216 + coalesce((SELECT channel_id FROM origin WHERE id = OLD.origin_id), 0), -1, -(OLD.created_person = 0 AND OLD.person_id IS NOT NULL), 0
  FROM (SELECT 5 AS kind, CAST(strftime('%Y%m', (OLD.at + 62135596800000) / 1000 - 62135596800, 'unixepoch') AS integer) AS month UNION ALL SELECT 105, CAST(strftime('%Y%m%d', (OLD.at + 62135596800000) / 1000 - 62135596800, 'unixepoch') AS integer)) l WHERE true
  ON CONFLICT DO UPDATE SET n = n + excluded.n, m = m + excluded.m;
  INSERT INTO unsettle_lead SELECT id FROM person WHERE id = OLD.person_id AND creation_id = OLD.id;
END;

CREATE TRIGGER total_submission_changed AFTER UPDATE OF person_id, created_person, at, form_id, origin_id ON submission
WHEN (OLD.person_id IS NULL) <> (NEW.person_id IS NULL) OR OLD.created_person <> NEW.created_person OR OLD.at <> NEW.at OR OLD.form_id IS NOT NEW.form_id OR OLD.origin_id IS NOT NEW.origin_id
BEGIN
  INSERT INTO report_total (kind, month, key, n, m, won)
  SELECT l.kind, l.month, coalesce(OLD.form_id, 0) * 16777216 + coalesce((SELECT channel_id FROM origin WHERE id = OLD.origin_id), 0), -1, -(OLD.created_person = 0 AND OLD.person_id IS NOT NULL), 0
  FROM (SELECT 5 AS kind, CAST(strftime('%Y%m', (OLD.at + 62135596800000) / 1000 - 62135596800, 'unixepoch') AS integer) AS month UNION ALL SELECT 105, CAST(strftime('%Y%m%d', (OLD.at + 62135596800000) / 1000 - 62135596800, 'unixepoch') AS integer)) l WHERE true
  ON CONFLICT DO UPDATE SET n = n + excluded.n, m = m + excluded.m;
  INSERT INTO report_total (kind, month, key, n, m, won)
  SELECT l.kind, l.month, coalesce(NEW.form_id, 0) * 16777216 + coalesce((SELECT channel_id FROM origin WHERE id = NEW.origin_id), 0), 1, (NEW.created_person = 0 AND NEW.person_id IS NOT NULL), 0
  FROM (SELECT 5 AS kind, CAST(strftime('%Y%m', (NEW.at + 62135596800000) / 1000 - 62135596800, 'unixepoch') AS integer) AS month UNION ALL SELECT 105, CAST(strftime('%Y%m%d', (NEW.at + 62135596800000) / 1000 - 62135596800, 'unixepoch') AS integer)) l WHERE true
  ON CONFLICT DO UPDATE SET n = n + excluded.n, m = m + excluded.m;
END;

-- Submissions of an origin move with it to its new channel.
CREATE TRIGGER total_channel_changed AFTER UPDATE OF channel_id ON origin
WHEN OLD.channel_id <> NEW.channel_id
BEGIN
  INSERT INTO report_total (kind, month, key, n, m, won)
  SELECT l.value, iif(l.value = 5, CAST(strftime('%Y%m', (s.at + 62135596800000) / 1000 - 62135596800, 'unixepoch') AS integer), CAST(strftime('%Y%m%d', (s.at + 62135596800000) / 1000 - 62135596800, 'unixepoch') AS integer)),
    coalesce(s.form_id, 0) * 16777216 + c.value, sum(iif(c.key = 0, -1, 1)), sum(iif(c.key = 0, -1, 1) * (s.created_person = 0 AND s.person_id IS NOT NULL)), 0
  FROM submission s CROSS JOIN json_each(json_array(OLD.channel_id, NEW.channel_id)) c CROSS JOIN json_each('[5,105]') l
  WHERE s.origin_id = NEW.id GROUP BY 1, 2, 3
  ON CONFLICT DO UPDATE SET n = n + excluded.n, m = m + excluded.m;
END;

CREATE TRIGGER group_of_new_origin AFTER INSERT ON origin BEGIN
  INSERT INTO origin_group (channel_id, source_id, medium_id, campaign_id, referrer_domain_id)
  VALUES (NEW.channel_id, NEW.source_id, NEW.medium_id, NEW.campaign_id, NEW.referrer_domain_id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER group_of_changed_origin AFTER UPDATE OF channel_id, source_id, medium_id, campaign_id, referrer_domain_id ON origin
WHEN OLD.channel_id <> NEW.channel_id OR OLD.source_id <> NEW.source_id OR OLD.medium_id <> NEW.medium_id OR OLD.campaign_id <> NEW.campaign_id OR OLD.referrer_domain_id <> NEW.referrer_domain_id
BEGIN
  INSERT INTO origin_group (channel_id, source_id, medium_id, campaign_id, referrer_domain_id)
  VALUES (NEW.channel_id, NEW.source_id, NEW.medium_id, NEW.campaign_id, NEW.referrer_domain_id) ON CONFLICT DO NOTHING;
END;

-- The group of each origin, and whether nothing is known of the origin.
CREATE VIEW group_of_origin AS
SELECT o.id AS origin_id, g.id AS group_id, o.source_id = 0 AND o.medium_id = 0 AND o.referrer_domain_id = 0 AND o.click_id_name IS NULL AS is_direct
FROM origin o CROSS JOIN origin_group g ON g.channel_id = o.channel_id AND g.source_id = o.source_id AND g.medium_id = o.medium_id AND g.campaign_id = o.campaign_id AND g.referrer_domain_id = o.referrer_domain_id;

-- What reports ask of each lead, worked out from its rows as they are now.
CREATE VIEW lead_now AS
SELECT p.id AS person_id, p.created_at AS created_at, CAST(strftime('%Y%m%d', (p.created_at + 62135596800000) / 1000 - 62135596800, 'unixepoch') AS integer) AS day, p.first_touch_origin_id AS first_origin_id, p.lead_creation_origin_id AS lead_origin_id, coalesce((SELECT group_id FROM group_of_origin WHERE origin_id = p.first_touch_origin_id), 0) AS first_group_id, coalesce((SELECT group_id FROM group_of_origin WHERE origin_id = p.lead_creation_origin_id), 0) AS lead_group_id, coalesce(f.channel_id, 0) AS first_channel_id, coalesce(l.channel_id, 0) AS lead_channel_id, coalesce(l.source_id, 0) AS lead_source_id, CASE p.created_via WHEN 'form' THEN 0 WHEN 'api' THEN 1 WHEN 'import' THEN 2 WHEN 'chat' THEN 3 WHEN 'phone' THEN 4 WHEN 'event' THEN 5 WHEN 'manual' THEN 6 ELSE 7 END AS via, coalesce(p.created_form_id, 0) AS form_id, coalesce(p.lead_status_id, 0) AS status_id, p.deal_state AS deal_state, (SELECT nullif(trim(self_reported), '') FROM submission WHERE id = p.creation_id) AS said, coalesce((SELECT '[' || group_concat(group_id << 30 | CASE WHEN n = c THEN 1000000000 ELSE CAST(round(1000000000 * (upto / total)) AS integer) END, ',' ORDER BY n) || ']'
    FROM (SELECT *, sum(weight) OVER (ORDER BY n) AS upto, sum(weight) OVER () AS total
      FROM (SELECT *, (SELECT ((((((((((((1.0 * f / 12.0 + 1.0) * f / 11.0 + 1.0) * f / 10.0 + 1.0) * f / 9.0 + 1.0) * f / 8.0 + 1.0) * f / 7.0 + 1.0) * f / 6.0 + 1.0) * f / 5.0 + 1.0) * f / 4.0 + 1.0) * f / 3.0 + 1.0) * f / 2.0 + 1.0) * f / 1.0 + 1.0) / (1 << min(60, CAST(((last_at - at) * 1.0 / 604800000) AS integer))) FROM (SELECT (-0.6931471805599453 * (((last_at - at) * 1.0 / 604800000) - CAST(((last_at - at) * 1.0 / 604800000) AS integer) - 0.5)) AS f)) AS weight
        FROM (SELECT group_id, at, row_number() OVER (ORDER BY at, id) AS n, count(*) OVER () AS c, max(at) OVER () AS last_at
          FROM (SELECT t.id AS id, t.at AS at, g.group_id AS group_id, g.is_direct AS is_direct, min(g.is_direct) OVER () AS only_direct
            FROM (SELECT id, at, origin_id FROM touch WHERE person_id = p.id AND at <= p.created_at AND at >= p.created_at - 86400000 * (SELECT look_back_days FROM report_state)) t CROSS JOIN group_of_origin g ON g.origin_id = t.origin_id)
          WHERE is_direct = only_direct)))), '[1000000000]') AS steps, p.created_at - p.first_touch_at AS to_lead, CASE WHEN (p.created_at - p.first_touch_at) IS NULL THEN NULL WHEN (p.created_at - p.first_touch_at) = 0 THEN 0 ELSE (SELECT sign(s.v) * (256 * s.h + CASE WHEN s.m < 512 THEN s.m >> 2 WHEN s.m < 1024 THEN 64 + (s.m >> 3)
    WHEN s.m < 2048 THEN 128 + (s.m >> 4) ELSE 192 + (s.m >> 5) END) FROM (SELECT v, h, abs(v) << 12 >> (4 * h) AS m FROM (SELECT (p.created_at - p.first_touch_at) AS v, length(printf('%x', abs((p.created_at - p.first_touch_at)))) AS h)) s) END AS bin
FROM person p LEFT JOIN origin f ON f.id = p.first_touch_origin_id LEFT JOIN origin l ON l.id = p.lead_creation_origin_id;

-- What reports ask of each deal, worked out from its rows as they are now. A deal cannot be gone before it came.
CREATE VIEW deal_now AS
SELECT d.id AS deal_id, d.registered_at AS registered_at, CAST(strftime('%Y%m%d', (d.registered_at + 62135596800000) / 1000 - 62135596800, 'unixepoch') AS integer) AS registered_day, d.closed_at AS closed_at, CAST(strftime('%Y%m%d', (d.closed_at + 62135596800000) / 1000 - 62135596800, 'unixepoch') AS integer) AS closed_day, CAST(strftime('%Y%m%d', (max(d.registered_at, d.closed_at) + 62135596800000) / 1000 - 62135596800, 'unixepoch') AS integer) AS gone_day, d.status = 'won' AND d.closed_at IS NOT NULL AS is_won, coalesce(d.first_touch_origin_id, 0) AS first_origin_id, coalesce(d.lead_creation_origin_id, 0) AS lead_origin_id, coalesce((SELECT group_id FROM group_of_origin WHERE origin_id = d.first_touch_origin_id), 0) AS first_group_id, coalesce((SELECT group_id FROM group_of_origin WHERE origin_id = d.lead_creation_origin_id), 0) AS lead_group_id, coalesce(o.channel_id, 0) AS first_channel_id, ((unicode(substr(d.currency, 1)) - 65) * 26 + unicode(substr(d.currency, 2)) - 65) * 26 + unicode(substr(d.currency, 3)) - 65 AS currency, d.amount_minor AS amount_minor, coalesce((SELECT '[' || group_concat(group_id << 30 | CASE WHEN n = c THEN 1000000000 ELSE CAST(round(1000000000 * (upto / total)) AS integer) END, ',' ORDER BY n) || ']'
    FROM (SELECT *, sum(weight) OVER (ORDER BY n) AS upto, sum(weight) OVER () AS total
      FROM (SELECT *, (SELECT ((((((((((((1.0 * f / 12.0 + 1.0) * f / 11.0 + 1.0) * f / 10.0 + 1.0) * f / 9.0 + 1.0) * f / 8.0 + 1.0) * f / 7.0 + 1.0) * f / 6.0 + 1.0) * f / 5.0 + 1.0) * f / 4.0 + 1.0) * f / 3.0 + 1.0) * f / 2.0 + 1.0) * f / 1.0 + 1.0) / (1 << min(60, CAST(((last_at - at) * 1.0 / 604800000) AS integer))) FROM (SELECT (-0.6931471805599453 * (((last_at - at) * 1.0 / 604800000) - CAST(((last_at - at) * 1.0 / 604800000) AS integer) - 0.5)) AS f)) AS weight
        FROM (SELECT group_id, at, row_number() OVER (ORDER BY at, id) AS n, count(*) OVER () AS c, max(at) OVER () AS last_at
          FROM (SELECT t.id AS id, t.at AS at, g.group_id AS group_id, g.is_direct AS is_direct, min(g.is_direct) OVER () AS only_direct
            FROM (SELECT id, at, origin_id FROM touch WHERE person_id = d.person_id AND at <= d.registered_at AND at >= d.registered_at - 86400000 * (SELECT look_back_days FROM report_state)
              UNION ALL SELECT 0, at, origin_id FROM (SELECT c.first_touch_at AS at, c.first_touch_origin_id AS origin_id, c.first_touch_landing_page_id AS page
                UNION SELECT c.lead_creation_at, c.lead_creation_origin_id, c.lead_creation_landing_page_id) WHERE d.person_id IS NULL AND at <= d.registered_at AND at >= d.registered_at - 86400000 * (SELECT look_back_days FROM report_state)) t CROSS JOIN group_of_origin g ON g.origin_id = t.origin_id)
          WHERE is_direct = only_direct)))), '[1000000000]') AS registered_steps, CASE WHEN d.closed_at IS NOT NULL THEN coalesce((SELECT '[' || group_concat(group_id << 30 | CASE WHEN n = c THEN 1000000000 ELSE CAST(round(1000000000 * (upto / total)) AS integer) END, ',' ORDER BY n) || ']'
    FROM (SELECT *, sum(weight) OVER (ORDER BY n) AS upto, sum(weight) OVER () AS total
      FROM (SELECT *, (SELECT ((((((((((((1.0 * f / 12.0 + 1.0) * f / 11.0 + 1.0) * f / 10.0 + 1.0) * f / 9.0 + 1.0) * f / 8.0 + 1.0) * f / 7.0 + 1.0) * f / 6.0 + 1.0) * f / 5.0 + 1.0) * f / 4.0 + 1.0) * f / 3.0 + 1.0) * f / 2.0 + 1.0) * f / 1.0 + 1.0) / (1 << min(60, CAST(((last_at - at) * 1.0 / 604800000) AS integer))) FROM (SELECT (-0.6931471805599453 * (((last_at - at) * 1.0 / 604800000) - CAST(((last_at - at) * 1.0 / 604800000) AS integer) - 0.5)) AS f)) AS weight
        FROM (SELECT group_id, at, row_number() OVER (ORDER BY at, id) AS n, count(*) OVER () AS c, max(at) OVER () AS last_at
          FROM (SELECT t.id AS id, t.at AS at, g.group_id AS group_id, g.is_direct AS is_direct, min(g.is_direct) OVER () AS only_direct
            FROM (SELECT id, at, origin_id FROM touch WHERE person_id = d.person_id AND at <= d.closed_at AND at >= d.closed_at - 86400000 * (SELECT look_back_days FROM report_state)
              UNION ALL SELECT 0, at, origin_id FROM (SELECT c.first_touch_at AS at, c.first_touch_origin_id AS origin_id, c.first_touch_landing_page_id AS page
                UNION SELECT c.lead_creation_at, c.lead_creation_origin_id, c.lead_creation_landing_page_id) WHERE d.person_id IS NULL AND at <= d.closed_at AND at >= d.closed_at - 86400000 * (SELECT look_back_days FROM report_state)) t CROSS JOIN group_of_origin g ON g.origin_id = t.origin_id)
          WHERE is_direct = only_direct)))), '[1000000000]') END AS closed_steps, d.to_deal AS to_deal, CASE WHEN d.to_deal IS NULL THEN NULL WHEN d.to_deal = 0 THEN 0 ELSE (SELECT sign(s.v) * (256 * s.h + CASE WHEN s.m < 512 THEN s.m >> 2 WHEN s.m < 1024 THEN 64 + (s.m >> 3)
    WHEN s.m < 2048 THEN 128 + (s.m >> 4) ELSE 192 + (s.m >> 5) END) FROM (SELECT v, h, abs(v) << 12 >> (4 * h) AS m FROM (SELECT d.to_deal AS v, length(printf('%x', abs(d.to_deal))) AS h)) s) END AS deal_bin, d.to_win AS to_win, CASE WHEN d.to_win IS NULL THEN NULL WHEN d.to_win = 0 THEN 0 ELSE (SELECT sign(s.v) * (256 * s.h + CASE WHEN s.m < 512 THEN s.m >> 2 WHEN s.m < 1024 THEN 64 + (s.m >> 3)
    WHEN s.m < 2048 THEN 128 + (s.m >> 4) ELSE 192 + (s.m >> 5) END) FROM (SELECT v, h, abs(v) << 12 >> (4 * h) AS m FROM (SELECT d.to_win AS v, length(printf('%x', abs(d.to_win))) AS h)) s) END AS win_bin
FROM (SELECT d.*, d.registered_at - d.first_at AS to_deal, CASE d.status WHEN 'won' THEN d.closed_at - d.first_at END AS to_win
    FROM (SELECT d.*, CASE WHEN d.person_id IS NOT NULL THEN (SELECT first_touch_at FROM person WHERE id = d.person_id)
      ELSE (SELECT first_touch_at FROM company WHERE id = d.company_id) END AS first_at FROM deal d) d) d
  LEFT JOIN origin o ON o.id = d.first_touch_origin_id LEFT JOIN company c ON c.id = d.company_id;

-- The same in the columns of lead_fact: what the person said has its number.
CREATE VIEW lead_made AS
SELECT person_id, created_at, day, first_origin_id, lead_origin_id, first_group_id, lead_group_id, first_channel_id, lead_channel_id, lead_source_id, via, form_id, status_id, deal_state, coalesce((SELECT id FROM saying WHERE text = said), 0) AS saying_id, steps, to_lead, bin
FROM lead_now n;

-- The same in the columns of deal_fact.
CREATE VIEW deal_made AS
SELECT deal_id, registered_at, registered_day, closed_at, closed_day, gone_day, is_won, first_origin_id, lead_origin_id, first_group_id, lead_group_id, first_channel_id, currency, amount_minor, registered_steps, closed_steps, to_deal, deal_bin, to_win, win_bin
FROM deal_now;

-- Stored facts with the number of their path, which follows from the steps: the channel of a group never changes, and
-- everything becomes dirty where a channel is corrected.
CREATE VIEW lead_settled AS SELECT f.*, coalesce(r.id, 0) AS path_id FROM lead_fact f LEFT JOIN report_path r ON r.path = (SELECT group_concat(coalesce(v.alias_of, v.id), ',' ORDER BY s.key) FROM json_each(f.steps) s CROSS JOIN origin_group g ON g.id = s.value >> 30 CROSS JOIN origin_value v ON v.id = g.channel_id);

-- The same of deals: the path up to registration, and up to the close.
CREATE VIEW deal_settled AS SELECT f.*, coalesce(r.id, 0) AS registered_path_id, coalesce(c.id, 0) AS closed_path_id
FROM deal_fact f LEFT JOIN report_path r ON r.path = (SELECT group_concat(coalesce(v.alias_of, v.id), ',' ORDER BY s.key) FROM json_each(f.registered_steps) s CROSS JOIN origin_group g ON g.id = s.value >> 30 CROSS JOIN origin_value v ON v.id = g.channel_id)
  LEFT JOIN report_path c ON c.path = (SELECT group_concat(coalesce(v.alias_of, v.id), ',' ORDER BY s.key) FROM json_each(f.closed_steps) s CROSS JOIN origin_group g ON g.id = s.value >> 30 CROSS JOIN origin_value v ON v.id = g.channel_id);

-- Each touch that led to a rolled-up lead, with its credit under each model (as db/reports/journeys.ts gives it).
CREATE VIEW lead_share AS
SELECT person_id, 1 AS kind, day, group_id AS key, last_touch, has_deal * last_touch AS last_touch_m, is_won * last_touch AS last_touch_won, linear, has_deal * linear AS linear_m, is_won * linear AS linear_won, position_based, has_deal * position_based AS position_based_m, is_won * position_based AS position_based_won, time_decay, has_deal * time_decay AS time_decay_m, is_won * time_decay AS time_decay_won
FROM (SELECT person_id, day, has_deal, is_won, group_id,
    (n = c) * 1000000000 AS last_touch, CAST(round(1000000000 * (n * 1.0 / c)) AS integer) - CAST(round(1000000000 * ((n - 1) * 1.0 / c)) AS integer) AS linear, CAST(round(1000000000 * (CASE WHEN n <= 0 THEN 0.0 WHEN n >= c THEN 1.0 WHEN c = 2 THEN 0.5 ELSE 0.4 + 0.2 * (n - 1) / (c - 2) END)) AS integer) - CAST(round(1000000000 * (CASE WHEN (n - 1) <= 0 THEN 0.0 WHEN (n - 1) >= c THEN 1.0 WHEN c = 2 THEN 0.5 ELSE 0.4 + 0.2 * ((n - 1) - 1) / (c - 2) END)) AS integer) AS position_based, upto - before AS time_decay
  FROM (SELECT f.person_id AS person_id, f.day AS day, f.deal_state > 0 AS has_deal, f.deal_state = 2 AS is_won, s.value >> 30 AS group_id, s.key + 1 AS n, json_array_length(f.steps) AS c, s.value & 1073741823 AS upto,
    CASE s.key WHEN 0 THEN 0 ELSE f.steps ->> (s.key - 1) & 1073741823 END AS before
    FROM lead_fact f CROSS JOIN json_each(f.steps) s));

-- The same of a rolled-up deal: kind 2 by registration, 3 by close. Amounts are parts of what a won deal is worth at
-- its close.
CREATE VIEW deal_share AS
SELECT deal_id, kind, day, group_id * 32768 + currency AS key, last_touch, last_touch_m, is_won * last_touch AS last_touch_won, linear, linear_m, is_won * linear AS linear_won, position_based, position_based_m, is_won * position_based AS position_based_won, time_decay, time_decay_m, is_won * time_decay AS time_decay_won
FROM (SELECT deal_id, kind, day, is_won, currency, group_id,
    (n = c) * 1000000000 AS last_touch, CAST(round(1000000000 * (n * 1.0 / c)) AS integer) - CAST(round(1000000000 * ((n - 1) * 1.0 / c)) AS integer) AS linear, CAST(round(1000000000 * (CASE WHEN n <= 0 THEN 0.0 WHEN n >= c THEN 1.0 WHEN c = 2 THEN 0.5 ELSE 0.4 + 0.2 * (n - 1) / (c - 2) END)) AS integer) - CAST(round(1000000000 * (CASE WHEN (n - 1) <= 0 THEN 0.0 WHEN (n - 1) >= c THEN 1.0 WHEN c = 2 THEN 0.5 ELSE 0.4 + 0.2 * ((n - 1) - 1) / (c - 2) END)) AS integer) AS position_based, upto - before AS time_decay,
    (n = c) * amount AS last_touch_m, CAST(round(amount * (n * 1.0 / c)) AS integer) - CAST(round(amount * ((n - 1) * 1.0 / c)) AS integer) AS linear_m, CAST(round(amount * (CASE WHEN n <= 0 THEN 0.0 WHEN n >= c THEN 1.0 WHEN c = 2 THEN 0.5 ELSE 0.4 + 0.2 * (n - 1) / (c - 2) END)) AS integer) - CAST(round(amount * (CASE WHEN (n - 1) <= 0 THEN 0.0 WHEN (n - 1) >= c THEN 1.0 WHEN c = 2 THEN 0.5 ELSE 0.4 + 0.2 * ((n - 1) - 1) / (c - 2) END)) AS integer) AS position_based_m, CAST(round(amount * (upto / 1000000000.0)) AS integer) - CAST(round(amount * (before / 1000000000.0)) AS integer) AS time_decay_m
  FROM (SELECT deal_id, kind, day, is_won, currency, amount, s.value >> 30 AS group_id, s.key + 1 AS n, json_array_length(f.steps) AS c, s.value & 1073741823 AS upto,
    CASE s.key WHEN 0 THEN 0 ELSE f.steps ->> (s.key - 1) & 1073741823 END AS before
    FROM (SELECT f.deal_id AS deal_id, k.value AS kind, iif(k.value = 2, f.registered_day, f.closed_day) AS day, k.value = 3 AND f.is_won AS is_won, f.currency AS currency,
        iif(k.value = 2, 0, f.is_won * f.amount_minor) AS amount, iif(k.value = 2, f.registered_steps, f.closed_steps) AS steps
      FROM deal_fact f CROSS JOIN json_each('[2,3]') k WHERE k.value = 2 OR f.closed_day IS NOT NULL) f
    CROSS JOIN json_each(f.steps) s));

-- The shares by month, day, year and over all time, in the columns of credit_total.
CREATE VIEW lead_credit AS
SELECT s.person_id AS person_id, s.kind + 100 * l.value AS kind, CASE l.value WHEN 0 THEN s.day / 100 WHEN 1 THEN s.day WHEN 2 THEN s.day / 10000 * 100 + 1 ELSE 0 END AS month, s.key AS key, s.last_touch AS last_touch, s.last_touch_m AS last_touch_m, s.last_touch_won AS last_touch_won, s.linear AS linear, s.linear_m AS linear_m, s.linear_won AS linear_won, s.position_based AS position_based, s.position_based_m AS position_based_m, s.position_based_won AS position_based_won, s.time_decay AS time_decay, s.time_decay_m AS time_decay_m, s.time_decay_won AS time_decay_won
FROM lead_share s CROSS JOIN json_each('[0,1,2,3]') l;

-- The shares by month, day, year and over all time, in the columns of credit_total.
CREATE VIEW deal_credit AS
SELECT s.deal_id AS deal_id, s.kind + 100 * l.value AS kind, CASE l.value WHEN 0 THEN s.day / 100 WHEN 1 THEN s.day WHEN 2 THEN s.day / 10000 * 100 + 1 ELSE 0 END AS month, s.key AS key, s.last_touch AS last_touch, s.last_touch_m AS last_touch_m, s.last_touch_won AS last_touch_won, s.linear AS linear, s.linear_m AS linear_m, s.linear_won AS linear_won, s.position_based AS position_based, s.position_based_m AS position_based_m, s.position_based_won AS position_based_won, s.time_decay AS time_decay, s.time_decay_m AS time_decay_m, s.time_decay_won AS time_decay_won
FROM deal_share s CROSS JOIN json_each('[0,1,2,3]') l;

-- What a rolled-up lead adds to each stored total, in the columns of settled_total.
CREATE VIEW lead_part AS
SELECT f.person_id AS person_id, k.value AS kind, CASE k.value / 100 WHEN 0 THEN f.day / 100 WHEN 1 THEN f.day WHEN 2 THEN f.day / 10000 * 100 + 1 ELSE 0 END AS month, CASE k.value % 100 WHEN 1 THEN f.first_origin_id * 16 + f.via WHEN 2 THEN f.lead_origin_id * 16 + f.via WHEN 3 THEN f.status_id WHEN 4 THEN f.form_id * 16777216 + f.lead_channel_id WHEN 6 THEN (f.form_id * 16 + f.via) * 16777216 + f.lead_source_id WHEN 7 THEN f.saying_id * 16777216 + f.first_channel_id WHEN 8 THEN f.path_id WHEN 9 THEN f.first_channel_id * 8192 + f.bin + 4096 WHEN 11 THEN f.first_group_id * 16 + f.via ELSE f.lead_group_id * 16 + f.via END AS key, 1 AS n, (f.deal_state > 0) AS m, (f.deal_state = 2) AS won
FROM lead_settled f CROSS JOIN json_each('[1,2,3,4,6,7,8,9,11,12,103,104,106,107,108,109,111,112,201,202,203,204,206,207,208,209,211,212,303,304,306,307,308,309,311,312]') k;

-- What a rolled-up deal adds to each stored total: by its registration, its close, or when it was no longer open.
CREATE VIEW deal_part AS
SELECT deal_id, kind, CASE kind / 100 WHEN 0 THEN day / 100 WHEN 1 THEN day WHEN 2 THEN day / 10000 * 100 + 1 ELSE 0 END AS month, key, 1 AS n, m, won
FROM (SELECT f.deal_id AS deal_id, k.value AS kind,
    CASE WHEN k.value % 100 IN (20, 21, 22, 23, 30, 31) THEN f.registered_day WHEN k.value % 100 IN (24, 25, 26, 27, 34, 35) THEN f.closed_day ELSE f.gone_day END AS day,
    CASE k.value % 100 WHEN 20 THEN f.lead_origin_id * 32768 + f.currency WHEN 21 THEN f.first_origin_id * 32768 + f.currency WHEN 24 THEN f.lead_origin_id * 32768 + f.currency WHEN 25 THEN f.first_origin_id * 32768 + f.currency WHEN 28 THEN f.lead_origin_id * 32768 + f.currency WHEN 29 THEN f.first_origin_id * 32768 + f.currency WHEN 22 THEN f.registered_path_id WHEN 23 THEN f.first_channel_id * 8192 + f.deal_bin + 4096 WHEN 26 THEN f.closed_path_id * 32768 + f.currency WHEN 27 THEN f.first_channel_id * 8192 + f.win_bin + 4096 WHEN 30 THEN f.lead_group_id * 32768 + f.currency WHEN 31 THEN f.first_group_id * 32768 + f.currency WHEN 34 THEN f.lead_group_id * 32768 + f.currency WHEN 35 THEN f.first_group_id * 32768 + f.currency WHEN 38 THEN f.lead_group_id * 32768 + f.currency WHEN 39 THEN f.first_group_id * 32768 + f.currency END AS key,
    CASE WHEN k.value % 100 IN (20, 21, 28, 29, 30, 31, 38, 39) THEN f.amount_minor WHEN k.value % 100 IN (24, 25, 26, 34, 35) THEN f.is_won * f.amount_minor ELSE 0 END AS m,
    CASE WHEN k.value % 100 IN (24, 25, 26, 34, 35) THEN f.is_won ELSE 0 END AS won
  FROM deal_settled f CROSS JOIN json_each('[20,21,24,25,28,29,22,23,26,27,30,31,34,35,38,39,122,123,126,127,130,131,134,135,138,139,220,221,224,225,228,229,222,223,226,227,230,231,234,235,238,239,322,323,326,327,330,331,334,335,338,339]') k)
WHERE day IS NOT NULL AND key IS NOT NULL;

-- A lead is dirty: what it added is taken out of the totals.
CREATE TRIGGER unsettle_lead_one INSTEAD OF INSERT ON unsettle_lead BEGIN
  INSERT INTO settled_total (kind, month, key, n, m, won) SELECT kind, month, key, -n, -m, -won FROM lead_part WHERE person_id = NEW.person_id
  ON CONFLICT DO UPDATE SET n = n + excluded.n, m = m + excluded.m, won = won + excluded.won;
  INSERT INTO credit_total SELECT kind, month, key, -last_touch, -last_touch_m, -last_touch_won, -linear, -linear_m, -linear_won, -position_based, -position_based_m, -position_based_won, -time_decay, -time_decay_m, -time_decay_won FROM lead_credit WHERE person_id = NEW.person_id
  ON CONFLICT DO UPDATE SET last_touch = last_touch + excluded.last_touch, last_touch_m = last_touch_m + excluded.last_touch_m, last_touch_won = last_touch_won + excluded.last_touch_won, linear = linear + excluded.linear, linear_m = linear_m + excluded.linear_m, linear_won = linear_won + excluded.linear_won, position_based = position_based + excluded.position_based, position_based_m = position_based_m + excluded.position_based_m, position_based_won = position_based_won + excluded.position_based_won, time_decay = time_decay + excluded.time_decay, time_decay_m = time_decay_m + excluded.time_decay_m, time_decay_won = time_decay_won + excluded.time_decay_won;
  INSERT INTO unsettled_lead (person_id) SELECT person_id FROM lead_fact WHERE person_id = NEW.person_id ON CONFLICT DO NOTHING;
  DELETE FROM lead_fact WHERE person_id = NEW.person_id;
END;

-- A deal is dirty: what it added is taken out of the totals.
CREATE TRIGGER unsettle_deal_one INSTEAD OF INSERT ON unsettle_deal BEGIN
  INSERT INTO settled_total (kind, month, key, n, m, won) SELECT kind, month, key, -n, -m, -won FROM deal_part WHERE deal_id = NEW.deal_id
  ON CONFLICT DO UPDATE SET n = n + excluded.n, m = m + excluded.m, won = won + excluded.won;
  INSERT INTO credit_total SELECT kind, month, key, -last_touch, -last_touch_m, -last_touch_won, -linear, -linear_m, -linear_won, -position_based, -position_based_m, -position_based_won, -time_decay, -time_decay_m, -time_decay_won FROM deal_credit WHERE deal_id = NEW.deal_id
  ON CONFLICT DO UPDATE SET last_touch = last_touch + excluded.last_touch, last_touch_m = last_touch_m + excluded.last_touch_m, last_touch_won = last_touch_won + excluded.last_touch_won, linear = linear + excluded.linear, linear_m = linear_m + excluded.linear_m, linear_won = linear_won + excluded.linear_won, position_based = position_based + excluded.position_based, position_based_m = position_based_m + excluded.position_based_m, position_based_won = position_based_won + excluded.position_based_won, time_decay = time_decay + excluded.time_decay, time_decay_m = time_decay_m + excluded.time_decay_m, time_decay_won = time_decay_won + excluded.time_decay_won;
  INSERT INTO unsettled_deal (deal_id) SELECT deal_id FROM deal_fact WHERE deal_id = NEW.deal_id ON CONFLICT DO NOTHING;
  DELETE FROM deal_fact WHERE deal_id = NEW.deal_id;
END;

-- Everything is dirty: nothing is rolled up any more.
CREATE TRIGGER unsettle_all_at_once INSTEAD OF INSERT ON unsettle_all BEGIN
  DELETE FROM lead_fact;
  DELETE FROM deal_fact;
  DELETE FROM settled_total;
  DELETE FROM credit_total;
  DELETE FROM unsettled_lead;
  DELETE FROM unsettled_deal;
  UPDATE report_state SET leads_to = -9007199254740991, deals_to = -9007199254740991, look_back_days = NEW.look_back_days;
END;

-- What the next step rolls up: records that are dirty, and the next ones by id.
CREATE VIEW next_lead AS SELECT id FROM (SELECT person_id AS id FROM unsettled_lead ORDER BY person_id LIMIT 150)
UNION ALL SELECT id FROM (SELECT id FROM person WHERE id > (SELECT leads_to FROM report_state) ORDER BY id LIMIT 150);

-- What the next step rolls up: records that are dirty, and the next ones by id.
CREATE VIEW next_deal AS SELECT id FROM (SELECT deal_id AS id FROM unsettled_deal ORDER BY deal_id LIMIT 150)
UNION ALL SELECT id FROM (SELECT id FROM deal WHERE id > (SELECT deals_to FROM report_state) ORDER BY id LIMIT 150);

-- Records that are not rolled up: reports read them row by row.
CREATE VIEW pending_lead AS SELECT person_id AS id FROM unsettled_lead UNION SELECT id FROM person WHERE id > (SELECT leads_to FROM report_state);

-- Records that are not rolled up: reports read them row by row.
CREATE VIEW pending_deal AS SELECT deal_id AS id FROM unsettled_deal UNION SELECT id FROM deal WHERE id > (SELECT deals_to FROM report_state);

-- Whether anything is left to roll up. Inserting a row here rolls up the next step.
CREATE VIEW settling AS SELECT EXISTS (SELECT 1 FROM unsettled_lead) OR EXISTS (SELECT 1 FROM unsettled_deal) OR EXISTS (SELECT 1 FROM person WHERE id > (SELECT leads_to FROM report_state)) OR EXISTS (SELECT 1 FROM deal WHERE id > (SELECT deals_to FROM report_state)) AS is_left;

-- Rolls up the next leads, then the next deals.
CREATE TRIGGER settle_some INSTEAD OF INSERT ON settling BEGIN
  INSERT INTO saying (text) SELECT DISTINCT said FROM lead_now WHERE person_id IN (SELECT id FROM next_lead) AND said IS NOT NULL ON CONFLICT DO NOTHING;
  INSERT INTO lead_fact SELECT * FROM lead_made WHERE person_id IN (SELECT id FROM next_lead);
  INSERT INTO report_path (path) SELECT DISTINCT path FROM (SELECT (SELECT group_concat(coalesce(v.alias_of, v.id), ',' ORDER BY s.key) FROM json_each(steps) s CROSS JOIN origin_group g ON g.id = s.value >> 30 CROSS JOIN origin_value v ON v.id = g.channel_id) AS path FROM lead_fact WHERE person_id IN (SELECT id FROM next_lead)) WHERE path IS NOT NULL ON CONFLICT DO NOTHING;
  INSERT INTO settled_total SELECT kind, month, key, sum(n), sum(m), sum(won) FROM lead_part WHERE person_id IN (SELECT id FROM next_lead) GROUP BY 1, 2, 3
  ON CONFLICT DO UPDATE SET n = n + excluded.n, m = m + excluded.m, won = won + excluded.won;
  INSERT INTO credit_total SELECT kind, month, key, sum(last_touch), sum(last_touch_m), sum(last_touch_won), sum(linear), sum(linear_m), sum(linear_won), sum(position_based), sum(position_based_m), sum(position_based_won), sum(time_decay), sum(time_decay_m), sum(time_decay_won) FROM lead_credit WHERE person_id IN (SELECT id FROM next_lead) GROUP BY 1, 2, 3
  ON CONFLICT DO UPDATE SET last_touch = last_touch + excluded.last_touch, last_touch_m = last_touch_m + excluded.last_touch_m, last_touch_won = last_touch_won + excluded.last_touch_won, linear = linear + excluded.linear, linear_m = linear_m + excluded.linear_m, linear_won = linear_won + excluded.linear_won, position_based = position_based + excluded.position_based, position_based_m = position_based_m + excluded.position_based_m, position_based_won = position_based_won + excluded.position_based_won, time_decay = time_decay + excluded.time_decay, time_decay_m = time_decay_m + excluded.time_decay_m, time_decay_won = time_decay_won + excluded.time_decay_won;
  UPDATE report_state SET leads_to = max(leads_to, coalesce((SELECT max(id) FROM next_lead), leads_to));
  DELETE FROM unsettled_lead WHERE person_id IN (SELECT person_id FROM unsettled_lead ORDER BY person_id LIMIT 150);
  INSERT INTO deal_fact SELECT * FROM deal_made WHERE deal_id IN (SELECT id FROM next_deal);
  INSERT INTO report_path (path) SELECT DISTINCT path FROM (SELECT (SELECT group_concat(coalesce(v.alias_of, v.id), ',' ORDER BY s.key) FROM json_each(registered_steps) s CROSS JOIN origin_group g ON g.id = s.value >> 30 CROSS JOIN origin_value v ON v.id = g.channel_id) AS path FROM deal_fact WHERE deal_id IN (SELECT id FROM next_deal)) WHERE path IS NOT NULL ON CONFLICT DO NOTHING;
  INSERT INTO report_path (path) SELECT DISTINCT path FROM (SELECT (SELECT group_concat(coalesce(v.alias_of, v.id), ',' ORDER BY s.key) FROM json_each(closed_steps) s CROSS JOIN origin_group g ON g.id = s.value >> 30 CROSS JOIN origin_value v ON v.id = g.channel_id) AS path FROM deal_fact WHERE deal_id IN (SELECT id FROM next_deal)) WHERE path IS NOT NULL ON CONFLICT DO NOTHING;
  INSERT INTO settled_total SELECT kind, month, key, sum(n), sum(m), sum(won) FROM deal_part WHERE deal_id IN (SELECT id FROM next_deal) GROUP BY 1, 2, 3
  ON CONFLICT DO UPDATE SET n = n + excluded.n, m = m + excluded.m, won = won + excluded.won;
  INSERT INTO credit_total SELECT kind, month, key, sum(last_touch), sum(last_touch_m), sum(last_touch_won), sum(linear), sum(linear_m), sum(linear_won), sum(position_based), sum(position_based_m), sum(position_based_won), sum(time_decay), sum(time_decay_m), sum(time_decay_won) FROM deal_credit WHERE deal_id IN (SELECT id FROM next_deal) GROUP BY 1, 2, 3
  ON CONFLICT DO UPDATE SET last_touch = last_touch + excluded.last_touch, last_touch_m = last_touch_m + excluded.last_touch_m, last_touch_won = last_touch_won + excluded.last_touch_won, linear = linear + excluded.linear, linear_m = linear_m + excluded.linear_m, linear_won = linear_won + excluded.linear_won, position_based = position_based + excluded.position_based, position_based_m = position_based_m + excluded.position_based_m, position_based_won = position_based_won + excluded.position_based_won, time_decay = time_decay + excluded.time_decay, time_decay_m = time_decay_m + excluded.time_decay_m, time_decay_won = time_decay_won + excluded.time_decay_won;
  UPDATE report_state SET deals_to = max(deals_to, coalesce((SELECT max(id) FROM next_deal), deals_to));
  DELETE FROM unsettled_deal WHERE deal_id IN (SELECT deal_id FROM unsettled_deal ORDER BY deal_id LIMIT 150);
END;

-- A person below the ids that are rolled up: one who comes back when a merge is undone.
CREATE TRIGGER settled_person_added AFTER INSERT ON person
WHEN NEW.id <= (SELECT leads_to FROM report_state)
BEGIN
  INSERT INTO unsettled_lead (person_id) VALUES (NEW.id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER settled_person_changed AFTER UPDATE OF created_at, created_via, created_form_id, creation_id, lead_status_id, first_touch_origin_id, first_touch_at, lead_creation_origin_id, deal_state ON person
WHEN OLD.created_at IS NOT NEW.created_at OR OLD.created_via IS NOT NEW.created_via OR OLD.created_form_id IS NOT NEW.created_form_id OR OLD.creation_id IS NOT NEW.creation_id OR OLD.lead_status_id IS NOT NEW.lead_status_id OR OLD.first_touch_origin_id IS NOT NEW.first_touch_origin_id OR OLD.first_touch_at IS NOT NEW.first_touch_at OR OLD.lead_creation_origin_id IS NOT NEW.lead_creation_origin_id OR OLD.deal_state IS NOT NEW.deal_state
BEGIN
  INSERT INTO unsettle_lead (person_id) VALUES (NEW.id);
  INSERT INTO unsettle_deal SELECT id FROM deal WHERE person_id = NEW.id AND OLD.first_touch_at <> NEW.first_touch_at;
END;

CREATE TRIGGER settled_person_removed AFTER DELETE ON person BEGIN
  INSERT INTO unsettle_lead (person_id) VALUES (OLD.id);
END;

CREATE TRIGGER settled_saying_changed AFTER UPDATE OF self_reported ON submission
WHEN OLD.self_reported IS NOT NEW.self_reported
BEGIN
  INSERT INTO unsettle_lead SELECT id FROM person WHERE id = NEW.person_id AND creation_id = NEW.id;
END;

CREATE TRIGGER settled_deal_added AFTER INSERT ON deal
WHEN NEW.id <= (SELECT deals_to FROM report_state)
BEGIN
  INSERT INTO unsettled_deal (deal_id) VALUES (NEW.id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER settled_deal_changed AFTER UPDATE OF person_id, company_id, status, amount_minor, currency, registered_at, closed_at, first_touch_origin_id, lead_creation_origin_id ON deal
WHEN OLD.person_id IS NOT NEW.person_id OR OLD.company_id IS NOT NEW.company_id OR OLD.status IS NOT NEW.status OR OLD.amount_minor IS NOT NEW.amount_minor OR OLD.currency IS NOT NEW.currency OR OLD.registered_at IS NOT NEW.registered_at OR OLD.closed_at IS NOT NEW.closed_at OR OLD.first_touch_origin_id IS NOT NEW.first_touch_origin_id OR OLD.lead_creation_origin_id IS NOT NEW.lead_creation_origin_id
BEGIN
  INSERT INTO unsettle_deal (deal_id) VALUES (NEW.id);
END;

CREATE TRIGGER settled_deal_removed AFTER DELETE ON deal BEGIN
  INSERT INTO unsettle_deal (deal_id) VALUES (OLD.id);
END;

CREATE TRIGGER settled_company_changed AFTER UPDATE OF first_touch_origin_id, first_touch_at, lead_creation_origin_id, lead_creation_at ON company
WHEN OLD.first_touch_origin_id IS NOT NEW.first_touch_origin_id OR OLD.first_touch_at IS NOT NEW.first_touch_at OR OLD.lead_creation_origin_id IS NOT NEW.lead_creation_origin_id OR OLD.lead_creation_at IS NOT NEW.lead_creation_at
BEGIN
  INSERT INTO unsettle_deal SELECT id FROM deal WHERE company_id = NEW.id AND person_id IS NULL;
END;

-- A touch is part of the journeys of what came after it.
CREATE TRIGGER settled_touch_added AFTER INSERT ON touch BEGIN
  INSERT INTO unsettle_lead SELECT person_id FROM lead_fact WHERE person_id = NEW.person_id AND created_at >= NEW.at;
  INSERT INTO unsettle_deal SELECT id FROM deal WHERE person_id = NEW.person_id AND (registered_at >= NEW.at OR closed_at >= NEW.at);
END;

CREATE TRIGGER settled_touch_moved AFTER UPDATE OF person_id ON touch
WHEN OLD.person_id <> NEW.person_id
BEGIN
  INSERT INTO unsettle_lead SELECT person_id FROM lead_fact WHERE person_id = OLD.person_id AND created_at >= OLD.at;
  INSERT INTO unsettle_deal SELECT id FROM deal WHERE person_id = OLD.person_id AND (registered_at >= OLD.at OR closed_at >= OLD.at);
  INSERT INTO unsettle_lead SELECT person_id FROM lead_fact WHERE person_id = NEW.person_id AND created_at >= NEW.at;
  INSERT INTO unsettle_deal SELECT id FROM deal WHERE person_id = NEW.person_id AND (registered_at >= NEW.at OR closed_at >= NEW.at);
END;

CREATE TRIGGER settled_touch_removed AFTER DELETE ON touch BEGIN
  INSERT INTO unsettle_lead SELECT person_id FROM lead_fact WHERE person_id = OLD.person_id AND created_at >= OLD.at;
  INSERT INTO unsettle_deal SELECT id FROM deal WHERE person_id = OLD.person_id AND (registered_at >= OLD.at OR closed_at >= OLD.at);
END;

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

-- If it has many touches, everything is rolled up again.
CREATE TRIGGER settled_origin_of_many_changed BEFORE UPDATE OF channel_id, source_id, medium_id, campaign_id, referrer_domain_id ON origin
WHEN (OLD.channel_id <> NEW.channel_id OR OLD.source_id <> NEW.source_id OR OLD.medium_id <> NEW.medium_id OR OLD.campaign_id <> NEW.campaign_id OR OLD.referrer_domain_id <> NEW.referrer_domain_id) AND (SELECT count(*) FROM (SELECT 1 FROM touch WHERE origin_id = NEW.id LIMIT 201)) > 200 AND (EXISTS (SELECT 1 FROM lead_fact) OR EXISTS (SELECT 1 FROM deal_fact))
BEGIN
  INSERT INTO unsettle_all SELECT look_back_days FROM report_state;
END;

CREATE TRIGGER settled_channel_corrected AFTER UPDATE OF alias_of ON origin_value
WHEN NEW.field = 'channel' AND OLD.alias_of IS NOT NEW.alias_of
BEGIN
  INSERT INTO unsettle_all SELECT look_back_days FROM report_state;
END;

CREATE TRIGGER settled_look_back_changed AFTER UPDATE OF look_back_days, is_default ON site
WHEN NEW.is_default AND NEW.look_back_days <> (SELECT look_back_days FROM report_state)
BEGIN
  INSERT INTO unsettle_all (look_back_days) VALUES (NEW.look_back_days);
END;

-- The currencies of deals, each found by one step in the index.
CREATE VIEW deal_currencies AS WITH RECURSIVE used(code) AS (SELECT min(currency) FROM deal
  UNION ALL SELECT (SELECT min(currency) FROM deal WHERE currency > code) FROM used WHERE code IS NOT NULL)
SELECT code FROM used WHERE code IS NOT NULL;
