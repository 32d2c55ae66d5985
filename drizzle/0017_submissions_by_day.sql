-- Submissions are counted by day too, so that a period need not begin with a month.
INSERT INTO report_total (kind, month, key, n, m, won)
SELECT 105, CAST(strftime('%Y%m%d', (s.at + 62135596800000) / 1000 - 62135596800, 'unixepoch') AS integer), s.form_id * 16777216 + coalesce(o.channel_id, 0), count(*), sum(s.created_person = 0), 0
FROM submission s LEFT JOIN origin o ON o.id = s.origin_id WHERE s.person_id IS NOT NULL GROUP BY 2, 3;
--> statement-breakpoint
DROP TRIGGER total_submission_added;
--> statement-breakpoint
DROP TRIGGER total_submission_removed;
--> statement-breakpoint
DROP TRIGGER total_submission_changed;
--> statement-breakpoint
DROP TRIGGER total_channel_changed;
--> statement-breakpoint
CREATE TRIGGER total_submission_added AFTER INSERT ON submission WHEN NEW.person_id IS NOT NULL BEGIN
  INSERT INTO report_total (kind, month, key, n, m, won)
  SELECT l.kind, l.month, NEW.form_id * 16777216 + coalesce((SELECT channel_id FROM origin WHERE id = NEW.origin_id), 0), 1, (NEW.created_person = 0), 0
  FROM (SELECT 5 AS kind, CAST(strftime('%Y%m', (NEW.at + 62135596800000) / 1000 - 62135596800, 'unixepoch') AS integer) AS month UNION ALL SELECT 105, CAST(strftime('%Y%m%d', (NEW.at + 62135596800000) / 1000 - 62135596800, 'unixepoch') AS integer)) l WHERE NEW.person_id IS NOT NULL
  ON CONFLICT DO UPDATE SET n = n + excluded.n, m = m + excluded.m;
END;
--> statement-breakpoint
CREATE TRIGGER total_submission_removed AFTER DELETE ON submission WHEN OLD.person_id IS NOT NULL BEGIN
  INSERT INTO report_total (kind, month, key, n, m, won)
  SELECT l.kind, l.month, OLD.form_id * 16777216 + coalesce((SELECT channel_id FROM origin WHERE id = OLD.origin_id), 0), -1, -(OLD.created_person = 0), 0
  FROM (SELECT 5 AS kind, CAST(strftime('%Y%m', (OLD.at + 62135596800000) / 1000 - 62135596800, 'unixepoch') AS integer) AS month UNION ALL SELECT 105, CAST(strftime('%Y%m%d', (OLD.at + 62135596800000) / 1000 - 62135596800, 'unixepoch') AS integer)) l WHERE OLD.person_id IS NOT NULL
  ON CONFLICT DO UPDATE SET n = n + excluded.n, m = m + excluded.m;
  INSERT INTO unsettle_lead SELECT id FROM person WHERE id = OLD.person_id AND creation_id = OLD.id;
END;
--> statement-breakpoint
CREATE TRIGGER total_submission_changed AFTER UPDATE OF person_id, created_person, at, form_id, origin_id ON submission
WHEN (OLD.person_id IS NULL) <> (NEW.person_id IS NULL) OR (NEW.person_id IS NOT NULL
  AND (OLD.created_person <> NEW.created_person OR OLD.at <> NEW.at OR OLD.form_id <> NEW.form_id OR OLD.origin_id IS NOT NEW.origin_id))
BEGIN
  INSERT INTO report_total (kind, month, key, n, m, won)
  SELECT l.kind, l.month, OLD.form_id * 16777216 + coalesce((SELECT channel_id FROM origin WHERE id = OLD.origin_id), 0), -1, -(OLD.created_person = 0), 0
  FROM (SELECT 5 AS kind, CAST(strftime('%Y%m', (OLD.at + 62135596800000) / 1000 - 62135596800, 'unixepoch') AS integer) AS month UNION ALL SELECT 105, CAST(strftime('%Y%m%d', (OLD.at + 62135596800000) / 1000 - 62135596800, 'unixepoch') AS integer)) l WHERE OLD.person_id IS NOT NULL
  ON CONFLICT DO UPDATE SET n = n + excluded.n, m = m + excluded.m;
  INSERT INTO report_total (kind, month, key, n, m, won)
  SELECT l.kind, l.month, NEW.form_id * 16777216 + coalesce((SELECT channel_id FROM origin WHERE id = NEW.origin_id), 0), 1, (NEW.created_person = 0), 0
  FROM (SELECT 5 AS kind, CAST(strftime('%Y%m', (NEW.at + 62135596800000) / 1000 - 62135596800, 'unixepoch') AS integer) AS month UNION ALL SELECT 105, CAST(strftime('%Y%m%d', (NEW.at + 62135596800000) / 1000 - 62135596800, 'unixepoch') AS integer)) l WHERE NEW.person_id IS NOT NULL
  ON CONFLICT DO UPDATE SET n = n + excluded.n, m = m + excluded.m;
END;
--> statement-breakpoint
CREATE TRIGGER total_channel_changed AFTER UPDATE OF channel_id ON origin WHEN OLD.channel_id <> NEW.channel_id BEGIN
  INSERT INTO report_total (kind, month, key, n, m, won)
  SELECT l.value, iif(l.value = 5, CAST(strftime('%Y%m', (s.at + 62135596800000) / 1000 - 62135596800, 'unixepoch') AS integer), CAST(strftime('%Y%m%d', (s.at + 62135596800000) / 1000 - 62135596800, 'unixepoch') AS integer)),
    s.form_id * 16777216 + c.value, sum(iif(c.key = 0, -1, 1)), sum(iif(c.key = 0, -1, 1) * (s.created_person = 0)), 0
  FROM submission s CROSS JOIN json_each(json_array(OLD.channel_id, NEW.channel_id)) c CROSS JOIN json_each('[5,105]') l
  WHERE s.origin_id = NEW.id AND s.person_id IS NOT NULL GROUP BY 1, 2, 3
  ON CONFLICT DO UPDATE SET n = n + excluded.n, m = m + excluded.m;
END;
