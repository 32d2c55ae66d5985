DROP TRIGGER IF EXISTS settle_some;
--> statement-breakpoint
DROP VIEW IF EXISTS deal_made;
--> statement-breakpoint
DROP VIEW IF EXISTS lead_made;
--> statement-breakpoint
DROP VIEW IF EXISTS deal_now;
--> statement-breakpoint
DROP VIEW IF EXISTS lead_now;
--> statement-breakpoint
DROP VIEW IF EXISTS group_of_origin;
--> statement-breakpoint
DROP TRIGGER IF EXISTS intake_stored_store;
--> statement-breakpoint
ALTER TABLE `touch` ADD `click_ids` text;
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
  INSERT INTO submission (id, form_id, person_id, company_id, at, created_person, created_company, origin_id, touch_at, landing_page_id, journey, fields, page, self_reported, idempotency_key, content_hash)
  SELECT NEW.id, NEW.form_id, NEW.person_id, NEW.company_id, NEW.at, NEW.created_person, NEW.created_company, NEW.in_force_id, NEW.in_force_at, NEW.in_force_landing_page_id, (SELECT json_group_array(touch.id) FROM json_each(NEW.touches) t
      JOIN touch ON touch.person_id = NEW.person_id
        AND touch.at = t.value ->> 'at' AND touch.origin_id = (SELECT id FROM origin WHERE key = t.value ->> 'key')), NEW.fields, NEW.page, NEW.self_reported, NEW.idempotency_key, NEW.content_hash
  WHERE NEW.form_id IS NOT NULL;
END;
--> statement-breakpoint
-- The group of each origin, and whether nothing is known of the origin.
CREATE VIEW group_of_origin AS
SELECT o.id AS origin_id, g.id AS group_id, o.source_id = 0 AND o.medium_id = 0 AND o.referrer_domain_id = 0 AND o.click_id_name IS NULL AS is_direct
FROM origin o CROSS JOIN origin_group g ON g.channel_id = o.channel_id AND g.source_id = o.source_id AND g.medium_id = o.medium_id AND g.campaign_id = o.campaign_id AND g.referrer_domain_id = o.referrer_domain_id;
--> statement-breakpoint
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
--> statement-breakpoint
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
--> statement-breakpoint
-- The same in the columns of lead_fact: what the person said has its number.
CREATE VIEW lead_made AS
SELECT person_id, created_at, day, first_origin_id, lead_origin_id, first_group_id, lead_group_id, first_channel_id, lead_channel_id, lead_source_id, via, form_id, status_id, deal_state, coalesce((SELECT id FROM saying WHERE text = said), 0) AS saying_id, steps, to_lead, bin
FROM lead_now n;
--> statement-breakpoint
-- The same in the columns of deal_fact.
CREATE VIEW deal_made AS
SELECT deal_id, registered_at, registered_day, closed_at, closed_day, gone_day, is_won, first_origin_id, lead_origin_id, first_group_id, lead_group_id, first_channel_id, currency, amount_minor, registered_steps, closed_steps, to_deal, deal_bin, to_win, win_bin
FROM deal_now;
--> statement-breakpoint
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

--> statement-breakpoint
-- A campaign alone now counts as direct in a journey that knows more. All leads and deals are marked dirty and rolled up again; reports are
-- right all the while.
INSERT INTO unsettle_all SELECT look_back_days FROM report_state;
