import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { origin } from '../schema/origins.ts';

/**
 * Whether an origin does not say where the visitor came from: it is direct, or has a campaign alone, which never replaces a known
 * origin either (`rankEvidence` in the domain). The row is `origin` under any name.
 */
export const isDirectOrigin = (row: typeof origin): SQL =>
  sql`${row.sourceId} = 0 AND ${row.mediumId} = 0 AND ${row.referrerDomainId} = 0 AND ${row.clickIdName} IS NULL`;
