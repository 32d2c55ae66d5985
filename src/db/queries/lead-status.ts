import { defineStatement } from '../statement.ts';

/**
 * Automation: a person's lead status sets the category of the company they work at, where the status asks for one.
 * A customer is never turned back into a lead.
 * @param condition SQL that must hold besides.
 */
export function setCategoryByLeadStatus({ personId, condition }: { personId: string; condition: string }) {
  return defineStatement(`
  UPDATE company SET category_id = status.sets_category_id, updated_at = :now
  FROM (SELECT p.company_id, l.sets_category_id FROM person p JOIN lead_status l ON l.id = p.lead_status_id
    WHERE p.id = ${personId}) status
  WHERE company.id = status.company_id AND ${condition}
    AND status.sets_category_id IS NOT NULL AND company.category_id IS NOT status.sets_category_id
    AND NOT EXISTS (SELECT 1 FROM category WHERE id = company.category_id AND category_group = 'Customer')`);
}
