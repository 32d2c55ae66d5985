import { beyond, bounds } from '../bounds.ts';
import type { KildeError } from '../errors.ts';
import { costOf } from './cost.ts';
import { fieldConditions } from './criteria.ts';
import type { Criteria } from './criteria.ts';
import type { Entity } from './fields.ts';
import type { SortKey } from './query.ts';

/** What selections are of. A touch is no record that anybody picks or moves: ask for people or companies by their touches. */
export const selectionEntities = ['person', 'company', 'deal', 'submission'] as const;
export type SelectionEntity = (typeof selectionEntities)[number];

export const visibilities = ['shared', 'private'] as const;
export type Visibility = (typeof visibilities)[number];

/** How a selection is shown as a board: the fields of its columns, rows and totals, what is on a card, the order, and columns folded away. */
export type BoardLayout = {
  groupBy: string;
  rows: string | null;
  totalsBy: string | null;
  cardFields: string[] | null;
  sort: SortKey[] | null;
  /** Values of columns; null is the column of those that have none. */
  collapsed: Array<string | null>;
};

/** A layout as it is sent: what is left out is nothing. */
export type GivenLayout = Pick<BoardLayout, 'groupBy'> & {
  [Part in Exclude<keyof BoardLayout, 'groupBy'>]?: BoardLayout[Part] | null | undefined;
};

/** Members in the plural, for messages. */
export const selectionNouns: Record<SelectionEntity, string> = {
  person: 'people',
  company: 'companies',
  deal: 'deals',
  submission: 'submissions',
};

/**
 * Which members of two selections a combined one holds: those only in the first, only in the second, in both (common), in
 * either but not both, or in any of them (all).
 */
export const combineOperators = ['onlyFirst', 'onlySecond', 'both', 'exactlyOne', 'any'] as const;
export type CombineOperator = (typeof combineOperators)[number];

/** How the members of a selection are found. */
export type SelectionRule =
  | { kind: 'static' }
  | { kind: 'dynamic'; where: Criteria }
  | { kind: 'combined'; firstId: number; secondId: number; operator: CombineOperator };

export type FrozenFrom = Exclude<SelectionRule, { kind: 'static' }>;

export type SelectionDefinition = { id: number; name: string; entity: SelectionEntity; rule: SelectionRule };
export type SelectionDefinitions = ReadonlyMap<number, SelectionDefinition>;

/** A selection named by criteria, the entity it must be of there, and the place it is named at. */
export type SelectionReference = { id: number; entity: Entity; location: string };

/** Every selection that criteria name with `inSelection` or `notInSelection`, also within related records. */
export function referencesIn(
  criteria: Criteria,
  { entity, location = 'where' }: { entity: Entity; location?: string },
): SelectionReference[] {
  return [...fieldConditions(criteria, { entity, location })]
    .filter(({ field }) => field === 'selection')
    .map((one) => ({ id: Number(one.value), entity: one.entity, location: `${one.location}.value` }));
}

/** Ids of the selections that one is made of, each once. */
export function usedBy({ entity, rule }: Pick<SelectionDefinition, 'entity' | 'rule'>): number[] {
  switch (rule.kind) {
    case 'static':
      return [];
    case 'dynamic':
      return [...new Set(referencesIn(rule.where, { entity }).map(({ id }) => id))];
    case 'combined':
      return [...new Set([rule.firstId, rule.secondId])];
  }
}

/** The names from a selection back to itself: `["A", "B", "A"]`. Null where it does not contain itself. */
export function findCircle(id: number, definitions: SelectionDefinitions): string[] | null {
  const seen = new Set<number>();
  const walk = (at: number, names: string[]): string[] | null => {
    const definition = definitions.get(at);
    if (!definition) return null;
    const path = [...names, definition.name];
    for (const used of usedBy(definition)) {
      if (used === id) return [...path, definitions.get(id)!.name];
      if (seen.has(used)) continue;
      seen.add(used);
      const circle = walk(used, path);
      if (circle) return circle;
    }
    return null;
  };
  return walk(id, []);
}

/**
 * What is wrong with how much a selection is made of; null where it is within bounds. It must hold no circle. Each
 * selection counts as often as it is asked.
 * @param location where the error stands.
 */
export function boundsExceededBy(
  id: number,
  definitions: SelectionDefinitions,
  { location, times = 1 }: { location: string; times?: number },
): KildeError | null {
  const { depth, points } = measureSelection(id, definitions);
  if (depth > bounds.selectionDepth.most) return beyond('selectionDepth', { value: depth, location });
  const value = points * times;
  return value > bounds.criteriaCost.most ? beyond('criteriaCost', { value, location }) : null;
}

/** How deep selections stand within one, and what finding its members costs the database. */
export function measureSelection(id: number, definitions: SelectionDefinitions): { depth: number; points: number } {
  const known = new Map<number, { depth: number; points: number }>();
  const measure = (at: number): { depth: number; points: number } => {
    const before = known.get(at);
    if (before) return before;
    const definition = definitions.get(at);
    if (!definition) return { depth: 1, points: 1 };
    const { rule, entity } = definition;
    const named =
      rule.kind === 'dynamic' ? referencesIn(rule.where, { entity }).map((one) => one.id) : usedBy(definition);
    const parts = named.map(measure);
    const own = rule.kind === 'dynamic' ? costOf(rule.where, entity).points : 1;
    const measured = {
      depth: 1 + Math.max(0, ...parts.map(({ depth }) => depth)),
      points: own + parts.reduce((sum, { points }) => sum + points, 0),
    };
    known.set(at, measured);
    return measured;
  };
  return measure(id);
}
