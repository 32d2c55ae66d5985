import * as z from 'zod';
import { KildeError } from '../domain/errors.ts';
import { grains } from '../domain/reports/dimensions.ts';
import { measureNames } from '../domain/reports/measures.ts';
import { reportModels } from '../domain/reports/models.ts';
import { comparePeriods, maxReportRows } from '../domain/reports/query.ts';
import { maxPageSize } from './paging.ts';
import { parseInput } from './parse-input.ts';
import { criteriaInput } from './segment-schema.ts';
import { timeZoneName } from './shapes.ts';

const name = z.string().max(100);
// Described as the enumerations that they are (tools/openapi/names-of-reports.ts); what is unknown is refused with the nearest names.
const measure = name.meta({ id: 'Measure' });
const dimension = name.meta({ id: 'Dimension' });
const model = name.meta({ id: 'Model' });
const periodWord = name.meta({ id: 'PeriodWord' });
const filterValue = z.string().max(255).nullable();

/** A report as it is asked for. Its types are checked here, its sense by `parseReport`. */
export const reportQuery = z.strictObject({
  measures: z.array(measure).min(1).max(measureNames.length),
  dimensions: z.array(dimension).max(10).nullable().optional(),
  attribution: z
    .union([model, z.array(model).max(reportModels.length)])
    .nullable()
    .optional(),
  period: z
    .strictObject({
      from: z.string().max(30).nullable().optional().describe('First day; unset: the first of all'),
      to: z.string().max(30).nullable().optional().describe('Last day, included; unset: today'),
      relative: periodWord.nullable().optional(),
    })
    .nullable()
    .optional()
    .describe('Days; null: all time'),
  timeZone: timeZoneName.nullable().optional(),
  grain: z.enum(grains).nullable().optional().describe('A row for each part of the period'),
  compare: z.enum(comparePeriods).nullable().optional(),
  entity: z.enum(['person', 'company']).nullable().optional(),
  where: criteriaInput.nullable().optional(),
  filter: z
    .record(name, z.union([filterValue, z.array(filterValue).max(1_000)]))
    .nullable()
    .optional()
    .describe('Values kept; null: unknown'),
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
    .describe('Groups shown; the rest are "other"'),
  showEmpty: z.boolean().nullable().optional().describe('Whether empty rows are shown'),
  level: z.enum(['person', 'account']).nullable().optional(),
  lookBackDays: z.number().min(0).max(3_650).nullable().optional(),
  halfLifeDays: z.number().min(0.001).max(3_650).nullable().optional(),
  currency: z.string().max(3).nullable().optional(),
  asOf: z.string().max(40).nullable().optional().describe('A day, its end included, or a moment'),
});

const line = z.looseObject({}).describe('Measures by name, or by model and name');
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
    .describe('Amounts without an exchange rate'),
  notes: z.array(z.looseObject({ code: z.string(), message: z.string() })).describe('Why a number is missing'),
  findings: z
    .array(z.looseObject({ kind: z.enum(['difference', 'share', 'change']), measure: z.string() }))
    .describe('What stands out, as numbers'),
  moreGroups: z.number().int(),
  generatedAt: z.iso.datetime(),
});

/** What a report is run with beside its definition, in a query string. */
export const reportParameters = z.strictObject({
  from: z.string().max(30).optional().describe('First day; unset: the first of all'),
  to: z.string().max(30).optional().describe('Last day, included; unset: today'),
  period: periodWord.optional(),
  form: z.string().max(255).optional().describe('Id of a form'),
  site: z.string().max(255).optional().describe('A site, by id or name'),
  timeZone: timeZoneName.optional(),
  compare: z.enum(comparePeriods).optional(),
  grain: z.enum(grains).optional(),
  attribution: z.string().max(200).optional().describe('Models with commas between'),
  level: z.enum(['person', 'account']).optional(),
  currency: z.string().max(3).optional(),
  asOf: z.string().max(40).optional(),
  limit: z.coerce.number().int().min(1).max(maxReportRows).optional(),
  filter: z.string().max(20_000).optional().describe('JSON, as of POST'),
  where: z.string().max(20_000).optional().describe('JSON, as of POST'),
});

/** How a report is answered. */
export const reportFormats = z.strictObject({
  format: z.enum(['json', 'csv']).optional(),
  heads: z.enum(['names', 'labels']).default('names').describe('CSV by names of fields, or by labels with totals'),
  language: z.enum(['en', 'no']).default('en').describe('Of labels'),
});

/** A report asked for in a query string alone. */
export const flatReportParameters = reportParameters.extend({
  measures: z.string().max(2_000).describe('Measures with commas between'),
  dimensions: z.string().max(1_000).optional().describe('Dimensions with commas between'),
  entity: z.enum(['person', 'company']).optional().describe('Whom `where` is about'),
  sort: z.string().max(500).optional().describe('Measures, dimensions; `-`: descending'),
  lookBackDays: z.coerce.number().min(0).max(3_650).optional(),
  halfLifeDays: z.coerce.number().min(0.001).max(3_650).optional(),
  cursor: z.string().max(500).optional(),
  format: z.enum(['json', 'csv']).optional(),
});

export const flatReportAnswer = z.object({
  rows: z.array(z.record(z.string(), z.union([z.string(), z.number(), z.null()]))).describe('Plain values by name'),
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
    .describe('Dimensions with their values; others hold any'),
  measure,
  model: model.optional().describe('A model; unset: the first'),
  previous: z.boolean().default(false).describe('Of the period compared with'),
  limit: z.number().int().min(1).max(maxPageSize).default(50),
  cursor: z.string().max(500).nullable().optional(),
});

const credited = z.object({ amount: z.union([z.number(), z.string()]).nullable(), currency: z.string().nullable() });

export const rowsAnswer = z.object({
  entity: z.enum(['person', 'submission', 'deal', 'cost', 'visit', 'value']),
  items: z.array(z.looseObject({})).describe('Records, with their credit'),
  nextCursor: z.string().nullable(),
  count: z.number().int().describe('Rows; of visits, how many'),
  credit: z.number().optional().describe('Credit of all rows'),
  credited: credited.optional().describe('Money of all rows'),
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
