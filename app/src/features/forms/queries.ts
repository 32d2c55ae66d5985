import { queryOptions } from '@tanstack/react-query';
import { kilde } from '../../api/client.ts';
import { rateOf, reportQuery } from '../../api/report.ts';
import type { Rate, Report } from '../../api/report.ts';

export type Form = {
  id: string;
  name: string;
  enabled: boolean;
  closesAt: string | null;
  closesAfter: number | null;
  utmTracking: boolean;
  redirectUrl: string | null;
  language: 'en' | 'no' | null;
  thankYou: string | null;
  closedText: string | null;
  autoReply: { subject: string; text: string } | null;
  mode: 'automatic' | 'manualIfUnknown';
  notify: Array<{ kind: 'email' | 'chat' | 'webhook'; to?: string[]; url?: string }>;
  site: { id: string; name: string };
  action: string;
  createdAt: string;
};

export type FormStatistics = {
  total: number;
  last7Days: number;
  usualWeek: number | null;
  newLeads: number;
  newLeadsLast7Days: number;
  lastSubmissionAt: string | null;
  silentSince: string | null;
  quarantined: number;
  waitingForApproval: number;
};

export const formsQuery = queryOptions({
  queryKey: ['forms'],
  queryFn: async ({ signal }) => {
    const query = { limit: 200, sort: 'name' };
    const { data } = await kilde().GET('/api/v1/forms', { params: { query: query as never }, signal });
    return (data as unknown as { items: Form[] }).items;
  },
});

export const statisticsQuery = queryOptions({
  queryKey: ['form-statistics'],
  queryFn: async ({ signal }) => {
    const { data } = await kilde().GET('/api/v1/form-statistics', { signal });
    return (data as unknown as { items: Array<FormStatistics & { form: { id: string; name: string } }> }).items;
  },
});

export const formQuery = (id: string) =>
  queryOptions({
    queryKey: ['form', id],
    queryFn: async ({ signal }) => {
      const { data, response } = await kilde().GET('/api/v1/forms/{id}', { params: { path: { id } }, signal });
      return { record: data as unknown as Form, etag: response.headers.get('etag') };
    },
  });

export const formStatisticsQuery = (id: string) =>
  queryOptions({
    queryKey: ['form-statistics', id],
    queryFn: async ({ signal }) => {
      const { data } = await kilde().GET('/api/v1/forms/{id}/statistics', { params: { path: { id } }, signal });
      return data as unknown as FormStatistics;
    },
  });

export const latestQuery = (id: string) =>
  queryOptions({
    queryKey: ['submissions', { form: id }],
    queryFn: async ({ signal }) => {
      const query = { filter: { form: id }, sort: '-at', limit: 8 };
      const { data } = await kilde().GET('/api/v1/submissions', { params: { query: query as never }, signal });
      return data!.items;
    },
  });

export type Held = {
  id: string;
  form: { id: string; name: string };
  at: string;
  reasons: string[];
  fields: Record<string, unknown>;
};

/** What is quarantined, newest first; of one form, or of all. */
export const quarantineQuery = (form: string | null) =>
  queryOptions({
    queryKey: ['quarantine', form],
    queryFn: async ({ signal }) => {
      const query = { status: 'held', ...(form === null ? {} : { form }), limit: 200, count: true };
      const { data } = await kilde().GET('/api/v1/quarantine', { params: { query: query as never }, signal });
      return data as unknown as { items: Held[]; count: number };
    },
  });

export const approvalsQuery = (form: string) =>
  queryOptions({
    queryKey: ['approvals', form],
    queryFn: async ({ signal }) => {
      const query = { form, status: 'waiting', limit: 100 };
      const { data } = await kilde().GET('/api/v1/approvals', { params: { query: query as never }, signal });
      return (data as unknown as { items: Array<Omit<Held, 'reasons'>> }).items;
    },
  });

/** How many leads of each form became deals, of all time. */
export const dealRatesQuery = (timeZone: string) =>
  reportQuery({
    measures: ['leads', 'leadToDealRate'],
    dimensions: ['form'],
    period: { relative: 'all' },
    timeZone,
    limit: 200,
  } as never);

export function dealRateOf(report: Report | undefined, form: string): Rate | null {
  return rateOf(
    report?.rows.find((row) => (row['form'] as { id?: string } | null)?.id === form),
    'leadToDealRate',
  );
}
