import { createClient } from '@kilde/client';
import type { KildeClient } from '@kilde/client';
import { prefix } from './place.ts';
import { readKey } from './session.ts';

export { isProblem, KildeProblem } from '@kilde/client';
export type { Schemas } from '@kilde/client';

let made: { key: string | undefined; client: KildeClient } | undefined;

/** The one way to the API: the browser's cookie, or the key of this tab. */
export function kilde(): KildeClient {
  const key = readKey();
  if (made === undefined || made.key !== key) {
    const baseUrl = location.origin + prefix;
    made = { key, client: createClient({ baseUrl, ...(key === undefined ? {} : { key }) }) };
  }
  return made.client;
}
