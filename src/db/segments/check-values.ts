import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { InputError } from '../../domain/errors.ts';
import { fieldConditions } from '../../domain/segments/criteria.ts';
import type { Criteria } from '../../domain/segments/criteria.ts';
import type { Entity } from '../../domain/segments/fields.ts';
import type { SelectionEntity } from '../../domain/segments/selections.ts';
import { foldLatin } from '../../domain/segments/fold-latin.ts';
import { pipeline, stage } from '../schema/deals.ts';
import { form } from '../schema/forms.ts';
import { category, leadStatus, owner, selection } from '../schema/people.ts';
import { findField } from './fields.ts';
import { foldedInSql } from './stored.ts';

type Wanted = { list: CheckedList; value: string; location: string };

/** How a value is found in each list of which every value is known. `wanted` is the value asked for. */
const wanted = sql.raw('wanted.value');
const checks = {
  leadStatus: sql`SELECT 1 FROM ${leadStatus} WHERE ${foldedInSql(leadStatus.name)} = ${wanted}`,
  category: sql`SELECT 1 FROM ${category} WHERE ${foldedInSql(category.name)} = ${wanted}`,
  owner: sql`SELECT 1 FROM ${owner} WHERE ${owner.id} = CAST(${wanted} AS integer)`,
  pipeline: sql`SELECT 1 FROM ${pipeline} WHERE ${pipeline.id} = CAST(${wanted} AS integer)`,
  stage: sql`SELECT 1 FROM ${stage} WHERE ${stage.id} = CAST(${wanted} AS integer)`,
  form: sql`SELECT 1 FROM ${form} WHERE ${form.key} = ${wanted}`,
  personSelection: isSelectionOf('person'),
  companySelection: isSelectionOf('company'),
  dealSelection: isSelectionOf('deal'),
  submissionSelection: isSelectionOf('submission'),
} as const;
type CheckedList = keyof typeof checks;

function isSelectionOf(entity: SelectionEntity): SQL {
  return sql`SELECT 1 FROM ${selection} WHERE ${selection.id} = CAST(${wanted} AS integer) AND ${selection.entity} = ${entity}`;
}

/** Who asks: an API key by its number, null for the administrator's. */
export type Viewer = { id: number | null; isAdmin: boolean };

/** Selections that are shown to whoever asks. */
export function isVisible({ id, isAdmin }: Viewer): SQL {
  return isAdmin ? sql`1` : sql`(${selection.visibility} = 'shared' OR ${selection.keyId} = ${id})`;
}

export type ValueCheck = {
  /** Gives `list` and `value` of each value that is in no list. */
  statement: SQL;
  errorsOf: (rows: Array<{ list: string; value: string }>) => InputError[];
};

/** What asks the database for the values of criteria that it does not know; null where there is nothing to ask. */
export function checkValues(
  criteria: Criteria,
  { entity, location = 'where', viewer }: { entity: Entity; location?: string; viewer?: Viewer | undefined },
): ValueCheck | null {
  const all = [...valuesOf(criteria, { entity, location })];
  if (all.length === 0) return null;
  const lists = (Object.keys(checks) as CheckedList[]).filter((list) => all.some((one) => one.list === list));
  const statement = sql.join(
    lists.map((list) => {
      const values = [...new Set(all.filter((one) => one.list === list).map((one) => one.value))];
      return sql`SELECT ${list} AS list, wanted.value AS value FROM json_each(${JSON.stringify(values)}) wanted
        WHERE NOT EXISTS (${checks[list]}${list.endsWith('Selection') && viewer ? sql` AND ${isVisible(viewer)}` : sql``})`;
    }),
    sql` UNION ALL `,
  );
  return {
    statement,
    errorsOf: (rows) => {
      const unknown = new Set(rows.map(({ list, value }) => `${list}:${value}`));
      return all
        .filter(({ list, value }) => unknown.has(`${list}:${value}`))
        .map(({ list, location: at }) => ({ location: at, message: messages[list] }));
    },
  };
}

const messages: Record<CheckedList, string> = {
  leadStatus: 'There is no such lead status.',
  category: 'There is no such category.',
  owner: 'There is no such owner.',
  pipeline: 'There is no such pipeline.',
  stage: 'There is no such stage.',
  form: 'There is no such form.',
  personSelection: 'There is no such selection of people.',
  companySelection: 'There is no such selection of companies.',
  dealSelection: 'There is no such selection of deals.',
  submissionSelection: 'There is no such selection of submissions.',
};

function* valuesOf(criteria: Criteria, place: { entity: Entity; location: string }): Generator<Wanted> {
  for (const { field: name, value, entity, location } of fieldConditions(criteria, place)) {
    if (value === undefined) continue;
    const list = listOf(entity, name);
    if (list === null) continue;
    const read = (one: unknown) =>
      list === 'leadStatus' || list === 'category' ? foldLatin(String(one)) : String(one);
    if (Array.isArray(value)) {
      for (const [index, one] of value.entries()) {
        yield { list, value: read(one), location: `${location}.value[${index}]` };
      }
    } else yield { list, value: read(value), location: `${location}.value` };
  }
}

function listOf(entity: Entity, name: string): CheckedList | null {
  if (name === 'selection') return `${entity as SelectionEntity}Selection`;
  const values = findField(entity, name)?.values;
  if (values?.kind !== 'named') return null;
  return Object.hasOwn(checks, values.list) ? (values.list as CheckedList) : null;
}
