import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { deal, pipeline, stage } from '../../../db/schema/deals.ts';
import { owner } from '../../../db/schema/people.ts';
import { isInColumn, keyOf, selectCards } from '../../../db/segments/board.ts';
import { checkValues } from '../../../db/segments/check-values.ts';
import type { CheckedValue } from '../../../db/segments/check-values.ts';
import { compileCriteria } from '../../../db/segments/compile.ts';
import { CompileContext } from '../../../db/segments/context.ts';
import { findField } from '../../../db/segments/fields.ts';
import type { Field } from '../../../db/segments/fields.ts';
import { positionOf, readsRows } from '../../../db/segments/select.ts';
import type { RawRow, SegmentRow } from '../../../db/segments/select.ts';
import type { DealStatus } from '../../../domain/deals/deal-statuses.ts';
import { invalidInput, noSuch } from '../../../domain/errors.ts';
import type { InputError } from '../../../domain/errors.ts';
import { readExact } from '../../../domain/exact.ts';
import type { WrittenExact } from '../../../domain/exact.ts';
import type { ListQuery } from '../../../domain/lists/list-info.ts';
import { encodePosition } from '../../../domain/lists/position.ts';
import { fromMinor } from '../../../domain/money.ts';
import { parseSegment } from '../../../domain/segments/query.ts';
import type { SortKey } from '../../../domain/segments/query.ts';
import { firstMoment } from '../../../domain/when.ts';
import type { When } from '../../../domain/when.ts';
import { readSettings } from '../../change-settings.ts';
import type { ListContext } from '../../lists/prepare-list.ts';
import { inQueryString, readFilters } from '../../segments/prepare-segment-list.ts';
import { readSelectionCompiler } from '../../segments/read-definitions.ts';
import { dealList } from '../../deals/read-deals.ts';
import { runSegment } from '../../segments/run-segment.ts';
import { keyText, readGroupable } from './board-layout.ts';

export type DealBoardView = {
  groupBy: 'stage' | 'owner';
  /** Of a board by stage: the default one where unset. */
  pipelineId?: number | undefined;
  /** Leaves out deals that were won or lost before it. */
  closedFrom?: When | undefined;
  cardFields?: string[] | undefined;
  sort?: SortKey[] | undefined;
  /** The field that each column is added up by. */
  totalsBy?: string | undefined;
  /** Filters and days as `GET /deals` takes them. */
  filters: ListQuery;
};

type Money = { amount: WrittenExact; currency: string };
type DealCard = { id: string; title: string; subtitle: string | null; cardFields: SegmentRow };
export type DealCards = { items: DealCard[]; nextCursor: string | null };

type Sums = {
  count: number;
  /** By currency, the largest first. */
  sum: Money[];
  weightedSum: Money[];
};

export type DealBoardAnswer = Sums & {
  groupBy: 'stage' | 'owner';
  totalsBy: string;
  pipeline: { id: string; name: string } | null;
  columns: Array<
    Sums & {
      /** A stage or an owner; null is the column of deals without an owner. */
      value: { id: string; name: string } | null;
      /** Of a stage. */
      status: DealStatus | null;
      probability: number | null;
      totals: {
        /** Of the commonest values. */
        by: Array<Sums & { value: string | null }>;
      };
      cards: DealCards;
    }
  >;
};

/** Deals of a column, a value and a currency. Values that are not `shown` are together in one row. */
type SumRow = {
  g: string | null;
  value: string | number | null;
  shown: 0 | 1;
  currency: string;
  n: number;
  minor: string;
  weighted: string;
};
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
 * Deals as columns of cards, by the stages of a pipeline or by owner, with counts, sums and weighted sums by currency, also of the
 * commonest values of another field. One round trip.
 * @throws KildeError `invalid_input`.
 */
export async function readDealBoard(
  context: ListContext,
  { view, columnLimit, top }: { view: DealBoardView; columnLimit: number; top: number },
): Promise<DealBoardAnswer> {
  const { db } = context;
  const { filters, and, groupBy, sort, columns, shown } = await prepare(context, view);
  const totalsBy = readTotalsField(view);
  return inQueryString(
    () => filters.placed,
    async () => {
      const { where, now } = filters;
      const compileSelection = await readSelectionCompiler(context, { where, entity: 'deal' });
      const criteria = compileCriteria(where, {
        entity: 'deal',
        now,
        ...(compileSelection ? { compileSelection } : {}),
      });
      const condition = sql`(${criteria}) AND ${and}`;
      const check = checkValues(where, { entity: 'deal', viewer: context.viewer });
      const cards = selectCards(
        { entity: 'deal', condition, groupBy, sort },
        { columns: [...columns], columnLimit, maxColumns },
      );
      const [sums, packed, known, checked] = await db.batch([
        db.all<SumRow>(selectSums({ groupBy, totalsBy, condition, top })),
        db.all<RawRow>(cards.statement),
        db.all<ColumnRow>(selectColumns(view)),
        ...(check ? [db.all<CheckedValue>(check.statement)] : []),
      ]);
      const errors = check?.errorsOf(checked as CheckedValue[]) ?? [];
      if (errors.length > 0) throw invalidInput(errors);
      if (view.groupBy === 'stage' && known.length === 0) throw noPipeline(view.pipelineId);
      return toBoard({ view, totalsBy, sums, known, raws: cards.unpack(packed), groupBy, sort, columns, shown });
    },
  );
}

function toBoard({
  view,
  totalsBy,
  sums,
  known,
  raws: allRaws,
  groupBy,
  sort,
  columns,
  shown,
}: {
  view: DealBoardView;
  totalsBy: Field;
  sums: readonly SumRow[];
  known: readonly ColumnRow[];
  raws: readonly RawRow[];
  groupBy: Field;
  sort: readonly SortKey[];
  columns: readonly string[];
  shown: readonly string[];
}): DealBoardAnswer {
  const isByStage = view.groupBy === 'stage';
  const readRow = readsRows('deal', columns);
  const cardsOf = Map.groupBy(allRaws, (raw) => idOf(readRow(raw)[groupBy.name] ?? null));
  const sumsOf = Map.groupBy(sums, ({ g }) => g);
  const shownColumns = isByStage ? known : known.filter(({ id }) => sumsOf.has(String(id)));
  const toColumn = (row: ColumnRow | null) => {
    const value = row && String(row.id);
    const own = sumsOf.get(value) ?? [];
    const added = addUp(own);
    const byValue = Map.groupBy(
      own.filter((one) => one.shown === 1),
      (one) => one.value,
    );
    const raws = cardsOf.get(value) ?? [];
    const last = raws.at(-1);
    return {
      value: row && { id: String(row.id), name: row.name },
      status: row?.status ?? null,
      probability: row?.probability == null ? null : row.probability / 100,
      ...added,
      totals: {
        by: [...byValue]
          .map(([of, rows]) => ({ value: keyText(totalsBy, of), ...addUp(rows) }))
          .toSorted((a, b) => b.count - a.count),
      },
      cards: {
        items: raws.map((raw) => toCard(readRow(raw), shown)),
        nextCursor:
          last && raws.length < added.count
            ? encodePosition(positionOf(last, sort), { list: 'segments/deal', sort })
            : null,
      },
    };
  };
  return {
    groupBy: view.groupBy,
    totalsBy: totalsBy.name,
    pipeline: isByStage ? { id: String(known[0]!.pipelineId), name: known[0]!.pipelineName ?? '' } : null,
    ...addUp(sums),
    columns: [...shownColumns.map(toColumn), ...(!isByStage && sumsOf.has(null) ? [toColumn(null)] : [])],
  };
}

/** Deals of each column and currency, of the `top` commonest values by themselves. */
function selectSums({
  groupBy,
  totalsBy,
  condition,
  top,
}: {
  groupBy: Field;
  totalsBy: Field;
  condition: SQL;
  top: number;
}): SQL {
  const context = new CompileContext();
  return sql`SELECT g, CASE WHEN place <= ${top} THEN t END AS value, place <= ${top} AS shown, currency, sum(n) AS n,
      CAST(sum(minor) AS text) AS minor, CAST(sum(weighted) AS text) AS weighted
    FROM (SELECT *, dense_rank() OVER (PARTITION BY g ORDER BY deals DESC, t) AS place
      FROM (SELECT g, t, currency, count(*) AS n, sum(minor) AS minor, sum(weighted) AS weighted,
          sum(count(*)) OVER (PARTITION BY g, t) AS deals
        FROM (SELECT ${keyOf(groupBy, 'deal', context)} AS g, ${keyOf(totalsBy, 'deal', context)} AS t,
            ${deal.currency} AS currency, ${deal.amountMinor} AS minor, ${weighted} AS weighted
          FROM ${deal} WHERE ${condition}) GROUP BY g, t, currency))
    GROUP BY g, value, shown, currency`;
}

/** @throws KildeError `invalid_input`. */
function readTotalsField({ totalsBy = 'person.firstTouch.source' }: DealBoardView): Field {
  const errors: InputError[] = [];
  const field = readGroupable('deal', { name: totalsBy, location: 'query.totalsBy', errors });
  if (!field) throw invalidInput(errors);
  return field;
}

/**
 * More cards of one column.
 * @param column the id of a stage or an owner; null is the column of deals without an owner.
 * @throws KildeError `invalid_input`.
 */
export async function readDealBoardColumn(
  context: ListContext,
  {
    view,
    column,
    cursor,
    columnLimit,
  }: { view: DealBoardView; column: string | null; cursor?: string | undefined; columnLimit: number },
): Promise<DealCards> {
  const { filters, and, groupBy, sort, columns, shown } = await prepare(context, view);
  const { where, now } = filters;
  const page = await inQueryString(
    () => filters.placed,
    async () =>
      runSegment(
        context,
        { entity: 'deal', where, columns, sort, limit: columnLimit, cursor, timeZone: now.timeZone },
        { and: sql`${isInColumn(groupBy, { entity: 'deal', value: column })} AND (${and})` },
      ),
  );
  return { items: page.items.map((item) => toCard(item, shown)), nextCursor: page.nextCursor };
}

async function prepare(context: ListContext, view: DealBoardView) {
  const groupBy = findField('deal', view.groupBy) as Field;
  const shown = view.cardFields ?? defaultFields;
  const sort = view.sort ?? defaultSort;
  parseSegment({ entity: 'deal', columns: shown, sort }, findField);
  const filters = await readFilters(context, { entity: 'deal', list: dealList, query: view.filters });
  const conditions: SQL[] = [filters.and ?? sql`1`];
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
    filters,
    groupBy,
    and: sql.join(
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

const noPipeline = (id: number | undefined) =>
  invalidInput([{ location: 'query.pipelineId', message: noSuch('pipeline', id ?? 'default') }]);

function addUp(rows: readonly SumRow[]): Sums {
  const add = (name: 'minor' | 'weighted'): Money[] => {
    const sums = new Map<string, bigint>();
    for (const row of rows) sums.set(row.currency, (sums.get(row.currency) ?? 0n) + BigInt(readExact(row[name])));
    return [...sums]
      .toSorted(([a, x], [b, y]) => (x === y ? (a < b ? -1 : 1) : x > y ? -1 : 1))
      .map(([currency, minor]) => ({ amount: fromMinor({ minor: String(minor), currency }), currency }));
  };
  return { count: rows.reduce((sum, { n }) => sum + n, 0), sum: add('minor'), weightedSum: add('weighted') };
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
