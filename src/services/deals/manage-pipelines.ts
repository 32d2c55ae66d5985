import { and, eq, inArray, ne, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { BatchItem } from 'drizzle-orm/batch';
import type { RecordsOfPage } from '../../db/lists/place-in-list.ts';
import { pipelineList } from '../../db/lists/settings-lists.ts';
import { deal, pipeline, stage } from '../../db/schema/deals.ts';
import type { DealStatus } from '../../domain/deals/deal-statuses.ts';
import { conflict, invalidInput, noSuch, notFound } from '../../domain/errors.ts';
import type { InputError } from '../../domain/errors.ts';
import { toIso } from '../../domain/iso-time.ts';
import type { ListQuery } from '../../domain/lists/list-info.ts';
import { defaultStages, planStages } from '../../domain/deals/pipelines.ts';
import type { GivenStage, Stage, StageToStore } from '../../domain/deals/pipelines.ts';
import { prepareList } from '../lists/prepare-list.ts';
import type { ListContext, PreparedList } from '../lists/prepare-list.ts';
import type { ServiceContext } from '../service-context.ts';

export { pipelineList };

export type PipelineAnswer = {
  id: string;
  name: string;
  isDefault: boolean;
  createdAt: string;
  stages: Array<{ id: string; name: string; position: number; probability: number; status: DealStatus }>;
};

/** Where the deals of a stage that is removed go. */
export type StageMove = { fromStageId: number; toStageId: number };

export type PipelineChanges = {
  name?: string | undefined;
  isDefault?: boolean | undefined;
  stages?: readonly GivenStage[] | undefined;
  moveDeals?: readonly StageMove[] | undefined;
};

type Context = Pick<ServiceContext, 'db' | 'clock'>;
type Row = typeof pipeline.$inferSelect & { stages: string };

const stagesOf = sql<string>`(SELECT json_group_array(json_object('id', s.id, 'name', s.name, 'position', s.position,
    'probability', s.probability, 'status', s.status) ORDER BY s.position, s.id) FROM ${stage} s WHERE s.pipeline_id = pipeline.id)`;

function selectPipelines<More extends Partial<RecordsOfPage['position']>>(
  { db }: Pick<Context, 'db'>,
  more: More = {} as More,
) {
  return db
    .select({
      ...more,
      id: pipeline.id,
      name: pipeline.name,
      isDefault: pipeline.isDefault,
      createdAt: pipeline.createdAt,
      stages: stagesOf.as('stages'),
    })
    .from(pipeline);
}

const readStages = ({ stages }: Pick<Row, 'stages'>): Stage[] => JSON.parse(stages) as Stage[];

function toAnswer(row: Row): PipelineAnswer {
  return {
    id: String(row.id),
    name: row.name,
    isDefault: row.isDefault,
    createdAt: toIso(row.createdAt),
    stages: readStages(row).map(({ id, probability, ...rest }) => ({
      id: String(id),
      ...rest,
      probability: probability / 100,
    })),
  };
}

const nameTaken = (name: string) => conflict(`There is a pipeline "${name}" already.`);

/** Pipelines with their stages, the newest first. */
export function listPipelines(context: ListContext, query: ListQuery): PreparedList<PipelineAnswer> {
  return prepareList(context, {
    list: pipelineList,
    query,
    records: ({ where, orderBy, position }) =>
      selectPipelines(context, position)
        .where(where)
        .orderBy(...orderBy),
    toItem: toAnswer,
  });
}

/** @throws KildeError `not_found`. */
export async function readPipeline(context: Context, { id }: { id: number }): Promise<PipelineAnswer> {
  return toAnswer(await findPipeline(context, id));
}

async function findPipeline(context: Context, id: number): Promise<Row> {
  const [row] = await selectPipelines(context).where(eq(pipeline.id, id));
  if (!row) throw notFound('pipeline');
  return row;
}

/** @throws KildeError `invalid_input`; `conflict` where the name is taken. */
export async function createPipeline(
  context: Context,
  { name, isDefault = false, stages: given = defaultStages }: PipelineChanges & { name: string },
): Promise<PipelineAnswer> {
  const { db, clock } = context;
  const { stages, errors } = planStages({ given, known: [], location: 'body.stages' });
  if (errors.length > 0) throw invalidInput(errors);
  const id = sql<number>`(SELECT p.id FROM pipeline p WHERE p.name = ${name})`;
  // Of a name that is taken there are stages already.
  const isNew = sql`NOT EXISTS (SELECT 1 FROM stage s WHERE s.pipeline_id = ${id})`;
  const [made, , , [row]] = await db.batch([
    db
      .insert(pipeline)
      .values({ name, isDefault: false, createdAt: clock() })
      .onConflictDoNothing()
      .returning({ id: pipeline.id }),
    db
      .update(pipeline)
      .set({ isDefault: sql`${pipeline.id} = ${id}` })
      .where(isDefault ? isNew : sql`0`),
    db.run(insertStages({ pipelineId: id, stages, condition: isNew })),
    selectPipelines(context).where(eq(pipeline.id, id)),
  ]);
  if (made.length === 0 || !row) throw nameTaken(name);
  return toAnswer(row);
}

function insertStages({
  pipelineId,
  stages,
  condition,
}: {
  pipelineId: SQL | number;
  stages: readonly StageToStore[];
  condition: SQL;
}): SQL {
  const rows = JSON.stringify(stages.filter(({ id }) => id === null));
  return sql`INSERT INTO ${stage} (pipeline_id, name, position, probability, status)
    SELECT ${pipelineId}, value ->> 'name', value ->> 'position', value ->> 'probability', value ->> 'status'
    FROM json_each(${rows}) WHERE ${condition}`;
}

/**
 * Changes a pipeline and its stages, all of it or nothing. Stages that are left out of the list are removed; the deals of one go where
 * `moveDeals` says. Open deals that have the probability of their stage follow it.
 * @throws KildeError `not_found`; `invalid_input`; `conflict` where the name is taken, where a removed stage has deals, and where a stage
 *   with deals would get another status.
 */
export async function updatePipeline(
  context: Context,
  { id, changes }: { id: number; changes: PipelineChanges },
): Promise<PipelineAnswer> {
  const { db, clock } = context;
  const row = await findPipeline(context, id);
  const known = readStages(row);
  const plan = planChanges({ row, known, changes });
  const name = changes.name ?? row.name;
  const { gate, checks } = gateOf({ id, name, plan });
  const statements: Array<BatchItem<'sqlite'>> = [
    db
      .update(pipeline)
      .set({ name })
      .where(and(eq(pipeline.id, id), gate))
      .returning({ id: pipeline.id }),
    ...(changes.isDefault === true
      ? [
          db
            .update(pipeline)
            .set({ isDefault: sql`${pipeline.id} = ${id}` })
            .where(gate),
        ]
      : []),
    ...plan.moves.map(({ fromStageId, toStageId }) =>
      db.run(moveDeals({ fromStageId, toStageId: sql`${toStageId}`, now: clock(), condition: gate })),
    ),
    ...writeStages({ db, id, plan, gate }),
    selectPipelines(context).where(eq(pipeline.id, id)),
    db.select(checks).from(sql`(SELECT 1)`),
  ];
  const results = (await db.batch(statements as [BatchItem<'sqlite'>])) as unknown[];
  const [changed, found] = [results[0] as unknown[], (results.at(-2) as Row[])[0]];
  if (!found) throw notFound('pipeline');
  if (changed.length === 0) refuse({ name, plan, checks: (results.at(-1) as Checks[])[0]! });
  return toAnswer(found);
}

type Plan = {
  stages: StageToStore[];
  known: readonly Stage[];
  removed: Stage[];
  moves: readonly StageMove[];
  /** Stages that get another status. */
  turned: Stage[];
};

function planChanges({
  row,
  known,
  changes: { stages: given, moveDeals: moves = [], isDefault },
}: {
  row: Row;
  known: readonly Stage[];
  changes: PipelineChanges;
}): Plan {
  const errors: InputError[] = [];
  if (isDefault === false && row.isDefault) {
    errors.push({
      location: 'body.isDefault',
      message: 'One pipeline must be the default. Make another one the default instead.',
    });
  }
  const planned = given ? planStages({ given, known, location: 'body.stages' }) : { stages: [...known], errors: [] };
  errors.push(...planned.errors);
  const kept = new Map(planned.stages.map((one) => [one.id, one]));
  const removed = known.filter((one) => !kept.has(one.id));
  for (const [index, { fromStageId, toStageId }] of moves.entries()) {
    const location = `body.moveDeals[${index}]`;
    if (!removed.some((one) => one.id === fromStageId)) {
      errors.push({
        location: `${location}.fromStageId`,
        message: 'This stage is not removed. moveDeals takes removed stages only.',
      });
    }
    if (removed.some((one) => one.id === toStageId)) {
      errors.push({ location: `${location}.toStageId`, message: 'This stage is removed too. Choose one that stays.' });
    }
  }
  if (errors.length > 0) throw invalidInput(errors);
  const turned = known.filter((one) => kept.has(one.id) && kept.get(one.id)!.status !== one.status);
  return { stages: planned.stages, known, removed, moves, turned };
}

const hasDeals = (ids: readonly number[]): SQL =>
  sql`EXISTS (SELECT 1 FROM ${deal} WHERE ${deal.stageId} IN (SELECT value FROM json_each(${JSON.stringify(ids)})))`;

type Checks = { isNameTaken: number; hasRemovedDeals: number; hasTurnedDeals: number; isMovedWrong: number };

/** What must hold for anything to be written, asked in each statement that writes. */
function gateOf({ id, name, plan }: { id: number; name: string; plan: Plan }) {
  const { removed, moves, turned } = plan;
  const left = removed.map((one) => one.id).filter((one) => !moves.some(({ fromStageId }) => fromStageId === one));
  const wrong = sql`EXISTS (SELECT 1 FROM json_each(${JSON.stringify(moves)}) m
    LEFT JOIN stage a ON a.id = m.value ->> 'fromStageId' LEFT JOIN stage b ON b.id = m.value ->> 'toStageId'
    WHERE b.id IS NULL OR a.status <> b.status)`;
  const taken = sql`EXISTS (SELECT 1 FROM pipeline other WHERE ${and(eq(sql`other.name`, name), ne(sql`other.id`, id))})`;
  const checks = {
    isNameTaken: sql<number>`${taken}`.as('is_name_taken'),
    hasRemovedDeals: sql<number>`${hasDeals(left)}`.as('has_removed_deals'),
    hasTurnedDeals: sql<number>`${hasDeals(turned.map((one) => one.id))}`.as('has_turned_deals'),
    isMovedWrong: sql<number>`${wrong}`.as('is_moved_wrong'),
  };
  const gate = sql`NOT (${taken}) AND NOT ${hasDeals(left)} AND NOT ${hasDeals(turned.map((one) => one.id))} AND NOT ${wrong}`;
  return { gate, checks };
}

function refuse({ name, plan: { removed }, checks }: { name: string; plan: Plan; checks: Checks }): void {
  if (checks.isMovedWrong) {
    const message = 'Deals of a removed stage must move to a stage of the same status.';
    throw invalidInput([{ location: 'body.moveDeals', message }]);
  }
  if (checks.isNameTaken) throw nameTaken(name);
  if (checks.hasTurnedDeals)
    throw conflict('The status of a stage that has deals cannot change. Move its deals first.');
  const names = removed.map((one) => `"${one.name}"`).join(', ');
  throw conflict(`Removed stages have deals: ${names}. Send moveDeals: the stages that the deals move to.`);
}

/** A deal that had the probability of its stage gets that of the other one. */
function moveDeals({
  fromStageId,
  toStageId,
  now,
  condition,
}: {
  fromStageId: number;
  toStageId: SQL;
  now: number;
  condition: SQL;
}): SQL {
  const probabilityOf = (id: SQL) => sql`(SELECT probability FROM ${stage} WHERE id = ${id})`;
  return sql`UPDATE ${deal} SET stage_id = ${toStageId}, updated_at = ${now},
      probability = iif(status = 'open' AND probability = ${probabilityOf(sql`${fromStageId}`)}, ${probabilityOf(toStageId)}, probability)
    WHERE stage_id = ${fromStageId} AND ${condition}`;
}

function writeStages({
  db,
  id,
  plan: { stages, known, removed },
  gate,
}: {
  db: Context['db'];
  id: number;
  plan: Plan;
  gate: SQL;
}): Array<BatchItem<'sqlite'>> {
  const before = new Map(known.map((one) => [one.id, one]));
  const changed = stages.filter((one) => one.id !== null && JSON.stringify(one) !== JSON.stringify(before.get(one.id)));
  return [
    ...changed.flatMap(({ id: stageId, name, position, probability, status }) => [
      db
        .update(deal)
        .set({ probability })
        .where(
          and(
            eq(deal.stageId, stageId!),
            eq(deal.status, 'open'),
            eq(deal.probability, before.get(stageId!)!.probability),
            gate,
          ),
        ),
      db
        .update(stage)
        .set({ name, position, probability, status })
        .where(and(eq(stage.id, stageId!), gate)),
    ]),
    db.run(insertStages({ pipelineId: id, stages, condition: gate })),
    db.delete(stage).where(
      and(
        eq(stage.pipelineId, id),
        inArray(
          stage.id,
          removed.map((one) => one.id),
        ),
        gate,
      ),
    ),
  ];
}

/**
 * Deletes a pipeline. Its deals go to the first stage of their status of another one.
 * @throws KildeError `not_found`; `invalid_input` where there is no such other pipeline; `conflict` for the default one, and for one with
 *   deals where no other is named.
 */
export async function deletePipeline(
  context: Context,
  { id, toPipelineId }: { id: number; toPipelineId: number | undefined },
): Promise<void> {
  const { db, clock } = context;
  const row = await findPipeline(context, id);
  if (row.isDefault) throw conflict('This is the default pipeline: make another one the default first.');
  const known = readStages(row);
  const ids = known.map((one) => one.id);
  const target = toPipelineId === id ? 0 : (toPipelineId ?? 0);
  const isThere = sql`EXISTS (SELECT 1 FROM pipeline WHERE id = ${target})`;
  const ownStages = inArray(stage.id, ids);
  const free = sql`NOT ${hasDeals(ids)}`;
  const statements: Array<BatchItem<'sqlite'>> = [
    ...known.map(({ id: fromStageId, status }) =>
      db.run(
        moveDeals({
          fromStageId,
          toStageId: sql`(SELECT f.id FROM stage f WHERE f.pipeline_id = ${target} AND f.status = ${status}
            ORDER BY f.position, f.id LIMIT 1)`,
          now: clock(),
          condition: isThere,
        }),
      ),
    ),
    db.delete(stage).where(and(ownStages, free)),
    db
      .delete(pipeline)
      .where(
        and(
          eq(pipeline.id, id),
          eq(pipeline.isDefault, false),
          sql`NOT EXISTS (SELECT 1 FROM stage s WHERE s.pipeline_id = ${id})`,
        ),
      )
      .returning({ id: pipeline.id }),
    db.select({ isThere: sql<number>`${isThere}`.as('is_there') }).from(sql`(SELECT 1)`),
  ];
  const results = (await db.batch(statements as [BatchItem<'sqlite'>])) as unknown[];
  if ((results.at(-2) as unknown[]).length > 0) return;
  const [check] = results.at(-1) as Array<{ isThere: number }>;
  if (toPipelineId !== undefined && !check!.isThere) {
    throw invalidInput([{ location: 'query.toPipelineId', message: noSuch('other pipeline', toPipelineId) }]);
  }
  throw conflict('This pipeline has deals. Send toPipelineId: the id of the pipeline that they move to.');
}
