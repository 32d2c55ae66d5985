import { sql } from 'drizzle-orm';
import type { SQL, SQLChunk } from 'drizzle-orm';
import { deal, stage } from '../schema/deals.ts';
import { event, eventDelivery, eventStream, webhook } from '../schema/events.ts';
import type { EventType } from '../schema/events.ts';
import { consentRequest, form, quarantine, submission } from '../schema/forms.ts';
import { company, companyMerge, person, personMerge } from '../schema/people.ts';
import { delivery } from '../schema/schedules.ts';
import { spamRecord } from '../schema/spam.ts';
import { defineTrigger } from './objects.ts';
import type { ProgramObject } from './objects.ts';
import { all, any, columnsOf, insertSelect, list, newRow, oldRow, rowOf } from './render-sql.ts';

/** Mails to one sender within a day: automatic replies and requests to confirm a consent. */
const maxMailsADay = sql.raw('3');

const hook = rowOf(webhook, 'w');
const text = (value: EventType): SQL => sql.raw(`'${value}'`);

const streamed = columnsOf(eventStream);
/** Whether an enabled webhook or a stream listens to a type of event. Without one, nothing is written. */
const isWanted = (type: SQLChunk): SQL =>
  sql`(EXISTS (SELECT 1 FROM ${webhook} w, json_each(${hook.events}) e WHERE ${hook.enabled} = 1 AND e.value = ${type})
    OR EXISTS (SELECT 1 FROM ${eventStream} WHERE ${streamed.type} = ${type}))`;

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
const newMerge = newRow(personMerge);
const companyMerged = rowOf(companyMerge, 'm');
const spam = rowOf(spamRecord, 'r');
/** A record that comes back when marking spam is undone is not new. Asked last: a record of a form is looked for where somebody listens. */
const isNoSpam = (kind: 'person' | 'company' | 'submission', id: SQLChunk): SQL =>
  sql`NOT EXISTS (SELECT 1 FROM ${spamRecord} r WHERE ${spam.kind} = ${sql.raw(`'${kind}'`)} AND ${spam.recordId} = CAST(${id} AS text))`;
const emptied = rowOf(person, 'emptied');
/** What `person.updated` is about: a status has an event of its own. */
const updatedColumns = ['email', 'firstName', 'lastName', 'title', 'country', 'companyId', 'ownerId'] as const;
/** A number that is only rewritten as E.164 is no change: the time of the last change stays. */
const hasNewPhone = sql`(${wasPerson.phone} IS NOT ${isPerson.phone} AND ${wasPerson.updatedAt} <> ${isPerson.updatedAt})`;
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
const sent = rowOf(delivery, 'd');
const notifying = rowOf(form, 'f');
/** A target of a form's notifications. Before there were kinds, a form had addresses of mail. */
const notifiedTarget = sql`iif(t.type = 'text', json_object('kind', 'email', 'to', json_array(t.value)), t.value)`;
const storeNotifications = insertSelect(
  delivery,
  { submissionId: isSubmission.id, target: notifiedTarget, dueAt: isSubmission.at, nextAt: sql`0` },
  sql` FROM ${form} f, json_each(${notifying.notify}) t
  WHERE ${notifying.id} = ${isSubmission.formId}`,
);
const waiting = newRow(quarantine);
/** Mails to the sender are no notifications: nothing says which trigger comes first. */
const isToSender = sql`${sent.target} ->> 'kind' IN ('autoReply', 'confirmConsent')`;
/** A submission that waited for approval was reported when it came. */
const wasReported = sql`EXISTS (SELECT 1 FROM ${delivery} d WHERE ${sent.submissionId} = ${isSubmission.id} AND NOT ${isToSender})`;

const request = rowOf(consentRequest, 'r');
const sentBefore = rowOf(submission, 's');
const hasAutoReply = sql`(SELECT ${formColumns.autoReply} IS NOT NULL FROM ${form} WHERE ${formColumns.id} = ${isSubmission.formId})`;
const asksToConfirm = sql`EXISTS (SELECT 1 FROM ${consentRequest} r WHERE ${request.submissionId} = ${isSubmission.id})`;
/** Whether the sender may get another mail: anybody can send a form with somebody else's address. */
const mayBeMailed = sql`(SELECT count(*) FROM (SELECT 1 FROM ${submission} s JOIN ${delivery} d ON ${sent.submissionId} = ${sentBefore.id}
    WHERE ${sentBefore.personId} = ${isSubmission.personId} AND ${sentBefore.at} > ${isSubmission.at} - 86400000
      AND ${isToSender} LIMIT ${maxMailsADay})) < ${maxMailsADay}`;
/** The mails to the sender name no address: it is read from the submission when they are sent. */
const storeSenderMails = [
  insertSelect(
    delivery,
    {
      submissionId: isSubmission.id,
      target: sql`json_object('kind', 'confirmConsent', 'requestId', ${request.id})`,
      dueAt: isSubmission.at,
      nextAt: sql`0`,
    },
    sql` FROM ${consentRequest} r WHERE ${request.submissionId} = ${isSubmission.id} AND ${mayBeMailed}`,
  ),
  insertSelect(
    delivery,
    {
      submissionId: isSubmission.id,
      target: sql`json_object('kind', 'autoReply')`,
      dueAt: isSubmission.at,
      nextAt: sql`0`,
    },
    sql` FROM ${form} WHERE ${formColumns.id} = ${isSubmission.formId} AND ${formColumns.autoReply} IS NOT NULL AND ${mayBeMailed}`,
  ),
];

/**
 * The outbox: an event is written in the transaction in which it happens, where a webhook listens to its type. Sending is
 * the Worker's part (services/events/deliver-events.ts).
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
        { webhookId: hook.id, eventId: stored.id, personId: stored.personId, dueAt: stored.at, nextAt: sql`0` },
        sql` FROM ${webhook} w
  WHERE ${hook.enabled} = 1 AND EXISTS (SELECT 1 FROM json_each(${hook.events}) e WHERE e.value = ${stored.type})`,
      ),
    ],
  }),
  defineTrigger({
    name: 'event_person_created',
    comment: 'A person who comes back when a merge or marking spam is undone is not new.',
    event: 'AFTER INSERT',
    on: person,
    when: all([
      sql`${isPerson.id} > 0`,
      isWanted(text('person.created')),
      sql`NOT EXISTS (SELECT 1 FROM ${personMerge} m WHERE ${merge.removedPersonId} = ${isPerson.id})`,
      isNoSpam('person', isPerson.id),
    ]),
    statements: [storeEvent([text('person.created'), isPerson.id, isPerson.id, isPerson.createdAt])],
  }),
  defineTrigger({
    name: 'event_person_updated',
    event: 'AFTER UPDATE',
    of: [...updatedColumns.map((column) => person[column]), person.phone],
    on: person,
    when: all([
      sql`(${any([...updatedColumns.map((column) => sql`${wasPerson[column]} IS NOT ${isPerson[column]}`), hasNewPhone])})`,
      sql`${isPerson.id} > 0`,
      isWanted(text('person.updated')),
    ]),
    statements: [storeEvent([text('person.updated'), isPerson.id, isPerson.id, isPerson.updatedAt])],
  }),
  defineTrigger({
    name: 'event_person_merged',
    event: 'AFTER INSERT',
    on: personMerge,
    when: isWanted(text('person.merged')),
    statements: [storeEvent([text('person.merged'), newMerge.personId, newMerge.id, newMerge.at])],
  }),
  defineTrigger({
    name: 'event_person_erased',
    comment:
      'An erased person leaves an emptied row below zero, changed at the time of the erasure; one merged into another leaves none.',
    event: 'AFTER DELETE',
    on: person,
    when: all([sql`${wasPerson.id} > 0`, isWanted(text('person.erased'))]),
    statements: [
      sql`INSERT INTO ${event} (${eventColumns}) SELECT ${list([text('person.erased'), wasPerson.id, wasPerson.id, emptied.updatedAt])} FROM ${person} emptied WHERE ${emptied.id} = -${wasPerson.id}`,
    ],
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
    comment: 'A company that comes back when a merge or marking spam is undone is not new.',
    event: 'AFTER INSERT',
    on: company,
    when: all([
      isWanted(text('company.created')),
      sql`NOT EXISTS (SELECT 1 FROM ${companyMerge} m WHERE ${companyMerged.removedCompanyId} = ${newCompany.id})`,
      isNoSpam('company', newCompany.id),
    ]),
    statements: [storeEvent([text('company.created'), sql`NULL`, newCompany.id, newCompany.createdAt])],
  }),
  defineTrigger({
    name: 'event_submission_stored',
    event: 'AFTER INSERT',
    on: submission,
    when: all([isWanted(text('submission.received')), isNoSpam('submission', isSubmission.id)]),
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
    when: all([formNotifies, sql`NOT ${wasReported}`, isNoSpam('submission', isSubmission.id)]),
    statements: [storeNotifications],
  }),
  defineTrigger({
    name: 'delivery_notification_waiting',
    comment: 'A submission that waits for approval is reported at once: somebody has to look at it.',
    event: 'AFTER INSERT',
    on: quarantine,
    when: sql`${waiting.kind} = 'approval'`,
    statements: [
      insertSelect(
        delivery,
        { submissionId: waiting.id, target: notifiedTarget, dueAt: waiting.at, nextAt: sql`0` },
        sql` FROM ${form} f, json_each(${notifying.notify}) t
  WHERE ${notifying.id} = ${waiting.formId}`,
      ),
    ],
  }),
  defineTrigger({
    name: 'delivery_sender_mail',
    comment: 'Mails to the sender: requests to confirm a consent, and the automatic reply.',
    event: 'AFTER INSERT',
    on: submission,
    when: all([
      sql`${isSubmission.personId} IS NOT NULL`,
      sql`(${hasAutoReply} OR ${asksToConfirm})`,
      isNoSpam('submission', isSubmission.id),
    ]),
    statements: storeSenderMails,
  }),
];
