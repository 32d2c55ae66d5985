import { sql } from 'drizzle-orm';
import { notTriedBecause } from '../../domain/deliveries/receiver-state.ts';
import { event, eventDelivery, eventTypes, webhook } from '../schema/events.ts';
import { receiver } from '../schema/receivers.ts';
import { delivery, deliveryStatuses, reportRun, schedule } from '../schema/schedules.ts';
import { defineList, listField } from './declare-list.ts';

const name = ['Name', 'Navn'] as const;
const statusLabel = ['Status', 'Status'] as const;
const due = ['Due', 'Forfaller'] as const;
const next = ['Next', 'Neste'] as const;
const finished = ['Finished', 'Ferdig'] as const;
const attempts = ['Attempts', 'Forsøk'] as const;

/** Addresses and secrets of the targets are no fields. */
export const scheduleList = defineList({
  name: 'schedules',
  from: sql`${schedule}`,
  key: schedule.id,
  fields: [
    listField.id(schedule.id),
    listField.text('name', name, schedule.name),
    listField.idOf('report', ['Report', 'Rapport'], schedule.reportId, 'text'),
    listField.text('cron', ['Cron', 'Cron'], schedule.cron),
    listField.text('timeZone', ['Time zone', 'Tidssone'], schedule.timeZone),
    listField.choice('language', ['Language', 'Språk'], schedule.language, schedule.language.enumValues),
    listField.boolean('enabled', ['Enabled', 'På'], schedule.enabled),
    listField.moment('nextAt', next, sql`(CASE WHEN ${schedule.enabled} THEN ${schedule.nextAt} END)`),
    listField.moment('createdAt', ['Created', 'Opprettet'], schedule.createdAt),
    listField.moment('updatedAt', ['Changed', 'Endret'], schedule.updatedAt),
  ],
  moment: 'createdAt',
  sort: '-createdAt',
});

export const runList = defineList({
  name: 'runs',
  from: sql`${reportRun}`,
  key: reportRun.id,
  fields: [
    listField.id(reportRun.id, 'text'),
    listField.idOf('schedule', ['Schedule', 'Plan'], reportRun.scheduleId),
    listField.moment('dueAt', due, reportRun.dueAt),
    listField.choice('trigger', ['Trigger', 'Utløst av'], reportRun.trigger, reportRun.trigger.enumValues),
    listField.choice('status', statusLabel, reportRun.status, reportRun.status.enumValues),
    listField.moment('finishedAt', finished, reportRun.finishedAt),
    listField.text('error', ['Error', 'Feil'], reportRun.error),
  ],
  moment: 'dueAt',
  sort: '-dueAt',
});

/** When a delivery that waits is tried next. What is due at once is due since `due_at`: a list has no clock of its own. */
const nextAtOf = (table: 'delivery' | 'event_delivery') => {
  const one = sql.raw(table);
  return sql`(CASE WHEN ${one}.status = 'pending' THEN max(${one}.next_at, ${one}.due_at, coalesce(${receiver.retryAt}, 0)) END)`;
};
const lastErrorOf = (table: 'delivery' | 'event_delivery') => {
  const one = sql.raw(table);
  return sql`coalesce(${one}.last_error, CASE WHEN ${one}.status = 'pending' THEN ${notTriedBecause('')} || ${receiver.lastError} END)`;
};
const lastError = ['Last error', 'Siste feil'] as const;

export const deliveryList = defineList({
  name: 'deliveries',
  from: sql`${delivery} LEFT JOIN ${receiver} ON ${receiver.address} = ${delivery.address}`,
  key: delivery.id,
  fields: [
    listField.id(delivery.id),
    listField.idOf('run', ['Run', 'Kjøring'], delivery.runId, 'text'),
    listField.idOf('submission', ['Submission', 'Innsending'], delivery.submissionId, 'text'),
    // The kind alone: what else is known of a target may be a secret.
    listField.text('target.kind', ['Sent to', 'Sendes til'], sql`(delivery.target ->> '$.kind')`),
    listField.choice('status', statusLabel, delivery.status, deliveryStatuses),
    listField.number('attempts', attempts, delivery.attempts),
    listField.moment('dueAt', due, delivery.dueAt),
    listField.moment('nextAt', next, nextAtOf('delivery')),
    listField.text('lastError', lastError, lastErrorOf('delivery')),
    listField.moment('finishedAt', finished, delivery.finishedAt),
  ],
  moment: 'dueAt',
  sort: '-dueAt',
});

export const eventDeliveryList = defineList({
  name: 'deliveries',
  from: sql`${eventDelivery} JOIN ${event} ON ${event.id} = ${eventDelivery.eventId}
    JOIN ${webhook} ON ${webhook.id} = ${eventDelivery.webhookId}
    LEFT JOIN ${receiver} ON ${receiver.address} = ${webhook.url}`,
  key: eventDelivery.id,
  fields: [
    listField.id(eventDelivery.id),
    listField.idOf('event', ['Event id', 'Hendelses-ID'], sql`('evt_' || event_delivery.event_id)`, 'text'),
    listField.choice('type', ['Event', 'Hendelse'], event.type, eventTypes),
    listField.idOf('subject', ['Subject', 'Gjelder'], event.subjectId, 'text'),
    listField.idOf('person', ['Person', 'Person'], event.personId),
    listField.moment('at', ['Time', 'Tidspunkt'], event.at),
    listField.choice('status', statusLabel, eventDelivery.status, deliveryStatuses),
    listField.number('attempts', attempts, eventDelivery.attempts),
    listField.moment('dueAt', due, eventDelivery.dueAt),
    listField.moment('nextAt', next, nextAtOf('event_delivery')),
    listField.text('lastError', lastError, lastErrorOf('event_delivery')),
    listField.moment('finishedAt', finished, eventDelivery.finishedAt),
  ],
  moment: 'dueAt',
  sort: '-dueAt',
});
