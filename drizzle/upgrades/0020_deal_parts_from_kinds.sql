DROP TRIGGER IF EXISTS settle_some;
--> statement-breakpoint
DROP TRIGGER IF EXISTS unsettle_deal_one;
--> statement-breakpoint
DROP VIEW IF EXISTS deal_part;
--> statement-breakpoint
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
--> statement-breakpoint
-- A deal is dirty: what it added is taken out of the totals.
CREATE TRIGGER unsettle_deal_one INSTEAD OF INSERT ON unsettle_deal BEGIN
  INSERT INTO settled_total (kind, month, key, n, m, won) SELECT kind, month, key, -n, -m, -won FROM deal_part WHERE deal_id = NEW.deal_id
  ON CONFLICT DO UPDATE SET n = n + excluded.n, m = m + excluded.m, won = won + excluded.won;
  INSERT INTO credit_total SELECT kind, month, key, -last_touch, -last_touch_m, -last_touch_won, -linear, -linear_m, -linear_won, -position_based, -position_based_m, -position_based_won, -time_decay, -time_decay_m, -time_decay_won FROM deal_credit WHERE deal_id = NEW.deal_id
  ON CONFLICT DO UPDATE SET last_touch = last_touch + excluded.last_touch, last_touch_m = last_touch_m + excluded.last_touch_m, last_touch_won = last_touch_won + excluded.last_touch_won, linear = linear + excluded.linear, linear_m = linear_m + excluded.linear_m, linear_won = linear_won + excluded.linear_won, position_based = position_based + excluded.position_based, position_based_m = position_based_m + excluded.position_based_m, position_based_won = position_based_won + excluded.position_based_won, time_decay = time_decay + excluded.time_decay, time_decay_m = time_decay_m + excluded.time_decay_m, time_decay_won = time_decay_won + excluded.time_decay_won;
  INSERT INTO unsettled_deal (deal_id) SELECT deal_id FROM deal_fact WHERE deal_id = NEW.deal_id ON CONFLICT DO NOTHING;
  DELETE FROM deal_fact WHERE deal_id = NEW.deal_id;
END;
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
