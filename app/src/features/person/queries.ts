import { queryOptions } from '@tanstack/react-query';
import { kilde } from '../../api/client.ts';
import { getLocale } from '../../paraglide/runtime.js';

export const journeyQuery = (id: string) =>
  queryOptions({
    queryKey: ['journey', id],
    queryFn: async ({ signal }) =>
      (await kilde().GET('/api/v1/people/{id}/journey', { params: { path: { id } }, signal })).data!.items,
  });
export type JourneyTouch = Awaited<ReturnType<NonNullable<ReturnType<typeof journeyQuery>['queryFn']>>>[number];

export const selectionsOfPersonQuery = (id: string) =>
  queryOptions({
    queryKey: ['person-selections', id],
    queryFn: async ({ signal }) =>
      (await kilde().GET('/api/v1/people/{id}/selections', { params: { path: { id } }, signal })).data!.items,
  });

export const explanationQuery = (touchId: string) =>
  queryOptions({
    queryKey: ['explanation', touchId, getLocale()],
    queryFn: async ({ signal }) => {
      const language = getLocale() === 'nb' ? ('no' as const) : ('en' as const);
      const params = { path: { id: touchId }, query: { language } };
      return (await kilde().GET('/api/v1/touches/{id}/explanation', { params, signal })).data!;
    },
    staleTime: Infinity,
  });
export type Explanation = Awaited<ReturnType<NonNullable<ReturnType<typeof explanationQuery>['queryFn']>>>;
