import { integer, primaryKey, sqliteTable } from 'drizzle-orm/sqlite-core';

/**
 * What reports would otherwise count row by row, kept by triggers (drizzle/0011) in the transaction of every change: leads and
 * submissions by the UTC month they came in. `tools/report-totals.ts` counts anew.
 */
export const reportTotal = sqliteTable(
  'report_total',
  {
    /** What is counted, and what by: `totalKinds` in db/reports/totals.ts. */
    kind: integer('kind').notNull(),
    /** `YYYYMM`. */
    month: integer('month').notNull(),
    key: integer('key').notNull(),
    /** Leads; of submissions, all of them. */
    n: integer('n').notNull(),
    /** Leads with a deal; of submissions, those of people known before. */
    m: integer('m').notNull(),
    /** Leads with a won deal. */
    won: integer('won').notNull(),
  },
  (table) => [primaryKey({ columns: [table.kind, table.month, table.key] })],
);
