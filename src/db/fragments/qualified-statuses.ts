import { sql } from 'drizzle-orm';

/** The lead statuses that mean a lead is qualified, by their names. */
export const qualifiedStatuses = sql`(SELECT id FROM lead_status WHERE lower(name) IN ('qualified', 'kvalifisert'))`;
