import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { deal, pipeline, stage } from '../schema/deals.ts';
import { defineTrigger } from './objects.ts';
import type { ProgramObject } from './objects.ts';
import { assignments, columnsOf, newRow, rowOf } from './render-sql.ts';

const isDeal = newRow(deal);
const own = columnsOf(deal);
const s = rowOf(stage, 's');
const p = rowOf(pipeline, 'p');

/** Of the default pipeline's stages of a status, a column of the first. */
const ofFirstStage = (column: SQL, status: SQL): SQL =>
  sql`(SELECT ${column} FROM ${stage} s WHERE ${s.pipelineId} = (SELECT ${p.id} FROM ${pipeline} p WHERE ${p.isDefault} = 1) AND ${s.status} = ${status} ORDER BY ${s.position}, ${s.id} LIMIT 1)`;

/** A deal is always in a stage. The API names it (db/queries/deals/store-deals.ts); this is for whatever else stores a deal. */
export const dealStages: ProgramObject[] = [
  defineTrigger({
    name: 'deal_stage_filled',
    event: 'AFTER INSERT',
    on: deal,
    when: sql`${isDeal.stageId} IS NULL`,
    statements: [
      sql`UPDATE ${deal} SET ${assignments(deal, {
        stageId: ofFirstStage(sql`${s.id}`, sql`${isDeal.status}`),
        probability: sql`coalesce(${ofFirstStage(sql`${s.probability}`, sql`'open'`)}, 0)`,
      })} WHERE ${own.id} = ${isDeal.id}`,
    ],
  }),
];
