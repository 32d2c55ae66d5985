import { getTableColumns, sql } from 'drizzle-orm';
import type { BatchItem } from 'drizzle-orm/batch';
import { owner, selection } from '../../db/schema/people.ts';
import { countMembers } from '../../db/segments/compile-selection.ts';
import { bounds } from '../../domain/bounds.ts';
import { toIso, toIsoOrNull } from '../../domain/iso-time.ts';
import type { Criteria } from '../../domain/segments/criteria.ts';
import type { SortKey } from '../../domain/segments/query.ts';
import { measureSelection, usedBy } from '../../domain/segments/selections.ts';
import type {
  BoardLayout,
  CombineOperator,
  SelectionEntity,
  SelectionRule,
  Visibility,
} from '../../domain/segments/selections.ts';
import {
  readSelectionNow,
  ruleOf,
  selectDefinitions,
  toDefinition,
  toDefinitions,
} from '../segments/read-definitions.ts';
import type { SelectionRow } from '../segments/read-definitions.ts';
import type { ServiceContext } from '../service-context.ts';

type Reference = { id: string; name: string };
export type CombineAnswer = { first: Reference; second: Reference; op: CombineOperator };
type RuleAnswer = { where: Criteria | null; combine: CombineAnswer | null };

export type SelectionAnswer = RuleAnswer & {
  id: string;
  name: string;
  entity: SelectionEntity;
  kind: SelectionRule['kind'];
  description: string | null;
  owner: Reference | null;
  visibility: Visibility;
  /** Now. Null in a list, of those beyond what one request may count. */
  memberCount: number | null;
  columns: string[] | null;
  sort: SortKey[] | null;
  board: BoardLayout | null;
  /** What it was before it was frozen. */
  frozenFrom: (RuleAnswer & { kind: SelectionRule['kind']; at: string | null }) | null;
  createdAt: string;
};

/** A selection's columns, and the names of those that it is, or was before it was frozen, made of. */
export const columnsWithNames = {
  ...getTableColumns(selection),
  names: sql<string>`(SELECT json_group_object(CAST(part.id AS text), part.name) FROM selection part
    WHERE part.id IN (selection.first_id, selection.second_id, selection.frozen_from ->> 'firstId', selection.frozen_from ->> 'secondId'))`,
  ownerName: sql<string | null>`(SELECT ${owner.name} FROM ${owner} WHERE ${owner.id} = selection.owner_id)`,
};

export type RowWithNames = SelectionRow & { names: string; ownerName: string | null };

/** A part of a frozen selection may have been deleted since: then its id alone is known. */
function toReference(id: number, names: Record<string, string>): Reference {
  return { id: String(id), name: names[id] ?? '' };
}

function toRuleAnswer(rule: SelectionRule, names: Record<string, string>): RuleAnswer {
  if (rule.kind === 'dynamic') return { where: rule.where, combine: null };
  if (rule.kind === 'static') return { where: null, combine: null };
  const [first, second] = [toReference(rule.firstId, names), toReference(rule.secondId, names)];
  return { where: null, combine: { first, second, op: rule.operator } };
}

function toAnswer(row: RowWithNames, memberCount: number | null): SelectionAnswer {
  const names = JSON.parse(row.names) as Record<string, string>;
  const { id, name, entity, kind, description, visibility, columns, sort, board, frozenFrom, frozenAt, createdAt } =
    row;
  return {
    id: String(id),
    name,
    entity,
    kind,
    description,
    owner: row.ownerId === null ? null : { id: String(row.ownerId), name: row.ownerName ?? '' },
    visibility,
    memberCount,
    ...toRuleAnswer(ruleOf(row), names),
    columns,
    sort,
    board,
    frozenFrom: frozenFrom && { kind: frozenFrom.kind, ...toRuleAnswer(frozenFrom, names), at: toIsoOrNull(frozenAt) },
    createdAt: toIso(createdAt),
  };
}

/** What one request may spend on counting the members of selections that it lists: as much as on one query. */
const countBudget = bounds.criteriaCost.most;

/**
 * Selections with the number of their members, all counted in one request, and one before it where they are made of others than these.
 * In a list the first are counted until the budget is spent.
 */
export async function answerSelections(
  context: ServiceContext,
  rows: RowWithNames[],
  { known = [] }: { known?: SelectionRow[] } = {},
): Promise<SelectionAnswer[]> {
  const { db } = context;
  const definitions = toDefinitions([...known, ...rows]);
  const missing = rows.flatMap((row) => usedBy(toDefinition(row))).filter((id) => !definitions.has(id));
  const [others, now] = await Promise.all([
    missing.length > 0 ? selectDefinitions(db, { ids: missing }) : [],
    readSelectionNow(context),
  ]);
  for (const [id, definition] of toDefinitions(others)) definitions.set(id, definition);
  let spent = 0;
  const counted = rows.filter(({ id }, index) => {
    spent += measureSelection(id, definitions).points;
    return index === 0 || spent <= countBudget;
  });
  if (counted.length === 0) return [];
  const counts = counted.map(({ id }) =>
    db.all<{ n: number }>(countMembers(definitions.get(id)!, { definitions, now })),
  );
  const results = (await db.batch(
    counts as unknown as [BatchItem<'sqlite'>, ...Array<BatchItem<'sqlite'>>],
  )) as unknown as Array<Array<{ n: number }>>;
  const countOf = new Map(counted.map(({ id }, index) => [id, results[index]![0]!.n]));
  return rows.map((row) => toAnswer(row, countOf.get(row.id) ?? null));
}

/** @param known selections that this one is made of, where they have been read. */
export async function answerSelection(
  context: ServiceContext,
  row: RowWithNames,
  known: SelectionRow[] = [],
): Promise<SelectionAnswer> {
  const [answer] = await answerSelections(context, [row], { known });
  return answer!;
}
