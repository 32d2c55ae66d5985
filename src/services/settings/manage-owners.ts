import { and, eq, getTableColumns, ne, sql } from 'drizzle-orm';
import { ownerList } from '../../db/lists/settings-lists.ts';
import { owner, person, selection } from '../../db/schema/people.ts';
import { conflict, notFound } from '../../domain/errors.ts';
import { toIso } from '../../domain/iso-time.ts';
import type { ListQuery } from '../../domain/lists/list-info.ts';
import { isEmpty } from '../changes.ts';
import type { Changes } from '../changes.ts';
import { prepareList } from '../lists/prepare-list.ts';
import type { ListContext, PreparedList } from '../lists/prepare-list.ts';
import type { ServiceContext } from '../service-context.ts';

export { ownerList };

type OwnerRow = typeof owner.$inferSelect;

export type OwnerFields = Pick<OwnerRow, 'name' | 'email' | 'active'>;
export type OwnerAnswer = OwnerFields & { id: string; createdAt: string };

function toAnswer({ id, createdAt, ...fields }: OwnerRow): OwnerAnswer {
  return { id: String(id), ...fields, createdAt: toIso(createdAt) };
}

const emailTaken = () => conflict('Another owner has this e-mail address.');

/** Owners, the newest first. */
export function listOwners(context: ListContext, query: ListQuery): PreparedList<OwnerAnswer> {
  return prepareList(context, {
    list: ownerList,
    query,
    records: ({ where, orderBy, position }) =>
      context.db
        .select({ ...getTableColumns(owner), ...position })
        .from(owner)
        .where(where)
        .orderBy(...orderBy),
    toItem: toAnswer,
  });
}

/** @throws KildeError `conflict` where another owner has the address. */
export async function createOwner(
  { db, clock }: ServiceContext,
  fields: Changes<OwnerFields> & { name: string },
): Promise<OwnerAnswer> {
  const [row] = await db
    .insert(owner)
    .values({ ...fields, createdAt: clock() })
    .onConflictDoNothing()
    .returning();
  if (!row) throw emailTaken();
  return toAnswer(row);
}

/** @throws KildeError `not_found`; `conflict` where another owner has the address. */
export async function updateOwner(
  { db }: ServiceContext,
  { id, changes }: { id: number; changes: Changes<OwnerFields> },
): Promise<OwnerAnswer> {
  const read = db.select().from(owner).where(eq(owner.id, id));
  if (isEmpty(changes)) {
    const [row] = await read;
    if (!row) throw notFound('owner');
    return toAnswer(row);
  }
  const { email } = changes;
  const isFree = email
    ? sql`NOT EXISTS (SELECT 1 FROM ${owner} o WHERE ${and(eq(sql`o.email`, email), ne(sql`o.id`, id))})`
    : undefined;
  const [[changed], [known]] = await db.batch([
    db
      .update(owner)
      .set(changes)
      .where(and(eq(owner.id, id), isFree))
      .returning(),
    read,
  ]);
  if (changed) return toAnswer(changed);
  throw known ? emailTaken() : notFound('owner');
}

/** @throws KildeError `not_found`; `conflict` where living people, companies or deals have this owner. */
export async function deleteOwner({ db }: ServiceContext, id: number): Promise<void> {
  const isOfNobody = sql`NOT EXISTS (SELECT 1 FROM person p WHERE p.owner_id = ${id} AND p.id > 0)
    AND NOT EXISTS (SELECT 1 FROM company c WHERE c.owner_id = ${id})
    AND NOT EXISTS (SELECT 1 FROM deal d WHERE d.owner_id = ${id})`;
  const [, , deleted, left] = await db.batch([
    db
      .update(selection)
      .set({ ownerId: null })
      .where(and(eq(selection.ownerId, id), isOfNobody)),
    db
      .update(person)
      .set({ ownerId: null })
      .where(and(eq(person.ownerId, id), isOfNobody)),
    db
      .delete(owner)
      .where(and(eq(owner.id, id), isOfNobody))
      .returning({ id: owner.id }),
    db.select({ id: owner.id }).from(owner).where(eq(owner.id, id)),
  ]);
  if (deleted.length > 0) return;
  if (left.length === 0) throw notFound('owner');
  throw conflict('People, companies or deals have this owner. Set "active" to false instead.');
}
