import { KildeError, invalidInput } from '../errors.ts';
import type { InputError } from '../errors.ts';
import { unknownName } from '../unknown-name.ts';
import { parseCriteria } from '../segments/criteria.ts';
import type { Criteria } from '../segments/criteria.ts';
import { allFields, originFields } from '../attribution/origin-fields.ts';
import { createdVia } from '../capture/created-via.ts';
import { addUnits, isDay } from '../segments/days.ts';
import type { FindField } from '../segments/fields.ts';
import { startOfDay } from '../start-of-day.ts';
import { dayInZone } from '../time-zone.ts';
import { dimensions, timeDimensions } from './dimensions.ts';
import type { DimensionName, Grain } from './dimensions.ts';
import { measures, medians, quantities, quantitiesOf } from './measures.ts';
import type { Basis, Measure, MeasureName } from './measures.ts';
import { pathSetModels, pointModels, reportModels } from './models.ts';
import type { ReportModel } from './models.ts';
import { defaultHalfLifeDays } from './models/time-decay.ts';
import { isCurrency } from '../money.ts';
import { isPeriodWord, unknownPeriod } from './relative-period.ts';
import { defaultReportRows, maxDimensions } from './query.ts';
import type { ComparePeriod, ReportPeriod, ReportQuery, ReportSort } from './query.ts';

type Maybe<T> = T | null | undefined;

/** A report as it is asked for: of the right types, its names and their sense not checked. */
export type ReportInput = {
  measures: string[];
  dimensions?: Maybe<string[]>;
  /** A list: several models side by side. */
  attribution?: Maybe<string | string[]>;
  period?: Maybe<{ from?: Maybe<string>; to?: Maybe<string>; relative?: Maybe<string> }>;
  timeZone?: Maybe<string>;
  grain?: Maybe<Grain>;
  compare?: Maybe<ComparePeriod>;
  entity?: Maybe<ReportQuery['entity']>;
  where?: unknown;
  filter?: Maybe<Record<string, string | null | Array<string | null>>>;
  sort?: Maybe<Array<{ field: string; direction: 'asc' | 'desc' }>>;
  /** A row for each value of the one dimension `leadStatus` or `category`, also with nothing in it. */
  showEmpty?: Maybe<boolean>;
  limit?: Maybe<number>;
  level?: Maybe<ReportQuery['level']>;
  lookBackDays?: Maybe<number>;
  halfLifeDays?: Maybe<number>;
  currency?: Maybe<string>;
  /** A day, its end included, or a moment. */
  asOf?: Maybe<string>;
};

const maxFilterText = 255;
const maxFilterValues = 1_000;

/**
 * Reads a report and fills in what it leaves out. All mistakes are reported at once, each with its place.
 * @param site where time zone and look-back window come from, where the report names none: the default one.
 * @throws KildeError `invalid_input`.
 */
export function parseReport(
  input: ReportInput,
  { findField, now, site }: { findField: FindField; now: number; site: Pick<ReportQuery, 'timeZone' | 'lookBackDays'> },
): ReportQuery {
  const errors: InputError[] = [];
  const refuse: Refuse = (location, message, known) =>
    void errors.push({ location, message, ...(known ? { known } : {}) });
  const timeZone = input.timeZone ?? site.timeZone;
  const entity = input.entity ?? 'person';

  const measured = readNames(input.measures, { known: measures, location: 'body.measures', what: 'measure', refuse });
  if (input.measures.length === 0) refuse('body.measures', 'must name at least one measure');
  const grouped = readNames(input.dimensions ?? [], {
    known: { ...dimensions, ...timeDimensions },
    location: 'body.dimensions',
    what: 'dimension',
    refuse,
  });
  const ofTime = grouped.filter((name): name is Grain => name in timeDimensions);
  const others = grouped.filter((name): name is DimensionName => name in dimensions);
  if (others.length > maxDimensions) refuse('body.dimensions', `must be at most ${maxDimensions} beside time`);
  if (ofTime.length > 1) {
    refuse(
      `body.dimensions[${grouped.indexOf(ofTime[1]!)}]`,
      `The report is grouped by ${ofTime[0]} already. Send one part of time.`,
    );
  }
  if (input.grain && ofTime.length > 0)
    refuse('body.grain', `The dimension ${ofTime[0]} groups by time already. Send either the grain or the dimension.`);
  const unit = input.grain ?? ofTime[0];
  const time = unit ? { unit, fill: Boolean(input.grain) } : null;

  const models = readModels(input.attribution ?? 'leadCreation', refuse);
  const pathSet = pathSetModels.filter((model) => models.includes(model));
  if (pathSet.length > 0 && (time || others.some((name) => dimensions[name].kind !== 'origin'))) {
    refuse('body.attribution', `${pathSet.join(' and ')} can be grouped by parts of the origin only, and not by time`);
  }
  if (pathSet.length > 0 && (others.includes('landingPage') || Object.keys(input.filter ?? {}).some(isOfOrigin))) {
    refuse(
      'body.attribution',
      `${pathSet.join(' and ')} credit all paths together: not by landing page, nor by a filter of origins`,
    );
  }
  if (others.includes('path') && models.some((model) => !pointModels.some((point) => point === model))) {
    refuse('body.attribution', `A path is one whole: it goes with ${pointModels.join(', ')}.`);
  }
  if (Object.hasOwn(input.filter ?? {}, 'path')) refuse('body.filter.path', 'A path cannot be filtered by.');

  const query: ReportQuery = {
    measures: measured,
    dimensions: others,
    time,
    models,
    sideBySide: Array.isArray(input.attribution),
    period: readPeriod(input.period ?? null, refuse),
    timeZone,
    compare: input.compare ?? null,
    entity,
    where: null,
    filter: readFilter(input.filter ?? {}, refuse),
    sort: [],
    limit: input.limit ?? defaultReportRows,
    ...(input.showEmpty ? { showEmpty: true } : {}),
    level: input.level ?? 'person',
    lookBackDays: input.lookBackDays ?? site.lookBackDays,
    halfLifeDays: input.halfLifeDays ?? defaultHalfLifeDays,
    currency: input.currency ?? null,
    asOf: readAsOf(input.asOf ?? null, { now, timeZone, refuse }),
  };
  if (input.showEmpty && !(others.length === 1 && (others[0] === 'leadStatus' || others[0] === 'category') && !time)) {
    refuse('body.showEmpty', 'needs one dimension, leadStatus or category, and no part of time');
  }
  query.sort = input.sort ? readSort(input.sort, { query, refuse }) : defaultSort(query);
  if (query.currency !== null && !isCurrency(query.currency)) {
    refuse('body.currency', 'must be a currency of ISO 4217 such as NOK');
  }
  let unnamed = 0;
  try {
    query.where = readWhere(input.where ?? null, { entity, findField });
  } catch (error) {
    if (!(error instanceof KildeError) || error.code !== 'invalid_input') throw error;
    errors.push(...error.errors);
    unnamed = error.more;
  }
  if (errors.length > 0) throw invalidInput(errors, unnamed);
  return query;
}

const isOfOrigin = (name: string): boolean =>
  Object.hasOwn(dimensions, name) && dimensions[name as DimensionName].kind === 'origin';

type Refuse = (location: string, message: string, known?: string[]) => void;

/** Refuses a name that does not exist, with those that do. */
function refuseUnknown(
  refuse: Refuse,
  { at, ...fault }: { at: string; what: string; name: string; known: readonly string[]; owner?: string },
): void {
  const { location, message, known } = unknownName({ location: at, ...fault });
  refuse(location, message, known);
}

/** Names that are known, each once. */
function readNames<T extends string>(
  names: readonly string[],
  {
    known,
    location,
    what,
    refuse,
  }: { known: Readonly<Record<T, unknown>>; location: string; what: string; refuse: Refuse },
): T[] {
  const read = new Set<T>();
  for (const [index, name] of names.entries()) {
    const at = `${location}[${index}]`;
    if (!Object.hasOwn(known, name)) {
      refuseUnknown(refuse, { at, what, name, known: Object.keys(known) });
    } else if (read.has(name as T)) refuse(at, `The ${what} '${name}' is listed twice.`);
    else read.add(name as T);
  }
  return [...read];
}

const knownModels = Object.fromEntries(reportModels.map((model) => [model, model])) as Record<ReportModel, ReportModel>;

function readModels(attribution: string | string[], refuse: Refuse): ReportModel[] {
  const location = 'body.attribution';
  if (Array.isArray(attribution)) {
    if (attribution.length === 0) refuse(location, 'must name at least one model');
    return readNames(attribution, { known: knownModels, location, what: 'model', refuse });
  }
  if (Object.hasOwn(knownModels, attribution)) return [attribution as ReportModel];
  refuseUnknown(refuse, { at: location, what: 'model', name: attribution, known: reportModels });
  return [];
}

function readPeriod(input: (ReportInput['period'] & object) | null, refuse: Refuse): ReportPeriod {
  if (input === null) return null;
  const { from = null, to = null, relative = null } = input;
  const at = 'body.period';
  if (relative !== null) {
    if (from !== null || to !== null) refuse(`${at}.relative`, 'cannot stand beside from or to');
    else if (!isPeriodWord(relative)) {
      const { location, message, known } = unknownPeriod(relative, `${at}.relative`);
      refuse(location, message, known);
    }
    return relative === 'all' ? null : { relative };
  }
  for (const [name, day] of Object.entries({ from, to })) {
    if (day !== null && !isDay(day)) refuse(`${at}.${name}`, 'must be a day such as 2026-01-31');
  }
  if (from !== null && to !== null && isDay(from) && isDay(to) && from > to) {
    refuse(`${at}.to`, 'must not be before `from`');
  }
  return from === null && to === null ? null : { from, to };
}

/** Dimensions of which every value is known here. */
const closedLists: Record<string, readonly string[] | undefined> = {
  createdVia,
  field: allFields.map((field) => originFields[field].name),
};

function readFilter(input: NonNullable<ReportInput['filter']>, refuse: Refuse): ReportQuery['filter'] {
  const filter: ReportQuery['filter'] = {};
  for (const [name, given] of Object.entries(input)) {
    const at = `body.filter.${name.slice(0, 100)}`;
    const values = Array.isArray(given) ? given : [given];
    if (!Object.hasOwn(dimensions, name)) {
      if (name in timeDimensions) refuse(at, 'A part of the period cannot be filtered. Send a shorter period instead.');
      else refuseUnknown(refuse, { at, what: 'dimension', name, known: Object.keys(dimensions) });
      continue;
    }
    if (!values.every(isFilterValue)) {
      refuse(at, `must be text of at most ${maxFilterText} characters, null, or a list of these`);
      continue;
    }
    if (values.length > maxFilterValues)
      refuse(at, `must have at most ${maxFilterValues} values, and has ${values.length}`);
    if (values.length === 0) refuse(at, 'must have at least one value. null stands for unknown');
    const known = closedLists[name];
    for (const [index, value] of values.entries()) {
      if (known === undefined || value === null || known.includes(value)) continue;
      refuseUnknown(refuse, { at: `${at}[${index}]`, what: 'value', name: value, known, owner: `${name} is` });
    }
    filter[name as DimensionName] = values;
  }
  return filter;
}

/** Types are looked at again, since the filter of a query string is no more than JSON. */
function isFilterValue(value: unknown): boolean {
  return value === null || (typeof value === 'string' && value.length <= maxFilterText);
}

function readSort(
  sort: NonNullable<ReportInput['sort']>,
  { query, refuse }: { query: ReportQuery; refuse: Refuse },
): ReportSort[] {
  const { measures: measured, dimensions: grouped, time } = query;
  const asked = new Set<string>([...measured, ...grouped, ...(time ? [time.unit] : [])]);
  for (const [index, { field }] of sort.entries()) {
    const at = `body.sort[${index}].field`;
    if (!asked.has(field)) {
      refuseUnknown(refuse, { at, what: 'field', name: field, known: [...asked], owner: 'This report has' });
    } else if (isMedian(field))
      refuse(
        at,
        `A report cannot be sorted by the median '${field}': medians are calculated after the rows are chosen.`,
      );
    else if (sort.findIndex((one) => one.field === field) < index)
      refuse(at, `The report is sorted by '${field}' twice.`);
  }
  return sort as ReportSort[];
}

const isMedian = (name: string): boolean => name in medians;

/** By the first measure that rows have, the greatest first. */
function defaultSort({ measures: measured, dimensions: grouped }: ReportQuery): ReportSort[] {
  if (grouped.length === 0) return [];
  const field = measured.find((name) => !isMedian(name) && basesOf(name).every((basis) => areOf(grouped, basis)));
  return field ? [{ field, direction: 'desc' }] : [];
}

/** The bases of all that a measure is made of. */
export function basesOf(name: MeasureName): Basis[] {
  const one: Measure = measures[name];
  return one.kind === 'median' ? [medians[one.of].basis] : quantitiesOf(name).map((of) => quantities[of].basis);
}

/** Whether rows of these dimensions have values of a basis. */
export function areOf(grouped: readonly DimensionName[], basis: Basis): boolean {
  return grouped.every((name) => dimensions[name].bases.includes(basis));
}

function readAsOf(
  asOf: string | null,
  { now, timeZone, refuse }: { now: number; timeZone: string; refuse: Refuse },
): number | null {
  if (asOf === null) return null;
  const at = 'body.asOf';
  if (isDay(asOf)) {
    if (asOf <= dayInZone(now, timeZone)) return startOfDay(addUnits(asOf, { unit: 'day', count: 1 }), timeZone) - 1;
    refuse(at, 'must not be in the future');
    return null;
  }
  const isMoment =
    /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/.test(asOf) && isDay(asOf.slice(0, 10));
  const moment = isMoment ? Date.parse(asOf) : Number.NaN;
  if (Number.isNaN(moment)) refuse(at, 'must be a day such as 2026-01-31, or a time such as 2026-01-31T10:00:00Z');
  else if (moment > now) refuse(at, 'must not be in the future');
  return moment;
}

/** Criteria that hold for everything are none. */
function readWhere(
  where: unknown,
  { entity, findField }: { entity: ReportQuery['entity']; findField: FindField },
): Criteria | null {
  if (where === null) return null;
  const criteria = parseCriteria(where, { entity, findField });
  return 'all' in criteria && criteria.all.length === 0 ? null : criteria;
}
