import { desc, eq, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { toIso } from '../../../domain/iso-time.ts';
import type { Database } from '../../client.ts';
import type { RecordsOfPage } from '../../lists/place-in-list.ts';
import { category, company, owner } from '../../schema/people.ts';
import type { CategoryGroup } from '../../../domain/settings/automation.ts';
import type { CreatedVia } from '../../../domain/capture/created-via.ts';
import { touchColumn } from '../attribution/read-touches.ts';
import type { TouchView } from '../attribution/read-touches.ts';

/** A company as the API shows it. */
export type CompanyView = {
  id: string;
  name: string;
  domain: string | null;
  registrationNumber: string | null;
  country: string | null;
  owner: { id: string; name: string } | null;
  category: { id: string; name: string; group: CategoryGroup } | null;
  createdVia: CreatedVia;
  createdAt: string;
  personCount: number;
  /** Null where the company was created while its person already existed, or by hand. */
  companySource: { firstTouch: TouchView; leadCreation: TouchView } | null;
};

const columns = {
  id: company.id,
  name: company.name,
  domain: company.domain,
  registrationNumber: company.registrationNumber,
  country: company.country,
  ownerId: owner.id,
  ownerName: owner.name,
  categoryId: category.id,
  categoryName: category.name,
  categoryGroup: category.group,
  createdVia: company.createdVia,
  createdAt: company.createdAt,
  personCount: sql.raw('(SELECT count(*) FROM person p WHERE p.company_id = company.id AND p.id > 0)').mapWith(Number),
  firstTouch: touchColumn({
    personId: 'company.source_person_id',
    originId: 'company.first_touch_origin_id',
    at: 'company.first_touch_at',
    landingPageId: 'company.first_touch_landing_page_id',
  }),
  leadCreation: touchColumn({
    personId: 'company.source_person_id',
    originId: 'company.lead_creation_origin_id',
    at: 'company.lead_creation_at',
    landingPageId: 'company.lead_creation_landing_page_id',
  }),
};

export type CompanyRow = Awaited<ReturnType<typeof selectCompanies>>[number];

/** Companies with all that the API shows of them. @param more further columns. */
function selectCompaniesWith<More extends Partial<RecordsOfPage['position']>>(db: Database, more: More) {
  return db
    .select({ ...more, ...columns })
    .from(company)
    .leftJoin(owner, eq(owner.id, company.ownerId))
    .leftJoin(category, eq(category.id, company.categoryId));
}

/** Companies with all that the API shows of them, newest first. */
export function selectCompanies(db: Database, where: SQL | undefined) {
  return selectCompaniesWith(db, {}).where(where).orderBy(desc(company.createdAt), desc(company.id));
}

/** The companies of one page of a list. */
export function selectCompaniesOfPage(db: Database, { where, orderBy, position }: RecordsOfPage) {
  return selectCompaniesWith(db, position)
    .where(where)
    .orderBy(...orderBy);
}

export function toCompanyView(row: CompanyRow): CompanyView {
  const { firstTouch, leadCreation } = row;
  return {
    id: String(row.id),
    name: row.name,
    domain: row.domain,
    registrationNumber: row.registrationNumber,
    country: row.country,
    owner: row.ownerId === null ? null : { id: String(row.ownerId), name: row.ownerName ?? '' },
    category:
      row.categoryId === null
        ? null
        : { id: String(row.categoryId), name: row.categoryName ?? '', group: row.categoryGroup ?? 'Other' },
    createdVia: row.createdVia,
    createdAt: toIso(row.createdAt),
    personCount: row.personCount,
    companySource: firstTouch && leadCreation ? { firstTouch, leadCreation } : null,
  };
}
