import { and, eq, isNotNull, ne, sql } from 'drizzle-orm';
import { canChoose, choiceState } from '../../db/fragments/choices.ts';
import type { RecordsOfPage } from '../../db/lists/place-in-list.ts';
import { leadStatusList } from '../../db/lists/settings-lists.ts';
import { category, leadStatus, person } from '../../db/schema/people.ts';
import { conflict, invalidInput, notFound } from '../../domain/errors.ts';
import { toIsoOrNull } from '../../domain/iso-time.ts';
import type { ListQuery } from '../../domain/lists/list-info.ts';
import { changeSettings } from '../change-settings.ts';
import { isEmpty } from '../changes.ts';
import type { Changes } from '../changes.ts';
import { prepareList } from '../lists/prepare-list.ts';
import type { ListContext, PreparedList } from '../lists/prepare-list.ts';
import { refusedChoice } from '../refused-choice.ts';
import type { ServiceContext } from '../service-context.ts';

export { leadStatusList };

type StatusRow = typeof leadStatus.$inferSelect;

/** `setsCategoryId`: the id of the category that a person's company gets with the status. */
export type LeadStatusFields = Pick<StatusRow, 'name' | 'description' | 'position' | 'isDefault'> & {
  setsCategoryId: number | null;
};

export type LeadStatusAnswer = Omit<LeadStatusFields, 'setsCategoryId'> & {
  id: string;
  setsCategory: { id: string; name: string } | null;
  archivedAt: string | null;
};

type ReadRow = Pick<StatusRow, 'id' | 'name' | 'description' | 'position' | 'isDefault' | 'archivedAt'> & {
  category: { id: number; name: string } | null;
};

function toAnswer({ id, category: sets, archivedAt, ...fields }: ReadRow): LeadStatusAnswer {
  return {
    id: String(id),
    ...fields,
    setsCategory: sets && { id: String(sets.id), name: sets.name },
    archivedAt: toIsoOrNull(archivedAt),
  };
}

/** @param more further columns. */
function selectStatuses<More extends Partial<RecordsOfPage['position']>>(
  { db }: Pick<ServiceContext, 'db'>,
  more: More = {} as More,
) {
  return db
    .select({
      ...more,
      id: leadStatus.id,
      name: leadStatus.name,
      description: leadStatus.description,
      position: leadStatus.position,
      isDefault: leadStatus.isDefault,
      archivedAt: leadStatus.archivedAt,
      category: { id: category.id, name: category.name },
    })
    .from(leadStatus)
    .leftJoin(category, eq(category.id, leadStatus.setsCategoryId));
}

const defaultArchived = (name: string) =>
  conflict(
    `'${name}' cannot be both archived and the default, which new people get. Make another status the default, or restore this one.`,
  );

const nameTaken = (name: string) => conflict(`There is a lead status "${name}" already.`);

/** Lead statuses by their position. */
export function listLeadStatuses(context: ListContext, query: ListQuery): PreparedList<LeadStatusAnswer> {
  return prepareList(context, {
    list: leadStatusList,
    query,
    records: ({ where, orderBy, position }) =>
      selectStatuses(context, position)
        .where(where)
        .orderBy(...orderBy),
    toItem: toAnswer,
  });
}

/**
 * Adds a status, at the end where no position is given. As the default it takes the place of the one before.
 * @throws KildeError `conflict` where the name is taken.
 */
export async function createLeadStatus(
  context: ServiceContext,
  { setsCategoryId = null, position, ...fields }: Changes<LeadStatusFields> & { name: string },
): Promise<LeadStatusAnswer> {
  await requireCategory(context, setsCategoryId);
  const { db } = context;
  const { name, isDefault } = fields;
  const isOther = ne(leadStatus.name, name);
  const [[row], [answer]] = await changeSettings(context, [
    db
      .insert(leadStatus)
      .values({
        ...fields,
        setsCategoryId,
        position: position ?? sql`(SELECT coalesce(max(position), 0) + 1 FROM lead_status)`,
      })
      .onConflictDoNothing()
      .returning({ id: leadStatus.id }),
    selectStatuses(context).where(eq(leadStatus.name, name)),
    db
      .update(leadStatus)
      .set({ isDefault: false })
      .where(
        and(
          eq(leadStatus.isDefault, true),
          isOther,
          isDefault ? sql`(SELECT is_default FROM lead_status WHERE name = ${name})` : sql`false`,
        ),
      ),
  ]);
  if (!row || !answer) throw nameTaken(name);
  return toAnswer(answer);
}

/**
 * Changes, archives or restores a status. People keep an archived one; nobody gets it any more.
 * @throws KildeError `not_found`; `conflict` where the name is taken, where the default would be without a successor, and where the
 * default would be archived.
 */
export async function updateLeadStatus(
  context: ServiceContext,
  {
    id,
    changes: { setsCategoryId, archived, ...fields },
  }: { id: number; changes: Changes<LeadStatusFields & { archived: boolean }> },
): Promise<LeadStatusAnswer> {
  const { db, clock } = context;
  const changes = {
    ...fields,
    ...(setsCategoryId === undefined ? {} : { setsCategoryId }),
    ...(archived === undefined
      ? {}
      : { archivedAt: archived ? sql`coalesce(${leadStatus.archivedAt}, ${clock()})` : null }),
  };
  const read = selectStatuses(context).where(eq(leadStatus.id, id));
  if (isEmpty(changes)) {
    const [row] = await read;
    if (!row) throw notFound('lead status');
    return toAnswer(row);
  }
  await requireCategory(context, setsCategoryId ?? null, id);
  const { name, isDefault } = fields;
  const isFree =
    name === undefined
      ? undefined
      : sql`NOT EXISTS (SELECT 1 FROM lead_status other WHERE ${and(eq(sql`other.name`, name), ne(sql`other.id`, id))})`;
  const keepsDefault = isDefault === false ? eq(leadStatus.isDefault, false) : undefined;
  // What new people get is not archived, neither before nor after.
  const isInUse = sql`NOT (${isDefault ?? leadStatus.isDefault} AND ${archived ?? isNotNull(leadStatus.archivedAt)})`;
  const [changed, , [row]] = await changeSettings(context, [
    db
      .update(leadStatus)
      .set(changes)
      .where(and(eq(leadStatus.id, id), isFree, keepsDefault, isInUse))
      .returning({ id: leadStatus.id }),
    // The one before gives way only where this one now has it.
    db
      .update(leadStatus)
      .set({ isDefault: false })
      .where(
        and(
          eq(leadStatus.isDefault, true),
          ne(leadStatus.id, id),
          isDefault ? sql`(SELECT is_default FROM lead_status WHERE id = ${id})` : sql`false`,
        ),
      ),
    read,
  ]);
  if (!row) throw notFound('lead status');
  if (changed.length > 0) return toAnswer(row);
  if ((isDefault ?? row.isDefault) && (archived ?? row.archivedAt !== null)) throw defaultArchived(row.name);
  if (keepsDefault && row.isDefault) throw conflict('New people need a status: make another one the default instead.');
  throw nameTaken(name ?? row.name);
}

/** @throws KildeError `not_found`; `conflict` for the default status, and for one that people have. */
export async function deleteLeadStatus(context: ServiceContext, id: number): Promise<void> {
  const { db } = context;
  const isOfNobody = sql`NOT EXISTS (SELECT 1 FROM person p WHERE p.lead_status_id = ${id} AND p.id > 0)
    AND EXISTS (SELECT 1 FROM lead_status s WHERE s.id = ${id} AND s.is_default = 0)`;
  const [, deleted, [left]] = await changeSettings(context, [
    db
      .update(person)
      .set({ leadStatusId: null })
      .where(and(eq(person.leadStatusId, id), isOfNobody)),
    db
      .delete(leadStatus)
      .where(and(eq(leadStatus.id, id), isOfNobody))
      .returning({ id: leadStatus.id }),
    db.select({ isDefault: leadStatus.isDefault }).from(leadStatus).where(eq(leadStatus.id, id)),
  ]);
  if (deleted.length > 0) return;
  if (!left) throw notFound('lead status');
  throw conflict(
    left.isDefault
      ? 'The default status cannot be deleted: make another one the default first.'
      : 'People have this status.',
  );
}

/** The category's row itself is held by its foreign key; this says which field named none, or an archived one that the status has not yet. */
async function requireCategory({ db }: ServiceContext, id: number | null, statusId = 0): Promise<void> {
  if (id === null) return;
  const current = sql`(SELECT s.sets_category_id FROM ${leadStatus} s WHERE s.id = ${statusId})`;
  const [row] = await db
    .select({ canChoose: canChoose(category, { id, current }).mapWith(Boolean), state: choiceState(category, id) })
    .from(sql`(SELECT 1)`);
  if (row!.canChoose) return;
  const [location, value] = ['body.setsCategoryId', String(id)];
  throw invalidInput([refusedChoice({ location, what: 'category', value, state: row!.state })]);
}
