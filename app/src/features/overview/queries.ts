import { queryOptions } from '@tanstack/react-query';
import { kilde } from '../../api/client.ts';
import { reportQuery, scopeOfQuery } from '../../api/report.ts';
import type { Report } from '../../api/report.ts';
import type { Compare, Days, Model } from '../../api/scope.ts';

export type Asked = {
  days: Days;
  compare: Compare;
  timeZone: string;
  attribution: Model;
  siteId: string | undefined;
};
export type Grain = 'day' | 'week' | 'month';

/** Each line of the screen is painted by one request (docs/screens.md). */
export function funnelQuery(asked: Asked) {
  return reportQuery({
    measures: [
      'visits',
      'leads',
      'leadsQualified',
      'leadsWithDeal',
      'wonDeals',
      'revenue',
      'visitToLeadRate',
      'leadToQualifiedRate',
      'leadToDealRate',
      'winRate',
      'averageWonDeal',
    ],
    ...scopeOfQuery(asked),
  });
}

/** Markov and Shapley credit deals and money, never leads: those go by lead creation then. */
export function leadModel(attribution: Model): Model {
  return attribution === 'markov' || attribution === 'shapley' ? 'leadCreation' : attribution;
}

export function timeQuery({ grain, ...asked }: Asked & { grain: Grain }) {
  return reportQuery({
    measures: ['leads'],
    dimensions: ['channel'],
    attribution: leadModel(asked.attribution),
    grain,
    ...scopeOfQuery(asked),
  } as never);
}

const sourceLimit = 10;

export function sourcesQuery(asked: Asked & { sort: { field: string; direction: 'asc' | 'desc' } }) {
  return reportQuery({
    measures: ['leads', 'leadsWithDeal', 'leadToDealRate', 'wonDeals', 'revenue', 'cost', 'returnOnAdSpend'],
    dimensions: ['source', 'medium'],
    attribution: leadModel(asked.attribution),
    sort: [asked.sort],
    limit: sourceLimit,
    ...scopeOfQuery(asked),
  } as never);
}

/** The source and medium with most won revenue. */
export function mostRevenueQuery(asked: Asked) {
  return reportQuery({
    measures: ['revenue'],
    dimensions: ['source', 'medium'],
    attribution: asked.attribution,
    sort: [{ field: 'revenue', direction: 'desc' }],
    limit: 1,
    ...scopeOfQuery({ ...asked, compare: 'none' }),
  } as never);
}

/** The weeks of the same sources, for their sparks. */
export function sparksQuery(asked: Asked) {
  return reportQuery({
    measures: ['leads'],
    dimensions: ['source', 'medium'],
    attribution: leadModel(asked.attribution),
    grain: 'week',
    limit: 50,
    ...scopeOfQuery({ ...asked, compare: 'none' }),
  } as never);
}

export function annotationsQuery({ days }: Pick<Asked, 'days'>) {
  return queryOptions({
    queryKey: ['annotations', days],
    queryFn: async ({ signal }) => {
      const query = { ...(days.from === null ? {} : { from: days.from }), to: days.to, limit: 100 };
      const { data } = await kilde().GET('/api/v1/annotations', { params: { query: query as never }, signal });
      return (data as { items: Annotation[] }).items;
    },
  });
}

export type Annotation = {
  id: string;
  day: string;
  text: string;
  automatic: boolean;
  /** Of what Kilde wrote itself: what it was, and the names and numbers in it. */
  kind: string | null;
  values: object | null;
};

export type Tile = {
  title: string | null;
  reportId?: string | null;
  report: { id: string; name: { en: string; no: string } } | null;
  query?: object;
  width: number;
  height: number;
  display: string;
};

export type ShownDashboard = {
  id: string;
  name: string;
  visibility: 'shared' | 'private';
  isDefault: boolean;
  builtIn: boolean;
  /** What the dashboard was read with, so that a change overwrites nobody else's. */
  etag: string | null;
  tiles: AnsweredTile[];
};

/** A dashboard and the answers of all its tiles, asked side by side. */
export function tilesQuery(asked: Asked & { dashboard: string }) {
  const { dashboard, days, timeZone, compare, siteId } = asked;
  return queryOptions({
    queryKey: ['tiles', dashboard, days, compare, siteId],
    queryFn: async ({ signal }): Promise<ShownDashboard> => {
      const query = { from: days.from, to: days.to, timeZone, site: siteId ?? null };
      const asText = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== null));
      const [shown, answers] = await Promise.all([
        kilde().GET('/api/v1/dashboards/{id}', { params: { path: { id: dashboard } }, signal }),
        kilde().GET('/api/v1/dashboards/{id}/answers', {
          params: { path: { id: dashboard }, query: asText as never },
          signal,
        }),
      ]);
      const found = shown.data as unknown as Omit<ShownDashboard, 'etag' | 'tiles'> & { tiles: Tile[] };
      const { tiles: answered } = answers.data as unknown as { tiles: Array<{ answer: Report | null }> };
      return {
        ...found,
        etag: shown.response.headers.get('etag'),
        tiles: found.tiles.map((tile, place) => ({ ...tile, answer: answered[place]?.answer ?? null })),
      };
    },
  });
}

/** The answer of a tile that is not part of a dashboard yet. */
export function addedTileQuery({
  id,
  days,
  timeZone,
  siteId,
}: Pick<Asked, 'days' | 'timeZone' | 'siteId'> & { id: string }) {
  return queryOptions({
    queryKey: ['tile', id, days, siteId],
    queryFn: async ({ signal }) => {
      const query = {
        ...(days.from === null ? {} : { from: days.from }),
        to: days.to,
        timeZone,
        ...(siteId === undefined ? {} : { site: siteId }),
      };
      const { data } = await kilde().GET('/api/v1/reports/{id}', {
        params: { path: { id }, query: query as never },
        signal,
      });
      return data as unknown as Report;
    },
  });
}

export type AnsweredTile = Tile & { answer: Report | null };
