import { and, count, desc, eq, gte, lt, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { toIso, toIsoOrNull } from '../../domain/iso-time.ts';
import type { WrittenExact } from '../../domain/exact.ts';
import { fromMinor } from '../../domain/money.ts';
import type { Database } from '../client.ts';
import { living } from '../living.ts';
import { deal, pipeline, stage } from '../schema/deals.ts';
import type { DealStatus } from '../../domain/deal-statuses.ts';
import { company, owner, person } from '../schema/people.ts';

/** A deal as the API shows it. */
export type DealView = {
  id: string;
  externalId: string;
  name: string | null;
  status: DealStatus;
  /** In major units: the double nearest to what is kept. */
  amount: WrittenExact;
  currency: string;
  pipeline: { id: string; name: string };
  stage: { id: string; name: string };
  /** From 0 to 1: a won deal has 1, a lost one 0. */
  probability: number;
  createdAt: string;
  closedAt: string | null;
  /** A calendar day. */
  expectedCloseDate: string | null;
  nextStep: { text: string; day: string | null } | null;
  /** Of a lost deal. */
  lostReason: string | null;
  person: { id: string; email: string | null } | null;
  company: { id: string; name: string; domain: string | null } | null;
  owner: { id: string; name: string } | null;
  /** The address and the domain by which a deal links itself when the lead arrives; null where it waits for nobody. */
  waitsFor: { email: string | null; companyDomain: string | null } | null;
};

export type DealFilter = {
  status?: DealStatus | undefined;
  personId?: number | undefined;
  companyId?: number | undefined;
  externalId?: string | undefined;
  /** Inclusive, milliseconds. */
  from?: number | undefined;
  /** Exclusive, milliseconds. */
  to?: number | undefined;
};

export type DealCursor = { createdAt: number; id: number };

type DealRow = Awaited<ReturnType<typeof selectDeals>>[number];

/** The latest registered first. */
export function selectDeals(db: Database, where: SQL | undefined) {
  return db
    .select({
      id: deal.id,
      externalId: deal.externalId,
      name: deal.name,
      status: deal.status,
      amountMinor: deal.amountMinor,
      currency: deal.currency,
      createdAt: deal.registeredAt,
      closedAt: deal.closedAt,
      pipeline: { id: pipeline.id, name: pipeline.name },
      stage: { id: stage.id, name: stage.name },
      probability: deal.probability,
      expectedCloseDate: deal.expectedCloseDay,
      nextStepText: deal.nextStepText,
      nextStepDay: deal.nextStepDay,
      lostReason: deal.lostReason,
      linkEmail: deal.linkEmail,
      linkDomain: deal.linkDomain,
      person: { id: person.id, email: person.email },
      company: { id: company.id, name: company.name, domain: company.domain },
      owner: { id: owner.id, name: owner.name },
    })
    .from(deal)
    .leftJoin(person, and(eq(person.id, deal.personId), living('person')))
    .leftJoin(company, eq(company.id, deal.companyId))
    .leftJoin(owner, eq(owner.id, deal.ownerId))
    .leftJoin(stage, eq(stage.id, deal.stageId))
    .leftJoin(pipeline, eq(pipeline.id, stage.pipelineId))
    .where(where)
    .orderBy(desc(deal.registeredAt), desc(deal.id));
}

/** One more row than `limit`. */
export function selectDealsPage(
  db: Database,
  { filter, after, limit }: { filter: DealFilter; after: DealCursor | null; limit: number },
) {
  const beyond = after ? sql`(${deal.registeredAt}, ${deal.id}) < (${after.createdAt}, ${after.id})` : undefined;
  return selectDeals(db, and(matches(filter), beyond)).limit(limit + 1);
}

export function countDeals(db: Database, filter: DealFilter) {
  return db.select({ count: count() }).from(deal).where(matches(filter));
}

function matches({ status, personId, companyId, externalId, from, to }: DealFilter) {
  return and(
    status === undefined ? undefined : eq(deal.status, status),
    personId === undefined ? undefined : eq(deal.personId, personId),
    companyId === undefined ? undefined : eq(deal.companyId, companyId),
    externalId === undefined ? undefined : eq(deal.externalId, externalId),
    from === undefined ? undefined : gte(deal.registeredAt, from),
    to === undefined ? undefined : lt(deal.registeredAt, to),
  );
}

export function toDealView(row: DealRow): DealView {
  const { id, externalId, name, status, amountMinor, currency, person, company, owner } = row;
  return {
    id: String(id),
    externalId,
    name,
    status,
    pipeline: toNamed(row.pipeline),
    stage: toNamed(row.stage),
    probability: shownProbability(row),
    amount: fromMinor({ minor: amountMinor, currency }),
    currency,
    createdAt: toIso(row.createdAt),
    closedAt: toIsoOrNull(row.closedAt),
    expectedCloseDate: row.expectedCloseDate,
    nextStep: row.nextStepText === null ? null : { text: row.nextStepText, day: row.nextStepDay },
    lostReason: row.lostReason,
    person: person && { ...person, id: String(person.id) },
    company: company && { ...company, id: String(company.id) },
    owner: owner && { ...owner, id: String(owner.id) },
    waitsFor:
      row.linkEmail === null && row.linkDomain === null
        ? null
        : { email: row.linkEmail, companyDomain: row.linkDomain },
  };
}

const toNamed = (one: { id: number; name: string } | null) => ({ id: String(one?.id ?? 0), name: one?.name ?? '' });

/** A closed deal keeps the probability that it had while it was open; shown is what came of it. */
function shownProbability({ status, probability }: Pick<DealRow, 'status' | 'probability'>): number {
  return { open: probability / 100, won: 1, lost: 0 }[status];
}
