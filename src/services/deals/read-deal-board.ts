import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { deal, pipeline, stage } from '../../db/schema/deals.ts';
import { owner } from '../../db/schema/people.ts';
import { isInColumn, keyOf, selectCards } from '../../db/segments/board.ts';
import { CompileContext } from '../../db/segments/context.ts';
import { findField } from '../../db/segments/fields.ts';
import type { Field } from '../../db/segments/fields.ts';
import { positionOf, readsRows } from '../../db/segments/select.ts';
import type { RawRow, SegmentRow } from '../../db/segments/select.ts';
import type { DealStatus } from '../../domain/deal-statuses.ts';
import { invalidInput } from '../../domain/errors.ts';
import { readExact } from '../../domain/exact.ts';
import type { WrittenExact } from '../../domain/exact.ts';
import { encodePosition } from '../../domain/lists/position.ts';
import { fromMinor } from '../../domain/money.ts';
import { parseSegment } from '../../domain/segments/query.ts';
import type { SortKey } from '../../domain/segments/query.ts';
import { firstMoment } from '../../domain/when.ts';
import type { When } from '../../domain/when.ts';
import { readSettings } from '../change-settings.ts';
import { runSegment } from '../run-segment.ts';
import type { ServiceContext } from '../service-context.ts';
import { compileFilters } from '../simple-filters.ts';
import type { FieldParameters } from '../simple-filters.ts';

export type DealBoardView = {
  groupBy: 'stage' | 'owner';
  /** Of a board by stage: the default one where unset. */
  pipelineId?: number | undefined;
  /** Leaves out deals that were won or lost before it. */
  closedFrom?: When | undefined;
  cardFields?: string[] | undefined;
  sort?: SortKey[] | undefined;
  /** Filters by any field of a deal. */
  fields: FieldParameters;
};

type Money = { amount: WrittenExact; currency: string };
type DealCard = { id: string; title: string; subtitle: string | null; cardFields: SegmentRow };
export type DealCards = { items: DealCard[]; nextCursor: string | null };

export type DealBoardAnswer = {
  groupBy: 'stage' | 'owner';
  pipeline: { id: string; name: string } | null;
  count: number;
  sum: Money[];
  weightedSum: Money[];
  columns: Array<{
    /** A stage or an owner; null is the column of deals without an owner. */
    value: { id: string; name: string } | null;
    /** Of a stage. */
    status: DealStatus | null;
    probability: number | null;
    count: number;
    /** By currency, the largest first. */
    sum: Money[];
    weightedSum: Money[];
    cards: DealCards;
  }>;
};

type SumRow = { g: string | null; currency: string; n: number; minor: string; weighted: string };
type ColumnRow = {
  id: number;
  name: string;
  status: DealStatus | null;
  probability: number | null;
  pipelineId: number | null;
  pipelineName: string | null;
};

const defaultFields = ['amount', 'currency', 'owner', 'expectedCloseDate', 'nextStep.text', 'nextStep.day'];
const defaultSort: SortKey[] = [{ field: 'createdAt', direction: 'desc' }];
const titleFields = ['name', 'externalId', 'company.name'];
const maxColumns = 1_000;

/** Won deals count whole, lost ones not at all; of open ones whole minor units, a half goes up. */
const weighted = sql`CASE ${deal.status} WHEN 'won' THEN ${deal.amountMinor} WHEN 'lost' THEN 0
  ELSE (${deal.amountMinor} * ${deal.probability} + 50) / 100 END`;

/**
 * Deals as columns of cards, by the stages of a pipeline or by owner, with counts, sums and weighted sums by currency. One round trip.
 * @throws KildeError `invalid_input`.
 */
export async function readDealBoard(
  context: ServiceContext,
  { view, columnLimit }: { view: DealBoardView; columnLimit: number },
): Promise<DealBoardAnswer> {
  const { db } = context;
  const { groupBy, condition, sort, columns, shown } = await prepare(context, view);
  const key = keyOf(groupBy, 'deal', new CompileContext());
  const cards = selectCards(
    { entity: 'deal', condition, groupBy, sort },
    { columns: [...columns], columnLimit, maxColumns },
  );
  const [sums, packed, known] = await db.batch([
    db.all<SumRow>(sql`SELECT g, currency, count(*) AS n, CAST(sum(minor) AS text) AS minor, CAST(sum(weighted) AS text) AS weighted
      FROM (SELECT ${key} AS g, ${deal.currency} AS currency, ${deal.amountMinor} AS minor, ${weighted} AS weighted
        FROM ${deal} WHERE ${condition}) GROUP BY g, currency`),
    db.all<RawRow>(cards.statement),
    db.all<ColumnRow>(selectColumns(view)),
  ]);
  if (view.groupBy === 'stage' && known.length === 0) throw noPipeline();
  const cardsOf = new Map<string | null, RawRow[]>();
  const readRow = readsRows('deal', columns);
  for (const raw of cards.unpack(packed)) {
    const value = idOf(readRow(raw)[groupBy.name] ?? null);
    cardsOf.set(value, [...(cardsOf.get(value) ?? []), raw]);
  }
  const withDeals = new Set(sums.map(({ g }) => g));
  const shownColumns = view.groupBy === 'stage' ? known : known.filter(({ id }) => withDeals.has(String(id)));
  const toColumn = (row: ColumnRow | null) => {
    const value = row && String(row.id);
    const own = sums.filter(({ g }) => g === value);
    const count = own.reduce((sum, { n }) => sum + n, 0);
    const raws = cardsOf.get(value) ?? [];
    const last = raws.at(-1);
    return {
      value: row && { id: String(row.id), name: row.name },
      status: row?.status ?? null,
      probability: row?.probability == null ? null : row.probability / 100,
      count,
      ...moneyOf(own),
      cards: {
        items: raws.map((raw) => toCard(readRow(raw), shown)),
        nextCursor:
          last && raws.length < count ? encodePosition(positionOf(last, sort), { list: 'segments/deal', sort }) : null,
      },
    };
  };
  return {
    groupBy: view.groupBy,
    pipeline:
      view.groupBy === 'stage' ? { id: String(known[0]!.pipelineId), name: known[0]!.pipelineName ?? '' } : null,
    count: sums.reduce((sum, { n }) => sum + n, 0),
    ...moneyOf(sums),
    columns: [
      ...shownColumns.map(toColumn),
      ...(view.groupBy === 'owner' && withDeals.has(null) ? [toColumn(null)] : []),
    ],
  };
}

/**
 * More cards of one column.
 * @param column the id of a stage or an owner; null is the column of deals without an owner.
 * @throws KildeError `invalid_input`.
 */
export async function readDealBoardColumn(
  context: ServiceContext,
  {
    view,
    column,
    cursor,
    columnLimit,
  }: { view: DealBoardView; column: string | null; cursor?: string | undefined; columnLimit: number },
): Promise<DealCards> {
  const { groupBy, condition, sort, columns, shown } = await prepare(context, view);
  const page = await runSegment(
    context,
    { entity: 'deal', columns, sort, limit: columnLimit, cursor },
    { and: sql`${isInColumn(groupBy, { entity: 'deal', value: column })} AND (${condition})` },
  );
  return { items: page.items.map((item) => toCard(item, shown)), nextCursor: page.nextCursor };
}

async function prepare(context: ServiceContext, view: DealBoardView) {
  const groupBy = findField('deal', view.groupBy) as Field;
  const shown = view.cardFields ?? defaultFields;
  const sort = view.sort ?? defaultSort;
  parseSegment({ entity: 'deal', columns: shown, sort }, findField);
  const filtered = await compileFilters(context, { entity: 'deal', parameters: view.fields });
  const conditions: SQL[] = [filtered ?? sql`1`];
  if (view.groupBy === 'stage') {
    conditions.push(
      sql`${deal.stageId} IN (SELECT s.id FROM ${stage} s WHERE s.pipeline_id = ${pipelineId(view.pipelineId)})`,
    );
  } else if (view.pipelineId !== undefined) {
    conditions.push(sql`${deal.stageId} IN (SELECT s.id FROM ${stage} s WHERE s.pipeline_id = ${view.pipelineId})`);
  }
  if (view.closedFrom) {
    const { defaultSite } = await readSettings(context);
    const from = firstMoment(view.closedFrom, defaultSite.timeZone);
    conditions.push(sql`(${deal.closedAt} IS NULL OR ${deal.closedAt} >= ${from})`);
  }
  return {
    groupBy,
    condition: sql.join(
      conditions.map((one) => sql`(${one})`),
      sql` AND `,
    ),
    sort,
    shown,
    columns: [...new Set([...titleFields, ...shown, view.groupBy])],
  };
}

const pipelineId = (id: number | undefined): SQL =>
  id === undefined ? sql`(SELECT p.id FROM ${pipeline} p WHERE p.is_default = 1)` : sql`${id}`;

function selectColumns({ groupBy, pipelineId: id }: DealBoardView): SQL {
  if (groupBy === 'owner') {
    return sql`SELECT o.id AS id, o.name AS name, NULL AS status, NULL AS probability, NULL AS pipelineId, NULL AS pipelineName
      FROM ${owner} o ORDER BY o.active DESC, o.name, o.id LIMIT ${maxColumns}`;
  }
  return sql`SELECT s.id AS id, s.name AS name, s.status AS status, s.probability AS probability, p.id AS pipelineId, p.name AS pipelineName
    FROM ${stage} s JOIN ${pipeline} p ON p.id = s.pipeline_id WHERE p.id = ${pipelineId(id)} ORDER BY s.position, s.id`;
}

const noPipeline = () => invalidInput([{ location: 'query.pipelineId', message: 'There is no such pipeline.' }]);

function moneyOf(rows: readonly SumRow[]): { sum: Money[]; weightedSum: Money[] } {
  const add = (name: 'minor' | 'weighted'): Money[] => {
    const sums = new Map<string, bigint>();
    for (const row of rows) sums.set(row.currency, (sums.get(row.currency) ?? 0n) + BigInt(readExact(row[name])));
    return [...sums]
      .toSorted(([a, x], [b, y]) => (x === y ? (a < b ? -1 : 1) : x > y ? -1 : 1))
      .map(([currency, minor]) => ({ amount: fromMinor({ minor: String(minor), currency }), currency }));
  };
  return { sum: add('minor'), weightedSum: add('weighted') };
}

const idOf = (value: SegmentRow[string]): string | null =>
  value !== null && typeof value === 'object' && 'id' in value ? value.id : null;

function toCard(item: SegmentRow, shown: readonly string[]): DealCard {
  return {
    id: item['id'] as string,
    title: (item['name'] ?? item['externalId']) as string,
    subtitle: (item['company.name'] ?? null) as string | null,
    cardFields: Object.fromEntries(shown.map((name) => [name, item[name] ?? null])),
  };
}
