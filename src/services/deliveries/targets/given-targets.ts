import { restoreMasked } from '../../../domain/deliveries/mask-address.ts';
import { addressProblem } from '../../../domain/deliveries/public-address.ts';
import { invalidInput } from '../../../domain/errors.ts';
import type { InputError } from '../../../domain/errors.ts';
import { shownAddress } from './define-target.ts';
import type { Viewer } from './define-target.ts';
import { declarationOf, storeTargets } from './targets.ts';
import type { DeliveryTarget, GivenTarget } from './targets.ts';

/** The secret of a target, which is shown once. */
export type NewSecret = { url: string; secret: string };

/**
 * The targets that a caller sends, as they are stored: masked addresses are put back, and secrets stay where the address does.
 * @param location where the list stands in the request, such as `body.targets`.
 * @throws KildeError `invalid_input` where a masked address matches no stored one.
 */
export function readGivenTargets({
  given,
  known,
  location,
}: {
  given: readonly GivenTarget[];
  known: readonly DeliveryTarget[];
  location: string;
}): DeliveryTarget[] {
  const { targets, problems } = restoreMasked(given, known);
  if (problems.length === 0) return storeTargets(targets, known);
  throw invalidInput(problems.map(({ position, message }) => ({ location: `${location}[${position}].url`, message })));
}

/** The addresses that nothing may be sent to, as errors of the request. */
export function addressErrors({
  targets,
  location,
  allowPrivate,
}: {
  targets: readonly DeliveryTarget[];
  location: string;
  allowPrivate: boolean;
}): InputError[] {
  return targets.flatMap((target, position) => {
    const address = declarationOf(target).addressOf(target);
    const message = address === null ? null : addressProblem(address, { allowPrivate });
    return message === null ? [] : [{ location: `${location}[${position}].url`, message }];
  });
}

export const addressesOf = (targets: readonly DeliveryTarget[]): string[] =>
  targets.flatMap((target) => declarationOf(target).addressOf(target) ?? []);

/** The secrets that are new. */
export function newSecretsOf({
  targets,
  known,
  viewer,
}: {
  targets: readonly DeliveryTarget[];
  known: readonly DeliveryTarget[];
  viewer: Viewer;
}): NewSecret[] {
  return targets.flatMap((target) => {
    const { addressOf, secretOf } = declarationOf(target);
    const [url, secret] = [addressOf(target), secretOf(target)];
    if (url === null || secret === null || known.includes(target)) return [];
    return [{ url: shownAddress(url, viewer), secret }];
  });
}
