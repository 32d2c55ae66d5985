import { and, asc, count, eq, ne, sql } from 'drizzle-orm';
import * as z from 'zod';
import { category } from '../db/schema/people.ts';
import { conflict, notFound } from '../domain/errors.ts';
import { decodeCursor } from '../domain/cursor.ts';
import { changeSettings } from './change-settings.ts';
import { isEmpty } from './changes.ts';
import type { Changes } from './changes.ts';
import { readPage } from './read-page.ts';
import type { Page, PageRequest } from './read-page.ts';
import type { ServiceContext } from './service-context.ts';

type CategoryRow = typeof category.$inferSelect;

export type CategoryFields = Pick<CategoryRow, 'name' | 'group' | 'position' | 'setOn'>;
export type CategoryAnswer = CategoryFields & { id: string };

function toAnswer({ id, name, group, position, setOn }: CategoryRow): CategoryAnswer {
  return { id: String(id), name, group, position, setOn };
}

const nameTaken = (name: string) => conflict(`There is a category "${name}" already.`);

/** Categories by their position. */
export async function listCategories({ db }: ServiceContext, page: PageRequest): Promise<Page<CategoryAnswer>> {
  const after = decodeCursor(page.cursor, z.tuple([z.number(), z.number()]));
  return readPage({
    db,
    page,
    rows: db
      .select()
      .from(category)
      .where(after ? sql`(${category.position}, ${category.id}) > (${after[0]}, ${after[1]})` : undefined)
      .orderBy(asc(category.position), asc(category.id))
      .limit(page.limit + 1),
    count: db.select({ count: count() }).from(category),
    cursorOf: ({ position, id }) => [position, id],
    toItem: toAnswer,
  });
}

/**
 * Adds a category, at the end where no position is given.
 * @throws KildeError `conflict` where the name is taken.
 */
export async function createCategory(
  { db }: ServiceContext,
  { position, ...fields }: Changes<CategoryFields> & Pick<CategoryFields, 'name' | 'group'>,
): Promise<CategoryAnswer> {
  const [row] = await db
    .insert(category)
    .values({ ...fields, position: position ?? sql`(SELECT coalesce(max(position), 0) + 1 FROM category)` })
    .onConflictDoNothing()
    .returning();
  if (!row) throw nameTaken(fields.name);
  return toAnswer(row);
}

/** @throws KildeError `not_found`; `conflict` where the name is taken. */
export async function updateCategory(
  { db }: ServiceContext,
  { id, changes }: { id: number; changes: Changes<CategoryFields> },
): Promise<CategoryAnswer> {
  const read = db.select().from(category).where(eq(category.id, id));
  const { name } = changes;
  if (isEmpty(changes)) {
    const [row] = await read;
    if (!row) throw notFound('category');
    return toAnswer(row);
  }
  const isFree =
    name === undefined
      ? undefined
      : sql`NOT EXISTS (SELECT 1 FROM category other WHERE ${and(eq(sql`other.name`, name), ne(sql`other.id`, id))})`;
  const [[changed], [known]] = await db.batch([
    db
      .update(category)
      .set(changes)
      .where(and(eq(category.id, id), isFree))
      .returning(),
    read,
  ]);
  if (changed) return toAnswer(changed);
  throw known ? nameTaken(name ?? known.name) : notFound('category');
}

/** @throws KildeError `not_found`; `conflict` where a company, form or lead status has this category. */
export async function deleteCategory(context: ServiceContext, id: number): Promise<void> {
  const { db } = context;
  const [deleted, left] = await changeSettings(context, [
    db
      .delete(category)
      .where(
        and(
          eq(category.id, id),
          sql`NOT EXISTS (SELECT 1 FROM company c WHERE c.category_id = ${id})`,
          sql`NOT EXISTS (SELECT 1 FROM form f WHERE f.default_category_id = ${id})`,
          sql`NOT EXISTS (SELECT 1 FROM lead_status s WHERE s.sets_category_id = ${id})`,
        ),
      )
      .returning({ id: category.id }),
    db.select({ id: category.id }).from(category).where(eq(category.id, id)),
  ]);
  if (deleted.length > 0) return;
  if (left.length === 0) throw notFound('category');
  throw conflict('Companies, forms or lead statuses use this category.');
}
