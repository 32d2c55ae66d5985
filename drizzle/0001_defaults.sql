INSERT INTO settings (id, version) VALUES (1, 1);
--> statement-breakpoint
INSERT INTO site (id, key, name, is_default, created_at) VALUES (1, 'default', 'Default site', 1, 0);
--> statement-breakpoint
INSERT INTO category (id, name, category_group, position, set_on) VALUES
  (1, 'Potential customer', 'Potential customer', 1, '["dealRegistered"]'),
  (2, 'Customer', 'Customer', 2, '["dealWon"]'),
  (3, 'Lost', 'Lost', 3, '["dealLost"]'),
  (4, 'Partner', 'Partner', 4, '[]'),
  (5, 'Other', 'Other', 5, '[]');
--> statement-breakpoint
INSERT INTO lead_status (id, name, position, is_default, sets_category_id) VALUES
  (1, 'Open', 1, 1, NULL),
  (2, 'Contacting', 2, 0, NULL),
  (3, 'Disqualified', 3, 0, NULL),
  (4, 'Re-nurture', 4, 0, NULL),
  (5, 'Qualified', 5, 0, 1);
