CREATE TABLE `report_total` (
	`kind` integer NOT NULL,
	`month` integer NOT NULL,
	`key` integer NOT NULL,
	`n` integer NOT NULL,
	`m` integer NOT NULL,
	`won` integer NOT NULL,
	PRIMARY KEY(`kind`, `month`, `key`)
) WITHOUT ROWID;
--> statement-breakpoint
ALTER TABLE `person` ADD `deal_state` integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
-- What reports add up, kept in the transaction of every change. Months are UTC's; the shift keeps times before 1970 whole.
UPDATE person SET deal_state = coalesce((SELECT max(1 + (d.status = 'won')) FROM deal d WHERE d.person_id = person.id), 0) WHERE id IN (SELECT person_id FROM deal WHERE person_id IS NOT NULL);
--> statement-breakpoint
INSERT INTO report_total (kind, month, key, n, m, won)
SELECT k.value, CAST(strftime('%Y%m', (p.created_at + 62135596800000) / 1000 - 62135596800, 'unixepoch') AS integer), CASE k.value WHEN 1 THEN p.first_touch_origin_id * 16 + (CASE p.created_via WHEN 'form' THEN 0 WHEN 'api' THEN 1 WHEN 'import' THEN 2 WHEN 'chat' THEN 3 WHEN 'phone' THEN 4 WHEN 'event' THEN 5 WHEN 'manual' THEN 6 ELSE 7 END) WHEN 2 THEN p.lead_creation_origin_id * 16 + (CASE p.created_via WHEN 'form' THEN 0 WHEN 'api' THEN 1 WHEN 'import' THEN 2 WHEN 'chat' THEN 3 WHEN 'phone' THEN 4 WHEN 'event' THEN 5 WHEN 'manual' THEN 6 ELSE 7 END)
    WHEN 3 THEN coalesce(p.lead_status_id, 0) ELSE coalesce(p.created_form_id, 0) END, count(*), sum(p.deal_state > 0), sum(p.deal_state = 2)
FROM person p, json_each('[1,2,3,4]') k GROUP BY 1, 2, 3;
--> statement-breakpoint
INSERT INTO report_total (kind, month, key, n, m, won)
SELECT 5, CAST(strftime('%Y%m', (s.at + 62135596800000) / 1000 - 62135596800, 'unixepoch') AS integer), s.form_id, count(*), sum(s.created_person = 0), 0 FROM submission s WHERE s.person_id IS NOT NULL GROUP BY 2, 3;
--> statement-breakpoint
CREATE TRIGGER total_person_added AFTER INSERT ON person BEGIN
  INSERT INTO report_total (kind, month, key, n, m, won)
  SELECT k.kind, CAST(strftime('%Y%m', (NEW.created_at + 62135596800000) / 1000 - 62135596800, 'unixepoch') AS integer), k.key, 1, (NEW.deal_state > 0), (NEW.deal_state = 2)
  FROM (SELECT 1 AS kind, NEW.first_touch_origin_id * 16 + (CASE NEW.created_via WHEN 'form' THEN 0 WHEN 'api' THEN 1 WHEN 'import' THEN 2 WHEN 'chat' THEN 3 WHEN 'phone' THEN 4 WHEN 'event' THEN 5 WHEN 'manual' THEN 6 ELSE 7 END) AS key
    UNION ALL SELECT 2, NEW.lead_creation_origin_id * 16 + (CASE NEW.created_via WHEN 'form' THEN 0 WHEN 'api' THEN 1 WHEN 'import' THEN 2 WHEN 'chat' THEN 3 WHEN 'phone' THEN 4 WHEN 'event' THEN 5 WHEN 'manual' THEN 6 ELSE 7 END)
    UNION ALL SELECT 3, coalesce(NEW.lead_status_id, 0) UNION ALL SELECT 4, coalesce(NEW.created_form_id, 0)) k WHERE true
  ON CONFLICT DO UPDATE SET n = n + excluded.n, m = m + excluded.m, won = won + excluded.won;
END;
--> statement-breakpoint
CREATE TRIGGER total_person_removed AFTER DELETE ON person BEGIN
  INSERT INTO report_total (kind, month, key, n, m, won)
  SELECT k.kind, CAST(strftime('%Y%m', (OLD.created_at + 62135596800000) / 1000 - 62135596800, 'unixepoch') AS integer), k.key, -1, -(OLD.deal_state > 0), -(OLD.deal_state = 2)
  FROM (SELECT 1 AS kind, OLD.first_touch_origin_id * 16 + (CASE OLD.created_via WHEN 'form' THEN 0 WHEN 'api' THEN 1 WHEN 'import' THEN 2 WHEN 'chat' THEN 3 WHEN 'phone' THEN 4 WHEN 'event' THEN 5 WHEN 'manual' THEN 6 ELSE 7 END) AS key
    UNION ALL SELECT 2, OLD.lead_creation_origin_id * 16 + (CASE OLD.created_via WHEN 'form' THEN 0 WHEN 'api' THEN 1 WHEN 'import' THEN 2 WHEN 'chat' THEN 3 WHEN 'phone' THEN 4 WHEN 'event' THEN 5 WHEN 'manual' THEN 6 ELSE 7 END)
    UNION ALL SELECT 3, coalesce(OLD.lead_status_id, 0) UNION ALL SELECT 4, coalesce(OLD.created_form_id, 0)) k WHERE true
  ON CONFLICT DO UPDATE SET n = n + excluded.n, m = m + excluded.m, won = won + excluded.won;
END;
--> statement-breakpoint
CREATE TRIGGER total_person_changed AFTER UPDATE OF created_at, created_via, first_touch_origin_id, lead_creation_origin_id, lead_status_id, created_form_id, deal_state ON person
WHEN OLD.created_at IS NOT NEW.created_at OR OLD.created_via IS NOT NEW.created_via OR OLD.first_touch_origin_id IS NOT NEW.first_touch_origin_id OR OLD.lead_creation_origin_id IS NOT NEW.lead_creation_origin_id OR OLD.lead_status_id IS NOT NEW.lead_status_id OR OLD.created_form_id IS NOT NEW.created_form_id OR OLD.deal_state IS NOT NEW.deal_state
BEGIN
  INSERT INTO report_total (kind, month, key, n, m, won)
  SELECT k.kind, CAST(strftime('%Y%m', (OLD.created_at + 62135596800000) / 1000 - 62135596800, 'unixepoch') AS integer), k.key, -1, -(OLD.deal_state > 0), -(OLD.deal_state = 2)
  FROM (SELECT 1 AS kind, OLD.first_touch_origin_id * 16 + (CASE OLD.created_via WHEN 'form' THEN 0 WHEN 'api' THEN 1 WHEN 'import' THEN 2 WHEN 'chat' THEN 3 WHEN 'phone' THEN 4 WHEN 'event' THEN 5 WHEN 'manual' THEN 6 ELSE 7 END) AS key
    UNION ALL SELECT 2, OLD.lead_creation_origin_id * 16 + (CASE OLD.created_via WHEN 'form' THEN 0 WHEN 'api' THEN 1 WHEN 'import' THEN 2 WHEN 'chat' THEN 3 WHEN 'phone' THEN 4 WHEN 'event' THEN 5 WHEN 'manual' THEN 6 ELSE 7 END)
    UNION ALL SELECT 3, coalesce(OLD.lead_status_id, 0) UNION ALL SELECT 4, coalesce(OLD.created_form_id, 0)) k WHERE true
  ON CONFLICT DO UPDATE SET n = n + excluded.n, m = m + excluded.m, won = won + excluded.won;
  INSERT INTO report_total (kind, month, key, n, m, won)
  SELECT k.kind, CAST(strftime('%Y%m', (NEW.created_at + 62135596800000) / 1000 - 62135596800, 'unixepoch') AS integer), k.key, 1, (NEW.deal_state > 0), (NEW.deal_state = 2)
  FROM (SELECT 1 AS kind, NEW.first_touch_origin_id * 16 + (CASE NEW.created_via WHEN 'form' THEN 0 WHEN 'api' THEN 1 WHEN 'import' THEN 2 WHEN 'chat' THEN 3 WHEN 'phone' THEN 4 WHEN 'event' THEN 5 WHEN 'manual' THEN 6 ELSE 7 END) AS key
    UNION ALL SELECT 2, NEW.lead_creation_origin_id * 16 + (CASE NEW.created_via WHEN 'form' THEN 0 WHEN 'api' THEN 1 WHEN 'import' THEN 2 WHEN 'chat' THEN 3 WHEN 'phone' THEN 4 WHEN 'event' THEN 5 WHEN 'manual' THEN 6 ELSE 7 END)
    UNION ALL SELECT 3, coalesce(NEW.lead_status_id, 0) UNION ALL SELECT 4, coalesce(NEW.created_form_id, 0)) k WHERE true
  ON CONFLICT DO UPDATE SET n = n + excluded.n, m = m + excluded.m, won = won + excluded.won;
END;
--> statement-breakpoint
CREATE TRIGGER total_submission_added AFTER INSERT ON submission WHEN NEW.person_id IS NOT NULL BEGIN
  INSERT INTO report_total (kind, month, key, n, m, won)
  SELECT 5, CAST(strftime('%Y%m', (NEW.at + 62135596800000) / 1000 - 62135596800, 'unixepoch') AS integer), NEW.form_id, 1, (NEW.created_person = 0), 0 WHERE NEW.person_id IS NOT NULL
  ON CONFLICT DO UPDATE SET n = n + excluded.n, m = m + excluded.m;
END;
--> statement-breakpoint
CREATE TRIGGER total_submission_removed AFTER DELETE ON submission WHEN OLD.person_id IS NOT NULL BEGIN
  INSERT INTO report_total (kind, month, key, n, m, won)
  SELECT 5, CAST(strftime('%Y%m', (OLD.at + 62135596800000) / 1000 - 62135596800, 'unixepoch') AS integer), OLD.form_id, -1, -(OLD.created_person = 0), 0 WHERE OLD.person_id IS NOT NULL
  ON CONFLICT DO UPDATE SET n = n + excluded.n, m = m + excluded.m;
END;
--> statement-breakpoint
CREATE TRIGGER total_submission_changed AFTER UPDATE OF person_id, created_person, at, form_id ON submission
WHEN (OLD.person_id IS NULL) <> (NEW.person_id IS NULL) OR (NEW.person_id IS NOT NULL AND (OLD.created_person <> NEW.created_person OR OLD.at <> NEW.at OR OLD.form_id <> NEW.form_id))
BEGIN
  INSERT INTO report_total (kind, month, key, n, m, won)
  SELECT 5, CAST(strftime('%Y%m', (OLD.at + 62135596800000) / 1000 - 62135596800, 'unixepoch') AS integer), OLD.form_id, -1, -(OLD.created_person = 0), 0 WHERE OLD.person_id IS NOT NULL
  ON CONFLICT DO UPDATE SET n = n + excluded.n, m = m + excluded.m;
  INSERT INTO report_total (kind, month, key, n, m, won)
  SELECT 5, CAST(strftime('%Y%m', (NEW.at + 62135596800000) / 1000 - 62135596800, 'unixepoch') AS integer), NEW.form_id, 1, (NEW.created_person = 0), 0 WHERE NEW.person_id IS NOT NULL
  ON CONFLICT DO UPDATE SET n = n + excluded.n, m = m + excluded.m;
END;
--> statement-breakpoint
CREATE TRIGGER total_deal_added AFTER INSERT ON deal WHEN NEW.person_id IS NOT NULL BEGIN
  UPDATE person SET deal_state = 1 + (NEW.status = 'won') WHERE id = NEW.person_id AND deal_state < 1 + (NEW.status = 'won');
END;
--> statement-breakpoint
CREATE TRIGGER total_deal_removed AFTER DELETE ON deal WHEN OLD.person_id IS NOT NULL BEGIN
  UPDATE person SET deal_state = coalesce((SELECT max(1 + (d.status = 'won')) FROM deal d WHERE d.person_id = person.id), 0) WHERE id = OLD.person_id;
END;
--> statement-breakpoint
CREATE TRIGGER total_deal_changed AFTER UPDATE OF person_id, status ON deal
WHEN OLD.person_id IS NOT NEW.person_id OR (OLD.status = 'won') <> (NEW.status = 'won')
BEGIN
  UPDATE person SET deal_state = coalesce((SELECT max(1 + (d.status = 'won')) FROM deal d WHERE d.person_id = person.id), 0) WHERE id IN (OLD.person_id, NEW.person_id);
END;
