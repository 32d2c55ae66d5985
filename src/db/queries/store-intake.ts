import type { InStatement } from '@libsql/client/http';
import { defineStatement } from '../statement.ts';
import { insertOrigins, insertValues, originId, valueId, versionHolds } from './intern-origins.ts';
import { setCategoryByLeadStatus } from './lead-status.ts';
import type { StatementArgs } from '../statement.ts';

/**
 * The statements that turn a prepared lead into touches, person, company and submission, in one transaction.
 * Every statement asks the gate first: the submission's own row (a form), or the settings' version (a lead from
 * elsewhere). Where the gate is shut, nothing at all is written and the outcome says why.
 *
 * Each look-up goes by a unique or covering index, so the work is the same whatever the tables hold.
 */

/** The person, by any address known to be theirs. */
const person = `coalesce((SELECT person_id FROM person_email WHERE email = :email), (SELECT id FROM person WHERE email = :email))`;

/** Whether this very intake created the person. */
const personIsNew = `EXISTS (SELECT 1 FROM person WHERE email = :email AND creation_id = :id)`;

/**
 * The company: the person's own unless the form names one; else by registration number, domain, and by name where
 * one of the two sides has no domain (and number) to tell them apart by.
 */
const company = `coalesce(
  CASE WHEN :companyExplicit = 0 THEN (SELECT company_id FROM person WHERE id = ${person}) END,
  (SELECT id FROM company WHERE registration_number = :registrationNumber),
  (SELECT id FROM company WHERE domain = :companyDomain),
  (SELECT min(id) FROM company WHERE name_key = :companyNameKey
     AND (:companyDomain IS NULL OR domain IS NULL)
     AND (:registrationNumber IS NULL OR registration_number IS NULL)))`;

const insertSubmission = defineStatement(`
  INSERT INTO submission (id, form_id, at, fields, page, self_reported, idempotency_key, content_hash)
  SELECT :id, :formId, :at, :fields, :page, :selfReported, :idempotencyKey, :contentHash
  WHERE ${versionHolds}
    AND NOT EXISTS (SELECT 1 FROM submission WHERE id = :id)
    AND NOT EXISTS (SELECT 1 FROM submission WHERE form_id = :formId AND idempotency_key = :idempotencyKey)
    AND NOT EXISTS (SELECT 1 FROM quarantine WHERE form_id = :formId AND idempotency_key = :idempotencyKey AND id <> :id)
    AND NOT EXISTS (SELECT 1 FROM submission WHERE content_hash = :contentHash AND at > :contentSince)
    AND (:closesAfter IS NULL
      OR coalesce((SELECT sum(submissions) FROM form_day WHERE form_id = :formId), 0) < :closesAfter)`);

/**
 * The gate of everything after: open only while the submission's row waits for its person, which `completeSubmission`
 * gives it last. So a batch sent again after its answer was lost does nothing the second time.
 */
const submissionGate = `EXISTS (SELECT 1 FROM submission WHERE id = :id AND person_id IS NULL)`;

const insertCompany = (gate: string) =>
  defineStatement(`
  INSERT INTO company (name, name_fold, name_key, domain, registration_number, country, category_id, created_via, created_at,
    updated_at, creation_id, first_touch_origin_id, first_touch_at, first_touch_landing_page_id,
    lead_creation_origin_id, lead_creation_at, lead_creation_landing_page_id)
  SELECT :companyName, :companyNameFold, :companyNameKey, :companyDomain, :registrationNumber, :country, :categoryId, :createdVia, :at,
    :now, :id,
    iif(isNew, ${originId(':firstTouchKey')}, NULL), iif(isNew, :firstTouchAt, NULL),
    iif(isNew, ${valueId('landingPage', ':firstTouchLandingPage')}, NULL),
    iif(isNew, ${originId(':inForceKey')}, NULL), iif(isNew, :inForceAt, NULL),
    iif(isNew, ${valueId('landingPage', ':inForceLandingPage')}, NULL)
  FROM (SELECT ${person} IS NULL AS isNew)
  WHERE ${gate} AND ${company} IS NULL
  ON CONFLICT DO NOTHING`);

/** Fills what a known company lacks. A name equal to the domain is the stand-in given at creation, and gives way. */
const fillCompany = (gate: string) =>
  defineStatement(`
  UPDATE company SET
    name = iif(name = domain AND :companyGivenName IS NOT NULL, :companyGivenName, name),
    name_fold = iif(name = domain AND :companyGivenName IS NOT NULL, :companyNameFold, name_fold),
    name_key = coalesce(name_key, :companyNameKey),
    domain = coalesce(domain, iif(EXISTS (SELECT 1 FROM company WHERE domain = :companyDomain), NULL, :companyDomain)),
    registration_number = coalesce(registration_number,
      iif(EXISTS (SELECT 1 FROM company WHERE registration_number = :registrationNumber), NULL, :registrationNumber)),
    country = coalesce(country, :country),
    category_id = coalesce(category_id, :categoryId),
    updated_at = :now
  WHERE id = ${company} AND creation_id <> :id AND ${gate}
    AND ((name = domain AND :companyGivenName IS NOT NULL)
      OR (name_key IS NULL AND :companyNameKey IS NOT NULL)
      OR (domain IS NULL AND :companyDomain IS NOT NULL)
      OR (registration_number IS NULL AND :registrationNumber IS NOT NULL)
      OR (country IS NULL AND :country IS NOT NULL)
      OR (category_id IS NULL AND :categoryId IS NOT NULL))`);

const insertPerson = (gate: string) =>
  defineStatement(`
  INSERT INTO person (email, first_name, first_name_fold, last_name, last_name_fold, phone, title, title_fold, country, company_id, owner_id, lead_status_id,
    created_via, created_form_id, created_at, updated_at, creation_id, first_touch_origin_id, first_touch_at,
    first_touch_landing_page_id, lead_creation_origin_id, lead_creation_at, lead_creation_landing_page_id)
  SELECT :email, :firstName, :firstNameFold, :lastName, :lastNameFold, :phone, :title, :titleFold, :country, ${company}, :ownerId, :leadStatusId,
    :createdVia, :formId, :at, :now, :id, ${originId(':firstTouchKey')}, :firstTouchAt,
    ${valueId('landingPage', ':firstTouchLandingPage')}, ${originId(':inForceKey')}, :inForceAt,
    ${valueId('landingPage', ':inForceLandingPage')}
  WHERE ${gate} AND ${person} IS NULL
  ON CONFLICT DO NOTHING`);

/** Fills what a known person lacks; never overwrites. */
const fillPerson = (gate: string) =>
  defineStatement(`
  UPDATE person SET
    first_name = coalesce(first_name, :firstName), first_name_fold = coalesce(first_name_fold, :firstNameFold),
    last_name = coalesce(last_name, :lastName), last_name_fold = coalesce(last_name_fold, :lastNameFold),
    phone = coalesce(phone, :phone),
    title = coalesce(title, :title), title_fold = coalesce(title_fold, :titleFold), country = coalesce(country, :country),
    owner_id = coalesce(owner_id, :ownerId), company_id = coalesce(company_id, ${company}), updated_at = :now
  WHERE id = ${person} AND creation_id <> :id AND ${gate}
    AND ((first_name IS NULL AND :firstName IS NOT NULL) OR (last_name IS NULL AND :lastName IS NOT NULL)
      OR (phone IS NULL AND :phone IS NOT NULL) OR (title IS NULL AND :title IS NOT NULL)
      OR (country IS NULL AND :country IS NOT NULL) OR (owner_id IS NULL AND :ownerId IS NOT NULL)
      OR (company_id IS NULL AND ${company} IS NOT NULL))`);

/** Who brought the company, now that the person has an id. */
const linkCompanySource = (gate: string) =>
  defineStatement(`
  UPDATE company SET source_person_id = ${person}
  WHERE id = ${company} AND creation_id = :id AND first_touch_origin_id IS NOT NULL AND source_person_id IS NULL AND ${gate}`);

/** `touches`: JSON `[{ at, key, landingPage, clickIdName, clickIdValue, raw }]`, oldest first. */
const insertTouches = (gate: string) =>
  defineStatement(`
  INSERT INTO touch (person_id, at, origin_id, landing_page_id, click_id_name, click_id_value, raw)
  SELECT ${person}, t.value ->> 'at', ${originId("t.value ->> 'key'")},
    ${valueId('landingPage', "t.value ->> 'landingPage'")}, t.value ->> 'clickIdName', t.value ->> 'clickIdValue',
    t.value ->> 'raw'
  FROM json_each(:touches) t WHERE ${gate}
  ON CONFLICT DO NOTHING`);

const completeSubmission = defineStatement(`
  UPDATE submission SET
    person_id = ${person}, company_id = ${company},
    created_person = ${personIsNew},
    created_company = EXISTS (SELECT 1 FROM company WHERE id = ${company} AND creation_id = :id),
    origin_id = ${originId(':inForceKey')}, touch_at = :inForceAt,
    landing_page_id = ${valueId('landingPage', ':inForceLandingPage')},
    journey = (SELECT json_group_array(touch.id) FROM json_each(:touches) t
      JOIN touch ON touch.person_id = ${person} AND touch.at = t.value ->> 'at'
        AND touch.origin_id = ${originId("t.value ->> 'key'")})
  WHERE id = :id AND person_id IS NULL`);

const countFormDay = defineStatement(`
  INSERT INTO form_day (form_id, day, submissions, new_leads, last_at)
  SELECT :formId, :day, 1, ${personIsNew}, :at WHERE ${submissionGate}
  ON CONFLICT DO UPDATE SET submissions = submissions + 1, new_leads = new_leads + excluded.new_leads,
    last_at = max(last_at, excluded.last_at)`);

/** `consents`: JSON `[{ purpose, text }]`. */
const insertConsents = (gate: string) =>
  defineStatement(`
  INSERT INTO consent (person_id, purpose, text, at, form_id, submission_id)
  SELECT ${person}, c.value ->> 'purpose', c.value ->> 'text', :at, :formId, :submissionId
  FROM json_each(:consents) c WHERE ${gate}`);

const insertMember = defineStatement(`
  INSERT INTO selection_member (selection_id, member_id, added_at)
  SELECT :selectionId, ${person}, :now
  WHERE ${submissionGate} AND EXISTS (SELECT 1 FROM selection WHERE id = :selectionId AND kind = 'static')
  ON CONFLICT DO NOTHING`);

const releaseQuarantined = defineStatement(`
  UPDATE quarantine SET status = 'released', payload = 'null' WHERE id = :id AND ${submissionGate}`);

const readOutcome = defineStatement(`
  SELECT ${versionHolds} AS version_holds,
    ${person} AS person_id,
    ${personIsNew} AS created_person,
    (SELECT id FROM submission WHERE id = :id) AS submission_id,
    coalesce((SELECT id FROM submission WHERE form_id = :formId AND idempotency_key = :idempotencyKey AND id <> :id),
      (SELECT id FROM quarantine WHERE form_id = :formId AND idempotency_key = :idempotencyKey AND id <> :id),
      (SELECT id FROM submission WHERE content_hash = :contentHash AND at > :contentSince AND id <> :id ORDER BY at LIMIT 1)
    ) AS duplicate_of`);

function defineIntake(gate: string) {
  return {
    insertCompany: insertCompany(gate),
    fillCompany: fillCompany(gate),
    insertPerson: insertPerson(gate),
    fillPerson: fillPerson(gate),
    linkCompanySource: linkCompanySource(gate),
    insertTouches: insertTouches(gate),
    insertConsents: insertConsents(gate),
  };
}

const byForm = defineIntake(submissionGate);
const byApi = {
  ...defineIntake(versionHolds),
  // A list sent every night must not add a direct touch to everybody each time: a stand-in is for the new alone.
  insertTouches: insertTouches(`${versionHolds} AND (t.value ->> 'standIn' IS NULL OR ${personIsNew})`),
  setCategory: setCategoryByLeadStatus({ personId: person, condition: `${versionHolds} AND ${personIsNew}` }),
};

/** The prepared lead in the names that the statements use, and which of the optional parts it has. */
export type IntakeArgs = {
  id: string;
  args: StatementArgs;
  kind: 'form' | 'release' | 'api';
  hasCompany: boolean;
  hasConsents: boolean;
  hasSelection: boolean;
};

/** The batch that stores one lead; its last result is the outcome, read by `readIntakeOutcome`. */
export function intakeStatements({ args, kind, hasCompany, hasConsents, hasSelection }: IntakeArgs): InStatement[] {
  const isForm = kind !== 'api';
  const step = isForm ? byForm : byApi;
  return [
    ...(isForm ? [insertSubmission(args)] : []),
    insertValues(args),
    insertOrigins(args),
    ...(hasCompany ? [step.insertCompany(args), step.fillCompany(args)] : []),
    step.insertPerson(args),
    step.fillPerson(args),
    ...(hasCompany ? [step.linkCompanySource(args)] : []),
    step.insertTouches(args),
    ...(isForm ? [countFormDay(args)] : []),
    ...(hasConsents ? [step.insertConsents(args)] : []),
    ...(!isForm && hasCompany ? [byApi.setCategory(args)] : []),
    ...(hasSelection && isForm ? [insertMember(args)] : []),
    ...(kind === 'release' ? [releaseQuarantined(args)] : []),
    ...(isForm ? [completeSubmission(args)] : []),
    readOutcome(args),
  ];
}

export type IntakeOutcome =
  | { state: 'stored'; personId: number; createdPerson: boolean }
  | { state: 'duplicate'; submissionId: string }
  /** Settings have changed since they were read: prepare anew. */
  | { state: 'stale' }
  | { state: 'closed' };

export function readIntakeOutcome({
  row,
  kind,
}: {
  row: Record<string, unknown>;
  kind: IntakeArgs['kind'];
}): IntakeOutcome {
  const stored = kind === 'api' ? Boolean(row['version_holds']) : row['submission_id'] !== null;
  if (stored) {
    return { state: 'stored', personId: Number(row['person_id']), createdPerson: Boolean(row['created_person']) };
  }
  if (typeof row['duplicate_of'] === 'string') return { state: 'duplicate', submissionId: row['duplicate_of'] };
  return row['version_holds'] ? { state: 'closed' } : { state: 'stale' };
}
