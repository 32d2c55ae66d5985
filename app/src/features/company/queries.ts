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
