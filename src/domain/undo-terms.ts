import { conflict } from './errors.ts';
import { toIso } from './iso-time.ts';

const dayMs = 24 * 60 * 60 * 1_000;

/** What can be undone: for how many days (null: without end), and which scope an API key needs for it. */
const kinds = {
  personMerge: { days: null, scope: 'write', what: 'merge' },
  companyMerge: { days: null, scope: 'write', what: 'merge' },
  bulkUpdate: { days: null, scope: 'write', what: 'bulk update' },
  alias: { days: null, scope: 'write', what: 'correction' },
  reclassification: { days: null, scope: 'admin', what: 'reclassification' },
  spamCluster: { days: 90, scope: 'write', what: 'spam cluster' },
} as const;
export type Undoable = keyof typeof kinds;

export const undoScopes = ['write', 'admin'] as const;

/** Part of every answer about what can be undone. */
export type UndoTerms = {
  /** The last moment at which it can be undone; null: without end. */
  undoableUntil: string | null;
  /** The scope that an API key needs to undo it. */
  undoableBy: (typeof undoScopes)[number];
};

/** @param at when it was done. */
export function undoTerms(kind: Undoable, at: number): UndoTerms {
  const { days, scope } = kinds[kind];
  return { undoableUntil: days === null ? null : toIso(at + days * dayMs), undoableBy: scope };
}

/** What was done before this moment can no longer be undone. */
export function undoableSince(kind: Undoable, now: number): number {
  const { days } = kinds[kind];
  return days === null ? Number.MIN_SAFE_INTEGER : now - days * dayMs;
}

/** @throws KildeError `conflict` where it is too late to undo what was done at `at`. */
export function refuseLateUndo(kind: Undoable, { at, now }: { at: number; now: number }): void {
  if (at >= undoableSince(kind, now)) return;
  const { what, days } = kinds[kind];
  throw conflict(
    `This ${what} could be undone until ${undoTerms(kind, at).undoableUntil}, ${days} days after it was made. That time is over.`,
  );
}
