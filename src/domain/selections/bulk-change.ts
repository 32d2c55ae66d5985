/**
 * What a bulk update does to one field: gives every record one value, empties it, or writes `with` for every occurrence of
 * `search`. Letters are compared without case unless `matchCase` says otherwise.
 */
export type BulkChange =
  | { field: string; set: string }
  | { field: string; clear: true }
  | { field: string; replace: { search: string; with: string; matchCase: boolean } };

/**
 * A text with every occurrence of `search` replaced. Without `matchCase`, letters are alike that Unicode's simple case
 * folding makes alike: `Ø` and `ø`, but not `ß` and `ss`. `with` is written as it is: `$` means nothing.
 */
export function replaceIn(
  text: string,
  { search, with: replacement, matchCase }: { search: string; with: string; matchCase: boolean },
): string {
  // Composed, as what people type is: `å` in one character and in two are the same letter.
  const escaped = search.normalize('NFC').replace(/[$()*+.?[\\\]^{|}/]/g, '\\$&');
  const pattern = new RegExp(escaped, matchCase ? 'gu' : 'giu');
  const composed = text.normalize('NFC');
  return composed.search(pattern) < 0 ? text : composed.replace(pattern, () => replacement);
}

/** What bulk updates change. */
export const bulkEntities = ['person', 'company'] as const;
export type BulkEntity = (typeof bulkEntities)[number];
