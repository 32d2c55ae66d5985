import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';
import { quarantine, submission } from '../schema/forms.ts';
import { defineTrigger } from './objects.ts';
import type { ProgramObject } from './objects.ts';
import { assignments, columnsOf, newRow, rowOf } from './render-sql.ts';

const stored = newRow(submission);
const keyLength = sql`instr(${stored.idempotencyKey}, char(10))`;
const key = sql`substr(${stored.idempotencyKey}, 1, ${keyLength} - 1)`;

type Keyed = SQLiteTable & Pick<typeof submission, 'id' | 'formId' | 'idempotencyKey'>;
/** Whether another record has the same key, with or without a hash behind it. */
const isUsedIn = (table: typeof submission | typeof quarantine, name: string): SQL => {
  const row = rowOf(table as Keyed, name);
  return sql`EXISTS (SELECT 1 FROM ${table} ${sql.raw(name)} WHERE ${row.formId} = ${stored.formId} AND ${row.id} <> ${stored.id}
      AND ${row.idempotencyKey} >= ${key}
      AND ${row.idempotencyKey} < ${key} || char(11))`;
};

export const reusedKeys: ProgramObject[] = [
  defineTrigger({
    name: 'submission_key_reused',
    comment:
      'The key of a field `_id` is stored with a line feed and a hash of the content (services/capture/idempotency-key.ts). Another submission under the same key, with or without a hash, is what the record shows as a conflict. Keys have no control characters.',
    event: 'AFTER INSERT',
    on: submission,
    when: sql`${keyLength} > 0
  AND (${isUsedIn(submission, 's')}
    OR ${isUsedIn(quarantine, 'q')})`,
    statements: [
      sql`UPDATE ${submission} SET ${assignments(submission, { idempotencyConflict: sql`1` })} WHERE ${columnsOf(submission).id} = ${stored.id}`,
    ],
  }),
];
