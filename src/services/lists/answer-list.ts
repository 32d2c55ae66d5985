import { decodePosition, encodePosition } from '../../domain/lists/position.ts';
import { defaultPageSize } from '../../domain/lists/parse-list-query.ts';
import type { FlatItem } from '../../db/lists/select-list.ts';
import { csvWriter, exportPages, writeNdjson } from '../export-pages.ts';
import type { PreparedList } from './prepare-list.ts';

export type ListPageAnswer<Item> = { items: Array<Item | FlatItem>; nextCursor: string | null; count?: number };

/** One page of a list, and its count where asked for. */
export async function readListPage<Item>({
  query,
  order,
  readPage,
}: PreparedList<Item>): Promise<ListPageAnswer<Item>> {
  const { cursor, count } = query;
  const after = cursor === null ? null : decodePosition(cursor, order);
  const read = await readPage({ after, limit: query.limit ?? defaultPageSize, count });
  return {
    items: read.items,
    nextCursor: read.next && encodePosition(read.next, order),
    ...(count ? { count: read.count } : {}),
  };
}

/** The whole list, or as much of it as was asked for, as a stream of lines. */
export async function exportList<Item>({
  list,
  query,
  columns,
  readPage,
}: PreparedList<Item>): Promise<ReadableStream<Uint8Array>> {
  const { limit, heads: wanted, language } = query;
  if (query.format !== 'csv') return exportPages({ readPage, limit, write: writeNdjson });
  const names = columns ?? list.columns;
  const heads = wanted === 'names' ? names : names.map((name) => list.findField(name)!.label[language]);
  const write = csvWriter<FlatItem>({ names, heads });
  return exportPages({ readPage: readPage as PreparedList<FlatItem>['readPage'], limit, write });
}
