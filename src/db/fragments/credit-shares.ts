import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { JourneyModel } from '../../domain/reports/models.ts';

export const dayMs = 86_400_000;

/** Credit is counted in whole parts of one, so that it adds up exactly. */
export const creditUnits = 1_000_000_000;
const units = sql.raw(String(creditUnits));

type Share = { upTo: SQL; before: SQL };

/**
 * The part of the credit that the touches of a journey have up to touch `n` of `c`, and up to the one before it. The difference
 * is the touch's own part. Taken this way, whole parts always add up to the whole.
 */
export const sharesOf: Record<JourneyModel, Share> = {
  lastTouch: { upTo: sql`(n = c)`, before: sql`0` },
  linear: { upTo: sql`(n * 1.0 / c)`, before: sql`((n - 1) * 1.0 / c)` },
  positionBased: { upTo: positionUpTo(sql`n`), before: positionUpTo(sql`(n - 1)`) },
  timeDecay: { upTo: sql`decayed`, before: sql`decayed_before` },
};

/** 40 % to the first and the last touch, the rest shared between them; half each of two. */
function positionUpTo(n: SQL): SQL {
  return sql`(CASE WHEN ${n} <= 0 THEN 0.0 WHEN ${n} >= c THEN 1.0 WHEN c = 2 THEN 0.5 ELSE 0.4 + 0.2 * (${n} - 1) / (c - 2) END)`;
}

/** The whole parts of `amount` that lie between two shares of it. */
export const partBetween = ({ amount, upTo, before }: { amount: SQL } & Share): SQL =>
  sql`CAST(round(${amount} * ${upTo}) AS integer) - CAST(round(${amount} * ${before}) AS integer)`;

/** Half-lives between a touch (`at`) and the last one of its journey (`last_at`). */
export const ageInHalfLives = (halfLifeDays: number): SQL =>
  sql`((last_at - at) * 1.0 / ${sql.raw(String(halfLifeDays * dayMs))})`;

/**
 * 2 to the power of minus `age`, but for a factor that is the same for all. SQLite as it is embedded has no `pow`: the whole
 * part is shifted, the rest is its series around a half, right to 1e-14.
 */
export function halved(age: SQL): SQL {
  const exponent = sql`(${sql.raw(String(-Math.LN2))} * (${age} - CAST(${age} AS integer) - 0.5))`;
  let series = '1.0';
  for (let n = 12; n >= 1; n -= 1) series = `(${series} * f / ${n}.0 + 1.0)`;
  return sql`(SELECT ${sql.raw(series)} / (1 << min(60, CAST(${age} AS integer))) FROM (SELECT ${exponent} AS f))`;
}

/** The credit up to a touch under time decay, in units: `upto` and `total` are sums of weights. */
export const decayedUnits = sql`CASE WHEN n = c THEN ${units} ELSE CAST(round(${units} * (upto / total)) AS integer) END`;
