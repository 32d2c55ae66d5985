import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { SelectionEntity } from '../../domain/segments/selections.ts';
import type { SortKey } from '../../domain/segments/query.ts';
import { deal } from '../schema/deals.ts';
import type { PackedRows } from '../packed-rows.ts';
import { CompileContext } from './context.ts';
import type { Field } from './fields.ts';
import { findField } from './fields.ts';
import { selectSegment } from './select.ts';
import { tables } from './stored.ts';

/** Cards that a board shows altogether, whatever its columns and their limit. */
export const maxCards = 2_000;

/** What a board has cards of: the members of a selection, or deals. */
type BoardEntity = SelectionEntity | 'deal';

export type BoardQuery = {
  entity: SelectionEntity;
  /** Who is on the board. */
  condition: SQL;
  groupBy: Field;
  subGroupBy: Field | null;
  totalsBy: Field;
  sort: readonly SortKey[];
};

export type CountRow = { g: string | number | null; h: string | number | null; n: number };
export type MoneyRow = { g: string | number | null; currency: string; open: string; won: string };
export type TotalRow = { g: string | number | null; value: string | number | null; n: number };

/** What a card's column is called by: an id where the field names another record, else its value. Nothing is null. */
export function keyOf(field: Field, entity: BoardEntity, context: CompileContext): SQL {
  const { shown, stored } = field.column(tables[entity], context);
  if (field.type === 'reference' && field.values) {
    // The id beside it saves a look-up and a JSON text for each card.
    return stored.kind === 'id' && stored.ids === 'number'
      ? sql`CAST(${stored.value} AS text)`
      : sql`(${shown}) ->> 'id'`;
  }
  return field.type === 'boolean' ? sql`${shown}` : sql`nullif(${shown}, '')`;
}

/** A column's condition, exactly: where case is all that differs, two values are two columns. */
export function isInColumn(field: Field, { entity, value }: { entity: BoardEntity; value: string | null }): SQL {
  const key = keyOf(field, entity, new CompileContext());
  const wanted = field.type === 'boolean' && value !== null ? Number(value === 'true') : value;
  return field.type === 'boolean' ? sql`${key} IS ${wanted}` : sql`CAST(${key} AS text) IS ${wanted}`;
}

function selectMembers({ entity, condition, groupBy, subGroupBy, totalsBy }: BoardQuery): SQL {
  const context = new CompileContext();
  const table = tables[entity];
  const sub = subGroupBy ? keyOf(subGroupBy, entity, context) : sql`NULL`;
  return sql`SELECT ${table.id} AS id, ${keyOf(groupBy, entity, context)} AS g, ${sub} AS h,
    ${keyOf(totalsBy, entity, context)} AS t FROM ${table} WHERE ${condition}`;
}

/** How many cards each column and each of its subgroups has. */
export function countCards(query: BoardQuery): SQL {
  return sql`SELECT g, h, count(*) AS n FROM (${selectMembers(query)}) GROUP BY g, h`;
}

/** What of a deal names a card. A submission has no deals of its own. */
const dealKeys: Record<SelectionEntity, SQL> = {
  person: sql`d.person_id`,
  company: sql`d.company_id`,
  deal: sql`d.id`,
  submission: sql`NULL`,
};

/** Money of the deals of each column's cards, by currency, in minor units: open and won. */
export function sumDeals(query: BoardQuery): SQL {
  return sql`WITH m AS MATERIALIZED (${selectMembers(query)})
    SELECT m.g, d.currency, CAST(sum(CASE d.status WHEN 'open' THEN d.amount_minor ELSE 0 END) AS text) AS open,
      CAST(sum(CASE d.status WHEN 'won' THEN d.amount_minor ELSE 0 END) AS text) AS won
    FROM m CROSS JOIN ${deal} d ON ${dealKeys[query.entity]} = m.id WHERE d.status IN ('open', 'won')
    GROUP BY m.g, d.currency ORDER BY d.currency`;
}

/** The commonest values of another field in each column. */
export function countTotals(query: BoardQuery, { top }: { top: number }): SQL {
  return sql`SELECT g, t AS value, n FROM (
      SELECT g, t, count(*) AS n, row_number() OVER (PARTITION BY g ORDER BY count(*) DESC, t) AS place
      FROM (${selectMembers(query)}) GROUP BY g, t)
    WHERE place <= ${top} ORDER BY place`;
}

/** The first cards of each column, in the order of the board: `columnLimit` of each, fewer where there are many columns. */
export function selectCards(
  query: Pick<BoardQuery, 'condition' | 'groupBy' | 'sort'> & { entity: BoardEntity },
  { columns, columnLimit, maxColumns }: { columns: readonly string[]; columnLimit: number; maxColumns: number },
): PackedRows {
  const { entity, condition, groupBy, sort } = query;
  const context = new CompileContext();
  const table = tables[entity];
  const keys = sort.map(({ field, direction }, index) => {
    const { sorted } = findField(entity, field)!.column(table, context);
    const name = sql.identifier(`s${index}`);
    return { select: sql`, ${sorted} AS ${name}`, order: sql`${name} ${sql.raw(direction)} NULLS LAST` };
  });
  const byId = sort.at(-1)?.direction === 'desc' ? sql`id DESC` : sql`id`;
  const order = sql.join([...keys.map((key) => key.order), byId], sql`, `);
  const first = sql`${table.id} IN (
    WITH m AS MATERIALIZED (SELECT ${table.id} AS id, ${keyOf(groupBy, entity, context)} AS g${sql.join(keys.map((key) => key.select))}
        FROM ${table} WHERE ${condition}),
      shown AS (SELECT g FROM m GROUP BY g ORDER BY g IS NULL DESC, count(*) DESC, g LIMIT ${maxColumns + 1})
    SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY g ORDER BY ${order}) AS place FROM m
        WHERE g IS NULL OR g IN (SELECT g FROM shown))
    WHERE place <= min(${columnLimit}, max(1, ${maxCards} / (SELECT count(*) FROM shown))))`;
  return selectSegment({ entity, condition: first, columns, sort, after: null, limit: maxCards + maxColumns });
}
