import { storeDealStatements } from '../../db/queries/deals/store-deals.ts';
import type { DealFault, DealRow } from '../../db/queries/deals/store-deals.ts';
import { cleanValue } from '../../domain/text-values.ts';
import type { DealStatus } from '../../domain/deals/deal-statuses.ts';
import { conflict, invalidInput, noSuch, notFound } from '../../domain/errors.ts';
import type { InputError } from '../../domain/errors.ts';
import { foldText } from '../../domain/fold-text.ts';
import { normalizeCompanyDomain } from '../../domain/people/company-name.ts';
import type { MailDomains } from '../../domain/hosts/mail-domains.ts';
import { normalizeEmail } from '../../domain/people/normalize-email.ts';
import { registrableDomain } from '../../domain/hosts/registrable-domain.ts';
import { describeAmountProblem, toMinor } from '../../domain/money.ts';
import { dayOf, endMoment, firstMoment, isInFuture } from '../../domain/when.ts';
import type { When } from '../../domain/when.ts';
import { readSettings } from '../change-settings.ts';
import type { ServiceContext } from '../service-context.ts';

type Text = string | null | undefined;

/** A deal from elsewhere. What is left out stays as it is; null empties. */
export type GivenDeal = DealFields & {
  externalId: string;
  amount: number | string;
  currency: string;
};

/** What may be written of a deal. */
export type DealFields = {
  name?: Text;
  /** Open where unset and the deal is new. A stage decides it; without one it decides the stage. */
  status?: DealStatus | undefined;
  pipelineId?: number | undefined;
  stageId?: number | undefined;
  /** From 0 to 1, in whole percents; null is the stage's. */
  probability?: number | null | undefined;
  /** A calendar day. */
  expectedCloseDate?: string | null | undefined;
  nextStep?: { text: string; day?: string | null | undefined } | null | undefined;
  /** Of a lost deal. */
  lostReason?: Text;
  /** In major units; a string is taken digit by digit. */
  amount?: number | string | undefined;
  /** ISO 4217, upper case. */
  currency?: string | undefined;
  /** Of a new deal, now where unset (or when it was closed, if that was earlier). A day means its first moment. */
  createdAt?: When | undefined;
  /** Needed where the deal is won or lost now. Ignored while it is open. A day means its first moment at which the deal was registered. */
  /** Null is of an open deal. */
  closedAt?: When | null | undefined;
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
  /** False where the deal belongs to nobody, or names an e-mail address or a company's domain that belongs to nobody known. */
  linked: boolean;
};

/**
 * Stores deals by their external id, all or none, in one round trip. The person is found by id, else by any address
 * known to be theirs; the company by id, else domain, else it is the person's, else that of the e-mail address. An
 * unknown address or domain does not lose the deal: it is stored without, and links itself when the lead arrives (program/deal-links.ts).
 * @throws KildeError `invalid_input` with an error for each row that is not valid.
 */
export async function upsertDeals(context: ServiceContext, { deals }: { deals: GivenDeal[] }): Promise<StoredDeal[]> {
  const { rows, found, stored } = await storeDeals(context, {
    deals,
    locationOf: (index) => `body.items[${index}]`,
  });
  if (rows.length === 0) return [];
  const ids = new Map(stored.map((row) => [row['external_id'], String(Number(row['id']))]));
  return rows.map(({ externalId, email, companyDomain }, index) => {
    const row = found[index]!;
    return {
      id: ids.get(externalId!)!,
      externalId: externalId!,
      created: row['prior_id'] === null,
      personId: toId(row['person_id']),
      companyId: toId(row['company_id']),
      linked:
        (row['person_id'] !== null || row['company_id'] !== null) &&
        !(email != null && row['person_id'] === null) &&
        !(companyDomain != null && row['named_company_id'] === null),
    };
  });
}

function toId(id: unknown): string | null {
  return id === null ? null : String(Number(id));
}

/** A deal as it is to be stored: one that is changed by its id, or one of an upsert by its external id. */
export type DealToStore = DealFields & {
  id?: number;
  externalId?: string;
  /** What the caller has seen: a deal that has another stage or owner by now is refused. */
  fromStageId?: number | undefined;
  fromOwnerId?: number | null | undefined;
};

type Answered = Record<string, unknown>;

/**
 * Stores deals, all or none, in one round trip.
 * @returns the rows, what the database found for each, and the ids.
 * @throws KildeError `invalid_input` with an error for each row that is not valid; `not_found` and `conflict` for a change.
 */
export async function storeDeals(
  context: ServiceContext,
  { deals, locationOf }: { deals: readonly DealToStore[]; locationOf: (index: number) => string },
): Promise<{ rows: DealRow[]; found: Answered[]; stored: Answered[] }> {
  const now = context.clock();
  const namesDay = deals.some(({ createdAt, closedAt }) => [createdAt, closedAt].some((when) => when && 'day' in when));
  const timeZone = namesDay ? (await readSettings(context)).defaultSite.timeZone : 'UTC';
  const mailDomains = await context.settings.mailDomains();
  const rows = prepareAll({ deals, now, timeZone, mailDomains, locationOf });
  if (rows.length === 0) return { rows, found: [], stored: [] };
  const [found, , stored] = await context.db.$client.batch(storeDealStatements({ rows, now }), 'write');
  refuse({ rows: found!.rows, deals, locationOf });
  return { rows, found: found!.rows, stored: stored!.rows };
}

const faults: Record<
  Exclude<DealFault, 'deal_missing' | 'stage_moved' | 'owner_moved'>,
  | { field: string; message: string }
  | { field: 'personId' | 'companyId' | 'ownerId' | 'stageId' | 'pipelineId'; what: string }
> = {
  person_missing: { field: 'personId', what: 'person' },
  company_missing: { field: 'companyId', what: 'company' },
  owner_missing: { field: 'ownerId', what: 'owner' },
  stage_missing: { field: 'stageId', what: 'stage' },
  pipeline_missing: { field: 'pipelineId', what: 'pipeline' },
  status_contradicts: {
    field: 'status',
    message: 'The stage has another status. Send either the status or the stage.',
  },
  pipeline_contradicts: {
    field: 'pipelineId',
    message: 'The stage belongs to another pipeline. Send either the stage or the pipeline.',
  },
  probability_contradicts: {
    field: 'probability',
    message: 'The probability of a won deal is 1, of a lost deal 0. Leave it out.',
  },
  closed_missing: { field: 'closedAt', message: 'A won or lost deal needs the day or time at which it was closed.' },
  closed_while_open: {
    field: 'closedAt',
    message: 'An open deal has no closedAt. Send expectedCloseDate, or a status or stage that closes the deal.',
  },
  closed_before_created: {
    field: 'closedAt',
    message: 'This lies before createdAt.',
  },
  reason_without_loss: { field: 'lostReason', message: 'Only a lost deal has a lostReason.' },
};

/** @throws KildeError for the rows that the database has refused. */
function refuse({
  rows,
  deals,
  locationOf,
}: {
  rows: readonly Answered[];
  deals: readonly DealToStore[];
  locationOf: (index: number) => string;
}): void {
  if (rows.some((row) => row['deal_missing'])) throw notFound('deal');
  const errors = rows.flatMap((row, index) =>
    Object.entries(faults)
      .filter(([fault]) => row[fault])
      .map(([, fault]): InputError => ({
        location: `${locationOf(index)}.${fault.field}`,
        message: 'what' in fault ? noSuch(fault.what, deals[index]![fault.field]) : fault.message,
      })),
  );
  if (errors.length > 0) throw invalidInput(errors);
  if (rows.some((row) => row['stage_moved']))
    throw conflict('The deal was moved meanwhile and is in another stage. Read it, and send the change again.');
  if (rows.some((row) => row['owner_moved']))
    throw conflict('The deal has another owner now. Read it, and send the change again.');
}

function prepareAll({
  deals,
  locationOf,
  ...rules
}: {
  deals: readonly DealToStore[];
  locationOf: (index: number) => string;
  now: number;
  timeZone: string;
  mailDomains: MailDomains;
}): DealRow[] {
  const errors: InputError[] = [];
  const seen = new Set<string>();
  const rows = deals.map((deal, index) => {
    const report: Report = (field, message) => {
      errors.push({ location: `${locationOf(index)}.${field}`, message });
    };
    if (deal.externalId !== undefined) {
      if (seen.has(deal.externalId)) report('externalId', 'This external id stands in the list already.');
      seen.add(deal.externalId);
    }
    return prepareDeal({ deal, report, ...rules });
  });
  if (errors.length > 0) throw invalidInput(errors);
  return rows;
}

type Report = (field: string, message: string) => void;

function prepareDeal({
  deal,
  now,
  timeZone,
  mailDomains,
  report,
}: {
  deal: DealToStore;
  now: number;
  timeZone: string;
  mailDomains: MailDomains;
  report: Report;
}): DealRow {
  const { name, nextStep, lostReason } = deal;
  return {
    id: deal.id,
    externalId: deal.externalId,
    ...(name === undefined ? {} : { name: cleanValue(name), nameFold: foldText(cleanValue(name)) }),
    status: deal.status,
    pipelineId: deal.pipelineId,
    stageId: deal.stageId,
    fromStageId: deal.fromStageId,
    fromOwnerId: deal.fromOwnerId,
    probability: deal.probability == null ? deal.probability : Math.round(deal.probability * 100),
    expectedCloseDay: deal.expectedCloseDate,
    ...(nextStep === undefined ? {} : { nextStepText: cleanValue(nextStep?.text), nextStepDay: nextStep?.day ?? null }),
    ...(lostReason === undefined ? {} : { lostReason: cleanValue(lostReason) }),
    ...prepareAmount({ deal, report }),
    ...prepareTimes({ deal, now, timeZone, report }),
    ...prepareLinks({ deal, mailDomains, report }),
    ownerId: deal.ownerId,
  };
}

function prepareAmount({
  deal: { amount, currency },
  report,
}: {
  deal: DealToStore;
  report: Report;
}): Pick<DealRow, 'amountMinor' | 'currency'> {
  if (amount === undefined && currency === undefined) return {};
  if (amount === undefined || currency === undefined) {
    const missing = amount === undefined ? 'amount' : 'currency';
    report(missing, 'Send amount and currency together: a currency decides what an amount is in minor units.');
    return {};
  }
  const minor = toMinor({ amount, currency });
  if (!minor.ok) report('amount', describeAmountProblem({ reason: minor.reason, currency }));
  return { amountMinor: minor.ok ? minor.minor : 0, currency };
}

/** Whom a deal belongs to, and what it waits for where nobody is known by it. */
function prepareLinks({
  deal,
  mailDomains,
  report,
}: {
  deal: DealToStore;
  mailDomains: MailDomains;
  report: Report;
}): Pick<DealRow, 'personId' | 'email' | 'companyId' | 'companyDomain' | 'mailDomain'> {
  const address = deal.email == null ? null : normalizeEmail(deal.email);
  if (address && !address.ok) report('email', 'must be an e-mail address');
  const domain = deal.companyDomain == null ? null : normalizeCompanyDomain(deal.companyDomain);
  if (deal.companyDomain != null && domain === null) report('companyDomain', 'must be a domain such as firma.no');
  const isOwnDomain = address?.ok && !mailDomains.isFree(address.domain) && !mailDomains.isDisposable(address.domain);
  return {
    personId: deal.personId,
    ...(deal.email === undefined ? {} : { email: address?.ok ? address.email : null }),
    companyId: deal.companyId,
    ...(deal.companyDomain === undefined ? {} : { companyDomain: domain }),
    mailDomain: isOwnDomain ? (registrableDomain(address.domain) ?? undefined) : undefined,
  };
}

/** When a deal was registered and closed, in milliseconds. Where one is a day, the two are compared by their days. */
function prepareTimes({
  deal: { id, status, createdAt, closedAt: closed },
  now,
  timeZone,
  report,
}: {
  deal: DealToStore;
  now: number;
  timeZone: string;
  report: Report;
}): Pick<DealRow, 'registeredAt' | 'closedAt' | 'closedBefore' | 'closedBeforeCreated'> {
  // A list may bring open deals with the day of an earlier close. A change of one deal says what it means.
  const closedAt = status === 'open' && id === undefined ? undefined : closed;
  for (const [field, when] of Object.entries({ createdAt, closedAt })) {
    if (when && isInFuture(when, { now, timeZone })) report(field, 'This lies in the future.');
  }
  const registered = createdAt && firstMoment(createdAt, timeZone);
  if (!closedAt) return { registeredAt: registered, closedAt };
  const first = firstMoment(closedAt, timeZone);
  const isDay = 'day' in closedAt;
  if (createdAt && registered !== undefined && first < registered) {
    if (!isDay || closedAt.day < dayOf(createdAt, timeZone))
      return { registeredAt: registered, closedAt: first, closedBeforeCreated: true };
    // Of the day that it was closed on, the deal was there from when it was registered.
    return { registeredAt: registered, closedAt: registered };
  }
  return {
    registeredAt: registered,
    closedAt: first,
    ...(isDay ? { closedBefore: endMoment(closedAt, timeZone) } : {}),
  };
}
