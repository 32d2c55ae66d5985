import type { Context } from 'hono';
import { exportTypes } from '../services/export-pages.ts';
import { exportList, readListPage } from '../services/lists/answer-list.ts';
import type { ListPageAnswer } from '../services/lists/answer-list.ts';
import type { PreparedList } from '../services/lists/prepare-list.ts';

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
