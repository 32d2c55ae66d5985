import type { InStatement, InValue } from '@libsql/client/http';
import { intakeColumns } from '../../program/intake-columns.ts';
import type { IntakeColumn } from '../../program/intake-columns.ts';

/**
 * A lead prepared for storing: the columns of the view `intake`, whose trigger (program/intake.ts) turns one row into touches, person,
 * company and submission in one statement and one transaction. Where its gate is shut, nothing is written, and the outcome says why.
 * It is a form's submission where `formId` is set. `originValues`, `origins`, `touches` and `consents`
 * are JSON (prepare-touches.ts); times are milliseconds.
 */
export type Intake = { id: string; formId: number | null } & Record<IntakeColumn, InValue>;

const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const placeOf = (name: IntakeColumn): string => `?${intakeColumns.indexOf(name) + 1}`;

/** The person whom this very lead created: the newest one. */
const createdId = `(SELECT id FROM person WHERE id = (SELECT max(id) FROM person) AND creation_id = ${placeOf('id')})`;

/** Read after the trigger has run, in the same statement. */
const outcome = `
  (SELECT version FROM settings WHERE id = 1) = ${placeOf('version')} AS version_holds,
  coalesce(${createdId}, (SELECT person_id FROM person_email WHERE email = ${placeOf('email')}),
    (SELECT id FROM person WHERE email = ${placeOf('email')}),
    (SELECT id FROM person WHERE phone = ${placeOf('phoneKey')} LIMIT 1)) AS person_id,
  ${createdId} IS NOT NULL AS created_person,
  (SELECT id FROM submission WHERE id = ${placeOf('id')}) AS submission_id,
  coalesce((SELECT id FROM submission WHERE form_id = ${placeOf('formId')} AND idempotency_key = ${placeOf('idempotencyKey')}
      AND id <> ${placeOf('id')}),
    (SELECT id FROM quarantine WHERE form_id = ${placeOf('formId')} AND idempotency_key = ${placeOf('idempotencyKey')}
      AND id <> ${placeOf('id')}),
    (SELECT id FROM submission WHERE content_hash = ${placeOf('contentHash')} AND at > ${placeOf('contentSince')}
      AND id <> ${placeOf('id')} ORDER BY at LIMIT 1)) AS duplicate_of`;

const into = `INSERT INTO intake (${intakeColumns.map(snakeCase).join(', ')})`;
const values = intakeColumns.map(placeOf).join(', ');
const sql = `${into} VALUES (${values}) RETURNING ${outcome}`.replace(/\s+/g, ' ');

/** The statement that stores one lead; its row is the outcome, read by `readIntakeOutcome`. */
export function intakeStatement(intake: Intake): InStatement {
  return { sql, args: intakeColumns.map((name) => intake[name]) };
}

/**
 * The same where a condition holds; without a row, nothing was stored. The condition names the intake's columns as `:email`, and no others.
 */
export function intakeStatementWhere(intake: Intake, condition: string): InStatement {
  const placed = condition.replaceAll(/:(\w+)/g, (_, name: IntakeColumn) => placeOf(name));
  const text = `${into} SELECT ${values} WHERE ${placed} RETURNING ${outcome}`.replace(/\s+/g, ' ');
  return { sql: text, args: intakeColumns.map((name) => intake[name]) };
}

export type IntakeOutcome =
  /** Nobody, where neither an e-mail address nor a telephone number was sent. */
  | { state: 'stored'; personId: number | null; createdPerson: boolean }
  | { state: 'duplicate'; submissionId: string }
  /** Settings have changed since they were read: prepare anew. */
  | { state: 'stale' }
  /** The person is not known, and the form wants an approval first. */
  | { state: 'waiting'; submissionId: string }
  | { state: 'closed' };

export function readIntakeOutcome({
  row,
  intake,
}: {
  row: Record<string, unknown>;
  intake: Pick<Intake, 'formId'>;
}): IntakeOutcome {
  const stored = intake.formId === null ? Boolean(row['version_holds']) : row['submission_id'] !== null;
  if (stored) {
    const personId = row['person_id'] === null ? null : Number(row['person_id']);
    return { state: 'stored', personId, createdPerson: Boolean(row['created_person']) };
  }
  if (typeof row['duplicate_of'] === 'string') return { state: 'duplicate', submissionId: row['duplicate_of'] };
  return row['version_holds'] ? { state: 'closed' } : { state: 'stale' };
}
