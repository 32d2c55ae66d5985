import { sql } from 'drizzle-orm';
import { dealRuleRows, dealSetsCategory } from '../fragments/automation.ts';
import { renderSql } from '../program/render-sql.ts';
import { defineStatement } from '../statement.ts';

/**
 * The statements that upsert deals, in one transaction and one round trip. Each asks first whether all that the rows
 * refer to exists: where one thing is missing nothing is written, and the first statement's rows say what.
 *
 * `:rows` is a JSON list of `DealRow`. A key that is left out keeps what the deal has.
 */

/** Whether a row has a key, with null or a value. */
const has = (key: string) => `json_type(g.value, '$.${key}') IS NOT NULL`;
const given = (key: string) => `(g.value ->> '${key}')`;

/** What each deal is to be, beside what it was. One closed on the day that it was registered on was there from then on. */
const resolved = `
  linked AS MATERIALIZED (
    SELECT g.key AS place, g.value AS value, d.id AS prior_id, d.status AS prior_status, d.company_id AS prior_company_id,
      coalesce(${given('status')}, d.status, 'open') AS status,
      iif(${has('personId')} OR ${has('email')}, p.id, d.person_id) AS person_id,
      CASE
        WHEN ${has('companyId')} OR ${has('companyDomain')} THEN c.id
        ELSE NULL
      END AS named_company_id,
      ${given('personId')} IS NOT NULL AND p.id IS NULL AS person_missing,
      ${given('companyId')} IS NOT NULL AND c.id IS NULL AS company_missing,
      ${given('ownerId')} IS NOT NULL AND o.id IS NULL AS owner_missing,
      d.name AS prior_name, d.name_fold AS prior_name_fold, d.owner_id AS prior_owner_id, d.person_id AS prior_person_id,
      d.registered_at AS prior_registered_at, d.closed_at AS prior_closed_at
    FROM json_each(:rows) g
    LEFT JOIN deal d ON d.external_id = ${given('externalId')}
    LEFT JOIN person p ON p.id = coalesce(${given('personId')},
      (SELECT person_id FROM person_email WHERE email = ${given('email')}),
      (SELECT id FROM person WHERE email = ${given('email')}))
    LEFT JOIN company c ON c.id = coalesce(${given('companyId')},
      (SELECT id FROM company WHERE domain = ${given('companyDomain')}))
    LEFT JOIN owner o ON o.id = ${given('ownerId')}),
  resolved AS MATERIALIZED (
    SELECT g.*,
      CASE
        WHEN ${has('companyId')} THEN g.named_company_id
        WHEN g.person_id IS g.prior_person_id THEN coalesce(g.named_company_id, g.prior_company_id, w.company_id, m.id)
        ELSE coalesce(g.named_company_id, w.company_id, m.id, g.prior_company_id)
      END AS company_id,
      CASE
        WHEN g.status = 'open' THEN NULL
        WHEN ${given('registeredAt')} IS NULL AND g.prior_registered_at BETWEEN ${given('closedAt')} AND ${given('closedBefore')} - 1
          THEN g.prior_registered_at
        WHEN ${given('closedAt')} IS NOT NULL THEN ${given('closedAt')}
        WHEN g.status = g.prior_status THEN g.prior_closed_at
        ELSE :now
      END AS closed_at
    FROM linked g
    LEFT JOIN person w ON w.id = g.person_id
    LEFT JOIN company m ON m.domain = ${given('mailDomain')})`;

const nothingMissing = `NOT EXISTS (SELECT 1 FROM linked WHERE person_missing OR company_missing OR owner_missing)`;

/** One row for each deal, in order, read before anything is written. */
const readResolved = defineStatement(`
  WITH ${resolved}
  SELECT prior_id, person_id, company_id, named_company_id, person_missing, company_missing, owner_missing
  FROM resolved ORDER BY place`);

const ofRule = dealSetsCategory({
  cause: sql`effect.cause`,
  current: sql`company.category_id`,
  given: sql`effect.category_id`,
});

/**
 * Sets the categories of the companies by the rules for deals (domain/automation.ts). Of several deals of one company, a rule
 * that goes before later deals decides, else the last deal.
 */
const setCategories = defineStatement(`
  WITH ${resolved},
  rule (cause, from_state, to_state, is_first, rank) AS (VALUES ${renderSql(dealRuleRows)}),
  effect AS (
    SELECT e.company_id, rule.cause, c.id AS category_id,
      row_number() OVER (PARTITION BY e.company_id
        ORDER BY rule.is_first DESC, e.place DESC, rule.rank DESC, c.position, c.id) AS turn
    FROM resolved e
    JOIN rule ON rule.to_state = e.status
      AND rule.from_state = iif(e.prior_company_id IS e.company_id, coalesce(e.prior_status, 'none'), 'none')
    JOIN category c ON EXISTS (SELECT 1 FROM json_each(c.set_on) s WHERE s.value = rule.cause)
    WHERE e.company_id IS NOT NULL)
  UPDATE company SET category_id = effect.category_id, updated_at = :now
  FROM effect
  WHERE company.id IN (SELECT company_id FROM effect) AND effect.turn = 1 AND company.id = effect.company_id
    AND ${nothingMissing}
    AND ${renderSql(ofRule)}`);

const upsertRows = defineStatement(`
  WITH ${resolved}
  INSERT INTO deal (external_id, name, name_fold, person_id, company_id, owner_id, status, amount_minor, currency,
    registered_at, closed_at, updated_at)
  SELECT ${given('externalId')}, iif(${has('name')}, ${given('name')}, g.prior_name),
    iif(${has('name')}, ${given('nameFold')}, g.prior_name_fold), g.person_id, g.company_id,
    iif(${has('ownerId')}, ${given('ownerId')}, g.prior_owner_id), g.status, ${given('amountMinor')}, ${given('currency')},
    coalesce(${given('registeredAt')}, g.prior_registered_at, min(:now, coalesce(g.closed_at, :now))), g.closed_at, :now
  FROM resolved g WHERE ${nothingMissing} ORDER BY g.place
  ON CONFLICT (external_id) DO UPDATE SET name = excluded.name, name_fold = excluded.name_fold,
    person_id = excluded.person_id, company_id = excluded.company_id, owner_id = excluded.owner_id,
    status = excluded.status, amount_minor = excluded.amount_minor, currency = excluded.currency,
    registered_at = excluded.registered_at, closed_at = excluded.closed_at, updated_at = excluded.updated_at
  RETURNING id, external_id`);

/** A deal as it is written. What is undefined stays as it is; null empties. */
export type DealRow = {
  externalId: string;
  name?: string | null | undefined;
  nameFold?: string | null | undefined;
  status?: string | undefined;
  amountMinor: number;
  currency: string;
  registeredAt?: number | undefined;
  closedAt?: number | undefined;
  /** Where a day was given: its end. */
  closedBefore?: number | undefined;
  personId?: number | null | undefined;
  /** Normalised. */
  email?: string | null | undefined;
  companyId?: number | null | undefined;
  /** Registrable. */
  companyDomain?: string | null | undefined;
  /** The company's domain as the e-mail address tells it, for a person who is not known. */
  mailDomain?: string | undefined;
  ownerId?: number | null | undefined;
};

/** The batch; read its results in order: what each row refers to, categories, ids. */
export function storeDealStatements({ rows, now }: { rows: DealRow[]; now: number }) {
  const args = { rows: JSON.stringify(rows), now };
  return [readResolved(args), setCategories(args), upsertRows(args)];
}
