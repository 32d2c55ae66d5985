import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { originFields, sentFields } from '../../domain/attribution/origin-fields.ts';
import { columnOf } from './origin-columns.ts';
import type { origin } from '../schema/origins.ts';

const sayingOrigin = sentFields.filter((field) => originFields[field].says === 'origin');

/**
 * Whether an origin does not say where the visitor came from: it is direct, or has a campaign alone, which never replaces a known
 * origin either (`rankEvidence` in the domain). The row is `origin` under any name.
 */
export const isDirectOrigin = (row: typeof origin): SQL =>
  sql`${sql.join(
    sayingOrigin.map((field) => sql`${columnOf(row, field)} = 0`),
    sql` AND `,
  )} AND ${row.clickIdName} IS NULL`;
