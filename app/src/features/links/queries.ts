import { queryOptions } from '@tanstack/react-query';
import { kilde } from '../../api/client.ts';

export const members = ['source', 'medium', 'campaign', 'term', 'content'] as const;
export type Member = (typeof members)[number];

export type Link = {
  id: string;
  slug: string;
  page: string;
  source: string;
  medium: string;
  campaign: string | null;
  term: string | null;
  content: string | null;
  url: string;
  shortUrl: string;
  createdAt: string;
  archivedAt: string | null;
  visits: number;
  leads: number;
  deals: number;
  placements: Array<{ name: string; visits: number; leads: number; deals: number }>;
};

/** What a builder holds: texts as they are typed. */
export type Draft = Record<Member | 'page' | 'slug' | 'placements', string>;

export const emptyDraft: Draft = {
  page: '',
  source: '',
  medium: '',
  campaign: '',
  term: '',
  content: '',
  slug: '',
  placements: '',
};

export function draftOf(link: Link): Draft {
  const { page, source, medium, campaign, term, content, slug, placements } = link;
  return {
    page,
    source,
    medium,
    campaign: campaign ?? '',
    term: term ?? '',
    content: content ?? '',
    slug,
    placements: placements.map(({ name }) => name).join(', '),
  };
}

/** The body of a new link; what is empty is left out. */
export function bodyOf(draft: Draft): Record<string, unknown> {
  const texts = Object.entries(draft).filter(([name, text]) => name !== 'placements' && text.trim() !== '');
  const placements = draft.placements
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  return {
    ...Object.fromEntries(texts.map(([name, text]) => [name, text.trim()])),
    ...(placements.length === 0 ? {} : { placements }),
  };
}

/** Source, medium and a whole address are the least that can be asked about. */
export function isAskable({ page, source, medium }: Draft): boolean {
  return source.trim() !== '' && medium.trim() !== '' && URL.canParse(page.trim());
}

/** Those in use, or those archived; the newest first. */
export const linksQuery = (isArchived: boolean) =>
  queryOptions({
    queryKey: ['links', isArchived],
    queryFn: async ({ signal }) => {
      const query = { filter: { archived: String(isArchived) }, limit: 200, sort: '-createdAt' };
      const { data } = await kilde().GET('/api/v1/links', { params: { query: query as never }, signal });
      return (data as unknown as { items: Link[] }).items;
    },
  });

export const suggestionsQuery = (field: Member) =>
  queryOptions({
    queryKey: ['link-suggestions', field],
    queryFn: async ({ signal }) => {
      const { data } = await kilde().GET('/api/v1/links/suggestions', {
        params: { query: { field } as never },
        signal,
      });
      return (data as unknown as { items: Array<{ value: string; origins: number }> }).items;
    },
    staleTime: 600_000,
  });

export type Trial = {
  url: string;
  channel: string;
  warnings: Array<{ field: string; value: string; similarTo?: string[] }>;
};

/** What a link would be: its address, its channel, and what its values resemble. Nothing is stored. */
export const trialQuery = (draft: Draft) =>
  queryOptions({
    queryKey: ['link-trial', draft],
    queryFn: async ({ signal }) => {
      const body = { ...bodyOf(draft), dryRun: true };
      const { data } = await kilde().POST('/api/v1/links', { body: body as never, signal });
      return data as unknown as Trial;
    },
  });

/** The QR code as SVG text; of one place where it is named. */
export const qrQuery = ({ id, place }: { id: string; place: string | null }) =>
  queryOptions({
    queryKey: ['link-qr', id, place],
    queryFn: async ({ signal }) => {
      const query = place === null ? {} : { p: place };
      const { response } = await kilde().GET('/api/v1/links/{id}/qr.svg', {
        params: { path: { id }, query: query as never },
        parseAs: 'stream',
        signal,
      });
      return new Response(response.body).text();
    },
  });
