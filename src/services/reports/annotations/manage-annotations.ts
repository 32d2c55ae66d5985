import { and, eq, getTableColumns, sql } from 'drizzle-orm';
import { annotationList } from '../../../db/lists/board-lists.ts';
import type { RecordsOfPage } from '../../../db/lists/place-in-list.ts';
import type { Database } from '../../../db/client.ts';
import { annotation } from '../../../db/schema/boards.ts';
import { site } from '../../../db/schema/settings.ts';
import { conflict, invalidInput, notFound } from '../../../domain/errors.ts';
import { toIso } from '../../../domain/iso-time.ts';
import type { AnnotationKind } from '../../../domain/reports/annotation-kinds.ts';
import type { ListQuery } from '../../../domain/lists/list-info.ts';
import { authorColumns, namedOrNull } from '../../author.ts';
import type { Author } from '../../author.ts';
import { isEmpty } from '../../changes.ts';
import type { Changes } from '../../changes.ts';
import { prepareList } from '../../lists/prepare-list.ts';
import type { ListContext, PreparedList } from '../../lists/prepare-list.ts';
import type { ServiceContext } from '../../service-context.ts';

export { annotationList };

/** `siteId`: the key of the site that it concerns; null: all. */
export type AnnotationFields = { day: string; text: string; siteId: string | null };

export type AnnotationAnswer = {
  id: string;
  day: string;
  text: string;
  site: { id: string; name: string } | null;
  by: { id: string; name: string } | null;
  key: { id: string; name: string } | null;
  automatic: boolean;
  kind: AnnotationKind | null;
  values: Record<string, unknown> | null;
  createdAt: string;
};

type Row = typeof annotation.$inferSelect & { site: { key: string; name: string } | null };

function toAnswer({ id, day, text, site: of, automatic, kind, values, createdAt, ...author }: Row): AnnotationAnswer {
  return {
    id: String(id),
    day,
    text,
    site: of && { id: of.key, name: of.name },
    by: namedOrNull(author.userId, author.userName),
    key: namedOrNull(author.keyId, author.keyName),
    automatic,
    kind,
    values,
    createdAt: toIso(createdAt),
  };
}

function selectAnnotations<More extends Partial<RecordsOfPage['position']>>(db: Database, more: More = {} as More) {
  return db
    .select({ ...getTableColumns(annotation), site: { key: site.key, name: site.name }, ...more })
    .from(annotation)
    .leftJoin(site, eq(site.id, annotation.siteId));
}

/** Annotations, the latest day first. */
export function listAnnotations(context: ListContext, query: ListQuery): PreparedList<AnnotationAnswer> {
  return prepareList(context, {
    list: annotationList,
    query,
    records: ({ where, orderBy, position }) =>
      selectAnnotations(context.db, position)
        .where(where)
        .orderBy(...orderBy),
    toItem: toAnswer,
  });
}

const idOfSite = (key: string | null) => sql`(SELECT s.id FROM ${site} s WHERE s.key = ${key})`;
const isSiteKnown = (key: string | null | undefined) =>
  key == null ? sql`1` : sql`EXISTS (SELECT 1 FROM ${site} s WHERE s.key = ${key})`;
const unknownSite = (key: string) =>
  invalidInput([{ location: 'body.siteId', message: `There is no site '${key.slice(0, 100)}'.` }]);

/** @throws KildeError `invalid_input` of a site that there is not. */
export async function createAnnotation(
  { db, clock }: ServiceContext,
  {
    author,
    day,
    text,
    siteId = null,
  }: Omit<AnnotationFields, 'siteId'> & { siteId?: string | null | undefined; author: Author },
): Promise<AnnotationAnswer> {
  const { keyId, keyName, userId, userName } = authorColumns(author);
  const [[made], [row]] = await db.batch([
    db
      .insert(annotation)
      .select(
        sql`SELECT NULL, ${day}, ${text}, ${idOfSite(siteId)}, ${keyId}, ${keyName}, ${userId}, ${userName}, 0, NULL, NULL, ${clock()} WHERE ${isSiteKnown(siteId)}`,
      )
      .returning({ id: annotation.id }),
    selectAnnotations(db).where(sql`${annotation.id} = last_insert_rowid()`),
  ]);
  if (!made || !row) throw unknownSite(siteId!);
  return toAnswer(row);
}

/** @throws KildeError `not_found`; `invalid_input` of a site that there is not; `conflict` of one that Kilde wrote. */
export async function updateAnnotation(
  { db }: ServiceContext,
  { id, changes: { siteId, ...changes } }: { id: number; changes: Changes<AnnotationFields> },
): Promise<AnnotationAnswer> {
  const read = selectAnnotations(db).where(eq(annotation.id, id));
  const set = { ...changes, ...(siteId === undefined ? {} : { siteId: siteId === null ? null : idOfSite(siteId) }) };
  if (isEmpty(set)) {
    const [row] = await read;
    if (!row) throw notFound('annotation');
    return toAnswer(row);
  }
  const [written, [row]] = await db.batch([
    db
      .update(annotation)
      .set(set)
      .where(and(eq(annotation.id, id), eq(annotation.automatic, false), isSiteKnown(siteId)))
      .returning({ id: annotation.id }),
    read,
  ]);
  if (!row) throw notFound('annotation');
  if (row.automatic) throw conflict('Kilde wrote this annotation. Delete it, and add one of your own.');
  if (written.length === 0) throw unknownSite(siteId!);
  return toAnswer(row);
}

/** @throws KildeError `not_found`. */
export async function deleteAnnotation({ db }: ServiceContext, id: number): Promise<void> {
  const deleted = await db.delete(annotation).where(eq(annotation.id, id)).returning({ id: annotation.id });
  if (deleted.length === 0) throw notFound('annotation');
}
