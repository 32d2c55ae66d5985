import { and, count, desc, eq, gte, inArray, lt, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { foldText } from '../../domain/fold-text.ts';
import { toIso } from '../../domain/iso-time.ts';
import type { Database } from '../client.ts';
import { category, company, owner } from '../schema/people.ts';
import type { CategoryGroup } from '../../domain/automation.ts';
import type { CreatedVia } from '../schema/people.ts';
import type { CreatedCursor } from './read-people.ts';
import { touchColumn } from './read-touches.ts';
import type { TouchView } from './read-touches.ts';

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

export type CompanyFilter = {
  domain?: string | undefined;
  /** Part of the name, in any case. */
  name?: string | undefined;
  /** Name of the category. */
  category?: string | undefined;
  createdFrom?: number | undefined;
  createdTo?: number | undefined;
  /** What must hold besides, on the table itself. */
  where?: SQL | undefined;
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

/** Companies with all that the API shows of them, newest first. */
export function selectCompanies(db: Database, where: SQL | undefined) {
  return db
    .select(columns)
    .from(company)
    .leftJoin(owner, eq(owner.id, company.ownerId))
    .leftJoin(category, eq(category.id, company.categoryId))
    .where(where)
    .orderBy(desc(company.createdAt), desc(company.id));
}

/** One more row than `limit`. */
export function selectCompaniesPage(
  db: Database,
  { filter, after, limit }: { filter: CompanyFilter; after: CreatedCursor | null; limit: number },
) {
  const beyond = after && sql`(${company.createdAt}, ${company.id}) < (${after.createdAt}, ${after.id})`;
  const page = db
    .select({ id: company.id })
    .from(company)
    .where(and(...conditions(db, filter), beyond ?? undefined))
    .orderBy(desc(company.createdAt), desc(company.id))
    .limit(limit + 1);
  return selectCompanies(db, inArray(company.id, page));
}

export function countCompanies(db: Database, filter: CompanyFilter) {
  return db
    .select({ count: count() })
    .from(company)
    .where(and(...conditions(db, filter)));
}

function conditions(db: Database, filter: CompanyFilter): Array<SQL | undefined> {
  const { domain, name, createdFrom, createdTo } = filter;
  const categoryName = filter.category;
  return [
    domain === undefined ? undefined : eq(company.domain, domain),
    name === undefined ? undefined : sql`instr(${company.nameFold}, ${foldText(name)}) > 0`,
    categoryName === undefined
      ? undefined
      : eq(company.categoryId, db.select({ id: category.id }).from(category).where(eq(category.name, categoryName))),
    createdFrom === undefined ? undefined : gte(company.createdAt, createdFrom),
    createdTo === undefined ? undefined : lt(company.createdAt, createdTo),
    filter.where,
  ];
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
