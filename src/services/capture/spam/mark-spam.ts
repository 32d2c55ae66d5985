import { eq, sql } from 'drizzle-orm';
import type { InValue } from '@libsql/client/http';
import { spamClusterList } from '../../../db/lists/spam-clusters.ts';
import {
  countOfSpam,
  keptSubmissions,
  markStatements,
  undoSpamStatements,
} from '../../../db/queries/capture/spam-clusters.ts';
import type { SpamDay } from '../../../db/queries/capture/spam-clusters.ts';
import { spamCluster } from '../../../db/schema/spam.ts';
import { conflict, notFound } from '../../../domain/errors.ts';
import { toIso, toIsoOrNull } from '../../../domain/iso-time.ts';
import type { ListQuery } from '../../../domain/lists/list-info.ts';
import { spamFeatures } from '../../../domain/capture/spam-features.ts';
import type { SpamFeature } from '../../../domain/capture/spam-features.ts';
import { dayInZone } from '../../../domain/time-zone.ts';
import { refuseLateUndo, undoableSince, undoTerms } from '../../../domain/undo-terms.ts';
import type { UndoTerms } from '../../../domain/undo-terms.ts';
import { prepareList } from '../../lists/prepare-list.ts';
import type { ListContext, PreparedList } from '../../lists/prepare-list.ts';
import type { ServiceContext } from '../../service-context.ts';
import { findSpam } from './find-spam.ts';

export { spamClusterList };

const sampleSize = 10;

/** One of the submissions, as it was. */
type Sampled = {
  id: string;
  at: string;
  form: { id: string; name: string } | null;
  person: { id: string; email: string | null } | null;
};

export type SpamClusterAnswer = {
  id: string;
  by: SpamFeature[];
  count: number;
  people: number;
  companies: number;
  at: string;
  undoneAt: string | null;
} & UndoTerms;

export type SpamPreview = Pick<SpamClusterAnswer, 'by' | 'count' | 'people' | 'companies'> & {
  /** People who stay, since they have a deal, and lose submissions. */
  peopleWithDeals: number;
  sample: Sampled[];
};

type SpamInput = { submissionId: string; by: readonly SpamFeature[] };

/** What would be marked, with the ten newest. Nothing is stored. @throws KildeError as `findSpam`. */
export async function previewSpam(context: ServiceContext, input: SpamInput): Promise<SpamPreview> {
  return (await prepare(context, input)).preview;
}

/**
 * Takes the submissions that have this in common out of everything, with the people and companies that exist through them alone. Of a
 * person who also sent others, or has a deal, only those submissions go. One transaction.
 * @throws KildeError as `findSpam`.
 */
export async function markSpam(
  context: ServiceContext,
  input: SpamInput,
): Promise<SpamClusterAnswer & { sample: Sampled[] }> {
  const { preview, ids, days } = await prepare(context, input);
  const { db, clock } = context;
  const results = await db.$client.batch(markStatements({ ids, by: preview.by, days, now: clock() }), 'write');
  if (results[0]!.rowsAffected === 0) throw notFound('submission');
  return { ...toCluster(results.at(-1)!.rows[0]!), sample: preview.sample };
}

type Found = {
  id: string;
  at: number;
  formId: number | null;
  formKey: string | null;
  formName: string | null;
  timeZone: string;
  createdPerson: number;
};

async function prepare(context: ServiceContext, { submissionId, by: given }: SpamInput) {
  const by = spamFeatures.filter((feature) => given.includes(feature));
  const ids = await findSpam(context, { submissionId, by: given });
  const { db } = context;
  const [found, counted] = await Promise.all([
    db.all<
      Found & { personId: number | null; email: string | null }
    >(sql`SELECT s.id, s.at, s.form_id AS formId, f.key AS formKey,
        f.name AS formName, site.time_zone AS timeZone, s.created_person AS createdPerson, p.id AS personId, p.email
      FROM submission s LEFT JOIN form f ON f.id = s.form_id LEFT JOIN site ON site.id = f.site_id LEFT JOIN person p ON p.id = s.person_id
      WHERE s.id IN (SELECT value FROM json_each(${JSON.stringify(ids)})) ORDER BY s.at DESC, s.id DESC`),
    db.$client.execute(countOfSpam(ids)),
  ]);
  const { people, companies, people_with_deals: peopleWithDeals } = counted.rows[0]!;
  const preview = {
    by,
    count: found.length,
    people: Number(people),
    companies: Number(companies),
    peopleWithDeals: Number(peopleWithDeals),
    sample: found.slice(0, sampleSize).map(toSampled),
  };
  return { ids, preview, days: daysOf(found) };
}

type SampledRow = {
  id: string;
  at: number;
  formKey: string | null;
  formName: string | null;
  personId: number | null;
  email: string | null;
};

function toSampled({ id, at, formKey, formName, personId, email }: SampledRow): Sampled {
  return {
    id,
    at: toIso(at),
    form: formKey === null ? null : { id: formKey, name: formName ?? '' },
    person: personId === null ? null : { id: String(personId), email },
  };
}

/** How many submissions each day of each form loses, in the time zone that they were counted in. */
function daysOf(found: readonly Found[]): SpamDay[] {
  const days = new Map<string, SpamDay>();
  for (const { formId, at, timeZone, createdPerson } of found) {
    if (formId === null) continue;
    const day = dayInZone(at, timeZone);
    const counted = days.get(`${formId} ${day}`) ?? { formId, day, submissions: 0, newLeads: 0 };
    days.set(`${formId} ${day}`, {
      ...counted,
      submissions: counted.submissions + 1,
      newLeads: counted.newLeads + createdPerson,
    });
  }
  return [...days.values()];
}

/**
 * Brings everything back as it was.
 * @throws KildeError `not_found`; `conflict` where it is undone already, or where it is too late.
 */
export async function undoSpam(
  { db, clock }: Pick<ServiceContext, 'db' | 'clock'>,
  { id }: { id: number },
): Promise<SpamClusterAnswer> {
  const now = clock();
  const since = undoableSince('spamCluster', now);
  const results = await db.$client.batch(undoSpamStatements({ id, now, since }), 'write');
  const row = results.at(-1)!.rows[0];
  if (!row) throw notFound('spam cluster');
  if (results.at(-2)!.rowsAffected > 0) return toCluster(row);
  if (row['undone_at'] !== null) throw conflict('This spam cluster has been undone already.');
  refuseLateUndo('spamCluster', { at: Number(row['at']), now });
  throw new Error(`Spam cluster ${id} was not undone, and nothing says why.`);
}

/** A cluster with its ten newest submissions, for as long as it can be undone. @throws KildeError `not_found`. */
export async function readSpamCluster(
  { db }: Pick<ServiceContext, 'db'>,
  { id }: { id: number },
): Promise<SpamClusterAnswer & { sample: Sampled[] }> {
  const [[row], kept] = await Promise.all([
    db.select().from(spamCluster).where(eq(spamCluster.id, id)),
    db.$client.execute(keptSubmissions({ id, limit: sampleSize })),
  ]);
  if (!row) throw notFound('spam cluster');
  return { ...toAnswer(row), sample: kept.rows.map((one) => toSampled(one as unknown as SampledRow)) };
}

/** Clusters, the newest first. */
export function listSpamClusters(context: ListContext, query: ListQuery): PreparedList<SpamClusterAnswer> {
  return prepareList(context, {
    list: spamClusterList,
    query,
    records: ({ where, orderBy, position }) =>
      context.db
        .select({
          id: spamCluster.id,
          by: spamCluster.by,
          count: spamCluster.count,
          people: spamCluster.people,
          companies: spamCluster.companies,
          at: spamCluster.at,
          undoneAt: spamCluster.undoneAt,
          ...position,
        })
        .from(spamCluster)
        .where(where)
        .orderBy(...orderBy),
    toItem: toAnswer,
  });
}

function toAnswer({
  id,
  by,
  count,
  people,
  companies,
  at,
  undoneAt,
}: typeof spamCluster.$inferSelect): SpamClusterAnswer {
  return {
    id: String(id),
    by,
    count,
    people,
    companies,
    at: toIso(at),
    undoneAt: toIsoOrNull(undoneAt),
    ...undoTerms('spamCluster', at),
  };
}

function toCluster(row: Record<string, InValue>): SpamClusterAnswer {
  return toAnswer({
    id: Number(row['id']),
    by: JSON.parse(row['features'] as string) as SpamFeature[],
    count: Number(row['count']),
    people: Number(row['people']),
    companies: Number(row['companies']),
    at: Number(row['at']),
    undoneAt: row['undone_at'] === null ? null : Number(row['undone_at']),
  });
}
