import { sql } from 'drizzle-orm';
import type { SQL, SQLWrapper } from 'drizzle-orm';
import { noSuch } from '../../domain/errors.ts';
import type { InputError } from '../../domain/errors.ts';
import { fieldConditions } from '../../domain/segments/criteria.ts';
import type { Criteria } from '../../domain/segments/criteria.ts';
import type { Entity } from '../../domain/segments/fields.ts';
import type { SelectionEntity } from '../../domain/segments/selections.ts';
import { selection } from '../schema/people.ts';
import { findField } from './fields.ts';
import { isId, namedRecords, selectAsked, severalHaveName } from './named-records.ts';

/** A value that has to be in a list: `value` is what is compared, `given` what the caller wrote. */
export type Wanted = { list: CheckedList; value: string; given: unknown; location: string };

/** How a value is found in each list of which every value is known. `wanted` is the value asked for. */
const wanted = sql.raw('wanted.value');
const checks = {
  personSelection: isSelectionOf('person'),
  companySelection: isSelectionOf('company'),
  dealSelection: isSelectionOf('deal'),
  submissionSelection: isSelectionOf('submission'),
} as const;
/** Lists whose values are given by id or by name. */
const named = {
  leadStatus: namedRecords.leadStatus,
  category: namedRecords.category,
  owner: namedRecords.owner,
  form: namedRecords.form,
  pipeline: namedRecords.pipeline,
  stage: namedRecords.stage,
  company: namedRecords.company,
  person: namedRecords.person,
} as const;
/** Of many records the names alone are asked for: an id that none has finds nothing. */
const namesAlone: ReadonlySet<string> = new Set(['company', 'person']);
type CheckedList = keyof typeof checks | keyof typeof named;

const isNamed = (list: CheckedList): list is keyof typeof named => Object.hasOwn(named, list);

/** A value that is not one record's: the ids of those that have it as their name, as JSON, or null. */
export type CheckedValue = { list: string; value: string; ids: string | null };

function isSelectionOf(entity: SelectionEntity): SQL {
  return sql`SELECT 1 FROM ${selection} WHERE ${selection.id} = CAST(${wanted} AS integer) AND ${selection.entity} = ${entity}`;
}

/** Who asks: an API key by its number, or a user by their owner. Both are null for the administrator's key. */
export type Viewer = { id: number | null; ownerId?: number | null; isAdmin: boolean };

/** Selections that are shown to whoever asks. */
export const isVisible = (viewer: Viewer): SQL => isVisibleIn(selection, viewer);

/** A private record is shown to the key that made it, to the user whose owner it has, and to administrators. */
export function isVisibleIn(
  { visibility, keyId, ownerId: ownerOf }: Record<'visibility' | 'keyId' | 'ownerId', SQLWrapper>,
  { id, ownerId = null, isAdmin }: Viewer,
): SQL {
  return isAdmin ? sql`1` : sql`(${visibility} = 'shared' OR ${keyId} = ${id} OR ${ownerOf} = ${ownerId})`;
}

export type ValueCheck = {
  /** Gives each value that is in no list, and each name that several records have. */
  statement: SQL;
  errorsOf: (rows: CheckedValue[]) => InputError[];
};

/** What asks the database for the values of criteria that it does not know; null where there is nothing to ask. */
export function checkValues(
  criteria: Criteria,
  { viewer, ...place }: { entity: Entity; location?: string; viewer?: Viewer | undefined },
): ValueCheck | null {
  return checkWanted(wantedOf(criteria, place), viewer);
}

/** The values of criteria that the database has to know. */
export function wantedOf(
  criteria: Criteria,
  { entity, location = 'where' }: { entity: Entity; location?: string },
): Wanted[] {
  return [...valuesOf(criteria, { entity, location })];
}

/** What asks the database for values that have to be in a list; null where there are none. */
export function checkWanted(all: readonly Wanted[], viewer?: Viewer): ValueCheck | null {
  if (all.length === 0) return null;
  const lists = (Object.keys(nouns) as CheckedList[]).filter((list) => all.some((one) => one.list === list));
  const statement = sql.join(
    lists.map((list) => {
      const values = [...new Set(all.filter((one) => one.list === list).map((one) => one.value))];
      if (isNamed(list)) {
        return sql`SELECT ${list} AS list, asked AS value, ids FROM (${selectAsked(named[list], values)})
          WHERE is_id = 0 AND json_array_length(ids) <> 1`;
      }
      const andVisible = list.endsWith('Selection') && viewer ? sql` AND ${isVisible(viewer)}` : sql``;
      return sql`SELECT ${list} AS list, wanted.value AS value, NULL AS ids FROM json_each(${JSON.stringify(values)}) wanted
        WHERE NOT EXISTS (${checks[list]}${andVisible})`;
    }),
    sql` UNION ALL `,
  );
  return {
    statement,
    errorsOf: (rows) => {
      const found = new Map(rows.map((row) => [`${row.list}:${row.value}`, row]));
      return all.flatMap(({ list, value, given, location: at }) => {
        const row = found.get(`${list}:${value}`);
        if (!row) return [];
        const ids = row.ids === null ? [] : (JSON.parse(row.ids) as string[]);
        return [
          ids.length > 1 && isNamed(list)
            ? severalHaveName({ what: named[list].what, name: value, ids, location: at })
            : { location: at, message: noSuch(nouns[list], given) },
        ];
      });
    },
  };
}

const nouns: Record<CheckedList, string> = {
  leadStatus: 'lead status',
  category: 'category',
  owner: 'owner',
  pipeline: 'pipeline',
  stage: 'stage',
  form: 'form',
  company: 'company',
  person: 'person with the e-mail address',
  personSelection: 'selection of people',
  companySelection: 'selection of companies',
  dealSelection: 'selection of deals',
  submissionSelection: 'selection of submissions',
};

function* valuesOf(criteria: Criteria, place: { entity: Entity; location: string }): Generator<Wanted> {
  for (const { field: name, value, entity, location } of fieldConditions(criteria, place)) {
    if (value === undefined) continue;
    const list = listOf(entity, name);
    if (list === null) continue;
    const read = (one: unknown) => String(one);
    if (Array.isArray(value)) {
      for (const [index, one] of value.entries()) {
        if (isAsked(list, one)) yield { list, value: read(one), given: one, location: `${location}.value[${index}]` };
      }
    } else if (isAsked(list, value)) yield { list, value: read(value), given: value, location: `${location}.value` };
  }
}

const isAsked = (list: CheckedList, value: unknown): boolean => !namesAlone.has(list) || !isId(String(value));

function listOf(entity: Entity, name: string): CheckedList | null {
  if (name === 'selection') return `${entity as SelectionEntity}Selection`;
  const field = findField(entity, name);
  const record = name.split('.').at(-1)!;
  if (field?.isNamed && namesAlone.has(record)) return record as CheckedList;
  const values = field?.values;
  if (values?.kind !== 'named') return null;
  return Object.hasOwn(nouns, values.list) ? (values.list as CheckedList) : null;
}
