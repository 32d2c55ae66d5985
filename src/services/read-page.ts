import type { BatchItem } from 'drizzle-orm/batch';
import type { Database } from '../db/client.ts';
import { toPage } from '../domain/cursor.ts';

/** What a list is asked for, as `pageQuery` reads it. */
export type PageRequest = { limit: number; cursor?: string | undefined; count?: 'true' | 'false' | undefined };

export type Page<Item> = { items: Item[]; nextCursor: string | null; count?: number };

/**
 * One page of a list, and its count where asked for, in one round trip.
 * @param rows selects one row more than the page holds.
 */
export async function readPage<Row, Item>({
  db,
  page,
  rows,
  count,
  cursorOf,
  toItem,
}: {
  db: Database;
  page: PageRequest;
  rows: BatchItem<'sqlite'> & PromiseLike<Row[]>;
  count: BatchItem<'sqlite'> & PromiseLike<Array<{ count: number }>>;
  cursorOf: (row: Row) => ReadonlyArray<string | number | null>;
  toItem: (row: Row) => Item;
}): Promise<Page<Item>> {
  if (page.count !== 'true') return cut(await rows);
  const [read, counted] = (await db.batch([rows, count])) as unknown as [Row[], Array<{ count: number }>];
  return { ...cut(read), count: counted[0]?.count ?? 0 };

  function cut(found: Row[]): Page<Item> {
    const { items, nextCursor } = toPage({ rows: found, limit: page.limit, cursorOf });
    return { items: items.map(toItem), nextCursor };
  }
}
