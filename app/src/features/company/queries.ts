import { queryOptions } from '@tanstack/react-query';
import { kilde } from '../../api/client.ts';

export const peopleOfCompanyQuery = (id: string) =>
  queryOptions({
    queryKey: ['company-people', id],
    queryFn: async ({ signal }) => {
      const query = { filter: { company: id }, sort: 'createdAt', limit: 100 };
      return (await kilde().GET('/api/v1/people', { params: { query }, signal })).data!.items;
    },
  });

/** The newest touches of a company's people. */
export const touchesOfCompanyQuery = (id: string) =>
  queryOptions({
    queryKey: ['company-touches', id],
    queryFn: async ({ signal }) => {
      const query = { filter: { 'person.company': id }, sort: '-at', limit: 200 };
      return (await kilde().GET('/api/v1/touches', { params: { query }, signal })).data!.items;
    },
  });
export type CompanyTouch = Awaited<
  ReturnType<NonNullable<ReturnType<typeof touchesOfCompanyQuery>['queryFn']>>
>[number];
