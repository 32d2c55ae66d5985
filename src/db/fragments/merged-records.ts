/**
 * Who a record is by now: itself, or the record that it was merged into, over any number of merges. Null where that is gone.
 * Undoing one merge needs it where another merge has taken away a record that the first one names.
 */
const whoIs = ({
  table,
  merges,
  kept,
  removed,
  id,
}: {
  table: string;
  merges: string;
  kept: string;
  removed: string;
  id: string;
}): string =>
  `(WITH RECURSIVE now_is (id) AS (SELECT ${id} UNION
    SELECT later.${kept} FROM ${merges} later JOIN now_is ON later.${removed} = now_is.id WHERE later.undone_at IS NULL)
    SELECT living.id FROM now_is JOIN ${table} living ON living.id = now_is.id LIMIT 1)`;

/** @param id SQL. */
export const livingPerson = (id: string): string =>
  whoIs({ table: 'person', merges: 'person_merge', kept: 'person_id', removed: 'removed_person_id', id });
/** @param id SQL. */
export const livingCompany = (id: string): string =>
  whoIs({ table: 'company', merges: 'company_merge', kept: 'company_id', removed: 'removed_company_id', id });
