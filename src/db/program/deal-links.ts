import { sql } from 'drizzle-orm';
import type { Column, SQL, SQLChunk } from 'drizzle-orm';
import { newDealRuleRows, dealSetsCategory } from '../fragments/automation.ts';
import { deal } from '../schema/deals.ts';
import { category, company, person, personEmail } from '../schema/people.ts';
import { categoryChange } from './category-changes.ts';
import { defineTrigger, defineWholeView, note } from './objects.ts';
import type { ProgramObject } from './objects.ts';
import { all, assignments, columnsOf, insertSelect, newRow, oldRow, rowOf } from './render-sql.ts';

/** A row inserted here links the deals that wait for an address or a domain. */
const dealLink = defineWholeView({
  name: 'deal_link',
  comment:
    'Holds nothing. A row inserted here says who an e-mail address or a domain belongs to: deals that wait for it are linked.',
  columns: ['personId', 'companyId', 'email', 'domain', 'at'],
  select: sql`SELECT NULL AS person_id, NULL AS company_id, NULL AS email, NULL AS domain, NULL AS at WHERE false`,
});

const own = columnsOf(deal);
const d = rowOf(deal, 'd');
const c = rowOf(category, 'c');
const k = rowOf(company, 'k');
const link = newRow(dealLink.table);
const [wasPerson, isPerson] = [oldRow(person), newRow(person)];
const [wasCompany, isCompany] = [oldRow(company), newRow(company)];
const newEmail = newRow(personEmail);
const people = columnsOf(person);

const waitForEmail = (email: Column): SQL => sql`${own.linkEmail} = ${email} AND ${own.personId} IS NULL`;
const waitForDomain = (domain: Column): SQL => sql`${own.linkDomain} = ${domain} AND ${own.companyId} IS NULL`;
const someWait = (condition: SQL): SQL => sql`EXISTS (SELECT 1 FROM ${deal} WHERE ${condition})`;

/**
 * The category that the deals give the company that they come to: by the rules for deals, as if they were registered with it now. A rule
 * that goes before later deals decides, else the last deal (as db/queries/deals/store-deals.ts has it).
 */
const setCategory = insertSelect(
  categoryChange.table,
  { companyId: sql`e.company_id`, categoryId: sql`e.category_id`, cause: sql`e.cause`, at: link.at },
  sql`
  FROM (SELECT ${k.id} AS company_id, ${k.categoryId} AS current_id, rule.cause AS cause, ${c.id} AS category_id
    FROM ${deal} d
    JOIN (SELECT column1 AS cause, column2 AS to_state, column3 AS is_first, column4 AS rank FROM (VALUES ${newDealRuleRows})) rule
      ON rule.to_state = ${d.status}
    JOIN ${category} c ON ${c.archivedAt} IS NULL AND EXISTS (SELECT 1 FROM json_each(${c.setOn}) s WHERE s.value = rule.cause)
    JOIN ${company} k ON ${k.id} = ${link.companyId}
    WHERE ${d.companyId} IS NULL AND ${d.id} IN (SELECT ${own.id} FROM ${deal} WHERE ${waitForEmail(link.email)}
      UNION ALL SELECT ${own.id} FROM ${deal} WHERE ${waitForDomain(link.domain)})
    ORDER BY rule.is_first DESC, ${d.id} DESC, rule.rank DESC, ${c.position}, ${c.id} LIMIT 1) e
  WHERE ${dealSetsCategory({ cause: sql`e.cause`, current: sql`e.current_id`, given: sql`e.category_id` })}`,
);

const linkWaiting = (values: {
  personId?: SQLChunk;
  companyId: SQLChunk;
  email?: SQLChunk;
  domain?: SQLChunk;
  at: SQLChunk;
}): SQL => insertSelect(dealLink.table, values);

const ofPerson = linkWaiting({
  personId: isPerson.id,
  companyId: isPerson.companyId,
  email: isPerson.email,
  at: isPerson.updatedAt,
});
const ofCompany = linkWaiting({ companyId: isCompany.id, domain: isCompany.domain, at: isCompany.updatedAt });
const ofAddress = linkWaiting({
  personId: newEmail.personId,
  companyId: sql`(SELECT ${people.companyId} FROM ${person} WHERE ${people.id} = ${newEmail.personId})`,
  email: newEmail.email,
  at: sql`(SELECT ${people.updatedAt} FROM ${person} WHERE ${people.id} = ${newEmail.personId})`,
});

/**
 * A deal whose e-mail address or domain is known to nobody waits, and links itself in the transaction in which the person or the company
 * comes, whatever stores them: a form, the API, an import, a merge. One look-up in an index for each new person and company.
 */
export const dealLinks: ProgramObject[] = [
  dealLink.object,
  defineTrigger({
    name: 'deal_link_made',
    event: 'INSTEAD OF INSERT',
    on: dealLink.table,
    statements: [
      setCategory,
      sql`${note('By address to the person and their company. Only empty links are filled.')}UPDATE ${deal} SET ${assignments(
        deal,
        {
          personId: link.personId,
          companyId: sql`coalesce(${own.companyId}, ${link.companyId})`,
          linkEmail: sql`NULL`,
          linkDomain: sql`iif(${link.companyId} IS NULL, ${own.linkDomain}, NULL)`,
          updatedAt: link.at,
        },
      )} WHERE ${waitForEmail(link.email)}`,
      sql`UPDATE ${deal} SET ${assignments(deal, {
        companyId: link.companyId,
        linkDomain: sql`NULL`,
        updatedAt: link.at,
      })} WHERE ${waitForDomain(link.domain)}`,
    ],
  }),
  defineTrigger({
    name: 'deal_link_person_added',
    event: 'AFTER INSERT',
    on: person,
    when: someWait(waitForEmail(isPerson.email)),
    statements: [ofPerson],
  }),
  defineTrigger({
    name: 'deal_link_person_renamed',
    event: 'AFTER UPDATE',
    of: [person.email],
    on: person,
    when: all([sql`${wasPerson.email} IS NOT ${isPerson.email}`, someWait(waitForEmail(isPerson.email))]),
    statements: [ofPerson],
  }),
  defineTrigger({
    name: 'deal_link_email_added',
    comment: 'A further address of a person.',
    event: 'AFTER INSERT',
    on: personEmail,
    when: someWait(waitForEmail(newEmail.email)),
    statements: [ofAddress],
  }),
  defineTrigger({
    name: 'deal_link_company_added',
    event: 'AFTER INSERT',
    on: company,
    when: someWait(waitForDomain(isCompany.domain)),
    statements: [ofCompany],
  }),
  defineTrigger({
    name: 'deal_link_company_renamed',
    event: 'AFTER UPDATE',
    of: [company.domain],
    on: company,
    when: all([sql`${wasCompany.domain} IS NOT ${isCompany.domain}`, someWait(waitForDomain(isCompany.domain))]),
    statements: [ofCompany],
  }),
];
