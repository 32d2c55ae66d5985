ALTER TABLE `submission` ADD `idempotency_conflict` integer DEFAULT false NOT NULL;
--> statement-breakpoint
-- A key of a field `_id` is stored with a line feed and a hash of the content (services/idempotency-key.ts). Another submission
-- under the same key, with or without a hash, is what the record shows as a conflict. Keys have no control characters.
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
