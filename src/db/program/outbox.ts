import { sql } from 'drizzle-orm';
import type { SQL, SQLChunk } from 'drizzle-orm';
import { deal, stage } from '../schema/deals.ts';
import { event, eventDelivery, webhook } from '../schema/events.ts';
import type { EventType } from '../schema/events.ts';
import { form, submission } from '../schema/forms.ts';
import { company, person, personMerge } from '../schema/people.ts';
import { delivery } from '../schema/schedules.ts';
import { defineTrigger } from './objects.ts';
import type { ProgramObject } from './objects.ts';
import { all, columnsOf, insertSelect, list, newRow, oldRow, rowOf } from './render-sql.ts';

const hook = rowOf(webhook, 'w');
const text = (value: EventType): SQL => sql.raw(`'${value}'`);

/** Whether an enabled webhook listens to a type of event. Without one, nothing is written. */
const isWanted = (type: SQLChunk): SQL =>
  sql`EXISTS (SELECT 1 FROM ${webhook} w, json_each(${hook.events}) e WHERE ${hook.enabled} = 1 AND e.value = ${type})`;

/** The columns of an event, in the order in which its values are given. */
const eventColumns = sql.raw(
  [event.type, event.personId, event.subjectId, event.at].map((column) => column.name).join(', '),
);
const storeEvent = (values: readonly SQLChunk[]): SQL =>
  sql`INSERT INTO ${event} (${eventColumns}) VALUES (${list(values)})`;
const storeEventWhere = (values: readonly SQLChunk[], condition: SQL): SQL =>
  sql`INSERT INTO ${event} (${eventColumns}) SELECT ${list(values)} WHERE ${condition}`;

const stored = newRow(event);
const [wasPerson, isPerson] = [oldRow(person), newRow(person)];
const [wasDeal, isDeal] = [oldRow(deal), newRow(deal)];
const isSubmission = newRow(submission);
const newCompany = newRow(company);
const merge = rowOf(personMerge, 'm');
const formColumns = columnsOf(form);
const stages = columnsOf(stage);

const dealStatusEvent = sql`'deal.' || ${isDeal.status}`;
const dealChangeEvent = sql`iif(${isDeal.status} = 'open', 'deal.reopened', ${dealStatusEvent})`;
/** A stage as it is called when the deal is moved. */
const stageOf = (row: typeof isDeal): SQL =>
  sql`(SELECT json_object('id', CAST(${stages.id} AS text), 'name', ${stages.name}) FROM ${stage} WHERE ${stages.id} = ${row.stageId})`;
const formNotifies = sql`(SELECT ${formColumns.notify} <> '[]' FROM ${form} WHERE ${formColumns.id} = ${isSubmission.formId})`;
const submissionReceived = storeEvent([
  text('submission.received'),
  isSubmission.personId,
  isSubmission.id,
  isSubmission.at,
]);
const storeNotification = insertSelect(
  delivery,
  {
    submissionId: isSubmission.id,
    target: sql`json_object('kind', 'email', 'to', json(${formColumns.notify}))`,
    nextAt: sql`0`,
  },
  sql` FROM ${form} WHERE ${formColumns.id} = ${isSubmission.formId}`,
);

/**
 * The outbox: an event is written in the transaction in which it happens, where a webhook listens to its type. Sending is
 * the Worker's part (services/deliver-events.ts).
 */
export const outbox: ProgramObject[] = [
  defineTrigger({
    name: 'event_fan_out',
    comment: 'Each webhook that listens to an event gets a delivery of its own.',
    event: 'AFTER INSERT',
    on: event,
    statements: [
      insertSelect(
        eventDelivery,
        { webhookId: hook.id, eventId: stored.id, personId: stored.personId, nextAt: sql`0` },
        sql` FROM ${webhook} w
  WHERE ${hook.enabled} = 1 AND EXISTS (SELECT 1 FROM json_each(${hook.events}) e WHERE e.value = ${stored.type})`,
      ),
    ],
  }),
  defineTrigger({
    name: 'event_person_created',
    comment: 'A person who comes back when a merge is undone is not new.',
    event: 'AFTER INSERT',
    on: person,
    when: all([
      sql`${isPerson.id} > 0`,
      isWanted(text('person.created')),
      sql`NOT EXISTS (SELECT 1 FROM ${personMerge} m WHERE ${merge.removedPersonId} = ${isPerson.id})`,
    ]),
    statements: [storeEvent([text('person.created'), isPerson.id, isPerson.id, isPerson.createdAt])],
  }),
  defineTrigger({
    name: 'event_person_status',
    event: 'AFTER UPDATE',
    of: [person.leadStatusId],
    on: person,
    when: all([sql`${wasPerson.leadStatusId} IS NOT ${isPerson.leadStatusId}`, isWanted(text('person.statusChanged'))]),
    statements: [storeEvent([text('person.statusChanged'), isPerson.id, isPerson.id, isPerson.updatedAt])],
  }),
  defineTrigger({
    name: 'event_company_created',
    event: 'AFTER INSERT',
    on: company,
    when: isWanted(text('company.created')),
    statements: [storeEvent([text('company.created'), sql`NULL`, newCompany.id, newCompany.createdAt])],
  }),
  defineTrigger({
    name: 'event_submission_stored',
    event: 'AFTER INSERT',
    on: submission,
    when: isWanted(text('submission.received')),
    statements: [submissionReceived],
  }),
  defineTrigger({
    name: 'event_deal_registered',
    comment: 'Both events in one trigger, so that they come in this order.',
    event: 'AFTER INSERT',
    on: deal,
    statements: [
      storeEventWhere(
        [text('deal.registered'), isDeal.personId, isDeal.id, isDeal.registeredAt],
        isWanted(text('deal.registered')),
      ),
      storeEventWhere(
        [dealStatusEvent, isDeal.personId, isDeal.id, isDeal.closedAt],
        all([sql`${isDeal.status} <> 'open'`, isWanted(dealStatusEvent)]),
      ),
    ],
  }),
  defineTrigger({
    name: 'event_deal_changed',
    comment:
      'Both events in one trigger, so that they come in this order. A deal that gets its first stage has not moved.',
    event: 'AFTER UPDATE',
    of: [deal.status, deal.stageId],
    on: deal,
    when: sql`${wasDeal.status} <> ${isDeal.status} OR ${wasDeal.stageId} <> ${isDeal.stageId}`,
    statements: [
      insertSelect(
        event,
        {
          type: text('deal.stageChanged'),
          personId: isDeal.personId,
          subjectId: isDeal.id,
          at: isDeal.updatedAt,
          detail: sql`json_object('from', json(${stageOf(wasDeal)}), 'to', json(${stageOf(isDeal)}))`,
        },
        sql` WHERE ${wasDeal.stageId} <> ${isDeal.stageId} AND ${isWanted(text('deal.stageChanged'))}`,
      ),
      storeEventWhere(
        [dealChangeEvent, isDeal.personId, isDeal.id, sql`coalesce(${isDeal.closedAt}, ${isDeal.updatedAt})`],
        all([sql`${wasDeal.status} <> ${isDeal.status}`, isWanted(dealChangeEvent)]),
      ),
    ],
  }),
  defineTrigger({
    name: 'delivery_notification_stored',
    event: 'AFTER INSERT',
    on: submission,
    when: formNotifies,
    statements: [storeNotification],
  }),
];
