import type { Model } from '../api/scope.ts';
import { m } from '../paraglide/messages.js';

export const modelName: Record<Model, () => string> = {
  firstTouch: () => m.model_first_touch(),
  leadCreation: () => m.model_lead_creation(),
  lastTouch: () => m.model_last_touch(),
  linear: () => m.model_linear(),
  positionBased: () => m.model_position_based(),
  timeDecay: () => m.model_time_decay(),
  markov: () => m.model_markov(),
  shapley: () => m.model_shapley(),
};

export const modelMeaning: Record<Model, () => string> = {
  firstTouch: () => m.model_first_touch_meaning(),
  leadCreation: () => m.model_lead_creation_meaning(),
  lastTouch: () => m.model_last_touch_meaning(),
  linear: () => m.model_linear_meaning(),
  positionBased: () => m.model_position_based_meaning(),
  timeDecay: () => m.model_time_decay_meaning(),
  markov: () => m.model_markov_meaning(),
  shapley: () => m.model_shapley_meaning(),
};

/** A model within a sentence: small, but for those that are named after a person. */
export function modelInSentence(model: Model): string {
  const name = modelName[model]();
  return model === 'markov' || model === 'shapley' ? name : name.toLowerCase();
}
