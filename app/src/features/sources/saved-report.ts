import { queryOptions } from '@tanstack/react-query';
import { addDays } from '../../api/days.ts';
import { kilde } from '../../api/client.ts';
import { presets } from '../../api/scope.ts';
import type { Days, Scope } from '../../api/scope.ts';
import type { Search } from '../../api/search.ts';

type Label = { en: string; no: string };
type Period = { from?: string | null; to?: string | null; relative?: string };
export type SavedQuery = {
  measures?: string[];
  dimensions?: string[];
  attribution?: string | string[] | null;
  filter?: Record<string, Array<string | null> | string | null> | null;
  sort?: Array<{ field: string; direction: 'asc' | 'desc' }> | null;
  period?: Period | null;
} & Record<string, unknown>;
export type Definition = { id: string; kind: 'preset' | 'saved'; name: Label; query: SavedQuery };

export function definitionQuery(id: string) {
  return queryOptions({
    queryKey: ['reports', id],
    queryFn: async ({ signal }): Promise<Definition> => {
      const { data } = await kilde().GET('/api/v1/reports/{id}/definition', { params: { path: { id } }, signal });
      return data as unknown as Definition;
    },
  });
}

/** A saved question as the address would write it: what the address leaves out is read from here. */
export function searchOf({ measures, dimensions, attribution, filter, sort }: SavedQuery): Search {
  const base: Search = {};
  if (measures !== undefined && measures.length > 0) base['measures'] = measures.join(',');
  if (dimensions !== undefined && dimensions.length > 0) base['dimensions'] = dimensions.join(',');
  if (attribution != null) base['attribution'] = [attribution].flat().join(',');
  const [first] = sort ?? [];
  if (first !== undefined) base['sort'] = `${first.direction === 'desc' ? '-' : ''}${first.field}`;
  for (const [name, values] of Object.entries(filter ?? {})) {
    const known = [values].flat().filter((value) => typeof value === 'string');
    if (known.length > 0) base[`filter.${name}`] = known.join(',');
  }
  return base;
}

/** The period of a saved report as the bar has it; of presets the bar's own stays. */
export function periodOf({ period }: SavedQuery, today: string): Search {
  if (period == null) return {};
  const { relative, from, to } = period;
  if (relative === undefined) return { ...(from == null ? {} : { from }), ...(to == null ? {} : { to }) };
  const preset = presets.find((name) => name === relative);
  if (preset !== undefined) return preset === 'thisYear' ? {} : { period: preset };
  const count = Number(/^last(\d+)Days$/.exec(relative)?.[1]);
  return Number.isInteger(count) ? { from: addDays(today, 1 - count), to: today } : {};
}

/** The period to save: one that moves with today where the bar has one. */
export function periodToSave(scope: Pick<Scope, 'period'>, days: Days): Period {
  return scope.period === 'custom' ? { from: days.from, to: days.to } : { relative: scope.period };
}

/** What a saved query asks beside what the screen shows of it: kept as it is when the report runs or is saved again. */
export function restOf(query: SavedQuery): Record<string, unknown> {
  const { measures: _m, dimensions: _d, attribution: _a, filter: _f, sort: _s, period: _p, ...rest } = query;
  const { timeZone: _z, compare: _c, limit: _l, grain: _g, ...kept } = rest;
  return Object.fromEntries(Object.entries(kept).filter(([, value]) => value != null));
}

export type Every = 'day' | 'workday' | 'week' | 'month';

/** A cron expression of a choice in words. Monday is 1. */
export function cronOf({ every, weekday, time }: { every: Every; weekday: number; time: string }): string {
  const [hour = 8, minute = 0] = time.split(':').map(Number);
  const days = { day: '* * *', workday: '* * 1-5', week: `* * ${weekday}`, month: '1 * *' }[every];
  return `${minute} ${hour} ${days}`;
}
