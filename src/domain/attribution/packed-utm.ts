import { noUtm, pairedUtm, parameters, placedUtm } from './origin-lists.ts';
import { utmFieldOf } from './read-parameters.ts';
import type { Utm } from './types.ts';

/** The values that have a place in stored lists, in order. */
export function packPlaces(utm: Utm): Array<string | null> {
  return placedUtm.map((field) => utm[field]);
}

/** Parameter and value, one after the other, of the values without a place. */
export function packPairs(utm: Utm): string[] {
  return pairedUtm.flatMap((field) => (utm[field] === null ? [] : [parameters[field], utm[field]]));
}

/** @param cells begin with the values that have a place. */
export function unpackPlaces(cells: ReadonlyArray<string | null | undefined>): Utm {
  const utm = { ...noUtm };
  placedUtm.forEach((field, index) => (utm[field] = cells[index] ?? null));
  return utm;
}

/** Puts a pair's value where it belongs; false where the name is no parameter's. */
export function unpackPair(utm: Utm, name: string, value: string): boolean {
  const field = utmFieldOf.get(name);
  if (field) utm[field] = value;
  return field !== undefined;
}
