import { sql } from 'drizzle-orm';
import { dealRuleRows, dealSetsCategory } from '../../fragments/automation.ts';
import { renderSql } from '../../program/render-sql.ts';
import { defineStatement } from '../../statement.ts';

/**
 * The statements that upsert deals, in one transaction and one round trip. Each asks first whether all rows
 * can be stored: where one is refused nothing is written, and the first statement's rows say why.
 *
 * `:rows` is a JSON list of `DealRow`. A key that is left out keeps what the deal has.
 */

/** Whether a row has a key, with null or a value. */
const has = (key: string) => `json_type(g.value, '$.${key}') IS NOT NULL`;
const given = (key: string) => `(g.value ->> '${key}')`;

/** In percent, as it is shown: a won deal is certain, a lost one is not. */
const shownProbability = `CASE d.status WHEN 'won' THEN 100 WHEN 'lost' THEN 0 ELSE d.probability END`;

/** The first stage of a pipeline with a status. */
const firstStage = (column: string, pipelineId: string, status: string) =>
  `(SELECT f.${column} FROM stage f WHERE f.pipeline_id = ${pipelineId} AND f.status = ${status} ORDER BY f.position, f.id LIMIT 1)`;

/** By its own domain, else by that of a company merged into it. */
const companyOfDomain = (domain: string) =>
  `coalesce((SELECT id FROM company WHERE domain = ${domain}),
      (SELECT company_id FROM company_alias WHERE kind = 'domain' AND value = ${domain}))`;

/** What a row refers to, beside what the deal was. */
const linked = `
  linked AS MATERIALIZED (
    SELECT g.key AS place, g.value AS value, d.id AS prior_id, d.external_id AS prior_external_id, d.status AS prior_status,
      d.company_id AS prior_company_id, d.name AS prior_name, d.name_fold AS prior_name_fold, d.owner_id AS prior_owner_id,
      d.person_id AS prior_person_id, d.registered_at AS prior_registered_at, d.closed_at AS prior_closed_at,
      d.amount_minor AS prior_amount_minor, d.currency AS prior_currency, d.stage_id AS prior_stage_id,
      d.probability AS prior_probability, ${shownProbability} AS prior_shown_probability,
      d.expected_close_day AS prior_expected_close_day, d.next_step_text AS prior_next_step_text,
      d.next_step_day AS prior_next_step_day, d.lost_reason AS prior_lost_reason, d.link_email AS prior_link_email,
      d.link_domain AS prior_link_domain,
      coalesce(gs.status, ${given('status')}, d.status, 'open') AS status,
      coalesce(gs.pipeline_id, gp.id, ps.pipeline_id, (SELECT id FROM pipeline WHERE is_default = 1)) AS pipeline_id,
      gs.id AS named_stage_id, ps.pipeline_id AS prior_pipeline_id, ps.status AS prior_stage_status,
      iif(${has('personId')} OR ${has('email')}, p.id, d.person_id) AS person_id,
      CASE
        WHEN ${has('companyId')} OR ${has('companyDomain')} THEN c.id
        ELSE NULL
      END AS named_company_id,
      ${given('id')} IS NOT NULL AND d.id IS NULL AS deal_missing,
      ${given('personId')} IS NOT NULL AND p.id IS NULL AS person_missing,
      ${given('companyId')} IS NOT NULL AND c.id IS NULL AS company_missing,
      ${given('ownerId')} IS NOT NULL AND o.id IS NULL AS owner_missing,
      ${given('stageId')} IS NOT NULL AND gs.id IS NULL AS stage_missing,
      ${given('pipelineId')} IS NOT NULL AND gp.id IS NULL AS pipeline_missing,
      coalesce(gs.status <> ${given('status')}, 0) AS status_contradicts,
      coalesce(gs.pipeline_id <> gp.id, 0) AS pipeline_contradicts,
      ${has('fromStageId')} AND d.stage_id IS NOT ${given('fromStageId')} AS stage_moved,
      ${has('fromOwnerId')} AND d.owner_id IS NOT ${given('fromOwnerId')} AS owner_moved
    FROM json_each(:rows) g
    LEFT JOIN deal d ON d.id = coalesce(${given('id')}, (SELECT id FROM deal WHERE external_id = ${given('externalId')}))
    LEFT JOIN person p ON p.id = coalesce(${given('personId')},
      (SELECT person_id FROM person_email WHERE email = ${given('email')}),
      (SELECT id FROM person WHERE email = ${given('email')}))
    LEFT JOIN company c ON c.id = coalesce(${given('companyId')}, ${companyOfDomain(given('companyDomain'))})
    LEFT JOIN owner o ON o.id = ${given('ownerId')}
    LEFT JOIN stage gs ON gs.id = ${given('stageId')}
    LEFT JOIN stage ps ON ps.id = d.stage_id
    LEFT JOIN pipeline gp ON gp.id = ${given('pipelineId')})`;

/**
 * What each deal is to be. One closed on the day that it was registered on was there from then on. A probability that is sent back as
 * it was shown is not meant for another stage.
 */
const resolved = `${linked},
  staged AS MATERIALIZED (
    SELECT g.*, s.probability AS stage_probability
    FROM (SELECT l.*,
        CASE
          WHEN l.named_stage_id IS NOT NULL THEN l.named_stage_id
          WHEN l.prior_pipeline_id = l.pipeline_id AND l.prior_stage_status = l.status THEN l.prior_stage_id
          ELSE ${firstStage('id', 'l.pipeline_id', 'l.status')}
        END AS stage_id
      FROM linked l) g
    LEFT JOIN stage s ON s.id = g.stage_id),
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
        WHEN g.status = g.prior_status AND NOT ${has('closedAt')} THEN g.prior_closed_at
      END AS closed_at,
      CASE
        WHEN g.status = 'open' AND ${given('probability')} IS NOT NULL
          AND NOT (${given('probability')} IS g.prior_shown_probability AND g.stage_id IS NOT g.prior_stage_id) THEN ${given('probability')}
        WHEN g.status = 'open' AND (g.stage_id IS NOT g.prior_stage_id OR ${has('probability')}) THEN g.stage_probability
        ELSE coalesce(g.prior_probability, ${firstStage('probability', 'g.pipeline_id', "'open'")}, 0)
      END AS probability,
      iif(g.status = 'lost', iif(${has('lostReason')}, ${given('lostReason')}, g.prior_lost_reason), NULL) AS lost_reason
    FROM staged g
    LEFT JOIN person w ON w.id = g.person_id
    LEFT JOIN company m ON m.id = ${companyOfDomain(given('mailDomain'))}),
  checked AS (
    SELECT g.*,
      g.status <> 'open' AND g.closed_at IS NULL AS closed_missing,
      g.status = 'open' AND ${given('id')} IS NOT NULL AND ${given('closedAt')} IS NOT NULL
        AND ${given('closedAt')} IS NOT g.prior_closed_at AS closed_while_open,
      ${has('closedBeforeCreated')} AND g.status <> 'open' AND NOT (${given('registeredAt')} IS g.prior_registered_at
        AND ${given('closedAt')} IS g.prior_closed_at) AS closed_before_created,
      g.status <> 'open' AND ${given('probability')} IS NOT NULL AND ${given('probability')} IS NOT g.prior_shown_probability
        AND ${given('probability')} <> iif(g.status = 'won', 100, 0) AS probability_contradicts,
      g.status <> 'lost' AND ${given('lostReason')} IS NOT NULL AND ${given('lostReason')} IS NOT g.prior_lost_reason AS reason_without_loss
    FROM resolved g)`;

/** Each is a column of `checked`: 1 where the row is refused for it. */
export const dealFaults = [
  'deal_missing',
  'person_missing',
  'company_missing',
  'owner_missing',
  'stage_missing',
  'pipeline_missing',
  'status_contradicts',
  'pipeline_contradicts',
  'probability_contradicts',
  'closed_missing',
  'closed_while_open',
  'closed_before_created',
  'reason_without_loss',
  'stage_moved',
  'owner_moved',
] as const;
export type DealFault = (typeof dealFaults)[number];

const nothingRefused = `NOT EXISTS (SELECT 1 FROM checked WHERE ${dealFaults.join(' OR ')})`;

/** One row for each deal, in order, read before anything is written. */
const readResolved = defineStatement(`
  WITH ${resolved}
  SELECT prior_id, person_id, company_id, named_company_id, ${dealFaults.join(', ')}
  FROM checked ORDER BY place`);

const ofRule = dealSetsCategory({
  cause: sql`effect.cause`,
  current: sql`company.category_id`,
  given: sql`effect.category_id`,
});

/**
 * Sets the categories of the companies by the rules for deals (domain/settings/automation.ts). Of several deals of one company, a rule
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
    JOIN category c ON c.archived_at IS NULL AND EXISTS (SELECT 1 FROM json_each(c.set_on) s WHERE s.value = rule.cause)
    WHERE e.company_id IS NOT NULL)
  INSERT INTO category_change (company_id, category_id, cause, at)
  SELECT company.id, effect.category_id, effect.cause, :now FROM effect CROSS JOIN company ON company.id = effect.company_id
  WHERE effect.turn = 1 AND ${nothingRefused}
    AND ${renderSql(ofRule)}`);

/** The value of a row where it has the key, else what the deal had. */
const orPrior = (key: string, column: string) => `iif(${has(key)}, ${given(key)}, g.prior_${column})`;

/** The columns of a deal in the order in which they are written. */
const written: Record<string, string> = {
  external_id: `coalesce(g.prior_external_id, ${given('externalId')})`,
  name: orPrior('name', 'name'),
  name_fold: `iif(${has('name')}, ${given('nameFold')}, g.prior_name_fold)`,
  person_id: 'g.person_id',
  company_id: 'g.company_id',
  owner_id: orPrior('ownerId', 'owner_id'),
  status: 'g.status',
  amount_minor: `coalesce(${given('amountMinor')}, g.prior_amount_minor)`,
  currency: `coalesce(${given('currency')}, g.prior_currency)`,
  registered_at: `coalesce(${given('registeredAt')}, g.prior_registered_at, min(:now, coalesce(g.closed_at, :now)))`,
  closed_at: 'g.closed_at',
  updated_at: ':now',
  stage_id: 'g.stage_id',
  probability: 'g.probability',
  expected_close_day: orPrior('expectedCloseDay', 'expected_close_day'),
  next_step_text: orPrior('nextStepText', 'next_step_text'),
  next_step_day: `iif(${has('nextStepText')}, ${given('nextStepDay')}, g.prior_next_step_day)`,
  lost_reason: 'g.lost_reason',
  // What the deal waits for (program/deal-links.ts): whoever is known already is linked.
  link_email: `CASE
      WHEN g.person_id IS NOT NULL THEN NULL
      WHEN ${has('email')} OR ${has('personId')} THEN ${given('email')}
      ELSE g.prior_link_email
    END`,
  link_domain: `CASE
      WHEN g.company_id IS NOT NULL THEN NULL
      WHEN ${has('companyDomain')} THEN coalesce(${given('companyDomain')}, ${given('mailDomain')})
      WHEN ${has('companyId')} THEN NULL
      ELSE coalesce(${given('mailDomain')}, g.prior_link_domain)
    END`,
};
const columns = Object.keys(written);

const upsertRows = defineStatement(`
  WITH ${resolved}
  INSERT INTO deal (${columns.join(', ')})
  SELECT ${Object.values(written).join(', ')}
  FROM checked g WHERE ${nothingRefused} ORDER BY g.place
  ON CONFLICT (external_id) DO UPDATE SET ${columns
    .filter((column) => column !== 'external_id')
    .map((column) => `${column} = excluded.${column}`)
    .join(', ')}
  RETURNING id, external_id`);

/** A deal as it is written. What is undefined stays as it is; null empties. */
export type DealRow = {
  /** The deal that is changed; without one it is found or made by `externalId`. */
  id?: number | undefined;
  externalId?: string | undefined;
  name?: string | null | undefined;
  nameFold?: string | null | undefined;
  status?: string | undefined;
  pipelineId?: number | undefined;
  stageId?: number | undefined;
  /** The stage and the owner that the caller has seen: the deal is refused where it has another by now. */
  fromStageId?: number | undefined;
  fromOwnerId?: number | null | undefined;
  /** In percent; null is the stage's. */
  probability?: number | null | undefined;
  expectedCloseDay?: string | null | undefined;
  /** The next step: its text and day go together. */
  nextStepText?: string | null | undefined;
  nextStepDay?: string | null | undefined;
  lostReason?: string | null | undefined;
  /** Both of a new deal. */
  amountMinor?: number | undefined;
  currency?: string | undefined;
  registeredAt?: number | undefined;
  /** Null is refused of a deal that is won or lost. */
  closedAt?: number | null | undefined;
  /** Whether both are given, and contradict each other: refused unless the deal has both already. */
  closedBeforeCreated?: true;
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

/** The batch; read its results in order: what each row refers to and why it is refused, categories, ids. */
export function storeDealStatements({ rows, now }: { rows: DealRow[]; now: number }) {
  const args = { rows: JSON.stringify(rows), now };
  return [readResolved(args), setCategories(args), upsertRows(args)];
}
