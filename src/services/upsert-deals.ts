import { storeDealStatements } from '../db/queries/store-deals.ts';
import type { DealRow } from '../db/queries/store-deals.ts';
import { cleanValue } from '../domain/attribution/values.ts';
import type { DealStatus } from '../domain/deal-statuses.ts';
import { invalidInput } from '../domain/errors.ts';
import type { InputError } from '../domain/errors.ts';
import { foldText } from '../domain/fold-text.ts';
import { normalizeCompanyDomain } from '../domain/identity/company-name.ts';
import type { MailDomains } from '../domain/identity/mail-domains.ts';
import { normalizeEmail } from '../domain/identity/normalize-email.ts';
import { registrableDomain } from '../domain/identity/registrable-domain.ts';
import { describeAmountProblem, toMinor } from '../domain/money.ts';
import { dayOf, endMoment, firstMoment, isInFuture } from '../domain/when.ts';
import type { When } from '../domain/when.ts';
import { readSettings } from './change-settings.ts';
import type { ServiceContext } from './service-context.ts';

type Text = string | null | undefined;

/** A deal from elsewhere. What is left out stays as it is; null empties. */
export type GivenDeal = {
  externalId: string;
  name?: Text;
  /** Open where unset and the deal is new. */
  status?: DealStatus | undefined;
  /** In major units; a string is taken digit by digit. */
  amount: number | string;
  /** ISO 4217, upper case. */
  currency: string;
  /** Of a new deal, now where unset (or when it was closed, if that was earlier). A day means its first moment. */
  createdAt?: When | undefined;
  /** Now where unset. Ignored while the deal is open. A day means its first moment at which the deal was registered. */
  closedAt?: When | undefined;
  personId?: number | null | undefined;
  email?: Text;
  companyId?: number | null | undefined;
  companyDomain?: Text;
  ownerId?: number | null | undefined;
};

export type StoredDeal = {
  id: string;
  externalId: string;
  created: boolean;
  personId: string | null;
  companyId: string | null;
  /** False where an e-mail address or a company's domain was given that belongs to nobody known. */
  linked: boolean;
};

/**
 * Stores deals by their external id, all or none, in one round trip. The person is found by id, else by any address
 * known to be theirs; the company by id, else domain, else it is the person's, else that of the e-mail address. An
 * unknown address or domain does not lose the deal: it is stored without, and linked when it is sent again.
 * @throws KildeError `invalid_input` with an error for each row that is not valid.
 */
export async function upsertDeals(context: ServiceContext, { deals }: { deals: GivenDeal[] }): Promise<StoredDeal[]> {
  const now = context.clock();
  const namesDay = deals.some(({ createdAt, closedAt }) => [createdAt, closedAt].some((when) => when && 'day' in when));
  const timeZone = namesDay ? (await readSettings(context)).defaultSite.timeZone : 'UTC';
  const rows = prepareAll({ deals, now, timeZone, mailDomains: await context.settings.mailDomains() });
  if (rows.length === 0) return [];
  const [found, , stored] = await context.db.$client.batch(storeDealStatements({ rows, now }), 'write');
  const errors = found!.rows.flatMap((row, index) => findMissing({ row, index }));
  if (errors.length > 0) throw invalidInput(errors);

  const ids = new Map(stored!.rows.map((row) => [row['external_id'], String(Number(row['id']))]));
  return rows.map(({ externalId, email, companyDomain }, index) => {
    const row = found!.rows[index]!;
    return {
      id: ids.get(externalId)!,
      externalId,
      created: row['prior_id'] === null,
      personId: toId(row['person_id']),
      companyId: toId(row['company_id']),
      linked:
        !(email != null && row['person_id'] === null) && !(companyDomain != null && row['named_company_id'] === null),
    };
  });
}

function toId(id: unknown): string | null {
  return id === null ? null : String(Number(id));
}

function findMissing({ row, index }: { row: Record<string, unknown>; index: number }): InputError[] {
  return (['person', 'company', 'owner'] as const)
    .filter((what) => row[`${what}_missing`])
    .map((what) => ({ location: `body.items[${index}].${what}Id`, message: `There is no such ${what}.` }));
}

function prepareAll({
  deals,
  now,
  timeZone,
  mailDomains,
}: {
  deals: GivenDeal[];
  now: number;
  timeZone: string;
  mailDomains: MailDomains;
}): DealRow[] {
  const errors: InputError[] = [];
  const seen = new Set<string>();
  const rows = deals.map((deal, index) => {
    const report = (field: string, message: string): void => {
      errors.push({ location: `body.items[${index}].${field}`, message });
    };
    if (seen.has(deal.externalId)) report('externalId', 'This external id stands in the list already.');
    seen.add(deal.externalId);
    return prepareDeal({ deal, now, timeZone, mailDomains, report });
  });
  if (errors.length > 0) throw invalidInput(errors);
  return rows;
}

function prepareDeal({
  deal,
  now,
  timeZone,
  mailDomains,
  report,
}: {
  deal: GivenDeal;
  now: number;
  timeZone: string;
  mailDomains: MailDomains;
  report: (field: string, message: string) => void;
}): DealRow {
  const { currency } = deal;
  const times = prepareTimes({ deal, now, timeZone, report });
  const amount = toMinor({ amount: deal.amount, currency });
  if (!amount.ok) report('amount', describeAmountProblem({ reason: amount.reason, currency }));

  const name = deal.name === undefined ? undefined : cleanValue(deal.name);
  const address = deal.email == null ? null : normalizeEmail(deal.email);
  if (address && !address.ok) report('email', 'must be an e-mail address');
  const domain = deal.companyDomain == null ? null : normalizeCompanyDomain(deal.companyDomain);
  if (deal.companyDomain != null && domain === null) report('companyDomain', 'must be a domain such as firma.no');
  const isOwnDomain = address?.ok && !mailDomains.isFree(address.domain) && !mailDomains.isDisposable(address.domain);
  return {
    externalId: deal.externalId,
    ...(name === undefined ? {} : { name, nameFold: foldText(name) }),
    status: deal.status,
    amountMinor: amount.ok ? amount.minor : 0,
    currency,
    ...times,
    personId: deal.personId,
    ...(deal.email === undefined ? {} : { email: address?.ok ? address.email : null }),
    companyId: deal.companyId,
    ...(deal.companyDomain === undefined ? {} : { companyDomain: domain }),
    mailDomain: isOwnDomain ? (registrableDomain(address.domain) ?? undefined) : undefined,
    ownerId: deal.ownerId,
  };
}

/** When a deal was registered and closed, in milliseconds. Where one is a day, the two are compared by their days. */
function prepareTimes({
  deal: { status, createdAt, closedAt: closed },
  now,
  timeZone,
  report,
}: {
  deal: GivenDeal;
  now: number;
  timeZone: string;
  report: (field: string, message: string) => void;
}): Pick<DealRow, 'registeredAt' | 'closedAt' | 'closedBefore'> {
  const closedAt = status === 'open' ? undefined : closed;
  for (const [field, when] of Object.entries({ createdAt, closedAt })) {
    if (when && isInFuture(when, { now, timeZone })) report(field, 'This lies in the future.');
  }
  const registered = createdAt && firstMoment(createdAt, timeZone);
  if (!closedAt) return { registeredAt: registered };
  const first = firstMoment(closedAt, timeZone);
  const isDay = 'day' in closedAt;
  if (createdAt && registered !== undefined && first < registered) {
    if (!isDay || closedAt.day < dayOf(createdAt, timeZone)) report('closedAt', 'This lies before createdAt.');
    // Of the day that it was closed on, the deal was there from when it was registered.
    return { registeredAt: registered, closedAt: registered };
  }
  return {
    registeredAt: registered,
    closedAt: first,
    ...(isDay ? { closedBefore: endMoment(closedAt, timeZone) } : {}),
  };
}
