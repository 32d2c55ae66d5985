import { models } from '../../api/scope.ts';
import type { Model } from '../../api/scope.ts';
import type { Search } from '../../api/search.ts';

/** What the address asks for. Names are those of the API; a filter is `filter.<dimension>`. */
export type Question = {
  measures: string[];
  dimensions: string[];
  attribution: Model[];
  filter: Record<string, string[]>;
  sort: { field: string; direction: 'asc' | 'desc' };
  why: { group: Record<string, string | null>; measure: string; model: Model } | null;
  /** What the saved report asks, as an address; empty of a question that is not saved. */
  base: Search;
};

export const knownMeasures = [
  'visits',
  'leads',
  'leadsQualified',
  'leadsWithDeal',
  'leadToDealRate',
  'deals',
  'wonDeals',
  'winRate',
  'revenue',
  'pipeline',
  'cost',
  'returnOnAdSpend',
  'leadsWon',
  'submissions',
  'conversions',
  'openDeals',
  'lostDeals',
  'weightedPipeline',
  'leadShare',
  'submissionShare',
  'dealShare',
  'visitToLeadRate',
  'leadToQualifiedRate',
  'leadToWonRate',
  'averageWonDeal',
  'costPerLead',
  'costPerWonDeal',
  'daysToLead',
  'daysToDeal',
  'daysToWin',
] as const;
export type Measure = (typeof knownMeasures)[number];

export const knownDimensions = [
  'channel',
  'source',
  'medium',
  'campaign',
  'term',
  'content',
  'referrerDomain',
  'landingPage',
  'form',
  'country',
  'leadStatus',
  'createdVia',
  'utmId',
  'placement',
  'owner',
  'company',
  'category',
  'selfReported',
  'path',
] as const;
export type Dimension = (typeof knownDimensions)[number];

/** Neither carries credit: they are the same by every model. */
export const withoutModel: ReadonlySet<string> = new Set(['visits', 'cost']);
export const rateMeasures: ReadonlySet<string> = new Set([
  'leadToDealRate',
  'winRate',
  'visitToLeadRate',
  'leadToQualifiedRate',
  'leadToWonRate',
]);
/** A part of all: it has no rest of its own to be compared with. */
export const shareMeasures: ReadonlySet<string> = new Set(['leadShare', 'submissionShare', 'dealShare']);
export const moneyMeasures: ReadonlySet<string> = new Set([
  'revenue',
  'pipeline',
  'weightedPipeline',
  'cost',
  'averageWonDeal',
  'costPerLead',
  'costPerWonDeal',
]);

const defaults = { measures: 'leads,leadsWithDeal,leadToDealRate,revenue', dimensions: 'source,medium' };
const maxModels = 4;

function listOf<Name extends string>(text: string | undefined, known: readonly Name[], unset: string): Name[] {
  const named = (value: string): Name[] => value.split(',').flatMap((name) => known.filter((one) => one === name));
  const asked = named(text ?? unset);
  return asked.length === 0 ? named(unset) : [...new Set(asked)];
}

/** Stands for a filter that the saved report has and the address has not. */
export const noFilter = '*';

/** @param base what a saved report asks: the address says what differs from it. */
export function readQuestion(address: Search, base: Search = {}): Question {
  const search = { ...base, ...address };
  const measures = listOf(search['measures'], knownMeasures, defaults.measures);
  const dimensions = listOf(search['dimensions'], knownDimensions, defaults.dimensions);
  const attribution = listOf(search['attribution'], models, 'leadCreation').slice(0, maxModels);
  const filter: Record<string, string[]> = {};
  for (const dimension of knownDimensions) {
    const value = search[`filter.${dimension}`];
    if (value !== undefined && value !== noFilter) filter[dimension] = value.split(',');
  }
  const sort = search['sort'] ?? `-${measures[0]}`;
  const field = sort.replace(/^-/, '');
  return {
    base,
    measures,
    dimensions,
    attribution,
    filter,
    sort: measures.some((measure) => measure === field)
      ? { field, direction: sort.startsWith('-') ? 'desc' : 'asc' }
      : { field: measures[0] ?? 'leads', direction: 'desc' },
    why: readWhy(
      search['why'],
      dimensions,
      attribution.includes('leadCreation') ? 'leadCreation' : (attribution[0] ?? 'leadCreation'),
    ),
  };
}

/** `newsletter,email:leadsWithDeal`, with a model behind a further colon. An empty value is unknown. */
function readWhy(text: string | undefined, dimensions: readonly string[], model: Model): Question['why'] {
  const [, values, measure, named] = /^(.*?):(\w+)(?::(\w+))?$/.exec(text ?? '') ?? [];
  if (values === undefined || measure === undefined) return null;
  const parts = values.split(',').map((part) => decodeURIComponent(part));
  const group = Object.fromEntries(dimensions.map((name, place) => [name, parts[place] || null]));
  return { group, measure, model: models.find((one) => one === named) ?? model };
}

export function writeWhy({ group, measure, model }: NonNullable<Question['why']>, question: Question): string {
  const values = question.dimensions.map((name) => (group[name] ?? '').replaceAll(/[%,:]/g, encodeURIComponent));
  const isFirst = model === (question.attribution.includes('leadCreation') ? 'leadCreation' : question.attribution[0]);
  return `${values.join(',')}:${measure}${isFirst ? '' : `:${model}`}`;
}

/** What is left out where it is the default, or what the saved report has. */
export function writeList(
  name: 'measures' | 'dimensions' | 'attribution',
  values: readonly string[],
  base: Search = {},
): Search {
  const text = values.join(',');
  const unset = base[name] ?? (name === 'attribution' ? 'leadCreation' : defaults[name]);
  return { [name]: text === unset ? undefined : text };
}

/** Whether the address asks for something else than the saved report. */
export function isChangedFrom(search: Search, base: Search): boolean {
  return Object.entries(search).some(
    ([name, value]) =>
      /^(?:measures|dimensions|attribution|sort|filter\..+)$/.test(name) && value !== undefined && value !== base[name],
  );
}
