import fc from 'fast-check';
import { foldText } from '../../src/domain/fold-text.ts';
import { fields, findField } from '../../src/db/segments/fields.ts';
import type { Entity, Row, Value, World } from './evaluate-criteria.ts';

/** Small worlds and criteria over them, full of what goes wrong: capitals beyond ASCII, patterns, quotes, nothing, the days clocks change. */

const words = [
  'Øst',
  'øst',
  'ØSTFOLD',
  'Å',
  'å',
  'Ærlig',
  'Linkedin',
  'linkedin',
  'linked-in',
  'web',
  'Web  Site',
  'web site',
  '100%',
  '10',
  '50_50',
  '%',
  '_',
  "O'Brien",
  '"quoted"',
  'a\\b',
  '*',
  '🙂',
  '🙂🙃',
  'É',
  'E\u0301',
  'ß',
  'STRASSE',
  'İ',
  'ﬁn',
  'Ω',
  'ω',
  'Ž',
  '[x]',
  // The last but one of all: the local server writes the last one otherwise, and SQL functions see that.
  '\u{10fffe}',
  '\ud7ff',
  '\ue000',
];

const word = fc.constantFrom(...words);
const phrase = fc.oneof(
  { weight: 5, arbitrary: word },
  { weight: 2, arbitrary: fc.tuple(word, fc.constantFrom(' ', '', '-'), word).map((parts) => parts.join('')) },
);
const orNull = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { freq: 4, nil: null });
const storedText = fc.oneof({ weight: 8, arbitrary: orNull(phrase) }, { weight: 1, arbitrary: fc.constant('') });

/** Moments near midnights, changes of clocks and the ends of units, from the summer of 2025 to that of 2026. */
const moment = fc
  .tuple(
    fc.constantFrom(
      '2025-10-25T22:00:00Z',
      '2025-10-26T01:00:00Z',
      '2025-12-31T23:00:00Z',
      '2026-03-28T23:00:00Z',
      '2026-03-29T01:00:00Z',
      '2026-03-29T22:00:00Z',
      '2026-04-23T22:00:00Z',
      '2025-10-30T21:00:00Z',
      '2026-03-31T22:00:00Z',
      '2026-04-01T12:00:00Z',
      '2026-03-30T00:00:00Z',
      '2026-02-28T23:30:00Z',
      '2018-11-04T03:00:00Z',
    ),
    fc.oneof(fc.constantFrom(-1, 0, 1), fc.integer({ min: -48 * 3_600_000, max: 48 * 3_600_000 })),
  )
  .map(([at, off]) => Date.parse(at) + off);

const list = <T>(arbitrary: fc.Arbitrary<T>, maxLength: number, minLength = 0) =>
  fc.array(arbitrary, { minLength, maxLength });
const idBelow = (count: number) => fc.integer({ min: 1, max: count });
const bit = fc.constantFrom(0, 1);
const via = fc.constantFrom('form', 'api', 'import', 'chat');
const country = orNull(fc.constantFrom('NO', 'Norge', 'norge', 'Østerrike', 'østerrike', 'SE'));

const counts = { value: 40, origin: 14, company: 7, person: 18, form: 3, owner: 3 };
const valueFields = [
  'source',
  'medium',
  'campaign',
  'term',
  'content',
  'id',
  'channel',
  'referrerDomain',
  'landingPage',
  'placement',
];

/** The values are dealt out to the fields by their number, four each. */
const valuesArbitrary = fc.tuple(
  fc.array(fc.record({ label: phrase, aliasLabel: orNull(phrase), alias: fc.integer({ min: 0, max: 8 }) }), {
    minLength: counts.value,
    maxLength: counts.value,
  }),
);

const valueOf = (field: string) =>
  fc.oneof(
    { weight: 1, arbitrary: fc.constant(0) },
    { weight: 3, arbitrary: fc.integer({ min: 0, max: 3 }).map((n) => valueFields.indexOf(field) * 4 + n + 1) },
  );

const originArbitrary = fc.record({
  source_id: valueOf('source'),
  medium_id: valueOf('medium'),
  campaign_id: valueOf('campaign'),
  term_id: valueOf('term'),
  content_id: valueOf('content'),
  utm_id_id: valueOf('id'),
  channel_id: valueOf('channel'),
  referrer_domain_id: valueOf('referrerDomain'),
  placement_id: valueOf('placement'),
});

const point = (prefix: string) =>
  fc
    .record({ origin: idBelow(counts.origin), at: moment, page: valueOf('landingPage') })
    .map(({ origin, at, page }) => ({
      [`${prefix}_origin_id`]: origin,
      [`${prefix}_at`]: at,
      [`${prefix}_landing_page_id`]: page,
    }));

const personArbitrary = fc
  .tuple(
    fc.record({
      first_name: storedText,
      last_name: storedText,
      phone: orNull(fc.constantFrom('+47 22 22 22 22', '22222222', 'Ø1')),
      title: storedText,
      country,
      company_id: orNull(idBelow(counts.company)),
      owner_id: orNull(idBelow(counts.owner)),
      lead_status_id: orNull(idBelow(6)),
      created_via: via,
      created_form_id: orNull(idBelow(counts.form)),
      created_at: moment,
      updated_at: moment,
    }),
    point('first_touch'),
    point('lead_creation'),
  )
  .map(([own, first, lead]): Row => ({ ...own, ...first, ...lead }));

const companyArbitrary = fc
  .tuple(
    fc.record({
      name: phrase,
      domain: bit,
      registration_number: bit,
      country,
      owner_id: orNull(idBelow(counts.owner)),
      category_id: orNull(idBelow(6)),
      created_via: via,
      created_at: moment,
      updated_at: moment,
    }),
    fc.option(fc.tuple(point('first_touch'), point('lead_creation')), { nil: null }),
  )
  .map(([own, points]): Row => ({
    ...own,
    ...(points
      ? { ...points[0], ...points[1] }
      : {
          first_touch_origin_id: null,
          first_touch_at: null,
          first_touch_landing_page_id: null,
          lead_creation_origin_id: null,
          lead_creation_at: null,
          lead_creation_landing_page_id: null,
        }),
  }));

const answerText = fc.oneof(phrase, list(phrase, 3));
const submissionArbitrary = fc.record({
  form_id: idBelow(counts.form),
  person_id: orNull(idBelow(counts.person)),
  company_id: orNull(idBelow(counts.company)),
  at: moment,
  created_person: bit,
  created_company: bit,
  origin_id: orNull(idBelow(counts.origin)),
  touch_at: orNull(moment),
  landing_page_id: valueOf('landingPage'),
  journey: orNull(list(idBelow(40), 4)),
  fields: fc.record({ interest: answerText, 'a"b$.c': answerText }, { requiredKeys: [] }),
  page: orNull(fc.constantFrom('https://example.com/Kontakt', 'https://example.com/øl')),
  self_reported: storedText,
});

const dayText = fc.constantFrom(
  '2025-10-25',
  '2025-10-26',
  '2025-12-31',
  '2026-01-01',
  '2026-03-28',
  '2026-03-29',
  '2026-03-30',
  '2026-04-24',
  '2025-10-31',
  '2018-11-04',
  '2026-02-28',
);
const dealArbitrary = fc.record({
  name: storedText,
  person_id: orNull(idBelow(counts.person)),
  company_id: orNull(idBelow(counts.company)),
  owner_id: orNull(idBelow(counts.owner)),
  status: fc.constantFrom('open', 'won', 'lost'),
  amount_minor: fc.constantFrom(0, 1, 999_999, 1_000_000, 1_000_001, -500, 123_456),
  currency: fc.constantFrom('NOK', 'EUR', 'JPY', 'KWD'),
  registered_at: moment,
  closed_at: orNull(moment),
  updated_at: moment,
  stage_id: idBelow(8),
  probability: fc.constantFrom(0, 10, 50, 100),
  expected_close_day: orNull(dayText),
  next_step_text: storedText,
  next_step_day: orNull(dayText),
  lost_reason: storedText,
});

const touchArbitrary = fc.record({
  person_id: idBelow(counts.person),
  at: moment,
  origin_id: idBelow(counts.origin),
  landing_page_id: valueOf('landingPage'),
});

const clickId = fc.record({
  name: fc.constantFrom('gclid', 'gclid', 'li_fat_id', 'irclickid'),
  value: fc.constantFrom('AbC-1', 'abc-1', 'Øl', 'x%_'),
});
/** The click ids of an arrival: none, one alone, or several, the first of which decided. */
const clickIdsArbitrary = list(clickId, 3).map((all) => ({
  click_id_name: all[0]?.name ?? null,
  click_id_value: all[0]?.value ?? null,
  click_ids: all.length > 1 ? JSON.stringify(all) : null,
}));

const consentArbitrary = fc.record({
  person_id: idBelow(counts.person),
  purpose: fc.constantFrom('newsletter', 'Newsletter', 'Øl', 'phone'),
  text: orNull(fc.constant('Yes, send me')),
  at: moment,
});

const memberArbitrary = fc.record({ selection_id: idBelow(5), member_id: idBelow(10), added_at: moment });

export const worldArbitrary: fc.Arbitrary<World> = fc
  .record({
    values: valuesArbitrary,
    origins: list(originArbitrary, counts.origin, counts.origin),
    people: list(personArbitrary, counts.person, counts.person),
    companies: list(companyArbitrary, counts.company, counts.company),
    submissions: list(submissionArbitrary, 24),
    deals: list(dealArbitrary, 12),
    touches: list(touchArbitrary, 30),
    members: list(memberArbitrary, 12),
    clickIds: list(clickIdsArbitrary, 12, 12),
    consents: list(consentArbitrary, 14),
  })
  .map(({ values: [values], origins, people, companies, submissions, deals, touches, members, clickIds, consents }) => {
    const origin_value: Row[] = [];
    for (const [index, { label, aliasLabel, alias }] of values.entries()) {
      const field = valueFields[Math.floor(index / 4)]!;
      const isPage = field === 'landingPage';
      const canonical = isPage ? pageOf(label) : foldText(label)!;
      const isTaken = origin_value.some((one) => one['field'] === field && one['canonical'] === canonical);
      const first = Math.floor(index / 4) * 4 + 1;
      // The first of a field is never corrected, and others may count as it.
      origin_value.push({
        id: index + 1,
        field,
        canonical: isTaken ? `${canonical} ${index}` : canonical,
        label: isPage ? canonical : label,
        alias_label: index + 1 === first ? aliasLabel : null,
        alias_of: index + 1 !== first && alias < 3 ? first : null,
        first_seen_at: 0,
      });
    }
    const corrected = origin_value.filter(({ field }) => field !== 'channel' && field !== 'landingPage');
    const targets = corrected.filter(({ alias_of, alias_label }) => alias_of === null && alias_label !== null);
    const alias = targets.map(({ id, field, canonical, alias_label }): Row => ({
      id: id!,
      field: field!,
      to_canonical: canonical!,
      label: alias_label!,
      created_at: 0,
    }));
    const alias_from = corrected
      .filter((one) => alias.some(({ id }) => id === one['alias_of']))
      .map(({ field, canonical, alias_of }): Row => ({ field: field!, canonical: canonical!, alias_id: alias_of! }));
    // The arrivals that points name, beside others.
    const arrivals = [
      ...touches,
      ...people.flatMap((one, index) =>
        ['first_touch', 'lead_creation'].map((of) => ({
          person_id: index + 1,
          at: Number(one[`${of}_at`]),
          origin_id: Number(one[`${of}_origin_id`]),
          landing_page_id: Number(one[`${of}_landing_page_id`]),
        })),
      ),
      ...submissions.flatMap(({ person_id, touch_at, origin_id, landing_page_id }) =>
        person_id === null || touch_at === null || origin_id === null
          ? []
          : [{ person_id, at: touch_at, origin_id, landing_page_id }],
      ),
      ...companies.flatMap((one, index) =>
        one['first_touch_at'] === null
          ? []
          : [
              {
                person_id: index + 1,
                at: Number(one['first_touch_at']),
                origin_id: Number(one['first_touch_origin_id']),
                landing_page_id: 0,
              },
            ],
      ),
    ].slice(0, 60);
    const fold = (value: Value) => foldText(value as string | null);
    return {
      origin_value,
      alias,
      alias_from,
      origin: origins.map((one, index): Row => ({ id: index + 1, key: `o${index}`, site_id: 1, ...one })),
      lead_status: ['Open', 'Contacting', 'Disqualified', 'Re-nurture', 'Qualified', 'Åpen'].map(
        (name, index): Row => ({ id: index + 1, name, position: (index * 5) % 7, is_default: index === 0 ? 1 : 0 }),
      ),
      category: ['Potential customer', 'Customer', 'Lost', 'Partner', 'Other', 'Ønsket'].map((name, index): Row => ({
        id: index + 1,
        name,
        category_group: index === 5 ? 'Other' : name,
        position: (index * 3) % 5,
        set_on: '[]',
      })),
      pipeline: ['Sales', 'Øvrig'].map((name, index): Row => ({
        id: index + 1,
        name,
        is_default: index === 0 ? 1 : 0,
        created_at: 0,
      })),
      stage: ['New', 'Proposal', 'Won', 'Lost', 'new', 'Åpen', 'Vunnet', 'Tapt'].map((name, index): Row => ({
        id: index + 1,
        pipeline_id: index < 4 ? 1 : 2,
        name,
        position: (index * 3) % 8,
        probability: 50,
        status: 'open',
      })),
      owner: ['Kari', 'Ærlig', 'ola'].map((name, index): Row => ({ id: index + 1, name, active: 1, created_at: 0 })),
      form: ['contact', 'webinar', 'x'].map((key, index): Row => ({
        id: index + 1,
        key,
        name: ['Kontakt', 'Åpent hus', 'z'][index]!,
        site_id: 1,
        created_at: 0,
      })),
      selection: [
        ['Første', 'person'],
        ['100%', 'person'],
        ['Første', 'company'],
        ['Deals', 'deal'],
        ['Sent', 'submission'],
      ].map(([name, entity], index): Row => ({
        id: index + 1,
        name: name!,
        entity: entity!,
        kind: 'static',
        created_at: 0,
      })),
      company: companies.map((one, index): Row => ({
        ...one,
        id: index + 1,
        name_fold: fold(one['name']!),
        domain: one['domain'] ? `firma${index}.no` : null,
        registration_number: one['registration_number'] ? `No9${index}` : null,
        source_person_id: one['first_touch_at'] === null ? null : index + 1,
        creation_id: 'c',
      })),
      person: people.map((one, index): Row => ({
        ...one,
        id: index + 1,
        email: `${['øst', 'kari', 'a%b'][index % 3]}${index}@example.com`,
        first_name_fold: fold(one['first_name']!),
        last_name_fold: fold(one['last_name']!),
        title_fold: fold(one['title']!),
        creation_id: 'p',
      })),
      submission: submissions.map((one, index): Row => ({
        ...one,
        id: submissionId(index),
        journey: one.journey === null ? null : JSON.stringify(one.journey),
        fields: JSON.stringify(one.fields),
      })),
      deal: deals.map((one, index): Row => ({
        ...one,
        id: index + 1,
        external_id: `Ø-${index}`,
        name_fold: fold(one.name),
      })),
      touch: unique(arrivals, (one) => `${one.person_id}:${one.at}:${one.origin_id}`).map((one, index): Row => ({
        ...one,
        ...clickIds[index % clickIds.length],
        id: index + 1,
      })),
      consent: consents.map((one, index): Row => ({ ...one, id: index + 1 })),
      selection_member: unique(
        members.map((one) =>
          // Members of the fifth are submissions, whose ids are texts.
          one.selection_id === 5 ? { ...one, member_id: submissionId(one.member_id) } : one,
        ),
        (one) => `${one.selection_id}:${one.member_id}`,
      ),
    };
  });

/** A page as addresses have it: letters outside ASCII are escaped. */
const pageOf = (text: string): string =>
  text
    .normalize('NFC')
    .trim()
    .replaceAll(/[^!-~]+/g, encodeURIComponent);

const submissionId = (index: number): string => `s${String((index * 7) % 100).padStart(2, '0')}-${index}`;

function unique<T>(items: T[], keyOf: (item: T) => string): T[] {
  return [...new Map(items.map((item) => [keyOf(item), item])).values()];
}

/** Tables in an order in which each finds what it refers to. */
export const tableOrder = [
  'origin_value',
  'alias',
  'alias_from',
  'origin',
  'category',
  'lead_status',
  'owner',
  'form',
  'selection',
  'company',
  'person',
  'submission',
  'pipeline',
  'stage',
  'deal',
  'touch',
  'selection_member',
  'consent',
] as const;

export type FieldPlan = {
  name: string;
  type: string;
  operators: readonly string[];
  values: unknown;
  /** Whether it is a field of what the record belongs to. */
  isOfParent: boolean;
};

/** Click ids are fields by their names; these are asked for. */
const clickIdNames: Partial<Record<Entity, string[]>> = {
  touch: ['clickIds.gclid', 'clickIds.irclickid'],
  person: ['firstTouch.clickIds.gclid', 'leadCreation.clickIds.gclid', 'latestConversion.clickIds.gclid'],
  company: ['companySource.firstTouch.clickIds.gclid'],
  submission: ['touch.clickIds.gclid', 'conversion.clickIds.gclid', 'clickIds.li_fat_id'],
  deal: ['person.firstTouch.clickIds.gclid', 'person.company.companySource.firstTouch.clickIds.gclid'],
};

/** The fields of an entity to ask for: those declared, and two of a form. */
export function fieldPlans(entity: Entity): FieldPlan[] {
  const declared: FieldPlan[] = fields[entity].map(({ name, type, operators, values, through }) => ({
    name,
    type,
    operators,
    values,
    isOfParent: through !== null,
  }));
  for (const name of clickIdNames[entity] ?? []) {
    const { type, operators, through } = findField(entity, name)!;
    declared.push({ name, type, operators, values: null, isOfParent: through !== null });
  }
  if (entity !== 'submission') return declared;
  const { operators } = declared.find(({ name }) => name === 'selfReported')!;
  return [
    ...declared,
    ...['fields.interest', 'fields.a"b$.c'].map((name) => ({
      name,
      type: 'text',
      operators,
      values: null,
      isOfParent: false,
    })),
  ];
}

/** Any field, more often one of its own than one of what the record belongs to. */
export function anyField(entity: Entity): fc.Arbitrary<FieldPlan> {
  const own = fieldPlans(entity).filter(({ isOfParent }) => !isOfParent);
  const ofParents = fieldPlans(entity).filter(({ isOfParent }) => isOfParent);
  if (ofParents.length === 0) return fc.constantFrom(...own);
  return fc.oneof(
    { weight: 2, arbitrary: fc.constantFrom(...own) },
    { weight: 1, arbitrary: fc.constantFrom(...ofParents) },
  );
}

const dateText = fc.oneof(
  dayText,
  moment.map((at) => new Date(at).toISOString()),
  moment.map((at) => new Date(at + 3_600_000).toISOString().replace('Z', '+01:00')),
);
const searched = fc
  .oneof(
    { weight: 3, arbitrary: phrase },
    { weight: 1, arbitrary: phrase.map((text) => text.toUpperCase()) },
    {
      weight: 2,
      arbitrary: fc.constantFrom('i', 'o', 'ø', 'a', ' ', 'firma', '@example.com', 'kari', 's', 'K', ' web', 'ω'),
    },
    {
      weight: 2,
      arbitrary: fc.tuple(phrase, fc.nat(4), fc.nat(5)).map(([text, from, length]) =>
        Array.from(text)
          .slice(from, from + length + 1)
          .join(''),
      ),
    },
  )
  .filter((text) => text.trim() !== '');

const names: Record<string, string[]> = {
  leadStatus: ['2', 'Open', 'contacting', 'QUALIFIED', 'Åpen', 'åpen'],
  category: ['3', 'Customer', 'lost', 'Ønsket', 'ønsket', 'Partner'],
  owner: ['1', '2', '3'],
  pipeline: ['1', '2'],
  stage: ['1', '2', '5', '8'],
  form: ['contact', 'webinar', 'x'],
  country: ['no', 'Norge', 'ØSTERRIKE', 'se'],
};

function oneValue({ name, type, values }: FieldPlan): fc.Arbitrary<unknown> {
  if (name.includes('clickIds.')) return fc.constantFrom('AbC-1', 'abc-1', 'ABC', 'øl', '%', 'b', '-1');
  if (name.endsWith('purpose')) return fc.constantFrom('newsletter', 'NEWSLETTER', 'øl', 'p', 'phone');
  const known = values as { kind: string; list?: string; values?: Array<{ value: string }> } | null;
  if (known?.kind === 'static') {
    return fc.constantFrom(...known.values!.flatMap(({ value }) => [value, value.toUpperCase()]));
  }
  if (known?.list && names[known.list]) return fc.constantFrom(...names[known.list]!);
  if (type === 'reference') {
    return name === 'id' || name.endsWith('.id') ? fc.constantFrom('1', '2', '5') : fc.constantFrom('1', 2, '3', '7');
  }
  if (type === 'number') return fc.constantFrom(0, 1, 2, 3, -5, 100, 9_999.99, 10_000, 10_000.01, 1234.56, 1_000_000);
  if (type === 'boolean') return fc.boolean();
  return searched;
}

const relative = fc.record(
  { unit: fc.constantFrom('day', 'week', 'month', 'quarter', 'year'), count: fc.integer({ min: 1, max: 8 }) },
  { requiredKeys: ['unit'] },
);

/** A condition on one field by one operator. */
export function conditionOn(plan: FieldPlan, op: string): fc.Arbitrary<object> {
  const { name: field, type } = plan;
  const give = (value: fc.Arbitrary<unknown>) => value.map((one) => ({ field, op, value: one }));
  if (op === 'empty' || op === 'notEmpty' || /today/i.test(op)) return fc.constant({ field, op });
  if (type === 'date') {
    if (op === 'before' || op === 'after' || op === 'on') return give(dateText);
    if (op === 'between') {
      return give(
        fc.oneof(
          fc.tuple(dayText, dayText).map((days) => days.toSorted()),
          fc.tuple(
            dateText,
            dateText.filter((one) => one.length > 10),
          ),
        ),
      );
    }
    if (op === 'lastDays' || op === 'nextDays')
      return give(
        fc.integer({ min: 1, max: 40 }).chain((count) => fc.constantFrom<unknown>(count, { unit: 'day', count })),
      );
    return give(op === 'this' ? relative.map(({ unit }) => ({ unit })) : relative);
  }
  if (op === 'between') {
    return give(fc.tuple(oneValue(plan), oneValue(plan)).map((pair) => (pair as number[]).toSorted((a, b) => a - b)));
  }
  if (op === 'oneOf' || op === 'noneOf') return give(fc.array(oneValue(plan), { minLength: 1, maxLength: 4 }));
  return give(oneValue(plan));
}

const related: Record<Entity, Entity[]> = {
  person: ['submission', 'deal', 'touch', 'company', 'selection', 'consent'],
  company: ['person', 'submission', 'deal', 'touch', 'selection'],
  submission: ['person', 'company', 'touch', 'selection'],
  deal: ['person', 'company', 'selection'],
  touch: ['person', 'company', 'submission'],
  selection: [],
  consent: [],
};

/** The selections of each entity, by the worlds' numbers. */
const selectionIds: Partial<Record<Entity, string[]>> = {
  person: ['1', '2'],
  company: ['3'],
  deal: ['4'],
  submission: ['5'],
};

const condition = (entity: Entity): fc.Arbitrary<object> => {
  const plain = anyField(entity).chain((plan) =>
    fc.constantFrom(...plan.operators).chain((op) => conditionOn(plan, op)),
  );
  const ids = selectionIds[entity];
  if (!ids) return plain;
  const member = fc.record({
    field: fc.constant('selection'),
    op: fc.constantFrom('inSelection', 'notInSelection'),
    value: fc.constantFrom(...ids),
  });
  return fc.oneof({ weight: 12, arbitrary: plain }, { weight: 1, arbitrary: member });
};

const countCondition = fc.dictionary(
  fc.constantFrom('gte', 'gt', 'lte', 'lt', 'eq', 'ne'),
  fc.integer({ min: 0, max: 3 }),
  { minKeys: 1, maxKeys: 2, noNullPrototype: true },
);

const trees = new Map<string, fc.Arbitrary<object>>();

export function treeArbitrary(entity: Entity, depth: number): fc.Arbitrary<object> {
  const key = `${entity}:${depth}`;
  const known = trees.get(key);
  if (known) return known;
  const leaf = condition(entity);
  const made =
    depth === 0
      ? leaf
      : fc.oneof(
          { weight: 3, arbitrary: leaf },
          {
            weight: 2,
            arbitrary: fc.array(treeArbitrary(entity, depth - 1), { maxLength: 3 }).map((all) => ({ all })),
          },
          {
            weight: 2,
            arbitrary: fc.array(treeArbitrary(entity, depth - 1), { maxLength: 3 }).map((any) => ({ any })),
          },
          { weight: 1, arbitrary: treeArbitrary(entity, depth - 1).map((not) => ({ not })) },
          ...related[entity].map((has) => ({
            weight: 1,
            arbitrary: fc.record(
              { has: fc.constant(has), where: treeArbitrary(has, depth - 1), count: countCondition },
              { requiredKeys: ['has'] },
            ),
          })),
        );
  trees.set(key, made);
  return made;
}

/** Records of which there are many are sorted by their own fields, such as `company.name`. */
export const isSortable = (name: string): boolean => !/(^|\.)(person|company)$/.test(name);

export function sortArbitrary(entity: Entity): fc.Arbitrary<Array<{ field: string; direction: 'asc' | 'desc' }>> {
  return fc.uniqueArray(
    fc.record({
      field: anyField(entity)
        .map(({ name }) => name)
        .filter(isSortable),
      direction: fc.constantFrom('asc' as const, 'desc' as const),
    }),
    { maxLength: 3, selector: ({ field }) => field },
  );
}
