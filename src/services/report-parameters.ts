import { parseJson } from '../domain/parse-json.ts';
import { invalidInput } from '../domain/errors.ts';
import type { ReportInput } from '../domain/reports/parse-report.ts';

/** What a report by its id is run with besides, as a query string has it. */
export type ReportParameters = {
  [Name in (typeof parameterNames)[number]]?: (Name extends 'limit' ? number | string : string) | undefined;
};

export const parameterNames = [
  'from',
  'to',
  'form',
  'timeZone',
  'compare',
  'grain',
  'attribution',
  'level',
  'currency',
  'asOf',
  'limit',
  'filter',
  'where',
] as const;

/**
 * A report's query with parameters in place of what it says itself.
 * @throws KildeError `invalid_input` where a parameter is no JSON that has to be.
 */
export function withParameters(query: ReportInput, parameters: ReportParameters): ReportInput {
  const { from, to, form, attribution, filter, where, limit, ...plain } = parameters;
  const given = Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== undefined));
  const period = from === undefined && to === undefined ? {} : { period: { from: from ?? null, to: to ?? null } };
  return {
    ...query,
    ...(given as Partial<ReportInput>),
    ...period,
    ...(limit === undefined ? {} : { limit: Number(limit) }),
    ...(attribution === undefined
      ? {}
      : { attribution: attribution.includes(',') ? attribution.split(',') : attribution }),
    ...(filter === undefined && form === undefined
      ? {}
      : {
          filter: {
            ...query.filter,
            ...(filter === undefined ? {} : (readJson(filter, 'filter') as NonNullable<ReportInput['filter']>)),
            ...(form === undefined ? {} : { form: [form] }),
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
    // Told below.
  }
  throw invalidInput([{ location: `body.${name}`, message: 'must be a JSON object' }]);
}
