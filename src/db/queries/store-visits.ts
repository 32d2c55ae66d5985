import type { InStatement } from '@libsql/client/http';
import { defineStatement } from '../statement.ts';
import { originId, valueId } from '../fragments/intern-origins.ts';
import { insertOrigins, insertValues, versionHolds } from './intern-origins.ts';

/** Visits of one batch, day, origin (by its key) and landing page. */
export type VisitRow = { batch: string; day: string; key: string; landingPage: string | null; visits: number };

const addVisits = defineStatement(`
  INSERT INTO visit_day (day, origin_id, landing_page_id, visits)
  SELECT v.value ->> 'day', ${originId("v.value ->> 'key'")}, ${valueId('landingPage', "v.value ->> 'landingPage'")},
    v.value ->> 'visits'
  FROM json_each(:rows) v
  WHERE ${versionHolds} AND NOT EXISTS (SELECT 1 FROM visit_batch WHERE id = v.value ->> 'batch')
  ON CONFLICT DO UPDATE SET visits = visits + excluded.visits`);

const rememberBatches = defineStatement(`
  INSERT INTO visit_batch (id, counted_at)
  SELECT b.value, :at FROM json_each(:batches) b WHERE ${versionHolds} ON CONFLICT DO NOTHING`);

const readVersion = defineStatement(`SELECT ${versionHolds} AS version_holds`);

/**
 * The statements that count visits, in one transaction: a batch that has been counted adds nothing. The last result tells
 * whether the settings' version holds; where it does not, nothing is counted.
 */
export function storeVisitStatements(args: {
  rows: VisitRow[];
  batches: string[];
  values: unknown[];
  origins: unknown[];
  version: number;
  at: number;
}): InStatement[] {
  const { version, at } = args;
  const named = {
    rows: JSON.stringify(args.rows),
    batches: JSON.stringify(args.batches),
    values: JSON.stringify(args.values),
    origins: JSON.stringify(args.origins),
    version,
    at,
  };
  return [insertValues(named), insertOrigins(named), addVisits(named), rememberBatches(named), readVersion(named)];
}
