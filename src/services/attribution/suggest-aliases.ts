import { and, eq } from 'drizzle-orm';
import type { InStatement } from '@libsql/client/http';
import type { Database } from '../../db/client.ts';
import { distinctValues } from '../../db/schema/origins.ts';
import { suggestCorrections } from '../../domain/attribution/suggest-corrections.ts';
import type { RefusalReason, UsedValue } from '../../domain/attribution/suggest-corrections.ts';
import { canonicalize } from '../../domain/text-values.ts';
import { invalidInput, notFound } from '../../domain/errors.ts';
import { toIso } from '../../domain/iso-time.ts';
import { fromMinor } from '../../domain/money.ts';
import type { ServiceContext } from '../service-context.ts';

/** The fields whose values are compared: leads are stored added up by them. */
export const correctedFields = ['source', 'medium', 'campaign'] as const;
export type CorrectedField = (typeof correctedFields)[number];
/** Values of a field that are compared with each other: those with most leads, then the newest. */
const valuesCompared = 300;

type Money = { amount: ReturnType<typeof fromMinor>; currency: string };
type Effect = { leads: number; leadsWithDeal: number; leadToDealRate: number | null; revenue: Money[] };
type ValueAnswer = { value: string; label: string; firstSeenAt: string } & Effect;
export type Suggestion = {
  field: string;
  /** The value that is kept. */
  canonical: ValueAnswer;
  /** The spellings that would count as it. */
  values: ValueAnswer[];
  /** What the canonical value has after the correction. */
  after: Effect;
};
export type RefusedPair = {
  field: string;
  first: ValueAnswer;
  second: ValueAnswer;
  reason: RefusalReason;
  /** Of `notTheSame`: what DELETE takes back. */
  distinctId: string | null;
};
export type Suggestions = { items: Suggestion[]; refused: RefusedPair[]; refusedCount: number };

/** Values with their leads, by lead creation over all time (settled_total of kind 312). */
const usesOf = (
  field: CorrectedField,
): string => `SELECT v.id, v.canonical AS value, v.label, v.first_seen_at AS firstSeenAt,
    coalesce(l.leads, 0) AS leads, coalesce(l.with_deal, 0) AS leadsWithDeal
  FROM origin_value v LEFT JOIN (SELECT g.${field}_id AS id, sum(t.n) AS leads, sum(t.m) AS with_deal
    FROM settled_total t JOIN origin_group g ON g.id = t.key >> 4 WHERE t.kind = 312 AND t.month = 0 GROUP BY 1) l ON l.id = v.id
  WHERE v.field = '${field}' AND v.alias_of IS NULL ORDER BY leads DESC, v.first_seen_at DESC LIMIT ${valuesCompared}`;

/** Won amounts by value and currency (kind 334: the key ends in the currency's three letters to the base of 26). */
const revenueOf = (
  field: CorrectedField,
): string => `SELECT g.${field}_id AS id, t.key & 32767 AS code, sum(t.m) AS amountMinor
  FROM settled_total t JOIN origin_group g ON g.id = t.key >> 15 WHERE t.kind = 334 AND t.month = 0 GROUP BY 1, 2 HAVING sum(t.m) <> 0`;

const currencyOf = (code: number): string =>
  String.fromCharCode(65 + Math.floor(code / 676), 65 + (Math.floor(code / 26) % 26), 65 + (code % 26));

const distinctPairs = 'SELECT id, field, first, second FROM distinct_values';

/** What `suggestAliases` asks of the database, for one request with others. */
export const suggestionStatements = (): InStatement[] => [
  distinctPairs,
  ...correctedFields.flatMap((field) => [usesOf(field), revenueOf(field)]),
];

type Rows = ReadonlyArray<{ rows: ReadonlyArray<Record<string, unknown>> }>;

/** Reads the results of `suggestionStatements`. */
export function readSuggestions(results: Rows): Suggestions {
  const [distinct, ...rest] = results;
  const pairs = new Map(
    distinct!.rows.map(({ id, field, first, second }) => [JSON.stringify([field, first, second]), String(id)]),
  );
  const answer: Suggestions = { items: [], refused: [], refusedCount: 0 };
  for (const [index, field] of correctedFields.entries()) {
    const values = readValues({ field, uses: rest[2 * index]!, revenue: rest[2 * index + 1]! });
    const idOf = (a: string, b: string) => pairs.get(JSON.stringify([field, ...inOrder(a, b)]));
    const { items, refused, refusedCount } = suggestCorrections(values, (a, b) => idOf(a, b) !== undefined);
    answer.refusedCount += refusedCount;
    answer.items.push(
      ...items.map(({ canonical, others }) => ({
        field,
        canonical: toAnswer(canonical),
        values: others.map(toAnswer),
        after: effectOf([canonical, ...others]),
      })),
    );
    answer.refused.push(
      ...refused.map(({ first, second, reason }) => ({
        field,
        first: toAnswer(first),
        second: toAnswer(second),
        reason,
        distinctId: idOf(first.value, second.value) ?? null,
      })),
    );
  }
  return answer;
}

/** Values that are probably spellings of one, and near ones that are not, with the reason. One round trip. */
export async function suggestAliases({ db }: { db: Database }): Promise<Suggestions> {
  return readSuggestions(await db.$client.batch(suggestionStatements(), 'read'));
}

function readValues({
  field,
  uses,
  revenue,
}: {
  field: string;
  uses: Rows[number];
  revenue: Rows[number];
}): UsedValue[] {
  const money = Map.groupBy(revenue.rows, ({ id }) => Number(id));
  return uses.rows.map((row) => ({
    field,
    value: row['value'] as string,
    label: row['label'] as string,
    firstSeenAt: Number(row['firstSeenAt']),
    leads: Number(row['leads']),
    leadsWithDeal: Number(row['leadsWithDeal']),
    revenue: (money.get(Number(row['id'])) ?? []).map(({ code, amountMinor }) => ({
      currency: currencyOf(Number(code)),
      amountMinor: Number(amountMinor),
    })),
  }));
}

function effectOf(values: readonly UsedValue[]): Effect {
  const leads = values.reduce((sum, one) => sum + one.leads, 0);
  const leadsWithDeal = values.reduce((sum, one) => sum + one.leadsWithDeal, 0);
  const byCurrency = Map.groupBy(
    values.flatMap(({ revenue }) => revenue),
    ({ currency }) => currency,
  );
  return {
    leads,
    leadsWithDeal,
    leadToDealRate: leads === 0 ? null : leadsWithDeal / leads,
    revenue: [...byCurrency].map(([currency, amounts]) => ({
      amount: fromMinor({ minor: amounts.reduce((sum, { amountMinor }) => sum + amountMinor, 0), currency }),
      currency,
    })),
  };
}

function toAnswer(used: UsedValue): ValueAnswer {
  return { value: used.value, label: used.label, firstSeenAt: toIso(used.firstSeenAt), ...effectOf([used]) };
}

const inOrder = (a: string, b: string): [string, string] => (a < b ? [a, b] : [b, a]);

export type DistinctAnswer = { id: string; field: string; first: string; second: string; createdAt: string };
type DistinctRow = typeof distinctValues.$inferSelect;

const toDistinct = ({ id, createdAt, ...pair }: DistinctRow): DistinctAnswer => ({
  id: String(id),
  ...pair,
  createdAt: toIso(createdAt),
});

/** Remembers that two values are not the same. @throws KildeError `invalid_input` where they are one. */
export async function keepDistinct(
  { db, clock }: Pick<ServiceContext, 'db' | 'clock'>,
  { field, first, second }: { field: CorrectedField; first: string; second: string },
): Promise<DistinctAnswer> {
  const [a, b] = inOrder(canonicalize(first), canonicalize(second));
  if (a === b)
    throw invalidInput([{ location: 'body.second', message: `'${second}' is the same value as '${first}'.` }]);
  await db.insert(distinctValues).values({ field, first: a, second: b, createdAt: clock() }).onConflictDoNothing();
  const [row] = await db
    .select()
    .from(distinctValues)
    .where(and(eq(distinctValues.field, field), eq(distinctValues.first, a), eq(distinctValues.second, b)));
  return toDistinct(row!);
}

/** @throws KildeError `not_found`. */
export async function readDistinct({ db }: { db: Database }, id: number): Promise<DistinctAnswer> {
  const [row] = await db.select().from(distinctValues).where(eq(distinctValues.id, id));
  if (!row) throw notFound('pair of values');
  return toDistinct(row);
}

/** The two may be suggested again. @throws KildeError `not_found`. */
export async function forgetDistinct({ db }: { db: Database }, id: number): Promise<void> {
  const deleted = await db.delete(distinctValues).where(eq(distinctValues.id, id)).returning({ id: distinctValues.id });
  if (deleted.length === 0) throw notFound('pair of values');
}
