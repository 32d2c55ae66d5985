import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { personName } from '../../api/records.ts';
import { m } from '../../paraglide/messages.js';
import type { FoundRow, Sort } from '../../ui/find/use-find.ts';
import { formatDay, none } from '../../ui/format.ts';
import { cellText, textOf } from '../../ui/records/cell-text.tsx';
import type { Entity } from './queries.ts';

type Kind = {
  /** "people", after a number or a name. */
  noun: () => string;
  /** "138 people". */
  countWords: (count: string) => string;
  /** "People for whom". */
  words: () => string;
  /** Fields that the first column and a phone need. */
  always: readonly string[];
  columns: readonly string[];
  sort: Sort;
  sortField: string;
  /** Fields in which a name is looked for. */
  searched: readonly string[];
  nameOf: (row: FoundRow) => string;
  /** Below the name on a phone. */
  about: (row: FoundRow) => string;
  /** Where a row leads; null where there is no screen of it. */
  pathOf: (row: FoundRow) => string | null;
};

const text = (row: FoundRow, name: string): string => cellText(row[name], undefined);
const idOf = (value: unknown): string | undefined => (value as { id?: string } | null)?.id;

export const kinds: Record<Entity, Kind> = {
  person: {
    noun: () => m.selections_people(),
    countWords: (count) => m.people_count({ count }),
    words: () => m.people_for_whom(),
    always: ['firstName', 'lastName', 'email', 'phone', 'company.name'],
    columns: ['leadStatus', 'firstTouch.source', 'leadCreation.source', 'createdAt', 'owner'],
    sort: { field: 'createdAt', direction: 'desc' },
    sortField: 'lastName',
    searched: ['firstName', 'lastName', 'email'],
    nameOf: (row) => {
      const [firstName, lastName, email, phone] = ['firstName', 'lastName', 'email', 'phone'].map((name) =>
        textOf(row, name),
      );
      const given = { firstName: firstName!, lastName: lastName!, email: email!, phone: phone! };
      return personName(given) ?? m.person_unnamed();
    },
    about: (row) => textOf(row, 'company.name') ?? textOf(row, 'email') ?? none,
    pathOf: ({ id }) => `/people/${id}`,
  },
  company: {
    noun: () => m.selections_companies(),
    countWords: (count) => m.companies_count({ count }),
    words: () => m.companies_for_which(),
    always: ['name', 'domain'],
    columns: ['domain', 'category', 'companySource.firstTouch.source', 'createdAt', 'owner', 'personCount'],
    sort: { field: 'createdAt', direction: 'desc' },
    sortField: 'name',
    searched: ['name', 'domain'],
    nameOf: (row) => textOf(row, 'name') ?? textOf(row, 'domain') ?? row.id,
    about: (row) => text(row, 'domain'),
    pathOf: ({ id }) => `/companies/${id}`,
  },
  deal: {
    noun: () => m.selections_deals(),
    countWords: (count) => m.deals_count({ count }),
    words: () => m.deals_for_which(),
    always: ['name', 'externalId', 'person', 'company', 'company.name'],
    columns: ['stage', 'person.firstTouch.source', 'createdAt', 'closedAt', 'owner', 'amount', 'currency'],
    sort: { field: 'createdAt', direction: 'desc' },
    sortField: 'name',
    searched: ['name', 'externalId'],
    nameOf: (row) => textOf(row, 'name') ?? textOf(row, 'externalId') ?? row.id,
    about: (row) => text(row, 'company.name'),
    pathOf: ({ id }) => `/deals/${id}`,
  },
  submission: {
    noun: () => m.selections_submissions(),
    countWords: (count) => m.selections_submission_count({ count }),
    words: () => m.selections_submissions_for_which(),
    always: ['form', 'at', 'person', 'person.email'],
    columns: ['form', 'at', 'touch.source', 'touch.medium', 'touch.campaign'],
    sort: { field: 'at', direction: 'desc' },
    sortField: 'at',
    searched: ['person.email'],
    nameOf: (row) => textOf(row, 'person.email') ?? text(row, 'form'),
    about: (row) => `${text(row, 'form')} · ${formatDay((textOf(row, 'at') ?? '').slice(0, 10))}`,
    pathOf: (row) => {
      const person = idOf(row['person']);
      return person === undefined ? null : `/people/${person}`;
    },
  },
};

/** The first column: the record's name, which leads to it. */
export function RecordName({ entity, row }: { entity: Entity; row: FoundRow }): ReactNode {
  const { nameOf, pathOf } = kinds[entity];
  const path = pathOf(row);
  if (path === null) return <span>{nameOf(row)}</span>;
  return (
    <Link to={path} tabIndex={-1}>
      {nameOf(row)}
    </Link>
  );
}

/** "dynamic", as it stands in lists. */
export function kindName(kind: 'static' | 'dynamic' | 'combined'): string {
  return { static: m.selections_static(), dynamic: m.selections_dynamic(), combined: m.selections_combined() }[kind];
}
