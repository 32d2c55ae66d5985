-- Leads and deals are settled 250 at once instead of 1,000, so that no form waits long for the one transaction that writes.
DROP TRIGGER settle_some;
--> statement-breakpoint
CREATE TRIGGER settle_some INSTEAD OF INSERT ON settling BEGIN
  INSERT INTO saying (text) SELECT DISTINCT said FROM lead_now WHERE person_id IN (SELECT person_id AS id FROM unsettled_lead ORDER BY 1 LIMIT 250) AND said IS NOT NULL ON CONFLICT DO NOTHING;
  INSERT INTO report_path (path) SELECT DISTINCT path FROM lead_now WHERE person_id IN (SELECT person_id AS id FROM unsettled_lead ORDER BY 1 LIMIT 250) AND path IS NOT NULL ON CONFLICT DO NOTHING;
  INSERT INTO lead_fact SELECT * FROM lead_made WHERE person_id IN (SELECT person_id AS id FROM unsettled_lead ORDER BY 1 LIMIT 250);
  INSERT INTO settled_total SELECT kind, month, key, sum(n), sum(m), sum(won) FROM lead_part WHERE person_id IN (SELECT person_id AS id FROM unsettled_lead ORDER BY 1 LIMIT 250) GROUP BY 1, 2, 3
  ON CONFLICT DO UPDATE SET n = n + excluded.n, m = m + excluded.m, won = won + excluded.won;
  DELETE FROM unsettled_lead WHERE person_id IN (SELECT person_id AS id FROM unsettled_lead ORDER BY 1 LIMIT 250);
  INSERT INTO saying (text) SELECT DISTINCT said FROM lead_now WHERE person_id IN (SELECT id FROM person WHERE id > (SELECT leads_to FROM report_state) ORDER BY id LIMIT 250) AND said IS NOT NULL ON CONFLICT DO NOTHING;
  INSERT INTO report_path (path) SELECT DISTINCT path FROM lead_now WHERE person_id IN (SELECT id FROM person WHERE id > (SELECT leads_to FROM report_state) ORDER BY id LIMIT 250) AND path IS NOT NULL ON CONFLICT DO NOTHING;
  INSERT INTO lead_fact SELECT * FROM lead_made WHERE person_id IN (SELECT id FROM person WHERE id > (SELECT leads_to FROM report_state) ORDER BY id LIMIT 250);
  INSERT INTO settled_total SELECT kind, month, key, sum(n), sum(m), sum(won) FROM lead_part WHERE person_id IN (SELECT id FROM person WHERE id > (SELECT leads_to FROM report_state) ORDER BY id LIMIT 250) GROUP BY 1, 2, 3
  ON CONFLICT DO UPDATE SET n = n + excluded.n, m = m + excluded.m, won = won + excluded.won;
  UPDATE report_state SET leads_to = (SELECT max(id) FROM (SELECT id FROM person WHERE id > (SELECT leads_to FROM report_state) ORDER BY id LIMIT 250)) WHERE EXISTS (SELECT 1 FROM person WHERE id > leads_to);
  INSERT INTO report_path (path) SELECT DISTINCT registered_path FROM deal_now WHERE deal_id IN (SELECT deal_id AS id FROM unsettled_deal ORDER BY 1 LIMIT 250) AND registered_path IS NOT NULL ON CONFLICT DO NOTHING;
  INSERT INTO report_path (path) SELECT DISTINCT closed_path FROM deal_now WHERE deal_id IN (SELECT deal_id AS id FROM unsettled_deal ORDER BY 1 LIMIT 250) AND closed_path IS NOT NULL ON CONFLICT DO NOTHING;
  INSERT INTO deal_fact SELECT * FROM deal_made WHERE deal_id IN (SELECT deal_id AS id FROM unsettled_deal ORDER BY 1 LIMIT 250);
  INSERT INTO settled_total SELECT kind, month, key, sum(n), sum(m), sum(won) FROM deal_part WHERE deal_id IN (SELECT deal_id AS id FROM unsettled_deal ORDER BY 1 LIMIT 250) GROUP BY 1, 2, 3
  ON CONFLICT DO UPDATE SET n = n + excluded.n, m = m + excluded.m, won = won + excluded.won;
  DELETE FROM unsettled_deal WHERE deal_id IN (SELECT deal_id AS id FROM unsettled_deal ORDER BY 1 LIMIT 250);
  INSERT INTO report_path (path) SELECT DISTINCT registered_path FROM deal_now WHERE deal_id IN (SELECT id FROM deal WHERE id > (SELECT deals_to FROM report_state) ORDER BY id LIMIT 250) AND registered_path IS NOT NULL ON CONFLICT DO NOTHING;
  INSERT INTO report_path (path) SELECT DISTINCT closed_path FROM deal_now WHERE deal_id IN (SELECT id FROM deal WHERE id > (SELECT deals_to FROM report_state) ORDER BY id LIMIT 250) AND closed_path IS NOT NULL ON CONFLICT DO NOTHING;
  INSERT INTO deal_fact SELECT * FROM deal_made WHERE deal_id IN (SELECT id FROM deal WHERE id > (SELECT deals_to FROM report_state) ORDER BY id LIMIT 250);
  INSERT INTO settled_total SELECT kind, month, key, sum(n), sum(m), sum(won) FROM deal_part WHERE deal_id IN (SELECT id FROM deal WHERE id > (SELECT deals_to FROM report_state) ORDER BY id LIMIT 250) GROUP BY 1, 2, 3
  ON CONFLICT DO UPDATE SET n = n + excluded.n, m = m + excluded.m, won = won + excluded.won;
  UPDATE report_state SET deals_to = (SELECT max(id) FROM (SELECT id FROM deal WHERE id > (SELECT deals_to FROM report_state) ORDER BY id LIMIT 250)) WHERE EXISTS (SELECT 1 FROM deal WHERE id > deals_to);
END;
