import { eq, getTableColumns, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { isFormOfChange, recordHistoryList } from '../../db/lists/history-lists.ts';
import { deal } from '../../db/schema/deals.ts';
import { form } from '../../db/schema/forms.ts';
import { company, person } from '../../db/schema/people.ts';
import { recordChange } from '../../db/schema/record-changes.ts';
import { toIso } from '../../domain/iso-time.ts';
import type { ListQuery } from '../../domain/lists/list-info.ts';
import type { ChangeVia } from '../../domain/people/record-history.ts';
import { namedOrNull } from '../author.ts';
import { prepareList } from '../lists/prepare-list.ts';
import type { ListContext, PreparedList } from '../lists/prepare-list.ts';

export { recordHistoryList };

type ChangeAnswer = {
  id: string;
  at: string;
  field: string;
  /** A text, a number, `{ id, name }`, or null. */
  before: unknown;
  after: unknown;
  via: ChangeVia;
  rule: string | null;
  form: { id: string; name: string } | null;
  by: { id: string; name: string } | null;
  key: { id: string; name: string } | null;
};

const owners = {
  person: {
    table: person,
    path: 'people',
    merges: sql.raw('person_merge'),
    kept: sql.raw('person_id'),
    removed: sql.raw('removed_person_id'),
  },
  company: {
    table: company,
    path: 'companies',
    merges: sql.raw('company_merge'),
    kept: sql.raw('company_id'),
    removed: sql.raw('removed_company_id'),
  },
  deal: { table: deal, path: 'deals', merges: null, kept: null, removed: null },
};

/** A record, and those that were merged into it. */
function recordIds(entity: keyof typeof owners, id: number): SQL {
  const { merges, kept, removed } = owners[entity];
  if (!merges) return sql`(${id})`;
  return sql`(WITH RECURSIVE was (id) AS (SELECT ${id} UNION
    SELECT m.${removed} FROM ${merges} m JOIN was ON m.${kept} = was.id WHERE m.undone_at IS NULL) SELECT id FROM was)`;
}

/** What changed of a record, the newest first. @throws KildeError `not_found`. */
export function listHistory(
  context: ListContext,
  { entity, id, query }: { entity: keyof typeof owners; id: number; query: ListQuery },
): PreparedList<ChangeAnswer> {
  const { db } = context;
  const { table, path } = owners[entity];
  return prepareList(context, {
    list: recordHistoryList,
    query,
    path: `${path}/${id}/history`,
    where: sql`${recordChange.entity} = ${entity} AND ${recordChange.recordId} IN ${recordIds(entity, id)}`,
    parent: { found: db.select({ id: table.id }).from(table).where(eq(table.id, id)), what: entity },
    records: ({ where, orderBy, position }) =>
      db
        .select({ ...getTableColumns(recordChange), form: { key: form.key, name: form.name }, ...position })
        .from(recordChange)
        .leftJoin(form, isFormOfChange)
        .where(where)
        .orderBy(...orderBy),
    toItem: ({ id: changeId, at, field, before, after, via, rule, form: of, keyId, keyName, userId, userName }) => ({
      id: String(changeId),
      at: toIso(at),
      field,
      before,
      after,
      via: via ?? 'form',
      rule,
      form: of && { id: of.key, name: of.name },
      by: namedOrNull(userId, userName),
      key: namedOrNull(keyId, keyName),
    }),
  });
}
