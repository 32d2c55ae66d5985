import { queryOptions } from '@tanstack/react-query';
import { kilde } from '../../api/client.ts';

export const pipelineQuery = (id: string) =>
  queryOptions({
    queryKey: ['pipeline', id],
    queryFn: async ({ signal }) =>
      (await kilde().GET('/api/v1/pipelines/{id}', { params: { path: { id } }, signal })).data!,
    staleTime: 600_000,
  });
export type Stage = Awaited<ReturnType<NonNullable<ReturnType<typeof pipelineQuery>['queryFn']>>>['stages'][number];

/** Whom a deal without a lead may belong to. */
export const suggestionQuery = (id: string) =>
  queryOptions({
    queryKey: ['deal-suggestion', id],
    queryFn: async ({ signal }) =>
      (await kilde().GET('/api/v1/deals/{id}/suggestion', { params: { path: { id } }, signal })).data!,
  });
