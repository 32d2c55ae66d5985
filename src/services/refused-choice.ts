import type { ChoiceState } from '../db/fragments/choices.ts';
import type { InputError } from '../domain/errors.ts';
import { maxKnownNames, nearestNames, unknownName } from '../domain/unknown-name.ts';

/**
 * The mistake of a lead status or a category that does not exist or is archived, with those that can be chosen.
 * @param value as it was given: an id or a name.
 */
export function refusedChoice({
  location,
  what,
  value,
  state: given,
}: {
  location: string;
  what: 'lead status' | 'category';
  value: string;
  state: ChoiceState | string;
}): InputError {
  const state = typeof given === 'string' ? (JSON.parse(given) as ChoiceState) : given;
  if (state.archived === null) {
    return unknownName({ location, what, name: value, owner: 'Choose one of', known: state.names });
  }
  const known = nearestNames(value, state.names);
  const more = state.names.length > maxKnownNames ? ', …' : '';
  return {
    location,
    message: `The ${what} '${state.archived}' is archived. Choose one of: ${known.join(', ')}${more}`,
    known,
  };
}
