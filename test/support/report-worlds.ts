import fc from 'fast-check';
import { canonicalize } from '../../src/domain/text-values.ts';
import { foldText } from '../../src/domain/fold-text.ts';
import { dimensionNames, dimensions, grains } from '../../src/domain/reports/dimensions.ts';
import type { DimensionName, Grain } from '../../src/domain/reports/dimensions.ts';
import { measureNames, measures } from '../../src/domain/reports/measures.ts';
import type { Measure } from '../../src/domain/reports/measures.ts';
import { journeyModels, pathSetModels, pointModels } from '../../src/domain/reports/models.ts';
import type { ReportModel } from '../../src/domain/reports/models.ts';
import type { ReportPeriod, ReportQuery, ReportSort } from '../../src/domain/reports/query.ts';
import type { Row, Value, World } from './evaluate-criteria.ts';

/** Small worlds and reports over them: ties, bounds of look-back windows and of days, nothing known, money of many kinds. */

export type ReportWorld = World & {
  cost: Row[];
  visit_day: Row[];
  exchange_rate: Row[];
  site: Row[];
  reportingCurrency: string | null;
};

/** Later than all that happens. */
export const reportNow = Date.parse('2026-04-20T12:00:00Z');
const dayMs = 86_400_000;
const lookBacks = [1, 7, 30, 90];

const spellings = {
  source: ['google', 'linkedin', 'Linked-In', 'Øst'],
  medium: ['cpc', 'email', 'E-mail', 'referral'],
  campaign: ['Spring', 'webinar', 'web inar', 'x'],
  term: ['t1', 't2', 'T 2', 't4'],
  content: ['c1', 'c2', 'C 2', 'c4'],
  id: ['i1', 'i2', 'I 2', 'i4'],
  channel: ['Direct', 'Paid Search', 'Organic Search', 'Email'],
  referrerDomain: ['google.com', 'linkedin.com', 'lnkd.in', 'øst.no'],
  landingPage: ['/', '/a', '/b', '/c'],
  placement: ['p1', 'p2', 'P 2', 'p4'],
} as const;
type Field = keyof typeof spellings;
const valueFields = Object.keys(spellings) as Field[];
const idOf = (field: Field, n: number) => valueFields.indexOf(field) * 4 + n + 1;

const orNull = <T>(arbitrary: fc.Arbitrary<T>, freq = 3) => fc.option(arbitrary, { freq, nil: null });
const idBelow = (count: number) => fc.integer({ min: 1, max: count });
const known = (field: Field) => fc.integer({ min: 0, max: 3 }).map((n) => idOf(field, n));
const known0 = (field: Field) => fc.oneof(fc.constant(0), known(field));

/** Moments at midnights of Oslo, at its changes of clocks and the ends of months, just beside them, and between. */
const moment = fc
  .tuple(
    fc.constantFrom(
      '2026-02-28T23:00:00Z',
      '2026-03-28T23:00:00Z',
      '2026-03-29T01:00:00Z',
      '2026-03-29T22:00:00Z',
      '2026-03-31T22:00:00Z',
      '2026-01-31T23:00:00Z',
      '2025-12-31T23:00:00Z',
      '2025-10-25T22:00:00Z',
      '2025-10-26T23:00:00Z',
      '2026-03-10T12:00:00Z',
    ),
    fc.oneof(
      fc.constantFrom(0, -1, 1),
      fc.integer({ min: -72, max: 72 }).map((hours) => hours * 3_600_000),
    ),
  )
  .map(([at, off]) => Date.parse(at) + off);

const day = fc.constantFrom(
  '2025-10-25',
  '2025-10-26',
  '2025-12-31',
  '2026-01-31',
  '2026-02-01',
  '2026-02-28',
  '2026-03-01',
  '2026-03-10',
  '2026-03-28',
  '2026-03-29',
  '2026-03-30',
  '2026-03-31',
  '2026-04-01',
);

const counts = { origin: 9, company: 6, person: 12, form: 3, owner: 3, status: 4, category: 4 };
const currencies = ['NOK', 'EUR', 'JPY', 'BHD'] as const;

const originArbitrary = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      source_id: known0('source'),
      medium_id: known0('medium'),
      campaign_id: known0('campaign'),
      term_id: known0('term'),
      content_id: known0('content'),
      utm_id_id: known0('id'),
      referrer_domain_id: known0('referrerDomain'),
      placement_id: known0('placement'),
      channel_id: known('channel'),
      click_id_name: orNull(fc.constant('gclid')),
    }),
  },
  {
    weight: 1,
    // Direct, or with nothing but the name of a click id.
    arbitrary: fc.record({
      source_id: fc.constant(0),
      medium_id: fc.constant(0),
      campaign_id: fc.constant(0),
      term_id: fc.constant(0),
      content_id: fc.constant(0),
      utm_id_id: fc.constant(0),
      referrer_domain_id: fc.constant(0),
      placement_id: fc.constant(0),
      channel_id: fc.constant(idOf('channel', 0)),
      click_id_name: orNull(fc.constant('li_fat_id'), 1),
    }),
  },
);

const point = fc.record({ origin: idBelow(counts.origin), at: moment, page: known0('landingPage') });
type Point = { origin: Value; at: Value; page: Value };
const pointColumns = (prefix: string, { origin, at, page }: Point): Row => ({
  [`${prefix}_origin_id`]: origin,
  [`${prefix}_at`]: at,
  [`${prefix}_landing_page_id`]: page,
});

const said = orNull(fc.constantFrom('Google', 'google', ' GOOGLE ', 'Øst', 'øst', 'a friend', '', '  '));
const country = orNull(fc.constantFrom('NO', 'SE', 'DE'));
const owner = orNull(idBelow(counts.owner));

const personArbitrary = fc.record({
  country,
  company_id: orNull(idBelow(counts.company), 2),
  owner_id: owner,
  lead_status_id: orNull(idBelow(counts.status)),
  created_via: fc.constantFrom('form', 'api', 'chat'),
  created_form_id: orNull(idBelow(counts.form)),
  created_at: moment,
  first: point,
  lead: point,
  /** The submission that created it, by place; or none that is there. */
  creation: orNull(fc.nat(14)),
});

const companyArbitrary = fc.record({
  name: fc.constantFrom('Firma', 'firma', 'Ål', 'Beta'),
  country,
  owner_id: owner,
  category_id: orNull(idBelow(counts.category)),
  created_at: moment,
  source: orNull(fc.record({ first: point, lead: orNull(point, 1) }), 1),
});

const submissionArbitrary = fc.record({
  form_id: idBelow(counts.form),
  person_id: orNull(idBelow(counts.person), 6),
  company_id: orNull(idBelow(counts.company)),
  at: moment,
  created_person: fc.constantFrom(0, 1),
  origin_id: orNull(idBelow(counts.origin), 5),
  landing_page_id: orNull(known0('landingPage'), 5),
  self_reported: said,
});

const dealArbitrary = fc.record({
  person_id: orNull(idBelow(counts.person), 2),
  company_id: orNull(idBelow(counts.company), 2),
  owner_id: owner,
  status: fc.constantFrom('open', 'won', 'won', 'lost'),
  amount_minor: fc.constantFrom(0, 1, 2, 100, 101, 999_999, 100_000_003),
  currency: fc.oneof(
    { weight: 3, arbitrary: fc.constant('NOK') },
    { weight: 2, arbitrary: fc.constantFrom(...currencies) },
  ),
  probability: fc.constantFrom(0, 1, 10, 33, 50, 100),
  registered_at: moment,
  /** How long it was open, or the moment it ended, if later. */
  closed: fc.oneof(fc.constantFrom(0, 1, dayMs), moment),
});

/** A touch stands at a moment, or at the end of a journey, or where the look-back window of one begins. */
const touchArbitrary = fc.record({
  person_id: idBelow(counts.person),
  at: moment,
  beside: orNull(
    fc.record({
      what: fc.constantFrom('registered', 'closed', 'created', 'submitted'),
      n: fc.nat(14),
      back: fc.constantFrom(0, 0, ...lookBacks),
      off: fc.constantFrom(-1, 0, 1),
    }),
    2,
  ),
  origin_id: idBelow(counts.origin),
  landing_page_id: known0('landingPage'),
});

const list = <T>(arbitrary: fc.Arbitrary<T>, maxLength: number) => fc.array(arbitrary, { maxLength, size: 'max' });

export const reportWorldArbitrary: fc.Arbitrary<ReportWorld> = fc
  .record({
    aliased: fc.array(fc.boolean(), { minLength: 9, maxLength: 9 }),
    seen: fc.array(moment, { minLength: 40, maxLength: 40 }),
    origins: fc.array(originArbitrary, { minLength: counts.origin, maxLength: counts.origin }),
    people: fc.array(personArbitrary, { minLength: counts.person, maxLength: counts.person }),
    companies: fc.array(companyArbitrary, { minLength: counts.company, maxLength: counts.company }),
    submissions: list(submissionArbitrary, 15),
    deals: list(dealArbitrary, 12),
    touches: list(touchArbitrary, 25),
    costs: list(
      fc.record({
        day,
        origin_id: idBelow(counts.origin),
        amount_minor: fc.constantFrom(0, 1, 5_000, 33_333),
        currency: fc.constantFrom('NOK', ...currencies),
        claimed_conversions: fc.constantFrom(null, 1, 2.5),
        claimed_value_minor: fc.constantFrom(null, 101),
        impressions: fc.constantFrom(null, 1_000),
        clicks: fc.constantFrom(null, 3),
      }),
      8,
    ),
    visits: list(
      fc.record({
        day,
        origin_id: idBelow(counts.origin),
        landing_page_id: known0('landingPage'),
        visits: fc.constantFrom(1, 2, 10),
      }),
      8,
    ),
    rates: list(
      fc.record({
        from_currency: fc.constantFrom(...currencies),
        to_currency: fc.constantFrom('NOK', 'NOK', ...currencies),
        day: fc.oneof(
          day,
          // As old as a rate can be at the end of March, and a day older.
          fc.constantFrom('2026-02-27', '2026-02-26'),
        ),
        rate: fc.constantFrom(11.25, 0.0625, 27.5, 1),
      }),
      12,
    ),
    reportingCurrency: orNull(fc.constantFrom('NOK', 'EUR', 'JPY'), 1),
  })
  .map((made): ReportWorld => {
    const origin_value = valueFields.flatMap((field, f) =>
      spellings[field].map((label, n): Row => ({
        id: idOf(field, n),
        field,
        canonical: canonicalize(label),
        label,
        alias_label: made.aliased[f] && n === 1 ? `${label} (corrected)` : null,
        alias_of: made.aliased[f] && n === 2 ? idOf(field, 1) : null,
        first_seen_at: made.seen[idOf(field, n) - 1]!,
      })),
    );
    const submission = made.submissions.map((one, n): Row => ({
      ...one,
      id: submissionId(n),
      touch_at: one.at,
      created_company: 0,
      journey: null,
      fields: '{}',
      page: null,
    }));
    const person = made.people.map(({ first, lead, creation, ...one }, n): Row => ({
      ...one,
      id: n + 1,
      email: `p${n}@example.com`,
      first_name: null,
      first_name_fold: null,
      last_name: null,
      last_name_fold: null,
      phone: null,
      title: null,
      title_fold: null,
      updated_at: 0,
      creation_id: creation === null ? 'elsewhere' : submissionId(creation),
      ...pointColumns('first_touch', first),
      ...pointColumns('lead_creation', lead),
    }));
    const deal = made.deals.map(({ closed, ...one }, n): Row => ({
      ...one,
      id: n + 1,
      external_id: `d${n}`,
      stage_id: 1,
      name: null,
      name_fold: null,
      closed_at:
        one.status === 'open' ? null : Math.max(one.registered_at, closed < 1e9 ? one.registered_at + closed : closed),
      updated_at: 0,
    }));
    const moments: Record<string, Value[]> = {
      registered: deal.map((one) => one['registered_at']!),
      closed: deal.map((one) => one['closed_at'] ?? null),
      created: person.map((one) => one['created_at']!),
      submitted: submission.map((one) => one['at']!),
    };
    const touches = made.touches.map(({ beside, ...one }) => {
      const of = beside && (moments[beside.what]![beside.n] as number | null | undefined);
      return { ...one, at: of ? of - beside.back * dayMs + beside.off : one.at, click_id_name: null };
    });
    const none: Point = { origin: null, at: null, page: null };
    return {
      origin_value,
      origin: made.origins.map((one, n): Row => ({ ...one, id: n + 1, key: `o${n}`, site_id: (n % 3) + 1 })),
      site: ['default', 'shop', 'blog'].map((key, n): Row => ({ id: n + 1, key, name: key })),
      lead_status: ['Open', 'Contacting', 'Disqualified', 'Qualified'].map((name, n): Row => ({
        id: n + 1,
        name,
        position: [3, 1, 4, 2][n]!,
        is_default: n === 0 ? 1 : 0,
      })),
      category: ['Potential customer', 'Customer', 'Lost', 'Partner'].map((name, n): Row => ({
        id: n + 1,
        name,
        category_group: name,
        position: [2, 4, 1, 3][n]!,
        set_on: '[]',
      })),
      owner: ['Kari', 'Ærlig', 'ola'].map((name, n): Row => ({ id: n + 1, name, active: 1, created_at: 0 })),
      form: ['contact', 'webinar', 'x'].map((key, n): Row => ({
        id: n + 1,
        key,
        name: ['Kontakt', 'Åpent', 'z'][n]!,
        site_id: 1,
        created_at: 0,
      })),
      alias: [],
      alias_from: [],
      pipeline: [],
      stage: [],
      selection: [],
      selection_member: [],
      consent: [],
      company: made.companies.map(({ source, ...one }, n): Row => {
        const first = source?.first ?? none;
        const lead = source?.lead ?? first;
        // Two touches of the same moment would have no order.
        const isTied = lead !== first && lead.at === first.at;
        return {
          ...one,
          id: n + 1,
          name_fold: foldText(one.name),
          domain: null,
          registration_number: null,
          created_via: 'form',
          updated_at: 0,
          creation_id: 'c',
          ...pointColumns('first_touch', first),
          ...pointColumns('lead_creation', isTied ? first : lead),
        };
      }),
      person,
      submission,
      deal,
      touch: unique(touches, (one) => `${one.person_id}:${one.at}:${one.origin_id}`).map((one, n): Row => ({
        ...one,
        id: n + 1,
      })),
      cost: unique(made.costs, (one) => `${one.day}:${one.origin_id}`).map((one, n): Row => ({
        ...one,
        id: n + 1,
        updated_at: 0,
      })),
      visit_day: unique(made.visits, (one) => `${one.day}:${one.origin_id}:${one.landing_page_id}`),
      exchange_rate: unique(made.rates, (one) => `${one.from_currency}:${one.to_currency}:${one.day}`),
      reportingCurrency: made.reportingCurrency,
    };
  });

const submissionId = (n: number): string => `s${String((n * 7) % 100).padStart(2, '0')}-${n}`;

function unique<T>(items: T[], keyOf: (item: T) => string): T[] {
  return [...new Map(items.map((item) => [keyOf(item), item])).values()];
}

/** Tables in an order in which each finds what it refers to. */
export const reportTables = [
  'origin_value',
  'origin',
  'category',
  'lead_status',
  'owner',
  'form',
  'company',
  'person',
  'submission',
  'deal',
  'touch',
  'cost',
  'visit_day',
  'exchange_rate',
] as const;

/** Statements that make a database hold this world and nothing else. */
export function worldStatements(world: ReportWorld, { reversed = false } = {}) {
  return [
    'PRAGMA defer_foreign_keys = ON',
    'DELETE FROM selection_member',
    'DELETE FROM selection',
    ...reportTables.toReversed().map((table) => `DELETE FROM ${table}`),
    ...reportTables.flatMap((table) => {
      const rows = reversed ? world[table].toReversed() : world[table];
      if (rows.length === 0) return [];
      const columns = Object.keys(rows[0]!);
      const values = columns.map((column) => `value ->> '${column}'`).join(', ');
      return [
        {
          sql: `INSERT INTO ${table} (${columns.join(', ')}) SELECT ${values} FROM json_each(?)`,
          args: [JSON.stringify(rows)],
        },
      ];
    }),
    ...world.site.map(({ id, key, name }) => ({
      sql: 'INSERT INTO site (id, key, name, created_at) VALUES (?, ?, ?, 0) ON CONFLICT (id) DO UPDATE SET name = excluded.name',
      args: [id!, key!, name!],
    })),
    { sql: 'UPDATE settings SET reporting_currency = ?', args: [world.reportingCurrency] },
  ];
}

/** A query whose criteria are not read yet. */
export type AskedReport = Omit<ReportQuery, 'where'> & { where: object | null };

const criteria = {
  person: [
    { field: 'country', op: 'equals', value: 'NO' },
    { not: { field: 'firstTouch.source', op: 'equals', value: 'linkedin' } },
    { has: 'deal', where: { field: 'status', op: 'equals', value: 'won' } },
    { any: [{ field: 'leadStatus', op: 'oneOf', value: ['Open', 'Qualified'] }, { has: 'touch' }] },
  ],
  company: [
    { field: 'country', op: 'notEmpty' },
    { has: 'person', where: { field: 'createdVia', op: 'equals', value: 'form' } },
    { field: 'category', op: 'noneOf', value: ['Customer'] },
  ],
};

const filterValues: Partial<Record<DimensionName, string[]>> = {
  channel: ['Direct', 'paid search', 'Organic Search'],
  source: ['google', 'LinkedIn', 'linked-in', 'linkedin (corrected)', 'øst'],
  medium: ['CPC', 'email', 'e-mail'],
  campaign: ['spring', 'webinar'],
  referrerDomain: ['google.com', 'ØST.no'],
  landingPage: ['/', '/b'],
  site: ['default', 'blog'],
  form: ['contact', 'x'],
  owner: ['1', '3'],
  company: ['1', '2', '4'],
  country: ['NO', ' se '],
  category: ['customer', 'Partner'],
  leadStatus: ['OPEN', 'qualified'],
  createdVia: ['form', 'chat'],
  selfReported: ['google', 'ØST'],
  field: ['source', 'utmId'],
  value: ['google', 'Spring'],
};
const filterArbitrary = fc
  .constantFrom(...(Object.keys(filterValues) as DimensionName[]))
  .chain((name) =>
    fc
      .uniqueArray(fc.constantFrom(null, ...filterValues[name]!), { minLength: 1, maxLength: 3 })
      .map((values) => ({ [name]: values })),
  );
const filtersArbitrary = fc
  .oneof(
    { weight: 5, arbitrary: fc.constant([]) },
    { weight: 2, arbitrary: fc.tuple(filterArbitrary) },
    { weight: 1, arbitrary: fc.tuple(filterArbitrary, filterArbitrary) },
  )
  .map((parts): ReportQuery['filter'] => Object.assign({}, ...parts));

const periods: Array<[ReportPeriod, Grain[]]> = [
  [{ from: '2026-03-01', to: '2026-03-31' }, ['day', 'week', 'month']],
  [{ from: '2026-02-01', to: '2026-03-31' }, ['week', 'month']],
  [{ from: '2026-01-01', to: '2026-12-31' }, ['month', 'quarter']],
  [{ from: '2025-10-01', to: '2026-04-15' }, ['week', 'month', 'quarter', 'year']],
  [{ from: '2026-03-29', to: '2026-03-29' }, ['day']],
  [{ from: '2025-10-26', to: '2025-10-26' }, ['day']],
  [{ relative: 'previousMonth' }, ['week']],
  [{ relative: 'last45Days' }, ['day', 'month']],
  [{ relative: 'thisYear' }, [...grains].slice(2)],
  [{ from: '2026-03-02', to: null }, ['day', 'week']],
];

const isMedian = (name: string): boolean =>
  (measures[name as keyof typeof measures] as Measure | undefined)?.kind === 'median';

const modelsArbitrary: fc.Arbitrary<ReportModel[]> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...pointModels).map((one): ReportModel[] => [one]) },
  {
    weight: 4,
    arbitrary: fc.uniqueArray(fc.constantFrom<ReportModel[]>(...pointModels, ...journeyModels), {
      minLength: 1,
      maxLength: 4,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.uniqueArray(fc.constantFrom<ReportModel[]>(...pathSetModels, 'linear', 'leadCreation', 'markov'), {
      minLength: 1,
      maxLength: 3,
    }),
  },
);

export const reportArbitrary: fc.Arbitrary<AskedReport> = modelsArbitrary.chain((models) => {
  const isPathSet = models.some((one) => (pathSetModels as readonly string[]).includes(one));
  const isPoint = models.every((one) => (pointModels as readonly string[]).includes(one));
  const allowed = dimensionNames.filter((name) => {
    if (isPathSet) return dimensions[name].kind === 'origin' && name !== 'landingPage';
    return name !== 'path' || isPoint;
  });
  // Dimensions of new values go with no others.
  const usual = allowed.filter((name) => name !== 'field' && name !== 'value');
  const dimensionsArbitrary: fc.Arbitrary<DimensionName[]> = fc.oneof(
    { weight: 12, arbitrary: fc.uniqueArray(fc.constantFrom(...usual), { maxLength: 3 }) },
    { weight: 1, arbitrary: fc.uniqueArray(fc.constantFrom(...allowed), { maxLength: 5 }) },
    ...(isPathSet ? [] : [{ weight: 1, arbitrary: fc.constantFrom<DimensionName[]>(['field'], ['field', 'value']) }]),
  );
  const timeArbitrary = fc.oneof(
    { weight: 1, arbitrary: fc.constant({ period: null as ReportPeriod, time: null as ReportQuery['time'] }) },
    {
      weight: 6,
      arbitrary: fc.constantFrom(...periods).chain(([period, units]) =>
        fc.record({
          period: fc.constant(period),
          time: isPathSet
            ? fc.constant(null)
            : orNull(fc.record({ unit: fc.constantFrom(...units), fill: fc.boolean() }), 1),
        }),
      ),
    },
  );
  return fc
    .record({
      measures: fc.uniqueArray(fc.constantFrom(...measureNames), { minLength: 1, maxLength: 6 }),
      dimensions: dimensionsArbitrary,
      when: timeArbitrary,
      timeZone: fc.constantFrom('Europe/Oslo', 'Europe/Oslo', 'America/New_York'),
      compare: orNull(fc.constantFrom('previousPeriod' as const, 'previousYear' as const), 1),
      who: fc.oneof(
        { weight: 4, arbitrary: fc.constant({ entity: 'person' as const, where: null }) },
        {
          weight: 1,
          arbitrary: fc.constantFrom(...criteria.person).map((where) => ({ entity: 'person' as const, where })),
        },
        {
          weight: 1,
          arbitrary: fc.constantFrom(...criteria.company).map((where) => ({ entity: 'company' as const, where })),
        },
      ),
      filter: filtersArbitrary,
      sort: fc.array(fc.record({ n: fc.nat(20), direction: fc.constantFrom('asc' as const, 'desc' as const) }), {
        maxLength: 2,
      }),
      limit: fc.oneof(fc.constant(1_000), fc.integer({ min: 1, max: 6 })),
      level: fc.constantFrom('person' as const, 'account' as const),
      lookBackDays: fc.constantFrom(...lookBacks),
      halfLifeDays: fc.constantFrom(7, 1, 0.5),
      currency: orNull(fc.constantFrom(...currencies), 1),
      asOf: fc.oneof({ weight: 5, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: moment }),
    })
    .map(({ when, who, sort, filter, ...asked }): AskedReport => {
      const names = [...asked.measures.filter((one) => !isMedian(one)), ...asked.dimensions];
      const sorted =
        names.length === 0 ? [] : sort.map(({ n, direction }) => ({ field: names[n % names.length]!, direction }));
      return {
        ...asked,
        ...when,
        ...who,
        compare: when.period === null ? null : asked.compare,
        // A period that is open to the day of the report cannot begin after it.
        asOf: when.period && 'to' in when.period && when.period.to === null ? null : asked.asOf,
        models,
        sideBySide: models.length > 1,
        filter: isPathSet
          ? (Object.fromEntries(
              Object.entries(filter).filter(([name]) => dimensions[name as DimensionName].kind !== 'origin'),
            ) as typeof filter)
          : filter,
        sort: unique<ReportSort>(sorted, (one) => one.field),
      };
    });
});

/** Dimensions by which something is kept added up. */
const kept: DimensionName[][] = [
  ...(['path', 'channel', 'source', 'form', 'leadStatus', 'createdVia'] as const).map((name) => [name]),
  ['form', 'source'],
  ['site'],
  ['site', 'source'],
  ['form', 'channel'],
  ['selfReported', 'channel'],
];

/** Models whose credit is worked out of paths that are kept, by channel alone. */
const ofPaths = fc
  .record({
    models: fc.oneof(
      fc.uniqueArray(fc.constantFrom<ReportModel[]>('lastTouch', 'linear', 'positionBased', 'leadCreation'), {
        minLength: 1,
        maxLength: 3,
      }),
      fc.uniqueArray(fc.constantFrom<ReportModel[]>(...pathSetModels, 'linear'), { minLength: 1, maxLength: 3 }),
    ),
    dimensions: fc.constantFrom<DimensionName[]>(['channel'], ['channel'], []),
    filter: orNull(fc.constantFrom<Array<string | null>>(['Direct', 'paid search'], [null, 'email']), 1),
    // Paths are kept by one window.
    lookBackDays: fc.constantFrom(90, 90, 90, ...lookBacks),
  })
  .map(({ filter, ...asked }) => {
    const isPathSet = asked.models.some((one) => (pathSetModels as readonly string[]).includes(one));
    return { ...asked, filter: filter && !isPathSet ? { channel: filter } : {}, ...(isPathSet ? { time: null } : {}) };
  });

/** Reports of what is kept added up: those that nothing else keeps from reading it. */
export const storedReportArbitrary: fc.Arbitrary<AskedReport> = fc
  .tuple(
    reportArbitrary,
    fc.oneof(
      fc.record({
        dimensions: fc.constantFrom(...kept, []),
        models: fc.constantFrom(...pointModels).map((one): ReportModel[] => [one]),
        filter: fc.constant({}),
        lookBackDays: fc.constant(90),
      }),
      ofPaths,
    ),
  )
  .map(([report, asked]) => ({
    ...report,
    ...asked,
    sideBySide: asked.models.length > 1,
    entity: 'person',
    where: null,
    sort: [],
    level: 'person',
    asOf: null,
  }));
