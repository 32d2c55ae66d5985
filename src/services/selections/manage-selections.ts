import { and, eq, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { selectionList } from '../../db/lists/selection-list.ts';
import type { Database } from '../../db/client.ts';
import { form } from '../../db/schema/forms.ts';
import { owner, selection, selectionMember } from '../../db/schema/people.ts';
import { selectionReference } from '../../db/schema/selections.ts';
import { isVisible } from '../../db/segments/check-values.ts';
import { findField } from '../../db/segments/fields.ts';
import { membersOf } from '../../db/segments/compile-selection.ts';
import { tables } from '../../db/segments/stored.ts';
import { conflict, invalidInput, noSuch, notFound } from '../../domain/errors.ts';
import type { InputError } from '../../domain/errors.ts';
import type { ListQuery } from '../../domain/lists/list-info.ts';
import { parseCriteria } from '../../domain/segments/criteria.ts';
import { parseSegment } from '../../domain/segments/query.ts';
import type { SortKey } from '../../domain/segments/query.ts';
import {
  boundsExceededBy,
  findCircle,
  referencesIn,
  selectionNouns,
  usedBy,
} from '../../domain/segments/selections.ts';
import type {
  GivenLayout,
  CombineOperator,
  SelectionDefinition,
  SelectionEntity,
  SelectionRule,
  Visibility,
} from '../../domain/segments/selections.ts';
import type { Changes } from '../changes.ts';
import {
  isVisibleTo,
  readSelectionNow,
  ruleOf,
  selectDefinitions,
  toDefinitions,
} from '../segments/read-definitions.ts';
import type { SelectionContext, SelectionRow, Viewer } from '../segments/read-definitions.ts';
import { completeItems, prepareList } from '../lists/prepare-list.ts';
import type { PreparedList } from '../lists/prepare-list.ts';
import { usesOf } from './selection-uses.ts';
import { answerSelection, answerSelections, columnsWithNames } from './answer-selections.ts';
import type { SelectionAnswer } from './answer-selections.ts';
import { readLayout } from './boards/board-layout.ts';

export { selectionList };

/** What can be said of a selection. `where` belongs to a dynamic one, `combine` to a combined one. */
export type SelectionFields = {
  name: string;
  where?: unknown;
  combine?: { firstId: number; secondId: number; op: CombineOperator } | undefined;
  columns?: string[] | null | undefined;
  sort?: SortKey[] | null | undefined;
  description?: string | null | undefined;
  ownerId?: number | null | undefined;
  visibility?: Visibility | undefined;
  board?: GivenLayout | null | undefined;
};

/** Selections, the newest first. Their members are counted by a second request: what one is made of is known after the first. */
export function listSelections(context: SelectionContext, query: ListQuery): PreparedList<SelectionAnswer> {
  const list = prepareList(context, {
    list: selectionList,
    query,
    where: isVisible(context.viewer),
    records: ({ where, orderBy, position }) =>
      context.db
        .select({ ...columnsWithNames, ...position })
        .from(selection)
        .where(where)
        .orderBy(...orderBy),
    toItem: (row) => row,
  });
  return completeItems(list, async (rows) => answerSelections(context, rows));
}

/** @throws KildeError `not_found`. */
export async function readSelection(context: SelectionContext, id: number): Promise<SelectionAnswer> {
  const { db, viewer } = context;
  const [[row], known] = await db.batch([
    db.select(columnsWithNames).from(selection).where(eq(selection.id, id)),
    selectDefinitions(db, { ids: [id] }),
  ]);
  if (!row || !isVisibleTo(row, viewer)) throw notFound('selection');
  return answerSelection(context, row, known);
}

/**
 * Makes a selection. The members of a static one are put in and taken out by hand, from a query, or by a form.
 * @throws KildeError `invalid_input`, naming the place: `body.where.all[1].op`, `body.combine.firstId`.
 */
export async function createSelection(
  context: SelectionContext,
  { entity, kind, ...fields }: SelectionFields & { entity: SelectionEntity; kind: SelectionRule['kind'] },
): Promise<SelectionAnswer> {
  const { db, clock, viewer } = context;
  const { name, columns = null, sort = null, description = null, visibility = 'shared' } = fields;
  const ownerId = fields.ownerId === undefined ? (viewer.ownerId ?? null) : fields.ownerId;
  const rule = readRule(fields, { entity, kind });
  refuseUnknownFields({ entity, columns, sort });
  const board = fields.board ? readLayout(entity, fields.board) : null;
  const ids = usedBy({ entity, rule });
  if (ids.length > 0) {
    const rows = await selectDefinitions(db, { ids });
    refuseRule({ id: 0, name, entity, rule }, definitionsFor(rows, { viewer, ids }));
  }
  await refuseUnknownOwner(db, ownerId);
  const described = { description, ownerId, visibility, board, keyId: viewer.id };
  const [[row]] = await db.batch([
    db
      .insert(selection)
      .values({ name, entity, ...toColumns(rule), columns, sort, ...described, createdAt: clock() })
      .returning(columnsWithNames),
    writeReferences(db, { of: sql`(SELECT max(${selection.id}) FROM ${selection})`, ids }),
  ]);
  return answerSelection(context, row!);
}

/** @throws KildeError `invalid_input`. */
async function refuseUnknownOwner(db: Database, ownerId: number | null): Promise<void> {
  if (ownerId === null) return;
  const [known] = await db.select({ id: owner.id }).from(owner).where(eq(owner.id, ownerId));
  if (!known) throw invalidInput([{ location: 'body.ownerId', message: `There is no owner ${ownerId}.` }]);
}

/** Definitions of selections that whoever asks may name, with all that these are made of. */
function definitionsFor(rows: SelectionRow[], { viewer, ids }: { viewer: Viewer; ids: number[] }) {
  const definitions = toDefinitions(rows);
  for (const row of rows) if (ids.includes(row.id) && !isVisibleTo(row, viewer)) definitions.delete(row.id);
  return definitions;
}

/**
 * Changes a selection. What is left out stays; its kind and entity never change but by `freezeSelection`.
 * @throws KildeError `not_found`; `invalid_input`, also where it would contain itself; `conflict` where it has changed
 * meanwhile.
 */
export async function updateSelection(
  context: SelectionContext,
  { id, changes }: { id: number; changes: Changes<SelectionFields> },
): Promise<SelectionAnswer> {
  const { db, viewer } = context;
  const named = changes.combine ? [changes.combine.firstId, changes.combine.secondId] : idsNamed(changes.where);
  const rows = await selectDefinitions(db, { ids: [id, ...named], usersOf: id });
  const row = rows.find((one) => one.id === id);
  if (!row || !isVisibleTo(row, viewer)) throw notFound('selection');
  const { entity, kind, revision } = row;
  const { name = row.name, columns = row.columns, sort = row.sort } = changes;
  const { description = row.description, ownerId = row.ownerId, visibility = row.visibility } = changes;
  const board = changes.board ? readLayout(entity, changes.board) : changes.board === null ? null : row.board;
  const isRuleChanged = changes.where !== undefined || changes.combine !== undefined;
  const rule = isRuleChanged ? readRule(changes, { entity, kind }) : ruleOf(row);
  refuseUnknownFields({ entity, columns, sort });
  const ids = usedBy({ entity, rule });
  if (isRuleChanged) refuseRule({ id, name, entity, rule }, definitionsFor(rows, { viewer, ids }));
  if (ownerId !== row.ownerId) await refuseUnknownOwner(db, ownerId);

  // Asked again in every statement: another change may have come first, or closed the circle.
  const isUnchanged = sql`EXISTS (SELECT 1 FROM selection seen WHERE seen.id = ${id} AND seen.revision = ${revision})`;
  const guard = isRuleChanged ? sql`${isUnchanged} AND NOT ${reaches({ from: ids, to: id })}` : isUnchanged;
  const references = isRuleChanged ? guard : sql`0`;
  const [, , written, [changed]] = await db.batch([
    db.delete(selectionReference).where(sql`${selectionReference.selectionId} = ${id} AND ${references}`),
    writeReferences(db, { of: sql`${id}`, ids, where: references }),
    db
      .update(selection)
      .set({ name, description, ownerId, visibility, columns, sort, board, ...toColumns(rule), revision: revision + 1 })
      .where(sql`${selection.id} = ${id} AND ${guard}`)
      .returning({ id: selection.id }),
    db.select(columnsWithNames).from(selection).where(eq(selection.id, id)),
  ]);
  if (!changed) throw notFound('selection');
  if (written.length === 0)
    throw conflict('This selection, or one that it is made of, changed meanwhile. Read it, and send the change again.');
  return answerSelection(context, changed, rows);
}

/**
 * Makes a selection static, in place: it keeps its id and holds those who are its members now. What it was is kept
 * beside it.
 * @throws KildeError `not_found`; `conflict` where it is static already, or has changed meanwhile.
 */
export async function freezeSelection(context: SelectionContext, { id }: { id: number }): Promise<SelectionAnswer> {
  const { db, clock } = context;
  const [rows, now] = await Promise.all([selectDefinitions(db, { ids: [id] }), readSelectionNow(context)]);
  const row = rows.find((one) => one.id === id);
  if (!row || !isVisibleTo(row, context.viewer)) throw notFound('selection');
  if (row.kind === 'static') throw conflict('This selection is static already.');
  const definitions = toDefinitions(rows);
  const definition = definitions.get(id)!;
  const frozenFrom = definition.rule as Exclude<SelectionRule, { kind: 'static' }>;
  const table = tables[row.entity];
  const seen = JSON.stringify(rows.map((one) => [one.id, one.revision]));
  const isSame = sql`NOT EXISTS (SELECT 1 FROM json_each(${seen}) seen
    LEFT JOIN selection now ON now.id = seen.value ->> 0 WHERE now.revision IS NOT seen.value ->> 1)`;
  const at = clock();
  const [, frozen] = await db.batch([
    db.run(sql`INSERT INTO ${selectionMember} (selection_id, member_id, added_at)
      SELECT ${id}, ${table.id}, ${at} FROM ${table} WHERE (${membersOf(definition, { definitions, now })}) AND ${isSame}`),
    db
      .update(selection)
      .set({ ...toColumns({ kind: 'static' }), frozenFrom, frozenAt: at, revision: row.revision + 1 })
      .where(sql`${selection.id} = ${id} AND ${isSame}`)
      .returning(columnsWithNames),
    db.delete(selectionReference).where(and(eq(selectionReference.selectionId, id), isStatic(id))),
  ]);
  if (!frozen[0])
    throw conflict('This selection, or one that it is made of, changed meanwhile. Read it, and send the change again.');
  return answerSelection(context, frozen[0], rows);
}

/** @throws KildeError `not_found`; `conflict` where selections, forms, reports, schedules or dashboards use it, naming them. */
export async function deleteSelection(
  { db, viewer }: Pick<SelectionContext, 'db' | 'viewer'>,
  { id }: { id: number },
): Promise<void> {
  const uses = usesOf(id, viewer);
  const isUsed = sql.join(
    uses.map(({ from }) => sql`EXISTS (SELECT 1 FROM ${from})`),
    sql` OR `,
  );
  const [, deleted, [known], ...users] = await db.batch([
    // A form that is gone adds nobody any more.
    db
      .update(form)
      .set({ selectionId: null })
      .where(sql`${form.selectionId} = ${id} AND ${form.deletedAt} IS NOT NULL`),
    db
      .delete(selection)
      .where(sql`${selection.id} = ${id} AND ${isVisible(viewer)} AND NOT (${isUsed})`)
      .returning({ id: selection.id }),
    db.select().from(selection).where(eq(selection.id, id)),
    ...uses.map(({ from, name }) =>
      db.all<{ name: string }>(sql`SELECT ${name} AS name FROM ${from} ORDER BY id LIMIT 10`),
    ),
  ]);
  if (deleted.length > 0) return;
  if (!known || !isVisibleTo(known, viewer)) throw notFound('selection');
  const quoted = (rows: Array<{ name: string }>) => rows.map(({ name }) => `“${name}”`).join(', ');
  const reasons = uses.flatMap(({ what }, index) => {
    const rows = users[index] as Array<{ name: string }>;
    return rows.length > 0 ? [`the ${what} ${quoted(rows)}`] : [];
  });
  throw conflict(`This selection is used by ${reasons.join(' and ')}.`);
}

type RuleFields = Changes<Pick<SelectionFields, 'where' | 'combine'>>;
type Of = { entity: SelectionEntity; kind: SelectionRule['kind'] };

/** @throws KildeError `invalid_input`. */
function readRule({ where, combine }: RuleFields, { entity, kind }: Of): SelectionRule {
  const errors: InputError[] = [];
  if (kind !== 'dynamic' && where != null) {
    errors.push({ location: 'body.where', message: `A ${kind} selection has no criteria.` });
  }
  if (kind !== 'combined' && combine !== undefined) {
    errors.push({ location: 'body.combine', message: `A ${kind} selection is not made of two others.` });
  }
  if (kind === 'dynamic' && where == null) errors.push({ location: 'body.where', message: 'must be a criteria tree' });
  if (kind === 'combined' && combine === undefined) {
    errors.push({ location: 'body.combine', message: 'must name two selections and an operator' });
  }
  if (errors.length > 0) throw invalidInput(errors);
  if (kind === 'dynamic') return { kind, where: parseCriteria(where, { entity, findField, location: 'body.where' }) };
  if (kind === 'combined')
    return { kind, firstId: combine!.firstId, secondId: combine!.secondId, operator: combine!.op };
  return { kind };
}

/** Ids named in criteria that have not been checked yet: of any depth, and anything may stand anywhere. */
function idsNamed(where: unknown): number[] {
  const ids: number[] = [];
  const open = [where];
  while (open.length > 0) {
    const one = open.pop();
    if (typeof one !== 'object' || one === null) continue;
    const { op, value } = one as { op?: unknown; value?: unknown };
    const isId = typeof value === 'string' || typeof value === 'number';
    const id = isId && typeof op === 'string' && /inSelection/i.test(op) ? Number(value) : Number.NaN;
    if (Number.isSafeInteger(id) && ids.length < 1_000) ids.push(id);
    for (const below of Object.values(one)) open.push(below);
  }
  return ids;
}

/** @throws KildeError `invalid_input`. */
function refuseUnknownFields(shape: {
  entity: SelectionEntity;
  columns: string[] | null;
  sort: SortKey[] | null;
}): void {
  parseSegment(shape, findField);
}

/**
 * @param others every selection that the rule names, with all that these are made of and all that use this one.
 * @throws KildeError `invalid_input` where one is missing, of another entity, or made of this one.
 */
function refuseRule(definition: SelectionDefinition, others: Map<number, SelectionDefinition>): void {
  const { id, entity, rule } = definition;
  const named =
    rule.kind === 'combined'
      ? [
          { id: rule.firstId, entity, location: 'body.combine.firstId' },
          { id: rule.secondId, entity, location: 'body.combine.secondId' },
        ]
      : rule.kind === 'dynamic'
        ? referencesIn(rule.where, { entity, location: 'body.where' })
        : [];
  const errors = named
    .filter((one) => others.get(one.id)?.entity !== one.entity)
    .map(({ location, entity: of, id: given }) => ({
      location,
      message: noSuch(`selection of ${selectionNouns[of as SelectionEntity]}`, given),
    }));
  if (errors.length > 0) throw invalidInput(errors);

  const location = rule.kind === 'combined' ? 'body.combine' : 'body.where';
  const definitions = new Map([...others, [id, definition]]);
  const circle = findCircle(id, definitions);
  if (circle) {
    throw invalidInput([{ location, message: `The selection would contain itself: ${circle.join(' → ')}` }]);
  }
  for (const one of definitions.keys()) {
    const exceeded = boundsExceededBy(one, definitions, { location });
    if (exceeded) throw exceeded;
  }
}

export function toColumns(rule: SelectionRule) {
  return {
    kind: rule.kind,
    where: rule.kind === 'dynamic' ? rule.where : null,
    firstId: rule.kind === 'combined' ? rule.firstId : null,
    secondId: rule.kind === 'combined' ? rule.secondId : null,
    operator: rule.kind === 'combined' ? rule.operator : null,
  };
}

export function writeReferences(db: Database, { of, ids, where = sql`true` }: { of: SQL; ids: number[]; where?: SQL }) {
  return db.run(sql`INSERT INTO ${selectionReference} (selection_id, uses_id)
    SELECT ${of}, value FROM json_each(${JSON.stringify(ids)}) WHERE ${where}`);
}

/** Whether any of some selections is, or is made of, one. */
function reaches({ from, to }: { from: number[]; to: number }): SQL {
  return sql`EXISTS (WITH RECURSIVE used (id) AS (SELECT value FROM json_each(${JSON.stringify(from)})
    UNION SELECT r.uses_id FROM selection_reference r JOIN used ON r.selection_id = used.id)
    SELECT 1 FROM used WHERE id = ${to})`;
}

function isStatic(id: number): SQL {
  return sql`EXISTS (SELECT 1 FROM selection s WHERE s.id = ${id} AND s.kind = 'static')`;
}
