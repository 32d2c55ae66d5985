import { eq, sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { selectDealsWith, toDealView } from '../../db/queries/deals/read-deals.ts';
import type { DealRow, DealView } from '../../db/queries/deals/read-deals.ts';
import type { CompanyReference, PersonReference } from '../../db/queries/references.ts';
import { leadsColumn, readLeads } from '../../db/queries/deals/suggest-leads.ts';
import { deal } from '../../db/schema/deals.ts';
import { chooseLead } from '../../domain/deals/suggest-lead.ts';
import type { SuggestedLead } from '../../domain/deals/suggest-lead.ts';
import { notFound } from '../../domain/errors.ts';
import type { ListQuery } from '../../domain/lists/list-info.ts';
import type { ListContext, PreparedList } from '../lists/prepare-list.ts';
import { listOfEntity, prepareSegmentList } from '../segments/prepare-segment-list.ts';

type Lead = SuggestedLead<PersonReference, CompanyReference>;

/** Whom a deal without a lead may belong to. `refused`: those that are about as likely, where nobody is suggested for that. */
export type LeadSuggestion = { suggestion: Lead | null; refused: Lead[] };

export const unlinkedDealList = listOfEntity('deal', 'deals/suggestions');

const leads = leadsColumn.as('leads');
type Row = DealRow & { leads: string };

/** Deals that belong to no person and no company, each with whom it may belong to: one request. */
export function listUnlinkedDeals(context: ListContext, query: ListQuery): PreparedList<DealView & LeadSuggestion> {
  return prepareSegmentList<Row, DealView & LeadSuggestion>(context, {
    entity: 'deal',
    list: unlinkedDealList,
    query,
    options: { and: sql`${deal.personId} IS NULL AND ${deal.companyId} IS NULL` },
    records: ({ where, orderBy, position }) =>
      selectDealsWith(context.db, { ...position, leads })
        .where(where)
        .orderBy(...orderBy),
    toItem: (row) => ({ ...toDealView(row), ...suggest(row) }),
  });
}

/** Of one deal; of one that has a lead, nothing. @throws KildeError `not_found`. */
export async function suggestLead({ db }: { db: Database }, { id }: { id: number }): Promise<LeadSuggestion> {
  const [row] = await selectDealsWith(db, { leads }).where(eq(deal.id, id));
  if (!row) throw notFound('deal');
  return row.person || row.company ? { suggestion: null, refused: [] } : suggest(row);
}

function suggest({ name, linkEmail, leads: found }: Row): LeadSuggestion {
  return chooseLead(readLeads(found), { name, email: linkEmail });
}
