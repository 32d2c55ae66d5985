import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { bounds } from '../../domain/bounds.ts';
import type { DimensionName } from '../../domain/reports/dimensions.ts';
import { dimensions } from '../../domain/reports/dimensions.ts';
import type { ReportTime } from '../../domain/reports/facts.ts';
import { medians, measures, quantities, quantitiesOf } from '../../domain/reports/measures.ts';
import type { Basis, Measure, MeasureName, Median, Quantity } from '../../domain/reports/measures.ts';
import { journeyModels, pathSetModels, pointModels } from '../../domain/reports/models.ts';
import type { JourneyModel, PathSetModel, PointModel, ReportModel } from '../../domain/reports/models.ts';
import type { ReportQuery } from '../../domain/reports/query.ts';

/** A number of the statement's answer. `model` is null where it is the same under every model. */
export type Column = {
  name: string;
  quantity: Quantity;
  model: ReportModel | null;
  unit: 'count' | 'credit' | 'minor';
};

export type MedianColumn = { name: string; median: Median; model: PointModel };

/** What a report asks of the database, worked out once. */
export type Plan = {
  query: ReportQuery;
  time: ReportTime;
  now: number;
  dimensions: DimensionName[];
  columns: Column[];
  medians: MedianColumn[];
  models: { point: PointModel[]; journey: JourneyModel[]; pathSet: PathSetModel[] };
  /** Groups that the statement answers; where others are added to them, all there are. */
  limit: number;
  /** Groups passed over before those. */
  offset: number;
  /** Whether there are several buckets, which then are a table of the statement. */
  bucketed: boolean;
  /** Condition on the people or companies asked for, on their own table. */
  where: SQL | null;
};

const own: ReadonlySet<Basis> = new Set(['visit', 'cost', 'newValue']);

export function planReport({ query, time, now, where }: Pick<Plan, 'query' | 'time' | 'now' | 'where'>): Plan {
  const pick = <T extends ReportModel>(some: readonly T[]) => some.filter((one) => query.models.includes(one));
  const models = { point: pick(pointModels), journey: pick(journeyModels), pathSet: pick(pathSetModels) };
  const asked = medianNames(query.measures).filter((one) => canTell(medians[one].basis, query));
  const wanted = [
    // A median's groups are those that its rows are counted in.
    ...new Set([...query.measures.flatMap(quantitiesOf), ...asked.map((one) => counts[one])]),
  ].filter((one) => canTell(quantities[one].basis, query));
  const columns: Column[] = [];
  const add = (quantity: Quantity, model: ReportModel | null, unit: Column['unit']) =>
    columns.push({ name: model === null ? quantity : `${quantity}_${model}`, quantity, model, unit });
  for (const quantity of wanted) {
    const { basis } = quantities[quantity];
    const isMoney = 'money' in quantities[quantity];
    if (own.has(basis)) {
      add(quantity, null, isMoney ? 'minor' : 'count');
      continue;
    }
    for (const model of models.point) {
      if (hasPoint(basis, model)) add(quantity, model, isMoney ? 'minor' : 'count');
    }
    for (const model of models.journey) add(quantity, model, isMoney ? 'minor' : 'credit');
  }
  return {
    query,
    time,
    now,
    dimensions: query.dimensions,
    columns,
    medians: asked
      .flatMap((median) =>
        models.point.filter((model) => hasPoint(medians[median].basis, model)).map((model) => ({ median, model })),
      )
      .map((one) => ({ ...one, name: `${one.median}_${one.model}` })),
    models,
    limit: models.pathSet.length > 0 ? bounds.reportGroups.most : query.limit,
    offset: models.pathSet.length > 0 ? 0 : (query.offset ?? 0),
    bucketed: time.current.length > 1 || time.previous !== null,
    where,
  };
}

/** Which part of the period answered rows are of, and of which period, where there is more than one. */
export const partColumns = ({ bucketed, query: { time } }: Plan, bucket: string, previous: string): SQL[] =>
  bucketed || time ? [sql.raw(`${bucket} AS bucket, ${previous} AS previous`)] : [];

/** The quantity that counts the rows of a median. */
export const counts = { daysToLead: 'leads', daysToDeal: 'deals', daysToWin: 'wonDeals' } as const satisfies Record<
  Median,
  Quantity
>;

function medianNames(names: readonly MeasureName[]): Median[] {
  return names.flatMap((name) => {
    const one: Measure = measures[name];
    return one.kind === 'median' ? [one.of] : [];
  });
}

/** A deal has no origin of its own that was in force. */
export function hasPoint(basis: Basis, model: PointModel): boolean {
  return model !== 'conversion' || basis === 'lead' || basis === 'submission';
}

/** Whether a basis can be reported under the report's conditions: visits and costs belong to nobody. */
export function canTell(basis: Basis, { where, filter }: ReportQuery): boolean {
  if (where !== null && own.has(basis)) return false;
  return Object.keys(filter).every((name) => isOf(name as DimensionName, basis));
}

/** Whether a report is of everybody and of today: totals are stored of nothing else. */
export const isOfAll = ({ query: { where, asOf } }: Plan): boolean => where === null && asOf === null;

const filtered = ({ query: { filter } }: Plan): DimensionName[] => Object.keys(filter) as DimensionName[];

/** What a report is grouped and filtered by, and which of that the rows of a basis have. */
export const namesOf = (plan: Plan): DimensionName[] => [...plan.dimensions, ...filtered(plan)];
export const namesIn = (plan: Plan, basis: Basis): DimensionName[] =>
  inRows(plan, basis) ? namesOf(plan) : filtered(plan);

export function isOf(dimension: DimensionName, basis: Basis): boolean {
  return dimensions[dimension].bases.includes(basis);
}

/** Whether a basis has a number in each row of the report; else it stands in the totals alone. */
export function inRows(plan: Plan, basis: Basis): boolean {
  return plan.dimensions.every((one) => isOf(one, basis));
}

/** Whether the rows of a basis are grouped by the path that led to them. */
export function hasPath(plan: Plan, basis: Basis): boolean {
  return plan.dimensions.includes('path') && inRows(plan, basis);
}
