import { and, asc, count, desc, eq, gt, lt, sql } from 'drizzle-orm';
import * as z from 'zod';
import { company, person, selection, selectionMember } from '../db/schema/people.ts';
import { conflict, notFound } from '../domain/errors.ts';
import { toIso } from '../domain/iso-time.ts';
import { decodeCursor } from '../domain/cursor.ts';
import { readPage } from './read-page.ts';
import type { Page, PageRequest } from './read-page.ts';
import type { ServiceContext } from './service-context.ts';

type SelectionRow = typeof selection.$inferSelect;

export type SelectionAnswer = Pick<SelectionRow, 'name' | 'entity' | 'kind'> & { id: string; createdAt: string };
export type MemberAnswer = { id: string; name: string };

function toAnswer({ id, createdAt, name, entity, kind }: SelectionRow): SelectionAnswer {
  return { id: String(id), name, entity, kind, createdAt: toIso(createdAt) };
}

/** Selections, the newest first. */
export async function listSelections({ db }: ServiceContext, page: PageRequest): Promise<Page<SelectionAnswer>> {
  const after = decodeCursor(page.cursor, z.tuple([z.number()]));
  return readPage({
    db,
    page,
    rows: db
      .select()
      .from(selection)
      .where(after ? lt(selection.id, after[0]) : undefined)
      .orderBy(desc(selection.id))
      .limit(page.limit + 1),
    count: db.select({ count: count() }).from(selection),
    cursorOf: ({ id }) => [id],
    toItem: toAnswer,
  });
}

/** @throws KildeError `not_found`. */
export async function readSelection(context: ServiceContext, id: number): Promise<SelectionAnswer> {
  return toAnswer(await requireSelection(context, id));
}

/** Makes a static selection: its members are put in and taken out by hand, or by a form. */
export async function createSelection(
  { db, clock }: ServiceContext,
  { name, entity }: Pick<SelectionRow, 'name' | 'entity'>,
): Promise<SelectionAnswer> {
  const [row] = await db.insert(selection).values({ name, entity, kind: 'static', createdAt: clock() }).returning();
  return toAnswer(row!);
}

/** A selection's members by id. @throws KildeError `not_found`. */
export async function listMembers(
  context: ServiceContext,
  { id, page }: { id: number; page: PageRequest },
): Promise<Page<MemberAnswer>> {
  const { db } = context;
  const { entity } = await requireSelection(context, id);
  const after = decodeCursor(page.cursor, z.tuple([z.number()]));
  const isMember = eq(selectionMember.selectionId, id);
  const where = and(isMember, after ? gt(selectionMember.memberId, after[0]) : undefined);
  const members = { cursorOf: ({ id: member }: { id: number }) => [member], toItem: toMember };
  const total = db.select({ count: count() }).from(selectionMember).where(isMember);
  if (entity === 'company') {
    return readPage({
      db,
      page,
      rows: db
        .select({ id: company.id, name: company.name })
        .from(selectionMember)
        .innerJoin(company, eq(company.id, selectionMember.memberId))
        .where(where)
        .orderBy(asc(selectionMember.memberId))
        .limit(page.limit + 1),
      count: total,
      ...members,
    });
  }
  return readPage({
    db,
    page,
    rows: db
      .select({
        id: person.id,
        name: sql<string>`coalesce(nullif(trim(coalesce(${person.firstName}, '') || ' ' || coalesce(${person.lastName}, '')), ''), ${person.email})`,
      })
      .from(selectionMember)
      .innerJoin(person, eq(person.id, selectionMember.memberId))
      .where(where)
      .orderBy(asc(selectionMember.memberId))
      .limit(page.limit + 1),
    count: total,
    ...members,
  });
}

function toMember({ id, name }: { id: number; name: string }): MemberAnswer {
  return { id: String(id), name };
}

/**
 * Puts people or companies into a static selection; those in it already stay.
 * @returns how many came in, and which of the ids are nobody's.
 * @throws KildeError `not_found`; `conflict` where the selection is not static.
 */
export async function addMembers(
  context: ServiceContext,
  { id, ids }: { id: number; ids: number[] },
): Promise<{ added: number; unknown: string[] }> {
  const { db, clock } = context;
  const { entity } = await requireStatic(context, id);
  const records = entity === 'person' ? person : company;
  const json = JSON.stringify(ids);
  const [added, unknown] = await db.batch([
    db.run(sql`INSERT INTO ${selectionMember} (selection_id, member_id, added_at)
      SELECT ${id}, r.id, ${clock()} FROM json_each(${json}) i JOIN ${records} r ON r.id = i.value WHERE true
      ON CONFLICT DO NOTHING`),
    db.all<{ id: number }>(sql`SELECT i.value AS id FROM json_each(${json}) i
      WHERE NOT EXISTS (SELECT 1 FROM ${records} r WHERE r.id = i.value)`),
  ]);
  return { added: added.rowsAffected, unknown: unknown.map((row) => String(row.id)) };
}

/**
 * Takes members out of a static selection.
 * @returns how many went.
 * @throws KildeError `not_found`; `conflict` where the selection is not static.
 */
export async function removeMembers(
  context: ServiceContext,
  { id, ids }: { id: number; ids: number[] },
): Promise<{ removed: number }> {
  await requireStatic(context, id);
  const removed = await context.db
    .delete(selectionMember)
    .where(
      and(
        eq(selectionMember.selectionId, id),
        sql`${selectionMember.memberId} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`,
      ),
    );
  return { removed: removed.rowsAffected };
}

async function requireSelection({ db }: ServiceContext, id: number): Promise<SelectionRow> {
  const [row] = await db.select().from(selection).where(eq(selection.id, id));
  if (!row) throw notFound('selection');
  return row;
}

async function requireStatic(context: ServiceContext, id: number): Promise<SelectionRow> {
  const row = await requireSelection(context, id);
  if (row.kind !== 'static') throw conflict('The members of this selection follow from its criteria.');
  return row;
}
