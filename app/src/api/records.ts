import { queryOptions } from '@tanstack/react-query';
import { kilde } from './client.ts';

/** What screens of records share. Each query is one request. */

const minutes = 60_000;

/** A record with the `ETag` it was read with, so that a change cannot overwrite what somebody else changed meanwhile. */
export type Versioned<Item> = { record: Item; etag: string | null };

export const personQuery = (id: string) =>
  queryOptions({
    queryKey: ['person', id],
    queryFn: async ({ signal }) => {
      const { data, response } = await kilde().GET('/api/v1/people/{id}', { params: { path: { id } }, signal });
      return { record: data!, etag: response.headers.get('etag') };
    },
  });
export type Person = Awaited<ReturnType<NonNullable<ReturnType<typeof personQuery>['queryFn']>>>['record'];

export const companyQuery = (id: string) =>
  queryOptions({
    queryKey: ['company', id],
    queryFn: async ({ signal }) => {
      const { data, response } = await kilde().GET('/api/v1/companies/{id}', { params: { path: { id } }, signal });
      return { record: data!, etag: response.headers.get('etag') };
    },
  });
export type Company = Awaited<ReturnType<NonNullable<ReturnType<typeof companyQuery>['queryFn']>>>['record'];

export const dealQuery = (id: string) =>
  queryOptions({
    queryKey: ['deal', id],
    queryFn: async ({ signal }) => {
      const { data, response } = await kilde().GET('/api/v1/deals/{id}', { params: { path: { id } }, signal });
      return { record: data!, etag: response.headers.get('etag') };
    },
  });
export type Deal = Awaited<ReturnType<NonNullable<ReturnType<typeof dealQuery>['queryFn']>>>['record'];

/** Deals or submissions of one record, newest first; the first hundred. */
export const dealsQuery = (of: { person: string } | { company: string }) =>
  queryOptions({
    queryKey: ['deals', of],
    queryFn: async ({ signal }) => {
      const query = { filter: of, sort: '-createdAt', limit: 100 };
      return (await kilde().GET('/api/v1/deals', { params: { query }, signal })).data!.items;
    },
  });
export const submissionsQuery = (of: { person: string } | { company: string }) =>
  queryOptions({
    queryKey: ['submissions', of],
    queryFn: async ({ signal }) => {
      const query = { filter: of, sort: '-at', limit: 100 };
      return (await kilde().GET('/api/v1/submissions', { params: { query }, signal })).data!.items;
    },
  });
export type Submission = Awaited<ReturnType<NonNullable<ReturnType<typeof submissionsQuery>['queryFn']>>>[number];

/** The newest touches of a person, or of all people of a company. */
export const touchesQuery = (of: { person: string } | { company: string }) =>
  queryOptions({
    queryKey: ['touches', of],
    queryFn: async ({ signal }) => {
      const filter = 'person' in of ? of : { 'person.company': of.company };
      const query = { filter, sort: '-at', limit: 200 };
      return (await kilde().GET('/api/v1/touches', { params: { query }, signal })).data!.items;
    },
  });
export type CompanyTouch = Awaited<ReturnType<NonNullable<ReturnType<typeof touchesQuery>['queryFn']>>>[number];

export const leadStatusesQuery = queryOptions({
  queryKey: ['lead-statuses'],
  queryFn: async ({ signal }) => (await kilde().GET('/api/v1/lead-statuses', { signal })).data!.items,
  staleTime: 10 * minutes,
});

export const categoriesQuery = queryOptions({
  queryKey: ['categories'],
  queryFn: async ({ signal }) => (await kilde().GET('/api/v1/categories', { signal })).data!.items,
  staleTime: 10 * minutes,
});

export const ownersQuery = queryOptions({
  queryKey: ['owners'],
  queryFn: async ({ signal }) => {
    const { data } = await kilde().GET('/api/v1/owners', { params: { query: { limit: 100, sort: 'name' } }, signal });
    return data!.items.filter(({ active }) => active);
  },
  staleTime: 10 * minutes,
});

/** A name for a person who may have none. */
export function personName({
  firstName,
  lastName,
  email,
  phone,
}: {
  firstName: string | null;
  lastName: string | null;
  email: string | null;
  phone: string | null;
}): string | null {
  return [firstName, lastName].filter(Boolean).join(' ') || email || phone;
}
