export const reclassificationStates = ['applying', 'applied', 'undoing', 'undone'] as const;
export type ReclassificationState = (typeof reclassificationStates)[number];

/** The points that can name another touch after history was read again; those of a company follow the person's. */
export const movablePoints = ['firstTouch', 'leadCreation', 'conversion'] as const;
export type MovablePoint = (typeof movablePoints)[number];

/** How much a reclassification changes, beside the points that it moves. */
export const reclassificationCounts = [
  'origins',
  'touches',
  'visits',
  'firstTouches',
  'leadCreations',
  'submissions',
  'companies',
  'deals',
  'wonDeals',
] as const;
export type ReclassificationCounts = Record<(typeof reclassificationCounts)[number] | MovablePoint, number>;

/**
 * How far it has come: origins by id, then for each kind of point and each origin that says less now, records by time and id; last of
 * an undo, groups of origins by id.
 */
export type ReclassificationCursor =
  | { phase: 'origins'; afterId: number }
  | { phase: 'groups'; afterId: number }
  | { phase: MovablePoint; originId: number; at: number; afterId: number | string };
