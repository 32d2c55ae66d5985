import type { Database } from '../../db/client.ts';
import { membersOf } from '../../db/segments/compile-selection.ts';
import type { SelectionsRead } from '../../db/segments/compile-selection.ts';
import { notFound } from '../../domain/errors.ts';
import type { ListInfo, ListParameters, ListQuery } from '../../domain/lists/list-info.ts';
import { parseListQuery } from '../../domain/lists/parse-list-query.ts';
import { boundsExceededBy } from '../../domain/segments/selections.ts';
import type { SelectionDefinition, SelectionEntity } from '../../domain/segments/selections.ts';
import type { PreparedList } from '../lists/prepare-list.ts';
import type { ListWithin } from '../segments/prepare-segment-list.ts';
import { companyList, listCompanies } from '../people/manage-companies.ts';
import { dealList, listDeals } from '../deals/read-deals.ts';
import { isVisibleTo, readSelectionNow, selectDefinitions, toDefinitions } from '../segments/read-definitions.ts';
import type { SelectionContext, SelectionRow } from '../segments/read-definitions.ts';
import { listPeople, peopleList } from '../people/read-people.ts';
import { listSubmissions, submissionList } from '../capture/read-submissions.ts';

/**
 * A selection, all that it is made of, and the moment its criteria are taken at: one round trip. `times` is how often the
 * caller asks who its members are. @throws KildeError `not_found`; `too_expensive`.
 */
export async function requireSelection(
  context: Pick<SelectionContext, 'db' | 'clock' | 'settings' | 'viewer'>,
  id: number,
  { times = 1, known }: { times?: number; known?: SelectionRow[] | undefined } = {},
): Promise<{ row: SelectionRow; definition: SelectionDefinition; read: SelectionsRead; rows: SelectionRow[] }> {
  const [rows, now] = await Promise.all([
    known ?? selectDefinitions(context.db, { ids: [id] }),
    readSelectionNow(context),
  ]);
  const row = rows.find((one) => one.id === id);
  if (!row || !isVisibleTo(row, context.viewer)) throw notFound('selection');
  const definitions = toDefinitions(rows);
  // It may have been stored before there was the bound.
  const exceeded = boundsExceededBy(id, definitions, { location: 'selection', times });
  if (exceeded) throw exceeded;
  return { row, definition: definitions.get(id)!, read: { definitions, now }, rows };
}

/** The list of each entity that selections can hold. */
const listsOf = {
  person: { list: peopleList, read: listPeople },
  company: { list: companyList, read: listCompanies },
  deal: { list: dealList, read: listDeals },
  submission: { list: submissionList, read: listSubmissions },
} satisfies Record<SelectionEntity, { list: ListInfo; read: ReadList }>;

type ReadList = (context: SelectionContext, query: ListQuery, within: ListWithin) => PreparedList<unknown>;

const everyList = Object.values(listsOf).map(({ list }) => list);

/** What the lists of members have altogether: the entity of a selection is known by its record alone. */
export const memberList: ListInfo = {
  ...peopleList,
  name: 'members',
  fields: [...new Map(everyList.flatMap(({ fields }) => fields.map((field) => [field.name, field]))).values()],
  findField: (name) => everyList.map((list) => list.findField(name)).find((field) => field !== undefined),
  hasAnswers: true,
};

/** The definitions of up to 100 selections of each database, as they were when their members were listed last. */
const readLast = new WeakMap<Database, Map<number, SelectionRow[]>>();
const maxRemembered = 100;

function remember(db: Database, { id, rows }: { id: number; rows: SelectionRow[] }): void {
  const remembered = readLast.get(db) ?? new Map<number, SelectionRow[]>();
  readLast.set(db, remembered);
  remembered.delete(id);
  remembered.set(id, rows);
  if (remembered.size > maxRemembered) remembered.delete(remembered.keys().next().value!);
}

class ChangedMeanwhile extends Error {}

/**
 * The members of a selection, found as of now: the list of its entity, with the selection's columns and sort where none are asked for.
 * Its items are always flat. A page is one request where the definitions that are remembered still hold, which the same request asks;
 * else the definitions are read first.
 * @throws KildeError `not_found`; `invalid_input`.
 */
export async function answerMembers<Answer>(
  context: SelectionContext,
  given: { id: number; parameters: ListParameters },
  answer: (list: PreparedList<unknown>) => Promise<Answer>,
): Promise<Answer> {
  const known = readLast.get(context.db)?.get(given.id);
  const row = known?.find(({ id }) => id === given.id);
  // The pages of a file are read when its answer has begun.
  const isFile = given.parameters.some(([name]) => name === 'format');
  if (row && !isFile && isVisibleTo(row, context.viewer)) {
    try {
      return await answer(await prepareMembers(context, { ...given, known }));
    } catch (error) {
      if (!(error instanceof ChangedMeanwhile)) throw error;
    }
  }
  return answer(await prepareMembers(context, given));
}

async function prepareMembers(
  context: SelectionContext,
  { id, parameters, known }: { id: number; parameters: ListParameters; known?: SelectionRow[] | undefined },
): Promise<PreparedList<unknown>> {
  const { row, definition, read, rows } = await requireSelection(context, id, { known }).catch((error: unknown) => {
    // A parameter that no list of members has is refused whatever the selection.
    parseListQuery(parameters, memberList);
    throw error;
  });
  remember(context.db, { id, rows });
  const { list, read: readList } = listsOf[row.entity];
  const { columns, sort } = row;
  const query = parseListQuery(parameters, { ...list, sort: sort ?? list.sort });
  const check = (now: unknown): void => {
    if (JSON.stringify(now) !== JSON.stringify(known)) throw new ChangedMeanwhile();
  };
  const alongside = known && { statement: selectDefinitions(context.db, { ids: [id] }), check };
  return readList(
    context,
    { ...query, columns: query.columns ?? columns ?? list.columns },
    { path: `selections/${id}/members`, options: { and: membersOf(definition, read), alongside } },
  );
}
