import { eq, sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { companyMergeList } from '../../db/lists/company-merges.ts';
import {
  mergeCompanyStatements,
  mergesOfCompany,
  selectCompanyMerges,
  toCompanyMerge,
  toCompanyMergeView,
  undoCompanyMergeStatements,
} from '../../db/queries/people/merge-companies.ts';
import type { CompanyMergeView } from '../../db/queries/people/merge-companies.ts';
import { selectCompanies, toCompanyView } from '../../db/queries/people/read-companies.ts';
import type { CompanyView } from '../../db/queries/people/read-companies.ts';
import { company, companyMerge } from '../../db/schema/people.ts';
import { conflict, invalidInput, notFound } from '../../domain/errors.ts';
import type { ListQuery } from '../../domain/lists/list-info.ts';
import { refuseLateUndo, undoableSince } from '../../domain/undo-terms.ts';
import { prepareList } from '../lists/prepare-list.ts';
import type { ListContext, PreparedList } from '../lists/prepare-list.ts';

export { companyMergeList };

type Context = { db: Database; clock: () => number };
type Pair = { id: number; otherId: number };

/** What a merge would make: the company as it would be, and how many records would change hands. */
export type CompanyMergePreview = { company: CompanyView; moved: CompanyMergeView['moved'] };

/**
 * Makes two companies one: the earlier creation and the earlier source win, blanks are filled, all else moves over, and the other's
 * domain, registration number and name lead to the kept company from then on.
 * @throws KildeError `not_found` for the company to keep, `invalid_input` for the other.
 */
export async function mergeCompanies({ db, clock }: Context, { id, otherId }: Pair): Promise<CompanyMergeView> {
  refuseSame({ id, otherId });
  const statements = mergeCompanyStatements({ keptId: id, removedId: otherId, now: clock() });
  const results = await db.$client.batch(statements, 'write');
  const row = results.at(-1)!.rows[0]!;
  if (results[0]!.rowsAffected > 0) return toCompanyMerge(row);
  if (!row['kept_exists']) throw notFound('company');
  throw unknownOther(otherId);
}

/** The same without storing anything. @throws KildeError as `mergeCompanies`. */
export async function previewCompanyMerge(
  { db }: Pick<Context, 'db'>,
  { id, otherId }: Pair,
): Promise<CompanyMergePreview> {
  refuseSame({ id, otherId });
  const countOf = (table: string) =>
    sql<number>`(SELECT count(*) FROM ${sql.raw(table)} WHERE company_id = ${otherId})`;
  const [rows, [moved]] = await db.batch([
    selectCompanies(db, sql`${company.id} IN (${id}, ${otherId})`),
    db
      .select({
        people: countOf('person').as('people'),
        submissions: countOf('submission').as('submissions'),
        deals: countOf('deal').as('deals'),
      })
      .from(sql`(SELECT 1)`),
  ]);
  const [kept, removed] = [id, otherId].map((one) => rows.find((row) => row.id === one));
  if (!kept) throw notFound('company');
  if (!removed) throw unknownOther(otherId);
  return { company: mergedView(toCompanyView(kept), toCompanyView(removed)), moved: moved! };
}

/** As db/queries/people/merge-companies.ts has it. */
function mergedView(kept: CompanyView, removed: CompanyView): CompanyView {
  const namesItself = kept.name !== kept.domain || removed.name === removed.domain;
  const creator = removed.createdAt < kept.createdAt ? removed : kept;
  return {
    ...kept,
    name: namesItself ? kept.name : removed.name,
    domain: kept.domain ?? removed.domain,
    registrationNumber: kept.registrationNumber ?? removed.registrationNumber,
    country: kept.country ?? removed.country,
    owner: kept.owner ?? removed.owner,
    category: kept.category ?? removed.category,
    createdVia: creator.createdVia,
    createdAt: creator.createdAt,
    personCount: kept.personCount + removed.personCount,
    companySource: earlierSource(kept.companySource, removed.companySource),
  };
}

function earlierSource(kept: CompanyView['companySource'], removed: CompanyView['companySource']) {
  if (!kept || !removed) return kept ?? removed;
  return removed.leadCreation.at < kept.leadCreation.at ? removed : kept;
}

/**
 * Makes them two again, as they were. What came in since the merge stays with the kept company.
 * @throws KildeError `not_found`; `conflict` where it is undone already, where it is too late, where a later merge must be undone first,
 * and where the company that was kept is gone.
 */
export async function undoCompanyMerge(
  { db, clock }: Context,
  { mergeId }: { mergeId: number },
): Promise<CompanyMergeView> {
  const now = clock();
  const since = undoableSince('companyMerge', now);
  const results = await db.$client.batch(undoCompanyMergeStatements({ mergeId, now, since }), 'write');
  const row = results.at(-1)!.rows[0];
  if (!row) throw notFound('merge');
  if (results.at(-2)!.rowsAffected > 0) return toCompanyMerge(row);
  if (row['undone_at'] !== null) throw conflict('This merge has been undone already.');
  refuseLateUndo('companyMerge', { at: Number(row['at']), now });
  throw conflict(
    row['merged_since']
      ? 'One of the two companies has been merged since. Undo the later merge first.'
      : `Company ${Number(row['company_id'])}, which was kept, has been deleted. Its merges cannot be undone.`,
  );
}

/** @throws KildeError `not_found`. */
export async function readCompanyMerge(
  { db }: Pick<Context, 'db'>,
  { mergeId }: { mergeId: number },
): Promise<CompanyMergeView> {
  const [row] = await selectCompanyMerges(db).where(eq(companyMerge.id, mergeId));
  if (!row) throw notFound('merge');
  return toCompanyMergeView(row);
}

/** The merges that led to a company, newest first. @throws KildeError `not_found`. */
export function listCompanyMerges(
  context: ListContext,
  { id, query }: { id: number; query: ListQuery },
): PreparedList<CompanyMergeView> {
  const { db } = context;
  return prepareList(context, {
    list: companyMergeList,
    query,
    path: `companies/${id}/merges`,
    where: mergesOfCompany(id),
    parent: { found: db.select({ id: company.id }).from(company).where(eq(company.id, id)), what: 'company' },
    records: ({ where, orderBy, position }) =>
      selectCompanyMerges(db, position)
        .where(where)
        .orderBy(...orderBy),
    toItem: toCompanyMergeView,
  });
}

const otherLocation = 'body.otherId';

function refuseSame({ id, otherId }: Pair): void {
  if (id !== otherId) return;
  const message = `Company ${id} cannot be merged with itself. Give the id of another company.`;
  throw invalidInput([{ location: otherLocation, message }]);
}

function unknownOther(otherId: number) {
  return invalidInput([{ location: otherLocation, message: `There is no company with the id ${otherId}.` }]);
}
