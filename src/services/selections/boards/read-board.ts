import { sql } from 'drizzle-orm';
import type { BatchItem } from 'drizzle-orm/batch';
import { countCards, countTotals, isInColumn, selectCards, sumDeals } from '../../../db/segments/board.ts';
import type { BoardQuery, CountRow, MoneyRow, TotalRow } from '../../../db/segments/board.ts';
import { compileCriteria } from '../../../db/segments/compile.ts';
import { membersOf } from '../../../db/segments/compile-selection.ts';
import { findField } from '../../../db/segments/fields.ts';
import type { Field } from '../../../db/segments/fields.ts';
import { positionOf, readsRows } from '../../../db/segments/select.ts';
import type { RawRow, SegmentRow, SegmentValue } from '../../../db/segments/select.ts';
import { invalidInput } from '../../../domain/errors.ts';
import type { InputError } from '../../../domain/errors.ts';
import { readExact } from '../../../domain/exact.ts';
import type { WrittenExact } from '../../../domain/exact.ts';
import { fromMinor } from '../../../domain/money.ts';
import type { Criteria } from '../../../domain/segments/criteria.ts';
import { encodePosition } from '../../../domain/lists/position.ts';
import { closedLists } from '../../../domain/segments/fields.ts';
import type { Label } from '../../../domain/segments/fields.ts';
import { defaults, parseSegment } from '../../../domain/segments/query.ts';
import type { SortKey } from '../../../domain/segments/query.ts';
import type { SelectionEntity } from '../../../domain/segments/selections.ts';
import { compileWhere } from '../change-members.ts';
import { listQueries } from '../../segments/list-fields.ts';
import type { ListedValue } from '../../segments/list-fields.ts';
import { requireSelection } from '../list-members.ts';
import { keyText, readGroupable } from './board-layout.ts';
import { runSegment } from '../../segments/run-segment.ts';
import type { SelectionContext } from '../../segments/read-definitions.ts';

type Money = { amount: WrittenExact; currency: string };

export type Card = {
  id: string;
  title: string;
  subtitle: string | null;
  /** What the card is in, of the field that columns are split by. */
  subgroup: string | null;
  cardFields: SegmentRow;
};
export type Cards = { items: Card[]; nextCursor: string | null };

export type BoardColumn = {
  /** As a filter and a move take it; null is the column of those that have none. */
  value: string | null;
  label: Label | null;
  /** Folded away, as the saved layout says. */
  collapsed: boolean;
  count: number;
  subgroups: Array<{ value: string | null; count: number }>;
  totals: {
    /** A sum for each currency. */
    deals: Array<{ open: Money; won: Money }>;
    by: Array<{ value: string | null; count: number }>;
  };
  cards: Cards;
};

export type BoardAnswer = {
  selection: { id: string; name: string; entity: SelectionEntity };
  groupBy: string;
  rows: string | null;
  totalsBy: string;
  count: number;
  columns: BoardColumn[];
  /** Values of a list without end that have too few cards to be shown. */
  columnsLeftOut: number;
};

export type BoardView = {
  /** Unset, the layout that is saved with the selection. */
  groupBy?: string | undefined;
  /** A second field, by which the cards of a column stand together. */
  rows?: string | undefined;
  totalsBy?: string | undefined;
  cardFields?: string[] | undefined;
  sort?: SortKey[] | undefined;
  where?: unknown;
};

/** Columns of a list of which not every value is known beforehand; the commonest are shown. */
const maxFoundColumns = 50;
/** Columns of any list. */
const maxColumns = 1_000;

/** Statements of a board that each find the members: counts, money, totals, cards. */
const boardReads = 4;

const titleFields = {
  person: ['firstName', 'lastName', 'email', 'phone', 'company.name'],
  company: ['name', 'domain'],
  deal: ['name', 'externalId', 'company.name', 'person.email'],
  submission: ['form', 'at', 'person.email'],
} as const;
const defaultTotals = {
  person: 'firstTouch.source',
  company: 'companySource.firstTouch.source',
  deal: 'person.firstTouch.source',
  submission: 'touch.source',
} as const;

/**
 * A selection as columns of cards. Counts and totals are of all members; cards are the first of each column. One round
 * trip for the definitions, one for the board.
 * @throws KildeError `not_found`; `invalid_input`.
 */
export async function readBoard(
  context: SelectionContext,
  { id, view, columnLimit, top }: { id: number; view: BoardView; columnLimit: number; top: number },
): Promise<BoardAnswer> {
  const { db } = context;
  const { row, query, columns, shown, collapsed } = await prepareBoard(context, { id, view });
  const { groupBy, sort } = query;
  const list = groupBy.values?.kind === 'named' && closedLists.has(groupBy.values.list) ? groupBy.values.list : null;
  const isOpen = list === null && groupBy.values?.kind !== 'static' && groupBy.type !== 'boolean';
  const bounds = { columnLimit, maxColumns: isOpen ? maxFoundColumns : maxColumns };
  const cards = selectCards(query, { columns: [...columns], ...bounds });
  const statements = [
    db.all<CountRow>(countCards(query)),
    db.all<MoneyRow>(sumDeals(query)),
    db.all<TotalRow>(countTotals(query, { top })),
    db.all<RawRow>(cards.statement),
    ...(list ? [db.all<ListedValue>(listQueries[list])] : []),
  ];
  const results = (await db.batch(statements as unknown as [BatchItem<'sqlite'>])) as unknown[];
  const [counts, money, totals, packedCards, values = []] = results as [
    CountRow[],
    MoneyRow[],
    TotalRow[],
    RawRow[],
    ListedValue[]?,
  ];
  const text = (value: string | number | null) => keyText(groupBy, value);

  const countOf = new Map<string | null, number>();
  for (const { g, n } of counts) countOf.set(text(g), (countOf.get(text(g)) ?? 0) + n);
  const known: Array<{ value: string | null; label: Label | null }> = list
    ? values
        // An archived one has a column only where it has cards.
        .filter(({ value, archived }) => !archived || countOf.has(value))
        .map(({ value, label }) => ({ value, label: { en: label, no: label } }))
    : groupBy.values?.kind === 'static'
      ? [...groupBy.values.values]
      : groupBy.type === 'boolean'
        ? booleans
        : [];
  const found = [...countOf.keys()]
    .filter((value) => value !== null && !known.some((one) => one.value === value))
    .toSorted((a, b) => countOf.get(b)! - countOf.get(a)! || (a! < b! ? -1 : 1));
  const kept = isOpen ? found.slice(0, maxFoundColumns) : found;
  const places = [
    ...known,
    ...kept.map((value) => ({ value, label: { en: value!, no: value! } })),
    ...(groupBy.type === 'boolean' ? [] : [{ value: null, label: null }]),
  ];
  const order = { list: `segments/${query.entity}`, sort };
  const readRow = readsRows(query.entity, columns);
  const cardsOf = new Map<string | null, RawRow[]>();
  for (const raw of cards.unpack(packedCards)) {
    const value = valueText(readRow(raw)[groupBy.name] ?? null, groupBy);
    const column = cardsOf.get(value);
    if (column) column.push(raw);
    else cardsOf.set(value, [raw]);
  }

  return {
    selection: { id: String(row.id), name: row.name, entity: row.entity },
    groupBy: groupBy.name,
    rows: query.subGroupBy?.name ?? null,
    totalsBy: query.totalsBy.name,
    count: [...countOf.values()].reduce((sum, n) => sum + n, 0),
    columns: places.map(({ value, label }): BoardColumn => {
      const count = countOf.get(value) ?? 0;
      const raws = cardsOf.get(value) ?? [];
      const last = raws.at(-1);
      return {
        value,
        label,
        collapsed: collapsed.has(value),
        count,
        subgroups: query.subGroupBy
          ? counts
              .filter(({ g }) => text(g) === value)
              .map(({ h, n }) => ({ value: keyText(query.subGroupBy!, h), count: n }))
          : [],
        totals: {
          deals: money
            .filter(({ g }) => text(g) === value)
            .map(({ currency, open, won }) => ({ open: toMoney(open, currency), won: toMoney(won, currency) })),
          by: totals
            .filter(({ g }) => text(g) === value)
            .map((one) => ({ value: keyText(query.totalsBy, one.value), count: one.n })),
        },
        cards: {
          items: raws.map((raw) => toCard(readRow(raw), query, shown)),
          nextCursor: last && raws.length < count ? encodePosition(positionOf(last, sort), order) : null,
        },
      };
    }),
    columnsLeftOut: found.length - kept.length,
  };
}

/**
 * More cards of one column.
 * @param column its value; null is the column of those that have none.
 * @throws KildeError `not_found`; `invalid_input`.
 */
export async function readBoardColumn(
  context: SelectionContext,
  {
    id,
    view,
    column,
    cursor,
    columnLimit,
  }: { id: number; view: BoardView; column: string | null; cursor?: string | undefined; columnLimit: number },
): Promise<Cards> {
  const { query, columns, shown } = await prepareBoard(context, { id, view });
  const { entity, groupBy, condition, sort } = query;
  // By its index where the field has one, and then exactly.
  const value = groupBy.type === 'boolean' ? column === 'true' : (column ?? undefined);
  const near: Criteria =
    column === null ? { field: groupBy.name, op: 'empty' } : { field: groupBy.name, op: 'equals', value };
  const now = { at: context.clock(), timeZone: 'UTC' };
  const inColumn = sql`${compileCriteria(near, { entity, now })} AND ${isInColumn(groupBy, { entity, value: column })}`;
  const page = await runSegment(
    context,
    { entity, columns: [...columns], sort: [...sort], limit: columnLimit, cursor },
    { and: sql`${inColumn} AND (${condition})` },
  );
  return { items: page.items.map((item) => toCard(item, query, shown)), nextCursor: page.nextCursor };
}

async function prepareBoard(context: SelectionContext, { id, view }: { id: number; view: BoardView }) {
  const { row, definition, read } = await requireSelection(context, id, { times: boardReads });
  const { entity } = row;
  const errors: InputError[] = [];
  // The saved layout is one whole: what names its own columns says the rest too.
  const saved = view.groupBy === undefined ? row.board : null;
  const groupName = view.groupBy ?? saved?.groupBy;
  if (groupName === undefined) {
    const message = 'Name the field that the columns are split by. This selection has no saved board.';
    throw invalidInput([{ location: 'query.groupBy', message }]);
  }
  const groupable = (name: string, location: string) => readGroupable(entity, { name, location, errors });
  const rowsName = view.rows ?? saved?.rows ?? null;
  const groupBy = groupable(groupName, 'query.groupBy');
  const subGroupBy = rowsName === null ? null : groupable(rowsName, 'query.rows');
  const totalsBy = groupable(view.totalsBy ?? saved?.totalsBy ?? defaultTotals[entity], 'query.totalsBy');
  const shown = view.cardFields ?? saved?.cardFields ?? row.columns ?? [];
  for (const [index, name] of shown.entries()) {
    const message = `There is no field "${name.slice(0, 100)}" of a ${entity}.`;
    if (!findField(entity, name)) errors.push({ location: `query.cardFields[${index}]`, message });
  }
  if (errors.length > 0) throw invalidInput(errors);

  const wanted = view.sort ?? saved?.sort ?? row.sort ?? defaults[entity].sort;
  // Cards of a subgroup stand together.
  const sort: SortKey[] = [
    ...(subGroupBy ? [{ field: subGroupBy.name, direction: 'asc' as const }] : []),
    ...wanted.filter(({ field }) => field !== subGroupBy?.name),
  ];
  parseSegment({ entity, sort: wanted }, findField);
  const members = membersOf(definition, read);
  const condition =
    view.where === undefined
      ? members
      : sql`(${members}) AND (${await compileWhere(context, { input: view.where, entity, location: 'query.where' })})`;
  const names = [...titleFields[entity], ...shown, groupBy!.name, ...(subGroupBy ? [subGroupBy.name] : [])];
  const query: BoardQuery = { entity, condition, groupBy: groupBy!, subGroupBy, totalsBy: totalsBy!, sort };
  const collapsed = new Set(saved?.collapsed ?? []);
  return { row, query, columns: [...new Set<string>(names)], shown, collapsed };
}

function toMoney(minor: string, currency: string): Money {
  return { amount: fromMinor({ minor: readExact(minor), currency }), currency };
}

const booleans = [
  { value: 'true', label: { en: 'Yes', no: 'Ja' } },
  { value: 'false', label: { en: 'No', no: 'Nei' } },
];

/** As columns have it: a status and a category by the name, another record by the id. */
function valueText(value: SegmentValue, field?: Field): string | null {
  if (value === null || value === '') return null;
  if (typeof value === 'object') return field?.type === 'list' ? value.name : value.id;
  return String(value);
}

type Title = { title: string | null; subtitle: string | null };

/** What a card is called. `text` gives a field of the card as text. */
const titleOf: Record<SelectionEntity, (text: (name: string) => string | null) => Title> = {
  person: (text) => {
    const fullName = [text('firstName'), text('lastName')].filter((part) => part !== null).join(' ');
    return { title: fullName || (text('email') ?? text('phone')), subtitle: text('company.name') };
  },
  company: (text) => ({ title: text('name'), subtitle: text('domain') }),
  deal: (text) => ({
    title: text('name') ?? text('externalId'),
    subtitle: text('company.name') ?? text('person.email'),
  }),
  submission: (text) => ({ title: text('person.email') ?? text('form'), subtitle: text('at') }),
};

function toCard(item: SegmentRow, { entity, subGroupBy }: BoardQuery, shown: readonly string[]): Card {
  const text = (name: string): string | null => valueText(item[name] ?? null);
  const { title, subtitle } = titleOf[entity](text);
  return {
    id: item['id'] as string,
    title: title ?? '',
    subtitle,
    subgroup: subGroupBy ? valueText(item[subGroupBy.name] ?? null, subGroupBy) : null,
    cardFields: Object.fromEntries(shown.map((name) => [name, item[name] ?? null])),
  };
}
