import type { InStatement } from '@libsql/client/http';
import { defineStatement } from '../../statement.ts';
import { originId } from '../../fragments/intern-origins.ts';
import { insertOrigins, insertValues, versionHolds } from '../attribution/intern-origins.ts';

/** A cost ready to be stored: one that exists by its id, else found by its day and the key of its origin. */
export type CostRow = {
  id: number | null;
  day: string;
  key: string | null;
  amountMinor: number;
  currency: string;
} & CostClaims;

/** What the platform claims of itself; null where it is not known. */
export type CostClaims = Record<'claimedConversions' | 'claimedValueMinor' | 'impressions' | 'clicks', number | null>;

const rows = `json_each(:rows) g`;
const originOfRow = `coalesce((SELECT c.origin_id FROM cost c WHERE c.id = g.value ->> 'id'), ${originId("g.value ->> 'key'")})`;
const ofRow = `origin_id = ${originOfRow} AND day = g.value ->> 'day'`;
/** A cost that is named by its id is one of its day. */
const idsHold = `NOT EXISTS (SELECT 1 FROM json_each(:rows) n WHERE n.value ->> 'id' IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM cost c WHERE c.id = n.value ->> 'id' AND c.day = n.value ->> 'day'))`;

/** Whether the version holds, and the id of each cost that is there already, in the order of the rows. */
const readPrior = defineStatement(`
  SELECT ${versionHolds} AS version_holds, (SELECT id FROM cost WHERE ${ofRow}) AS prior_id FROM ${rows} ORDER BY g.key`);

const upsertCosts = defineStatement(`
  INSERT INTO cost (day, origin_id, amount_minor, currency, claimed_conversions, claimed_value_minor, impressions, clicks, updated_at)
  SELECT g.value ->> 'day', ${originOfRow}, g.value ->> 'amountMinor', g.value ->> 'currency', g.value ->> 'claimedConversions',
    g.value ->> 'claimedValueMinor', g.value ->> 'impressions', g.value ->> 'clicks', :at
  FROM ${rows} WHERE ${versionHolds} AND ${idsHold}
  ON CONFLICT DO UPDATE SET amount_minor = excluded.amount_minor, currency = excluded.currency, claimed_conversions = excluded.claimed_conversions,
    claimed_value_minor = excluded.claimed_value_minor, impressions = excluded.impressions, clicks = excluded.clicks, updated_at = excluded.updated_at`);

const readIds = defineStatement(`SELECT (SELECT id FROM cost WHERE ${ofRow}) AS id,
  (SELECT v.label FROM origin o JOIN origin_value v ON v.id = o.channel_id WHERE o.id = ${originOfRow}) AS channel FROM ${rows} ORDER BY g.key`);

/**
 * The batch that upserts costs by day and origin, in one transaction. Its third result tells what was there before, its
 * last the ids and channels. Nothing is written where an id names no cost of its day, or the settings are no longer of the version that the origins were resolved in.
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
