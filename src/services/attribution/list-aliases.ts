import { eq } from 'drizzle-orm';
import { aliasCanonical, aliasList, aliasValues } from '../../db/lists/capture-lists.ts';
import { alias } from '../../db/schema/origins.ts';
import { originFields } from '../../domain/attribution/origin-fields.ts';
import type { SentField } from '../../domain/attribution/origin-fields.ts';
import { toIso } from '../../domain/iso-time.ts';
import { notFound } from '../../domain/errors.ts';
import type { ListQuery } from '../../domain/lists/list-info.ts';
import { undoTerms } from '../../domain/undo-terms.ts';
import type { UndoTerms } from '../../domain/undo-terms.ts';
import { prepareList } from '../lists/prepare-list.ts';
import type { ListContext, PreparedList } from '../lists/prepare-list.ts';
import type { ServiceContext } from '../service-context.ts';

export { aliasList };

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
  values: aliasValues,
  canonical: aliasCanonical,
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
export function listAliases(context: ListContext, query: ListQuery): PreparedList<AliasAnswer> {
  return prepareList(context, {
    list: aliasList,
    query,
    records: ({ where, orderBy, position }) =>
      context.db
        .select({ ...columns, ...position })
        .from(alias)
        .where(where)
        .orderBy(...orderBy),
    toItem: toAnswer,
  });
}
