import { companyReference, personReference, toCompanyReference, toPersonReference } from '../references.ts';
import type { CompanyReference, PersonReference } from '../references.ts';
import { and, desc, eq } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { toIso, toIsoOrNull } from '../../../domain/iso-time.ts';
import type { WrittenExact } from '../../../domain/exact.ts';
import { fromMinor } from '../../../domain/money.ts';
import type { Database } from '../../client.ts';
import type { RecordsOfPage } from '../../lists/place-in-list.ts';
import { living } from '../../living.ts';
import { deal, pipeline, stage } from '../../schema/deals.ts';
import type { DealStatus } from '../../../domain/deals/deal-statuses.ts';
import { company, owner, person } from '../../schema/people.ts';

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
  person: PersonReference | null;
  company: CompanyReference | null;
  owner: { id: string; name: string } | null;
  /** The address and the domain by which a deal links itself when the lead arrives; null where it waits for nobody. */
  waitsFor: { email: string | null; companyDomain: string | null } | null;
};

export type DealRow = Awaited<ReturnType<typeof selectDeals>>[number];

/** Deals with all that the API shows of them. @param more further columns. */
export function selectDealsWith<More extends Partial<RecordsOfPage['position'] & { leads: SQL.Aliased<string> }>>(
  db: Database,
  more: More,
) {
  return db
    .select({
      ...more,
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
      person: personReference,
      company: companyReference,
      owner: { id: owner.id, name: owner.name },
    })
    .from(deal)
    .leftJoin(person, and(eq(person.id, deal.personId), living('person')))
    .leftJoin(company, eq(company.id, deal.companyId))
    .leftJoin(owner, eq(owner.id, deal.ownerId))
    .leftJoin(stage, eq(stage.id, deal.stageId))
    .leftJoin(pipeline, eq(pipeline.id, stage.pipelineId));
}

/** The latest registered first. */
export function selectDeals(db: Database, where: SQL | undefined) {
  return selectDealsWith(db, {}).where(where).orderBy(desc(deal.registeredAt), desc(deal.id));
}

/** The deals of one page of a list. */
export function selectDealsOfPage(db: Database, { where, orderBy, position }: RecordsOfPage) {
  return selectDealsWith(db, position)
    .where(where)
    .orderBy(...orderBy);
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
    person: toPersonReference(person),
    company: toCompanyReference(company),
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
