-- The outbox: an event is written in the transaction in which it happens, where a webhook wants its kind.
CREATE TRIGGER event_fan_out AFTER INSERT ON event BEGIN
  INSERT INTO event_delivery (webhook_id, event_id, person_id, next_at)
  SELECT w.id, NEW.id, NEW.person_id, 0 FROM webhook w
  WHERE w.enabled = 1 AND EXISTS (SELECT 1 FROM json_each(w.events) e WHERE e.value = NEW.type);
END;
--> statement-breakpoint
CREATE TRIGGER event_person_created AFTER INSERT ON person
WHEN EXISTS (SELECT 1 FROM webhook w, json_each(w.events) e WHERE w.enabled = 1 AND e.value = 'person.created')
  AND NOT EXISTS (SELECT 1 FROM person_merge m WHERE m.removed_person_id = NEW.id)
BEGIN
  INSERT INTO event (type, person_id, subject_id, at) VALUES ('person.created', NEW.id, NEW.id, NEW.created_at);
END;
--> statement-breakpoint
CREATE TRIGGER event_person_status AFTER UPDATE OF lead_status_id ON person
WHEN OLD.lead_status_id IS NOT NEW.lead_status_id
  AND EXISTS (SELECT 1 FROM webhook w, json_each(w.events) e WHERE w.enabled = 1 AND e.value = 'person.statusChanged')
BEGIN
  INSERT INTO event (type, person_id, subject_id, at) VALUES ('person.statusChanged', NEW.id, NEW.id, NEW.updated_at);
END;
--> statement-breakpoint
CREATE TRIGGER event_company_created AFTER INSERT ON company
WHEN EXISTS (SELECT 1 FROM webhook w, json_each(w.events) e WHERE w.enabled = 1 AND e.value = 'company.created')
BEGIN
  INSERT INTO event (type, person_id, subject_id, at) VALUES ('company.created', NULL, NEW.id, NEW.created_at);
END;
--> statement-breakpoint
CREATE TRIGGER event_submission_received AFTER UPDATE OF person_id ON submission
WHEN OLD.person_id IS NULL AND NEW.person_id IS NOT NULL
  AND EXISTS (SELECT 1 FROM webhook w, json_each(w.events) e WHERE w.enabled = 1 AND e.value = 'submission.received')
BEGIN
  INSERT INTO event (type, person_id, subject_id, at) VALUES ('submission.received', NEW.person_id, NEW.id, NEW.at);
END;
--> statement-breakpoint
-- Both in one trigger, so that they come in this order.
CREATE TRIGGER event_deal_registered AFTER INSERT ON deal BEGIN
  INSERT INTO event (type, person_id, subject_id, at)
  SELECT 'deal.registered', NEW.person_id, NEW.id, NEW.registered_at WHERE EXISTS (SELECT 1 FROM webhook w, json_each(w.events) e WHERE w.enabled = 1 AND e.value = 'deal.registered');
  INSERT INTO event (type, person_id, subject_id, at)
  SELECT 'deal.' || NEW.status, NEW.person_id, NEW.id, NEW.closed_at
  WHERE NEW.status <> 'open' AND EXISTS (SELECT 1 FROM webhook w, json_each(w.events) e WHERE w.enabled = 1 AND e.value = 'deal.' || NEW.status);
END;
--> statement-breakpoint
CREATE TRIGGER event_deal_changed AFTER UPDATE OF status ON deal
WHEN OLD.status <> NEW.status
  AND EXISTS (SELECT 1 FROM webhook w, json_each(w.events) e WHERE w.enabled = 1 AND e.value = iif(NEW.status = 'open', 'deal.reopened', 'deal.' || NEW.status))
BEGIN
  INSERT INTO event (type, person_id, subject_id, at) VALUES (iif(NEW.status = 'open', 'deal.reopened', 'deal.' || NEW.status), NEW.person_id, NEW.id, coalesce(NEW.closed_at, NEW.updated_at));
END;
--> statement-breakpoint
-- A form's notification is due once its submission has a person.
CREATE TRIGGER delivery_notification AFTER UPDATE OF person_id ON submission
WHEN OLD.person_id IS NULL AND NEW.person_id IS NOT NULL
  AND (SELECT notify <> '[]' FROM form WHERE id = NEW.form_id)
BEGIN
  INSERT INTO delivery (submission_id, target, next_at)
  SELECT NEW.id, json_object('kind', 'email', 'to', json(notify)), 0 FROM form WHERE id = NEW.form_id;
END;
