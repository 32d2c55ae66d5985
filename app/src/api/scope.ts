import { addDays, addMonths, addYears, endOfMonth, startOfMonth, startOfQuarter, startOfYear } from './days.ts';
import type { Search } from './search.ts';

/** What the bar chooses: it is the same on every screen that counts something. Defaults are left out of the address. */
export type Scope = {
  site: string | undefined;
  /** A preset, or `custom` with days of its own. */
  period: Preset | 'custom';
  from: string | undefined;
  to: string | undefined;
  compare: Compare;
  attribution: Model;
};

export const presets = [
  'today',
  'yesterday',
  'last7Days',
  'last30Days',
  'thisMonth',
  'previousMonth',
  'thisQuarter',
  'thisYear',
  'previousYear',
  'all',
] as const;
export type Preset = (typeof presets)[number];

export const comparisons = ['none', 'previousPeriod', 'previousYear'] as const;
export type Compare = (typeof comparisons)[number];

export const models = [
  'firstTouch',
  'leadCreation',
  'lastTouch',
  'linear',
  'positionBased',
  'timeDecay',
  'markov',
  'shapley',
] as const;
export type Model = (typeof models)[number];

/** Names of the address that the bar keeps from screen to screen. */
const scopeNames = ['site', 'period', 'from', 'to', 'compare', 'attribution'] as const;

const day = /^\d{4}-\d{2}-\d{2}$/;

/** Reads the scope; a value that nothing knows counts as left out. */
export function readScope(search: Search): Scope {
  const oneOf = <Name extends string>(names: readonly Name[], value: string | undefined): Name | undefined =>
    names.find((name) => name === value);
  const [from, to] = [search['from'], search['to']].map((text) => (text && day.test(text) ? text : undefined));
  return {
    site: search['site'],
    period: from !== undefined || to !== undefined ? 'custom' : (oneOf(presets, search['period']) ?? 'thisYear'),
    from,
    to,
    compare: oneOf(comparisons, search['compare']) ?? 'previousYear',
    attribution: models.find((model) => model === firstModel(search['attribution'])) ?? 'leadCreation',
  };
}

/** Of several models side by side: lead creation, where it is among them. */
function firstModel(text: string | undefined): string | undefined {
  const names = text?.split(',') ?? [];
  return names.includes('leadCreation') ? 'leadCreation' : names[0];
}

/** The part of an address that leads on to another screen. A list of models is of one screen alone. */
export function keepScope(search: Search): Search {
  const kept: Search = {};
  for (const name of scopeNames) if (search[name] !== undefined) kept[name] = search[name];
  if (kept['attribution']?.includes(',')) delete kept['attribution'];
  return kept;
}

/** What a choice writes into the address. */
export function scopeToSearch({ period, from, to, compare, attribution }: Partial<Scope>): Search {
  return {
    ...(period === undefined ? {} : { period: period === 'thisYear' || period === 'custom' ? undefined : period }),
    ...(period === undefined ? {} : { from: period === 'custom' ? from : undefined }),
    ...(period === undefined ? {} : { to: period === 'custom' ? to : undefined }),
    ...(compare === undefined ? {} : { compare: compare === 'previousYear' ? undefined : compare }),
    ...(attribution === undefined ? {} : { attribution: attribution === 'leadCreation' ? undefined : attribution }),
  };
}

/** Days, both included. Without `from`: from the beginning. */
export type Days = { from: string | null; to: string };

/**
 * The days of a scope. What is not over yet ends with today, so that a comparison sets the same days of another year beside it, not all of
 * that year.
 */
export function daysOf({ period, from, to }: Pick<Scope, 'period' | 'from' | 'to'>, today: string): Days {
  switch (period) {
    case 'custom': {
      return { from: from ?? null, to: to ?? today };
    }
    case 'today': {
      return { from: today, to: today };
    }
    case 'yesterday': {
      return { from: addDays(today, -1), to: addDays(today, -1) };
    }
    case 'last7Days': {
      return { from: addDays(today, -6), to: today };
    }
    case 'last30Days': {
      return { from: addDays(today, -29), to: today };
    }
    case 'thisMonth': {
      return { from: startOfMonth(today), to: today };
    }
    case 'previousMonth': {
      return { from: addMonths(startOfMonth(today), -1), to: addDays(startOfMonth(today), -1) };
    }
    case 'thisQuarter': {
      return { from: startOfQuarter(today), to: today };
    }
    case 'thisYear': {
      return { from: startOfYear(today), to: today };
    }
    case 'previousYear': {
      return { from: addYears(startOfYear(today), -1), to: addDays(startOfYear(today), -1) };
    }
    case 'all': {
      return { from: null, to: today };
    }
  }
}

/** The days compared with, as the API reckons them: as many whole months before, else as many days. Null where there are none. */
export function comparedDays({ from, to }: Days, compare: Compare): Days | null {
  if (from === null || compare === 'none') return null;
  if (compare === 'previousYear') return { from: addYears(from, -1), to: addYears(to, -1) };
  if (from === startOfMonth(from) && to === endOfMonth(to)) {
    const months = monthsBetween(from, to) + 1;
    return { from: addMonths(from, -months), to: addDays(from, -1) };
  }
  const count = Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000) + 1;
  return { from: addDays(from, -count), to: addDays(from, -1) };
}

/** Whether the data reaches back far enough to compare with these days: at most a tenth of them is before its first day. */
export function hasDataFor({ from, to }: Days, firstDay: string | null): boolean {
  if (firstDay === null) return false;
  if (from === null || from >= firstDay) return true;
  const dayMs = 86_400_000;
  const [start, first, end] = [Date.parse(from), Date.parse(firstDay), Date.parse(to) + dayMs];
  return (first - start) / (end - start) <= 0.1;
}

function monthsBetween(from: string, to: string): number {
  return (Number(to.slice(0, 4)) - Number(from.slice(0, 4))) * 12 + Number(to.slice(5, 7)) - Number(from.slice(5, 7));
}
