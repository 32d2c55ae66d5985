import { recordByName } from '../attribution/origin-field-names.ts';
import { allFields, originFields } from '../attribution/origin-fields.ts';
import { capitalize } from '../capitalize.ts';
import type { Label } from '../segments/fields.ts';
import type { Basis } from './measures.ts';

/**
 * What a dimension's value is.
 * - `origin`: a value of the origin that credit goes to; its label is shown, null where unknown.
 * - `record`: `{ id, name }` of a form, an owner, a company.
 * - `text`: a plain text.
 * - `path`: channels, oldest first.
 */
export type DimensionKind = 'origin' | 'record' | 'text' | 'path';

export type Dimension = {
  kind: DimensionKind;
  label: Label;
  /** The bases of which a row has values; other measures have no value in a row, only in the totals. */
  bases: readonly Basis[];
};

const ofPeople = ['lead', 'submission', 'dealRegistered', 'dealClosed', 'dealOpen'] as const;
const ofOrigins = ['visit', 'cost', ...ofPeople] as const;

const dimension = (
  kind: DimensionKind,
  [en, no]: readonly [en: string, no: string],
  bases: readonly Basis[],
): Dimension => ({ kind, label: { en, no }, bases });

export const dimensions = {
  ...recordByName(allFields, (field) => {
    const { en, no } = originFields[field].label;
    return dimension('origin', [capitalize(en), capitalize(no)], ofOrigins);
  }),
  landingPage: dimension('origin', ['Landing page', 'Landingsside'], ['visit', ...ofPeople]),
  /** Where a visit, a submission or a cost belongs; of a lead and of a deal's lead, where it was created. */
  site: dimension('record', ['Site', 'Nettsted'], ofOrigins),
  form: dimension('record', ['Form', 'Skjema'], ofPeople),
  owner: dimension('record', ['Owner', 'Eier'], ofPeople),
  company: dimension('record', ['Company', 'Firma'], ofPeople),
  country: dimension('text', ['Country', 'Land'], ofPeople),
  category: dimension('text', ['Category', 'Kategori'], ofPeople),
  leadStatus: dimension('text', ['Lead status', 'Leadstatus'], ofPeople),
  createdVia: dimension('text', ['Created via', 'Opprettet via'], ofPeople),
  /** What the lead says, in a form field marked so; of a deal's person and a lead, in the form that created them. */
  selfReported: dimension('text', ['Self-reported source', 'Oppgitt kilde'], ofPeople),
  /** The channels touched up to lead creation, or up to the deal. */
  path: dimension('path', ['Path', 'Vei'], ['lead', 'dealRegistered', 'dealClosed', 'dealOpen']),
  /** Of values not seen before: which part of the origin, and the spelling. */
  field: dimension('text', ['Field', 'Felt'], ['newValue']),
  value: dimension('text', ['Value', 'Verdi'], ['newValue']),
} as const satisfies Record<string, Dimension>;
export type DimensionName = keyof typeof dimensions;
export const dimensionNames = Object.keys(dimensions) as DimensionName[];

/** Parts of time: as a dimension, a row for each that has something; as the grain, a row for each. */
export const timeDimensions = {
  day: { en: 'Day', no: 'Dag' },
  week: { en: 'Week', no: 'Uke' },
  month: { en: 'Month', no: 'Måned' },
  quarter: { en: 'Quarter', no: 'Kvartal' },
  year: { en: 'Year', no: 'År' },
} as const satisfies Record<string, Label>;
export type Grain = keyof typeof timeDimensions;
export const grains = Object.keys(timeDimensions) as Grain[];
