import { sql } from 'drizzle-orm';
import type { SQLWrapper } from 'drizzle-orm';
import { unitsOf } from '../fragments/major-units.ts';
import { namedRecords } from './named-records.ts';
import { companyOf, fieldsOf, listOf, named, ofRecord, ownerOf, personOf } from './declare.ts';
import type { Field } from './declare.ts';
import { code, date, day, foldedText, foldedInSql, id, number, plainText } from './stored.ts';
import type { Column } from './stored.ts';
import type { CompileContext } from './context.ts';
import { pipeline, stage } from '../schema/deals.ts';

const field = fieldsOf('deal');

/** A stage: compared by id, shown with the name, in order of its place. */
function stageOf(stageId: SQLWrapper, context: CompileContext): Column {
  const { table, from } = context.aliases.of(stage);
  return {
    ...id(stageId, { named: namedRecords.stage }),
    shown: sql`(SELECT json_object('id', CAST(${table.id} AS text), 'name', ${table.name}) FROM ${from} WHERE ${table.id} = ${stageId})`,
    sorted: sql`(SELECT ${table.position} FROM ${from} WHERE ${table.id} = ${stageId})`,
  };
}

/** The pipeline of a stage: compared by id, shown with the name. */
function pipelineOf(stageId: SQLWrapper, context: CompileContext): Column {
  const { table, from } = context.aliases.of(stage);
  const of = context.aliases.of(pipeline);
  const pipelineId = sql`(SELECT ${table.pipelineId} FROM ${from} WHERE ${table.id} = ${stageId})`;
  return {
    ...id(pipelineId, { named: namedRecords.pipeline }),
    stored: {
      kind: 'lookup',
      where: (condition) =>
        context.isIn(
          stageId,
          () =>
            sql`SELECT ${table.id} FROM ${from} WHERE ${condition({ kind: 'id', value: table.pipelineId, ids: 'number', named: namedRecords.pipeline })}`,
        ),
    },
    shown: sql`(SELECT json_object('id', CAST(${of.table.id} AS text), 'name', ${of.table.name}) FROM ${of.from} WHERE ${of.table.id} = ${pipelineId})`,
    sorted: sql`(SELECT ${foldedInSql(of.table.name)} FROM ${of.from} WHERE ${of.table.id} = ${pipelineId})`,
  };
}

export const dealFields: Field[] = [
  field('id', 'reference', ['Id', 'ID'], (d) => id(d.id, { notNull: true })),
  field('externalId', 'text', ['External id', 'Ekstern ID'], (d) => plainText(d.externalId)),
  field('name', 'text', ['Name', 'Navn'], (d) => foldedText(d.name, d.nameFold)),
  field('status', 'list', ['Status', 'Status'], (d) => code(d.status), {
    values: listOf({ open: ['Open', 'Åpen'], won: ['Won', 'Vunnet'], lost: ['Lost', 'Tapt'] }),
  }),
  field('amount', 'number', ['Amount', 'Beløp'], (d) =>
    number(sql`(${d.amountMinor} / ${unitsOf(d.currency)})`, { notNull: true }),
  ),
  field('currency', 'text', ['Currency', 'Valuta'], (d) => plainText(d.currency), { groupable: true }),
  field('createdAt', 'date', ['Registered', 'Registrert'], (d) => date(d.registeredAt, { notNull: true })),
  field('closedAt', 'date', ['Closed', 'Lukket'], (d) => date(d.closedAt)),
  field('owner', 'reference', ['Owner', 'Eier'], (d, context) => ownerOf(d.ownerId, context), {
    values: named('owner'),
    plan: { index: 'deal_owner', order: 'inOrder' },
  }),
  field('pipeline', 'reference', ['Pipeline', 'Pipeline'], (d, context) => pipelineOf(d.stageId, context), {
    values: named('pipeline'),
  }),
  field('stage', 'reference', ['Stage', 'Fase'], (d, context) => stageOf(d.stageId, context), {
    values: named('stage'),
    plan: { index: 'deal_stage', order: 'inOrder' },
  }),
  field('probability', 'number', ['Probability', 'Sannsynlighet'], (d) =>
    number(sql`(CASE ${d.status} WHEN 'won' THEN 1.0 WHEN 'lost' THEN 0.0 ELSE ${d.probability} / 100.0 END)`, {
      notNull: true,
    }),
  ),
  field('expectedCloseDate', 'date', ['Expected close', 'Forventet lukket'], (d) => day(d.expectedCloseDay)),
  field('nextStep.text', 'text', ['Next step', 'Neste steg'], (d) => plainText(d.nextStepText)),
  field('nextStep.day', 'date', ['Next step: day', 'Neste steg: dag'], (d) => day(d.nextStepDay)),
  field('lostReason', 'text', ['Lost because', 'Tapt fordi'], (d) => plainText(d.lostReason)),
  field('person', 'reference', ['Person', 'Person'], (d, context) => personOf(d.personId, context), ofRecord),
  field('company', 'reference', ['Company', 'Firma'], (d, context) => companyOf(d.companyId, context), ofRecord),
];
