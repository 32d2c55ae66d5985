import { membersOf } from '../db/segments/compile-selection.ts';
import type { SelectionsRead } from '../db/segments/compile-selection.ts';
import { notFound } from '../domain/errors.ts';
import type { Label } from '../domain/segments/fields.ts';
import type { SortKey } from '../domain/segments/query.ts';
import { boundsExceededBy } from '../domain/segments/selections.ts';
import type { SelectionDefinition } from '../domain/segments/selections.ts';
import { exportSegment } from './export-segment.ts';
import type { ExportFormat } from './export-pages.ts';
import { isVisibleTo, readSelectionNow, selectDefinitions, toDefinitions } from './read-definitions.ts';
import type { SelectionContext, SelectionRow } from './read-definitions.ts';
import { runSegment } from './run-segment.ts';
import type { SegmentPage } from './run-segment.ts';

export type MembersView = {
  columns?: string[] | undefined;
  sort?: SortKey[] | undefined;
};

/**
 * A selection, all that it is made of, and the moment its criteria are taken at: one round trip. `times` is how often the
 * caller asks who its members are. @throws KildeError `not_found`; `too_expensive`.
 */
export async function requireSelection(
  context: Pick<SelectionContext, 'db' | 'clock' | 'settings' | 'viewer'>,
  id: number,
  { times = 1 }: { times?: number } = {},
): Promise<{ row: SelectionRow; definition: SelectionDefinition; read: SelectionsRead }> {
  const [rows, now] = await Promise.all([selectDefinitions(context.db, { ids: [id] }), readSelectionNow(context)]);
  const row = rows.find((one) => one.id === id);
  if (!row || !isVisibleTo(row, context.viewer)) throw notFound('selection');
  const definitions = toDefinitions(rows);
  // It may have been stored before there was the bound.
  const exceeded = boundsExceededBy(id, definitions, { location: 'selection', times });
  if (exceeded) throw exceeded;
  return { row, definition: definitions.get(id)!, read: { definitions, now } };
}

/**
 * One page of a selection's members, found as of now: with the columns and in the order asked for, else those the
 * selection has kept.
 * @throws KildeError `not_found`; `invalid_input`.
 */
export async function listMembers(
  context: SelectionContext,
  {
    id,
    view,
    page: { limit, cursor, count },
  }: { id: number; view: MembersView; page: { limit: number; cursor?: string | undefined; count: boolean } },
): Promise<SegmentPage> {
  const { row, definition, read } = await requireSelection(context, id);
  const query = { ...shownOf(row, view), limit, cursor, count };
  return runSegment(context, query, { and: membersOf(definition, read) });
}

/** All members as a stream. @throws KildeError `not_found`; `invalid_input`. */
export async function exportMembers(
  context: SelectionContext,
  {
    id,
    view,
    limit,
    format,
    heads,
    language,
  }: {
    id: number;
    view: MembersView;
    limit?: number | undefined;
    format: ExportFormat;
    heads: 'names' | 'labels';
    language: keyof Label;
  },
): Promise<{ name: string; stream: ReadableStream<Uint8Array> }> {
  const { row, definition, read } = await requireSelection(context, id);
  const query = { ...shownOf(row, view), limit };
  const stream = await exportSegment(context, query, { format, heads, language, and: membersOf(definition, read) });
  return { name: row.name, stream };
}

function shownOf({ entity, columns, sort }: SelectionRow, view: MembersView) {
  return { entity, columns: view.columns ?? columns, sort: view.sort ?? sort };
}
