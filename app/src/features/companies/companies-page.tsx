import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { categoriesQuery, ownersQuery } from '../../api/records.ts';
import { m } from '../../paraglide/messages.js';
import type { FoundRow } from '../../ui/find/use-find.ts';
import { cellText, textOf } from '../../ui/records/cell-text.tsx';
import { RecordsPage } from '../../ui/records/records-page.tsx';
import type { RecordsKind } from '../../ui/records/records-kind.ts';

function NameLink({ row }: { row: FoundRow }) {
  return (
    <Link to="/companies/$id" params={{ id: row.id }} tabIndex={-1}>
      {textOf(row, 'name') ?? textOf(row, 'domain') ?? row.id}
    </Link>
  );
}

const companies: RecordsKind = {
  entity: 'company',
  title: () => m.nav_companies(),
  words: () => m.companies_for_which(),
  countWords: (count) => m.companies_count({ count }),
  always: ['name', 'domain', 'category', 'personCount'],
  columns: [
    'domain',
    'category',
    'companySource.firstTouch.source',
    'companySource.leadCreation.source',
    'createdAt',
    'owner',
    'personCount',
  ],
  sort: { field: 'createdAt', direction: 'desc' },
  name: { label: () => m.name(), sortField: 'name', cell: (row) => <NameLink row={row} /> },
  phoneRow: (row) => (
    <>
      <NameLink row={row} />
      <span className="mini line">{cellText(row['domain'], undefined)}</span>
      <span className="mini line">
        {cellText(row['category'], undefined)} · {m.companies_people({ count: Number(row['personCount'] ?? 0) })}
      </span>
    </>
  ),
  pathOf: ({ id }) => `/companies/${id}`,
  splitBy: { field: 'category', label: () => m.companies_by_category() },
  bulk: [
    {
      field: 'category',
      label: () => m.company_category(),
      byName: true,
      useChoices: () => useQuery(categoriesQuery).data?.filter(({ archivedAt }) => archivedAt === null) ?? [],
    },
    { field: 'owner', label: () => m.owner(), useChoices: () => useQuery(ownersQuery).data ?? [] },
  ],
};

export function CompaniesPage() {
  return <RecordsPage kind={companies} />;
}
