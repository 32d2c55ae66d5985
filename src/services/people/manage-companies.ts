import { and, eq, exists, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { selectCompanies, selectCompaniesOfPage, toCompanyView } from '../../db/queries/people/read-companies.ts';
import type { CompanyView } from '../../db/queries/people/read-companies.ts';
import { canChoose, choiceState } from '../../db/fragments/choices.ts';
import { idOfName } from '../../db/fragments/id-of-name.ts';
import { bulkUpdateRow } from '../../db/schema/bulk-updates.ts';
import { deal } from '../../db/schema/deals.ts';
import { submission } from '../../db/schema/forms.ts';
import { category, company, companyAlias, person, selection, selectionMember } from '../../db/schema/people.ts';
import type { CreatedVia } from '../../domain/capture/created-via.ts';
import { forgetHistory } from '../../db/queries/people/forget-history.ts';
import { selectionLeave } from '../../db/schema/selections.ts';
import { cleanValue } from '../../domain/text-values.ts';
import { conflict, invalidInput, noSuch, notFound } from '../../domain/errors.ts';
import type { InputError } from '../../domain/errors.ts';
import { foldText } from '../../domain/fold-text.ts';
import {
  companyNameKey,
  normalizeCompanyDomain,
  normalizeRegistrationNumber,
} from '../../domain/people/company-name.ts';
import type { ListQuery } from '../../domain/lists/list-info.ts';
import type { ListContext, PreparedList } from '../lists/prepare-list.ts';
import { refusedChoice } from '../refused-choice.ts';
import { listOfEntity, prepareSegmentList } from '../segments/prepare-segment-list.ts';
import type { ListWithin } from '../segments/prepare-segment-list.ts';

type Context = { db: Database; clock: () => number };
type Text = string | null | undefined;

/** What may be written of a company. What is left out stays as it is; null empties. */
export type CompanyFields = {
  name?: string | undefined;
  /** Domain or address of the website; kept as its registrable domain. */
  domain?: Text;
  registrationNumber?: Text;
  country?: Text;
  ownerId?: number | null | undefined;
  categoryId?: number | null | undefined;
  /** Name of the category, in any case. */
  category?: Text;
};

export const companyList = listOfEntity('company', 'companies');

/** Companies, newest first. A domain may be given as the address of a website. */
export function listCompanies(
  context: ListContext,
  query: ListQuery,
  within: ListWithin = {},
): PreparedList<CompanyView> {
  return prepareSegmentList(context, {
    entity: 'company',
    list: companyList,
    query,
    ...within,
    instead: ({ field, op, value }) => {
      const domain = field === 'domain' && op === 'equals' ? normalizeCompanyDomain(value as string) : null;
      return domain === null ? null : hasDomain(domain);
    },
    records: (page) => selectCompaniesOfPage(context.db, page),
    toItem: toCompanyView,
  });
}

/** By its own domain, or by that of a company merged into it. */
const hasDomain = (domain: string): SQL =>
  sql`${company.id} IN (SELECT id FROM company WHERE domain = ${domain}
    UNION ALL SELECT company_id FROM ${companyAlias} WHERE ${companyAlias.kind} = 'domain' AND ${companyAlias.value} = ${domain})`;

/** @throws KildeError `not_found`. */
export async function readCompany({ db }: Pick<Context, 'db'>, { id }: { id: number }): Promise<CompanyView> {
  const [row] = await selectCompanies(db, eq(company.id, id));
  if (!row) throw notFound('company');
  return toCompanyView(row);
}

/** @throws KildeError `conflict` where another company has the domain or the registration number. */
export async function createCompany(
  { db, clock, newId }: Context & { newId: () => string },
  { fields, createdVia }: { fields: CompanyFields & { name: string }; createdVia: CreatedVia },
): Promise<CompanyView> {
  const columns = toColumns(fields);
  const now = clock();
  const creationId = newId();
  const holds = conditions({ columns, id: null });
  const [, rows, checks] = await db.batch([
    db.insert(company).select(
      sql`SELECT NULL, ${columns.name}, ${columns.nameFold}, ${columns.nameKey}, ${columns.domain ?? null},
          ${columns.registrationNumber ?? null}, ${columns.country ?? null}, ${columns.ownerId ?? null},
          ${columns.categoryId ?? null}, ${createdVia}, ${now}, ${now}, ${creationId},
          NULL, NULL, NULL, NULL, NULL, NULL, NULL WHERE ${and(...Object.values(holds))}`,
    ),
    selectCompanies(db, sql`${company.id} = (SELECT max(id) FROM company) AND ${eq(company.creationId, creationId)}`),
    selectChecks(db, { holds, columns }),
  ]);
  if (!rows[0]) refuse(checks[0]!, fields);
  return toCompanyView(rows[0]!);
}

/** @throws KildeError `not_found`; `conflict` where another company has the domain or the registration number. */
export async function updateCompany(
  { db, clock }: Context,
  { id, changes }: { id: number; changes: CompanyFields },
): Promise<CompanyView> {
  const columns = toColumns(changes);
  const holds = conditions({ columns, id });
  const [, rows, checks] = await db.batch([
    db
      .update(company)
      .set({ ...columns, updatedAt: clock() })
      .where(and(eq(company.id, id), ...Object.values(holds))),
    selectCompanies(db, eq(company.id, id)),
    selectChecks(db, { holds, columns }),
  ]);
  if (!rows[0]) throw notFound('company');
  refuse(checks[0]!, changes);
  return toCompanyView(rows[0]);
}

/** Deletes a company; its people and submissions stay, without a company. @throws KildeError `not_found`. */
export async function deleteCompany({ db, clock }: Context, { id }: { id: number }): Promise<void> {
  const isOfCompanies = exists(
    db
      .select({ id: selection.id })
      .from(selection)
      .where(and(eq(selection.id, selectionMember.selectionId), eq(selection.entity, 'company'))),
  );
  const results = await db.batch([
    db.update(person).set({ companyId: null }).where(eq(person.companyId, id)),
    db.update(submission).set({ companyId: null }).where(eq(submission.companyId, id)),
    db.update(deal).set({ companyId: null }).where(eq(deal.companyId, id)),
    // That it left stays: it names nobody.
    db.run(sql`INSERT INTO ${selectionLeave} (selection_id, added_at, removed_at)
      SELECT m.selection_id, m.added_at, ${clock()} FROM selection_member m JOIN selection s ON s.id = m.selection_id
      WHERE m.member_id = ${id} AND s.entity = 'company'`),
    db.delete(bulkUpdateRow).where(and(eq(bulkUpdateRow.entity, 'company'), eq(bulkUpdateRow.recordId, id))),
    db.delete(selectionMember).where(and(eq(selectionMember.memberId, id), isOfCompanies)),
    forgetHistory(db, { entity: 'company', id }),
    db.delete(companyAlias).where(eq(companyAlias.companyId, id)),
    db.delete(company).where(eq(company.id, id)).returning({ id: company.id }),
  ]);
  if (results[8].length === 0) throw notFound('company');
}

type CompanyColumns = Partial<
  Pick<
    typeof company.$inferInsert,
    'name' | 'nameFold' | 'nameKey' | 'domain' | 'registrationNumber' | 'country' | 'ownerId'
  >
> & { categoryId?: number | SQL | null };

/** @throws KildeError `invalid_input` where a domain or a number can be none. */
function toColumns(fields: CompanyFields): CompanyColumns {
  const errors: InputError[] = [];
  const domain = readDomain({ domain: fields.domain, location: 'body.domain', errors });
  const number = cleanValue(fields.registrationNumber);
  const registrationNumber = number === null ? null : normalizeRegistrationNumber(number);
  if (number !== null && registrationNumber === null) {
    errors.push({
      location: 'body.registrationNumber',
      message: `'${number.slice(0, 100)}' is not a registration number`,
    });
  }
  const name = fields.name === undefined ? undefined : cleanValue(fields.name);
  if (name === null) errors.push({ location: 'body.name', message: 'must not be empty' });
  if (errors.length > 0) throw invalidInput(errors);
  return {
    ...(name == null ? {} : { name, nameFold: foldText(name) ?? '', nameKey: companyNameKey(name) }),
    ...(fields.domain === undefined ? {} : { domain }),
    ...(fields.registrationNumber === undefined ? {} : { registrationNumber }),
    ...(fields.country === undefined ? {} : { country: cleanValue(fields.country) }),
    ...(fields.ownerId === undefined ? {} : { ownerId: fields.ownerId }),
    ...(fields.categoryId === undefined ? {} : { categoryId: fields.categoryId }),
    ...(fields.category === undefined
      ? {}
      : { categoryId: fields.category === null ? null : idOfName(category, fields.category) }),
  };
}

function readDomain({
  domain,
  location,
  errors,
}: {
  domain: Text;
  location: string;
  errors: InputError[];
}): string | null {
  const text = cleanValue(domain);
  if (text === null) return null;
  const normalized = normalizeCompanyDomain(text);
  if (normalized === null) errors.push({ location, message: 'must be a domain such as firma.no' });
  return normalized;
}

type Check = 'domain' | 'registrationNumber' | 'ownerId' | 'categoryId';

/** What must hold for a company to be written, asked in the statement that writes it. */
function conditions({ columns, id }: { columns: CompanyColumns; id: number | null }): Record<Check, SQL> {
  const { domain, registrationNumber, ownerId, categoryId } = columns;
  const always = sql`1`;
  return {
    domain: domain == null ? always : isFree({ kind: 'domain', value: domain, id }),
    registrationNumber:
      registrationNumber == null ? always : isFree({ kind: 'registrationNumber', value: registrationNumber, id }),
    ownerId: ownerId == null ? always : sql`EXISTS (SELECT 1 FROM owner WHERE id = ${ownerId})`,
    categoryId:
      categoryId == null
        ? always
        : canChoose(category, { id: categoryId, current: sql`(SELECT category_id FROM company WHERE id = ${id})` }),
  };
}

/** Whether no other company has a value, and none that has it was merged into another company. */
function isFree({ kind, value, id }: { kind: 'domain' | 'registrationNumber'; value: string; id: number | null }): SQL {
  const column = sql.identifier(company[kind].name);
  return sql`(NOT EXISTS (SELECT 1 FROM company WHERE ${column} = ${value} AND id IS NOT ${id})
    AND NOT EXISTS (SELECT 1 FROM company_alias WHERE kind = ${kind} AND value = ${value} AND company_id IS NOT ${id}))`;
}

/** Read after the write: a batch that starts by reading could lose its place to another writer. */
function selectChecks(db: Database, { holds, columns }: { holds: Record<Check, SQL>; columns: CompanyColumns }) {
  return db
    .select({
      domain: sql<number>`${holds.domain}`.as('domain_holds'),
      registrationNumber: sql<number>`${holds.registrationNumber}`.as('number_holds'),
      ownerId: sql<number>`${holds.ownerId}`.as('owner_holds'),
      categoryId: sql<number>`${holds.categoryId}`.as('category_holds'),
      categories: choiceState(category, columns.categoryId ?? sql`NULL`).as('categories'),
    })
    .from(sql`(SELECT 1)`);
}

function refuse(
  checks: Record<Check, number> & { categories: string },
  { category: name, categoryId, ownerId }: CompanyFields,
): void {
  const errors: InputError[] = [];
  if (!checks.ownerId) errors.push({ location: 'body.ownerId', message: noSuch('owner', ownerId) });
  if (!checks.categoryId)
    errors.push(
      refusedChoice({
        location: name == null ? 'body.categoryId' : 'body.category',
        what: 'category',
        value: String(name ?? categoryId),
        state: checks.categories,
      }),
    );
  if (errors.length > 0) throw invalidInput(errors);
  if (!checks.domain) throw conflict('Another company has this domain.');
  if (!checks.registrationNumber) throw conflict('Another company has this registration number.');
}
