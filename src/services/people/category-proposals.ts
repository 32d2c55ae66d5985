import { and, eq, sql } from 'drizzle-orm';
import type { RecordsOfPage } from '../../db/lists/place-in-list.ts';
import { categoryProposalList } from '../../db/lists/settings-lists.ts';
import { category, categoryProposal, company } from '../../db/schema/people.ts';
import type { AutomationCause } from '../../domain/settings/automation.ts';
import { conflict, notFound } from '../../domain/errors.ts';
import { toIso, toIsoOrNull } from '../../domain/iso-time.ts';
import type { ListQuery } from '../../domain/lists/list-info.ts';
import { prepareList } from '../lists/prepare-list.ts';
import type { ListContext, PreparedList } from '../lists/prepare-list.ts';
import type { ServiceContext } from '../service-context.ts';

export { categoryProposalList };

type Row = typeof categoryProposal.$inferSelect;
type Named = { id: string; name: string };

/** A category that automation proposes for a company (db/program/category-changes.ts). */
export type CategoryProposalAnswer = {
  id: string;
  company: Named;
  category: Named;
  /** The category that the company had. */
  from: Named | null;
  cause: AutomationCause;
  at: string;
  state: Row['state'];
  decidedAt: string | null;
};

const nameOfFormer = sql<
  string | null
>`(SELECT former.name FROM ${category} former WHERE former.id = category_proposal.from_category_id)`;

/** @param more further columns. */
function selectProposals<More extends Partial<RecordsOfPage['position']>>(
  { db }: Pick<ServiceContext, 'db'>,
  more: More = {} as More,
) {
  return db
    .select({
      ...more,
      id: categoryProposal.id,
      company: { id: company.id, name: company.name },
      category: { id: category.id, name: category.name },
      fromId: categoryProposal.fromCategoryId,
      fromName: nameOfFormer.as('from_name'),
      cause: categoryProposal.cause,
      at: categoryProposal.at,
      state: categoryProposal.state,
      decidedAt: categoryProposal.decidedAt,
    })
    .from(categoryProposal)
    .innerJoin(company, eq(company.id, categoryProposal.companyId))
    .innerJoin(category, eq(category.id, categoryProposal.categoryId));
}

type ReadRow = Pick<Row, 'id' | 'cause' | 'at' | 'state' | 'decidedAt'> & {
  company: { id: number; name: string };
  category: { id: number; name: string };
  fromId: number | null;
  fromName: string | null;
};

function toAnswer(row: ReadRow): CategoryProposalAnswer {
  return {
    id: String(row.id),
    company: { ...row.company, id: String(row.company.id) },
    category: { ...row.category, id: String(row.category.id) },
    from: row.fromId === null ? null : { id: String(row.fromId), name: row.fromName ?? '' },
    cause: row.cause,
    at: toIso(row.at),
    state: row.state,
    decidedAt: toIsoOrNull(row.decidedAt),
  };
}

/** Proposals, the newest first. */
export function listCategoryProposals(context: ListContext, query: ListQuery): PreparedList<CategoryProposalAnswer> {
  return prepareList(context, {
    list: categoryProposalList,
    query,
    records: ({ where, orderBy, position }) =>
      selectProposals(context, position)
        .where(where)
        .orderBy(...orderBy),
    toItem: toAnswer,
  });
}

/** @throws KildeError `not_found`. */
export async function readCategoryProposal(
  context: Pick<ServiceContext, 'db'>,
  { id }: { id: number },
): Promise<CategoryProposalAnswer> {
  const [row] = await selectProposals(context).where(eq(categoryProposal.id, id));
  if (!row) throw notFound('category proposal');
  return toAnswer(row);
}

/**
 * Confirms a proposal, which sets the category, or declines it.
 * @throws KildeError `not_found`; `conflict` where it does not wait any more, and where the category to confirm is archived.
 */
export async function decideCategoryProposal(
  context: Pick<ServiceContext, 'db' | 'clock'>,
  { id, decision }: { id: number; decision: 'confirmed' | 'declined' },
): Promise<CategoryProposalAnswer> {
  const { db, clock } = context;
  const now = clock();
  const canConfirm =
    decision === 'confirmed'
      ? sql`EXISTS (SELECT 1 FROM ${category} c WHERE c.id = ${categoryProposal.categoryId} AND c.archived_at IS NULL)`
      : undefined;
  const [decided, , [row]] = await db.batch([
    db
      .update(categoryProposal)
      .set({ state: decision, decidedAt: now })
      .where(and(eq(categoryProposal.id, id), eq(categoryProposal.state, 'pending'), canConfirm))
      .returning({ id: categoryProposal.id }),
    // A proposal sent twice sets nothing the second time: `changes()` counts what the statement before has changed.
    db
      .update(company)
      .set({
        categoryId: sql`(SELECT p.category_id FROM ${categoryProposal} p WHERE p.id = ${id})`,
        updatedAt: now,
      })
      .where(
        decision === 'confirmed'
          ? sql`changes() = 1 AND ${company.id} = (SELECT p.company_id FROM ${categoryProposal} p WHERE p.id = ${id})`
          : sql`0`,
      ),
    selectProposals(context).where(eq(categoryProposal.id, id)),
  ]);
  if (!row) throw notFound('category proposal');
  if (decided.length === 0 && row.state === 'pending')
    throw conflict(`The category '${row.category.name}' is archived. Restore it, or decline this proposal.`);
  if (decided.length === 0) throw conflict(`This proposal was ${row.state} already.`);
  return toAnswer(row);
}
