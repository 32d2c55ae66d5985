import type { Context } from 'hono';
import { notFound } from '../domain/errors.ts';
import type { ListInfo, ListQuery } from '../domain/lists/list-info.ts';
import { parseListQuery } from '../domain/lists/parse-list-query.ts';
import { exportTypes } from '../services/export-pages.ts';
import { exportList, readListPage } from '../services/lists/answer-list.ts';
import type { ListPageAnswer } from '../services/lists/answer-list.ts';
import type { PreparedList } from '../services/lists/prepare-list.ts';

/** One record of a list, by its id. @throws KildeError `not_found`. */
export async function answerOne<Item>(
  list: ListInfo,
  { id, what, read }: { id: string | undefined; what: string; read: (query: ListQuery) => PreparedList<Item> },
): Promise<Item> {
  // What can be no id of a list would be refused as a filter.
  if (!id || !/^[1-9]\d{0,14}$/.test(id)) throw notFound(what);
  const { items } = await readListPage(read(parseListQuery([['id', id]], list)));
  if (items.length === 0) throw notFound(what);
  return items[0] as Item;
}

/** A list as its query asks for it: one page as JSON, or the whole as a file of CSV or NDJSON. */
export async function answerList<Item>(c: Context, list: PreparedList<Item>): Promise<ListPageAnswer<Item> | Response> {
  const { format } = list.query;
  if (format === 'json') return readListPage(list);
  return c.body(await exportList(list), 200, {
    'content-type': exportTypes[format],
    'content-disposition': `attachment; filename="${list.order.list.replaceAll('/', '-')}.${format}"`,
    'cache-control': 'no-store',
  });
}
