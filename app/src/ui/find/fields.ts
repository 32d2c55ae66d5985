import { queryOptions } from '@tanstack/react-query';
import { kilde } from '../../api/client.ts';

/** What may be asked of a record and shown of it, as the API declares it: a field added there appears here. */
export type Field = {
  entity: string;
  name: string;
  type: string;
  label: { en: string; no: string };
  sortable: boolean;
  groupable: boolean;
  filterable: boolean;
  operators: string[];
  values: Array<{ value: string; label: { en: string; no: string } }> | null;
};
export type Fields = { items: Field[]; relations: Record<string, string[]> };

export const fieldsQuery = queryOptions({
  queryKey: ['fields'],
  queryFn: async ({ signal }) => (await kilde().GET('/api/v1/fields', { signal })).data as unknown as Fields,
  staleTime: 10 * 60_000,
});

export function fieldsOf(fields: Fields, entity: string): Field[] {
  return fields.items.filter((field) => field.entity === entity);
}
