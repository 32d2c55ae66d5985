import { aliasedTable, sql } from 'drizzle-orm';
import type { SQL, SQLChunk } from 'drizzle-orm';
import { automationRules } from '../../domain/settings/automation.ts';
import type { AutomationRule, CategoryTrigger, DealRule } from '../../domain/settings/automation.ts';
import { category, leadStatus } from '../schema/people.ts';

const held = aliasedTable(category, 'held');
const status = aliasedTable(leadStatus, 'status');

/**
 * Whether a rule gives a company a category: there is one to give, the company has another one or none, and the rule may
 * overwrite the group of the one it has.
 */
function ruleApplies({ rule: { overwrites }, current, given }: Categories & { rule: AutomationRule }): SQL {
  if (overwrites.length === 0) return sql`(${current} IS NULL AND ${given} IS NOT NULL)`;
  const groups = overwrites.map((group) => sql`${group}`);
  return sql`(${given} IS NOT NULL AND ${current} IS NOT ${given} AND (${current} IS NULL
      OR EXISTS (SELECT 1 FROM ${category} held WHERE ${held.id} = ${current} AND ${held.group} IN (${sql.join(groups, sql`, `)}))))`;
}

type Categories = { current: SQLChunk; given: SQLChunk };

/** The category that a lead status sets, or NULL. */
export const categoryOfStatus = (statusId: SQLChunk): SQL =>
  sql`(SELECT ${status.setsCategoryId} FROM ${leadStatus} status WHERE ${status.id} = ${statusId})`;

/** Whether a company with the category `current` gets the one that a lead status sets (`categoryOfStatus`). */
export const statusSetsCategory = (categories: Categories): SQL =>
  ruleApplies({ rule: automationRules.leadStatusSet, ...categories });

/** Whether a company with the category `current` gets the one that a new lead brings. */
export const leadSetsCategory = (categories: Categories): SQL =>
  ruleApplies({ rule: automationRules.leadArrives, ...categories });

const dealRules = Object.entries(automationRules.deals) as Array<[CategoryTrigger, DealRule]>;

/** Rows `(cause, from_state, to_state, is_first, rank)`: which rules apply when a deal changes its state. */
export const dealRuleRows: SQL = sql.join(
  dealRules.flatMap(([cause, { from, to, goesBeforeLaterDeals }], rank) =>
    from.flatMap((before) =>
      to.map((after) => sql`(${cause}, ${before}, ${after}, ${goesBeforeLaterDeals ? 1 : 0}, ${rank})`),
    ),
  ),
  sql`, `,
);

/** Rows `(cause, to_state, is_first, rank)`: the rules that apply when a deal comes to a company that did not have it. */
export const newDealRuleRows: SQL = sql.join(
  dealRules.flatMap(([cause, { from, to, goesBeforeLaterDeals }], rank) =>
    from.includes('none') ? to.map((after) => sql`(${cause}, ${after}, ${goesBeforeLaterDeals ? 1 : 0}, ${rank})`) : [],
  ),
  sql`, `,
);

/** Whether a company with the category `current` gets the one that the rule named `cause` gives. */
export const dealSetsCategory = ({ cause, ...categories }: Categories & { cause: SQLChunk }): SQL =>
  sql`(${sql.join(
    dealRules.map(([name, rule]) => sql`${cause} = ${name} AND ${ruleApplies({ rule, ...categories })}`),
    sql` OR `,
  )})`;
