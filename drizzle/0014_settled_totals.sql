CREATE TABLE `deal_fact` (
	`deal_id` integer PRIMARY KEY NOT NULL,
	`registered_at` integer NOT NULL,
	`registered_month` integer NOT NULL,
	`closed_at` integer,
	`closed_month` integer,
	`gone_month` integer,
	`is_won` integer NOT NULL,
	`first_origin_id` integer NOT NULL,
	`lead_origin_id` integer NOT NULL,
	`first_channel_id` integer NOT NULL,
	`currency` integer NOT NULL,
	`amount_minor` integer NOT NULL,
	`registered_path_id` integer NOT NULL,
	`closed_path_id` integer,
	`to_deal` integer,
	`deal_bin` integer,
	`to_win` integer,
	`win_bin` integer
);
--> statement-breakpoint
CREATE INDEX `deal_fact_deal_bin` ON `deal_fact` (`deal_bin`,`first_channel_id`,`registered_at`,`to_deal`);--> statement-breakpoint
CREATE INDEX `deal_fact_win_bin` ON `deal_fact` (`win_bin`,`first_channel_id`,`closed_at`,`to_win`) WHERE win_bin IS NOT NULL;--> statement-breakpoint
CREATE TABLE `lead_fact` (
	`person_id` integer PRIMARY KEY NOT NULL,
	`created_at` integer NOT NULL,
	`month` integer NOT NULL,
	`first_origin_id` integer NOT NULL,
	`lead_origin_id` integer NOT NULL,
	`first_channel_id` integer NOT NULL,
	`lead_channel_id` integer NOT NULL,
	`lead_source_id` integer NOT NULL,
	`via` integer NOT NULL,
	`form_id` integer NOT NULL,
	`status_id` integer NOT NULL,
	`deal_state` integer NOT NULL,
	`saying_id` integer NOT NULL,
	`path_id` integer NOT NULL,
	`to_lead` integer NOT NULL,
	`bin` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `lead_fact_bin` ON `lead_fact` (`bin`,`first_channel_id`,`created_at`,`to_lead`);--> statement-breakpoint
CREATE TABLE `report_path` (
	`id` integer PRIMARY KEY NOT NULL,
	`path` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `report_path_path_unique` ON `report_path` (`path`);--> statement-breakpoint
CREATE TABLE `report_state` (
	`id` integer PRIMARY KEY NOT NULL,
	`leads_to` integer NOT NULL,
	`deals_to` integer NOT NULL,
	`look_back_days` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `saying` (
	`id` integer PRIMARY KEY NOT NULL,
	`text` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `saying_text_unique` ON `saying` (`text`);--> statement-breakpoint
CREATE TABLE `settled_total` (
	`kind` integer NOT NULL,
	`month` integer NOT NULL,
	`key` integer NOT NULL,
	`n` integer NOT NULL,
	`m` integer NOT NULL,
	`won` integer NOT NULL,
	PRIMARY KEY(`kind`, `month`, `key`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `unsettled_deal` (
	`deal_id` integer PRIMARY KEY NOT NULL
);
--> statement-breakpoint
CREATE TABLE `unsettled_lead` (
	`person_id` integer PRIMARY KEY NOT NULL
);
--> statement-breakpoint
CREATE INDEX `deal_currency` ON `deal` (`currency`,`closed_at`);
--> statement-breakpoint
-- Leads are settled from now on, not counted in the transaction that brings them.
DROP TRIGGER total_person_added;
--> statement-breakpoint
DROP TRIGGER total_person_removed;
--> statement-breakpoint
DROP TRIGGER total_person_changed;
--> statement-breakpoint
DROP TRIGGER total_submission_added;
--> statement-breakpoint
DROP TRIGGER total_submission_removed;
--> statement-breakpoint
DROP TRIGGER total_submission_changed;
--> statement-breakpoint
DELETE FROM report_total;
--> statement-breakpoint
INSERT INTO report_total (kind, month, key, n, m, won)
SELECT 5, CAST(strftime('%Y%m', (s.at + 62135596800000) / 1000 - 62135596800, 'unixepoch') AS integer), s.form_id * 16777216 + coalesce(o.channel_id, 0), count(*), sum(s.created_person = 0), 0
FROM submission s LEFT JOIN origin o ON o.id = s.origin_id WHERE s.person_id IS NOT NULL GROUP BY 2, 3;
--> statement-breakpoint
CREATE TRIGGER total_submission_added AFTER INSERT ON submission WHEN NEW.person_id IS NOT NULL BEGIN
  INSERT INTO report_total (kind, month, key, n, m, won)
  SELECT 5, CAST(strftime('%Y%m', (NEW.at + 62135596800000) / 1000 - 62135596800, 'unixepoch') AS integer), NEW.form_id * 16777216 + coalesce((SELECT channel_id FROM origin WHERE id = NEW.origin_id), 0), 1, (NEW.created_person = 0), 0 WHERE NEW.person_id IS NOT NULL
  ON CONFLICT DO UPDATE SET n = n + excluded.n, m = m + excluded.m;
END;
--> statement-breakpoint
CREATE TRIGGER total_submission_removed AFTER DELETE ON submission WHEN OLD.person_id IS NOT NULL BEGIN
  INSERT INTO report_total (kind, month, key, n, m, won)
  SELECT 5, CAST(strftime('%Y%m', (OLD.at + 62135596800000) / 1000 - 62135596800, 'unixepoch') AS integer), OLD.form_id * 16777216 + coalesce((SELECT channel_id FROM origin WHERE id = OLD.origin_id), 0), -1, -(OLD.created_person = 0), 0 WHERE OLD.person_id IS NOT NULL
  ON CONFLICT DO UPDATE SET n = n + excluded.n, m = m + excluded.m;
  INSERT INTO unsettle_lead SELECT id FROM person WHERE id = OLD.person_id AND creation_id = OLD.id;
END;
--> statement-breakpoint
CREATE TRIGGER total_submission_changed AFTER UPDATE OF person_id, created_person, at, form_id, origin_id ON submission
WHEN (OLD.person_id IS NULL) <> (NEW.person_id IS NULL) OR (NEW.person_id IS NOT NULL
  AND (OLD.created_person <> NEW.created_person OR OLD.at <> NEW.at OR OLD.form_id <> NEW.form_id OR OLD.origin_id IS NOT NEW.origin_id))
BEGIN
  INSERT INTO report_total (kind, month, key, n, m, won)
  SELECT 5, CAST(strftime('%Y%m', (OLD.at + 62135596800000) / 1000 - 62135596800, 'unixepoch') AS integer), OLD.form_id * 16777216 + coalesce((SELECT channel_id FROM origin WHERE id = OLD.origin_id), 0), -1, -(OLD.created_person = 0), 0 WHERE OLD.person_id IS NOT NULL
  ON CONFLICT DO UPDATE SET n = n + excluded.n, m = m + excluded.m;
  INSERT INTO report_total (kind, month, key, n, m, won)
  SELECT 5, CAST(strftime('%Y%m', (NEW.at + 62135596800000) / 1000 - 62135596800, 'unixepoch') AS integer), NEW.form_id * 16777216 + coalesce((SELECT channel_id FROM origin WHERE id = NEW.origin_id), 0), 1, (NEW.created_person = 0), 0 WHERE NEW.person_id IS NOT NULL
  ON CONFLICT DO UPDATE SET n = n + excluded.n, m = m + excluded.m;
END;
--> statement-breakpoint
INSERT INTO report_state (id, leads_to, deals_to, look_back_days)
VALUES (1, -9007199254740991, -9007199254740991, coalesce((SELECT look_back_days FROM site WHERE is_default), 90));
--> statement-breakpoint
-- What a settled lead adds to the totals, by month, quarter, year and over all time. The numbers of the kinds are those of db/reports/totals.ts.
CREATE VIEW lead_part AS
SELECT f.person_id AS person_id, k.value + l.value AS kind, CASE l.value WHEN 0 THEN f.month WHEN 100 THEN f.month - (f.month % 100 - 1) % 3 WHEN 200 THEN f.month / 100 * 100 + 1 ELSE 0 END AS month,
  CASE k.value WHEN 1 THEN f.first_origin_id * 16 + f.via WHEN 2 THEN f.lead_origin_id * 16 + f.via WHEN 3 THEN f.status_id
    WHEN 4 THEN f.form_id * 16777216 + f.lead_channel_id WHEN 6 THEN (f.form_id * 16 + f.via) * 16777216 + f.lead_source_id
    WHEN 7 THEN f.saying_id * 16777216 + f.first_channel_id WHEN 8 THEN f.path_id ELSE f.first_channel_id * 8192 + f.bin + 4096 END AS key,
  1 AS n, (f.deal_state > 0) AS m, (f.deal_state = 2) AS won
FROM lead_fact f CROSS JOIN json_each('[1,2,3,4,6,7,8,9]') k CROSS JOIN json_each('[0,100,200,300]') l;
--> statement-breakpoint
-- What a settled deal adds: 20 to 23 by registration, 24 to 27 by close, 28 and 29 by when it was no longer open.
CREATE VIEW deal_part AS
SELECT deal_id, kind, CASE l.value WHEN 0 THEN month WHEN 100 THEN month - (month % 100 - 1) % 3 WHEN 200 THEN month / 100 * 100 + 1 ELSE 0 END AS month, key, 1 AS n, m, won
FROM (SELECT f.deal_id AS deal_id, k.value + l.value AS kind, l.value AS value,
    CASE WHEN k.value < 24 THEN f.registered_month WHEN k.value < 28 THEN f.closed_month ELSE f.gone_month END AS month,
    CASE k.value WHEN 20 THEN f.lead_origin_id * 32768 + f.currency WHEN 21 THEN f.first_origin_id * 32768 + f.currency WHEN 22 THEN f.registered_path_id
      WHEN 23 THEN f.first_channel_id * 8192 + f.deal_bin + 4096 WHEN 24 THEN f.lead_origin_id * 32768 + f.currency
      WHEN 25 THEN f.first_origin_id * 32768 + f.currency WHEN 26 THEN f.closed_path_id * 32768 + f.currency
      WHEN 27 THEN f.first_channel_id * 8192 + f.win_bin + 4096 WHEN 28 THEN f.lead_origin_id * 32768 + f.currency
      ELSE f.first_origin_id * 32768 + f.currency END AS key,
    CASE WHEN k.value IN (20, 21, 28, 29) THEN f.amount_minor WHEN k.value IN (24, 25, 26) THEN f.is_won * f.amount_minor ELSE 0 END AS m,
    CASE WHEN k.value IN (24, 25, 26) THEN f.is_won ELSE 0 END AS won
  FROM deal_fact f CROSS JOIN json_each('[20,21,22,23,24,25,26,27,28,29]') k CROSS JOIN json_each('[0,100,200,300]') l) l
WHERE month IS NOT NULL AND key IS NOT NULL;
--> statement-breakpoint
-- Settled rows that something changes are taken out again: inserting an id here is how triggers say so.
CREATE VIEW unsettle_lead AS SELECT 0 AS person_id;
--> statement-breakpoint
CREATE TRIGGER unsettle_lead_one INSTEAD OF INSERT ON unsettle_lead BEGIN
  INSERT INTO settled_total (kind, month, key, n, m, won) SELECT kind, month, key, -n, -m, -won FROM lead_part WHERE person_id = NEW.person_id
  ON CONFLICT DO UPDATE SET n = n + excluded.n, m = m + excluded.m, won = won + excluded.won;
  INSERT INTO unsettled_lead (person_id) SELECT person_id FROM lead_fact WHERE person_id = NEW.person_id ON CONFLICT DO NOTHING;
  DELETE FROM lead_fact WHERE person_id = NEW.person_id;
END;
--> statement-breakpoint
-- The same of deals.
CREATE VIEW unsettle_deal AS SELECT 0 AS deal_id;
--> statement-breakpoint
CREATE TRIGGER unsettle_deal_one INSTEAD OF INSERT ON unsettle_deal BEGIN
  INSERT INTO settled_total (kind, month, key, n, m, won) SELECT kind, month, key, -n, -m, -won FROM deal_part WHERE deal_id = NEW.deal_id
  ON CONFLICT DO UPDATE SET n = n + excluded.n, m = m + excluded.m, won = won + excluded.won;
  INSERT INTO unsettled_deal (deal_id) SELECT deal_id FROM deal_fact WHERE deal_id = NEW.deal_id ON CONFLICT DO NOTHING;
  DELETE FROM deal_fact WHERE deal_id = NEW.deal_id;
END;
--> statement-breakpoint
-- All of it: without conditions, so that it takes no row by itself.
CREATE VIEW unsettle_all AS SELECT 0 AS look_back_days;
--> statement-breakpoint
CREATE TRIGGER unsettle_all_at_once INSTEAD OF INSERT ON unsettle_all BEGIN
  DELETE FROM lead_fact;
  DELETE FROM deal_fact;
  DELETE FROM settled_total;
  DELETE FROM unsettled_lead;
  DELETE FROM unsettled_deal;
  UPDATE report_state SET leads_to = -9007199254740991, deals_to = -9007199254740991, look_back_days = NEW.look_back_days;
END;
--> statement-breakpoint
-- What a lead's facts are, by its rows; saying and path as text. Intervals lie on a scale of 64 parts to each doubling.
CREATE VIEW lead_now AS
SELECT p.id AS person_id, p.created_at AS created_at, CAST(strftime('%Y%m', (p.created_at + 62135596800000) / 1000 - 62135596800, 'unixepoch') AS integer) AS month,
  p.first_touch_origin_id AS first_origin_id, p.lead_creation_origin_id AS lead_origin_id, coalesce(f.channel_id, 0) AS first_channel_id,
  coalesce(l.channel_id, 0) AS lead_channel_id, coalesce(l.source_id, 0) AS lead_source_id,
  CASE p.created_via WHEN 'form' THEN 0 WHEN 'api' THEN 1 WHEN 'import' THEN 2 WHEN 'chat' THEN 3 WHEN 'phone' THEN 4 WHEN 'event' THEN 5 WHEN 'manual' THEN 6 ELSE 7 END AS via, coalesce(p.created_form_id, 0) AS form_id, coalesce(p.lead_status_id, 0) AS status_id, p.deal_state AS deal_state,
  (SELECT nullif(trim(self_reported), '') FROM submission WHERE id = p.creation_id) AS said,
  (SELECT coalesce(group_concat(CASE WHEN NOT is_direct THEN k END, ',' ORDER BY at, id), group_concat(k, ',' ORDER BY at, id))
    FROM (SELECT t.id AS id, t.at AS at, coalesce(v.alias_of, v.id) AS k, o.source_id = 0 AND o.medium_id = 0 AND o.campaign_id = 0 AND o.term_id = 0
        AND o.content_id = 0 AND o.utm_id_id = 0 AND o.referrer_domain_id = 0 AND o.click_id_name IS NULL AS is_direct
      FROM touch t CROSS JOIN origin o ON o.id = t.origin_id LEFT JOIN origin_value v ON v.id = o.channel_id
      WHERE t.person_id = p.id AND t.at <= p.created_at AND t.at >= p.created_at - 86400000 * (SELECT look_back_days FROM report_state))) AS path,
  p.created_at - p.first_touch_at AS to_lead, CASE WHEN (p.created_at - p.first_touch_at) IS NULL THEN NULL WHEN (p.created_at - p.first_touch_at) = 0 THEN 0 ELSE (SELECT sign(s.v) * (256 * s.h + CASE WHEN s.m < 512 THEN s.m >> 2 WHEN s.m < 1024 THEN 64 + (s.m >> 3)
    WHEN s.m < 2048 THEN 128 + (s.m >> 4) ELSE 192 + (s.m >> 5) END) FROM (SELECT v, h, abs(v) << 12 >> (4 * h) AS m FROM (SELECT (p.created_at - p.first_touch_at) AS v, length(printf('%x', abs((p.created_at - p.first_touch_at)))) AS h)) s) END AS bin
FROM person p LEFT JOIN origin f ON f.id = p.first_touch_origin_id LEFT JOIN origin l ON l.id = p.lead_creation_origin_id;
--> statement-breakpoint
CREATE VIEW deal_now AS
SELECT d.id AS deal_id, d.registered_at AS registered_at, CAST(strftime('%Y%m', (d.registered_at + 62135596800000) / 1000 - 62135596800, 'unixepoch') AS integer) AS registered_month, d.closed_at AS closed_at,
  CAST(strftime('%Y%m', (d.closed_at + 62135596800000) / 1000 - 62135596800, 'unixepoch') AS integer) AS closed_month, CAST(strftime('%Y%m', (max(d.registered_at, d.closed_at) + 62135596800000) / 1000 - 62135596800, 'unixepoch') AS integer) AS gone_month,
  d.status = 'won' AND d.closed_at IS NOT NULL AS is_won, coalesce(d.first_touch_origin_id, 0) AS first_origin_id, coalesce(d.lead_creation_origin_id, 0) AS lead_origin_id,
  coalesce(o.channel_id, 0) AS first_channel_id, ((unicode(substr(d.currency, 1)) - 65) * 26 + unicode(substr(d.currency, 2)) - 65) * 26 + unicode(substr(d.currency, 3)) - 65 AS currency, d.amount_minor AS amount_minor,
  CASE WHEN d.person_id IS NOT NULL THEN (SELECT coalesce(group_concat(CASE WHEN NOT is_direct THEN k END, ',' ORDER BY at, id), group_concat(k, ',' ORDER BY at, id))
    FROM (SELECT t.id AS id, t.at AS at, coalesce(v.alias_of, v.id) AS k, o.source_id = 0 AND o.medium_id = 0 AND o.campaign_id = 0 AND o.term_id = 0
        AND o.content_id = 0 AND o.utm_id_id = 0 AND o.referrer_domain_id = 0 AND o.click_id_name IS NULL AS is_direct
      FROM touch t CROSS JOIN origin o ON o.id = t.origin_id LEFT JOIN origin_value v ON v.id = o.channel_id
      WHERE t.person_id = d.person_id AND t.at <= d.registered_at AND t.at >= d.registered_at - 86400000 * (SELECT look_back_days FROM report_state)))
    ELSE (SELECT coalesce(group_concat(CASE WHEN NOT is_direct THEN k END, ',' ORDER BY at, id), group_concat(k, ',' ORDER BY at, id))
    FROM (SELECT t.id AS id, t.at AS at, coalesce(v.alias_of, v.id) AS k, o.source_id = 0 AND o.medium_id = 0 AND o.campaign_id = 0 AND o.term_id = 0
        AND o.content_id = 0 AND o.utm_id_id = 0 AND o.referrer_domain_id = 0 AND o.click_id_name IS NULL AS is_direct
      FROM (SELECT 0 AS id, c.first_touch_at AS at, c.first_touch_origin_id AS origin_id, c.first_touch_landing_page_id AS page
          UNION SELECT 0, c.lead_creation_at, c.lead_creation_origin_id, c.lead_creation_landing_page_id) t CROSS JOIN origin o ON o.id = t.origin_id LEFT JOIN origin_value v ON v.id = o.channel_id
      WHERE t.at <= d.registered_at AND t.at >= d.registered_at - 86400000 * (SELECT look_back_days FROM report_state))) END AS registered_path,
  CASE WHEN d.closed_at IS NOT NULL THEN CASE WHEN d.person_id IS NOT NULL THEN (SELECT coalesce(group_concat(CASE WHEN NOT is_direct THEN k END, ',' ORDER BY at, id), group_concat(k, ',' ORDER BY at, id))
    FROM (SELECT t.id AS id, t.at AS at, coalesce(v.alias_of, v.id) AS k, o.source_id = 0 AND o.medium_id = 0 AND o.campaign_id = 0 AND o.term_id = 0
        AND o.content_id = 0 AND o.utm_id_id = 0 AND o.referrer_domain_id = 0 AND o.click_id_name IS NULL AS is_direct
      FROM touch t CROSS JOIN origin o ON o.id = t.origin_id LEFT JOIN origin_value v ON v.id = o.channel_id
      WHERE t.person_id = d.person_id AND t.at <= d.closed_at AND t.at >= d.closed_at - 86400000 * (SELECT look_back_days FROM report_state)))
    ELSE (SELECT coalesce(group_concat(CASE WHEN NOT is_direct THEN k END, ',' ORDER BY at, id), group_concat(k, ',' ORDER BY at, id))
    FROM (SELECT t.id AS id, t.at AS at, coalesce(v.alias_of, v.id) AS k, o.source_id = 0 AND o.medium_id = 0 AND o.campaign_id = 0 AND o.term_id = 0
        AND o.content_id = 0 AND o.utm_id_id = 0 AND o.referrer_domain_id = 0 AND o.click_id_name IS NULL AS is_direct
      FROM (SELECT 0 AS id, c.first_touch_at AS at, c.first_touch_origin_id AS origin_id, c.first_touch_landing_page_id AS page
          UNION SELECT 0, c.lead_creation_at, c.lead_creation_origin_id, c.lead_creation_landing_page_id) t CROSS JOIN origin o ON o.id = t.origin_id LEFT JOIN origin_value v ON v.id = o.channel_id
      WHERE t.at <= d.closed_at AND t.at >= d.closed_at - 86400000 * (SELECT look_back_days FROM report_state))) END END AS closed_path,
  d.to_deal AS to_deal, CASE WHEN d.to_deal IS NULL THEN NULL WHEN d.to_deal = 0 THEN 0 ELSE (SELECT sign(s.v) * (256 * s.h + CASE WHEN s.m < 512 THEN s.m >> 2 WHEN s.m < 1024 THEN 64 + (s.m >> 3)
    WHEN s.m < 2048 THEN 128 + (s.m >> 4) ELSE 192 + (s.m >> 5) END) FROM (SELECT v, h, abs(v) << 12 >> (4 * h) AS m FROM (SELECT d.to_deal AS v, length(printf('%x', abs(d.to_deal))) AS h)) s) END AS deal_bin, d.to_win AS to_win, CASE WHEN d.to_win IS NULL THEN NULL WHEN d.to_win = 0 THEN 0 ELSE (SELECT sign(s.v) * (256 * s.h + CASE WHEN s.m < 512 THEN s.m >> 2 WHEN s.m < 1024 THEN 64 + (s.m >> 3)
    WHEN s.m < 2048 THEN 128 + (s.m >> 4) ELSE 192 + (s.m >> 5) END) FROM (SELECT v, h, abs(v) << 12 >> (4 * h) AS m FROM (SELECT d.to_win AS v, length(printf('%x', abs(d.to_win))) AS h)) s) END AS win_bin
FROM (SELECT d.*, d.registered_at - d.first_at AS to_deal, CASE d.status WHEN 'won' THEN d.closed_at - d.first_at END AS to_win
    FROM (SELECT d.*, CASE WHEN d.person_id IS NOT NULL THEN (SELECT first_touch_at FROM person WHERE id = d.person_id)
      ELSE (SELECT first_touch_at FROM company WHERE id = d.company_id) END AS first_at FROM deal d) d) d
  LEFT JOIN origin o ON o.id = d.first_touch_origin_id LEFT JOIN company c ON c.id = d.company_id;
--> statement-breakpoint
-- The same as the tables of facts keep it, once sayings and paths have their numbers.
CREATE VIEW lead_made AS
SELECT person_id, created_at, month, first_origin_id, lead_origin_id, first_channel_id, lead_channel_id, lead_source_id, via, form_id, status_id, deal_state,
  coalesce((SELECT id FROM saying WHERE text = said), 0) AS saying_id, coalesce((SELECT id FROM report_path WHERE path = n.path), 0) AS path_id, to_lead, bin
FROM lead_now n;
--> statement-breakpoint
CREATE VIEW deal_made AS
SELECT deal_id, registered_at, registered_month, closed_at, closed_month, gone_month, is_won, first_origin_id, lead_origin_id, first_channel_id, currency,
  amount_minor, coalesce((SELECT id FROM report_path WHERE path = registered_path), 0) AS registered_path_id,
  CASE WHEN closed_at IS NOT NULL THEN coalesce((SELECT id FROM report_path WHERE path = closed_path), 0) END AS closed_path_id,
  to_deal, deal_bin, to_win, win_bin
FROM deal_now;
--> statement-breakpoint
CREATE VIEW pending_lead AS
SELECT person_id AS id FROM unsettled_lead UNION SELECT id FROM person WHERE id > (SELECT leads_to FROM report_state);
--> statement-breakpoint
CREATE VIEW pending_deal AS
SELECT deal_id AS id FROM unsettled_deal UNION SELECT id FROM deal WHERE id > (SELECT deals_to FROM report_state);
--> statement-breakpoint
-- The currencies of deals, each found by the index alone.
CREATE VIEW deal_currencies AS
WITH RECURSIVE used(code) AS (SELECT min(currency) FROM deal
  UNION ALL SELECT (SELECT min(currency) FROM deal WHERE currency > code) FROM used WHERE code IS NOT NULL)
SELECT code FROM used WHERE code IS NOT NULL;
--> statement-breakpoint
-- Whether any are left. Inserting here settles some: those that were changed, then the next by id; so many at once, that a transaction
-- keeps others from writing for a tenth of a second or so.
CREATE VIEW settling AS SELECT EXISTS (SELECT 1 FROM unsettled_lead) OR EXISTS (SELECT 1 FROM unsettled_deal)
  OR EXISTS (SELECT 1 FROM person WHERE id > (SELECT leads_to FROM report_state))
  OR EXISTS (SELECT 1 FROM deal WHERE id > (SELECT deals_to FROM report_state)) AS is_left;
--> statement-breakpoint
CREATE TRIGGER settle_some INSTEAD OF INSERT ON settling BEGIN
  INSERT INTO saying (text) SELECT DISTINCT said FROM lead_now WHERE person_id IN (SELECT person_id AS id FROM unsettled_lead ORDER BY 1 LIMIT 1000) AND said IS NOT NULL ON CONFLICT DO NOTHING;
  INSERT INTO report_path (path) SELECT DISTINCT path FROM lead_now WHERE person_id IN (SELECT person_id AS id FROM unsettled_lead ORDER BY 1 LIMIT 1000) AND path IS NOT NULL ON CONFLICT DO NOTHING;
  INSERT INTO lead_fact SELECT * FROM lead_made WHERE person_id IN (SELECT person_id AS id FROM unsettled_lead ORDER BY 1 LIMIT 1000);
  INSERT INTO settled_total SELECT kind, month, key, sum(n), sum(m), sum(won) FROM lead_part WHERE person_id IN (SELECT person_id AS id FROM unsettled_lead ORDER BY 1 LIMIT 1000) GROUP BY 1, 2, 3
  ON CONFLICT DO UPDATE SET n = n + excluded.n, m = m + excluded.m, won = won + excluded.won;
  DELETE FROM unsettled_lead WHERE person_id IN (SELECT person_id AS id FROM unsettled_lead ORDER BY 1 LIMIT 1000);
  INSERT INTO saying (text) SELECT DISTINCT said FROM lead_now WHERE person_id IN (SELECT id FROM person WHERE id > (SELECT leads_to FROM report_state) ORDER BY id LIMIT 1000) AND said IS NOT NULL ON CONFLICT DO NOTHING;
  INSERT INTO report_path (path) SELECT DISTINCT path FROM lead_now WHERE person_id IN (SELECT id FROM person WHERE id > (SELECT leads_to FROM report_state) ORDER BY id LIMIT 1000) AND path IS NOT NULL ON CONFLICT DO NOTHING;
  INSERT INTO lead_fact SELECT * FROM lead_made WHERE person_id IN (SELECT id FROM person WHERE id > (SELECT leads_to FROM report_state) ORDER BY id LIMIT 1000);
  INSERT INTO settled_total SELECT kind, month, key, sum(n), sum(m), sum(won) FROM lead_part WHERE person_id IN (SELECT id FROM person WHERE id > (SELECT leads_to FROM report_state) ORDER BY id LIMIT 1000) GROUP BY 1, 2, 3
  ON CONFLICT DO UPDATE SET n = n + excluded.n, m = m + excluded.m, won = won + excluded.won;
  UPDATE report_state SET leads_to = (SELECT max(id) FROM (SELECT id FROM person WHERE id > (SELECT leads_to FROM report_state) ORDER BY id LIMIT 1000)) WHERE EXISTS (SELECT 1 FROM person WHERE id > leads_to);
  INSERT INTO report_path (path) SELECT DISTINCT registered_path FROM deal_now WHERE deal_id IN (SELECT deal_id AS id FROM unsettled_deal ORDER BY 1 LIMIT 1000) AND registered_path IS NOT NULL ON CONFLICT DO NOTHING;
  INSERT INTO report_path (path) SELECT DISTINCT closed_path FROM deal_now WHERE deal_id IN (SELECT deal_id AS id FROM unsettled_deal ORDER BY 1 LIMIT 1000) AND closed_path IS NOT NULL ON CONFLICT DO NOTHING;
  INSERT INTO deal_fact SELECT * FROM deal_made WHERE deal_id IN (SELECT deal_id AS id FROM unsettled_deal ORDER BY 1 LIMIT 1000);
  INSERT INTO settled_total SELECT kind, month, key, sum(n), sum(m), sum(won) FROM deal_part WHERE deal_id IN (SELECT deal_id AS id FROM unsettled_deal ORDER BY 1 LIMIT 1000) GROUP BY 1, 2, 3
  ON CONFLICT DO UPDATE SET n = n + excluded.n, m = m + excluded.m, won = won + excluded.won;
  DELETE FROM unsettled_deal WHERE deal_id IN (SELECT deal_id AS id FROM unsettled_deal ORDER BY 1 LIMIT 1000);
  INSERT INTO report_path (path) SELECT DISTINCT registered_path FROM deal_now WHERE deal_id IN (SELECT id FROM deal WHERE id > (SELECT deals_to FROM report_state) ORDER BY id LIMIT 1000) AND registered_path IS NOT NULL ON CONFLICT DO NOTHING;
  INSERT INTO report_path (path) SELECT DISTINCT closed_path FROM deal_now WHERE deal_id IN (SELECT id FROM deal WHERE id > (SELECT deals_to FROM report_state) ORDER BY id LIMIT 1000) AND closed_path IS NOT NULL ON CONFLICT DO NOTHING;
  INSERT INTO deal_fact SELECT * FROM deal_made WHERE deal_id IN (SELECT id FROM deal WHERE id > (SELECT deals_to FROM report_state) ORDER BY id LIMIT 1000);
  INSERT INTO settled_total SELECT kind, month, key, sum(n), sum(m), sum(won) FROM deal_part WHERE deal_id IN (SELECT id FROM deal WHERE id > (SELECT deals_to FROM report_state) ORDER BY id LIMIT 1000) GROUP BY 1, 2, 3
  ON CONFLICT DO UPDATE SET n = n + excluded.n, m = m + excluded.m, won = won + excluded.won;
  UPDATE report_state SET deals_to = (SELECT max(id) FROM (SELECT id FROM deal WHERE id > (SELECT deals_to FROM report_state) ORDER BY id LIMIT 1000)) WHERE EXISTS (SELECT 1 FROM deal WHERE id > deals_to);
END;
--> statement-breakpoint
CREATE TRIGGER settled_person_added AFTER INSERT ON person WHEN NEW.id <= (SELECT leads_to FROM report_state) BEGIN
  INSERT INTO unsettled_lead (person_id) VALUES (NEW.id) ON CONFLICT DO NOTHING;
END;
--> statement-breakpoint
CREATE TRIGGER settled_person_changed AFTER UPDATE OF created_at, created_via, created_form_id, creation_id, lead_status_id, first_touch_origin_id, first_touch_at, lead_creation_origin_id, deal_state ON person
WHEN OLD.created_at IS NOT NEW.created_at OR OLD.created_via IS NOT NEW.created_via OR OLD.created_form_id IS NOT NEW.created_form_id OR OLD.creation_id IS NOT NEW.creation_id OR OLD.lead_status_id IS NOT NEW.lead_status_id OR OLD.first_touch_origin_id IS NOT NEW.first_touch_origin_id OR OLD.first_touch_at IS NOT NEW.first_touch_at OR OLD.lead_creation_origin_id IS NOT NEW.lead_creation_origin_id OR OLD.deal_state IS NOT NEW.deal_state
BEGIN
  INSERT INTO unsettle_lead (person_id) VALUES (NEW.id);
  INSERT INTO unsettle_deal SELECT id FROM deal WHERE person_id = NEW.id AND OLD.first_touch_at <> NEW.first_touch_at;
END;
--> statement-breakpoint
CREATE TRIGGER settled_person_removed AFTER DELETE ON person BEGIN
  INSERT INTO unsettle_lead (person_id) VALUES (OLD.id);
END;
--> statement-breakpoint
CREATE TRIGGER settled_saying_changed AFTER UPDATE OF self_reported ON submission
WHEN OLD.self_reported IS NOT NEW.self_reported BEGIN
  INSERT INTO unsettle_lead SELECT id FROM person WHERE id = NEW.person_id AND creation_id = NEW.id;
END;
--> statement-breakpoint
CREATE TRIGGER settled_deal_added AFTER INSERT ON deal WHEN NEW.id <= (SELECT deals_to FROM report_state) BEGIN
  INSERT INTO unsettled_deal (deal_id) VALUES (NEW.id) ON CONFLICT DO NOTHING;
END;
--> statement-breakpoint
CREATE TRIGGER settled_deal_changed AFTER UPDATE OF person_id, company_id, status, amount_minor, currency, registered_at, closed_at, first_touch_origin_id, lead_creation_origin_id ON deal
WHEN OLD.person_id IS NOT NEW.person_id OR OLD.company_id IS NOT NEW.company_id OR OLD.status IS NOT NEW.status OR OLD.amount_minor IS NOT NEW.amount_minor OR OLD.currency IS NOT NEW.currency OR OLD.registered_at IS NOT NEW.registered_at OR OLD.closed_at IS NOT NEW.closed_at OR OLD.first_touch_origin_id IS NOT NEW.first_touch_origin_id OR OLD.lead_creation_origin_id IS NOT NEW.lead_creation_origin_id
BEGIN
  INSERT INTO unsettle_deal (deal_id) VALUES (NEW.id);
END;
--> statement-breakpoint
CREATE TRIGGER settled_deal_removed AFTER DELETE ON deal BEGIN
  INSERT INTO unsettle_deal (deal_id) VALUES (OLD.id);
END;
--> statement-breakpoint
CREATE TRIGGER settled_company_changed AFTER UPDATE OF first_touch_origin_id, first_touch_at, lead_creation_origin_id, lead_creation_at ON company
WHEN OLD.first_touch_origin_id IS NOT NEW.first_touch_origin_id OR OLD.first_touch_at IS NOT NEW.first_touch_at OR OLD.lead_creation_origin_id IS NOT NEW.lead_creation_origin_id OR OLD.lead_creation_at IS NOT NEW.lead_creation_at
BEGIN
  INSERT INTO unsettle_deal SELECT id FROM deal WHERE company_id = NEW.id AND person_id IS NULL;
END;
--> statement-breakpoint
-- A touch is part of the paths of what came after it.
CREATE TRIGGER settled_touch_added AFTER INSERT ON touch BEGIN
  INSERT INTO unsettle_lead SELECT person_id FROM lead_fact WHERE person_id = NEW.person_id AND created_at >= NEW.at;
  INSERT INTO unsettle_deal SELECT id FROM deal WHERE person_id = NEW.person_id AND (registered_at >= NEW.at OR closed_at >= NEW.at);
END;
--> statement-breakpoint
CREATE TRIGGER settled_touch_moved AFTER UPDATE OF person_id ON touch WHEN OLD.person_id <> NEW.person_id BEGIN
  INSERT INTO unsettle_lead SELECT person_id FROM lead_fact WHERE person_id = OLD.person_id AND created_at >= OLD.at;
  INSERT INTO unsettle_deal SELECT id FROM deal WHERE person_id = OLD.person_id AND (registered_at >= OLD.at OR closed_at >= OLD.at);
  INSERT INTO unsettle_lead SELECT person_id FROM lead_fact WHERE person_id = NEW.person_id AND created_at >= NEW.at;
  INSERT INTO unsettle_deal SELECT id FROM deal WHERE person_id = NEW.person_id AND (registered_at >= NEW.at OR closed_at >= NEW.at);
END;
--> statement-breakpoint
CREATE TRIGGER settled_touch_removed AFTER DELETE ON touch BEGIN
  INSERT INTO unsettle_lead SELECT person_id FROM lead_fact WHERE person_id = OLD.person_id AND created_at >= OLD.at;
  INSERT INTO unsettle_deal SELECT id FROM deal WHERE person_id = OLD.person_id AND (registered_at >= OLD.at OR closed_at >= OLD.at);
END;
--> statement-breakpoint
CREATE TRIGGER total_channel_changed AFTER UPDATE OF channel_id ON origin WHEN OLD.channel_id <> NEW.channel_id BEGIN
  INSERT INTO report_total (kind, month, key, n, m, won)
  SELECT 5, CAST(strftime('%Y%m', (s.at + 62135596800000) / 1000 - 62135596800, 'unixepoch') AS integer), s.form_id * 16777216 + c.value, sum(iif(c.key = 0, -1, 1)), sum(iif(c.key = 0, -1, 1) * (s.created_person = 0)), 0
  FROM submission s CROSS JOIN json_each(json_array(OLD.channel_id, NEW.channel_id)) c
  WHERE s.origin_id = NEW.id AND s.person_id IS NOT NULL GROUP BY 2, 3
  ON CONFLICT DO UPDATE SET n = n + excluded.n, m = m + excluded.m;
END;
--> statement-breakpoint
-- An origin gets another channel: of few touches, whom they are of are settled anew; of many, all are.
CREATE TRIGGER settled_channel_changed AFTER UPDATE OF channel_id ON origin
WHEN OLD.channel_id <> NEW.channel_id AND (EXISTS (SELECT 1 FROM lead_fact) OR EXISTS (SELECT 1 FROM deal_fact)) BEGIN
  INSERT INTO unsettle_lead SELECT person_id FROM touch WHERE origin_id = NEW.id
    UNION SELECT id FROM person WHERE first_touch_origin_id = NEW.id UNION SELECT id FROM person WHERE lead_creation_origin_id = NEW.id;
  INSERT INTO unsettle_deal SELECT id FROM deal WHERE person_id IN (SELECT person_id FROM touch WHERE origin_id = NEW.id
    UNION SELECT id FROM person WHERE first_touch_origin_id = NEW.id UNION SELECT id FROM person WHERE lead_creation_origin_id = NEW.id)
    UNION SELECT id FROM deal WHERE person_id IS NULL AND company_id IN (SELECT id FROM company WHERE first_touch_origin_id = NEW.id
      UNION SELECT id FROM company WHERE lead_creation_origin_id = NEW.id);
END;
--> statement-breakpoint
CREATE TRIGGER settled_channel_of_many_changed BEFORE UPDATE OF channel_id ON origin
WHEN OLD.channel_id <> NEW.channel_id AND (SELECT count(*) FROM (SELECT 1 FROM touch WHERE origin_id = NEW.id LIMIT 201)) > 200 AND (EXISTS (SELECT 1 FROM lead_fact) OR EXISTS (SELECT 1 FROM deal_fact))
BEGIN
  INSERT INTO unsettle_all SELECT look_back_days FROM report_state;
END;
--> statement-breakpoint
CREATE TRIGGER settled_channel_corrected AFTER UPDATE OF alias_of ON origin_value
WHEN NEW.field = 'channel' AND OLD.alias_of IS NOT NEW.alias_of BEGIN
  INSERT INTO unsettle_all SELECT look_back_days FROM report_state;
END;
--> statement-breakpoint
CREATE TRIGGER settled_look_back_changed AFTER UPDATE OF look_back_days, is_default ON site
WHEN NEW.is_default AND NEW.look_back_days <> (SELECT look_back_days FROM report_state) BEGIN
  INSERT INTO unsettle_all (look_back_days) VALUES (NEW.look_back_days);
END;
