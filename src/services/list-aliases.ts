import { count, desc, eq, lt, sql } from 'drizzle-orm';
import * as z from 'zod';
import { alias } from '../db/schema/origins.ts';
import { originFields } from '../domain/attribution/origin-fields.ts';
import type { SentField } from '../domain/attribution/origin-fields.ts';
import { toIso } from '../domain/iso-time.ts';
import { decodeCursor } from '../domain/cursor.ts';
import { notFound } from '../domain/errors.ts';
import { undoTerms } from '../domain/undo-terms.ts';
import type { UndoTerms } from '../domain/undo-terms.ts';
import { readPage } from './read-page.ts';
import type { Page, PageRequest } from './read-page.ts';
import type { ServiceContext } from './service-context.ts';

export type AliasAnswer = {
  id: string;
  field: string;
  values: string[];
  canonical: string;
  label: string;
  createdAt: string;
} & UndoTerms;

const columns = {
  id: alias.id,
  field: alias.field,
  label: alias.label,
  createdAt: alias.createdAt,
  values: sql<string>`(SELECT json_group_array(f.canonical) FROM alias_from f WHERE f.alias_id = alias.id)`,
  canonical: sql<string>`coalesce((SELECT final.canonical FROM origin_value target
      JOIN origin_value final ON final.id = target.alias_of
      WHERE target.field = alias.field AND target.canonical = alias.to_canonical), ${alias.toCanonical})`,
};

type Row = Pick<typeof alias.$inferSelect, 'id' | 'field' | 'label' | 'createdAt'> & {
  values: string;
  canonical: string;
};

function toAnswer({ id, field, values, canonical, label, createdAt }: Row): AliasAnswer {
  return {
    id: String(id),
    field: originFields[field as SentField].name,
    values: JSON.parse(values) as string[],
    canonical,
    label,
    createdAt: toIso(createdAt),
    ...undoTerms('alias', createdAt),
  };
}

/** @throws KildeError `not_found`. */
export async function readAlias({ db }: Pick<ServiceContext, 'db'>, id: number): Promise<AliasAnswer> {
  const [row] = await db.select(columns).from(alias).where(eq(alias.id, id));
  if (!row) throw notFound('alias');
  return toAnswer(row);
}

/** Corrections, the newest first. `canonical` is what the spellings count as now, where their target was itself corrected. */
export async function listAliases({ db }: ServiceContext, page: PageRequest): Promise<Page<AliasAnswer>> {
  const after = decodeCursor(page.cursor, z.tuple([z.number()]));
  return readPage({
    db,
    page,
    rows: db
      .select(columns)
      .from(alias)
      .where(after ? lt(alias.id, after[0]) : undefined)
      .orderBy(desc(alias.id))
      .limit(page.limit + 1),
    count: db.select({ count: count() }).from(alias),
    cursorOf: ({ id }) => [id],
    toItem: toAnswer,
  });
}
