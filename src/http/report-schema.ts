import * as z from 'zod';
import { dimensionNames, grains } from '../domain/reports/dimensions.ts';
import { measureNames } from '../domain/reports/measures.ts';
import { reportModels } from '../domain/reports/models.ts';
import { comparePeriods, maxReportRows } from '../domain/reports/query.ts';
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
      from: z.string().max(30).nullable().optional(),
      to: z.string().max(30).nullable().optional(),
      op: name.nullable().optional(),
      unit: z.enum(grains).nullable().optional(),
      count: z.number().int().nullable().optional(),
    })
    .nullable()
    .optional()
    .describe(
      '{ from, to }: days, the last included; { op: this | previous | thisAndPrevious, unit, count }; { op: lastDays, count }; null: all time',
    ),
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
    .array(z.strictObject({ by: name, direction: z.enum(['asc', 'desc']).default('desc') }))
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
  unconverted: z.array(
    z.object({ currency: z.string(), amounts: z.number(), minor: z.union([z.number(), z.string()]) }),
  ),
  notes: z.array(z.object({ code: z.string(), message: z.string() })),
  moreGroups: z.number().int(),
  generatedAt: z.iso.datetime(),
});
