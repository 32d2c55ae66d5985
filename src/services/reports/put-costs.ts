import { storeCostStatements } from '../../db/queries/reports/store-costs.ts';
import type { CostRow } from '../../db/queries/reports/store-costs.ts';
import type { Named } from '../../domain/attribution/origin-field-names.ts';
import { originFields } from '../../domain/attribution/origin-fields.ts';
import type { SentField } from '../../domain/attribution/origin-fields.ts';
import { utmFields } from '../../domain/attribution/origin-lists.ts';
import { recordOf } from '../../domain/record-of.ts';
import { readEvidence } from '../../domain/attribution/read-evidence.ts';
import { cleanValue } from '../../domain/text-values.ts';
import { conflict, invalidInput, noSuch } from '../../domain/errors.ts';
import type { InputError } from '../../domain/errors.ts';
import { describeAmountProblem, toMinor } from '../../domain/money.ts';
import { isInFuture } from '../../domain/when.ts';
import { findSite, isSiteHost } from '../capture-settings.ts';
import type { Settings } from '../capture-settings.ts';
import { readSettings } from '../change-settings.ts';
import { prepareTouches } from '../attribution/prepare-touches.ts';
import { referrerOf } from '../../domain/attribution/referrer-of.ts';
import type { StoredOrigin, StoredValue } from '../attribution/prepare-touches.ts';
import type { ServiceContext } from '../service-context.ts';

type Text = string | null | undefined;

/** What an origin cost on a day. */
export type GivenCost = Partial<Named<SentField, Text>> & {
  /** Of a cost that is sent as GET shows it: in the place of the origin and the site. */
  id?: number | undefined;
  /** `YYYY-MM-DD`. */
  day: string;
  /** Key of the site; the default one where unset. */
  siteId?: Text;
  /** In major units; a string is taken digit by digit. */
  amount: number | string;
  /** ISO 4217, upper case. */
  currency: string;
  /** What the platform claims of itself. */
  claimedConversions?: number | null | undefined;
  /** In major units of the cost's currency. */
  claimedValue?: number | string | null | undefined;
  impressions?: number | null | undefined;
  clicks?: number | null | undefined;
};

export type StoredCost = { id: string; day: string; channel: string; created: boolean };

type Prepared = {
  rows: CostRow[];
  values: StoredValue[];
  origins: StoredOrigin[];
  version: number;
};

/** Settings change seldom: preparing again this often in a row means something else is wrong. */
const maxTries = 4;

/**
 * Stores costs by day and origin, all or none, in one round trip. The origin is the one that a touch with these values
 * would have; a cost sent again takes the place of the one before.
 * @throws KildeError `invalid_input` with an error for each row that is not valid.
 */
export async function putCosts(context: ServiceContext, { costs }: { costs: GivenCost[] }): Promise<StoredCost[]> {
  const at = context.clock();
  for (let tries = 0; tries < maxTries; tries += 1) {
    const prepared = prepareCosts({ costs, settings: await readSettings(context), now: at });
    if (costs.length === 0) return [];
    const [, , prior, , ids] = await context.db.$client.batch(storeCostStatements({ ...prepared, at }), 'write');
    if (prior!.rows[0]!['version_holds']) {
      refuseUnknownIds(prepared.rows, (index) => prior!.rows[index]!['prior_id'] !== null);
      return prepared.rows.map(({ day }, index) => ({
        id: String(Number(ids!.rows[index]!['id'])),
        day,
        channel: ids!.rows[index]!['channel'] as string,
        created: prior!.rows[index]!['prior_id'] === null,
      }));
    }
    context.settings.invalidate();
  }
  throw conflict('The settings kept changing meanwhile. Send the request again.');
}

/** @throws KildeError `invalid_input`. */
function refuseUnknownIds(rows: readonly CostRow[], isKnown: (index: number) => boolean): void {
  const errors = rows.flatMap(({ id, day }, index) =>
    id === null || isKnown(index)
      ? []
      : [{ location: `body.items[${index}].id`, message: `There is no cost '${id}' of ${day}.` }],
  );
  if (errors.length > 0) throw invalidInput(errors);
}

/** What identifies a cost together with its day, instead of an id. */
const placeFields = [...utmFields.map((field) => originFields[field].name), 'referrerDomain', 'siteId'] as const;

function prepareCosts({ costs, settings, now }: { costs: GivenCost[]; settings: Settings; now: number }): Prepared {
  const errors: InputError[] = [];
  const prepared: Prepared = { rows: [], values: [], origins: [], version: settings.version };
  const values = new Map<string, StoredValue>();
  const origins = new Map<string, StoredOrigin>();
  const seen = new Set<string>();
  for (const [index, cost] of costs.entries()) {
    const location = `body.items[${index}]`;
    const report = (path: string, message: string): void => {
      errors.push({ location: location + path, message });
    };
    const { day, currency } = cost;
    const { timeZone } = findSite(settings, { key: cost.siteId ?? undefined });
    if (isInFuture({ day }, { now, timeZone })) report('.day', `${day} is in the future in ${timeZone}.`);
    const amount = toMinor({ amount: cost.amount, currency });
    const { claimedValue = null, claimedConversions = null, impressions = null, clicks = null } = cost;
    const claimed = claimedValue === null ? null : toMinor({ amount: claimedValue, currency });
    if (claimed?.ok === false) report('.claimedValue', describeAmountProblem({ reason: claimed.reason, currency }));
    const claims = { claimedConversions, impressions, clicks, claimedValueMinor: claimed?.ok ? claimed.minor : null };
    if (!amount.ok) report('.amount', describeAmountProblem({ reason: amount.reason, currency }));
    if (cost.siteId != null && !settings.sites.some(({ key }) => key === cost.siteId)) {
      report('.siteId', noSuch('site', cost.siteId));
    }

    const { id = null } = cost;
    let key: string | null = null;
    if (id === null) {
      const one = prepareOrigin({ cost, settings, now });
      const origin = one.origins[0]!;
      if (origin.source === null) report('.source', 'A cost needs a source.');
      for (const value of one.values) values.set(`${value.field}\n${value.canonical}`, value);
      origins.set(origin.key, origin);
      ({ key } = origin);
    }
    for (const name of id === null ? [] : placeFields.filter((field) => cost[field] != null)) {
      report(`.${name}`, `cannot be changed: the cost is named by its id.`);
    }
    const place = id === null ? `${day}\n${key}` : `id ${id}`;
    if (seen.has(place)) report('', 'A cost of this day and origin stands in the list already.');
    seen.add(place);
    prepared.rows.push({ id, day, key, amountMinor: amount.ok ? amount.minor : 0, currency, ...claims });
  }
  if (errors.length > 0) throw invalidInput(errors);
  return { ...prepared, values: [...values.values()], origins: [...origins.values()] };
}

function prepareOrigin({ cost, settings, now }: { cost: GivenCost; settings: Settings; now: number }) {
  const site = findSite(settings, { key: cost.siteId ?? undefined });
  const { referrerHost } = readEvidence({
    pageUrl: null,
    referrer: referrerOf(cost.referrerDomain),
    isOwnHost: (host) => isSiteHost(site, host),
  });
  const utm = recordOf(utmFields, (field) => cleanValue(cost[originFields[field].name]));
  return prepareTouches({
    arrivals: [{ utm, clickIds: [], referrerHost, landingPage: null, at: now }],
    siteId: site.id,
    rules: settings.originRules(site),
  });
}
