import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { kilde } from '../api/client.ts';
import type { Search } from '../api/search.ts';
import { m } from '../paraglide/messages.js';
import { getLocale } from '../paraglide/runtime.js';

/** Something found by its name. `to` and `more`: the address that it opens. */
export type Found = { id: string; to: string; more?: Search; name: string; note: string; kind: string };

type Row = Record<string, string | null>;
type Find = (words: string, signal: AbortSignal) => Promise<Found[]>;

const limit = 3;

/** Records of each kind by their names: short lists, asked once the typing rests. A kind that fails leaves the others. */
export function useRecords(words: string): Found[] {
  const settled = useSettled(words, 200);
  const isAsked = settled.length >= 2;
  const { data } = useQuery({
    queryKey: ['palette', settled, getLocale()],
    enabled: isAsked,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const answers = await Promise.allSettled(finds.map(async (find) => find(settled, signal)));
      signal.throwIfAborted();
      return answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    },
  });
  return isAsked ? (data ?? []) : [];
}

const findPeople: Find = async (words, signal) => {
  const any = ['firstName', 'lastName', 'email'].map((field) => ({ field, op: 'contains', value: words }));
  const body = { entity: 'person', where: { any }, columns: ['firstName', 'lastName', 'email'], limit };
  const { data } = await kilde().POST('/api/v1/segments/query', { body: body as never, signal });
  return rowsOf(data).map(({ id, firstName, lastName, email }) => {
    const name = [firstName, lastName].filter(Boolean).join(' ');
    return {
      id: `person-${id}`,
      to: `/people/${id}`,
      name: name || email || '–',
      note: name === '' ? '' : (email ?? ''),
      kind: m.search_person(),
    };
  });
};

const findCompanies: Find = async (words, signal) => {
  const query = { 'name[contains]': words, limit };
  const { data } = await kilde().GET('/api/v1/companies', { params: { query: query as never }, signal });
  return rowsOf(data).map(({ id, name, domain }) => {
    return {
      id: `company-${id}`,
      to: `/companies/${id}`,
      name: name ?? domain ?? '–',
      note: domain ?? '',
      kind: m.search_company(),
    };
  });
};

const findDeals: Find = async (words, signal) => {
  const any = ['name', 'externalId'].map((field) => ({ field, op: 'contains', value: words }));
  const body = { entity: 'deal', where: { any }, columns: ['name', 'externalId'], limit };
  const { data } = await kilde().POST('/api/v1/segments/query', { body: body as never, signal });
  return rowsOf(data).map(({ id, name, externalId }) => {
    return {
      id: `deal-${id}`,
      to: `/deals/${id}`,
      name: name ?? externalId ?? '–',
      note: name === null ? '' : (externalId ?? ''),
      kind: m.search_deal(),
    };
  });
};

const findSelections: Find = async (words, signal) => {
  const query = { 'name[contains]': words, columns: 'id,name', limit };
  const { data } = await kilde().GET('/api/v1/selections', { params: { query: query as never }, signal });
  return rowsOf(data).map(({ id, name }) => {
    return { id: `selection-${id}`, to: `/selections/${id}`, name: name!, note: '', kind: m.search_selection() };
  });
};

const findForms: Find = async (words, signal) => {
  const query = { 'name[contains]': words, columns: 'id,name', limit };
  const { data } = await kilde().GET('/api/v1/forms', { params: { query: query as never }, signal });
  return rowsOf(data).map(({ id, name }) => {
    return { id: `form-${id}`, to: `/forms/${id}`, name: name!, note: '', kind: m.search_form() };
  });
};

/** A link leads to what its values brought. */
const findLinks: Find = async (words, signal) => {
  const query = { 'slug[contains]': words, columns: 'id,slug,source,medium,campaign', limit };
  const { data } = await kilde().GET('/api/v1/links', { params: { query: query as never }, signal });
  return rowsOf(data).map(({ id, slug, source, medium, campaign }) => {
    const values = { source, medium, campaign };
    const more = Object.fromEntries(
      Object.entries(values).flatMap(([field, value]) => (value == null ? [] : [[`filter.${field}`, value]])),
    );
    const note = [source, medium, campaign].filter(Boolean).join(' / ');
    return { id: `link-${id}`, to: '/sources', more, name: slug ?? note, note, kind: m.search_link() };
  });
};

const finds: readonly Find[] = [findPeople, findCompanies, findDeals, findSelections, findForms, findLinks];

function rowsOf(data: unknown): Row[] {
  return (data as { items: Row[] }).items;
}

function useSettled(value: string, afterMs: number): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), afterMs);
    return () => clearTimeout(timer);
  }, [value, afterMs]);
  return settled;
}
