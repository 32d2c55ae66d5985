import { canonicalize } from './text-values.ts';

/**
 * A text as it is compared without case: `Ø` equals `ø`, in every script. SQLite's own `lower` knows ASCII alone, so
 * folded copies stand beside the columns that are searched.
 */
export function foldText(text: string | null): string | null {
  return text === null ? null : canonicalize(text);
}
