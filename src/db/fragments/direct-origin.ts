import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { origin } from '../schema/origins.ts';

/** Whether an origin is direct: nothing is known of it. The row is `origin` under any name. */
export const isDirectOrigin = (row: typeof origin): SQL =>
  sql`${row.sourceId} = 0 AND ${row.mediumId} = 0 AND ${row.campaignId} = 0 AND ${row.termId} = 0 AND ${row.contentId} = 0 AND ${row.utmIdId} = 0 AND ${row.referrerDomainId} = 0 AND ${row.clickIdName} IS NULL`;
