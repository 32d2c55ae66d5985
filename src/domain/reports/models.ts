import type { Label } from '../segments/fields.ts';

/**
 * Which origin a number is credited to. Of visits and costs it is their own, whatever the model.
 * - `firstTouch`, `leadCreation`: the person's points; of a deal without a person, its company's source.
 * - `conversion`: the origin in force at the submission itself; of a lead, at the one that created it.
 * - `lastTouch`: the last touch of the journey up to the lead's creation, the submission, or the deal.
 * - the rest share the credit among that journey's touches.
 */
export const pointModels = ['firstTouch', 'leadCreation', 'conversion'] as const;
export const journeyModels = ['lastTouch', 'linear', 'positionBased', 'timeDecay'] as const;
/** Those that credit all paths together, and not one journey at a time. */
export const pathSetModels = ['markov', 'shapley'] as const;
export const reportModels = [...pointModels, ...journeyModels, ...pathSetModels] as const;

export type PointModel = (typeof pointModels)[number];
export type JourneyModel = (typeof journeyModels)[number];
export type PathSetModel = (typeof pathSetModels)[number];
export type ReportModel = (typeof reportModels)[number];

export const modelLabels: Readonly<Record<ReportModel, Label>> = {
  firstTouch: { en: 'First touch', no: 'Første interaksjon' },
  leadCreation: { en: 'Lead creation', no: 'Leadsgenerering' },
  conversion: { en: 'Conversion', no: 'Konvertering' },
  lastTouch: { en: 'Last touch', no: 'Siste interaksjon' },
  linear: { en: 'Linear', no: 'Lineær' },
  positionBased: { en: 'Position based', no: 'Posisjonsbasert' },
  timeDecay: { en: 'Time decay', no: 'Tidsvektet' },
  markov: { en: 'Markov', no: 'Markov' },
  shapley: { en: 'Shapley', no: 'Shapley' },
};
