import { notFound } from '../domain/errors.ts';

/** A record's number from its id in the API. @throws KildeError `not_found` where it can be none. */
export function parseId(id: string | undefined, what: string): number {
  if (!id || !/^[1-9]\d{0,14}$/.test(id)) throw notFound(what);
  return Number(id);
}
