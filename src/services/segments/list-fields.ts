import { sql } from 'drizzle-orm';
import type { BatchItem } from 'drizzle-orm/batch';
import { CompileContext } from '../../db/segments/context.ts';
import { selectCountries } from '../../db/segments/countries.ts';
import { listedFields } from '../../db/segments/fields.ts';
import { pipeline, stage } from '../../db/schema/deals.ts';
import { form } from '../../db/schema/forms.ts';
import { originValue } from '../../db/schema/origins.ts';
import { category, company, leadStatus, owner, person } from '../../db/schema/people.ts';
import { site } from '../../db/schema/settings.ts';
import { entities, relations, selectionOperators } from '../../domain/segments/fields.ts';
import { selectionEntities } from '../../domain/segments/selections.ts';
import type { Entity, FieldType, Label, NamedList, Operator } from '../../domain/segments/fields.ts';
import type { ServiceContext } from '../service-context.ts';

export type FieldValue = { value: string; label: Label };

export type FieldAnswer = {
  entity: Entity;
  name: string;
  type: FieldType;
  label: Label;
  operators: Operator[];
  values: FieldValue[] | null;
  sortable: boolean;
  groupable: boolean;
  filterable: boolean;
};

const maxValues = 1_000;

const countries = new CompileContext();

/** A value of a list as it is read. `archived` is 1 where records may have it and get it no more. */
export type ListedValue = { value: string; label: string; archived?: number };

/** How the values of each list are read: `value` as criteria take it, `label` as people do. */
export const listQueries: Record<NamedList, ReturnType<typeof sql>> = {
  leadStatus: sql`SELECT name AS value, name AS label, archived_at IS NOT NULL AS archived FROM ${leadStatus} ORDER BY position, id`,
  category: sql`SELECT name AS value, name AS label, archived_at IS NOT NULL AS archived FROM ${category} ORDER BY position, id`,
  owner: sql`SELECT CAST(id AS text) AS value, name AS label FROM ${owner} ORDER BY active DESC, name, id LIMIT ${maxValues}`,
  form: sql`SELECT key AS value, name AS label FROM ${form} ORDER BY deleted_at IS NOT NULL, name, id LIMIT ${maxValues}`,
  pipeline: sql`SELECT CAST(id AS text) AS value, name AS label FROM ${pipeline} ORDER BY id LIMIT ${maxValues}`,
  stage: sql`SELECT CAST(id AS text) AS value, name AS label FROM ${stage} ORDER BY pipeline_id, position, id LIMIT ${maxValues}`,
  site: sql`SELECT key AS value, name AS label FROM ${site} ORDER BY id`,
  channel: sql`SELECT DISTINCT coalesce(shown.alias_label, shown.label) AS value, coalesce(shown.alias_label, shown.label) AS label
    FROM ${originValue} own JOIN ${originValue} shown ON shown.id = coalesce(own.alias_of, own.id)
    WHERE own.field = 'channel' ORDER BY 1 LIMIT ${maxValues}`,
  country: sql`SELECT value, value AS label FROM (${selectCountries(person, countries)}) UNION
    SELECT value, value FROM (${selectCountries(company, countries)}) ORDER BY 1 LIMIT ${maxValues}`,
};

/** Every field that can be asked for, with the values of its list, in one round trip. */
export async function listFields(
  { db }: Pick<ServiceContext, 'db'>,
  { entity }: { entity?: Entity | undefined } = {},
): Promise<{ items: FieldAnswer[]; relations: Record<Entity, readonly Entity[]> }> {
  const wanted = (entity === undefined ? entities : [entity]).flatMap(listedFields);
  const lists = [...new Set(wanted.flatMap(({ values }) => (values?.kind === 'named' ? [values.list] : [])))];
  const statements = lists.map((list) => db.all<{ value: string; label: string }>(listQueries[list]));
  const results =
    statements.length === 0
      ? []
      : await db.batch(statements as unknown as [BatchItem<'sqlite'>, ...Array<BatchItem<'sqlite'>>]);
  const valuesOf = new Map(
    lists.map((list, index) => [
      list,
      (results[index] as Array<{ value: string; label: string }>).map(({ value, label }) => ({
        value,
        label: { en: label, no: label },
      })),
    ]),
  );
  const answers = wanted.map(
    ({ entity: of, name, type, label, sortable, groupable, filterable, values, operators }): FieldAnswer => ({
      entity: of,
      name,
      type,
      label,
      sortable,
      groupable,
      filterable,
      operators: [...operators],
      values: values === null ? null : values.kind === 'static' ? [...values.values] : valuesOf.get(values.list)!,
    }),
  );
  const inSelections = selectionEntities
    .filter((one) => entity === undefined || entity === one)
    .map((one): FieldAnswer => ({
      entity: one,
      name: 'selection',
      type: 'reference',
      label: { en: 'Selection', no: 'Utvalg' },
      operators: [...selectionOperators],
      values: null,
      sortable: false,
      groupable: false,
      filterable: true,
    }));
  return { items: [...answers, ...inSelections], relations };
}
