import { canonicalize } from '../../src/domain/text-values.ts';
import { decimalsOf } from '../../src/domain/money.ts';
import { dimensions } from '../../src/domain/reports/dimensions.ts';
import type { DimensionName } from '../../src/domain/reports/dimensions.ts';
import type { DimensionValue, ReportTime, Unconverted } from '../../src/domain/reports/facts.ts';
import { measures, medians, quantities, quantitiesOf } from '../../src/domain/reports/measures.ts';
import type { Basis, Measure, MeasureName, Median, Quantity } from '../../src/domain/reports/measures.ts';
import { journeyModels, pathSetModels, pointModels } from '../../src/domain/reports/models.ts';
import type { JourneyModel, ReportModel } from '../../src/domain/reports/models.ts';
import { creditPaths } from '../../src/domain/reports/models/credit-paths.ts';
import { indexPaths } from '../../src/domain/reports/models/indexed-paths.ts';
import type { ChannelPath } from '../../src/domain/reports/models/indexed-paths.ts';
import type { ReportQuery } from '../../src/domain/reports/query.ts';
import { foldLatin } from '../../src/domain/segments/fold-latin.ts';
import { channelsOf, referenceCredit } from '../unit/reports/reference-models.ts';
import { Evaluator } from './evaluate-criteria.ts';
import type { Row, Value } from './evaluate-criteria.ts';
import type { ReportWorld } from './report-worlds.ts';

/**
 * A second reading of what a report says: rows in memory, each credited and added up by itself, one after the other, so
 * that the statements can be held against it.
 */

const dayMs = 86_400_000;

/** `slack`: how far a sum may be off, since money is shared in whole minor units. */
export type Amount = { value: number; slack: number };
export type Expected = {
  /** By `slot`, then `<model> <quantity>`. */
  sums: Map<string, Map<string, Amount>>;
  /** By `slot`, then `<model> <median>`, in days; what is not there has none. */
  medians: Map<string, Map<string, number>>;
  /** Groups that any row falls into, those with no credit at all included, by their key. */
  groups: Map<string, { shown: DimensionValue[]; order: Value[]; isCurrent: boolean }>;
  /** What can be told at all, as `<model> <quantity>`. */
  told: Set<string>;
  currency: string | null;
  unconverted: Unconverted[];
};

/** Null: all groups together. Bucket -1: the whole period. */
export const slot = (group: string | null, bucket: number, previous: boolean): string =>
  JSON.stringify([group, bucket, previous]);

export function basisOf(name: Quantity | Median): Basis {
  return name in medians ? medians[name as Median].basis : quantities[name as Quantity].basis;
}

export function isMoney(name: Quantity): boolean {
  return 'money' in quantities[name];
}

const ownBases: ReadonlySet<Basis> = new Set(['visit', 'cost', 'newValue']);
const deals: ReadonlySet<Basis> = new Set(['dealRegistered', 'dealClosed', 'dealOpen']);
const isPoint = (model: ReportModel) => (pointModels as readonly string[]).includes(model);
const isJourney = (model: ReportModel) => (journeyModels as readonly string[]).includes(model);
const isPathSet = (model: ReportModel) => (pathSetModels as readonly string[]).includes(model);

const originColumns: Partial<Record<DimensionName, string>> = {
  channel: 'channel_id',
  source: 'source_id',
  medium: 'medium_id',
  campaign: 'campaign_id',
  term: 'term_id',
  content: 'content_id',
  utmId: 'utm_id_id',
  referrerDomain: 'referrer_domain_id',
  placement: 'placement_id',
};

type Touched = { origin: Row | null; landing: Value; at: number };
/** A row that counts, in one part of a period. */
type Entry = {
  basis: Basis;
  row: Row;
  bucket: number;
  previous: boolean;
  person: Row | undefined;
  company: Row | undefined;
  end: number;
  amounts: Partial<Record<Quantity, number | null>>;
  days: Partial<Record<Median, number | null>>;
};

/** A value of a dimension: what tells it from others, how it is shown, what it is sorted by. */
type Keyed = { key: Value; shown: DimensionValue; order: Value };
const unknown: Keyed = { key: null, shown: null, order: null };

export function evaluateReport(
  world: ReportWorld,
  { query, time, now, where }: { query: ReportQuery; time: ReportTime; now: number; where: object | null },
): Expected {
  return new ReportEvaluator(world, query, time, now, where).evaluate();
}

class ReportEvaluator {
  #world: ReportWorld;
  #query: ReportQuery;
  #time: ReportTime;
  #chosen: Set<Value> | null;
  #currency: string | null;
  #rows = new Map<string, Row>();
  #expected: Expected;
  #values = new Map<string, number[]>();
  #wanted: Quantity[];
  #medians: Median[];

  constructor(world: ReportWorld, query: ReportQuery, time: ReportTime, now: number, where: object | null) {
    this.#world = world;
    this.#query = query;
    this.#time = time;
    const { reportingCurrency, ...records } = world;
    const evaluator = new Evaluator(records, { at: now, timeZone: query.timeZone });
    this.#chosen = where && new Set(evaluator.select(query.entity, where, []).map((one) => one['id']!));
    for (const [table, rows] of Object.entries(records)) {
      for (const row of rows) this.#rows.set(`${table}:${row['id']}`, row);
    }
    const first = (rows: Row[]) => (rows[0]?.['currency'] ?? null) as string | null;
    this.#currency = query.currency ?? reportingCurrency ?? first(world.deal) ?? first(world.cost);
    this.#wanted = [...new Set(query.measures.flatMap(quantitiesOf))];
    this.#medians = query.measures.flatMap((name: MeasureName) => {
      const one: Measure = measures[name];
      return one.kind === 'median' ? [one.of] : [];
    });
    this.#expected = {
      sums: new Map(),
      medians: new Map(),
      groups: new Map(),
      told: new Set(),
      currency: this.#wanted.some(isMoney) ? this.#currency : null,
      unconverted: [],
    };
  }

  #find(table: string, id: Value | undefined): Row | undefined {
    return id === null || id === undefined ? undefined : this.#rows.get(`${table}:${id}`);
  }

  evaluate(): Expected {
    const counted: Record<Median, Quantity> = { daysToLead: 'leads', daysToDeal: 'deals', daysToWin: 'wonDeals' };
    const bases = new Set([...this.#wanted, ...this.#medians.map((one) => counted[one])].map(basisOf));
    for (const basis of bases) {
      if (!this.#canTell(basis)) continue;
      for (const quantity of this.#wanted.filter((one) => basisOf(one) === basis)) {
        for (const model of this.#query.models) {
          if (this.#hasModel(quantity, model)) this.#expected.told.add(`${model} ${quantity}`);
        }
      }
      for (const entry of this.#entries(basis)) this.#count(entry);
    }
    for (const model of this.#query.models) if (isPathSet(model)) this.#countPaths(model as 'markov' | 'shapley');
    for (const [key, values] of this.#values) {
      const [place, name] = JSON.parse(key) as [string, string];
      const sorted = values.toSorted((a, b) => a - b);
      const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)]!, sorted[Math.floor(sorted.length / 2)]!];
      within(this.#expected.medians, place).set(name, (low + high) / 2 / dayMs);
    }
    this.#tellUnconverted();
    return this.#expected;
  }

  #canTell(basis: Basis): boolean {
    if (this.#query.where !== null && ownBases.has(basis)) return false;
    return Object.keys(this.#query.filter).every((name) => isOf(name as DimensionName, basis));
  }

  #hasModel(quantity: Quantity, model: ReportModel): boolean {
    const basis = basisOf(quantity);
    if (ownBases.has(basis) || isJourney(model)) return true;
    if (isPathSet(model)) return ['deals', 'wonDeals', 'revenue'].includes(quantity);
    return model !== 'conversion' || basis === 'lead' || basis === 'submission';
  }

  /** Whether rows of a basis are read for a model at all: those of what is not told make no group, and spell none. */
  #isTold(basis: Basis, model: ReportModel): boolean {
    if (this.#medians.some((one) => basisOf(one) === basis)) return true;
    return this.#wanted.some((one) => basisOf(one) === basis && this.#hasModel(one, model));
  }

  #belongs(basis: Basis, row: Row): boolean {
    if (!this.#chosen) return true;
    const id = this.#query.entity === 'company' ? row['company_id'] : row[basis === 'lead' ? 'id' : 'person_id'];
    return this.#chosen.has(id ?? null);
  }

  #entries(basis: Basis): Entry[] {
    const { current, previous } = this.#time;
    return [
      ...current.flatMap((_, bucket) => this.#entriesIn(basis, bucket, false)),
      ...(previous ?? []).flatMap((_, bucket) => this.#entriesIn(basis, bucket, true)),
    ];
  }

  #entriesIn(basis: Basis, bucket: number, previous: boolean): Entry[] {
    const { from, to, fromDay, toDay } = (previous ? this.#time.previous! : this.#time.current)[bucket]!;
    const { asOf } = this.#query;
    const { person, submission, deal, cost, visit_day, origin_value } = this.#world;
    const isIn = (at: Value | undefined) => typeof at === 'number' && at >= from && at < to;
    const isOn = ({ day }: Row) => String(day) >= fromDay && String(day) < toDay;
    const isSoFar = (at: Value | undefined) => typeof at === 'number' && (asOf === null || at <= asOf);
    const make = (row: Row, rest: Partial<Entry>): Entry => ({
      basis,
      row,
      bucket,
      previous,
      person: basis === 'lead' ? row : this.#find('person', row['person_id']),
      company: this.#find('company', row['company_id']),
      end: 0,
      amounts: {},
      days: {},
      ...rest,
    });
    switch (basis) {
      case 'visit':
        return visit_day.filter(isOn).map((row) => make(row, { amounts: { visits: Number(row['visits']) } }));
      case 'cost':
        return cost.filter(isOn).map((row) => {
          const day = String(row['day']);
          const claimed = row['claimed_value_minor'] ?? null;
          return make(row, {
            amounts: {
              cost: this.#convert(row, day),
              claimedConversions: Number(row['claimed_conversions'] ?? 0),
              claimedValue: claimed === null ? 0 : this.#convert({ ...row, amount_minor: claimed }, day),
              impressions: Number(row['impressions'] ?? 0),
              clicks: Number(row['clicks'] ?? 0),
            },
          });
        });
      case 'newValue':
        return origin_value
          .filter((row) => isIn(row['first_seen_at']) && row['field'] !== 'channel' && row['field'] !== 'landingPage')
          .map((row) => make(row, { amounts: { newValues: 1 } }));
      case 'lead':
        return person
          .filter((row) => isIn(row['created_at']) && this.#belongs(basis, row))
          .map((row) => {
            const isQualified = ({ lead_status_id: id }: Row) =>
              this.#find('lead_status', id)?.['name'] === 'Qualified';
            const own = deal.filter((one) => one['person_id'] === row['id']);
            const isWon = (one: Row) => one['status'] === 'won' && isSoFar(one['closed_at']);
            const end = Number(row['created_at']);
            return make(row, {
              end,
              amounts: {
                leads: 1,
                leadsWithDeal: Number(own.some((one) => isSoFar(one['registered_at']))),
                leadsQualified: Number(isQualified(row) || own.some((one) => isSoFar(one['registered_at']))),
                leadsWon: Number(own.some(isWon)),
              },
              days: { daysToLead: end - Number(row['first_touch_at']) },
            });
          });
      case 'submission':
        return submission
          .filter((row) => isIn(row['at']) && this.#belongs(basis, row))
          .map((row) => {
            const amounts = {
              submissions: 1,
              conversions: row['created_person'] === 0 && row['person_id'] !== null ? 1 : 0,
            };
            return make(row, { end: Number(row['at']), amounts });
          });
      case 'dealRegistered':
        return deal
          .filter((row) => isIn(row['registered_at']) && this.#belongs(basis, row))
          .map((row) => {
            const end = Number(row['registered_at']);
            return make(row, { end, amounts: { deals: 1 }, days: { daysToDeal: this.#since(row, end) } });
          });
      case 'dealClosed':
        return deal
          .filter((row) => isIn(row['closed_at']) && this.#belongs(basis, row))
          .map((row) => {
            const end = Number(row['closed_at']);
            const isWon = row['status'] === 'won';
            return make(row, {
              end,
              amounts: {
                wonDeals: Number(isWon),
                lostDeals: Number(row['status'] === 'lost'),
                revenue: isWon ? this.#convert(row, utcDay(end)) : 0,
              },
              days: isWon ? { daysToWin: this.#since(row, end) } : {},
            });
          });
      case 'dealOpen': {
        const last = asOf === null ? to : Math.min(to, asOf + 1);
        const isOpenThen = (row: Row) => row['closed_at'] === null || Number(row['closed_at']) >= last;
        // Over several parts of time, one that came and went is told as nothing; else it is not told, nor is its spelling.
        const tellsAll = this.#time.current.length > 1 || this.#time.previous !== null;
        return deal
          .filter((row) => Number(row['registered_at']) < last && this.#belongs(basis, row))
          .filter((row) => tellsAll || isOpenThen(row))
          .map((row) => {
            const end = Number(row['registered_at']);
            const isOpen = isOpenThen(row);
            const weighted = Math.floor((Number(row['amount_minor']) * Number(row['probability'])) / 100 + 0.5);
            const amounts = {
              openDeals: 1,
              pipeline: this.#convert(row, utcDay(end)),
              weightedPipeline: this.#convert({ ...row, amount_minor: weighted }, utcDay(end)),
            };
            const none = { openDeals: 0, pipeline: 0, weightedPipeline: 0 };
            return make(row, { end, amounts: isOpen ? amounts : none });
          });
      }
    }
  }

  /** Of a deal without a person, its company's source. */
  #source(row: Row): Row | undefined {
    return this.#find('person', row['person_id']) ?? this.#find('company', row['company_id']);
  }

  #since(row: Row, end: number): number | null {
    const first = this.#source(row)?.['first_touch_at'] ?? null;
    return first === null ? null : end - Number(first);
  }

  /** Minor units of the report's currency; null where no rate of the last 31 days is known. */
  #convert(row: Row, day: string): number | null {
    const [from, minor] = [String(row['currency']), Number(row['amount_minor'])];
    if (from === this.#currency) return minor;
    const oldest = utcDay(Date.parse(day) - 30 * dayMs);
    const rate = this.#world.exchange_rate
      .filter((one) => one['from_currency'] === from && one['to_currency'] === this.#currency)
      .filter((one) => String(one['day']) <= day && String(one['day']) >= oldest)
      .toSorted((a, b) => (String(a['day']) < String(b['day']) ? 1 : -1))[0]?.['rate'];
    if (rate === undefined) return null;
    return Math.round((minor * Number(rate) * 10 ** decimalsOf(this.#currency!)) / 10 ** decimalsOf(from));
  }

  #point({ basis, row, person }: Entry, model: ReportModel): Touched {
    const of = (from: Row | undefined, prefix: string): Touched => ({
      origin: this.#find('origin', from?.[`${prefix}origin_id`]) ?? null,
      landing: from?.[`${prefix}landing_page_id`] ?? null,
      at: 0,
    });
    if (basis === 'newValue') return of(undefined, '');
    if (ownBases.has(basis) || (basis === 'submission' && model === 'conversion')) return of(row, '');
    const from = deals.has(basis) ? this.#source(row) : person;
    return of(from, model === 'firstTouch' ? 'first_touch_' : 'lead_creation_');
  }

  /** The touches that led to a row, in order, direct left out unless it is all there is. Never none. */
  #journey({ basis, row, end }: Entry): Touched[] {
    const { level, lookBackDays } = this.#query;
    const personId = basis === 'lead' ? row['id']! : (row['person_id'] ?? null);
    const companyId = row['company_id'] ?? null;
    const people =
      level === 'account' && companyId !== null
        ? this.#world.person.filter((one) => one['company_id'] === companyId).map((one) => one['id']!)
        : [personId];
    const isIn = (at: Value | undefined) => Number(at) <= end && Number(at) >= end - lookBackDays * dayMs;
    let touches = this.#world.touch
      .filter((one) => one['person_id'] !== null && people.includes(one['person_id']!) && isIn(one['at']))
      .toSorted((a, b) => Number(a['at']) - Number(b['at']) || Number(a['id']) - Number(b['id']))
      .map((one): Touched => ({
        origin: this.#find('origin', one['origin_id'])!,
        landing: one['landing_page_id']!,
        at: Number(one['at']),
      }));
    const company = this.#find('company', companyId);
    if (touches.length === 0 && personId === null && company && company['first_touch_origin_id'] !== null) {
      const points = ['first_touch', 'lead_creation'].map((prefix): Touched => ({
        origin: this.#find('origin', company[`${prefix}_origin_id`])!,
        landing: company[`${prefix}_landing_page_id`]!,
        at: Number(company[`${prefix}_at`]),
      }));
      const [first, lead] = points as [Touched, Touched];
      const isOne = first.origin === lead.origin && first.at === lead.at && first.landing === lead.landing;
      touches = (isOne ? [first] : points).filter(({ at }) => isIn(at)).toSorted((a, b) => a.at - b.at);
    }
    const telling = touches.filter(({ origin }) => !isDirect(origin!));
    if (telling.length > 0) return telling;
    return touches.length > 0 ? touches : [{ origin: null, landing: null, at: end }];
  }

  #credits(entry: Entry, model: ReportModel): Array<{ touch: Touched; share: number }> {
    if (ownBases.has(entry.basis) || isPoint(model)) return [{ touch: this.#point(entry, model), share: 1 }];
    const journey = this.#journey(entry);
    const weights = weightsOf(model as JourneyModel, journey, this.#query.halfLifeDays);
    const sum = weights.reduce((total, one) => total + one, 0);
    return journey.map((touch, n) => ({ touch, share: weights[n]! / sum }));
  }

  #count(entry: Entry): void {
    const { basis, bucket, previous } = entry;
    const rest = this.#query.dimensions.map((name) => this.#ownValue(entry, name));
    for (const model of this.#query.models) {
      if (!this.#isTold(basis, model) || (isPathSet(model) && !ownBases.has(basis))) continue;
      const credits = this.#credits(entry, model);
      for (const { touch, share } of credits) {
        if (!this.#isKept(entry, touch)) continue;
        const places = [slot(null, bucket, previous)];
        const group = this.#groupOf(entry, touch, rest);
        if (group !== null) places.push(slot(group, bucket, previous));
        for (const quantity of this.#wanted) {
          const amount = entry.amounts[quantity];
          if (amount === undefined || amount === null || !this.#hasModel(quantity, model)) continue;
          // The parts of one deal's money are whole minor units, and add up to all of it.
          // Shares by time decay are whole billionths, so an amount of billions is off by more than one unit.
          const decayed = model === 'timeDecay' ? Math.abs(amount) / 1e9 : 0;
          const slack = !isMoney(quantity) ? 1e-7 : amount === 0 || share === 1 ? 0 : 1 + decayed;
          for (const place of places) {
            const isWhole = isMoney(quantity) && place === places[0] && !this.#partsOrigins;
            this.#add(place, `${model} ${quantity}`, amount * share, isWhole ? 0 : slack);
          }
        }
        if (!isPoint(model) || (model === 'conversion' && basis !== 'lead')) continue;
        const whole = this.#query.time ? [slot(null, -1, previous)] : [];
        // The medians of a path's rows are in the totals alone.
        const told = this.#query.dimensions.includes('path') ? places.slice(0, 1) : places;
        for (const median of this.#medians) {
          const value = entry.days[median];
          if (value === undefined || value === null) continue;
          for (const place of [...told, ...whole]) {
            const key = JSON.stringify([place, `${model} ${median}`]);
            this.#values.set(key, [...(this.#values.get(key) ?? []), value]);
          }
        }
      }
    }
  }

  /** Whether the filter keeps some touches of a journey and not others. */
  get #partsOrigins(): boolean {
    return Object.keys(this.#query.filter).some((name) => dimensions[name as DimensionName].kind === 'origin');
  }

  #add(place: string, name: string, value: number, slack: number): void {
    const sums = within(this.#expected.sums, place);
    const sum = sums.get(name) ?? { value: 0, slack: 0 };
    sums.set(name, { value: sum.value + value, slack: sum.slack + slack });
  }

  #groupOf(entry: Entry, touch: Touched, rest: Array<Keyed | null>): string | null {
    const names = this.#query.dimensions;
    if (!names.every((name) => isOf(name, entry.basis))) return null;
    return this.#group(
      names.map((name, n) => rest[n] ?? this.#touchValue(name, touch)),
      !entry.previous,
    );
  }

  #group(values: Keyed[], isCurrent: boolean): string {
    const key = JSON.stringify(values.map((one) => one.key));
    const known = this.#expected.groups.get(key);
    const shown = values.map((one) => one.shown);
    if (!known) this.#expected.groups.set(key, { shown, order: values.map((one) => one.order), isCurrent });
    else {
      known.isCurrent ||= isCurrent;
      for (const [n, name] of this.#query.dimensions.entries()) {
        // The first spelling, in the order of letters.
        if (name === 'selfReported' && shown[n]! < known.shown[n]!) known.shown[n] = shown[n]!;
      }
    }
    return key;
  }

  /** The value that an id stands for, after corrections. */
  #counted(id: Value | undefined): Row | undefined {
    const own = this.#find('origin_value', id);
    return this.#find('origin_value', own?.['alias_of']) ?? own;
  }

  #valueOf(id: Value | undefined): Keyed {
    const value = this.#counted(id);
    if (!value) return unknown;
    return {
      key: value['id']!,
      shown: String(value['alias_label'] ?? value['label']),
      order: value['canonical']!,
    };
  }

  #touchValue(name: DimensionName, { origin, landing }: Touched): Keyed {
    return this.#valueOf(name === 'landingPage' ? landing : origin?.[originColumns[name]!]);
  }

  /** The value of a dimension that is not of the origin; null where it is. */
  #ownValue(entry: Entry, name: DimensionName): Keyed | null {
    const { basis, row, person, company } = entry;
    const isDeal = deals.has(basis);
    const text = (value: Value | undefined): Keyed =>
      value === null || value === undefined ? unknown : { key: value, shown: String(value), order: value };
    const record = (table: string, id: Value | undefined): Keyed => {
      const found = this.#find(table, id);
      if (!found) return unknown;
      const shown = {
        id: String(found[table === 'form' || table === 'site' ? 'key' : 'id']),
        name: String(found['name']),
      };
      return { key: found['id']!, shown, order: foldLatin(shown.name) };
    };
    const listed = (table: string, id: Value | undefined): Keyed => {
      const found = this.#find(table, id);
      return found ? { key: found['id']!, shown: String(found['name']), order: found['position']! } : unknown;
    };
    switch (name) {
      case 'form':
        return record('form', basis === 'submission' ? row['form_id'] : person?.['created_form_id']);
      case 'site': {
        const from = deals.has(basis) ? this.#source(row) : basis === 'lead' ? person : row;
        const origin = from?.[deals.has(basis) || basis === 'lead' ? 'lead_creation_origin_id' : 'origin_id'];
        return record('site', this.#find('origin', origin)?.['site_id']);
      }
      case 'owner':
        return record('owner', (isDeal ? row : person)?.['owner_id']);
      case 'company':
        return record('company', row['company_id']);
      case 'country':
        return text(person?.['country']);
      case 'category':
        return listed('category', company?.['category_id']);
      case 'leadStatus':
        return listed('lead_status', person?.['lead_status_id']);
      case 'createdVia':
        return text(person?.['created_via']);
      case 'selfReported': {
        const from = basis === 'submission' ? row : this.#find('submission', person?.['creation_id']);
        const said = String(from?.['self_reported'] ?? '').trim();
        return said === '' ? unknown : { key: foldLatin(said), shown: said, order: foldLatin(said) };
      }
      case 'path': {
        if (!isOf('path', basis)) return unknown;
        const steps = this.#journey(entry).map((touch) => this.#touchValue('channel', touch).shown as string | null);
        const known = steps.filter((one) => one !== null);
        return { key: JSON.stringify(known), shown: known, order: null };
      }
      case 'field':
      case 'value':
        // A stored value's field is `id`, which the API calls `utmId`.
        return text(name === 'value' ? row['label'] : row['field'] === 'id' ? 'utmId' : row['field']);
      case 'channel':
      case 'source':
      case 'medium':
      case 'campaign':
      case 'term':
      case 'content':
      case 'utmId':
      case 'referrerDomain':
      case 'placement':
      case 'landingPage':
        return null;
    }
  }

  /** Whether a row, credited to a touch, is what the filter keeps. */
  #isKept(entry: Entry, touch: Touched): boolean {
    return Object.entries(this.#query.filter).every(([of, values]) => {
      const name = of as DimensionName;
      const { key, shown } = this.#ownValue(entry, name) ?? this.#touchValue(name, touch);
      if (key === null) return values.includes(null);
      return values.some((value) => value !== null && this.#isNamed(name, { key, shown, value }));
    });
  }

  #isNamed(name: DimensionName, { key, shown, value }: { key: Value; shown: DimensionValue; value: string }): boolean {
    const { kind } = dimensions[name];
    if (kind === 'record') return (shown as { id: string }).id === value;
    if (kind === 'text') {
      const fold = (text: string) => foldLatin(text.trim());
      return name === 'field' || name === 'value' ? key === value : fold(shown as string) === fold(value);
    }
    // Every spelling names the value that it counts as.
    return this.#world.origin_value
      .filter((one) => this.#counted(one['id'])!['id'] === key)
      .some((one) => [one['label'], one['alias_label']].includes(value) || one['canonical'] === canonicalize(value));
  }

  #countPaths(model: 'markov' | 'shapley'): void {
    for (const basis of ['dealRegistered', 'dealClosed'] as const) {
      const wanted = this.#wanted.filter((one) => basisOf(one) === basis && this.#expected.told.has(`${model} ${one}`));
      if (wanted.length === 0) continue;
      for (const previous of this.#time.previous ? [false, true] : [false]) {
        const groups = new Map<string, string>();
        const stepsOf = (entry: Entry): string[] => {
          const steps = this.#journey(entry).map((touch) => {
            const values = this.#query.dimensions.map((name) => this.#touchValue(name, touch));
            const key = this.#group(values, !previous);
            groups.set(key, key);
            return key;
          });
          return steps;
        };
        const kept = (entry: Entry) => this.#isKept(entry, { origin: null, landing: null, at: 0 });
        const converted = this.#entriesIn(basis, 0, previous).filter(
          (one) => (basis === 'dealRegistered' || one.amounts.wonDeals === 1) && kept(one),
        );
        const lost = this.#entriesIn('lead', 0, previous).filter(
          ({ amounts, ...one }) =>
            (basis === 'dealRegistered' ? amounts.leadsWithDeal : amounts.leadsWon) === 0 && kept({ ...one, amounts }),
        );
        const paths: ChannelPath[] = [
          ...converted.map((one) => ({
            touches: stepsOf(one),
            conversions: 1,
            value: one.amounts.revenue ?? 0,
            nonConversions: 0,
          })),
          ...lost.map((one) => ({ touches: stepsOf(one), conversions: 0, value: 0, nonConversions: 1 })),
        ];
        for (const [group, share] of creditOf(paths, model)) {
          for (const quantity of wanted) {
            const money = isMoney(quantity);
            const name = `${model} ${quantity}`;
            const value = money ? share.value : share.conversions;
            this.#add(slot(group, 0, previous), name, value, money ? 1 : 1e-7);
            this.#add(slot(null, 0, previous), name, value, money ? 0 : 1e-7);
          }
        }
      }
    }
  }

  #tellUnconverted(): void {
    const missing = new Map<string, Unconverted>();
    const add = (basis: Basis, quantity: Quantity, bucket: number) => {
      if (!this.#wanted.includes(quantity)) return;
      for (const { row, amounts } of this.#entriesIn(basis, bucket, false)) {
        if (amounts[quantity] !== null) continue;
        const currency = String(row['currency']);
        const one = missing.get(currency) ?? { currency, amounts: 0, minor: 0 };
        missing.set(currency, {
          currency,
          amounts: one.amounts + 1,
          minor: Number(one.minor) + Number(row[quantity === 'claimedValue' ? 'claimed_value_minor' : 'amount_minor']),
        });
      }
    };
    for (const bucket of this.#time.current.keys()) {
      add('dealClosed', 'revenue', bucket);
      add('cost', 'cost', bucket);
      add('cost', 'claimedValue', bucket);
    }
    const isWhole = this.#wanted.includes('pipeline');
    add('dealOpen', isWhole ? 'pipeline' : 'weightedPipeline', this.#time.current.length - 1);
    this.#expected.unconverted = [...missing.values()].toSorted((a, b) => (a.currency < b.currency ? -1 : 1));
  }
}

function within<T>(map: Map<string, Map<string, T>>, key: string): Map<string, T> {
  const inner = map.get(key) ?? new Map<string, T>();
  map.set(key, inner);
  return inner;
}

const utcDay = (at: number): string => new Date(at).toISOString().slice(0, 10);

export function isOf(name: DimensionName, basis: Basis): boolean {
  return dimensions[name].bases.includes(basis);
}

/** Neither source, medium, referrer nor click id: direct, and a campaign alone, which counts as direct does. */
function isDirect(origin: Row): boolean {
  const tells = [origin['source_id'], origin['medium_id'], origin['referrer_domain_id']].some((id) => id !== 0);
  return !tells && origin['click_id_name'] === null;
}

function weightsOf(model: JourneyModel, journey: Touched[], halfLifeDays: number): number[] {
  const count = journey.length;
  switch (model) {
    case 'lastTouch':
      return journey.map((_, n) => Number(n === count - 1));
    case 'linear':
      return journey.map(() => 1);
    case 'positionBased':
      if (count < 3) return journey.map(() => 1);
      return journey.map((_, n) => (n === 0 || n === count - 1 ? 40 : 20 / (count - 2)));
    case 'timeDecay': {
      const last = journey.at(-1)!.at;
      return journey.map(({ at }) => 0.5 ** ((last - at) / dayMs / halfLifeDays));
    }
  }
}

/** Shapley goes through all sets of channels: of many, the short cut stands for it, held against it elsewhere. */
function creditOf(
  paths: ChannelPath[],
  model: 'markov' | 'shapley',
): Map<string, { conversions: number; value: number }> {
  if (channelsOf(paths).length <= 7) return referenceCredit({ paths, model });
  const indexed = indexPaths(paths);
  const credit = creditPaths({ paths: indexed, model, halfLifeDays: 7 });
  return new Map(
    indexed.channels.map((channel, n) => [channel, { conversions: credit.conversions[n]!, value: credit.value[n]! }]),
  );
}
