import type { DealStatus } from '../deals/deal-statuses.ts';

/** The groups of company categories. */
export const categoryGroups = ['Potential customer', 'Customer', 'Lost', 'Partner', 'Other'] as const;
export type CategoryGroup = (typeof categoryGroups)[number];

/** What a deal is to its company: `none` before the company has the deal. */
type DealState = DealStatus | 'none';

/** A rule gives a company a category. A company without a category can always be given one. */
export type AutomationRule = {
  /** A company that has a category of one of these groups is changed too. One of any other group never is. */
  overwrites: readonly CategoryGroup[];
};

/** A rule for deals. The category is the one that lists the rule's name in `setOn`. */
export type DealRule = AutomationRule & {
  /** The rule applies when a deal goes from one of these states to one of those. */
  from: readonly DealState[];
  to: readonly DealStatus[];
  /** Among several deals of one request: whether the rule goes before those of later deals. */
  goesBeforeLaterDeals: boolean;
};

/** As in SuperOffice: automation takes no company out of the groups Customer, Lost, Partner and Other. */
const overwrites = ['Potential customer'] as const;

/** Rules for deals. Where several apply to one deal, the one declared later decides. */
const dealRules = {
  /** A deal is registered, or comes to another company. */
  dealRegistered: { overwrites, from: ['none'], to: ['open', 'won', 'lost'], goesBeforeLaterDeals: false },
  dealWon: { overwrites, from: ['none', 'open', 'lost'], to: ['won'], goesBeforeLaterDeals: true },
  dealLost: { overwrites, from: ['none', 'open', 'won'], to: ['lost'], goesBeforeLaterDeals: false },
} as const satisfies Record<string, DealRule>;

/** Names that a category can list in `setOn`. */
export type CategoryTrigger = keyof typeof dealRules;
/** What can propose a category: a rule for deals, a lead status, or a lead that arrives. */
export type AutomationCause = CategoryTrigger | 'leadStatusSet' | 'leadArrived';
export const categoryTriggers = Object.keys(dealRules) as [CategoryTrigger, ...CategoryTrigger[]];
/** What became of a proposed category. `outdated`: the company got another one meanwhile. */
export const proposalStates = ['pending', 'confirmed', 'declined', 'outdated'] as const;
export const automationCauses = [
  ...categoryTriggers,
  'leadStatusSet',
  'leadArrived',
] as const satisfies AutomationCause[];

/**
 * Everything that sets a company's category without anybody asking for it. db/fragments/automation.ts makes SQL of it, which the
 * database's triggers and the services share.
 */
export const automationRules = {
  /** A lead arrives: the default category of its form, else the one that its status sets. Never turns a customer into a lead. */
  leadArrives: { overwrites: [] },
  /** A person gets a lead status: the category that the status sets (`setsCategory`). */
  leadStatusSet: { overwrites },
  deals: dealRules as Record<CategoryTrigger, DealRule>,
} as const satisfies {
  leadArrives: AutomationRule;
  leadStatusSet: AutomationRule;
  deals: Record<CategoryTrigger, DealRule>;
};
