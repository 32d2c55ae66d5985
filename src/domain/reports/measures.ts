import type { Label } from '../segments/fields.ts';

/**
 * What is counted, and by which date: the basis of a number. Lead date and deal date are different bases.
 * - `visit`, `cost`: by their day.
 * - `lead`: people, by their creation.
 * - `submission`: accepted forms, by their time.
 * - `dealRegistered`, `dealClosed`: deals, by registration and by close.
 * - `dealOpen`: deals that are open at the end of the period (of each part of it, where there is a grain).
 * - `newValue`: origin values and aliases, by the day they were first seen.
 */
export const bases = [
  'visit',
  'cost',
  'lead',
  'submission',
  'dealRegistered',
  'dealClosed',
  'dealOpen',
  'newValue',
] as const;
export type Basis = (typeof bases)[number];

/** What the database adds up, by its basis. `money`: minor units of the report's currency. */
export const quantities = {
  visits: { basis: 'visit' },
  cost: { basis: 'cost', money: true },
  /** What platforms claim of themselves, by the day of the cost. */
  claimedConversions: { basis: 'cost' },
  claimedValue: { basis: 'cost', money: true },
  impressions: { basis: 'cost' },
  clicks: { basis: 'cost' },
  leads: { basis: 'lead' },
  /** Of the period's leads, those with a deal so far, and with a won one. */
  leadsWithDeal: { basis: 'lead' },
  leadsWon: { basis: 'lead' },
  /** Of the period's leads, those with the status Qualified now, or with a deal so far. */
  leadsQualified: { basis: 'lead' },
  submissions: { basis: 'submission' },
  conversions: { basis: 'submission' },
  deals: { basis: 'dealRegistered' },
  wonDeals: { basis: 'dealClosed' },
  lostDeals: { basis: 'dealClosed' },
  revenue: { basis: 'dealClosed', money: true },
  openDeals: { basis: 'dealOpen' },
  pipeline: { basis: 'dealOpen', money: true },
  weightedPipeline: { basis: 'dealOpen', money: true },
  newValues: { basis: 'newValue' },
} as const satisfies Record<string, { basis: Basis; money?: true }>;
export type Quantity = keyof typeof quantities;

/** Medians, in days, and whose they are. */
export const medians = {
  daysToLead: { basis: 'lead' },
  daysToDeal: { basis: 'dealRegistered' },
  daysToWin: { basis: 'dealClosed' },
} as const satisfies Record<string, { basis: Basis }>;
export type Median = keyof typeof medians;

type Kind =
  /** A quantity itself. */
  | { kind: 'quantity'; of: Quantity }
  /** A share of a population, with its 95 % interval and its uplift against the rest. */
  | { kind: 'rate'; numerator: Quantity; denominator: readonly Quantity[] }
  /** A row's part of the whole. */
  | { kind: 'share'; of: Quantity }
  /** One quantity for each of another; money where the numerator is and the denominator is not. */
  | { kind: 'ratio'; numerator: Quantity; denominator: Quantity }
  | { kind: 'median'; of: Median };

export type Measure = Kind & { label: Label; description: string };

const measure = (label: readonly [en: string, no: string], description: string, kind: Kind): Measure => ({
  ...kind,
  label: { en: label[0], no: label[1] },
  description,
});

/** Every measure, declared once: compiler, answer, CSV heads and API description read it. */
export const measures = {
  visits: measure(['Visits', 'Besøk'], 'Arrivals, by their day', { kind: 'quantity', of: 'visits' }),
  leads: measure(['Leads', 'Leads'], 'People created in the period', { kind: 'quantity', of: 'leads' }),
  submissions: measure(['Submissions', 'Innsendinger'], 'Accepted forms, by their time', {
    kind: 'quantity',
    of: 'submissions',
  }),
  conversions: measure(['Conversions', 'Konverteringer'], 'Accepted forms of people who existed', {
    kind: 'quantity',
    of: 'conversions',
  }),
  leadsWithDeal: measure(['Leads with a deal', 'Leads med salg'], 'Leads of the period with a deal so far', {
    kind: 'quantity',
    of: 'leadsWithDeal',
  }),
  leadsWon: measure(['Leads won', 'Leads vunnet'], 'Leads of the period with a won deal so far', {
    kind: 'quantity',
    of: 'leadsWon',
  }),
  leadsQualified: measure(
    ['Qualified leads', 'Kvalifiserte leads'],
    'Leads of the period with the status Qualified now, or with a deal so far',
    { kind: 'quantity', of: 'leadsQualified' },
  ),
  deals: measure(['Deals', 'Avtaler'], 'Deals registered in the period', { kind: 'quantity', of: 'deals' }),
  wonDeals: measure(['Won deals', 'Vunne avtaler'], 'Deals won in the period', { kind: 'quantity', of: 'wonDeals' }),
  lostDeals: measure(['Lost deals', 'Tapte avtaler'], 'Deals lost in the period', {
    kind: 'quantity',
    of: 'lostDeals',
  }),
  revenue: measure(['Revenue', 'Inntekt'], 'Amount of the deals won in the period', {
    kind: 'quantity',
    of: 'revenue',
  }),
  openDeals: measure(['Open deals', 'Åpne avtaler'], 'Deals open at the end of the period', {
    kind: 'quantity',
    of: 'openDeals',
  }),
  pipeline: measure(['Pipeline', 'Pipeline'], 'Amount of the deals open at the end of the period', {
    kind: 'quantity',
    of: 'pipeline',
  }),
  weightedPipeline: measure(
    ['Weighted pipeline', 'Vektet pipeline'],
    'Amount of the deals open at the end of the period, each times its probability; a deal closed since then has the last one it had',
    { kind: 'quantity', of: 'weightedPipeline' },
  ),
  cost: measure(['Cost', 'Kostnad'], 'Cost of the days of the period', { kind: 'quantity', of: 'cost' }),
  claimedConversions: measure(
    ['Claimed conversions', 'Oppgitte konverteringer'],
    'Conversions that the platform claims, beside those that Kilde counts',
    { kind: 'quantity', of: 'claimedConversions' },
  ),
  claimedValue: measure(['Claimed value', 'Oppgitt verdi'], 'Value that the platform claims, beside Kilde’s revenue', {
    kind: 'quantity',
    of: 'claimedValue',
  }),
  impressions: measure(['Impressions', 'Visninger'], 'Impressions as the platform counts them', {
    kind: 'quantity',
    of: 'impressions',
  }),
  clicks: measure(['Clicks', 'Klikk'], 'Clicks as the platform counts them', { kind: 'quantity', of: 'clicks' }),
  newValues: measure(['New values', 'Nye verdier'], 'Spellings first seen in the period', {
    kind: 'quantity',
    of: 'newValues',
  }),
  visitToLeadRate: measure(['Visit to lead', 'Besøk til lead'], 'Leads for each visit of the period', {
    kind: 'rate',
    numerator: 'leads',
    denominator: ['visits'],
  }),
  leadToQualifiedRate: measure(
    ['Lead to qualified', 'Lead til kvalifisert'],
    'Leads of the period that are qualified',
    {
      kind: 'rate',
      numerator: 'leadsQualified',
      denominator: ['leads'],
    },
  ),
  qualifiedToDealRate: measure(
    ['Qualified to deal', 'Kvalifisert til avtale'],
    'Qualified leads of the period with a deal so far',
    { kind: 'rate', numerator: 'leadsWithDeal', denominator: ['leadsQualified'] },
  ),
  dealToWonRate: measure(['Deal to won', 'Avtale til vunnet'], 'Leads of the period with a deal that have a won one', {
    kind: 'rate',
    numerator: 'leadsWon',
    denominator: ['leadsWithDeal'],
  }),
  leadToDealRate: measure(['Lead to deal', 'Lead til avtale'], 'Leads of the period with a deal so far', {
    kind: 'rate',
    numerator: 'leadsWithDeal',
    denominator: ['leads'],
  }),
  leadToWonRate: measure(['Lead to won deal', 'Lead til vunnet'], 'Leads of the period with a won deal so far', {
    kind: 'rate',
    numerator: 'leadsWon',
    denominator: ['leads'],
  }),
  winRate: measure(['Win rate', 'Vinnerandel'], 'Won of the deals won or lost in the period', {
    kind: 'rate',
    numerator: 'wonDeals',
    denominator: ['wonDeals', 'lostDeals'],
  }),
  leadShare: measure(['Share of leads', 'Andel av leads'], 'Part of all leads of the period', {
    kind: 'share',
    of: 'leads',
  }),
  submissionShare: measure(['Share of submissions', 'Andel av innsendinger'], 'Part of all submissions of the period', {
    kind: 'share',
    of: 'submissions',
  }),
  dealShare: measure(['Share of deals', 'Andel av avtaler'], 'Part of all deals of the period', {
    kind: 'share',
    of: 'deals',
  }),
  costPerLead: measure(['Cost per lead', 'Kostnad per lead'], 'Cost for each lead of the period', {
    kind: 'ratio',
    numerator: 'cost',
    denominator: 'leads',
  }),
  costPerWonDeal: measure(['Cost per won deal', 'Kostnad per vunnet avtale'], 'Cost for each deal won in the period', {
    kind: 'ratio',
    numerator: 'cost',
    denominator: 'wonDeals',
  }),
  averageWonDeal: measure(['Average won deal', 'Snitt per vunnet avtale'], 'Revenue for each deal won in the period', {
    kind: 'ratio',
    numerator: 'revenue',
    denominator: 'wonDeals',
  }),
  returnOnAdSpend: measure(['Return on ad spend', 'Avkastning på annonser'], 'Revenue for each unit of cost', {
    kind: 'ratio',
    numerator: 'revenue',
    denominator: 'cost',
  }),
  daysToLead: measure(['Days to lead', 'Dager til lead'], 'From first touch to lead creation, median', {
    kind: 'median',
    of: 'daysToLead',
  }),
  daysToDeal: measure(['Days to deal', 'Dager til avtale'], 'From first touch to the deal’s registration, median', {
    kind: 'median',
    of: 'daysToDeal',
  }),
  daysToWin: measure(['Days to won deal', 'Dager til vunnet'], 'From first touch to the won deal’s close, median', {
    kind: 'median',
    of: 'daysToWin',
  }),
} as const satisfies Record<string, Measure>;
export type MeasureName = keyof typeof measures;
export const measureNames = Object.keys(measures) as MeasureName[];

/** The quantities that a measure is made of. */
export function quantitiesOf(name: MeasureName): readonly Quantity[] {
  const one: Measure = measures[name];
  switch (one.kind) {
    case 'quantity':
    case 'share':
      return [one.of];
    case 'rate':
      return [...new Set([one.numerator, ...one.denominator])];
    case 'ratio':
      return [one.numerator, one.denominator];
    case 'median':
      return [];
  }
}
