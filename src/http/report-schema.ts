import * as z from 'zod';
import { KildeError } from '../domain/errors.ts';
import { dimensionNames, grains } from '../domain/reports/dimensions.ts';
import { measureNames } from '../domain/reports/measures.ts';
import { reportModels } from '../domain/reports/models.ts';
import { periodWords } from '../domain/reports/relative-period.ts';
import { comparePeriods, maxReportRows } from '../domain/reports/query.ts';
import { maxPageSize } from './paging.ts';
import { parseInput } from './parse-input.ts';
import { criteriaInput } from './segment-schema.ts';
import { timeZoneName } from './shapes.ts';

const name = z.string().max(100);
const filterValue = z.string().max(255).nullable();

/** A report as it is asked for. Its types are checked here, its sense by `parseReport`. */
export const reportQuery = z.strictObject({
  measures: z.array(name).min(1).max(measureNames.length).describe(measureNames.join(', ')),
  dimensions: z
    .array(name)
    .max(10)
    .nullable()
    .optional()
    .describe([...dimensionNames, ...grains].join(', ')),
  attribution: z
    .union([name, z.array(name).max(reportModels.length)])
    .nullable()
    .optional()
    .describe(`One of ${reportModels.join(', ')}; or a list of them, told side by side`),
  period: z
    .strictObject({
      from: z.string().max(30).nullable().optional().describe('First day; without it, everything before'),
      to: z.string().max(30).nullable().optional().describe('Last day, included; without it, today'),
      relative: name
        .nullable()
        .optional()
        .describe(`A period that moves with today: ${periodWords.join(', ')}`),
    })
    .nullable()
    .optional()
    .describe('Days, or a word for days; null: all time'),
  timeZone: timeZoneName.nullable().optional(),
  grain: z
    .enum(grains)
    .nullable()
    .optional()
    .describe('A row for each part of the period, also where there is nothing in it'),
  compare: z.enum(comparePeriods).nullable().optional(),
  entity: z.enum(['person', 'company']).nullable().optional(),
  where: criteriaInput.nullable().optional(),
  filter: z
    .record(name, z.union([filterValue, z.array(filterValue).max(1_000)]))
    .nullable()
    .optional()
    .describe('Values of dimensions that are kept; null is unknown'),
  sort: z
    .array(z.strictObject({ field: name, direction: z.enum(['asc', 'desc']).default('desc') }))
    .max(5)
    .nullable()
    .optional(),
  limit: z
    .number()
    .int()
    .min(1)
    .max(maxReportRows)
    .nullable()
    .optional()
    .describe('Groups shown; the rest stand together as "other"'),
  showEmpty: z
    .boolean()
    .nullable()
    .optional()
    .describe('A row for each value of the one dimension leadStatus or category, also with nothing in it'),
  level: z.enum(['person', 'account']).nullable().optional(),
  lookBackDays: z.number().min(0).max(3_650).nullable().optional(),
  halfLifeDays: z.number().min(0.001).max(3_650).nullable().optional(),
  currency: z.string().max(3).nullable().optional(),
  asOf: z.string().max(40).nullable().optional().describe('A day, its end included, or a moment'),
});

const line = z.looseObject({}).describe('Measures by name; of several models, by model and name');
const label = z.object({ en: z.string(), no: z.string() });

export const reportAnswer = z.object({
  rows: z.array(line),
  other: line.nullable(),
  totals: line,
  series: z.array(line).optional(),
  query: z.looseObject({}).describe('The report as it ran'),
  measures: z.record(
    z.string(),
    z.object({
      label,
      description: z.string(),
      kind: z.string(),
      basis: z.array(z.string()),
      numerator: z.string().optional(),
      denominator: z.array(z.string()).optional(),
    }),
  ),
  unconverted: z
    .array(z.object({ amount: z.union([z.number(), z.string()]), currency: z.string(), count: z.number().int() }))
    .describe('Amounts left out, since no exchange rate is known for their day'),
  notes: z.array(z.looseObject({ code: z.string(), message: z.string() })).describe('Why a number is missing'),
  findings: z
    .array(z.looseObject({ kind: z.enum(['difference', 'share', 'change']), measure: z.string() }))
    .describe('What differs from the rest, what brings most and what has changed, as numbers'),
  moreGroups: z.number().int(),
  generatedAt: z.iso.datetime(),
});

/** What a report is run with beside its definition, in a query string. */
export const reportParameters = z.strictObject({
  from: z.string().max(30).optional().describe('First day; without it, everything before'),
  to: z.string().max(30).optional().describe('Last day, included; without it, today'),
  period: z
    .string()
    .max(30)
    .optional()
    .describe(`In place of from and to: ${periodWords.join(', ')}`),
  form: z.string().max(255).optional().describe('Id of a form: only what it brought'),
  timeZone: timeZoneName.optional(),
  compare: z.enum(comparePeriods).optional(),
  grain: z.enum(grains).optional(),
  attribution: z.string().max(200).optional().describe('A model, or several separated by commas'),
  level: z.enum(['person', 'account']).optional(),
  currency: z.string().max(3).optional(),
  asOf: z.string().max(40).optional(),
  limit: z.coerce.number().int().min(1).max(maxReportRows).optional(),
  filter: z.string().max(20_000).optional().describe('JSON, as in POST /reports/query'),
  where: z.string().max(20_000).optional().describe('JSON, as in POST /reports/query'),
});

/** How a report is answered. */
export const reportFormats = z.strictObject({
  format: z.enum(['json', 'csv']).optional(),
  heads: z
    .enum(['names', 'labels'])
    .default('names')
    .describe('CSV by field names; or by labels in a language, with the rest and the totals, as it is sent to people'),
  language: z.enum(['en', 'no']).default('en').describe('Of labels'),
});

/** A report asked for in a query string alone. */
export const flatReportParameters = reportParameters.extend({
  measures: z
    .string()
    .max(2_000)
    .describe(`Separated by commas: ${measureNames.join(', ')}`),
  dimensions: z
    .string()
    .max(1_000)
    .optional()
    .describe(`Separated by commas: ${[...dimensionNames, ...grains].join(', ')}`),
  entity: z.enum(['person', 'company']).optional().describe('Whom `where` is about'),
  sort: z.string().max(500).optional().describe('Measures and dimensions; behind a minus, the greatest first'),
  lookBackDays: z.coerce.number().min(0).max(3_650).optional(),
  halfLifeDays: z.coerce.number().min(0.001).max(3_650).optional(),
  cursor: z.string().max(500).optional(),
  format: z.enum(['json', 'csv']).optional(),
});

export const flatReportAnswer = z.object({
  rows: z
    .array(z.record(z.string(), z.union([z.string(), z.number(), z.null()])))
    .describe('Plain values: a rate as its value, money as `revenue` and `revenueCurrency`'),
  nextCursor: z.string().nullable(),
});

const groupValue = z.union([
  z.string().max(2_000),
  z.null(),
  z.array(z.string().max(255)).max(1_000),
  z.object({ id: z.string().max(255), name: z.string().max(2_000).optional() }),
]);

/** One number of a report, whose rows are asked for. */
export const rowsBody = z.strictObject({
  query: reportQuery,
  group: z
    .record(name, groupValue)
    .nullable()
    .default({})
    .transform((group) => group ?? {})
    .describe('Dimensions of a row with their values, the part of time among them; those left out hold any value'),
  measure: name.describe(measureNames.join(', ')),
  model: name.optional().describe('One of the models; the first of the report where unset'),
  previous: z.boolean().default(false).describe('Of the period compared with'),
  limit: z.number().int().min(1).max(maxPageSize).default(50),
  cursor: z.string().max(500).nullable().optional(),
});

const credited = z.object({ amount: z.union([z.number(), z.string()]).nullable(), currency: z.string().nullable() });

export const rowsAnswer = z.object({
  entity: z.enum(['person', 'submission', 'deal', 'cost', 'visit', 'value']),
  items: z
    .array(z.looseObject({}))
    .describe(
      'Records as their own lists have them, with `credit`, `credited`, `inNumerator` or `days` where the number has them',
    ),
  nextCursor: z.string().nullable(),
  count: z.number().int().describe('Rows; of visits, how many'),
  credit: z.number().optional().describe('Of all rows, under models that share credit'),
  credited: credited.optional().describe('Money of all rows, of measures of money'),
  inNumerator: z.number().int().optional().describe('Rows in the numerator, of rates'),
});

/** What stood as JSON in a query string is held to the same shapes as a body. */
export function checkReportQuery(query: unknown): z.output<typeof reportQuery> {
  return parseInput({ schema: reportQuery, value: query, root: 'body' }) as z.output<typeof reportQuery>;
}

/** Runs what reads a report from a query string: faults are located there, and not in a body. */
export async function inQuery<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof KildeError) || error.errors.length === 0) throw error;
    const located = (text: string) =>
      text.replaceAll('body.period.relative', 'query.period').replaceAll(/body\.(period\.(?=from|to))?/g, 'query.');
    throw new KildeError(
      error.code,
      located(error.message),
      error.errors.map((one) => ({ ...one, location: located(one.location) })),
    );
  }
}
