-- Facts are worked out anew: all is unsettled, and settled again a little each minute. Reports are right all the while.
INSERT INTO unsettle_all SELECT look_back_days FROM report_state;
--> statement-breakpoint
DROP VIEW lead_part;
--> statement-breakpoint
DROP VIEW deal_part;
--> statement-breakpoint
DROP VIEW lead_made;
--> statement-breakpoint
DROP VIEW deal_made;
--> statement-breakpoint
DROP VIEW lead_now;
--> statement-breakpoint
DROP VIEW deal_now;
--> statement-breakpoint
DROP TRIGGER unsettle_lead_one;
--> statement-breakpoint
DROP TRIGGER unsettle_deal_one;
--> statement-breakpoint
DROP TRIGGER unsettle_all_at_once;
--> statement-breakpoint
DROP TRIGGER settle_some;
--> statement-breakpoint
DROP TABLE lead_fact;
--> statement-breakpoint
DROP TABLE deal_fact;
--> statement-breakpoint
CREATE TABLE `credit_total` (
	`kind` integer NOT NULL,
	`month` integer NOT NULL,
	`key` integer NOT NULL,
	`last_touch` integer NOT NULL,
	`last_touch_m` integer NOT NULL,
	`last_touch_won` integer NOT NULL,
	`linear` integer NOT NULL,
	`linear_m` integer NOT NULL,
	`linear_won` integer NOT NULL,
	`position_based` integer NOT NULL,
	`position_based_m` integer NOT NULL,
	`position_based_won` integer NOT NULL,
	`time_decay` integer NOT NULL,
	`time_decay_m` integer NOT NULL,
	`time_decay_won` integer NOT NULL,
	PRIMARY KEY(`kind`, `month`, `key`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `origin_group` (
	`id` integer PRIMARY KEY NOT NULL,
	`channel_id` integer NOT NULL,
	`source_id` integer NOT NULL,
	`medium_id` integer NOT NULL,
	`campaign_id` integer NOT NULL,
	`referrer_domain_id` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `origin_group_values` ON `origin_group` (`channel_id`,`source_id`,`medium_id`,`campaign_id`,`referrer_domain_id`);
--> statement-breakpoint
CREATE TABLE `lead_fact` (
	`person_id` integer PRIMARY KEY NOT NULL,
	`created_at` integer NOT NULL,
	`day` integer NOT NULL,
	`first_origin_id` integer NOT NULL,
	`lead_origin_id` integer NOT NULL,
	`first_group_id` integer NOT NULL,
	`lead_group_id` integer NOT NULL,
	`first_channel_id` integer NOT NULL,
	`lead_channel_id` integer NOT NULL,
	`lead_source_id` integer NOT NULL,
	`via` integer NOT NULL,
	`form_id` integer NOT NULL,
	`status_id` integer NOT NULL,
	`deal_state` integer NOT NULL,
	`saying_id` integer NOT NULL,
	`steps` text NOT NULL,
	`to_lead` integer NOT NULL,
	`bin` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `lead_fact_bin` ON `lead_fact` (`bin`,`first_channel_id`,`created_at`,`to_lead`);
--> statement-breakpoint
CREATE TABLE `deal_fact` (
	`deal_id` integer PRIMARY KEY NOT NULL,
	`registered_at` integer NOT NULL,
	`registered_day` integer NOT NULL,
	`closed_at` integer,
	`closed_day` integer,
	`gone_day` integer,
	`is_won` integer NOT NULL,
	`first_origin_id` integer NOT NULL,
	`lead_origin_id` integer NOT NULL,
	`first_group_id` integer NOT NULL,
	`lead_group_id` integer NOT NULL,
	`first_channel_id` integer NOT NULL,
	`currency` integer NOT NULL,
	`amount_minor` integer NOT NULL,
	`registered_steps` text NOT NULL,
	`closed_steps` text,
	`to_deal` integer,
	`deal_bin` integer,
	`to_win` integer,
	`win_bin` integer
);
--> statement-breakpoint
CREATE INDEX `deal_fact_deal_bin` ON `deal_fact` (`deal_bin`,`first_channel_id`,`registered_at`,`to_deal`);
--> statement-breakpoint
CREATE INDEX `deal_fact_win_bin` ON `deal_fact` (`win_bin`,`first_channel_id`,`closed_at`,`to_win`) WHERE win_bin IS NOT NULL;
--> statement-breakpoint
-- The group of each origin is there before anything is settled that has the origin.
INSERT INTO origin_group (channel_id, source_id, medium_id, campaign_id, referrer_domain_id)
SELECT DISTINCT channel_id, source_id, medium_id, campaign_id, referrer_domain_id FROM origin;
--> statement-breakpoint
CREATE TRIGGER group_of_new_origin AFTER INSERT ON origin BEGIN
  INSERT INTO origin_group (channel_id, source_id, medium_id, campaign_id, referrer_domain_id)
  VALUES (NEW.channel_id, NEW.source_id, NEW.medium_id, NEW.campaign_id, NEW.referrer_domain_id) ON CONFLICT DO NOTHING;
END;
--> statement-breakpoint
CREATE TRIGGER group_of_changed_origin AFTER UPDATE OF channel_id ON origin WHEN OLD.channel_id <> NEW.channel_id BEGIN
  INSERT INTO origin_group (channel_id, source_id, medium_id, campaign_id, referrer_domain_id)
  VALUES (NEW.channel_id, NEW.source_id, NEW.medium_id, NEW.campaign_id, NEW.referrer_domain_id) ON CONFLICT DO NOTHING;
END;
--> statement-breakpoint
CREATE VIEW group_of_origin AS
SELECT o.id AS origin_id, g.id AS group_id, o.source_id = 0 AND o.medium_id = 0 AND o.campaign_id = 0 AND o.term_id = 0
  AND o.content_id = 0 AND o.utm_id_id = 0 AND o.referrer_domain_id = 0 AND o.click_id_name IS NULL AS is_direct
FROM origin o CROSS JOIN origin_group g ON g.channel_id = o.channel_id AND g.source_id = o.source_id AND g.medium_id = o.medium_id
  AND g.campaign_id = o.campaign_id AND g.referrer_domain_id = o.referrer_domain_id;
--> statement-breakpoint
-- Facts with the numbers of their paths, which follow from their steps: the channel of a group never changes, and all is unsettled where that of
-- a channel is corrected.
CREATE VIEW lead_settled AS
SELECT f.*, coalesce(r.id, 0) AS path_id FROM lead_fact f LEFT JOIN report_path r ON r.path = (SELECT group_concat(coalesce(v.alias_of, v.id), ',' ORDER BY s.key) FROM json_each(f.steps) s CROSS JOIN origin_group g ON g.id = s.value >> 30 CROSS JOIN origin_value v ON v.id = g.channel_id);
--> statement-breakpoint
CREATE VIEW deal_settled AS
SELECT f.*, coalesce(r.id, 0) AS registered_path_id, coalesce(c.id, 0) AS closed_path_id
FROM deal_fact f LEFT JOIN report_path r ON r.path = (SELECT group_concat(coalesce(v.alias_of, v.id), ',' ORDER BY s.key) FROM json_each(f.registered_steps) s CROSS JOIN origin_group g ON g.id = s.value >> 30 CROSS JOIN origin_value v ON v.id = g.channel_id)
  LEFT JOIN report_path c ON c.path = (SELECT group_concat(coalesce(v.alias_of, v.id), ',' ORDER BY s.key) FROM json_each(f.closed_steps) s CROSS JOIN origin_group g ON g.id = s.value >> 30 CROSS JOIN origin_value v ON v.id = g.channel_id);
--> statement-breakpoint
-- What a settled lead adds to the totals, by month, year, day and over all time; by each origin for itself, by month and year alone. The
-- numbers of the kinds are those of db/reports/totals.ts.
CREATE VIEW lead_part AS
SELECT f.person_id AS person_id, k.value AS kind, CASE k.value / 100 WHEN 0 THEN f.day / 100 WHEN 1 THEN f.day WHEN 2 THEN f.day / 10000 * 100 + 1 ELSE 0 END AS month,
  CASE k.value % 100 WHEN 1 THEN f.first_origin_id * 16 + f.via WHEN 2 THEN f.lead_origin_id * 16 + f.via WHEN 3 THEN f.status_id
    WHEN 4 THEN f.form_id * 16777216 + f.lead_channel_id WHEN 6 THEN (f.form_id * 16 + f.via) * 16777216 + f.lead_source_id
    WHEN 7 THEN f.saying_id * 16777216 + f.first_channel_id WHEN 8 THEN f.path_id WHEN 9 THEN f.first_channel_id * 8192 + f.bin + 4096
    WHEN 11 THEN f.first_group_id * 16 + f.via ELSE f.lead_group_id * 16 + f.via END AS key,
  1 AS n, (f.deal_state > 0) AS m, (f.deal_state = 2) AS won
FROM lead_settled f CROSS JOIN json_each('[1,2,3,4,6,7,8,9,11,12,103,104,106,107,108,109,111,112,201,202,203,204,206,207,208,209,211,212,303,304,306,307,308,309,311,312]') k;
--> statement-breakpoint
-- What a settled deal adds: 20 to 23, 30 and 31 by registration, 24 to 27, 34 and 35 by close, 28, 29, 38 and 39 by when it was no longer open.
CREATE VIEW deal_part AS
SELECT deal_id, kind, CASE kind / 100 WHEN 0 THEN day / 100 WHEN 1 THEN day WHEN 2 THEN day / 10000 * 100 + 1 ELSE 0 END AS month, key, 1 AS n, m, won
FROM (SELECT f.deal_id AS deal_id, k.value AS kind,
    CASE WHEN k.value % 10 < 4 THEN f.registered_day WHEN k.value % 10 < 8 THEN f.closed_day ELSE f.gone_day END AS day,
    CASE k.value % 100 WHEN 22 THEN f.registered_path_id WHEN 23 THEN f.first_channel_id * 8192 + f.deal_bin + 4096
      WHEN 26 THEN f.closed_path_id * 32768 + f.currency WHEN 27 THEN f.first_channel_id * 8192 + f.win_bin + 4096
      ELSE CASE k.value % 20 / 10 * 2 + k.value % 2 WHEN 0 THEN f.lead_origin_id WHEN 1 THEN f.first_origin_id WHEN 2 THEN f.lead_group_id ELSE f.first_group_id END
        * 32768 + f.currency END AS key,
    CASE WHEN k.value % 10 IN (2, 3, 7) THEN 0 WHEN k.value % 10 IN (4, 5, 6) THEN f.is_won * f.amount_minor ELSE f.amount_minor END AS m,
    CASE WHEN k.value % 10 IN (4, 5, 6) THEN f.is_won ELSE 0 END AS won
  FROM deal_settled f CROSS JOIN json_each('[20,21,24,25,28,29,22,23,26,27,30,31,34,35,38,39,122,123,126,127,130,131,134,135,138,139,220,221,224,225,228,229,222,223,226,227,230,231,234,235,238,239,322,323,326,327,330,331,334,335,338,339]') k)
WHERE day IS NOT NULL AND key IS NOT NULL;
--> statement-breakpoint
-- Each touch of the journey that led to a settled lead, with its part of the credit under each model (as db/reports/journeys.ts shares it out).
CREATE VIEW lead_share AS
SELECT person_id, 1 AS kind, day, group_id AS key, last_touch, has_deal * last_touch AS last_touch_m, is_won * last_touch AS last_touch_won,
  linear, has_deal * linear AS linear_m, is_won * linear AS linear_won,
  position_based, has_deal * position_based AS position_based_m, is_won * position_based AS position_based_won,
  time_decay, has_deal * time_decay AS time_decay_m, is_won * time_decay AS time_decay_won
FROM (SELECT person_id, day, has_deal, is_won, group_id,
    (n = c) * 1000000000 AS last_touch,
    CAST(round(1000000000 * (n * 1.0 / c)) AS integer) - CAST(round(1000000000 * ((n - 1) * 1.0 / c)) AS integer) AS linear,
    CAST(round(1000000000 * (CASE WHEN n <= 0 THEN 0.0 WHEN n >= c THEN 1.0 WHEN c = 2 THEN 0.5 ELSE 0.4 + 0.2 * (n - 1) / (c - 2) END)) AS integer) - CAST(round(1000000000 * (CASE WHEN (n - 1) <= 0 THEN 0.0 WHEN (n - 1) >= c THEN 1.0 WHEN c = 2 THEN 0.5 ELSE 0.4 + 0.2 * ((n - 1) - 1) / (c - 2) END)) AS integer) AS position_based,
    upto - before AS time_decay
  FROM (SELECT f.person_id AS person_id, f.day AS day, f.deal_state > 0 AS has_deal, f.deal_state = 2 AS is_won, s.value >> 30 AS group_id, s.key + 1 AS n, json_array_length(f.steps) AS c, s.value & 1073741823 AS upto,
    CASE s.key WHEN 0 THEN 0 ELSE f.steps ->> (s.key - 1) & 1073741823 END AS before
    FROM lead_fact f CROSS JOIN json_each(f.steps) s));
--> statement-breakpoint
-- The same of a settled deal: 2 by registration, 3 by close. `_m` are parts of what a won one is worth at its close.
CREATE VIEW deal_share AS
SELECT deal_id, kind, day, group_id * 32768 + currency AS key, last_touch, last_touch_m, is_won * last_touch AS last_touch_won, linear, linear_m, is_won * linear AS linear_won, position_based, position_based_m, is_won * position_based AS position_based_won, time_decay, time_decay_m, is_won * time_decay AS time_decay_won
FROM (SELECT deal_id, kind, day, is_won, currency, group_id,
    (n = c) * 1000000000 AS last_touch,
    CAST(round(1000000000 * (n * 1.0 / c)) AS integer) - CAST(round(1000000000 * ((n - 1) * 1.0 / c)) AS integer) AS linear,
    CAST(round(1000000000 * (CASE WHEN n <= 0 THEN 0.0 WHEN n >= c THEN 1.0 WHEN c = 2 THEN 0.5 ELSE 0.4 + 0.2 * (n - 1) / (c - 2) END)) AS integer) - CAST(round(1000000000 * (CASE WHEN (n - 1) <= 0 THEN 0.0 WHEN (n - 1) >= c THEN 1.0 WHEN c = 2 THEN 0.5 ELSE 0.4 + 0.2 * ((n - 1) - 1) / (c - 2) END)) AS integer) AS position_based,
    upto - before AS time_decay,
    (n = c) * amount AS last_touch_m,
    CAST(round(amount * (n * 1.0 / c)) AS integer) - CAST(round(amount * ((n - 1) * 1.0 / c)) AS integer) AS linear_m,
    CAST(round(amount * (CASE WHEN n <= 0 THEN 0.0 WHEN n >= c THEN 1.0 WHEN c = 2 THEN 0.5 ELSE 0.4 + 0.2 * (n - 1) / (c - 2) END)) AS integer) - CAST(round(amount * (CASE WHEN (n - 1) <= 0 THEN 0.0 WHEN (n - 1) >= c THEN 1.0 WHEN c = 2 THEN 0.5 ELSE 0.4 + 0.2 * ((n - 1) - 1) / (c - 2) END)) AS integer) AS position_based_m,
    CAST(round(amount * (upto / 1000000000.0)) AS integer) - CAST(round(amount * (before / 1000000000.0)) AS integer) AS time_decay_m
  FROM (SELECT deal_id, kind, day, is_won, currency, amount, s.value >> 30 AS group_id, s.key + 1 AS n, json_array_length(f.steps) AS c, s.value & 1073741823 AS upto,
    CASE s.key WHEN 0 THEN 0 ELSE f.steps ->> (s.key - 1) & 1073741823 END AS before
    FROM (SELECT f.deal_id AS deal_id, k.value AS kind, iif(k.value = 2, f.registered_day, f.closed_day) AS day, k.value = 3 AND f.is_won AS is_won, f.currency AS currency,
        iif(k.value = 2, 0, f.is_won * f.amount_minor) AS amount, iif(k.value = 2, f.registered_steps, f.closed_steps) AS steps
      FROM deal_fact f CROSS JOIN json_each('[2,3]') k WHERE k.value = 2 OR f.closed_day IS NOT NULL) f
    CROSS JOIN json_each(f.steps) s));
--> statement-breakpoint
CREATE VIEW lead_credit AS
SELECT s.person_id AS person_id, s.kind + 100 * l.value AS kind, CASE l.value WHEN 0 THEN s.day / 100 WHEN 1 THEN s.day WHEN 2 THEN s.day / 10000 * 100 + 1 ELSE 0 END AS month, s.key AS key,
  s.last_touch AS last_touch, s.last_touch_m AS last_touch_m, s.last_touch_won AS last_touch_won, s.linear AS linear, s.linear_m AS linear_m, s.linear_won AS linear_won, s.position_based AS position_based, s.position_based_m AS position_based_m, s.position_based_won AS position_based_won, s.time_decay AS time_decay, s.time_decay_m AS time_decay_m, s.time_decay_won AS time_decay_won
FROM lead_share s CROSS JOIN json_each('[0,1,2,3]') l;
--> statement-breakpoint
CREATE VIEW deal_credit AS
SELECT s.deal_id AS deal_id, s.kind + 100 * l.value AS kind, CASE l.value WHEN 0 THEN s.day / 100 WHEN 1 THEN s.day WHEN 2 THEN s.day / 10000 * 100 + 1 ELSE 0 END AS month, s.key AS key,
  s.last_touch AS last_touch, s.last_touch_m AS last_touch_m, s.last_touch_won AS last_touch_won, s.linear AS linear, s.linear_m AS linear_m, s.linear_won AS linear_won, s.position_based AS position_based, s.position_based_m AS position_based_m, s.position_based_won AS position_based_won, s.time_decay AS time_decay, s.time_decay_m AS time_decay_m, s.time_decay_won AS time_decay_won
FROM deal_share s CROSS JOIN json_each('[0,1,2,3]') l;
--> statement-breakpoint
-- What a lead's facts are, by its rows; saying as text. Intervals lie on a scale of 64 parts to each doubling. A touch weighs half of
-- one that is seven days nearer to the last.
CREATE VIEW lead_now AS
SELECT p.id AS person_id, p.created_at AS created_at, CAST(strftime('%Y%m%d', (p.created_at + 62135596800000) / 1000 - 62135596800, 'unixepoch') AS integer) AS day,
  p.first_touch_origin_id AS first_origin_id, p.lead_creation_origin_id AS lead_origin_id,
  coalesce((SELECT group_id FROM group_of_origin WHERE origin_id = p.first_touch_origin_id), 0) AS first_group_id, coalesce((SELECT group_id FROM group_of_origin WHERE origin_id = p.lead_creation_origin_id), 0) AS lead_group_id, coalesce(f.channel_id, 0) AS first_channel_id,
  coalesce(l.channel_id, 0) AS lead_channel_id, coalesce(l.source_id, 0) AS lead_source_id,
  CASE p.created_via WHEN 'form' THEN 0 WHEN 'api' THEN 1 WHEN 'import' THEN 2 WHEN 'chat' THEN 3 WHEN 'phone' THEN 4 WHEN 'event' THEN 5 WHEN 'manual' THEN 6 ELSE 7 END AS via, coalesce(p.created_form_id, 0) AS form_id, coalesce(p.lead_status_id, 0) AS status_id, p.deal_state AS deal_state,
  (SELECT nullif(trim(self_reported), '') FROM submission WHERE id = p.creation_id) AS said,
  coalesce((SELECT '[' || group_concat(group_id << 30 | CASE WHEN n = c THEN 1000000000 ELSE CAST(round(1000000000 * (upto / total)) AS integer) END, ',' ORDER BY n) || ']'
    FROM (SELECT *, sum(weight) OVER (ORDER BY n) AS upto, sum(weight) OVER () AS total
      FROM (SELECT *, (SELECT ((((((((((((1.0 * f / 12.0 + 1.0) * f / 11.0 + 1.0) * f / 10.0 + 1.0) * f / 9.0 + 1.0) * f / 8.0 + 1.0) * f / 7.0 + 1.0) * f / 6.0 + 1.0) * f / 5.0 + 1.0) * f / 4.0 + 1.0) * f / 3.0 + 1.0) * f / 2.0 + 1.0) * f / 1.0 + 1.0) / (1 << min(60, CAST(((last_at - at) * 1.0 / 604800000) AS integer))) FROM (SELECT (-0.6931471805599453 * (((last_at - at) * 1.0 / 604800000) - CAST(((last_at - at) * 1.0 / 604800000) AS integer) - 0.5)) AS f)) AS weight
        FROM (SELECT group_id, at, row_number() OVER (ORDER BY at, id) AS n, count(*) OVER () AS c, max(at) OVER () AS last_at
          FROM (SELECT t.id AS id, t.at AS at, g.group_id AS group_id, g.is_direct AS is_direct, min(g.is_direct) OVER () AS only_direct
            FROM (SELECT id, at, origin_id FROM touch WHERE person_id = p.id AND at <= p.created_at AND at >= p.created_at - 86400000 * (SELECT look_back_days FROM report_state)) t CROSS JOIN group_of_origin g ON g.origin_id = t.origin_id)
          WHERE is_direct = only_direct)))), '[1000000000]') AS steps,
  p.created_at - p.first_touch_at AS to_lead, CASE WHEN (p.created_at - p.first_touch_at) IS NULL THEN NULL WHEN (p.created_at - p.first_touch_at) = 0 THEN 0 ELSE (SELECT sign(s.v) * (256 * s.h + CASE WHEN s.m < 512 THEN s.m >> 2 WHEN s.m < 1024 THEN 64 + (s.m >> 3)
    WHEN s.m < 2048 THEN 128 + (s.m >> 4) ELSE 192 + (s.m >> 5) END) FROM (SELECT v, h, abs(v) << 12 >> (4 * h) AS m FROM (SELECT (p.created_at - p.first_touch_at) AS v, length(printf('%x', abs((p.created_at - p.first_touch_at)))) AS h)) s) END AS bin
FROM person p LEFT JOIN origin f ON f.id = p.first_touch_origin_id LEFT JOIN origin l ON l.id = p.lead_creation_origin_id;
--> statement-breakpoint
-- The same of deals.
CREATE VIEW deal_now AS
SELECT d.id AS deal_id, d.registered_at AS registered_at, CAST(strftime('%Y%m%d', (d.registered_at + 62135596800000) / 1000 - 62135596800, 'unixepoch') AS integer) AS registered_day, d.closed_at AS closed_at,
  CAST(strftime('%Y%m%d', (d.closed_at + 62135596800000) / 1000 - 62135596800, 'unixepoch') AS integer) AS closed_day, CAST(strftime('%Y%m%d', (max(d.registered_at, d.closed_at) + 62135596800000) / 1000 - 62135596800, 'unixepoch') AS integer) AS gone_day,
  d.status = 'won' AND d.closed_at IS NOT NULL AS is_won, coalesce(d.first_touch_origin_id, 0) AS first_origin_id, coalesce(d.lead_creation_origin_id, 0) AS lead_origin_id,
  coalesce((SELECT group_id FROM group_of_origin WHERE origin_id = d.first_touch_origin_id), 0) AS first_group_id, coalesce((SELECT group_id FROM group_of_origin WHERE origin_id = d.lead_creation_origin_id), 0) AS lead_group_id,
  coalesce(o.channel_id, 0) AS first_channel_id, ((unicode(substr(d.currency, 1)) - 65) * 26 + unicode(substr(d.currency, 2)) - 65) * 26 + unicode(substr(d.currency, 3)) - 65 AS currency, d.amount_minor AS amount_minor,
  coalesce((SELECT '[' || group_concat(group_id << 30 | CASE WHEN n = c THEN 1000000000 ELSE CAST(round(1000000000 * (upto / total)) AS integer) END, ',' ORDER BY n) || ']'
    FROM (SELECT *, sum(weight) OVER (ORDER BY n) AS upto, sum(weight) OVER () AS total
      FROM (SELECT *, (SELECT ((((((((((((1.0 * f / 12.0 + 1.0) * f / 11.0 + 1.0) * f / 10.0 + 1.0) * f / 9.0 + 1.0) * f / 8.0 + 1.0) * f / 7.0 + 1.0) * f / 6.0 + 1.0) * f / 5.0 + 1.0) * f / 4.0 + 1.0) * f / 3.0 + 1.0) * f / 2.0 + 1.0) * f / 1.0 + 1.0) / (1 << min(60, CAST(((last_at - at) * 1.0 / 604800000) AS integer))) FROM (SELECT (-0.6931471805599453 * (((last_at - at) * 1.0 / 604800000) - CAST(((last_at - at) * 1.0 / 604800000) AS integer) - 0.5)) AS f)) AS weight
        FROM (SELECT group_id, at, row_number() OVER (ORDER BY at, id) AS n, count(*) OVER () AS c, max(at) OVER () AS last_at
          FROM (SELECT t.id AS id, t.at AS at, g.group_id AS group_id, g.is_direct AS is_direct, min(g.is_direct) OVER () AS only_direct
            FROM (SELECT id, at, origin_id FROM touch WHERE person_id = d.person_id AND at <= d.registered_at AND at >= d.registered_at - 86400000 * (SELECT look_back_days FROM report_state)
              UNION ALL SELECT 0, at, origin_id FROM (SELECT c.first_touch_at AS at, c.first_touch_origin_id AS origin_id, c.first_touch_landing_page_id AS page
                UNION SELECT c.lead_creation_at, c.lead_creation_origin_id, c.lead_creation_landing_page_id) WHERE d.person_id IS NULL AND at <= d.registered_at AND at >= d.registered_at - 86400000 * (SELECT look_back_days FROM report_state)) t CROSS JOIN group_of_origin g ON g.origin_id = t.origin_id)
          WHERE is_direct = only_direct)))), '[1000000000]') AS registered_steps,
  CASE WHEN d.closed_at IS NOT NULL THEN coalesce((SELECT '[' || group_concat(group_id << 30 | CASE WHEN n = c THEN 1000000000 ELSE CAST(round(1000000000 * (upto / total)) AS integer) END, ',' ORDER BY n) || ']'
    FROM (SELECT *, sum(weight) OVER (ORDER BY n) AS upto, sum(weight) OVER () AS total
      FROM (SELECT *, (SELECT ((((((((((((1.0 * f / 12.0 + 1.0) * f / 11.0 + 1.0) * f / 10.0 + 1.0) * f / 9.0 + 1.0) * f / 8.0 + 1.0) * f / 7.0 + 1.0) * f / 6.0 + 1.0) * f / 5.0 + 1.0) * f / 4.0 + 1.0) * f / 3.0 + 1.0) * f / 2.0 + 1.0) * f / 1.0 + 1.0) / (1 << min(60, CAST(((last_at - at) * 1.0 / 604800000) AS integer))) FROM (SELECT (-0.6931471805599453 * (((last_at - at) * 1.0 / 604800000) - CAST(((last_at - at) * 1.0 / 604800000) AS integer) - 0.5)) AS f)) AS weight
        FROM (SELECT group_id, at, row_number() OVER (ORDER BY at, id) AS n, count(*) OVER () AS c, max(at) OVER () AS last_at
          FROM (SELECT t.id AS id, t.at AS at, g.group_id AS group_id, g.is_direct AS is_direct, min(g.is_direct) OVER () AS only_direct
            FROM (SELECT id, at, origin_id FROM touch WHERE person_id = d.person_id AND at <= d.closed_at AND at >= d.closed_at - 86400000 * (SELECT look_back_days FROM report_state)
              UNION ALL SELECT 0, at, origin_id FROM (SELECT c.first_touch_at AS at, c.first_touch_origin_id AS origin_id, c.first_touch_landing_page_id AS page
                UNION SELECT c.lead_creation_at, c.lead_creation_origin_id, c.lead_creation_landing_page_id) WHERE d.person_id IS NULL AND at <= d.closed_at AND at >= d.closed_at - 86400000 * (SELECT look_back_days FROM report_state)) t CROSS JOIN group_of_origin g ON g.origin_id = t.origin_id)
          WHERE is_direct = only_direct)))), '[1000000000]') END AS closed_steps,
  d.to_deal AS to_deal, CASE WHEN d.to_deal IS NULL THEN NULL WHEN d.to_deal = 0 THEN 0 ELSE (SELECT sign(s.v) * (256 * s.h + CASE WHEN s.m < 512 THEN s.m >> 2 WHEN s.m < 1024 THEN 64 + (s.m >> 3)
    WHEN s.m < 2048 THEN 128 + (s.m >> 4) ELSE 192 + (s.m >> 5) END) FROM (SELECT v, h, abs(v) << 12 >> (4 * h) AS m FROM (SELECT d.to_deal AS v, length(printf('%x', abs(d.to_deal))) AS h)) s) END AS deal_bin, d.to_win AS to_win, CASE WHEN d.to_win IS NULL THEN NULL WHEN d.to_win = 0 THEN 0 ELSE (SELECT sign(s.v) * (256 * s.h + CASE WHEN s.m < 512 THEN s.m >> 2 WHEN s.m < 1024 THEN 64 + (s.m >> 3)
    WHEN s.m < 2048 THEN 128 + (s.m >> 4) ELSE 192 + (s.m >> 5) END) FROM (SELECT v, h, abs(v) << 12 >> (4 * h) AS m FROM (SELECT d.to_win AS v, length(printf('%x', abs(d.to_win))) AS h)) s) END AS win_bin
FROM (SELECT d.*, d.registered_at - d.first_at AS to_deal, CASE d.status WHEN 'won' THEN d.closed_at - d.first_at END AS to_win
    FROM (SELECT d.*, CASE WHEN d.person_id IS NOT NULL THEN (SELECT first_touch_at FROM person WHERE id = d.person_id)
      ELSE (SELECT first_touch_at FROM company WHERE id = d.company_id) END AS first_at FROM deal d) d) d
  LEFT JOIN origin o ON o.id = d.first_touch_origin_id LEFT JOIN company c ON c.id = d.company_id;
--> statement-breakpoint
-- The same as the tables of facts keep it, once sayings have their numbers.
CREATE VIEW lead_made AS
SELECT person_id, created_at, day, first_origin_id, lead_origin_id, first_group_id, lead_group_id, first_channel_id, lead_channel_id, lead_source_id, via, form_id, status_id, deal_state,
  coalesce((SELECT id FROM saying WHERE text = said), 0) AS saying_id, steps, to_lead, bin
FROM lead_now n;
--> statement-breakpoint
CREATE VIEW deal_made AS
SELECT deal_id, registered_at, registered_day, closed_at, closed_day, gone_day, is_won, first_origin_id, lead_origin_id, first_group_id, lead_group_id, first_channel_id, currency,
  amount_minor, registered_steps, closed_steps, to_deal, deal_bin, to_win, win_bin
FROM deal_now;
--> statement-breakpoint
CREATE TRIGGER unsettle_lead_one INSTEAD OF INSERT ON unsettle_lead BEGIN
  INSERT INTO settled_total (kind, month, key, n, m, won) SELECT kind, month, key, -n, -m, -won FROM lead_part WHERE person_id = NEW.person_id
  ON CONFLICT DO UPDATE SET n = n + excluded.n, m = m + excluded.m, won = won + excluded.won;
  INSERT INTO credit_total SELECT kind, month, key, -last_touch, -last_touch_m, -last_touch_won, -linear, -linear_m, -linear_won, -position_based, -position_based_m, -position_based_won, -time_decay, -time_decay_m, -time_decay_won FROM lead_credit WHERE person_id = NEW.person_id
  ON CONFLICT DO UPDATE SET last_touch = last_touch + excluded.last_touch, last_touch_m = last_touch_m + excluded.last_touch_m, last_touch_won = last_touch_won + excluded.last_touch_won, linear = linear + excluded.linear, linear_m = linear_m + excluded.linear_m, linear_won = linear_won + excluded.linear_won, position_based = position_based + excluded.position_based, position_based_m = position_based_m + excluded.position_based_m, position_based_won = position_based_won + excluded.position_based_won, time_decay = time_decay + excluded.time_decay, time_decay_m = time_decay_m + excluded.time_decay_m, time_decay_won = time_decay_won + excluded.time_decay_won;
  INSERT INTO unsettled_lead (person_id) SELECT person_id FROM lead_fact WHERE person_id = NEW.person_id ON CONFLICT DO NOTHING;
  DELETE FROM lead_fact WHERE person_id = NEW.person_id;
END;
--> statement-breakpoint
CREATE TRIGGER unsettle_deal_one INSTEAD OF INSERT ON unsettle_deal BEGIN
  INSERT INTO settled_total (kind, month, key, n, m, won) SELECT kind, month, key, -n, -m, -won FROM deal_part WHERE deal_id = NEW.deal_id
  ON CONFLICT DO UPDATE SET n = n + excluded.n, m = m + excluded.m, won = won + excluded.won;
  INSERT INTO credit_total SELECT kind, month, key, -last_touch, -last_touch_m, -last_touch_won, -linear, -linear_m, -linear_won, -position_based, -position_based_m, -position_based_won, -time_decay, -time_decay_m, -time_decay_won FROM deal_credit WHERE deal_id = NEW.deal_id
  ON CONFLICT DO UPDATE SET last_touch = last_touch + excluded.last_touch, last_touch_m = last_touch_m + excluded.last_touch_m, last_touch_won = last_touch_won + excluded.last_touch_won, linear = linear + excluded.linear, linear_m = linear_m + excluded.linear_m, linear_won = linear_won + excluded.linear_won, position_based = position_based + excluded.position_based, position_based_m = position_based_m + excluded.position_based_m, position_based_won = position_based_won + excluded.position_based_won, time_decay = time_decay + excluded.time_decay, time_decay_m = time_decay_m + excluded.time_decay_m, time_decay_won = time_decay_won + excluded.time_decay_won;
  INSERT INTO unsettled_deal (deal_id) SELECT deal_id FROM deal_fact WHERE deal_id = NEW.deal_id ON CONFLICT DO NOTHING;
  DELETE FROM deal_fact WHERE deal_id = NEW.deal_id;
END;
--> statement-breakpoint
CREATE TRIGGER unsettle_all_at_once INSTEAD OF INSERT ON unsettle_all BEGIN
  DELETE FROM lead_fact;
  DELETE FROM deal_fact;
  DELETE FROM settled_total;
  DELETE FROM credit_total;
  DELETE FROM unsettled_lead;
  DELETE FROM unsettled_deal;
  UPDATE report_state SET leads_to = -9007199254740991, deals_to = -9007199254740991, look_back_days = NEW.look_back_days;
END;
--> statement-breakpoint
-- Those that are settled next: such as were changed, and the next by id.
CREATE VIEW next_lead AS SELECT id FROM (SELECT person_id AS id FROM unsettled_lead ORDER BY person_id LIMIT 150)
UNION ALL SELECT id FROM (SELECT id FROM person WHERE id > (SELECT leads_to FROM report_state) ORDER BY id LIMIT 150);
--> statement-breakpoint
CREATE VIEW next_deal AS SELECT id FROM (SELECT deal_id AS id FROM unsettled_deal ORDER BY deal_id LIMIT 150)
UNION ALL SELECT id FROM (SELECT id FROM deal WHERE id > (SELECT deals_to FROM report_state) ORDER BY id LIMIT 150);
--> statement-breakpoint
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
