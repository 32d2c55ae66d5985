import type { InStatement } from '@libsql/client/http';
import { defineStatement } from '../statement.ts';
import { originId } from '../fragments/intern-origins.ts';
import { insertOrigins, insertValues, versionHolds } from './intern-origins.ts';

/** A cost ready to be stored; its origin is found by its key. */
export type CostRow = { day: string; key: string; amountMinor: number; currency: string } & CostClaims;

/** What the platform claims of itself; null where it is not known. */
export type CostClaims = Record<'claimedConversions' | 'claimedValueMinor' | 'impressions' | 'clicks', number | null>;

const rows = `json_each(:rows) g`;
const ofRow = `origin_id = ${originId("g.value ->> 'key'")} AND day = g.value ->> 'day'`;

/** Whether the version holds, and the id of each cost that is there already, in the order of the rows. */
const readPrior = defineStatement(`
  SELECT ${versionHolds} AS version_holds, (SELECT id FROM cost WHERE ${ofRow}) AS prior_id FROM ${rows} ORDER BY g.key`);

const upsertCosts = defineStatement(`
  INSERT INTO cost (day, origin_id, amount_minor, currency, claimed_conversions, claimed_value_minor, impressions, clicks, updated_at)
  SELECT g.value ->> 'day', ${originId("g.value ->> 'key'")}, g.value ->> 'amountMinor', g.value ->> 'currency', g.value ->> 'claimedConversions',
    g.value ->> 'claimedValueMinor', g.value ->> 'impressions', g.value ->> 'clicks', :at
  FROM ${rows} WHERE ${versionHolds}
  ON CONFLICT DO UPDATE SET amount_minor = excluded.amount_minor, currency = excluded.currency, claimed_conversions = excluded.claimed_conversions,
    claimed_value_minor = excluded.claimed_value_minor, impressions = excluded.impressions, clicks = excluded.clicks, updated_at = excluded.updated_at`);

const readIds = defineStatement(`SELECT (SELECT id FROM cost WHERE ${ofRow}) AS id FROM ${rows} ORDER BY g.key`);

/**
 * The batch that upserts costs by day and origin, in one transaction. Its third result tells what was there before, its
 * last the ids. Nothing is written where the settings are no longer of the version that the origins were resolved in.
 */
export function storeCostStatements(args: {
  rows: CostRow[];
  values: unknown[];
  origins: unknown[];
  version: number;
  at: number;
}): InStatement[] {
  const { version, at } = args;
  const named = {
    rows: JSON.stringify(args.rows),
    values: JSON.stringify(args.values),
    origins: JSON.stringify(args.origins),
    version,
    at,
  };
  return [insertValues(named), insertOrigins(named), readPrior(named), upsertCosts(named), readIds(named)];
}
