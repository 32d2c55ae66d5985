import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { dayNumber, monthNumber } from '../fragments/days.ts';
import { submissionTotalKind } from '../fragments/total-kinds.ts';
import { submission } from '../schema/forms.ts';
import { origin } from '../schema/origins.ts';
import { person } from '../schema/people.ts';
import { reportTotal } from '../schema/totals.ts';
import { defineTrigger } from './objects.ts';
import type { ProgramObject } from './objects.ts';
import { any, columnsOf, newRow, oldRow, rowOf } from './render-sql.ts';
import { markLeadDirty } from './dirty.ts';

const [was, is] = [oldRow(submission), newRow(submission)];
const [wasOrigin, isOrigin] = [oldRow(origin), newRow(origin)];
const originColumns = columnsOf(origin);
const personColumns = columnsOf(person);
const total = columnsOf(reportTotal);
const excluded = rowOf(reportTotal, 'excluded');
const s = rowOf(submission, 's');

const columns = sql.raw(
  [total.kind, total.month, total.key, total.n, total.m, total.won].map(({ name }) => name).join(', '),
);
const addUp = sql`ON CONFLICT DO UPDATE SET ${total.n} = ${total.n} + ${excluded.n}, ${total.m} = ${total.m} + ${excluded.m}`;
const byMonth = sql.raw(String(submissionTotalKind));
const byDay = sql.raw(String(100 + submissionTotalKind));
/** A form, 0 where there is none, and a channel in one number. */
const keyOf = (formId: SQL, channelId: SQL): SQL => sql`coalesce(${formId}, 0) * 16777216 + ${channelId}`;
/** Sent by somebody who existed. */
const isConversion = (row: typeof is): SQL => sql`(${row.createdPerson} = 0 AND ${row.personId} IS NOT NULL)`;

/** Adds a submission to the totals, or takes it out. */
function count(row: typeof is, sign: 1 | -1): SQL {
  const signOf = sql.raw(sign === 1 ? '' : '-');
  const channel = sql`coalesce((SELECT ${originColumns.channelId} FROM ${origin} WHERE ${originColumns.id} = ${row.originId}), 0)`;
  return sql`INSERT INTO ${reportTotal} (${columns})
  SELECT l.kind, l.month, ${keyOf(sql`${row.formId}`, channel)}, ${signOf}1, ${signOf}${isConversion(row)}, 0
  FROM (SELECT ${byMonth} AS kind, ${monthNumber(row.at)} AS month UNION ALL SELECT ${byDay}, ${dayNumber(row.at)}) l WHERE true
  ${addUp}`;
}

/** Submissions are added up in the transaction that stores them. */
export const submissionTotals: ProgramObject[] = [
  defineTrigger({
    name: 'total_submission_added',
    event: 'AFTER INSERT',
    on: submission,
    statements: [count(is, 1)],
  }),
  defineTrigger({
    name: 'total_submission_removed',
    comment: 'The person whom it created reads its answer to "how did you hear about us".',
    event: 'AFTER DELETE',
    on: submission,
    statements: [
      count(was, -1),
      markLeadDirty(
        sql`SELECT ${personColumns.id} FROM ${person} WHERE ${personColumns.id} = ${was.personId} AND ${personColumns.creationId} = ${was.id}`,
      ),
    ],
  }),
  defineTrigger({
    name: 'total_submission_changed',
    event: 'AFTER UPDATE',
    of: [submission.personId, submission.createdPerson, submission.at, submission.formId, submission.originId],
    on: submission,
    when: any([
      sql`(${was.personId} IS NULL) <> (${is.personId} IS NULL)`,
      sql`${was.createdPerson} <> ${is.createdPerson}`,
      sql`${was.at} <> ${is.at}`,
      sql`${was.formId} IS NOT ${is.formId}`,
      sql`${was.originId} IS NOT ${is.originId}`,
    ]),
    statements: [count(was, -1), count(is, 1)],
  }),
  defineTrigger({
    name: 'total_channel_changed',
    comment: 'Submissions of an origin move with it to its new channel.',
    event: 'AFTER UPDATE',
    of: [origin.channelId],
    on: origin,
    when: sql`${wasOrigin.channelId} <> ${isOrigin.channelId}`,
    statements: [
      sql`INSERT INTO ${reportTotal} (${columns})
  SELECT l.value, iif(l.value = ${byMonth}, ${monthNumber(s.at)}, ${dayNumber(s.at)}),
    ${keyOf(sql`${s.formId}`, sql`c.value`)}, sum(iif(c.key = 0, -1, 1)), sum(iif(c.key = 0, -1, 1) * ${isConversion(s)}), 0
  FROM ${submission} s CROSS JOIN json_each(json_array(${wasOrigin.channelId}, ${isOrigin.channelId})) c CROSS JOIN json_each('[${byMonth},${byDay}]') l
  WHERE ${s.originId} = ${isOrigin.id} GROUP BY 1, 2, 3
  ${addUp}`,
    ],
  }),
];
