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
] as const;
export type Dimension = (typeof knownDimensions)[number];

/** Neither carries credit: they are the same by every model. */
export const withoutModel: ReadonlySet<string> = new Set(['visits', 'cost']);
export const rateMeasures: ReadonlySet<string> = new Set(['leadToDealRate', 'winRate']);
export const moneyMeasures: ReadonlySet<string> = new Set(['revenue', 'pipeline', 'cost']);

const defaults = { measures: 'leads,leadsWithDeal,leadToDealRate,revenue', dimensions: 'source,medium' };
const maxModels = 4;

function listOf<Name extends string>(text: string | undefined, known: readonly Name[], unset: string): Name[] {
  const named = (value: string): Name[] => value.split(',').flatMap((name) => known.filter((one) => one === name));
  const asked = named(text ?? unset);
  return asked.length === 0 ? named(unset) : [...new Set(asked)];
}

export function readQuestion(search: Search): Question {
  const measures = listOf(search['measures'], knownMeasures, defaults.measures);
  const dimensions = listOf(search['dimensions'], knownDimensions, defaults.dimensions);
  const attribution = listOf(search['attribution'], models, 'leadCreation').slice(0, maxModels);
  const filter: Record<string, string[]> = {};
  for (const dimension of knownDimensions) {
    const value = search[`filter.${dimension}`];
    if (value !== undefined) filter[dimension] = value.split(',');
  }
  const sort = search['sort'] ?? `-${measures[0]}`;
  const field = sort.replace(/^-/, '');
  return {
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

/** What is left out where it is the default. */
export function writeList(name: 'measures' | 'dimensions' | 'attribution', values: readonly string[]): Search {
  const text = values.join(',');
  const unset = name === 'attribution' ? 'leadCreation' : defaults[name];
  return { [name]: text === unset ? undefined : text };
}
