import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { leadStatusesQuery, ownersQuery, personName } from '../../api/records.ts';
import { m } from '../../paraglide/messages.js';
import type { FoundRow } from '../../ui/find/use-find.ts';
import { none } from '../../ui/format.ts';
import { cellText, textOf } from '../../ui/records/cell-text.tsx';
import { RecordsPage } from '../../ui/records/records-page.tsx';
import type { RecordsKind } from '../../ui/records/records-kind.ts';

function nameOf(row: FoundRow): string {
  const [firstName, lastName, email, phone] = ['firstName', 'lastName', 'email', 'phone'].map((name) =>
    textOf(row, name),
  );
  return personName({ firstName: firstName!, lastName: lastName!, email: email!, phone: phone! }) ?? m.person_unnamed();
}

function NameLink({ row }: { row: FoundRow }) {
  return (
    <Link to="/people/$id" params={{ id: row.id }} tabIndex={-1}>
      {nameOf(row)}
    </Link>
  );
}

const people: RecordsKind = {
  entity: 'person',
  title: () => m.nav_people(),
  words: () => m.people_for_whom(),
  countWords: (count) => m.people_count({ count }),
  always: [
    'firstName',
    'lastName',
    'email',
    'phone',
    'company.name',
    'leadStatus',
    'firstTouch.source',
    'leadCreation.source',
  ],
  columns: [
    'leadStatus',
    'firstTouch.source',
    'leadCreation.source',
    'leadCreation.campaign',
    'createdAt',
    'owner',
    'submissionCount',
  ],
  sort: { field: 'createdAt', direction: 'desc' },
  name: {
    label: () => m.name(),
    sortField: 'lastName',
    cell: (row) => (
      <>
        <NameLink row={row} />
        {textOf(row, 'company.name') === null ? null : (
          <span className="soft plain"> · {textOf(row, 'company.name')}</span>
        )}
      </>
    ),
  },
  phoneRow: (row) => (
    <>
      <NameLink row={row} />
      <span className="mini line">{textOf(row, 'company.name') ?? none}</span>
      <span className="mini line">
        {[
          arrow(textOf(row, 'firstTouch.source'), textOf(row, 'leadCreation.source')),
          cellText(row['leadStatus'], undefined),
        ].join(' · ')}
      </span>
    </>
  ),
  pathOf: ({ id }) => `/people/${id}`,
  splitBy: { field: 'leadStatus', label: () => m.people_by_status() },
  bulk: [
    {
      field: 'leadStatus',
      label: () => m.person_status(),
      byName: true,
      useChoices: () => useQuery(leadStatusesQuery).data?.filter(({ archivedAt }) => archivedAt === null) ?? [],
    },
    { field: 'owner', label: () => m.owner(), useChoices: () => useQuery(ownersQuery).data ?? [] },
  ],
};

function arrow(first: string | null, lead: string | null): string {
  const [from, to] = [first ?? m.origin_direct(), lead ?? m.origin_direct()];
  return from === to ? from : `${from} → ${to}`;
}

export function PeoplePage() {
  return <RecordsPage kind={people} />;
}
