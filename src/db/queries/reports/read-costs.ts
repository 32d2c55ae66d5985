import { desc, eq, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { toIso } from '../../../domain/iso-time.ts';
import type { WrittenExact } from '../../../domain/exact.ts';
import { fromMinor } from '../../../domain/money.ts';
import type { Database } from '../../client.ts';
import type { RecordsOfPage } from '../../lists/place-in-list.ts';
import { cost } from '../../schema/costs.ts';
import { origin } from '../../schema/origins.ts';
import { site } from '../../schema/settings.ts';
import { toTouch, touchJson } from '../attribution/read-touches.ts';
import type { TouchView } from '../attribution/read-touches.ts';

/** A cost as the API shows it; the origin's values by their labels after alias rules. */
export type CostView = {
  id: string;
  day: string;
  /** In major units: the double nearest to what is kept. */
  amount: WrittenExact;
  currency: string;
  /** What the platform claims of itself, where known. */
  claimedConversions: number | null;
  claimedValue: WrittenExact | null;
  impressions: number | null;
  clicks: number | null;
  site: { id: string; name: string };
  origin: Omit<TouchView, 'clickId' | 'clickIds' | 'landingPage' | 'at'>;
  updatedAt: string;
};

/** No person and no landing page: what is left of a touch is its origin. */
const originJson = sql
  .raw(touchJson({ personId: 'NULL', originId: 'cost.origin_id', at: '0', landingPageId: '0' }))
  .mapWith(toTouch);

/** @param more further columns. */
export function selectCostRows<More extends Partial<RecordsOfPage['position']>>(db: Database, more: More = {} as More) {
  return db
    .select({
      id: cost.id,
      day: cost.day,
      originId: cost.originId,
      amountMinor: cost.amountMinor,
      currency: cost.currency,
      claimedConversions: cost.claimedConversions,
      claimedValueMinor: cost.claimedValueMinor,
      impressions: cost.impressions,
      clicks: cost.clicks,
      updatedAt: cost.updatedAt,
      site: { id: site.key, name: site.name },
      touch: originJson,
      ...more,
    })
    .from(cost)
    .innerJoin(origin, eq(origin.id, cost.originId))
    .innerJoin(site, eq(site.id, origin.siteId));
}

/** The latest day first. */
export function selectCosts(db: Database, where: SQL | undefined) {
  return selectCostRows(db).where(where).orderBy(desc(cost.day), desc(cost.originId));
}

export function toCostView(row: Awaited<ReturnType<typeof selectCosts>>[number]): CostView {
  const { clickId: _click, clickIds: _clicks, landingPage: _page, at: _at, ...values } = row.touch;
  return {
    id: String(row.id),
    day: row.day,
    amount: fromMinor({ minor: row.amountMinor, currency: row.currency }),
    currency: row.currency,
    claimedConversions: row.claimedConversions,
    claimedValue:
      row.claimedValueMinor === null ? null : fromMinor({ minor: row.claimedValueMinor, currency: row.currency }),
    impressions: row.impressions,
    clicks: row.clicks,
    site: row.site,
    origin: values,
    updatedAt: toIso(row.updatedAt),
  };
}
