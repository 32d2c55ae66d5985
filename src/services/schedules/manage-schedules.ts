import { and, asc, eq, getTableColumns, sql } from 'drizzle-orm';
import { deliveryList, runList, scheduleList } from '../../db/lists/delivery-lists.ts';
import { receiver } from '../../db/schema/receivers.ts';
import { savedReport } from '../../db/schema/saved-reports.ts';
import { delivery, reportRun, schedule } from '../../db/schema/schedules.ts';
import type { DeliveryStatus } from '../../db/schema/schedules.ts';
import { invalidInput, KildeError, noSuch, notFound } from '../../domain/errors.ts';
import type { InputError } from '../../domain/errors.ts';
import { toIso, toIsoOrNull } from '../../domain/iso-time.ts';
import type { ListQuery } from '../../domain/lists/list-info.ts';
import { findPreset } from '../../domain/reports/presets.ts';
import type { Label } from '../../domain/segments/fields.ts';
import { cronProblem, nextDue } from '../../domain/schedules/cron.ts';
import { readSettings } from '../change-settings.ts';
import type { Changes } from '../changes.ts';
import { clearReceivers } from '../deliveries/clear-receivers.ts';
import { addressErrors, addressesOf, newSecretsOf, readGivenTargets } from '../deliveries/targets/given-targets.ts';
import type { NewSecret } from '../deliveries/targets/given-targets.ts';
import type { Viewer } from '../deliveries/targets/define-target.ts';
import { readTarget, showDeliveryTarget, showTarget } from '../deliveries/targets/targets.ts';
import type { DeliveryTarget, GivenTarget, ShownTarget } from '../deliveries/targets/targets.ts';
import { waitOf } from '../deliveries/wait-of.ts';
import { readReportDefinition } from '../reports/read-report-definition.ts';
import { withParameters } from '../reports/report-parameters.ts';
import { checkReport } from '../reports/run-report.ts';
import type { ReportInput } from '../../domain/reports/parse-report.ts';
import { prepareList } from '../lists/prepare-list.ts';
import type { ListContext, PreparedList } from '../lists/prepare-list.ts';
import type { SendContext } from '../deliveries/send-signed.ts';
import type { ServiceContext } from '../service-context.ts';

export { deliveryList, runList, scheduleList };

type ScheduleRow = typeof schedule.$inferSelect;
export type ScheduleFields = Pick<
  ScheduleRow,
  'name' | 'reportId' | 'parameters' | 'cron' | 'timeZone' | 'language' | 'enabled'
> & { targets: GivenTarget[] };

export type ScheduleAnswer = Omit<ScheduleFields, 'reportId'> & {
  id: string;
  report: { id: string; name: Label };
  nextAt: string | null;
  createdAt: string;
  updatedAt: string;
};

type Context = ServiceContext & Pick<SendContext, 'config'>;

/** Columns of a schedule, with the name of its report where that is a saved one. */
const scheduleColumns = {
  ...getTableColumns(schedule),
  savedName: sql<
    string | null
  >`(SELECT r.name FROM ${savedReport} r WHERE r.id = CAST(${schedule.reportId} AS integer))`,
};
type ReadSchedule = ScheduleRow & { savedName: string | null };

function toAnswer(
  { id, reportId, savedName, nextAt, createdAt, updatedAt, targets, ...fields }: ReadSchedule,
  viewer: Viewer,
): ScheduleAnswer {
  const name = findPreset(reportId)?.name ?? { en: savedName ?? '', no: savedName ?? '' };
  return {
    id: String(id),
    report: { id: reportId, name },
    ...fields,
    targets: targets.map((target) => showTarget(readTarget(target), viewer)),
    nextAt: fields.enabled ? toIsoOrNull(nextAt) : null,
    createdAt: toIso(createdAt),
    updatedAt: toIso(updatedAt),
  };
}

/** Schedules, the newest first, without the secrets of their webhooks. */
export function listSchedules(
  context: ListContext,
  { query, viewer }: { query: ListQuery; viewer: Viewer },
): PreparedList<ScheduleAnswer> {
  return prepareList(context, {
    list: scheduleList,
    query,
    records: ({ where, orderBy, position }) =>
      context.db
        .select({ ...scheduleColumns, ...position })
        .from(schedule)
        .where(where)
        .orderBy(...orderBy),
    toItem: (row) => toAnswer(row, viewer),
  });
}

/** A schedule with everything that is kept of it. @throws KildeError `not_found`. */
export async function readSchedule({ db }: Pick<ServiceContext, 'db'>, { id }: { id: number }): Promise<ReadSchedule> {
  const [row] = await db.select(scheduleColumns).from(schedule).where(eq(schedule.id, id));
  if (!row) throw notFound('schedule');
  return row;
}

export async function showSchedule(
  context: ServiceContext,
  { id, viewer }: { id: number; viewer: Viewer },
): Promise<ScheduleAnswer> {
  return toAnswer(await readSchedule(context, { id }), viewer);
}

export type StoredSchedule = ScheduleAnswer & { secrets: NewSecret[] };

/**
 * Adds a schedule. The secrets of its webhooks are in this answer and in no other.
 * @throws KildeError `invalid_input`.
 */
export async function createSchedule(
  context: Context,
  { fields, viewer }: { fields: Omit<ScheduleFields, 'timeZone'> & { timeZone?: string | undefined }; viewer: Viewer },
): Promise<StoredSchedule> {
  const now = context.clock();
  const timeZone = fields.timeZone ?? (await readSettings(context)).defaultSite.timeZone;
  const targets = readGivenTargets({ given: fields.targets, known: [], location: 'body.targets' });
  const whole = { ...fields, timeZone };
  const savedName = await check(context, { ...whole, targets });
  const [row] = await context.db
    .insert(schedule)
    .values({ ...whole, targets, nextAt: nextDue(whole, now), createdAt: now, updatedAt: now })
    .returning();
  await clearReceivers(context, addressesOf(targets));
  return { ...toAnswer({ ...row!, savedName }, viewer), secrets: newSecretsOf({ targets, known: [], viewer }) };
}

/** @throws KildeError `not_found`, `invalid_input`. */
export async function updateSchedule(
  context: Context,
  { id, changes, viewer }: { id: number; changes: Changes<ScheduleFields>; viewer: Viewer },
): Promise<StoredSchedule> {
  const now = context.clock();
  const known = await readSchedule(context, { id });
  const knownTargets = known.targets.map(readTarget);
  const { targets: sent, ...fields } = changes;
  const given = sent && readGivenTargets({ given: sent, known: knownTargets, location: 'body.targets' });
  const targets = given ?? knownTargets;
  const whole = { ...known, ...(fields as Partial<ScheduleFields>) };
  const savedName = await check(context, { ...whole, targets });
  const isMoved = ['cron', 'timeZone', 'enabled'].some((name) => name in changes);
  const [row] = await context.db
    .update(schedule)
    .set({
      ...(fields as Partial<ScheduleFields>),
      targets,
      updatedAt: now,
      // Turned on again, it does not make up for the times that passed.
      ...(isMoved ? { nextAt: nextDue(whole, now) } : {}),
    })
    .where(eq(schedule.id, id))
    .returning();
  if (!row) throw notFound('schedule');
  // Somebody has seen to the targets: what waits is tried at once.
  if (given) await clearReceivers(context, addressesOf(targets));
  return {
    ...toAnswer({ ...row, savedName }, viewer),
    secrets: newSecretsOf({ targets, known: knownTargets, viewer }),
  };
}

/** Deletes a schedule with its runs. @throws KildeError `not_found`. */
export async function deleteSchedule({ db }: ServiceContext, id: number): Promise<void> {
  const deleted = await db.delete(schedule).where(eq(schedule.id, id)).returning({ id: schedule.id });
  if (deleted.length === 0) throw notFound('schedule');
}

/** @returns the name of the report. @throws KildeError `invalid_input`. */
async function check(
  context: Context,
  {
    cron,
    timeZone,
    reportId,
    parameters,
    targets,
  }: Pick<ScheduleFields, 'cron' | 'timeZone' | 'reportId' | 'parameters'> & { targets: readonly DeliveryTarget[] },
): Promise<string> {
  const errors: InputError[] = [];
  const problem = cronProblem({ cron, timeZone });
  if (problem) errors.push({ location: 'body.cron', message: problem });
  errors.push(...addressErrors({ targets, location: 'body.targets', allowPrivate: context.config.privateAddresses }));
  if (errors.length > 0) throw invalidInput(errors);
  const report = await readReportDefinition(context, reportId).catch(() => {
    throw invalidInput([{ location: 'body.reportId', message: noSuch('report', reportId) }]);
  });
  await checkParameters(context, { query: { timeZone, ...report.query }, parameters });
  return report.name.en;
}

/** @throws KildeError `invalid_input` of a report that could not be run. */
async function checkParameters(
  context: Context,
  { query, parameters }: { query: ReportInput; parameters: Record<string, string> },
): Promise<void> {
  try {
    await checkReport(context, withParameters(query, parameters));
  } catch (error) {
    if (!(error instanceof KildeError) || error.errors.length === 0) throw error;
    const errors = error.errors.map((one) => ({
      ...one,
      location: `body.parameters.${one.location.replace(/^body\./, '').replace(/^period\.(relative)?/, (_, word) => (word ? 'period' : ''))}`,
    }));
    throw new KildeError(error.code, error.message, errors);
  }
}

export type RunAnswer = {
  id: string;
  schedule: { id: string; name: string };
  dueAt: string;
  trigger: 'cron' | 'manual';
  status: 'running' | 'done' | 'failed';
  finishedAt: string | null;
  error: string | null;
  deliveries: Array<DeliveryAnswer>;
};

export type DeliveryAnswer = {
  id: string;
  run: { id: string } | null;
  submission: { id: string } | null;
  target: ShownTarget;
  status: DeliveryStatus;
  attempts: number;
  dueAt: string;
  nextAt: string | null;
  lastError: string | null;
  finishedAt: string | null;
};

type RunRow = Omit<typeof reportRun.$inferSelect, 'answer'> & { scheduleName: string };

const runColumns = {
  id: reportRun.id,
  scheduleId: reportRun.scheduleId,
  scheduleName: sql<string>`(SELECT s.name FROM ${schedule} s WHERE s.id = ${reportRun.scheduleId})`,
  dueAt: reportRun.dueAt,
  trigger: reportRun.trigger,
  status: reportRun.status,
  attempts: reportRun.attempts,
  leaseUntil: reportRun.leaseUntil,
  finishedAt: reportRun.finishedAt,
  error: reportRun.error,
};

function toRun(row: RunRow, deliveries: DeliveryAnswer[]): RunAnswer {
  const { id, scheduleId, scheduleName, dueAt, trigger, status, finishedAt, error } = row;
  return {
    id,
    schedule: { id: String(scheduleId), name: scheduleName },
    dueAt: toIso(dueAt),
    trigger,
    status,
    finishedAt: toIsoOrNull(finishedAt),
    error,
    deliveries,
  };
}

type DeliveryRow = Omit<typeof delivery.$inferSelect, 'address'> & {
  retryAt: number | null;
  receiverError: string | null;
};

/** Columns of a delivery, with the state of its receiver. */
const deliveryColumns = {
  ...getTableColumns(delivery),
  retryAt: receiver.retryAt,
  receiverError: receiver.lastError,
};

type Reader = { viewer: Viewer; now: number };

function toDelivery(row: DeliveryRow, { viewer, now }: Reader): DeliveryAnswer {
  return {
    id: String(row.id),
    run: row.runId === null ? null : { id: row.runId },
    submission: row.submissionId === null ? null : { id: row.submissionId },
    target: showDeliveryTarget(row.target, viewer),
    status: row.status,
    attempts: row.attempts,
    dueAt: toIso(row.dueAt),
    ...waitOf({ ...row, now }),
    finishedAt: toIsoOrNull(row.finishedAt),
  };
}

/** Deliveries of a run as JSON, with the state of their receivers. */
const deliveriesOfRun = sql<string>`(SELECT json_group_array(json_object('id', id, 'runId', run_id, 'submissionId', submission_id,
  'target', json(target), 'status', status, 'attempts', attempts, 'dueAt', due_at, 'nextAt', next_at, 'lastError', d.last_error,
  'finishedAt', finished_at, 'retryAt', r.retry_at, 'receiverError', r.last_error)
  ORDER BY id) FROM delivery d LEFT JOIN receiver r ON r.address = d.address WHERE run_id = report_run.id)`;

/** The runs of a schedule, the newest first, each with how its deliveries went. @throws KildeError `not_found`. */
export function listRuns(
  context: ListContext,
  { id, query, viewer }: { id: number; query: ListQuery; viewer: Viewer },
): PreparedList<RunAnswer> {
  const { db, clock } = context;
  return prepareList(context, {
    list: runList,
    query,
    path: `schedules/${id}/runs`,
    where: eq(reportRun.scheduleId, id),
    parent: { found: db.select({ id: schedule.id }).from(schedule).where(eq(schedule.id, id)), what: 'schedule' },
    records: ({ where, orderBy, position }) =>
      db
        .select({ run: runColumns, deliveries: deliveriesOfRun, ...position })
        .from(reportRun)
        .where(where)
        .orderBy(...orderBy),
    toItem: ({ run, deliveries }) =>
      toRun(
        run,
        (JSON.parse(deliveries) as DeliveryRow[]).map((one) => toDelivery(one, { viewer, now: clock() })),
      ),
  });
}

/** One run with the answer it stored. @throws KildeError `not_found`. */
export async function readRun(
  { db, clock }: Pick<ServiceContext, 'db' | 'clock'>,
  { id, viewer = { isAdmin: false } }: { id: string; viewer?: Viewer },
): Promise<RunAnswer & { name: string; language: 'en' | 'no'; report: unknown }> {
  const [rows, sent] = await db.batch([
    db
      .select({ run: reportRun, name: schedule.name, language: schedule.language })
      .from(reportRun)
      .innerJoin(schedule, eq(schedule.id, reportRun.scheduleId))
      .where(eq(reportRun.id, id)),
    db
      .select(deliveryColumns)
      .from(delivery)
      .leftJoin(receiver, eq(receiver.address, delivery.address))
      .where(eq(delivery.runId, id))
      .orderBy(asc(delivery.id)),
  ]);
  const [row] = rows;
  if (!row) throw notFound('run');
  const deliveries = sent.map((one) => toDelivery(one, { viewer, now: clock() }));
  return {
    ...toRun({ ...row.run, scheduleName: row.name }, deliveries),
    name: row.name,
    language: row.language,
    report: row.run.answer,
  };
}

/** Deliveries, the newest first. */
export function listDeliveries(
  context: ListContext,
  { query, viewer }: { query: ListQuery; viewer: Viewer },
): PreparedList<DeliveryAnswer> {
  const { db, clock } = context;
  return prepareList(context, {
    list: deliveryList,
    query,
    records: ({ where, orderBy, position }) =>
      db
        .select({ ...deliveryColumns, ...position })
        .from(delivery)
        .leftJoin(receiver, eq(receiver.address, delivery.address))
        .where(where)
        .orderBy(...orderBy),
    toItem: (row) => toDelivery(row, { viewer, now: clock() }),
  });
}

/** @throws KildeError `not_found`. */
export async function showDelivery(
  { db, clock }: ServiceContext,
  { id, viewer }: { id: number; viewer: Viewer },
): Promise<DeliveryAnswer> {
  const [row] = await db
    .select(deliveryColumns)
    .from(delivery)
    .leftJoin(receiver, eq(receiver.address, delivery.address))
    .where(eq(delivery.id, id));
  if (!row) throw notFound('delivery');
  return toDelivery(row, { viewer, now: clock() });
}

/** Makes a delivery that was given up due again, from the start. @throws KildeError `not_found`. */
export async function retryDelivery({ db, clock }: ServiceContext, { id }: { id: number }): Promise<void> {
  const changed = await db
    .update(delivery)
    .set({ status: 'pending', attempts: 0, nextAt: clock(), finishedAt: null })
    .where(and(eq(delivery.id, id), eq(delivery.status, 'dead')))
    .returning({ id: delivery.id });
  if (changed.length === 0) throw notFound('delivery that was given up');
}
