import type { BatchItem } from 'drizzle-orm/batch';
import { checkValues } from '../../db/segments/check-values.ts';
import type { CheckedValue } from '../../db/segments/check-values.ts';
import { compileCount } from '../../db/segments/compile.ts';
import { findField } from '../../db/segments/fields.ts';
import { bounds } from '../../domain/bounds.ts';
import { invalidInput } from '../../domain/errors.ts';
import { branchesOf } from '../../domain/segments/branches.ts';
import type { Branch } from '../../domain/segments/branches.ts';
import { costOf } from '../../domain/segments/cost.ts';
import { parseCriteria } from '../../domain/segments/criteria.ts';
import type { Entity, QueryEntity } from '../../domain/segments/fields.ts';
import { measureSelection, referencesIn } from '../../domain/segments/selections.ts';
import type { SelectionDefinitions } from '../../domain/segments/selections.ts';
import { readDefinitionsNamed } from './read-definitions.ts';
import { readNow } from './run-segment.ts';
import type { SegmentContext } from './run-segment.ts';

export type BranchCount = {
  /** Where it stands in the tree: `where.all[1].any[0]`. */
  location: string;
  /** Null beyond what one request may count. */
  count: number | null;
};

/** Statements of one request. */
const maxCounts = 200;

/**
 * How many records are left after each line of criteria, and how many each branch holds, in one request to the database. The whole tree
 * is always counted; then lines and branches from the top, until all of them together cost as much as one query may.
 * @throws KildeError `invalid_input`; `too_expensive`.
 */
export async function countSegmentBranches(
  context: SegmentContext,
  query: { entity: QueryEntity; where: unknown; timeZone?: string | undefined },
): Promise<{ count: number; counts: BranchCount[] }> {
  const { db, viewer } = context;
  const { entity, timeZone } = query;
  const where = parseCriteria(query.where, { entity, findField });
  const now = await readNow(context, { criteria: where, timeZone });
  const named = await readDefinitionsNamed(context, { where, entity });
  const branches = branchesOf(where);
  const counted = affordable(branches, { entity, definitions: named?.definitions });
  const options = { entity, now, ...(named ? { compileSelection: named.compileSelection } : {}) };
  const statements = counted.map(({ criteria }) => db.all<{ n: number }>(compileCount(criteria, options)));
  const check = checkValues(where, { entity, viewer });
  const results = (await db.batch([
    ...statements,
    ...(check ? [db.all<{ list: string; value: string }>(check.statement)] : []),
  ] as unknown as [BatchItem<'sqlite'>, ...Array<BatchItem<'sqlite'>>])) as unknown[];
  if (check) {
    const errors = check.errorsOf(results.at(-1) as CheckedValue[]);
    if (errors.length > 0) throw invalidInput(errors);
  }
  const countOf = new Map(
    counted.map(({ location }, index) => [location, (results[index] as Array<{ n: number }>)[0]!.n]),
  );
  const counts: BranchCount[] = [];
  for (const { location, sameAs } of branches) {
    const count = (sameAs === null ? countOf.get(location) : countOf.get(sameAs)) ?? null;
    if (count !== null) countOf.set(location, count);
    counts.push({ location, count });
  }
  return { count: counts[0]!.count!, counts };
}

/** The first branches, as many as may be counted. */
function affordable(
  branches: readonly Branch[],
  of: { entity: Entity; definitions: SelectionDefinitions | undefined },
): Branch[] {
  const counted: Branch[] = [];
  let spent = 0;
  for (const branch of branches) {
    if (branch.sameAs !== null) continue;
    spent += pointsOf(branch, of);
    if (counted.length > 0 && (spent > bounds.criteriaCost.most || counted.length >= maxCounts)) break;
    counted.push(branch);
  }
  return counted;
}

/** What a branch costs, with the selections that it names. */
function pointsOf(
  { criteria }: Branch,
  { entity, definitions }: { entity: Entity; definitions: SelectionDefinitions | undefined },
): number {
  const own = costOf(criteria, entity).points;
  if (!definitions) return own;
  return referencesIn(criteria, { entity }).reduce(
    (sum, { id }) => sum + measureSelection(id, definitions).points,
    own,
  );
}
