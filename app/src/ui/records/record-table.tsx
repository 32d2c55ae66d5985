import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import { m } from '../../paraglide/messages.js';
import type { FoundRow, Sort } from '../find/use-find.ts';
import { useMediaQuery } from '@mantine/hooks';

export type RecordColumn = {
  name: string;
  label: string;
  isNumber?: boolean;
  /** The field it is ordered by, if it can be. */
  sortField?: string;
  cell: (row: FoundRow) => ReactNode;
};

const rowHeight = { desk: 36, phone: 68 };
/** Rows beyond the edge of the window that are drawn too. */
const overscan = 12;

/**
 * Rows of any number: only those in sight are drawn. One tab stop; arrows, Home and End move among cells, Space chooses a row. On a phone a
 * row is two or three lines.
 */
export function RecordTable({
  caption,
  columns,
  rows,
  count,
  sort,
  chosen,
  phoneRow,
  hasMore,
  onMore,
  onSort,
  onChoose,
  onOpen,
}: {
  caption: string;
  columns: RecordColumn[];
  rows: FoundRow[];
  /** Of all rows, also those that are not loaded. */
  count: number;
  sort: Sort;
  chosen: ReadonlySet<string>;
  phoneRow: (row: FoundRow) => ReactNode;
  hasMore: boolean;
  onMore: () => void;
  onSort: (sort: Sort) => void;
  onChoose: (ids: ReadonlySet<string>) => void;
  onOpen: (row: FoundRow) => void;
}) {
  const isPhone = useMediaQuery('(max-width: 720px)') ?? false;
  const body = useRef<HTMLTableSectionElement>(null);
  const height = isPhone ? rowHeight.phone : rowHeight.desk;
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => height,
    overscan,
    scrollMargin: body.current?.offsetTop ?? 0,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && last >= rows.length - overscan) onMore();
  }, [hasMore, last, onMore, rows.length]);
  const top = items.length === 0 ? 0 : items[0]!.start - virtual.options.scrollMargin;
  const below = items.length === 0 ? 0 : virtual.getTotalSize() - (items.at(-1)!.end - virtual.options.scrollMargin);
  const toggle = (id: string): void => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    onChoose(next);
  };
  const isAllChosen = rows.length > 0 && rows.every(({ id }) => chosen.has(id));
  const focusWhenDrawn = (selector: string, framesLeft = 10): void => {
    const cell = body.current?.querySelector<HTMLElement>(selector);
    if (cell) cell.focus();
    else if (framesLeft > 0) requestAnimationFrame(() => focusWhenDrawn(selector, framesLeft - 1));
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTableElement>): void => {
    const cell = (event.target as HTMLElement).closest<HTMLElement>('[data-row]');
    if (cell === null) return;
    const [row, column] = [Number(cell.dataset['row']), Number(cell.dataset['column'])];
    if (event.key === ' ' && event.target === cell) {
      event.preventDefault();
      toggle(rows[row]!.id);
      return;
    }
    if (event.key === 'Enter' && event.target === cell) {
      const inside = cell.querySelector<HTMLElement>('a, button');
      if (inside === null) onOpen(rows[row]!);
      else inside.click();
      return;
    }
    const to = moved(event, { row, column, rows: rows.length, columns: columns.length });
    if (to === null) return;
    event.preventDefault();
    virtual.scrollToIndex(to.row);
    focusWhenDrawn(`[data-row="${to.row}"][data-column="${to.column}"]`);
  };
  return (
    <table className="t wide-table" aria-rowcount={count + 1} onKeyDown={onKeyDown}>
      <caption className="vh">{caption}</caption>
      <thead>
        <tr>
          <th scope="col" className="pick-cell desk">
            <input
              type="checkbox"
              className="check"
              aria-label={m.table_choose_all()}
              checked={isAllChosen}
              onChange={() => onChoose(isAllChosen ? new Set() : new Set(rows.map(({ id }) => id)))}
            />
          </th>
          {columns.map((column) => (
            <Head key={column.name} column={column} sort={sort} onSort={onSort} />
          ))}
        </tr>
      </thead>
      <tbody ref={body}>
        {top > 0 ? (
          <tr aria-hidden="true">
            <td style={{ height: top, padding: 0 }} colSpan={columns.length + 1} />
          </tr>
        ) : null}
        {items.map(({ index }) => {
          const row = rows[index]!;
          const isChosen = chosen.has(row.id);
          return (
            <tr key={row.id} className={isChosen ? 'pick' : undefined} aria-rowindex={index + 2} style={{ height }}>
              <td className="pick-cell desk">
                <input
                  type="checkbox"
                  className="check"
                  aria-label={m.table_choose_row({ row: index + 1 })}
                  checked={isChosen}
                  onChange={() => toggle(row.id)}
                />
              </td>
              {isPhone ? (
                <th
                  scope="row"
                  colSpan={columns.length}
                  data-row={index}
                  data-column={0}
                  tabIndex={index === 0 ? 0 : -1}
                >
                  {phoneRow(row)}
                </th>
              ) : (
                columns.map((column, place) => {
                  const shared = {
                    'data-row': index,
                    'data-column': place,
                    tabIndex: index === items[0]!.index && place === 0 ? 0 : -1,
                    className: column.isNumber ? 'num' : 'cut-cell',
                  };
                  return place === 0 ? (
                    <th key={column.name} scope="row" {...shared}>
                      {column.cell(row)}
                    </th>
                  ) : (
                    <td key={column.name} {...shared}>
                      {column.cell(row)}
                    </td>
                  );
                })
              )}
            </tr>
          );
        })}
        {below > 0 ? (
          <tr aria-hidden="true">
            <td style={{ height: below, padding: 0 }} colSpan={columns.length + 1} />
          </tr>
        ) : null}
      </tbody>
    </table>
  );
}

function Head({ column, sort, onSort }: { column: RecordColumn; sort: Sort; onSort: (sort: Sort) => void }) {
  const { sortField } = column;
  const isSorted = sortField !== undefined && sortField === sort.field;
  const direction = isSorted ? (sort.direction === 'asc' ? 'ascending' : 'descending') : undefined;
  return (
    <th scope="col" className={column.isNumber ? 'num desk' : 'desk'} aria-sort={direction}>
      {sortField === undefined ? (
        column.label
      ) : (
        <button
          type="button"
          className={isSorted ? 'link sorted' : 'link'}
          onClick={() =>
            onSort({ field: sortField, direction: isSorted && sort.direction === 'desc' ? 'asc' : 'desc' })
          }
        >
          {column.label}
        </button>
      )}
    </th>
  );
}

function moved(
  { key, ctrlKey, metaKey }: { key: string; ctrlKey: boolean; metaKey: boolean },
  at: { row: number; column: number; rows: number; columns: number },
): { row: number; column: number } | null {
  const far = ctrlKey || metaKey;
  const to = {
    ArrowDown: { row: at.row + 1, column: at.column },
    ArrowUp: { row: at.row - 1, column: at.column },
    ArrowLeft: { row: at.row, column: at.column - 1 },
    ArrowRight: { row: at.row, column: at.column + 1 },
    Home: { row: far ? 0 : at.row, column: 0 },
    End: { row: far ? at.rows - 1 : at.row, column: at.columns - 1 },
    PageDown: { row: at.row + 20, column: at.column },
    PageUp: { row: at.row - 20, column: at.column },
  }[key];
  if (to === undefined) return null;
  return {
    row: Math.min(at.rows - 1, Math.max(0, to.row)),
    column: Math.min(at.columns - 1, Math.max(0, to.column)),
  };
}
