import { parseJson } from '../../domain/parse-json.ts';
import { invalidInput } from '../../domain/errors.ts';
import type { ReportInput } from '../../domain/reports/parse-report.ts';

/** What a report by its id is run with besides, as a query string has it. */
export type ReportParameters = {
  from?: string | undefined;
  to?: string | undefined;
  period?: string | undefined;
  form?: string | undefined;
  site?: string | undefined;
  timeZone?: string | undefined;
  compare?: string | undefined;
  grain?: string | undefined;
  attribution?: string | undefined;
  level?: string | undefined;
  currency?: string | undefined;
  asOf?: string | undefined;
  limit?: number | string | undefined;
  filter?: string | undefined;
  where?: string | undefined;
};

/**
 * A report's query with parameters in place of what it says itself.
 * @throws KildeError `invalid_input` where a parameter is no JSON that has to be.
 */
export function withParameters(query: ReportInput, parameters: ReportParameters): ReportInput {
  const { from, to, period: word, form, site, attribution, filter, where, limit, ...plain } = parameters;
  const given = Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== undefined));
  const days = { from: from ?? null, to: to ?? null, relative: word ?? null };
  const period = Object.values(days).every((one) => one === null) ? {} : { period: days };
  return {
    ...query,
    ...(given as Partial<ReportInput>),
    ...period,
    ...(limit === undefined ? {} : { limit: Number(limit) }),
    ...(attribution === undefined
      ? {}
      : { attribution: attribution.includes(',') ? attribution.split(',') : attribution }),
    ...(filter === undefined && form === undefined && site === undefined
      ? {}
      : {
          filter: {
            ...query.filter,
            ...(filter === undefined ? {} : (readJson(filter, 'filter') as NonNullable<ReportInput['filter']>)),
            ...(form === undefined ? {} : { form: [form] }),
            ...(site === undefined ? {} : { site: [site] }),
          },
        }),
    ...(where === undefined ? {} : { where: readJson(where, 'where') }),
  };
}

function readJson(text: string, name: string): unknown {
  try {
    const value = parseJson(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Reported below.
  }
  throw invalidInput([{ location: `body.${name}`, message: 'must be a JSON object' }]);
}

/** What a report is asked by in a query string alone. */
export type QueryParameters = Omit<ReportParameters, 'limit'> & {
  measures: string;
  dimensions?: string | undefined;
  entity?: 'person' | 'company' | undefined;
  /** Names separated by commas, those behind a minus the greatest first. */
  sort?: string | undefined;
  lookBackDays?: number | undefined;
  halfLifeDays?: number | undefined;
};

/** A report's query as a query string has it. @throws KildeError `invalid_input`. */
export function readQueryParameters(parameters: QueryParameters): ReportInput {
  const { measures, dimensions, entity, sort, lookBackDays, halfLifeDays, ...rest } = parameters;
  const listed = (text: string) => text.split(',').map((name) => name.trim());
  return withParameters(
    {
      measures: listed(measures),
      ...(dimensions ? { dimensions: listed(dimensions) } : {}),
      ...(entity ? { entity } : {}),
      ...(sort ? { sort: listed(sort).map(readSortName) } : {}),
      ...(lookBackDays === undefined ? {} : { lookBackDays }),
      ...(halfLifeDays === undefined ? {} : { halfLifeDays }),
    },
    rest,
  );
}

function readSortName(name: string): { field: string; direction: 'asc' | 'desc' } {
  return name.startsWith('-') ? { field: name.slice(1), direction: 'desc' } : { field: name, direction: 'asc' };
}
