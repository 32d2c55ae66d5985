import { and, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core';
import { originFields } from '../../../domain/attribution/origin-fields.ts';
import { toIso } from '../../../domain/iso-time.ts';
import type { Basis } from '../../../domain/reports/measures.ts';
import type { Database } from '../../client.ts';
import { living } from '../../living.ts';
import { selectCosts, toCostView } from '../../queries/reports/read-costs.ts';
import { selectDeals, toDealView } from '../../queries/deals/read-deals.ts';
import { selectPeople, toPersonView } from '../../queries/people/read-people.ts';
import { selectSubmissions, toSubmissionView } from '../../queries/capture/read-submissions.ts';
import { toTouch, touchJson } from '../../queries/attribution/read-touches.ts';
import { cost } from '../../schema/costs.ts';
import { deal } from '../../schema/deals.ts';
import { submission } from '../../schema/forms.ts';
import { originValue } from '../../schema/origins.ts';
import { person } from '../../schema/people.ts';
import { visitDay } from '../../schema/visits.ts';

/** What the rows of a basis are, as an answer names it. */
export const rowEntities = {
  lead: 'person',
  submission: 'submission',
  dealRegistered: 'deal',
  dealClosed: 'deal',
  dealOpen: 'deal',
  visit: 'visit',
  cost: 'cost',
  newValue: 'value',
} as const satisfies Record<Basis, string>;

type Record_ = Record<string, unknown>;
type Id = number | string;

/** Records by their ids, as the API shows them. One that is not there is of an erased person. */
export async function readRecords(
  db: Database,
  { basis, ids }: { basis: Basis; ids: readonly Id[] },
): Promise<Map<Id, Record_>> {
  if (ids.length === 0) return new Map();
  const isOne = (column: SQLiteColumn | SQL) => sql`${column} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`;
  switch (basis) {
    case 'lead': {
      const rows = await selectPeople(db, and(isOne(person.id), living('person')));
      return new Map(rows.map((row) => [row.id, toPersonView(row)]));
    }
    case 'submission': {
      const rows = await selectSubmissions(db, and(isOne(submission.id), living('submission')));
      return new Map(rows.map((row) => [row.id, toSubmissionView(row)]));
    }
    case 'dealRegistered':
    case 'dealClosed':
    case 'dealOpen': {
      const rows = await selectDeals(db, isOne(deal.id));
      return new Map(rows.map((row) => [row.id, toDealView(row)]));
    }
    case 'cost': {
      const rows = await selectCosts(db, isOne(cost.id));
      return new Map(rows.map((row) => [row.id, toCostView(row)]));
    }
    case 'visit':
      return readVisits(db, isOne(sql`visit_day.rowid`));
    case 'newValue':
      return readValues(db, isOne(originValue.id));
  }
}

const origin = sql
  .raw(
    touchJson({
      personId: 'NULL',
      originId: 'visit_day.origin_id',
      at: '0',
      landingPageId: 'visit_day.landing_page_id',
    }),
  )
  .mapWith(toTouch);

async function readVisits(db: Database, where: SQL): Promise<Map<Id, Record_>> {
  const rows = await db
    .select({ id: sql<number>`visit_day.rowid`, day: visitDay.day, visits: visitDay.visits, origin })
    .from(visitDay)
    .where(where);
  return new Map(
    rows.map(({ id, day, visits, origin: touch }) => {
      const { clickId: _click, clickIds: _clicks, landingPage, at: _at, ...values } = touch;
      return [id, { day, visits, origin: values, landingPage }];
    }),
  );
}

async function readValues(db: Database, where: SQL): Promise<Map<Id, Record_>> {
  const rows = await db.select().from(originValue).where(where);
  return new Map(
    rows.map(({ id, field, label, firstSeenAt }) => [
      id,
      {
        id: String(id),
        field: field === 'landingPage' ? field : originFields[field].name,
        value: label,
        firstSeenAt: toIso(firstSeenAt),
      },
    ]),
  );
}
