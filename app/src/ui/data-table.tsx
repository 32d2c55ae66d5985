import { useRef, useState } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import { useFact } from './fact-line.tsx';

export type Column<Row> = {
  id: string;
  head: ReactNode;
  /** `num` at the right; `r` for rates, whose text and whisker stand at the left. */
  kind?: 'text' | 'num' | 'r';
  /** Whether a phone has it too. */
  isOnPhone?: boolean;
  /** Whether the head sorts by it. */
  canSort?: boolean;
  cell: (row: Row) => ReactNode;
  foot?: ReactNode;
  /** What the fact line says while the cell has focus or hover. */
  fact?: (row: Row) => ReactNode;
  /** By click and by Enter. */
  open?: ((row: Row) => void) | undefined;
};

export type Sort = { column: string; direction: 'asc' | 'desc' };

/**
 * A table with one tab stop: arrows move in it, Home and End go to the ends of a row, with Ctrl to those of the table, Enter opens. Its
 * first column names the row.
 */
export function DataTable<Row>({
  caption,
  columns,
  rows,
  keyOf,
  sort,
  onSort,
  hasFoot = false,
  isChosen,
  dense = false,
  groupHead,
}: {
  caption: string;
  columns: ReadonlyArray<Column<Row>>;
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  sort?: Sort;
  onSort?: (sort: Sort) => void;
  hasFoot?: boolean;
  /** The cell whose panel is open. */
  isChosen?: (row: Row, column: string) => boolean;
  dense?: boolean;
  /** A row of heads above, for columns that belong together. */
  groupHead?: ReactNode;
}) {
  const [at, setAt] = useState<[row: number, column: number]>([0, 0]);
  const body = useRef<HTMLTableSectionElement>(null);
  const factOf = useFact();

  const moveTo = (row: number, column: number): void => {
    const next: [number, number] = [clamp(row, rows.length - 1), clamp(column, columns.length - 1)];
    setAt(next);
    const cell = body.current?.rows[next[0]]?.cells[next[1]];
    cell?.focus();
    cell?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const [row, column] = at;
    const ends = event.ctrlKey || event.metaKey;
    const moves: Record<string, [number, number]> = {
      ArrowDown: [row + 1, column],
      ArrowUp: [row - 1, column],
      ArrowRight: [row, nextShown(body.current, row, column, 1)],
      ArrowLeft: [row, nextShown(body.current, row, column, -1)],
      Home: [ends ? 0 : row, 0],
      End: [ends ? rows.length - 1 : row, columns.length - 1],
    };
    const move = moves[event.key];
    if (move !== undefined) {
      event.preventDefault();
      moveTo(...move);
      return;
    }
    const target = rows[row];
    if (event.key !== 'Enter' || target === undefined) return;
    const open = columns[column]?.open;
    if (open !== undefined) open(target);
    else (event.target as HTMLElement).querySelector<HTMLElement>('a, button')?.click();
  };
  return (
    <div className="scroll">
      <table className={dense ? 't dense' : 't'} role="grid" aria-rowcount={rows.length}>
        <caption className="vh">{caption}</caption>
        <thead>
          {groupHead}
          <tr>
            {columns.map((column) => (
              <HeadCell key={column.id} column={column} {...(sort ? { sort } : {})} {...(onSort ? { onSort } : {})} />
            ))}
          </tr>
        </thead>
        <tbody ref={body} onKeyDown={onKeyDown}>
          {rows.map((row, rowPlace) => (
            <tr key={keyOf(row)} className={columns.some(({ id }) => isChosen?.(row, id)) ? 'sel' : undefined}>
              {columns.map((column, columnPlace) => {
                const isAt = at[0] === rowPlace && at[1] === columnPlace;
                const Cell = columnPlace === 0 ? 'th' : 'td';
                return (
                  <Cell
                    key={column.id}
                    {...(columnPlace === 0 ? { scope: 'row' } : {})}
                    className={classOf(column, isChosen?.(row, column.id) ? 'at' : '')}
                    tabIndex={isAt ? 0 : -1}
                    data-action={column.open === undefined ? undefined : true}
                    onClick={() => {
                      setAt([rowPlace, columnPlace]);
                      column.open?.(row);
                    }}
                    {...(column.fact === undefined ? {} : factOf(column.fact(row)))}
                  >
                    {column.cell(row)}
                  </Cell>
                );
              })}
            </tr>
          ))}
        </tbody>
        {hasFoot ? (
          <tfoot>
            <tr>
              {columns.map((column, place) => {
                const Cell = place === 0 ? 'th' : 'td';
                return (
                  <Cell key={column.id} {...(place === 0 ? { scope: 'row' } : {})} className={classOf(column)}>
                    {column.foot}
                  </Cell>
                );
              })}
            </tr>
          </tfoot>
        ) : null}
      </table>
    </div>
  );
}

function HeadCell<Row>({ column, sort, onSort }: { column: Column<Row>; sort?: Sort; onSort?: (sort: Sort) => void }) {
  const isSorted = sort?.column === column.id;
  const direction = isSorted ? (sort.direction === 'desc' ? 'descending' : 'ascending') : undefined;
  return (
    <th scope="col" className={classOf(column)} aria-sort={direction}>
      {column.canSort && onSort !== undefined ? (
        <button
          type="button"
          onClick={() =>
            onSort({ column: column.id, direction: isSorted && sort.direction === 'desc' ? 'asc' : 'desc' })
          }
        >
          {column.head}
        </button>
      ) : (
        column.head
      )}
    </th>
  );
}

function classOf<Row>({ kind = 'text', isOnPhone = true }: Column<Row>, more = ''): string | undefined {
  const names = [kind === 'text' ? '' : kind, isOnPhone ? '' : 'desk', more].filter(Boolean);
  return names.length === 0 ? undefined : names.join(' ');
}

function clamp(value: number, last: number): number {
  return Math.max(0, Math.min(last, value));
}

/** The next column that is shown: a phone leaves some out. */
function nextShown(body: HTMLTableSectionElement | null, row: number, column: number, step: 1 | -1): number {
  const cells = body?.rows[row]?.cells;
  if (cells === undefined) return column;
  for (let place = column + step; place >= 0 && place < cells.length; place += step) {
    if (cells[place]!.offsetParent !== null) return place;
  }
  return column;
}
