import { sql } from 'drizzle-orm';
import { category, categoryProposal, company, companyMerge, leadStatus, person } from '../schema/people.ts';
import { changeAuthor } from '../schema/record-changes.ts';
import { defineTrigger, defineWholeView, note } from './objects.ts';
import type { ProgramObject } from './objects.ts';
import { lastAuthor } from './record-changes.ts';
import { assignments, columnsOf, insertSelect, newRow, oldRow, rowOf } from './render-sql.ts';

/**
 * Where automation gives a company a category, it inserts a row here: the one place that sets the category, or proposes it where the
 * category asks for a confirmation. Whether a rule applies is up to the caller (db/fragments/automation.ts).
 */
export const categoryChange = defineWholeView({
  name: 'category_change',
  comment: 'Holds nothing. A row inserted here is a category that automation gives a company, or proposes.',
  columns: ['companyId', 'categoryId', 'cause', 'at'],
  select: sql`SELECT NULL AS company_id, NULL AS category_id, NULL AS cause, NULL AS at WHERE false`,
});

const given = newRow(categoryChange.table);
const [wasCompany, isCompany] = [oldRow(company), newRow(company)];
const companies = columnsOf(company);
const categories = columnsOf(category);
const proposals = columnsOf(categoryProposal);
const excluded = rowOf(categoryProposal, 'excluded');
const people = columnsOf(person);
const statuses = columnsOf(leadStatus);
const merge = rowOf(companyMerge, 'm');
const author = rowOf(changeAuthor, 'a');
const authors = columnsOf(changeAuthor);
/** A company that gets its category from the one merged into it is not moved into a category. */
const isMerging = sql`EXISTS (SELECT 1 FROM ${companyMerge} m WHERE ${merge.companyId} = ${isCompany.id} AND ${merge.undoneAt} = 0)`;

/** Of the category that is given. An archived one is given no more. */
const isGiven = (needsConfirmation: 0 | 1) =>
  sql`EXISTS (SELECT 1 FROM ${category} WHERE ${categories.id} = ${given.categoryId} AND ${categories.archivedAt} IS NULL AND ${categories.needsConfirmation} = ${needsConfirmation})`;
const defaultStatus = sql`(SELECT ${statuses.id} FROM ${leadStatus} WHERE ${statuses.isDefault} = 1)`;

export const categoryChanges: ProgramObject[] = [
  categoryChange.object,
  defineTrigger({
    name: 'category_change_made',
    event: 'INSTEAD OF INSERT',
    on: categoryChange.table,
    statements: [
      sql`${note('The history of the company names the rule.')}${insertSelect(
        changeAuthor,
        {
          at: sql`coalesce(${author.at}, ${given.at})`,
          via: sql`'automation'`,
          rule: given.cause,
          keyId: author.keyId,
          keyName: author.keyName,
          userId: author.userId,
          userName: author.userName,
        },
        sql` FROM ${lastAuthor} WHERE ${author.via} IS NOT 'none' AND ${isGiven(0)}`,
      )}`,
      sql`UPDATE ${company} SET ${assignments(company, { categoryId: given.categoryId, updatedAt: given.at })} WHERE ${companies.id} = ${given.companyId} AND ${isGiven(0)}`,
      sql`DELETE FROM ${changeAuthor} WHERE ${authors.via} = 'automation'`,
      sql`${note('A later proposal takes the place of the one that waits.')}${insertSelect(
        categoryProposal,
        {
          companyId: companies.id,
          fromCategoryId: companies.categoryId,
          categoryId: given.categoryId,
          cause: given.cause,
          at: given.at,
        },
        sql` FROM ${company} WHERE ${companies.id} = ${given.companyId} AND ${isGiven(1)}`,
      )}
  ON CONFLICT (${sql.raw(proposals.companyId.name)}) WHERE state = 'pending' DO UPDATE SET ${assignments(
    categoryProposal,
    {
      fromCategoryId: excluded.fromCategoryId,
      categoryId: excluded.categoryId,
      cause: excluded.cause,
      at: excluded.at,
    },
  )}`,
    ],
  }),
  defineTrigger({
    name: 'company_category_changed',
    comment:
      'A proposal for a company that gets another category is about what is no more. A category can give the people of the company the default lead status again.',
    event: 'AFTER UPDATE',
    of: [company.categoryId],
    on: company,
    when: sql`${wasCompany.categoryId} IS NOT ${isCompany.categoryId}`,
    statements: [
      sql`UPDATE ${categoryProposal} SET ${assignments(categoryProposal, { state: sql`'outdated'`, decidedAt: isCompany.updatedAt })} WHERE ${proposals.companyId} = ${isCompany.id} AND ${proposals.state} = 'pending'`,
      sql`UPDATE ${person} SET ${assignments(person, { leadStatusId: defaultStatus, updatedAt: isCompany.updatedAt })} WHERE ${people.companyId} = ${isCompany.id} AND ${people.leadStatusId} IS NOT ${defaultStatus} AND ${people.id} > 0
    AND EXISTS (SELECT 1 FROM ${category} WHERE ${categories.id} = ${isCompany.categoryId} AND ${categories.resetsLeadStatus} = 1)
    AND NOT ${isMerging}`,
    ],
  }),
];
