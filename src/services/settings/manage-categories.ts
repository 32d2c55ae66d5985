import { and, eq, getTableColumns, ne, sql } from 'drizzle-orm';
import { categoryList } from '../../db/lists/settings-lists.ts';
import { category } from '../../db/schema/people.ts';
import { conflict, notFound } from '../../domain/errors.ts';
import { toIsoOrNull } from '../../domain/iso-time.ts';
import type { ListQuery } from '../../domain/lists/list-info.ts';
import { changeSettings } from '../change-settings.ts';
import { isEmpty } from '../changes.ts';
import type { Changes } from '../changes.ts';
import { prepareList } from '../lists/prepare-list.ts';
import type { ListContext, PreparedList } from '../lists/prepare-list.ts';
import type { ServiceContext } from '../service-context.ts';

export { categoryList };

type CategoryRow = typeof category.$inferSelect;

export type CategoryFields = Pick<
  CategoryRow,
  'name' | 'group' | 'position' | 'setOn' | 'description' | 'resetsLeadStatus' | 'needsConfirmation'
>;
export type CategoryAnswer = CategoryFields & { id: string; archivedAt: string | null };

function toAnswer(row: CategoryRow): CategoryAnswer {
  const { id, name, group, position, setOn, description, resetsLeadStatus, needsConfirmation, archivedAt } = row;
  return {
    id: String(id),
    name,
    description,
    group,
    position,
    setOn,
    resetsLeadStatus,
    needsConfirmation,
    archivedAt: toIsoOrNull(archivedAt),
  };
}

const nameTaken = (name: string) => conflict(`There is a category "${name}" already.`);

/** Categories by their position. */
export function listCategories(context: ListContext, query: ListQuery): PreparedList<CategoryAnswer> {
  return prepareList(context, {
    list: categoryList,
    query,
    records: ({ where, orderBy, position }) =>
      context.db
        .select({ ...getTableColumns(category), ...position })
        .from(category)
        .where(where)
        .orderBy(...orderBy),
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

/**
 * Changes, archives or restores a category. Companies keep an archived one; nothing sets it any more.
 * @throws KildeError `not_found`; `conflict` where the name is taken.
 */
export async function updateCategory(
  { db, clock }: ServiceContext,
  { id, changes: { archived, ...fields } }: { id: number; changes: Changes<CategoryFields & { archived: boolean }> },
): Promise<CategoryAnswer> {
  const changes = {
    ...fields,
    ...(archived === undefined
      ? {}
      : { archivedAt: archived ? sql`coalesce(${category.archivedAt}, ${clock()})` : null }),
  };
  const read = db.select().from(category).where(eq(category.id, id));
  const { name } = fields;
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
