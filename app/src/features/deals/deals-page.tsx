import { Link } from '@tanstack/react-router';
import { m } from '../../paraglide/messages.js';
import type { FoundRow } from '../../ui/find/use-find.ts';
import { none } from '../../ui/format.ts';
import { cellText, textOf } from '../../ui/records/cell-text.tsx';
import { RecordsPage } from '../../ui/records/records-page.tsx';
import type { RecordsKind } from '../../ui/records/records-kind.ts';

const pathOf = (row: FoundRow): string => `/deals/${row.id}`;

function nameOf(row: FoundRow): string {
  return textOf(row, 'name') ?? textOf(row, 'externalId') ?? row.id;
}

function amountOf(row: FoundRow): string {
  return row['amount'] == null
    ? none
    : `${cellText(Number(row['amount']), undefined)} ${textOf(row, 'currency') ?? ''}`;
}

function BoardLink() {
  return (
    <Link className="btn" to="/deals/board">
      {m.selections_board()}
    </Link>
  );
}

const deals: RecordsKind = {
  entity: 'deal',
  title: () => m.nav_deals(),
  words: () => m.deals_for_which(),
  countWords: (count) => m.deals_count({ count }),
  always: ['name', 'externalId', 'person', 'company', 'amount', 'currency', 'stage', 'person.leadCreation.source'],
  columns: [
    'stage',
    'person.firstTouch.source',
    'person.leadCreation.source',
    'createdAt',
    'closedAt',
    'owner',
    'amount',
    'currency',
  ],
  sort: { field: 'createdAt', direction: 'desc' },
  name: {
    label: () => m.deal(),
    sortField: 'name',
    cell: (row) => (
      <Link to={pathOf(row)} tabIndex={-1}>
        {nameOf(row)}
      </Link>
    ),
  },
  phoneRow: (row) => (
    <>
      <Link to={pathOf(row)} tabIndex={-1}>
        {nameOf(row)}
      </Link>
      <span className="mini line">
        {cellText(row['stage'], undefined)} · {amountOf(row)}
      </span>
      <span className="mini line">{cellText(row['person.leadCreation.source'], undefined)}</span>
    </>
  ),
  pathOf,
  splitBy: { field: 'status', label: () => m.deals_by_status() },
  actions: <BoardLink />,
  bulk: [],
};

export function DealsPage() {
  return <RecordsPage kind={deals} />;
}
