import type { Label } from '../segments/fields.ts';
import type { DimensionName, Grain } from './dimensions.ts';
import type { MeasureName } from './measures.ts';
import type { ReportModel } from './models.ts';
import type { ReportInput } from './parse-report.ts';

/** A report that is there from the start: a query as anybody could send it, under an id that stays. */
export type Preset = { id: string; name: Label; description: Label; query: ReportInput };

/** A report's query, its names held to those there are. */
type PresetQuery = ReportInput & {
  measures: MeasureName[];
  dimensions: Array<DimensionName | Grain>;
  attribution?: ReportModel;
};

const preset = (
  id: string,
  {
    name,
    description,
    query,
  }: Record<'name' | 'description', readonly [en: string, no: string]> & { query: PresetQuery },
): Preset => ({
  id,
  name: { en: name[0], no: name[1] },
  description: { en: description[0], no: description[1] },
  query: { period: { relative: 'last90Days' }, ...query },
});

/** Every preset, in the order in which they are listed. */
export const presets: readonly Preset[] = [
  preset('lead-qualification-funnel', {
    name: ['Lead qualification funnel', 'Trakt for leadkvalifisering'],
    description: [
      'The leads of the period by their status now, and how many have a deal or a won one',
      'Periodens leads etter status nå, og hvor mange som har fått en avtale eller en vunnet avtale',
    ],
    query: {
      measures: ['leads', 'leadsWithDeal', 'leadsWon', 'leadToDealRate'],
      dimensions: ['leadStatus'],
      sort: [{ field: 'leadStatus', direction: 'asc' }],
      showEmpty: true,
    },
  }),
  preset('journey-funnel', {
    name: ['From visit to revenue', 'Fra besøk til inntekt'],
    description: [
      'Visits, leads, qualified leads, leads with a deal, leads won and revenue, each step compared with the period before. Visits are counted, not followed',
      'Besøk, leads, kvalifiserte leads, leads med avtale, vunne leads og inntekt, hvert trinn sammenlignet med perioden før. Besøk telles, men følges ikke',
    ],
    query: {
      measures: [
        'visits',
        'leads',
        'leadsQualified',
        'leadsWithDeal',
        'leadsWon',
        'revenue',
        'visitToLeadRate',
        'leadToQualifiedRate',
        'qualifiedToDealRate',
        'dealToWonRate',
      ],
      dimensions: [],
      compare: 'previousPeriod',
    },
  }),
  preset('new-leads-by-campaign', {
    name: ['New leads by campaign', 'Nye leads etter kampanje'],
    description: [
      'People created, by the campaign in force at lead creation',
      'Opprettede personer etter kampanjen som gjaldt ved leadsgenerering',
    ],
    query: {
      measures: ['leads', 'leadShare', 'leadToDealRate'],
      dimensions: ['campaign'],
      attribution: 'leadCreation',
    },
  }),
  preset('new-leads-by-first-touch-source', {
    name: ['New leads by first touch source', 'Nye leads etter kilde for første interaksjon'],
    description: [
      'People created, by the source that first brought them',
      'Opprettede personer etter kilden som først førte dem hit',
    ],
    query: { measures: ['leads', 'leadShare', 'leadToDealRate'], dimensions: ['source'], attribution: 'firstTouch' },
  }),
  preset('new-leads-by-lead-creation-source', {
    name: ['New leads by lead creation source', 'Nye leads etter kilde for leadsgenerering'],
    description: [
      'People created, by the source in force when they became a lead',
      'Opprettede personer etter kilden som gjaldt da de ble et lead',
    ],
    query: { measures: ['leads', 'leadShare', 'leadToDealRate'], dimensions: ['source'], attribution: 'leadCreation' },
  }),
  preset('new-leads-from-forms', {
    name: ['New leads from forms', 'Nye leads fra skjemaer'],
    description: [
      'People whom a form created, by form and source',
      'Personer opprettet av et skjema, etter skjema og kilde',
    ],
    query: {
      measures: ['leads', 'leadShare', 'leadToDealRate'],
      dimensions: ['form', 'source'],
      attribution: 'leadCreation',
      filter: { createdVia: ['form'] },
    },
  }),
  preset('new-leads-from-chat', {
    name: ['New leads from chat', 'Nye leads fra chat'],
    description: ['People whom a chat created, by source', 'Personer opprettet via chat, etter kilde'],
    query: {
      measures: ['leads', 'leadShare', 'leadToDealRate'],
      dimensions: ['source'],
      attribution: 'leadCreation',
      filter: { createdVia: ['chat'] },
    },
  }),
  preset('top-forms', {
    name: ['Top lead-capturing forms', 'Skjemaene som gir flest leads'],
    description: [
      'What each form brought: submissions, new leads, conversions of people who were known',
      'Hva hvert skjema ga: innsendinger, nye leads og konverteringer av kjente personer',
    ],
    query: { measures: ['leads', 'submissions', 'conversions', 'leadToDealRate'], dimensions: ['form'] },
  }),
  preset('top-referring-sites', {
    name: ['Top referring sites', 'Nettsteder som henviser flest'],
    description: [
      'Leads and their deals by the site that the visit of lead creation came from',
      'Leads og avtalene deres etter nettstedet som besøket ved leadsgenerering kom fra',
    ],
    query: {
      measures: ['leads', 'deals', 'leadToDealRate'],
      dimensions: ['referrerDomain'],
      attribution: 'leadCreation',
    },
  }),
  preset('deals-by-lead-creation-source', {
    name: ['Deals by lead creation source', 'Avtaler etter kilde for leadsgenerering'],
    description: [
      'Deals registered, won and lost in the period, by what made their person a lead',
      'Avtaler registrert, vunnet og tapt i perioden, etter kilden som gjorde personen til lead',
    ],
    query: {
      measures: ['deals', 'wonDeals', 'lostDeals', 'winRate', 'revenue'],
      dimensions: ['source'],
      attribution: 'leadCreation',
    },
  }),
  preset('pipeline-by-lead-creation-source', {
    name: ['Pipeline by lead creation source', 'Pipeline etter kilde for leadsgenerering'],
    description: [
      'Deals open at the end of the period and their amount, by what made their person a lead',
      'Avtaler som er åpne ved periodens slutt og beløpet, etter kilden som gjorde personen til lead',
    ],
    query: { measures: ['pipeline', 'openDeals'], dimensions: ['source'], attribution: 'leadCreation' },
  }),
  preset('source-medium-leads-deals', {
    name: ['Source, medium, leads, deals', 'Kilde, medium, leads, avtaler'],
    description: [
      'Which activities bring the most new leads and deals',
      'Hvilke aktiviteter som gir flest nye leads og avtaler',
    ],
    query: {
      measures: ['leads', 'deals', 'leadToDealRate'],
      dimensions: ['source', 'medium'],
      attribution: 'leadCreation',
    },
  }),
  preset('sign-up-share-by-channel', {
    name: ['Share of sign-ups by channel', 'Andel av påmeldinger etter kanal'],
    description: [
      'The part of a form’s submissions that each channel brought, and how its leads became deals; all forms where none is named',
      'Andelen av et skjemas innsendinger fra hver kanal, og hvordan leadene ble til avtaler; alle skjemaer hvis ingen er valgt',
    ],
    query: {
      measures: ['submissions', 'submissionShare', 'leads', 'leadToDealRate'],
      dimensions: ['channel'],
      attribution: 'conversion',
    },
  }),
  preset('top-paths', {
    name: ['Top paths', 'Vanligste veier'],
    description: [
      'The channels touched, in order, up to lead creation and up to the deal',
      'Kanalene i rekkefølge fram til leadsgenerering og fram til avtalen',
    ],
    query: { measures: ['leads', 'deals', 'wonDeals', 'revenue'], dimensions: ['path'], limit: 100 },
  }),
  preset('time-to-convert', {
    name: ['Time to convert', 'Tid til konvertering'],
    description: [
      'Median days from first touch to lead, to deal and to won deal, by first touch channel',
      'Median antall dager fra første interaksjon til lead, avtale og vunnet avtale, etter kanal for første interaksjon',
    ],
    query: {
      measures: ['leads', 'daysToLead', 'deals', 'daysToDeal', 'wonDeals', 'daysToWin'],
      dimensions: ['channel'],
      attribution: 'firstTouch',
    },
  }),
  preset('return-on-spend', {
    name: ['Return on spend', 'Avkastning på annonsekroner'],
    description: [
      'Cost beside the leads, deals and revenue of the same source, medium and campaign',
      'Kostnad ved siden av leads, avtaler og inntekt for samme kilde, medium og kampanje',
    ],
    query: {
      measures: ['cost', 'leads', 'costPerLead', 'wonDeals', 'costPerWonDeal', 'revenue', 'returnOnAdSpend'],
      dimensions: ['source', 'medium', 'campaign'],
      attribution: 'leadCreation',
    },
  }),
  preset('self-reported-against-measured', {
    name: ['Self-reported against measured', 'Oppgitt mot målt'],
    description: [
      'What leads say brought them, beside the channel that was measured first',
      'Hva leadene selv sier førte dem hit, ved siden av den første målte kanalen',
    ],
    query: {
      measures: ['leads', 'leadToDealRate'],
      dimensions: ['selfReported', 'channel'],
      attribution: 'firstTouch',
    },
  }),
  preset('new-values', {
    name: ['Values not seen before', 'Nye verdier'],
    description: [
      'New spellings of source, medium, campaign and the rest, newest first',
      'Nye skrivemåter av kilde, medium, kampanje og resten, nyeste først',
    ],
    query: {
      measures: ['newValues'],
      dimensions: ['day', 'field', 'value'],
      sort: [
        { field: 'day', direction: 'desc' },
        { field: 'field', direction: 'asc' },
        { field: 'value', direction: 'asc' },
      ],
    },
  }),
];

export function findPreset(id: string): Preset | undefined {
  return presets.find((one) => one.id === id);
}
