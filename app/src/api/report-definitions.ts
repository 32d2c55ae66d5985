import { queryOptions } from '@tanstack/react-query';
import { getLocale } from '../paraglide/runtime.js';
import { kilde } from './client.ts';

export type Label = { en: string; no: string };
export type ReportDefinition = { id: string; kind: 'preset' | 'saved'; name: Label; description: Label | null };

/** Every preset and saved report. */
export const reportDefinitionsQuery = queryOptions({
  queryKey: ['reports'],
  queryFn: async ({ signal }) => {
    const { data } = await kilde().GET('/api/v1/reports', { params: { query: { limit: 200 } as never }, signal });
    return (data as unknown as { items: ReportDefinition[] }).items;
  },
});

export function inLanguage({ en, no }: Label): string {
  return getLocale() === 'nb' ? no : en;
}
