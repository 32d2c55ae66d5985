import type { ReactNode } from 'react';
import type { FoundRow, Sort } from '../find/use-find.ts';
import type { BulkField } from './bulk-bar.tsx';

export type RecordsKind = {
  entity: 'person' | 'company' | 'deal';
  title: () => string;
  /** "People for whom". */
  words: () => string;
  countWords: (count: string) => string;
  /** Fields that every row needs for its first column and on a phone. */
  always: readonly string[];
  columns: readonly string[];
  sort: Sort;
  /** The column that names the record. */
  name: { label: () => string; sortField: string; cell: (row: FoundRow) => ReactNode };
  phoneRow: (row: FoundRow) => ReactNode;
  /** Where a row leads. */
  pathOf: (row: FoundRow) => string;
  /** A list field whose values stand beside the criteria with their counts. */
  splitBy?: { field: string; label: () => string };
  bulk: readonly BulkField[];
  actions?: ReactNode;
};
