import { m } from '../../paraglide/messages.js';
import type { Field } from '../find/fields.ts';
import { labelOf } from '../find/words.ts';
import { none } from '../format.ts';
import { cellText } from './cell-text.tsx';
import type { RecordColumn } from './record-table.tsx';
import type { RecordsKind } from './records-kind.ts';

/** The name, then the columns that were chosen. A text filters by itself. */
export function columnsOf({
  kind,
  columns,
  fields,
  onFilter,
}: {
  kind: RecordsKind;
  columns: readonly string[];
  fields: readonly Field[];
  onFilter: (field: Field, value: string) => void;
}): RecordColumn[] {
  const named: RecordColumn = {
    name: 'name',
    label: kind.name.label(),
    sortField: kind.name.sortField,
    cell: kind.name.cell,
  };
  const others = columns.flatMap((name): RecordColumn[] => {
    const field = fields.find((one) => one.name === name);
    if (field === undefined) return [];
    const canFilter =
      field.filterable && (field.type === 'text' || field.type === 'list' || field.type === 'reference');
    return [
      {
        name,
        label: labelOf(field),
        isNumber: field.type === 'number',
        ...(field.sortable ? { sortField: name } : {}),
        cell: (row) => {
          const text = cellText(row[name], field);
          const value = filterValue(row[name]);
          if (!canFilter || value === null) return <span className={text === none ? 'soft' : undefined}>{text}</span>;
          return (
            <button
              type="button"
              className="link"
              tabIndex={-1}
              title={m.table_filter_by({ value: text })}
              onClick={() => onFilter(field, value)}
            >
              {text}
            </button>
          );
        },
      },
    ];
  });
  return [named, ...others];
}

function filterValue(value: unknown): string | null {
  if (typeof value === 'string' && value !== '') return value;
  if (typeof value === 'object' && value !== null && 'id' in value) return String(value.id);
  return null;
}
